//! What an apply does when its lease is not its own any more: it starts nothing new, and says what it had done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokaido::model::{ApplyEvent, ApplyReport, Environment, Outcome};
use tokaido::pipeline::{Gate, PipelineError, Session};
use tokaido::store::lease::Terms;
use tokaido::store::{Entry, Record, Store, Swap};
use tokaido::world::{Clock, ErrorClass, Moment};
use tokio::sync::watch;

use super::{lease, start};
use crate::support::faulty_store::FaultyStore;
use crate::support::lab::{Lab, block_on};
use crate::support::project;

/// Time that a test moves. Whoever sleeps on it is woken by a turn of the executor, `steps` at a time, or never.
#[derive(Debug, Default)]
struct Hand {
    seconds: AtomicU64,
    beats: bool,
}

impl Hand {
    fn forward(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::from_secs(self.seconds.load(Ordering::SeqCst).cast_signed())
    }

    async fn sleep(&self, duration: Duration) {
        if !self.beats {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        self.forward(duration.as_secs());
    }
}

fn lab() -> Lab {
    Lab::new(project::load(project::root(), Environment::Dev))
}

/// After the last step, when the world is looked at again.
const LOOKING: usize = usize::MAX;

/// Applies, and does this to the lease when the step of this number begins.
fn disturbed(
    lab: &Lab,
    at: usize,
    disturb: impl Fn(&Hand, &FaultyStore) + Send + Sync,
) -> (Result<ApplyReport, PipelineError>, Session) {
    let (hand, faulty) = (Arc::new(Hand::default()), Arc::new(FaultyStore::over(lab.store())));
    let terms = Terms { clock: Arc::clone(&hand) as Arc<dyn Clock>, ..Terms::default() };
    let session = Session { store: Arc::clone(&faulty) as Arc<dyn Store>, lease: terms, ..lab.session() };
    let plan = lab.plan().plan;
    let (_go, stop) = watch::channel(false);
    let mut on = |event: ApplyEvent| match event {
        ApplyEvent::StepStarted { step, .. } if step == at => disturb(&hand, &faulty),
        ApplyEvent::Started { .. } if at == 0 => disturb(&hand, &faulty),
        ApplyEvent::Replanning if at == LOOKING => disturb(&hand, &faulty),
        _ => {}
    };
    (lab.let_pass(&session, &plan, stop, &mut on), session)
}

/// Somebody saw the lease unchanged for its whole time and took it.
fn steal(store: &dyn Store) {
    let seen = block_on_other(store.read_lease(Environment::Dev)).expect("readable").expect("a lease");
    let thief = lease("thief", seen.record.fence + 1, start() + SignedDuration::from_secs(61));
    let swap = block_on_other(store.write_lease(Environment::Dev, &thief, Some(&seen.version))).expect("answered");
    assert!(matches!(swap, Swap::Done(_)));
}

/// Memory answers at once, and the runtime of this thread is busy.
fn block_on_other<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(done) => done,
        std::task::Poll::Pending => panic!("memory answers at once"),
    }
}

#[test]
fn a_lease_that_was_taken_over_ends_the_apply_where_it_is() {
    for at in [2, 5, 9] {
        let lab = lab();
        let (report, session) = disturbed(&lab, at, |hand, store| {
            hand.forward(61);
            steal(store);
        });
        let report = report.expect("a report: something had been done");
        let done = report.steps.iter().filter(|step| matches!(step.outcome, Outcome::Done)).count();
        assert!(done > 0 && done < report.steps.len(), "{done} of {} steps: {report:#?}", report.steps.len());
        let says = |words: &str| {
            report.steps.iter().any(|step| match &step.outcome {
                Outcome::Skipped { because: text } | Outcome::Failed { error: text, .. } => text.contains(words),
                _ => false,
            })
        };
        assert!(says("taken over") && says("user/alice on elsewhere (process 7)"), "{report:#?}");
        assert!(report.remaining.is_some_and(|left| !left.is_empty()), "what is left is said");
        // As many calls as steps that were done: nothing was sent after the lease was gone.
        assert_eq!(session.world.calls().mutating(), done as u64);
        assert!(
            !lab.records().iter().any(|record| matches!(record, Record::Baseline { .. })),
            "the thief's records are not replaced"
        );
        let seen = block_on(lab.store().read_lease(Environment::Dev)).expect("readable").expect("a lease");
        assert_eq!(
            (seen.record.owner.run.as_str(), seen.record.released),
            ("thief", false),
            "it was not given back for the thief"
        );
    }
}

/// The reply of a call was lost, and before the change is sent again another apply has taken over.
#[test]
fn a_lease_that_was_taken_over_between_two_sends_sends_nothing_more() {
    let lab = lab();
    lab.converge();
    lab.set(&crate::support::id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 1);
    let (hand, faulty) = (Arc::new(Hand::default()), Arc::new(FaultyStore::over(lab.store())));
    let terms = Terms { clock: Arc::clone(&hand) as Arc<dyn Clock>, ..Terms::default() };
    let session = Session { store: Arc::clone(&faulty) as Arc<dyn Store>, lease: terms, ..lab.session() };
    let plan = lab.plan().plan;
    let (_go, stop) = watch::channel(false);
    let mut on = |event: ApplyEvent| {
        if matches!(&event, ApplyEvent::Waiting { waiting_for, .. } if waiting_for.contains("to read it back")) {
            hand.forward(61);
            steal(&*faulty);
        }
    };
    let report = lab.let_pass(&session, &plan, stop, &mut on).expect("a report: a call was sent");
    let [step] = &report.steps[..] else { panic!("{report:#?}") };
    let Outcome::Unknown { error } = &step.outcome else { panic!("{step:#?}") };
    let words = "AWS answered 500 to sim:update vpc; read back: still as before: dns_hostnames; it was not sent again, because ";
    assert!(error.starts_with(words) && error.contains("taken over"), "{error}");
    assert_eq!(session.world.calls().mutating(), 1);
}

#[test]
fn a_lease_that_was_taken_over_before_anything_ran_is_a_refusal() {
    let lab = lab();
    let (report, session) = disturbed(&lab, 0, |hand, store| {
        hand.forward(61);
        steal(store);
    });
    let Err(PipelineError::Gate(gate @ Gate::Fenced { .. })) = report else { panic!("{report:#?}") };
    assert!(gate.to_string().contains("nothing was changed"), "{gate}");
    assert_eq!((session.world.calls().mutating(), lab.rows().len()), (0, 0));
}

/// A laptop that slept for ten minutes: nobody wanted the lease meanwhile, so it is renewed and the apply goes on.
#[test]
fn a_lease_that_nobody_took_is_renewed_at_the_send_site() {
    let lab = lab();
    let (report, _) = disturbed(&lab, 4, |hand, _| hand.forward(600));
    let report = report.expect("a report");
    assert!(report.steps.iter().all(|step| step.outcome == Outcome::Done), "{report:#?}");
    lab.assert_settled();
    let lease = block_on(lab.store().read_lease(Environment::Dev)).expect("readable").expect("a lease").record;
    assert_eq!((lease.fence, lease.released), (1, true));
}

#[test]
fn a_lease_that_cannot_be_renewed_in_time_ends_the_apply() {
    // Within the time that is left, a store that does not answer disturbs nobody.
    for (seconds, goes_on) in [(44, true), (45, false)] {
        let lab = lab();
        let (report, _) = disturbed(&lab, 3, |hand, store| {
            hand.forward(seconds);
            store.shut();
        });
        let report = report.expect("a report");
        let all = report.steps.iter().all(|step| step.outcome == Outcome::Done);
        assert_eq!(all, goes_on, "{seconds} seconds: {report:#?}");
        let text = format!("{report:?}");
        assert_eq!(text.contains("renewing it failed: cannot write lease: no answer"), !goes_on, "{text}");
    }
}

/// The lease is renewed during the execution, as often as it must be, and every record names the lease under which it was written.
#[test]
fn the_lease_is_renewed_while_the_apply_runs() {
    let lab = lab();
    let hand = Arc::new(Hand { beats: true, ..Hand::default() });
    let terms = Terms { clock: Arc::clone(&hand) as Arc<dyn Clock>, ..Terms::default() };
    for round in 1..=3 {
        let session = Session { lease: terms.clone(), ..lab.session() };
        let plan = lab.plan().plan;
        let (_go, stop) = watch::channel(false);
        let before = lab.entries().len();
        let report = lab.let_pass(&session, &plan, stop, &mut |_| {}).expect("a report");
        assert!(report.steps.iter().all(|step| step.outcome == Outcome::Done), "{report:#?}");
        let lease = block_on(lab.store().read_lease(Environment::Dev)).expect("readable").expect("a lease").record;
        assert_eq!((lease.fence, lease.released, lease.plan.as_str()), (round, true, plan.id.as_str()));
        assert!(round > 1 || lease.heartbeat_at.duration_since(lease.acquired_at) >= SignedDuration::from_mins(2), "{lease:?}");
        assert!(lab.entries()[before..].iter().all(|entry| entry.fence == Some(round)));
        // After the lease was given back, a driver of this session sends nothing any more.
        assert!(session.world.write_fence().refusal().is_some_and(|why| why.en.contains("given back")));
        lab.set(&crate::support::id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    }
}

/// The first one's lease is held by somebody who lives: the second is refused and told by whom, and changes nothing.
#[test]
fn a_held_lease_is_a_refusal_that_names_the_holder() {
    let lab = lab();
    let now = tokaido::world::clock::SystemClock.now();
    block_on(lab.store().write_lease(Environment::Dev, &lease("a1", 7, now), None)).expect("answered");
    let plan = lab.plan().plan;
    let Err(PipelineError::Gate(gate @ Gate::Held { .. })) = lab.apply_saved(&plan) else { panic!("must be refused") };
    let text = gate.to_string();
    for words in [
        "another apply of dev is running",
        "arn:aws:iam::111111111111:user/alice on elsewhere (process 7) since 20",
        "for plan abababababab",
        "--wait",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!((lab.rows().len(), lab.entries().len()), (0, 0));
    // An hour later it is long over, by any clock.
    let hand = Arc::new(Hand { beats: true, ..Hand::default() });
    let late = now.duration_since(start()).as_secs() + 3_600;
    hand.forward(late.cast_unsigned());
    let session = Session { lease: Terms { clock: hand, ..Terms::default() }, ..lab.session() };
    let (_go, stop) = watch::channel(false);
    lab.let_pass(&session, &plan, stop, &mut |_| {}).expect("taken over without help");
    assert!(lab.entries().iter().all(|entry| entry.fence == Some(8)), "the next fence");
}

/// If the lease object is lost, the records still know how far the fences had come.
#[test]
fn fences_grow_even_when_the_lease_object_is_lost() {
    let lab = lab();
    let record = Record::Proven { at: start(), plan: "p".to_owned(), release: None, violations: Vec::new() };
    block_on(lab.store().append_entry(Environment::Dev, &Entry { fence: Some(41), record })).expect("appended");
    lab.converge();
    assert!(lab.entries()[1..].iter().all(|entry| entry.fence == Some(42)));
}

/// The steps were done; then the process stood still while it looked again. Whoever took over writes what is proven.
#[test]
fn a_holder_that_lost_its_lease_proves_nothing() {
    let lab = lab();
    lab.converge();
    lab.set(&crate::support::id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    let before = lab.entries().len();
    let (report, session) = disturbed(&lab, LOOKING, |hand, shut| {
        hand.forward(61);
        steal(shut);
    });
    let report = report.expect("a report: a step was done");
    assert_eq!(session.world.calls().mutating(), 1, "{report:#?}");
    let after: Vec<Record> = lab.entries().split_off(before).into_iter().map(|entry| entry.record).collect();
    assert!(after.iter().any(|record| matches!(record, Record::Ended { .. })), "{after:#?}");
    let claims = after.iter().any(|record| matches!(record, Record::Baseline { .. } | Record::Proven { .. }));
    assert!(!claims, "{after:#?}");
}

/// An apply that stood still before it began says so, and does not say that it began.
#[test]
fn a_holder_that_lost_its_lease_does_not_begin() {
    let lab = lab();
    let (hand, shut) = (Arc::new(Hand::default()), Arc::new(FaultyStore::over(lab.store())));
    let terms = Terms { clock: Arc::clone(&hand) as Arc<dyn Clock>, ..Terms::default() };
    let session = Session { store: Arc::clone(&shut) as Arc<dyn Store>, lease: terms, ..lab.session() };
    let plan = lab.plan().plan;
    // The papers are asked for twice; the second time the lease is held.
    let asked = AtomicU64::new(0);
    let evidence = |_: &tokaido::model::Plan| {
        if asked.fetch_add(1, Ordering::SeqCst) == 1 {
            hand.forward(61);
            steal(&*shut);
        }
        Ok(tokaido::pipeline::ApprovalEvidence { promotion: Some(Ok(())), ..tokaido::pipeline::ApprovalEvidence::default() })
    };
    let gate_input = tokaido::pipeline::GateInput { evidence: &evidence, emergency: None, saved: true };
    let (_go, stop) = watch::channel(false);
    let answer = block_on(session.apply(&plan, &gate_input, stop, &mut |_| {}));
    assert!(matches!(answer, Err(PipelineError::Gate(Gate::Fenced { .. }))), "{answer:#?}");
    assert!(lab.entries().is_empty(), "{:#?}", lab.entries());
}

/// What a holder wrote after somebody else had begun does not count for what is so; what it may have done stays known.
#[test]
fn a_late_word_of_an_old_holder_is_not_folded() {
    let lab = lab();
    lab.converge();
    let resources = tokaido::store::recorded_state(&lab.records()).expect("a state").resources;
    let id = crate::support::id("vpc.main@tokyo");
    let at = start();
    let plan = || "p".to_owned();
    let begun = |nonce: &str| Record::Begun {
        at,
        plan: plan(),
        nonce: nonce.to_owned(),
        caller: "c".to_owned(),
        release: None,
        basis: None,
    };
    let proven = |violations: &[&str]| Record::Proven {
        at,
        plan: plan(),
        release: None,
        violations: violations.iter().map(|slug| (*slug).to_owned()).collect(),
    };
    let ended = |applied| Record::Ended {
        at,
        plan: plan(),
        step: 1,
        id: id.clone(),
        operation: tokaido::model::Operation::Delete,
        outcome: "done".to_owned(),
        applied,
        diffs: Vec::new(),
        refused: false,
    };
    let intent = Record::Intent {
        at,
        plan: plan(),
        step: 1,
        id: id.clone(),
        operation: tokaido::model::Operation::Delete,
        intent: "i".to_owned(),
        diffs: Vec::new(),
    };
    let append = |fence: u64, record: Record| {
        block_on(lab.store().append_entry(Environment::Dev, &Entry { fence: Some(fence), record })).expect("appended");
    };
    append(8, begun("eight"));
    append(8, proven(&[]));
    let counted = lab.records().len();
    append(
        7,
        Record::Baseline {
            at,
            plan: plan(),
            resources: std::collections::BTreeMap::new(),
            sent: std::collections::BTreeMap::new(),
            deleting: std::collections::BTreeSet::new(),
        },
    );
    append(7, proven(&["backups"]));
    append(7, ended(None));
    assert_eq!(lab.records().len(), counted, "{:#?}", &lab.records()[counted..]);
    assert_eq!(tokaido::store::recorded_state(&lab.records()).expect("a state").resources, resources);
    // They say what may have been done, or that an apply was tried: nobody may forget that.
    append(7, begun("seven"));
    append(7, intent);
    assert_eq!(lab.records().len(), counted + 2);
    assert!(tokaido::store::spent(&lab.records(), "seven").is_some());
    // The one who took over goes on, and its own words count.
    append(8, ended(None));
    assert!(!tokaido::store::recorded_state(&lab.records()).expect("a state").resources.contains_key(&id));
}
