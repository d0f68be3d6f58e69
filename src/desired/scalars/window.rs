//! Times of day and windows, in Tokyo time or UTC. RDS takes windows in UTC only. Imports `model`.

use std::fmt;

use schemars::{Schema, json_schema};

use crate::desired::said::{Right, ValueFault};
use crate::model::Explained;
use crate::yaml::shown;

use super::{BadScalar, Scalar, scalar};

const DAY: i32 = 24 * 60;
const WEEK: i32 = 7 * DAY;
/// RDS refuses shorter windows.
const SHORTEST: i32 = 30;
/// Minutes before a window of RDS in which AWS Backup may already fail to take a snapshot. Reported by users of AWS; its guide
/// gives the hour (field notes 20).
const BEFORE: i32 = 60;
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Neither zone has summer time, so a window is the same all year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Tokyo,
    Utc,
}

impl Zone {
    fn read(text: &str) -> Option<Self> {
        match text {
            "Asia/Tokyo" => Some(Self::Tokyo),
            "UTC" => Some(Self::Utc),
            _ => None,
        }
    }

    /// Minutes to add for UTC.
    const fn to_utc(self) -> i32 {
        match self {
            Self::Tokyo => -9 * 60,
            Self::Utc => 0,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Tokyo => "Asia/Tokyo",
            Self::Utc => "UTC",
        }
    }
}

/// Minutes since midnight of `05:00`.
fn clock(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn hhmm(minutes: i32) -> String {
    let minutes = minutes.rem_euclid(DAY);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Start and length in minutes of `05:00-05:30`. A window may pass midnight.
fn span(text: &str) -> Option<(i32, i32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (clock(start)?, clock(end)?);
    Some((start, (end - start).rem_euclid(DAY)))
}

fn too_short(text: &str, length: i32) -> BadScalar {
    BadScalar::new("window-too-short", ValueFault::WindowTooShort { text: shown(text), length: length.into() })
        .expected(Right::Minutes { least: SHORTEST.into() })
}

/// A time of day, such as `03:00 Asia/Tokyo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    minutes: i32,
    zone: Zone,
}

impl TimeOfDay {
    /// An AWS cron expression that fires daily at this time, in [`Self::zone`].
    #[must_use]
    pub fn cron(self) -> String {
        format!("cron({} {} ? * * *)", self.minutes % 60, self.minutes / 60)
    }

    /// The IANA name of the zone.
    #[must_use]
    pub const fn zone(self) -> &'static str {
        self.zone.name()
    }

    fn utc(self) -> i32 {
        (self.minutes + self.zone.to_utc()).rem_euclid(DAY)
    }

    /// Whether a daily job that begins at this time, or up to `late` minutes after it, can begin in a window or in the hour
    /// before it. `start` is in minutes of UTC, of any day: as the job comes every day, it meets a weekly window on that
    /// window's day.
    fn meets(self, late: i32, start: i32, length: i32) -> bool {
        let since = (self.utc() - (start - BEFORE)).rem_euclid(DAY);
        since < length + BEFORE || since + late > DAY
    }

    /// The earliest start of a window that a daily job, which begins at this time or up to `late` minutes after it, leaves
    /// alone. Such a window ends at this time or before it.
    #[must_use]
    pub fn next_window(self, late: i32) -> Self {
        Self { minutes: (self.minutes + late + BEFORE).rem_euclid(DAY), zone: self.zone }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", hhmm(self.minutes), self.zone.name())
    }
}

impl Scalar for TimeOfDay {
    const EXPECTED: Explained = Explained::new(
        "a time of day with its zone, Asia/Tokyo or UTC: \"03:00 Asia/Tokyo\"",
        "タイムゾーン（Asia/Tokyo または UTC）を付けた時刻: \"03:00 Asia/Tokyo\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let parts: Vec<_> = text.split(' ').collect();
        let time = if let [time, zone] = parts[..] { clock(time).zip(Zone::read(zone)) } else { None };
        time.map(|(minutes, zone)| Self { minutes, zone })
            .ok_or_else(|| BadScalar::new("bad-time", ValueFault::is_not(shown(text), "a time of day", "時刻")))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9] (Asia/Tokyo|UTC)$" })
    }
}

/// A window of every day, such as `02:00-02:30 Asia/Tokyo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyWindow {
    start: i32,
    length: i32,
    zone: Zone,
}

impl DailyWindow {
    /// As RDS writes it: `17:00-17:30`.
    #[must_use]
    pub fn utc(self) -> String {
        let start = self.start + self.zone.to_utc();
        format!("{}-{}", hhmm(start), hhmm(start + self.length))
    }

    /// Whether AWS Backup can begin a job in the window or in the hour before it: a daily job that begins at this time, or up to
    /// `late` minutes after it.
    #[must_use]
    pub fn is_near(self, job: TimeOfDay, late: i32) -> bool {
        job.meets(late, self.start + self.zone.to_utc(), self.length)
    }
}

impl Scalar for DailyWindow {
    const EXPECTED: Explained = Explained::new(
        "a daily window with its zone, Asia/Tokyo or UTC: \"02:00-02:30 Asia/Tokyo\"",
        "タイムゾーン（Asia/Tokyo または UTC）を付けた毎日の時間帯: \"02:00-02:30 Asia/Tokyo\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let parts: Vec<_> = text.split(' ').collect();
        let window = if let [hours, zone] = parts[..] { span(hours).zip(Zone::read(zone)) } else { None };
        match window {
            Some(((_, length), _)) if length < SHORTEST => Err(too_short(text, length)),
            Some(((start, length), zone)) => Ok(Self { start, length, zone }),
            None => Err(BadScalar::new("bad-window", ValueFault::is_not(shown(text), "a daily window", "毎日の時間帯"))),
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9] (Asia/Tokyo|UTC)$" })
    }
}

/// A window of one day of the week, such as `Sun 05:00-05:30 Asia/Tokyo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyWindow {
    /// Minutes since Sunday 00:00 in `zone`.
    start: i32,
    length: i32,
    zone: Zone,
}

impl WeeklyWindow {
    /// As RDS writes it: `sat:20:00-sat:20:30`.
    #[must_use]
    pub fn utc(self) -> String {
        let start = self.start + self.zone.to_utc();
        format!("{}-{}", weekday_time(start), weekday_time(start + self.length))
    }

    #[must_use]
    pub fn overlaps(self, daily: DailyWindow) -> bool {
        let gap = (daily.start + daily.zone.to_utc() - self.start - self.zone.to_utc()).rem_euclid(DAY);
        gap < self.length || gap + daily.length > DAY
    }

    /// As [`DailyWindow::is_near`], on the window's day.
    #[must_use]
    pub fn is_near(self, job: TimeOfDay, late: i32) -> bool {
        job.meets(late, self.start + self.zone.to_utc(), self.length)
    }
}

fn weekday_time(minutes: i32) -> String {
    let minutes = minutes.rem_euclid(WEEK);
    let day = usize::try_from(minutes / DAY).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"sun");
    format!("{day}:{}", hhmm(minutes))
}

impl fmt::Display for WeeklyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = weekday_time(self.start);
        let (day, start) = start.split_once(':').unwrap_or(("", &start));
        let mut letters = day.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase()).unwrap_or_default();
        write!(f, "{first}{} {start}-{} {}", letters.as_str(), hhmm(self.start + self.length), self.zone.name())
    }
}

impl Scalar for WeeklyWindow {
    const EXPECTED: Explained = Explained::new(
        "a weekly window with its day and zone, Asia/Tokyo or UTC: \"Sun 05:00-05:30 Asia/Tokyo\"",
        "曜日とタイムゾーン（Asia/Tokyo または UTC）を付けた毎週の時間帯: \"Sun 05:00-05:30 Asia/Tokyo\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let parts: Vec<_> = text.split(' ').collect();
        let window = if let [day, hours, zone] = parts[..] {
            let day = DAYS.iter().position(|known| day.eq_ignore_ascii_case(known)).and_then(|day| i32::try_from(day).ok());
            day.zip(span(hours)).zip(Zone::read(zone))
        } else {
            None
        };
        match window {
            Some(((_, (_, length)), _)) if length < SHORTEST => Err(too_short(text, length)),
            Some(((day, (start, length)), zone)) => Ok(Self { start: day * DAY + start, length, zone }),
            None => Err(BadScalar::new("bad-window", ValueFault::is_not(shown(text), "a weekly window", "毎週の時間帯"))),
        }
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9] (Asia/Tokyo|UTC)$"
        })
    }
}

scalar!(TimeOfDay, DailyWindow, WeeklyWindow);
