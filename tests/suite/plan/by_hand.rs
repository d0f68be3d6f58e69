//! A person moves a rule ahead of what it leads to, or both: what is there keeps its users.

use tokaido::model::{Class, DesiredState, Environment, Value};

use crate::support::attr;
use crate::support::lab::{Lab, id};

use super::entries::{MYSQL, edited, live, rules};
use super::stays::{CATALOG, groups, nobody_is_cut_off, replaced};

const DOOR: &str = "security-group.catalog@tokyo";
const CLIENTS: &str = "security-group.catalog-clients@tokyo";

/// The rules of a group with one text in place of another, written by a person.
fn rewritten(lab: &Lab, group: &str, (from, to): (&str, &str)) {
    let held = serde_json::to_string(&lab.row(&id(group)).attributes[attr("rules")]).expect("JSON");
    assert!(held.contains(from), "{held}");
    let rules: Value = serde_json::from_str(&held.replace(from, to)).expect("rules");
    lab.set(&id(group), "rules", &rules).expect("by hand");
}

/// The file asks for what AWS refuses, and a person has put its rules there already: the applied ones are put back, until then it is
/// drift, and the next plans leave them.
fn is_put_back(wish: &DesiredState, environment: Environment, edits: &[(&str, (&str, &str))]) {
    let lab = live(environment);
    let before = groups(&lab);
    let lab = lab.with(wish.clone());
    nobody_is_cut_off(&lab, &[CLIENTS]);
    for (group, edit) in edits {
        rewritten(&lab, group, *edit);
    }
    assert_ne!(groups(&lab), before);
    assert!(lab.drift().has_drift());
    let planned = lab.plan();
    let of_rules: Vec<_> = planned.plan.body.changes.iter().filter(|change| change.kind == "security-group").collect();
    assert!(of_rules.iter().flat_map(|change| &change.diffs).all(|diff| diff.class == Class::Drift), "{of_rules:#?}");
    lab.apply_planned(&planned);
    assert_eq!(groups(&lab), before, "{edits:?}");
    assert_eq!(lab.drift().drifted, [], "{edits:?}");
    assert_eq!(rules(&lab.plan().plan.body), Vec::<String>::new());
}

#[test]
fn a_rule_that_a_person_moved_ahead_of_a_block_is_put_back() {
    for environment in [Environment::Dev, Environment::Production] {
        let (from, to) = match environment {
            Environment::Dev => ("10.10.0.0/20", "10.10.64.0/20"),
            _ => ("10.30.0.0/20", "10.30.240.0/20"),
        };
        let wish = edited(environment, &[(&*format!("shared: {from}"), &*format!("shared: {to}"))]);
        is_put_back(&wish, environment, &[(CLIENTS, (from, to))]);
    }
}

#[test]
fn rules_that_a_person_moved_ahead_of_an_engine_are_put_back() {
    let wish = edited(Environment::Dev, &MYSQL);
    let port = ("5432", "3306");
    is_put_back(&wish, Environment::Dev, &[(DOOR, port), (CLIENTS, port)]);
    is_put_back(&wish, Environment::Dev, &[(DOOR, port)]);
    is_put_back(&wish, Environment::Dev, &[(CLIENTS, port)]);
}

/// A port that a person moved with its rules cannot be moved back: its users stay where it is.
#[test]
fn a_port_that_a_person_moved_keeps_its_users() {
    for (environment, port) in [(Environment::Dev, 5433_i64), (Environment::Production, 6432), (Environment::Staging, 3306)] {
        let lab = live(environment);
        replaced(&lab, &id(CATALOG), &[("port", port.into())]);
        for group in [DOOR, CLIENTS] {
            rewritten(&lab, group, ("5432", &port.to_string()));
        }
        let planned = lab.plan();
        lab.apply_planned(&planned);
        for group in [DOOR, CLIENTS] {
            let held = lab.row(&id(group)).attributes[attr("rules")].to_string();
            assert!(held.contains(&port.to_string()), "{environment}: nobody reaches it: {held}");
        }
        assert!(lab.drift().has_drift(), "{environment}: the port is not the declared one");
    }
}

/// Where only the rules moved, they are put back: nothing is there.
#[test]
fn rules_that_a_person_moved_alone_are_repaired() {
    let lab = live(Environment::Dev);
    let before = groups(&lab);
    for group in [DOOR, CLIENTS] {
        rewritten(&lab, group, ("5432", "5433"));
    }
    lab.converge();
    assert_eq!(groups(&lab), before);
}
