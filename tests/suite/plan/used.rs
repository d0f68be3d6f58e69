//! What is used is not deleted, whoever uses it: what AWS does not show, and what is itself kept.

use tokaido::model::{Action, BlockedCode, DesiredState, Environment, PlanBody, Tombstone, Value};
use tokaido::world::{ErrorClass, Moment};

use crate::support::lab::{Lab, id};

use super::entries::{edited, live};
use super::stays::{CATALOG, dev, two_tenants};

fn retiring(mut desired: DesiredState, resources: &[&str]) -> DesiredState {
    let source = desired.resources.values().next().expect("a resource").source.clone();
    for of in resources {
        desired.retire.insert(id(of), Tombstone { reason: "not used".to_owned(), source: source.clone() });
    }
    desired
}

fn deletes(body: &PlanBody) -> Vec<String> {
    body.changes.iter().filter(|change| change.action == Action::Delete).map(|change| change.id.to_string()).collect()
}

const GROUPS: [&str; 2] = ["db-parameter-group.postgres16@tokyo", "db-parameter-group.postgres16@osaka"];

/// A database that AWS does not show uses what was applied to it.
#[test]
fn what_an_unread_database_uses_is_not_deleted() {
    let newer = [("version: \"16\"", "version: \"17\"")];
    let hinder: [&dyn Fn(&Lab); 5] = [
        &|_| {},
        &|lab| lab.fail("list db-instance", ErrorClass::AccessDenied, Moment::Before, 100),
        &|lab| lab.fail("list db-instance", ErrorClass::Throttled, Moment::Before, 100),
        &|lab| lab.set(&id(CATALOG), "tags[tokaido:id]", &Value::Null).expect("by hand"),
        &|lab| lab.set(&id(CATALOG), "tags[tokaido:environment]", &Value::Null).expect("by hand"),
    ];
    for (number, hinder) in hinder.into_iter().enumerate() {
        let lab = live(Environment::Dev).with(retiring(dev(&newer), &GROUPS));
        hinder(&lab);
        let planned = lab.plan();
        assert_eq!(deletes(&planned.plan.body), Vec::<String>::new(), "{number}");
        for group in GROUPS {
            let held = planned.plan.body.blocked.iter().find(|blocked| blocked.id == id(group)).expect("a refusal");
            assert_eq!(held.code, BlockedCode::DependsOnBlocked, "{held:#?}");
            assert!(held.reason.to_string().contains(CATALOG), "{}", held.reason);
        }
    }
    // It is gone: nothing needs them.
    let lab = live(Environment::Dev).with(retiring(dev(&newer), &GROUPS));
    lab.set(&id(CATALOG), "deletion_protection", &false.into()).expect("by hand");
    lab.remove(&id(CATALOG)).expect("by hand");
    assert_eq!(deletes(&lab.plan().plan.body), GROUPS);
}

/// Globex and its database leave the file. The database stays, its subnet group with it, and with that the subnets.
#[test]
fn what_a_kept_resource_uses_is_kept() {
    let lab = two_tenants().with(dev(&[]));
    let body = lab.plan().plan.body;
    let orphan = |of: &str| body.orphans.iter().find(|orphan| orphan.id == id(of)).unwrap_or_else(|| panic!("{of}"));
    let kept = ["subnet.globex-a@tokyo", "subnet.globex-b@tokyo", "subnet.globex-c@tokyo"];
    let group = orphan("db-subnet-group.globex@tokyo");
    assert!(group.tombstone.is_none() && !group.used_by.is_empty(), "{group:#?}");
    for subnet in kept {
        let orphan = orphan(subnet);
        assert!(orphan.tombstone.is_none() && orphan.used_by == [group.id.clone()], "{orphan:#?}");
    }
    // With the lines all the same.
    for lines in [&kept[..1], &kept[..], &["security-group.globex-db@tokyo"], &["db-subnet-group.globex@tokyo", kept[0]]] {
        let body = lab.with(retiring(dev(&[]), lines)).plan().plan.body;
        assert_eq!(deletes(&body), Vec::<String>::new(), "{lines:?}");
    }
}

/// A tenant without a database of its own goes, all in one plan.
#[test]
fn what_nothing_keeps_goes_together() {
    let lab = live(Environment::Dev);
    let gone = "tenants:\n  - id: acme\n    isolation: subnets\n    cidr: 10.10.16.0/20\n    database: { shared: catalog }\n    \
                ingress_allow:\n      - { cidr: 203.0.113.0/24, port: 443 }\n";
    let without = edited(Environment::Dev, &[(gone, "tenants: []\n")]);
    let body = lab.with(without.clone()).plan().plan.body;
    let lines: Vec<String> = body.orphans.iter().filter(|orphan| orphan.tombstone.is_some()).map(|o| o.id.to_string()).collect();
    assert!(lines.len() >= 4, "{:#?}", body.orphans);
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    let body = lab.with(retiring(without, &all)).plan().plan.body;
    assert_eq!(deletes(&body).len(), lines.len(), "{:#?}", body.blocked);
}
