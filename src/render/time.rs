//! Times as pages show them.

use jiff::Timestamp;

use crate::model::Language;
use crate::model::moment::{Lasting, Moment};
use crate::model::reason::Spoken as _;

/// `2026-11-05 10:32 JST`. A text that is no time is shown as it is: hiding it would hide a broken record.
pub fn jst(rfc3339: &str) -> String {
    rfc3339.parse().map_or_else(|_| rfc3339.to_owned(), |at| Moment(at).to_string())
}

/// `2026-11-05 (木) 10:32 JST`: people plan by the day of the week.
pub fn long(rfc3339: &str, language: Language) -> String {
    let Some(at) = in_japan(rfc3339) else { return rfc3339.to_owned() };
    let day = match language {
        Language::En => at.strftime("%a").to_string(),
        Language::Ja => {
            let index = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or_default();
            ["月", "火", "水", "木", "金", "土", "日"][index].to_owned()
        }
    };
    format!("{} ({day}) {}", at.strftime("%Y-%m-%d"), at.strftime("%H:%M JST"))
}

/// For machines: UTC. `None` when it is no time.
pub fn utc(rfc3339: &str) -> Option<String> {
    rfc3339.parse::<Timestamp>().ok().map(|at| at.to_string())
}

fn in_japan(rfc3339: &str) -> Option<jiff::Zoned> {
    rfc3339.parse::<Timestamp>().ok().map(|at| Moment(at).in_japan())
}

/// `mm:ss`; minutes go on above 99.
pub fn elapsed(seconds: u64) -> String {
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// `3h 12m`, `3 時間 12 分`, rounded up.
pub fn lasting(seconds: i64, language: Language) -> String {
    Lasting(seconds).spoken(language).to_string()
}
