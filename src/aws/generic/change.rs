//! What one update has to change. A driver asks for it attribute by attribute, in the order in which it sends.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::aws::Place;
use crate::aws::call::Answer;
use crate::model::{Attr, Attributes, Live, Name, Reading, Status, Typed, Value};
use crate::world::{ErrorClass, ProviderError, UpdateRequest};

use super::Steps;

/// One update: steps with a target. Its methods take `&self`, because a driver awaits calls between them.
pub struct Change<'a> {
    steps: Steps<'a>,
    live: &'a Live,
    target: &'a Attributes,
    changed: &'a BTreeSet<Name>,
    handled: Mutex<BTreeSet<Name>>,
}

impl<'a> Deref for Change<'a> {
    type Target = Steps<'a>;

    fn deref(&self) -> &Steps<'a> {
        &self.steps
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Change<'a> {
    pub(super) fn of_update(at: &'a Place, request: &'a UpdateRequest, changed: &'a BTreeSet<Name>) -> Self {
        Self::new(at, &request.live, &request.attributes, changed, false)
    }

    pub(super) fn after_create(at: &'a Place, live: &'a Live, target: &'a Attributes, changed: &'a BTreeSet<Name>) -> Self {
        Self::new(at, live, target, changed, true)
    }

    fn new(at: &'a Place, live: &'a Live, target: &'a Attributes, changed: &'a BTreeSet<Name>, new: bool) -> Self {
        Self { steps: Steps::on(at, &live.physical, new), live, target, changed, handled: Mutex::default() }
    }

    /// The operation that an error names when no call was sent.
    fn operation(&self) -> &'static str {
        self.steps.place().kind().calls.named(|writes| writes.change)
    }

    /// The new value, when this attribute has to change. The driver that asks must send it.
    ///
    /// # Errors
    /// The target is missing or of another type.
    pub fn to<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<T>, ProviderError> {
        if self.is_asked(attribute.name()) { self.target(attribute).map(Some) } else { Ok(None) }
    }

    /// Like [`Self::to`], for an attribute that may be absent: `Some(None)` when it has to be removed.
    ///
    /// # Errors
    /// The target is of another type.
    pub fn to_or_none<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<Option<T>>, ProviderError> {
        if self.is_asked(attribute.name()) { self.typed(attribute.name()).map(Some) } else { Ok(None) }
    }

    /// The target of an attribute that is sent together with another, whether or not it changes.
    ///
    /// # Errors
    /// The target is missing or of another type.
    pub fn target<T: Typed>(&self, attribute: Attr<T>) -> Result<T, ProviderError> {
        self.typed(attribute.name())
    }

    /// The same for an attribute that may be absent.
    ///
    /// # Errors
    /// The target is of another type.
    pub fn target_or_none<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<T>, ProviderError> {
        self.typed(attribute.name())
    }

    fn is_asked(&self, name: Name) -> bool {
        self.changed.contains(&name) && {
            locked(&self.handled).insert(name);
            true
        }
    }

    fn typed<T: Typed>(&self, name: Name) -> Result<T, ProviderError> {
        let typed = T::from_value(self.target.get(name).unwrap_or(&Value::Null));
        self.check(typed.map_err(|error| self.invalid(format!("{name}: {error}"))))
    }

    /// Whether the object is in the failed state that a change of this kind ends. The executor then sends that change alone, and AWS
    /// applies it at once.
    #[must_use]
    pub fn is_remedy(&self) -> bool {
        let remedy = self.place().kind().schema.remedy;
        matches!((&self.live.status, remedy), (Status::Failed(word), Some(remedy)) if word == remedy.state)
    }

    /// The value as the executor read it. AWS may have a newer one now.
    pub fn from<T: Typed>(&self, attribute: Attr<T>) -> Reading<T> {
        self.live.attributes.get(attribute)
    }

    /// The same as a value: the default where AWS has none or was not asked.
    ///
    /// # Errors
    /// The value is of another type, or could not be read. Such a value must not pass for a missing one.
    pub fn before<T: Typed + Default>(&self, attribute: Attr<T>) -> Result<T, ProviderError> {
        Ok(self.before_or_none(attribute)?.unwrap_or_default())
    }

    /// The same for an attribute that may be absent: `None` where AWS has no value or was not asked.
    ///
    /// # Errors
    /// The value is of another type, or could not be read.
    pub fn before_or_none<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<T>, ProviderError> {
        match self.from(attribute) {
            Reading::Value(value) => Ok(Some(value)),
            Reading::Absent | Reading::NotAsked => Ok(None),
            Reading::Failed(why) => self.check(Err(self.invalid(why))),
        }
    }

    /// A converted value, or an error that names the kind's own change call.
    ///
    /// # Errors
    /// A value that this driver cannot send.
    pub fn valid<T>(&self, value: Result<T, impl Into<String>>) -> Answer<T> {
        value.map_err(|error| self.invalid(error))
    }

    /// A value that this driver cannot send.
    #[must_use]
    pub fn invalid(&self, why: impl Into<String>) -> ProviderError {
        self.place().invalid(self.operation(), self.id(), why)
    }

    /// Whether the driver asked for every attribute that has to change: a driver that did not send a change must not report
    /// success. A driver that sends everything in one call asks before the call.
    ///
    /// # Errors
    /// Names the attributes for which the driver did not ask.
    pub fn all_handled(&self) -> Result<(), ProviderError> {
        let handled = locked(&self.handled).clone();
        let left: Vec<&str> = self.changed.difference(&handled).map(|name| name.as_str()).collect();
        if left.is_empty() {
            return Ok(());
        }
        let message = format!("the driver of {} does not send {}", self.place().kind().schema.kind, left.join(", "));
        self.check(Err(self.place().refuse(ErrorClass::Internal, self.operation(), self.id(), message)))
    }
}
