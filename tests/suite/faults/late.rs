//! AWS shows late what it has made: what may be there is unknown, is waited for, and is never made twice.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};

use jiff::SignedDuration;
use tokaido::kinds;
use tokaido::model::{ApplyEvent, BlockedCode, Environment, Operation, Plan, ResourceId};
use tokaido::pipeline::{ApprovalEvidence, GateInput, Session};
use tokaido::sim::{self, State};
use tokaido::store::{Record, SHOWN_WITHIN, Store as _};
use tokaido::world::{Clock as _, ErrorClass, Moment};
use tokio::sync::watch;

use super::{assert_no_duplicates, production};
use crate::support::binary::{Product, apply};
use crate::support::lab::{all_done, block_on};
use crate::support::{Lab, project};

/// A little less than AWS may take.
const LATE: u64 = 4 * 60;

fn lag(lab: &Lab, kind: &str, seconds: u64) {
    let late = |state: &State| (vec![sim::LogEntry::Lag { at: state.now, kind: kind.to_owned(), seconds }], ());
    lab.world().log().commit(late).expect("a world in memory");
}

/// Every kind: the answer of its create is lost and AWS shows what it made four minutes later, within one run.
#[test]
fn a_lost_answer_is_looked_for_as_long_as_aws_may_hide_what_it_made() {
    for kind in kinds::declared().map(|kind| kind.schema.kind) {
        let lab = production();
        lag(&lab, kind, LATE);
        lab.fail(&format!("create {kind}"), ErrorClass::Unreachable, Moment::After, 1);
        let report = lab.apply();
        assert!(all_done(&report), "{kind}: {report:#?}");
        assert_no_duplicates(&lab);
        lab.assert_settled();
    }
}

/// Killed while it waits for AWS to show a new resource of this kind. What is left is what a process leaves behind: its
/// records, and no lease that anybody renews. With it a plan of before, which still wants to make everything.
fn killed(kind: &str) -> (Lab, Plan) {
    let mut lab = Lab::new(project::load(project::root(), Environment::Dev));
    lag(&lab, kind, LATE);
    let (plan, other) = (lab.plan().plan, lab.plan().plan);
    let session = lab.session();
    let died = tokio::sync::Notify::new();
    let evidence = |_: &_| Ok(ApprovalEvidence { statements: Vec::new(), promotion: Some(Ok(())), applied_roles: None });
    let gate_input = GateInput { evidence: &evidence, emergency: None, saved: true };
    let mut on = |event: ApplyEvent| {
        if let ApplyEvent::Waiting { id, .. } = event
            && id.kind == kind
        {
            died.notify_one();
        }
    };
    let (_go, stop) = watch::channel(false);
    block_on(async {
        tokio::select! {
            biased;
            () = died.notified() => {}
            report = session.apply(&plan, &gate_input, stop, &mut on) => panic!("{kind}: it was not killed: {report:#?}"),
        }
    });
    let entries = lab.entries();
    lab.forget();
    for entry in &entries {
        block_on(lab.store().append_entry(Environment::Dev, entry)).expect("in memory");
    }
    (lab, other)
}

/// Of this kind, what a create was sent for and no record says how it ended.
fn open(lab: &Lab, kind: &str) -> BTreeSet<ResourceId> {
    let mut open = BTreeSet::new();
    for record in lab.records() {
        match record {
            Record::Intent { id, operation: Operation::Create, .. } if id.kind == kind => _ = open.insert(id),
            Record::Ended { id, .. } => _ = open.remove(&id),
            _ => {}
        }
    }
    assert!(!open.is_empty(), "no {kind} is in doubt");
    open
}

async fn waited(session: &Session) -> Vec<ApplyEvent> {
    let (_go, stop) = watch::channel(false);
    let mut said = Vec::new();
    session.await_sight(&stop, &mut |event| said.push(event)).await.expect("readable");
    said
}

#[test]
fn what_a_killed_apply_may_have_made_is_unknown_until_it_is_shown_and_never_made_twice() {
    for kind in kinds::declared().map(|kind| kind.schema.kind) {
        if !project::load(project::root(), Environment::Dev).resources.keys().any(|id| id.kind == kind) {
            continue;
        }
        let (lab, _) = killed(kind);
        let doubtful = open(&lab, kind);
        let hidden: BTreeSet<ResourceId> = doubtful.iter().filter(|id| !seen(&lab, id)).cloned().collect();
        assert!(!hidden.is_empty(), "{kind}: everything is shown already");
        // Whoever looks says that it is unknown: neither missing, nor to be made, nor kept.
        let body = lab.plan().plan.body;
        for id in &hidden {
            let blocked = body.blocked.iter().find(|blocked| blocked.id == *id).map(|blocked| blocked.code);
            assert_eq!(blocked, Some(BlockedCode::InDoubt), "{id}: {:#?}", body.blocked);
            assert!(body.changes.iter().all(|change| change.id != *id && !needs(&lab, &change.id, id)), "{id} is planned");
        }
        let drift = lab.drift();
        assert!(drift.missing.iter().all(|missing| !hidden.contains(&missing.id)), "{kind}: {:#?}", drift.missing);
        let unread: BTreeSet<_> = drift.unreadable.iter().filter_map(|gap| gap.id.clone()).collect();
        assert!(hidden.is_subset(&unread), "{kind}: {unread:?}");
        // An apply waits for it, says so once, and goes on.
        let before = lab.world().now();
        let said = block_on(waited(&lab.session()));
        assert!(matches!(&said[..], [ApplyEvent::AwaitingSight { .. }, ..]), "{kind}: {said:#?}");
        assert!(lab.world().now().duration_since(before) <= SHOWN_WITHIN + SignedDuration::from_secs(10));
        lab.converge();
        assert_no_duplicates(&lab);
    }
}

fn seen(lab: &Lab, id: &ResourceId) -> bool {
    use tokaido::model::tags;
    use tokaido::world::World as _;
    let driver = lab.world().driver(&id.kind, id.region).expect("a driver");
    let listed = block_on(driver.list()).expect("a list");
    listed.live.iter().any(|live| tags::owner(&live.tags, lab.desired.environment).as_ref() == Some(id))
}

fn needs(lab: &Lab, id: &ResourceId, other: &ResourceId) -> bool {
    lab.desired.resources[id].dependencies().contains(other)
}

/// The call was never sent, or AWS refused it and nobody heard: after the time it is not there, and is made.
#[test]
fn what_is_not_shown_in_that_time_is_not_there() {
    let lab = production();
    let plan = lab.plan().plan;
    let first = plan.body.steps[0].id.clone();
    let sent = lab.world().now();
    let intent = Record::Intent {
        at: sent,
        plan: plan.id.clone(),
        step: plan.body.steps[0].number,
        id: first.clone(),
        operation: Operation::Create,
        intent: tokaido::apply::intent(&plan, plan.body.steps[0].number),
        diffs: Vec::new(),
    };
    block_on(lab.store().append(Environment::Production, &intent)).expect("in memory");
    let blocked = |lab: &Lab| lab.plan().plan.body.blocked.iter().any(|blocked| blocked.code == BlockedCode::InDoubt);
    assert!(blocked(&lab));
    lab.wait(SHOWN_WITHIN - SignedDuration::from_secs(1));
    assert!(blocked(&lab), "a second too early");
    let said = block_on(waited(&lab.session()));
    let [ApplyEvent::AwaitingSight { ids, until }] = &said[..] else { panic!("{said:#?}") };
    assert_eq!((ids, until.as_str()), (&vec![first], "2026-11-01T00:05:00Z"));
    assert!(!blocked(&lab));
    assert!(block_on(waited(&lab.session())).is_empty(), "nothing is waited for twice");
    lab.converge();
    assert_no_duplicates(&lab);
}

/// A wait can be ended; then the gates refuse what is still in doubt, and nothing is sent.
#[test]
fn asked_to_stop_it_waits_no_longer_and_changes_nothing() {
    let (lab, plan) = killed("vpc");
    let session = lab.session();
    let (go, stop) = watch::channel(false);
    let mut on = |event: ApplyEvent| {
        if matches!(event, ApplyEvent::AwaitingSight { .. }) {
            go.send(true).expect("somebody listens");
        }
    };
    let before = session.world.clock().now();
    let refused = lab.let_pass(&session, &plan, stop, &mut on).expect_err("it was stopped");
    let words = refused.to_string();
    assert!(words.contains("was made by an earlier apply is unknown: sent at 2026-11-01T"), "{words}");
    assert_eq!(session.world.calls().mutating(), 0);
    assert!(session.world.clock().now().duration_since(before) < SignedDuration::from_secs(60), "it went on waiting");
}

/// The binary, killed at any moment while AWS shows everything late: one more run, and each thing is there once.
#[test]
fn killed_in_a_world_that_lags_the_next_run_converges() {
    let (mut killed, mut waited) = (0, 0);
    for trial in 0..8_usize {
        let product = Product::new();
        for kind in kinds::ALL {
            product.expect(0, &["sandbox", "lag", kind.schema.kind, "4m"]);
        }
        for attempt in 0..2 {
            let mut child = product.command(&apply("production")).spawn().expect("started");
            let said = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
            let waits = said.filter(|line| line.contains("AWS to show it"));
            // Something is hidden now, or the run ended.
            let _ = waits.take(1 + trial * 3 + attempt).last();
            let _ = child.kill();
            killed += usize::from(child.wait().expect("a child").code().is_none());
        }
        let finished = product.run(&apply("production"));
        assert_eq!(finished.code, 0, "trial {trial}: {finished:#?}");
        waited += usize::from(finished.err.contains("AWS may not show yet"));
        assert_eq!(super::crash::ids(&product), super::crash::declared(&product), "trial {trial}");
        product.reads_only(0, &["plan", "production", "--detailed-exitcode"]);
    }
    assert!(killed > 0 && waited > 0, "{killed} kills met a running apply, {waited} runs had to wait");
}
