//! What an apply does when its lease is not its own any more: it starts nothing new, and says what it had done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokaido::model::{ApplyEvent, ApplyReport, Environment, Outcome};
use tokaido::pipeline::{Gate, PipelineError, Session};
use tokaido::store::lease::Terms;
use tokaido::store::{Entry, LeaseRecord, Record, Seen, Store, StoreError, Swap, Version, WatchStore};
use tokaido::world::Clock;
use tokio::sync::watch;

use super::{lease, start};
use crate::support::lab::{Lab, MemoryStore, block_on};
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

/// The lease of a memory store, which may refuse to be written.
#[derive(Debug, Default)]
struct Shut {
    inner: Arc<MemoryStore>,
    shut: AtomicBool,
}

#[async_trait]
impl Store for Shut {
    fn place(&self) -> String {
        "a store that shuts".to_owned()
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        self.inner.append_entry(environment, entry).await
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        self.inner.entries(environment).await
    }

    fn watch(&self) -> &dyn WatchStore {
        self.inner.watch()
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        self.inner.read_lease(environment).await
    }

    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        if self.shut.load(Ordering::SeqCst) {
            let source = std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer");
            return Err(StoreError::Io { verb: "write", path: "lease".to_owned(), source });
        }
        self.inner.write_lease(environment, lease, expected).await
    }
}

fn lab() -> Lab {
    Lab::new(project::load(project::root(), Environment::Dev))
}

/// Applies, and does this to the lease when the step of this number begins.
fn disturbed(
    lab: &Lab,
    at: usize,
    disturb: impl Fn(&Hand, &Shut) + Send + Sync,
) -> (Result<ApplyReport, PipelineError>, Session) {
    let (hand, shut) = (Arc::new(Hand::default()), Arc::new(Shut { inner: Arc::clone(lab.store()), ..Shut::default() }));
    let terms = Terms { clock: Arc::clone(&hand) as Arc<dyn Clock>, ..Terms::default() };
    let session = Session { store: Arc::clone(&shut) as Arc<dyn Store>, lease: terms, ..lab.session() };
    let plan = lab.plan().plan;
    let (_go, stop) = watch::channel(false);
    let mut on = |event: ApplyEvent| match event {
        ApplyEvent::StepStarted { step, .. } if step == at => disturb(&hand, &shut),
        ApplyEvent::Started { .. } if at == 0 => disturb(&hand, &shut),
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
        let (report, session) = disturbed(&lab, at, |hand, shut| {
            hand.forward(61);
            steal(shut);
        });
        let report = report.expect("a report: something had been done");
        let done = report.steps.iter().filter(|step| matches!(step.outcome, Outcome::Done)).count();
        assert!(done > 0 && done < report.steps.len(), "{done} of {} steps: {report:#?}", report.steps.len());
        let says = |words: &str| {
            report.steps.iter().any(|step| match &step.outcome {
                Outcome::Skipped { because: text } | Outcome::Failed { error: text } => text.contains(words),
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

#[test]
fn a_lease_that_was_taken_over_before_anything_ran_is_a_refusal() {
    let lab = lab();
    let (report, session) = disturbed(&lab, 0, |hand, shut| {
        hand.forward(61);
        steal(shut);
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
        let (report, _) = disturbed(&lab, 3, |hand, shut| {
            hand.forward(seconds);
            shut.shut.store(true, Ordering::SeqCst);
        });
        let report = report.expect("a report");
        let all = report.steps.iter().all(|step| step.outcome == Outcome::Done);
        assert_eq!(all, goes_on, "{seconds} seconds: {report:#?}");
        let text = format!("{report:?}");
        assert_eq!(text.contains("renewing it failed: cannot write lease: no answer"), !goes_on, "{text}");
    }
}

/// Beside the execution, as often as it must be, and every record says under which lease it was written.
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
        assert!(session.world.tenure().refusal().is_some_and(|why| why.contains("given back")));
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
    let record = Record::Proven { at: start(), plan: "p".to_owned(), release: None, unkept: Vec::new() };
    block_on(lab.store().append_entry(Environment::Dev, &Entry { fence: Some(41), record })).expect("appended");
    lab.converge();
    assert!(lab.entries()[1..].iter().all(|entry| entry.fence == Some(42)));
}
