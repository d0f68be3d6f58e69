//! What in a change follows from its differences and its declaration: impact, risks, times, reason, preconditions. The planner
//! derives it here. The consistency check of a plan that is handed in derives it again, and does not rely on what the plan file
//! says.

use std::collections::BTreeSet;

use crate::model::reason::plan::{ChangeReason, Timing};
use crate::model::{
    Action, Attributes, Change, Class, DesiredResource, Diff, Impact, KindSchema, Name, Precondition, ResourceId, Tombstone,
};

use super::compare::{self, with_tags};
use super::links::visit_new;
use super::{effect, remedy, risk};

/// The change that creates a declared resource.
pub(super) fn created(id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) -> Change {
    let whole = with_tags(&resource.attributes, &resource.tags);
    let of = |(name, value): (Name, &crate::model::Value)| Diff {
        path: name.to_string(),
        before: crate::model::Value::Null,
        after: value.clone(),
        class: Class::Change,
    };
    let diffs: Vec<Diff> = whole.iter().filter(|(name, _)| schema.attribute(name).is_some()).map(of).collect();
    let mut change = bare(id, Action::Create, diffs);
    change.source = Some(resource.source.clone());
    follow(&mut change, schema, None);
    change
}

/// The change that updates or adopts a live resource.
pub(super) fn updated(
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
    physical: &str,
    diffs: Vec<Diff>,
    action: Action,
) -> Change {
    let mut change = bare(id, action, diffs);
    change.preconditions = vec![Precondition::Exists { physical: physical.to_owned() }];
    declared(&mut change, resource, schema);
    change
}

/// The change that deletes a live resource which a tombstone gives up.
pub(super) fn retired(id: &ResourceId, tombstone: &Tombstone, schema: &KindSchema, physical: &str) -> Change {
    let mut change = bare(id, Action::Delete, Vec::new());
    change.reason = ChangeReason::Retired { reason: tombstone.reason.clone() }.into();
    change.source = Some(tombstone.source.clone());
    change.preconditions = vec![Precondition::Exists { physical: physical.to_owned() }];
    follow(&mut change, schema, None);
    change
}

/// Derives again everything that follows from the differences of a change to a live resource and from its declaration.
pub(super) fn declared(change: &mut Change, resource: &DesiredResource, schema: &KindSchema) {
    let wanted: Attributes = with_tags(&resource.attributes, &resource.tags);
    let touched: BTreeSet<Name> = change.diffs.iter().map(Diff::name).collect();
    let only = touched.iter().next().filter(|_| touched.len() == 1);
    change.source = Some(only.map_or(&resource.source, |name| resource.source_of(*name)).clone());
    change.unchanged = compare::compared(schema, &wanted).saturating_sub(touched.len());
    follow(change, schema, resource.window.as_deref());
}

/// Derives what needs no file. `window`: the maintenance window's hours, as a file writes them.
pub(super) fn follow(change: &mut Change, schema: &KindSchema, window: Option<&str>) {
    let (action, diffs) = (change.action, &change.diffs);
    change.impact = match action {
        Action::Create => Impact::Create,
        Action::Adopt => Impact::Adopt,
        Action::Delete | Action::Replace => Impact::Destructive,
        Action::Update => effect::impact(schema, diffs),
    };
    // In a failed state AWS takes a remedy and nothing else, and applies it at once.
    let failed = remedy::state(change).filter(|word| action == Action::Update && remedy::is_whole(schema, word, diffs));
    let failed = failed.map(|state| Precondition::Failed { state: state.to_owned() });
    change.when = match action {
        Action::Update if failed.is_some() => vec![Timing::Now.into()],
        Action::Create | Action::Delete | Action::Replace => vec![Timing::Now.into()],
        Action::Update | Action::Adopt => effect::when(schema, window, diffs),
    };
    if let Some(reason) = reason(action, diffs) {
        change.reason = reason.into();
    }
    let mut depends_on = BTreeSet::new();
    for diff in diffs {
        visit_new(diff, &mut |reference| _ = depends_on.insert(reference.to.clone()));
    }
    change.depends_on = depends_on.into_iter().collect();
    let equals = |diff: &Diff| Precondition::Equals { path: diff.path.clone(), value: diff.before.clone() };
    let was = physical(change).map(|physical| Precondition::Exists { physical: physical.to_owned() });
    change.preconditions = match action {
        Action::Create => vec![Precondition::Absent],
        _ => was.into_iter().chain(diffs.iter().map(equals)).chain(failed).collect(),
    };
    change.risks = risk::of(schema, change);
}

/// The physical identifier of the live resource that a change is about; `None` for a create.
pub(super) fn physical(change: &Change) -> Option<&str> {
    change.preconditions.iter().find_map(|precondition| match precondition {
        Precondition::Exists { physical } => Some(physical.as_str()),
        _ => None,
    })
}

fn bare(id: &ResourceId, action: Action, diffs: Vec<Diff>) -> Change {
    Change {
        id: id.clone(),
        kind: id.kind.to_string(),
        region: id.region,
        action,
        reason: ChangeReason::NotThere.into(),
        impact: Impact::InPlace,
        risks: Vec::new(),
        when: Vec::new(),
        diffs,
        preconditions: Vec::new(),
        depends_on: Vec::new(),
        source: None,
        unchanged: 0,
    }
}

/// Why the change is made; `None` for a delete, whose reason is that of its tombstone.
fn reason(action: Action, diffs: &[Diff]) -> Option<ChangeReason> {
    let has = |class: Class| diffs.iter().any(|diff| diff.class == class);
    Some(match action {
        Action::Create => ChangeReason::NotThere,
        Action::Adopt => ChangeReason::Named,
        Action::Delete | Action::Replace => return None,
        Action::Update => match (has(Class::Drift), has(Class::Change), has(Class::Unknown)) {
            (true, false, false) => ChangeReason::Drifted,
            (false, true, false) => ChangeReason::Declared,
            (false, false, true) => ChangeReason::UnknownCause,
            (true, true, false) => ChangeReason::DriftedAndDeclared,
            (true, _, true) => ChangeReason::DriftedInPart,
            (false, ..) => ChangeReason::DeclaredInPart,
        },
    })
}
