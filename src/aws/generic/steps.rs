//! The calls that change or delete one object, one after another. After one has succeeded, a failure says that a part was done.

use std::error::Error;
use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::Place;
use crate::aws::call::{Answer, PartialChange};
use crate::aws::session::Clients;
use crate::world::ProviderError;

/// Steps on one object. Its methods take `&self`, because a driver awaits calls between them.
pub struct Steps<'a> {
    at: &'a Place,
    on: &'a str,
    new: bool,
    progress: Mutex<PartialChange>,
}

impl<'a> Steps<'a> {
    /// `on`: the physical identifier. `new`: this driver made the object a moment ago.
    pub(super) fn on(at: &'a Place, on: &'a str, new: bool) -> Self {
        Self { at, on, new, progress: Mutex::default() }
    }

    /// The place and its clients.
    #[must_use]
    pub const fn place(&self) -> &'a Place {
        self.at
    }

    #[must_use]
    pub fn writer(&self) -> &'a Clients {
        self.at.writer()
    }

    /// The physical identifier.
    #[must_use]
    pub const fn id(&self) -> &'a str {
        self.on
    }

    /// Whether this driver made the object a moment ago.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        self.new
    }

    /// The kind's own change call.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn send<T, E, C>(&self, call: impl Fn() -> C + Send + Sync) -> Answer<T>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.write(self.at.kind().calls.named(|writes| writes.change), call).await
    }

    /// The same for an object that may have been made a moment ago.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn send_new<T, E, C>(&self, call: impl Fn() -> C + Send + Sync) -> Answer<T>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.write_new(self.at.kind().calls.named(|writes| writes.change), call).await
    }

    /// The kind's delete call. An object that is already gone is a success.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn delete<T, E, C>(&self, call: impl Fn() -> C + Send + Sync) -> Answer<()>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.remove(self.at.kind().calls.named(|writes| writes.delete), call).await
    }

    /// Another call that removes something of the object. What is already gone is a success.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn remove<T, E, C>(&self, operation: &str, call: impl Fn() -> C + Send + Sync) -> Answer<()>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.step(self.at.remove(operation, self.on, call).await)
    }

    /// Another call that changes the object.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn write<T, E, C>(&self, operation: &str, call: impl Fn() -> C + Send + Sync) -> Answer<T>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.step(self.at.write(operation, self.on, call).await)
    }

    /// The same for an object that may have been made a moment ago, or that is told of one.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn write_new<T, E, C>(&self, operation: &str, call: impl Fn() -> C + Send + Sync) -> Answer<T>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.step(self.at.write_new(operation, self.on, call).await)
    }

    /// A converted value, or an error that names this operation and says what the steps before it have done.
    ///
    /// # Errors
    /// A value that this driver cannot send.
    pub fn valid_for<T>(&self, operation: &str, value: Result<T, impl Into<String>>) -> Answer<T> {
        self.check(value.map_err(|error| self.at.invalid(operation, self.on, error)))
    }

    /// Notes the outcome of a call that changes something. After one has succeeded, a later failure says that a part was done.
    ///
    /// # Errors
    /// The outcome's own.
    pub fn step<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).step(outcome)
    }

    /// Notes the outcome of something that changes nothing. Its failure says what the steps before it have done.
    ///
    /// # Errors
    /// The outcome's own.
    pub fn check<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        match outcome {
            Err(error) => self.step(Err(error)),
            done => done,
        }
    }
}
