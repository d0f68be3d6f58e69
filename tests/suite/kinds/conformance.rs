//! What every kind must do, whatever it is.

use std::collections::BTreeSet;

use tokaido::model::reason::plan::NextStep;
use tokaido::model::schema::{Comparison, Mutability};
use tokaido::model::{Class, Name, Operation, ResourceId, Tombstone, Value, tags};
use tokaido::sim::ManualError;
use tokaido::store::Record;
use tokaido::world::{ErrorClass, UpdateRequest};

use super::{Example, built, estate, examples, without_what_no_data_needs};
use crate::support::lab::block_on;
use crate::support::{Lab, attr};

#[test]
fn every_attribute_is_documented_and_in_the_example() {
    for Example { kind, attributes, breaks, .. } in examples() {
        let schema = kind.schema;
        assert!(schema.attribute("tags").is_some_and(|tags| tags.comparison == Comparison::Tags), "{} has no tags", schema.kind);
        assert!(!schema.title.is_empty() && schema.reference().starts_with("https://docs.aws.amazon.com/"), "{}", schema.kind);
        for attribute in schema.attributes {
            assert!(!attribute.doc.is_empty(), "{}.{} has no docs line", schema.kind, attribute.name);
            assert!(
                attribute.name == "tags" || attribute.comparison == Comparison::ReadOnly || attributes.contains(attribute.name),
                "{}.{} is not in the example",
                schema.kind,
                attribute.name
            );
        }
        for name in attributes.names().chain(breaks.keys().map(|name| Name::interned(name))) {
            assert!(schema.attribute(name).is_some(), "{}.{name} is not in the schema", schema.kind);
        }
        for named in [schema.unique, schema.name.map(|(name, _)| name)].into_iter().flatten() {
            assert!(schema.attribute(named).is_some(), "{} is known by {named}, which is no attribute", schema.kind);
        }
    }
}

#[test]
fn what_was_created_needs_nothing_more() {
    let lab = built();
    for id in estate().keys() {
        assert_eq!(lab.row(id).id.as_ref(), Some(id));
    }
    let again = lab.apply();
    assert_eq!((again.steps.len(), again.mutating_calls), (0, 0), "a second apply does nothing");
}

#[test]
fn without_records_nothing_changes_either() {
    let mut lab = built();
    lab.forget();
    lab.assert_settled();
    assert_eq!(lab.apply().mutating_calls, 0);
    let records = lab.records();
    assert!(
        matches!(records.as_slice(), [Record::Baseline { .. }, Record::Proven { .. }]),
        "an apply that had nothing to do still leaves the baseline, and that all was as declared: {records:#?}"
    );
}

#[test]
fn a_value_broken_by_hand_is_found_alone_and_repaired() {
    let lab = built();
    for example in examples() {
        for (name, value) in &example.breaks {
            lab.set(&example.id, name, value).unwrap_or_else(|error| panic!("{} {name}: {error}", example.id));
            found_and_repaired(&lab, &example.id, name);
        }
    }
}

#[test]
fn tags_broken_by_hand_are_repaired_and_foreign_ones_left_alone() {
    let lab = built();
    for Example { id, .. } in examples() {
        lab.set(&id, "tags[team]", &Value::from("somebody")).expect("a tag of somebody else");
        lab.assert_settled();
        for (path, value) in [
            (format!("tags[{}]", tags::TENANT), Value::from("globex")),
            (format!("tags[{}]", tags::CLASSIFICATION), Value::Null),
            ("tags[tokaido:owner]".to_owned(), Value::from("me")),
        ] {
            lab.set(&id, &path, &value).unwrap_or_else(|error| panic!("{id} {path}: {error}"));
            found_and_repaired(&lab, &id, "tags");
        }
        assert_eq!(
            lab.row(&id).tags.get("team").map(tokaido::model::Shared::as_str),
            Some("somebody"),
            "{id}: a foreign tag survives repairs"
        );
    }
}

/// Drift and plan name exactly this attribute of this resource; an apply repairs it with one step.
fn found_and_repaired(lab: &Lab, id: &ResourceId, attribute: &str) {
    let drift = lab.drift();
    assert!(drift.missing.is_empty(), "{id} {attribute}: {:?}", drift.missing);
    let named: Vec<_> = drift.drifted.iter().map(|note| &note.id).collect();
    assert_eq!(named, [id], "{attribute}");
    let attributes: BTreeSet<_> = drift.drifted[0].diffs.iter().map(tokaido::model::Diff::attribute).collect();
    assert_eq!(attributes, [attribute].into(), "{id}");
    assert!(drift.drifted[0].diffs.iter().all(|diff| diff.class == Class::Drift), "{id} {attribute}");

    let planned = lab.plan();
    let body = &planned.plan.body;
    assert!(body.blocked.is_empty(), "{id} {attribute}: {:#?}", body.blocked);
    assert_eq!(body.changes.iter().map(|change| &change.id).collect::<Vec<_>>(), [id], "{attribute}");
    assert!(
        body.changes[0].diffs.iter().all(|diff| diff.attribute() == attribute && diff.class == Class::Drift),
        "{:#?}",
        body.changes
    );
    let report = lab.apply_planned(&planned);
    assert_eq!((report.steps.len(), report.mutating_calls), (1, 1), "{id} {attribute}: {report:#?}");
    lab.assert_settled();
}

#[test]
fn what_aws_cannot_change_the_simulated_world_cannot_either() {
    let lab = built();
    let observed = lab.plan().observed;
    for Example { kind, id, .. } in examples() {
        let live = &observed.owned[&id];
        for attribute in
            kind.schema.attributes.iter().filter(|attribute| matches!(attribute.mutability, Mutability::Forbidden(_)))
        {
            let by_hand = lab.set(&id, attribute.name.as_str(), &Value::from("other"));
            assert!(matches!(by_hand, Err(ManualError::Immutable { .. })), "{id} {}: {by_hand:?}", attribute.name);
            let mut target = live.attributes.bare().clone();
            target.set(attribute.name, "other");
            let request = UpdateRequest {
                live: live.clone(),
                attributes: target,
                tags: live.tags.clone(),
                changed: [attribute.name].into(),
            };
            let session = lab.session();
            let driver = session.world.driver(kind.schema.kind, id.region).expect("a driver");
            let error = block_on(driver.update(&request)).expect_err(attribute.name.as_str());
            assert_eq!(error.class, ErrorClass::Invalid, "{id} {}", attribute.name);
        }
    }
    lab.assert_settled();
}

/// A change of what a kind does not have is a mistake of the caller: nobody may take it for done.
#[test]
fn a_name_that_no_kind_has_is_refused() {
    let lab = built();
    let observed = lab.plan().observed;
    for Example { kind, id, .. } in examples() {
        let live = &observed.owned[&id];
        let mut target = live.attributes.bare().clone();
        target.set(attr("no_such_attribute"), "other");
        let request = UpdateRequest {
            live: live.clone(),
            attributes: target,
            tags: live.tags.clone(),
            changed: [attr("no_such_attribute")].into(),
        };
        let driver = lab.session().world.driver(kind.schema.kind, id.region).expect("a driver");
        let error = block_on(driver.update(&request)).expect_err("no such attribute");
        assert_eq!(error.class, ErrorClass::Invalid, "{id}");
        assert!(error.message.contains("has no attribute no_such_attribute"), "{id}: {error}");
    }
    lab.assert_settled();
}

/// A create whose attribute AWS would have refused in place: shown as refused, with the way out.
#[test]
fn a_wish_that_aws_cannot_fulfil_is_blocked_with_a_procedure() {
    let lab = built();
    for Example { kind, id, .. } in examples() {
        for attribute in kind.schema.attributes {
            let Mutability::Forbidden(procedure) = attribute.mutability else { continue };
            let mut wish = (*lab.desired).clone();
            let resource = wish.resources.get_mut(&id).expect("an example");
            let other = match &resource.attributes[attribute.name] {
                Value::Bool(value) => Value::Bool(!value),
                Value::Int(number) => Value::Int(number + 1),
                Value::List(_) => Value::list(["other"]),
                // Another name is another identity; only what is not the name is asked of the same resource.
                _ if kind.schema.name.is_some_and(|(name, _)| name == attribute.name) => continue,
                _ => Value::from("other"),
            };
            resource.attributes.set(attribute.name, other);
            let body = lab.with(wish).plan().plan.body;
            assert!(body.changes.iter().all(|change| change.id != id), "{id} {}: {:#?}", attribute.name, body.changes);
            let blocked: Vec<_> =
                body.blocked.iter().map(|blocked| (&blocked.id, blocked.code.as_str(), blocked.next.clone())).collect();
            assert_eq!(
                blocked,
                [(&id, "forbidden", NextStep::Procedure { words: procedure.into() }.into())],
                "{}",
                attribute.name
            );
        }
    }
}

/// Everything that no stateful resource needs is retired at once: users first, and nothing else is touched.
#[test]
fn what_is_retired_goes_in_reverse_order() {
    let lab = built();
    let (mut wish, gone) = without_what_no_data_needs(&lab);
    let orphans = lab.with(wish.clone()).plan().plan.body;
    assert!(orphans.changes.is_empty(), "without a tombstone nothing goes");
    assert_eq!(orphans.orphans.iter().map(|orphan| &orphan.id).collect::<Vec<_>>(), gone.keys().collect::<Vec<_>>());
    for (id, resource) in &gone {
        wish.retire.insert(id.clone(), Tombstone { reason: "not needed".to_owned(), source: resource.source.clone() });
    }
    let lab = lab.with(wish);
    let steps = lab.plan().plan.body.steps;
    for (index, step) in steps.iter().enumerate() {
        assert_eq!(step.operation, Operation::Delete);
        for later in &steps[index + 1..] {
            assert!(!gone[&later.id].dependencies().contains(&step.id), "{} goes before {}, which uses it", step.id, later.id);
        }
    }
    lab.converge();
    let left: BTreeSet<_> = lab.rows().into_iter().filter_map(|row| row.id).collect();
    assert_eq!(left, lab.desired.resources.keys().cloned().collect());
}
