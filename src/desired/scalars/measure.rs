//! Numbers with a unit. Imports `model`.

use std::fmt;

use schemars::{Schema, json_schema};

use crate::desired::said::{Right, ValueFault};
use crate::model::Explained;
use crate::yaml::shown;

use super::{BadScalar, Scalar, scalar};

/// Whole days, written `35d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub i64);

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}d", self.0)
    }
}

/// At most five digits: every number that AWS accepts fits, and small sums never overflow.
fn whole(text: &str) -> Option<i64> {
    (1..=5).contains(&text.len()).then_some(())?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    text.parse().ok()
}

impl Scalar for Days {
    const EXPECTED: Explained = Explained::new("whole days with the unit: `35d`", "単位を付けた日数: `35d`");
    const NUMBERS: bool = true;

    fn read(text: &str) -> Result<Self, BadScalar> {
        if let Some(days) = text.strip_suffix('d').and_then(whole) {
            return Ok(Self(days));
        }
        let refusal = BadScalar::new("bad-duration", ValueFault::is_not(shown(text), "a duration in days", "日数"));
        Err(match whole(text) {
            Some(days) => refusal.expected(Right::DaysWithUnit { days }),
            None => refusal,
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,5}d$" })
    }
}

/// Whole hours or days, kept in hours: `24h`, `2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours(pub i64);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}h", self.0)
    }
}

impl Scalar for Hours {
    const EXPECTED: Explained =
        Explained::new("whole hours or days with the unit: `24h`, `2d`", "単位を付けた時間または日数: `24h`、`2d`");
    const NUMBERS: bool = true;

    fn read(text: &str) -> Result<Self, BadScalar> {
        let hours = text.strip_suffix('h').and_then(whole);
        let days = text.strip_suffix('d').and_then(whole).map(|days| days * 24);
        if let Some(hours) = hours.or(days) {
            return Ok(Self(hours));
        }
        let refusal = BadScalar::new("bad-hours", ValueFault::is_not(shown(text), "a duration in hours or days", "時間や日数"));
        Err(match whole(text) {
            Some(number) => refusal.expected(Right::HoursWithUnit { number }),
            None => refusal,
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,5}[hd]$" })
    }
}

/// A size in GiB, written `100 GiB` or `1 TiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub i64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0 && self.0 % 1024 == 0 { write!(f, "{} TiB", self.0 / 1024) } else { write!(f, "{} GiB", self.0) }
    }
}

impl Scalar for Size {
    const EXPECTED: Explained =
        Explained::new("a size with its unit, GiB or TiB: `100 GiB`", "単位（GiB または TiB）を付けた容量: `100 GiB`");
    const NUMBERS: bool = true;

    fn read(text: &str) -> Result<Self, BadScalar> {
        let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = (&text[..at], text[at..].trim_start());
        let number = whole(digits);
        match (number, unit) {
            (Some(number), "GiB") => Ok(Self(number)),
            (Some(number), "TiB") => Ok(Self(number * 1024)),
            (Some(number), "GB" | "G" | "Gi" | "TB" | "T" | "Ti") => {
                let unit = if unit.starts_with('G') { "GiB" } else { "TiB" };
                let refusal = BadScalar::new("bad-size", ValueFault::ForeignUnit { text: shown(text) });
                Err(refusal.expected(Right::BinaryUnit { number, unit }))
            }
            _ => Err(BadScalar::new("bad-size", ValueFault::is_not(shown(text), "a size", "容量"))),
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,5} ?(GiB|TiB)$" })
    }
}

/// A TCP port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port(pub i64);

impl Scalar for Port {
    const EXPECTED: Explained = Explained::new("a TCP port, 1 to 65535: `443`", "TCP ポート（1 から 65535）: `443`");
    const NUMBERS: bool = true;

    fn read(text: &str) -> Result<Self, BadScalar> {
        whole(text)
            .filter(|port| (1..=65_535).contains(port))
            .map(Self)
            .ok_or_else(|| BadScalar::new("bad-port", ValueFault::is_not(shown(text), "a port", "ポート")))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 65535 })
    }
}

/// A whole number of people or things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub i64);

impl Scalar for Count {
    const EXPECTED: Explained = Explained::new("a whole number from 1 to 100: `2`", "1 から 100 の整数: `2`");
    const NUMBERS: bool = true;

    fn read(text: &str) -> Result<Self, BadScalar> {
        whole(text)
            .filter(|count| (1..=100).contains(count))
            .map(Self)
            .ok_or_else(|| BadScalar::new("bad-count", ValueFault::is_not(shown(text), "such a number", "この範囲の整数")))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 100 })
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

impl Scalar for Date {
    const EXPECTED: Explained = Explained::new("a day, year first: `2027-03-31`", "年から書いた日付: `2027-03-31`");

    fn read(text: &str) -> Result<Self, BadScalar> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
        let day = shaped.then(|| text.parse().ok()).flatten();
        day.map(Self)
            .ok_or_else(|| BadScalar::new("bad-date", ValueFault::is_not(shown(text), "a day of the calendar", "暦にある日付")))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

scalar!(Days, Hours, Size, Port, Count, Date);
