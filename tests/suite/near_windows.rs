//! Daily snapshots near a window of a database (C3): each pair of a time and a window against minutes counted one by one.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tokaido::model::{Environment, Severity};
use tokaido::project::load;

use crate::project::{Project, all_rendered, rendered, today};

const BASE: &str = "environments/base.yaml";
const DEV: &str = "environments/dev.yaml";
const STAGING: &str = "environments/staging.yaml";
const CODE: &str = "copies-near-window";

const DAY: i32 = 24 * 60;
const WEEK: i32 = 7 * DAY;
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// The day, start and length of a window, in minutes of UTC.
struct Window {
    day: i32,
    start: i32,
    length: i32,
}

fn clock(minutes: i32) -> String {
    let minutes = minutes.rem_euclid(DAY);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// In Tokyo time or UTC, and with the day of that zone.
fn written(minutes: i32, zone: &str) -> i32 {
    if zone == "UTC" { minutes } else { minutes + 9 * 60 }
}

impl Window {
    fn weekly(&self, zone: &str) -> String {
        let start = written(self.day * DAY + self.start, zone).rem_euclid(WEEK);
        let day = DAYS[usize::try_from(start / DAY).unwrap()];
        format!("{day} {}-{} {zone}", clock(start), clock(start + self.length))
    }

    /// Every minute of the week in which AWS Backup may not begin, one by one.
    fn blocked(&self) -> BTreeSet<i32> {
        let start = self.day * DAY + self.start;
        (start - 60..start + self.length).map(|minute| minute.rem_euclid(WEEK)).collect()
    }
}

/// Every minute of the week in which a daily job of this time of UTC may begin.
fn begins(at: i32) -> BTreeSet<i32> {
    (0..7).flat_map(|day| (0..60).map(move |late| (day * DAY + at + late).rem_euclid(WEEK))).collect()
}

#[test]
fn a_window_is_near_exactly_where_the_minutes_meet() {
    let windows: Vec<Window> = [
        (0, 0, 30),
        (0, 19 * 60, 30),
        (3, 12 * 60 + 1, 31),
        // Over midnight, and over the end of the week.
        (2, 23 * 60 + 45, 30),
        (6, 23 * 60 + 30, 60),
        (6, 22 * 60, 8 * 60),
        // From Saturday of UTC into Sunday of Tokyo.
        (6, 14 * 60 + 45, 45),
        // Almost a day: only a job that ends its hour before it is clear.
        (4, 5 * 60, 22 * 60),
        (4, 5 * 60, 23 * 60),
    ]
    .into_iter()
    .map(|(day, start, length)| Window { day, start, length })
    .collect();
    let mut found = (0, 0);
    for at in (0..DAY).step_by(20).flat_map(|at| [at, at + 1, at + 59]) {
        let zone = if at % 2 == 0 { "Asia/Tokyo" } else { "UTC" };
        let (mut project, mut databases) = (Project::new(), String::new());
        project.edit(BASE, "03:00 Asia/Tokyo", &format!("{} {zone}", clock(written(at, zone))));
        for (index, window) in windows.iter().enumerate() {
            let zone = if index % 2 == 0 { "UTC" } else { "Asia/Tokyo" };
            // An hour and more after the snapshots, so that only the maintenance window counts.
            let backup = at + 60 + 60;
            writeln!(
                databases,
                "  - {{ name: d{index}, engine: postgres, version: \"16\", class: db.t4g.micro, storage: {{ at_least: 20 GiB, up_to: 40 GiB }}, \
                 multi_az: false, backup_window: \"{}-{} UTC\", maintenance_window: \"{}\" }}",
                clock(backup),
                clock(backup + 30),
                window.weekly(zone)
            )
            .unwrap();
        }
        project.edit(DEV, "databases:\n", &format!("databases:\n{databases}"));
        let loaded = load(project.root(), &[Environment::Dev], today());
        let near: Vec<String> = loaded.findings.iter().filter(|finding| finding.code == CODE).map(rendered).collect();
        for (index, window) in windows.iter().enumerate() {
            let zone = if index % 2 == 0 { "UTC" } else { "Asia/Tokyo" };
            let said = near.iter().any(|text| text.contains(&format!("`{}`", window.weekly(zone))));
            let meets = !window.blocked().is_disjoint(&begins(at));
            assert_eq!(said, meets, "{} and {}: {near:#?}", clock(at), window.weekly("UTC"));
            if meets { found.0 += 1 } else { found.1 += 1 }
        }
    }
    assert!(found.0 > 100 && found.1 > 100, "{found:?}");
}

#[test]
fn every_form_of_a_database_is_compared_and_the_message_says_what_is_clear() {
    let mut project = Project::new();
    project.edit(STAGING, "Sun 06:00-06:30 Asia/Tokyo", "Sun 04:30-05:00 Asia/Tokyo");
    project.edit(STAGING, "Sun 05:00-05:30 Asia/Tokyo", "Sat 18:59-19:29 UTC");
    let loaded = load(project.root(), &[Environment::Staging], today());
    let near: Vec<_> = loaded.findings.iter().filter(|finding| finding.code == CODE).collect();
    assert_eq!(near.len(), 2, "{}", all_rendered(&loaded));
    assert!(near.iter().all(|finding| finding.severity == Severity::Warning), "the margin is known second hand");
    let text = all_rendered(&loaded);
    for words in [
        "`Sat 18:59-19:29 UTC` or in the hour before it",
        "`Sun 04:30-05:00 Asia/Tokyo` or in the hour before it",
        "a window that begins at 05:00 Asia/Tokyo or later, and ends by 03:00 Asia/Tokyo",
        "promise: recovery-copies",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(loaded.states.len(), 1, "a warning stops nothing");
}

#[test]
fn a_backup_window_is_near_through_the_whole_hour_in_which_a_job_may_begin() {
    for (window, near) in [
        ("04:59-05:29", true),
        ("05:00-05:30", false),
        ("04:30-05:00", true),
        ("02:30-03:00", false),
        ("02:31-03:01", true),
        ("23:59-03:00", false),
        ("23:59-03:01", true),
    ] {
        let mut project = Project::new();
        project.edit(DEV, "02:00-02:30 Asia/Tokyo", &format!("{window} Asia/Tokyo"));
        project.edit(DEV, "Sun 05:00-05:30 Asia/Tokyo", "Sun 12:00-12:30 Asia/Tokyo");
        let loaded = load(project.root(), &[Environment::Dev], today());
        assert_eq!(loaded.findings.iter().any(|finding| finding.code == CODE), near, "{window}: {}", all_rendered(&loaded));
    }
}
