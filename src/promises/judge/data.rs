//! Where data is, and how it is encrypted. These are about all data: foreign databases and copies count.

use super::super::slug;
use super::population::Population;
use super::trial::{Trial, each, wait};
use super::view::{Found, Member, View, arn_region, region_of};
use super::{Asked, VerdictReason};
use crate::kinds::{backup_plan, backup_vault, db_instance, db_parameter_group, kms_key};
use crate::model::value::Link;
use crate::model::{Attr, Name, Region, Status, Value, VerdictState};

/// Keys are rotated at least once a year.
const ROTATION_MOST: i64 = 365;

pub(super) fn residency(view: &View<'_>, population: &mut Population) {
    for kind in [db_instance::NAME, backup_vault::NAME, kms_key::NAME] {
        each(view, view.all(kind), population, |trial| {
            let region = trial.member.region.code();
            trial.tell("region", region);
        });
    }
    each(view, view.all(backup_plan::NAME), population, |trial| {
        let region = trial.member.region;
        for (list, vault) in vaults(&trial.member) {
            let place = match vault {
                Value::Text(text) => arn_region(text).map_or_else(|| region.code().to_owned(), str::to_owned),
                other => region_of(other).unwrap_or(region).code().to_owned(),
            };
            trial.tell(format_args!("{list} {vault}"), &place);
            if ![Region::Tokyo, Region::Osaka].iter().any(|region| region.code() == place) {
                trial.broken(VerdictReason::SentElsewhere { list, place, vault: vault.clone() });
            }
        }
    });
}

/// Every vault that a plan names: its rules' own and those of its copies.
fn vaults<'a>(plan: &Member<'a>) -> Vec<(Name, &'a Value)> {
    let of = |list: Name| {
        let elements = plan.live.attributes.values().get(list).and_then(Value::as_list).unwrap_or_default().iter();
        elements.filter_map(move |element| Some((list, element.as_map()?.get("vault")?)))
    };
    of(backup_plan::at::rules.name()).chain(of(backup_plan::at::copies.name())).collect()
}

pub(super) fn at_rest(view: &View<'_>, population: &mut Population) {
    each(view, view.all(db_instance::NAME), population, |trial| {
        trial.must(db_instance::at::storage_encrypted, is_true, Asked::StorageReadable);
        if is_true(trial.value(db_instance::at::storage_encrypted)) {
            own_key(view, trial, db_instance::at::kms_key);
        }
    });
    each(view, view.all(backup_vault::NAME), population, |trial| own_key(view, trial, backup_vault::at::kms_key));
    each(view, view.ours(kms_key::NAME), population, sound_key);
}

fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// The key is one that a customer manages, in this region, as listed. Whether that key is sound is its own trial.
fn own_key(view: &View<'_>, trial: &mut Trial<'_, '_>, key: Attr<Link>) {
    let link = trial.note(key);
    match view.follow(link, kms_key::NAME, trial.member.region) {
        Found::Here(keys) => {
            for key in keys.iter().filter(|key| key.declared.is_none()) {
                trial.tell_of(key, kms_key::at::rotation_days);
                if let Some(reason) = unsound(key) {
                    trial.broken(reason);
                }
            }
        }
        Found::Hidden(failed) => trial.hidden(failed),
        Found::Nowhere => trial.broken(VerdictReason::KeyOfOthers { key: link.clone() }),
    }
}

fn sound_key(trial: &mut Trial<'_, '_>) {
    trial.note(kms_key::at::enabled);
    trial.note(kms_key::at::rotation_days);
    if let Some(reason) = unsound(&trial.member) {
        trial.broken(reason);
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
    each(view, view.all(db_instance::NAME), population, |trial| {
        let private = |value: &Value| *value == Value::Bool(false);
        trial.must(db_instance::at::publicly_accessible, private, Asked::PublicName);
        let demanded: &[Demand] = match trial.value(db_instance::at::engine).as_text() {
            Some("postgres") => &[("rds.force_ssl", &["1", "on"])],
            Some("mysql" | "mariadb") => &[("require_secure_transport", &["1", "on"])],
            _ => &[],
        };
        parameters(view, trial, demanded, slug::ENCRYPTION_IN_TRANSIT);
    });
}

/// A parameter, and the values of it that keep the promise; the first is the one to write.
pub(super) type Demand = (&'static str, &'static [&'static str]);

/// The database runs with a parameter group that sets each of these to one of the values, and it has taken effect.
pub(super) fn parameters(view: &View<'_>, trial: &mut Trial<'_, '_>, demanded: &[Demand], promise: &'static str) {
    if demanded.is_empty() {
        let engine = trial.note(db_instance::at::engine).clone();
        return trial.unknown(VerdictReason::EngineUnknown { engine, promise });
    }
    let region = trial.member.region;
    let link = trial.note(db_instance::at::parameter_group);
    let group = match view.follow(link, db_parameter_group::NAME, region) {
        Found::Hidden(failed) => return trial.hidden(failed),
        // AWS's own groups are never listed, and their values differ by version.
        Found::Nowhere => return trial.unknown(VerdictReason::ParametersUnread { group: link.clone() }),
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
                trial.tell(format_args!("{} {name}", member.subject()), &value);
            }
            if !good {
                sound = false;
                let right = accepted.first().copied().unwrap_or_default();
                trial.broken(VerdictReason::ParameterIs { group: member.subject(), name, value, right });
            }
        }
    }
    let Some(queued) =
        trial.member.live.pending.iter().find(|pending| pending.attribute == db_instance::at::parameter_group.name())
    else {
        return;
    };
    trial
        .tell(format_args!("{} (pending)", db_instance::at::parameter_group), format_args!("{}, {}", queued.value, wait(queued)));
    if sound {
        trial.say(VerdictState::Pending, VerdictReason::ParametersWait { when: wait(queued) });
    }
}
