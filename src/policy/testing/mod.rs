//! The core of `tokaido policy test`: every case of every policy, the lines that no case passes, and the conditions that
//! no case needs. A policy that was never seen to break is a sentence, not a gate. Imports `model`.

mod cases;
mod mutants;
mod skeleton;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

pub use self::cases::{Case, Expected, Outcome, SCHEMA, Suite, read};
pub(super) use self::skeleton::skeleton;
use super::engine::{self, Answer};
use super::input::population;
use super::judge::{answered, verdict};
use super::{Policies, Policy, PolicyError, compile};
use crate::model::{Effect, Finding, PolicyVerdict, Source};

/// Version of the JSON document. Raised when a field changes its meaning or disappears.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub passed: bool,
    pub policies: Vec<Tested>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    pub policy: String,
    pub file: String,
    pub passed: bool,
    pub cases: Vec<CaseReport>,
    /// Lines that can be passed, and those that no case passes.
    pub lines: usize,
    pub uncovered: Vec<u32>,
    /// Conditions without which every case ends the same.
    pub unneeded: Vec<Condition>,
    /// Conditions that could not be taken out: a mistake of this program, and nothing is known of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub internal: Vec<String>,
    /// In words: a case that breaks, a case that keeps.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    pub name: String,
    pub source: Source,
    pub passed: bool,
    /// Why not; one line each.
    pub problems: Vec<String>,
    /// What the policy was asked about, for another engine.
    pub input: Json,
    /// Both sets as the policy gave them; absent where it was not asked or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Sets>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sets {
    pub checked: Vec<Json>,
    pub broken: Vec<Json>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Condition {
    pub source: Source,
    pub text: String,
}

/// Cases whose policy does not exist.
#[must_use]
pub fn strays(policies: &Policies, suites: &[Suite]) -> Vec<Finding> {
    let stray = |suite: &&Suite| policies.get(&suite.policy).is_none();
    let finding = |suite: &Suite| {
        let known = policies.iter().map(|policy| policy.code.as_str());
        Finding::error("policy-test", Some(&suite.source), format!("there is no policy `{}`", suite.policy))
            .expected(compile::nearest(&suite.policy, known))
    };
    suites.iter().filter(stray).map(finding).collect()
}

/// Every policy with its cases; those without any have not passed.
#[must_use]
pub fn run(policies: &Policies, suites: &[Suite]) -> Report {
    let tested: Vec<Tested> = policies
        .iter()
        .map(|policy| {
            let cases: Vec<&Case> =
                suites.iter().filter(|suite| suite.policy == policy.code).flat_map(|suite| &suite.cases).collect();
            // Where no thread can be started every case fails by itself, and says so.
            engine::on_a_wide_stack(|| test(policy, &cases)).unwrap_or_else(|_| test(policy, &cases))
        })
        .collect();
    Report { schema_version: VERSION, passed: tested.iter().all(|tested| tested.passed), policies: tested }
}

/// What came of one case.
type Got = Result<PolicyVerdict, PolicyError>;

fn test(policy: &Policy, cases: &[&Case]) -> Tested {
    let (mut covered, mut uncovered) = (BTreeSet::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    let (mut reports, mut before) = (Vec::new(), Vec::new());
    for case in cases {
        let got = ask(policy, &policy.text, case, true);
        let problems = problems(policy, case, got.as_ref().map(|(verdict, _)| verdict));
        let mut sets = None;
        if let Ok((verdict, answer)) = &got {
            covered.extend(answer.covered.iter().copied());
            uncovered.extend(answer.uncovered.iter().copied());
            seen.extend(outcomes(policy, case, verdict).into_values());
            let given = || Sets { checked: answer.checked.clone(), broken: answer.broken.clone() };
            sets = verdict.unread.is_empty().then(given);
        }
        before.push(got.map(|(verdict, _)| verdict));
        reports.push(CaseReport {
            name: case.name.clone(),
            source: case.source.clone(),
            passed: problems.is_empty(),
            problems,
            input: case.input.clone(),
            answer: sets,
        });
    }
    let lines = covered.union(&uncovered).count();
    let uncovered: Vec<u32> = uncovered.difference(&covered).copied().collect();
    let wanted = [
        (Outcome::Broken, format!("a case that breaks {}: it has never been seen to refuse anything", policy.code)),
        (Outcome::Kept, format!("a case that keeps {}: it may refuse everything", policy.code)),
    ];
    let missing: Vec<String> = wanted.into_iter().filter(|(outcome, _)| !seen.contains(outcome)).map(|(_, text)| text).collect();
    let good = missing.is_empty() && uncovered.is_empty() && reports.iter().all(|report| report.passed);
    // Only of what is otherwise tested: before that, every condition is one that no case needs.
    let (unneeded, internal) = if good { mutants::unneeded(policy, cases, &before) } else { (Vec::new(), Vec::new()) };
    let passed = good && unneeded.is_empty() && internal.is_empty();
    let file = policy.source.file.to_string();
    Tested { policy: policy.code.clone(), file, passed, cases: reports, lines, uncovered, unneeded, internal, missing }
}

fn ask(policy: &Policy, text: &str, case: &Case, coverage: bool) -> Result<(PolicyVerdict, Answer), PolicyError> {
    let effect = policy.effects.get(&case.environment).copied().unwrap_or(Effect::Deny);
    if case.expected == Expected::Unread {
        return verdict(policy, effect, &case.input).map(|verdict| (verdict, Answer::default()));
    }
    // A case is about what the policy says when it is asked.
    let answer = engine::ask(&policy.source.file, text, &case.input, coverage).map_err(|complaint| PolicyError {
        source: complaint.source,
        code: policy.code.clone(),
        reason: complaint.reason,
    })?;
    let mut verdict = verdict_of(policy, effect, case);
    answered(policy, &population(&policy.about, &case.input), &answer, &mut verdict)?;
    Ok((verdict, answer))
}

fn verdict_of(policy: &Policy, effect: Effect, case: &Case) -> PolicyVerdict {
    PolicyVerdict {
        policy: policy.code.clone(),
        title: policy.title.clone(),
        effect,
        source: policy.source.clone(),
        checked: 0,
        broken: Vec::new(),
        unjudged: Vec::new(),
        unread: super::judge::unread(policy, &case.input),
    }
}

fn outcomes(policy: &Policy, case: &Case, verdict: &PolicyVerdict) -> BTreeMap<String, Outcome> {
    let broken: BTreeSet<&str> = verdict.broken.iter().map(|broken| broken.id.as_str()).collect();
    let each = |id: String| {
        let outcome = if broken.contains(id.as_str()) {
            Outcome::Broken
        } else if verdict.unjudged.contains(&id) {
            Outcome::Unjudged
        } else {
            Outcome::Kept
        };
        (id, outcome)
    };
    if verdict.unread.is_empty() {
        population(&policy.about, &case.input).into_iter().map(each).collect()
    } else {
        BTreeMap::new()
    }
}

fn problems(policy: &Policy, case: &Case, got: Result<&PolicyVerdict, &PolicyError>) -> Vec<String> {
    let verdict = match got {
        Ok(verdict) => verdict,
        Err(error) => return vec![format!("{}: {}", error.source, error.reason)],
    };
    if !policy.effects.contains_key(&case.environment) {
        return vec![format!("the policy is off in {}, so it is not asked there", case.environment)];
    }
    let Expected::Each(expected) = &case.expected else {
        let asked = "expected that it is not asked; it is, because `unknown` names no read that it needs";
        return if verdict.unread.is_empty() { vec![asked.to_owned()] } else { Vec::new() };
    };
    if !verdict.unread.is_empty() {
        return vec![format!("it is not asked, because a read that it needs failed: {}", verdict.unread.join("; "))];
    }
    let got = outcomes(policy, case, verdict);
    let mut problems = Vec::new();
    for (id, outcome) in &got {
        let said = verdict.broken.iter().find(|broken| broken.id == *id).map(|broken| format!(": {}", broken.said.en));
        let said = said.unwrap_or_default();
        match expected.get(id) {
            Some(expected) if expected == outcome => {}
            Some(expected) => problems.push(format!("{id} should be {} and is {}{said}", expected.as_str(), outcome.as_str())),
            None => problems.push(format!("{id} is {}{said}; `expect` says nothing of it", outcome.as_str())),
        }
    }
    let absent = expected.keys().filter(|id| !got.contains_key(*id));
    problems.extend(absent.map(|id| format!("{id} is not among what the policy is about")));
    problems
}
