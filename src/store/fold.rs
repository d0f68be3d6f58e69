//! Questions that the records of an environment answer together. All take the records that count, oldest first.

use jiff::Timestamp;

use crate::model::{AuthorizationBasis, Emergency, RecordedState, Review};

use super::record::Record;
use super::remembered::Remembered;

/// The state that the applies left; `None` when nothing was ever applied.
#[must_use]
pub fn recorded_state(records: &[Record]) -> Option<RecordedState> {
    Remembered::of(records.iter().cloned()).parts().0
}

/// When an apply used the plan file with this nonce, if one did.
#[must_use]
pub fn spent(records: &[Record], nonce: &str) -> Option<Timestamp> {
    records.iter().find_map(|record| match record {
        Record::Begun { at, nonce: used, .. } if used == nonce => Some(*at),
        _ => None,
    })
}

/// When an apply of the plan with this id (hex SHA-256) last began. Approvals from before that are used up.
#[must_use]
pub fn last_begun(records: &[Record], plan: &str) -> Option<Timestamp> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, plan: id, .. } if id == plan => Some(*at),
        _ => None,
    });
    begun.max()
}

/// The digests (hex SHA-256) of all signed statements on which applies relied, each with the time at which the apply began.
#[must_use]
pub fn relied_on(records: &[Record]) -> Vec<(String, Timestamp)> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, basis: Some(AuthorizationBasis::Approved { statements, .. }), .. } => Some((at, statements)),
        _ => None,
    });
    begun.flat_map(|(at, statements)| statements.iter().map(|digest| (digest.clone(), *at))).collect()
}

/// Every recorded emergency override, oldest first, with its review if there is one.
#[must_use]
pub fn emergencies(records: &[Record]) -> Vec<(&Emergency, Option<&Review>)> {
    let review = |id: &str| {
        records.iter().find_map(|record| match record {
            Record::Reviewed(review) if review.emergency == id => Some(review),
            _ => None,
        })
    };
    let found =
        records.iter().filter_map(|record| if let Record::Emergency(emergency) = record { Some(emergency) } else { None });
    found.map(|emergency| (emergency, review(&emergency.id))).collect()
}

/// The emergency overrides without a review. `status` shows them until a second person has reviewed them.
#[must_use]
pub fn open_emergencies(records: &[Record]) -> Vec<&Emergency> {
    emergencies(records).into_iter().filter(|(_, review)| review.is_none()).map(|(emergency, _)| emergency).collect()
}
