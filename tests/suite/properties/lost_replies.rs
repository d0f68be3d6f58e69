//! Replies that are lost anywhere in an apply from nothing: it converges or says what is unknown, and no id is there twice.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tokaido::kinds;
use tokaido::model::{ApplyReport, Environment, Outcome};
use tokaido::world::{ErrorClass, Moment};

use super::for_all;
use crate::support::lab::all_done;
use crate::support::{Lab, project};

#[derive(Debug, Clone)]
struct Loss {
    verb: &'static str,
    kind: usize,
    class: ErrorClass,
    moment: Moment,
    times: u32,
}

fn loss() -> impl Strategy<Value = Loss> {
    let verb = prop_oneof![3 => Just("create"), 2 => Just("update"), 1 => Just("read")];
    let class = prop_oneof![Just(ErrorClass::Unreachable), Just(ErrorClass::Internal)];
    let moment = prop_oneof![Just(Moment::Before), Just(Moment::Midway), Just(Moment::After)];
    (verb, 0..kinds::declared().count(), class, moment, 1..5_u32).prop_map(|(verb, kind, class, moment, times)| Loss {
        verb,
        kind,
        class,
        moment,
        times,
    })
}

#[test]
fn lost_replies_never_make_a_thing_twice() {
    for_all(300, 11, &prop::collection::vec(loss(), 1..12), |losses| {
        let lab = Lab::new(project::load(project::root(), Environment::Dev));
        for Loss { verb, kind, class, moment, times } in losses {
            let kind = kinds::declared().nth(kind).expect("a kind").schema.kind;
            lab.fail(&format!("{verb} {kind}"), class, moment, times);
        }
        // Each run meets some of them: a create that is lost without a trace is made by the next run.
        for _ in 0..4 {
            let report = lab.apply();
            honest(&report);
            at_most_once(&lab);
            if all_done(&report) && report.remaining.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        lab.heal();
        lab.converge();
        at_most_once(&lab);
    });
}

/// A lost reply is never called a refusal, and a step that ends unknown says what was lost.
fn honest(report: &ApplyReport) {
    for step in &report.steps {
        match &step.outcome {
            Outcome::Done | Outcome::AlreadyDone | Outcome::Skipped { .. } => {}
            Outcome::Unknown { error } => {
                let lost = ["AWS answered 500 to sim:", "no whole answer to sim:"].iter().any(|words| error.contains(words));
                assert!(lost, "{}: {error}", step.id);
            }
            Outcome::Failed { error, .. } => panic!("{}: {error}", step.id),
        }
    }
}

fn at_most_once(lab: &Lab) {
    let rows = lab.rows();
    let of_ours: Vec<_> = rows.iter().filter(|row| row.made_with.is_none()).filter_map(|row| row.id.as_ref()).collect();
    assert_eq!(of_ours.iter().collect::<BTreeSet<_>>().len(), of_ours.len(), "{of_ours:?}");
}
