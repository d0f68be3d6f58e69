//! Which codes a change carries: one scenario after the other on a converged production, and the linter's refusal.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::desired::Tombstone;
use tokaido::model::{Action, DesiredState, Environment, Risk, Source, Value};
use tokaido::plan::{lint, risk};

use crate::support::lab::{Lab, id};
use crate::support::{attr, project, yaml};

const DATABASE: &str = "db-instance.catalog@tokyo";
const GROUP: &str = "security-group.globex@tokyo";
const UNUSED: &str = "security-group.recovery@osaka";
const KEY: &str = "kms-key.main@tokyo";
const PLAN: &str = "backup-plan.main@tokyo";
const PARAMETERS: &str = "db-parameter-group.postgres16@tokyo";

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

/// What is wished instead: a resource, an attribute, the new value as YAML.
type Wish = (&'static str, &'static str, &'static str, &'static str);

/// By words: the wish, and the codes it must carry.
const WISHES: &[Wish] = &[
    (DATABASE, "class", "db.m7g.xlarge", "AV201 AV202"),
    (DATABASE, "multi_az", "false", "AV202"),
    (DATABASE, "engine_version", "'16.9'", "AV201 AV202 IR401"),
    (DATABASE, "allocated_storage", "200", "AV202 IR401"),
    (DATABASE, "max_allocated_storage", "2000", ""),
    (DATABASE, "deletion_protection", "false", "SE303"),
    (DATABASE, "backup_retention_days", "7", "IR401 SE303"),
    (DATABASE, "backup_retention_days", "0", "AV201 AV202 IR401 SE303"),
    (DATABASE, "log_exports", "[postgresql]", "LG801"),
    (DATABASE, "publicly_accessible", "true", "SE301"),
    (KEY, "enabled", "false", "AV201 SE302"),
    (KEY, "rotation_days", "730", "SE302"),
    (KEY, "rotation_days", "180", ""),
    (
        KEY,
        "policy",
        "{ Version: '2012-10-17', Statement: [{ Sid: All, Effect: Allow, Principal: '*', Action: 'kms:*', Resource: '*' }] }",
        "SE301 SE302",
    ),
    (
        GROUP,
        "rules",
        "[{ direction: ingress, protocol: tcp, from: 443, to: 443, peer: { $ref: security-group.acme@tokyo, output: id } }]",
        "SE301 TN601",
    ),
    (GROUP, "rules", "[]", "TN601"),
    (
        PLAN,
        "copies",
        "[{ rule: daily, vault: { $ref: backup-vault.main@osaka, output: arn }, delete_after_days: 3 }]",
        "RG701 SE303",
    ),
    (PLAN, "copies", "[]", "RG701 SE303"),
    (PARAMETERS, "parameters", "{}", "AV201 LG801 SE302"),
    (PARAMETERS, "parameters", "{ rds.force_ssl: '1', timezone: UTC, log_timezone: UTC, log_connections: '1' }", "AV201 LG801"),
    (PARAMETERS, "parameters", "{ rds.force_ssl: '1', timezone: UTC, log_timezone: UTC, work_mem: '8192' }", "AV201"),
];

fn codes(risks: &[Risk]) -> String {
    risks.iter().map(|risk| risk.code()).collect::<Vec<_>>().join(" ")
}

fn wished(lab: &Lab, name: &str, attribute: &str, value: &str) -> DesiredState {
    let mut desired = (*lab.desired).clone();
    let resource = desired.resources.get_mut(&id(name)).expect("a resource of production");
    resource.attributes.set(attr(attribute), yaml::read(value));
    desired
}

/// The codes of the one change that a wish makes.
fn of_wish(lab: &Lab, desired: DesiredState, name: &str) -> Vec<Risk> {
    let body = lab.with(desired).plan().plan.body;
    let found = body.changes.iter().find(|change| change.id == id(name));
    found.unwrap_or_else(|| panic!("{name} does not change: {:#?}", body.blocked)).risks.clone()
}

fn retired(lab: &Lab, name: &str) -> DesiredState {
    let mut desired = (*lab.desired).clone();
    desired.resources.remove(&id(name));
    let source = Source { file: "environments/production.yaml".into(), line: 1, column: 1 };
    desired.retire.insert(id(name), Tombstone { reason: "not needed".to_owned(), source });
    desired
}

#[test]
fn every_code_has_a_scenario() {
    let lab = production();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, attribute, value, expected) in WISHES {
        let found = of_wish(&lab, wished(&lab, name, attribute, value), name);
        if codes(&found) != *expected {
            wrong.push(format!("{name} {attribute} {value}: {} instead of {expected}", codes(&found)));
        }
        seen.extend(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let found = of_wish(&lab, retired(&lab, UNUSED), UNUSED);
    assert_eq!(codes(&found), "DS102 IR401 TN601", "a deleted group comes back with another id");
    seen.extend(found);

    lab.set(&id(DATABASE), "deletion_protection", &Value::from(false)).expect("a person may");
    let found = of_wish(&lab, (*lab.desired).clone(), DATABASE);
    assert_eq!(codes(&found), "DR901", "a repair that protects is nothing worse");
    seen.extend(found);

    let missing: Vec<_> = Risk::ALL.into_iter().filter(|risk| *risk != Risk::Destroys && !seen.contains(risk)).collect();
    assert!(missing.is_empty(), "no scenario has {missing:?}");
}

/// New resources: what stays for ever, who is let in, where copies go. The rest of a create is no news.
#[test]
fn creates_say_only_what_matters() {
    let body = Lab::new(project::load(project::root(), Environment::Production)).plan().plan.body;
    let of = |name: &str| codes(&body.changes.iter().find(|change| change.id == id(name)).expect("a create").risks);
    assert_eq!(of(DATABASE), "IR401");
    assert_eq!(of(KEY), "IR401");
    assert_eq!(of(PLAN), "RG701");
    assert_eq!(of("subnet.acme-a@tokyo"), "");
    assert_eq!(of("security-group.acme@tokyo"), "SE301", "it admits the customer's addresses");
    assert_eq!(of("security-group.catalog@tokyo"), "SE301 TN601", "it admits another group");
    let back = body.way_back.expect("a way back");
    let stays: Vec<_> = back.one_way.iter().map(|one| one.id.kind.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(stays, ["backup-vault", "bucket", "db-instance", "kms-key"]);
    assert_eq!(back.delete + back.one_way.len(), body.changes.len());
    assert_eq!((back.update, back.create), (0, 0));
}

#[test]
fn one_way_changes_are_named_with_why() {
    let lab = production();
    let mut desired = wished(&lab, DATABASE, "allocated_storage", "200");
    let database = desired.resources.get_mut(&id(DATABASE)).expect("the database");
    database.attributes.set(attr("multi_az"), false);
    desired.resources.remove(&id(UNUSED));
    desired.retire.extend(retired(&lab, UNUSED).retire);
    let back = lab.with(desired).plan().plan.body.way_back.expect("a way back");
    assert_eq!((back.update, back.delete, back.create), (1, 0, 1), "{back:?}");
    let named: Vec<_> =
        back.one_way.iter().map(|one| (one.id.to_string(), one.path.as_deref(), one.reason.to_string())).collect();
    assert_eq!(named[0], (DATABASE.to_owned(), Some("allocated_storage"), "RDS storage never shrinks".to_owned()));
    assert_eq!((named[1].0.as_str(), named[1].1), (UNUSED, None));
    assert!(lab.plan().plan.body.way_back.is_none(), "nothing to do, nothing to take back");
}

/// No plan may carry DS101: the planner makes none, and the linter refuses whatever claims one.
#[test]
fn the_linter_refuses_ds101() {
    let lab = production();
    let desired = wished(&lab, DATABASE, "multi_az", "false");
    let planned = lab.with(desired.clone()).plan();
    let mut body = planned.plan.body.clone();
    let schemas = kinds::schemas();
    assert!(lint(&body, &desired, &planned.observed, &schemas).is_empty());
    for action in [Action::Delete, Action::Replace] {
        let change = &mut body.changes[0];
        change.action = action;
        change.risks = risk::of(schemas[change.kind.as_str()], change);
        assert!(change.risks.contains(&Risk::Destroys), "{:?}", change.risks);
        let broken = lint(&body, &desired, &planned.observed, &schemas).join("\n");
        assert!(broken.contains("carries DS101, which no plan may"), "{broken}");
    }
}
