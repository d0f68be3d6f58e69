//! `doctor` from outside: it only reads, it says what to do, and its exit code is that of the worst thing it saw.

use std::fs;

use serde_json::Value;

use crate::support::binary::{Product, apply};
use crate::support::project;

/// The named check of one environment, or of the project.
fn check(report: &Value, environment: Option<&str>, name: &str) -> Value {
    let one = match environment {
        None => report,
        Some(name) => list(&report["environments"]).iter().find(|one| one["environment"] == name).expect("the environment"),
    };
    list(&one["checks"]).iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("no {name}: {report:#}")).clone()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

#[test]
fn a_simulated_world_is_ready_before_and_after_an_apply() {
    let product = Product::new();
    let first = product.reads_only(0, &["doctor", "--stats"]);
    assert!(first.out.starts_with("ready: "), "{}", first.out);
    for environment in ["dev", "staging", "production"] {
        assert!(first.out.contains(&format!("\n{environment} · account ")), "{}", first.out);
    }
    product.expect(0, &apply("production"));
    product.reads_only(0, &["doctor", "production", "--stats"]);
    let report = product.reads_only(0, &["doctor", "production", "--format", "json"]).json();
    assert_eq!(report["verdict"], "ok");
    assert!(check(&report, Some("production"), "records")["says"].as_str().is_some_and(|says| says.contains("can be read")));
}

#[test]
fn a_denied_read_names_the_action_and_what_to_grant() {
    let product = Product::new();
    product.expect(0, &["sandbox", "fail", "list kms-key", "access-denied"]);
    let said = product.reads_only(1, &["doctor", "production", "--stats"]).out;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("! problem permissions: denied"), "{said}");
    assert!(said.contains("kms:ListKeys in tokyo and osaka"), "{said}");
    assert!(said.contains("next: allow kms:DescribeKey, kms:GetKeyPolicy"), "{said}");
    assert!(said.contains("for arn:aws:sts::333333333333:assumed-role/tokaido/sandbox"), "{said}");
    let report = product.reads_only(1, &["doctor", "production", "--format", "json"]).json();
    assert_eq!(check(&report, Some("production"), "permissions")["verdict"], "problem");
    // What else is in the account was not counted, so nobody may call it enough.
    assert_eq!(check(&report, Some("production"), "quotas")["verdict"], "unknown");
}

#[test]
fn what_does_not_answer_is_unknown() {
    for class in ["unreachable", "throttled", "internal"] {
        let product = Product::new();
        product.expect(0, &["sandbox", "fail", "list db-instance", class]);
        let report = product.reads_only(8, &["doctor", "dev", "--format", "json"]).json();
        for name in ["tokyo", "osaka", "permissions", "quotas"] {
            assert_eq!(check(&report, Some("dev"), name)["verdict"], "unknown", "{class}: {name}");
        }
        assert_eq!(check(&report, Some("dev"), "iam")["verdict"], "ok");
        product.expect(0, &["sandbox", "heal"]);
        product.reads_only(0, &["doctor", "dev"]);
    }
    let product = Product::new();
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    let report = product.reads_only(1, &["doctor", "dev", "--format", "json", "--stats"]);
    assert!(report.err.contains("calls in all: 1;"), "{}", report.err);
    assert_eq!(check(&report.json(), Some("dev"), "credentials")["verdict"], "problem");
    assert_eq!(check(&report.json(), Some("dev"), "account")["verdict"], "unknown");
}

#[test]
fn another_account_is_refused_and_not_looked_at() {
    let product = Product::new();
    product.expect(0, &["sandbox", "account", "999999999999"]);
    let refused = product.reads_only(5, &["doctor", "production", "--stats"]);
    assert!(refused.out.contains("333333333333") && refused.out.contains("999999999999"), "{}", refused.out);
    assert!(refused.err.contains("sim:caller") && refused.err.contains("calls in all: 1;"), "{}", refused.err);
    assert!(
        refused.out.contains("tokyo, osaka, iam, permissions, quotas: not asked: this is the wrong account"),
        "{}",
        refused.out
    );
    // Staging's files are broken: an error is worse than a refusal.
    product.edit("environments/staging.yaml", "db.t4g.medium", "not-a-class");
    product.reads_only(1, &["doctor"]);
}

#[test]
fn broken_files_end_before_anything_is_called() {
    let product = Product::new();
    product.edit("environments/production.yaml", "db.m7g.large", "not-a-class");
    // With `--stats` the calls of each world are printed; here there was none.
    let broken = product.expect(1, &["doctor", "production", "--stats"]);
    assert!(broken.out.contains("environments/production.yaml:") && broken.out.contains("not-a-class"), "{}", broken.out);
    assert!(!broken.err.contains("calls in all"), "nobody was called: {}", broken.err);
    let report = product.reads_only(1, &["doctor", "production", "--format", "json"]).json();
    assert_eq!(check(&report, None, "files")["verdict"], "problem");
    assert_eq!(check(&report, Some("production"), "account")["verdict"], "unknown");
    product.reads_only(0, &["doctor", "dev"]);
}

#[test]
fn a_damaged_record_is_found() {
    let product = Product::applied("dev");
    let records = product.path().join("world.jsonl.store/dev");
    fs::write(records.join("00000001.json"), "{").expect("a record");
    let report = product.reads_only(1, &["doctor", "dev", "--format", "json"]).json();
    let found = check(&report, Some("dev"), "records");
    assert_eq!(found["verdict"], "problem");
    assert!(found["says"].as_str().is_some_and(|says| says.contains("00000001.json")), "{found}");
    // Taken away instead: nobody goes on as if it had never been.
    fs::remove_file(records.join("00000001.json")).expect("a record");
    let report = product.reads_only(1, &["doctor", "dev", "--format", "json"]).json();
    let found = check(&report, Some("dev"), "records");
    let says = found["says"].as_str().unwrap_or_default();
    assert!(says.contains("00000001.json is missing") && says.contains("version history"), "{found}");
    for words in [&["status", "dev"][..], &["plan", "dev"], &["apply", "dev", "--yes"]] {
        let ran = product.run(words);
        assert!(ran.code == 1 && ran.err.contains("00000001.json is missing"), "{words:?}: {ran:#?}");
    }
}

#[test]
fn the_same_project_gives_the_same_document() {
    let product = Product::new();
    product.expect(0, &["sandbox", "fail", "list vpc", "access-denied"]);
    let first = product.reads_only(1, &["doctor", "--format", "json"]);
    assert_eq!(product.reads_only(1, &["doctor", "--format", "json"]).out, first.out);
    let report = first.json();
    let keys: Vec<_> = report.as_object().expect("an object").keys().cloned().collect();
    let mut expected = ["schema_version", "tool_version", "world", "verdict", "checks", "environments"].map(str::to_owned);
    expected.sort();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    for one in list(&report["environments"]) {
        let names: Vec<_> = list(&one["checks"]).iter().map(|check| check["check"].as_str().unwrap_or_default()).collect();
        let order = [
            "credentials",
            "role",
            "account",
            "clock",
            "tokyo",
            "osaka",
            "iam",
            "permissions",
            "quotas",
            "bootstrap",
            "records",
            "lease",
        ];
        assert_eq!(names, order);
    }
}

#[test]
fn the_policies_are_those_of_the_documentation() {
    let empty = tempfile::tempdir().expect("a folder");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
    command.current_dir(empty.path()).env_clear().args(["doctor", "--policies", "--format", "json"]);
    let both = crate::support::binary::ran(command);
    assert_eq!((both.code, both.err.as_str()), (0, ""), "neither a project nor an account is needed");
    for name in ["read", "apply"] {
        let text = fs::read_to_string(project::root().join(format!("docs/permissions/{name}.json"))).expect("a policy");
        assert_eq!(both.json()[name], serde_json::from_str::<Value>(&text).expect("JSON"));
        let product = Product::new();
        assert!(product.reads_only(0, &["doctor", "--policies"]).out.contains(&text));
    }
}
