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

/// `3h 12m`, `2d 4h`, `45s`: the two largest units, rounded up so that a wait is never announced too short.
pub fn lasting(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let two = |large: i64, a: &str, small: i64, b: &str| {
        if small == 0 { format!("{large}{a}") } else { format!("{large}{a} {small}{b}") }
    };
    let minutes = (seconds + 59) / 60;
    match (seconds, minutes) {
        (..60, _) => format!("{seconds}s"),
        (_, ..60) => format!("{minutes}m"),
        (_, ..1440) => two(minutes / 60, "h", minutes % 60, "m"),
        _ => {
            let hours = (minutes + 59) / 60;
            two(hours / 24, "d", hours % 24, "h")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lasting;

    #[test]
    fn a_wait_is_never_announced_too_short() {
        let said = [0, 59, 60, 61, 3600, 11_521, 86_400, 86_401, 180_000].map(lasting);
        assert_eq!(said, ["0s", "59s", "1m", "2m", "1h", "3h 13m", "1d", "1d 1h", "2d 2h"]);
    }
}
