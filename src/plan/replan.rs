//! The replan check: whether the files and the world as they are now still ask for a plan that was made earlier. Each thing that
//! the plan does must be in a fresh plan, or be done already. The fresh plan may hold more.

use std::collections::BTreeMap;

use tokaido_derive::Reason;

use crate::model::reason::plan::{BlockedReason, Unanswered};
use crate::model::{
    Action, Attributes, Blocked, Change, Class, Diff, Live, ObservedState, PlanBody, PromiseMove, Readings, Region, ResourceId,
    Said, Shared, Stated, Status, Value, VerdictState, tags,
};

use super::cause::STATE;
use super::compare::{self, with_tags};
use super::input::PlanningInput;
use super::{consistency, derived, outcome, patch, remedy};

/// Why a plan is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplanMismatch {
    /// The world, or the record of it, changed after the plan was made.
    Moved(Moved),
    /// The plan does something for which neither the files nor the world give a reason.
    Altered(Altered),
}

/// How the world differs from the world for which the plan was made. Paths as in [`Diff`].
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Moved {
    #[en("something uses now what the plan deletes")]
    #[ja("計画が削除するものが、今は使われています")]
    UsedNow,
    #[en("{id} is refused now: {reason}")]
    #[ja("{id} は今は拒否されます: {reason}")]
    RefusedNow { id: ResourceId, reason: Stated<BlockedReason> },
    #[en("{id} exists since the plan was made, with other values")]
    #[ja("{id} が計画の作成後に、別の値で作成されています")]
    MadeOtherwise { id: ResourceId },
    #[en("{id} is gone, or carries our tags no more")]
    #[ja("{id} がなくなったか、tokaido のタグが外されています")]
    Gone { id: ResourceId },
    #[en("{id} {path} is {now} now and was {planned} when the plan was made")]
    #[ja("{id} の {path} は今は {now} ですが、計画の作成時は {planned} でした")]
    OtherValue { id: ResourceId, path: String, now: Value, planned: Value },
    #[en("{id} {path} is {recorded} by the records and {planned} in the plan")]
    #[ja("{id} の {path} は、記録では{recorded}、計画では{planned}です")]
    OtherCause { id: ResourceId, path: String, recorded: Stated<Cause>, planned: Stated<Cause> },
    #[en("whether {id} was made by an earlier apply is unknown: {unanswered}")]
    #[ja("前回の適用で {id} が作成されたかどうか分かりません: {unanswered}")]
    InDoubt { id: ResourceId, unanswered: Unanswered },
    #[en("{kind} in {region} cannot be read now: {problem}")]
    #[ja("{region} の {kind} を今は読み取れません: {problem}")]
    Unreadable { kind: String, region: Region, problem: String },
    #[en("how {promise} stands is not what the plan says of it, and the world differs from the plan elsewhere too")]
    #[ja("約束 {promise} の状況が計画の記載と異なり、計画にない違いもほかにあります")]
    PromiseMoved { promise: String },
    /// A step that had begun found another state than its precondition.
    #[en("{id}: {problem}; the apply had begun, so the plan and its approvals are used")]
    #[ja("{id}: {problem}。適用を始めていたため、計画と承認は使用済みです")]
    AtTheStep { id: ResourceId, problem: Said },
}

/// What a plan does that neither the files nor the world ask for.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Altered {
    #[en("{id} is of no known kind")]
    #[ja("{id} の種類が分かりません")]
    UnknownKind { id: ResourceId },
    #[en("{id} is not to be made")]
    #[ja("{id} を作成する理由がありません")]
    NotToBeMade { id: ResourceId },
    #[en("{id} is not to be deleted")]
    #[ja("{id} を削除する理由がありません")]
    NotToBeDeleted { id: ResourceId },
    #[en("{id} is not {physical}")]
    #[ja("{id} は {physical} ではありません")]
    NotThis { id: ResourceId, physical: String },
    #[en("{id} is not anything")]
    #[ja("{id} がどの実物を指すのか書かれていません")]
    NotAnything { id: ResourceId },
    #[en("{id} {path} = {after} is nothing that is to be changed")]
    #[ja("{id} の {path} を {after} に変更する理由がありません")]
    NotToBeChanged { id: ResourceId, path: String, after: Value },
    #[en("how {promise} stands is not what the plan says of it")]
    #[ja("約束 {promise} の状況が計画の記載と異なります")]
    PromiseStandsOtherwise { promise: String },
    #[en("how every promise stands is not what the plan says of it")]
    #[ja("約束の状況が計画の記載と異なります")]
    PromisesStandOtherwise,
}

/// The class of a difference ([`Class`]), in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Cause {
    #[en("a change of the files")]
    #[ja("宣言の変更")]
    Declared,
    #[en("drift")]
    #[ja("ずれ")]
    Drift,
    #[en("of unknown cause")]
    #[ja("原因不明の差分")]
    Unknown,
    #[en("pending")]
    #[ja("反映待ち")]
    Pending,
    #[en("AWS's own")]
    #[ja("AWS が変えた値")]
    OfAws,
}

impl From<Class> for Cause {
    fn from(class: Class) -> Self {
        match class {
            Class::Change => Self::Declared,
            Class::Drift => Self::Drift,
            Class::Unknown => Self::Unknown,
            Class::Pending => Self::Pending,
            Class::ServiceManaged => Self::OfAws,
        }
    }
}

/// Compares the plan that was handed in (`told`) with a fresh one (`now`), which was made a moment ago from `input`. Whether
/// the files declare what `told` asks for is checked by [`consistency::undeclared`].
///
/// # Errors
/// The first thing in `told` that is neither in the fresh plan nor done already, or a promise that stands otherwise.
pub fn replan_check(told: &PlanBody, now: &PlanBody, input: &PlanningInput<'_>) -> Result<(), ReplanMismatch> {
    let (observed, schemas) = (input.observed, input.schemas);
    let afresh: BTreeMap<&ResourceId, &Change> = now.changes.iter().rev().map(|fresh| (&fresh.id, fresh)).collect();
    for change in &told.changes {
        let Some(schema) = schemas.get(change.id.kind.as_str()) else {
            return Err(ReplanMismatch::Altered(Altered::UnknownKind { id: change.id.clone() }));
        };
        let question = ReplanCheck { change, fresh: afresh.get(&change.id).copied(), now, observed };
        match change.action {
            Action::Create => question.create(schema)?,
            Action::Delete => question.delete()?,
            Action::Update | Action::Adopt | Action::Replace => question.update(schema)?,
        }
    }
    if !consistency::waits_for_its_users(told, observed) {
        return Err(ReplanMismatch::Moved(Moved::UsedNow));
    }
    promises(told, now, input)
}

struct ReplanCheck<'a> {
    change: &'a Change,
    fresh: Option<&'a Change>,
    now: &'a PlanBody,
    observed: &'a ObservedState,
}

impl ReplanCheck<'_> {
    fn id(&self) -> ResourceId {
        self.change.id.clone()
    }

    /// Why the fresh plan refuses the resource, if it does.
    fn refused(&self) -> Option<ReplanMismatch> {
        let of = |id: &ResourceId| self.now.blocked.iter().find(|blocked| blocked.id == *id);
        let mut blocked = of(&self.change.id)?;
        // What it needs says more than that it needs it. Each step leads to another resource.
        for _ in 0..self.now.blocked.len() {
            match blocked.reason.ours() {
                Some(BlockedReason::NeedsBlocked { needs }) => blocked = of(needs).unwrap_or(blocked),
                _ => break,
            }
        }
        let (id, reason) = (blocked.id.clone(), blocked.reason.clone());
        Some(ReplanMismatch::Moved(Moved::RefusedNow { id, reason }))
    }

    /// The mismatch of a change that is not in the fresh plan: refused now, or asked for by nothing.
    fn unasked(&self, altered: Altered) -> ReplanMismatch {
        self.refused().unwrap_or(ReplanMismatch::Altered(altered))
    }

    fn create(&self, schema: &crate::model::KindSchema) -> Result<(), ReplanMismatch> {
        match (self.fresh, self.observed.owned.get(&self.change.id)) {
            (Some(fresh), _) if fresh.action == Action::Create => Ok(()),
            (_, Some(live)) if is_made(self.change, live, schema) => Ok(()),
            (_, Some(_)) => Err(ReplanMismatch::Moved(Moved::MadeOtherwise { id: self.id() })),
            _ => Err(self.unasked(Altered::NotToBeMade { id: self.id() })),
        }
    }

    fn delete(&self) -> Result<(), ReplanMismatch> {
        let physical = derived::physical(self.change);
        let id = &self.change.id;
        let there = self.observed.owned.contains_key(id) || self.observed.ambiguous.contains_key(id);
        match self.fresh {
            Some(fresh) if fresh.action == Action::Delete && derived::physical(fresh) == physical => Ok(()),
            None if !there => Ok(()),
            _ => Err(self.unasked(Altered::NotToBeDeleted { id: self.id() })),
        }
    }

    fn update(&self, schema: &crate::model::KindSchema) -> Result<(), ReplanMismatch> {
        let physical = derived::physical(self.change);
        let owned = self.observed.owned.get(&self.change.id);
        let same = match (owned, self.fresh) {
            (Some(live), _) => physical == Some(live.physical.as_str()),
            (None, Some(fresh)) => fresh.action == self.change.action && derived::physical(fresh) == physical,
            (None, None) => {
                return Err(self.refused().unwrap_or_else(|| ReplanMismatch::Moved(Moved::Gone { id: self.id() })));
            }
        };
        if !same {
            let id = self.id();
            return Err(ReplanMismatch::Altered(match physical {
                Some(physical) => Altered::NotThis { id, physical: physical.to_owned() },
                None => Altered::NotAnything { id },
            }));
        }
        let state = |change: &Change| Value::from(remedy::state(change).unwrap_or("ready"));
        if let Some((now, planned)) = self.fresh.map(|fresh| (state(fresh), state(self.change))).filter(|(now, was)| now != was) {
            let path = STATE.to_owned();
            return Err(ReplanMismatch::Moved(Moved::OtherValue { id: self.id(), path, now, planned }));
        }
        self.change.diffs.iter().try_for_each(|diff| self.difference(schema, owned, diff))
    }

    fn difference(&self, schema: &crate::model::KindSchema, live: Option<&Live>, diff: &Diff) -> Result<(), ReplanMismatch> {
        let fresh = self.fresh.and_then(|fresh| {
            let exactly = fresh.diffs.iter().find(|fresh| fresh.path == diff.path);
            exactly.or_else(|| fresh.diffs.iter().find(|fresh| is_respelled(schema, fresh, diff)))
        });
        match fresh {
            Some(fresh) if !compare::same_at(schema, live, &diff.path, &fresh.before, &diff.before) => {
                let (now, planned) = (fresh.before.clone(), diff.before.clone());
                Err(ReplanMismatch::Moved(Moved::OtherValue { id: self.id(), path: diff.path.clone(), now, planned }))
            }
            Some(fresh) if fresh.class != diff.class => {
                let (recorded, planned) = (Cause::from(fresh.class).into(), Cause::from(diff.class).into());
                Err(ReplanMismatch::Moved(Moved::OtherCause { id: self.id(), path: diff.path.clone(), recorded, planned }))
            }
            Some(fresh) if fresh.after == diff.after => Ok(()),
            None if live.is_some_and(|live| is_done(schema, live, diff) || is_hidden(live, diff)) => Ok(()),
            _ => {
                // The refusal of this very value says more than another one of the resource.
                let of_it =
                    |blocked: &&Blocked| blocked.id == self.change.id && blocked.diffs.iter().any(|held| held.path == diff.path);
                if let Some(blocked) = self.now.blocked.iter().find(of_it) {
                    let reason = blocked.reason.clone();
                    return Err(ReplanMismatch::Moved(Moved::RefusedNow { id: self.id(), reason }));
                }
                let after = diff.after.clone();
                Err(self.unasked(Altered::NotToBeChanged { id: self.id(), path: diff.path.clone(), after }))
            }
        }
    }
}

/// Whether two differences take away the same element, which AWS holds in another spelling than when the plan was made.
fn is_respelled(schema: &crate::model::KindSchema, fresh: &Diff, diff: &Diff) -> bool {
    let element = |diff: &Diff| !diff.before.is_null() && diff.after.is_null() && diff.path.ends_with(']');
    fresh.attribute() == diff.attribute()
        && element(fresh)
        && element(diff)
        && compare::same_at(schema, None, &diff.path, &fresh.before, &diff.before)
}

fn is_made(change: &Change, live: &Live, schema: &crate::model::KindSchema) -> bool {
    let (attributes, tags) = change.created();
    compare::differences(schema, &compare::actual(live), &with_tags(&attributes, &tags)).is_empty()
}

/// Whether the live value is the target, or AWS holds the target for later.
fn is_done(schema: &crate::model::KindSchema, live: &Live, diff: &Diff) -> bool {
    let actual = compare::actual(live);
    let queued = live.pending.iter().filter(|pending| pending.attribute == diff.attribute()).map(|pending| {
        let mut queued: Attributes = actual.clone();
        queued.set(pending.attribute, pending.value.clone());
        queued
    });
    queued.chain([actual.clone()]).any(|actual| patch::reached(schema, &actual, diff))
}

/// Whether AWS does not return the value while it works on the resource. The step waits for AWS and reads the value then.
fn is_hidden(live: &Live, diff: &Diff) -> bool {
    matches!(live.status, Status::Working(_))
        && diff.name() != tags::ATTRIBUTE
        && live.attributes.reading(diff.name()).asked().is_err()
}

/// Compares the states of the promises. What else came up since the plan was made is no part of the plan, so the states are
/// judged without it.
fn promises(told: &PlanBody, now: &PlanBody, input: &PlanningInput<'_>) -> Result<(), ReplanMismatch> {
    // A subset tells of no promise.
    if told.promises == now.promises {
        return Ok(());
    }
    let altered = |promise: &str| ReplanMismatch::Altered(Altered::PromiseStandsOtherwise { promise: promise.to_owned() });
    let elsewhere = PlanBody {
        promises: now.promises.clone(),
        new_paths: now.new_paths.clone(),
        policies: now.policies.clone(),
        ..told.clone()
    } != *now;
    if !elsewhere {
        let other = told.promises.iter().zip(&now.promises).find(|(told, now)| told != now);
        return Err(other.map_or(ReplanMismatch::Altered(Altered::PromisesStandOtherwise), |(_, now)| altered(&now.promise)));
    }
    let judged = super::told_moves(input, told, as_it_was(told, now, input));
    let slugs = |moves: &[PromiseMove]| moves.iter().map(|one| one.promise.clone()).collect::<Vec<_>>();
    if slugs(&told.promises) != slugs(&judged) {
        return Err(ReplanMismatch::Altered(Altered::PromisesStandOtherwise));
    }
    // Of what is done already, the state before it is not known any more.
    let untouched = told.changes.iter().all(|change| is_still_asked(change, now));
    // Things of others may have become better by themselves. Otherwise nothing but the plan's own text explains a difference.
    let better = !untouched || !same_others(told, now);
    // Whether there is anything to keep a promise for may change with what others have done.
    let sound = |state: VerdictState| if state < VerdictState::Kept { state } else { VerdictState::Kept };
    let differs = |told, judged| {
        let (told, judged) = (sound(told), sound(judged));
        told > judged || (told < judged && !better)
    };
    let wrong = told
        .promises
        .iter()
        .zip(&judged)
        .find(|(told, judged)| (untouched && differs(told.before, judged.before)) || differs(told.after, judged.after));
    let Some((told, _)) = wrong else { return Ok(()) };
    Err(ReplanMismatch::Moved(Moved::PromiseMoved { promise: told.promise.clone() }))
}

/// The world without what came up since the plan was made. What the plan neither changes nor refuses was as declared then, and a
/// stranger that it does not name was not there.
fn as_it_was(told: &PlanBody, now: &PlanBody, input: &PlanningInput<'_>) -> ObservedState {
    let mut then = outcome::without(input, &since(told, now));
    let known =
        |id: &ResourceId| told.blocked.iter().any(|blocked| blocked.id == *id) || told.changes.iter().any(|one| one.id == *id);
    for blocked in now.blocked.iter().filter(|blocked| !known(&blocked.id)) {
        let Some(declared) = input.desired.resources.get(&blocked.id) else { continue };
        then.ambiguous.remove(&blocked.id);
        let before = then.owned.remove(&blocked.id);
        let live = Live {
            physical: before
                .as_ref()
                .map_or_else(|| Shared::displayed(format_args!("({})", blocked.id)), |live| live.physical.clone()),
            outputs: before.map(|live| live.outputs).unwrap_or_default(),
            attributes: Readings::whole(declared.attributes.clone()),
            tags: declared.tags.clone(),
            status: Status::Ready,
            pending: Vec::new(),
        };
        then.owned.insert(blocked.id.clone(), live);
    }
    // What another apply made since, and these files do not declare.
    for orphan in now.orphans.iter().filter(|orphan| !told.orphans.contains(orphan)) {
        then.owned.remove(&orphan.id);
    }
    let named = |kind: &str, region: Region, physical: &str| {
        told.foreign.iter().any(|entry| entry.kind == kind && entry.region == region && entry.physical == physical)
    };
    let new = |kind: &str, region: Region, physical: &str| {
        now.foreign.iter().any(|entry| entry.kind == kind && entry.region == region && entry.physical == physical)
            && !named(kind, region, physical)
    };
    then.others.retain(|other| !new(&other.kind, other.region, &other.live.physical));
    then.foreign.retain(|entry| !new(&entry.kind, entry.region, &entry.physical));
    then
}

/// The differences that the fresh plan has and the older plan has not.
fn since(told: &PlanBody, now: &PlanBody) -> Vec<Change> {
    let new = now.changes.iter().filter_map(|fresh| {
        let Some(known) = told.changes.iter().find(|known| known.id == fresh.id) else { return Some(fresh.clone()) };
        let diffs: Vec<Diff> =
            fresh.diffs.iter().filter(|diff| !known.diffs.iter().any(|known| known.path == diff.path)).cloned().collect();
        (fresh.action == Action::Update && !diffs.is_empty()).then(|| Change { diffs, ..fresh.clone() })
    });
    new.collect()
}

/// Whether the fresh plan asks for the whole change too: nothing of it is done.
fn is_still_asked(change: &Change, now: &PlanBody) -> bool {
    now.changes.iter().any(|fresh| {
        fresh.id == change.id && fresh.action == change.action && change.diffs.iter().all(|diff| fresh.diffs.contains(diff))
    })
}

/// Whether both plans tell the same of things that they do not change.
fn same_others(told: &PlanBody, now: &PlanBody) -> bool {
    told.foreign == now.foreign
        && told.copies == now.copies
        && told.unreadable == now.unreadable
        && told.pending == now.pending
        && told.blocked == now.blocked
        && told.orphans == now.orphans
}
