//! A refused change of the port: what lets users in keeps the old one, or they would be cut off from a database that stays.

use std::fs;

use tokaido::model::{BlockedCode, DesiredState, Environment, PlanBody};

use crate::support::lab::{Lab, id};
use crate::support::project;

/// The files of an environment with some text in place of other text, at its first place.
pub fn edited(environment: Environment, edits: &[(&str, &str)]) -> DesiredState {
    let folder = project::copy();
    let file = folder.path().join(format!("environments/{environment}.yaml"));
    let mut text = fs::read_to_string(&file).expect("the file");
    for (from, to) in edits {
        assert!(text.contains(from), "nothing to edit: {from}");
        text = text.replacen(from, to, 1);
    }
    fs::write(&file, text).expect("written");
    project::load(folder.path(), environment)
}

pub fn live(environment: Environment) -> Lab {
    let lab = Lab::new(project::load(project::root(), environment));
    lab.converge();
    lab
}

/// Every change of rules that the plan makes.
pub fn rules(body: &PlanBody) -> Vec<String> {
    let of_rules = body.changes.iter().filter(|change| change.kind == "security-group");
    of_rules.flat_map(|change| change.diffs.iter().map(move |diff| format!("{} {}", change.id, diff.path))).collect()
}

pub const MYSQL: [(&str, &str); 2] = [("engine: postgres", "engine: mysql"), ("version: \"16\"", "version: \"8.4\"")];

type Edits = &'static [(&'static str, &'static str)];

/// Another engine with another port, and one with the port of the engine that runs.
const MARIADB: [(&str, &str); 2] = [("engine: postgres", "engine: mariadb"), ("version: \"16\"", "version: \"11.4\"")];

#[test]
fn an_engine_that_cannot_change_leaves_its_users_where_they_are() {
    let from = |environment, edits: Edits| {
        let lab = Lab::new(edited(environment, edits));
        lab.converge();
        lab
    };
    let cases: [(Environment, Edits, Edits); 6] = [
        (Environment::Dev, &[], &MYSQL),
        (Environment::Dev, &[], &MARIADB),
        (Environment::Staging, &[], &MYSQL),
        (Environment::Production, &[], &MYSQL),
        (Environment::Production, &[], &MARIADB),
        // The way back: what runs is MySQL.
        (Environment::Production, &MYSQL, &[]),
    ];
    for (environment, live, declared) in cases {
        let lab = from(environment, live).with(edited(environment, declared));
        let planned = lab.plan();
        let body = &planned.plan.body;
        assert_eq!(rules(body), Vec::<String>::new(), "{environment} {declared:?}");
        let held: Vec<_> = body.blocked.iter().filter(|blocked| blocked.code == BlockedCode::Half).collect();
        assert!(held.iter().any(|blocked| blocked.id.kind == "security-group"), "{environment}: {:#?}", body.blocked);
        for blocked in &held {
            assert!(blocked.reason.to_string().contains("@tokyo keeps its port"), "{}", blocked.reason);
        }
        // Whatever the plan does beside, the database is still reached, and nobody is moved by the next plan either.
        lab.apply_planned(&planned);
        assert_eq!(rules(&lab.plan().plan.body), Vec::<String>::new());
        assert!(lab.drift().drifted.is_empty(), "{environment}: {:#?}", lab.drift().drifted);
    }
}

/// Drift of the rules is repaired while the engine waits, and a new tenant of another database is let in.
#[test]
fn what_does_not_belong_to_it_goes_on() {
    let lab = live(Environment::Production);
    let group = id("security-group.globex@tokyo");
    lab.set(&group, "rules", &serde_json::from_value(serde_json::json!([])).expect("a list")).expect("by hand");
    let lab = lab.with(edited(Environment::Production, &MYSQL));
    let body = lab.plan().plan.body;
    let repaired = rules(&body);
    assert!(!repaired.is_empty() && repaired.iter().all(|rule| rule.starts_with(&group.to_string())), "{repaired:#?}");
}
