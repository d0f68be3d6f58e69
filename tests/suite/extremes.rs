//! Numbers that no form would take, and an API may answer: whoever looks at them says something and goes on.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use tokaido::kinds::{self, facts};
use tokaido::model::{Environment, Evidence, FactReading, Readings, Region, ResourceId, Value, VerdictState};
use tokaido::plan::{PlanningInput, plan};
use tokaido::promises::{JudgeInput, PAPER, judge};
use tokaido::store::recorded_state;

use crate::support::lab::{Lab, id};
use crate::support::project;

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

/// The same with another number wherever there is one; nothing where there is none.
fn with(value: &Value, number: i64) -> Option<Value> {
    let other = value.map_leaves(&mut |leaf| leaf.as_int().map(|_| Value::Int(number)));
    (other != *value).then_some(other)
}

fn one_of_each(lab: &Lab) -> Vec<ResourceId> {
    let mut seen = BTreeSet::new();
    lab.desired.resources.keys().filter(|id| seen.insert(id.kind.clone())).cloned().collect()
}

/// Every number that a hand can set, as large and as small as a number can be; and the days after it.
#[test]
fn no_number_set_by_hand_ends_a_plan_or_an_audit() {
    let mut taken = BTreeSet::new();
    for id in one_of_each(&production()) {
        for (name, value) in production().row(&id).attributes {
            for number in [i64::MAX, i64::MIN] {
                let Some(other) = with(&value, number) else { break };
                let lab = production();
                if lab.set(&id, name.as_str(), &other).is_err() {
                    continue;
                }
                taken.insert(format!("{}.{name}", id.kind));
                lab.plan();
                lab.drift();
                lab.wait(SignedDuration::from_hours(30));
                lab.audit();
            }
        }
    }
    for needed in ["backup-plan.copies", "backup-plan.rules", "db-instance.max_allocated_storage", "security-group.rules"] {
        assert!(taken.contains(needed), "{needed} is not among {taken:?}");
    }
}

/// And whatever else AWS may answer, all of it at once.
#[test]
fn no_number_that_is_read_ends_a_plan_or_an_audit() {
    let lab = production();
    let (records, schemas) = (lab.records(), kinds::schemas());
    let recorded = recorded_state(&records);
    let recorded = recorded.as_ref();
    let (mut observed, now) = (lab.plan().observed, lab.moment());
    let told = ["production-acme-db", "production-catalog"].into_iter().flat_map(|physical| {
        [facts::LATEST_RESTORABLE, facts::EARLIEST_RESTORABLE].map(|name| FactReading {
            kind: "db-instance".to_owned(),
            region: Region::Tokyo,
            physical: physical.to_owned(),
            name: name.to_owned(),
            value: now.to_string(),
            source: "rds:DescribeDBInstances".to_owned(),
            at: now.to_string(),
        })
    });
    observed.evidence = Some(Evidence { facts: told.collect(), ..Evidence::default() });
    for number in [i64::MAX, i64::MIN, 0] {
        let mut observed = observed.clone();
        for live in observed.owned.values_mut() {
            let changed = live.attributes.bare().replaced(|_, value| with(value, number));
            live.attributes = Readings::from(changed);
        }
        let mut desired = (*lab.desired).clone();
        desired.promised_days.values_mut().for_each(|days| *days = number);
        let now = Some(now);
        let verdicts =
            judge(&JudgeInput { desired: &desired, observed: &observed, recorded, schemas: &schemas, accounts: None, now });
        assert_eq!(verdicts.len(), PAPER.len());
        let body =
            plan(&PlanningInput { desired: &desired, observed: &observed, recorded, schemas: &schemas, tool_version: "0.1.0" });
        assert!(!body.promises.is_empty());
    }
}

/// Room to grow is room to grow, whatever the number.
#[test]
fn a_ceiling_beyond_all_numbers_is_room_to_grow() {
    let lab = production();
    lab.set(&id("db-instance.catalog@tokyo"), "max_allocated_storage", &Value::Int(i64::MAX)).expect("a hand");
    let audit = lab.audit();
    let capacity = audit.verdicts.iter().find(|verdict| verdict.promise == "capacity-growth").expect("a verdict");
    assert_eq!(capacity.state, VerdictState::Kept);
}
