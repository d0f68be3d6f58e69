//! Facts that no one declares: how far a database can be restored, what lies in Osaka, and when a read of them fails.

use jiff::SignedDuration;
use tokaido::model::{EnvironmentAudit, Level, Value, Verdict, VerdictState};
use tokaido::world::{ErrorClass, Moment};

use super::{in_state, production, states};
use crate::support::{Lab, id};

fn verdict<'a>(audit: &'a EnvironmentAudit, promise: &str) -> &'a Verdict {
    audit.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict")
}

fn found(lab: &Lab, promise: &str) -> (VerdictState, Option<Level>) {
    let audit = lab.audit();
    let verdict = verdict(&audit, promise);
    (verdict.state, verdict.level)
}

const KEPT: VerdictState = VerdictState::Kept;

#[test]
fn a_database_becomes_restorable_and_after_35_days_the_promise_is_evidenced() {
    let lab = production();
    assert_eq!(found(&lab, "point-in-time-recovery"), (KEPT, Some(Level::Configured)));
    lab.wait(SignedDuration::from_hours(1));
    assert_eq!(found(&lab, "point-in-time-recovery"), (KEPT, Some(Level::Effective)));
    lab.wait(SignedDuration::from_hours(24 * 34));
    assert_eq!(found(&lab, "point-in-time-recovery"), (KEPT, Some(Level::Evidenced)));
    // A day with one recovery day less discards the others: effective again, not evidenced, once it is repaired.
    let catalog = id("db-instance.catalog@tokyo");
    lab.set(&catalog, "backup_retention_days", &Value::Int(1)).expect("a hand");
    assert_eq!(found(&lab, "point-in-time-recovery").0, VerdictState::Broken);
    lab.set(&catalog, "backup_retention_days", &Value::Int(35)).expect("a hand");
    assert_eq!(found(&lab, "point-in-time-recovery"), (KEPT, Some(Level::Effective)));
}

#[test]
fn copies_arrive_in_osaka_every_day_and_the_promise_is_judged_on_them() {
    let lab = production();
    assert_eq!(found(&lab, "recovery-copies"), (KEPT, Some(Level::Configured)), "before the first night");
    lab.wait(SignedDuration::from_hours(30));
    assert_eq!(found(&lab, "recovery-copies"), (KEPT, Some(Level::Effective)));
    lab.wait(SignedDuration::from_hours(24 * 7));
    assert_eq!(found(&lab, "recovery-copies"), (KEPT, Some(Level::Evidenced)));
    let audit = lab.audit();
    let database = verdict(&audit, "recovery-copies")
        .population
        .iter()
        .find(|member| member.subject == "db-instance.catalog@tokyo")
        .expect("a database");
    let newest = database.facts.iter().find(|fact| fact.name.starts_with("newest recovery point of arn:")).expect("a fact");
    assert_eq!(newest.source, "sim:facts backup-vault");
    assert!(newest.at.is_some());
    // The copies stop for two days while the key is off. The setting is right again at once; the evidence is not.
    let key = id("kms-key.main@osaka");
    lab.set(&key, "enabled", &Value::Bool(false)).expect("a hand");
    lab.wait(SignedDuration::from_hours(48));
    lab.set(&key, "enabled", &Value::Bool(true)).expect("a hand");
    let audit = lab.audit();
    let copies = verdict(&audit, "recovery-copies");
    assert_eq!((copies.state, copies.in_state(VerdictState::Broken).count()), (VerdictState::Broken, 2));
    assert!(copies.population[0].reason.as_ref().is_some_and(|reason| reason.en.contains("hours old")), "{copies:#?}");
    assert_eq!(verdict(&audit, "encryption-at-rest").state, KEPT);
    lab.wait(SignedDuration::from_hours(26));
    assert_eq!(found(&lab, "recovery-copies").0, KEPT);
}

/// A failed read of facts is no less a failed read.
#[test]
fn a_failed_read_of_facts_makes_exactly_its_verdicts_unknown() {
    let lab = production();
    lab.wait(SignedDuration::from_hours(30));
    let before = states(&lab.audit());
    for (kind, promises) in
        [("db-instance", &["point-in-time-recovery", "recovery-copies"][..]), ("backup-vault", &["recovery-copies"][..])]
    {
        lab.fail(&format!("facts {kind}"), ErrorClass::AccessDenied, Moment::Before, 0);
        let audit = lab.audit();
        lab.heal();
        let unknown = in_state(&audit, VerdictState::Unknown);
        assert_eq!(unknown.keys().map(String::as_str).collect::<Vec<_>>(), promises, "facts {kind}");
        for (promise, state) in &states(&audit) {
            assert!(unknown.contains_key(promise) || *state == before[promise], "facts {kind}: {promise}");
        }
        assert!(audit.reads.iter().any(|read| read.error.is_some()), "the failed read is in the record");
    }
}

/// Two sessions over one world tell the same, and an audit is the same bytes while nothing moves.
#[test]
fn an_audit_of_the_same_world_is_the_same() {
    let lab = production();
    lab.wait(SignedDuration::from_hours(50));
    assert_eq!(lab.audit(), lab.audit());
}
