//! Where data is, and how it is encrypted. These promises are about all data: foreign databases and copies are members too.

use super::super::slug;
use super::population::Population;
use super::subject::{Subject, each, wait};
use super::view::{Found, Member, View, arn_region, region_of};
use super::{Asked, VerdictReason};
use crate::kinds::{backup_plan, backup_vault, db_instance, db_parameter_group, kms_key};
use crate::model::value::Link;
use crate::model::{Attr, Name, Region, Status, Value, VerdictState};

/// The most days between two rotations of a key: at least once a year.
const ROTATION_MOST: i64 = 365;

pub(super) fn residency(view: &View<'_>, population: &mut Population) {
    for kind in [db_instance::NAME, backup_vault::NAME, kms_key::NAME] {
        each(view, view.all(kind), population, |subject| {
            let region = subject.member.region.code();
            subject.fact("region", region);
        });
    }
    each(view, view.all(backup_plan::NAME), population, |subject| {
        let region = subject.member.region;
        for (list, vault) in vaults(&subject.member) {
            let place = match vault {
                Value::Text(text) => arn_region(text).map_or_else(|| region.code().to_owned(), str::to_owned),
                other => region_of(other).unwrap_or(region).code().to_owned(),
            };
            subject.fact(format_args!("{list} {vault}"), &place);
            if ![Region::Tokyo, Region::Osaka].iter().any(|region| region.code() == place) {
                subject.broken(VerdictReason::SentElsewhere { list, place, vault: vault.clone() });
            }
        }
    });
}

/// Every vault that a backup plan names: the vaults of its rules and those of its copies.
fn vaults<'a>(plan: &Member<'a>) -> Vec<(Name, &'a Value)> {
    let of = |list: Name| {
        let elements = plan.live.attributes.values().get(list).and_then(Value::as_list).unwrap_or_default().iter();
        elements.filter_map(move |element| Some((list, element.as_map()?.get("vault")?)))
    };
    of(backup_plan::at::rules.name()).chain(of(backup_plan::at::copies.name())).collect()
}

pub(super) fn at_rest(view: &View<'_>, population: &mut Population) {
    each(view, view.all(db_instance::NAME), population, |subject| {
        subject.require(db_instance::at::storage_encrypted, is_true, Asked::StorageReadable);
        if is_true(subject.value(db_instance::at::storage_encrypted)) {
            own_key(view, subject, db_instance::at::kms_key);
        }
    });
    each(view, view.all(backup_vault::NAME), population, |subject| own_key(view, subject, backup_vault::at::kms_key));
    each(view, view.ours(kms_key::NAME), population, sound_key);
}

fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// Requires a key that the account manages and that the region lists. A declared key is a subject of its own; of an undeclared
/// one this subject says what is wrong with the key.
fn own_key(view: &View<'_>, subject: &mut Subject<'_, '_>, key: Attr<Link>) {
    let link = subject.note(key);
    match view.follow(link, kms_key::NAME, subject.member.region) {
        Found::Here(keys) => {
            for key in keys.iter().filter(|key| key.declared.is_none()) {
                subject.fact_of(key, kms_key::at::rotation_days);
                if let Some(reason) = unsound(key) {
                    subject.broken(reason);
                }
            }
        }
        Found::Hidden(failed) => subject.hidden(failed),
        Found::Nowhere => subject.broken(VerdictReason::KeyOfOthers { key: link.clone() }),
    }
}

fn sound_key(subject: &mut Subject<'_, '_>) {
    subject.note(kms_key::at::enabled);
    subject.note(kms_key::at::rotation_days);
    if let Some(reason) = unsound(&subject.member) {
        subject.broken(reason);
    }
}

fn unsound(key: &Member<'_>) -> Option<VerdictReason> {
    if let Status::Failed(word) = &key.live.status {
        return Some(VerdictReason::KeyFailed { key: key.subject(), word: word.clone() });
    }
    if key.live.attributes.known(kms_key::at::enabled) != Some(true) {
        return Some(VerdictReason::KeyOff);
    }
    match key.live.attributes.known(kms_key::at::rotation_days) {
        None => Some(VerdictReason::KeyNotRotated),
        Some(days) if days > ROTATION_MOST => Some(VerdictReason::KeyRotatedSeldom { days, most: ROTATION_MOST }),
        Some(_) => None,
    }
}

pub(super) fn in_transit(view: &View<'_>, population: &mut Population) {
    each(view, view.all(db_instance::NAME), population, |subject| {
        let private = |value: &Value| *value == Value::Bool(false);
        subject.require(db_instance::at::publicly_accessible, private, Asked::PublicName);
        let demanded: &[Demand] = match subject.value(db_instance::at::engine).as_text() {
            Some("postgres") => &[("rds.force_ssl", &["1", "on"])],
            Some("mysql" | "mariadb") => &[("require_secure_transport", &["1", "on"])],
            _ => &[],
        };
        parameters(view, subject, demanded, slug::ENCRYPTION_IN_TRANSIT);
    });
}

/// A parameter, and its values that keep the promise. A message recommends the first of them.
pub(super) type Demand = (&'static str, &'static [&'static str]);

/// Requires that the database runs with a parameter group that sets each of these parameters to one of the values, and that the
/// group has taken effect.
pub(super) fn parameters(view: &View<'_>, subject: &mut Subject<'_, '_>, demanded: &[Demand], promise: &'static str) {
    if demanded.is_empty() {
        let engine = subject.note(db_instance::at::engine).clone();
        return subject.unknown(VerdictReason::EngineUnknown { engine, promise });
    }
    let region = subject.member.region;
    let link = subject.note(db_instance::at::parameter_group);
    let group = match view.follow(link, db_parameter_group::NAME, region) {
        Found::Hidden(failed) => return subject.hidden(failed),
        // The drivers never list AWS's own groups, whose values differ by engine version.
        Found::Nowhere => return subject.unknown(VerdictReason::ParametersUnread { group: link.clone() }),
        Found::Here(groups) => groups,
    };
    let fits = |member: &Member<'_>, name: &str, accepted: &[&str]| {
        let values = member.live.attributes.values().get(db_parameter_group::at::parameters).and_then(Value::as_map);
        let value = values.and_then(|values| values.get(name)).cloned().unwrap_or(Value::Null);
        let good = value.as_text().is_some_and(|text| accepted.iter().any(|right| text.eq_ignore_ascii_case(right)));
        (value, good)
    };
    let mut sound = true;
    for (name, accepted) in demanded {
        for member in &group {
            let (value, good) = fits(member, name, accepted);
            if view.told {
                subject.fact(format_args!("{} {name}", member.subject()), &value);
            }
            if !good {
                sound = false;
                let right = accepted.first().copied().unwrap_or_default();
                subject.broken(VerdictReason::ParameterIs { group: member.subject(), name, value, right });
            }
        }
    }
    let Some(queued) =
        subject.member.live.pending.iter().find(|pending| pending.attribute == db_instance::at::parameter_group.name())
    else {
        return;
    };
    subject
        .fact(format_args!("{} (pending)", db_instance::at::parameter_group), format_args!("{}, {}", queued.value, wait(queued)));
    if sound {
        subject.say(VerdictState::Pending, VerdictReason::ParametersWait { when: wait(queued) });
    }
}
