//! Counts operations, not attempts: the operations that a run called, as IAM spells them.

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::attempt;
use super::operation::{as_iam_spells_it, mutating};
use crate::world::CallLog;

#[derive(Debug, Clone)]
pub struct Counter(pub Arc<CallLog>);

#[dyn_dispatch_hint]
impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "tokaido::Counter"
    }

    /// Counts the first attempt of each operation. Each page of a list is an operation of its own.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = cfg.load::<Metadata>().filter(|_| attempt::number() == 1) {
            let operation = as_iam_spells_it(metadata.service(), metadata.name());
            // Objects that are put into S3 are tokaido's own records and its lease, not resources.
            self.0.record(&operation, mutating(metadata.name()) && metadata.name() != "PutObject");
        }
        Ok(())
    }
}
