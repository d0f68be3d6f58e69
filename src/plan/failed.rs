//! What a plan does with a declared resource in a failed state: nothing, or the one change that AWS takes in it.

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{
    Action, Blocked, BlockedCode, Change, DesiredResource, Diff, KindSchema, Live, Name, Precondition, ResourceId,
};

use super::decided::Decided;
use super::derived;
use super::remedy::{belongs, of, others_queued};

/// Decides about a resource in a failed state. A take-over of such a resource is refused as a whole.
pub(super) fn decide(
    decided: &mut Decided,
    (id, resource, schema): (&ResourceId, &DesiredResource, &KindSchema),
    (live, word): (&Live, &str),
    diffs: Vec<Diff>,
    action: Action,
) {
    let refuse = |reason: BlockedReason, next: NextStep, diffs: Vec<Diff>| Blocked {
        id: id.clone(),
        code: BlockedCode::FailedState,
        reason: reason.into(),
        next: next.into(),
        diffs,
        source: Some(resource.source.clone()),
    };
    let word = word.to_owned();
    let Some(remedy) = of(schema, &word).filter(|_| action == Action::Update) else {
        decided.blocked.push(refuse(BlockedReason::FailedState { word }, NextStep::Repair, Vec::new()));
        return;
    };
    let attribute = remedy.attribute;
    if !diffs.iter().any(|diff| diff.name() == attribute) {
        let reason = BlockedReason::OnlyRemedy { word, attribute };
        decided.blocked.push(refuse(reason, NextStep::Procedure { words: remedy.declare.into() }, diffs));
        return;
    }
    let (cure, waiting): (Vec<Diff>, Vec<Diff>) = diffs.into_iter().partition(|diff| belongs(remedy, diff));
    let attributes: Vec<Name> = others_queued(schema, live).into_iter().collect();
    if !attributes.is_empty() {
        let reason = BlockedReason::RemedyWithQueued { word, attributes };
        let all = cure.into_iter().chain(waiting).collect();
        decided.blocked.push(refuse(reason, NextStep::Procedure { words: remedy.by_hand.into() }, all));
        return;
    }
    if !waiting.is_empty() {
        let reason = BlockedReason::OnlyRemedy { word: word.clone(), attribute };
        decided.blocked.push(refuse(reason, NextStep::AfterThis, waiting));
    }
    let change = derived::updated(id, resource, schema, &live.physical, cure, action);
    decided.changes.push(in_state(change, resource, schema, &word));
}

/// The same change as one that AWS takes in this failed state.
pub(super) fn in_state(mut change: Change, resource: &DesiredResource, schema: &KindSchema, word: &str) -> Change {
    change.preconditions.push(Precondition::Failed { state: word.to_owned() });
    derived::declared(&mut change, resource, schema);
    change
}
