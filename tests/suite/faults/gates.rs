//! A saved plan is executed once, soon, unaltered, with the files and the world it was made from; else nothing happens.

use std::fs;
use std::ops::Range;

use tokaido::model::{Plan, Value};
use tokaido::pipeline::{Gate, PipelineError};
use tokaido::render::json;

use super::production;
use crate::support::binary::{Product, apply, changed};
use crate::support::lab::block_on;
use crate::support::{Lab, attr, id};

/// Refused by this gate, and the world is as it was.
fn refused(lab: &Lab, plan: &Plan, is: impl Fn(&Gate) -> bool) {
    let (before, records) = (lab.rows(), lab.records().len());
    match lab.apply_saved(plan) {
        Err(PipelineError::Gate(gate)) if is(&gate) => {}
        other => panic!("{other:#?}"),
    }
    assert_eq!(lab.rows(), before, "a refused plan changed something");
    assert_eq!(lab.records().len(), records, "a refused plan began");
}

#[test]
fn a_plan_is_used_once() {
    let lab = production();
    let plan = lab.plan().plan;
    lab.apply_saved(&plan).expect("the first time");
    refused(&lab, &plan, |gate| matches!(gate, Gate::Used { .. }));
}

#[test]
fn a_plan_expires_after_a_day() {
    let lab = production();
    let plan = lab.plan().plan;
    block_on(tokaido::world::World::clock(&**lab.world()).sleep(std::time::Duration::from_hours(24)));
    refused(&lab, &plan, |gate| matches!(gate, Gate::Expired { .. }));
    let mut unreadable = plan;
    "never".clone_into(&mut unreadable.expires_at);
    refused(&lab, &unreadable, |gate| matches!(gate, Gate::Resealed));
    unreadable.seal = unreadable.sealed();
    refused(&lab, &unreadable, |gate| matches!(gate, Gate::Expired { .. }));
}

/// Any change of the body is another plan: every text, number and truth value in its bytes.
#[test]
fn an_altered_plan_is_refused_wherever_it_was_altered() {
    let lab = production();
    let plan = lab.plan().plan;
    let file = json::plan(&plan);
    let body = file.find("\"body\": ").expect("a body");
    let mut tried = 0;
    for place in leaves(&file).into_iter().filter(|place| place.start > body).step_by(11) {
        let other = match &file[place.clone()] {
            "true" => "false".to_owned(),
            "false" => "true".to_owned(),
            "null" => "\"x\"".to_owned(),
            text if text.starts_with('"') => format!("{}x\"", &text[..text.len() - 1]),
            number => format!("{number}1"),
        };
        let edited = format!("{}{other}{}", &file[..place.start], &file[place.end..]);
        // What does not even parse is refused earlier, by the command line.
        let Ok(altered) = Plan::read(&edited) else { continue };
        assert_ne!(altered, plan, "{place:?}");
        refused(&lab, &altered, |gate| matches!(gate, Gate::Altered { .. } | Gate::OtherFormat { .. }));
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
}

/// Where values stand that are no list and no map.
fn leaves(json: &str) -> Vec<Range<usize>> {
    let bytes = json.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                if bytes.get(at) != Some(&b':') {
                    found.push(start..at);
                }
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                while bytes[at].is_ascii_alphanumeric() || bytes[at] == b'-' {
                    at += 1;
                }
                found.push(start..at);
            }
            _ => at += 1,
        }
    }
    found
}

/// Bytes are what is approved: the same values written otherwise are another plan.
#[test]
fn a_body_that_an_editor_wrote_anew_is_refused() {
    let lab = production();
    let plan = lab.plan().plan;
    let file = json::plan(&plan);
    let spaced = file.replace(",\"environment\":", ", \"environment\":");
    assert_ne!(spaced, file);
    let altered = Plan::read(&spaced).expect("a plan");
    assert_eq!(altered.body, plan.body);
    refused(&lab, &altered, |gate| matches!(gate, Gate::Altered { .. }));
    // Neither id nor seal covers what else stands in the envelope, and nobody is shown it.
    for (from, to) in [("  \"id\": ", "\t\"id\":"), ("  \"id\": ", "  \"more\": 1,\n  \"id\": ")] {
        let envelope = Plan::read(&file.replacen(from, to, 1)).expect("a plan");
        assert_eq!((&envelope.body, envelope.digest()), (&plan.body, plan.id.clone()));
        refused(&lab, &envelope, |gate| matches!(gate, Gate::Rewritten));
    }
    // Line ends are a matter of version control.
    assert_eq!(Plan::read(&file.replace('\n', "\r\n")).expect("a plan"), plan);
}

#[test]
fn other_files_another_tool_or_another_environment_are_refused() {
    let lab = production();
    let plan = lab.plan().plan;
    let mut other = (*lab.desired).clone();
    other.digest = "d1".repeat(32);
    refused(&lab.with(other), &plan, |gate| matches!(gate, Gate::OtherConfiguration { .. }));
    let mut other = (*lab.desired).clone();
    other.promises_digest = "d1".repeat(32);
    refused(&lab.with(other), &plan, |gate| matches!(gate, Gate::OtherConfiguration { .. }));
    let mut other = (*lab.desired).clone();
    "444444444444".clone_into(&mut other.account);
    refused(&lab.with(other), &plan, |gate| matches!(gate, Gate::OtherTarget { .. }));
    // The same files for this environment, and a release that nobody spoke of when the plan was made.
    let mut other = (*lab.desired).clone();
    "d1".repeat(32).clone_into(&mut other.release.as_mut().expect("a release").digest);
    refused(&lab.with(other), &plan, |gate| matches!(gate, Gate::OtherRelease { .. }));
    let mut newer = plan;
    "9.9.9".clone_into(&mut newer.body.digests.tool_version);
    newer.id = newer.body.digest();
    newer.seal = newer.sealed();
    refused(&lab, &newer, |gate| matches!(gate, Gate::OtherTool { .. }));
}

#[test]
fn a_world_that_moved_is_refused_and_the_part_already_done_is_not_done_twice() {
    let (database, vpc) = (id("db-instance.catalog@tokyo"), id("vpc.main@tokyo"));
    let lab = production();
    lab.converge();
    lab.set(&database, "backup_retention_days", &1.into()).expect("by hand");
    let plan = lab.plan().plan;
    lab.set(&database, "backup_retention_days", &2.into()).expect("by hand");
    refused(&lab, &plan, |gate| matches!(gate, Gate::Stale { .. }));

    // Somebody repaired one of two by hand: that step is done already, the other is executed.
    lab.set(&vpc, "dns_hostnames", &false.into()).expect("by hand");
    let plan = lab.plan().plan;
    lab.set(&vpc, "dns_hostnames", &true.into()).expect("by hand");
    let report = lab.apply_saved(&plan).expect("a subset of the plan");
    assert_eq!(report.mutating_calls, 1, "{report:#?}");
    lab.assert_settled();
}

/// What appeared since the plan was made is not removed by a plan that never showed it.
#[test]
fn a_rule_added_since_the_plan_survives_it() {
    let group = id("security-group.acme@tokyo");
    let rule = |port: i64| -> Value {
        let text = format!(r#"{{"direction":"ingress","protocol":"tcp","from":{port},"to":{port},"peer":"192.0.2.0/24"}}"#);
        serde_json::from_str(&text).expect("a rule")
    };
    let lab = production();
    lab.converge();
    lab.set(&group, "rules[+]", &rule(22)).expect("by hand");
    let plan = lab.plan().plan;
    lab.set(&group, "rules[+]", &rule(23)).expect("by hand");
    lab.apply_saved(&plan).expect("the approved part");
    let rules = lab.row(&group).attributes[attr("rules")].to_string();
    assert!(!rules.contains("from 22") && rules.contains("from 23"), "{rules}");
}

/// The same gates through the binary: exit 5, and not one byte changes.
#[test]
fn the_binary_refuses_with_exit_5() {
    let product = Product::new();
    let plan = product.saved("production");
    let name = plan.to_string_lossy().into_owned();
    let text = fs::read_to_string(&plan).expect("a plan");
    let refuses = |words: &str| {
        let before = product.bytes();
        let ran = product.expect(5, &apply(&name));
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
        assert!(changed(&before, &product.bytes()).is_empty(), "{words}");
    };
    fs::write(&plan, text.replacen("db.m7g.large", "db.m7g.48xlarge", 1)).expect("a plan");
    refuses("altered");
    fs::write(&plan, text.replacen("\"expires_at\": \"2026-11-02", "\"expires_at\": \"2026-10-31", 1)).expect("a plan");
    refuses("altered");
    fs::write(&plan, &text).expect("a plan");
    let file = product.path().join("environments/production.yaml");
    let files = fs::read_to_string(&file).expect("a file");
    fs::write(&file, format!("{files}\n# a comment is a change too\n")).expect("a file");
    refuses("configuration changed");
    fs::write(&file, files).expect("a file");
    product.expect(0, &apply(&name));
    refuses("used at");
}
