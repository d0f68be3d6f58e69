//! The page for Prometheus, on a loopback address.
//!
//! Names follow its conventions: `tokaido_watch_…`, seconds, `_total` for counters. While an environment cannot be seen all its
//! promises are `unknown`: the page never shows an old "kept" as the present, and a broken promise stays broken.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::look::Saw;
use crate::model::{Environment, Open, Picture, Sighting, VerdictState, WatchRecord};

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Connections that are open at once.
const CONNECTIONS: usize = 16;

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge>;
type Counters = Family<Labels, Counter>;

/// The fate of an event that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Delivered,
    /// An attempt failed, and another one follows.
    Retried,
    /// Given up.
    Failed,
    /// The queue was full.
    Dropped,
}

impl Delivery {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retried => "retried",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    last_look: Gauges,
    seen: Gauges,
    open: Gauges,
    promises: Gauges,
    promise_state: Gauges,
    duration: Gauges,
    gap_seconds: Counters,
    looks: Counters,
    failures: Counters,
    calls: Counters,
    deliveries: Counters,
    left_out: Counter,
    /// The promises on the page.
    known: Mutex<BTreeMap<Environment, Vec<String>>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tokaido_watch");
        let mut gauge = |name: &str, help: &str| {
            let family = Gauges::default();
            registry.register(name, help, family.clone());
            family
        };
        let last_look =
            gauge("last_look_timestamp_seconds", "When the newest look was that the history knows, on the world's clock");
        let seen = gauge("seen", "Whether the last look saw the environment (1) or was blind (0)");
        let open = gauge("open", "Things that are not as they should be, after the last look, by what they are");
        let promises =
            gauge("promises", "Promises by how they stand; all unknown while blind, and broken besides where that is open");
        let promise_state = gauge("promise_state", "1 for the state that a promise is in");
        let duration = gauge("look_duration_milliseconds", "How long the last look took");
        let mut counter = |name: &str, help: &str| {
            let family = Counters::default();
            registry.register(name, help, family.clone());
            family
        };
        let gap_seconds = counter("gap_seconds", "Seconds without a look, beyond what the interval allows");
        let looks = counter("looks", "Looks, by what came of them");
        let failures = counter("failures", "Looks that were blind, could not read everything, or could not be recorded");
        let calls = counter("calls", "Calls of the looks, by operation; mutating ones never happen");
        let deliveries = counter("webhook_deliveries", "Events for the webhook, by what became of them");
        let left_out = Counter::default();
        registry.register(
            "lines_left_out",
            "Lines left out because the reader of standard output did not read in time",
            left_out.clone(),
        );
        Self {
            registry,
            last_look,
            seen,
            open,
            promises,
            promise_state,
            duration,
            gap_seconds,
            looks,
            failures,
            calls,
            deliveries,
            left_out,
            known: Mutex::default(),
        }
    }
}

fn of(environment: Environment) -> (&'static str, String) {
    ("environment", environment.to_string())
}

const fn word(state: VerdictState) -> &'static str {
    match state {
        VerdictState::Broken => "broken",
        VerdictState::Unknown => "unknown",
        VerdictState::Pending => "pending",
        VerdictState::Kept => "kept",
        VerdictState::NotApplicable => "not-applicable",
        VerdictState::NoCheckYet => "no-check-yet",
        VerdictState::OutsideInfrastructure => "outside-infrastructure",
    }
}

const fn what(open: &Open) -> &'static str {
    match open {
        Open::Drifted { .. } => "drifted",
        Open::Missing { .. } => "missing",
        Open::Orphaned { .. } => "orphaned",
        Open::Unreadable { .. } => "unreadable",
        Open::Promise { .. } => "promise",
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Metrics {
    /// A look ended, with any result.
    pub(super) fn looked(&self, environment: Environment, saw: &Saw) {
        let blind = match &saw.sighting {
            Sighting::Blind { class, .. } => Some(class.as_str()),
            Sighting::Seen { .. } => None,
        };
        let took = i64::try_from(saw.took.as_millis()).unwrap_or(i64::MAX);
        self.duration.get_or_create(&vec![of(environment)]).set(took);
        // From 0 on: Prometheus counts no increase for a series that begins at 1.
        let _ = self.failures.get_or_create(&vec![of(environment), ("class", "unrecorded".to_owned())]);
        let outcome = if blind.is_some() { "blind" } else { "seen" };
        self.looks.get_or_create(&vec![of(environment), ("outcome", outcome.to_owned())]).inc();
        if let Some(class) = blind {
            self.failed(environment, class);
        }
        if matches!(&saw.sighting, Sighting::Seen { open } if open.iter().any(|open| matches!(open, Open::Unreadable { .. }))) {
            self.failed(environment, "unreadable");
        }
        for call in &saw.calls {
            let labels = vec![of(environment), ("operation", call.operation.clone()), ("mutating", call.mutating.to_string())];
            self.calls.get_or_create(&labels).inc_by(call.count);
        }
    }

    /// The picture after a look, and whether it is recorded. `None`: nothing was seen, and nothing is known from before.
    pub(super) fn stands(&self, environment: Environment, saw: &Saw, picture: Option<&Picture>, recorded: bool) {
        if let (true, Some(at)) = (recorded, saw.at) {
            self.last_look.get_or_create(&vec![of(environment)]).set(at.as_second());
        }
        self.judged(environment, saw, picture);
        for kind in ["drifted", "missing", "orphaned", "unreadable", "promise"] {
            let labels = vec![of(environment), ("what", kind.to_owned())];
            if let Some(picture) = picture {
                let count = picture.all().filter(|open| what(open) == kind).count();
                self.open.get_or_create(&labels).set(signed(count));
            } else {
                // No number: 0 would say that nothing is open.
                self.open.remove(&labels);
            }
        }
        // Last, so that a scrape that shows the environment as seen also shows what was seen.
        let seen = matches!(saw.sighting, Sighting::Seen { .. });
        self.seen.get_or_create(&vec![of(environment)]).set(i64::from(seen));
    }

    fn judged(&self, environment: Environment, saw: &Saw, picture: Option<&Picture>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(environment).or_default();
        let states = states(saw, picture, known);
        for promise in known.iter().filter(|promise| !states.contains_key(*promise)) {
            for state in VerdictState::ALL {
                self.promise_state.remove(&promise_labels(environment, promise, state));
            }
        }
        for state in VerdictState::ALL {
            let count = states.values().filter(|of| of.contains(&state)).count();
            self.promises.get_or_create(&vec![of(environment), ("state", word(state).to_owned())]).set(signed(count));
        }
        for (promise, now) in &states {
            for state in VerdictState::ALL {
                let labels = promise_labels(environment, promise, state);
                if now.contains(&state) {
                    self.promise_state.get_or_create(&labels).set(1);
                } else {
                    self.promise_state.remove(&labels);
                }
            }
        }
        *known = states.into_keys().collect();
    }

    /// What this process recorded.
    pub(super) fn wrote(&self, environment: Environment, record: &WatchRecord) {
        let gap = record.gap.map_or(0, |gap| gap.seconds());
        self.gap_seconds.get_or_create(&vec![of(environment)]).inc_by(u64::try_from(gap).unwrap_or(0));
    }

    pub(super) fn unrecorded(&self, environment: Environment) {
        self.failed(environment, "unrecorded");
    }

    pub(super) fn delivered(&self, delivery: Delivery) {
        self.deliveries.get_or_create(&vec![("outcome", delivery.as_str().to_owned())]).inc();
    }

    pub(super) fn left_out(&self) {
        self.left_out.inc();
    }

    fn failed(&self, environment: Environment, class: &str) {
        self.failures.get_or_create(&vec![of(environment), ("class", class.to_owned())]).inc();
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// The states of the look, or unknown where it saw nothing; and broken besides while that is open, because a look that sees
/// nothing closes nothing.
fn states(saw: &Saw, picture: Option<&Picture>, known: &[String]) -> BTreeMap<String, BTreeSet<VerdictState>> {
    let mut states: BTreeMap<String, BTreeSet<VerdictState>> = match &saw.sighting {
        Sighting::Seen { .. } => {
            saw.verdicts.iter().map(|verdict| (verdict.promise.clone(), BTreeSet::from([verdict.state]))).collect()
        }
        Sighting::Blind { .. } => {
            // From the files; from before when the files cannot be read.
            let named = if saw.promises.is_empty() { known } else { &saw.promises };
            named.iter().map(|promise| (promise.clone(), BTreeSet::from([VerdictState::Unknown]))).collect()
        }
    };
    for open in picture.into_iter().flat_map(Picture::all) {
        let Open::Promise { promise, state, .. } = open else { continue };
        let now = states.entry(promise.clone()).or_insert_with(|| [VerdictState::Unknown].into());
        let well = |now: &VerdictState| !matches!(now, VerdictState::Broken | VerdictState::Unknown | VerdictState::Pending);
        if now.iter().any(well) {
            *now = [VerdictState::Unknown].into();
        }
        if *state == VerdictState::Broken {
            now.insert(VerdictState::Broken);
        }
    }
    states
}

fn promise_labels(environment: Environment, promise: &str, state: VerdictState) -> Labels {
    vec![of(environment), ("promise", promise.to_owned()), ("state", word(state).to_owned())]
}

/// Answers from now on. Returns the address that it listens on.
pub(super) async fn serve(address: SocketAddr, metrics: Arc<Metrics>) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    // Each connection is a file, and a watcher without file handles cannot look. Later connections wait in the system's queue.
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::spawn(async move {
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            // No file handle for a moment, or a closed connection: the next one is answered.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                continue;
            };
            let metrics = Arc::clone(&metrics);
            tokio::spawn(async move {
                let _place = place;
                let answer = service_fn(|request: Request<Incoming>| {
                    let answer = answer(&request, &metrics);
                    async move { Ok::<_, Infallible>(answer) }
                });
                let connection = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), answer);
                // A client that sends nothing is not waited for.
                let _ = tokio::time::timeout(std::time::Duration::from_secs(10), connection).await;
            });
        }
    });
    Ok(bound)
}

fn answer(request: &Request<Incoming>, metrics: &Metrics) -> Response<Full<Bytes>> {
    let with = |status: StatusCode, name, value: &'static str, text: String| {
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = status;
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    };
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => with(StatusCode::OK, CONTENT_TYPE, TEXT, metrics.text()),
        (_, "/metrics") => with(StatusCode::METHOD_NOT_ALLOWED, ALLOW, "GET, HEAD", String::new()),
        _ => with(StatusCode::NOT_FOUND, CONTENT_TYPE, "text/plain", "metrics are at /metrics\n".to_owned()),
    }
}
