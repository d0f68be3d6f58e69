//! The decision about each resource: what the plan does, what it does not do, and why.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::plan::{Note, Summary};
use crate::model::reason::plan::{BlockedReason, Held, NextStep};
use crate::model::tags;
use crate::model::{
    Action, Blocked, BlockedCode, Change, DesiredResource, Diff, KindSchema, Live, Name, ResourceId, SortedLookup, Status,
};

use super::compare::with_tags;
use super::decided::{Decided, Refused};
use super::input::{PlanningInput, schema_of};
use super::lookup::{ambiguous, another, as_applied, hides, label, mislabelled, namesake, put_back, taken};
use super::uniqueness::{held_by_another, uniqueness_conflict};
use super::unresolved::{incomparable, unresolved_reference};
use super::{cause, compare, dependents, derived, entries, failed, guard, leftovers, offers, refused, remedy, used, whole};

/// Decides about every declared and every observed resource.
pub(super) fn decide(input: &PlanningInput<'_>) -> Decided {
    let mut decided = Decided::default();
    each(input, &mut decided, |_| true);
    offers::decide(input, &mut decided);
    leftovers::leftovers(input, &mut decided);
    dependents::block_dependents(input, &mut decided);
    let refused = decided.blocked.len();
    entries::keep(input, &mut decided);
    whole::or_not(input, &mut decided);
    if decided.blocked.len() > refused {
        // What needs a new group that waits, waits too; and what is left of a change is ordered again.
        dependents::block_dependents(input, &mut decided);
    }
    used::keep(input, &mut decided);
    decided.changes.sort_by(|a, b| (a.impact, &a.id).cmp(&(b.impact, &b.id)));
    decided.drifted = cause::recorded_drift(input);
    // A resource may both differ and be in a failed state.
    let known: BTreeMap<ResourceId, usize> =
        decided.drifted.iter().enumerate().map(|(place, note)| (note.id.clone(), place)).collect();
    for note in cause::unsound(input.observed) {
        match known.get(&note.id) {
            Some(place) => decided.drifted[*place].diffs.extend(note.diffs),
            None => decided.drifted.push(note),
        }
    }
    decided.drifted.sort_by(|a, b| a.id.cmp(&b.id));
    decided.blocked.sort_by(|a, b| (&a.id, a.code).cmp(&(&b.id, b.code)));
    decided.summary = summary(&decided.changes, &decided.blocked, &decided.pending, input.desired.resources.keys());
    decided
}

/// The changes of the declared resources of some kinds, each decided alone.
pub(super) fn changes(input: &PlanningInput<'_>, of: impl Fn(&KindSchema) -> bool) -> Vec<Change> {
    let mut decided = Decided::default();
    each(input, &mut decided, of);
    decided.changes
}

/// Decides about each declared resource of these kinds that is not as declared.
fn each(input: &PlanningInput<'_>, decided: &mut Decided, of: impl Fn(&KindSchema) -> bool) {
    let (mut owned, observed) = (SortedLookup::of(&input.observed.owned), input.observed);
    let mut schema_of = schema_of(input.schemas);
    for (id, resource) in &input.desired.resources {
        let Some(schema) = schema_of(&id.kind).filter(|schema| of(schema)) else { continue };
        let settled = owned.get(id).is_some_and(|live| cause::settled(schema, live, &resource.attributes, &resource.tags));
        if !settled || observed.ambiguous.contains_key(id) {
            one(input, decided, id, resource, schema);
        }
    }
}

fn one(input: &PlanningInput<'_>, decided: &mut Decided, id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) {
    let refuse = |code: BlockedCode, reason: BlockedReason, next: NextStep| Blocked {
        id: id.clone(),
        code,
        reason: reason.into(),
        next: next.into(),
        diffs: Vec::new(),
        source: Some(resource.source.clone()),
    };
    if let Some(candidates) = input.observed.ambiguous.get(id) {
        decided.blocked.push(refuse(BlockedCode::Ambiguous, ambiguous(candidates), NextStep::FindOut));
        return;
    }
    if let Some(live) = input.observed.owned.get(id) {
        if let Some(name) = another(input, id) {
            let reason = BlockedReason::NotItsOwn { physical: live.physical.to_string(), attributes: vec![name] };
            decided.blocked.push(refuse(BlockedCode::StillHeld, reason, NextStep::PutRight));
            return;
        }
        existing(input, decided, id, resource, schema, live, Action::Update);
        return;
    }
    if let Some(unreadable) = hides(input, id) {
        decided.blocked.push(if let Some(unanswered) = unreadable.unanswered.clone() {
            refuse(BlockedCode::InDoubt, BlockedReason::InDoubt { unanswered }, NextStep::PlanLater)
        } else {
            let (operation, error) = (unreadable.operation.clone(), unreadable.error.clone());
            refuse(BlockedCode::Unreadable, BlockedReason::Unreadable { operation, error }, NextStep::MakeReadable)
        });
        return;
    }
    let Some((unique, live)) = schema.unique.zip(taken(input, id, resource, schema)) else {
        let refused = not_to_be_made(input, id, resource, schema).or_else(|| uniqueness_conflict(input, id, resource, schema));
        match refused {
            Some((code, reason, next)) => decided.blocked.push(refuse(code, reason, next)),
            None => decided.changes.push(derived::created(id, resource, schema)),
        }
        return;
    };
    let physical = live.physical.clone();
    let held = Held { name: unique, value: None, overlaps: None };
    let environment = input.desired.environment;
    let elsewhere = resource.adopt && tags::of_another(&live.tags, environment, id);
    decided.blocked.push(match guard::other_owner(live).filter(|_| elsewhere) {
        Some(owner) => {
            let reason = BlockedReason::OwnedElsewhere { physical: physical.to_string(), owner };
            refuse(BlockedCode::OwnedElsewhere, reason, NextStep::GiveUpThere)
        }
        None if resource.adopt => return existing(input, decided, id, resource, schema, live, Action::Adopt),
        None if live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned()) => refuse(
            BlockedCode::AnotherAccount,
            BlockedReason::AnotherAccount { name: physical.to_string() },
            NextStep::AnotherName,
        ),
        None => match label(live, environment, id) {
            Some(label) => {
                let next = put_back(environment, id, live, Some(unique));
                refuse(
                    BlockedCode::StillHeld,
                    BlockedReason::HeldMislabelled { physical: physical.to_string(), held, label },
                    next,
                )
            }
            None => refuse(
                BlockedCode::NameTaken,
                BlockedReason::HeldUntagged { physical: physical.to_string(), held },
                NextStep::PutBackOrRename,
            ),
        },
    });
}

/// Why the planner refuses to create an absent resource: it held data and was lost, or a file asks for its adoption and it is
/// not there. An empty database in the place of a lost one would hide the loss.
fn not_to_be_made(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<Refused> {
    let recorded = input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let copies = input.observed.copies.iter().filter(|copy| &copy.of == id);
    let copies: Vec<String> = copies.map(|copy| copy.physical.clone()).collect();
    if schema.stateful && (recorded || !copies.is_empty()) {
        let reason = if copies.is_empty() { BlockedReason::Lost } else { BlockedReason::LostWithCopies { copies } };
        return Some((BlockedCode::Lost, reason, NextStep::Restore));
    }
    let environment = input.desired.environment;
    let untagged = |live: &Live, held: Held| match label(live, environment, id) {
        Some(label) => {
            (BlockedCode::StillHeld, BlockedReason::HeldMislabelled { physical: live.physical.to_string(), held, label })
        }
        None => (BlockedCode::NameTaken, BlockedReason::HeldUntagged { physical: live.physical.to_string(), held }),
    };
    if let Some((live, held)) = as_applied(input, id, resource, schema) {
        let (_, reason) = untagged(live, held);
        return Some((BlockedCode::StillHeld, reason, put_back(environment, id, live, None)));
    }
    if let Some((live, label)) = mislabelled(input, id, schema) {
        let physical = live.physical.clone();
        let reason = if recorded {
            BlockedReason::Mislabelled { physical: physical.to_string(), label }
        } else {
            BlockedReason::PerhapsMislabelled { physical: physical.to_string(), label }
        };
        return Some((BlockedCode::Lost, reason, put_back(environment, id, live, None)));
    }
    if let Some((live, (name, _))) = namesake(input, id, resource, schema).zip(schema.name) {
        return Some(match untagged(live, Held { name, value: None, overlaps: None }) {
            (BlockedCode::StillHeld, reason) => (BlockedCode::StillHeld, reason, put_back(environment, id, live, Some(name))),
            (code, reason) => (code, reason, NextStep::PutBackOrRename),
        });
    }
    let name = resource.attributes.text(schema.unique?)?.to_owned();
    resource.adopt.then_some((BlockedCode::NothingToAdopt, BlockedReason::NothingToAdopt { name }, NextStep::CorrectName))
}

/// Sorts the differences of a live resource into changed, pending, service-managed and refused.
fn existing(
    input: &PlanningInput<'_>,
    decided: &mut Decided,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
    live: &Live,
    action: Action,
) {
    let wanted = with_tags(&resource.attributes, &resource.tags);
    let compared = remedy::compared(schema, live);
    let live = compared.as_ref().unwrap_or(live);
    let actual = compare::actual(live);
    decided.service_managed.extend(cause::beyond(input, id, schema, live, &wanted));
    let (deltas, pending) = cause::differences(schema, live, &wanted);
    let mut diffs: Vec<Diff> = cause::classed(input, id, schema, live, deltas);
    let target_of = |diff: &Diff| unresolved_reference(input, &wanted, &diff.path, (&diff.before, &diff.after));
    let unclear: BTreeSet<usize> = (0..diffs.len()).filter(|place| target_of(&diffs[*place]).is_some()).collect();
    if let Some(target) = unclear.first().and_then(|first| target_of(&diffs[*first])) {
        let names: BTreeSet<Name> = unclear.iter().map(|place| diffs[*place].name()).collect();
        let (waiting, rest) = refused::with_its_own(schema, diffs, &unclear);
        diffs = rest;
        // Whether the others are differences at all is unknown.
        let waiting = waiting.into_iter().filter(|diff| target_of(diff).is_none()).collect();
        decided.blocked.push(incomparable(input, id, resource, names, waiting, &target));
    }
    // What is adopted must be known in full, also while AWS works on it.
    let read = if action == Action::Adopt { compare::unread } else { compare::untold };
    let unread: Vec<Name> = read(schema, live, &wanted).into_iter().map(|(name, _)| name).collect();
    let untold = !unread.is_empty();
    if untold {
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: BlockedCode::Unreadable,
            source: unread.first().map(|name| resource.source_of(*name).clone()),
            reason: BlockedReason::Untold { attributes: unread }.into(),
            next: NextStep::MakeReadable.into(),
            diffs: Vec::new(),
        });
    }
    if !pending.is_empty() {
        decided.pending.push(cause::pending_note(id, schema, pending));
    }
    if let Status::Failed(word) = &live.status {
        return failed::decide(decided, (id, resource, schema), (live, word), diffs, action);
    }
    let (refused, diffs) = refused::split(schema, &actual, diffs);
    let unfit = action == Action::Adopt && (untold || !refused.is_empty());
    if let Some((first, next)) = refused.first().and_then(|diff| Some((diff, refused::procedure(schema, &actual, diff)?))) {
        let source = Some(resource.source_of(first.name()).clone());
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: BlockedCode::Forbidden,
            reason: BlockedReason::Fixed.into(),
            next: next.into(),
            diffs: refused,
            source,
        });
    }
    let (kept, diffs): (Vec<Diff>, Vec<Diff>) = diffs.into_iter().partition(|diff| guard::protects_data(input, diff).is_some());
    if let Some(data) = kept.first().and_then(|diff| guard::protects_data(input, diff)) {
        decided.blocked.push(guard::protected(id, resource, kept, &data));
    }
    let taken = |diff: &Diff| action == Action::Update && Some(diff.name()) == schema.unique;
    let refused = diffs.iter().any(taken).then(|| held_by_another(input, id, resource, schema)).flatten();
    let (held, diffs) = if refused.is_some() { diffs.into_iter().partition(taken) } else { (Vec::new(), diffs) };
    if let Some((code, reason, next)) = refused {
        let source = held.first().map(|diff: &Diff| resource.source_of(diff.name()).clone());
        decided.blocked.push(Blocked { id: id.clone(), code, reason: reason.into(), next: next.into(), diffs: held, source });
    }
    // A resource that can never be as declared is not adopted in part.
    if diffs.is_empty() || unfit {
        return;
    }
    decided.changes.push(derived::updated(id, resource, schema, &live.physical, diffs, action));
}

/// The plan's counts. `of`: the declared resources among which the unchanged ones are counted.
pub(super) fn summary<'a>(
    changes: &[Change],
    blocked: &[Blocked],
    pending: &[Note],
    of: impl Iterator<Item = &'a ResourceId>,
) -> Summary {
    let count = |action: Action| changes.iter().filter(|change| change.action == action).count();
    let said = changes.iter().map(|change| &change.id).chain(blocked.iter().map(|blocked| &blocked.id));
    let busy: BTreeSet<&ResourceId> = said.chain(pending.iter().map(|note| &note.id)).collect();
    Summary {
        create: count(Action::Create),
        update: count(Action::Update),
        replace: count(Action::Replace),
        delete: count(Action::Delete),
        adopt: count(Action::Adopt),
        pending: pending.len(),
        unchanged: of.filter(|id| !busy.contains(id)).count(),
    }
}
