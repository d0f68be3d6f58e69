//! Times and durations as people in Tokyo and Osaka read them. Japan has no summer time, so a fixed offset is enough.

use std::fmt::{self, Display};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

use super::reason::Spoken;
use super::text::Language;

/// A time in a sentence: `2026-11-05 10:32 JST`. In documents it is RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Moment(pub Timestamp);

impl Moment {
    /// The time in Japan, nine hours ahead of UTC.
    #[must_use]
    pub fn in_japan(self) -> jiff::Zoned {
        self.0.to_zoned(TimeZone::fixed(Offset::constant(9)))
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_japan().strftime("%Y-%m-%d %H:%M JST").fmt(f)
    }
}

impl Spoken for Moment {
    fn spoken(&self, _: Language) -> impl Display {
        *self
    }
}

/// A duration in seconds, in a sentence: `3h 12m`, `3 時間 12 分`. A sentence has its two largest units, rounded up, so that a wait
/// is never announced too short. In documents it is the number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Lasting(pub i64);

impl Spoken for Lasting {
    fn spoken(&self, language: Language) -> impl Display {
        let seconds = self.0.max(0);
        let [day, hour, minute, second] = match language {
            Language::En => ["d", "h", "m", "s"],
            Language::Ja => [" 日", " 時間", " 分", " 秒"],
        };
        let two = |large: i64, a: &str, small: i64, b: &str| {
            if small == 0 { format!("{large}{a}") } else { format!("{large}{a} {small}{b}") }
        };
        let minutes = seconds.saturating_add(59) / 60;
        match (seconds, minutes) {
            (..60, _) => format!("{seconds}{second}"),
            (_, ..60) => format!("{minutes}{minute}"),
            (_, ..1440) => two(minutes / 60, hour, minutes % 60, minute),
            _ => {
                let hours = (minutes + 59) / 60;
                two(hours / 24, day, hours % 24, hour)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lasting;
    use crate::model::Language;
    use crate::model::reason::Spoken;

    #[test]
    fn a_wait_is_never_announced_too_short() {
        let said = |language| {
            [0, 59, 60, 61, 3600, 11_521, 86_400, 86_401, 180_000].map(|seconds| Lasting(seconds).spoken(language).to_string())
        };
        assert_eq!(said(Language::En), ["0s", "59s", "1m", "2m", "1h", "3h 13m", "1d", "1d 1h", "2d 2h"]);
        assert_eq!(
            said(Language::Ja),
            ["0 秒", "59 秒", "1 分", "2 分", "1 時間", "3 時間 13 分", "1 日", "1 日 1 時間", "2 日 2 時間"]
        );
    }
}
