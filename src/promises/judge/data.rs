//! Where data is, and how it is encrypted. These promises are about all data: foreign databases and copies are members too.

use super::super::slug;
use super::paths;
use super::population::Population;
use super::stores;
use super::subject::{Subject, each, wait};
use super::vault_policy::keeps_inside;
use super::view::{Found, View, account_of, arn_region, region_of};
use super::{Asked, VerdictReason, clusters, keys};
use crate::kinds::{backup_plan, backup_vault, db_cluster, db_instance, db_parameter_group, kms_key};
use crate::model::equality::{Spelling, parameter};
use crate::model::{Name, Region, UnknownCause, Value, VerdictState};

pub(super) fn residency(view: &View<'_>, population: &mut Population) {
    stores::residency(view, population);
    let account = view.input.desired.account.as_str();
    let here = |subject: &mut Subject<'_, '_>| {
        let region = subject.member.region.code();
        subject.fact("region", region);
    };
    each(view, view.all(db_instance::NAME), population, |subject| {
        here(subject);
        clusters::stays(subject, db_instance::at::replica_of, db_instance::at::replicas);
        if subject.value(db_instance::at::storage_encrypted).is_some_and(keys::is_true) {
            keys::material(view, subject, db_instance::at::kms_key);
        }
    });
    each(view, view.all(db_cluster::NAME), population, |subject| clusters::residency(view, subject));
    each(view, view.all(backup_vault::NAME), population, |subject| {
        here(subject);
        keys::material(view, subject, backup_vault::at::kms_key);
        if let Some(document) = subject.note(backup_vault::at::policy)
            && let Err((judged, reason)) = keeps_inside(document, account)
        {
            subject.say(judged, reason);
        }
    });
    each(view, view.all(kms_key::NAME), population, |subject| {
        here(subject);
        keys::elsewhere(subject);
    });
    each(view, view.all(backup_plan::NAME), population, |subject| {
        let region = subject.member.region;
        // A plan without a selection backs nothing up, so it sends nothing (AWS Backup developer guide, "Assigning resources to a
        // backup plan").
        let selects = subject.value(backup_plan::at::selections).map(|all| !all.as_list().is_some_and(<[Value]>::is_empty));
        for (list, vault) in vaults(subject).into_iter().filter(|_| selects == Some(true)) {
            let place = match vault {
                Value::Text(text) => arn_region(text).map_or_else(|| region.code().to_owned(), str::to_owned),
                other => region_of(other).unwrap_or(region).code().to_owned(),
            };
            subject.fact(format_args!("{list} {vault}"), &place);
            if ![Region::Tokyo, Region::Osaka].iter().any(|region| region.code() == place) {
                subject.broken(VerdictReason::SentElsewhere { list, place, vault: vault.clone() });
            }
            if let Some(other) = account_of(vault).filter(|other| *other != account) {
                subject.broken(VerdictReason::SentToAccount { list, account: other.to_owned(), vault: vault.clone() });
            }
        }
        if selects == Some(false) {
            subject.note(backup_plan::at::selections);
        }
    });
}

/// Every vault that a backup plan names: the vaults of its rules and those of its copies.
fn vaults<'a>(plan: &Subject<'a, '_>) -> Vec<(Name, &'a Value)> {
    let of = |list: Name| {
        let elements = plan.value(list).and_then(Value::as_list).unwrap_or_default().iter();
        elements.filter_map(move |element| Some((list, element.as_map()?.get("vault")?)))
    };
    of(backup_plan::at::rules.name()).chain(of(backup_plan::at::copies.name())).collect()
}

pub(super) fn at_rest(view: &View<'_>, population: &mut Population) {
    each(view, view.all(db_cluster::NAME), population, |subject| {
        subject.require(db_cluster::at::storage_encrypted, keys::is_true, Asked::StorageReadable);
        if subject.value(db_cluster::at::storage_encrypted).is_some_and(keys::is_true) {
            keys::own(view, subject, db_cluster::at::kms_key);
        }
    });
    each(view, view.all(db_instance::NAME), population, |subject| {
        if clusters::is_judged(view, subject) {
            return;
        }
        subject.require(db_instance::at::storage_encrypted, keys::is_true, Asked::StorageReadable);
        if subject.value(db_instance::at::storage_encrypted).is_some_and(keys::is_true) {
            keys::own(view, subject, db_instance::at::kms_key);
        }
    });
    each(view, view.all(backup_vault::NAME), population, |subject| keys::own(view, subject, backup_vault::at::kms_key));
    each(view, view.ours(kms_key::NAME), population, |subject| keys::unsound(view, subject, None));
    stores::at_rest(view, population);
}

pub(super) fn in_transit(view: &View<'_>, population: &mut Population) {
    each(view, view.all(db_cluster::NAME), population, clusters::in_transit);
    let proved = paths::proved(view);
    each(view, view.all(db_instance::NAME), population, |subject| {
        super::network::entered(&proved, subject);
        let private = |value: &Value| *value == Value::Bool(false);
        subject.require(db_instance::at::publicly_accessible, private, Asked::PublicName);
        // The settings of a member are in the parameter group of its cluster.
        if let Some(group) = clusters::group_of(view, subject) {
            return subject.unknown(UnknownCause::NotAsked, VerdictReason::ParametersUnread { group });
        }
        let Some(engine) = subject.value(db_instance::at::engine) else { return };
        let demanded: &[Demand] = match engine.as_text().map(|engine| Spelling::Case.form(engine)).as_deref() {
            Some("postgres") => &[("rds.force_ssl", &["1"])],
            Some("mysql" | "mariadb") => &[("require_secure_transport", &["1"])],
            _ => &[],
        };
        parameters(view, subject, demanded, slug::ENCRYPTION_IN_TRANSIT);
    });
}

/// A parameter, and its values that keep the promise, whatever their spelling. A message recommends the first of them.
pub(super) type Demand = (&'static str, &'static [&'static str]);

/// Whether this is a group of AWS's own. The drivers never list these, and their values differ by engine version.
fn is_default(group: &Value) -> bool {
    group.as_text().is_some_and(|name| name.starts_with("default."))
}

/// Requires that the database runs with a parameter group that sets each of these parameters to one of the values, and that the
/// group has taken effect.
pub(super) fn parameters(view: &View<'_>, subject: &mut Subject<'_, '_>, demanded: &[Demand], promise: &'static str) {
    if demanded.is_empty() {
        let engine = subject.note(db_instance::at::engine).cloned().unwrap_or(Value::Null);
        let cause = if engine.is_null() { UnknownCause::NotUnderstood } else { UnknownCause::NotAsked };
        return subject.unknown(cause, VerdictReason::EngineUnknown { engine, promise });
    }
    let region = subject.member.region;
    let Some(link) = subject.note(db_instance::at::parameter_group) else { return };
    let group = match view.follow(link, db_parameter_group::NAME, region) {
        Found::Hidden(failed) => return subject.hidden(failed),
        Found::Nowhere => {
            let cause = if is_default(link) { UnknownCause::NotAsked } else { UnknownCause::NotUnderstood };
            return subject.unknown(cause, VerdictReason::ParametersUnread { group: link.clone() });
        }
        Found::Here(groups) => groups,
    };
    let engine = subject.value(db_instance::at::engine).and_then(Value::as_text).unwrap_or_default();
    let mut sound = true;
    for member in &group {
        let values = match view.read(member, db_parameter_group::at::parameters.name()) {
            Ok(values) => values,
            Err(why) => {
                subject.unread(db_parameter_group::at::parameters.name(), why, Some(member));
                sound = false;
                continue;
            }
        };
        for (name, accepted) in demanded {
            let value = values.as_map().and_then(|values| parameter::of(values, name)).cloned().unwrap_or(Value::Null);
            if view.told {
                subject.fact(format_args!("{} {name}", member.subject()), &value);
            }
            let right = |text: &str| accepted.iter().any(|right| parameter::same(engine, name, text, right));
            if !value.as_text().is_some_and(right) {
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
