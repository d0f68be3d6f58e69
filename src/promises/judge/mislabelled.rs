//! Mislabelled resources: their tags were removed or changed, and they hold the name or the address block that a file declares
//! for another id.

use super::input::JudgeInput;
use crate::model::equality;
use crate::model::{DesiredResource, Live, ObservedState, OtherStanding, Region, ResourceId, SortedLookup};
use std::collections::BTreeMap;

/// The mislabelled resources by kind, region and physical identifier: the declared id, and whether no other resource may be it.
pub(super) struct Mislabelled<'a>(BTreeMap<(&'a str, Region, &'a str), (&'a ResourceId, bool)>);

impl<'a> Mislabelled<'a> {
    /// A declared resource that no tags identify is taken to be what holds its unique value.
    pub(super) fn of(input: JudgeInput<'a>) -> Self {
        let observed = input.observed;
        let mut owned = SortedLookup::of(&observed.owned);
        let mut absent = |id: &ResourceId| owned.get(id).is_none() && !observed.ambiguous.contains_key(id);
        let mut found = BTreeMap::new();
        for (id, resource) in input.desired.resources.iter().filter(|(id, _)| absent(id)) {
            let held = holders(input, id, resource);
            for live in &held {
                found.insert((id.kind.as_str(), id.region, live.physical.as_str()), (id, held.len() == 1));
            }
        }
        Self(found)
    }

    /// The declared id of a live resource, and whether no other live resource may be the same.
    pub(super) fn meant(&self, kind: &str, region: Region, live: &Live) -> Option<(&'a ResourceId, bool)> {
        if self.0.is_empty() { None } else { self.0.get(&(kind, region, live.physical.as_str())).copied() }
    }

    /// Whether only one of all resources that claim this id is not mislabelled.
    pub(super) fn left_alone(&self, observed: &ObservedState, id: &ResourceId) -> bool {
        let claims = observed.others.iter().filter(|other| other.standing == OtherStanding::Claims(id.clone()));
        claims.filter(|other| self.meant(&other.kind, other.region, &other.live).is_none()).count() == 1
    }
}

/// The live resources that hold the declared value. Those with tags of ours go before foreign ones.
fn holders<'a>(input: JudgeInput<'a>, id: &'a ResourceId, resource: &DesiredResource) -> Vec<&'a Live> {
    let Some(schema) = input.schemas.get(id.kind.as_str()) else { return Vec::new() };
    let named = schema.unique.or(schema.name.map(|(attribute, _)| attribute));
    let holds = |live: &&Live| {
        let held = named.and_then(|attribute| Some((live.attributes.text(attribute)?, resource.attributes.text(attribute)?)));
        held.is_some_and(|(held, wanted)| equality::same_name(held, wanted))
    };
    let applied = input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let labelled = input.observed.mislabelled(id, input.desired, input.recorded);
    // A resource under an undeclared id is this one only if this one was applied before: this id may be new.
    let labelled: Vec<&Live> = labelled.filter(|live| holds(live) && (applied || !owned(input.observed, id, live))).collect();
    if !labelled.is_empty() || schema.unique.is_none() {
        return labelled;
    }
    let here = |other: &&crate::model::Other| other.kind == id.kind && other.region == id.region;
    let strangers = input.observed.others.iter().filter(here).filter(|other| other.standing == OtherStanding::Foreign);
    strangers.map(|other| &other.live).filter(holds).collect()
}

fn owned(observed: &ObservedState, id: &ResourceId, live: &Live) -> bool {
    let mut here = observed.owned.iter().filter(|(other, _)| other.kind == id.kind && other.region == id.region);
    here.any(|(_, own)| own.physical == live.physical)
}
