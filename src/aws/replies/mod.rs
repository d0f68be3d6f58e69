//! A reply is complete, or the call failed. AWS's SDK reads a reply that is cut in half, or empty, as a list without entries; a
//! plan from such a list makes everything a second time.
//!
//! ```text
//! connection ─► Whole (counts and keeps the bytes) ─► at the end: check ─► SDK ─► driver
//!                                                        │
//!                                     Incomplete ─► the SDK sends a read again, as after a broken connection
//!                                                ─► classify: `Unreachable`; a write may have changed something
//! ```
//!
//! In: every reply, and `operations.txt`, which `tests/models/replies.py` makes from AWS's own service models.
//!
//! Out: [`check()`], and [`Complete`], the interceptor of every client.
//!
//! Must not import: anything of tokaido; no driver, no kind.
//!
//! Guarantees: no document reaches the SDK that is not well-formed to its end, has another root than its operation answers with,
//! or lacks a member that AWS always sends. No reply is waited for that has stopped. A list that says that more follows also says where.

mod check;
mod incomplete;
mod node;
mod table;

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::Sleep;

pub use check::{Reply, check, document};
pub use incomplete::Incomplete;
pub use node::Node;
pub use table::{Document, Expected, TABLE, expected, is_json};

/// The largest document. A page of a list has at most 1,000 entries.
pub const MOST: usize = 64 * 1024 * 1024;

/// The largest object that is read as it comes. tokaido reads its own records and its lease so.
pub const MOST_STREAMED: usize = 256 * 1024 * 1024;

/// How long a call waits for the next byte. A reply that makes progress is never cut, however long it is.
pub const SILENCE: Duration = Duration::from_secs(20);

/// Lets no reply through before it was checked.
#[derive(Debug, Clone, Copy)]
pub struct Complete;

#[dyn_dispatch_hint]
impl Intercept for Complete {
    fn name(&self) -> &'static str {
        "tokaido::Complete"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = cfg.load::<Metadata>().ok_or("a call has a service and an operation")?;
        let response = context.response_mut();
        let (service, status) = (metadata.service().to_ascii_lowercase(), response.status().as_u16());
        let error_type = response.headers().get(ERROR_TYPE).is_some_and(|code| !code.is_empty());
        let body = mem::replace(response.body_mut(), SdkBody::taken());
        let whole = Whole::new((service, metadata.name()), (status, error_type), body, SILENCE);
        *response.body_mut() = SdkBody::from_body_1_x(whole);
        Ok(())
    }
}

/// The header in which the JSON protocols name an error.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// The body of a reply, which ends with an error when it is not complete.
pub struct Whole {
    service: String,
    operation: String,
    status: u16,
    error_type: bool,
    streamed: bool,
    inner: Pin<Box<SdkBody>>,
    /// The bytes so far; none of an object that is read as it comes.
    seen: Vec<Bytes>,
    length: usize,
    /// How long the next byte is waited for.
    silence: Duration,
    /// Runs while no byte comes.
    quiet: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

impl Whole {
    /// The body of this operation's reply. `service` is in lower case; `error_type`: whether a header names an error; `silence`: how
    /// long the next byte is waited for.
    #[must_use]
    pub fn new(
        (service, operation): (String, &str),
        (status, error_type): (u16, bool),
        body: SdkBody,
        silence: Duration,
    ) -> Self {
        let document = table::expected(&service, operation).document;
        Self {
            streamed: (200..300).contains(&status) && document == Document::Stream,
            service,
            operation: operation.to_owned(),
            status,
            error_type,
            inner: Box::pin(body),
            seen: Vec::new(),
            length: 0,
            silence,
            quiet: None,
            ended: false,
        }
    }

    fn take(&mut self, data: &Bytes) -> Result<(), Incomplete> {
        let most = if self.streamed { MOST_STREAMED } else { MOST };
        self.length = self.length.saturating_add(data.len());
        if self.length > most {
            return Err(Incomplete::Large { megabytes: most / (1024 * 1024) });
        }
        if !self.streamed {
            self.seen.push(data.clone());
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), Incomplete> {
        if self.streamed {
            return Ok(());
        }
        let seen = mem::take(&mut self.seen);
        let body = if let [one] = &*seen { one.clone() } else { Bytes::from(seen.concat()) };
        check(&self.service, &self.operation, &Reply { status: self.status, error_type: self.error_type, body: &body })
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let frame = match self.inner.as_mut().poll_frame(cx) {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                let silence = self.silence;
                let quiet = self.quiet.get_or_insert_with(|| Box::pin(tokio::time::sleep(silence)));
                ready!(quiet.as_mut().poll(cx));
                self.ended = true;
                return Poll::Ready(Some(Err(Incomplete::Silent { seconds: silence.as_secs() }.into())));
            }
        };
        self.quiet = None;
        let next = match frame {
            Some(Ok(frame)) => match frame.data_ref().map(|data| self.take(data)).transpose() {
                Ok(_) => return Poll::Ready(Some(Ok(frame))),
                Err(incomplete) => Err(incomplete),
            },
            Some(Err(error)) => Err(Incomplete::Broke { why: error.to_string() }),
            None => self.check(),
        };
        self.ended = true;
        Poll::Ready(next.err().map(|incomplete| Err(incomplete.into())))
    }
}
