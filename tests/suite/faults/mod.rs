//! Whatever fails, wherever it fails: the report is honest, nothing is made twice, and the next run converges.

mod adopted;
mod calls;
mod crash;
mod forged;
mod gates;
mod late;
mod log;
mod lost;
mod refused;
mod sent;
mod sent_again;
mod unfinished;

use std::collections::BTreeMap;

use tokaido::model::{ApplyReport, Environment, Outcome};

use crate::support::{Lab, project};

fn production() -> Lab {
    Lab::new(project::load(project::root(), Environment::Production))
}

/// How many steps ended how; the kinds add up to the plan.
fn outcomes(report: &ApplyReport) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for step in &report.steps {
        let word = match step.outcome {
            Outcome::Done => "done",
            Outcome::AlreadyDone => "already done",
            Outcome::Failed { .. } => "failed",
            Outcome::Skipped { .. } => "skipped",
            Outcome::Unknown { .. } => "unknown",
        };
        *counts.entry(word).or_default() += 1;
    }
    assert_eq!(counts.values().sum::<usize>(), report.steps.len());
    counts
}

/// Each declared id once, and nothing else of ours.
fn assert_no_duplicates(lab: &Lab) {
    let mut ids: Vec<String> = lab.rows().into_iter().filter_map(|row| row.id).map(|id| id.to_string()).collect();
    ids.sort();
    let wanted: Vec<String> = {
        let mut wanted: Vec<_> = lab.desired.resources.keys().map(ToString::to_string).collect();
        wanted.sort();
        wanted
    };
    assert_eq!(ids, wanted);
}
