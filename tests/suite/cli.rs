//! The product from outside: exit codes, what each command may touch, and bytes that depend on nothing but the input.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::binary::{Product, apply, changed, ran};
use crate::support::project;

#[test]
fn every_command_says_how_it_ended() {
    let product = Product::new();
    product.reads_only(0, &["validate"]);
    product.reads_only(0, &["plan", "production"]);
    product.reads_only(2, &["plan", "production", "--detailed-exitcode", "--stats"]);
    product.reads_only(3, &["drift", "production", "--stats"]);
    product.expect(5, &["apply", "production"]);
    let applied = product.expect(0, &[&apply("production")[..], &["--stats"]].concat());
    assert!(!applied.err.contains("mutating calls: 0"), "{}", applied.err);
    product.reads_only(0, &["plan", "production", "--detailed-exitcode", "--stats"]);
    product.reads_only(0, &["drift", "production", "--stats"]);
    let again = product.expect(0, &[&apply("production")[..], &["--stats"]].concat());
    assert!(again.err.contains("mutating calls: 0"), "a second apply does nothing: {}", again.err);

    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    product.reads_only(3, &["drift", "production", "--stats"]);
    product.reads_only(2, &["plan", "production", "--detailed-exitcode", "--stats"]);
    product.expect(0, &["sandbox", "fail", "list kms-key", "access-denied"]);
    product.reads_only(8, &["plan", "production"]);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &apply("production"));
    product.reads_only(0, &["drift", "production"]);
}

#[test]
fn the_worse_of_two_endings_wins() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    product.expect(0, &["sandbox", "fail", "list iam-role", "access-denied"]);
    // Drift (3) and a denied read (8): drift is certain.
    assert_eq!(product.run(&["drift", "production"]).code, 3);
    // Changes (2) and a denied read (8): the rest is unknown.
    assert_eq!(product.run(&["plan", "production", "--detailed-exitcode"]).code, 8);
    // Every environment is looked at; staging was never applied.
    assert_eq!(product.run(&["drift"]).code, 3);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "account", "999999999999"]);
    for words in [&["plan", "production"][..], &["drift", "production"], &apply("production")] {
        let refused = product.reads_only(5, words);
        assert!(refused.err.contains("333333333333") && refused.err.contains("999999999999"), "{}", refused.err);
    }
}

#[test]
fn wrong_usage_is_not_a_plan_with_changes() {
    let product = Product::new();
    for words in [
        &["plan"][..],
        &["plan", "prod"],
        &["nonsense"],
        &["plan", "dev", "--nonsense"],
        &["sandbox", "fail", "list vpc", "angry"],
        &[],
    ] {
        let ran = product.run(words);
        assert_eq!(ran.code, 64, "{words:?}: {ran:?}");
        assert!(ran.out.is_empty(), "{words:?}");
    }
    for words in [&["--help"][..], &["--version"], &["plan", "--help"]] {
        assert!(!product.reads_only(0, words).out.is_empty());
    }
}

#[test]
fn a_broken_file_ends_before_anything_is_called() {
    let product = Product::new();
    product.edit("environments/production.yaml", "db.m7g.large", "not-a-class");
    for words in [&["validate", "production"][..], &["plan", "production"], &["drift", "production"], &apply("production")] {
        let ran = product.reads_only(1, words);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("environments/production.yaml:") && said.contains("not-a-class"), "{words:?}: {said}");
        assert!(!said.contains("calls in all"), "{words:?}");
    }
    product.reads_only(0, &["validate", "dev", "staging"]);
}

#[test]
fn a_folder_without_a_project_is_explained() {
    let empty = tempfile::tempdir().expect("a folder");
    for words in [&["validate"][..], &["plan", "dev"], &["drift", "dev"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.current_dir(empty.path()).env_clear().args(["--world", "sandbox"]).args(words).stdin(Stdio::null());
        let ran = ran(command);
        assert_eq!(ran.code, 1, "{ran:?}");
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("environments/dev.yaml") || said.contains("policies/promises.yaml"), "{said}");
        assert!(fs::read_dir(empty.path()).expect("a folder").next().is_none(), "{words:?} left something behind");
    }
}

#[test]
fn output_is_plain_where_nobody_sees_colours() {
    let product = Product::applied("dev");
    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    for words in [&["plan", "dev"][..], &["drift", "dev"], &["validate"]] {
        assert!(!product.run(words).out.contains('\u{1b}'), "{words:?}: no colour in a pipe");
    }
    assert!(product.run(&["--color", "always", "plan", "dev"]).out.contains('\u{1b}'));
    let mut command = product.command(&["plan", "dev"]);
    command.env("NO_COLOR", "1");
    assert!(!ran(command).out.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let product = Product::new();
    let mut command = product.command(&["plan", "production", "--detail", "full"]);
    let mut child = command.spawn().expect("the binary starts");
    drop(child.stdout.take());
    let mut err = child.stderr.take().expect("a pipe");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut err, &mut said).expect("UTF-8");
    assert_eq!(child.wait().expect("a child").code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// Language and time zone of the machine decide nothing.
#[test]
fn the_same_input_gives_the_same_bytes_everywhere() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let places = [("C", "America/New_York"), ("ja_JP.UTF-8", "Asia/Tokyo"), ("de_DE.UTF-8", "Pacific/Chatham")];
    let bodies: Vec<(String, String)> = places
        .iter()
        .map(|(lang, zone)| {
            let seen = |words: &[&str]| {
                let mut command = product.command(words);
                command.env("LANG", lang).env("LC_ALL", lang).env("TZ", zone);
                ran(command)
            };
            let mut plan = seen(&["plan", "production", "--format", "json"]).json();
            let envelope = plan.as_object_mut().expect("an object");
            for field in ["created_at", "expires_at", "observed_at", "nonce", "seal"] {
                assert!(envelope.remove(field).is_some(), "{field} is in the envelope");
            }
            (plan.to_string(), seen(&["drift", "production", "--format", "json"]).out)
        })
        .collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
}

#[test]
fn json_is_what_the_schemas_say() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "class", "db.r7g.large"]);
    product.edit("environments/production.yaml", "10.30.48.0/20\n", "10.30.64.0/20\n");
    for file in ["plan", "drift", "audit"] {
        let words = [file, "production", "--format", "json"];
        let schema = fs::read_to_string(project::root().join(format!("schemas/{file}.schema.json"))).expect("a schema");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        let mut wrong = Vec::new();
        conforms(&schema, &schema, &product.run(&words).json(), file, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// Required and known fields, types, enumerations: as much of JSON Schema as the committed schemas use.
pub fn conforms(root: &Value, schema: &Value, value: &Value, path: &str, wrong: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        return conforms(root, target, value, path, wrong);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(choices) = schema.get(word).and_then(Value::as_array) {
            let fits = |choice: &Value| {
                let mut found = Vec::new();
                conforms(root, choice, value, path, &mut found);
                found.is_empty()
            };
            if !choices.iter().any(fits) {
                wrong.push(format!("{path}: {value} is none of {word}"));
            }
        }
    }
    if let Some(kinds) = schema.get("type") {
        let named = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("{path}: type {other}"),
        };
        let fits =
            kinds.as_str().map_or_else(|| kinds.as_array().into_iter().flatten().filter_map(Value::as_str).any(named), named);
        if !fits {
            wrong.push(format!("{path}: {value} is no {kinds}"));
        }
    }
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        wrong.push(format!("{path}: {value} is not {constant}"));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|known| !known.contains(value)) {
        wrong.push(format!("{path}: {value} is not in the enumeration"));
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        for (index, item) in list.iter().enumerate() {
            conforms(root, items, item, &format!("{path}[{index}]"), wrong);
        }
    }
    let Some(map) = value.as_object() else { return };
    for required in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !map.contains_key(required) {
            wrong.push(format!("{path}: {required} is missing"));
        }
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for (key, item) in map {
        match properties.get(key) {
            Some(known) => conforms(root, known, item, &format!("{path}.{key}"), wrong),
            None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                wrong.push(format!("{path}: {key} is unknown"));
            }
            None => {}
        }
    }
}

#[test]
fn a_saved_plan_is_shown_again_and_an_altered_one_is_not_believed() {
    let product = Product::new();
    let path = product.saved("production");
    let name = path.to_string_lossy().into_owned();
    let id = path.file_stem().expect("an id").to_string_lossy().into_owned();
    let shown = product.reads_only(0, &["show", &name]);
    assert!(shown.out.contains(&id));
    assert_eq!(
        product.reads_only(0, &["show", &id[..6], "--format", "json"]).json()["id"].as_str().map(|full| &full[..12]),
        Some(&*id)
    );
    let text = fs::read_to_string(&path).expect("a plan");
    fs::write(&path, text.replacen("db.m7g.large", "db.m7g.48xlarge", 1)).expect("a plan");
    product.reads_only(1, &["show", &name]);
    product.reads_only(1, &["show", "0123456789ab"]);
    fs::write(&path, "{").expect("a file");
    assert!(product.reads_only(1, &["show", &name]).err.contains("plan again"));
}

/// They lie in the account: with somebody else's credentials there is nothing to read, and the reason is the account.
#[test]
fn who_we_are_is_asked_before_the_records_of_a_saved_plan() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let path = product.saved("production");
    let apply = apply(path.to_str().expect("a path"));
    let records = product.path().join("world.jsonl.store/production/00000001.json");
    fs::write(&records, "{\n").expect("records");
    assert!(product.reads_only(1, &apply).err.contains("cannot be read"));
    product.edit("environments/production.yaml", "\"333333333333\"", "\"444444444444\"");
    product.edit("environments/production.yaml", "iam::333333333333", "iam::444444444444");
    assert!(product.reads_only(5, &apply).err.contains("this plan is for production (333333333333)"));
    product.edit("environments/production.yaml", "444444444444", "333333333333");
    product.edit("environments/production.yaml", "iam::444444444444", "iam::333333333333");
    product.expect(0, &["sandbox", "account", "999999999999"]);
    assert!(product.reads_only(5, &apply).err.contains("wrong account"));
}

#[test]
fn the_simulated_world_can_be_looked_at_and_broken() {
    let product = Product::new();
    assert!(product.reads_only(0, &["sandbox", "list"]).out.contains("empty"));
    product.expect(0, &["apply", "dev", "--yes"]);
    let rows = product.reads_only(0, &["sandbox", "list", "--format", "json"]).json();
    assert!(rows.as_array().is_some_and(|rows| rows.len() > 20));
    assert!(product.reads_only(0, &["sandbox", "list", "vpc.main@tokyo"]).out.contains("10.10.0.0/16"));
    product.reads_only(1, &["sandbox", "list", "vpc.other@tokyo"]);
    let dev = |code: i32, words: &[&str]| product.expect(code, &[&["sandbox", "--env", "dev"], words].concat());
    dev(0, &["set", "vpc.main@tokyo", "dns_hostnames", "false"]);
    dev(0, &["unset", "db-parameter-group.postgres16@tokyo", "parameters[timezone]"]);
    for words in [
        &["set", "vpc.main@tokyo", "cidr", "10.99.0.0/16"][..],
        &["set", "vpc.main@tokyo", "colour", "red"],
        &["set", "vpc.other@tokyo", "dns_support", "false"],
        &["unset", "security-group.acme@tokyo", "rules[nothing like it]"],
        &["set", "db-instance.catalog@tokyo", "backup_retention_days", "36"],
        &["remove", "vpc.main@tokyo"],
    ] {
        let before = product.bytes();
        let refused = dev(1, words);
        assert!(refused.err.starts_with("tokaido: "), "{words:?}: {}", refused.err);
        assert!(changed(&before, &product.bytes()).is_empty(), "{words:?} was refused and changed something");
    }
    product.expect(3, &["drift", "dev"]);
    product.expect(0, &["sandbox", "reset"]);
    assert!(product.expect(0, &["sandbox", "list"]).out.contains("empty"));
}

/// A plan as a page or a comment is the same read, the same exit code and the same bytes every time; JSON stays as it is.
#[test]
fn a_plan_is_written_as_text_json_page_and_comment() {
    let product = Product::new();
    let saved = product.expect(0, &["plan", "production", "--save"]);
    let path = saved.err.lines().find_map(|line| line.strip_prefix("saved ")).expect("a path").to_owned();
    let full = product.path().join(&path).display().to_string();
    let show = |words: &[&str]| product.reads_only(0, &[&["show", &full], words].concat()).out;
    let page = show(&["--format", "html", "--lang", "ja"]);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ja\"") && page.contains("データと停止"));
    assert_eq!(page, show(&["--format", "html", "--lang", "ja"]));
    assert!(show(&["--format", "html"]).contains("<html lang=\"en\""));
    assert!(show(&["--format", "md"]).starts_with("<!-- tokaido: plan production 333333333333 -->\n## Plan "));
    assert!(show(&["--format", "md", "--lang", "ja"]).contains("## 計画 "));
    assert!(show(&["--lang", "ja"]).contains("作成 (44)"));
    let id = serde_json::from_str::<Value>(&show(&["--format", "json"])).expect("JSON")["id"].clone();
    assert!(page.contains(id.as_str().expect("an id")), "the page names the plan that is approved");
    let planned = product.reads_only(2, &["plan", "production", "--format", "md", "--detailed-exitcode"]);
    assert!(planned.out.contains("--save") && planned.out.contains("approve PLAN --key FILE"), "{}", planned.out);
    // A page is a way to look at a plan, not to apply one.
    assert_eq!(product.run(&["apply", "production", "--yes", "--format", "html"]).code, 64);

    for (field, value) in [("reason", "nothing to see"), ("caller", "somebody else")] {
        let mut plan: Value = serde_json::from_str(&fs::read_to_string(&full).expect("a plan")).expect("JSON");
        if field == "caller" {
            plan[field] = value.into();
        } else {
            plan["body"]["changes"][0][field]["en"] = value.into();
        }
        let altered = product.path().join("altered.json");
        fs::write(&altered, plan.to_string()).expect("a file");
        let ran = product.run(&["show", &altered.display().to_string(), "--format", "html"]);
        assert_eq!(ran.code, 1, "{field}");
        assert!(ran.err.contains("altered") && ran.out.contains("This plan was altered"), "{field}: {}", ran.err);
        assert!(!ran.out.contains("tokaido apply"), "an altered plan names no next step");
    }
}

/// Before the first apply nothing is missing one by one. What is there without its record is compared as ever.
#[test]
fn before_the_first_apply_drift_is_one_sentence() {
    let product = Product::new();
    let one_sentence = |product: &Product, environment: &str| {
        let ran = product.reads_only(3, &["drift", environment]);
        assert!(
            ran.out.starts_with("nothing was applied yet: ")
                && ran.out.lines().count() < 9
                && ran.out.contains("what the first apply would make"),
            "{ran:?}"
        );
    };
    for environment in ["dev", "staging", "production"] {
        one_sentence(&product, environment);
    }
    let bootstrapped = Product::new();
    bootstrapped.expect(0, &["bootstrap", "staging", "--yes"]);
    one_sentence(&bootstrapped, "staging");
    one_sentence(&bootstrapped, "dev");
    let japanese = product.reads_only(3, &["drift", "dev", "--lang", "ja"]).out;
    assert!(japanese.starts_with("まだ何も適用されていません:"), "{japanese}");
    let report = product.reads_only(3, &["drift", "dev", "--format", "json"]).json();
    assert_eq!(report["nothing_applied"], true);
    assert!(report["missing"].as_array().is_some_and(|missing| missing.len() > 20), "a program still has the list");
    // A lost record of what is there is another thing.
    let applied = Product::applied("dev");
    std::fs::remove_dir_all(applied.path().join("world.jsonl.store/dev")).expect("records");
    applied.expect(0, &["sandbox", "set", "--env", "dev", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let ran = applied.reads_only(3, &["drift", "dev"]);
    assert!(ran.out.starts_with("drift: 1 resource differs from what is declared"), "{ran:?}");
}
