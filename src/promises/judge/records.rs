//! The check of the bucket that keeps the records of an environment.

use super::population::Population;
use super::subject::{Subject, each_that_keeps_data};
use super::view::View;
use super::{Asked, VerdictReason};
use crate::kinds::bucket;
use crate::model::equality::policy::{same_statement, statements};
use crate::model::value::Map;
use crate::model::{Name, UnknownCause, Value};

/// With it access lists have no effect, and policies alone decide.
const OWNER: &str = "BucketOwnerEnforced";

/// How S3 encrypts. A bucket without an algorithm is read as `none`; the key follows the algorithm.
const ALGORITHMS: [&str; 3] = ["AES256", "aws:kms", "aws:kms:dsse"];

/// How S3 locks. A retention without a mode is read with the mode `none`.
const MODES: [&str; 2] = ["GOVERNANCE", "COMPLIANCE"];

pub(super) fn protected(view: &View<'_>, population: &mut Population) {
    each_that_keeps_data(view, view.ours(bucket::NAME), population, &VerdictReason::RecordsGone, |subject| {
        let on = |value: &Value| *value == Value::Bool(true);
        subject.require(bucket::at::versioning, on, Asked::RecordsReplaced);
        subject.require(bucket::at::object_lock, on, Asked::RecordsDeleted);
        locked(subject);
        subject.require(bucket::at::encryption, encrypts, Asked::StorageReadable);
        let all_on = |value: &Value| {
            let switch = |name: &str| value.as_map().and_then(|map| map.get(name)) == Some(&Value::Bool(true));
            bucket::SWITCHES.iter().all(|name| switch(name))
        };
        subject.require(bucket::at::public_access_block, all_on, Asked::RecordsOpened);
        subject.require(bucket::at::object_ownership, |value| value.as_text() == Some(OWNER), Asked::RecordsOpened);
        denies(subject);
        expires(subject);
    });
}

fn encrypts(value: &Value) -> bool {
    value.as_text().and_then(|text| text.split(' ').next()).is_some_and(|algorithm| ALGORITHMS.contains(&algorithm))
}

fn declared<'a>(subject: &Subject<'a, '_>, attribute: Name) -> Option<&'a Value> {
    subject.member.declared.and_then(|declared| declared.attributes.get(attribute))
}

/// New records are locked for at least the declared days.
fn locked(subject: &mut Subject<'_, '_>) {
    let of = |value: &Value| value.as_map().and_then(|map| map.get("days")).and_then(Value::as_int);
    let days = declared(subject, bucket::at::default_retention.name()).and_then(of).unwrap_or(1);
    let mode = |value: &Value| value.as_map().and_then(|map| map.get("mode")?.as_text().map(|mode| MODES.contains(&mode)));
    let locks = |value: &Value| mode(value) == Some(true) && of(value).is_some_and(|kept| kept >= days);
    subject.require(bucket::at::default_retention, locks, Asked::LockedDays { days });
}

/// Every declared statement is in the policy. What an undeclared one allows is not judged.
fn denies(subject: &mut Subject<'_, '_>) {
    let Some(policy) = subject.note(bucket::at::policy) else { return };
    let wanted = declared(subject, bucket::at::policy.name()).map(statements).unwrap_or_default();
    let live = statements(policy);
    let (lacks, mut adds) = (beyond(&wanted, &live), beyond(&live, &wanted));
    adds.retain(|name| !lacks.contains(name));
    if !lacks.is_empty() {
        subject.broken(VerdictReason::PolicyLacks { statements: lacks });
    }
    if !adds.is_empty() {
        subject.unknown(UnknownCause::NotUnderstood, VerdictReason::PolicyAdds { statements: adds });
    }
}

/// The names of what these statements have and the others lack. A statement says the same under any name: one `Sid` may stand
/// several times.
fn beyond(these: &Map, others: &Map) -> Vec<String> {
    let more = these.iter().filter(|(_, statement)| !others.values().any(|other| same_statement(other, statement)));
    let sid = |statement: &Value| {
        statement.as_map().and_then(|map| map.get("Sid")?.as_text()).filter(|sid| !sid.is_empty()).map(str::to_owned)
    };
    more.map(|(name, statement)| sid(statement).unwrap_or_else(|| name.to_string())).collect()
}

/// No rule that is not declared removes a version.
fn expires(subject: &mut Subject<'_, '_>) {
    let Some(live) = subject.note(bucket::at::lifecycle) else { return };
    let rules = |list: Option<&Value>| list.and_then(Value::as_list).unwrap_or_default().to_vec();
    let wanted = rules(declared(subject, bucket::at::lifecycle.name()));
    let wanted: Vec<&Map> = wanted.iter().filter_map(Value::as_map).collect();
    for rule in rules(Some(live)).iter().filter_map(Value::as_map) {
        let on = rule.get("enabled") == Some(&Value::Bool(true));
        if on && removes(rule) && !wanted.iter().any(|declared| within(rule, declared)) {
            let id = rule.get("id").map(ToString::to_string).unwrap_or_default();
            subject.broken(VerdictReason::RecordsExpire { rule: id });
        }
    }
}

/// Whether a rule removes only what a declared one removes: of the same objects or fewer, and not earlier.
fn within(rule: &Map, declared: &Map) -> bool {
    let prefix = |rule: &Map| rule.get("prefix").and_then(Value::as_text).unwrap_or_default().to_owned();
    let days = |rule: &Map| rule.get("noncurrent_days").and_then(Value::as_int);
    let later = match (days(rule), days(declared)) {
        (Some(days), Some(declared)) => days >= declared,
        (days, _) => days.is_none(),
    };
    let more = |rule: &Map| rule.get("more").and_then(Value::as_list).unwrap_or_default().to_vec();
    let known = |element: &Value| REMOVE_NOTHING.iter().any(|name| element.as_text() == Some(name));
    let same = more(rule).iter().all(|element| known(element) || more(declared).contains(element));
    declared.get("enabled") == Some(&Value::Bool(true)) && later && same && prefix(rule).starts_with(&prefix(declared))
}

/// Elements of a rule that only say to what it applies, or move an object to another storage class.
const REMOVE_NOTHING: [&str; 5] = ["Filter.Tag", "Filter.And", "Filter.ObjectSize", "Transition", "NoncurrentVersionTransition"];

/// Whether a rule does more than to end unfinished uploads and to move objects. An element that is not known may remove some.
fn removes(rule: &Map) -> bool {
    let may = |element: &Value| element.as_text().is_none_or(|name| !REMOVE_NOTHING.contains(&name));
    let more = rule.get("more").and_then(Value::as_list).is_some_and(|more| more.iter().any(may));
    more || rule.get("noncurrent_days").is_some_and(|days| !days.is_null())
}
