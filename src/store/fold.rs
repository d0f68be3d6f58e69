//! What the records of an environment say together.

use jiff::Timestamp;

use crate::model::{AuthorizationBasis, Emergency, RecordedState, Review};

use super::record::Record;
use super::remembered::Remembered;

/// What the records add up to; `None` when nothing was ever applied.
#[must_use]
pub fn recorded_state(records: &[Record]) -> Option<RecordedState> {
    Remembered::of(records.iter().cloned()).parts().0
}

/// When this nonce was used, if it was.
#[must_use]
pub fn spent(records: &[Record], nonce: &str) -> Option<Timestamp> {
    records.iter().find_map(|record| match record {
        Record::Begun { at, nonce: used, .. } if used == nonce => Some(*at),
        _ => None,
    })
}

/// When an apply of a plan with this id last began: approvals given before are used up.
#[must_use]
pub fn last_begun(records: &[Record], plan: &str) -> Option<Timestamp> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, plan: id, .. } if id == plan => Some(*at),
        _ => None,
    });
    begun.max()
}

/// The digests of all signed statements that an apply relied on, and when it began.
#[must_use]
pub fn relied_on(records: &[Record]) -> Vec<(String, Timestamp)> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, basis: Some(AuthorizationBasis::Approved { statements, .. }), .. } => Some((at, statements)),
        _ => None,
    });
    begun.flat_map(|(at, statements)| statements.iter().map(|digest| (digest.clone(), *at))).collect()
}

/// Every recorded emergency, oldest first, with its review if there was one.
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

/// Those that nobody has reviewed: `status` shows them until somebody has.
#[must_use]
pub fn open_emergencies(records: &[Record]) -> Vec<&Emergency> {
    emergencies(records).into_iter().filter(|(_, review)| review.is_none()).map(|(emergency, _)| emergency).collect()
}
