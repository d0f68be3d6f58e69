//! What AWS adds to a request that does not say: it is never taken for what was declared.

use std::collections::BTreeMap;

use tokaido::model::schema::Comparison;
use tokaido::model::{Attributes, Name, ResourceId, Value};
use tokaido::plan::{compare, links};
use tokaido::world::CreateRequest;

use super::{ACCOUNT, estate, examples};
use crate::support::{Lab, attr, desired, id};

/// Makes `target` by hand from these attributes, among everything it needs, and answers with what the plan wants.
fn planned_after(target: &ResourceId, attributes: &Attributes) -> Option<(Attributes, Vec<String>)> {
    let all = estate();
    let mut needed: Vec<ResourceId> = vec![target.clone()];
    let mut seen = 0;
    while seen < needed.len() {
        let more = all[&needed[seen]].dependencies().into_iter().filter(|id| !needed.contains(id)).collect::<Vec<_>>();
        needed.extend(more);
        seen += 1;
    }
    let wish: BTreeMap<_, _> =
        all.iter().filter(|(id, _)| needed.contains(id)).map(|(id, resource)| (id.clone(), resource.clone())).collect();
    let without: BTreeMap<_, _> =
        wish.iter().filter(|(id, _)| *id != target).map(|(id, resource)| (id.clone(), resource.clone())).collect();
    let lab = Lab::new(desired(tokaido::model::Environment::Dev, ACCOUNT, without));
    lab.converge();
    let outputs = lab.plan().observed.owned.into_iter().map(|(id, live)| (id, live.outputs)).collect();
    let attributes = links::lower(attributes, &outputs).expect("everything it needs exists");
    let request = CreateRequest { attributes, tags: wish[target].tags.clone() };
    lab.world().log().create_by_hand(ACCOUNT, target.region, &target.kind, &request).ok()?;
    let planned = lab.with(desired(tokaido::model::Environment::Dev, ACCOUNT, wish)).plan();
    let body = planned.plan.body;
    assert!(body.changes.iter().all(|change| change.id == *target), "{:#?}", body.changes);
    let changed = body.changes.iter().flat_map(|change| &change.diffs);
    let paths =
        changed.chain(body.blocked.iter().flat_map(|blocked| &blocked.diffs)).map(|diff| diff.attribute().to_owned()).collect();
    Some((planned.observed.owned[target].attributes.bare().clone(), paths))
}

/// For each attribute of each kind: left out of the create, the live value is either the declared one or a difference.
#[test]
fn an_attribute_left_out_is_a_difference_unless_aws_chose_the_same() {
    for example in examples() {
        let schema = example.kind.schema;
        // Without its name it would be another resource.
        let is_name = |name: Name| schema.name.is_some_and(|(attribute, _)| attribute == name);
        for attribute in schema.attributes.iter().filter(|attribute| attribute.name != "tags" && !is_name(attribute.name)) {
            // No file declares what is only read.
            if attribute.comparison == Comparison::ReadOnly {
                continue;
            }
            let mut attributes = example.attributes.clone();
            let wanted = attributes.remove(attribute.name).expect("the example is complete");
            // Refusing an incomplete request is an answer too.
            let Some((live, paths)) = planned_after(&example.id, &attributes) else { continue };
            let live = live.get(attribute.name).cloned().unwrap_or(Value::Null);
            let same = attribute.comparison == Comparison::WriteOnly
                || compare::attribute_differences(attribute, &example.attributes, &live, &wanted).is_empty();
            let named = paths.iter().any(|path| attribute.name == path.as_str());
            assert_eq!(named, !same, "{} {}: live {live}, declared {wanted}, differences {paths:?}", example.id, attribute.name);
        }
    }
}

/// The defaults that field notes 3.1 calls dangerous, by name: the simulated world must have them, the plan must see them.
#[test]
fn the_dangerous_defaults_are_there_and_are_seen() {
    let dangerous = [
        ("db-instance.catalog@tokyo", "backup_retention_days", Value::Int(1)),
        ("db-instance.catalog@tokyo", "storage_encrypted", Value::Bool(false)),
        ("db-instance.catalog@tokyo", "publicly_accessible", Value::Bool(true)),
        ("db-instance.catalog@tokyo", "deletion_protection", Value::Bool(false)),
        ("db-instance.catalog@tokyo", "copy_tags_to_snapshot", Value::Bool(false)),
        ("db-instance.catalog@tokyo", "multi_az", Value::Bool(false)),
        ("db-instance.catalog@tokyo", "managed_master_password", Value::Bool(false)),
        ("db-instance.catalog@tokyo", "auto_minor_version_upgrade", Value::Bool(true)),
        ("vpc.main@tokyo", "dns_hostnames", Value::Bool(false)),
        ("vpc.main@tokyo", "dhcp_options", Value::from("default")),
        ("kms-key.main@tokyo", "rotation_days", Value::Null),
    ];
    let examples = examples();
    for (target, attribute, default) in dangerous {
        let target = id(target);
        let mut attributes = examples.iter().find(|example| example.id == target).expect("an example").attributes.clone();
        attributes.remove(attr(attribute));
        let (live, paths) =
            planned_after(&target, &attributes).unwrap_or_else(|| panic!("{target} without {attribute} was refused"));
        assert_eq!(live.get(attr(attribute)).cloned().unwrap_or(Value::Null), default, "{target} {attribute}");
        assert!(paths.iter().any(|path| path == attribute), "{target} {attribute}: {paths:?}");
    }
}

#[test]
fn a_new_group_lets_everything_out_until_the_plan_closes_it() {
    let target = id("security-group.catalog@tokyo");
    let mut attributes = estate()[&target].attributes.clone();
    attributes.remove(attr("rules"));
    let (live, paths) = planned_after(&target, &attributes).expect("a group without rules");
    let rules = live[attr("rules")].as_list().expect("rules").iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(rules, ["direction egress, peer 0.0.0.0/0, protocol all"]);
    assert_eq!(paths, ["rules"; 3], "two declared rules are missing, one is too much");
}
