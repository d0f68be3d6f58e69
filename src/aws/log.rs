//! One line of the log for each attempt that left this process, with the id that AWS gave it.

use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_types::region::Region;

use super::attempt;
use super::operation::as_iam_spells_it;
use crate::world::log::Call;

/// Reads the metadata of a call, its region, its number and the headers of its answer; never a body or a header that is sent.
#[derive(Debug, Clone, Copy)]
pub struct CallLines;

#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

/// The services of AWS name the header of the request's id differently.
const REQUEST_ID: [&str; 3] = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"];

#[dyn_dispatch_hint]
impl Intercept for CallLines {
    fn name(&self) -> &'static str {
        "tokaido::CallLines"
    }

    #[expect(clippy::disallowed_methods, reason = "the log says how long the attempt took, not what time the world has")]
    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        cfg.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(metadata) = cfg.load::<Metadata>() else { return Ok(()) };
        let response = context.response();
        let request_id = response.and_then(|response| REQUEST_ID.iter().find_map(|name| response.headers().get(*name)));
        let answer = response.map_or_else(|| "no answer".to_owned(), |response| response.status().as_u16().to_string());
        Call {
            operation: &as_iam_spells_it(metadata.service(), metadata.name()),
            region: cfg.load::<Region>().map_or("", Region::as_ref),
            attempt: attempt::number(),
            request_id: request_id.unwrap_or_default(),
            answer: &answer,
            took: cfg.load::<Began>().map(|began| began.0.elapsed()).unwrap_or_default(),
        }
        .log();
        Ok(())
    }
}
