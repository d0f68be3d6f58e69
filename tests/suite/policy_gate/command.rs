//! Policies as a user meets them: a file under `policies/`, and what the commands say and do from then on.

use std::fs;

use super::rego::{ENDLESS, MISSPELT, small_networks, write};
use crate::support::binary::Product;
use crate::support::office::{Keys, PEOPLE, governed};

const REASON: &str = "the catalog database is full";

fn with(text: &str) -> Product {
    let product = Product::new();
    write(&product, "small-networks", text);
    product
}

#[test]
fn a_deny_is_shown_and_refuses() {
    let product = with(&small_networks("deny"));
    product.expect(0, &["validate"]);
    let ran = product.reads_only(5, &["plan", "dev", "--stats"]);
    assert_eq!(ran.out.lines().next(), Some("A policy refuses this plan: it cannot be applied."), "{}", ran.out);
    for words in [
        "1 policy · 1 refuses",
        "× refuses small-networks · Networks are small",
        "policies/small-networks.rego:",
        "vpc.main@tokyo: ",
        "--emergency REASON",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let ja = product.reads_only(5, &["plan", "dev", "--lang", "ja"]);
    assert!(ja.out.contains("ネットワークは小さく保つ") && ja.out.contains("広過ぎます"), "{}", ja.out);
    for format in ["md", "html"] {
        let page = product.reads_only(5, &["plan", "dev", "--format", format]);
        assert!(page.out.contains("A policy refuses this plan") && page.out.contains("small-networks"), "{}", page.out);
    }
    let json = product.reads_only(5, &["plan", "dev", "--format", "json"]).json();
    assert_eq!(
        (&json["body"]["policies"][0]["policy"], &json["body"]["policies"][0]["effect"]),
        (&"small-networks".into(), &"deny".into())
    );
    assert!(json["body"]["policies"][0]["broken"].as_array().is_some_and(|broken| !broken.is_empty()));
    let ran = product.reads_only(5, &["apply", "dev", "--yes"]);
    for words in [
        "refused: dev does not let plan",
        "nothing was changed",
        "policy small-networks (policies/small-networks.rego:",
        "next: ",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    // The same, saved first.
    let saved = product.expect(5, &["plan", "dev", "--save"]);
    let id = saved.err.split("saved plans/dev/").nth(1).and_then(|rest| rest.get(..12)).expect("a plan").to_owned();
    let ran = product.reads_only(5, &["apply", &id, "--yes"]);
    assert!(ran.err.contains("vpc.main@tokyo") && !ran.err.contains("approvals bind"), "{}", ran.err);
    assert!(product.reads_only(0, &["show", &id]).out.starts_with("A policy refuses this plan"));
    // What bothers it can be changed.
    write(&product, "small-networks", &small_networks("deny").replace("\"/24\"", "\"/16\""));
    let ran = product.expect(0, &["apply", "dev", "--yes"]);
    assert!(ran.out.contains("1 policy · 1 kept"), "{}", ran.out);
}

#[test]
fn a_warning_is_shown_and_passes() {
    let product = with(&small_networks("warn"));
    let ran = product.reads_only(0, &["plan", "dev"]);
    assert!(ran.out.contains("1 policy · 1 warns") && ran.out.contains("! warns"), "{}", ran.out);
    assert!(!ran.out.contains("cannot be applied"), "{}", ran.out);
    product.expect(0, &["apply", "dev", "--yes"]);
}

/// What is strict in production may only warn in dev, and not be asked in staging.
#[test]
fn each_environment_has_its_effect() {
    let product = with(&small_networks("{production: deny, staging: \"off\", dev: warn}"));
    assert!(product.reads_only(0, &["plan", "dev"]).out.contains("1 warns"));
    let staging = product.reads_only(0, &["plan", "staging", "--format", "json"]).json();
    assert!(staging.get("policies").is_none(), "it is not asked there: {staging:#}");
    assert!(product.reads_only(5, &["plan", "production"]).out.contains("1 refuses"));
}

#[test]
fn an_emergency_goes_past_it_in_dev_as_well() {
    let product = with(&small_networks("deny"));
    let ran = product.expect(0, &["apply", "dev", "--yes", "--emergency", REASON, "--author", "alice@example.com"]);
    assert!(ran.err.contains("this emergency skips:") && ran.err.contains("policy small-networks"), "{}", ran.err);
    assert!(ran.err.contains("is not reviewed yet"), "{}", ran.err);
    let status = product.reads_only(0, &["status", "dev"]);
    assert!(status.out.contains(REASON) && status.out.contains("policy small-networks"), "{}", status.out);
    // Nothing is left to do, so nothing is refused; that it is wide is still said.
    let again = product.reads_only(0, &["plan", "dev"]);
    assert!(again.out.contains("nothing to do") && again.out.contains("1 refuses"), "{}", again.out);
    product.expect(0, &["apply", "dev", "--yes"]);
}

#[test]
fn a_plan_is_bound_to_the_policies_that_judged_it() {
    let product = with(&small_networks("warn"));
    let saved = product.saved("dev");
    let saved = saved.to_str().expect("a path");
    product.edit("policies/small-networks.rego", "effect: warn", "effect: deny");
    let ran = product.reads_only(5, &["apply", saved, "--yes"]);
    assert!(
        ran.err.contains("policies/*.rego are not those that judged the plan") && ran.err.contains("plan again"),
        "{}",
        ran.err
    );
    fs::remove_file(product.path().join("policies/small-networks.rego")).expect("a file");
    let ran = product.reads_only(5, &["apply", saved, "--yes", "--emergency", REASON]);
    assert!(ran.err.contains("none now"), "no emergency goes past this: {}", ran.err);
}

#[test]
fn a_misspelt_field_is_found_where_it_stands() {
    let product = with(MISSPELT);
    let line = 1 + MISSPELT.lines().position(|line| line.contains("atributes")).expect("a line");
    for words in [&["validate"][..], &["plan", "dev"], &["apply", "dev", "--yes"], &["release", "cut"]] {
        let ran = product.reads_only(1, words);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(
            said.contains(&format!("policies/small-networks.rego:{line}:")) && said.contains("atributes"),
            "{words:?}: {said}"
        );
    }
}

/// Several mistakes of several files come at once, those of other files with them.
#[test]
fn every_mistake_at_once() {
    let product = with(MISSPELT);
    write(&product, "other", "package tokaido.other\n");
    fs::create_dir_all(product.path().join("policies/network")).expect("a folder");
    fs::write(product.path().join("policies/network/rule.rego"), "package tokaido.rule\n").expect("a file");
    fs::write(product.path().join("policies/binary.rego"), [0xff, 0xfe]).expect("a file");
    product.edit("environments/dev.yaml", "account:", "acount:");
    let ran = product.reads_only(1, &["validate"]);
    for place in [
        "policies/small-networks.rego:",
        "policies/other.rego:",
        "policies/network/rule.rego:1:1",
        "policies/binary.rego:1:1",
        "environments/dev.yaml:",
    ] {
        assert!(ran.out.contains(place), "{place}: {}", ran.out);
    }
    assert!(ran.out.contains("misplaced-policy") && ran.out.contains("not-utf8"), "{}", ran.out);
}

/// It compiles, and only a plan shows that it does not end.
#[test]
fn a_policy_that_never_ends_makes_no_plan() {
    let product = with(ENDLESS);
    product.expect(0, &["validate"]);
    for words in [
        &["plan", "dev"][..],
        &["plan", "dev", "--save"],
        &["apply", "dev", "--yes"],
        &["apply", "dev", "--yes", "--emergency", REASON],
    ] {
        let ran = product.reads_only(1, words);
        assert!(ran.err.contains("policies/small-networks.rego:") && ran.err.contains("has not ended"), "{words:?}: {}", ran.err);
    }
    // It is asked about plans and about nothing else.
    assert_eq!(product.run(&["drift", "dev"]).code, 3);
    assert_ne!(product.run(&["audit", "dev"]).code, 1);
}

#[test]
fn it_is_explained_by_its_code() {
    let product = with(&small_networks("{production: deny, staging: deny, dev: warn}"));
    let ran = product.reads_only(0, &["explain", "small-networks"]);
    for words in ["Networks are small", "fewer neighbours", "vpc", "policies/small-networks.rego:", "warn: only says so"] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let ja = product.reads_only(0, &["explain", "small-networks", "--lang", "ja"]);
    assert!(ja.out.contains("ネットワークは小さく保つ") && ja.out.contains("警告のみ"), "{}", ja.out);
    assert!(product.reads_only(1, &["explain", "small-network"]).err.contains("small-networks"));
    assert!(product.reads_only(0, &["validate"]).out.contains("1 policy"));
    assert!(product.run(&["doctor", "dev"]).out.contains("1 policy"));
}

/// Nobody signs, and nobody waits for, what only an emergency could apply.
#[test]
fn a_denied_plan_is_not_signed_and_waits_for_nobody() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    write(&product, "small-networks", &small_networks("deny"));
    let saved = product.expect(5, &["plan", "production", "--save", "--author", "alice@example.com", "--format", "json"]).json();
    let id = &saved["id"].as_str().expect("an id")[..12];
    let ran = product.reads_only(5, &["approve", id, "--key", &keys.file("bob"), "--yes"]);
    assert!(ran.err.contains("nothing was signed") && ran.err.contains("policy small-networks"), "{}", ran.err);
    assert!(!product.reads_only(0, &["status", "production"]).out.contains(id));
    let ran = product.reads_only(5, &["apply", id, "--yes"]);
    for words in ["no release is pinned", "policy small-networks", "0 of 2 approvals"] {
        assert!(ran.err.contains(words), "all reasons at once: {words}: {}", ran.err);
    }
}
