//! Rules follow what they speak of. As long as a port or a block of addresses may be as it was ([`stays()`]), the rules that lead
//! there stay, and no rule leads to where it is declared to be (docs/adr/0038-rules-follow.md).

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::model::equality;
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::schema::Comparison;
use crate::model::{
    Action, AttributeSchema, Attributes, Blocked, BlockedCode, Change, Class, DesiredResource, Diff, Impact, KindSchema, Live,
    ResourceId, Source, Value,
};

use super::decided::Decided;
use super::input::PlanningInput;
use super::lookup::hides;
use super::stays::{Stay, stays};
use super::{compare, derived};

/// Holds back the declared changes of rules that speak of what stays, and new groups that lead to nothing else. Manual changes are
/// repaired all the same.
pub(super) fn keep(input: &PlanningInput<'_>, decided: &mut Decided) {
    // In a world that is as declared nothing stays.
    if decided.changes.is_empty() && decided.blocked.is_empty() && decided.pending.is_empty() {
        return;
    }
    let schema_of = |change: &Change| input.schemas.get(change.kind.as_str()).copied();
    let stays = stays(input, decided);
    if stays.is_empty() {
        return;
    }
    let refused = decided.blocked.iter().filter(|blocked| blocked.code == BlockedCode::Forbidden);
    let refused: BTreeSet<ResourceId> = refused.map(|blocked| blocked.id.clone()).collect();
    let world = World::of(input, &stays);
    let mut blocked = Vec::new();
    decided.changes.retain_mut(|change| {
        let (Some(resource), Some(schema)) = (input.desired.resources.get(&change.id), schema_of(change)) else { return true };
        if !touches_rules(change, schema) {
            return true;
        }
        let door = Door { world: &world, id: &change.id, resource, schema };
        let mut because = None;
        let held = match change.action {
            Action::Create => {
                because = door.leads_elsewhere();
                Vec::new()
            }
            Action::Update => {
                let (held, rest): (Vec<Diff>, Vec<Diff>) = std::mem::take(&mut change.diffs).into_iter().partition(|diff| {
                    let stay = door.keeps(diff);
                    because = because.or(stay);
                    stay.is_some()
                });
                change.diffs = rest;
                change.diffs.extend(door.taken_away(&held));
                change.diffs.sort();
                held
            }
            Action::Adopt | Action::Delete | Action::Replace => return true,
        };
        let Some(stay) = because else { return true };
        blocked.push(refusal((&change.id, change.source.as_ref()), stay, &refused, held));
        if change.action == Action::Create {
            return false;
        }
        derived::declared(change, resource, schema);
        !change.diffs.is_empty()
    });
    decided.blocked.extend(blocked);
    pointed_by_hand(&world, decided, &refused);
}

/// Puts back the rules in whose place a person has already put the declared ones: they lead to where nothing is yet.
fn pointed_by_hand(world: &World<'_>, decided: &mut Decided, refused: &BTreeSet<ResourceId>) {
    let input = world.input;
    let mut changes: BTreeMap<ResourceId, usize> =
        decided.changes.iter().enumerate().map(|(place, change)| (change.id.clone(), place)).collect();
    for (id, resource) in &input.desired.resources {
        let Some(schema) = input.schemas.get(id.kind.as_str()).filter(|schema| rules(schema).next().is_some()) else { continue };
        let Some(live) = input.observed.owned.get(id) else { continue };
        let Some((stay, diffs, waits)) = (Door { world, id, resource, schema }).pointed(live) else { continue };
        match changes.get(id).map(|place| &mut decided.changes[*place]) {
            Some(change) if change.action == Action::Update => {
                let known: BTreeSet<String> = change.diffs.iter().map(|diff| diff.path.clone()).collect();
                change.diffs.extend(diffs.into_iter().filter(|diff| !known.contains(&diff.path)));
                change.diffs.sort();
                derived::declared(change, resource, schema);
            }
            Some(_) => continue,
            None => {
                changes.insert(id.clone(), decided.changes.len());
                decided.changes.push(derived::updated(id, resource, schema, &live.physical, diffs, Action::Update));
            }
        }
        decided.blocked.push(refusal((id, Some(&resource.source)), stay, refused, waits));
    }
}

/// The lists of rules that let users in and out.
fn rules(schema: &KindSchema) -> impl Iterator<Item = &'static AttributeSchema> {
    let list = |row: &&AttributeSchema| row.impact == Impact::Exposure && matches!(row.comparison, Comparison::Keyed(_));
    schema.attributes.iter().filter(list)
}

fn touches_rules(change: &Change, schema: &KindSchema) -> bool {
    rules(schema).any(|row| change.diffs.iter().any(|diff| diff.name() == row.name))
}

fn refusal(
    (id, source): (&ResourceId, Option<&Source>),
    stay: &Stay<'_>,
    refused: &BTreeSet<ResourceId>,
    diffs: Vec<Diff>,
) -> Blocked {
    let (of, attribute) = (stay.id.clone(), stay.row.name);
    let reason = if stay.has.is_empty() {
        BlockedReason::MayLeadElsewhere { of: of.clone(), attribute }
    } else {
        BlockedReason::KeepsItsUsers { of: of.clone(), attribute }
    };
    let next = if refused.contains(stay.id) { NextStep::TakeBackFor { of } } else { NextStep::Unblock { id: of } };
    Blocked { id: id.clone(), code: BlockedCode::Half, reason: reason.into(), next: next.into(), diffs, source: source.cloned() }
}

/// What stays, by how a rule speaks of it.
struct World<'a> {
    input: &'a PlanningInput<'a>,
    /// The entries that stay, by what lets users in to them and by what that names.
    near: BTreeMap<ResourceId, Vec<&'a Stay<'a>>>,
    /// The blocks that stay, as declared.
    blocks: Vec<(IpNet, &'a Stay<'a>)>,
    /// Every declared block, and every block that AWS shows or a record tells.
    declared: Vec<IpNet>,
    known: Vec<IpNet>,
}

impl<'a> World<'a> {
    fn of(input: &'a PlanningInput<'a>, stays: &'a [Stay<'a>]) -> Self {
        let blocks: Vec<_> =
            stays.iter().filter(|stay| stay.row.addresses).filter_map(|stay| Some((block(stay.declared)?, stay))).collect();
        let mut near: BTreeMap<ResourceId, Vec<&Stay<'_>>> = BTreeMap::new();
        for stay in stays.iter().filter(|stay| stay.row.entry) {
            for id in around(input, stay.id) {
                near.entry(id).or_default().push(stay);
            }
        }
        let (mut declared, mut known) = (Vec::new(), Vec::new());
        if !blocks.is_empty() {
            let rows = |id: &ResourceId| {
                let schema = input.schemas.get(id.kind.as_str());
                schema.into_iter().flat_map(|schema| schema.attributes).filter(|row| row.addresses)
            };
            let of = |id, values: &Attributes| rows(id).filter_map(|row| block(values.get(row.name)?)).collect::<Vec<_>>();
            let live = |(id, live): (_, &Live)| rows(id).filter_map(|row| block(shown(live, row)?)).collect::<Vec<_>>();
            declared.extend(input.desired.resources.iter().flat_map(|(id, resource)| of(id, &resource.attributes)));
            known.extend(input.observed.owned.iter().flat_map(live));
            let recorded = input.recorded.into_iter().flat_map(|state| &state.resources);
            known.extend(recorded.flat_map(|(id, record)| of(id, &record.attributes)));
        }
        Self { input, near, blocks, declared, known }
    }

    /// Whether a rule leads to nothing but blocks that no resource surely has after this plan. What could not be read may well be
    /// there, unless something else is.
    fn leads_elsewhere(&self, rule: &Value) -> Option<&'a Stay<'a>> {
        let peers = rule.as_map()?.values().filter_map(block);
        peers.into_iter().find_map(|peer| {
            let elsewhere =
                |stay: &Stay<'_>| hides(self.input, stay.id).is_none() || self.known.iter().any(|known| peer.contains(known));
            let (_, stay) = self.blocks.iter().find(|(declared, stay)| peer.contains(declared) && elsewhere(stay))?;
            let reached = |declared: &IpNet| peer.contains(declared) && !self.blocks.iter().any(|(stays, _)| stays == declared);
            (!self.declared.iter().any(reached)).then_some(*stay)
        })
    }
}

/// What lets users in to a resource, the targets of the links that expose it, and what that names: as declared, as applied and
/// as AWS shows it.
fn around(input: &PlanningInput<'_>, id: &ResourceId) -> BTreeSet<ResourceId> {
    let doors = links(input, id, false);
    doors.iter().flat_map(|door| links(input, door, true)).chain(doors.iter().cloned()).collect()
}

/// The targets of a resource's links; of those that expose it where not `all` count.
fn links(input: &PlanningInput<'_>, id: &ResourceId, all: bool) -> BTreeSet<ResourceId> {
    let mut found = BTreeSet::new();
    let Some(schema) = input.schemas.get(id.kind.as_str()) else { return found };
    let exposes = |row: &AttributeSchema| row.impact == Impact::Exposure;
    let declared = input.desired.resources.get(id).map(|resource| &resource.attributes);
    let recorded = input.recorded.and_then(|state| state.resources.get(id)).map(|record| &record.attributes);
    let live = input.observed.owned.get(id);
    for row in schema.attributes.iter().filter(|row| !row.refers_to.is_empty() && (all || exposes(row))) {
        let written = [declared, recorded].into_iter().flatten().filter_map(|values| values.get(row.name));
        for value in written.chain(live.and_then(|live| shown(live, row))) {
            value.visit_references(&mut |reference| _ = found.insert(reference.to.clone()));
        }
    }
    found
}

/// The value that AWS shows.
fn shown<'a>(live: &'a Live, row: &AttributeSchema) -> Option<&'a Value> {
    live.attributes.reading(row.name).asked().ok()?
}

/// A declared resource with rules.
struct Door<'a> {
    world: &'a World<'a>,
    id: &'a ResourceId,
    resource: &'a DesiredResource,
    schema: &'static KindSchema,
}

impl<'a> Door<'a> {
    /// Why a new resource waits: a rule of it leads to what stays elsewhere.
    fn leads_elsewhere(&self) -> Option<&'a Stay<'a>> {
        rules(self.schema).find_map(|row| {
            let declared = items(self.resource.attributes.get(row.name)?);
            declared.iter().find_map(|rule| self.was_applied(row, rule).or_else(|| self.world.leads_elsewhere(rule)))
        })
    }

    /// Why a difference waits: it takes away the way to what stays, or brings the way to where it is not. A person may have moved
    /// what is there and its rules: they wait for each other as well.
    fn keeps(&self, diff: &Diff) -> Option<&'a Stay<'a>> {
        let row = rules(self.schema).find(|row| row.name == diff.name())?;
        let by_hand = diff.class == Class::Drift;
        let declared = items(self.resource.attributes.get(row.name)?);
        let goes = || items(&diff.before).iter().find_map(|old| declared.iter().find_map(|new| self.was(row, new, old)));
        let comes = || {
            let live = self.world.input.observed.owned.get(self.id);
            let live = live.and_then(|live| shown(live, row)).map(items).unwrap_or_default();
            items(&diff.after).iter().find_map(|new| {
                let there = || live.iter().find_map(|old| self.was(row, new, old));
                there().or_else(|| self.was_applied(row, new)).or_else(|| self.world.leads_elsewhere(new))
            })
        };
        if by_hand { goes().filter(|stay| !stay.has.is_empty()) } else { goes().or_else(comes) }
    }

    /// The rules that a person has replaced by their declared form, which waits: what puts the applied ones back, and what waits.
    fn pointed(&self, live: &Live) -> Option<(&'a Stay<'a>, Vec<Diff>, Vec<Diff>)> {
        let (mut why, mut diffs, mut waits) = (None, Vec::new(), Vec::new());
        for row in rules(self.schema) {
            let Comparison::Keyed(fields) = row.comparison else { continue };
            let (Some(live), Some(declared)) = (shown(live, row), self.resource.attributes.get(row.name)) else { continue };
            let form = |rule: &Value| equality::form(row.spelled, rule);
            let there: BTreeSet<Value> = items(live).into_iter().map(form).collect();
            let gone: Vec<&Value> = self.applied(row).into_iter().filter(|old| !there.contains(&form(old))).collect();
            let applied: BTreeSet<Value> = self.applied(row).into_iter().map(form).collect();
            let news = || items(declared).into_iter().filter(|new| there.contains(&form(new)) && !applied.contains(&form(new)));
            let path = |rule: &Value| format!("{}[{}]", row.name, compare::element_key(fields, rule));
            let diff = |class: Class, rule: &Value, comes: bool| {
                let (before, after) = if comes { (Value::Null, rule.clone()) } else { (rule.clone(), Value::Null) };
                Diff { path: path(rule), before, after, class }
            };
            for new in news() {
                for old in &gone {
                    let Some(stay) = self.was(row, new, old) else { continue };
                    why = Some(stay);
                    diffs.extend([diff(Class::Drift, old, true), diff(Class::Drift, new, false)]);
                    waits.extend([diff(Class::Change, old, false), diff(Class::Change, new, true)]);
                }
            }
        }
        for found in [&mut diffs, &mut waits] {
            found.sort();
            found.dedup();
        }
        Some((why?, diffs, waits))
    }

    /// The rules in whose place these wait, that were applied and are not there: a person took them away.
    fn taken_away(&self, held: &[Diff]) -> Vec<Diff> {
        let mut found = Vec::new();
        for row in rules(self.schema) {
            let Comparison::Keyed(fields) = row.comparison else { continue };
            let observed = self.world.input.observed.owned.get(self.id);
            let Some(Ok(live)) = observed.map(|live| live.attributes.reading(row.name).asked()) else { continue };
            let form = |rule: &Value| equality::form(row.spelled, rule);
            let live: BTreeSet<Value> = live.map(items).unwrap_or_default().into_iter().map(form).collect();
            let waits = || held.iter().filter(|diff| diff.name() == row.name && diff.before.is_null()).map(|diff| &diff.after);
            for old in self.applied(row).into_iter().filter(|old| !live.contains(&form(old))) {
                if waits().any(|new| self.was(row, new, old).is_some()) {
                    let path = format!("{}[{}]", row.name, compare::element_key(fields, old));
                    found.push(Diff { path, before: Value::Null, after: old.clone(), class: Class::Drift });
                }
            }
        }
        found
    }

    fn applied(&self, row: &AttributeSchema) -> Vec<&'a Value> {
        let record = self.world.input.recorded.and_then(|state| state.resources.get(self.id));
        record.and_then(|record| record.attributes.get(row.name)).map(items).unwrap_or_default()
    }

    /// Whether a rule is the declared form of one that was applied.
    fn was_applied(&self, row: &AttributeSchema, new: &Value) -> Option<&'a Stay<'a>> {
        self.applied(row).into_iter().find_map(|old| self.was(row, new, old))
    }

    /// What stays, where `old` is the rule `new` with what is there in place of what is declared.
    fn was(&self, row: &AttributeSchema, new: &Value, old: &Value) -> Option<&'a Stay<'a>> {
        let (new, old) = (equality::form(row.spelled, new), equality::form(row.spelled, old));
        let (Value::Map(new), Value::Map(old)) = (&new, &old) else { return None };
        if new.len() != old.len() {
            return None;
        }
        let ports = self.ports(new.values());
        let mut found = None;
        for ((field, new), (other, old)) in new.iter().zip(old.iter()) {
            if field != other {
                return None;
            }
            if new == old {
                continue;
            }
            let of_port = || ports.iter().copied().find(|stay| stay.declared == new && has(stay, |has| has == old));
            let stay = match new {
                Value::Int(_) => of_port(),
                _ => self.block_was(&block(new)?, &block(old)?),
            };
            found = Some(stay?);
        }
        found
    }

    /// The entries that stay and of which a rule with these values may speak.
    fn ports<'v>(&self, values: impl Iterator<Item = &'v Value>) -> Vec<&'a Stay<'a>> {
        let near = |id: &ResourceId| self.world.near.get(id).into_iter().flatten().copied();
        let mut found: Vec<_> = near(self.id).collect();
        for value in values {
            value.visit_references(&mut |reference| found.extend(near(&reference.to)));
        }
        found
    }

    /// What stays, where `old` is the block `new` around what is there: as much wider than that as `new` is wider than the
    /// declared block. Where nobody knows what is there, any block of the network may be it.
    fn block_was(&self, new: &IpNet, old: &IpNet) -> Option<&'a Stay<'a>> {
        let around = |declared: &IpNet, there: &IpNet| {
            let wider = declared.prefix_len() - new.prefix_len();
            old.contains(there) && there.prefix_len() - old.prefix_len() == wider
        };
        let spoken = self.world.blocks.iter().filter(|(declared, _)| new.contains(declared));
        let mut was = spoken.filter(|(declared, stay)| match stay.has.as_slice() {
            [] => self.world.known.iter().any(|known| known.contains(old)),
            has => has.iter().filter_map(|has| block(has)).any(|there| around(declared, &there)),
        });
        was.next().map(|(_, stay)| *stay)
    }
}

/// Whether a difference puts back the rule in whose place another one waits, or takes out the one that waits.
pub(super) fn puts_back(diff: &Diff, waits: &Diff) -> bool {
    if diff.path == waits.path && diff.class == Class::Drift {
        return diff.after.is_null() && waits.before.is_null() && diff.before == waits.after;
    }
    let (Value::Map(old), Value::Map(new)) = (&diff.after, &waits.after) else { return false };
    let alike = |one: &Value, other: &Value| {
        one == other || matches!((one, other), (Value::Int(_), Value::Int(_))) || block(one).and(block(other)).is_some()
    };
    let (comes, drifted) = (diff.before.is_null() && waits.before.is_null(), diff.class == Class::Drift);
    let same = old.len() == new.len()
        && old.iter().zip(new.iter()).all(|((field, old), (other, new))| field == other && alike(old, new));
    comes && drifted && diff.name() == waits.name() && same
}

/// Whether the resource may have such a value. Where nobody knows, it may have any.
fn has(stay: &Stay<'_>, is: impl Fn(&Value) -> bool) -> bool {
    stay.has.is_empty() || stay.has.iter().any(|has| is(has))
}

/// The elements of a list, or the one element.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn block(value: &Value) -> Option<IpNet> {
    value.as_text()?.parse().ok()
}
