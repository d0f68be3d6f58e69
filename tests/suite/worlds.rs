//! Every output names the world that was read: in words for people, in one field for programs.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::binary::{Product, apply};

/// The sandbox's own name, as it stands in its file.
fn name(world: &Path) -> String {
    let text = std::fs::read_to_string(world).expect("a world");
    let first: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    format!("sandbox {}", first["name"].as_str().expect("a name"))
}

/// The documents of one output, one after the other.
fn documents(out: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(out)
        .into_iter::<Value>()
        .map(|document| document.unwrap_or_else(|error| panic!("{error}: {out}")))
        .collect()
}

#[test]
fn every_json_document_names_the_world() {
    let product = Product::new();
    let world = name(&product.world());
    let json = |code: i32, words: &[&str]| documents(&product.expect(code, &[words, &["--format", "json"]].concat()).out);
    let named = |document: &Value| document["world"].as_str().map(str::to_owned);
    assert_eq!(json(0, &["plan", "dev"]).iter().filter_map(named).collect::<Vec<_>>(), [&*world]);
    assert_eq!(json(0, &apply("dev")).iter().filter_map(named).collect::<Vec<_>>(), [&*world]);
    let applied = json(0, &apply("dev")).remove(0);
    assert_eq!(applied["account"], "111111111111", "{applied}");
    let drift = json(3, &["drift"]).iter().filter_map(named).collect::<Vec<_>>();
    assert!(drift.iter().all(|found| *found == world) && drift.len() == 3, "{drift:?}");
    let audit = json(0, &["audit", "dev"]).remove(0);
    assert_eq!(audit["environments"][0]["world"], world.as_str(), "{audit}");
    let status = json(0, &["status"]).remove(0);
    assert_eq!((status["world"].as_str(), status["environments"][0]["account"].as_str()), (Some(&*world), Some("111111111111")));
    let doctor = json(0, &["doctor", "dev"]).remove(0);
    assert!(doctor["world"].as_str().is_some_and(|found| found.starts_with("sandbox")), "{doctor}");
    product.expect(0, &["release", "cut"]);
    let release = json(0, &["release", "list"]).remove(0)[0]["id"].as_str().expect("a release").to_owned();
    // Refused on the way to staging, granted for dev.
    for (code, to) in [(5, "staging"), (0, "dev")] {
        let found = json(code, &["promote", &release, "--to", to]);
        assert!(!found.is_empty() && found.iter().all(|one| named(one).as_deref() == Some(&*world)), "{to}: {found:?}");
    }
}

#[cfg(feature = "watch")]
#[test]
fn every_line_of_watch_names_the_world() {
    let product = Product::applied("dev");
    let world = name(&product.world());
    let lines = product.run(&["watch", "dev", "--once"]).out;
    assert!(!lines.is_empty());
    for line in documents(&lines) {
        assert_eq!(line["world"], world.as_str(), "{line}");
    }
}

#[test]
fn every_text_names_the_world_and_its_file() {
    let product = Product::new();
    let (world, file) = (name(&product.world()), product.world().display().to_string());
    for (code, words) in [
        (0, vec!["plan", "dev"]),
        (0, apply("dev")),
        (0, vec!["drift", "dev"]),
        (0, vec!["audit", "dev"]),
        (0, vec!["status", "dev"]),
    ] {
        let ran = product.expect(code, &words);
        let whole = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(whole.contains(&format!("world {world} ({file})")), "{words:?}: {}", ran.out);
        assert!(whole.contains("simulated; AWS was not asked"), "{words:?}: {}", ran.out);
    }
    let path = product.saved("staging").display().to_string();
    for words in [
        vec!["show", &path],
        vec!["show", &path, "--format", "md"],
        vec!["show", &path, "--format", "html"],
        vec!["approve", &path, "--list"],
    ] {
        let ran = product.run(&words);
        assert!(ran.out.contains(&world), "{words:?}: {ran:#?}");
    }
    let page = product.expect(0, &["audit", "dev", "--format", "html"]).out;
    assert!(page.contains(&world), "{page}");
    let japanese = product.expect(0, &["plan", "dev", "--lang", "ja"]).out;
    assert!(japanese.contains("実行先") && japanese.contains("模擬環境です。"), "{japanese}");
}

/// A setting of the shell decides the world as the option does, and the output says so.
#[test]
fn a_world_from_the_environment_is_named_too() {
    let product = Product::applied("dev");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
    command.env_clear().env("TOKAIDO_WORLD", format!("sandbox:{}", product.world().display()));
    command.arg("--project").arg(product.path()).args(["drift", "dev"]);
    let out = String::from_utf8(command.output().expect("it starts").stdout).expect("UTF-8");
    assert!(out.starts_with("no drift") && out.contains(&name(&product.world())), "{out}");
}

/// Every command that there is: a new one is here, or reads no world.
#[test]
fn every_command_names_the_world_it_read() {
    let product = Product::applied("dev");
    let (name, file) = (name(&product.world()), product.world().display().to_string());
    product.expect(0, &["release", "cut", "2026.11.0"]);
    let saved = product.saved("staging").display().to_string();
    // The command, its exit code, and whether it has a document.
    let with: Vec<(Vec<&str>, i32, bool)> = vec![
        (vec!["plan", "dev"], 0, true),
        (vec!["drift", "dev"], 0, true),
        (vec!["audit", "dev"], 0, true),
        (vec!["prove", "isolation", "dev"], 0, true),
        (vec!["status"], 0, true),
        (vec!["doctor", "dev"], 0, true),
        (vec!["show", &saved], 0, true),
        (vec!["approve", &saved, "--list"], 0, true),
        (vec!["approve", &saved, "--key", "no-such-key"], 1, false),
        (vec!["review", "abcdef", "--key", "no-such-key"], 1, false),
        (vec!["promote", "2026.11.0", "--to", "staging"], 5, true),
        (vec!["promote", "2026.11.0", "--to", "dev"], 0, true),
        (vec!["promote", "2026.11.0", "--to", "dev"], 0, true),
        (vec!["apply", "staging", "--yes"], 5, true),
        (vec!["policy", "input", "dev"], 0, false),
        (vec!["bootstrap", "production", "--yes"], 0, false),
        (vec!["watch", "dev", "--once"], 0, false),
        (vec!["sandbox", "list"], 0, true),
        (vec!["sandbox", "list", "vpc.main@tokyo"], 0, true),
        (vec!["sandbox", "list", "vpc.nobody@tokyo"], 1, true),
        (vec!["sandbox", "--env", "dev", "set", "vpc.main@tokyo", "dns_hostnames", "false"], 0, false),
        (vec!["sandbox", "--env", "dev", "set", "vpc.main@tokyo", "dns_hostnames", "true"], 0, false),
        (vec!["sandbox", "--env", "dev", "set", "vpc.main@tokyo", "no_such", "true"], 1, false),
        (
            vec!["sandbox", "--env", "dev", "unset", "security-group.acme@tokyo", "rules[ingress tcp 443 203.0.113.0/24]"],
            0,
            false,
        ),
        (vec!["sandbox", "--env", "dev", "remove", "vpc.nobody@tokyo"], 1, false),
        (vec!["sandbox", "fail", "list vpc", "busy"], 0, false),
        (vec!["sandbox", "lag", "vpc", "1m"], 0, false),
        (vec!["sandbox", "heal"], 0, false),
        (vec!["sandbox", "advance", "1h"], 0, false),
        (vec!["sandbox", "account", "111111111111"], 0, false),
        (vec!["sandbox", "heal"], 0, false),
    ];
    for (words, code, document) in &with {
        // What a command refuses before it read a world names none, and a sight of `watch` has codes of its own.
        let watches = words[0] == "watch";
        let reads = *code != 1 || words[0] == "sandbox";
        for language in ["en", "ja"] {
            let ran = product.run(&[&words[..], &["--lang", language]].concat());
            let again = words.contains(&"unset") && language == "ja";
            assert!(ran.code == *code || watches || again, "{words:?}: {ran:#?}");
            let whole = format!("{}{}", ran.out, ran.err).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(!reads || whole.contains(&name), "{words:?} {language}: {ran:#?}");
            // A person knows a sandbox by its file; a saved plan and a document know its name alone.
            let saved = ["show", "approve"].contains(&words[0]);
            assert!(!reads || saved || ran.out.starts_with(['{', '[']) || whole.contains(&file), "{words:?}: {ran:#?}");
        }
        if *document && *code != 1 {
            let ran = product.run(&[&words[..], &["--format", "json"]].concat());
            let inside: Vec<String> = documents(&ran.out).iter().flat_map(worlds).collect();
            // An apply that is refused before it began has no document.
            let nothing = words[0] == "apply" && ran.out.is_empty();
            assert!(nothing || !inside.is_empty(), "{words:?}: {ran:#?}");
            assert!(inside.iter().all(|one| *one == name), "{words:?}: {inside:?}");
            assert!(nothing || !ran.err.contains("· simulated"), "said twice: {words:?}: {ran:#?}");
        }
    }
    let known: BTreeSet<&str> = with.iter().map(|(words, ..)| words[0]).collect();
    let without = ["init", "validate", "release", "explain", "schema", "completions"];
    let help = product.run(&["--help"]).out;
    let listed = help.split("Commands:").nth(1).expect("commands").split("Options:").next().expect("commands");
    // What a narrow terminal wraps stands further in.
    let commands = listed.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    for command in commands.filter_map(|line| line.split_whitespace().next()) {
        assert!(known.contains(command) || without.contains(&command) || command == "help", "{command}");
    }
    for words in [
        &["validate"][..],
        &["explain", "drift"],
        &["schema", "base"],
        &["release", "list"],
        &["completions", "bash"],
        &["doctor", "--policies"],
    ] {
        let ran = product.run(words);
        assert!(!ran.out.contains(&name) && !ran.err.contains(&name), "{words:?}: {ran:#?}");
    }
}

/// The simulated world has its name whichever world is chosen, and one that was never started makes no file.
#[test]
fn the_sandbox_is_named_whatever_is_chosen() {
    let product = Product::new();
    let run = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.env_clear().arg("--project").arg(product.path()).args(words);
        crate::support::binary::ran(command)
    };
    let ran = run(&["sandbox", "list"]);
    assert!(ran.out.contains("world sandbox (") && ran.out.contains("simulated; AWS was not asked"), "{ran:#?}");
    assert_eq!(run(&["sandbox", "list", "--format", "json"]).out.trim(), "[]");
    let ran = run(&["sandbox", "advance", "1h"]);
    assert!(ran.out.contains("world sandbox"), "{ran:#?}");
    assert_eq!(run(&["sandbox", "reset"]).code, 0);
    let world = name(&product.path().join(".tokaido/sandbox/world.jsonl"));
    for words in [&["sandbox", "list"][..], &["sandbox", "reset", "--at", "2026-11-01T00:00:00Z"], &["sandbox", "advance", "1h"]]
    {
        let ran = run(words);
        let now = name(&product.path().join(".tokaido/sandbox/world.jsonl"));
        assert!(ran.out.contains(&world) || ran.out.contains(&now), "{ran:#?}");
    }
}

/// Every `world` in a document.
fn worlds(document: &Value) -> Vec<String> {
    match document {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value {
                Value::String(text) if key == "world" => vec![text.clone()],
                value => worlds(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(worlds).collect(),
        _ => Vec::new(),
    }
}
