//! Reads the live world.
//!
//! In: a world, and the desired and recorded state (which say what is ours, and what an audit has to ask for).
//! Out: the [`ObservedState`], with every failed read; on request the evidence of an audit, and the record of what was read.
//!
//! Imports: `plan` (`plan::classify` sorts the listings), `promises` (which facts they need), `world`, `kinds`.
//! Must not import: `store`, `apply`, or anything below in `lib.rs`.
//!
//! Guarantees: it never changes anything; all reads start at once, and each world bounds its calls; a failed read stands in the
//! state as failed, never guessed.

mod records;

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use crate::kinds::{self, Kind, kms_key};
use crate::model::observed::{CallRecord, Evidence, FactReading, Listing, ObservedState};
use crate::model::{
    Attributes, DesiredState, Live, OfferQuestion, Offered, RecordedState, Region, ResourceId, Schemas, Unread, Unreadable,
};
use crate::plan::{Listed, classify, compare};
use crate::promises::judge::CHECKS;
use crate::world::{ErrorClass, ProviderError, World};

pub use records::read_records;

/// One listing, or what was made of it. `None`: this world has no such kind.
struct Answer<T> {
    kind: &'static str,
    region: Region,
    at: String,
    listing: Option<Result<T, ProviderError>>,
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What a plan needs.
    Plan,
    /// The kinds that only an audit lists as well.
    Audit,
}

/// Reads every kind of this depth in every region it lives in, and sorts the answers.
pub async fn observe(
    world: &dyn World,
    desired: &DesiredState,
    recorded: Option<&RecordedState>,
    schemas: &Schemas,
    depth: Depth,
) -> ObservedState {
    let listed = |kind: &Kind, listing| Listed::of(desired, kind.schema, listing);
    let answers = ask(world, depth, listed).await.into_iter().map(|Answer { kind, region, at, listing }| {
        let listing = match listing {
            Some(listing) => listing.map_err(|error| error.unreadable(kind, region, None, None)),
            None => Err(missing_driver(kind, region)),
        };
        (CallRecord { kind: kind.to_owned(), region, at }, listing)
    });
    let mut state = classify(desired, recorded, schemas, answers.collect());
    let untold: Vec<Unreadable> =
        desired.resources.iter().filter_map(|(id, resource)| untold(id, state.owned.get(id)?, &resource.attributes)).collect();
    state.unreadable.extend(untold);
    state.unreadable.sort();
    state
}

/// The declared attributes of our resource that the listing should have told, as a failed read.
fn untold(id: &ResourceId, live: &Live, declared: &Attributes) -> Option<Unreadable> {
    if live.attributes.is_whole() {
        return None;
    }
    let kind = kinds::find(&id.kind)?;
    let unread = compare::untold(kind.schema, live, declared);
    let failed = unread.iter().find_map(|(name, why)| match why {
        Unread::Failed(error) => Some(format!("{name}: {error}")),
        Unread::NotAsked => None,
    });
    let names = || unread.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    (!unread.is_empty()).then(|| Unreadable {
        kind: id.kind.to_string(),
        region: id.region,
        physical: Some(live.physical.to_string()),
        id: Some(id.clone()),
        operation: kind.calls.look.to_owned(),
        error: failed.unwrap_or_else(|| format!("the answer has no {}", names())),
        unanswered: None,
        told: String::new(),
    })
}

/// The facts that promises need besides settings, of everything that was listed.
pub async fn evidence(world: &dyn World, observed: &ObservedState) -> Evidence {
    let asked: BTreeSet<(&str, Region)> = CHECKS.iter().flat_map(|check| check.facts.iter().copied()).collect();
    let answers = asked.into_iter().map(|(kind, region)| async move {
        let owned = observed.owned.iter().filter(|(id, _)| id.kind == kind && id.region == region).map(|(_, live)| live);
        let others = observed.others.iter().filter(|other| other.kind == kind && other.region == region);
        // Of keys that are not ours only those are asked that encrypt something.
        let named = if kind == kms_key::NAME { Some(named(observed, kind)) } else { None };
        let asked =
            |live: &Live| named.as_ref().is_none_or(|named| live.outputs.values().any(|own| named.contains(own.as_str())));
        let others = others.filter(|other| asked(&other.live));
        let live: Vec<Live> = owned.chain(others.map(|other| &other.live)).cloned().collect();
        let told = match world.driver(kind, region) {
            Some(driver) if !live.is_empty() => driver.facts(&live).await,
            _ => return None,
        };
        Some((kind, region, world.clock().now().to_string(), told))
    });
    let mut found = Evidence::default();
    for (kind, region, at, told) in join_all(answers).await.into_iter().flatten() {
        found.reads.push(CallRecord { kind: kind.to_owned(), region, at: at.clone() });
        match told {
            Err(error) => found.unreadable.push(error.unreadable(kind, region, None, None)),
            Ok(told) => found.facts.extend(told.into_iter().map(|told| FactReading {
                kind: kind.to_owned(),
                region,
                physical: told.physical,
                name: told.name,
                value: told.value,
                source: told.operation,
                at: at.clone(),
            })),
        }
    }
    found.facts.sort();
    found
}

/// What AWS offers to each question. A failed call is an answer that is not known.
pub async fn offers(world: &dyn World, questions: BTreeSet<OfferQuestion>) -> BTreeMap<OfferQuestion, Offered> {
    let answers = questions.into_iter().map(|question| async move {
        let answer = match world.driver(question.kind, question.region) {
            Some(driver) => driver.offers(&question.asked).await,
            None => Ok(None),
        };
        let answer = match answer {
            Ok(Some(offers)) => Offered::These(offers),
            Ok(None) => Offered::Nothing,
            Err(error) => {
                let failed = error.unreadable(question.kind, question.region, None, None);
                Offered::Failed { operation: failed.operation, error: failed.error }
            }
        };
        (question, answer)
    });
    join_all(answers).await.into_iter().collect()
}

/// The identifiers of objects of this kind that other objects name.
fn named<'a>(observed: &'a ObservedState, kind: &str) -> BTreeSet<&'a str> {
    let owned = observed.owned.iter().map(|(id, live)| (id.kind.as_str(), live));
    let all = owned.chain(observed.others.iter().map(|other| (other.kind.as_str(), &other.live)));
    let names = all.filter_map(|(of, live)| Some((kinds::find(of)?.schema, live))).flat_map(|(schema, live)| {
        let rows = schema.attributes.iter().filter(|row| row.refers_to.iter().any(|(target, _)| *target == kind));
        rows.filter_map(|row| live.attributes.reading(row.name).asked().ok()??.as_text())
    });
    names.collect()
}

/// The same reads with their errors as they are, for `doctor`, which judges the reads and not the resources.
pub async fn listings(world: &dyn World) -> Vec<(&'static str, Region, Result<Listing, ProviderError>)> {
    let unknown = |kind| Err(ProviderError::new(ErrorClass::Internal, "list", kind, "this world has no such kind"));
    let answers = ask(world, Depth::Audit, |_, listing| listing).await.into_iter();
    answers.map(|answer| (answer.kind, answer.region, answer.listing.unwrap_or_else(|| unknown(answer.kind)))).collect()
}

/// Lists all kinds. `make`: what to make of a listing as soon as it is there.
async fn ask<T>(world: &dyn World, depth: Depth, make: impl Fn(&Kind, Listing) -> T) -> Vec<Answer<T>> {
    let asked = kinds::ALL.into_iter().filter(|kind| depth == Depth::Audit || !kind.audit_only);
    let questions = asked.flat_map(|kind| kind.regions.iter().map(move |region| (kind, *region)));
    let make = &make;
    // Answers arrive in any order; the state is built in a fixed one.
    join_all(questions.map(|(kind, region)| async move {
        let listing = match world.driver(kind.schema.kind, region) {
            Some(driver) => Some(driver.list().await),
            None => None,
        };
        let at = world.clock().now().to_string();
        let listing = listing.map(|listing| listing.map(|listing| make(kind, listing)));
        Answer { kind: kind.schema.kind, region, at, listing }
    }))
    .await
}

fn missing_driver(kind: &str, region: Region) -> Unreadable {
    Unreadable {
        kind: kind.to_owned(),
        region,
        physical: None,
        id: None,
        operation: "list".to_owned(),
        error: "this world has no such kind".to_owned(),
        unanswered: None,
        told: String::new(),
    }
}
