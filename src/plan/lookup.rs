//! What the planner looks up about one resource: the failed read that hides it, the holder of its name, the tags of a holder.

use crate::model::equality::{self, same_name};
use crate::model::observed::OtherStanding;
use crate::model::reason::plan::{BlockedReason, Held, Label, NextStep};
use crate::model::schema::Mutability;
use crate::model::tags::{self, Tags};
use crate::model::{
    DesiredResource, Environment, KindSchema, Live, Name, Reading, Readings, ResourceId, Unreadable, Value, retag,
};

use super::input::PlanningInput;

/// The tags of tokaido on a live resource that may be `id`. `None` when it carries none, or all that say that it is `id`.
pub(super) fn label(live: &Live, environment: Environment, id: &ResourceId) -> Option<Label> {
    let ours = live.tags.iter().filter(|(key, _)| tags::compared(key));
    let has: Vec<String> = ours.map(|(key, value)| format!("{key}={value}")).collect();
    let lacks: Vec<String> = lacking(live, environment, id).iter().map(|(key, value)| format!("{key}={value}")).collect();
    (!has.is_empty() && !lacks.is_empty()).then_some(Label { has, lacks })
}

/// The two tags that say which resource it is, as far as the live resource does not carry them.
pub(super) fn lacking(live: &Live, environment: Environment, id: &ResourceId) -> Tags {
    let wanted = [(tags::ENVIRONMENT, environment.to_string()), (tags::ID, id.to_string())];
    let lacks = wanted.into_iter().filter(|(key, value)| live.tags.get(*key).is_none_or(|found| found != value.as_str()));
    lacks.map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The next step for a live resource that may be `id`, mislabelled: put its tags back. `name`: the value that it holds.
pub(super) fn put_back(environment: Environment, id: &ResourceId, live: &Live, name: Option<Name>) -> NextStep {
    let (physical, id) = (live.physical.clone(), id.clone());
    let command = retag::command(id.region, live, &lacking(live, environment, &id));
    let elsewhere = live.tags.get(tags::ENVIRONMENT).is_some_and(|named| named != environment.as_str());
    match name.filter(|_| elsewhere) {
        Some(name) => NextStep::PutBackOrGiveWay { physical: physical.to_string(), id, command, name },
        None => NextStep::PutBack { physical: physical.to_string(), id, command },
    }
}

/// The reason of a refusal when several live resources claim one id.
pub(super) fn ambiguous(candidates: &[String]) -> BlockedReason {
    BlockedReason::Ambiguous { count: candidates.len(), physical: candidates.to_vec() }
}

/// The failed read that may hide this resource.
pub(super) fn hides<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> Option<&'a Unreadable> {
    input.observed.hides(id, input.recorded)
}

/// The values of a live resource that are not free for another one of its kind: the unique one first.
pub fn held<'a>(schema: &KindSchema, values: &'a Readings) -> Vec<&'a str> {
    let unique = schema.unique.and_then(|name| values.text(name));
    let more = match schema.holds_too.map(|name| values.reading(name)) {
        Some(Reading::Value(list)) => list.as_list().unwrap_or_default(),
        _ => &[],
    };
    unique.into_iter().chain(more.iter().filter_map(Value::as_text)).collect()
}

/// The live resource that holds the unique value which `resource` declares and is not ours under this id.
pub(super) fn taken<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<&'a Live> {
    let held = equality::name(resource.attributes.text(schema.unique?)?);
    input.observed.taken.get(&(id.kind.clone(), id.region, held))
}

/// The live resource that holds the unique value with which the absent `id` was applied, where a file declares another value by now:
/// it may be `id` without its tags. A new one would be made beside it, and whatever uses the old one would be left behind.
pub(super) fn as_applied<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<(&'a Live, Held)> {
    let name = schema.unique?;
    let (live, applied) = holder(input, id, schema)?;
    let as_declared = resource.attributes.text(name).is_some_and(|wanted| same_name(applied, wanted));
    (!as_declared).then(|| (live, Held { name, value: Some(applied.to_owned()), overlaps: None }))
}

/// What is not ours and holds the unique value with which `id` was applied, and that value.
fn holder<'a>(input: &PlanningInput<'a>, id: &ResourceId, schema: &KindSchema) -> Option<(&'a Live, &'a str)> {
    let name = schema.unique?;
    let record = &input.recorded?.resources.get(id)?.attributes;
    let applied = record.text(name)?;
    let place = schema.attributes.iter().find(|row| row.place).map(|row| row.name);
    // A network of ours that is there is a reference; another network has the same blocks.
    let elsewhere = |live: &Live| {
        let (was, is) = (record.get(place?)?, live.attributes.reading(place?).asked().ok()??);
        let there = |of: &Value| matches!(of, Value::Ref(network) if input.observed.owned.contains_key(&network.to));
        Some(was != is && (there(was) || there(is)))
    };
    let here = input.observed.others.iter().filter(|other| other.kind == id.kind && other.region == id.region);
    let holds =
        |live: &&Live| live.attributes.text(name).is_some_and(|held| same_name(held, applied)) && elsewhere(live) != Some(true);
    here.map(|other| &other.live).find(holds).map(|live| (live, applied))
}

/// Whether a resource that was applied and is not among ours may be there all the same: a failed read hides it, several claim its
/// id, or it has lost its tags.
pub(super) fn may_be_there(input: &PlanningInput<'_>, id: &ResourceId) -> bool {
    let Some(schema) = input.schemas.get(id.kind.as_str()) else { return true };
    let astray = || input.observed.mislabelled(id, input.desired, input.recorded).next().is_some();
    hides(input, id).is_some()
        || input.observed.ambiguous.contains_key(id)
        || if schema.unique.is_some() { holder(input, id, schema).is_some() } else { astray() }
}

/// The live resource that has the declared name of an absent one and that no tag, file or record says is another: AWS lets two of
/// this kind share a name. It may be the absent one without its tags, and both would do the same work.
pub(super) fn namesake<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<&'a Live> {
    let (name, _) = schema.name.filter(|_| schema.unique.is_none())?;
    let wanted = resource.attributes.text(name)?;
    let (observed, desired) = (input.observed, input.desired);
    let applied = |id: &ResourceId| input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let known =
        |other: &ResourceId| desired.resources.contains_key(other) || desired.retire.contains_key(other) || applied(other);
    let others = observed.others.iter().filter(|other| other.kind == id.kind && other.region == id.region);
    let strangers = others.filter(|other| other.standing == OtherStanding::Foreign).map(|other| &other.live);
    let alike = |other: &ResourceId| other.kind == id.kind && other.region == id.region && !known(other);
    let unheard = observed.owned.iter().filter(|(other, _)| alike(other)).map(|(_, live)| live);
    let named = |live: &&Live| live.attributes.text(name).is_some_and(|held| same_name(held, wanted));
    strangers.chain(unheard).find(named)
}

/// The value that AWS never changes and that says that a live resource of ours is another one with the tags of `id`: it is not the
/// declared one, and either not the applied one, or, without a record of `id`, something undeclared of ours has the declared one.
/// Kinds with a name are recognised by the name.
pub(super) fn another(input: &PlanningInput<'_>, id: &ResourceId) -> Option<Name> {
    let (resource, live) = (input.desired.resources.get(id)?, input.observed.owned.get(id)?);
    let schema = input.schemas.get(id.kind.as_str())?;
    let unique = schema.unique.filter(|_| schema.name.is_none())?;
    matches!(schema.row(unique)?.mutability, Mutability::Forbidden(_)).then_some(())?;
    let (wanted, held) = (resource.attributes.text(unique)?, live.attributes.text(unique)?);
    if same_name(held, wanted) {
        return None;
    }
    let is = |live: &Live, value: &str| live.attributes.text(unique).is_some_and(|held| same_name(held, value));
    let other = match input.recorded.and_then(|state| state.resources.get(id)) {
        Some(record) => !record.attributes.text(unique).is_some_and(|applied| is(live, applied)),
        None => input.observed.owned.iter().any(|(other, live)| {
            other.kind == id.kind && other.region == id.region && is(live, wanted) && !input.desired.resources.contains_key(other)
        }),
    };
    other.then_some(unique)
}

/// The line to paste under `retire:`; `None` for a kind that holds data, because no plan deletes such a resource.
pub(super) fn tombstone(id: &ResourceId, schema: &KindSchema) -> Option<String> {
    (!schema.stateful).then(|| format!("- {{ id: {id}, reason: \"…\" }}"))
}

/// A live resource that may be the absent one, mislabelled. A value that AWS never changes identifies a resource: one with such a
/// unique value was looked up by it. Any other may be there under another id, or without a part of its tags. Of what no record
/// names, the tags that are left are the only trace: an apply that refused it wrote records of everything else.
pub(super) fn mislabelled<'a>(input: &PlanningInput<'a>, id: &'a ResourceId, schema: &KindSchema) -> Option<(&'a Live, Label)> {
    let row = schema.unique.and_then(|unique| schema.row(unique));
    let fixed = row.is_some_and(|row| matches!(row.mutability, Mutability::Forbidden(_)));
    let environment = input.desired.environment;
    let labelled = |live: &'a Live| Some((live, label(live, environment, id)?));
    match input.recorded {
        Some(state) if schema.unique.is_none() && state.resources.contains_key(id) => {
            input.observed.mislabelled(id, input.desired, input.recorded).find_map(labelled)
        }
        Some(state) if state.resources.contains_key(id) || fixed => None,
        None if fixed && !schema.stateful => None,
        _ => {
            // An id of another kind or region says nothing of what carries it.
            let elsewhere = |of: &ResourceId| of.kind != id.kind || of.region != id.region;
            let others = input.observed.others.iter().filter(|other| other.kind == id.kind && other.region == id.region);
            let astray = others.filter(|other| matches!(&other.standing, OtherStanding::CopyOf(of) if elsewhere(of)));
            input.observed.unlabelled(id, environment).chain(astray.map(|other| &other.live)).find_map(labelled)
        }
    }
}
