//! What the paper says, as constants: `policies/promises.yaml` may promise more, never less.

use super::promise::Promise;
use super::slug;

pub(super) const AT_LEAST: &str = "at_least";

/// How a parameter of a promise is bound by the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Days, as `35d`.
    AtLeastDays(i64),
    /// A count, as `1`.
    AtMost(i64),
    Exactly(&'static str),
}

/// One number or name that the paper states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    pub slug: &'static str,
    pub clause: &'static str,
    pub parameter: &'static str,
    pub bound: Bound,
}

const fn floor(slug: &'static str, clause: &'static str, parameter: &'static str, bound: Bound) -> Floor {
    Floor { slug, clause, parameter, bound }
}

pub const FLOORS: &[Floor] = &[
    floor(slug::DATA_RESIDENCY, "2", "primary", Bound::Exactly("ap-northeast-1")),
    floor(slug::DATA_RESIDENCY, "2", "recovery", Bound::Exactly("ap-northeast-3")),
    floor(slug::CHANGE_NOTICE, "10", AT_LEAST, Bound::AtLeastDays(NOTICE_DAYS)),
    floor(slug::POINT_IN_TIME_RECOVERY, "12", AT_LEAST, Bound::AtLeastDays(35)),
    floor(slug::RECOVERY_COPIES, "12", AT_LEAST, Bound::AtLeastDays(7)),
    floor(slug::CLOCK, "14", "source", Bound::Exactly("amazon-time-sync")),
    floor(slug::CLOCK, "14", "zone", Bound::Exactly("UTC")),
    floor(slug::THREE_ENVIRONMENTS, "18", "environments", Bound::Exactly("dev, staging, production")),
    floor(slug::INCIDENT_NOTICE, "20", "business_days", Bound::AtMost(1)),
    floor(slug::ACCESS_LOGS, "25", AT_LEAST, Bound::AtLeastDays(LOG_DAYS)),
];

/// 12 months of access logs, even across 29 February, in a number that AWS accepts (clause 25).
pub const LOG_DAYS: i64 = 400;

/// Days that a copy may need from Tokyo to Osaka: AWS counts its age from the backup in Tokyo (clause 12).
pub const ARRIVAL_DAYS: i64 = 1;

/// Notice before a change that customers can feel (clause 10).
pub const NOTICE_DAYS: i64 = 7;

/// A parameter that says less than the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    pub floor: Floor,
    /// As written; `None` when the parameter is missing.
    pub written: Option<String>,
    /// What would be right.
    pub right: String,
}

/// Everything in which `promise` says less than the paper.
#[must_use]
pub fn below_floor(promise: &Promise) -> Vec<Shortfall> {
    FLOORS.iter().filter(|floor| floor.slug == promise.id).filter_map(|floor| shortfall(promise, *floor)).collect()
}

fn shortfall(promise: &Promise, floor: Floor) -> Option<Shortfall> {
    let written = promise.parameters.get(floor.parameter);
    let (kept, right) = match floor.bound {
        Bound::AtLeastDays(least) => {
            (written.and_then(|text| days(text)).is_some_and(|days| days >= least), format!("`{least}d` or more"))
        }
        Bound::AtMost(most) => {
            let count = written.and_then(|text| text.parse::<i64>().ok());
            (count.is_some_and(|count| (0..=most).contains(&count)), format!("`{most}` or less"))
        }
        Bound::Exactly(text) => (written.is_some_and(|written| written == text), format!("`{text}`")),
    };
    (!kept).then(|| Shortfall { floor, written: written.cloned(), right })
}

pub(crate) fn days(text: &str) -> Option<i64> {
    text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

pub(super) fn days_of_paper(slug: &str) -> i64 {
    let bound = FLOORS.iter().find(|floor| floor.slug == slug && floor.parameter == AT_LEAST).map(|floor| floor.bound);
    if let Some(Bound::AtLeastDays(days)) = bound { days } else { 0 }
}
