//! Asks the write fence, right before a request that changes something leaves, whether the lease is still held.
//!
//! The check is here and not in the drivers, because one update can be several calls, and a throttled call is sent again minutes
//! later.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::operation::mutating;
use crate::world::WriteFence;

/// Why a request was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fenced(pub String);

/// Which requests of a client ask the fence.
#[derive(Debug, Clone)]
pub enum Fence {
    /// Every one, of a client that writes.
    Every(WriteFence),
    /// Those that change something, of a client that reads.
    Changes(WriteFence),
}

#[dyn_dispatch_hint]
impl Intercept for Fence {
    fn name(&self) -> &'static str {
        "tokaido::Fence"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let fence = match self {
            Self::Every(fence) => fence,
            // An operation without a name is taken for one that changes something.
            Self::Changes(_) if cfg.load::<Metadata>().is_some_and(|operation| !mutating(operation.name())) => return Ok(()),
            Self::Changes(fence) => fence,
        };
        fence.refusal().map_or(Ok(()), |reason| Err(Fenced(reason.en).into()))
    }
}
