//! JSON: round trips, and the committed schemas.

use std::path::Path;

use tokaido::model::{DriftReport, Plan};
use tokaido::render::{json, schema};

use super::{fixtures, reports};

#[test]
fn a_plan_comes_back_from_json_as_it_was() {
    for plan in [fixtures::ten_creates(), fixtures::three_repairs(), fixtures::every_action(), fixtures::every_section()] {
        let back = Plan::read(&json::plan(&plan)).expect("a plan");
        assert_eq!(back, plan);
        assert_eq!(back.digest(), plan.body.digest());
    }
    let report = fixtures::drift(true);
    assert_eq!(serde_json::from_str::<DriftReport>(&json::drift(&report)).expect("a report"), report);
}

/// The order of the document is the order of the struct: the envelope, then the body on one line.
#[test]
fn json_keeps_the_order_of_the_structs() {
    let text = json::plan(&fixtures::three_repairs());
    let order = ["\"id\"", "\"created_at\"", "\"caller\"", "\"schema_version\"", "\"summary\"", "\"changes\"", "\"divergences\""];
    let places: Vec<_> = order.iter().map(|key| text.find(key)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    assert!(text.ends_with("}\n}\n"));
}

#[test]
fn applies_and_findings_as_json() {
    super::golden("json_apply", &json::apply(&reports::ended()));
    super::golden("json_findings", &json::findings(&reports::mistakes()));
}

/// `TOKAIDO_BLESS=1` writes them anew.
#[test]
fn schemas_are_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (name, text) in [
        ("plan.schema.json", schema::plan_schema()),
        ("drift.schema.json", schema::drift_schema()),
        ("audit.schema.json", schema::audit_schema()),
        ("policy-input.schema.json", json::pretty(&tokaido::policy::printed_schema())),
        ("watch.schema.json", schema::watch_schema()),
    ] {
        let path = folder.join(name);
        if std::env::var_os("TOKAIDO_BLESS").is_some() {
            std::fs::write(&path, &text).expect("schemas/ can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{name} is not what the types say: run TOKAIDO_BLESS=1 cargo test schemas_are_committed");
    }
}
