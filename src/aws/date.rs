//! The time by AWS's clock: the `Date` header of an answer to a call that is made anyway.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use jiff::Timestamp;

use crate::world::clock::SystemClock;
use crate::world::{Clock as _, ClockReading};

/// The newest reading of a client's answers, refusals included.
#[derive(Debug, Clone, Default)]
pub struct DateHeader(Arc<Mutex<Option<ClockReading>>>);

impl DateHeader {
    #[must_use]
    pub fn reading(&self) -> Option<ClockReading> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[dyn_dispatch_hint]
impl Intercept for DateHeader {
    fn name(&self) -> &'static str {
        "tokaido::DateHeader"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(reading) = of_answer(context.response()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        }
        Ok(())
    }
}

/// This machine's clock now, and AWS's as an answer that came this moment tells it.
#[must_use]
pub fn of_answer(answer: &HttpResponse) -> Option<ClockReading> {
    let theirs = answer.headers().get("date").and_then(parse)?;
    Some(ClockReading { ours: SystemClock.now(), theirs })
}

/// The two clocks in the words of a refused signature: the time of the signature, and AWS's own in brackets.
///
/// ```text
/// Signature expired: 20261101T000000Z is now earlier than 20261101T001000Z (20261101T001500Z - 5 min.)
/// ```
#[must_use]
pub fn of_words(words: &str) -> Option<ClockReading> {
    let (_, told) = words.split_once(EXPIRED).or_else(|| words.split_once(NOT_YET))?;
    let (ours, told) = told.trim_start_matches([':', ' ']).split_once(' ')?;
    let (_, told) = told.split_once('(')?;
    let (theirs, _) = told.split_once(' ')?;
    Some(ClockReading { ours: basic(ours)?, theirs: basic(theirs)? })
}

/// How AWS says that the time in a signature is too old, or too far ahead.
pub const EXPIRED: &str = "Signature expired";
pub const NOT_YET: &str = "Signature not yet current";

/// A time in ISO 8601's basic form, as signatures have it: `20261101T001500Z`.
fn basic(time: &str) -> Option<Timestamp> {
    jiff::fmt::strtime::parse("%Y%m%dT%H%M%S%z", time.replace('Z', "+0000")).ok()?.to_timestamp().ok()
}

/// The time of a header; `None` when it cannot be read, which is no error.
fn parse(header: &str) -> Option<Timestamp> {
    let date = DateTime::from_str(header, Format::HttpDate).ok()?;
    Timestamp::from_second(date.secs()).ok()
}

/// A time of an answer as facts are written, RFC 3339; `None` when it cannot be represented.
#[must_use]
pub fn rfc3339(at: &DateTime) -> Option<String> {
    let at = Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).ok()?).ok()?;
    Some(at.to_string())
}
