//! What policies have in common with promises: their slugs and days, and the one digest. The only way to `promises`,
//! whose judging this module knows as little as it is known there.

#[cfg(feature = "policy")]
use serde_json::json;
use serde_json::{Map, Value as Json};

#[cfg(feature = "policy")]
use crate::promises::Promises;
use crate::promises::SLUGS;

/// The same for every promise of the paper.
pub(super) fn each(value: &Json) -> Map<String, Json> {
    SLUGS.into_iter().map(|slug| (slug.to_owned(), value.clone())).collect()
}

/// The days that the paper itself gives.
#[cfg(feature = "policy")]
pub(super) fn days() -> Map<String, Json> {
    let paper = Promises::default();
    let days = SLUGS.into_iter().map(|slug| (slug, paper.at_least_days(slug))).filter(|(_, days)| *days > 0);
    days.map(|(slug, days)| (slug.to_owned(), json!({ "at_least_days": days }))).collect()
}
