//! `tokaido audit` as a user runs it.

use std::fs;

use crate::support::binary::Product;

#[test]
fn an_audit_ends_with_the_code_of_its_verdicts() {
    let product = Product::applied("production");
    let text = product.reads_only(0, &["audit", "production", "--stats"]).out;
    assert!(text.contains("0 broken · 0 unknown · 15 kept · 11 no check yet · 10 outside infrastructure"), "{text}");
    for clause in 1..=32 {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{clause}  "))), "clause {clause}: {text}");
    }
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let text = product.reads_only(4, &["audit", "production"]).out;
    assert!(text.contains("backup_retention_days is 1: 35 days are promised"), "{text}");
    assert!(text.contains("list db-instance@tokyo"), "a fact names its source: {text}");
    // The plan that repairs it says so.
    let plan = product.reads_only(0, &["plan", "production"]).out;
    assert!(plan.contains("kept 14 → 15 · broken 1 → 0"), "{plan}");
    assert!(plan.contains("broken → kept  point-in-time-recovery (12)"), "{plan}");
    // Another promise is not concerned.
    product.reads_only(0, &["audit", "production", "--clause", "encryption-at-rest"]);
    product.expect(0, &["sandbox", "fail", "list kms-key", "access-denied"]);
    product.reads_only(8, &["audit", "production", "--clause", "8"]);
    product.reads_only(4, &["audit", "production"]);
}

/// An archive of facts is read by people: a call and its time are said once for what they said, not once for each value.
#[test]
fn what_one_call_said_is_one_line() {
    let product = Product::applied("dev");
    let text = product.reads_only(0, &["audit", "dev", "--clause", "labelling", "--facts"]).out;
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let one = "kept · tokaido:environment dev · tokaido:id kms-key.main@osaka · tokaido:tenant shared · \
               tokaido:classification customer-data · list kms-key@osaka";
    assert!(flat.contains(one), "{text}");
    assert_eq!(flat.matches("list kms-key@osaka").count(), 1, "{text}");
    assert_eq!(flat.matches(" read: 2").count(), 1, "{text}");
    assert_eq!(flat.matches(" JST").count(), 2, "the time of the whole, the time of these reads: {text}");
    // A database's own reads happen at another time than the lists: then each says its own.
    let text = product.reads_only(0, &["audit", "dev", "--clause", "point-in-time-recovery", "--facts"]).out;
    let json = product.reads_only(0, &["audit", "dev", "--clause", "point-in-time-recovery", "--format", "json"]).json();
    let facts = json["environments"][0]["verdicts"][0]["population"][0]["facts"].as_array().expect("facts").clone();
    for fact in &facts {
        for said in ["name", "value", "source"].map(|key| fact[key].as_str().expect("a text")) {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    assert!(facts.iter().any(|fact| fact["source"] != facts[0]["source"]), "{json}");
}

#[test]
fn two_languages_with_the_same_numbers() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let numbers = |language: &str| {
        let text = product.reads_only(4, &["audit", "production", "--clause", "12", "--lang", language]).out;
        let broken = text.lines().find(|line| line.contains("35")).unwrap_or_default().to_owned();
        (text, broken)
    };
    let ((en, _), (ja, broken)) = (numbers("en"), numbers("ja"));
    assert!(broken.contains("35"), "{ja}");
    assert!(ja.contains("違反") && ja.contains("約束は 35 日です") && ja.contains("遵守"), "{ja}");
    assert!(!en.chars().any(|c| ('ぁ'..='ヶ').contains(&c)), "{en}");
    let ids = |text: &str| text.matches("db-instance.catalog@tokyo").count();
    assert_eq!(ids(&en), ids(&ja));
}

#[test]
fn json_and_oscal_are_the_same_bytes_twice() {
    let product = Product::applied("dev");
    for format in ["json", "oscal"] {
        let words = ["audit", "dev", "--format", format];
        let first = product.reads_only(0, &words);
        assert_eq!(first.out, product.reads_only(0, &words).out, "{format}");
        assert!(first.json().is_object());
    }
    let json = product.reads_only(0, &["audit", "dev", "--format", "json"]).json();
    let verdicts = json["environments"][0]["verdicts"].as_array().expect("verdicts");
    assert_eq!(verdicts.len(), 36);
    let named = |verdict: &&serde_json::Value| verdict["promise"] == "point-in-time-recovery";
    let recovery = verdicts.iter().find(named).expect("a verdict");
    assert_eq!((&recovery["state"], &recovery["divergence"]["value"]), (&"kept".into(), &"7d".into()));
    assert_eq!(recovery["population"][0]["facts"][0]["source"], "list db-instance@tokyo");
    assert!(recovery["population"][0]["facts"][0]["at"].is_string());
    let oscal = product.reads_only(0, &["audit", "dev", "--format", "oscal"]).json();
    let findings = oscal["assessment-results"]["results"][0]["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 15, "only what was judged");
}

#[test]
fn mistakes() {
    let product = Product::new();
    let unknown = product.run(&["audit", "dev", "--clause", "point-in-time"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("`point-in-time` is no clause of the paper"), "{unknown:?}");
    assert!(unknown.err.contains("point-in-time-recovery"), "{unknown:?}");
    for number in ["0", "33", ""] {
        assert_eq!(product.run(&["audit", "dev", "--clause", number]).code, 1, "{number}");
    }
    assert_eq!(product.run(&["audit", "live"]).code, 64);
    assert_eq!(product.run(&["audit", "dev", "--format", "pdf"]).code, 64);
    // A promise that says less than the paper stops everything before AWS is called.
    product.edit("policies/promises.yaml", "at_least: 35d", "at_least: 30d");
    let weak = product.run(&["audit", "dev"]);
    assert_eq!(weak.code, 1);
    assert!(weak.err.contains("at_least: 30d") && weak.err.contains("weaker than the paper"), "{weak:?}");
}

/// Before anything is applied there is little to speak of, and an account of somebody else is refused.
#[test]
fn nothing_applied_and_the_wrong_account() {
    let product = Product::new();
    let text = product.reads_only(0, &["audit"]).out;
    assert!(text.contains("0 broken · 0 unknown · 3 kept · 42 not applicable"), "{text}");
    product.expect(0, &["sandbox", "account", "999999999999"]);
    assert_eq!(product.run(&["audit", "dev"]).code, 5);
}

#[test]
fn each_environment_is_judged_by_the_words_of_its_own_release() {
    let product = Product::new();
    product.expect(0, &["release", "cut"]);
    product.expect(0, &["promote", "2026.11.0", "--to", "dev"]);
    let (was, is) = ("seven days of them are kept there.", "eight days of them are kept there.");
    product.edit("policies/promises.yaml", was, is);
    let asked = ["audit", "dev", "staging", "--clause", "recovery-copies", "--facts"];
    let text = product.run(&asked).out;
    assert!(text.contains(was) && text.contains(is), "dev is pinned, staging is the tree: {text}");
    let json = product.run(&[&asked[..5], &["--format", "json"]].concat()).json();
    let worded = |environment: usize| &json["environments"][environment]["worded"][0]["sentence"]["en"];
    let said = &json["promises"][0]["sentence"]["en"];
    assert!(said.as_str().is_some_and(|said| said.ends_with(is)), "{json}");
    assert!(worded(0).as_str().is_some_and(|said| said.ends_with(was)), "{json}");
    assert!(worded(1).is_null(), "{json}");
    let page = product.run(&[&asked[..3], &["--format", "html"]].concat()).out;
    assert!(page.contains(was) && page.contains(is), "{page}");
    assert!(!page.contains(">dev</dt><dd>dev") && !page.contains("dev dev"), "an environment is named once");
}

/// What another environment's file says is part of the promise: with a mistake in it nobody may say that it is kept.
#[test]
fn another_environments_account_counts_even_where_its_file_has_mistakes() {
    let product = Product::applied("dev");
    let file = product.path().join("environments/staging.yaml");
    let staging = fs::read_to_string(&file).expect("a file");
    let clause = ["audit", "dev", "--clause", "18"];
    product.reads_only(0, &clause);
    fs::write(&file, staging.replace("222222222222", "111111111111")).expect("a file");
    let ran = product.reads_only(4, &clause);
    assert!(ran.out.contains("staging has the account 111111111111 too"), "{ran:#?}");
    fs::write(&file, format!("{staging}: broken: [\n")).expect("a file");
    let ran = product.reads_only(8, &clause);
    assert!(ran.out.contains("the account of staging cannot be read from its file"), "{ran:#?}");
}

/// Without the records a database that was lost looks like one that was never made: neither may be called kept.
#[test]
fn a_lost_database_is_not_kept_because_nobody_remembers_it() {
    let product = Product::applied("production");
    let database = "db-instance.acme-db@tokyo";
    product.expect(0, &["sandbox", "set", database, "deletion_protection", "false"]);
    product.expect(0, &["sandbox", "remove", database]);
    product.reads_only(4, &["audit", "production", "--clause", "12"]);
    let store = format!("{}.store", product.world().display());
    fs::rename(&store, format!("{store}.elsewhere")).expect("moved");
    let audit = product.reads_only(8, &["audit", "production", "--clause", "12"]);
    assert!(audit.out.contains("whether it was lost is unknown"), "{audit:#?}");
    let json = product.reads_only(8, &["audit", "production", "--format", "json"]).json();
    let verdicts = json["environments"][0]["verdicts"].as_array().expect("verdicts");
    let unknown: Vec<_> = verdicts.iter().filter(|one| one["state"] == "unknown").map(|one| &one["promise"]).collect();
    assert_eq!(unknown, ["point-in-time-recovery", "recovery-copies"], "and nothing else: {unknown:?}");
    // Where nothing was ever made, nothing was lost.
    let product = Product::new();
    product.reads_only(0, &["audit", "production", "--clause", "12"]);
}
