//! A list that fails in one region: unknown is what needs that kind in that region, and nothing of the other one.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds;
use tokaido::model::{Region, VerdictState};
use tokaido::world::{ErrorClass, Moment};

use super::{in_state, production, states};
use crate::support::binary::Product;
use crate::support::lab::Lab;
use crate::support::project;

const CLASSES: [ErrorClass; 3] = [ErrorClass::AccessDenied, ErrorClass::Throttled, ErrorClass::Unreachable];

/// What Osaka holds less than Tokyo: no database, no tenant, nothing that logs. Written by hand.
const ONLY_TOKYO: &[(&str, &[&str])] = &[];

/// The promises that need this kind in this region.
fn needed(kind: &str, region: Region) -> BTreeSet<&'static str> {
    let (_, promises) = super::breaks::READS.iter().find(|(name, _)| *name == kind).expect("every kind");
    let less = ONLY_TOKYO.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, promises)| promises);
    promises.iter().copied().filter(|promise| region != Region::Osaka || !less.contains(promise)).collect()
}

fn places() -> impl Iterator<Item = (&'static str, Region)> {
    kinds::ALL.iter().flat_map(|kind| kind.regions.iter().map(|region| (kind.schema.kind, *region)))
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is part of what the test says")]
fn a_list_that_fails_in_one_region_hides_that_kind_there_and_nothing_else() {
    let lab = production();
    let before = states(&lab.audit());
    let mut wrong = BTreeMap::new();
    for (kind, region) in places() {
        for class in CLASSES {
            let place = format!("{kind}@{region}");
            lab.fail(&format!("list {place}"), class, Moment::Before, 0);
            let (audit, body, drift) = (lab.audit(), lab.plan().plan.body, lab.drift());
            lab.heal();
            let unreadable: BTreeSet<_> = body.unreadable.iter().map(|one| (one.kind.as_str(), one.region)).collect();
            assert_eq!(unreadable, BTreeSet::from([(kind, region)]));
            assert!(body.changes.is_empty() && body.drifted.is_empty(), "{place}: {:#?}", body.changes);
            let blocked: BTreeSet<_> = body.blocked.iter().map(|blocked| (blocked.id.clone(), blocked.code.as_str())).collect();
            let hidden = lab.desired.resources.keys().filter(|id| id.kind == kind && id.region == region);
            assert_eq!(blocked, hidden.map(|id| (id.clone(), "unreadable")).collect(), "{place}");
            assert!(!drift.has_drift() && drift.unreadable.iter().all(|one| one.region == region), "{place}: {drift:#?}");

            let unknown = in_state(&audit, VerdictState::Unknown);
            let names: BTreeSet<&str> = unknown.keys().map(String::as_str).collect();
            println!("{place:28} {class:?}: {}", unknown.keys().cloned().collect::<Vec<_>>().join(", "));
            if names != needed(kind, region) {
                wrong.insert(place.clone(), names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
            }
            assert!(in_state(&audit, VerdictState::Broken).is_empty(), "{place}");
            for (promise, (state, members)) in &states(&audit) {
                let (was, were) = &before[promise];
                if !unknown.contains_key(promise) {
                    assert_eq!((state, members), (was, were), "{place}: {promise}");
                }
                // The read that failed is named, and whatever else is unknown is of that region.
                let named = format!("every {place}");
                for (member, state) in members {
                    let here = *member == named || (member.ends_with(&format!("@{region}")) && !member.starts_with("every "));
                    assert!(*state != VerdictState::Unknown || here, "{place}: {promise}: {member}");
                    assert!(*state == VerdictState::Unknown || were.get(member) == Some(state), "{place}: {promise}: {member}");
                }
                assert!(!unknown.contains_key(promise) || members.contains_key(&named), "{place}: {promise}: {members:#?}");
            }
        }
    }
    assert!(wrong.is_empty(), "other promises are unknown than need the list: {wrong:#?}");
    lab.assert_settled();
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
