//! What people write who know another tool gets the one key of ours that is meant, and a full-width sign its name.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::desired::habits::{HABITS, Habit, Tool, WITHOUT, Where};
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
    let ours = ["dedicated_database", "exceptions", "readers", "release", "shared_forwarders"].into();
    assert_eq!(blocks.difference(&met).copied().collect::<BTreeSet<_>>(), ours, "no other tool has these");
}

/// The whole table, each word at the top of a file or in the block that holds the key: one key, and whose word it is.
#[test]
fn every_word_gets_one_key() {
    let product = Product::new();
    let text = std::fs::read_to_string(product.path().join(PRODUCTION)).expect("a file");
    let keys = keys::all();
    let anywhere = HABITS.iter().filter(|habit| habit.at == Where::Anywhere && !keys.contains_key(habit.word));
    let mut words: BTreeMap<String, Tool> = BTreeMap::new();
    for habit in anywhere {
        for tool in habit.tools {
            words.entry(spelled(habit, *tool)).or_insert(*tool);
        }
    }
    let lines = words.keys().map(|word| format!("{word}: x")).collect::<Vec<_>>().join("\n");
    std::fs::write(product.path().join(PRODUCTION), format!("{text}\n{lines}")).expect("a file");
    let json = product.expect(1, &["validate", "--format", "json"]).json();
    for word in words.keys() {
        let message = format!("unknown key `{word}`");
        let found = json["findings"].as_array().expect("findings").iter().find(|finding| finding["message"] == message.as_str());
        let said = found.unwrap_or_else(|| panic!("{word}"))["expected"].as_str().expect("what is right");
        let right = said.split('`').nth(1).unwrap_or_default();
        assert!(keys.contains_key(right), "{word}: {said}");
        let named =
            said.split("which ").nth(1).and_then(|rest| rest.split(" calls ").next()).unwrap_or_else(|| panic!("{word}: {said}"));
        let spells =
            HABITS.iter().any(|habit| habit.tools.iter().any(|tool| tool.name() == named && spelled(habit, *tool) == *word));
        assert!(spells && said.ends_with(&format!("calls `{word}`")), "{word}: {said}");
    }
    assert!(words.len() >= 100, "{}", words.len());
}

/// The word as the tool spells it.
fn spelled(habit: &Habit, tool: Tool) -> String {
    let capital = |part: &str| format!("{}{}", part[..1].to_ascii_uppercase(), &part[1..]);
    let (first, rest) = habit.word.split_once('_').unwrap_or((habit.word, ""));
    let rest: String = rest.split('_').filter(|part| !part.is_empty()).map(capital).collect();
    match tool {
        Tool::Terraform | Tool::Ansible => habit.word.to_owned(),
        Tool::CloudFormation => format!("{}{rest}", capital(first)),
        Tool::Pulumi | Tool::Kubernetes => format!("{first}{rest}"),
    }
}

/// In a spelling of its own a word still means the key, and belongs to no tool.
#[test]
fn a_tool_is_named_for_its_own_spelling_alone() {
    for (word, tool) in [
        ("instance_class", Some("Terraform")),
        ("DBInstanceClass", Some("CloudFormation")),
        ("DbInstanceClass", Some("CloudFormation")),
        ("db_instance_class", Some("Ansible")),
        ("instanceClass", Some("Pulumi")),
        ("InstanceClass", None),
        ("instance-class", None),
        ("INSTANCE_CLASS", None),
        ("Instance_Class", None),
        ("instanceclass", None),
        ("dbInstanceClass", None),
        ("db-instance-class", None),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, "    class: db.m7g.large", &format!("    {word}: db.m7g.large"));
        let right = tool.map_or_else(|| "`class`".to_owned(), |tool| format!("`class`, which {tool} calls `{word}`"));
        assert_eq!(expected(&product, &format!("unknown key `{word}`")), [right], "{word}");
    }
}

/// Some words have no key: what they would say is decided elsewhere, and the sentence says where.
#[test]
fn a_word_without_a_key_says_why() {
    for (from, to, word, why) in [
        ("    multi_az: true", "    multi_az: true\n    db_name: app", "db_name", "makes no database inside an instance"),
        ("    multi_az: true", "    multi_az: true\n    DBName: app", "DBName", "makes no database inside an instance"),
        (
            "    multi_az: true",
            "    multi_az: true\n    vpc_security_group_ids: [x]",
            "vpc_security_group_ids",
            "`tenants.ingress_allow` says who",
        ),
        ("    multi_az: true", "    multi_az: true\n    vpc_id: vpc-1", "vpc_id", "`network.cidr`"),
        ("  - id: acme", "  - id: acme\n    vpc_id: vpc-1", "vpc_id", "`isolation: vpc`"),
        ("  - id: acme", "  - id: acme\n    VpcId: vpc-1", "VpcId", "`isolation: vpc`"),
        ("  cidr: 10.30.0.0/16", "  cidr: 10.30.0.0/16\n  vpc_id: vpc-1", "vpc_id", "an existing one is not named"),
        ("tenants:", "vpc_id: vpc-1\ntenants:", "vpc_id", "an existing one is not named"),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, from, to);
        let said = expected(&product, &format!("unknown key `{word}`"));
        assert!(said[0].starts_with("no such key: ") && said[0].contains(why), "{to}: {said:?}");
        assert!(!said[0].contains("calls"), "{said:?}");
        let japanese = product.expect(1, &["validate", "--lang", "ja"]).out;
        assert!(japanese.contains("このキーを書かない"), "{japanese}");
    }
    let product = Product::new();
    let path = product.path().join(PRODUCTION);
    let text = std::fs::read_to_string(&path).expect("a file");
    let store = text.lines().find(|line| line.starts_with("store:")).expect("a store");
    std::fs::write(&path, text.replace(store, "store: { bucket: tokaido-production-333333333333, region: ap-northeast-1 }"))
        .expect("a file");
    let said = expected(&product, "unknown key `region` in `store`");
    assert!(said[0].starts_with("no such key: ") && said[0].contains("`regions.primary`"), "{said:?}");
    // What the sentences name is there.
    let keys = keys::all();
    for row in WITHOUT {
        assert!(!keys.contains_key(row.word), "{row:?}");
        for named in row.why.en.split('`').skip(1).step_by(2).filter(|named| !named.contains(' ')) {
            assert!(keys.contains_key(named) && row.why.ja.contains(named), "{named}: {row:?}");
        }
        assert!(!HABITS.iter().any(|habit| habit.word == row.word && row.block.is_empty()), "{row:?}");
    }
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
        ("class: db.m7g.large", "class:\u{a0}db.m7g.large", '\u{a0}', "a no-break blank"),
        ("    class: db.m7g.large", "\u{a0}\u{a0}  class: db.m7g.large", '\u{a0}', "a no-break blank"),
        ("storage: { at_least", "storage: ｛ at_least", '｛', "a full-width brace"),
        ("zones: [apne1-az1,", "zones: ［apne1-az1: 1,", '［', "a full-width bracket"),
        ("storage: { at_least: 100 GiB,", "storage: { at_least: 100 GiB，", '，', "a full-width comma"),
        ("zones: [apne1-az1, apne1-az2, apne1-az4]", "zones: [apne1-az1, apne1-az2, apne1-az4］", '］', "a full-width bracket"),
        (
            "zones: [apne1-az1, apne1-az2, apne1-az4]",
            "zones: [apne1-az1, “apne1-az2: ”, apne1-az4",
            '“',
            "a typographic quotation mark",
        ),
    ] {
        let product = Product::new();
        product.edit(PRODUCTION, from, to);
        let out = product.expect(1, &["validate"]).out;
        let shown = match sign {
            '　' => "U+3000".to_owned(),
            '\u{a0}' => "U+00A0".to_owned(),
            sign => format!("`{sign}`"),
        };
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
    // In a map on one line a key with such a sign is a key that nobody knows.
    for (written, called) in [("port：443", "`：` is a full-width colon"), ("port:\u{a0}443", "U+00A0 is a no-break blank")] {
        let product = Product::new();
        product.edit(PRODUCTION, "port: 443", written);
        let said = expected(&product, "unknown key `port");
        assert!(said[0].contains(called), "{written}: {said:?}");
    }
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
