//! What differs as a whole: a resource on its way out, two that claim one id, a value that waits for the window.

use tokaido::model::{Class, Environment, Region, Value};
use tokaido::world::CreateRequest;

use crate::support::attr;
use crate::support::lab::{Lab, id};
use crate::support::project;

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

fn drifted(lab: &Lab) -> Vec<(String, String)> {
    let report = lab.drift();
    assert!(report.has_drift());
    report.drifted.iter().flat_map(|note| note.diffs.iter().map(|diff| (note.id.to_string(), diff.path.clone()))).collect()
}

#[test]
fn a_key_on_its_way_out_is_drift_although_every_value_is_right() {
    let lab = production();
    lab.world()
        .log()
        .remove_by_hand(Environment::Production, &id("kms-key.acme@tokyo"))
        .expect("a key can be scheduled for deletion");
    assert_eq!(drifted(&lab), [("kms-key.acme@tokyo".to_owned(), "(state)".to_owned())]);
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "no second key is made: {:#?}", body.changes);
    assert_eq!(body.blocked.iter().map(|blocked| blocked.code.as_str()).collect::<Vec<_>>(), ["failed-state"]);
    assert_eq!(body.summary.unchanged, 43);
}

#[test]
fn two_that_claim_one_id_are_drift_and_neither_is_touched() {
    let lab = production();
    let ours = lab.row(&id("vpc.main@tokyo"));
    let mut attributes = ours.attributes.clone();
    attributes.set(attr("dhcp_options"), "default");
    let request = CreateRequest { attributes, tags: ours.tags.clone() };
    let second = lab.world().log().create_by_hand(&ours.account, Region::Tokyo, "vpc", &request).expect("a VPC");
    assert_eq!(drifted(&lab), [("vpc.main@tokyo".to_owned(), "(claims)".to_owned())]);
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
    let blocked = body.blocked.iter().find(|blocked| blocked.code.as_str() == "ambiguous").expect("a refusal");
    let reason = blocked.reason.to_string();
    assert!(reason.contains(&second) && reason.contains(&ours.physical), "{reason}");
}

#[test]
fn a_value_that_somebody_queued_is_one_drifted_difference() {
    let lab = production();
    lab.set(&id("db-instance.catalog@tokyo"), "class", &Value::from("db.m7g.xlarge")).expect("a class");
    assert_eq!(drifted(&lab), [("db-instance.catalog@tokyo".to_owned(), "class".to_owned())]);
    let body = lab.plan().plan.body;
    let classes: Vec<Class> = body.changes.iter().flat_map(|change| change.diffs.iter().map(|diff| diff.class)).collect();
    assert_eq!(classes, [Class::Drift], "live is still right, AWS is about to change it");
    lab.converge();
}
