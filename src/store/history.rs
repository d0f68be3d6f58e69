//! What `govern` needs of the records: which releases the environment had, how they were proven, and what was executed.

use crate::govern::history::{Event, History};
use crate::govern::upstream::Execution;
use crate::model::AuthorizationBasis;

use super::record::{Record, is_done};

/// The events that promotion and status depend on, oldest first.
#[must_use]
pub fn history(records: &[Record]) -> History {
    let events = records.iter().filter_map(|record| match record.clone() {
        // A bootstrap applies neither a release nor the working tree.
        Record::Begun { basis: Some(AuthorizationBasis::Bootstrap), .. } => None,
        Record::Begun { at, plan, caller, release, basis, .. } => {
            let agreed = !matches!(basis, Some(AuthorizationBasis::Emergency { .. }));
            Some(Event::Begun { at, plan, by: caller, release, agreed })
        }
        Record::Proven { at, plan, release, violations } => Some(Event::Proven { at, plan, release, violations }),
        Record::Hold { at, release, by, reason } => Some(Event::Held { at, release, by, reason }),
        Record::HoldLifted { at, release, by, reason } => Some(Event::Lifted { at, release, by, reason }),
        Record::Intent { .. } | Record::Ended { .. } | Record::Baseline { .. } | Record::Emergency(_) | Record::Reviewed(_) => {
            None
        }
    });
    History { events: events.collect() }
}

/// Every step that succeeded, oldest first, for the upstream comparison.
#[must_use]
pub fn executions(records: &[Record]) -> Vec<Execution> {
    let done = records.iter().filter_map(|record| match record {
        Record::Ended { id, operation, outcome, diffs, .. } if is_done(outcome) => {
            Some(Execution { id: id.clone(), operation: *operation, diffs: diffs.clone() })
        }
        _ => None,
    });
    done.collect()
}
