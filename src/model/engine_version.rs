//! The versions of database engines: which part is the major version, and which live version a declared one accepts.
//!
//! RDS numbers each engine in its own way. A step to another major version can break applications, so AWS makes it only with
//! `AllowMajorVersionUpgrade`, which tokaido never sends. A step to another minor version is compatible.
//!
//! Source: `AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html` and its pages for each engine.

use std::cmp::Ordering;

/// The first version of PostgreSQL whose major version is one number. Before it there were 9.5 and 9.6.
const POSTGRES_ONE_NUMBER: u64 = 10;

/// The numbers of a version, and the day of its build where Extended Support made it: `16.13-rds.20270115` → `16.13`, `20270115`.
///
/// Source: `AmazonRDS/latest/UserGuide/extended-support-versions.html`.
#[must_use]
pub fn build(version: &str) -> (&str, Option<&str>) {
    version.split_once("-rds.").map_or((version, None), |(numbers, day)| (numbers, Some(day)))
}

/// The major version, as the beginning of `version`: of MySQL and MariaDB the first two numbers (`8.4.3` → `8.4`, `10.11.8` →
/// `10.11`), of PostgreSQL since 10 the first (`16.4` → `16`). Of an engine that tokaido does not know it is the first two
/// numbers, so that no plan takes a major step for a minor one.
///
/// Source: `AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html`; for each engine
/// `USER_UpgradeDBInstance.MySQL.html`, `USER_UpgradeDBInstance.MariaDB.html`, `USER_UpgradeDBInstance.PostgreSQL.html`.
#[must_use]
pub fn major<'a>(engine: &str, version: &'a str) -> &'a str {
    let one = engine.eq_ignore_ascii_case("postgres") && numbers(version).first().is_some_and(|n| *n >= POSTGRES_ONE_NUMBER);
    let parts = if one { 1 } else { 2 };
    version.match_indices('.').nth(parts - 1).map_or(version, |(end, _)| &version[..end])
}

/// RDS's family of parameter groups for an engine's version: `postgres`, `16.4` → `postgres16`; `mysql`, `8.4.3` → `mysql8.4`.
#[must_use]
pub fn family(engine: &str, version: &str) -> String {
    format!("{engine}{}", major(engine, version))
}

/// Whether a database that runs `live` is as declared: `live` begins with `declared`, number by number, or it is a newer minor
/// version of the major version that `declared` names. `8.4` accepts 8.4.3, and neither 8.5.1 nor 8.40; `16.4` of PostgreSQL
/// accepts 16.9, and neither 16.3 nor 17.1.
#[must_use]
pub fn accepts(engine: &str, declared: &str, live: &str) -> bool {
    begins_with(live, declared)
        || (names_minor(engine, declared)
            && major(engine, declared) == major(engine, live)
            && compared(live, declared) != Ordering::Less)
}

/// Whether AWS moved the database by itself within what is declared: `declared` names a minor version, and a newer one runs.
#[must_use]
pub fn moved_within(engine: &str, declared: &str, live: &str) -> bool {
    accepts(engine, declared, live) && !begins_with(live, declared)
}

/// How the major version of `wanted` stands to that of `live`. Only the numbers that both have count: `16` is no other major
/// version than `16.4`, and `8` none than `8.4`.
#[must_use]
pub fn major_step(engine: &str, live: &str, wanted: &str) -> Ordering {
    shared(major(engine, wanted), major(engine, live))
}

/// Whether `wanted` is older than `live`, by the numbers that `wanted` has: `16` is not older than `16.6`.
#[must_use]
pub fn is_older(live: &str, wanted: &str) -> bool {
    shared(wanted, live) == Ordering::Less
}

/// Whether one of two versions begins with the other, builds left out: `16` and `16.4`, `16.4` and `16.4`.
#[must_use]
pub fn is_within(one: &str, other: &str) -> bool {
    let (one, other) = (build(one).0, build(other).0);
    begins_with(one, other) || begins_with(other, one)
}

/// Whether the declared version says more than a major version.
fn names_minor(engine: &str, declared: &str) -> bool {
    major(engine, declared).len() < declared.len()
}

fn begins_with(live: &str, declared: &str) -> bool {
    let mut live = live.split('.');
    declared.split('.').all(|part| live.next() == Some(part))
}

/// The versions by all their numbers.
fn compared(one: &str, other: &str) -> Ordering {
    numbers(one).cmp(&numbers(other))
}

/// The versions by as many numbers as both have.
fn shared(one: &str, other: &str) -> Ordering {
    let (one, other) = (numbers(one), numbers(other));
    let both = one.len().min(other.len());
    one[..both].cmp(&other[..both])
}

/// The numbers of a version, up to the first part without one. A part may have a suffix: `5.7.44-rds.20240408` of Extended
/// Support.
fn numbers(version: &str) -> Vec<u64> {
    let number = |part: &str| {
        let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    version.split('.').map_while(number).collect()
}
