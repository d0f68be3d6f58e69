//! What to do about each resource, and what was not done and why.

use std::collections::BTreeSet;

use crate::model::change::Precondition;
use crate::model::plan::{Note, Orphan, SpentTombstone, Summary};
use crate::model::schema::Mutability;
use crate::model::{
    Action, Attributes, Blocked, Change, Class, DesiredResource, Diff, Impact, KindSchema, Live, PendingValue, RecordedState, ResourceId, Status,
    Unreadable, Value,
};

use super::PlanningInput;
use super::compare::{self, Delta, with_tags};

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
    leftovers(input, &mut decided);
    block_dependents(input, &mut decided);
    decided.changes.sort_by(|a, b| (a.impact, &a.id).cmp(&(b.impact, &b.id)));
    decided.drifted = recorded_drift(input);
    decided.blocked.sort();
    decided.summary = summary(input, &decided);
    decided
}

fn one(input: &PlanningInput<'_>, decided: &mut Decided, id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) {
    let refuse = |code: &str, reason: String, next: String| Blocked {
        id: id.clone(),
        code: code.to_owned(),
        reason,
        next,
        diffs: Vec::new(),
        source: Some(resource.source.clone()),
    };
    if let Some(candidates) = input.observed.ambiguous.get(id) {
        decided.blocked.push(refuse(
            "ambiguous",
            ambiguous(candidates),
            NEVER_GUESSES.to_owned(),
        ));
        return;
    }
    if let Some(live) = input.observed.owned.get(id) {
        existing(input, decided, id, resource, schema, live, Action::Update);
        return;
    }
    if let Some(unreadable) = hides(input, id) {
        decided.blocked.push(refuse(
            "unreadable",
            format!("{} failed, so whether it exists is unknown: {}", unreadable.operation, unreadable.error),
            "make the read possible, then plan again".to_owned(),
        ));
        return;
    }
    match taken(input, id, resource, schema) {
        Some(live) if resource.adopt => existing(input, decided, id, resource, schema, live, Action::Adopt),
        Some(live) => decided.blocked.push(refuse(
            "name-taken",
            format!("{} holds {} and carries no tag of ours", live.physical, schema.unique.unwrap_or("this name")),
            "if it is ours and lost its tags, put them back; if it should be taken over, say so with `physical_name:` where the kind has it; otherwise choose another name".to_owned(),
        )),
        None => create(decided, id, resource, schema),
    }
}

const NEVER_GUESSES: &str = "find out which one is right and remove the tag tokaido:id from the others; tokaido never guesses";

fn ambiguous(candidates: &[String]) -> String {
    format!("{} live resources carry this id: {}", candidates.len(), candidates.join(", "))
}

/// A failed read behind which this resource may be.
fn hides<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> Option<&'a Unreadable> {
    input.observed.unreadable.iter().find(|unreadable| match &unreadable.id {
        Some(named) => named == id,
        None => unreadable.kind == id.kind && unreadable.region == id.region,
    })
}

/// A link of this attribute leads to something that exists and cannot be recognised now: unread, ambiguous, or without
/// its tags. Its identifier stands in the live value where a reference should be, which says nothing.
fn obscured(input: &PlanningInput<'_>, wanted: &Attributes, delta: &Delta) -> Option<ResourceId> {
    let attribute = delta.path.split('[').next().unwrap_or_default();
    let mut found = None;
    wanted.get(attribute)?.visit_references(&mut |reference| {
        let id = &reference.to;
        let observed = input.observed;
        let taken = || {
            let (resource, schema) = (input.desired.resources.get(id)?, input.schemas.get(id.kind.as_str())?);
            taken(input, id, resource, schema)
        };
        let unrecognised = || hides(input, id).is_some() || observed.ambiguous.contains_key(id) || taken().is_some();
        if found.is_none() && !observed.owned.contains_key(id) && unrecognised() {
            found = Some(id.clone());
        }
    });
    found
}

fn incomparable(input: &PlanningInput<'_>, id: &ResourceId, resource: &DesiredResource, unclear: &[Delta], target: &ResourceId) -> Blocked {
    let names: BTreeSet<&str> = unclear.iter().map(|delta| delta.path.split('[').next().unwrap_or_default()).collect();
    let unread = hides(input, target).is_some();
    Blocked {
        id: id.clone(),
        code: if unread { "unreadable" } else { "depends-on-blocked" }.to_owned(),
        reason: format!("whether {} is right is unknown: {target} cannot be recognised now", names.into_iter().collect::<Vec<_>>().join(", ")),
        next: if unread { "make the read possible, then plan again".to_owned() } else { format!("unblock {target} first") },
        diffs: Vec::new(),
        source: Some(resource.source.clone()),
    }
}

fn taken<'a>(input: &PlanningInput<'a>, id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) -> Option<&'a Live> {
    let held = resource.attributes.text(schema.unique?)?.to_ascii_lowercase();
    input.observed.taken.get(&(id.kind.clone(), id.region, held))
}

fn create(decided: &mut Decided, id: &ResourceId, resource: &DesiredResource, schema: &KindSchema) {
    let whole = with_tags(&resource.attributes, &resource.tags);
    let diffs = whole
        .iter()
        .filter(|(name, _)| schema.attribute(name).is_some())
        .map(|(name, value)| Diff { path: name.clone(), before: Value::Null, after: value.clone(), class: Class::Change })
        .collect();
    decided.changes.push(Change {
        id: id.clone(),
        kind: id.kind.clone(),
        region: id.region,
        action: Action::Create,
        reason: "declared and not there".to_owned(),
        impact: Impact::Create,
        when: "now".to_owned(),
        diffs,
        preconditions: vec![Precondition::Absent],
        depends_on: resource.dependencies().into_iter().collect(),
        source: Some(resource.source.clone()),
        unchanged: 0,
    });
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
    let actual = with_tags(&live.attributes, &live.tags);
    note_service_managed(decided, id, schema, &actual, &wanted);
    let (deltas, pending) = overlay_pending(schema, compare::differences(schema, &actual, &wanted), &wanted, &live.pending);
    let (unclear, deltas): (Vec<Delta>, Vec<Delta>) = deltas.into_iter().partition(|delta| obscured(input, &wanted, delta).is_some());
    if let Some(target) = unclear.first().and_then(|delta| obscured(input, &wanted, delta)) {
        decided.blocked.push(incomparable(input, id, resource, &unclear, &target));
    }
    if !pending.is_empty() {
        decided.pending.push(pending_note(id, pending));
    }
    if let Status::Failed(word) = &live.status {
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: "failed-state".to_owned(),
            reason: format!("AWS reports `{word}`; no change can be made in this state"),
            next: "repair it with AWS's documentation of this state, then plan again".to_owned(),
            diffs: Vec::new(),
            source: Some(resource.source.clone()),
        });
        return;
    }
    let diffs: Vec<Diff> = classed(id, schema, live, deltas, input.recorded);
    let (refused, diffs): (Vec<Diff>, Vec<Diff>) = diffs.into_iter().partition(|diff| procedure(schema, diff).is_some());
    if let Some(next) = refused.first().and_then(|diff| procedure(schema, diff)) {
        let source = refused.first().map(|diff| resource.source_of(diff.attribute()).clone());
        decided.blocked.push(Blocked {
            id: id.clone(),
            code: "forbidden".to_owned(),
            reason: "AWS cannot change this on the live resource, and a plan never replaces it".to_owned(),
            next: next.to_owned(),
            diffs: refused,
            source,
        });
    }
    if diffs.is_empty() {
        return;
    }
    decided.changes.push(update(id, resource, schema, live, &wanted, diffs, action));
}

fn procedure(schema: &KindSchema, diff: &Diff) -> Option<&'static str> {
    match schema.attribute(diff.attribute())?.mutability {
        Mutability::Forbidden(procedure) => Some(procedure),
        _ => None,
    }
}

fn update(id: &ResourceId, resource: &DesiredResource, schema: &KindSchema, live: &Live, wanted: &Attributes, diffs: Vec<Diff>, action: Action) -> Change {
    let touched: BTreeSet<&str> = diffs.iter().map(Diff::attribute).collect();
    let mut depends_on = BTreeSet::new();
    for diff in &diffs {
        diff.after.visit_references(&mut |reference| {
            depends_on.insert(reference.to.clone());
        });
    }
    let mut preconditions = vec![Precondition::Exists { physical: live.physical.clone() }];
    preconditions.extend(diffs.iter().map(|diff| Precondition::Equals { path: diff.path.clone(), value: diff.before.clone() }));
    let source = touched.iter().next().map_or(&resource.source, |name| resource.source_of(name));
    let source = if touched.len() == 1 { source } else { &resource.source };
    Change {
        id: id.clone(),
        kind: id.kind.clone(),
        region: id.region,
        action,
        reason: reason(&diffs, action).to_owned(),
        impact: if action == Action::Adopt { Impact::Adopt } else { impact(schema, &diffs) },
        when: when(schema, resource, &touched),
        preconditions,
        depends_on: depends_on.into_iter().collect(),
        source: Some(source.clone()),
        unchanged: compare::compared(schema, wanted).saturating_sub(touched.len()),
        diffs,
    }
}

fn reason(diffs: &[Diff], action: Action) -> &'static str {
    if action == Action::Adopt {
        return "named by `physical_name:`";
    }
    let has = |class: Class| diffs.iter().any(|diff| diff.class == class);
    match (has(Class::Drift), has(Class::Change), has(Class::Unknown)) {
        (true, false, false) => "drifted since the last apply",
        (false, true, false) => "declared differently since the last apply",
        (false, false, true) => "differs, and no record says who moved",
        _ => "drifted and declared differently since the last apply",
    }
}

/// The most serious meaning of any difference. Taking something away exposes nobody.
fn impact(schema: &KindSchema, diffs: &[Diff]) -> Impact {
    if diffs.iter().all(|diff| diff.attribute() == "tags") {
        return Impact::TagsOnly;
    }
    let of = |diff: &Diff| {
        let declared = schema.attribute(diff.attribute()).map_or(Impact::InPlace, |attribute| attribute.impact);
        let narrows = diff.after.is_null() || diff.after == Value::Bool(false);
        if declared == Impact::Exposure && narrows { Impact::InPlace } else { declared }
    };
    diffs.iter().filter(|diff| diff.attribute() != "tags").map(of).min().unwrap_or(Impact::InPlace)
}

fn when(schema: &KindSchema, resource: &DesiredResource, touched: &BTreeSet<&str>) -> String {
    let is = |name: &str, wanted: Mutability| schema.attribute(name).is_some_and(|attribute| attribute.mutability == wanted);
    let list = |wanted: Mutability| touched.iter().copied().filter(|name| is(name, wanted)).collect::<Vec<_>>();
    let (window, reboot) = (list(Mutability::Window), list(Mutability::Reboot));
    let in_window = || match &resource.window {
        Some(window) => format!("in the next maintenance window ({window})"),
        None => "in the next maintenance window".to_owned(),
    };
    let rest = touched.len() - window.len() - reboot.len();
    let mut parts = Vec::new();
    if rest > 0 {
        parts.push("now".to_owned());
    }
    if !window.is_empty() {
        parts.push(if rest > 0 || !reboot.is_empty() { format!("{} {}", window.join(", "), in_window()) } else { in_window() });
    }
    if !reboot.is_empty() {
        parts.push("effective after a manual reboot".to_owned());
    }
    parts.join("; ")
}

fn note_service_managed(decided: &mut Decided, id: &ResourceId, schema: &KindSchema, actual: &Attributes, wanted: &Attributes) {
    let diffs: Vec<Diff> = wanted
        .iter()
        .filter_map(|(name, value)| {
            let (attribute, live) = (schema.attribute(name)?, actual.get(name)?);
            compare::moved_within(attribute, live, value).then(|| Diff {
                path: name.clone(),
                before: value.clone(),
                after: live.clone(),
                class: Class::ServiceManaged,
            })
        })
        .collect();
    if !diffs.is_empty() {
        let explanation = "AWS moved it by itself within what is declared".to_owned();
        decided.service_managed.push(Note { id: id.clone(), diffs, explanation });
    }
}

/// A value that AWS has accepted counts as reached; a value that AWS will apply against our wish counts as a difference.
fn overlay_pending(schema: &KindSchema, mut deltas: Vec<Delta>, wanted: &Attributes, pending: &[PendingValue]) -> (Vec<Delta>, Vec<(Diff, String)>) {
    let mut notes = Vec::new();
    for value in pending {
        let (Some(attribute), Some(target)) = (schema.attribute(&value.attribute), wanted.get(&value.attribute)) else { continue };
        let live = deltas.iter().find(|delta| delta.path == value.attribute).map(|delta| delta.before.clone());
        if compare::attribute_differences(attribute, &value.value, target).is_empty() {
            deltas.retain(|delta| delta.path != value.attribute);
            let before = live.unwrap_or_else(|| target.clone());
            let diff = Diff { path: value.attribute.clone(), before, after: target.clone(), class: Class::Pending };
            notes.push((diff, value.when.clone()));
        } else if live.is_none() {
            deltas.push(Delta { path: value.attribute.clone(), before: value.value.clone(), after: target.clone() });
        }
    }
    deltas.sort();
    (deltas, notes)
}

fn pending_note(id: &ResourceId, pending: Vec<(Diff, String)>) -> Note {
    let whens: BTreeSet<String> = pending.iter().map(|(_, when)| when.clone()).collect();
    let explanation = format!("AWS will apply it {}", whens.into_iter().collect::<Vec<_>>().join(", "));
    Note { id: id.clone(), diffs: pending.into_iter().map(|(diff, _)| diff).collect(), explanation }
}

/// Drift when live differs from what was recorded at that path, change when only desired does.
fn classed(id: &ResourceId, schema: &KindSchema, live: &Live, deltas: Vec<Delta>, recorded: Option<&RecordedState>) -> Vec<Diff> {
    if deltas.is_empty() {
        return Vec::new();
    }
    let record = recorded.and_then(|state| state.resources.get(id));
    let moved: Option<BTreeSet<String>> = record.map(|record| {
        let applied = with_tags(&record.attributes, &record.tags);
        let deltas = compare::differences(schema, &with_tags(&live.attributes, &live.tags), &applied);
        // What AWS will apply against the record has left it as much as what it applied already.
        overlay_pending(schema, deltas, &applied, &live.pending).0.into_iter().map(|delta| delta.path).collect()
    });
    let class = |path: &str| match &moved {
        None => Class::Unknown,
        Some(moved) if moved.contains(path) => Class::Drift,
        Some(_) => Class::Change,
    };
    deltas.into_iter().map(|delta| Diff { class: class(&delta.path), path: delta.path, before: delta.before, after: delta.after }).collect()
}

/// Ours and not declared: a delete with a tombstone, an orphan without.
fn leftovers(input: &PlanningInput<'_>, decided: &mut Decided) {
    for (id, live) in &input.observed.owned {
        let Some(schema) = input.schemas.get(id.kind.as_str()).filter(|_| !input.desired.resources.contains_key(id)) else { continue };
        let tombstone = input.desired.retire.get(id);
        match tombstone {
            Some(tombstone) if schema.stateful => decided.blocked.push(Blocked {
                id: id.clone(),
                code: "stateful-delete".to_owned(),
                reason: format!("{}: holds data, keys or evidence, and no plan deletes it", schema.title),
                next: "remove the tombstone; docs/procedures.md says how such a resource is given up".to_owned(),
                diffs: Vec::new(),
                source: Some(tombstone.source.clone()),
            }),
            Some(tombstone) => decided.changes.push(Change {
                id: id.clone(),
                kind: id.kind.clone(),
                region: id.region,
                action: Action::Delete,
                reason: tombstone.reason.clone(),
                impact: Impact::Destructive,
                when: "now".to_owned(),
                diffs: Vec::new(),
                preconditions: vec![Precondition::Exists { physical: live.physical.clone() }],
                depends_on: Vec::new(),
                source: Some(tombstone.source.clone()),
                unchanged: 0,
            }),
            None => decided.orphans.push(Orphan {
                id: id.clone(),
                physical: live.physical.clone(),
                tombstone: (!schema.stateful).then(|| format!("- {{ id: {id}, reason: \"…\" }}")),
            }),
        }
    }
    for (id, tombstone) in &input.desired.retire {
        if let Some(candidates) = input.observed.ambiguous.get(id) {
            decided.blocked.push(Blocked {
                id: id.clone(),
                code: "ambiguous".to_owned(),
                reason: ambiguous(candidates),
                next: NEVER_GUESSES.to_owned(),
                diffs: Vec::new(),
                source: Some(tombstone.source.clone()),
            });
        }
        let present = input.observed.owned.contains_key(id) || input.observed.ambiguous.contains_key(id) || hides(input, id).is_some();
        if !present && !input.desired.resources.contains_key(id) {
            decided.spent_tombstones.push(SpentTombstone { id: id.clone(), source: tombstone.source.clone() });
        }
    }
}

/// What needs an output of a resource that is refused and does not exist cannot be made either.
fn block_dependents(input: &PlanningInput<'_>, decided: &mut Decided) {
    let absent = |id: &ResourceId| !input.observed.owned.contains_key(id);
    let mut unavailable: BTreeSet<ResourceId> = decided.blocked.iter().map(|blocked| blocked.id.clone()).filter(|id| absent(id)).collect();
    loop {
        let Some(position) = decided.changes.iter().position(|change| change.depends_on.iter().any(|id| unavailable.contains(id))) else { break };
        let change = decided.changes.remove(position);
        let because = change.depends_on.iter().find(|id| unavailable.contains(*id)).map(ToString::to_string).unwrap_or_default();
        if absent(&change.id) {
            unavailable.insert(change.id.clone());
        }
        decided.blocked.push(Blocked {
            id: change.id,
            code: "depends-on-blocked".to_owned(),
            reason: format!("it needs {because}, which is blocked"),
            next: format!("unblock {because} first"),
            diffs: change.diffs.into_iter().filter(|_| change.action != Action::Create).collect(),
            source: change.source,
        });
    }
}

/// Live against the last apply, where a record exists.
pub(super) fn recorded_drift(input: &PlanningInput<'_>) -> Vec<Note> {
    let Some(recorded) = input.recorded else { return Vec::new() };
    let mut notes = Vec::new();
    for (id, record) in &recorded.resources {
        let (Some(live), Some(schema)) = (input.observed.owned.get(id), input.schemas.get(id.kind.as_str())) else { continue };
        let applied = with_tags(&record.attributes, &record.tags);
        let deltas = compare::differences(schema, &with_tags(&live.attributes, &live.tags), &applied);
        let (mut deltas, _) = overlay_pending(schema, deltas, &applied, &live.pending);
        deltas.retain(|delta| obscured(input, &applied, delta).is_none());
        let diffs: Vec<Diff> =
            deltas.into_iter().map(|delta| Diff { path: delta.path, before: delta.after, after: delta.before, class: Class::Drift }).collect();
        if !diffs.is_empty() {
            notes.push(Note { id: id.clone(), diffs, explanation: "live differs from what was last applied".to_owned() });
        }
    }
    notes
}

fn summary(input: &PlanningInput<'_>, decided: &Decided) -> Summary {
    let count = |action: Action| decided.changes.iter().filter(|change| change.action == action).count();
    let busy = |id: &ResourceId| {
        decided.changes.iter().any(|change| &change.id == id)
            || decided.blocked.iter().any(|blocked| &blocked.id == id)
            || decided.pending.iter().any(|note| &note.id == id)
    };
    Summary {
        create: count(Action::Create),
        update: count(Action::Update),
        replace: count(Action::Replace),
        delete: count(Action::Delete),
        adopt: count(Action::Adopt),
        pending: decided.pending.len(),
        unchanged: input.desired.resources.keys().filter(|id| !busy(id)).count(),
    }
}
