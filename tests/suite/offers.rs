//! What AWS does not offer (C4): a plan asks, and refuses it before anything is made. Without an answer the plan goes on and says so.

use std::collections::BTreeSet;

use serde_json::json;
use tokaido::kinds;
use tokaido::model::{Action, Attributes, BlockedCode, DesiredState, Environment, OfferQuestion, Offered, PlanBody, Value};
use tokaido::pipeline::Session;
use tokaido::plan::{self, PlanningInput};
use tokaido::world::{ErrorClass, Moment};

use crate::support::attr;
use crate::support::lab::{Lab, all_done, block_on, id};
use crate::support::project;

const DATABASE: &str = "db-instance.catalog@tokyo";

fn declared(values: &[(&str, Value)]) -> DesiredState {
    let mut desired = project::load(project::root(), Environment::Dev);
    let database = desired.resources.get_mut(&id(DATABASE)).expect("declared");
    for (name, value) in values {
        database.attributes.set(attr(name), value.clone());
    }
    desired
}

/// The plan, where AWS answers every question so.
fn answered(lab: &Lab, answer: &Offered) -> (BTreeSet<OfferQuestion>, PlanBody) {
    let mut observed = lab.plan().observed;
    observed.offers.clear();
    let schemas = kinds::schemas();
    let asked = plan::questions(&PlanningInput {
        desired: &lab.desired,
        observed: &observed,
        recorded: None,
        schemas: &schemas,
        tool_version: "0.1.0",
    });
    observed.offers = asked.iter().map(|question| (question.clone(), answer.clone())).collect();
    let input =
        PlanningInput { desired: &lab.desired, observed: &observed, recorded: None, schemas: &schemas, tool_version: "0.1.0" };
    (asked, plan::plan(&input))
}

fn offers(rows: &serde_json::Value) -> Offered {
    let row = |row: &serde_json::Value| serde_json::from_value::<Attributes>(row.clone()).expect("attributes");
    Offered::These(rows.as_array().expect("a list").iter().map(row).collect())
}

fn told(body: &PlanBody) -> Vec<(String, String)> {
    body.blocked
        .iter()
        .filter(|blocked| blocked.code == BlockedCode::NotOffered)
        .map(|blocked| (blocked.reason.to_string(), blocked.next.to_string()))
        .collect()
}

#[test]
fn a_new_database_that_aws_does_not_offer_is_refused_whole() {
    let lab = Lab::new(declared(&[("class", "db.m9z.huge".into())]));
    let body = lab.plan().plan.body;
    let [(reason, next)] = &told(&body)[..] else { panic!("{:#?}", body.blocked) };
    assert_eq!(reason, "AWS does not offer class db.m9z.huge, engine postgres in tokyo");
    assert!(next.contains("--region ap-northeast-1 --engine postgres"), "{next}");
    let blocked = body.blocked.iter().find(|blocked| blocked.id == id(DATABASE)).expect("the database");
    assert!(blocked.source.as_ref().is_some_and(|source| source.file.ends_with("dev.yaml")), "{:?}", blocked.source);
    assert!(body.changes.iter().all(|change| change.id != id(DATABASE)));
    // What needs it waits, and the rest is made.
    assert!(body.blocked.iter().any(|blocked| blocked.code == BlockedCode::DependsOnBlocked), "{:#?}", body.blocked);
    assert!(body.changes.iter().any(|change| change.kind == "vpc" && change.action == Action::Create));
}

/// A class of which AWS has these versions, storages and abilities; what is declared; and what the plan says.
#[test]
fn the_combination_counts() {
    let row =
        |version: &str| json!({ "engine_version": version, "storage_type": "gp3", "storage_encrypted": true, "multi_az": true });
    let (old, new) = (row("16.6"), row("16.10"));
    let without = |name: &str| {
        let mut row = row("16.6");
        row[name] = if name == "storage_type" { json!("io1") } else { json!(false) };
        row
    };
    for (rows, values, said) in [
        (json!([old, new]), vec![("engine_version", Value::from("16"))], None),
        (json!([old, new]), vec![("engine_version", "16.10".into())], None),
        (json!([row("16.10-rds.20270115")]), vec![("engine_version", "16.10".into())], None),
        (json!([{ "engine_version": "16.6" }]), vec![("engine_version", "16.6".into())], None),
        (json!([old, new]), vec![("engine_version", "16.1".into())], Some("engine_version 16.1; it has 16.6, 16.10")),
        (json!([old, new]), vec![("engine_version", "16.99".into())], Some("engine_version 16.99; it has 16.6, 16.10")),
        (json!([row("15.4")]), vec![("engine_version", "16".into())], Some("engine_version 16; it has 15.4")),
        (json!([without("storage_type")]), vec![("engine_version", "16".into())], Some("storage_type gp3; it has io1")),
        (
            json!([without("storage_encrypted")]),
            vec![("engine_version", "16".into())],
            Some("storage_encrypted true; it has false"),
        ),
        (
            json!([without("multi_az")]),
            vec![("multi_az", true.into()), ("engine_version", "16".into())],
            Some("multi_az true; it has false"),
        ),
        (json!([without("multi_az")]), vec![("multi_az", false.into()), ("engine_version", "16".into())], None),
        (
            json!([without("multi_az"), row("15.4")]),
            vec![("multi_az", true.into()), ("engine_version", "16".into())],
            Some("multi_az true; it has false"),
        ),
    ] {
        let lab = Lab::new(declared(&values));
        let (asked, body) = answered(&lab, &offers(&rows));
        assert_eq!(asked.len(), 1, "one question for one engine and class: {asked:#?}");
        let told = told(&body);
        match said {
            None => assert!(told.is_empty(), "{rows} {values:?}: {told:?}"),
            Some(said) => assert!(told.len() == 1 && told[0].0.ends_with(said), "{rows} {values:?}: {told:?}"),
        }
    }
}

#[test]
fn of_a_live_database_only_what_is_not_offered_waits() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    let changed = declared(&[("class", "db.m9z.huge".into()), ("backup_retention_days", 8.into())]);
    let lab = lab.with(changed);
    let planned = lab.plan();
    let body = &planned.plan.body;
    assert_eq!(told(body).len(), 1, "{:#?}", body.blocked);
    let held: Vec<&str> = body.blocked[0].diffs.iter().map(|diff| diff.path.as_str()).collect();
    assert_eq!(held, ["class"]);
    let [change] = &body.changes[..] else { panic!("{:#?}", body.changes) };
    assert_eq!(change.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), ["backup_retention_days"]);
    let report = lab.apply_planned(&planned);
    assert!(all_done(&report), "{report:#?}");
    assert_eq!(lab.row(&id(DATABASE)).attributes.int(attr("backup_retention_days")), Some(8));
    assert_eq!(lab.row(&id(DATABASE)).attributes.text(attr("class")), Some("db.t4g.micro"));
}

/// A database keeps a version that AWS offers to no new one: only its major version counts while it stays.
#[test]
fn a_version_that_stays_need_not_be_offered() {
    let lab = Lab::new(declared(&[("engine_version", "16.2".into())]));
    lab.converge();
    let lab = lab.with(declared(&[("engine_version", "16.2".into()), ("class", "db.m7g.large".into())]));
    let row = |version: &str| json!([{ "engine_version": version }]);
    assert_eq!(told(&answered(&lab, &offers(&row("16.10"))).1), []);
    let told = told(&answered(&lab, &offers(&row("17.4"))).1);
    assert!(told[0].0.ends_with("engine_version 16.2; it has 17.4"), "{told:?}");
}

#[test]
fn nothing_is_asked_where_nothing_is_made_or_changed() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    assert_eq!(answered(&lab, &Offered::Nothing).0.len(), 1);
    let calls = |session: &Session| {
        block_on(session.plan()).expect("a plan");
        let counts = session.world.calls().counts();
        counts.iter().filter(|count| count.operation.contains("offers")).map(|count| count.count).sum::<u64>()
    };
    assert_eq!(calls(&lab.session()), 1);
    lab.converge();
    assert_eq!(calls(&lab.session()), 0);
    lab.set(&id(DATABASE), "backup_retention_days", &3.into()).expect("by hand");
    assert!(answered(&lab, &Offered::Nothing).0.is_empty(), "the number of days is no question");
}

/// Whatever goes wrong with the question, the plan is the same but for one line, and no "ok" is said.
#[test]
fn without_an_answer_the_plan_goes_on_and_says_so() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    let clean = lab.plan().plan.body;
    assert!(clean.unconfirmed.is_empty());
    for class in [ErrorClass::AccessDenied, ErrorClass::Throttled, ErrorClass::Internal, ErrorClass::Unreachable] {
        lab.fail("offers db-instance", class, Moment::Before, 0);
        let planned = lab.plan();
        let mut body = planned.plan.body.clone();
        let [unconfirmed] = &body.unconfirmed[..] else { panic!("{:#?}", body.unconfirmed) };
        assert_eq!(unconfirmed.id, id(DATABASE));
        assert_eq!(unconfirmed.operation.as_deref(), Some("sim:offers db-instance"));
        body.unconfirmed.clear();
        assert_eq!(body, clean, "{class:?}");
        lab.heal();
    }
    let (_, body) = answered(&lab, &Offered::Nothing);
    assert_eq!((body.unconfirmed.len(), body.unconfirmed[0].operation.is_none(), told(&body).len()), (1, true, 0));
    // An engine that the simulated RDS does not know, as emulators know none.
    let other = Lab::new(declared(&[("engine", "sqlserver-ex".into())]));
    assert_eq!(other.plan().plan.body.unconfirmed.len(), 1);
}

/// What a saved plan makes is asked about again before it is made: AWS may not have been asked, or offers it no more.
#[test]
fn an_apply_asks_again() {
    for class in ["db.m9z.huge", "db.r99.large", "db.t4g.nothing"] {
        let lab = Lab::new(declared(&[("class", class.into())]));
        lab.fail("offers db-instance", ErrorClass::Internal, Moment::Before, 0);
        let saved = lab.plan().plan;
        assert!(saved.body.changes.iter().any(|change| change.id == id(DATABASE)) && !saved.body.unconfirmed.is_empty());
        lab.heal();
        let refused = lab.apply_saved(&saved).expect_err("refused").to_string();
        assert!(refused.contains(&format!("AWS does not offer class {class}")), "{refused}");
        assert!(lab.records().is_empty(), "nothing was begun");
    }
    // The same for a change of a live database.
    let live = Lab::new(project::load(project::root(), Environment::Dev));
    live.converge();
    let lab = live.with(declared(&[("class", "db.m9z.huge".into()), ("backup_retention_days", 8.into())]));
    lab.fail("offers db-instance", ErrorClass::AccessDenied, Moment::Before, 0);
    let saved = lab.plan().plan;
    lab.heal();
    let refused = lab.apply_saved(&saved).expect_err("refused").to_string();
    assert!(refused.contains("AWS does not offer class db.m9z.huge"), "{refused}");
}

/// The simulated RDS refuses what its offers do not have, as RDS does: whoever may not ask learns it from a rehearsal.
#[test]
fn the_simulated_rds_makes_nothing_that_it_does_not_offer() {
    let made = Lab::new(declared(&[("class", "db.m9z.huge".into())]));
    made.fail("offers db-instance", ErrorClass::AccessDenied, Moment::Before, 0);
    let live = Lab::new(project::load(project::root(), Environment::Dev));
    live.converge();
    let changed = live.with(declared(&[("class", "db.m9z.huge".into())]));
    changed.fail("offers db-instance", ErrorClass::AccessDenied, Moment::Before, 0);
    for lab in [&made, &changed] {
        let report = lab.apply();
        let step = report.steps.iter().find(|step| step.id == id(DATABASE)).expect("a step");
        let said = format!("{:?}", step.outcome);
        assert!(said.contains("Invalid DB Instance class: db.m9z.huge"), "{said}");
    }
}

/// Only what the question is about waits: a manual change is undone whatever is declared beside it.
#[test]
fn a_manual_change_is_repaired_beside_what_is_not_offered() {
    for (name, by_hand) in
        [("multi_az", Value::from(true)), ("backup_retention_days", 3.into()), ("deletion_protection", false.into())]
    {
        let live = Lab::new(project::load(project::root(), Environment::Dev));
        live.converge();
        live.set(&id(DATABASE), name, &by_hand).expect("by hand");
        let lab = live.with(declared(&[("class", "db.m9z.huge".into())]));
        let body = lab.plan().plan.body;
        assert_eq!(told(&body).len(), 1, "{name}: {:#?}", body.blocked);
        let held: Vec<&str> = body.blocked[0].diffs.iter().map(|diff| diff.path.as_str()).collect();
        assert_eq!(held, ["class"]);
        let paths: Vec<&str> = body.changes.iter().flat_map(|change| &change.diffs).map(|diff| diff.path.as_str()).collect();
        assert_eq!(paths, [name]);
    }
}
