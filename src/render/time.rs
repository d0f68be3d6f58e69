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
