//! Parts: what is inside an object and has calls of its own, such as rules, policies, selections and parameters
//! (docs/adr/0022-parts.md).
//!
//! ```text
//! as the executor read ─┬─► missing: wanted and not read ─► put     several in a call, or each alone
//! the target           ─┘   surplus: read and not wanted ─► drop    the driver says the order
//! ```
//!
//! Guarantees: a part that appeared since the executor read is in neither list, and stays. What is already as a call would make
//! it is a success, and keeps no other part from being sent. A failure names the operation, and says whether a part was done.

use std::collections::BTreeMap;
use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::call::Answer;
use crate::model::{Attr, Typed};
use crate::world::ErrorClass;

use super::{Calls, Change, Steps};

/// What differs between the parts that the executor read and those of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts<T> {
    /// Wanted, and not there or not like this.
    pub missing: Vec<T>,
    /// There, and not wanted.
    pub surplus: Vec<T>,
}

/// The same of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<T> {
    /// Wanted, and not there or not like this.
    pub missing: Vec<(String, T)>,
    /// The keys of those that are there, and not wanted.
    pub surplus: Vec<String>,
}

impl<T: Clone> Parts<T> {
    /// The parts of `target` without one in `read` that is the same, and the other way round.
    #[must_use]
    pub fn between(read: &[T], target: &[T], same: impl Fn(&T, &T) -> bool) -> Self {
        let without = |of: &[T], others: &[T]| {
            let left = of.iter().filter(|part| !others.iter().any(|other| same(part, other)));
            left.cloned().collect()
        };
        Self { missing: without(target, read), surplus: without(read, target) }
    }
}

/// Parts for calls that take `most` of them.
pub fn chunks<T: Clone>(most: usize, parts: impl Iterator<Item = T>) -> Vec<Vec<T>> {
    parts.collect::<Vec<_>>().chunks(most).map(<[T]>::to_vec).collect()
}

impl Change<'_> {
    /// The parts that have to change of a list; none when the attribute need not change.
    ///
    /// # Errors
    /// The target is missing, or a value could not be read or is of another type.
    pub fn parts<T: Typed + Clone + PartialEq>(&self, attribute: Attr<Vec<T>>) -> Answer<Parts<T>> {
        let Some(target) = self.to_or_none(attribute)? else { return Ok(Parts { missing: Vec::new(), surplus: Vec::new() }) };
        Ok(Parts::between(&self.before(attribute)?, &target.unwrap_or_default(), |a, b| a == b))
    }

    /// The ids by which the surplus parts of a list are dropped, read just before. `ids`: the parts of an object, each with its id.
    ///
    /// # Errors
    /// As [`Self::parts`]; the object could not be read.
    pub async fn surplus_ids<C: Calls>(
        &self,
        attribute: Attr<Vec<String>>,
        ids: fn(&C::Item) -> Vec<(String, String)>,
    ) -> Answer<Vec<String>> {
        let surplus = self.parts(attribute)?.surplus;
        let found = if surplus.is_empty() { Vec::new() } else { self.check(C::list(self.place(), Some(self.id())).await)? };
        let held = found.iter().flat_map(ids).filter(|(part, _)| surplus.contains(part));
        Ok(held.map(|(_, id)| id).collect())
    }

    /// The entries to put, and the keys to drop, of a map; none when the attribute need not change.
    ///
    /// # Errors
    /// The target is missing, or a value could not be read or is of another type.
    pub fn entries<T: Typed + Clone>(
        &self,
        attribute: Attr<BTreeMap<String, T>>,
        same: impl Fn(&T, &T) -> bool,
    ) -> Answer<Entries<T>> {
        let Some(target) = self.to_or_none(attribute)? else { return Ok(Entries { missing: Vec::new(), surplus: Vec::new() }) };
        let (target, read) = (target.unwrap_or_default(), self.before(attribute)?);
        let kept = |(key, wanted): &(&String, &T)| read.get(*key).is_some_and(|read| same(read, wanted));
        let put = target.iter().filter(|entry| !kept(entry)).map(|(key, value)| (key.clone(), value.clone()));
        let drop = read.keys().filter(|key| !target.contains_key(*key)).cloned();
        Ok(Entries { missing: put.collect(), surplus: drop.collect() })
    }
}

impl Steps<'_> {
    /// Puts each part with a call of its own. On an object that was made a moment ago the calls wait until it is visible.
    ///
    /// # Errors
    /// As AWS refuses a call; the parts after it are not sent.
    pub async fn put_each<P, T, E, C>(&self, operation: &str, parts: Vec<P>, call: impl Fn(P) -> C + Send + Sync) -> Answer<()>
    where
        P: Clone + Send + Sync,
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        for part in parts {
            if self.is_new() {
                self.write_new(operation, || call(part.clone())).await?;
            } else {
                self.write(operation, || call(part.clone())).await?;
            }
        }
        Ok(())
    }

    /// Drops each part with a call of its own. A part that is already gone is a success.
    ///
    /// # Errors
    /// As AWS refuses a call; the parts after it are not sent.
    pub async fn drop_each<P, T, E, C>(&self, operation: &str, parts: Vec<P>, call: impl Fn(P) -> C + Send + Sync) -> Answer<()>
    where
        P: Clone + Send + Sync,
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        for part in parts {
            self.remove(operation, || call(part.clone())).await?;
        }
        Ok(())
    }

    /// Puts all parts with one call. A part may name an object that was made a moment ago. A part that is already there is a
    /// success: AWS refuses the whole call for it, and each part is then sent alone.
    ///
    /// # Errors
    /// As AWS refuses a call.
    pub async fn put_all<P, T, E, C>(
        &self,
        operation: &str,
        parts: Vec<P>,
        call: impl Fn(Vec<P>) -> C + Send + Sync,
    ) -> Answer<()>
    where
        P: Clone + Send + Sync,
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.all(operation, parts, ErrorClass::AlreadyExists, call).await
    }

    /// Drops all parts with one call. A part that is already gone is a success: the others are then dropped alone.
    ///
    /// # Errors
    /// As AWS refuses a call.
    pub async fn drop_all<P, T, E, C>(
        &self,
        operation: &str,
        parts: Vec<P>,
        call: impl Fn(Vec<P>) -> C + Send + Sync,
    ) -> Answer<()>
    where
        P: Clone + Send + Sync,
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.all(operation, parts, ErrorClass::NotFound, call).await
    }

    /// `done`: the class of the refusal which says that AWS is already as the call would make it.
    async fn all<P, T, E, C>(
        &self,
        operation: &str,
        parts: Vec<P>,
        done: ErrorClass,
        call: impl Fn(Vec<P>) -> C + Send + Sync,
    ) -> Answer<()>
    where
        P: Clone + Send + Sync,
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let (mut open, mut whole) = (vec![parts], true);
        while let Some(some) = open.pop().filter(|some| !some.is_empty()) {
            let call = || call(some.clone());
            // "Not found" of a put can mean "not visible yet"; of a drop it means "gone".
            let outcome = match done {
                ErrorClass::NotFound => self.place().write(operation, self.id(), call).await,
                _ => self.place().write_new(operation, self.id(), call).await,
            };
            match outcome {
                Err(error) if error.class == done && whole => {
                    open.extend(some.into_iter().rev().map(|part| vec![part]));
                }
                Err(error) if error.class == done => {}
                other => self.step(other).map(drop)?,
            }
            whole = false;
        }
        Ok(())
    }
}
