//! Every output names the world that was read: in words for people, in one field for programs.

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
    serde_json::Deserializer::from_str(out).into_iter::<Value>().map(|document| document.expect("JSON")).collect()
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
