//! The prerequisites of AWS Backup: a schedule, a role that it may assume, a key whose policy admits it. A declared setting is
//! right. Of any other setting the check says that it stops the copies, or that its effect is unknown.

use std::ops::RangeInclusive;

use super::view::Member;
use super::{Undeclared, VerdictReason};
use crate::kinds::{documents, iam_role, kms_key, session};
use crate::model::statement::{named_statements, statements};
use crate::model::value::Map;
use crate::model::{Name, Value, VerdictState};

type Shortfall = (VerdictState, VerdictReason);

const SERVICE: &str = "backup.amazonaws.com";

/// Whether an AWS cron expression, `cron(minute hour day month weekday year)`, runs at least once on every day. AWS demands `?`
/// for the day or for the weekday.
pub(super) fn daily(schedule: &str) -> bool {
    let inner = schedule.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')'));
    let fields: Vec<&str> = inner.map(|inner| inner.split_whitespace().collect()).unwrap_or_default();
    let [minute, hour, day, month, weekday, year] = fields[..] else { return false };
    let any = |field: &str| ["*", "1/1"].contains(&field);
    let days = (any(day) && weekday == "?") || (day == "?" && any(weekday));
    strikes(minute, 0..=59) && strikes(hour, 0..=23) && days && any(month) && year == "*"
}

/// Whether AWS accepts the field of a time of day: `*`, numbers, ranges and steps.
fn strikes(field: &str, within: RangeInclusive<u8>) -> bool {
    let number = |text: &str| -> Option<u8> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && within.contains(number))
    };
    let span = |text: &str| match text.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
        None => text == "*" || number(text).is_some(),
    };
    field.split(',').all(|part| match part.split_once('/') {
        Some((from, step)) => span(from) && number(step).is_some_and(|step| step > 0),
        None => span(part),
    })
}

/// What the policy of the vault's key lacks. The right policy is the declared one; for an undeclared key, the one that tokaido
/// declares for keys. `account` has twelve digits.
pub(super) fn key(key: &Member<'_>, account: &str) -> Option<Shortfall> {
    let policy = key.live.attributes.values().get(kms_key::at::policy).unwrap_or(&Value::Null);
    let declared = key.declared.and_then(|declared| declared.attributes.get(kms_key::at::policy)).cloned();
    if statements(policy) == statements(&declared.unwrap_or_else(|| documents::key_policy(account))) {
        return None;
    }
    let key = key.subject();
    if *policy != Value::Null && !each(policy).iter().any(allows) {
        return Some((VerdictState::Broken, VerdictReason::KeyAdmitsNobody { key }));
    }
    Some((VerdictState::Unknown, VerdictReason::KeyPolicyUnsure { key }))
}

/// What the role lacks: who may assume it, what it may do, and what limits it. `account` has twelve digits.
pub(super) fn role(role: &Member<'_>, account: &str) -> Option<Shortfall> {
    let live = |attribute: Name| role.live.attributes.values().get(attribute).unwrap_or(&Value::Null);
    let declared = |attribute: Name| role.declared.and_then(|declared| declared.attributes.get(attribute));
    let list = |value: &Value| value.as_list().unwrap_or_default().to_vec();
    let broken = |reason: VerdictReason| Some((VerdictState::Broken, reason));
    let subject = role.subject();
    let attached = list(live(iam_role::at::managed_policies.name()));
    if !iam_role::BACKUP_POLICIES.first().is_some_and(|policy| attached.contains(&Value::from(*policy))) {
        return broken(VerdictReason::RoleMayNotBackUp { role: subject });
    }
    let trust = live(iam_role::at::trust.name());
    let trusted = declared(iam_role::at::trust.name()).cloned().unwrap_or_else(|| documents::service_trust(SERVICE, account));
    let as_declared = statements(trust) == statements(&trusted);
    if !as_declared && !trusts(trust) {
        return broken(VerdictReason::RoleNotAssumable { role: subject, service: SERVICE });
    }
    let inline = live(iam_role::at::inline_policies.name());
    let none = Value::from(Map::new());
    let wanted = declared(iam_role::at::inline_policies.name()).unwrap_or(&none);
    if let Some(name) = inline.as_map().into_iter().flatten().find_map(|(name, document)| denies_all(document).then_some(name)) {
        return broken(VerdictReason::RoleDenied { role: subject, policy: name.to_string() });
    }
    let known: Vec<Value> = declared(iam_role::at::managed_policies.name())
        .map_or_else(|| iam_role::BACKUP_POLICIES.iter().map(|policy| Value::from(*policy)).collect(), list);
    let allowed = list(declared(iam_role::at::permissions_boundary.name()).unwrap_or(&Value::Null));
    let limits = list(live(iam_role::at::permissions_boundary.name()));
    let odd = [
        (!as_declared).then_some(Undeclared::Trust),
        limits.iter().find(|arn| !allowed.contains(arn)).map(|arn| Undeclared::Boundary { arn: arn.clone() }),
        (named_statements(inline) != named_statements(wanted)).then_some(Undeclared::Inline),
        attached.iter().find(|arn| !known.contains(arn)).map(|arn| Undeclared::Policy { arn: arn.clone() }),
    ];
    let what = odd.into_iter().flatten().next()?;
    Some((VerdictState::Unknown, VerdictReason::RoleUnsure { role: subject, what: what.into() }))
}

fn allows(statement: &Map) -> bool {
    statement.get("Effect").and_then(Value::as_text) == Some("Allow")
}

/// The statements, each in its canonical form.
fn each(document: &Value) -> Vec<Map> {
    statements(document).into_values().filter_map(|statement| statement.as_map().cloned()).collect()
}

fn texts<'a>(statement: &'a Map, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    statement.get(key).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text)
}

/// Whether a statement may let AWS Backup assume the role. Conditions are not judged.
fn trusts(document: &Value) -> bool {
    each(document).iter().any(|statement| {
        let principals = statement.get("Principal").and_then(Value::as_map).into_iter().flat_map(Map::values);
        let mut principals = principals.flat_map(|names| names.as_list().unwrap_or_default()).filter_map(Value::as_text);
        let meant = principals.any(|name| name == "*" || name.eq_ignore_ascii_case(SERVICE));
        let assumes = |action: &str| action.contains('*') || action.eq_ignore_ascii_case(session::ASSUME_ROLE);
        let action = statement.contains_key("NotAction") || texts(statement, "Action").any(assumes);
        allows(statement) && action && (meant || statement.contains_key("NotPrincipal"))
    })
}

/// Whether a statement denies every action on every resource without a condition.
fn denies_all(document: &Value) -> bool {
    each(document).iter().any(|statement| {
        let all = |key: &str| texts(statement, key).any(|text| text == "*");
        let denies = statement.get("Effect").and_then(Value::as_text) == Some("Deny");
        denies && all("Action") && all("Resource") && !statement.contains_key("Condition")
    })
}
