//! The numbers that hold in one environment: those of the file, lowered by a divergence in dev or staging. Imports `promises`.

use crate::model::{Environment, Source};
use crate::promises::slug;

use super::decode::Spanned;
use super::scalars::Days;
use super::spec::{DivergenceSpec, Protection};

/// Promises that a divergence can lower. The others have no number to lower.
pub const LOWERABLE: [&str; 2] = [slug::POINT_IN_TIME_RECOVERY, slug::RECOVERY_COPIES];

/// A number and the place that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub days: i64,
    pub source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub point_in_time_recovery: Decided,
    /// Without the margin for arrival.
    pub recovery_copies: Decided,
}

pub fn effective(environment: Environment, protection: &Protection, divergences: &[Spanned<DivergenceSpec>]) -> Effective {
    let decide = |slug: &str, written: &Spanned<Days>| {
        let lowered =
            divergences.iter().find(|divergence| environment != Environment::Production && divergence.promise.as_str() == slug);
        let value = lowered.map_or(written, |divergence| &divergence.value.value);
        Decided { days: value.0, source: value.source.clone() }
    };
    Effective {
        point_in_time_recovery: decide(slug::POINT_IN_TIME_RECOVERY, &protection.point_in_time_recovery),
        recovery_copies: decide(slug::RECOVERY_COPIES, &protection.recovery_copies.keep),
    }
}
