//! Times as people in Tokyo and Osaka read them. Japan has no summer time, so an offset is enough.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// `2026-11-05 10:32 JST`. A text that is not a time is shown as it is: hiding it would hide a broken record.
pub fn jst(rfc3339: &str) -> String {
    rfc3339.parse::<Timestamp>().map_or_else(
        |_| rfc3339.to_owned(),
        |at| at.to_zoned(TimeZone::fixed(Offset::constant(9))).strftime("%Y-%m-%d %H:%M JST").to_string(),
    )
}

/// `mm:ss`; minutes go on above 99.
pub fn elapsed(seconds: u64) -> String {
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
