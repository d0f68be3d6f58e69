//! `tokaido policy test` and `tokaido policy input`, as a user runs them.

use std::fs;

use super::{BROKEN, CHECKED, HEAD};
use crate::support::binary::Product;

fn with_policy(rules: &str, cases: &str) -> Product {
    let product = Product::new();
    fs::create_dir_all(product.path().join("policies/tests")).unwrap();
    fs::write(product.path().join("policies/sample.rego"), format!("{HEAD}{rules}")).unwrap();
    fs::write(product.path().join("policies/tests/sample.yaml"), cases).unwrap();
    product
}

const CASES: &str = "\
schema: tokaido/policy-test/v1
policy: sample
cases:
  - name: one of each
    given:
      planned:
        db-instance:
          - { id: db-instance.a@tokyo, attributes: { port: 1 } }
          - { id: db-instance.b@tokyo, attributes: { port: 2 } }
    expect: { db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }
";

#[test]
fn cases_that_pass_and_cases_that_do_not() {
    let rules = format!("{CHECKED}{BROKEN}");
    let product = with_policy(&rules, CASES);
    let passed = product.reads_only(0, &["policy", "test"]);
    assert!(passed.out.contains("1 policy, 1 case: all passed"), "{}", passed.out);
    let json = product.reads_only(0, &["policy", "test", "--format", "json"]).json();
    assert_eq!((&json["passed"], &json["policies"][0]["cases"][0]["name"]), (&true.into(), &"one of each".into()));

    product.edit("policies/tests/sample.yaml", "b@tokyo: kept", "b@tokyo: unjudged");
    let failed = product.reads_only(1, &["policy", "test"]);
    assert!(failed.out.contains("FAILED  one of each  policies/tests/sample.yaml:4:11"), "{}", failed.out);
    assert!(failed.out.contains("db-instance.b@tokyo should be unjudged and is kept"), "{}", failed.out);
    assert!(failed.out.contains("1 policy, 1 case: 1 policy did not pass"), "{}", failed.out);

    product.edit("policies/tests/sample.yaml", "policy: sample", "policy: smaple");
    let stray = product.reads_only(1, &["policy", "test"]);
    assert!(
        stray.err.contains("policies/tests/sample.yaml:2:9: error[policy-test]: there is no policy `smaple`"),
        "{}",
        stray.err
    );

    product.edit("policies/sample.rego", "attributes.port", "attributes.prot");
    let mistaken = product.reads_only(1, &["policy", "test"]);
    assert!(
        mistaken.err.contains("policies/sample.rego:13:15: error[unknown-input-field]: unknown field `prot`"),
        "{}",
        mistaken.err
    );
}

#[test]
fn a_file_of_cases_alone() {
    let product = with_policy(&format!("{CHECKED}{BROKEN}"), CASES);
    let other = format!("{HEAD}{CHECKED}{BROKEN}").replace("sample", "other");
    fs::write(product.path().join("policies/other.rego"), other).unwrap();
    product.reads_only(1, &["policy", "test"]);
    let file = product.path().join("policies/tests/sample.yaml");
    product.reads_only(0, &["policy", "test", file.to_str().unwrap()]);
}

/// A rule or a case that nobody reads looks like one that holds.
#[test]
fn files_that_nobody_reads() {
    for (file, said) in [
        ("policies/few.rgo", "`policies/few.rego`"),
        ("policies/few.rego.txt", "`policies/few.rego`"),
        ("policies/role.yaml", "`policies/roles.yaml`"),
        ("policies/tests/sample.yml", "`policies/tests/sample.yaml` if these are cases"),
        ("policies/tests/sample_test.rego", "no case is read from"),
        ("policies/tests/few.json", "no case is read from"),
        ("policies/tests/sub/sample.yaml", "nothing is read from the folder `policies/tests/sub`"),
        ("policies/tests/more.yaml/a.yaml", "nothing is read from the folder `policies/tests/more.yaml`"),
        ("policies/test/sample.yaml", "files of cases directly in `policies/tests/`"),
        ("policies/lists/owners.json", "nothing is read from the folder `policies/lists`"),
    ] {
        let product = with_policy(&format!("{CHECKED}{BROKEN}"), CASES);
        let path = product.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, CASES).unwrap();
        for words in [&["policy", "test"][..], &["validate"], &["plan", "dev"]] {
            let ran = product.reads_only(1, words);
            let all = format!("{}{}", ran.out, ran.err);
            let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains("error[misplaced-policy]") && flat.contains(said), "{file} {words:?}: {all}");
            assert!(!all.contains("os error"), "{file} {words:?}: {all}");
        }
    }
    let product = with_policy(&format!("{CHECKED}{BROKEN}"), CASES);
    fs::create_dir_all(product.path().join("policies/tests/empty.yaml")).unwrap();
    let ran = product.reads_only(1, &["policy", "test"]);
    assert!(ran.err.contains("policies/tests/empty.yaml:1:1: error[misplaced-policy]"), "{}", ran.err);
    let ran = product.reads_only(1, &["policy", "test", product.path().join("policies/tests").to_str().unwrap()]);
    assert!(!ran.err.contains("os error"), "{}", ran.err);
}

/// Editors leave files beside those that they write.
#[test]
fn what_editors_leave_behind_is_no_mistake() {
    let product = with_policy(&format!("{CHECKED}{BROKEN}"), CASES);
    for file in [
        "policies/.sample.rego.swp",
        "policies/sample.rego~",
        "policies/#sample.rego#",
        "policies/.DS_Store",
        "policies/README.md",
        "policies/tests/README",
        "policies/tests/.sample.yaml",
        "policies/tests/sample.yaml~",
    ] {
        fs::write(product.path().join(file), "anything: at all\n").unwrap();
    }
    let ran = product.reads_only(0, &["policy", "test"]);
    assert!(ran.out.contains("1 policy, 1 case: all passed"), "{}", ran.out);
    product.reads_only(0, &["validate"]);
}

/// What is printed is what the schema says, and the same every time.
#[test]
fn what_policies_are_asked_about() {
    let product = Product::new();
    let first = product.reads_only(0, &["policy", "input", "production"]);
    assert_eq!(first.out, product.reads_only(0, &["policy", "input", "production"]).out);
    let input = first.json();
    assert_eq!(input["environment"], "production");
    assert_eq!(input["live"]["db-instance"].as_array().unwrap().len(), 0);
    assert_eq!(input["planned"]["db-instance"][1]["id"], "db-instance.catalog@tokyo");
    assert_eq!(input["planned"]["db-instance"][1]["attributes"]["multi_az"], true);
    assert_eq!(input["promises"]["point-in-time-recovery"]["at_least_days"], 35);
    assert!(input["plan"].get("policies").is_none());
    for word in ["created_at", "nonce", "caller", "author", "observed_at"] {
        assert!(!first.out.contains(&format!("\"{word}\"")), "{word}");
    }
    let schema: serde_json::Value = product.reads_only(0, &["schema", "policy-input"]).json();
    let mut wrong = Vec::new();
    crate::cli::conforms(&schema, &schema, &input, "input", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
