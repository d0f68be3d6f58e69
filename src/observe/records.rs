//! The record of a look, for the report of an audit: every read with its time, its calls and what failed.

use crate::kinds::{self, Kind};
use crate::model::audit::{FailedObject, ReadRecord};
use crate::model::{CallRecord, Evidence, ObservedState, Unreadable};

/// Every listing, and every read of facts that gave a fact or failed.
#[must_use]
pub fn read_records(observed: &ObservedState) -> Vec<ReadRecord> {
    let listings = observed.reads.iter().map(|read| listing(read, &observed.unreadable));
    let facts = observed.evidence.iter().flat_map(|evidence| evidence.reads.iter().filter_map(|read| facts(read, evidence)));
    listings.chain(facts).collect()
}

fn listing(read: &CallRecord, unreadable: &[Unreadable]) -> ReadRecord {
    let calls = kinds::find(&read.kind).map(Kind::reads).unwrap_or_default();
    // A create whose end is indeterminate is no failed read.
    let failed = || unreadable.iter().filter(|failed| is_of(failed, read) && failed.unanswered.is_none());
    let object = |failed: &Unreadable| {
        let id = || failed.id.as_ref().map(ToString::to_string);
        let object = failed.physical.clone().or_else(id)?;
        Some(FailedObject { object, call: failed.operation.clone(), error: failed.in_full().to_owned() })
    };
    ReadRecord {
        source: read.listing(),
        at: read.at.clone(),
        calls: calls.into_iter().filter(|call| kinds::facts::of_listings(call)).map(str::to_owned).collect(),
        error: failed().find(|failed| object(failed).is_none()).map(|failed| failed.in_full().to_owned()),
        failed: failed().filter_map(object).collect(),
    }
}

/// `None` for a read that was answered and gave no fact.
fn facts(read: &CallRecord, evidence: &Evidence) -> Option<ReadRecord> {
    let failed = evidence.unreadable.iter().find(|failed| is_of(failed, read));
    let mut calls: Vec<String> = Vec::new();
    let given = evidence.facts.iter().filter(|fact| fact.kind == read.kind && fact.region == read.region);
    for call in given.map(|fact| &fact.source).chain(failed.map(|failed| &failed.operation)) {
        if !calls.contains(call) {
            calls.push(call.clone());
        }
    }
    let error = failed.map(|failed| failed.in_full().to_owned());
    (!calls.is_empty()).then(|| ReadRecord { source: read.facts(), at: read.at.clone(), calls, error, failed: Vec::new() })
}

fn is_of(failed: &Unreadable, read: &CallRecord) -> bool {
    failed.kind == read.kind && failed.region == read.region
}
