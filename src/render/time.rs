//! Times as people in Tokyo and Osaka read them. Japan has no summer time, so an offset is enough.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::model::Language;

/// `2026-11-05 10:32 JST`. A text that is not a time is shown as it is: hiding it would hide a broken record.
pub fn jst(rfc3339: &str) -> String {
    in_japan(rfc3339).map_or_else(|| rfc3339.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M JST").to_string())
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
    rfc3339.parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::fixed(Offset::constant(9))))
}

/// `mm:ss`; minutes go on above 99.
pub fn elapsed(seconds: u64) -> String {
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
