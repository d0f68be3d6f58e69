//! Blocks of addresses that a person adds to what is declared with one: they are drift and go. The first block stays.

use std::fs;

use tokaido::model::{Action, BlockedCode, Class, Diff, Environment, Impact, Value};
use tokaido::sim::ManualError;

use crate::support::{Lab, id, project};

const NETWORK: &str = "vpc.acme@tokyo";
const SUBNET: &str = "subnet.acme-a@tokyo";
const FIRST: &str = "10.40.0.0/20";

/// Production, applied; its second network has an IPv4 and an IPv6 block more, and one of its subnets gives out IPv6 addresses.
fn opened() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    let blocks = |blocks: &[&str]| Value::list(blocks.iter().copied());
    for (of, path, value) in [
        (NETWORK, "blocks", blocks(&["10.41.0.0/20", FIRST, "2001:db8::/56"])),
        (SUBNET, "ipv6_blocks", blocks(&["2001:db8::/64"])),
        (SUBNET, "ipv6_addresses", Value::Bool(true)),
    ] {
        lab.set(&id(of), path, &value).unwrap_or_else(|error| panic!("{of} {path}: {error}"));
    }
    lab
}

fn paths(diffs: &[Diff]) -> Vec<&str> {
    diffs.iter().map(|diff| diff.path.as_str()).collect()
}

#[test]
fn what_a_person_added_is_drift_breaks_the_promise_and_goes() {
    let lab = opened();
    let planned = lab.plan();
    let changes: Vec<_> =
        planned.plan.body.changes.iter().map(|change| (change.id.to_string(), change.action, paths(&change.diffs))).collect();
    assert_eq!(
        changes,
        [
            (SUBNET.to_owned(), Action::Update, vec!["ipv6_addresses", "ipv6_blocks[2001:db8::/64]"]),
            (NETWORK.to_owned(), Action::Update, vec!["blocks[10.41.0.0/20]", "blocks[2001:db8::/56]"]),
        ]
    );
    for change in &planned.plan.body.changes {
        assert_eq!(change.impact, Impact::InPlace, "{}: what narrows exposes nothing", change.id);
        assert!(change.diffs.iter().all(|diff| diff.class == Class::Drift), "{:#?}", change.diffs);
    }
    for note in &lab.drift().drifted {
        let schema = tokaido::kinds::find(&note.id.kind).expect("a kind").schema;
        let broken = |diff: &Diff| schema.attribute(diff.attribute()).and_then(|row| row.violations(&diff.after, &diff.before));
        assert!(note.diffs.iter().all(|diff| broken(diff) == Some("tenant-isolation")), "{note:#?}");
    }
    lab.apply();
    lab.assert_settled();
    assert_eq!(lab.row(&id(NETWORK)).attributes[crate::support::attr("blocks")], Value::list([FIRST]));
}

/// A file that asks for another first block is refused, and the block that is there stays with it. What a person added goes all
/// the same.
#[test]
fn a_refused_block_takes_the_place_of_none() {
    let lab = opened();
    let folder = project::copy();
    let file = folder.path().join("environments/production.yaml");
    let text = fs::read_to_string(&file).expect("a file");
    let edited = text.replacen(&format!("cidr: {FIRST}"), "cidr: 10.44.0.0/20", 1);
    assert_ne!(text, edited);
    fs::write(&file, edited).expect("a folder of ours");
    let lab = lab.with(project::load(folder.path(), Environment::Production));
    let planned = lab.plan();
    let body = &planned.plan.body;
    let blocked = body.blocked.iter().find(|blocked| blocked.id == id(NETWORK)).expect("refused");
    assert_eq!(blocked.code, BlockedCode::Forbidden);
    assert_eq!(paths(&blocked.diffs), ["cidr", "blocks[10.44.0.0/20]", &format!("blocks[{FIRST}]")]);
    let change = body.changes.iter().find(|change| change.id == id(NETWORK)).expect("the drift is repaired");
    assert_eq!(paths(&change.diffs), ["blocks[10.41.0.0/20]", "blocks[2001:db8::/56]"]);
    lab.apply();
    assert_eq!(lab.row(&id(NETWORK)).attributes[crate::support::attr("blocks")], Value::list([FIRST]));
}

#[test]
fn aws_never_takes_the_first_block_away() {
    let lab = opened();
    let refused = lab.set(&id(NETWORK), "blocks", &Value::list(["10.41.0.0/20"]));
    assert!(matches!(refused, Err(ManualError::Refused { code: "OperationNotPermitted", .. })), "{refused:?}");
}
