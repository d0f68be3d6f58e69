//! Steps that run at once: who waits for whom, and what happens when records can no longer be written.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokaido::model::{ApplyEvent, Environment, Outcome};
use tokaido::pipeline::Session;
use tokio::sync::watch;

use crate::support::faulty_store::FaultyStore;
use crate::support::lab::{Lab, MemoryStore, all_done};
use crate::support::project;

fn production() -> Lab {
    Lab::new(project::load(project::root(), Environment::Production))
}

#[test]
fn a_step_begins_when_all_it_names_have_ended_and_two_databases_are_made_at_once() {
    let lab = production();
    let planned = lab.plan();
    let (_go, stop) = watch::channel(false);
    let (mut running, mut ended, mut most) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut databases_at_once = false;
    let mut follow = |event: ApplyEvent| match event {
        ApplyEvent::StepStarted { step, id, .. } => {
            let needs = &planned.plan.body.steps[step - 1].after;
            assert!(needs.iter().all(|need| ended.contains(need)), "{id} began before {needs:?} had ended");
            running.insert((step, id.kind));
            most = most.max(running.len());
            databases_at_once |= running.iter().filter(|(_, kind)| kind == "db-instance").count() == 2;
        }
        ApplyEvent::StepEnded { step, id, .. } => {
            running.remove(&(step, id.kind));
            ended.insert(step);
        }
        _ => {}
    };
    let report = lab.let_pass(&lab.session(), &planned.plan, stop, &mut follow).expect("an apply");
    assert!(all_done(&report), "{report:#?}");
    assert!(databases_at_once, "two databases wait at the same time");
    assert!((2..=8).contains(&most), "{most} steps at once");
    let one_by_one: u64 = report.steps.iter().map(|step| step.elapsed).sum();
    assert!(report.elapsed * 3 < one_by_one * 2, "{} seconds, {one_by_one} one by one", report.elapsed);
    let numbers: Vec<usize> = report.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, (1..=planned.plan.body.steps.len()).collect::<Vec<_>>(), "reported in the order of the plan");
    lab.assert_settled();
}

#[test]
fn when_records_cannot_be_written_nothing_new_begins_and_everything_is_reported() {
    for left in [1, 2, 5, 11, 24, 60] {
        let lab = production();
        let inner = Arc::new(MemoryStore::default());
        let session = Session { store: Arc::new(FaultyStore::over(&inner).with_room(left)), ..lab.session() };
        let planned = lab.plan();
        let (_go, stop) = watch::channel(false);
        let report = lab.let_pass(&session, &planned.plan, stop, &mut |_| {}).expect("a report");
        assert!(report.unrecorded.as_deref().is_some_and(|reason| reason.contains("no space left")), "{report:#?}");
        assert_eq!(report.steps.len(), planned.plan.body.steps.len(), "every step is reported");
        let tried = report.steps.iter().filter(|step| !matches!(step.outcome, Outcome::Skipped { .. })).count();
        assert!(tried < planned.plan.body.steps.len(), "{tried} steps were tried with room for {left} records");
        // The next run has room again, and makes nothing twice.
        lab.converge();
        let rows: Vec<_> = lab.rows().into_iter().filter(|row| row.made_with.is_none()).collect();
        let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.id.clone()).collect();
        assert_eq!((ids.len(), rows.len()), (lab.desired.resources.len(), lab.desired.resources.len()));
    }
}
