//! The seam to the system that holds the resources. There are two worlds: AWS and the simulated one.
//!
//! In: the scope of a session; the reads of `observe`; the create, update and delete requests of `apply`. A [`World`] gives a
//! [`Driver`] for each kind and region.
//!
//! Out: live resources, facts, classified errors, and the count of the calls.
//!
//! Must not import: any module but `model`.
//!
//! Guarantees of every world:
//! - `list`, `read`, `facts` and `offers` never change anything.
//! - A driver reports `NotFound` only when AWS says that the object does not exist. A failed read is never `NotFound`.
//! - A create sends the tags in the same call, so an object that exists says whose it is.
//! - A driver asks the write fence right before each call that changes something.

#![deny(missing_docs)]

pub mod behaviour;
pub mod calls;
pub mod clock;
pub mod demand;
pub mod error;
pub mod fault;
pub mod log;
pub mod notice;
pub mod states;
pub mod write_fence;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::observed::Listing;
use crate::model::tags::Tags;
use crate::model::{Attributes, Environment, Live, Name, Region, Said};

pub use calls::{CallCount, CallLog};
pub use clock::{Clock, ClockReading, TOLERANCE_SECONDS};
pub use error::{Advice, Changed, ErrorClass, PolicyOf, Principal, ProviderError, unread};
pub use fault::{Fault, Moment};
pub use notice::{Listener, Notice};
pub use write_fence::WriteFence;

/// The account and the environment of a session. Drivers read details only of objects that can belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The environment whose resources the drivers read and change.
    pub environment: Environment,
    /// The AWS account, twelve digits.
    pub account: String,
}

/// The identity of the caller, as STS answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The AWS account, twelve digits.
    pub account: String,
    /// The ARN of the caller.
    pub arn: String,
}

/// What a driver needs to create one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRequest {
    /// The values of the new object. References are lowered to identifiers of AWS.
    pub attributes: Attributes,
    /// The tags of the new object. The driver sends them in the create call where AWS accepts them there, and adds the others
    /// after it.
    pub tags: Tags,
}

/// What a driver needs to change one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRequest {
    /// The object as the executor read it a moment ago.
    pub live: Live,
    /// All desired values, with references lowered to identifiers of AWS. The driver sends only those in `changed`.
    pub attributes: Attributes,
    /// All desired tags of our namespace. The object keeps its tags with other keys.
    pub tags: Tags,
    /// The names of the attributes to change; `tags` stands for the tags.
    pub changed: BTreeSet<Name>,
}

/// One fact about an object that no file declares, as a driver tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// AWS's identifier of the object.
    pub physical: String,
    /// The name of the fact, one of `kinds::facts`.
    pub name: String,
    /// The value as text; a time is RFC 3339 in UTC.
    pub value: String,
    /// The call that told the fact, as AWS names it.
    pub operation: String,
}

/// How one kind is read and changed in one region.
#[async_trait]
pub trait Driver: Send + Sync {
    /// Lists every object of this kind that AWS did not make by itself. An object whose details could not be read is returned as
    /// unreadable, and the others are still returned.
    ///
    /// # Errors
    /// The listing itself failed: nothing is known about this kind in this region.
    async fn list(&self) -> Result<Listing, ProviderError>;

    /// Reads one object by AWS's identifier. `None` only when AWS says that it does not exist.
    ///
    /// # Errors
    /// AWS did not answer the question.
    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError>;

    /// Creates an object with its tags, and returns AWS's identifier without waiting.
    ///
    /// # Errors
    /// AWS refused, or the write fence is closed. [`ProviderError::changed`] says whether something may exist now.
    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError>;

    /// Changes exactly the named attributes, without waiting.
    ///
    /// # Errors
    /// AWS refused, or the write fence is closed. [`ProviderError::changed`] says whether some of it may have happened.
    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError>;

    /// Deletes the object. An object that is already gone counts as deleted.
    ///
    /// # Errors
    /// AWS refused, or the write fence is closed. [`ProviderError::changed`] says whether the object may be gone.
    async fn delete(&self, live: &Live) -> Result<(), ProviderError>;

    /// Reads the facts about these objects that promises need and no attribute has. Only an audit asks for them.
    ///
    /// # Errors
    /// A call was not answered. The driver then returns no fact at all, because a part of them would pass for all of them.
    async fn facts(&self, _live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        Ok(Vec::new())
    }

    /// Asks what AWS offers with these values ([`crate::model::OfferRule::asks`]): each offer with the values of
    /// [`crate::model::OfferRule::has`]. Empty where AWS offers this kind with other values only; `None` where it names no offer of
    /// the kind at all.
    ///
    /// # Errors
    /// A call was not answered.
    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError>;
}

/// A session in one account.
#[async_trait]
pub trait World: Send + Sync {
    /// Asks who the caller is. A session calls it before anything else.
    ///
    /// # Errors
    /// AWS did not answer, or the credentials are not valid.
    async fn caller(&self) -> Result<Caller, ProviderError>;

    /// The driver of a kind in a region; `None` when this world does not have the kind there.
    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>>;

    /// The clock of this world.
    fn clock(&self) -> &dyn Clock;

    /// The machine's clock beside the clock of AWS, from an answer that was received anyway. `None` when no answer told the time.
    /// Makes no call.
    fn clock_reading(&self) -> Option<ClockReading> {
        None
    }

    /// Every call that the session made so far.
    fn calls(&self) -> &CallLog;

    /// The write fence of the session. Every driver asks it right before a call that changes something.
    fn write_fence(&self) -> &WriteFence;

    /// Which world this is. A plan that was made in one world is refused in another.
    fn identity(&self) -> String;

    /// A line that is shown before every result: for a simulated world, or for an endpoint that is not AWS. `None` for AWS.
    fn banner(&self) -> Option<Said>;
}
