//! The first step of an environment: it makes what is missing of three resources, and can do nothing else.

use std::collections::BTreeSet;
use std::fs;

use crate::support::attr;
use tokaido::model::{Action, ApplyReport, AuthorizationBasis, Class, Environment, Outcome, Region, ResourceId, Value};
use tokaido::pipeline::{Gate, PipelineError, Planned};
use tokaido::store::{Record, history, recorded_state};
use tokaido::world::{CreateRequest, ErrorClass, Moment};
use tokio::sync::watch;

use crate::support::binary::Product;
use crate::support::lab::{Lab, block_on, id};
use crate::support::project;

const SET: [&str; 3] = ["bucket.store@tokyo", "iam-role.applier@global", "iam-role.reader@global"];

fn lab() -> Lab {
    Lab::new(project::load(project::root(), Environment::Production))
}

fn planned(lab: &Lab) -> Planned {
    block_on(lab.session().plan_bootstrap()).unwrap_or_else(|error| panic!("{error}"))
}

fn bootstrap(lab: &Lab) -> Result<ApplyReport, PipelineError> {
    let (_go, stop) = watch::channel(false);
    block_on(lab.session().bootstrap(&planned(lab), stop, &mut |_| {}))
}

fn ids(lab: &Lab) -> Vec<String> {
    lab.rows().into_iter().filter_map(|row| row.id).map(|id| id.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The refusal, and the proof that nothing moved.
fn refused(lab: &Lab, of: &str) {
    let before = lab.rows();
    match bootstrap(lab) {
        Err(PipelineError::Gate(Gate::NotMissing { id, .. })) => assert_eq!(id, of),
        other => panic!("{of}: {other:?}"),
    }
    assert_eq!(lab.rows(), before, "{of}: nothing was changed");
}

#[test]
fn it_makes_three_things_once() {
    let lab = lab();
    let report = bootstrap(&lab).expect("an empty account");
    assert_eq!(report.steps.len(), 3, "{report:#?}");
    assert_eq!(report.remaining.as_deref(), Some(&[][..]), "of these three nothing is left");
    assert_eq!(ids(&lab), SET);
    let again = bootstrap(&lab).expect("everything is there");
    assert_eq!((again.steps.len(), again.mutating_calls), (0, 0), "a second one does nothing");
    // An ordinary plan covers the rest, and finds nothing to do here.
    let body = lab.plan().plan.body;
    assert!(body.changes.iter().all(|change| !SET.contains(&change.id.to_string().as_str())), "{:#?}", body.changes);
    assert_eq!(lab.apply().remaining.as_deref(), Some(&[][..]));
    lab.assert_settled();
}

/// It proves nothing of the rest: promotion must not count it, and nothing else is recorded as applied.
#[test]
fn what_it_records_is_about_the_three() {
    let lab = lab();
    lab.converge();
    let mut half = self::lab();
    bootstrap(&half).expect("an empty account");
    let records = half.records();
    let grounds: Vec<_> =
        records.iter().filter_map(|record| if let Record::Begun { basis, .. } = record { Some(basis) } else { None }).collect();
    assert_eq!(grounds, [&Some(AuthorizationBasis::Bootstrap)]);
    assert!(!records.iter().any(|record| matches!(record, Record::Proven { .. })), "{records:#?}");
    assert!(history(&records).events.is_empty(), "neither a release nor the tree was applied");
    let recorded = recorded_state(&records).expect("a baseline").resources;
    assert_eq!(recorded.keys().map(ToString::to_string).collect::<Vec<_>>(), SET);
    // Nothing is recorded, and everything is as declared: still only the three are.
    half = lab;
    half.forget();
    bootstrap(&half).expect("nothing to do");
    let recorded = recorded_state(&half.records()).expect("a baseline").resources;
    assert_eq!(recorded.keys().map(ToString::to_string).collect::<Vec<_>>(), SET);
    assert!(!half.records().iter().any(|record| matches!(record, Record::Proven { .. })));
}

/// The plan speaks of nothing else, and what was recorded of the rest stays recorded.
#[test]
fn everything_else_is_left_out_and_kept() {
    let lab = lab();
    lab.converge();
    lab.set(&id("db-instance.catalog@tokyo"), "backup_retention_days", &Value::Int(1)).expect("a hand");
    let body = planned(&lab).plan.body;
    assert!(body.changes.is_empty() && body.drifted.is_empty() && body.orphans.is_empty(), "{body:#?}");
    assert_eq!(body.summary.unchanged, 3);
    let recorded = |lab: &Lab| recorded_state(&lab.records()).expect("a record").resources;
    let before = recorded(&lab);
    bootstrap(&lab).expect("nothing to do");
    let after = recorded(&lab);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(lab.drift().has_drift(), "the drift is still seen as drift");
}

/// Whatever exists is refused, whatever would be done to it.
#[test]
fn what_exists_is_never_changed() {
    let touched = [
        ("bucket.store@tokyo", "encryption", Value::from("aws:kms somebody")),
        ("bucket.store@tokyo", "policy[TlsOnly]", Value::Null),
        ("bucket.store@tokyo", "public_access_block[block_public_policy]", Value::Bool(false)),
        ("bucket.store@tokyo", "default_retention[days]", Value::Int(1)),
        ("bucket.store@tokyo", "tags[tokaido:tenant]", Value::from("acme")),
        ("iam-role.reader@global", "inline_policies[tokaido WhoAmI]", Value::Null),
        ("iam-role.applier@global", "trust[WhoMayAssume]", Value::Null),
        ("iam-role.applier@global", "managed_policies[+]", Value::from("arn:aws:iam::aws:policy/AdministratorAccess")),
        ("iam-role.reader@global", "permissions_boundary[+]", Value::from("arn:aws:iam::aws:policy/ReadOnlyAccess")),
    ];
    for (of, path, value) in touched {
        let mut lab = lab();
        bootstrap(&lab).expect("an empty account");
        // On another machine nothing is recorded of it.
        lab.forget();
        lab.set(&id(of), path, &value).unwrap_or_else(|error| panic!("{of} {path}: {error}"));
        refused(&lab, of);
        let report = lab.apply();
        assert_eq!(report.remaining.as_deref(), Some(&[][..]), "{of} {path}: an apply with its gates repairs it");
    }
}

/// A bucket whose making was interrupted has nothing of some attributes; that is finished, unless it was there before.
#[test]
fn what_was_never_finished_is_finished() {
    let mut lab = lab();
    let bucket = id("bucket.store@tokyo");
    bootstrap(&lab).expect("an empty account");
    lab.set(&bucket, "policy", &Value::Null).expect("a hand");
    lab.set(&bucket, "lifecycle", &Value::from(Vec::<Value>::new())).expect("a hand");
    refused(&lab, "bucket.store@tokyo");
    assert!(planned(&lab).plan.body.changes.iter().all(|change| change.diffs.iter().all(|diff| diff.class == Class::Drift)));
    lab.forget();
    let report = bootstrap(&lab).expect("nothing says that it was there before");
    assert!(report.steps.iter().all(|step| step.outcome == Outcome::Done), "{report:#?}");
}

/// Only creates are allowed, and nothing outside of the three resources.
#[test]
fn a_plan_that_does_more_is_refused() {
    let lab = lab();
    let (_go, stop) = watch::channel(false);
    let whole = lab.plan();
    let error = block_on(lab.session().bootstrap(&whole, stop, &mut |_| {})).expect_err("the whole plan");
    assert!(matches!(&error, PipelineError::Gate(Gate::NotMissing { .. })), "{error}");
    for action in [Action::Delete, Action::Replace, Action::Adopt, Action::Update] {
        let mut planned = planned(&lab);
        planned.plan.body.changes[0].action = action;
        planned.plan.body.changes[0].diffs[0].class = Class::Drift;
        let error = lab.session().bootstrap_gate(&planned).expect_err("more than a create");
        assert!(error.to_string().contains("which an apply with its gates repairs: tokaido apply production"), "{error}");
    }
    assert!(lab.rows().is_empty());
}

#[test]
fn a_name_in_another_account_is_refused_in_words() {
    let lab = lab();
    let request = CreateRequest {
        attributes: tokaido::model::Attributes::from_iter([(attr("name"), Value::from("tokaido-production-333333333333"))]),
        tags: tokaido::model::Pairs::new(),
    };
    lab.world().log().create_by_hand("999999999999", Region::Tokyo, "bucket", &request).expect("somebody was first");
    let body = planned(&lab).plan.body;
    let blocked: Vec<_> = body.blocked.iter().map(|blocked| (blocked.id.to_string(), blocked.code.as_str())).collect();
    assert_eq!(blocked, [("bucket.store@tokyo".to_owned(), "another-account")]);
    assert!(body.blocked[0].reason.to_string().contains("unique in all of AWS"), "{}", body.blocked[0].reason);
    assert!(lab.plan().plan.body.foreign.is_empty(), "what is in another account is in nobody's scope");
}

/// Killed between two calls of a create, or with its answer lost: the next run ends where it should.
#[test]
fn lost_answers_leave_nothing_twice() {
    for kind in ["bucket", "iam-role"] {
        let lab = lab();
        lab.fail(&format!("create {kind}"), ErrorClass::Unreachable, Moment::After, 1);
        let _ = bootstrap(&lab);
        lab.heal();
        bootstrap(&lab).expect("the rest");
        assert_eq!(ids(&lab), SET, "{kind}");
        assert_eq!(lab.rows().len(), 3, "{kind}: nothing twice");
    }
}

#[test]
fn the_command_asks_makes_and_says_what_is_next() {
    let product = Product::new();
    let doctor = product.reads_only(0, &["doctor", "dev"]);
    assert!(doctor.out.contains("tokaido bootstrap dev"), "{}", doctor.out);
    let asked = product.reads_only(5, &["bootstrap", "dev"]);
    assert!(asked.err.contains("--yes") && asked.out.contains("bucket.store@tokyo"), "{asked:#?}");
    assert!(!asked.out.contains("vpc.main"), "{}", asked.out);
    let made = product.expect(0, &["bootstrap", "dev", "--yes"]);
    assert!(made.out.contains("plan dev"), "{}", made.out);
    let again = product.expect(0, &["bootstrap", "dev", "--yes", "--stats"]);
    assert!(again.err.contains("mutating calls: 0"), "{}", again.err);
    product.expect(0, &["sandbox", "--env", "dev", "set", "bucket.store@tokyo", "encryption", "aws:kms other"]);
    let drift = product.reads_only(5, &["bootstrap", "dev", "--yes"]);
    assert!(drift.err.contains("this is drift, which an apply with its gates repairs"), "{drift:#?}");
    product.reads_only(3, &["drift", "dev"]);
    product.expect(0, &["apply", "dev", "--yes"]);
    let doctor = product.reads_only(0, &["doctor", "dev"]);
    assert!(doctor.out.contains("bootstrap: the bucket tokaido-dev-111111111111 and the roles"), "{}", doctor.out);
}

#[test]
fn without_a_store_there_is_nothing_to_make() {
    let product = Product::new();
    let file = product.path().join("environments/dev.yaml");
    let text = fs::read_to_string(&file).expect("a file").replace("store: { bucket: tokaido-dev-111111111111 }\n", "");
    fs::write(&file, text).expect("a file");
    let said = product.reads_only(1, &["bootstrap", "dev"]);
    assert!(said.err.contains("`store: { bucket: NAME }` in environments/dev.yaml"), "{}", said.err);
    assert!(!product.reads_only(0, &["doctor", "dev"]).out.contains("bootstrap"));
}

/// What is read of one environment says nothing of another: each has its own bucket in its own account.
#[test]
fn environments_do_not_see_each_other() {
    let product = Product::new();
    for environment in ["dev", "staging", "production"] {
        product.expect(0, &["bootstrap", environment, "--yes"]);
        // The lease is taken for the look alone.
        let again = product.expect(0, &["bootstrap", environment, "--yes", "--stats"]);
        assert!(again.err.contains("mutating calls: 0"), "{}", again.err);
    }
    let listed = product.reads_only(0, &["sandbox", "list"]).out;
    let set: Vec<ResourceId> = SET.iter().map(|text| id(text)).collect();
    assert!(set.iter().all(|id| listed.matches(&id.to_string()).count() == 3), "{listed}");
}

/// A part that was rewritten on its way is not what the files declare, however well it is sealed.
#[test]
fn a_rewritten_part_is_refused() {
    let lab = lab();
    let mut planned = planned(&lab);
    let bucket = planned.plan.body.changes.iter_mut().find(|change| change.kind == "bucket").expect("a bucket");
    bucket.diffs.iter_mut().find(|diff| diff.path == "versioning").expect("an attribute").after = false.into();
    planned.plan.id = planned.plan.body.digest();
    planned.plan.seal = planned.plan.sealed();
    let (_go, stop) = watch::channel(false);
    let answer = block_on(lab.session().bootstrap(&planned, stop, &mut |_| {}));
    match answer {
        Err(PipelineError::Gate(gate)) => assert!(gate.to_string().contains("bucket.store@tokyo versioning"), "{gate}"),
        other => panic!("{other:?}"),
    }
    assert!(lab.rows().is_empty() && lab.records().is_empty());
}
