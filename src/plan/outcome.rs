//! The live world as it will be when a plan is done: by this state promises and policies are judged before the approval.

use crate::model::observed::{OtherStanding, PendingValue};
use crate::model::tags;
use crate::model::{Action, Attributes, Change, Diff, KindSchema, Live, ObservedState, Pairs, Precondition, Readings, Status};

use super::compare;
use super::input::PlanningInput;
use super::{effect, patch, remedy};

/// The observed state after these changes. A value that AWS queues is pending here too: a plan keeps no promise before AWS does.
#[must_use]
pub fn after(input: &PlanningInput<'_>, changes: &[Change]) -> ObservedState {
    done(input, input.observed.clone(), changes, true)
}

/// The observed state without these differences: as if each of them had never come up, and nothing waits for AWS.
pub(super) fn without(input: &PlanningInput<'_>, changes: &[Change]) -> ObservedState {
    done(input, input.observed.clone(), changes, false)
}

/// `state` after these changes. `queues`: AWS holds values for later, as it does when a plan is executed.
pub(super) fn done(input: &PlanningInput<'_>, mut state: ObservedState, changes: &[Change], queues: bool) -> ObservedState {
    for change in changes {
        let Some(schema) = input.schemas.get(change.kind.as_str()) else { continue };
        match change.action {
            Action::Create => {
                let (attributes, tags) = change.created();
                let live = Live {
                    physical: format!("({})", change.id).into(),
                    outputs: Pairs::new(),
                    attributes: Readings::whole(attributes),
                    tags,
                    status: Status::Ready,
                    pending: Vec::new(),
                };
                state.owned.insert(change.id.clone(), live);
            }
            Action::Update => {
                if let Some(live) = state.owned.get_mut(&change.id) {
                    let at_once = remedy::state(change).is_some();
                    apply(schema, live, &change.diffs, queues && !at_once);
                    if at_once {
                        live.status = Status::Ready;
                    }
                }
            }
            Action::Adopt => adopt(&mut state, schema, change, queues),
            Action::Delete => _ = state.owned.remove(&change.id),
            // No plan replaces anything.
            Action::Replace => {}
        }
    }
    state
}

fn adopt(state: &mut ObservedState, schema: &KindSchema, change: &Change, queues: bool) {
    let physical = change.preconditions.iter().find_map(|precondition| match precondition {
        Precondition::Exists { physical } => Some(physical),
        _ => None,
    });
    let position = state.others.iter().position(|other| {
        other.standing == OtherStanding::Foreign
            && other.kind == change.kind
            && other.region == change.region
            && Some(other.live.physical.as_str()) == physical.map(String::as_str)
    });
    if let Some(position) = position {
        let mut live = state.others.remove(position).live;
        apply(schema, &mut live, &change.diffs, queues);
        state.owned.insert(change.id.clone(), live);
    }
}

fn apply(schema: &KindSchema, live: &mut Live, diffs: &[Diff], queues: bool) {
    let waits = |diff: &&Diff| queues && effect::rule(schema, diff).0.wait().is_some();
    let (later, now): (Vec<&Diff>, Vec<&Diff>) = diffs.iter().partition(waits);
    let whole = compare::actual(live);
    let patched = |diffs: &[&Diff]| patch::apply(schema, &whole, &diffs.iter().map(|diff| (*diff).clone()).collect::<Vec<_>>());
    let mut target: Attributes = patched(&now);
    let tags = target.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
    let queued = patched(&later);
    live.pending.retain(|pending| !diffs.iter().any(|diff| diff.name() == pending.attribute));
    for diff in &later {
        let Some((value, when)) = queued.get(diff.name()).zip(effect::rule(schema, diff).0.wait()) else { continue };
        if !live.pending.iter().any(|pending| pending.attribute == diff.name()) {
            live.pending.push(PendingValue { attribute: diff.name(), value: value.clone(), when: when.into() });
        }
    }
    *live.attributes.values_mut() = target;
    live.tags = tags;
}
