//! Calls that fail: before they take effect, or after, when the answer is lost.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::{Action, Environment, Operation, Outcome, PolicyFiles};
use tokaido::pipeline::{Gate, PipelineError};
use tokaido::world::{ErrorClass, Moment};
use tokio::sync::watch;

use super::{assert_no_duplicates, outcomes, production};
use crate::support::lab::{all_done, block_on};
use crate::support::{Lab, id, project, soak};

const PASSING: [ErrorClass; 5] = [
    ErrorClass::AccessDenied,
    ErrorClass::ExpiredCredentials,
    ErrorClass::Throttled,
    ErrorClass::Unreachable,
    ErrorClass::Internal,
];

/// Every kind × every failure × refused or answered into the void: what is left is made by the next run, once. Outside of
/// `make soak` each kind meets one of the failures, and a lost answer.
#[test]
fn a_failed_create_is_made_by_the_next_run_and_never_twice() {
    for (index, kind) in kinds::declared().enumerate() {
        let refused = soak::turn(&PASSING, index);
        let lost = (!refused.contains(&ErrorClass::Unreachable)).then_some(ErrorClass::Unreachable);
        for class in refused.into_iter().chain(lost) {
            // How an answer was lost makes no difference to the search for what it was about.
            let moments = if class == ErrorClass::Unreachable { &[Moment::Before, Moment::After][..] } else { &[Moment::Before] };
            for moment in moments.iter().copied() {
                let lab = production();
                lab.fail(&format!("create {}", kind.schema.kind), class, moment, 1);
                let report = lab.apply();
                let counts = outcomes(&report);
                if moment == Moment::Before {
                    // A refusal says that nothing was made. Without an answer nobody knows it.
                    let end = if class.is_inconclusive() { "unknown" } else { "failed" };
                    assert_eq!(counts[end], 1, "{} {class:?}: {counts:?}", kind.schema.kind);
                    dependents_were_skipped(&lab, &report);
                } else {
                    // The tag of the intent finds what the lost answer was about.
                    assert!(all_done(&report), "{} {class:?}: {counts:?}", kind.schema.kind);
                }
                lab.converge();
                assert_no_duplicates(&lab);
            }
        }
    }
}

/// A step is skipped exactly when something it waits for did not end well, and says so; everything else goes on.
fn dependents_were_skipped(lab: &Lab, report: &tokaido::model::ApplyReport) {
    let mut bad = BTreeSet::new();
    for step in &report.steps {
        let needs = lab.desired.resources[&step.id].dependencies();
        let broken: BTreeSet<_> = needs.intersection(&bad).collect();
        match &step.outcome {
            Outcome::Skipped { because } => {
                assert!(broken.iter().any(|id| because.contains(&id.to_string())), "{}: {because}", step.id);
                bad.insert(step.id.clone());
            }
            Outcome::Failed { error, .. } | Outcome::Unknown { error } => {
                let advises = error.contains("next: ") || error.contains("the next plan");
                assert!(broken.is_empty() && advises, "{}: {error}", step.id);
                bad.insert(step.id.clone());
            }
            Outcome::Done => assert!(broken.is_empty(), "{} went on without {broken:?}", step.id),
            Outcome::AlreadyDone => panic!("{} was there", step.id),
        }
    }
}

#[test]
fn a_failed_update_leaves_the_rest_alone_and_is_repaired_later() {
    let database = id("db-instance.catalog@tokyo");
    for class in PASSING {
        for moment in [Moment::Before, Moment::After] {
            let lab = production();
            lab.converge();
            lab.set(&database, "backup_retention_days", &1.into()).expect("by hand");
            lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
            lab.fail("update db-instance", class, moment, 1);
            let counts = outcomes(&lab.apply());
            let expected = match moment {
                // What was not answered is read back and sent again.
                _ if class.is_inconclusive() => [("done", 2)].into(),
                Moment::Before => [("done", 1), ("failed", 1)].into(),
                Moment::Midway | Moment::After => [("done", 1), ("unknown", 1)].into(),
            };
            assert_eq!(counts, expected, "{class:?} {moment:?}");
            lab.converge();
        }
    }
}

/// A busy database is asked again within the same step.
#[test]
fn busy_is_waited_for() {
    let lab = production();
    lab.converge();
    lab.set(&id("db-instance.catalog@tokyo"), "backup_retention_days", &1.into()).expect("by hand");
    lab.fail("update db-instance", ErrorClass::Busy, Moment::Before, 3);
    assert_eq!(lab.converge().mutating_calls, 4);
}

/// While waiting, reads may fail for a while; nothing is concluded from that.
#[test]
fn a_read_that_fails_while_waiting_is_asked_again() {
    let lab = production();
    lab.fail("read db-instance", ErrorClass::Throttled, Moment::Before, 5);
    lab.fail("read vpc", ErrorClass::Unreachable, Moment::Before, 2);
    lab.converge();
    assert_no_duplicates(&lab);
}

#[test]
fn a_denied_list_makes_exactly_that_kind_unreadable_and_nothing_of_it_is_created() {
    // A plan lists no kind that only an audit lists.
    for kind in kinds::planned() {
        let name = kind.schema.kind;
        // An organisation's policies refuse what they cannot look at (`policy_gate`); this is about the planner alone.
        let mut desired = project::load(project::root(), Environment::Production);
        desired.policies = PolicyFiles::default();
        let lab = Lab::new(desired);
        lab.fail(&format!("list {name}"), ErrorClass::AccessDenied, Moment::Before, 0);
        let body = lab.plan().plan.body;
        let unreadable: BTreeSet<_> = body.unreadable.iter().map(|one| (one.kind.as_str(), one.region)).collect();
        assert_eq!(unreadable, kind.regions.iter().map(|region| (name, *region)).collect());
        assert!(body.changes.iter().all(|change| change.kind != name), "{name} is created blindly");
        for change in &body.changes {
            let needs = lab.desired.resources[&change.id].dependencies();
            assert!(needs.iter().all(|need| need.kind != name), "{} needs {name}, which nobody can see", change.id);
        }
        let of_kind = lab.desired.resources.keys().filter(|id| id.kind == name).count();
        assert_eq!(
            body.blocked.iter().filter(|blocked| blocked.code.as_str() == "unreadable").count(),
            of_kind,
            "{name}: {:#?}",
            body.blocked
        );
        assert_eq!(
            body.changes.len() + body.blocked.len(),
            lab.desired.resources.len(),
            "{name}: each one is planned or blocked"
        );
        let report = lab.apply();
        assert!(all_done(&report) && report.remaining.is_none(), "{name}: what could not be read is not called empty");
        lab.heal();
        lab.converge();
        assert_no_duplicates(&lab);
    }
}

/// The same when everything exists: nothing is drift, nothing is forbidden, it is unknown.
#[test]
fn what_exists_and_cannot_be_read_is_unknown_and_nothing_worse() {
    let lab = production();
    lab.converge();
    for kind in kinds::ALL {
        let name = kind.schema.kind;
        lab.fail(&format!("list {name}"), ErrorClass::Throttled, Moment::Before, 0);
        let body = lab.plan().plan.body;
        assert!(body.changes.is_empty() && body.drifted.is_empty(), "{name}: {:#?}", body.changes);
        assert!(body.blocked.iter().all(|blocked| blocked.code.as_str() == "unreadable"), "{name}: {:#?}", body.blocked);
        let drift = lab.drift();
        // Of an observed kind nothing is compared: it hides no drift.
        assert!(!drift.has_drift() && drift.unreadable.is_empty() == kind.schema.observed, "{name}: {drift:#?}");
        lab.heal();
    }
    lab.assert_settled();
}

#[test]
fn in_the_wrong_account_nothing_else_is_called() {
    let lab = production();
    let entry = |state: &tokaido::sim::State| {
        (vec![tokaido::sim::LogEntry::Account { at: state.now, account: "999999999999".to_owned() }], ())
    };
    lab.world().log().commit(entry).expect("a world in memory");
    let session = lab.session();
    let refused = block_on(session.plan());
    assert!(matches!(refused, Err(PipelineError::Gate(Gate::WrongAccount { .. }))), "{refused:?}");
    assert!(matches!(block_on(session.drift()), Err(PipelineError::Gate(Gate::WrongAccount { .. }))));
    let called: Vec<_> = session.world.calls().counts().into_iter().map(|count| count.operation).collect();
    assert_eq!(called, ["sim:caller"]);
}

/// Nothing begins after the stop; what had begun ends, done or unknown; every step is reported.
#[test]
fn a_stopped_apply_reports_every_step() {
    let lab = production();
    let planned = lab.plan();
    let (stop, stopped) = watch::channel(false);
    let (mut ended, mut begun) = (0, Vec::new());
    let mut after_five = |event: tokaido::model::ApplyEvent| match event {
        tokaido::model::ApplyEvent::StepStarted { step, .. } => {
            assert!(ended < 5, "step {step} began after the stop");
            begun.push(step);
        }
        // A skipped step ends without having begun.
        tokaido::model::ApplyEvent::StepEnded { step, .. } if begun.contains(&step) => {
            ended += 1;
            if ended == 5 {
                let _ = stop.send(true);
            }
        }
        _ => {}
    };
    let report = lab.let_pass(&lab.session(), &planned.plan, stopped, &mut after_five).expect("a report");
    let counts = outcomes(&report);
    assert!(report.interrupted);
    assert!((5..5 + 8).contains(&begun.len()), "{} steps had begun", begun.len());
    assert_eq!(counts["skipped"], planned.plan.body.steps.len() - begun.len(), "{counts:?}");
    assert_eq!(counts.get("failed"), None, "{counts:?}");
    assert!(counts["done"] >= 5, "{counts:?}");
    assert!(planned.plan.body.steps.iter().all(|step| step.operation == Operation::Create));
    assert!(planned.plan.body.changes.iter().all(|change| change.action == Action::Create));
    lab.converge();
    assert_no_duplicates(&lab);
}
