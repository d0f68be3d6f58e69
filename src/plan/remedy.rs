//! The one change that AWS takes in a failed state ([`Remedy`]): planned alone, and applied at once. Everything
//! else of the resource waits for it.

use std::collections::BTreeSet;

use crate::model::{Change, Diff, KindSchema, Live, Name, Precondition, Remedy, Status};

/// What ends the failed state of this word; `None` where AWS takes no change in it.
pub(super) fn of<'a>(schema: &'a KindSchema, word: &str) -> Option<&'a Remedy> {
    schema.remedy.as_ref().filter(|remedy| remedy.state == word)
}

/// What ends the state of the live resource; `None` where it has not failed, or AWS takes no change.
fn now<'a>(schema: &'a KindSchema, live: &Live) -> Option<&'a Remedy> {
    match &live.status {
        Status::Failed(word) => of(schema, word),
        Status::Ready | Status::Working(_) => None,
    }
}

/// Whether the difference belongs to the remedy.
pub(super) fn belongs(remedy: &Remedy, diff: &Diff) -> bool {
    let raised = || diff.before.as_int().zip(diff.after.as_int()).is_some_and(|(before, after)| before < after);
    diff.name() == remedy.attribute || (remedy.with.contains(&diff.name()) && raised())
}

/// Whether the differences are a remedy and nothing else.
pub(super) fn is_whole(schema: &KindSchema, word: &str, diffs: &[Diff]) -> bool {
    of(schema, word).is_some_and(|remedy| {
        diffs.iter().all(|diff| belongs(remedy, diff)) && diffs.iter().any(|diff| diff.name() == remedy.attribute)
    })
}

/// The live resource as a plan compares it. What AWS has queued does not come while the state lasts, so a queued value of the
/// remedy is no value that is on its way.
pub(super) fn compared(schema: &KindSchema, live: &Live) -> Option<Live> {
    let remedy = now(schema, live)?;
    let mut compared = live.clone();
    compared.pending.retain(|queued| !touches(remedy, queued.attribute));
    Some(compared)
}

/// What AWS has queued besides values of the remedy: it would apply that at once as well.
#[must_use]
pub fn others_queued(schema: &KindSchema, live: &Live) -> BTreeSet<Name> {
    let Some(remedy) = now(schema, live) else { return BTreeSet::new() };
    live.pending.iter().map(|queued| queued.attribute).filter(|name| !touches(remedy, *name)).collect()
}

fn touches(remedy: &Remedy, name: Name) -> bool {
    name == remedy.attribute || remedy.with.contains(&name)
}

/// AWS's word for the failed state in which the change is made; `None` for a change of a resource that is ready.
#[must_use]
pub fn state(change: &Change) -> Option<&str> {
    change.preconditions.iter().find_map(|precondition| match precondition {
        Precondition::Failed { state } => Some(state.as_str()),
        _ => None,
    })
}
