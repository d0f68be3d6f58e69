//! Facts that no one declares: how far a database can be restored, what lies in Osaka, and when a read of them fails.

use jiff::{SignedDuration, Timestamp};
use tokaido::kinds;
use tokaido::model::audit::FailedObject;
use tokaido::model::reason::plan::Unanswered;
use tokaido::model::{
    EnvironmentAudit, Evidence, FactReading, Level, ObservedState, Region, Unreadable, Value, Verdict, VerdictState,
};
use tokaido::observe::read_records;
use tokaido::promises::{JudgeInput, judge};
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
    for (kind, promises) in [
        ("db-instance", &["point-in-time-recovery", "recovery-copies"][..]),
        ("backup-vault", &["recovery-copies"][..]),
        ("kms-key", &["cryptographic-controls", "encryption-at-rest"][..]),
    ] {
        lab.fail(&format!("facts {kind}"), ErrorClass::AccessDenied, Moment::Before, 0);
        let audit = lab.audit();
        lab.heal();
        let unknown = in_state(&audit, VerdictState::Unknown);
        assert_eq!(unknown.keys().map(String::as_str).collect::<Vec<_>>(), promises, "facts {kind}");
        for (promise, state) in &states(&audit) {
            assert!(unknown.contains_key(promise) || *state == before[promise], "facts {kind}: {promise}");
        }
        let failed: Vec<_> = audit.reads.iter().filter(|read| read.error.is_some()).collect();
        assert!(
            !failed.is_empty() && failed.iter().all(|read| read.source.starts_with(&format!("facts {kind}@"))),
            "{failed:#?}"
        );
        assert!(
            audit.reads.iter().all(|read| read.at.parse::<Timestamp>().is_ok()),
            "every read has its time: {:#?}",
            audit.reads
        );
        let members = audit.verdicts.iter().flat_map(|verdict| &verdict.population);
        for fact in members.flat_map(|member| &member.facts).filter(|fact| &*fact.value == "failed") {
            let read = failed.iter().find(|read| read.source == fact.source).unwrap_or_else(|| panic!("{fact:#?} cites no read"));
            assert_eq!(fact.at.as_ref(), Some(&read.at), "{fact:#?}");
        }
    }
}

/// One object that could not be read is named; the listing of the others succeeded. A create whose end is not known is no read.
#[test]
fn the_record_says_which_object_could_not_be_read() {
    let lab = production();
    let mut observed = lab.plan().observed;
    let denied = |physical: Option<&str>| Unreadable {
        kind: "db-instance".to_owned(),
        region: Region::Tokyo,
        physical: physical.map(str::to_owned),
        id: None,
        operation: "rds:ListTagsForResource".to_owned(),
        error: "access-denied".to_owned(),
        unanswered: None,
        told: String::new(),
    };
    let record = |observed: &ObservedState| {
        let records = read_records(observed);
        records.into_iter().find(|read| read.source == "list db-instance@tokyo").expect("a listing")
    };
    let unanswered = Unanswered { sent: "2026-11-20T00:00:00Z".to_owned(), until: "2026-11-20T00:05:00Z".to_owned() };
    observed.unreadable = vec![denied(Some("legacy")), Unreadable::in_doubt(&id("db-instance.catalog@tokyo"), unanswered)];
    let one = record(&observed);
    assert_eq!(one.error, None, "{one:#?}");
    let (object, call) = ("legacy".to_owned(), "rds:ListTagsForResource".to_owned());
    assert_eq!(one.failed, [FailedObject { object, call, error: "access-denied".to_owned() }]);
    observed.unreadable = vec![denied(None), denied(Some("legacy"))];
    let whole = record(&observed);
    assert_eq!((whole.error.as_deref(), whole.failed.len()), (Some("access-denied"), 1), "{whole:#?}");
}

/// What RDS does not say is not kept: it had a day to take the first backup.
#[test]
fn a_database_without_a_restorable_moment_is_not_kept() {
    let lab = production();
    let observed = lab.plan().observed;
    let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
    let told = |created: Option<&str>, failed: bool| {
        let reading = |physical: &str, value: &str| FactReading {
            kind: "db-instance".to_owned(),
            region: Region::Tokyo,
            physical: physical.to_owned(),
            name: "created".to_owned(),
            value: value.to_owned(),
            source: "rds:DescribeDBInstances".to_owned(),
            at: now.to_string(),
        };
        let facts = created.iter().flat_map(|at| ["production-acme-db", "production-catalog"].map(|name| reading(name, at)));
        let refused = failed.then(|| Unreadable {
            kind: "db-instance".to_owned(),
            region: Region::Tokyo,
            physical: None,
            id: None,
            operation: "rds:DescribeDBInstances".to_owned(),
            error: "access-denied".to_owned(),
            unanswered: None,
            told: String::new(),
        });
        let mut observed = observed.clone();
        observed.evidence =
            Some(Evidence { facts: facts.collect(), unreadable: refused.into_iter().collect(), ..Evidence::default() });
        let schemas = kinds::schemas();
        let input = JudgeInput {
            desired: &lab.desired,
            observed: &observed,
            recorded: None,
            schemas: &schemas,
            accounts: None,
            now: Some(now),
        };
        let verdicts = judge(&input);
        ["point-in-time-recovery", "recovery-copies"].map(|promise| {
            let verdict = verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict");
            verdict.population.iter().find(|one| one.subject == "db-instance.catalog@tokyo").expect("a database").state
        })
    };
    assert_eq!(told(Some("2026-11-19T23:00:00Z"), false), [KEPT, KEPT], "an hour old");
    assert_eq!(told(Some("2026-11-10T00:00:00Z"), false), [VerdictState::Broken, VerdictState::Broken], "ten days old");
    assert_eq!(told(None, false), [VerdictState::Unknown, VerdictState::Unknown], "nothing is said");
    assert_eq!(told(None, true)[0], VerdictState::Unknown, "the read failed");
}

/// Of a database that is gone, only its copies are left: they are judged, and they grow old.
#[test]
fn a_lost_database_is_judged_by_what_it_left_in_osaka() {
    let catalog = id("db-instance.catalog@tokyo");
    let lose = |lab: &Lab| {
        lab.set(&catalog, "deletion_protection", &Value::Bool(false)).expect("a hand");
        lab.world().log().remove_by_hand(lab.desired.environment, &catalog).expect("a hand");
    };
    let left = |lab: &Lab| {
        let audit = lab.audit();
        let member = verdict(&audit, "recovery-copies").population.iter().find(|one| one.subject == catalog.to_string());
        let member = member.expect("it is counted");
        (member.state, member.level, member.reason.clone().expect("a reason").en, member.facts.len())
    };
    let early = production();
    lose(&early);
    let (state, _, reason, _) = left(&early);
    assert_eq!((state, reason.contains("no recovery point")), (VerdictState::Broken, true), "{reason}");

    let lab = production();
    lab.wait(SignedDuration::from_hours(30));
    lose(&lab);
    let (state, level, reason, facts) = left(&lab);
    assert_eq!((state, level, facts), (KEPT, Some(Level::Effective), 2), "{reason}");
    assert!(reason.contains("restore it before it expires"), "{reason}");
    let planned = lab.plan().plan.body;
    let copies = planned.promises.iter().find(|one| one.promise == "recovery-copies").expect("a promise");
    assert_eq!(copies.before, VerdictState::Unknown, "a plan does not look into vaults");
    lab.fail("facts backup-vault", ErrorClass::AccessDenied, Moment::Before, 0);
    assert_eq!(left(&lab).0, VerdictState::Unknown);
    lab.heal();
    lab.wait(SignedDuration::from_hours(48));
    assert_eq!(left(&lab).0, VerdictState::Broken);
}

/// Two sessions over one world tell the same, and an audit is the same bytes while nothing moves.
#[test]
fn an_audit_of_the_same_world_is_the_same() {
    let lab = production();
    lab.wait(SignedDuration::from_hours(50));
    assert_eq!(lab.audit(), lab.audit());
}
