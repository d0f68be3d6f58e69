//! What AWS offered in the two regions on a day: classes and major versions of RDS, and zones. A table in this program, because
//! `validate` asks no AWS. It is never the last word: AWS adds to it without this program.
//!
//! Imports: `model`.
//!
//! Sources: `catalogue.txt` (`tests/models/catalogue.py` makes it); of zones AWS's page
//! `global-infrastructure/latest/regions/aws-availability-zones.html`.

use crate::model::{Region, engine_version};

const TABLE: &str = include_str!("catalogue.txt");

/// How many majors AWS may have added to an engine since, so that a version beyond the newest is doubted and not refused.
const LATER_MAJORS: u64 = 2;

/// The lines of one kind, each as its words after the kind.
fn lines(kind: &'static str) -> impl Iterator<Item = impl Iterator<Item = &'static str> + Clone> {
    TABLE.lines().filter_map(move |line| {
        let mut words = line.split(' ');
        (words.next() == Some(kind)).then_some(words)
    })
}

/// The day of the tables of classes and versions.
#[must_use]
pub fn as_of() -> &'static str {
    lines("date").find_map(|mut words| words.next()).unwrap_or_default()
}

/// The numbers of the zones of a region, of which `apne1-az4` ends in one, and the day on which AWS listed them.
#[must_use]
pub fn zones(region: Region) -> (&'static str, &'static str) {
    let mut all = lines("zones").filter_map(|mut words| Some((words.next()?, words.next()?, words.next()?)));
    all.find(|(name, _, _)| *name == region.as_str()).map(|(_, numbers, day)| (numbers, day)).unwrap_or_default()
}

/// The classes of an engine: family, regions, sizes.
fn families(engine: &str) -> impl Iterator<Item = (&'static str, &'static str, impl Iterator<Item = &'static str>)> {
    lines("class").filter_map(move |mut words| {
        let (family, engines, regions) = (words.next()?, words.next()?, words.next()?);
        engines.split(',').any(|one| one == engine).then_some((family, regions, words))
    })
}

fn is_in(regions: &str, region: Region) -> bool {
    regions.split(',').any(|one| one == region.as_str())
}

/// Whether the table has this class (`db.m7g.large`) for the engine in the region.
#[must_use]
pub fn has_class(engine: &str, class: &str, region: Region) -> bool {
    families(engine).any(|(family, regions, mut sizes)| {
        let size = class.strip_prefix("db.").and_then(|rest| rest.strip_prefix(family)?.strip_prefix('.'));
        is_in(regions, region) && size.is_some_and(|size| sizes.any(|one| one == size))
    })
}

/// A class of both regions in place of this one: of its size, and of the newest family that begins with the same letter. `None`
/// where the table has none.
#[must_use]
pub fn near_class(engine: &str, class: &str) -> Option<String> {
    let (family, size) = class.strip_prefix("db.")?.split_once('.')?;
    let both = families(engine).filter(|(_, regions, _)| [Region::Tokyo, Region::Osaka].into_iter().all(|at| is_in(regions, at)));
    let fitting = both.filter(|(other, _, _)| other.get(..1) == family.get(..1));
    fitting
        .filter_map(|(other, _, mut sizes)| sizes.any(|one| one == size).then_some(other))
        .last()
        .map(|other| format!("db.{other}.{size}"))
}

/// What the table says of the major version of a declared version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Major {
    /// It is listed.
    Listed,
    /// It is not, and AWS may have it by now.
    Later,
    /// AWS had newer ones already, or it lies far beyond the newest.
    None,
}

/// The major versions of an engine, the newest last. Empty for an engine that the table does not have.
#[must_use]
pub fn majors(engine: &str) -> Vec<&'static str> {
    lines("version").find_map(|mut words| (words.next() == Some(engine)).then(|| words.collect())).unwrap_or_default()
}

/// Whether AWS has the major version of this version (`16.4`) of an engine.
#[must_use]
pub fn major(engine: &str, version: &str) -> Major {
    let (major, known) = (engine_version::major(engine, engine_version::build(version).0), majors(engine));
    let number = |version: &str| version.split('.').next().and_then(|first| first.parse::<u64>().ok());
    let Some((newest, (first, last))) = known.last().and_then(|newest| Some((*newest, number(major).zip(number(newest))?)))
    else {
        return Major::Later;
    };
    if known.contains(&major) {
        Major::Listed
    } else if engine_version::is_older(newest, major) || first > last + LATER_MAJORS {
        Major::None
    } else {
        Major::Later
    }
}
