//! What one update is to change, as a driver asks for it: attribute by attribute, in the order in which it sends.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::Calls;
use crate::aws::Place;
use crate::aws::call::Progress;
use crate::model::{Attr, Attributes, Live, Name, Reading, Typed, Value};
use crate::world::{ErrorClass, ProviderError, UpdateRequest};

/// Asked by `&self`, because the calls between the questions wait.
pub struct Change<'a> {
    at: &'a Place,
    live: &'a Live,
    target: &'a Attributes,
    changed: &'a BTreeSet<Name>,
    new: bool,
    kind: &'static str,
    /// Named when nothing was sent.
    operation: &'static str,
    handled: Mutex<BTreeSet<Name>>,
    progress: Mutex<Progress>,
}

impl<'a> Change<'a> {
    pub(super) fn of_update<C: Calls>(at: &'a Place, request: &'a UpdateRequest, changed: &'a BTreeSet<Name>) -> Self {
        Self::new::<C>(at, &request.live, &request.attributes, changed, false)
    }

    pub(super) fn after_create<C: Calls>(
        at: &'a Place,
        live: &'a Live,
        target: &'a Attributes,
        changed: &'a BTreeSet<Name>,
    ) -> Self {
        Self::new::<C>(at, live, target, changed, true)
    }

    fn new<C: Calls>(at: &'a Place, live: &'a Live, target: &'a Attributes, changed: &'a BTreeSet<Name>, new: bool) -> Self {
        Self {
            at,
            live,
            target,
            changed,
            new,
            kind: C::KIND.schema.kind,
            operation: C::CHANGE,
            handled: Mutex::default(),
            progress: Mutex::default(),
        }
    }

    /// The new value, when this attribute is to change. Whoever asks sends it.
    ///
    /// # Errors
    /// A target without a value or of another type.
    pub fn to<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<T>, ProviderError> {
        let wanted = self.wanted(attribute.name());
        wanted.map(|value| self.typed(attribute.name(), T::from_value(&value))).transpose()
    }

    /// The same where the new value may be none at all: `Some(None)` takes the value away.
    ///
    /// # Errors
    /// A target of another type.
    pub fn to_or_none<T: Typed>(&self, attribute: Attr<T>) -> Result<Option<Option<T>>, ProviderError> {
        let wanted = self.wanted(attribute.name());
        wanted.map(|value| self.typed(attribute.name(), Option::from_value(&value))).transpose()
    }

    fn wanted(&self, name: Name) -> Option<Value> {
        if !self.changed.contains(&name) {
            return None;
        }
        self.handled.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        Some(self.target.get(name).cloned().unwrap_or(Value::Null))
    }

    fn typed<T>(&self, name: Name, found: Result<T, String>) -> Result<T, ProviderError> {
        self.check(found.map_err(|error| self.at.invalid(self.operation, self.id(), format!("{name}: {error}"))))
    }

    /// The target of an attribute that is sent along whether it changes or not.
    ///
    /// # Errors
    /// A target without a value or of another type.
    pub fn target<T: Typed>(&self, attribute: Attr<T>) -> Result<T, ProviderError> {
        let name = attribute.name();
        self.typed(name, T::from_value(self.target.get(name).unwrap_or(&Value::Null)))
    }

    /// As the executor read it, which may be older than what AWS has now.
    #[must_use]
    pub fn from<T: Typed>(&self, attribute: Attr<T>) -> Reading<T> {
        self.live.attributes.get(attribute)
    }

    #[must_use]
    pub const fn live(&self) -> &Live {
        self.live
    }

    /// The physical identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.live.physical
    }

    /// Whether the object was made a moment ago, by us.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        self.new
    }

    /// A call that changes something. Once one has succeeded, whatever fails later leaves a part done.
    ///
    /// # Errors
    /// The outcome's own.
    pub fn step<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).step(outcome)
    }

    /// What changes nothing by itself: a failure says what the steps before it have done.
    ///
    /// # Errors
    /// The outcome's own.
    pub fn check<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        match outcome {
            Err(error) => self.step(Err(error)),
            done => done,
        }
    }

    /// A driver that was asked to change something and did not must not report success.
    pub(super) fn all_handled(&self) -> Result<(), ProviderError> {
        let handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let left: Vec<&str> = self.changed.difference(&handled).map(|name| name.as_str()).collect();
        if left.is_empty() {
            return Ok(());
        }
        let message = format!("the driver of {} does not send {}", self.kind, left.join(", "));
        self.check(Err(self.at.refuse(ErrorClass::Internal, self.operation, self.id(), message)))
    }
}
