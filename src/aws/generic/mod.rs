//! One driver for all kinds. It decides the order of the calls, what is refused before the first call, and what a failure says.
//! A kind's own part is [`Calls`]: which calls there are and what their answers mean.
//!
//! ```text
//! list    list ─► tags of each object ─► ours or partly ours: complete │ any other: as the listing shows it
//!         (eight at once, in the listing's order)
//! create  raise ─► make ─► look until visible ─► tag what did not arrive ─► set what a create cannot carry
//! update  refuse what is fixed, unknown or of another type ─► set ─► tag ─► last ─► every change was handled?
//! ```
//!
//! Guarantees: one object that cannot be read hides no other. No call is sent for a change that AWS does not offer. After the
//! first call that succeeded, a failure says that a part was done. A resource that holds data is never deleted.

mod change;
mod new;
mod parts;
mod steps;

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, StreamExt as _};

use super::call::{Answer, partly};
use super::tags::Delta;
use super::{Place, Session, label};
use crate::kinds::{self, Kind, Registered, kit};
use crate::model::observed::Unreadable;
use crate::model::schema::{AttributeSchema, Comparison, Mutability};
use crate::model::tags::Tags;
use crate::model::{Attributes, Identity, Listing, Live, Locked, Name, Reading, Readings, Region, ResourceId, Status, Value};
use crate::plan::compare;
use crate::world::{CreateRequest, Driver, ErrorClass, ProviderError, Told, UpdateRequest};

pub use change::Change;
pub use new::New;
pub use parts::{Entries, Parts, chunks};
pub use steps::Steps;

/// How many objects' details are read at the same time.
const AT_ONCE: usize = 8;

/// The attribute that every kind has and that no kind's driver sets. [`label::write`] changes it.
const TAGS: Name = kinds::TAGS.name;

/// Which resource an object may be whose tags could not be read.
#[derive(Debug)]
pub enum Suspect {
    /// This one, by the object's name.
    Id(ResourceId),
    /// Any of the kind in the region: nothing but the tags says it.
    Any,
    /// None that is called so: its name is a foreign one.
    Foreign,
}

/// How one kind is called.
#[async_trait]
pub trait Calls: Send + Sync + Sized + 'static {
    type Spec: Registered + Send + Sync;
    /// One object as AWS lists it.
    type Item: Send + Sync;

    const KIND: &'static Kind = <Self::Spec as Registered>::KIND;

    /// Every page of the listing, or the one object with this physical identifier; `NotFound` when that does not exist.
    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Self::Item>>;

    /// The listing with what other accounts show beside it, through the roles of `readers:`. A role or a call that fails there is a
    /// failed reading of the objects that it would have told about.
    async fn with_others(_place: &Place, items: Vec<Self::Item>) -> Answer<Vec<Self::Item>> {
        Ok(items)
    }

    /// Whether AWS made the object by itself, as far as the listing says. Those that their names tell are known by the kind:
    /// AWS keeps these names for itself.
    fn made_by_aws(_item: &Self::Item) -> bool {
        false
    }

    /// Whether an object without a tag of ours is listed.
    fn concerns(_place: &Place, _item: &Self::Item) -> bool {
        true
    }

    /// Which resource the object may be when its tags cannot be read. A derived name says it.
    fn suspect(place: &Place, item: &Self::Item) -> Suspect {
        let name = Self::KIND.schema.name.and_then(|(name, _)| Some(Self::shown(item).attributes.text(name)?.to_owned()));
        name.and_then(|name| place.id_from_name(&name)).map_or(Suspect::Foreign, Suspect::Id)
    }

    /// Everything about an object that may be ours, with further calls where they are needed. `None` when the object was deleted
    /// since it was listed.
    async fn complete(_place: &Place, item: &Self::Item, tags: Tags) -> Answer<Option<Live>> {
        Ok(Some(Live { tags, ..Self::shown(item) }))
    }

    /// Whether a promise needs of an object that is not ours what it needs of one of ours.
    const FOREIGN_TOO: bool = false;

    /// An object that is not ours, read as far as a promise needs. `None` when it was deleted since it was listed. Where it fails,
    /// what the listing does not show is a failed reading, and the object stays in the population.
    async fn foreign(place: &Place, item: &Self::Item, tags: Tags) -> Answer<Option<Live>> {
        if Self::FOREIGN_TOO {
            return Self::complete(place, item, tags).await;
        }
        Ok(Some(Live { tags, ..Self::shown(item) }))
    }

    /// One object by its physical identifier. `None` only when AWS says that it does not exist.
    async fn look(place: &Place, physical: &str) -> Answer<Option<Self::Item>> {
        match Self::list(place, Some(physical)).await {
            Ok(found) => Ok(found.into_iter().next()),
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a new object can be worked with. Until then the driver reads it again.
    fn usable(_item: &Self::Item) -> bool {
        true
    }

    /// What is known without further calls. Kinds make it with [`Self::live`].
    fn shown(item: &Self::Item) -> Live;

    /// A ready object without tags. The attributes that are not among these count as not asked for.
    fn live(physical: Option<&str>, arn: Option<&str>, attributes: impl Into<Readings>) -> Live {
        let physical = physical.unwrap_or_default().to_owned();
        let output = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let arn = output("arn", arn.unwrap_or_default());
        let outputs = match Self::KIND.schema.identity {
            Identity::Ec2(_) => [output("id", &physical)].into(),
            Identity::Uuid(..) => [output("id", &physical), arn].into(),
            Identity::Named(..) | Identity::NamedBy(_) => [output("name", &physical), arn].into(),
        };
        let attributes = attributes.into();
        Live { physical: physical.into(), outputs, attributes, tags: Tags::new(), status: Status::Ready, pending: Vec::new() }
    }

    /// What AWS's word for a state means.
    fn status(word: &str) -> Status {
        Self::KIND.behaviour.states.status(word)
    }

    /// The tags of one object. Makes a call where the listing has none.
    async fn tags(place: &Place, item: &Self::Item) -> Answer<Tags> {
        label::read(place, Self::shown(item)).await
    }

    /// Sends the create call, and returns the physical identifier. Every kind but an observed one has it.
    async fn make(new: &New<'_>, _spec: &Self::Spec) -> Answer<String> {
        Err(new.invalid(observed()))
    }

    /// Sends what is to change, and nothing else. A kind whose attributes are all fixed has nothing to send.
    async fn set(_change: &Change<'_>) -> Answer<()> {
        Ok(())
    }

    /// Sends what must come after everything else, tags included.
    async fn last(_change: &Change<'_>) -> Answer<()> {
        Ok(())
    }

    /// Deletes one object; never called for a kind that holds data. An object that is already gone is a success.
    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        Err(gone.place().never_deleted(gone.id()))
    }

    async fn facts(_place: &Place, _live: &[Live]) -> Answer<Vec<Told>> {
        Ok(Vec::new())
    }

    /// As [`Driver::offers`].
    async fn offers(_place: &Place, _asked: &Attributes) -> Answer<Option<Vec<Attributes>>> {
        Ok(None)
    }
}

/// Makes the driver of a kind, for [`super::drivers::TABLE`].
pub fn driver<C: Calls>(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Generic::<C>(Place::new(session, region, C::KIND), PhantomData))
}

struct Generic<C>(Place, PhantomData<C>);

/// One object of a listing.
enum Found {
    LeftOut,
    MadeByAws(Live),
    Live(Live),
    Unreadable(Unreadable),
    Locked(Locked),
}

impl<C: Calls> Generic<C> {
    /// Whether AWS made the object by itself, as its kind or its name says.
    fn made_by_aws(item: &C::Item, shown: &Live) -> bool {
        let name = C::KIND.schema.name.and_then(|(name, _)| shown.attributes.text(name));
        C::made_by_aws(item) || name.is_some_and(|name| C::KIND.is_made_by_aws(name))
    }

    async fn one(&self, item: C::Item) -> Found {
        let (place, shown) = (&self.0, C::shown(&item));
        // Inside a network the rules of what AWS made count; elsewhere it is left out.
        if Self::made_by_aws(&item, &shown) && !place.may_be_ours(&shown.tags) {
            let inside = C::KIND.schema.attributes.iter().any(|row| row.place);
            return if inside { Found::MadeByAws(shown) } else { Found::LeftOut };
        }
        let tags = match C::tags(place, &item).await {
            Ok(tags) => tags,
            Err(error) => return Self::untagged(place, &item, shown, &error),
        };
        if !place.may_be_ours(&tags) {
            return if C::concerns(place, &item) { Self::foreign(place, &item, shown, tags).await } else { Found::LeftOut };
        }
        let owner = place.id_from_tags(&tags);
        match C::complete(place, &item, tags).await {
            Ok(Some(live)) => Found::Live(live),
            Ok(None) => Found::LeftOut,
            Err(error) => Found::Unreadable(place.unreadable(&shown.physical, owner, &error)),
        }
    }

    async fn foreign(place: &Place, item: &C::Item, shown: Live, tags: Tags) -> Found {
        match C::foreign(place, item, tags.clone()).await {
            Ok(Some(live)) => Found::Live(live),
            Ok(None) => Found::LeftOut,
            Err(error) if error.class == ErrorClass::NotFound => Found::LeftOut,
            Err(error) => {
                let why = place.unread(&error);
                let mut live = Live { tags, ..shown };
                for row in C::KIND.schema.attributes.iter().filter(|row| row.name != TAGS) {
                    if matches!(live.attributes.reading(row.name), Reading::NotAsked) {
                        live.attributes.failed(row.name, why.as_str());
                    }
                }
                Found::Live(live)
            }
        }
    }

    /// An object whose tags could not be read. AWS says that it does not exist where it was deleted since it was listed.
    fn untagged(place: &Place, item: &C::Item, shown: Live, error: &ProviderError) -> Found {
        let failed = |id| place.unreadable(&shown.physical, id, error);
        match (error.class, C::suspect(place, item)) {
            (ErrorClass::NotFound, _) => Found::LeftOut,
            (_, Suspect::Id(id)) => Found::Unreadable(failed(Some(id))),
            (ErrorClass::AccessDenied, Suspect::Foreign) => Found::Locked(Locked { denied: failed(None), live: shown }),
            (_, Suspect::Any | Suspect::Foreign) => Found::Unreadable(failed(None)),
        }
    }

    /// The calls that follow the create call. When one of them fails, the object exists.
    async fn finish(&self, physical: &str, request: &CreateRequest) -> Result<(), ProviderError> {
        let usable = || async { Ok(C::look(&self.0, physical).await?.filter(C::usable)) };
        let seen = self.0.until_visible(C::KIND.calls.look, physical, usable).await?;
        let live = Live { tags: C::tags(&self.0, &seen).await?, ..C::shown(&seen) };
        label::write(&self.0, &live, &Delta::missing(&live.tags, &request.tags)).await?;
        let left: BTreeSet<Name> =
            C::KIND.schema.attributes.iter().filter(|row| row.later && later(row, &live, request)).map(|row| row.name).collect();
        if left.is_empty() {
            return Ok(());
        }
        let change = Change::after_create(&self.0, &live, &request.attributes, &left);
        C::set(&change).await?;
        C::last(&change).await?;
        change.all_handled()
    }

    /// The refusal of a change for which AWS has no call, in the schema's words.
    fn refusal(&self, request: &UpdateRequest) -> Option<ProviderError> {
        let (id, schema) = (&request.live.physical, C::KIND.schema);
        let refuse = |why: String| Some(self.0.invalid(C::KIND.calls.named(|writes| writes.change), id, why));
        if schema.observed {
            return refuse(observed());
        }
        for name in request.changed.iter().copied().filter(|name| *name != TAGS) {
            let Some(attribute) = schema.row(name) else {
                return refuse(format!("{} has no attribute {name}", schema.kind));
            };
            // A change whose present value is not known is refused by [`Change::before`].
            let before = request.live.attributes.bare().get(name).unwrap_or(&Value::Null);
            let after = request.attributes.get(name).unwrap_or(&Value::Null);
            if let (Mutability::Forbidden(why), _) = attribute.effect(before, after) {
                return refuse(format!("{name} cannot change: {}", why.en));
            }
            if let Err(error) = <C::Spec as kit::Spec>::fits(name, after) {
                return refuse(format!("{name}: {error}"));
            }
            if attribute.comparison == Comparison::WriteOnly {
                return refuse(format!("{name} cannot change: it is sent when the {} is made, and never compared", schema.title));
            }
            if attribute.comparison == Comparison::ReadOnly {
                return refuse(format!("{name} cannot change: tokaido only reads it"));
            }
        }
        None
    }
}

/// Why nothing of an observed kind is made, changed or deleted. The planner never asks for it.
fn observed() -> String {
    "no file declares this kind: tokaido reads it and changes nothing of it".to_owned()
}

/// Whether an attribute needs a call of its own after the create: AWS shows another value, or none.
fn later(attribute: &AttributeSchema, live: &Live, request: &CreateRequest) -> bool {
    let after = request.attributes.get(attribute.name).unwrap_or(&Value::Null);
    match live.attributes.reading(attribute.name) {
        Reading::Value(before) => !compare::attribute_differences(attribute, &request.attributes, before, after).is_empty(),
        // A value that a new object does not have need not be removed.
        Reading::Absent | Reading::NotAsked | Reading::Failed(_) => !after.is_null(),
    }
}

#[async_trait]
impl<C: Calls> Driver for Generic<C> {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let items = C::with_others(&self.0, C::list(&self.0, None).await?).await?;
        let details: Vec<_> = items.into_iter().map(|item| self.one(item)).collect();
        let found: Vec<Found> = stream::iter(details).buffered(AT_ONCE).collect().await;
        let mut listing = Listing::default();
        for one in found {
            match one {
                Found::LeftOut => {}
                Found::MadeByAws(live) => listing.made_by_aws.push(live),
                Found::Live(live) => listing.live.push(live),
                Found::Unreadable(failed) => listing.unreadable.push(failed),
                Found::Locked(locked) => listing.locked.push(locked),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match C::look(&self.0, physical).await? {
            Some(item) => C::complete(&self.0, &item, C::tags(&self.0, &item).await?).await,
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let refuse = |why| self.0.invalid(C::KIND.calls.named(|writes| writes.create), C::KIND.schema.kind, why);
        if C::KIND.schema.observed {
            return Err(refuse(observed()));
        }
        let spec: C::Spec = kit::Spec::raise(&request.attributes).map_err(refuse)?;
        let physical = C::make(&New::of(&self.0, request), &spec).await?;
        self.finish(&physical, request).await.map_err(|error| partly(&physical, error))?;
        Ok(physical)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        if let Some(refusal) = self.refusal(request) {
            return Err(refusal);
        }
        let (tags, changed): (BTreeSet<Name>, _) = request.changed.iter().partition(|name| **name == TAGS);
        let change = Change::of_update(&self.0, request, &changed);
        if !changed.is_empty() {
            change.check(C::set(&change).await)?;
        }
        if !tags.is_empty() {
            let delta = Delta::between(&request.live.tags, &request.tags);
            change.check(label::write(&self.0, &request.live, &delta).await)?;
        }
        change.check(C::last(&change).await)?;
        change.all_handled()
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        if C::KIND.schema.observed {
            return Err(self.0.invalid(C::KIND.calls.look, &live.physical, observed()));
        }
        if C::KIND.schema.stateful {
            return Err(self.0.never_deleted(&live.physical));
        }
        C::remove(&Steps::on(&self.0, &live.physical, false)).await
    }

    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        C::facts(&self.0, live).await
    }

    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        C::offers(&self.0, asked).await
    }
}
