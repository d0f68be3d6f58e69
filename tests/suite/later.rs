//! Values that AWS holds for the maintenance window: what is in effect until then counts, and the simulated world waits
//! for what AWS waits for.

use tokaido::model::reason::plan::NoteReason;
use tokaido::model::{Class, Environment, Value};
use tokaido::sim::{LogEntry, ManualError};
use tokaido::store::{Record, recorded_state};

use crate::support::attr;
use crate::support::lab::{Lab, START, all_done, block_on, id};
use crate::support::project;

const DATABASE: &str = "db-instance.catalog@tokyo";

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

/// As it was found: no call of AWS puts these values into effect at once.
fn found(lab: &Lab, attribute: &str, value: impl Into<Value>) {
    let value = value.into();
    lab.world()
        .log()
        .commit(|state| {
            let of_it = |object: &&tokaido::world::behaviour::SimObject| object.physical == "production-catalog";
            let mut object = state.objects.values().find(of_it).expect("the database").clone();
            object.attributes.set(attr(attribute), value);
            (vec![LogEntry::put(state.now, "hand", "set", object)], ())
        })
        .expect("a world in memory");
}

#[test]
fn a_promise_that_waits_for_the_window_is_drift_until_then() {
    let lab = production();
    found(&lab, "backup_retention_days", 0);
    assert!(all_done(&lab.apply()));
    let database = id(DATABASE);
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty() && body.blocked.is_empty(), "there is nothing left to ask of AWS: {:#?}", body.changes);

    let drift = lab.drift();
    assert!(drift.drifted.is_empty() && drift.has_drift(), "backups are off until the window: {drift:#?}");
    let note = &drift.pending[0];
    assert_eq!((&note.id, &note.violations[..]), (&database, &["point-in-time-recovery".to_owned()][..]));
    assert_eq!((&note.diffs[0].before, &note.diffs[0].after), (&0.into(), &35.into()));
    let words = "in the next maintenance window; the promise point-in-time-recovery is not kept until then";
    let said = note.reason.as_ref().expect("a reason").to_string();
    assert!(said.ends_with(words), "{said}");
}

#[test]
fn what_keeps_no_promise_or_more_than_it_only_waits() {
    for (attribute, value) in [("multi_az", Value::Bool(false)), ("class", Value::from("db.t4g.micro"))] {
        let lab = production();
        found(&lab, attribute, value);
        assert!(all_done(&lab.apply()), "{attribute}");
        let drift = lab.drift();
        assert_eq!(drift.pending.len(), 1, "{attribute}");
        assert!(!drift.has_drift() && drift.pending[0].violations.is_empty(), "{attribute}: {drift:#?}");
    }
}

/// Somebody who switches backups off in a console queues it as everybody does; the plan takes it back in time.
#[test]
fn backups_that_somebody_queued_off_are_taken_back() {
    let lab = production();
    let database = id(DATABASE);
    lab.set(&database, "backup_retention_days", &0.into()).expect("by hand");
    assert_eq!(lab.row(&database).attributes.int(attr("backup_retention_days")), Some(35), "still on");
    let drift = lab.drift();
    assert_eq!(drift.drifted[0].diffs[0].path, "backup_retention_days");
    lab.converge();
    // Between other numbers of days nothing waits.
    lab.set(&database, "backup_retention_days", &7.into()).expect("by hand");
    assert_eq!(lab.row(&database).attributes.int(attr("backup_retention_days")), Some(7));
}

#[test]
fn storage_never_shrinks_in_the_simulated_world_either() {
    let lab = production();
    let refused = lab.set(&id(DATABASE), "allocated_storage", &99.into());
    assert!(matches!(refused, Err(ManualError::Refused { code: "InvalidParameterCombination", .. })), "{refused:?}");
}

/// A person raises what waits: AWS holds another value than the declared one, and both the note and the plan say which.
#[test]
fn what_waits_is_told_as_aws_holds_it() {
    for (name, declared, held) in
        [("allocated_storage", Value::from(150), Value::from(200)), ("engine_version", "16.10".into(), "16.10".into())]
    {
        for by_hand in [false, true] {
            let lab = production();
            let mut more = (*lab.desired).clone();
            more.resources.get_mut(&id(DATABASE)).expect("declared").attributes.set(attr(name), declared.clone());
            let lab = lab.with(more);
            assert!(all_done(&lab.apply()), "{name}");
            if by_hand {
                lab.set(&id(DATABASE), name, &held).expect("by hand");
            }
            let (drift, body) = (lab.drift(), lab.plan().plan.body);
            assert!(body.changes.is_empty() && drift.drifted.is_empty(), "{name}: {drift:#?}");
            let now = if by_hand { &held } else { &declared };
            for notes in [&drift.pending, &body.pending] {
                let told: Vec<&Value> = notes.iter().flat_map(|note| &note.diffs).map(|diff| &diff.after).collect();
                assert_eq!(told, [now], "{name}");
            }
            for notes in [&drift.service_managed, &body.service_managed] {
                let told: Vec<_> = notes.iter().flat_map(|note| &note.diffs).map(|diff| (&diff.before, &diff.after)).collect();
                assert_eq!(told, if *now == declared { vec![] } else { vec![(&declared, now)] }, "{name}");
                assert!(notes.iter().all(|note| note.reason == Some(NoteReason::QueuedBeyond.into())), "{notes:#?}");
            }
        }
    }
}

/// `storage.at_least` written lower: nothing to do, and not AWS's doing.
#[test]
fn a_declaration_that_was_lowered_is_not_called_a_move_of_aws() {
    let lab = production();
    let mut lower = (*lab.desired).clone();
    lower.resources.get_mut(&id(DATABASE)).expect("declared").attributes.set(attr("allocated_storage"), 50);
    let lab = lab.with(lower);
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty());
    let note = &body.service_managed[0];
    assert_eq!(note.diffs[0].class, Class::Change);
    assert_eq!(note.reason, Some(NoteReason::DeclaredLower.into()));
    // After an apply the record says the lower number, and who moved what cannot be told from it.
    lab.apply();
    let body = lab.plan().plan.body;
    assert_eq!(body.service_managed[0].reason, Some(NoteReason::WithinDeclared.into()));
}

/// What a newer tokaido compares and the record of the last apply does not know is found before the next apply.
#[test]
fn an_attribute_that_the_record_does_not_know_is_drift_of_unknown_cause() {
    let lab = production();
    let vpc = id("vpc.main@tokyo");
    let mut resources = recorded_state(&lab.records()).expect("an apply was recorded").resources;
    resources.get_mut(&vpc).expect("applied").attributes.remove(attr("dns_hostnames"));
    let older = Record::Baseline {
        at: START.parse().expect("a time"),
        plan: "older".to_owned(),
        resources,
        sent: std::collections::BTreeMap::new(),
        deleting: std::collections::BTreeSet::new(),
    };
    block_on(lab.session().store.append(Environment::Production, &older)).expect("in memory");
    assert!(!lab.drift().has_drift(), "as declared, nothing is said");

    lab.set(&vpc, "dns_hostnames", &false.into()).expect("by hand");
    let drift = lab.drift();
    assert!(drift.recorded && drift.has_drift(), "{drift:#?}");
    let note = &drift.drifted[0];
    assert_eq!((&note.id, note.diffs.len(), note.diffs[0].class), (&vpc, 1, Class::Unknown));
    assert_eq!(note.reason, Some(NoteReason::UnknownCause.into()));
    lab.converge();
}
