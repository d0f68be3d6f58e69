//! `policies/tests/*.yaml`: cases of a policy, checked against the same schema as the policy. Imports `model`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rego_check::cases::{Expected, Outcome};
use rego_check::{Behind, Pointer, Schema};
use serde_json::{Map, Value as Json};

use crate::model::{Environment, Explained, Finding, Source};
use crate::yaml::{self, MapEntry, Node, NodeValue, Origin, Rules};

use super::super::checker::{checker, nearest};
use super::super::said::{Fault, Right};
use super::skeleton::complete;

/// The first line of a file of cases.
pub const SCHEMA: &str = "tokaido/policy-test/v1";

/// The cases of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    pub file: String,
    /// The code of the policy that it tests.
    pub policy: String,
    /// The place of that code.
    pub source: Source,
    pub cases: Vec<Case>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub name: String,
    pub source: Source,
    pub environment: Environment,
    /// The whole input of the policy.
    pub input: Json,
    pub expected: Expected,
}

/// The cases, when the file has no mistake.
#[must_use]
pub fn read(file: &str, text: &str) -> (Option<Suite>, Vec<Finding>) {
    let mut reader = Reader { findings: Vec::new() };
    let root = yaml::parse(Origin::of(file), text, Rules::OF_A_POLICY, &mut reader.findings);
    let suite = root.filter(|_| reader.findings.is_empty()).and_then(|root| reader.suite(file, &root));
    (suite.filter(|_| reader.findings.is_empty()), reader.findings)
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn wrong(&mut self, source: &Source, message: Fault, expected: Right) {
        self.findings.push(Finding::error("policy-test", Some(source), message).expected(expected));
    }

    fn only(&mut self, node: &Node, what: Explained, known: &[&str]) {
        for MapEntry { key, key_source: source, .. } in node.entries() {
            if !known.contains(&key.as_str()) {
                let right = Right::said(nearest(key, known.iter().copied()));
                self.wrong(source, Fault::UnknownKey { key: key.clone(), what }, right);
            }
        }
    }

    fn text(&mut self, node: &Node, key: &str, example: Right) -> Option<(String, Source)> {
        let found = node.get(key).and_then(|value| Some((value.text()?.to_owned(), value.source.clone())));
        if found.is_none() {
            let source = node.get(key).map_or(&node.source, |value| &value.source);
            self.wrong(source, Fault::Missing { key: key.to_owned() }, example);
        }
        found
    }

    fn suite(&mut self, file: &str, root: &Node) -> Option<Suite> {
        self.only(root, Explained::new("the file", "ファイル"), &["schema", "policy", "cases"]);
        if let Some((schema, source)) = self.text(root, "schema", Right::typed(format!("`schema: {SCHEMA}`")))
            && schema != SCHEMA
        {
            self.wrong(&source, Fault::OtherSchema { schema }, Right::typed(format!("`schema: {SCHEMA}`")));
        }
        let policy = self.text(root, "policy", Right::form("`policy:` and the code of a policy", "`policy:` とポリシーの code"));
        let listed = root.get("cases").map(Node::items).unwrap_or_default();
        if listed.is_empty() {
            let right = Right::form(
                "`cases:` with at least one that breaks and one that keeps",
                "違反する例と守る例を少なくとも一つずつ持つ `cases:`",
            );
            self.wrong(&root.source, Fault::NoCase, right);
        }
        let cases: Vec<Case> = listed.iter().filter_map(|node| self.case(node)).collect();
        let mut names = BTreeSet::new();
        for case in &cases {
            if !names.insert(case.name.as_str()) {
                self.wrong(
                    &case.source,
                    Fault::SameName { name: case.name.clone() },
                    Right::form("a name of its own", "ほかと異なる名前"),
                );
            }
        }
        let (policy, source) = policy?;
        Some(Suite { file: file.to_owned(), policy, source, cases })
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        self.only(node, Explained::new("a case", "テストケース"), &["name", "environment", "given", "expect"]);
        let name = self.text(node, "name", Right::form("`name:` and what the case shows", "`name:` とテストケースの内容"));
        let environment = match node.get("environment") {
            None => Some(Environment::Production),
            Some(word) => {
                let found = word.text().and_then(|word| word.parse().ok());
                if found.is_none() {
                    let right = Right::form("`dev`, `staging` or `production`", "`dev`、`staging`、`production` のいずれか");
                    self.wrong(&word.source, Fault::NoEnvironment, right);
                }
                found
            }
        };
        let given = node.get("given").map_or_else(|| Json::Object(Map::new()), |given| self.value(given, &Schema::root()));
        if let Some(entry) = node.get("given").map(Node::entries).into_iter().flatten().find(|entry| entry.key == "environment") {
            let right =
                Right::form("`environment:` of the case, beside `given`", "`given` と並ぶ、テストケースの `environment:`");
            self.wrong(&entry.key_source, Fault::EnvironmentTwice, right);
        }
        let nothing = Node { value: NodeValue::Map(Arc::default()), source: node.source.clone(), overrode: None };
        for state in ["live", "planned"] {
            let lists = node.get("given").and_then(|given| given.get(state)).unwrap_or(&nothing);
            for resource in lists.entries().iter().flat_map(|entry| entry.node.items()) {
                self.text(resource, "id", Right::typed("`id: db-instance.catalog@tokyo`"));
            }
        }
        let changes = node.get("given").and_then(|given| given.get("plan")?.get("changes")).map(Node::items).unwrap_or_default();
        for change in changes {
            self.text(change, "id", Right::typed("`id: db-instance.catalog@tokyo`"));
        }
        let expected = self.expected(node);
        let (name, source) = name?;
        let environment = environment?;
        Some(Case { name, source, environment, input: complete(given, environment), expected: expected? })
    }

    fn expected(&mut self, node: &Node) -> Option<Expected> {
        let example = Right::form(
            "`expect: { db-instance.catalog@tokyo: broken }` with broken, kept or unjudged, or `expect: { \"*\": unread }`",
            "broken、kept、unjudged のいずれかを書いた `expect: { db-instance.catalog@tokyo: broken }`、または `expect: { \"*\": unread }`",
        );
        let Some(node) = node.get("expect").filter(|expect| !expect.entries().is_empty()) else {
            self.wrong(&node.source, Fault::NothingExpected, example);
            return None;
        };
        if let [MapEntry { key, node: value, .. }] = node.entries()
            && key == "*"
            && value.text() == Some("unread")
        {
            return Some(Expected::Unread);
        }
        let mut each = BTreeMap::new();
        for MapEntry { key: id, key_source: source, node: value } in node.entries() {
            let outcome = match value.text() {
                Some("broken") => Outcome::Broken,
                Some("kept") => Outcome::Kept,
                Some("unjudged") => Outcome::Unjudged,
                other => {
                    let word = other.unwrap_or_default().to_owned();
                    self.wrong(source, Fault::NoOutcome { word }, example.clone());
                    continue;
                }
            };
            each.insert(id.clone(), outcome);
        }
        Some(Expected::Each(each))
    }

    /// The value as JSON; a field that the schema does not have is a finding.
    fn value(&mut self, node: &Node, places: &BTreeSet<Pointer>) -> Json {
        match &node.value {
            NodeValue::Scalar(_) => {
                let scalar = node.json().unwrap_or_default();
                if !places.iter().any(|place| checker().schema().takes(place, &scalar)) {
                    let words: Vec<String> =
                        places.iter().filter_map(|place| checker().schema().words(place)).flatten().collect();
                    let what = places.iter().map(|place| checker().schema().called(place)).collect::<BTreeSet<_>>();
                    let what = what.into_iter().collect::<Vec<_>>().join(" or ");
                    let expected = if !words.is_empty() {
                        Right::said(nearest(scalar.as_str().unwrap_or_default(), words.iter().map(String::as_str)))
                    } else if places.iter().any(|place| checker().schema().takes_text(place)) {
                        Right::Text { value: scalar.to_string() }
                    } else {
                        Right::form(
                            "a value of the type that the schema says; `tokaido schema policy-input` has it",
                            "スキーマが示す型の値。`tokaido schema policy-input` で確認できます",
                        )
                    };
                    self.wrong(&node.source, Fault::Never { what, value: scalar.to_string() }, expected);
                }
                scalar
            }
            NodeValue::List(items) => {
                let lists: Vec<Behind> = places
                    .iter()
                    .filter(|place| checker().schema().is_list(place))
                    .map(|place| checker().schema().item(place))
                    .collect();
                Json::Array(items.iter().map(|item| self.inside(item, &item.source, lists.clone(), "a list")).collect())
            }
            NodeValue::Map(entries) => {
                let mut found = Map::new();
                for MapEntry { key, key_source: source, node: value } in entries.iter() {
                    let behind: Vec<Behind> = places
                        .iter()
                        .map(|place| checker().schema().field(place, key))
                        .filter(|behind| *behind != Behind::Nothing)
                        .collect();
                    if behind.is_empty() {
                        let owners = places.iter().map(|place| checker().schema().called(place)).collect::<BTreeSet<_>>();
                        let owners = owners.into_iter().collect::<Vec<_>>().join(" or ");
                        let names: Vec<String> = places.iter().flat_map(|place| checker().schema().names(place)).collect();
                        let finding =
                            Finding::error("unknown-input-field", Some(source), Fault::UnknownField { key: key.clone(), owners });
                        self.findings.push(finding.expected(Right::said(nearest(key, names.iter().map(String::as_str)))));
                        continue;
                    }
                    let value = self.inside(value, source, behind, key);
                    found.insert(key.clone(), value);
                }
                Json::Object(found)
            }
        }
    }

    fn inside(&mut self, node: &Node, source: &Source, behind: Vec<Behind>, what: &str) -> Json {
        let mut places = BTreeSet::new();
        for one in behind {
            match one {
                Behind::Anything => return free(node),
                Behind::Places(more) => places.extend(more),
                Behind::Nothing => {}
            }
        }
        if places.is_empty() {
            let right = Right::form("what `tokaido schema policy-input` says", "`tokaido schema policy-input` が示すもの");
            self.wrong(source, Fault::CannotStand { what: what.to_owned() }, right);
            return Json::Null;
        }
        self.value(node, &places)
    }
}

/// A value that the schema does not describe.
fn free(node: &Node) -> Json {
    match &node.value {
        NodeValue::Scalar(_) => node.json().unwrap_or_default(),
        NodeValue::List(items) => Json::Array(items.iter().map(free).collect()),
        NodeValue::Map(entries) => Json::Object(entries.iter().map(|entry| (entry.key.clone(), free(&entry.node))).collect()),
    }
}
