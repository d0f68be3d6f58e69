//! A list that fails in one region: unknown is what needs that kind in that region, and nothing of the other one.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds;
use tokaido::model::{Region, ResourceId, VerdictState};
use tokaido::world::{ErrorClass, Moment};

use super::{in_state, production, states};
use crate::support::binary::Product;
use crate::support::lab::Lab;
use crate::support::project;

const CLASSES: [ErrorClass; 3] = [ErrorClass::AccessDenied, ErrorClass::Throttled, ErrorClass::Unreachable];

/// The promises that need this kind somewhere.
fn needed(kind: &str) -> BTreeSet<&'static str> {
    let (_, promises) = super::reads::READS.iter().find(|(name, _)| *name == kind).expect("every kind");
    promises.iter().copied().collect()
}

fn places() -> impl Iterator<Item = (&'static str, Region)> {
    kinds::ALL.iter().flat_map(|kind| kind.regions.iter().map(|region| (kind.schema.kind, *region)))
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is part of what the test says")]
fn a_list_that_fails_in_one_region_hides_that_kind_there_and_nothing_else() {
    let lab = production();
    let before = states(&lab.audit());
    let mut table: BTreeMap<(&str, Region), BTreeSet<String>> = BTreeMap::new();
    for (kind, region) in places() {
        for class in CLASSES {
            let place = format!("{kind}@{region}");
            lab.fail(&format!("list {place}"), class, Moment::Before, 0);
            let (audit, body, drift) = (lab.audit(), lab.plan().plan.body, lab.drift());
            lab.heal();
            let unreadable: BTreeSet<_> = body.unreadable.iter().map(|one| (one.kind.as_str(), one.region)).collect();
            let planned = kinds::planned().any(|planned| planned.schema.kind == kind);
            assert_eq!(unreadable, planned.then_some((kind, region)).into_iter().collect());
            assert!(body.changes.is_empty() && body.drifted.is_empty(), "{place}: {:#?}", body.changes);
            // What cannot be seen, and what would be compared with it.
            let hidden = |id: &ResourceId| id.kind == kind && id.region == region;
            let leans = |id: &ResourceId| lab.desired.resources[id].dependencies().iter().any(&hidden);
            let blocked: BTreeSet<_> = body.blocked.iter().map(|blocked| blocked.id.clone()).collect();
            assert!(body.blocked.iter().all(|blocked| blocked.code.as_str() == "unreadable"), "{place}: {:#?}", body.blocked);
            assert!(lab.desired.resources.keys().filter(|id| hidden(id)).all(|id| blocked.contains(id)), "{place}: {blocked:?}");
            assert!(blocked.iter().all(|id| hidden(id) || leans(id)), "{place}: {blocked:?}");
            assert!(!drift.has_drift() && drift.unreadable.iter().all(|one| one.region == region), "{place}: {drift:#?}");

            let unknown = in_state(&audit, VerdictState::Unknown);
            let names: BTreeSet<String> = unknown.keys().cloned().collect();
            assert!(names.iter().all(|name| needed(kind).contains(name.as_str())), "{place}: {names:?}");
            let first = table.entry((kind, region)).or_insert_with(|| names.clone());
            assert_eq!(*first, names, "{place} {class:?}: why it failed makes no difference");
            assert!(in_state(&audit, VerdictState::Broken).is_empty(), "{place}");
            for (promise, (state, members)) in &states(&audit) {
                let (was, were) = &before[promise];
                if !unknown.contains_key(promise) {
                    assert_eq!((state, members), (was, were), "{place}: {promise}");
                }
                // The read that failed is named, and whatever else is unknown is of that region.
                let named = format!("every {place}");
                for (member, state) in members {
                    // Copies in Osaka are promised of databases in Tokyo.
                    // A tenant is in both.
                    let there =
                        promise == "recovery-copies" || member.ends_with(&format!("@{region}")) || member.starts_with("tenant ");
                    let here = *member == named || (there && !member.starts_with("every "));
                    assert!(*state != VerdictState::Unknown || here, "{place}: {promise}: {member}");
                    assert!(*state == VerdictState::Unknown || were.get(member) == Some(state), "{place}: {promise}: {member}");
                }
                assert!(!unknown.contains_key(promise) || members.contains_key(&named), "{place}: {promise}: {members:#?}");
            }
        }
    }
    lab.assert_settled();
    // Both regions together are what needs the kind at all: by hand, in `breaks`.
    for (kind, promises) in super::reads::READS {
        let both: BTreeSet<&str> =
            table.iter().filter(|((of, _), _)| of == kind).flat_map(|(_, names)| names.iter().map(String::as_str)).collect();
        assert_eq!(both, promises.iter().copied().collect(), "{kind}");
    }
    let rows = table.iter().map(|((kind, region), names)| {
        format!("{:28} {}\n", format!("{kind}@{region}"), names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
    });
    let text: String = rows.collect();
    println!("{text}");
    insta::assert_snapshot!("lists_that_fail_in_one_region", text);
}

/// Before anything is there: what is in the other region is made, unless it needs what cannot be seen.
#[test]
fn a_list_that_fails_in_one_region_does_not_keep_the_other_from_being_made() {
    for (kind, region) in places().filter(|(_, region)| *region != Region::Global) {
        let lab = Lab::new(project::load(project::root(), tokaido::model::Environment::Production));
        lab.fail(&format!("list {kind}@{region}"), ErrorClass::Unreachable, Moment::Before, 0);
        let body = lab.plan().plan.body;
        let mut hidden: BTreeSet<_> =
            lab.desired.resources.keys().filter(|id| id.kind == kind && id.region == region).cloned().collect();
        // And what needs one of these, and what needs that.
        loop {
            let needs =
                |resource: &tokaido::model::DesiredResource| resource.dependencies().iter().any(|need| hidden.contains(need));
            let more: Vec<_> = lab
                .desired
                .resources
                .iter()
                .filter(|(id, resource)| !hidden.contains(*id) && needs(resource))
                .map(|(id, _)| id.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            hidden.extend(more);
        }
        let planned: BTreeSet<_> = body.changes.iter().map(|change| change.id.clone()).collect();
        let expected = lab.desired.resources.keys().filter(|id| !hidden.contains(*id)).cloned().collect();
        assert_eq!(planned, expected, "{kind}@{region}");
    }
}

#[test]
fn the_binary_says_which_region_it_could_not_read() {
    let product = Product::applied("dev");
    for (kind, class) in [("kms-key", "access-denied"), ("subnet", "throttled"), ("backup-vault", "unreachable")] {
        for region in ["tokyo", "osaka"] {
            product.expect(0, &["sandbox", "fail", &format!("list {kind}@{region}"), class]);
            for command in ["plan", "drift"] {
                let ran = product.reads_only(8, &[command, "dev"]);
                let other = if region == "tokyo" { "osaka" } else { "tokyo" };
                assert!(ran.out.contains(kind) && ran.out.contains(region), "{command} {kind}@{region}: {}", ran.out);
                assert!(!ran.out.contains(&format!("{kind}@{other}")), "{command} {kind}@{region}: {}", ran.out);
            }
            product.expect(0, &["sandbox", "heal"]);
        }
    }
}
