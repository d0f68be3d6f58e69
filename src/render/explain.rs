//! `explain`: finds a word of a plan, a file or a finding, or a term of the glossary, and lays out its explanation. The texts
//! stand beside the data that they explain.

use std::fmt::Write as _;

use crate::desired::{codes, keys};
use crate::kinds::{self, Kind};
use crate::model::schema::{AttributeSchema, Comparison};
use crate::model::{BlockedCode, Effect, Environment, Explained, KindSchema, Language, Mutability, Remedy, Risk};
use crate::plan::{blocked, risk};
use crate::policy::{About, Policies, Policy};
use crate::promises::{Promise, Promises, slug};

use super::changes::place;
use super::glossary::{self, Term};
use super::rows::{Block, Document, Line, Role, Row, Section, title};
use super::text::{self, Style};

/// What a word stands for.
#[derive(Clone)]
pub enum Topic {
    Risk(Risk),
    Blocked(BlockedCode),
    Finding(&'static str),
    Promise(Promise),
    Policy(Box<Policy>),
    Kind(&'static Kind),
    Attribute(&'static KindSchema, &'static AttributeSchema),
    Key(String, keys::Key),
    Term(&'static Term),
}

/// Everything that a word names: a clause may hold several promises. Codes are found in any case. Terms come last, so that a
/// word which is a code or a key as well shows that first.
#[must_use]
pub fn find(word: &str, promises: &Promises, policies: &Policies) -> Vec<Topic> {
    let mut found = Vec::new();
    found.extend(Risk::ALL.into_iter().filter(|risk| risk.code().eq_ignore_ascii_case(word)).map(Topic::Risk));
    found.extend(BlockedCode::ALL.into_iter().filter(|code| code.as_str() == word).map(Topic::Blocked));
    found.extend(codes::all().filter(|(code, _)| *code == word).map(|(code, _)| Topic::Finding(code)));
    let named = |promise: &&Promise| promise.id == word || promise.clause == word;
    found.extend(promises.iter().filter(named).cloned().map(Topic::Promise));
    found.extend(policies.iter().filter(|policy| policy.code == word).map(|policy| Topic::Policy(Box::new(policy.clone()))));
    found.extend(kinds::find(word).map(Topic::Kind));
    for kind in kinds::ALL {
        let name = word.strip_prefix(kind.schema.kind).and_then(|rest| rest.strip_prefix('.'));
        found.extend(name.and_then(|name| kind.schema.attribute(name)).map(|attribute| Topic::Attribute(kind.schema, attribute)));
    }
    found.extend(keys::all().remove_entry(word).map(|(path, key)| Topic::Key(path, key)));
    found.extend(glossary::find(word).map(Topic::Term));
    found
}

/// The names that `word` may mean, nearest first, at most five: those that contain it, and those that differ in a few letters.
#[must_use]
pub fn nearest(word: &str, promises: &Promises, policies: &Policies) -> Vec<String> {
    let mut known: Vec<String> = Risk::ALL.map(|risk| risk.code().to_owned()).into();
    known.extend(BlockedCode::ALL.map(|code| code.as_str().to_owned()));
    known.extend(codes::all().map(|(code, _)| (*code).to_owned()));
    known.extend(promises.iter().map(|promise| promise.id.clone()));
    known.extend(policies.iter().map(|policy| policy.code.clone()));
    for kind in kinds::ALL {
        known.push(kind.schema.kind.to_owned());
        known.extend(kind.schema.attributes.iter().map(|attribute| format!("{}.{}", kind.schema.kind, attribute.name)));
    }
    known.extend(keys::all().into_keys());
    known.extend(glossary::all().flat_map(|term| [term.name.en, term.name.ja]).map(str::to_owned));
    let plain = |text: &str| text.trim().to_ascii_lowercase().replace(['-', '_', ' '], "");
    let wanted = plain(word);
    let letters = wanted.chars().count();
    // One letter in four may be wrong; two letters alone are no word that could be misspelt.
    let wrong = if letters < 3 { 0 } else { letters.div_ceil(4) };
    // A part that matches counts more than letters that happen to agree: `retention` means `backup_retention_days`.
    let rank = |name: &String| {
        let whole = plain(name);
        let last = whole.rsplit('.').next().unwrap_or_default();
        let inside = wanted.len() > 2 && whole.contains(&wanted);
        let apart = distance(&wanted, &whole);
        (inside || apart.min(distance(&wanted, last)) <= wrong).then_some((!inside, apart))
    };
    let mut near: Vec<((bool, usize), String)> = known.into_iter().filter_map(|name| Some((rank(&name)?, name))).collect();
    near.sort();
    near.dedup();
    near.truncate(5);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How many letters differ (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let best = (before + usize::from(left != *right)).min(row[j] + 1).min(row[j + 1] + 1);
            before = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[must_use]
pub fn text(topics: &[Topic], language: Language, style: &Style) -> String {
    text::document(&document(topics, language), style)
}

#[must_use]
pub fn document(topics: &[Topic], language: Language) -> Document {
    let mut page = Document::default();
    for topic in topics {
        let (name, title, meaning) = words(topic, language);
        let heading = Line::new().value(Role::Heading, name).dot().prose(Role::Heading, title);
        let mut blocks = vec![Block::Line(Line::new().prose(Role::Plain, meaning))];
        let facts = facts(topic, language);
        if !facts.is_empty() {
            blocks.push(Block::Facts(facts));
        }
        if let Topic::Kind(kind) = topic {
            blocks.extend(not_compared(kind, language));
        }
        page.section(heading, blocks);
    }
    page
}

/// The settings that a reader could take for compared; `None` where the kind has none.
fn not_compared(kind: &Kind, language: Language) -> Option<Block> {
    let settings = kind.not_compared();
    let (name, meaning) = if kind.schema.observed { (NOT_READ, NOT_TOLD) } else { (UNREAD, NOT_COMPARED) };
    let title = title(Role::Heading, name.say(language), settings.len(), meaning.say(language));
    let list = Line::listed(Role::Plain, settings.into_iter().map(str::to_owned));
    (!list.is_empty()).then(|| Block::Section(Section { title, blocks: vec![Block::Line(list)], ..Section::default() }))
}

const UNREAD: Explained = Explained::new("Not compared", "比較しない設定");

const NOT_COMPARED: Explained = Explained::new(
    "AWS has these settings, and no drift compares them. What a promise reads besides is a row of the kind that is read only",
    "AWS にはありますが、drift では比較しません。約束の判定のために読み取るものは、比較しない属性として別に示します",
);

const NOT_READ: Explained = Explained::new("Not read", "読み取らない項目");

const NOT_TOLD: Explained =
    Explained::new("AWS tells this of each, and tokaido does not read it", "AWS は示しますが、tokaido は読み取りません");

/// Name, title and meaning. None of them is empty in either language; a test checks every word.
#[must_use]
pub fn words(topic: &Topic, language: Language) -> (String, String, String) {
    let own = |en: &str, ja: &str| if language == Language::Ja { ja.to_owned() } else { en.to_owned() };
    match topic {
        Topic::Risk(risk) => {
            let (title, meaning) = risk::explained(*risk);
            (risk.code().to_owned(), title.say(language).to_owned(), meaning.say(language).to_owned())
        }
        Topic::Blocked(code) => {
            let title = own("why a plan refuses a wish", "計画が拒否する理由");
            (code.as_str().to_owned(), title, blocked::explained(*code).say(language).to_owned())
        }
        Topic::Finding(code) => {
            let meaning = codes::find(code).map_or("", |explained| explained.say(language));
            ((*code).to_owned(), own("a mistake in the files", "ファイルの誤り"), meaning.to_owned())
        }
        Topic::Promise(promise) => {
            let title = own(&promise.title.en, &promise.title.ja);
            (promise.id.clone(), title, own(&promise.sentence.en, &promise.sentence.ja))
        }
        Topic::Policy(policy) => {
            let title = policy.title.say(language).to_owned();
            let own = own("a rule of this organisation, asked about every plan", "この組織の規則です。計画のたびに判定します。");
            (policy.code.clone(), title, policy.description.clone().unwrap_or(own))
        }
        Topic::Kind(kind) => {
            let schema = kind.schema;
            let kept = own(
                "A kind of AWS resource. It holds data, keys or evidence, so no plan deletes or replaces one.",
                "AWS リソースの種類です。データ、鍵、証跡のいずれかを保持するため、計画によって削除されたり置き換えられたりすることは\
                ありません。",
            );
            let retired = own(
                "A kind of AWS resource. A plan deletes one only with a line under `retire:`.",
                "AWS リソースの種類です。計画によって削除されるのは、`retire:` に書かれたものだけです。",
            );
            let observed = own(
                "An observed kind: no file declares such a resource. tokaido reads and judges it, and never makes, changes or deletes one.",
                "ファイルで宣言しない、読み取り専用の種類です。tokaido は読み取って判定に使うだけで、作成、変更、削除は行いません。",
            );
            let gone = schema.once_gone.map(|why| why.say(language));
            let gone = gone.map(|why| own(&format!(" Once deleted: {why}."), &format!("削除した場合、{why}。")));
            let first = match (schema.observed, schema.stateful) {
                (true, _) => observed,
                (false, true) => kept,
                (false, false) => retired,
            };
            let remedy = schema.remedy.map(|Remedy { state, attribute, .. }| {
                own(
                    &format!(" While AWS reports `{state}`, it takes only a change of `{attribute}`, and applies it at once."),
                    &format!("AWS の状態が `{state}` の間は `{attribute}` の変更だけが受け付けられ、直ちに反映されます。"),
                )
            });
            let meaning = format!("{first}{}{}", gone.unwrap_or_default(), remedy.unwrap_or_default());
            (schema.kind.to_owned(), schema.titled().say(language).to_owned(), meaning)
        }
        Topic::Attribute(schema, attribute) => {
            let title = format!("{} · {}", schema.titled().say(language), attribute.doc);
            (format!("{}.{}", schema.kind, attribute.name), title, attribute.about.say(language).to_owned())
        }
        Topic::Key(path, key) => (path.clone(), own("environments/*.yaml", "環境ファイル"), own(&key.en, key.ja)),
        // The title is the name in the other language, so that readers of either find each other.
        Topic::Term(term) => {
            let (name, meaning) = (term.name, term.meaning);
            (own(name.en, name.ja), own(name.ja, name.en), own(meaning.en, meaning.ja))
        }
    }
}

fn facts(topic: &Topic, language: Language) -> Vec<Row> {
    let ja = language == Language::Ja;
    let row = |en: &str, japanese: &str, body: Line| Row { label: if ja { japanese } else { en }.to_owned(), body };
    let said = |text: &str| Line::new().prose(Role::Plain, text);
    match topic {
        Topic::Risk(_) | Topic::Blocked(_) | Topic::Finding(_) => Vec::new(),
        Topic::Key(_, key) => key.form.iter().filter(|_| !ja).map(|form| row("form", "形", said(form))).collect(),
        Topic::Term(term) => {
            let names = term.related.iter().filter_map(|name| glossary::named(name));
            let names = names.map(|term| term.name.say(language).to_owned());
            vec![row("related", "関連", Line::listed(Role::Plain, names))]
        }
        Topic::Policy(policy) => {
            let about = match &policy.about {
                About::Kinds(kinds) => Line::listed(Role::Plain, kinds.iter().cloned()),
                About::Changes => said(if ja { "計画の変更すべて" } else { "every change of the plan" }),
            };
            let effects = Environment::ALL.map(|environment| {
                let effect = match (policy.effects.get(&environment), ja) {
                    (Some(Effect::Deny), false) => "deny: refuses the plan",
                    (Some(Effect::Deny), true) => "deny: 適用を拒否",
                    (Some(Effect::Warn), false) => "warn: only says so",
                    (Some(Effect::Warn), true) => "warn: 警告のみ",
                    (None, false) => "off",
                    (None, true) => "off: 判定しない",
                };
                row(environment.as_str(), environment.as_str(), said(effect))
            });
            let mut rows = vec![
                row("judges", "対象", about),
                row("written in", "記述", Line::new().value(Role::Muted, place(&policy.source))),
            ];
            rows.extend(effects);
            rows
        }
        Topic::Promise(promise) => {
            let mut rows = vec![row("clause", "条項", said(&promise.clause))];
            let list = |names: &[String]| Line::listed(Role::Plain, names.iter().cloned());
            rows.push(row("ISO/IEC 27017:2015", "ISO/IEC 27017:2015", list(&promise.controls.iso27017_2015)));
            rows.push(row("ISO/IEC 27002:2022", "ISO/IEC 27002:2022", list(&promise.controls.iso27002_2022)));
            rows.extend(promise.parameters.iter().map(|(name, value)| row(name, name, said(value))));
            rows
        }
        Topic::Kind(kind) => {
            let names = kind.schema.attributes.iter().map(|attribute| attribute.name.to_string());
            vec![
                row("attributes", "属性", Line::listed(Role::Plain, names)),
                row("source", "出典", Line::new().whole(Role::Muted, kind.schema.reference())),
            ]
        }
        Topic::Attribute(schema, attribute) if schema.observed => vec![
            row("change", "変更", said(NEVER_OURS.say(language))),
            row("source", "出典", Line::new().whole(Role::Muted, attribute.source)),
        ],
        Topic::Attribute(_, attribute) => {
            let mut rows = vec![row("change", "変更", said(&rule(attribute.mutability, language)))];
            if attribute.comparison == Comparison::ReadOnly {
                let never = if ja {
                    "約束の判定のために読み取るだけで、宣言も比較もしない"
                } else {
                    "read for the promises, never declared or compared"
                };
                rows = vec![row("change", "変更", said(never))];
            }
            if attribute.comparison == Comparison::WriteOnly {
                rows = vec![row(
                    "change",
                    "変更",
                    said(if ja { "作成時にだけ送り、比較しない" } else { "sent on create, never compared" }),
                )];
            }
            for case in attribute.cases {
                rows.push(row("", "", said(&format!("{}: {}", case.words, rule(case.mutability, language)))));
            }
            if let Some(promise) = attribute.promise {
                rows.push(row("promise", "約束", Line::new().value(Role::Id, promise)));
            }
            let codes = possible(attribute);
            if !codes.is_empty() {
                let codes = codes.into_iter().map(|risk| risk.code().to_owned());
                rows.push(row("codes", "記号", Line::listed(Role::Warn, codes)));
            }
            rows.push(row("source", "出典", Line::new().whole(Role::Muted, attribute.source)));
            rows
        }
    }
}

const NEVER_OURS: Explained =
    Explained::new("never by tokaido: no file declares it", "ファイルで宣言しないため、tokaido は変更しない");

/// The codes that a difference of this attribute's own rule can carry.
fn possible(attribute: &AttributeSchema) -> std::collections::BTreeSet<Risk> {
    let rules = attribute.cases.iter().map(|case| (case.mutability, case.impact));
    let mut found: std::collections::BTreeSet<Risk> = attribute.hazards.iter().map(|hazard| hazard.risk).collect();
    for (mutability, impact) in rules.chain([(attribute.mutability, attribute.impact)]) {
        found.extend(risk::of_rule(mutability, impact));
    }
    found.extend(attribute.one_way.map(|_| Risk::Irreversible));
    let changes = !matches!(attribute.mutability, Mutability::Forbidden(_));
    found.extend((changes && attribute.promise == Some(slug::TENANT_ISOLATION)).then_some(Risk::Tenants));
    found
}

/// Mutability and time in words.
#[must_use]
pub fn rule(mutability: Mutability, language: Language) -> String {
    match (mutability, language) {
        (Mutability::Forbidden(procedure), Language::En) => format!("never on the live resource; {}", procedure.en),
        (Mutability::Forbidden(procedure), Language::Ja) => format!("稼働中のリソースでは変更できない。{}", procedure.ja),
        (other, _) => other.when().say(language).to_owned(),
    }
}

/// Every attribute with its rule, as the committed table `docs/attributes.md`.
#[must_use]
pub fn attributes() -> String {
    let mut text = String::from(ATTRIBUTES);
    for kind in kinds::ALL {
        let schema = kind.schema;
        let _ = writeln!(text, "\n## {}: {}\n", schema.kind, schema.title);
        if schema.observed {
            observed(&mut text, kind);
            continue;
        }
        let stateful = if schema.stateful {
            "Stateful: never deleted or replaced by a plan."
        } else {
            "Deleted only with a line under `retire:`."
        };
        let gone = schema.once_gone.map(|why| format!(" Once deleted: {}.", why.en)).unwrap_or_default();
        let remedy = schema.remedy.map(|Remedy { state, attribute, .. }| {
            format!(" While AWS reports `{state}`, it takes only a change of `{attribute}`, and applies it at once.")
        });
        let _ = writeln!(text, "{stateful}{gone}{}\n", remedy.unwrap_or_default());
        text.push_str("| attribute | AWS | how | impact | when | codes | one-way |\n|---|---|---|---|---|---|---|\n");
        for attribute in schema.attributes {
            let name = format!("[`{}`]({})", attribute.name, attribute.source);
            let hazards: Vec<_> =
                attribute.hazards.iter().map(|hazard| format!("{} {}", hazard.risk.code(), hazard.on.words())).collect();
            let one_way = attribute.one_way.map(|(on, why)| format!("{}: {}", on.words(), why.en)).unwrap_or_default();
            let (how, when) = match attribute.comparison {
                Comparison::WriteOnly => ("create only", "on create"),
                Comparison::ReadOnly => ("read only", "never"),
                _ => (attribute.mutability.as_str(), attribute.mutability.when().en),
            };
            let impact = if matches!(attribute.mutability, Mutability::Forbidden(_)) || !attribute.comparison.compares() {
                "–"
            } else {
                attribute.impact.as_str()
            };
            let _ =
                writeln!(text, "| {name} | {} | {how} | {impact} | {when} | {} | {one_way} |", attribute.doc, hazards.join("; "));
            for case in attribute.cases {
                let (how, when) = (case.mutability.as_str(), case.mutability.when().en);
                let _ = writeln!(text, "| … {} | | {how} | {} | {when} | | |", case.words, case.impact.as_str());
            }
        }
        let unread: Vec<_> = kind.not_compared().iter().map(|setting| format!("`{setting}`")).collect();
        if !unread.is_empty() {
            let _ = writeln!(text, "\n{} / {}: {}.", UNREAD.en, UNREAD.ja, unread.join(", "));
        }
    }
    text
}

/// The section of an observed kind. Nothing is said of changes, because tokaido makes none.
fn observed(text: &mut String, kind: &Kind) {
    text.push_str(
        "Observed kind: no file declares one; it is read and judged. / 読み取り専用の種類: ファイルで宣言せず、読み取って判定に使います。\n\n",
    );
    text.push_str("| attribute | AWS | what it is | 説明 |\n|---|---|---|---|\n");
    for attribute in kind.schema.attributes {
        let AttributeSchema { name, source, doc, about, .. } = attribute;
        let _ = writeln!(text, "| [`{name}`]({source}) | {doc} | {} | {} |", about.en, about.ja);
    }
    let unread: Vec<_> = kind.not_compared().iter().map(|setting| format!("`{setting}`")).collect();
    if !unread.is_empty() {
        let _ = writeln!(text, "\n{} / {}: {}.", NOT_READ.en, NOT_READ.ja, unread.join(", "));
    }
}

const ATTRIBUTES: &str = "# Attributes: what AWS does when one changes

Generated from the schemas in `src/kinds` by `make bless`; a test compares. The link of an attribute is the AWS page of its
rule. `codes` are the risk codes beside those that follow from impact and time (`tokaido explain CODE`).

`Not compared` lists what AWS has for a kind beside these attributes: tokaido does not read it, so neither a plan nor `drift`
says anything about a change of it. An operation in the list, such as `PutBucketWebsite`, stands for all that it sets. The lists
come from AWS's own service models, as botocore carries them (`tests/models/settings.py`).

`比較しない設定` は、その種類について AWS にあるものの、上の表の属性に含まれない設定です。tokaido はこれらを読み取らないため、
変更されても計画や `drift` には現れません。`PutBucketWebsite` のような操作名は、その操作で設定できる項目すべてを表します。一覧は
botocore に含まれる AWS のサービスモデルから作成しています（`tests/models/settings.py`）。
";
