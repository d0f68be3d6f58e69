//! Two applies of one environment at once, as processes and as threads: one after the other, never both.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokaido::model::observed::Listing;
use tokaido::model::{Attributes, DesiredState, Environment, Live, Plan, Region, Said};
use tokaido::pipeline::{ApprovalEvidence, Gate, GateInput, PipelineError, Session};
use tokaido::sim::SimWorld;
use tokaido::store::lease::Terms;
use tokaido::store::{DirectoryStore, Record, Store as _};
use tokaido::world::{CallLog, Caller, Clock, CreateRequest, Driver, ProviderError, Scope, UpdateRequest, World, WriteFence};
use tokio::sync::watch;

use super::start;
use crate::support::binary::{Product, ended};
use crate::support::lab::block_on;
use crate::support::{attr, id, project, soak};

/// Who sent what, in the order in which it happened, each call at its begin and at its end.
type Sent = Arc<Mutex<Vec<(usize, u64)>>>;

/// A world that notes what is changed through it.
struct Watched {
    inner: Arc<SimWorld>,
    who: usize,
    sent: Sent,
    awaits: Option<Ended>,
}

struct WatchedDriver {
    inner: Arc<dyn Driver>,
    who: usize,
    sent: Sent,
    awaits: Option<Ended>,
}

/// Whether the other apply has ended. Who sends first waits for it: left to chance, a busy machine runs one after the other.
type Ended = Arc<AtomicBool>;

impl WatchedDriver {
    async fn noted<T>(&self, call: impl Future<Output = T>) -> T {
        self.sent.lock().expect("no panic").push((self.who, 0));
        std::thread::yield_now();
        let other = || self.awaits.as_ref().is_some_and(|ended| !ended.load(Ordering::SeqCst));
        for _ in (0..30_000).take_while(|_| other()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let answer = call.await;
        self.sent.lock().expect("no panic").push((self.who, 1));
        answer
    }
}

#[async_trait]
impl Driver for WatchedDriver {
    async fn list(&self) -> Result<Listing, ProviderError> {
        self.inner.list().await
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.inner.read(physical).await
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        self.noted(self.inner.create(request)).await
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        self.noted(self.inner.update(request)).await
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        self.noted(self.inner.delete(live)).await
    }

    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        self.inner.offers(asked).await
    }
}

#[async_trait]
impl World for Watched {
    async fn caller(&self) -> Result<Caller, ProviderError> {
        self.inner.caller().await
    }

    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        let inner = self.inner.driver(kind, region)?;
        let awaits = self.awaits.clone();
        Some(Arc::new(WatchedDriver { inner, who: self.who, sent: Arc::clone(&self.sent), awaits }))
    }

    fn clock(&self) -> &dyn Clock {
        self.inner.clock()
    }

    fn calls(&self) -> &CallLog {
        self.inner.calls()
    }

    fn write_fence(&self) -> &WriteFence {
        self.inner.write_fence()
    }

    fn identity(&self) -> String {
        self.inner.identity()
    }

    fn banner(&self) -> Option<Said> {
        self.inner.banner()
    }
}

/// Two keys that only this one asks for, and only in this round.
fn wish(whole: &DesiredState, round: usize, who: usize) -> DesiredState {
    let key = &whole.resources[&id("kms-key.main@tokyo")];
    let resources = (0..2).map(|number| {
        let (name, mut key) = (format!("k{round}-{who}-{number}"), key.clone());
        key.attributes.set(attr("alias"), format!("alias/dev-{name}"));
        key.tags.insert(tokaido::model::tags::ID.to_owned(), format!("kms-key.{name}@tokyo"));
        (id(&format!("kms-key.{name}@tokyo")), key)
    });
    DesiredState { resources: resources.collect(), ..whole.clone() }
}

/// Each round: two sessions that want different things of one environment begin at the same moment. In even rounds they
/// wait for each other, in odd rounds the second is refused. In every other odd round the second surely comes while the first sends.
#[test]
fn races_are_never_interleaved() {
    // Two hundred in `make soak`.
    let rounds: usize = usize::try_from(soak::cases(200)).expect("small").max(40);
    let whole = project::load(project::root(), Environment::Dev);
    let scope = || Scope { environment: Environment::Dev, account: whole.account.clone() };
    let mut world = SimWorld::in_memory(scope(), start());
    let folder = tempfile::tempdir().expect("a folder");
    let (mut refused, mut both) = (0, 0);
    for round in 0..rounds {
        let place = folder.path().join((round / 5).to_string());
        if round % 5 == 0 {
            world = SimWorld::in_memory(scope(), start());
        }
        let sent = Sent::default();
        let gate = std::sync::Barrier::new(2);
        let over: [Ended; 2] = Default::default();
        let ended: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2_usize)
                .map(|who| {
                    let (place, gate, over, desired) = (&place, &gate, &over, Arc::new(wish(&whole, round, who)));
                    let awaits = (round % 4 == 1).then(|| Arc::clone(&over[1 - who]));
                    let world = Watched { inner: world.again(), who, sent: Arc::clone(&sent), awaits };
                    scope.spawn(move || {
                        let wait = if round % 2 == 0 { Duration::from_mins(1) } else { Duration::ZERO };
                        let session = Session {
                            world: Arc::new(world),
                            store: Arc::new(DirectoryStore::new(place)),
                            desired,
                            schemas: tokaido::kinds::schemas(),
                            tool_version: "0.1.0",
                            lease: Terms { wait, look: Duration::from_millis(2), ..Terms::default() },
                        };
                        let plan = block_on(session.plan()).expect("a plan").plan;
                        let (_go, stop) = watch::channel(false);
                        gate.wait();
                        // Dev asks for no papers.
                        let evidence = |_: &Plan| Ok(ApprovalEvidence::default());
                        let gate_input = GateInput { evidence: &evidence, emergency: None, saved: false };
                        let report = block_on(session.apply(&plan, &gate_input, stop, &mut |_| {}));
                        over[who].store(true, Ordering::SeqCst);
                        report
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let sent = sent.lock().expect("no panic").clone();
        let turns = sent.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
        assert!(turns <= 1, "round {round}: {sent:?}");
        let mut done = 0;
        for (who, report) in ended.into_iter().enumerate() {
            match report {
                Ok(report) => {
                    assert!(report.steps.iter().all(|step| step.outcome == tokaido::model::Outcome::Done), "{report:#?}");
                    assert_eq!(sent.iter().filter(|(by, _)| *by == who).count(), 4, "two creates: {sent:?}");
                    done += 1;
                }
                Err(PipelineError::Gate(gate @ Gate::Held { .. })) => {
                    let process = format!("(process {}) since 20", std::process::id());
                    assert!(gate.to_string().contains(&process), "{gate}");
                    assert!(!sent.iter().any(|(by, _)| *by == who), "refused, and sent something: {sent:?}");
                    assert!(round % 2 == 1, "nobody waits for a minute here");
                    refused += 1;
                }
                Err(error) => panic!("round {round}: {error}"),
            }
        }
        both += usize::from(done == 2);
        assert!(done > 0, "round {round}: one of them gets through");
    }
    assert!(refused * 4 >= rounds && both * 2 >= rounds, "{refused} refused, {both} one after the other");
    for place in 0..rounds / 5 {
        let store = DirectoryStore::new(folder.path().join(place.to_string()));
        let entries = block_on(store.entries(Environment::Dev)).expect("readable");
        let fences: Vec<u64> = entries.iter().map(|entry| entry.fence.expect("written under a lease")).collect();
        assert!(fences.is_sorted(), "records of two leases are mixed: {fences:?}");
        let begun: Vec<u64> =
            entries.iter().filter(|entry| matches!(entry.record, Record::Begun { .. })).filter_map(|entry| entry.fence).collect();
        assert!(begun.len() >= 5 && begun.windows(2).all(|pair| pair[0] < pair[1]), "a fence is used once: {begun:?}");
    }
}

/// The fences under which an apply began, and whether somebody holds the lease.
fn fences(product: &Product) -> (Vec<u64>, bool) {
    let store = DirectoryStore::new(format!("{}.store", product.world().display()));
    let entries = block_on(store.entries(Environment::Dev)).expect("readable");
    let begun = entries.iter().filter(|entry| matches!(entry.record, Record::Begun { .. }));
    let held = block_on(store.read_lease(Environment::Dev)).expect("readable").is_some_and(|seen| !seen.record.released);
    (begun.filter_map(|entry| entry.fence).collect(), held)
}

#[test]
fn two_processes_take_turns_or_one_is_refused() {
    let product = Product::new();
    let mut refused = 0;
    for round in 0..12 {
        product.expect(0, &["sandbox", "reset", "--at", "2026-11-01T00:00:00Z"]);
        let waits = round % 3 == 0;
        let words: &[&str] = if waits { &["apply", "dev", "--yes", "--wait", "1m"] } else { &["apply", "dev", "--yes"] };
        let children = [(); 2].map(|()| product.command(words).spawn().expect("started"));
        let pids = [children[0].id(), children[1].id()];
        let ran = children.map(ended);
        for (ran, other) in ran.iter().zip([pids[1], pids[0]]) {
            match ran.code {
                0 => {}
                // The other one's plan, made before the first one applied, is done already or has moved on.
                5 if ran.err.contains("the world moved") || ran.err.contains("(process ") => {
                    if ran.err.contains("another apply of dev is running") {
                        assert!(ran.err.contains(&format!("(process {other})")) && !waits, "{ran:#?}");
                        refused += 1;
                    }
                }
                _ => panic!("{ran:#?}"),
            }
        }
        assert!(ran.iter().any(|ran| ran.code == 0), "{ran:#?}");
        let (begun, held) = fences(&product);
        assert!(begun.windows(2).all(|pair| pair[0] < pair[1]) && !held, "{begun:?}");
        product.reads_only(0, &["plan", "dev", "--detailed-exitcode"]);
    }
    assert!(refused > 0, "no two of them met");
}

/// A holder that stands still is alive: it is named, `doctor` shows it, and it goes on. One that was killed is not in
/// the way of anybody, at once.
#[test]
fn a_stopped_holder_is_named_and_a_killed_one_is_taken_over() {
    let product = Product::new();
    let signal = |name: &str, pid: u32| {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill is a command of every Unix");
    };
    let (mut killed, mut stopped) = (0, 0);
    for round in 0..20 {
        product.expect(0, &["sandbox", "reset", "--at", "2026-11-01T00:00:00Z"]);
        let mut child = product.command(&["apply", "dev", "--yes"]).spawn().expect("started");
        let store = format!("{}.store/dev/lease.json", product.world().display());
        while !fs::exists(&store).unwrap_or(false) && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        signal("STOP", child.id());
        if !fences(&product).1 {
            signal("CONT", child.id());
            assert_eq!(ended(child).code, 0);
            continue;
        }
        let pid = format!("(process {})", child.id());
        let mut second = product.command(&["apply", "dev", "--yes"]).spawn().expect("started");
        let ended_by_itself = (0..150).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            second.try_wait().expect("a child").is_some()
        });
        if !ended_by_itself {
            // Stopped inside a call of the simulated world, whose file it keeps locked: another try.
            signal("CONT", child.id());
            assert_eq!(ended(child).code, 0);
            assert!([0, 5].contains(&ended(second).code));
            continue;
        }
        let ran = ended(second);
        assert!(ran.code == 5 && ran.err.contains(&pid), "{ran:#?}");
        let doctor = product.reads_only(0, &["doctor", "dev"]).out;
        assert!(doctor.split_whitespace().collect::<Vec<_>>().join(" ").contains("lease: an apply is running"), "{doctor}");
        stopped += 1;
        if round % 2 == 0 {
            signal("CONT", child.id());
            assert_eq!(ended(child).code, 0);
            continue;
        }
        child.kill().expect("killed");
        assert_eq!(ended(child).code, -1);
        let doctor = product.reads_only(0, &["doctor", "dev"]).out;
        assert!(doctor.split_whitespace().collect::<Vec<_>>().join(" ").contains("ended without giving it back"), "{doctor}");
        product.expect(0, &["apply", "dev", "--yes"]);
        let (begun, held) = fences(&product);
        assert!(begun.last().is_some_and(|fence| *fence > 1) && !held, "{begun:?}");
        killed += 1;
        if killed == 3 {
            break;
        }
    }
    assert!(killed > 0 && stopped > 0, "{killed} killed, {stopped} stopped");
}
