//! OSCAL assessment results. Identifiers come from what they name, so the same report gives the same bytes.
//!
//! OSCAL knows only `satisfied` and `not-satisfied`. Each judged promise has a finding; `unknown` and `pending` are not satisfied
//! and say so in a property. A promise that was not judged is an observation without a finding: it satisfies nothing.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::model::audit::PromiseWords;
use crate::model::digest::hex;
use crate::model::{AuditReport, EnvironmentAudit, Examined, Fact, Language, Verdict, VerdictState};
use crate::render::json::pretty;

const VERSION: &str = "1.1.2";
/// The namespace of tokaido's properties.
const NAMESPACE: &str = "https://tokaido.invalid/ns/oscal";

/// `None` when no environment was audited: OSCAL has no result without one.
#[must_use]
pub fn oscal(report: &AuditReport, language: Language) -> Option<String> {
    let last = report.environments.iter().map(|audit| audit.observed_at.as_str()).max()?;
    let seeds: Vec<&str> = report
        .environments
        .iter()
        .flat_map(|audit| [audit.environment.as_str(), &audit.observed_at, &audit.configuration, &audit.promises])
        .collect();
    let plan = identifier(&["promises", &seeds.join(" ")]);
    let results: Vec<Value> = report.environments.iter().map(|audit| result(report, audit, language)).collect();
    let document = json!({
        "assessment-results": {
            "uuid": identifier(&["assessment-results", &seeds.join(" ")]),
            "metadata": {
                "title": say(language, "tokaido audit of the white paper's promises", "ホワイトペーパーの約束に対する tokaido の監査結果"),
                "last-modified": last,
                "version": report.tool_version,
                "oscal-version": VERSION,
            },
            "import-ap": { "href": format!("#{plan}") },
            "results": results,
            "back-matter": {
                "resources": [{
                    "uuid": plan,
                    "title": "policies/promises.yaml",
                    "description": say(
                        language,
                        "The promises and their parameters, which this assessment follows.",
                        "この評価が従う約束とそのパラメータです。",
                    ),
                }],
            },
        }
    });
    Some(pretty(&document))
}

fn say(language: Language, en: &'static str, ja: &'static str) -> &'static str {
    super::say(language, en, ja)
}

/// A UUID of the form of version 5, from names.
fn identifier(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let digits = hex(&hasher.finalize());
    let variant = ["8", "9", "a", "b"][usize::from(digits.as_bytes()[16]) % 4];
    format!("{}-{}-5{}-{variant}{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..32])
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NAMESPACE, "value": one_line(value) })
}

/// OSCAL's strings have no blank at either end and no line break.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "-".to_owned() } else { words.join(" ") }
}

fn result(report: &AuditReport, audit: &EnvironmentAudit, language: Language) -> Value {
    let seed = [audit.environment.as_str(), audit.observed_at.as_str()];
    let of = |what: &str, name: &str| identifier(&[what, seed[0], seed[1], name]);
    let words = |verdict: &Verdict| report.words(audit, &verdict.promise);
    let judged: Vec<(&Verdict, &PromiseWords)> =
        audit.verdicts.iter().filter_map(|verdict| Some((verdict, words(verdict)?))).collect();
    let observations: Vec<Value> =
        judged.iter().map(|(verdict, words)| observation(audit, verdict, words, language, &of)).collect();
    let findings: Vec<Value> = judged.iter().filter_map(|(verdict, words)| finding(verdict, words, language, &of)).collect();
    let mut controls: Vec<String> =
        judged.iter().flat_map(|(_, words)| words.iso27017_2015.iter().map(|id| control(id))).collect();
    controls.sort();
    controls.dedup();
    let controls: Vec<Value> = controls.into_iter().map(|id| json!({ "control-id": id })).collect();
    let mut members: Vec<&Examined> = audit.verdicts.iter().flat_map(|verdict| &verdict.population).collect();
    members.sort_by(|a, b| a.subject.cmp(&b.subject));
    members.dedup_by(|a, b| a.subject == b.subject);
    let items: Vec<Value> = members
        .into_iter()
        .map(|member| {
            json!({
                "uuid": of("item", &member.subject),
                "description": member.subject,
                "props": [property("kind", &member.kind)],
            })
        })
        .collect();
    let mut result = json!({
        "uuid": of("result", ""),
        "title": format!("{} ({})", audit.environment, audit.account),
        "description": format!("{} {} {}", audit.caller, audit.world, audit.observed_at),
        "start": audit.reads.iter().map(|read| read.at.as_str()).min().unwrap_or(&audit.observed_at),
        "end": audit.observed_at,
        "props": [property("configuration", &audit.configuration), property("promises", &audit.promises)],
        "reviewed-controls": { "control-selections": [{ "include-controls": controls }] },
        "observations": observations,
    });
    // OSCAL has no empty lists.
    if !findings.is_empty() {
        result["findings"] = findings.into();
    }
    if !items.is_empty() {
        result["local-definitions"] = json!({ "inventory-items": items });
    }
    result
}

/// Controls of ISO begin with a digit, and OSCAL's names do not.
fn control(id: &str) -> String {
    format!("iso27017-{id}")
}

fn observation(
    audit: &EnvironmentAudit,
    verdict: &Verdict,
    words: &PromiseWords,
    language: Language,
    of: &impl Fn(&str, &str) -> String,
) -> Value {
    let looked = !matches!(verdict.state, VerdictState::NoCheckYet | VerdictState::OutsideInfrastructure);
    let mut props = vec![property("verdict", verdict.state.as_str()), property("clause", &verdict.clause)];
    props.push(property("kind", verdict.kind.as_str()));
    props.extend(verdict.level.map(|level| property("level", level.as_str())));
    props.extend(verdict.divergence.iter().map(|declared| property("divergence", &declared.value)));
    props.extend(verdict.unknown.map(|cause| property("unknown", cause.as_str())));
    let said = [
        Some(words.sentence.say(language)),
        verdict.looks.as_ref().map(|looks| looks.say(language)),
        Some(verdict.not_judged.say(language)),
    ];
    let description = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut made = json!({
        "uuid": of("observation", &verdict.promise),
        "title": words.title.say(language),
        "description": description,
        "props": props,
        "methods": [if looked { "TEST" } else { "UNKNOWN" }],
        "collected": audit.observed_at,
    });
    let subjects: Vec<Value> = verdict
        .population
        .iter()
        .map(|member| {
            let mut props = vec![property("verdict", member.state.as_str())];
            props.extend(member.unknown.map(|cause| property("unknown", cause.as_str())));
            props.extend(member.beside.then(|| property("beside", "true")));
            props.extend(member.reason.iter().map(|reason| property("reason", reason.say(language))));
            json!({
                "subject-uuid": of("item", &member.subject),
                "type": "inventory-item",
                "title": member.subject,
                "props": props,
            })
        })
        .collect();
    let evidence: Vec<Value> =
        verdict.population.iter().flat_map(|member| member.facts.iter().map(|fact| evidence(member, fact))).collect();
    if !subjects.is_empty() {
        made["subjects"] = subjects.into();
    }
    if !evidence.is_empty() {
        made["relevant-evidence"] = evidence.into();
    }
    made
}

fn evidence(member: &Examined, fact: &Fact) -> Value {
    let mut props = vec![property("source", &fact.source)];
    props.extend(fact.at.iter().map(|at| property("at", at)));
    json!({ "description": format!("{}: {} = {}", member.subject, fact.name, fact.value), "props": props })
}

fn finding(verdict: &Verdict, words: &PromiseWords, language: Language, of: &impl Fn(&str, &str) -> String) -> Option<Value> {
    let (state, reason) = match verdict.state {
        VerdictState::Kept => ("satisfied", "pass"),
        VerdictState::Broken => ("not-satisfied", "fail"),
        VerdictState::Unknown | VerdictState::Pending => ("not-satisfied", "other"),
        VerdictState::NotApplicable | VerdictState::NoCheckYet | VerdictState::OutsideInfrastructure => return None,
    };
    let mut props = vec![property("verdict", verdict.state.as_str())];
    props.extend(words.iso27017_2015.iter().map(|id| property("iso27017-2015", id)));
    props.extend(words.iso27002_2022.iter().map(|id| property("iso27002-2022", id)));
    Some(json!({
        "uuid": of("finding", &verdict.promise),
        "title": words.title.say(language),
        "description": words.sentence.say(language),
        "props": props,
        "target": {
            "type": "objective-id",
            "target-id": verdict.promise,
            "status": { "state": state, "reason": reason, "remarks": verdict.not_judged.say(language) },
        },
        "related-observations": [{ "observation-uuid": of("observation", &verdict.promise) }],
    }))
}
