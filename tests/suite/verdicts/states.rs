//! What is pending, absent, foreign or lowered by a declaration, and what a plan says before and after.

use tokaido::kinds;
use tokaido::model::reason::plan::Wait;
use tokaido::model::{Environment, ObservedState, PendingValue, Standing, Status, Value, Verdict, VerdictState};
use tokaido::promises::{Accounts, CLAUSES, JudgeInput, PAPER, judge};
use tokaido::store::recorded_state;

use super::production;
use crate::support::{Lab, attr, id, project};

const CATALOG: &str = "db-instance.catalog@tokyo";

fn judged(lab: &Lab, observed: &ObservedState) -> Vec<Verdict> {
    let records = lab.records();
    let (recorded, schemas) = (recorded_state(&records), kinds::schemas());
    let recorded = recorded.as_ref();
    judge(&JudgeInput { desired: &lab.desired, observed, recorded, schemas: &schemas, accounts: None, now: None })
}

fn of<'a>(verdicts: &'a [Verdict], promise: &str) -> &'a Verdict {
    verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict")
}

/// Production as it was read, with one thing changed.
fn changed(lab: &Lab, change: impl FnOnce(&mut ObservedState)) -> Vec<Verdict> {
    let mut observed = lab.plan().observed;
    change(&mut observed);
    judged(lab, &observed)
}

fn queue(observed: &mut ObservedState, attribute: &str, live: Option<Value>, value: Value) {
    let database = observed.owned.get_mut(&id(CATALOG)).expect("a database");
    if let Some(live) = live {
        database.attributes.set(attr(attribute), live);
    }
    database.pending.push(PendingValue { attribute: attr(attribute), value, when: Wait::Window.into() });
}

#[test]
fn every_clause_has_a_verdict() {
    let verdicts = judged(&production(), &ObservedState::default());
    assert_eq!(verdicts.len(), PAPER.len());
    let clauses: std::collections::BTreeSet<_> = verdicts.iter().map(|verdict| verdict.clause.as_str()).collect();
    assert_eq!(clauses.len(), CLAUSES);
    assert!(verdicts.iter().all(|verdict| !verdict.not_judged.en.is_empty() && !verdict.not_judged.ja.is_ascii()));
}

#[test]
fn a_value_that_waits_for_the_window_is_pending_and_never_kept() {
    let lab = production();
    let later = changed(&lab, |state| queue(state, "backup_retention_days", Some(Value::Int(0)), Value::Int(35)));
    let verdict = of(&later, "point-in-time-recovery");
    assert_eq!((verdict.state, verdict.in_state(VerdictState::Pending).count()), (VerdictState::Pending, 1));
    // What AWS will take away is broken already.
    let ending = changed(&lab, |state| queue(state, "backup_retention_days", None, Value::Int(1)));
    assert_eq!(of(&ending, "point-in-time-recovery").state, VerdictState::Broken);
    let wrong = changed(&lab, |state| queue(state, "backup_retention_days", Some(Value::Int(0)), Value::Int(7)));
    assert_eq!(of(&wrong, "point-in-time-recovery").state, VerdictState::Broken);
    // A parameter group that nobody rebooted into is not in effect.
    let group = lab.plan().observed.owned[&id(CATALOG)].attributes.bare()[attr("parameter_group")].clone();
    let reboot = changed(&lab, |state| queue(state, "parameter_group", None, group));
    for promise in ["encryption-in-transit", "clock", "cryptographic-controls"] {
        assert_eq!(of(&reboot, promise).state, VerdictState::Pending, "{promise}");
    }
}

#[test]
fn a_stopped_database_takes_no_backups_and_one_in_the_making_has_none_yet() {
    let lab = production();
    let status = |status: Status| changed(&lab, |state| state.owned.get_mut(&id(CATALOG)).expect("a database").status = status);
    assert_eq!(of(&status(Status::Failed("stopped".to_owned())), "point-in-time-recovery").state, VerdictState::Broken);
    assert_eq!(of(&status(Status::Working("creating".to_owned())), "point-in-time-recovery").state, VerdictState::Pending);
}

/// Before the first apply nothing is there to speak of; after it, a database that is gone took its history with it.
#[test]
fn absent_is_not_kept() {
    let folder = project::copy();
    let lab = Lab::new(project::load(folder.path(), Environment::Production));
    let body = lab.plan().plan.body;
    let moves: Vec<_> = body.promises.iter().map(|one| (one.promise.as_str(), one.before, one.after)).collect();
    for (promise, before, after) in moves {
        let (nothing, kept) = (VerdictState::NotApplicable, VerdictState::Kept);
        let first = if promise == "three-environments" { kept } else { nothing };
        assert_eq!((before, after), (first, kept), "{promise}");
    }
    lab.converge();
    let gone = changed(&lab, |state| _ = state.owned.remove(&id(CATALOG)));
    assert_eq!(of(&gone, "point-in-time-recovery").state, VerdictState::Broken);
    let encryption = of(&gone, "encryption-at-rest");
    assert_eq!(encryption.state, VerdictState::Kept);
    let absent = encryption.population.iter().find(|member| member.subject == CATALOG).expect("it is counted");
    assert_eq!((absent.standing, absent.state), (Standing::Absent, VerdictState::NotApplicable));
}

/// A divergence is judged against its own value, and marked.
#[test]
fn a_declared_divergence_is_judged_against_its_value() {
    let folder = project::copy();
    let lab = Lab::new(project::load(folder.path(), Environment::Dev));
    lab.converge();
    let verdict = |lab: &Lab| of(&lab.audit().verdicts, "point-in-time-recovery").clone();
    let kept = verdict(&lab);
    assert_eq!(kept.state, VerdictState::Kept);
    assert_eq!(kept.divergence.as_ref().map(|divergence| divergence.value.as_str()), Some("7d"));
    lab.set(&id(CATALOG), "backup_retention_days", &Value::Int(6)).expect("a hand");
    assert_eq!(verdict(&lab).state, VerdictState::Broken);
}

/// The plan that repairs a break says that it does, and the apply that it did.
#[test]
fn a_plan_shows_promises_before_and_after() {
    let lab = production();
    lab.set(&id(CATALOG), "backup_retention_days", &Value::Int(1)).expect("a hand");
    let planned = lab.plan();
    let one = planned.plan.body.promises.iter().find(|one| one.promise == "point-in-time-recovery").expect("a promise");
    assert_eq!((one.before, one.after), (VerdictState::Broken, VerdictState::Kept));
    assert_eq!(one.resources, [CATALOG]);
    let still: Vec<_> = planned.plan.body.promises.iter().filter(|one| one.before != one.after).collect();
    assert_eq!(still.len(), 1, "{still:#?}");
    let report = lab.apply_planned(&planned);
    let done = report.promises.iter().find(|one| one.promise == "point-in-time-recovery").expect("a promise");
    assert_eq!((done.before, done.after), (VerdictState::Broken, VerdictState::Kept));
    assert!(lab.plan().plan.body.promises.iter().all(|one| one.after == VerdictState::Kept));
}

/// What a plan only queues is not kept when it is done.
#[test]
fn what_a_plan_queues_is_pending_after_it() {
    let lab = production();
    let mut observed = lab.plan().observed;
    let database = observed.owned.get_mut(&id(CATALOG)).expect("a database");
    database.attributes.set(attr("backup_retention_days"), Value::Int(0));
    let (records, schemas) = (lab.records(), kinds::schemas());
    let recorded = recorded_state(&records);
    let body = tokaido::plan::plan(&tokaido::plan::PlanningInput {
        desired: &lab.desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        tool_version: "0.1.0",
    });
    let one = body.promises.iter().find(|one| one.promise == "point-in-time-recovery").expect("a promise");
    assert_eq!((one.before, one.after), (VerdictState::Broken, VerdictState::Pending));
}

/// One object that could not be read hides itself and nothing else.
#[test]
fn an_unreadable_object_is_the_only_unknown_one() {
    let lab = production();
    let hidden = changed(&lab, |state| {
        state.owned.remove(&id(CATALOG));
        state.unreadable.push(tokaido::model::Unreadable {
            kind: "db-instance".to_owned(),
            region: tokaido::model::Region::Tokyo,
            physical: Some("production-catalog".to_owned()),
            id: Some(id(CATALOG)),
            operation: "rds:ListTagsForResource".to_owned(),
            error: "access-denied".to_owned(),
            unanswered: None,
            told: String::new(),
        });
    });
    for promise in ["encryption-at-rest", "point-in-time-recovery", "capacity-growth", "recovery-copies"] {
        let verdict = of(&hidden, promise);
        let unknown: Vec<_> = verdict.in_state(VerdictState::Unknown).map(|member| member.subject.as_str()).collect();
        assert_eq!((verdict.state, unknown), (VerdictState::Unknown, vec![CATALOG]), "{promise}");
    }
    assert_eq!(of(&hidden, "tenant-ingress").state, VerdictState::Kept);
}

/// The paper's own number holds where the file of promises says nothing, and a file may promise more.
#[test]
fn a_promise_that_says_more_is_judged_by_more() {
    let lab = production();
    let mut stricter = (*lab.desired).clone();
    stricter.promised_days.insert("recovery-copies".to_owned(), 9);
    let state = |desired: tokaido::model::DesiredState| of(&lab.with(desired).audit().verdicts, "recovery-copies").state;
    assert_eq!(state(stricter.clone()), VerdictState::Broken);
    stricter.promised_days.clear();
    assert_eq!(state(stricter), VerdictState::Kept);
}

#[test]
fn every_finding_about_the_account_is_named() {
    let lab = production();
    let (records, schemas, observed) = (lab.records(), kinds::schemas(), lab.plan().observed);
    let recorded = recorded_state(&records);
    let declared = [Environment::Production, Environment::Staging].map(|environment| (environment, lab.desired.account.clone()));
    let accounts = Accounts { declared: declared.into(), caller: "999999999999".to_owned() };
    let verdicts = judge(&JudgeInput {
        desired: &lab.desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        accounts: Some(&accounts),
        now: None,
    });
    let verdict = of(&verdicts, "three-environments");
    let account = verdict.population.iter().find(|examined| examined.kind == "account").expect("the account");
    let codes: Vec<&str> =
        account.reason.iter().flat_map(|reason| &reason.because).map(|because| because.code.as_ref()).collect();
    assert_eq!((account.state, codes), (VerdictState::Broken, vec!["account-unread", "account-shared", "caller-elsewhere"]));
}
