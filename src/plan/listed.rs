//! One listing, taken apart as soon as it is there: what carries tags of the environment, by id, and everything else. Values that
//! are declared as well are one copy with the declaration from then on, so that a large estate is not held twice while the other
//! kinds are still read.

use crate::model::observed::{Closed, Listing, Locked};
use crate::model::tags::owner;
use crate::model::{Attributes, DesiredState, KindSchema, Live, Region, ResourceId, Shared, SortedLookup, Unreadable};

/// The objects of one kind in one region.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those of which the tags name a resource of the environment, sorted by id and identifier.
    pub(super) tagged: Vec<(ResourceId, Live)>,
    /// The others.
    pub(super) untagged: Vec<Live>,
    /// Those that can never be ours: AWS made them, or no file declares their kind.
    pub(super) never_ours: Vec<Live>,
    pub(super) locked: Vec<Locked>,
    pub(super) unreadable: Vec<Unreadable>,
    pub(super) closed: Vec<Closed>,
}

impl Listed {
    /// Takes a listing of this kind apart.
    #[must_use]
    pub fn of(desired: &DesiredState, schema: &KindSchema, listing: Listing) -> Self {
        let Listing { live, made_by_aws, unreadable, locked, closed } = listing;
        let mut listed = Self { never_ours: made_by_aws, unreadable, locked, closed, ..Self::default() };
        if schema.observed {
            listed.never_ours.extend(live);
        } else {
            listed.tagged.reserve_exact(live.len());
            for live in live {
                match owner(&live.tags, desired.environment) {
                    Some(id) => listed.tagged.push((id, live)),
                    None => listed.untagged.push(live),
                }
            }
        }
        listed.sort();
        listed.share(desired, schema);
        listed
    }

    /// The objects of both, if a kind is listed in several parts.
    pub(super) fn join(&mut self, more: Self) {
        self.tagged.extend(more.tagged);
        self.untagged.extend(more.untagged);
        self.sort();
    }

    fn sort(&mut self) {
        self.tagged.sort_unstable_by(by_id);
    }

    fn share(&mut self, desired: &DesiredState, schema: &KindSchema) {
        let first = ResourceId { kind: Shared::common(schema.kind), name: Shared::default(), region: Region::Tokyo };
        let mut resources = SortedLookup::from(&desired.resources, first);
        for (id, live) in self.tagged.iter_mut().filter(|(id, _)| id.kind == schema.kind) {
            let Some((known, resource)) = resources.entry(id) else { continue };
            *id = known.clone();
            // Links are still identifiers here.
            live.attributes.values_mut().share(&resource.attributes);
            live.tags.share(&resource.tags);
        }
        // AWS makes most of them, and many of one kind have the same values: each is kept once.
        let mut last: Option<Attributes> = None;
        for live in &mut self.never_ours {
            let values = live.attributes.values_mut();
            if let Some(last) = &last {
                values.share(last);
            }
            last = Some(values.clone());
        }
    }
}

/// By id, and what claims one id by identifier.
pub(super) fn by_id((a, one): &(ResourceId, Live), (b, two): &(ResourceId, Live)) -> std::cmp::Ordering {
    a.cmp(b).then_with(|| one.physical.cmp(&two.physical))
}
