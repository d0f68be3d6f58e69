//! What the planner looks up about one resource: the failed read that hides it, the holder of its name, the tags of a holder.

use crate::model::equality;
use crate::model::reason::plan::{BlockedReason, Label, NextStep};
use crate::model::schema::Mutability;
use crate::model::tags::{self, Tags};
use crate::model::{DesiredResource, Environment, KindSchema, Live, Name, ResourceId, Unreadable, retag};

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
        Some(name) => NextStep::PutBackOrGiveWay { physical, id, command, name },
        None => NextStep::PutBack { physical, id, command },
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

/// The line to paste under `retire:`; `None` for a kind that holds data, because no plan deletes such a resource.
pub(super) fn tombstone(id: &ResourceId, schema: &KindSchema) -> Option<String> {
    (!schema.stateful).then(|| format!("- {{ id: {id}, reason: \"…\" }}"))
}

/// A live resource that may be the absent one, mislabelled. A value that AWS never changes identifies a resource: one with such a
/// unique value was looked up by it. Any other may be there under another id, or without a part of its tags. Where no record
/// exists at all, the tags that are left are the only trace.
pub(super) fn mislabelled<'a>(input: &PlanningInput<'a>, id: &'a ResourceId, schema: &KindSchema) -> Option<(&'a Live, Label)> {
    let row = schema.unique.and_then(|unique| schema.row(unique));
    let fixed = row.is_some_and(|row| matches!(row.mutability, Mutability::Forbidden(_)));
    let environment = input.desired.environment;
    let labelled = |live: &'a Live| Some((live, label(live, environment, id)?));
    match input.recorded {
        Some(state) if schema.unique.is_none() && state.resources.contains_key(id) => {
            input.observed.mislabelled(id, input.desired, input.recorded).find_map(labelled)
        }
        None if !fixed || schema.stateful => input.observed.unlabelled(id, environment).find_map(labelled),
        _ => None,
    }
}
