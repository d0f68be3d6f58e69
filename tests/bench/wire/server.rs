//! AWS as it was recorded: every answer is complete, and leaves 30 ms after its request arrived. Requests do not wait for
//! each other. A request that was not recorded is refused, and the benchmark fails.

use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;

/// What AWS needs for an answer: about as long as a list in the same region takes.
const ANSWERS_AFTER: Duration = Duration::from_millis(30);

const EXCHANGES: &str = include_str!("exchanges.jsonl");

/// One line of `exchanges.jsonl`.
#[derive(Debug, Deserialize)]
struct Exchange {
    request: String,
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// One request as the server saw it, from its arrival to its answer.
#[derive(Debug, Clone)]
pub struct Call {
    pub request: String,
    pub recorded: bool,
    pub began: Instant,
    pub ended: Instant,
}

/// What one program asked for.
#[derive(Debug, Default)]
pub struct Asked {
    pub calls: Vec<Call>,
    pub connections: usize,
}

impl Asked {
    /// How often each request was made.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for call in &self.calls {
            *counts.entry(call.request.as_str()).or_default() += 1;
        }
        counts
    }

    /// The most calls that waited for their answers at one moment.
    pub fn in_flight(&self) -> usize {
        let at = |moment: Instant| self.calls.iter().filter(|call| call.began <= moment && moment < call.ended).count();
        self.calls.iter().map(|call| at(call.began)).max().unwrap_or(0)
    }
}

#[derive(Debug)]
struct State {
    answers: HashMap<String, Exchange>,
    calls: Mutex<Vec<Call>>,
    connections: AtomicUsize,
}

/// The replay server on a free port of 127.0.0.1, for as long as the runtime lives.
#[derive(Debug)]
pub struct Server {
    pub url: String,
    state: Arc<State>,
}

impl Server {
    /// # Errors
    /// No free port, or a line of the recording that cannot be read.
    pub async fn start() -> std::io::Result<Self> {
        let mut answers = HashMap::new();
        for line in EXCHANGES.lines() {
            let exchange: Exchange = serde_json::from_str(line)?;
            answers.insert(exchange.request.clone(), exchange);
        }
        let state = Arc::new(State { answers, calls: Mutex::default(), connections: AtomicUsize::new(0) });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(accept(listener, state.clone()));
        Ok(Self { url, state })
    }

    /// What was asked since the last time.
    pub fn take(&self) -> Asked {
        let calls = std::mem::take(&mut *self.state.calls.lock().unwrap_or_else(PoisonError::into_inner));
        Asked { calls, connections: self.state.connections.swap(0, Ordering::Relaxed) }
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        // An answer of one small packet must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        state.connections.fetch_add(1, Ordering::Relaxed);
        let state = state.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &state));
            // A program that ends drops its connections, which is no error here.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, state: &State) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let began = Instant::now();
    let (head, body) = request.into_parts();
    let sent = body.collect().await?.to_bytes();
    let request = key(&head, &String::from_utf8_lossy(&sent));
    let found = state.answers.get(&request);
    tokio::time::sleep_until((began + ANSWERS_AFTER).into()).await;
    let response = found.map_or_else(|| refused(&request), replayed);
    let call = Call { recorded: found.is_some(), request, began, ended: Instant::now() };
    state.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    Ok(response)
}

fn replayed(exchange: &Exchange) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(exchange.status);
    for (name, value) in &exchange.headers {
        response = response.header(name, value);
    }
    response.body(Full::from(exchange.body.clone())).unwrap_or_else(|error| refused(&error.to_string()))
}

/// A status that no client tries again.
fn refused(what: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("not recorded: {what}")));
    *response.status_mut() = hyper::StatusCode::BAD_REQUEST;
    response
}

/// Service and region as signed, what is asked, and of whom: everything that decides the answer. `record.py` writes the same.
fn key(head: &hyper::http::request::Parts, sent: &str) -> String {
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let credential = header("authorization").split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut scope = credential.split(',').next().unwrap_or_default().split('/').skip(2);
    let (region, service) = (scope.next().unwrap_or_default(), scope.next().unwrap_or_default());
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    [service, region, head.method.as_str(), path, header("x-amz-target"), header("x-amz-expected-bucket-owner"), sent]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
