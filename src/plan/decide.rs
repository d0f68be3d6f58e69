//! What to do about each resource, and what was not done and why.

use crate::model::observed::ANOTHER_ACCOUNT;
pub(super) use crate::model::plan::Summary;
use crate::model::plan::{Note, Orphan, SpentTombstone};
use crate::model::tags::{self, owner};
use crate::model::{
    Action, Blocked, BlockedCode, Change, DesiredResource, Diff, KindSchema, Live, Name, ResourceId, Status, Unreadable,
};

use super::PlanningInput;
use super::compare::{Delta, with_tags};
use super::held::held;
use super::obscured::{incomparable, obscured};
use super::{cause, derived, guard, leftovers, refused};

#[derive(Debug, Default)]
pub(super) struct Decided {
    pub changes: Vec<Change>,
    pub summary: Summary,
    pub drifted: Vec<Note>,
    pub pending: Vec<Note>,
    pub service_managed: Vec<Note>,
    pub orphans: Vec<Orphan>,
    pub blocked: Vec<Blocked>,
    pub spent_tombstones: Vec<SpentTombstone>,
}

pub(super) fn decide(input: &PlanningInput<'_>) -> Decided {
    let mut decided = Decided::default();
    for (id, resource) in &input.desired.resources {
        if let Some(schema) = input.schemas.get(id.kind.as_str()) {
            one(input, &mut decided, id, resource, schema);
        }
    }
    leftovers::leftovers(input, &mut decided);
    guard::whole_or_not(input, &mut decided);
    leftovers::block_dependents(input, &mut decided);
    decided.changes.sort_by(|a, b| (a.impact, &a.id).cmp(&(b.impact, &b.id)));
    decided.drifted = cause::recorded_drift(input);
    // A resource may both differ and be unsound.
    for note in cause::unsound(input.observed) {
        match decided.drifted.iter_mut().find(|known| known.id == note.id) {
            Some(known) => known.diffs.extend(note.diffs),
            None => decided.drifted.push(note),
        }
    }
    decided.drifted.sort_by(|a, b| a.id.cmp(&b.id));
    decided.blocked.sort();
    decided.summary = summary(&decided.changes, &decided.blocked, &decided.pending, input.desired.resources.keys());
    decided
}

fn one(input: &PlanningInput<'_>, decided: &mut Decided, id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) {
    let refuse = |code: BlockedCode, reason: String, next: String| Blocked {
        id: id.clone(),
        code,
        reason,
        next,
        diffs: Vec::new(),
        source: Some(resource.source.clone()),
    };
    if let Some(candidates) = input.observed.ambiguous.get(id) {
        decided.blocked.push(refuse(BlockedCode::Ambiguous, ambiguous(candidates), NEVER_GUESSES.to_owned()));
        return;
    }
    if let Some(live) = input.observed.owned.get(id) {
        existing(input, decided, id, resource, schema, live, Action::Update);
        return;
    }
    if let Some(unreadable) = hides(input, id) {
        if unreadable.is_in_doubt() {
            let reason = format!("whether it was made is unknown: its create was {}", unreadable.error);
            decided.blocked.push(refuse(BlockedCode::InDoubt, reason, IN_DOUBT_NEXT.to_owned()));
            return;
        }
        decided.blocked.push(refuse(
            BlockedCode::Unreadable,
            format!("{} failed, so whether it exists is unknown: {}", unreadable.operation, unreadable.error),
            "make the read possible, then plan again".to_owned(),
        ));
        return;
    }
    match taken(input, id, resource, schema) {
        Some(live) if resource.adopt && guard::other_owner(live).is_some() => {
            let owner = guard::other_owner(live).unwrap_or_default();
            let reason = format!("{} carries tags of tokaido for {owner}", live.physical);
            let next = "adopt only what nobody else declares; give it up there and remove those tags first".to_owned();
            decided.blocked.push(refuse(BlockedCode::OwnedElsewhere, reason, next));
        }
        Some(live) if resource.adopt => existing(input, decided, id, resource, schema, live, Action::Adopt),
        Some(live) if live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned()) => decided.blocked.push(refuse(
            BlockedCode::AnotherAccount,
            format!("the name {} belongs to another account, or the caller may not ask about it: names of this kind are unique in all of AWS", live.physical),
            "choose another name; one with the account's number in it is seldom taken".to_owned(),
        )),
        Some(live) if owner(&live.tags, input.desired.environment).is_some() => decided.blocked.push(refuse(
            BlockedCode::StillHeld,
            format!("{} holds {} and {}", live.physical, schema.unique.map_or("this name", Name::as_str), carries(live)),
            put_back(id, &live.physical),
        )),
        Some(live) => decided.blocked.push(refuse(
            BlockedCode::NameTaken,
            format!("{} holds {} and carries no tag of ours", live.physical, schema.unique.map_or("this name", Name::as_str)),
            "if it is ours and lost its tags, put them back; if it should be taken over, say so with `physical_name:` where the kind has it; otherwise choose another name".to_owned(),
        )),
        None => match not_to_be_made(input, id, resource, schema).or_else(|| held(input, id, resource, schema)) {
            Some((code, reason, next)) => decided.blocked.push(refuse(code, reason, next)),
            None => decided.changes.push(derived::created(id, resource, schema)),
        },
    }
}

pub(super) const IN_DOUBT_NEXT: &str = "plan again after that; `apply` waits by itself";

pub(super) const NEVER_GUESSES: &str =
    "find out which one is right and remove the tag tokaido:id from the others; tokaido never guesses";

/// Whose tag it carries, as far as it says.
pub(super) fn carries(live: &Live) -> String {
    let says = live.tags.get(tags::ID).filter(|id| !id.is_empty()).map_or("nobody", String::as_str);
    format!("carries the tag of {says}")
}

/// What to do about something that may be `id` under another label.
pub(super) fn put_back(id: &ResourceId, physical: &str) -> String {
    format!("if {physical} is {id}, put its tag tokaido:id back; if not, take the tags of tokaido off it")
}

pub(super) fn ambiguous(candidates: &[String]) -> String {
    format!("{} live resources carry this id: {}", candidates.len(), candidates.join(", "))
}

/// A failed read behind which this resource may be.
pub(super) fn hides<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> Option<&'a Unreadable> {
    input.observed.unreadable.iter().find(|failed| failed.hides(id))
}

pub(super) fn taken<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<&'a Live> {
    let held = resource.attributes.text(schema.unique?)?.to_ascii_lowercase();
    input.observed.taken.get(&(id.kind.clone(), id.region, held))
}

/// Why something absent is not simply made: it held data and was lost, or it was to be taken over and is not there. An
/// empty database in the place of a lost one would look as if nothing had happened.
fn not_to_be_made(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<(BlockedCode, String, String)> {
    let recorded = input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let copies: Vec<&str> =
        input.observed.copies.iter().filter(|copy| &copy.of == id).map(|copy| copy.physical.as_str()).collect();
    if schema.stateful && (recorded || !copies.is_empty()) {
        let seen = if copies.is_empty() { String::new() } else { format!("; its tags are on {}", copies.join(", ")) };
        let reason = format!("it was there and is gone{seen}: making an empty one would hide the loss");
        let next = "restore it under its name; or, to begin empty, remove its block, apply, and declare it again".to_owned();
        return Some((BlockedCode::Lost, reason, next));
    }
    // With a value of its own it is looked for by that value; without one, by whatever may be it.
    if recorded
        && schema.unique.is_none()
        && let Some(live) = input.observed.mislabelled(id, input.desired, input.recorded).next()
    {
        let reason = format!("it was there and is gone, and {} {}: it may be the same", live.physical, carries(live));
        return Some((BlockedCode::Lost, reason, put_back(id, &live.physical)));
    }
    let name = resource.attributes.text(schema.unique?)?;
    resource.adopt.then(|| {
        let reason = format!("`physical_name:` names {name}, and nothing of that name is there to take over");
        (BlockedCode::NothingToAdopt, reason, "correct `physical_name:`, or remove it to make a new one".to_owned())
    })
}

/// Differences of a live resource, sorted into change, pending, service-managed and refused.
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
    let actual = with_tags(live.attributes.values(), &live.tags);
    decided.service_managed.extend(cause::beyond(input, id, schema, &actual, &wanted));
    let (deltas, pending) = cause::differences(schema, live, &wanted);
    let (unclear, deltas): (Vec<Delta>, Vec<Delta>) =
        deltas.into_iter().partition(|delta| obscured(input, &wanted, delta).is_some());
    if let Some(target) = unclear.first().and_then(|delta| obscured(input, &wanted, delta)) {
        decided.blocked.push(incomparable(input, id, resource, &unclear, &target));
    }
    if !pending.is_empty() {
        decided.pending.push(cause::pending_note(id, schema, pending));
    }
    if let Status::Failed(word) = &live.status {
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: BlockedCode::FailedState,
            reason: format!("AWS reports `{word}`; no change can be made in this state"),
            next: "repair it with AWS's documentation of this state, then plan again".to_owned(),
            diffs: Vec::new(),
            source: Some(resource.source.clone()),
        });
        return;
    }
    let diffs: Vec<Diff> = cause::classed(input, id, schema, live, deltas);
    let (refused, diffs) = refused::split(schema, &actual, diffs);
    let unfit = action == Action::Adopt && !refused.is_empty();
    if let Some((first, next)) = refused.first().and_then(|diff| Some((diff, refused::procedure(schema, &actual, diff)?))) {
        let source = Some(resource.source_of(first.name()).clone());
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: BlockedCode::Forbidden,
            reason: "AWS cannot change this on the live resource, and a plan never replaces it".to_owned(),
            next: next.to_owned(),
            diffs: refused,
            source,
        });
    }
    let (kept, diffs): (Vec<Diff>, Vec<Diff>) = diffs.into_iter().partition(|diff| guard::protects_data(input, diff).is_some());
    if let Some(data) = kept.first().and_then(|diff| guard::protects_data(input, diff)) {
        decided.blocked.push(guard::protected(id, resource, kept, &data));
    }
    // What can never be as declared is not taken over in part.
    if diffs.is_empty() || unfit {
        return;
    }
    decided.changes.push(derived::updated(id, resource, schema, &live.physical, diffs, action));
}

/// Counts over these resources.
pub(super) fn summary<'a>(
    changes: &[Change],
    blocked: &[Blocked],
    pending: &[Note],
    of: impl Iterator<Item = &'a ResourceId>,
) -> Summary {
    let count = |action: Action| changes.iter().filter(|change| change.action == action).count();
    let busy = |id: &ResourceId| {
        changes.iter().any(|change| &change.id == id)
            || blocked.iter().any(|blocked| &blocked.id == id)
            || pending.iter().any(|note| &note.id == id)
    };
    Summary {
        create: count(Action::Create),
        update: count(Action::Update),
        replace: count(Action::Replace),
        delete: count(Action::Delete),
        adopt: count(Action::Adopt),
        pending: pending.len(),
        unchanged: of.filter(|id| !busy(id)).count(),
    }
}
