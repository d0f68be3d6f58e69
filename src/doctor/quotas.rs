//! Counts declared and existing resources against AWS's default quotas.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::{Found, Item, Label, Remedy, names};
use super::{Check, Read};
use crate::kinds::quotas::{DEFAULTS, Quota};
use crate::kinds::vpc;
use crate::model::{DesiredState, Listing, Live, Region, Sentence, Value, tags};

/// The count of one kind in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Need {
    quota: Quota,
    place: String,
    declared: usize,
    /// Foreign resources and orphans; `None` when the kind could not be listed.
    others: Option<usize>,
}

impl Need {
    const fn total(&self) -> usize {
        match self.others {
            Some(others) => self.declared + others,
            None => self.declared,
        }
    }
}

/// tokaido does not read the account's own limits. They may have been raised, so a count above a default is not certainly too
/// high.
pub(super) fn check(desired: &DesiredState, reads: &[Read]) -> Check {
    let needs = needs(desired, reads);
    let beyond: Vec<Sentence> = needs
        .iter()
        .filter(|need| need.total() > need.quota.most)
        .map(|need| {
            let Need { quota, place, .. } = need;
            let (place, Quota { kind, most, title, .. }) = (place.clone(), *quota);
            Item::Beyond { count: need.total(), kind, place, most, title }.into()
        })
        .collect();
    let unseen: BTreeSet<&str> = needs.iter().filter(|need| need.others.is_none()).map(|need| need.quota.kind).collect();
    if !beyond.is_empty() {
        return Check::unknown("quotas", Found::BeyondDefaults, Remedy::AskForQuota).sentences(Label::BeyondDefault, beyond);
    }
    if !unseen.is_empty() {
        let kinds = names(unseen.into_iter().map(str::to_owned));
        return Check::unknown("quotas", Found::OthersUncounted, Remedy::RepairReads).words(Label::NotCounted, kinds);
    }
    let share = |need: &&Need| need.total() * 1_000_000 / need.quota.most;
    // Resources that AWS makes by itself, such as the default VPC, are in no listing of tokaido's and count.
    let closest = needs.iter().max_by_key(share).map_or(Found::Fits, |need| {
        let Need { quota: Quota { title, most, .. }, place, .. } = need;
        Found::FitsClosely { title, place: place.clone(), count: need.total(), most: *most }
    });
    Check::ok("quotas", closest)
}

fn needs(desired: &DesiredState, reads: &[Read]) -> Vec<Need> {
    let mut found = Vec::new();
    for quota in DEFAULTS {
        for region in Region::ALL {
            let ids = desired.resources.iter().filter(|(id, _)| id.kind == quota.kind && id.region == region);
            if let Some(attribute) = quota.per {
                // Grouped as declared: foreign resources in these networks are not counted.
                let mut groups = BTreeMap::<String, usize>::new();
                for (_, resource) in ids {
                    *groups.entry(owner(resource.attributes.get(attribute))).or_default() += 1;
                }
                let groups = groups.into_iter();
                found.extend(groups.map(|(place, declared)| Need { quota, place, declared, others: Some(0) }));
                continue;
            }
            let declared = ids.count();
            if declared == 0 {
                continue;
            }
            let listing = reads.iter().find(|read| read.kind == quota.kind && read.region == region);
            let others = listing.and_then(|read| read.answer.as_ref().ok()).map(|listing| others(desired, listing));
            found.push(Need { quota, place: region.to_string(), declared, others });
        }
    }
    found
}

fn owner(value: Option<&Value>) -> String {
    match value {
        Some(Value::Ref(reference)) => reference.to.to_string(),
        Some(Value::Text(text)) => text.to_string(),
        _ => format!("a {}", vpc::NAME),
    }
}

/// Objects that will exist besides the declared ones.
fn others(desired: &DesiredState, listing: &Listing) -> usize {
    let declared =
        |live: &&Live| tags::owner(&live.tags, desired.environment).is_some_and(|id| desired.resources.contains_key(&id));
    listing.live.len() - listing.live.iter().filter(declared).count()
        + listing.unreadable.iter().filter(|one| one.id.is_none()).count()
        + listing.locked.len()
}
