//! The bucket of the records: what AWS can show of it that is no value which keeps clause 22.

use tokaido::kinds;
use tokaido::model::observed::ObservedState;
use tokaido::model::{DesiredState, Examined, Live, RecordedState, UnknownCause, Value, Verdict, VerdictState};
use tokaido::promises::judge::{JudgeInput, judge};
use tokaido::store::recorded_state;

use super::production;
use crate::support::{Lab, attr, id};

const PROMISE: &str = "evidence-protection";
const BUCKET: &str = "bucket.store@tokyo";

fn judged(desired: &DesiredState, observed: &ObservedState, recorded: Option<&RecordedState>) -> Verdict {
    let schemas = kinds::schemas();
    let found = judge(&JudgeInput { desired, observed, recorded, schemas: &schemas, accounts: None, now: None });
    found.into_iter().find(|verdict| verdict.promise == PROMISE).expect("a verdict")
}

/// Production, with the bucket changed: the bucket as a member.
fn changed(lab: &Lab, change: impl FnOnce(&mut Live)) -> Examined {
    let mut observed = lab.plan().observed;
    change(observed.owned.get_mut(&id(BUCKET)).expect("a bucket"));
    let verdict = judged(&lab.desired, &observed, None);
    let member = verdict.population.iter().find(|member| member.subject == BUCKET).expect("it is a member");
    assert_eq!(member.state, verdict.state);
    member.clone()
}

fn with(lab: &Lab, attribute: &str, value: impl Into<Value>) -> Examined {
    changed(lab, |live| live.attributes.set(attr(attribute), value))
}

fn words(member: &Examined) -> &str {
    member.reason.as_ref().map_or("", |reason| &reason.en)
}

#[test]
fn a_word_for_no_encryption_is_no_encryption() {
    let lab = production();
    for none in ["none", "", "AES"] {
        assert_eq!(with(&lab, "encryption", none).state, VerdictState::Broken, "{none:?}");
    }
    for algorithm in ["AES256", "aws:kms", "aws:kms arn:aws:kms:ap-northeast-1:333333333333:key/1", "aws:kms:dsse"] {
        assert_eq!(with(&lab, "encryption", algorithm).state, VerdictState::Kept, "{algorithm}");
    }
}

#[test]
fn days_without_a_mode_lock_nothing() {
    let lab = production();
    let retention = |mode: &str, days: i64| Value::map([("mode", Value::from(mode)), ("days", Value::Int(days))]);
    for (mode, days, state) in [
        ("GOVERNANCE", 400, VerdictState::Kept),
        ("COMPLIANCE", 500, VerdictState::Kept),
        ("GOVERNANCE", 399, VerdictState::Broken),
        ("none", 400, VerdictState::Broken),
        ("", 400, VerdictState::Broken),
    ] {
        assert_eq!(with(&lab, "default_retention", retention(mode, days)).state, state, "{mode} {days}");
    }
    assert_eq!(with(&lab, "default_retention", Value::map([("days", 400)])).state, VerdictState::Broken, "no mode");
}

#[test]
fn a_bucket_that_is_gone_is_a_broken_promise_and_not_one_without_a_subject() {
    let lab = production();
    let mut observed = lab.plan().observed;
    observed.owned.remove(&id(BUCKET));
    let recorded = recorded_state(&lab.records());
    assert!(recorded.is_some(), "it was applied");
    assert_eq!(judged(&lab.desired, &observed, recorded.as_ref()).state, VerdictState::Broken);
    // The record may have been in the bucket.
    let forgotten = judged(&lab.desired, &observed, None);
    assert_eq!((forgotten.state, forgotten.unknown), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)));
    // Nothing was ever made.
    observed.owned.clear();
    assert_eq!(judged(&lab.desired, &observed, None).state, VerdictState::NotApplicable);
}

/// The policy of the bucket, changed as JSON.
fn policy(lab: &Lab, change: impl FnOnce(&mut Vec<serde_json::Value>)) -> Examined {
    changed(lab, |live| {
        let mut document = serde_json::to_value(&live.attributes.bare()[attr("policy")]).expect("a document");
        change(document["Statement"].as_array_mut().expect("statements"));
        live.attributes.set(attr("policy"), serde_json::from_value::<Value>(document).expect("a document"));
    })
}

#[test]
fn a_statement_under_the_sid_of_a_declared_one_takes_nothing_from_it() {
    let lab = production();
    let added = policy(&lab, |statements| {
        let mut other = statements[0].clone();
        other["Effect"] = "Allow".into();
        statements.push(other);
    });
    assert_eq!((added.state, added.unknown), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)));
    assert_eq!(words(&added), "its policy has statements that are not declared: TlsOnly");
    let turned = policy(&lab, |statements| statements[0]["Effect"] = "Allow".into());
    assert_eq!(turned.state, VerdictState::Broken);
    assert_eq!(words(&turned), "its policy lacks TlsOnly, or says something else there");
}

#[test]
fn a_rule_that_only_moves_objects_or_ends_uploads_removes_no_record() {
    let lab = production();
    let rule = |days: Value, more: &[&str]| {
        let more: Vec<Value> = more.iter().map(|name| Value::from(*name)).collect();
        let rule = [
            ("id", Value::from("by-hand")),
            ("enabled", Value::Bool(true)),
            ("prefix", Value::from("")),
            ("noncurrent_days", days),
            ("abort_uploads_days", Value::Int(3)),
            ("more", Value::from(more)),
        ];
        changed(&lab, |live| {
            let mut rules = live.attributes.bare()[attr("lifecycle")].as_list().expect("rules").to_vec();
            rules.push(Value::map(rule));
            live.attributes.set(attr("lifecycle"), Value::from(rules));
        })
    };
    for more in [&["Filter.Tag"][..], &["Filter.And", "Filter.ObjectSize"], &["Transition", "NoncurrentVersionTransition"]] {
        assert_eq!(rule(Value::Null, more).state, VerdictState::Kept, "{more:?}");
        assert_eq!(rule(Value::Int(30), more).state, VerdictState::Broken, "{more:?} and versions are removed");
    }
    for more in ["Expiration", "NewerNoncurrentVersions", "SomethingNew"] {
        assert_eq!(rule(Value::Null, &["Filter.Tag", more]).state, VerdictState::Broken, "{more}");
    }
}

#[test]
fn a_rule_that_removes_less_than_the_declared_one_keeps_the_promise() {
    let lab = production();
    let leases = |field: &str, value: Value| {
        changed(&lab, |live| {
            let mut rules = serde_json::to_value(&live.attributes.bare()[attr("lifecycle")]).expect("rules");
            let rule = rules.as_array_mut().expect("rules").iter_mut().find(|rule| rule["id"] == "replaced-leases");
            rule.expect("the rule of the lease")[field] = serde_json::to_value(&value).expect("a value");
            live.attributes.set(attr("lifecycle"), serde_json::from_value::<Value>(rules).expect("rules"));
        })
        .state
    };
    assert_eq!(leases("noncurrent_days", Value::Int(2)), VerdictState::Kept, "a day later");
    assert_eq!(leases("noncurrent_days", Value::Int(0)), VerdictState::Broken);
    assert_eq!(leases("prefix", Value::from("production/lease.json.old")), VerdictState::Kept, "fewer objects");
    assert_eq!(leases("prefix", Value::from("production/")), VerdictState::Broken);
    assert_eq!(leases("more", Value::from(vec![Value::from("Expiration")])), VerdictState::Broken);
}
