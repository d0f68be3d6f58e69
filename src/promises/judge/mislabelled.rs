//! What is there under a wrong label: tags removed or changed, and a name or an address block that is declared for another.

use super::input::JudgeInput;
use crate::model::{DesiredResource, Live, ObservedState, OtherStanding, Region, ResourceId, SortedLookup};
use std::collections::BTreeMap;

/// By kind, region and physical identifier.
pub(super) struct Mislabelled<'a>(BTreeMap<(&'a str, Region, &'a str), (&'a ResourceId, bool)>);

impl<'a> Mislabelled<'a> {
    /// Declared, not recognised by tags, and what it is unique by is held by something else: that is it.
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

    /// Which resource this is, and whether nothing else may be it too.
    pub(super) fn meant(&self, kind: &str, region: Region, live: &Live) -> Option<(&'a ResourceId, bool)> {
        if self.0.is_empty() { None } else { self.0.get(&(kind, region, live.physical.as_str())).copied() }
    }

    /// Of all that claim this id only one does so rightly.
    pub(super) fn left_alone(&self, observed: &ObservedState, id: &ResourceId) -> bool {
        let claims = observed.others.iter().filter(|other| other.standing == OtherStanding::Claims(id.clone()));
        claims.filter(|other| self.meant(&other.kind, other.region, &other.live).is_none()).count() == 1
    }
}

/// What holds the declared value. Something under another label of ours rather than a stranger.
fn holders<'a>(input: JudgeInput<'a>, id: &'a ResourceId, resource: &DesiredResource) -> Vec<&'a Live> {
    let Some(schema) = input.schemas.get(id.kind.as_str()) else { return Vec::new() };
    let named = schema.unique.or(schema.name.map(|(attribute, _)| attribute));
    let holds = |live: &&Live| {
        let held =
            named.and_then(|attribute| Some((live.attributes.values().text(attribute)?, resource.attributes.text(attribute)?)));
        held.is_some_and(|(held, wanted)| held.eq_ignore_ascii_case(wanted))
    };
    let applied = input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let labelled = input.observed.mislabelled(id, input.desired, input.recorded);
    // What carries an unheard-of id is this one only if this one was there: an id may be new.
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
