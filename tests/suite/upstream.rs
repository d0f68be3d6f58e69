//! A plan beside what was executed in the environment before it.

use serde_json::json;
use tokaido::govern::upstream::{Execution, Likeness, Place, compare};
use tokaido::model::{Action, Change, Class, Diff, Environment, Language, Operation, PlanBody, Value};
use tokaido::render::Style;
use tokaido::render::rows::Document;
use tokaido::render::{text, upstream as render};

use crate::support::{Lab, id, project};

fn value(value: serde_json::Value) -> Value {
    serde_json::from_value(value).expect("a value")
}

fn diff(path: &str, after: serde_json::Value) -> Diff {
    Diff { path: path.to_owned(), before: Value::Null, after: value(after), class: Class::Change }
}

fn done(of: &str, operation: Operation, diffs: Vec<Diff>) -> Execution {
    Execution { id: id(of), operation, diffs }
}

/// A plan of production with these changes and nothing else.
fn plan(changes: Vec<(&str, Action, Vec<Diff>)>) -> PlanBody {
    let lab = Lab::new(project::load(project::copy().path(), Environment::Production));
    let template = lab.plan().plan.body;
    let form = template.changes.first().cloned().expect("a change");
    let change = |(of, action, diffs): (&str, Action, Vec<Diff>)| {
        let id = id(of);
        Change { kind: id.kind.to_string(), region: id.region, id, action, diffs, ..form.clone() }
    };
    PlanBody { changes: changes.into_iter().map(change).collect(), ..template }
}

const STAGING: Place<'static> = Place { environment: Environment::Staging, account: "222222222222" };

fn likenesses(changes: Vec<(&str, Action, Vec<Diff>)>, executed: &[Execution]) -> Vec<(String, Likeness)> {
    let upstream = compare(&plan(changes), STAGING, executed);
    upstream.rows.into_iter().map(|row| (format!("{} {}", row.id, row.path.unwrap_or_default()), row.likeness)).collect()
}

#[test]
fn what_was_never_done_comes_first() {
    let executed = [
        done(
            "db-instance.catalog@tokyo",
            Operation::Update,
            vec![diff("class", json!("db.t4g.medium")), diff("multi_az", json!(true))],
        ),
        done("vpc.main@tokyo", Operation::Update, vec![diff("dns_support", json!(true))]),
    ];
    let found = likenesses(
        vec![
            (
                "db-instance.catalog@tokyo",
                Action::Update,
                vec![diff("multi_az", json!(true)), diff("class", json!("db.m7g.large"))],
            ),
            ("db-instance.acme-db@tokyo", Action::Update, vec![diff("multi_az", json!(true)), diff("port", json!(5433))]),
        ],
        &executed,
    );
    let (catalog, acme) = ("db-instance.catalog@tokyo", "db-instance.acme-db@tokyo");
    assert_eq!(
        found,
        [
            (format!("{acme} port"), Likeness::Never),
            (format!("{acme} multi_az"), Likeness::OtherResource { resource: id(catalog) }),
            (format!("{catalog} class"), Likeness::OtherValue { there: Some(value(json!("db.t4g.medium"))) }),
            (format!("{catalog} multi_az"), Likeness::Same),
        ]
    );
}

#[test]
fn the_environment_own_name_and_account_are_no_difference() {
    let there = done(
        "kms-key.main@tokyo",
        Operation::Create,
        vec![
            diff("alias", json!("alias/staging-main")),
            diff("policy", json!({ "Principal": "arn:aws:iam::222222222222:root" })),
            diff("description", json!("no staginglike word")),
        ],
    );
    let found = likenesses(
        vec![(
            "kms-key.main@tokyo",
            Action::Create,
            vec![
                diff("alias", json!("alias/production-main")),
                diff("policy", json!({ "Principal": "arn:aws:iam::333333333333:root" })),
                diff("description", json!("no productionlike word")),
            ],
        )],
        &[there],
    );
    let same: Vec<bool> = found.iter().map(|(_, likeness)| *likeness == Likeness::Same).collect();
    assert_eq!(same, [false, true, true], "{found:?}");
    assert!(found[0].0.ends_with("description"), "only whole words are put aside: {found:?}");
}

#[test]
fn elements_and_deletes() {
    let executed = [
        done("security-group.acme@tokyo", Operation::Create, vec![diff("rules", json!(["a", "b"]))]),
        done("subnet.old-a@tokyo", Operation::Delete, Vec::new()),
    ];
    let found = likenesses(
        vec![
            ("security-group.acme@tokyo", Action::Update, vec![diff("rules[ingress tcp 443 203.0.113.0/24]", json!({}))]),
            ("subnet.old-a@tokyo", Action::Delete, Vec::new()),
            ("subnet.old-b@tokyo", Action::Delete, Vec::new()),
            ("security-group.old@tokyo", Action::Delete, Vec::new()),
        ],
        &executed,
    );
    assert_eq!(
        found,
        [
            ("security-group.old@tokyo ".to_owned(), Likeness::Never),
            ("subnet.old-b@tokyo ".to_owned(), Likeness::OtherResource { resource: id("subnet.old-a@tokyo") }),
            ("security-group.acme@tokyo rules[ingress tcp 443 203.0.113.0/24]".to_owned(), Likeness::OtherValue { there: None }),
            ("subnet.old-a@tokyo ".to_owned(), Likeness::Same),
        ]
    );
}

#[test]
fn the_newest_value_counts_and_an_older_same_one_too() {
    let class = |class: &str| done("db-instance.catalog@tokyo", Operation::Update, vec![diff("class", json!(class))]);
    let wish = |class: &str| vec![("db-instance.catalog@tokyo", Action::Update, vec![diff("class", json!(class))])];
    let executed = [class("db.a"), class("db.b")];
    assert_eq!(likenesses(wish("db.a"), &executed)[0].1, Likeness::Same, "it was executed, if not last");
    let other = Likeness::OtherValue { there: Some(value(json!("db.b"))) };
    assert_eq!(likenesses(wish("db.c"), &executed)[0].1, other);
}

/// To make a thing with a value and to bring one that is there to it are different calls, with different dangers.
#[test]
fn the_same_value_by_another_operation_is_not_the_same() {
    let catalog = "db-instance.catalog@tokyo";
    let values = || vec![diff("multi_az", json!(true)), diff("class", json!("db.m7g.large"))];
    let word = |likeness: &Likeness| serde_json::to_value(likeness).expect("data")["as"].as_str().expect("a word").to_owned();
    let ways = [(Action::Update, Operation::Create), (Action::Create, Operation::Update)];
    for (action, operation) in ways {
        let there =
            |operation| done(catalog, operation, vec![diff("multi_az", json!(true)), diff("class", json!("db.t4g.medium"))]);
        let found = likenesses(vec![(catalog, action, values())], &[there(operation)]);
        let found: Vec<String> = found.iter().map(|(_, likeness)| word(likeness)).collect();
        assert_eq!(found, ["other-operation", "other-value"], "{action:?} after {operation:?}");
        let alike = if action == Action::Create { Operation::Create } else { Operation::Update };
        let found = likenesses(vec![(catalog, action, values())], &[there(alike), there(operation)]);
        assert!(found.iter().any(|(_, likeness)| *likeness == Likeness::Same), "{found:?}");
    }
}

#[test]
fn in_words() {
    let changes = || {
        vec![
            (
                "db-instance.catalog@tokyo",
                Action::Update,
                vec![diff("multi_az", json!(true)), diff("class", json!("db.m7g.large"))],
            ),
            ("vpc.main@tokyo", Action::Update, vec![diff("dns_support", json!(true))]),
        ]
    };
    let said = |executed: &[Execution]| {
        let mut page = Document::default();
        render::section(&mut page, &compare(&plan(changes()), STAGING, executed), Language::En);
        text::document(&page, &Style { colour: false, width: 100 })
    };
    let catalog = done(
        "db-instance.catalog@tokyo",
        Operation::Update,
        vec![diff("class", json!("db.t4g.medium")), diff("multi_az", json!(true))],
    );
    let some = said(&[catalog]);
    let begin = "The same change as in staging except 2 of 3 values\n\n  ! never   vpc.main@tokyo · update\n    dns_support  true never executed in staging\n";
    assert!(some.starts_with(begin), "{some}");
    assert!(some.contains("class  db.m7g.large, in staging db.t4g.medium\n    (1 the same)"), "{some}");
    let all: Vec<_> = changes().into_iter().map(|(of, _, diffs)| done(of, Operation::Update, diffs)).collect();
    assert_eq!(said(&all), "The same change as in staging: all 3 values\n");
    // Staging was born with it.
    let born: Vec<_> = changes().into_iter().map(|(of, _, diffs)| done(of, Operation::Create, diffs)).collect();
    let text = said(&born);
    assert!(text.contains("except 3 of 3 values") && !text.contains("never executed"), "{text}");
    assert!(text.contains("multi_az  true only made with it in staging, never changed to it"), "{text}");
}
