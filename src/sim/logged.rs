//! A driver of the simulated world that writes a line of the log for each call, as `aws::log` does for AWS.

use async_trait::async_trait;

use crate::model::observed::Listing;
use crate::model::{Attributes, Live, Region};
use crate::world::clock::SystemClock;
use crate::world::log::{Call, refused};
use crate::world::{Clock as _, CreateRequest, Driver, ProviderError, Told, UpdateRequest};

/// The driver inside, with what a line of the log says of it.
pub(super) struct Logged<D> {
    pub(super) inner: D,
    pub(super) kind: &'static str,
    pub(super) region: Region,
}

impl<D> Logged<D> {
    async fn line<T>(&self, verb: &str, call: impl Future<Output = Result<T, ProviderError>> + Send) -> Result<T, ProviderError> {
        line(&format!("sim:{verb} {}", self.kind), self.region.code(), call).await
    }
}

/// Waits for the answer and writes the line.
pub(super) async fn line<T>(
    operation: &str,
    region: &str,
    call: impl Future<Output = Result<T, ProviderError>> + Send,
) -> Result<T, ProviderError> {
    let began = SystemClock.steady();
    let answer = call.await;
    Call {
        operation,
        region,
        attempt: 1,
        request_id: "",
        answer: if answer.is_ok() { "ok" } else { "error" },
        took: SystemClock.steady().saturating_sub(began),
    }
    .log();
    if let Err(error) = &answer {
        refused(error);
    }
    answer
}

#[async_trait]
impl<D: Driver> Driver for Logged<D> {
    async fn list(&self) -> Result<Listing, ProviderError> {
        self.line("list", self.inner.list()).await
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.line("read", self.inner.read(physical)).await
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        self.line("create", self.inner.create(request)).await
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        self.line("update", self.inner.update(request)).await
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        self.line("delete", self.inner.delete(live)).await
    }

    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        self.line("facts", self.inner.facts(live)).await
    }

    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        self.line("offers", self.inner.offers(asked)).await
    }
}
