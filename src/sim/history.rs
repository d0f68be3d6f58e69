//! What AWS does by itself while time passes: RDS keeps a database restorable, AWS Backup makes a recovery point every day and
//! copies it. It is derived from the log alone, so every reader of the log gets the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::kinds::backup_plan::{Candidate, Choice, Chosen, Selection};
use crate::kinds::kit::Spec as _;
use crate::kinds::{backup_plan, backup_vault, db_cluster, db_instance, facts, iam_role, kms_key};
use crate::model::Status;
use crate::model::value::Link;
use crate::world::Told;
use crate::world::behaviour::SimObject;

use super::entry::Key;
use super::objects::Objects;

/// Until the first backup of a new database has ended.
const FIRST_BACKUP: SignedDuration = SignedDuration::from_mins(15);
/// How long a copy needs to Osaka.
const ARRIVAL: SignedDuration = SignedDuration::from_hours(2);
/// RDS uploads logs this often.
const UPLOAD: i64 = 5 * 60;

/// One recovery point in one vault.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Point {
    vault: Key,
    resource: String,
    /// The time of its source; the age of a copy counts from there.
    created: Timestamp,
    arrives: Timestamp,
    /// `None`: for ever.
    expires: Option<Timestamp>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct History {
    born: BTreeMap<Key, Timestamp>,
    /// The first time to which each database can be restored.
    floor: BTreeMap<Key, Timestamp>,
    plans: BTreeSet<Key>,
    points: Vec<Point>,
}

impl History {
    /// Before an entry takes effect: everything that happened by itself since the entry before.
    pub(super) fn pass(&mut self, objects: &Objects, from: Timestamp, to: Timestamp) {
        if from >= to {
            return;
        }
        for plan in self.plans.clone() {
            if let Some(object) = objects.get(&plan) {
                self.run(objects, object, from, to);
            }
        }
        self.points.retain(|point| point.expires.is_none_or(|expires| expires > to));
    }

    /// The effect of a new or changed object on what was kept.
    pub(super) fn put(&mut self, before: Option<&SimObject>, object: &SimObject, now: Timestamp) {
        let key = Key::of(object);
        if object.kind == backup_plan::NAME {
            self.plans.insert(key);
            return;
        }
        if ![db_instance::NAME, db_cluster::NAME].contains(&object.kind.as_str()) {
            return;
        }
        self.born.entry(key.clone()).or_insert(now);
        let (old, new) = (before.map_or(0, retention), retention(object));
        if old == new {
            return;
        }
        // Fewer days discard what is older; after zero the time begins anew.
        let kept = if old == 0 { now } else { back(now, old.min(new)) };
        let floor = self.floor.entry(key).or_insert(kept);
        *floor = (*floor).max(kept);
    }

    pub(super) fn remove(&mut self, key: &Key) {
        self.plans.remove(key);
        self.born.remove(key);
        self.floor.remove(key);
    }

    /// Runs the rules of a backup plan at each of their times.
    fn run(&mut self, objects: &Objects, plan: &SimObject, from: Timestamp, to: Timestamp) {
        let Ok(spec) = backup_plan::Spec::raise(&plan.attributes) else { return };
        for rule in &spec.rules {
            for at in times(&rule.schedule, &rule.timezone, from, to) {
                for selection in &spec.selections {
                    if !selection.role.physical().is_ok_and(|role| able(objects, plan, role)) {
                        continue;
                    }
                    for resource in meant(objects, plan, selection) {
                        self.take(objects, plan, &spec, rule, &resource, at);
                    }
                }
            }
        }
    }

    fn take(
        &mut self,
        objects: &Objects,
        plan: &SimObject,
        spec: &backup_plan::Spec,
        rule: &backup_plan::Rule,
        resource: &str,
        at: Timestamp,
    ) {
        let there = objects.with_output("arn", resource).any(|object| {
            object.kind == db_instance::NAME
                && object.account == plan.account
                && object.settles_at <= at
                && db_instance::KIND.behaviour.states.status(&object.settled) == Status::Ready
        });
        let vault = |name: &str, value: &str, days: Option<i64>| usable_vault(objects, plan, (name, value), days);
        let kept = Some(rule.delete_after_days).filter(|days| *days > 0);
        let home = rule.vault.physical().ok().and_then(|name| vault("name", name, kept));
        let Some(home) = home.filter(|_| there) else { return };
        let point = |vault: Key, arrives: Timestamp, days: Option<i64>| Point {
            vault,
            resource: resource.to_owned(),
            created: at,
            arrives,
            expires: days.map(|days| later(at, whole_days(days))),
        };
        self.points.push(point(home, at, kept));
        for copy in spec.copies.iter().filter(|copy| copy.rule == rule.name) {
            if let Some(target) = copy.vault.physical().ok().and_then(|arn| vault("arn", arn, copy.delete_after_days)) {
                self.points.push(point(target, later(at, ARRIVAL), copy.delete_after_days));
            }
        }
    }

    /// The facts that RDS gives of a database or a cluster.
    pub(super) fn of_database(&self, object: &SimObject, now: Timestamp) -> Vec<Told> {
        let key = Key::of(object);
        let Some(born) = self.born.get(&key).copied() else { return Vec::new() };
        let tell = |name: &str, at: Timestamp| Told {
            physical: object.physical.clone(),
            name: name.to_owned(),
            value: at.to_string(),
            operation: format!("sim:facts {}", object.kind),
        };
        let mut told = vec![tell(facts::CREATED, born)];
        let first = later(born, FIRST_BACKUP);
        if retention(object) > 0 && now >= first {
            let seconds = now.as_second();
            let latest = Timestamp::from_second(seconds - seconds.rem_euclid(UPLOAD)).unwrap_or(now);
            let floor = self.floor.get(&key).copied().unwrap_or(born);
            let earliest = first.max(floor).max(back(now, retention(object)));
            told.push(tell(facts::LATEST_RESTORABLE, latest.max(earliest)));
            told.push(tell(facts::EARLIEST_RESTORABLE, earliest));
        }
        told
    }

    /// The recovery points in a vault.
    pub(super) fn of_vault(&self, object: &SimObject, now: Timestamp) -> Vec<Told> {
        let key = Key::of(object);
        let mut found: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
        for point in self.points.iter().filter(|point| point.vault == key && point.arrives <= now) {
            found.entry(&point.resource).or_default().push(point.created);
        }
        let tell = |name: &str, resource: &str, value: String| Told {
            physical: object.physical.clone(),
            name: facts::of_points(name, resource),
            value,
            operation: "sim:facts backup-vault".to_owned(),
        };
        let of = |(resource, times): (&str, Vec<Timestamp>)| {
            let (newest, oldest) = (times.iter().max().copied(), times.iter().min().copied());
            let mut told = vec![tell(facts::POINTS, resource, times.len().to_string())];
            told.extend(newest.map(|at| tell(facts::NEWEST_POINT, resource, at.to_string())));
            told.extend(oldest.map(|at| tell(facts::OLDEST_POINT, resource, at.to_string())));
            told
        };
        found.into_iter().flat_map(of).collect()
    }
}

fn retention(object: &SimObject) -> i64 {
    let of_cluster = || object.attributes.typed(db_cluster::at::backup_retention_days);
    object.attributes.typed(db_instance::at::backup_retention_days).or_else(of_cluster).unwrap_or(0)
}

fn whole_days(days: i64) -> SignedDuration {
    SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60))
}

fn back(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_sub(whole_days(days)).unwrap_or(now)
}

fn later(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.saturating_add(duration).unwrap_or(at)
}

/// A role with AWS's policy for backups.
fn able(objects: &Objects, plan: &SimObject, role: &str) -> bool {
    objects.with_output("arn", role).any(|object| {
        let attached = || object.attributes.typed(iam_role::at::managed_policies).unwrap_or_default();
        object.kind == iam_role::NAME
            && object.account == plan.account
            && attached().iter().any(|policy| Some(policy.as_str()) == iam_role::BACKUP_POLICIES.first().copied())
    })
}

/// The databases that a selection means, by ARN. The simulated account has opted in to backups of RDS.
fn meant(objects: &Objects, plan: &SimObject, selection: &Selection) -> Vec<String> {
    let choice = Choice::of(selection);
    let databases = objects.of_kind(&plan.account, plan.region, db_instance::NAME);
    let arns = databases.filter_map(|object| Some((object, object.outputs.get("arn")?)));
    let chosen = arns.filter(|(object, arn)| {
        let links = [Link::Physical(arn.to_string())];
        choice.means(&Candidate { links: &links, arn, tags: &object.tags }) >= Chosen::OptedIn
    });
    chosen.map(|(_, arn)| arn.to_string()).collect()
}

/// The vault with this name in the plan's region, or with this ARN, if its key can be used and its lock takes what lives for so
/// many days (`None`: for ever).
fn usable_vault(objects: &Objects, plan: &SimObject, (output, value): (&str, &str), days: Option<i64>) -> Option<Key> {
    let vault = objects.with_output(output, value).find(|object| {
        object.kind == backup_vault::NAME && object.account == plan.account && (output == "arn" || object.region == plan.region)
    })?;
    if let Some(lock) = vault.attributes.typed(backup_vault::at::lock) {
        let short = lock.min_days.zip(days).is_some_and(|(min, days)| days < min);
        if short || lock.max_days.is_some_and(|max| days.is_none_or(|days| days > max)) {
            return None;
        }
    }
    let key = vault.attributes.text(backup_vault::at::kms_key)?;
    let works = objects.with_output("arn", key).any(|object| {
        object.kind == kms_key::NAME && object.attributes.typed(kms_key::at::enabled) == Some(true) && object.settled == "Enabled"
    });
    works.then(|| Key::of(vault))
}

/// The times of `cron(minute hour …)` after `from` and not after `to`; another form gives none here.
fn times(schedule: &str, zone: &str, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let inner = schedule.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    let fields: Vec<&str> = inner.split_whitespace().collect();
    let number = |index: usize| fields.get(index).and_then(|field| field.parse::<i8>().ok());
    let daily = fields.len() == 6 && fields[2..].iter().all(|field| ["*", "?"].contains(field));
    let time = number(1).zip(number(0)).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    let (Some(time), Ok(zone), true) = (time, TimeZone::get(zone), daily) else { return Vec::new() };
    let mut day = from.to_zoned(zone.clone()).date();
    let mut found = Vec::new();
    loop {
        let Ok(at) = day.to_datetime(time).to_zoned(zone.clone()) else { return found };
        let at = at.timestamp();
        if at > to {
            return found;
        }
        if at > from {
            found.push(at);
        }
        let Ok(next) = day.checked_add(1.day()) else { return found };
        day = next;
    }
}
