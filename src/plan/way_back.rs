//! What taking a plan back would do. It is never executed: it tells the approver, before the apply, what can be undone.

use crate::model::reason::plan::OneWayReason;
use crate::model::{Action, Change, Class, Diff, OneWay, Schemas, WayBack};

/// The differences that put the old values back.
#[must_use]
pub fn inverse(diffs: &[Diff]) -> Vec<Diff> {
    diffs
        .iter()
        .map(|diff| Diff {
            path: diff.path.clone(),
            before: diff.after.clone(),
            after: diff.before.clone(),
            class: Class::Change,
        })
        .collect()
}

/// The counts of the inverse plan for each action, and every change or difference that has no inverse. A created resource that
/// holds data stays, because no plan deletes it. `None` for a plan without changes.
#[must_use]
pub fn of(schemas: &Schemas, changes: &[Change]) -> Option<WayBack> {
    if changes.is_empty() {
        return None;
    }
    let mut back = WayBack::default();
    for change in changes {
        let Some(schema) = schemas.get(change.kind.as_str()) else { continue };
        let mut one_way = |path: Option<&str>, reason: OneWayReason| {
            back.one_way.push(OneWay { id: change.id.clone(), path: path.map(str::to_owned), reason: reason.into() });
        };
        match change.action {
            Action::Create if schema.stateful => {
                one_way(None, OneWayReason::Stays);
            }
            Action::Create => back.delete += 1,
            Action::Delete | Action::Replace => {
                if let Some(why) = schema.once_gone {
                    one_way(None, OneWayReason::Kind { words: why.into() });
                }
                back.create += 1;
            }
            Action::Update | Action::Adopt => {
                let mut two_way = false;
                for diff in &change.diffs {
                    match schema.attribute(diff.attribute()).and_then(|attribute| attribute.no_way_back(diff)) {
                        Some(why) => one_way(Some(&diff.path), OneWayReason::Kind { words: why.into() }),
                        None => two_way = true,
                    }
                }
                back.update += usize::from(two_way);
            }
        }
    }
    back.one_way.sort_by(|a, b| (&a.id, &a.path).cmp(&(&b.id, &b.path)));
    Some(back)
}
