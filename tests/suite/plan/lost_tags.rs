//! A resource that has lost its tags and whose fixed value the file changes is the one that was applied: nothing is made beside it.

use tokaido::model::tags::Tags;
use tokaido::model::{Action, BlockedCode, DesiredState, Environment, PlanBody, Region, ResourceId, Value};
use tokaido::world::CreateRequest;

use crate::support::attr;
use crate::support::lab::{Lab, id};

use super::entries::{edited, live};
use super::stays::{dev, nobody_is_cut_off, two_tenants, with_globex};

const SHARED: (&str, &str) = ("shared: 10.10.0.0/20", "shared: 10.10.64.0/20");
const CLIENTS: &str = "security-group.catalog-clients@tokyo";
const TAGS: [&[&str]; 3] = [&["environment"], &["id"], &["environment", "id"]];

/// A person takes these tags off these resources.
fn lose(lab: &Lab, resources: &[&str], tags: &[&str]) {
    for of in resources {
        let mut named = id(of);
        let physical = lab.row(&named).physical;
        for tag in tags {
            lab.set(&named, &format!("tags[tokaido:{tag}]"), &Value::Null).expect("by hand");
            // Without one of them it has its own identifier alone.
            named = ResourceId::new(&named.kind, &physical, named.region);
        }
    }
}

/// Nothing of this kind is made, and each of these says what holds its place.
fn nothing_is_made_beside(body: &PlanBody, kind: &str, lost: &[&str]) {
    let made: Vec<_> = body.changes.iter().filter(|change| change.kind == kind && change.action == Action::Create).collect();
    assert!(made.is_empty(), "{made:#?}");
    for of in lost {
        let said = body.blocked.iter().find(|blocked| blocked.id == id(of)).expect("a refusal");
        assert_eq!(said.code, BlockedCode::StillHeld, "{said:#?}");
        let command = said.next.to_string();
        assert!(command.contains("create-tags"), "how to put them back: {command}");
    }
}

#[test]
fn a_shared_block_that_moves_leaves_no_subnets_behind() {
    let all = ["subnet.shared-a@tokyo", "subnet.shared-b@tokyo", "subnet.shared-c@tokyo"];
    for tags in TAGS {
        for lost in [&all[..], &all[..1]] {
            let lab = live(Environment::Dev);
            lose(&lab, lost, tags);
            let lab = lab.with(dev(&[SHARED]));
            let body = nobody_is_cut_off(&lab, &[CLIENTS]);
            nothing_is_made_beside(&body, "subnet", lost);
            assert!(!lab.drift().missing.is_empty(), "what has lost its tags is still drift");
        }
    }
}

#[test]
fn a_tenant_that_moves_leaves_no_subnets_behind() {
    let all = ["subnet.globex-a@tokyo", "subnet.globex-b@tokyo", "subnet.globex-c@tokyo"];
    let moved: DesiredState = with_globex(&[("cidr: 10.10.32.0/20", "cidr: 10.10.48.0/20")]);
    for tags in TAGS {
        for lost in [&all[..], &all[1..2]] {
            let lab = two_tenants();
            lose(&lab, lost, tags);
            let body = nobody_is_cut_off(&lab.with(moved.clone()), &["security-group.globex@tokyo"]);
            nothing_is_made_beside(&body, "subnet", lost);
        }
    }
}

#[test]
fn a_network_that_moves_is_not_made_a_second_time() {
    for tags in TAGS {
        let lab = live(Environment::Production);
        lose(&lab, &["vpc.acme@tokyo"], tags);
        let moved = edited(Environment::Production, &[("cidr: 10.40.0.0/20", "cidr: 10.41.0.0/20")]);
        let lab = lab.with(moved);
        let body = nobody_is_cut_off(&lab, &[]);
        nothing_is_made_beside(&body, "vpc", &["vpc.acme@tokyo"]);
        nothing_is_made_beside(&body, "subnet", &[]);
        // What lies in it has not changed.
        let drift = lab.drift();
        assert!(drift.drifted.is_empty() && !drift.missing.is_empty(), "{:#?}", drift.drifted);
    }
}

/// Another network may have the same blocks: a stranger's subnet is not ours.
#[test]
fn a_block_of_another_network_is_nothing_of_ours() {
    let lab = live(Environment::Dev);
    let ours = id("subnet.acme-a@tokyo");
    let made = |kind: &str, attributes: &[(&str, &str)]| {
        let attributes = attributes.iter().map(|(name, value)| (attr(name), (*value).into())).collect();
        let request = CreateRequest { attributes, tags: Tags::new() };
        lab.world().log().create_by_hand("111111111111", Region::Tokyo, kind, &request).expect("made")
    };
    let network = made("vpc", &[("cidr", "10.10.0.0/16")]);
    let row = lab.row(&ours);
    let of = |name: &str| row.attributes[attr(name)].as_text().expect("text");
    made("subnet", &[("vpc", &network), ("cidr", of("cidr")), ("zone", of("zone"))]);
    lab.remove(&ours).expect("by hand");
    let lab = lab.with(dev(&[("cidr: 10.10.16.0/20", "cidr: 10.10.48.0/20")]));
    let body = lab.plan().plan.body;
    assert!(
        !body.blocked.iter().any(|blocked| blocked.id == ours && blocked.code == BlockedCode::StillHeld),
        "{:#?}",
        body.blocked
    );
    let gone = lab.drift().missing.into_iter().find(|gone| gone.id == ours).expect("it is gone");
    assert!(gone.mislabelled.is_none(), "{gone:#?}");
}
