//! The time by AWS's clock: the `Date` header of an answer to a call that is made anyway.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
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
        if let Some(theirs) = context.response().headers().get("date").and_then(parse) {
            let reading = ClockReading { ours: SystemClock.now(), theirs };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        }
        Ok(())
    }
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
