//! Stores of data that are no kind of their own, and whatever holds data in another region. An audit lists them.

use jiff::tz::TimeZone;

use super::parts::{Refused, SharedWith};
use super::population::{Judged, Population};
use super::subject::{Subject, each};
use super::view::{Found, Member, Seen, View, source};
use super::{Asked, VerdictReason};
use crate::kinds::data_store::{self, AUTOMATED_BACKUP, CLUSTER_BACKUP};
use crate::kinds::{db_cluster, db_instance};
use crate::model::{
    CLOSED_REGIONS, Closed, ClosedBy, Examined, Exception, Explanation, Fact, Name, Region, Standing, UnknownCause, Value,
    VerdictState,
};

/// Judges where stores are, and who else may copy what is in them.
pub(super) fn residency(view: &View<'_>, population: &mut Population) {
    each(view, view.all(data_store::NAME), population, |subject| {
        let Some(store) = subject.note(data_store::at::store).cloned() else { return };
        let Some(elsewhere) = subject.value(data_store::at::region) else { return };
        let place = elsewhere.as_text().unwrap_or_else(|| subject.member.region.code()).to_owned();
        subject.fact("region", &place);
        if Region::from_code(&place).is_none_or(|region| region == Region::Global) {
            subject.broken(VerdictReason::StoredElsewhere { store: store.clone(), place });
        }
        let shared = subject.note(data_store::at::shared_with).and_then(Value::as_list).unwrap_or_default();
        if !shared.is_empty() {
            let with = shared.iter().filter_map(Value::as_text).map(str::to_owned).collect();
            subject.broken(VerdictReason::SharedWith { with: SharedWith(with) });
        }
    });
    closed(view, population);
}

/// Judges whether the data in them can be read without a key.
pub(super) fn at_rest(view: &View<'_>, population: &mut Population) {
    let own = view.all(data_store::NAME).filter(|seen| !matches!(seen, Seen::Here(store) if backs_up_a_member(view, store)));
    each(view, own, population, |subject: &mut Subject<'_, '_>| match subject.value(data_store::at::encrypted) {
        Some(Value::Null) => subject.unknown(UnknownCause::NotUnderstood, VerdictReason::EncryptionNotSaid),
        _ => subject.require(data_store::at::encrypted, |value| *value == Value::Bool(true), Asked::StoreReadable),
    });
}

/// Whether it is the automated backup of a database or cluster that is listed, or that a failed read may hide: it is encrypted as
/// that is, which is a member.
fn backs_up_a_member<'a>(view: &View<'a>, store: &Member<'a>) -> bool {
    let read = |attribute: Name| view.read(store, attribute).ok();
    let kind = match read(data_store::at::store.name()).and_then(Value::as_text) {
        Some(AUTOMATED_BACKUP) => db_instance::NAME,
        Some(CLUSTER_BACKUP) => db_cluster::NAME,
        _ => return false,
    };
    let source = read(data_store::at::source.name());
    source.is_some_and(|source| !matches!(view.follow(source, kind, store.region), Found::Nowhere))
}

/// The regions in which nobody may look: one member for each thing that closes them, and one for those that are accepted.
fn closed(view: &View<'_>, population: &mut Population) {
    for by in [ClosedBy::Organisation, ClosedBy::Account] {
        let here = view.input.observed.closed.iter().filter(|closed| closed.by == by);
        let (accepted, open): (Vec<&Closed>, Vec<&Closed>) = here.partition(|closed| acceptance(view, closed).is_some());
        if !open.is_empty() {
            let caller = open.iter().find_map(|closed| closed.caller.clone());
            let reason = match by {
                ClosedBy::Organisation => VerdictReason::RegionsDenied { caller: Refused(caller) },
                ClosedBy::Account => VerdictReason::RegionsNotEnabled,
            };
            population.push(examined(view, &open, Judged::unknown(UnknownCause::Closed), &reason));
        }
        for exception in &view.input.desired.exceptions {
            let named = |closed: &&Closed| acceptance(view, closed) == Some(exception);
            let covered: Vec<&Closed> = accepted.iter().copied().filter(named).collect();
            if !covered.is_empty() {
                let Exception { reason, owner, until, .. } = exception.clone();
                let reason = VerdictReason::RegionsAccepted { reason, owner, until: until.to_string() };
                population.push(examined(view, &covered, VerdictState::NotApplicable.into(), &reason));
            }
        }
    }
}

/// The exception that accepts it today. Days are those of Japan, as in the files.
fn acceptance<'a>(view: &View<'a>, closed: &Closed) -> Option<&'a Exception> {
    let today = view.input.now?.to_zoned(TimeZone::fixed(jiff::tz::offset(9))).date();
    let covers = |exception: &&Exception| exception.what == CLOSED_REGIONS || exception.what == closed.region;
    view.input.desired.exceptions.iter().filter(|exception| today <= exception.until).find(covers)
}

fn examined(view: &View<'_>, regions: &[&Closed], judged: Judged, reason: &VerdictReason) -> Examined {
    let names = regions.iter().map(|closed| closed.region.as_str()).collect::<Vec<_>>().join(", ");
    let mut refused: Vec<&str> = regions.iter().flat_map(|closed| &closed.refused).map(String::as_str).collect();
    refused.sort_unstable();
    refused.dedup();
    let fact = |name: &str, value: String| Fact {
        name: name.to_owned(),
        value: value.into(),
        source: source(data_store::NAME, Region::Global),
        at: view.at(data_store::NAME, Region::Global).map(str::to_owned),
    };
    let denied = (!refused.is_empty()).then(|| fact("denied", refused.join(", ")));
    Examined {
        subject: format!("region {names}"),
        kind: "region".to_owned(),
        standing: Standing::Unread,
        state: judged.state,
        unknown: judged.unknown,
        beside: true,
        level: None,
        reason: Some(Explanation::of(reason)),
        facts: denied.into_iter().collect(),
    }
}
