//! `policies/roles.yaml` → [`Roles`]: the people, and whose approvals count. Imports `model`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::model::{DesiredState, Environment, Explained, Finding, Person, Requirement, Roles, Said, Severity, Source};
use crate::yaml::{Node, NodeValue, shown};

use super::decode::{Decode, Decoder, Spanned, nearest, spec};
use super::files::Files;
use super::said::{Right, RuleFault, ValueFault};
use super::scalars::{BadScalar, Count, Name, Scalar, SshKey, choice, scalar};

pub const FILE: &str = "policies/roles.yaml";

choice! {
    /// The version of this file's form.
    pub enum RolesVersion ("bad-schema-version", "`tokaido/roles/v1`", "`tokaido/roles/v1`") { V1 = "tokaido/roles/v1" }
}

spec! {
    /// Who may let a change pass.
    pub struct RolesFile {
        /// The version of this file's form.
        pub schema: Spanned<RolesVersion>,
        /// The people who make plans or approve them.
        pub people: Option<Vec<Spanned<PersonSpec>>>,
        /// How many must approve. No plan of dev needs an approval, every plan of production needs two.
        pub approvals: Option<ApprovalsSpec>,
    }
}

spec! {
    /// One person.
    pub struct PersonSpec {
        /// By which statements name the person.
        pub id: Spanned<Name>,
        /// Groups the person belongs to.
        pub groups: Option<Vec<Spanned<Name>>>,
        /// Public keys the person signs with. Without one the person can be an author, and approve nothing.
        pub keys: Option<Vec<Spanned<SshKey>>>,
        /// E-mail addresses of commits and AWS principals of sessions: by them an author is recognised.
        pub also_known_as: Option<Vec<Spanned<Alias>>>,
    }
}

spec! {
    /// Rules by environment.
    pub struct ApprovalsSpec {
        /// Plans of staging; without this they need no approval.
        pub staging: Option<Spanned<RuleSpec>>,
        /// Plans of production.
        pub production: Option<Spanned<RuleSpec>>,
    }
}

spec! {
    /// Who must approve.
    pub struct RuleSpec {
        /// How many people. `change.approvals` of the environment may ask for more, never for fewer.
        pub required: Spanned<Count>,
        /// Groups whose approvals count; when absent, all people with a key.
        pub from: Option<Vec<Spanned<Name>>>,
        /// At least so many of each of these groups.
        pub groups: Option<Groups>,
    }
}

/// Another name of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias(String);

impl Scalar for Alias {
    const EXPECTED: Explained = Explained::new(
        "an e-mail address, or an AWS principal in which `*` stands for anything: arn:aws:sts::*:assumed-role/tokaido/alice",
        "メールアドレス、または `*` が任意の文字列を表す AWS プリンシパル: arn:aws:sts::*:assumed-role/tokaido/alice",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let said = text.chars().filter(|c| c.is_alphanumeric()).count();
        let good = said >= 3
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && (text.contains('@') && !text.contains('*') || text.starts_with("arn:"));
        // `arn:*` would match every caller, so that this person would be an author of every plan.
        let narrow =
            !text.starts_with("arn:") || text.rsplit([':', '/']).next().is_some_and(|last| last.trim_matches('*').len() > 1);
        if good && narrow {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-alias", ValueFault::NamesNobody { text: shown(text) }))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 3 })
    }
}

scalar!(Alias);

/// Numbers by group.
#[derive(Debug, Clone, Default)]
pub struct Groups(BTreeMap<String, Spanned<Count>>);

impl Decode for Groups {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let NodeValue::Map(entries) = &node.value else {
            let form =
                Explained::new("groups and numbers: `{ change-management: 1 }`", "グループと人数: `{ change-management: 1 }`");
            decoder.wrong_type(node, Right::Form { form });
            return None;
        };
        let read = entries.iter().filter_map(|entry| Some((entry.key.clone(), Spanned::decode(&entry.node, decoder)?)));
        Some(Self(read.collect()))
    }
}

impl JsonSchema for Groups {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Groups".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<Count>() })
    }
}

/// Reads and checks the roles; `None` when there is no such file, or when it has a mistake.
pub fn load(files: &mut Files, prefix: &str, findings: &mut Vec<Finding>) -> Option<Roles> {
    let file = format!("{prefix}{FILE}");
    if !files.exists(&file) {
        return None;
    }
    let before = findings.len();
    let tree = files.tree(&file, None, findings)?;
    let mut decoder = Decoder::default();
    let file = RolesFile::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let file = file?;
    check(&file, findings);
    let bad = findings[before..].iter().any(|finding| finding.severity == Severity::Error);
    (!bad).then(|| lower(file))
}

fn check(file: &RolesFile, findings: &mut Vec<Finding>) {
    let people = file.people.as_deref().unwrap_or_default();
    let (mut ids, mut keys, mut aliases) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for person in people {
        let who = person.id.as_str();
        once(
            &mut ids,
            (who, who.to_owned()),
            who,
            &person.id.source,
            findings,
            ("duplicate-name", |name| RuleFault::PersonTwice { name }, Right::PersonOnce),
        );
        for key in person.keys.iter().flatten() {
            let shared: Shared = ("key-of-two-people", |name| RuleFault::KeyOfTwo { name }, Right::OnesKey);
            once(&mut keys, (key.as_str(), key.as_str().to_owned()), who, &key.source, findings, shared);
        }
        for alias in person.also_known_as.iter().flatten() {
            let shared: Shared = ("alias-of-two-people", |name| RuleFault::AliasOfTwo { name }, Right::OnesName);
            // Compared as authors are: an address in any case, a principal exactly.
            let name = alias.0.as_str();
            let known = if name.starts_with("arn:") { name.to_owned() } else { name.to_ascii_lowercase() };
            once(&mut aliases, (name, known), who, &alias.source, findings, shared);
        }
    }
    let known: BTreeSet<&str> =
        people.iter().flat_map(|person| person.groups.iter().flatten()).map(|group| group.as_str()).collect();
    let rules = file.approvals.iter().flat_map(|approvals| [&approvals.staging, &approvals.production]).flatten();
    for rule in rules {
        let named = rule.from.iter().flatten().map(|group| (group.as_str(), &group.source));
        let counted = rule.groups.iter().flat_map(|groups| &groups.0).map(|(name, count)| (name.as_str(), &count.source));
        for (name, source) in named.chain(counted).filter(|(name, _)| !known.contains(name)) {
            let all: Vec<&str> = known.iter().copied().collect();
            let near = nearest(name, &all).map_or_else(|| all.join(", "), |near| format!("`{near}`"));
            let right = if near.is_empty() { Right::KnownGroup } else { Right::typed(near) };
            findings.push(
                Finding::error("unknown-group", Some(source), RuleFault::EmptyGroup { group: shown(name) }).expected(right),
            );
        }
        if rule.from.as_ref().is_some_and(Vec::is_empty) {
            findings.push(Finding::error("empty-from", Some(&rule.source), RuleFault::EmptyFrom).expected(Right::GroupsOrNone));
        }
        // A starter project names no person yet. Then no approval counts, and the gates say so when one is needed.
        if people.is_empty() {
            continue;
        }
        let lowered = requirement(rule.value.clone());
        let roles =
            Roles { people: people.iter().map(|person| lower_person(person.value.clone())).collect(), ..Roles::default() };
        let able = roles.people.iter().filter(|person| may_count(person, &lowered)).count();
        let asked = usize::try_from(rule.required.0).unwrap_or(usize::MAX);
        if asked > able {
            let message = RuleFault::TooFew { asked, able };
            findings.push(Finding::error("too-few-approvers", Some(&rule.required.source), message).expected(Right::FewerOrMore));
        }
        for (group, count) in rule.groups.iter().flat_map(|groups| &groups.0).filter(|(group, _)| known.contains(group.as_str()))
        {
            let able = roles.people.iter().filter(|person| may_count(person, &lowered) && person.groups.contains(group)).count();
            let asked = usize::try_from(count.0).unwrap_or(usize::MAX);
            if asked > able {
                let message = RuleFault::TooFewOf { asked, group: shown(group), able };
                findings.push(Finding::error("too-few-approvers", Some(&count.source), message).expected(Right::FewerOrMoreHere));
            }
        }
    }
}

fn may_count(person: &Person, rule: &Requirement) -> bool {
    !person.keys.is_empty() && (rule.from.is_empty() || person.groups.iter().any(|group| rule.from.contains(group)))
}

/// The code, what is wrong, and what would be right.
type Shared = (&'static str, fn(Said) -> RuleFault, Right);

/// Each name belongs to one person: a second mention is a mistake. `known` decides which names are equal.
fn once<'a>(
    seen: &mut BTreeMap<String, &'a Source>,
    (what, known): (&str, String),
    who: &str,
    source: &'a Source,
    findings: &mut Vec<Finding>,
    (code, message, right): Shared,
) {
    if let Some(first) = seen.get(&known) {
        let shown = shown(what);
        let name = if what == who {
            Said::new(shown.clone(), shown)
        } else {
            Said::new(format!("{shown} of {who}"), format!("{who} の {shown}"))
        };
        findings.push(
            Finding::error(code, Some(source), message(name)).expected(right).related(crate::yaml::YamlPlace::First, first),
        );
    } else {
        seen.insert(known, source);
    }
}

/// What an environment needs beyond the file itself.
pub fn check_floor(files: &mut Files, prefix: &str, state: &DesiredState, findings: &mut Vec<Finding>) {
    let Some(roles) = state.roles.as_ref().filter(|roles| !roles.people.is_empty()) else { return };
    if state.environment != Environment::Production {
        return;
    }
    let rule = roles.approvals.get(&state.environment).cloned().unwrap_or_default();
    let (asked, able) = (state.approvals.max(2), roles.people.iter().filter(|person| may_count(person, &rule)).count());
    if asked > able && rule.required < asked {
        let tree = files.tree(&format!("{prefix}{FILE}"), None, &mut Vec::new());
        let source = tree.as_ref().map(|tree| tree.get("people").map_or(&tree.source, |people| &people.source));
        let message = RuleFault::TooFewThere { environment: state.environment, asked, able };
        findings.push(Finding::error("too-few-approvers", source, message).expected(Right::More));
    }
}

fn lower(file: RolesFile) -> Roles {
    let rules = file.approvals.map(|approvals| {
        let (staging, production) = (approvals.staging, approvals.production);
        [(Environment::Staging, staging), (Environment::Production, production)]
    });
    Roles {
        people: file.people.into_iter().flatten().map(|person| lower_person(person.value)).collect(),
        approvals: rules
            .into_iter()
            .flatten()
            .filter_map(|(environment, rule)| Some((environment, requirement(rule?.value))))
            .collect(),
    }
}

fn lower_person(person: PersonSpec) -> Person {
    let names = |list: Option<Vec<Spanned<Name>>>| list.into_iter().flatten().map(|name| name.as_str().to_owned()).collect();
    Person {
        id: person.id.as_str().to_owned(),
        groups: names(person.groups),
        keys: person.keys.into_iter().flatten().map(|key| key.as_str().to_owned()).collect(),
        also_known_as: person.also_known_as.into_iter().flatten().map(|alias| alias.value.0).collect(),
    }
}

fn requirement(rule: RuleSpec) -> Requirement {
    let number = |count: &Count| usize::try_from(count.0).unwrap_or(usize::MAX);
    Requirement {
        required: number(&rule.required),
        from: rule.from.into_iter().flatten().map(|name| name.as_str().to_owned()).collect(),
        groups: rule.groups.into_iter().flat_map(|groups| groups.0).map(|(name, count)| (name, number(&count))).collect(),
    }
}
