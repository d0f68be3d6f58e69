//! Cron expressions of AWS: `cron(minute hour day month weekday year)`.
//!
//! Source: `aws-backup/latest/devguide/API_BackupRule.html` and the page to which it leads,
//! `eventbridge/latest/userguide/eb-scheduled-rule-pattern.html`: six fields; names of months and weekdays stand for numbers, Sunday
//! is 1; the day or the weekday is `?`, which means "any". `L`, `W` and `#` are left as they are written.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// One field: the numbers at which it strikes, or the text where tokaido does not know them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Every,
    At(BTreeSet<u16>),
    Other(String),
}

/// A schedule, field by field.
struct Schedule([Field; 6]);

/// The schedule in one spelling. What is no such expression stays as it is.
#[must_use]
pub fn canonical(schedule: &str) -> Option<String> {
    let Schedule(fields) = Schedule::read(schedule)?;
    let words = fields.iter().map(|field| match field {
        Field::Every => "*".to_owned(),
        Field::At(numbers) => numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        Field::Other(text) => text.clone(),
    });
    Some(format!("cron({})", words.collect::<Vec<_>>().join(" ")))
}

/// Whether the schedule strikes at least once on every day.
#[must_use]
pub fn daily(schedule: &str) -> bool {
    let Some(Schedule([minute, hour, day, month, weekday, year])) = Schedule::read(schedule) else { return false };
    let at_times = [minute, hour].iter().all(|field| !matches!(field, Field::Other(_)));
    at_times && [day, month, weekday, year].iter().all(|field| *field == Field::Every)
}

impl Schedule {
    fn read(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("cron(")?.strip_suffix(')')?;
        let fields: Vec<String> = inner.split_whitespace().map(str::to_ascii_uppercase).collect();
        let [minute, hour, day, month, weekday, year] = fields.as_slice() else { return None };
        // AWS demands that one of the two is `?`, and refuses two.
        if (day == "?") == (weekday == "?") {
            return None;
        }
        let any = |text: &String| if text == "?" { "*".to_owned() } else { text.clone() };
        let (day, weekday) = (&any(day), &any(weekday));
        Some(Self([
            field(minute, 0..=59, &[]),
            field(hour, 0..=23, &[]),
            field(day, 1..=31, &[]),
            field(month, 1..=12, &MONTHS),
            field(weekday, 1..=7, &WEEKDAYS),
            field(year, 1970..=2199, &[]),
        ]))
    }
}

/// `names` stand for the numbers from the first of `within` on.
fn field(text: &str, within: RangeInclusive<u16>, names: &[&str]) -> Field {
    if text == "*" {
        return Field::Every;
    }
    let mut at = BTreeSet::new();
    for part in text.split(',') {
        match numbers(part, &within, names) {
            Some(numbers) => at.extend(numbers),
            None => return Field::Other(text.to_owned()),
        }
    }
    if at.len() == within.count() { Field::Every } else { Field::At(at) }
}

/// The numbers of `*`, a number, a range, and each of them with a step. A number with a step goes on to the end.
fn numbers(part: &str, within: &RangeInclusive<u16>, names: &[&str]) -> Option<impl Iterator<Item = u16> + use<>> {
    let number = |text: &str| -> Option<u16> {
        if let Some(place) = names.iter().position(|name| *name == text) {
            return Some(within.start() + u16::try_from(place).ok()?);
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && within.contains(number))
    };
    let (span, step) = match part.split_once('/') {
        Some((span, step)) => {
            let digits = step.bytes().all(|byte| byte.is_ascii_digit());
            (span, Some(step.parse::<u16>().ok().filter(|step| digits && *step > 0)?))
        }
        None => (part, None),
    };
    let (from, to) = match (span.split_once('-'), step) {
        (Some((from, to)), _) => (number(from)?, number(to)?),
        (None, _) if span == "*" => (*within.start(), *within.end()),
        (None, Some(_)) => (number(span)?, *within.end()),
        (None, None) => (number(span)?, number(span)?),
    };
    (from <= to).then(|| (from..=to).step_by(step.unwrap_or(1).into()))
}

#[cfg(test)]
mod tests {
    use super::{canonical, daily};

    fn same(one: &str, other: &str) -> bool {
        canonical(one).is_some() && canonical(one) == canonical(other)
    }

    #[test]
    fn spellings_of_one_schedule_are_one() {
        let daily = "cron(0 18 * * ? *)";
        for spelled in [
            "cron(0 18 ? * * *)",
            "cron(00 18 1/1 * ? *)",
            "cron(0 18 ? * SUN-SAT *)",
            "cron(0 18 ? 1-12 1-7 *)",
            "cron(0  18 ? jan-DEC mon,tue,wed,thu,fri,sat,sun *)",
            " cron(0 18-18 1-31 */1 ? 1970-2199)",
        ] {
            assert!(same(daily, spelled), "{spelled}: {:?}", canonical(spelled));
        }
        assert!(same("cron(0 18 ? * 2-6 *)", "cron(0 18 ? * mon-fri *)"));
        assert!(same("cron(0/30 5,6 ? * 1 *)", "cron(0,30 5-6 ? * SUN *)"));
    }

    #[test]
    fn another_moment_is_another_schedule() {
        for (one, other) in [
            ("cron(0 18 ? * * *)", "cron(0 19 ? * * *)"),
            ("cron(0 18 ? * * *)", "cron(1 18 ? * * *)"),
            ("cron(0 18 ? * 1-6 *)", "cron(0 18 ? * MON-SAT *)"),
            ("cron(0 18 1 * ? *)", "cron(0 18 ? * 1 *)"),
            ("cron(0 18 1-30 * ? *)", "cron(0 18 1-31 * ? *)"),
            ("cron(0 18 L * ? *)", "cron(0 18 31 * ? *)"),
            ("cron(0 18 ? * 2#1 *)", "cron(0 18 ? * 2 *)"),
            ("cron(0 18 ? * * 2026)", "cron(0 18 ? * * *)"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
        for no in ["", "rate(1 day)", "cron(0 18 * * * *)", "cron(0 18 ? * ? *)", "cron(0 18 ? * *)", "0 18 ? * * *"] {
            assert_eq!(canonical(no), None, "{no}");
        }
    }

    #[test]
    fn a_daily_schedule_strikes_on_every_day() {
        for yes in ["cron(0 18 ? * * *)", "cron(0/15 * 1-31 * ? *)", "cron(59 23 ? JAN-DEC sun-sat *)"] {
            assert!(daily(yes), "{yes}");
        }
        for no in [
            "cron(0 18 ? * MON-FRI *)",
            "cron(0 18 1-30 * ? *)",
            "cron(60 18 ? * * *)",
            "cron(0 ? ? * * *)",
            "cron(0 24 ? * * *)",
            "rate(1 day)",
        ] {
            assert!(!daily(no), "{no}");
        }
    }
}
