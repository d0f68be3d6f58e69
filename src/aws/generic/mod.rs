//! One driver for all kinds: in which order what is asked and sent, what is refused before anything is sent, and what is
//! said of a failure. A kind's own part is [`Calls`]: which calls there are and what their answers mean.
//!
//! ```text
//! list    list ─► sight ─► left out │ shown │ complete (eight at once, in the listing's order)
//! create  raise ─► make ─► look until visible ─► tag what did not arrive ─► set LATER where it differs
//! update  refuse what is fixed, unknown or of another type ─► set ─► tag ─► last ─► every change was handled?
//! ```
//!
//! Guarantees: one object that cannot be read hides no other; nothing is sent for a change that AWS does not have; after
//! the first call that succeeded, a failure says that a part was done; what holds data is never deleted.

mod change;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, StreamExt as _};

use super::call::partly;
use super::tags::Delta;
use super::{Place, Session};
use crate::kinds::{self, Kind, kit};
use crate::model::observed::Unreadable;
use crate::model::schema::{Comparison, Mutability};
use crate::model::tags::Tags;
use crate::model::{Listing, Live, Name, Reading, Region, ResourceId, Value};
use crate::plan::compare;
use crate::world::{CreateRequest, Driver, ProviderError, Told, UpdateRequest};

pub use change::Change;

/// Objects whose details are read at the same time.
const AT_ONCE: usize = 8;

/// The attribute that every kind has and no driver sets: its change is [`Calls::tag`].
const TAGS: Name = kinds::TAGS.name;

/// What a listing says of one object.
#[derive(Debug)]
pub enum Sight {
    /// AWS made it by itself: left out.
    MadeByAws,
    /// All that is asked of it.
    Shown(Live),
    /// It can be ours: its details are read. `owner` is whose it is, when the listing tells.
    Ask { physical: String, owner: Option<ResourceId> },
}

impl Sight {
    /// An object whose name tells whose it is: `<environment>-<name>`.
    pub fn named<C: Calls>(calls: &C, name: &str) -> Self {
        Self::Ask { physical: name.to_owned(), owner: calls.at().id_from_name(C::KIND.schema.kind, name) }
    }
}

/// How one kind is called.
#[async_trait]
pub trait Calls: Send + Sync + Sized + 'static {
    type Spec: kit::Spec + Send + Sync;
    /// One object as AWS lists it.
    type Item: Send + Sync;

    const KIND: &'static Kind;
    /// The calls that are named when something is refused before one was sent, or stays invisible after one.
    const CREATE: &'static str;
    const LOOK: &'static str;
    const CHANGE: &'static str;
    /// Mutable attributes that the create call cannot carry: compared with what AWS shows after it, and set where they
    /// differ or are not shown.
    const LATER: &'static [Name] = &[];

    fn new(at: Place) -> Self;

    fn at(&self) -> &Place;

    /// Every page of the listing.
    async fn list(&self) -> Result<Vec<Self::Item>, ProviderError>;

    fn sight(&self, item: &Self::Item) -> Sight {
        Sight::Shown(self.shown(item))
    }

    /// Everything about one object, with further calls where they are needed. `None` when it went since it was listed.
    async fn complete(&self, item: &Self::Item) -> Result<Option<Live>, ProviderError> {
        Ok(Some(self.shown(item)))
    }

    /// One object by its physical identifier. `None` only when AWS says that it does not exist.
    async fn look(&self, physical: &str) -> Result<Option<Self::Item>, ProviderError>;

    /// Whether a new one can be worked with already; until then it is looked at again.
    fn usable(&self, _item: &Self::Item) -> bool {
        true
    }

    /// What is known without further calls. Of the rest it says that nobody asked.
    fn shown(&self, item: &Self::Item) -> Live;

    /// The tags, with a call where the item has none.
    async fn tags(&self, item: &Self::Item) -> Result<Tags, ProviderError> {
        Ok(self.shown(item).tags)
    }

    /// The create call; the physical identifier.
    async fn make(&self, spec: &Self::Spec, tags: &Tags) -> Result<String, ProviderError>;

    /// Sends what is to change, and nothing else.
    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError>;

    /// What must come after everything else, the tags among it.
    async fn last(&self, _change: &Change<'_>) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError>;

    /// Never asked of what holds data. An object that is already gone is a success.
    async fn remove(&self, live: &Live) -> Result<(), ProviderError>;

    async fn facts(&self, _live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        Ok(Vec::new())
    }
}

/// For [`super::drivers::TABLE`].
pub fn driver<C: Calls>(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Generic(C::new(Place::new(session, region))))
}

struct Generic<C>(C);

/// One object of a listing, when there is anything to say of it.
type Found = Option<Result<Live, Unreadable>>;

impl<C: Calls> Generic<C> {
    const KIND: &'static str = C::KIND.schema.kind;

    async fn one(&self, item: C::Item) -> Found {
        match self.0.sight(&item) {
            Sight::MadeByAws => None,
            Sight::Shown(live) => Some(Ok(live)),
            Sight::Ask { physical, owner } => match self.0.complete(&item).await {
                Ok(live) => live.map(Ok),
                Err(error) => Some(Err(self.0.at().unreadable(Self::KIND, &physical, owner, &error))),
            },
        }
    }

    /// What follows the create call. Whatever fails here, something exists.
    async fn finish(&self, physical: &str, request: &CreateRequest) -> Result<(), ProviderError> {
        let usable = || async { Ok(self.0.look(physical).await?.filter(|item| self.0.usable(item))) };
        let seen = self.0.at().until_visible(C::LOOK, physical, usable).await?;
        let live = Live { tags: self.0.tags(&seen).await?, ..self.0.shown(&seen) };
        self.0.tag(&live, &Delta::missing(&live.tags, &request.tags)).await?;
        let left: BTreeSet<Name> = C::LATER.iter().copied().filter(|name| later(C::KIND, *name, &live, request)).collect();
        if left.is_empty() {
            return Ok(());
        }
        let change = Change::after_create::<C>(self.0.at(), &live, &request.attributes, &left);
        self.0.set(&change).await?;
        self.0.last(&change).await?;
        change.all_handled()
    }

    /// What AWS has no call for, in the schema's own words.
    fn refusal(&self, request: &UpdateRequest) -> Option<ProviderError> {
        let (id, schema) = (&request.live.physical, C::KIND.schema);
        let refuse = |why: String| Some(self.0.at().invalid(C::CHANGE, id, why));
        for name in request.changed.iter().copied().filter(|name| *name != TAGS) {
            let Some(attribute) = schema.row(name) else {
                return refuse(format!("{} has no attribute {name}", schema.kind));
            };
            let before = request.live.attributes.reading(name).known().unwrap_or(&Value::Null);
            let after = request.attributes.get(name).unwrap_or(&Value::Null);
            if let (Mutability::Forbidden(why), _) = attribute.effect(before, after) {
                return refuse(format!("{name} cannot change: {why}"));
            }
            if let Err(error) = <C::Spec as kit::Spec>::fits(name, after) {
                return refuse(format!("{name}: {error}"));
            }
            if attribute.comparison == Comparison::WriteOnly {
                return refuse(format!("{name} cannot change: it is sent when the {} is made, and never compared", schema.title));
            }
        }
        None
    }
}

/// Whether the create left this to a call of its own: AWS shows another value, or none.
fn later(kind: &Kind, name: Name, live: &Live, request: &CreateRequest) -> bool {
    let Some(attribute) = kind.schema.row(name) else { return true };
    let after = request.attributes.get(name).unwrap_or(&Value::Null);
    match live.attributes.reading(name) {
        Reading::Value(before) => !compare::attribute_differences(attribute, before, after).is_empty(),
        // What a new object does not have, nobody needs to take from it.
        Reading::Absent | Reading::NotAsked | Reading::Failed(_) => !after.is_null(),
    }
}

#[async_trait]
impl<C: Calls> Driver for Generic<C> {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let items = self.0.list().await?;
        let details: Vec<_> = items.into_iter().map(|item| self.one(item)).collect();
        let found: Vec<Found> = stream::iter(details).buffered(AT_ONCE).collect().await;
        let mut listing = Listing::default();
        for one in found.into_iter().flatten() {
            match one {
                Ok(live) => listing.live.push(live),
                Err(unreadable) => listing.unreadable.push(unreadable),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.0.look(physical).await? {
            Some(item) => self.0.complete(&item).await,
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let spec: C::Spec =
            kit::Spec::raise(&request.attributes).map_err(|error| self.0.at().invalid(C::CREATE, Self::KIND, error))?;
        let physical = self.0.make(&spec, &request.tags).await?;
        self.finish(&physical, request).await.map_err(|error| partly(&physical, error))?;
        Ok(physical)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        if let Some(refusal) = self.refusal(request) {
            return Err(refusal);
        }
        let (tags, changed): (BTreeSet<Name>, _) = request.changed.iter().partition(|name| **name == TAGS);
        let change = Change::of_update::<C>(self.0.at(), request, &changed);
        if !changed.is_empty() {
            change.check(self.0.set(&change).await)?;
        }
        if !tags.is_empty() {
            let delta = Delta::between(&request.live.tags, &request.tags);
            change.check(self.0.tag(&request.live, &delta).await)?;
        }
        change.check(self.0.last(&change).await)?;
        change.all_handled()
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        if C::KIND.schema.stateful {
            return Err(self.0.at().never_deleted(C::KIND.deletes, &live.physical));
        }
        self.0.remove(live).await
    }

    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        self.0.facts(live).await
    }
}
