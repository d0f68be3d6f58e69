//! Point-in-time recovery in Tokyo, and the recovery points in Osaka.

use super::super::slug;
use super::plans::{Copying, Coverage, Plan, coverage};
use super::population::{Judged, Population};
use super::subject::{FAILED, Subject, UNCLEAR, absent, each, each_that_keeps_data, missing};
use super::view::{Found, Member, Seen, View};
use super::{Asked, VerdictReason, clusters};
use crate::kinds::{backup_plan, backup_vault, db_cluster, db_instance, facts};
use crate::model::equality;
use crate::model::{Examined, Fact, Home, Level, Name, Region, ResourceId, Standing, Status, UnknownCause, Value, VerdictState};
use jiff::{SignedDuration, Timestamp};

/// RDS uploads logs every five minutes; a lag beyond this is an alarm (field notes 16).
const LAG_MOST: SignedDuration = SignedDuration::from_mins(15);

/// The most time until the first backup of a new database has ended, however large the database is.
const FIRST_BACKUP_MOST: SignedDuration = SignedDuration::from_hours(24);

/// The most age of the newest recovery point: a day between two backups, an hour to begin, twelve to end, an hour to arrive.
const POINT_AGE_MOST: SignedDuration = SignedDuration::from_hours(24 + 1 + 12 + 1);

pub(super) fn point_in_time(view: &View<'_>, population: &mut Population) {
    let days = view.days(slug::POINT_IN_TIME_RECOVERY);
    let protected = |subject: &mut Subject<'_, '_>, retention: Name, protection: Name| {
        subject.require(retention, |value| value.as_int().is_some_and(|kept| kept >= days), Asked::Days { days });
        subject.require(protection, |value| *value == Value::Bool(true), Asked::BackupsGoToo);
        subject.require_working(Asked::NoBackups);
        if let Status::Working(word) = &subject.member.live.status
            && equality::same_name(word, "creating")
        {
            return subject.say(VerdictState::Pending, VerdictReason::BeingMade);
        }
        restorable(view, subject, days);
    };
    // A member of a cluster is judged by the cluster, a replica by its source.
    each(view, view.all(db_cluster::NAME), population, |subject| {
        use db_cluster::at::{backup_retention_days, deletion_protection, replica_of};
        if !clusters::is_replica(view, subject, replica_of) {
            protected(subject, backup_retention_days.name(), deletion_protection.name());
        }
    });
    each_that_keeps_data(view, view.all(db_instance::NAME), population, &VerdictReason::Gone, |subject| {
        use db_instance::at::{backup_retention_days, deletion_protection, replica_of};
        if !clusters::is_judged(view, subject) && !clusters::is_replica(view, subject, replica_of) {
            protected(subject, backup_retention_days.name(), deletion_protection.name());
        }
    });
}

/// Judges the moments to which RDS says it can restore the database.
fn restorable(view: &View<'_>, subject: &mut Subject<'_, '_>, days: i64) {
    let Some(now) = view.input.now.filter(|_| view.evidence()) else { return };
    let latest = subject.reading(facts::LATEST_RESTORABLE).and_then(|text| text.parse::<Timestamp>().ok());
    let earliest = subject.reading(facts::EARLIEST_RESTORABLE).and_then(|text| text.parse::<Timestamp>().ok());
    let Some(latest) = latest else { return unnamed(view, subject, now) };
    let lag = now.duration_since(latest);
    if lag > LAG_MOST {
        let minutes = lag.as_mins();
        return subject.broken(VerdictReason::RestorableOnlyTo { latest, minutes });
    }
    subject.level = Level::Effective;
    let far = a_day_less(now, days);
    if earliest.is_some_and(|earliest| earliest <= far) {
        subject.level = Level::Evidenced;
    }
}

/// The moment one day less than `days` ago: the last of the days is not over yet.
fn a_day_less(now: Timestamp, days: i64) -> Timestamp {
    let span = SignedDuration::from_secs(days.saturating_sub(1).saturating_mul(24 * 60 * 60));
    now.saturating_sub(span).unwrap_or(now)
}

/// Judges a database for which RDS names no moment, which is right only before the first backup has ended.
fn unnamed(view: &View<'_>, subject: &mut Subject<'_, '_>, now: Timestamp) {
    if let Some(failed) = view.untold(subject.member.kind, subject.member.region) {
        return subject.hidden(failed);
    }
    match made(subject) {
        Some(made) if now.duration_since(made) <= FIRST_BACKUP_MOST => {}
        Some(made) => subject.broken(VerdictReason::NeverRestorable { made }),
        None => subject.unknown(UnknownCause::NotUnderstood, VerdictReason::RestorableUnknown),
    }
}

fn made(subject: &mut Subject<'_, '_>) -> Option<Timestamp> {
    subject.reading(facts::CREATED).and_then(|text| text.parse().ok())
}

pub(super) fn copies(view: &View<'_>, population: &mut Population) {
    let days = view.days(slug::RECOVERY_COPIES);
    let plans: Vec<Plan<'_>> = view
        .all(backup_plan::NAME)
        .filter_map(|seen| if let Seen::Here(member) = seen { Some(Plan::of(view, member, days)) } else { None })
        .collect();
    for seen in view.all(db_instance::NAME) {
        match seen {
            Seen::Here(member) => {
                let mut subject = Subject::new(view, member);
                covered(view, &mut subject, &plans, days);
                subject.end(population);
            }
            Seen::Hidden(id, failed) => missing(view, population, id, FAILED, &super::failure(failed)),
            Seen::Astray(id, live) => missing(view, population, id, UNCLEAR, &super::subject::astray(live)),
            Seen::Lost(id) => population.push(left_behind(view, id, days)),
            Seen::NotMade(id) if view.forgotten() => {
                missing(view, population, id, UNCLEAR, &VerdictReason::Unremembered);
            }
            Seen::NotMade(id) => {
                missing(view, population, id, VerdictState::NotApplicable.into(), &VerdictReason::NotThere);
            }
        }
    }
}

/// Judges a lost database: only its recovery points in Osaka are left, and they expire.
fn left_behind(view: &View<'_>, id: &ResourceId, days: i64) -> Examined {
    let vaults = view.ours(backup_vault::NAME).filter_map(|seen| match seen {
        Seen::Here(vault) if vault.region == Region::Osaka => Some(vault),
        _ => None,
    });
    let vaults: Vec<Member<'_>> = vaults.collect();
    let unread = view.input.observed.unreadable.iter().find(|failed| failed.kind == backup_vault::NAME);
    if let Some(failed) = unread.or_else(|| view.untold(backup_vault::NAME, Region::Osaka)) {
        return absent(id, FAILED, &super::failure(failed));
    }
    let declared = view.input.desired.resources.get(id).zip(view.input.schemas.get(id.kind.as_str()));
    let home = Home { account: &view.input.desired.account, region: id.region };
    let outputs = declared.and_then(|(resource, schema)| schema.declared_outputs(&home, &resource.attributes));
    let arn = outputs.as_ref().and_then(|outputs| outputs.get("arn"));
    let (Some(now), Some(arn)) = (view.input.now.filter(|_| view.evidence()), arn) else {
        return absent(id, Judged::unknown(UnknownCause::NotAsked), &VerdictReason::GoneCopiesNotRead);
    };
    let points = Points::of(view, &vaults, arn);
    let (state, level, reason) = match points.newest {
        None => (VerdictState::Broken, None, VerdictReason::GoneWithoutCopies),
        Some(newest) => {
            let fresh = now.duration_since(newest) <= POINT_AGE_MOST;
            let state = if fresh { VerdictState::Kept } else { VerdictState::Broken };
            (state, fresh.then(|| points.level(now, days)), VerdictReason::GoneWithCopies { newest })
        }
    };
    Examined { level, facts: points.cited, ..absent(id, state.into(), &reason) }
}

fn covered(view: &View<'_>, subject: &mut Subject<'_, '_>, plans: &[Plan<'_>], days: i64) {
    // AWS Backup backs up the cluster, not its members, and which plans select clusters is not judged.
    if clusters::is_judged(view, subject) {
        return subject.unknown(UnknownCause::NotAsked, VerdictReason::CopiesOfCluster);
    }
    if clusters::is_replica(view, subject, db_instance::at::replica_of) {
        return;
    }
    let (copies, shortfalls) = match coverage(plans, subject.member) {
        Coverage::Kept(copying) => {
            tell(subject, copying);
            return arrived(view, subject, copying.vault, days);
        }
        Coverage::Short(copies, shortfalls) => (copies, shortfalls),
    };
    // A plan that a failed read may hide is unknown, not missing.
    let region = subject.member.region;
    if let (true, Some(failed)) = (copies.is_empty(), view.failed(backup_plan::NAME, region)) {
        return subject.hidden(failed);
    }
    for copying in copies {
        tell(subject, copying);
    }
    for (judged, reason) in shortfalls {
        subject.say(judged, reason);
    }
}

fn tell(subject: &mut Subject<'_, '_>, copying: &Copying<'_>) {
    subject.fact_of(&copying.plan, backup_plan::at::copies);
    subject.fact_of(&copying.plan, backup_plan::at::selections);
}

/// Judges the recovery points in the vault, which prove what the settings of a plan do not.
fn arrived(view: &View<'_>, subject: &mut Subject<'_, '_>, vault: &Value, days: i64) {
    let Some(now) = view.input.now.filter(|_| view.evidence()) else { return };
    let Found::Here(vaults) = view.follow(vault, backup_vault::NAME, Region::Osaka) else { return };
    let database = subject.member.live.outputs.get("arn").cloned().unwrap_or_default();
    let points = Points::of(view, &vaults, &database);
    subject.cite_all(points.cited.clone());
    let Some(newest) = points.newest else {
        let foreign = vaults.iter().find(|vault| vault.standing != Standing::Ours);
        return none_arrived(view, subject, foreign, now);
    };
    let age = now.duration_since(newest);
    if age > POINT_AGE_MOST {
        let hours = age.as_hours();
        return subject.broken(VerdictReason::PointTooOld { hours });
    }
    subject.level = points.level(now, days);
}

/// Judges a database without recovery points. A new database needs none before its first night; later a point must be there,
/// unless the vault is foreign and was not read.
fn none_arrived(view: &View<'_>, subject: &mut Subject<'_, '_>, foreign: Option<&Member<'_>>, now: Timestamp) {
    if let Some(failed) = view.untold(backup_vault::NAME, Region::Osaka) {
        return subject.hidden(failed);
    }
    match made(subject) {
        Some(made) if now.duration_since(made) <= POINT_AGE_MOST => {}
        made => match (foreign, made) {
            (Some(vault), _) => {
                subject.unknown(UnknownCause::NotAsked, VerdictReason::VaultNotRead { vault: vault.subject() });
            }
            (None, Some(_)) => subject.broken(VerdictReason::NoPoint),
            (None, None) => subject.unknown(UnknownCause::NotUnderstood, VerdictReason::NoPointOfUnknownAge),
        },
    }
}

/// The recovery points of one database in some vaults.
struct Points {
    newest: Option<Timestamp>,
    oldest: Option<Timestamp>,
    cited: Vec<Fact>,
}

impl Points {
    fn of(view: &View<'_>, vaults: &[Member<'_>], database: &str) -> Self {
        let mut points = Self { newest: None, oldest: None, cited: Vec::new() };
        for vault in vaults {
            let mut time = |name: &str| {
                let reading = view.fact(vault, &facts::of_points(name, database))?;
                points.cited.push(super::subject::cited(reading));
                reading.value.parse::<Timestamp>().ok()
            };
            let (newest, oldest) = (time(facts::NEWEST_POINT), time(facts::OLDEST_POINT));
            points.newest = points.newest.max(newest);
            points.oldest = points.oldest.into_iter().chain(oldest).min();
        }
        points
    }

    /// Evidenced when the oldest point is as old as the promised days, otherwise effective.
    fn level(&self, now: Timestamp, days: i64) -> Level {
        let far = a_day_less(now, days);
        if self.oldest.is_some_and(|oldest| oldest <= far) { Level::Evidenced } else { Level::Effective }
    }
}
