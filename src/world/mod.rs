//! The seam to whatever holds the resources. Two worlds exist: AWS and the simulated one.
//!
//! Contract of every world: `list` and `read` never mutate; `NotFound` comes only from an explicit answer, never from
//! a failed read; a create sends the tags in the same call. Imports only `model`.

pub mod behaviour;
pub mod calls;
pub mod clock;
pub mod error;
pub mod fault;
pub mod log;
pub mod write_fence;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::observed::Listing;
use crate::model::tags::Tags;
use crate::model::{Attributes, Environment, Live, Name, Region};

pub use calls::{CallCount, CallLog};
pub use clock::{Clock, ClockReading};
pub use error::{Advice, Changed, ErrorClass, Principal, ProviderError};
pub use fault::{Fault, Moment};
pub use write_fence::WriteFence;

/// The account and environment that a session works in: drivers read only what can be of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub environment: Environment,
    /// Twelve digits.
    pub account: String,
}

/// Who AWS says we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    pub arn: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRequest {
    /// References already lowered to physical identifiers.
    pub attributes: Attributes,
    /// Sent in the create call where AWS accepts them there; the driver repairs the rest.
    pub tags: Tags,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRequest {
    /// As it was read a moment ago.
    pub live: Live,
    /// The whole target, references lowered. Only `changed` may be sent.
    pub attributes: Attributes,
    /// The whole target of our namespace; foreign keys are not in it and must survive.
    pub tags: Tags,
    /// Names of the attributes to change; `tags` for the tags.
    pub changed: BTreeSet<Name>,
}

/// One fact about a resource that no one declares, as a driver tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub physical: String,
    /// One of `kinds::facts`.
    pub name: String,
    pub value: String,
    /// The call that said so, as AWS names it.
    pub operation: String,
}

/// How one kind is called in one region.
#[async_trait]
pub trait Driver: Send + Sync {
    /// Everything of this kind that AWS did not make by itself. Objects whose details could not be read are returned
    /// as unreadable, the rest is still returned.
    ///
    /// # Errors
    /// When the listing itself failed: nothing is known about the kind in this region.
    async fn list(&self) -> Result<Listing, ProviderError>;

    /// One object by its physical identifier; `None` only when AWS says that it does not exist.
    ///
    /// # Errors
    /// When AWS did not answer the question.
    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError>;

    /// Creates, with tags. Returns the physical identifier; does not wait.
    ///
    /// # Errors
    /// [`ProviderError::changed`] says whether something may exist now.
    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError>;

    /// Changes exactly the named attributes. Does not wait.
    ///
    /// # Errors
    /// [`ProviderError::changed`] says whether some of it may have happened.
    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError>;

    /// Deletes. An object that is already gone is a success.
    ///
    /// # Errors
    /// [`ProviderError::changed`] says whether it may be gone.
    async fn delete(&self, live: &Live) -> Result<(), ProviderError>;

    /// Facts that promises need and no attribute has, about these resources. Only an audit asks.
    ///
    /// # Errors
    /// When any of the calls was not answered: a part of the facts would pass for all of them.
    async fn facts(&self, _live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        Ok(Vec::new())
    }
}

/// A session in one account.
#[async_trait]
pub trait World: Send + Sync {
    /// Asks who we are. Called before anything else.
    ///
    /// # Errors
    /// When nobody answered or the credentials are not valid.
    async fn caller(&self) -> Result<Caller, ProviderError>;

    /// The driver of a kind in a region; `None` when this world has no such kind.
    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>>;

    fn clock(&self) -> &dyn Clock;

    /// Our clock beside the world's, from an answer that was received anyway; `None` when no answer told. Calls nothing.
    fn clock_reading(&self) -> Option<ClockReading> {
        None
    }

    /// Every call made so far.
    fn calls(&self) -> &CallLog;

    /// Asked by every driver right before a call that changes something.
    fn write_fence(&self) -> &WriteFence;

    /// Which world this is: a plan made in one is refused in another.
    fn identity(&self) -> String;

    /// A line that must be shown before the result: a simulated world, an endpoint that is not AWS.
    fn banner(&self) -> Option<String>;
}
