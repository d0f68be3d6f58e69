//! Every observed kind, by its example alone: it is read, judged and shown, and nothing of it is ever made, changed or deleted.

use std::collections::BTreeSet;

use tokaido::kinds::{self, Kind};
use tokaido::model::observed::OtherStanding;
use tokaido::model::{Live, Mutability, Name, ObservedState, Pairs, Region, ResourceId, Value};
use tokaido::observe::{Depth, observe};
use tokaido::plan::links;
use tokaido::policy::PolicyInput;
use tokaido::sim::{ManualError, SandboxRow};
use tokaido::world::{CreateRequest, ErrorClass, UpdateRequest};

use super::{ACCOUNT, Example, built, estate, example, resource};
use crate::support::lab::block_on;
use crate::support::{Lab, attr};

fn examples() -> Vec<Example> {
    kinds::ALL.into_iter().filter(|kind| kind.schema.observed).map(example).collect()
}

/// The example as a person makes it in a console, with these tags. Answers with AWS's identifier.
fn by_hand(lab: &Lab, example: &Example, tags: Pairs) -> String {
    let outputs = lab.plan().observed.owned.into_iter().map(|(id, live)| (id, live.outputs)).collect();
    let attributes = links::lower(&example.attributes, &outputs).expect("everything it needs exists");
    let request = CreateRequest { attributes, tags };
    let made = lab.world().log().create_by_hand(ACCOUNT, example.id.region, example.kind.schema.kind, &request);
    made.unwrap_or_else(|error| panic!("{}: {error}", example.id))
}

/// What an audit reads, which lists kinds that no plan lists.
fn look(lab: &Lab) -> ObservedState {
    block_on(observe(&*lab.session().world, &lab.desired, None, &kinds::schemas(), Depth::Audit))
}

/// What a look shows of the object, and that it is nobody's.
fn seen(lab: &Lab, kind: &Kind, physical: &str) -> Live {
    let observed = look(lab);
    let found = observed.others.into_iter().find(|other| other.kind == kind.schema.kind && other.live.physical == physical);
    let found = found.unwrap_or_else(|| panic!("no {} {physical}", kind.schema.kind));
    assert_eq!(found.standing, OtherStanding::Foreign);
    found.live
}

#[test]
fn every_attribute_is_in_the_example_and_of_its_type() {
    assert!(examples().len() > 1);
    for Example { kind, attributes, breaks, .. } in examples() {
        let schema = kind.schema;
        let back = (kind.typed)(&attributes).unwrap_or_else(|error| panic!("{}: {error}", schema.kind));
        assert_eq!(back, attributes, "{}", schema.kind);
        let rows: BTreeSet<Name> = schema.attributes.iter().map(|row| row.name).filter(|name| *name != "tags").collect();
        assert_eq!(attributes.names().collect::<BTreeSet<_>>(), rows, "{}", schema.kind);
        assert!(!breaks.is_empty() && breaks.keys().all(|name| rows.contains(&Name::interned(name))), "{}", schema.kind);
        assert!(schema.name.is_none() && schema.unique.is_none() && !schema.stateful, "{}", schema.kind);
    }
}

/// With every tag of ours, as a copy of them would be, and without any.
#[test]
fn tags_make_nothing_of_it_ours() {
    for example in examples() {
        let lab = built();
        let ours = resource(&example.id, example.attributes.clone()).tags;
        for tags in [ours, Pairs::new()] {
            let physical = by_hand(&lab, &example, tags);
            let live = seen(&lab, example.kind, &physical);
            assert_eq!(*live.attributes.bare(), example.attributes, "{}: links lead to our resources", example.id);
            lab.assert_settled();
            let planned = lab.plan();
            let body = &planned.plan.body;
            assert!(body.orphans.is_empty() && body.copies.is_empty(), "{:#?} {:#?}", body.orphans, body.copies);
            assert!(body.foreign.iter().all(|foreign| foreign.kind != example.id.kind.as_str()), "{:#?}", body.foreign);
            assert!(planned.observed.owned.keys().all(|id| id.kind != example.id.kind));
            assert_eq!(lab.apply().mutating_calls, 0);
        }
    }
}

#[test]
fn what_a_person_changes_is_seen_and_is_no_drift() {
    for example in examples() {
        let lab = built();
        let physical = by_hand(&lab, &example, Pairs::new());
        let named = ResourceId::new(&example.id.kind, &physical, example.id.region);
        for (name, value) in &example.breaks {
            lab.set(&named, name, value).unwrap_or_else(|error| panic!("{named} {name}: {error}"));
            let live = seen(&lab, example.kind, &physical);
            assert_eq!(live.attributes.bare().get(Name::interned(name)), Some(value), "{named} {name}");
            lab.assert_settled();
        }
        for row in example.kind.schema.attributes.iter().filter(|row| matches!(row.mutability, Mutability::Forbidden(_))) {
            let by_hand = lab.set(&named, row.name.as_str(), &Value::from("other"));
            assert!(matches!(by_hand, Err(ManualError::Immutable { .. })), "{named} {}: {by_hand:?}", row.name);
        }
        lab.remove(&named).expect("made by hand, and gone by hand");
        lab.assert_settled();
    }
}

#[test]
fn no_driver_makes_changes_or_deletes_one() {
    for example in examples() {
        let lab = built();
        let physical = by_hand(&lab, &example, Pairs::new());
        let live = seen(&lab, example.kind, &physical);
        let driver = lab.session().world.driver(&example.id.kind, example.id.region).expect("a driver");
        let request = CreateRequest { attributes: live.attributes.bare().clone(), tags: Pairs::new() };
        let changed = example.breaks.keys().map(|name| Name::interned(name)).collect();
        let update = UpdateRequest { live: live.clone(), attributes: example.breaks.clone().into(), tags: Pairs::new(), changed };
        let refused =
            [block_on(driver.create(&request)).map(drop), block_on(driver.update(&update)), block_on(driver.delete(&live))];
        for answer in refused {
            assert_eq!(answer.expect_err("observed").class, ErrorClass::Invalid, "{}", example.id);
        }
        assert_eq!(seen(&lab, example.kind, &physical), live);
    }
}

/// What AWS makes with an object is there with it, cannot be deleted before it, and goes with it.
#[test]
fn what_aws_makes_comes_and_goes_with_its_object() {
    let lab = built();
    let kinds = || kinds::ALL.into_iter().filter_map(|kind| Some((kind, kind.behaviour.made_with?)));
    assert!(kinds().count() > 1);
    let owners = estate().into_keys().filter(|id| kinds().any(|(_, made)| made.kind == id.kind.as_str()));
    let (mut shown, mut count) = (look(&lab).others, 0);
    for owner in owners {
        let physical = lab.row(&owner).physical;
        for (kind, _) in kinds().filter(|(_, made)| made.kind == owner.kind.as_str()) {
            let (own, others): (Vec<_>, Vec<_>) = shown.into_iter().partition(|other| {
                let place =
                    other.live.attributes.bare().iter().any(|(_, value)| matches!(value, Value::Ref(to) if to.to == owner));
                other.kind == kind.schema.kind && place
            });
            shown = others;
            assert_eq!(own.len(), 1, "{owner} ({physical}) has one {}: {own:#?}", kind.schema.kind);
            let own = &own[0].live;
            (kind.typed)(own.attributes.bare()).unwrap_or_else(|error| panic!("{}: {error}", kind.schema.kind));
            let named = ResourceId::new(kind.schema.kind, &own.physical, owner.region);
            let refused = lab.remove(&named);
            assert!(matches!(refused, Err(ManualError::Refused { .. })), "{named}: {refused:?}");
            count += 1;
        }
    }
    assert!(shown.is_empty() && count > 1, "{count}, {shown:#?}");
}

#[test]
fn a_network_that_is_deleted_takes_what_aws_made_with_it() {
    let lab = built();
    let before = lab.rows().len();
    let request = |cidr: &str| {
        let attributes = [("cidr", cidr), ("dhcp_options", "default")].map(|(name, value)| (attr(name), value.into()));
        CreateRequest { attributes: attributes.into_iter().collect(), tags: [("owner".to_owned(), "somebody".to_owned())].into() }
    };
    let log = lab.world().log();
    let region = Region::Tokyo;
    let physical = log.create_by_hand(ACCOUNT, region, "vpc", &request("10.77.0.0/16")).expect("a network");
    assert_eq!(lab.rows().len(), before + 4, "with its route table, its network ACL and its group");
    let named = ResourceId::new("vpc", &physical, region);
    lab.remove(&named).expect("nothing of ours is in it");
    assert_eq!(lab.rows().len(), before);
    // A table that a person made is in the way.
    let physical = log.create_by_hand(ACCOUNT, region, "vpc", &request("10.78.0.0/16")).expect("a network");
    let table = [(attr("vpc"), Value::from(physical.as_str()))].into_iter().collect();
    let table = CreateRequest { attributes: table, tags: Pairs::new() };
    log.create_by_hand(ACCOUNT, region, "route-table", &table).expect("a table");
    let refused = lab.remove(&ResourceId::new("vpc", &physical, region));
    assert!(matches!(refused, Err(ManualError::Refused { code: "DependencyViolation", .. })), "{refused:?}");
}

/// AWS gives every subnet a network ACL: the default one, unless a person associated another.
#[test]
fn a_subnet_has_one_network_acl() {
    let lab = built();
    let example = examples().into_iter().find(|example| example.id.kind == "network-acl").expect("an example");
    let subnets: BTreeSet<ResourceId> = estate().into_keys().filter(|id| id.kind == "subnet").collect();
    let listed = |observed: &ObservedState| {
        let mut all: Vec<(bool, ResourceId)> = Vec::new();
        for acl in observed.others.iter().filter(|other| other.kind == "network-acl") {
            let attributes = acl.live.attributes.bare();
            let default = attributes[attr("default")] == Value::Bool(true);
            attributes[attr("subnets")].visit_references(&mut |reference| all.push((default, reference.to.clone())));
        }
        all.sort_by(|(_, a), (_, b)| a.cmp(b));
        all
    };
    let all = listed(&lab.plan().observed);
    assert_eq!(all.iter().map(|(_, id)| id.clone()).collect::<BTreeSet<_>>(), subnets);
    assert!(all.len() == subnets.len() && all.iter().all(|(default, _)| *default), "{all:?}");
    by_hand(&lab, &example, Pairs::new());
    let all = listed(&lab.plan().observed);
    assert_eq!(all.len(), subnets.len(), "{all:?}");
    let moved: Vec<String> = all.into_iter().filter(|(default, _)| !default).map(|(_, id)| id.to_string()).collect();
    assert_eq!(moved, ["subnet.shared-a@tokyo"]);
    // What is shown of the sandbox is what AWS shows.
    let rows: Vec<_> = lab.rows().into_iter().filter(|row| row.kind == "network-acl").collect();
    let of = |row: &SandboxRow| row.attributes[attr("subnets")].as_list().map_or(0, <[Value]>::len);
    assert_eq!(rows.iter().map(of).sum::<usize>(), subnets.len());
}

/// A policy may ask about what no file declares: it is in the input, with links to our resources.
#[test]
fn a_policy_can_ask_about_it() {
    // A plan does not list what only an audit lists, so a policy cannot take it for absent.
    let schema = tokaido::policy::input_schema();
    let live = &schema["properties"]["live"]["properties"];
    assert!(kinds::ALL.into_iter().all(|kind| live[kind.schema.kind].is_object() != kind.audit_only));
    for example in examples().into_iter().filter(|example| !example.kind.audit_only) {
        let lab = built();
        let physical = by_hand(&lab, &example, Pairs::new());
        let planned = lab.plan();
        let (body, live) = (&planned.plan.body, &planned.observed);
        let input = tokaido::policy::input(&PolicyInput { body, desired: &lab.desired, live, planned: live });
        let kind = example.kind.schema.kind;
        let id = format!("{kind}/{physical}@{}", example.id.region);
        let found = input["live"][kind].as_array().and_then(|all| all.iter().find(|one| one["id"] == id.as_str()));
        let found = found.unwrap_or_else(|| panic!("{id}: {}", input["live"][kind]));
        assert_eq!(found["standing"], "foreign");
        // Prefix lists, endpoint services and tables of transit gateways lead to nothing that files declare.
        let attributes = found["attributes"].as_object().expect("attributes");
        let linked = |one: &serde_json::Value| one["$ref"].as_str().is_some_and(|id| id.ends_with(".main@tokyo"));
        let of = |one: &serde_json::Value| linked(one) || one.as_array().is_some_and(|all| all.iter().any(linked));
        let links = example.kind.schema.attributes.iter().any(|row| !row.refers_to.is_empty());
        assert_eq!(attributes.values().any(of), links, "{found}");
        let schema = &tokaido::policy::input_schema()["properties"]["live"]["properties"][kind];
        assert!(schema.is_object(), "{kind}");
    }
}
