//! Whether a plan that was made earlier is explained by the files and by the world as it is now: each thing that it does is in
//! a plan made afresh, or is done already. The fresh plan may hold more.

use crate::model::{Action, Attributes, Change, Class, Diff, Live, ObservedState, PlanBody, ResourceId, Schemas, Status, tags};

use super::compare::{self, with_tags};
use super::{derived, patch, sound};

/// Why a plan is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unexplained {
    /// The world, or what is recorded of it, is not as it was.
    Moved(String),
    /// Nothing explains it.
    Altered(String),
}

/// `now` was planned a moment ago from `observed`. Whether the files declare what `told` asks for is
/// [`sound::undeclared`]'s question.
///
/// # Errors
/// The first thing that is not explained.
pub fn explained(told: &PlanBody, now: &PlanBody, observed: &ObservedState, schemas: &Schemas) -> Result<(), Unexplained> {
    for change in &told.changes {
        let Some(schema) = schemas.get(change.id.kind.as_str()) else {
            return Err(Unexplained::Altered(format!("{} is of no known kind", change.id)));
        };
        let question = Question { change, fresh: now.changes.iter().find(|fresh| fresh.id == change.id), now, observed };
        match change.action {
            Action::Create => question.create(schema)?,
            Action::Delete => question.delete()?,
            Action::Update | Action::Adopt | Action::Replace => question.update(schema)?,
        }
    }
    if !sound::waits_for_its_users(told, observed) {
        return Err(Unexplained::Moved("something uses now what the plan deletes".to_owned()));
    }
    promises(told, now)
}

struct Question<'a> {
    change: &'a Change,
    fresh: Option<&'a Change>,
    now: &'a PlanBody,
    observed: &'a ObservedState,
}

impl Question<'_> {
    const fn id(&self) -> &ResourceId {
        &self.change.id
    }

    fn moved(&self, words: &str) -> Unexplained {
        Unexplained::Moved(format!("{} {words}", self.id()))
    }

    /// Why it is refused now, if it is.
    fn refused(&self) -> Option<Unexplained> {
        let blocked = self.now.blocked.iter().find(|blocked| &blocked.id == self.id())?;
        Some(self.moved(&format!("is refused now: {}", blocked.reason)))
    }

    fn nothing_asks(&self, what: &str) -> Unexplained {
        Unexplained::Altered(format!("{} {what}", self.id()))
    }

    fn create(&self, schema: &crate::model::KindSchema) -> Result<(), Unexplained> {
        match (self.fresh, self.observed.owned.get(self.id())) {
            (Some(fresh), _) if fresh.action == Action::Create => Ok(()),
            (_, Some(live)) if is_made(self.change, live, schema) => Ok(()),
            (_, Some(_)) => Err(self.moved("exists since the plan was made, with other values")),
            _ => Err(self.refused().unwrap_or_else(|| self.nothing_asks("is not to be made"))),
        }
    }

    fn delete(&self) -> Result<(), Unexplained> {
        let physical = derived::physical(self.change);
        let there = self.observed.owned.contains_key(self.id()) || self.observed.ambiguous.contains_key(self.id());
        match self.fresh {
            Some(fresh) if fresh.action == Action::Delete && derived::physical(fresh) == physical => Ok(()),
            None if !there => Ok(()),
            _ => Err(self.refused().unwrap_or_else(|| self.nothing_asks("is not to be deleted"))),
        }
    }

    fn update(&self, schema: &crate::model::KindSchema) -> Result<(), Unexplained> {
        let physical = derived::physical(self.change);
        let owned = self.observed.owned.get(self.id());
        let same = match (owned, self.fresh) {
            (Some(live), _) => physical == Some(live.physical.as_str()),
            (None, Some(fresh)) => fresh.action == self.change.action && derived::physical(fresh) == physical,
            (None, None) => return Err(self.refused().unwrap_or_else(|| self.moved("is gone, or carries our tags no more"))),
        };
        if !same {
            return Err(self.nothing_asks(&format!("is not {}", physical.unwrap_or("anything"))));
        }
        self.change.diffs.iter().try_for_each(|diff| self.difference(schema, owned, diff))
    }

    fn difference(&self, schema: &crate::model::KindSchema, live: Option<&Live>, diff: &Diff) -> Result<(), Unexplained> {
        let fresh = self.fresh.and_then(|fresh| fresh.diffs.iter().find(|fresh| fresh.path == diff.path));
        match fresh {
            Some(fresh) if fresh.before != diff.before => {
                Err(self.moved(&format!("{} is {} now and was {} when the plan was made", diff.path, fresh.before, diff.before)))
            }
            Some(fresh) if fresh.class != diff.class => Err(self.moved(&format!(
                "{} is {} by the records and {} in the plan",
                diff.path,
                word(fresh.class),
                word(diff.class)
            ))),
            Some(fresh) if fresh == diff => Ok(()),
            None if live.is_some_and(|live| is_done(schema, live, diff) || is_hidden(live, diff)) => Ok(()),
            _ => Err(self.refused().unwrap_or_else(|| {
                self.nothing_asks(&format!("{} = {} is nothing that is to be changed", diff.path, diff.after))
            })),
        }
    }
}

const fn word(class: Class) -> &'static str {
    match class {
        Class::Change => "a change of the files",
        Class::Drift => "drift",
        Class::Unknown => "of unknown cause",
        Class::Pending => "pending",
        Class::ServiceManaged => "AWS's own",
    }
}

fn is_made(change: &Change, live: &Live, schema: &crate::model::KindSchema) -> bool {
    let (attributes, tags) = change.created();
    compare::differences(schema, &with_tags(live.attributes.values(), &live.tags), &with_tags(&attributes, &tags)).is_empty()
}

/// The live value is the target, or AWS holds the target for later.
fn is_done(schema: &crate::model::KindSchema, live: &Live, diff: &Diff) -> bool {
    let actual = with_tags(live.attributes.values(), &live.tags);
    let queued = live.pending.iter().filter(|pending| pending.attribute == diff.attribute()).map(|pending| {
        let mut queued: Attributes = actual.clone();
        queued.set(pending.attribute, pending.value.clone());
        queued
    });
    queued.chain([actual.clone()]).any(|actual| patch::reached(schema, &actual, diff))
}

/// AWS does not say it while it is busy with the resource; the step waits, and looks then.
fn is_hidden(live: &Live, diff: &Diff) -> bool {
    matches!(live.status, Status::Working(_)) && diff.name() != tags::ATTRIBUTE && !live.attributes.values().contains(diff.name())
}

/// Where nothing else moved the promises stand as they are told. Where something did, they may stand otherwise for reasons that
/// are no part of this plan, and the look at the end says how.
fn promises(told: &PlanBody, now: &PlanBody) -> Result<(), Unexplained> {
    let elsewhere = PlanBody { promises: now.promises.clone(), policies: now.policies.clone(), ..told.clone() } != *now;
    if elsewhere || told.promises == now.promises {
        return Ok(());
    }
    let other = told.promises.iter().zip(&now.promises).find(|(told, now)| told != now);
    let which = other.map_or("every promise", |(_, now)| now.promise.as_str());
    Err(Unexplained::Altered(format!("how {which} stands is not what the plan says of it")))
}
