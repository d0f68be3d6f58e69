//! What people write who know another tool gets the one key of ours that is meant, and a full-width sign its name.

use std::collections::BTreeSet;

use tokaido::desired::habits::{HABITS, Tool};
use tokaido::desired::keys;

use crate::support::binary::Product;

const PRODUCTION: &str = "environments/production.yaml";

/// What `validate` says would be right, by message.
fn expected(product: &Product, message: &str) -> Vec<String> {
    let json = product.expect(1, &["validate", "--format", "json"]).json();
    let findings = json["findings"].as_array().expect("findings");
    let found = findings.iter().filter(|finding| finding["message"].as_str().is_some_and(|said| said.contains(message)));
    let found: Vec<String> = found.map(|finding| finding["expected"].as_str().unwrap_or_default().to_owned()).collect();
    assert!(!found.is_empty(), "no {message} in {json:#}");
    found
}

#[test]
fn every_target_is_a_key_of_the_schema_and_every_row_is_told_once() {
    let keys = keys::all();
    let mut rows = BTreeSet::new();
    for habit in HABITS {
        assert!(keys.contains_key(habit.right), "{habit:?}");
        assert!(rows.insert((habit.word, habit.right)), "twice: {habit:?}");
        assert!(!habit.tools.is_empty(), "{habit:?}");
        let good = habit.word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        assert!(good, "{habit:?}");
    }
    let words: BTreeSet<&str> = HABITS.iter().map(|habit| habit.word).collect();
    assert!(words.len() >= 40, "{}", words.len());
    for tool in [Tool::Terraform, Tool::CloudFormation, Tool::Pulumi, Tool::Kubernetes, Tool::Ansible] {
        assert!(HABITS.iter().filter(|habit| habit.tools.contains(&tool)).count() >= 10, "{tool:?}");
    }
    // Whoever comes from another tool meets every block of an environment.
    let blocks: BTreeSet<&str> = keys.keys().map(|path| path.split('.').next().unwrap_or(path)).collect();
    let met: BTreeSet<&str> = HABITS.iter().map(|habit| habit.right.split('.').next().unwrap_or(habit.right)).collect();
    let ours = ["dedicated_database", "release"].into();
    assert_eq!(blocks.difference(&met).copied().collect::<BTreeSet<_>>(), ours, "no other tool has these");
}

/// The whole table, each word at the top of a file or in the block that holds the key: one key, and whose word it is.
#[test]
fn every_word_gets_one_key() {
    let product = Product::new();
    let text = std::fs::read_to_string(product.path().join(PRODUCTION)).expect("a file");
    let keys = keys::all();
    let anywhere: BTreeSet<&str> =
        HABITS.iter().filter(|habit| habit.at == tokaido::desired::habits::Where::Anywhere).map(|habit| habit.word).collect();
    let anywhere: Vec<&str> = anywhere.into_iter().filter(|word| !keys.contains_key(*word)).collect();
    let lines = anywhere.iter().map(|word| format!("{word}: x")).collect::<Vec<_>>().join("\n");
    std::fs::write(product.path().join(PRODUCTION), format!("{text}\n{lines}")).expect("a file");
    for word in &anywhere {
        let said = expected(&product, &format!("unknown key `{word}`"));
        let right = said[0].split('`').nth(1).unwrap_or_default();
        assert!(keys.contains_key(right), "{word}: {said:?}");
        assert!(said[0].contains(&format!("calls `{word}`")) && !said[0].contains("known here"), "{word}: {said:?}");
    }
    assert!(anywhere.len() >= 40, "{}", anywhere.len());
}

#[test]
fn the_right_key_is_told_from_where_the_wrong_one_stands() {
    for (from, to, message, right) in [
        (
            "    class: db.m7g.large",
            "    instance_class: db.m7g.large",
            "unknown key `instance_class` in `databases[0]`",
            "`class`, which Terraform calls `instance_class`",
        ),
        (
            "    class: db.m7g.large",
            "    DBInstanceClass: db.m7g.large",
            "unknown key `DBInstanceClass`",
            "`class`, which CloudFormation calls `DBInstanceClass`",
        ),
        (
            "    class: db.m7g.large",
            "    instanceClass: db.m7g.large",
            "unknown key `instanceClass`",
            "`class`, which Pulumi calls `instanceClass`",
        ),
        (
            "    multi_az: true",
            "    multi_az: true\n    backup_retention_period: 35",
            "unknown key `backup_retention_period` in `databases[0]`",
            "`protection.point_in_time_recovery`, which Terraform calls `backup_retention_period`",
        ),
        (
            "    multi_az: true",
            "    multi_az: true\n    allocatedStorage: 20",
            "unknown key `allocatedStorage`",
            "`storage.at_least`, which Pulumi calls `allocatedStorage`",
        ),
        ("    multi_az: true", "    MultiAZ: true", "unknown key `MultiAZ`", "`multi_az`, which CloudFormation calls `MultiAZ`"),
        (
            "  cidr: 10.30.0.0/16",
            "  cidr_block: 10.30.0.0/16",
            "unknown key `cidr_block` in `network`",
            "`cidr`, which Terraform calls `cidr_block`",
        ),
        ("tenants:", "region: ap-northeast-1\ntenants:", "unknown key `region`", "`regions`, which Terraform calls `region`"),
        ("tenants:", "apiVersion: v1\ntenants:", "unknown key `apiVersion`", "`schema`, which Kubernetes calls `apiVersion`"),
        ("tenants:", "timezone: UTC\ntenants:", "unknown key `timezone`", "`time.zone`, which Ansible calls `timezone`"),
        (
            "dedicated_database:",
            "dedicated_database:\n  max_allocated_storage: 1",
            "unknown key `max_allocated_storage` in `dedicated_database`",
            "`storage.up_to`, which Terraform calls `max_allocated_storage`",
        ),
        (
            "  - id: acme",
            "  - id: acme\n    ingress: []",
            "unknown key `ingress` in `tenants[0]`",
            "`ingress_allow`, which Terraform calls `ingress`",
        ),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, from, to);
        assert_eq!(expected(&product, message), [right], "{to}");
    }
    // What stands there under another name is not missing as well.
    let product = Product::new();
    product.edit(PRODUCTION, "    class: db.m7g.large", "    instance_class: db.m7g.large");
    let out = product.expect(1, &["validate"]).out;
    assert!(out.contains("1 error in 1 file") && !out.contains("missing"), "{out}");
    // A promise forbids some words, however a tool writes them.
    for word in ["StorageEncrypted", "kmsKeyId", "storage_encrypted"] {
        let product = Product::new();
        product.edit(PRODUCTION, "    multi_az: true", &format!("    multi_az: true\n    {word}: false"));
        let out = product.expect(1, &["validate"]).out;
        assert!(out.contains("error[encryption-is-not-a-choice]"), "{word}: {out}");
    }
    // Other files have other keys.
    let product = Product::new();
    product.edit("policies/promises.yaml", "promises:", "region: x\npromises:");
    assert!(!expected(&product, "unknown key `region`")[0].contains("calls"), "promises know no regions");
}

#[test]
fn an_engine_with_its_version_is_taken_apart() {
    for (word, right) in [
        ("postgres16", "`postgres`, with `version: \"16\"` beside it"),
        ("postgres16.4", "`postgres`, with `version: \"16.4\"` beside it"),
        ("postgresql-16", "`postgres`, with `version: \"16\"` beside it"),
        ("\"postgres:16\"", "`postgres`, with `version: \"16\"` beside it"),
        ("PostgreSQL 15", "`postgres`, with `version: \"15\"` beside it"),
        ("mysql8.4", "`mysql`, with `version: \"8.4\"` beside it"),
        ("mysql80", "`mysql`, with `version: \"8.0\"` beside it"),
        ("mariadb1011", "`mariadb`, with `version: \"10.11\"` beside it"),
        ("aurora-postgresql", "`postgres`"),
        ("Postgres", "`postgres`"),
        ("oracle", "`postgres`, `mysql` or `mariadb`"),
        ("postgresish", "`postgres`, `mysql` or `mariadb`"),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, "engine: postgres", &format!("engine: {word}"));
        assert_eq!(expected(&product, "is not accepted here"), [right], "{word}");
    }
}

#[test]
fn a_full_width_sign_is_named_and_marked() {
    for (from, to, sign, called) in [
        ("class: db.m7g.large", "class：db.m7g.large", '：', "a full-width colon"),
        ("class: db.m7g.large", "class： db.m7g.large", '：', "a full-width colon"),
        ("class: db.m7g.large", "class:　db.m7g.large", '　', "a full-width blank"),
        ("    class: db.m7g.large", "　　class: db.m7g.large", '　', "a full-width blank"),
        ("network:\n", "network：\n", '：', "a full-width colon"),
        ("  - name: catalog", "  － name: catalog", '－', "a full-width hyphen"),
        ("tenants:\n", "# 顧客：一覧\ntenants：\n", '：', "a full-width colon"),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, from, to);
        let out = product.expect(1, &["validate"]).out;
        let shown = if sign == '　' { "U+3000".to_owned() } else { format!("`{sign}`") };
        assert!(out.contains(&format!("error[yaml-syntax]: {shown} is {called}")), "{to}: {out}");
        let lines: Vec<&str> = out.lines().collect();
        let carets = lines.iter().position(|line| line.trim_start().starts_with("| ") && line.contains('^')).expect("carets");
        let text = std::fs::read_to_string(product.path().join(PRODUCTION)).expect("a file");
        let wrong = text.lines().position(|line| line.contains(sign) && !line.starts_with('#')).expect("a line") + 1;
        assert!(lines[carets - 1].trim_start().starts_with(&format!("{wrong} |")), "{to}: {out}");
    }
    // In words, comments and quotes they are at home.
    for (from, to) in
        [("tenants:\n", "# 顧客：一覧\ntenants: # 顧客：一覧\n"), ("extends: base.yaml", "extends: \"base.yaml\" # ：　")]
    {
        let product = Product::new();
        product.edit(PRODUCTION, from, to);
        product.expect(0, &["validate"]);
    }
    // Where a file stays readable, the block that is none says so.
    let product = Product::new();
    product.edit("environments/base.yaml", "time: { source: amazon-time-sync, zone: UTC }", "time:\n  source：amazon-time-sync");
    assert_eq!(expected(&product, "is written for `time`"), ["`:` and a blank behind it: `：` is a full-width colon"]);
    // Another mistake in the neighbourhood keeps its own words.
    let product = Product::new();
    product.edit(PRODUCTION, "zones: [apne1-az1, apne1-az2, apne1-az4]", "zones: [apne1-az1, apne1-az2, apne1-az4 # ：");
    let out = product.expect(1, &["validate"]).out;
    assert!(out.contains("cannot be read as YAML") && !out.contains("full-width"), "{out}");
}

/// The same word in the network of Osaka means the key of Osaka: zones of Osaka written over those of Tokyo would move data.
#[test]
fn a_word_in_the_network_of_osaka_gets_the_key_of_osaka() {
    let product = Product::new();
    let path = product.path().join(PRODUCTION);
    let text = std::fs::read_to_string(&path).expect("a file");
    for (key, words) in [("zones", &["azs", "availability_zones"][..]), ("cidr", &["cidr_block", "vpc_cidr", "vpc_cidr_block"])] {
        for word in words {
            let (above, recovery) = text.split_once("recovery:").expect("the network of Osaka");
            let edited = format!("{above}recovery:{}", recovery.replacen(&format!("{key}:"), &format!("{word}:"), 1));
            std::fs::write(&path, edited).expect("a file");
            let said = expected(&product, &format!("unknown key `{word}` in `network.recovery`"));
            assert!(said[0].starts_with(&format!("`{key}`")), "{word}: {said:?}");
        }
    }
}
