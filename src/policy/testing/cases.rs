//! `policies/tests/*.yaml`: cases of a policy, checked against the same schema as the policy. Imports `model`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rego_check::cases::{Expected, Outcome};
use rego_check::{Behind, Pointer, Schema};
use serde_json::{Map, Value as Json};

use crate::model::{Environment, Finding, Source};
use crate::yaml::{self, MapEntry, Node, NodeValue, Origin, Rules};

use super::super::checker::{checker, nearest};
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
    fn wrong(&mut self, source: &Source, message: impl Into<String>, expected: impl Into<String>) {
        self.findings.push(Finding::error("policy-test", Some(source), message).expected(expected));
    }

    fn only(&mut self, node: &Node, what: &str, known: &[&str]) {
        for MapEntry { key, key_source: source, .. } in node.entries() {
            if !known.contains(&key.as_str()) {
                self.wrong(source, format!("unknown key `{key}` of {what}"), nearest(key, known.iter().copied()));
            }
        }
    }

    fn text(&mut self, node: &Node, key: &str, example: &str) -> Option<(String, Source)> {
        let found = node.get(key).and_then(|value| Some((value.text()?.to_owned(), value.source.clone())));
        if found.is_none() {
            let source = node.get(key).map_or(&node.source, |value| &value.source);
            self.wrong(source, format!("`{key}` is missing"), example);
        }
        found
    }

    fn suite(&mut self, file: &str, root: &Node) -> Option<Suite> {
        self.only(root, "the file", &["schema", "policy", "cases"]);
        if let Some((schema, source)) = self.text(root, "schema", &format!("`schema: {SCHEMA}`"))
            && schema != SCHEMA
        {
            self.wrong(&source, format!("`{schema}` is not a schema of this tokaido"), format!("`schema: {SCHEMA}`"));
        }
        let policy = self.text(root, "policy", "`policy:` and the code of a policy");
        let listed = root.get("cases").map(Node::items).unwrap_or_default();
        if listed.is_empty() {
            self.wrong(&root.source, "no case is written", "`cases:` with at least one that breaks and one that keeps");
        }
        let cases: Vec<Case> = listed.iter().filter_map(|node| self.case(node)).collect();
        let mut names = BTreeSet::new();
        for case in &cases {
            if !names.insert(case.name.as_str()) {
                self.wrong(&case.source, format!("two cases are called `{}`", case.name), "a name of its own");
            }
        }
        let (policy, source) = policy?;
        Some(Suite { file: file.to_owned(), policy, source, cases })
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        self.only(node, "a case", &["name", "environment", "given", "expect"]);
        let name = self.text(node, "name", "`name:` and what the case shows");
        let environment = match node.get("environment") {
            None => Some(Environment::Production),
            Some(word) => {
                let found = word.text().and_then(|word| word.parse().ok());
                if found.is_none() {
                    self.wrong(&word.source, "this is not an environment", "`dev`, `staging` or `production`");
                }
                found
            }
        };
        let given = node.get("given").map_or_else(|| Json::Object(Map::new()), |given| self.value(given, &Schema::root()));
        if let Some(entry) = node.get("given").map(Node::entries).into_iter().flatten().find(|entry| entry.key == "environment") {
            self.wrong(&entry.key_source, "the environment is said twice", "`environment:` of the case, beside `given`");
        }
        let nothing = Node { value: NodeValue::Map(Arc::default()), source: node.source.clone(), overrode: None };
        for state in ["live", "planned"] {
            let lists = node.get("given").and_then(|given| given.get(state)).unwrap_or(&nothing);
            for resource in lists.entries().iter().flat_map(|entry| entry.node.items()) {
                self.text(resource, "id", "`id: db-instance.catalog@tokyo`");
            }
        }
        let changes = node.get("given").and_then(|given| given.get("plan")?.get("changes")).map(Node::items).unwrap_or_default();
        for change in changes {
            self.text(change, "id", "`id: db-instance.catalog@tokyo`");
        }
        let expected = self.expected(node);
        let (name, source) = name?;
        let environment = environment?;
        Some(Case { name, source, environment, input: complete(given, environment), expected: expected? })
    }

    fn expected(&mut self, node: &Node) -> Option<Expected> {
        let example =
            "`expect: { db-instance.catalog@tokyo: broken }` with broken, kept or unjudged, or `expect: { \"*\": unread }`";
        let Some(node) = node.get("expect").filter(|expect| !expect.entries().is_empty()) else {
            self.wrong(&node.source, "nothing is expected of this case", example);
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
                    self.wrong(source, format!("`{}` is nothing that a policy says", other.unwrap_or_default()), example);
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
                        nearest(scalar.as_str().unwrap_or_default(), words.iter().map(String::as_str))
                    } else if places.iter().any(|place| checker().schema().takes_text(place)) {
                        format!("text: \"{scalar}\"")
                    } else {
                        "a value of the type that the schema says; `tokaido schema policy-input` has it".to_owned()
                    };
                    self.wrong(&node.source, format!("{what} is never {scalar}"), expected);
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
                            Finding::error("unknown-input-field", Some(source), format!("unknown field `{key}` of {owners}"));
                        self.findings.push(finding.expected(nearest(key, names.iter().map(String::as_str))));
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
            self.wrong(source, format!("{what} cannot stand here"), "what `tokaido schema policy-input` says");
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
