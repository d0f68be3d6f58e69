//! Plans as text.

use tokaido::kinds::schemas;
use tokaido::model::{Blocked, Plan};
use tokaido::render::{Detail, PlanOptions, Style, plan};

use super::{NARROW, WIDE, fixtures, golden};

fn next() -> Vec<String> {
    vec![
        "tokaido show plans/production/4f1c0ffee123.json    what a reviewer reads".to_owned(),
        "tokaido apply plans/production/4f1c0ffee123.json".to_owned(),
    ]
}

fn show(of: &Plan, style: &Style) -> String {
    with(of, PlanOptions::default(), style)
}

fn with(of: &Plan, options: PlanOptions, style: &Style) -> String {
    plan::text(of, &schemas(), &options, style, &next())
}

#[test]
fn ten_creates() {
    golden("plan_ten_creates_100", &show(&fixtures::ten_creates(), &WIDE));
    golden("plan_ten_creates_60", &show(&fixtures::ten_creates(), &NARROW));
}

#[test]
fn three_repairs() {
    golden("plan_three_repairs_100", &show(&fixtures::three_repairs(), &WIDE));
    golden("plan_three_repairs_60", &show(&fixtures::three_repairs(), &NARROW));
    golden(
        "plan_three_repairs_colour",
        &show(&fixtures::three_repairs(), &Style { colour: true, width: 100 }).replace('\u{1b}', "␛"),
    );
}

#[test]
fn every_action() {
    golden("plan_every_action_100", &show(&fixtures::every_action(), &WIDE));
    golden("plan_every_action_60", &show(&fixtures::every_action(), &NARROW));
}

#[test]
fn every_section() {
    golden("plan_every_section_100", &show(&fixtures::every_section(), &WIDE));
    golden("plan_every_section_60", &show(&fixtures::every_section(), &NARROW));
}

#[test]
fn tags_one_by_one_and_names_only() {
    let names = PlanOptions { detail: Detail::Names, tags: true, ..PlanOptions::default() };
    golden("plan_names_100", &with(&fixtures::every_action(), names, &WIDE));
    golden(
        "plan_full_100",
        &with(&fixtures::ten_creates(), PlanOptions { detail: Detail::Full, ..PlanOptions::default() }, &WIDE),
    );
}

/// An empty plan is short, and says what was looked at; with something unknown or refused it does not say that all is well.
#[test]
fn nothing_to_do() {
    let mut empty = fixtures::plan(Vec::new());
    empty.body.summary.unchanged = 47;
    golden("plan_empty_100", &plan::text(&empty, &schemas(), &PlanOptions::default(), &WIDE, &[]));
    assert!(show(&empty, &WIDE).contains("nothing to do: 47 resources are exactly as declared"));
    let wish = Blocked { diffs: Vec::new(), ..fixtures::every_section().body.blocked.remove(0) };
    empty.body.blocked.push(wish);
    assert!(!show(&empty, &WIDE).contains("nothing to do"));
}

/// What is destroyed is shown in full, whatever was asked for; what is absent is said.
#[test]
fn destruction_is_never_folded() {
    let names = with(&fixtures::every_action(), PlanOptions { detail: Detail::Names, ..PlanOptions::default() }, &WIDE);
    assert!(names.contains("cidr  10.30.48.0/22 → (none)"), "{names}");
    assert!(!names.contains("nothing is destroyed"));
    assert!(show(&fixtures::three_repairs(), &WIDE).contains("nothing is destroyed or replaced"));
}

/// One item of a list inside an element comes and goes by its own name.
#[test]
fn an_item_inside_an_element_is_named() {
    let item = serde_json::json!({ "$ref": "db-instance.second@tokyo", "output": "arn" });
    let path = |name: &str| format!("selections[databases-1].resources[db-instance.{name}@tokyo]");
    let added = fixtures::diff(&path("second"), tokaido::model::Value::Null, fixtures::json(item.clone()));
    let gone = fixtures::diff(&path("first"), fixtures::json(item), tokaido::model::Value::Null);
    let change = fixtures::change("backup-plan.daily@tokyo", tokaido::model::Impact::InPlace, vec![added, gone]);
    let text = show(&fixtures::plan(vec![change]), &WIDE);
    for row in ["+ databases-1 resources: db-instance.second@tokyo", "- databases-1 resources: db-instance.first@tokyo"] {
        assert!(text.contains(row), "{row}\n{text}");
    }
    assert!(!text.contains("databases-1]"), "{text}");
}
