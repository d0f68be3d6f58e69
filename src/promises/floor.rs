//! The numbers and names of the white paper, as constants. `policies/promises.yaml` may promise more, never less.

use super::promise::Promise;
use super::slug;

pub(super) const AT_LEAST: &str = "at_least";

/// How the paper bounds a parameter of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// So many days or more; a file writes `35d`.
    AtLeastDays(i64),
    /// From 0 to so many; a file writes `1`.
    AtMost(i64),
    /// This text and no other.
    Exactly(&'static str),
}

/// One number or name that the paper states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// The promise's slug.
    pub slug: &'static str,
    /// The clause of the paper that states it, such as `12`.
    pub clause: &'static str,
    /// The parameter in `policies/promises.yaml`, such as `at_least`.
    pub parameter: &'static str,
    /// What the paper states.
    pub bound: Bound,
}

const fn floor(slug: &'static str, clause: &'static str, parameter: &'static str, bound: Bound) -> Floor {
    Floor { slug, clause, parameter, bound }
}

/// Every number and name that the paper states, in the order of its clauses.
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

/// Days for which access logs are kept: at least 12 months, even across 29 February, in a number that AWS accepts (clause 25).
pub const LOG_DAYS: i64 = 400;

/// Days that a copy may need from Tokyo to Osaka. AWS counts the copy's age from the backup in Tokyo (clause 12).
pub const ARRIVAL_DAYS: i64 = 1;

/// Days of notice before a change that customers can notice (clause 10).
pub const NOTICE_DAYS: i64 = 7;

/// A parameter with which a file promises less than the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// What the paper states.
    pub floor: Floor,
    /// The value as the file writes it; `None` when the parameter is missing.
    pub written: Option<String>,
    /// What the file should say, for a message: `` `35d` or more ``.
    pub right: String,
}

/// Every parameter in which `promise` promises less than the paper.
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

/// The days that a text such as `35d` states.
pub(crate) fn days(text: &str) -> Option<i64> {
    text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// The days that the paper states for a promise's `at_least`; 0 when it states none.
pub(super) fn days_of_paper(slug: &str) -> i64 {
    let bound = FLOORS.iter().find(|floor| floor.slug == slug && floor.parameter == AT_LEAST).map(|floor| floor.bound);
    if let Some(Bound::AtLeastDays(days)) = bound { days } else { 0 }
}
