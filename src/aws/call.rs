//! How drivers call AWS. A read is sent again after every failure that may pass; a write only after a refusal which proves that
//! nothing happened: a throttle, or a role that IAM has not spread yet.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::patience::{Patience, VISIBLE};
use super::sender::Asked;
use super::session::{Clients, Session};
use crate::kinds::Kind;
use crate::model::observed::Unreadable;
use crate::model::tags::{self, Tags};
use crate::model::{Region, ResourceId};
use crate::world::{Changed, ErrorClass, ProviderError};

/// A session in one region, and the kind that is called there. Every driver gets one.
#[derive(Clone)]
pub struct Place {
    session: Arc<Session>,
    region: Region,
    kind: &'static Kind,
}

/// The result of a driver's call.
pub type Answer<T> = Result<T, ProviderError>;

impl Place {
    #[must_use]
    pub fn new(session: &Arc<Session>, region: Region, kind: &'static Kind) -> Self {
        Self { session: session.clone(), region, kind }
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    #[must_use]
    pub const fn kind(&self) -> &'static Kind {
        self.kind
    }

    #[must_use]
    pub fn reader(&self) -> &Clients {
        self.session.reader(self.region)
    }

    #[must_use]
    pub fn writer(&self) -> &Clients {
        self.session.writer(self.region)
    }

    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The account (twelve digits), for calls that name the expected owner of an object.
    #[must_use]
    pub fn account(&self) -> &str {
        self.session.account()
    }

    /// The bucket that the environment file names.
    #[must_use]
    pub fn bucket(&self) -> Option<&str> {
        self.session.bucket()
    }

    /// `<environment>-`, with which every derived name begins.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.session.environment().derived("")
    }

    /// Whether an object with these tags can be one of this session's environment, with some of its tags lost.
    #[must_use]
    pub fn may_be_ours(&self, tags: &Tags) -> bool {
        tags::may_be_of(tags, self.session.environment())
    }

    /// One reading call; [`Self::pages`] reads a list. Drivers start all reads that need no other answer at the same time; here
    /// each read waits for its place.
    pub async fn read<T, E, C>(
        &self,
        operation: &str,
        resource: &str,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.session.reads().read(self.asked(operation, resource), call).await
    }

    pub(super) const fn asked<'a>(&self, operation: &'a str, resource: &'a str) -> Asked<'a> {
        // Global services are called through Tokyo.
        let region = match self.region {
            Region::Osaka => Region::Osaka,
            Region::Tokyo | Region::Global => Region::Tokyo,
        };
        Asked { operation, region: region.code(), resource }
    }

    /// Like [`Self::read`]; `None` when AWS says that the object does not exist.
    pub async fn find<T, E, C>(
        &self,
        operation: &str,
        resource: &str,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<Option<T>, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        match self.read(operation, resource, call).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a write once, and again only after a throttle or while IAM spreads a role.
    pub async fn write<T, E, C>(
        &self,
        operation: &str,
        resource: &str,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.session.sender().send(self.asked(operation, resource), Patience::Write, None, call).await
    }

    /// A write on an object that was made a moment ago: "does not exist" means "not visible yet".
    pub async fn write_new<T, E, C>(
        &self,
        operation: &str,
        resource: &str,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.session.sender().send(self.asked(operation, resource), Patience::OnNew, None, call).await
    }

    /// A deletion: an object that is already gone is a success.
    pub async fn remove<T, E, C>(
        &self,
        operation: &str,
        resource: &str,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<(), ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        match self.write(operation, resource, call).await {
            Err(error) if error.class != ErrorClass::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub async fn pause(&self, seconds: u64) {
        self.session.clock().sleep(Duration::from_secs(seconds)).await;
    }

    /// Repeats `look` until it finds the object that was just made.
    ///
    /// # Errors
    /// The error of `look`, or `NotFound` when the object stays invisible for five minutes.
    pub async fn until_visible<T, F>(
        &self,
        operation: &str,
        resource: &str,
        look: impl Fn() -> F + Send + Sync,
    ) -> Result<T, ProviderError>
    where
        T: Send,
        F: Future<Output = Result<Option<T>, ProviderError>> + Send,
    {
        let (mut delay, mut waited) = (1, 0);
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if waited >= VISIBLE.as_secs() {
                return Err(self.refuse(ErrorClass::NotFound, operation, resource, "it was created and is still not visible"));
            }
            self.pause(delay).await;
            waited += delay;
            delay = (delay * 2).min(20);
        }
    }

    /// An error that tokaido gives itself, without a call.
    #[must_use]
    pub fn refuse(&self, class: ErrorClass, operation: &str, resource: &str, message: impl Into<String>) -> ProviderError {
        let mut error = ProviderError::new(class, operation, resource, message);
        error.principal = self.session.principal().map(str::to_owned);
        error
    }

    #[must_use]
    pub fn invalid(&self, operation: &str, resource: &str, message: impl Into<String>) -> ProviderError {
        self.refuse(ErrorClass::Invalid, operation, resource, message)
    }

    /// The error for a delete of a kind that holds data, keys or evidence, which the planner never asks for.
    #[must_use]
    pub fn never_deleted(&self, resource: &str) -> ProviderError {
        self.invalid(
            self.kind.calls.named(|writes| writes.delete),
            resource,
            "tokaido never deletes this kind; docs/procedures.md says how a person does it",
        )
    }

    /// The error when AWS's answer to a create has no identifier.
    #[must_use]
    pub fn nameless(&self, operation: &str, resource: &str) -> ProviderError {
        let mut error = self.refuse(ErrorClass::Internal, operation, resource, "AWS answered without an identifier");
        error.changed = Changed::Maybe;
        error
    }

    /// The entry of one object whose details could not be read, while the rest of its kind could.
    #[must_use]
    pub fn unreadable(&self, physical: &str, id: Option<ResourceId>, error: &ProviderError) -> Unreadable {
        error.unreadable(self.kind.schema.kind, self.region, Some(physical), id)
    }

    /// Why an attribute of one object could not be read: the call, and its error as [`Self::unreadable`] has it.
    #[must_use]
    pub fn unread(&self, error: &ProviderError) -> String {
        let failed = self.unreadable("", None, error);
        format!("{}: {}", failed.operation, failed.error)
    }

    /// The id that a derived name, `<environment>-<name>`, stands for.
    #[must_use]
    pub fn id_from_name(&self, name: &str) -> Option<ResourceId> {
        name.strip_prefix(&self.prefix()).map(|rest| ResourceId::new(self.kind.schema.kind, rest, self.region))
    }

    #[must_use]
    pub fn id_from_tags(&self, tags: &Tags) -> Option<ResourceId> {
        tags::owner(tags, self.session.environment())
    }
}

/// Marks an error after a create: the object exists now, and the next plan finishes it.
#[must_use]
pub fn partly(physical: &str, mut error: ProviderError) -> ProviderError {
    error.changed = Changed::Partly;
    error.message = format!("{} ({physical} exists now; plan again to finish it)", error.message);
    error
}

/// Several calls that make one update. After one has succeeded, a later failure says that a part was done.
#[derive(Debug, Default)]
pub struct PartialChange {
    done: bool,
}

impl PartialChange {
    pub fn step<T>(&mut self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        match outcome {
            Ok(answer) => {
                self.done = true;
                Ok(answer)
            }
            Err(mut error) => {
                if self.done && error.changed == Changed::No {
                    error.changed = Changed::Partly;
                }
                Err(error)
            }
        }
    }
}
