//! What policies use of promises: slugs, days, and the digest. Only this file imports `promises`; the policies know nothing of
//! how promises are judged.

#[cfg(feature = "policy")]
use serde_json::json;
use serde_json::{Map, Value as Json};

#[cfg(feature = "policy")]
use crate::promises::Promises;
use crate::promises::SLUGS;

/// The same for every promise of the white paper.
pub(super) fn each(value: &Json) -> Map<String, Json> {
    SLUGS.into_iter().map(|slug| (slug.to_owned(), value.clone())).collect()
}

/// The days of the white paper itself.
#[cfg(feature = "policy")]
pub(super) fn days() -> Map<String, Json> {
    let paper = Promises::default();
    let days = SLUGS.into_iter().map(|slug| (slug, paper.at_least_days(slug))).filter(|(_, days)| *days > 0);
    days.map(|(slug, days)| (slug.to_owned(), json!({ "at_least_days": days }))).collect()
}
