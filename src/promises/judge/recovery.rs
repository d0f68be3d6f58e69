//! Point-in-time recovery in Tokyo, and the recovery points in Osaka.

use super::super::{ARRIVAL_DAYS, slug};
use super::population::{Judged, Population};
use super::prerequisites::Shortfall;
use super::subject::{FAILED, Subject, UNCLEAR, absent, each, each_that_keeps_data, missing, unread};
use super::view::{Called, Found, Member, Seen, View};
use super::{Asked, Schedule, VerdictReason, clusters, prerequisites};
use crate::kinds::{backup_plan, backup_vault, db_cluster, db_instance, facts, iam_role, kms_key};
use crate::model::equality::{self, schedule};
use crate::model::{
    Environment, Examined, Fact, Home, Level, Name, Region, ResourceId, Standing, Status, UnknownCause, Value, VerdictState,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

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

/// How a backup plan covers a database.
struct Copying<'a> {
    plan: Member<'a>,
    /// The vault of the snapshots, which are copied from there.
    source: &'a Value,
    vault: &'a Value,
    days: Option<i64>,
    role: &'a Value,
    schedule: Option<&'a str>,
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

/// A backup plan, taken apart once for all databases.
struct Plan<'a> {
    member: Member<'a>,
    /// What of it was not read: it may select any database.
    unread: Option<Shortfall>,
    /// The positions of the selections that name a database, by what a link to the database says.
    named: BTreeMap<Called<'a>, Vec<usize>>,
    /// For each selection the copies that its role makes, each with the reason why it does not keep the promise, if it does not.
    copying: Vec<Vec<(Copying<'a>, Option<Shortfall>)>>,
}

impl<'a> Plan<'a> {
    fn of(view: &View<'a>, member: Member<'a>, days: i64) -> Self {
        let mut plan = Self { member, unread: None, named: BTreeMap::new(), copying: Vec::new() };
        let [rules, copies, selections] =
            [backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()].map(|name| {
                view.read(&member, name).map_or_else(
                    |why| {
                        plan.unread.get_or_insert_with(|| unread(name, why, Some(&member)));
                        [].as_slice()
                    },
                    |list| list.as_list().unwrap_or_default(),
                )
            });
        for (place, selection) in selections.iter().filter_map(Value::as_map).enumerate() {
            let resources = selection.get("resources").and_then(Value::as_list).unwrap_or_default();
            for name in resources.iter().filter_map(Called::by) {
                plan.named.entry(name).or_default().push(place);
            }
            let role = selection.get("role").unwrap_or(&Value::Null);
            let judged = |copying: Copying<'a>| {
                let shortfall = shortfall(view, &copying, days).err();
                (copying, shortfall)
            };
            plan.copying.push(copies_of(member, rules, copies, role).into_iter().map(judged).collect());
        }
        plan
    }

    /// The selections that name this database.
    fn selections(&self, database: &Member<'_>) -> BTreeSet<usize> {
        database.names().filter_map(|name| self.named.get(&name)).flatten().copied().collect()
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
    let here = plans.iter().filter(|plan| plan.member.region == subject.member.region);
    let (mut verdicts, mut selected) = (Vec::new(), false);
    for plan in here {
        for selection in plan.selections(&subject.member) {
            selected = true;
            verdicts.extend(&plan.copying[selection]);
        }
    }
    // One plan that keeps the promise is enough. Otherwise the first shortfall of each plan is named.
    if let Some((copying, _)) = verdicts.iter().find(|(_, shortfall)| shortfall.is_none()) {
        tell(subject, copying);
        return arrived(view, subject, copying.vault, days);
    }
    // A plan that a failed read may hide is unknown, not missing.
    let blind = view
        .input
        .observed
        .unreadable
        .iter()
        .find(|failed| failed.kind == backup_plan::NAME && failed.region == subject.member.region);
    let unread = plans.iter().filter(|plan| plan.member.region == subject.member.region).find_map(|plan| plan.unread.as_ref());
    match (verdicts.first(), blind) {
        (None, Some(failed)) => subject.hidden(failed),
        (None, None) if unread.is_some() => unread.into_iter().for_each(|(judged, reason)| subject.say(*judged, reason.clone())),
        (None, None) if selected => subject.broken(VerdictReason::NothingCopied),
        (None, None) => subject.broken(VerdictReason::NotSelected),
        (Some(_), _) => {
            for (copying, shortfall) in verdicts {
                tell(subject, copying);
                if let Some((judged, reason)) = shortfall {
                    subject.say(*judged, reason.clone());
                }
            }
        }
    }
}

fn tell(subject: &mut Subject<'_, '_>, copying: &Copying<'_>) {
    subject.fact_of(&copying.plan, backup_plan::at::copies);
    subject.fact_of(&copying.plan, backup_plan::at::selections);
}

fn copies_of<'a>(plan: Member<'a>, rules: &'a [Value], copies: &'a [Value], role: &'a Value) -> Vec<Copying<'a>> {
    let in_osaka = |vault: &Value| super::view::region_of(vault) == Some(Region::Osaka);
    copies
        .iter()
        .filter_map(Value::as_map)
        .filter_map(|copy| {
            let vault = copy.get("vault").filter(|vault| in_osaka(vault))?;
            let rule = rules.iter().filter_map(Value::as_map).find(|rule| rule.get("name") == copy.get("rule"))?;
            Some(Copying {
                plan,
                source: rule.get("vault").unwrap_or(&Value::Null),
                vault,
                days: copy.get("delete_after_days").and_then(Value::as_int),
                role,
                schedule: rule.get("schedule").and_then(Value::as_text),
            })
        })
        .collect()
}

/// Why this copy does not keep the promise, if it does not.
fn shortfall<'a>(view: &View<'a>, copying: &Copying<'a>, days: i64) -> Result<(), Shortfall> {
    let broken = |reason: VerdictReason| Err((VerdictState::Broken.into(), reason));
    let plan = copying.plan.subject();
    // As `validate` demands: a copy that needs a day to arrive is in Osaka for a day less than the declared lifetime.
    let margin = if view.input.desired.environment == Environment::Production { ARRIVAL_DAYS } else { 0 };
    let needed = days.saturating_add(margin);
    if let Some(kept) = copying.days.filter(|kept| *kept < needed) {
        return broken(VerdictReason::KeptTooShort { plan, kept, needed, days });
    }
    if !copying.schedule.is_some_and(schedule::daily) {
        return broken(VerdictReason::NotDaily { plan, schedule: Schedule(copying.schedule.map(str::to_owned)) });
    }
    // Without the vault of its snapshots there is nothing to copy.
    match view.follow(copying.source, backup_vault::NAME, copying.plan.region) {
        Found::Here(_) => {}
        Found::Hidden(failed) => return Err((FAILED, super::failure(failed))),
        Found::Nowhere => return broken(VerdictReason::VaultNotThere { vault: copying.source.clone() }),
    }
    let vaults = match view.follow(copying.vault, backup_vault::NAME, Region::Osaka) {
        Found::Here(vaults) => vaults,
        Found::Hidden(failed) => return Err((FAILED, super::failure(failed))),
        Found::Nowhere => return broken(VerdictReason::VaultNotThere { vault: copying.vault.clone() }),
    };
    let account = &view.input.desired.account;
    for vault in &vaults {
        let name = backup_vault::at::kms_key.name();
        let link = view.read(vault, name).map_err(|why| unread(name, why, Some(vault)))?;
        match view.follow(link, kms_key::NAME, Region::Osaka) {
            Found::Hidden(failed) => return Err((FAILED, super::failure(failed))),
            Found::Here(keys) => keys.iter().try_for_each(|key| prerequisites::key(view, key, &vault.subject(), account))?,
            Found::Nowhere => return broken(VerdictReason::VaultKeyUnusable { vault: vault.subject() }),
        }
    }
    // Without its role AWS Backup does nothing.
    match view.follow(copying.role, iam_role::NAME, Region::Global) {
        Found::Here(roles) => roles.iter().try_for_each(|role| prerequisites::role(view, role, account)),
        Found::Hidden(failed) => Err((FAILED, super::failure(failed))),
        Found::Nowhere => broken(VerdictReason::RoleNotThere { role: copying.role.clone() }),
    }
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
