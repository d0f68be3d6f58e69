//! The lane as a user walks it: cut, promote, apply, wait, promote; and every way in which it is refused.

use std::fs;

use serde_json::Value;

use crate::support::binary::{Product, Ran, changed};
use crate::support::office::{Keys, PEOPLE, governed, pass};
use crate::support::project::files;

pub const FIRST: &str = "2026.11.0";
pub const SECOND: &str = "2026.11.1";

/// A project whose first release was cut.
pub fn cut() -> (Product, Keys) {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    product.expect(0, &["release", "cut", "--note", "the beginning"]);
    (product, keys)
}

/// Promotes and applies; production after two people have signed.
pub fn bring(product: &Product, keys: &Keys, release: &str, to: &str) -> Ran {
    let promoted = product.expect(0, &["promote", release, "--to", to]);
    if to == "production" {
        pass(product, keys);
    } else {
        product.expect(0, &["apply", to, "--yes"]);
    }
    promoted
}

/// Through dev and staging, soaked in both.
pub fn rehearsed(product: &Product, keys: &Keys, release: &str) {
    bring(product, keys, release, "dev");
    product.expect(0, &["sandbox", "advance", "1h"]);
    bring(product, keys, release, "staging");
    product.expect(0, &["sandbox", "advance", "24h"]);
}

/// A second release: copies are kept a day longer.
pub fn second(product: &Product) {
    product.edit("environments/base.yaml", "keep: 8d }", "keep: 9d }");
    product.expect(0, &["release", "cut"]);
}

/// A refusal by the lane: nothing in the project, the world or the records changes.
pub fn refused(product: &Product, words: &[&str], says: &[&str]) -> Ran {
    let ran = product.reads_only(5, words);
    for fragment in says {
        assert!(ran.err.contains(fragment), "`{fragment}` is not said: {}", ran.err);
    }
    assert!(ran.err.contains("next: "), "a refusal says what to do: {}", ran.err);
    ran
}

fn file(product: &Product, environment: &str) -> String {
    fs::read_to_string(product.path().join(format!("environments/{environment}.yaml"))).expect("a file")
}

pub fn status(product: &Product, environment: &str) -> Value {
    product.reads_only(0, &["status", environment, "--format", "json"]).json()["environments"][0].clone()
}

#[test]
fn from_the_first_cut_to_production() {
    let (product, keys) = cut();
    // No environment is skipped, and nothing goes on that was not applied.
    refused(
        &product,
        &["promote", FIRST, "--to", "production"],
        &["never applied in staging", "no environment is skipped", "--to staging"],
    );
    refused(&product, &["promote", FIRST, "--to", "staging"], &["never applied in dev"]);

    let before = file(&product, "dev");
    let promoted = product.expect(0, &["promote", FIRST, "--to", "dev"]);
    assert!(promoted.out.contains("promoted: dev is pinned to release 2026.11.0"), "{}", promoted.out);
    assert_eq!(file(&product, "dev"), before.replacen("extends: base.yaml\n", "extends: base.yaml\nrelease: 2026.11.0\n", 1));
    let again = product.reads_only(0, &["promote", FIRST, "--to", "dev"]);
    assert!(again.out.contains("pinned to 2026.11.0 already"), "{}", again.out);
    refused(&product, &["promote", FIRST, "--to", "staging"], &["never applied in dev"]);
    product.expect(0, &["apply", "dev", "--yes"]);
    refused(&product, &["promote", FIRST, "--to", "staging"], &["its soak ends 2026-11-01 10:", "JST, in 1h"]);
    assert_eq!(status(&product, "dev")["next"]["refusals"][0]["refusal"], "soaking");
    product.expect(0, &["sandbox", "advance", "60m"]);
    assert_eq!(status(&product, "dev")["next"]["refusals"], Value::Array(Vec::new()));

    let promoted = product.expect(0, &["promote", FIRST, "--to", "staging"]);
    for fragment in ["The same change as in dev except", "Overrides", "change.soak  24h → 1h", "release 2026.11.0 ("] {
        assert!(promoted.out.contains(fragment), "{fragment}: {}", promoted.out);
    }
    refused(&product, &["promote", FIRST, "--to", "production"], &["never applied in staging"]);
    product.expect(0, &["apply", "staging", "--yes"]);
    product.expect(0, &["sandbox", "advance", "21h"]);
    refused(
        &product,
        &["promote", FIRST, "--to", "production"],
        &["its soak ends 2026-11-02 10:", "in 3h", "`change.soak` of production"],
    );
    let board = product.reads_only(0, &["status"]);
    assert!(board.out.contains("2026.11.0 may go to production in 3h, at 2026-11-02 10:"), "{}", board.out);
    product.expect(0, &["sandbox", "advance", "3h"]);

    let promoted = product.expect(0, &["promote", FIRST, "--to", "production", "--format", "json"]).json();
    assert_eq!(
        (&promoted["way"], &promoted["release"]["id"], &promoted["was"]),
        (&"forward".into(), &FIRST.into(), &Value::Null)
    );
    assert_eq!(promoted["plan"]["body"]["release"], promoted["release"]);
    let rows = promoted["twin"]["rows"].as_array().expect("rows").clone();
    let of = |path: &str| {
        rows.iter().find(|row| row["id"] == "db-instance.catalog@tokyo" && row["path"] == path).expect("a row").clone()
    };
    assert_eq!(of("name")["as"], "same", "the name differs by the environment's own name alone");
    assert_eq!((of("class")["as"].clone(), of("class")["there"].clone()), ("other-value".into(), "db.t4g.medium".into()));
    assert!(rows.iter().all(|row| row["as"] != "never"), "staging has the same shape");
    pass(&product, &keys);
    let there = status(&product, "production");
    assert_eq!((&there["pinned"], &there["next"]), (&there["applied"], &Value::Null));
    assert_eq!(there["last_proven"]["release"], promoted["release"]);
    let board = product.reads_only(0, &["status", "--live"]);
    assert_eq!(board.out.matches("drift         none").count(), 3, "{}", board.out);
    assert_eq!(board.out.matches("· applied").count(), 3, "{}", board.out);
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    let board = product.reads_only(3, &["status", "production", "--live"]);
    assert!(board.out.contains("drift         1 changed"), "{}", board.out);
}

#[test]
fn going_back_holds_what_was_left() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    bring(&product, &keys, FIRST, "production");
    second(&product);
    rehearsed(&product, &keys, SECOND);
    let promoted = bring(&product, &keys, SECOND, "production");
    assert!(promoted.out.contains("The same change as in staging: all"), "{}", promoted.out);
    assert!(promoted.out.contains("before: 2026.11.0"), "{}", promoted.out);

    refused(&product, &["promote", FIRST, "--to", "production"], &["this is going back", "--back --reason TEXT"]);
    product.reads_only(64, &["promote", FIRST, "--to", "production", "--back"]);
    product.reads_only(64, &["promote", FIRST, "--to", "production", "--back", "--reason", " "]);
    let secret = product.reads_only(64, &["promote", FIRST, "--to", "production", "--back", "--reason", "AKIAIOSFODNN7EXAMPLE"]);
    assert!(!secret.err.contains("hold") && secret.err.contains("looks like a secret"), "{}", secret.err);
    let reason = ["--back", "--reason", "copies take too long"];
    let back = product.expect(0, &[&["promote", FIRST, "--to", "production"][..], &reason].concat());
    assert!(back.out.contains("2026.11.1 is held"), "no soak is needed: {}", back.out);
    pass(&product, &keys);
    assert_eq!(status(&product, "production")["applied"]["id"], FIRST);
    // Staging is still on the second one, proven and soaked; only the hold stands in the way.
    let held = status(&product, "staging")["next"]["refusals"].clone();
    assert_eq!((held.as_array().map(Vec::len), &held[0]["refusal"]), (Some(1), &"held".into()));
}

#[test]
fn back_and_again() {
    let (product, keys) = cut();
    bring(&product, &keys, FIRST, "dev");
    let first = file(&product, "dev");
    second(&product);
    bring(&product, &keys, SECOND, "dev");
    let slow = ["--back", "--reason", "queries are slow"];
    let back = product.expect(0, &[&["promote", FIRST, "--to", "dev"][..], &slow].concat());
    assert!(back.out.contains("going back: 2026.11.1 is held until `tokaido promote --lift-hold` lifts it"), "{}", back.out);
    assert_eq!(file(&product, "dev"), first, "byte for byte the file of before");
    let held = &status(&product, "dev")["holds"][0];
    assert_eq!((&held["release"]["id"], &held["reason"]), (&SECOND.into(), &"queries are slow".into()));
    assert!(held["by"].as_str().is_some_and(|by| by.contains("111111111111")), "{held}");
    product.expect(0, &["apply", "dev", "--yes"]);

    refused(
        &product,
        &["promote", SECOND, "--to", "dev"],
        &["dev went back from 2026.11.1", "queries are slow", "--lift-hold --reason TEXT"],
    );
    refused(&product, &["promote", FIRST, "--to", "staging"], &["soak ends"]);
    let lifted = product.expect(0, &["promote", SECOND, "--to", "dev", "--lift-hold", "--reason", "an index was missing"]);
    assert!(lifted.out.contains("the hold on 2026.11.1 is lifted"), "{}", lifted.out);
    assert_eq!(status(&product, "dev")["holds"], Value::Array(Vec::new()));
    // Not applied yet: taking it back is no going back, and holds nothing.
    let withdrawn = product.expect(0, &["promote", FIRST, "--to", "dev"]);
    assert!(withdrawn.out.contains("is taken back"), "{}", withdrawn.out);
    assert_eq!(status(&product, "dev")["holds"], Value::Array(Vec::new()));
    refused(&product, &["promote", SECOND, "--to", "dev", "--lift-hold", "--reason", "again"], &["2026.11.1 is not held in dev"]);
    product.expect(0, &["promote", SECOND, "--to", "dev"]);
    refused(
        &product,
        &["promote", FIRST, "--to", "staging", "--back", "--reason", "no"],
        &["never applied in staging, so this is not going back"],
    );
}

#[test]
fn what_was_not_proven_does_not_go_on() {
    let (product, _keys) = cut();
    product.expect(0, &["promote", FIRST, "--to", "dev"]);
    product.expect(0, &["sandbox", "fail", "create db-instance", "quota"]);
    product.expect(6, &["apply", "dev", "--yes"]);
    product.expect(0, &["sandbox", "advance", "2d"]);
    refused(&product, &["promote", FIRST, "--to", "staging"], &["has not ended with nothing left to do", "apply dev"]);
    let board = product.reads_only(0, &["status", "dev"]);
    assert!(board.out.contains("proven clean  no: the apply that began"), "{}", board.out);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["apply", "dev", "--yes"]);
    product.expect(0, &["sandbox", "advance", "1h"]);

    // A saved plan with nothing to do is applied too: that all is as declared is seen and recorded.
    let seen = status(&product, "dev")["last_proven"]["at"].clone();
    let empty = product.saved("dev");
    let ran = product.expect(0, &["apply", &empty.display().to_string(), "--stats"]);
    assert!(ran.err.contains("mutating calls: 0"), "{}", ran.err);
    assert_ne!(status(&product, "dev")["last_proven"]["at"], seen);

    // A promise that was not kept at the last look.
    let violations = format!(
        "{{\"record\":\"proven\",\"at\":\"2026-11-03T03:00:00Z\",\"plan\":\"p\",\"release\":{},\"unkept\":[\"recovery-copies\"]}}\n",
        status(&product, "dev")["pinned"]
    );
    let mut numbers = (1..).map(|number| product.path().join(format!("world.jsonl.store/dev/{number:08}.json")));
    let record = numbers.find(|path| !path.exists()).expect("a number");
    fs::write(&record, violations).expect("a record");
    refused(&product, &["promote", FIRST, "--to", "staging"], &["not all promises were kept in dev", "recovery-copies"]);
    assert!(product.reads_only(0, &["status", "dev"]).out.contains("not kept: recovery-copies"));
    fs::remove_file(&record).expect("a record");

    // The tree is applied over it.
    product.edit("environments/dev.yaml", "release: 2026.11.0\n", "");
    product.edit("environments/base.yaml", "keep: 8d }", "keep: 9d }");
    product.expect(0, &["apply", "dev", "--yes"]);
    refused(&product, &["promote", FIRST, "--to", "staging"], &["dev has the tree since", "no longer 2026.11.0"]);
    // And a release of the same name with other content is another release.
    fs::remove_dir_all(product.path().join("releases").join(FIRST)).expect("a release");
    product.expect(0, &["release", "cut", FIRST]);
    refused(&product, &["promote", FIRST, "--to", "staging"], &["dev had a 2026.11.0 of other content", "its digest was"]);
}

#[test]
fn a_promotion_that_cannot_be_planned_changes_nothing() {
    let (product, _keys) = cut();
    let pin = ["promote", FIRST, "--to", "dev"];
    product.expect(0, &["sandbox", "account", "999999999999"]);
    let wrong = product.reads_only(5, &pin);
    assert!(wrong.err.contains("wrong account"), "{}", wrong.err);
    product.expect(0, &["sandbox", "account", "111111111111"]);
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    product.reads_only(1, &pin);
    product.expect(0, &["sandbox", "heal"]);
    // The file has a mistake with this release.
    product.edit("environments/dev.yaml", "db.t4g.micro", "not-a-class");
    let broken = product.reads_only(1, &pin);
    assert!(broken.err.contains("dev has mistakes with release 2026.11.0; nothing was changed"), "{}", broken.err);
    assert!(
        broken.err.contains("environments/dev.yaml:22:12"),
        "the place is that of the file as it is, without the pin: {}",
        broken.err
    );
    product.edit("environments/dev.yaml", "not-a-class", "db.t4g.micro");
    // A place where nothing can be written in between.
    let good = file(&product, "dev");
    product.edit("environments/dev.yaml", "extends: base.yaml", "extends:\n  base.yaml");
    let odd = product.reads_only(1, &pin);
    assert!(odd.err.contains("environments/dev.yaml:6:1") && odd.err.contains("by hand"), "{}", odd.err);
    fs::write(product.path().join("environments/dev.yaml"), good).expect("a file");
    // What could not be read is not planned, so nothing is pinned; the plan says what it could not see.
    product.expect(0, &["sandbox", "fail", "list subnet", "access-denied"]);
    let blind = product.reads_only(8, &pin);
    assert!(
        blind.err.contains("dev is not pinned to 2026.11.0") && blind.out.contains("list subnet"),
        "{}{}",
        blind.out,
        blind.err
    );
    let json = product.reads_only(8, &[&pin[..], &["--format", "json"]].concat()).json();
    assert_eq!((&json["pinned"], &json["environment"]), (&false.into(), &"dev".into()));
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &pin);
}

#[test]
fn releases_that_are_not_what_they_were() {
    let (product, _keys) = cut();
    let unknown = product.reads_only(1, &["promote", "2026.11.9", "--to", "dev"]);
    assert!(unknown.err.contains("error[unknown-release]") && unknown.err.contains("`2026.11.0`"), "{}", unknown.err);
    for words in
        [&["promote", "../x", "--to", "dev"][..], &["release", "show", "a/b"], &["release", "cut", "."], &["promote", FIRST]]
    {
        product.reads_only(64, words);
    }
    product.expect(0, &["promote", FIRST, "--to", "dev"]);
    product.edit("releases/2026.11.0/environments/base.yaml", "keep: 8d }", "keep: 9d }");
    for words in [
        &["promote", FIRST, "--to", "staging"][..],
        &["release", "show", FIRST],
        &["release", "diff", FIRST],
        &["plan", "dev"],
        &["apply", "dev", "--yes"],
        &["drift", "dev"],
        &["validate"],
        &["release", "list"],
        &["release", "cut"],
    ] {
        let ran = product.reads_only(1, words);
        let said = format!("{}{}", ran.out, ran.err).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("releases/2026.11.0/environments/base.yaml:1:1") && said.contains("was altered"),
            "{words:?}: {said}"
        );
    }
    let board = product.reads_only(1, &["status", "dev"]);
    assert!(board.out.contains("unknown: releases/2026.11.0/environments/base.yaml:1:1"), "{}", board.out);
}

#[test]
fn another_tool_is_refused() {
    let (product, _keys) = cut();
    // As another version of tokaido would have cut it.
    let path = product.path().join("releases/2026.11.0/release.yaml");
    let (manifest, _) = tokaido::project::releases::read(&files(product.path()), FIRST);
    let other = tokaido::desired::release::Manifest { tool_version: "0.0.9".to_owned(), ..manifest.expect("a release") };
    fs::write(&path, tokaido::govern::release::written(&other)).expect("a manifest");
    refused(&product, &["promote", FIRST, "--to", "dev"], &["was cut with tokaido 0.0.9 and this is 0.1.0"]);
    product.edit("environments/dev.yaml", "extends: base.yaml", "extends: base.yaml\nrelease: 2026.11.0");
    product.reads_only(0, &["plan", "dev"]);
    let gate = product.reads_only(5, &["apply", "dev", "--yes"]);
    assert!(gate.err.contains("use tokaido 0.0.9"), "{}", gate.err);
}

#[test]
fn cutting_and_looking() {
    let product = Product::new();
    let none = product.reads_only(0, &["release", "list"]);
    assert!(none.out.contains("no release was cut yet") && none.out.contains("release cut"), "{}", none.out);
    product.edit("environments/staging.yaml", "db.t4g.medium", "not-a-class");
    let broken = product.reads_only(1, &["release", "cut"]);
    assert!(broken.err.contains("nothing was frozen") && broken.err.contains("environments/staging.yaml:"), "{}", broken.err);
    product.edit("environments/staging.yaml", "not-a-class", "db.t4g.medium");

    let before = product.bytes();
    let ran = product.expect(0, &["release", "cut"]);
    assert!(ran.out.contains("cut 2026.11.0 · digest") && ran.out.contains("promote 2026.11.0 --to dev"), "{}", ran.out);
    let mut new: Vec<String> = changed(&before, &product.bytes())
        .into_iter()
        .map(|path| path.strip_prefix(product.path()).expect("inside").display().to_string())
        .collect();
    new.sort();
    let expected =
        ["environments/base.yaml", "policies/promises.yaml", "release.yaml"].map(|file| format!("releases/2026.11.0/{file}"));
    assert_eq!(new, expected, "whole, and nothing beside it");
    let again = product.reads_only(5, &["release", "cut"]);
    assert!(again.err.contains("nothing changed since 2026.11.0"), "{}", again.err);
    let exists = product.reads_only(1, &["release", "cut", FIRST]);
    assert!(exists.err.contains("2026.11.0 exists") && exists.err.contains("2026.11.1"), "{}", exists.err);
    assert!(product.reads_only(0, &["release", "diff", FIRST]).out.contains("nothing differs"));

    product.edit("environments/base.yaml", "keep: 8d }", "keep: 9d }");
    let diff = product.reads_only(0, &["release", "diff", FIRST]);
    for fragment in
        ["2026.11.0 → the tree: 1 file differs", "environments/base.yaml: changed", "-   primary_copies", "+   primary_copies"]
    {
        assert!(diff.out.contains(fragment), "{fragment}: {}", diff.out);
    }
    product.expect(0, &["release", "cut", "--note", "a day more"]);
    assert_eq!(product.reads_only(0, &["release", "diff", FIRST, SECOND, "--format", "json"]).json()[0]["fate"], "changed");
    product.expect(0, &["promote", SECOND, "--to", "dev"]);
    let list = product.reads_only(0, &["release", "list"]);
    assert!(list.out.find(SECOND) < list.out.find(FIRST), "newest first: {}", list.out);
    assert!(list.out.contains("pinned: dev") && list.out.contains("a day more"), "{}", list.out);
    let shown = product.reads_only(0, &["release", "show", SECOND, "--format", "json"]).json();
    assert_eq!(shown["environments"][0]["pinned"], true);
    assert_eq!(shown["environments"][0]["divergences"][0]["promise"], "point-in-time-recovery");
    assert_eq!(shown["environments"][1]["overrides"][0]["path"], "change.soak");
    assert!(product.reads_only(0, &["release", "show", SECOND]).out.contains("staging: not pinned to it"));

    // The tree moves on: dev says so, and `validate` still looks at it.
    assert!(!product.reads_only(0, &["plan", "dev"]).err.contains("moved on"));
    product.edit("environments/base.yaml", "keep: 9d }", "keep: 10d }");
    assert!(product.reads_only(0, &["plan", "dev"]).err.contains("the tree has moved on: `tokaido"));
    product.edit("environments/base.yaml", "keep: 10d }", "keep: 0d }");
    product.reads_only(0, &["plan", "dev"]);
    let mistake = product.reads_only(1, &["validate", "dev"]);
    assert!(mistake.out.contains("environments/base.yaml:"), "{}", mistake.out);
}

#[test]
fn time_passes_in_the_sandbox_and_nothing_else() {
    let product = Product::applied("dev");
    let rows = |product: &Product| product.reads_only(0, &["sandbox", "list", "--format", "json"]).out;
    let (before, now) = (rows(&product), product.reads_only(0, &["status", "--format", "json"]).json()["now"].clone());
    product.expect(0, &["sandbox", "advance", "2d"]);
    assert_eq!(rows(&product), before);
    let later = product.reads_only(0, &["status", "--format", "json"]).json()["now"].clone();
    let time = |value: &Value| value.as_str().expect("a time").parse::<jiff::Timestamp>().expect("a time");
    assert_eq!(time(&later).duration_since(time(&now)), jiff::SignedDuration::from_hours(48));
    product.reads_only(0, &["drift", "dev"]);
    for wrong in ["2", "h", "-1h", "2w", "999999h", "１h"] {
        product.reads_only(64, &["sandbox", "advance", wrong]);
    }
}

/// A pin that nobody promoted: what is seen under it counts for nothing, even where it changes nothing.
#[test]
fn a_pin_written_by_hand_leads_nowhere() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.edit("environments/base.yaml", "# Customers hear", "# Our customers hear");
    product.expect(0, &["release", "cut"]);
    product.edit("environments/staging.yaml", FIRST, SECOND);
    assert_eq!(product.expect(0, &["plan", "staging", "--detailed-exitcode"]).code, 0, "the content is the same");
    product.expect(0, &["apply", "staging", "--yes"]);
    product.expect(0, &["sandbox", "advance", "48h"]);
    refused(&product, &["promote", SECOND, "--to", "production"], &["was never applied in staging"]);
    // With something to change it does not even begin.
    product.expect(0, &["sandbox", "--env", "staging", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
    refused(&product, &["apply", "staging", "--yes"], &["was never applied in dev"]);
}

/// Production in need does not wait for the health of staging.
#[test]
fn an_emergency_goes_past_records_that_cannot_be_read() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["promote", FIRST, "--to", "production"]);
    let records = product.path().join("world.jsonl.store/staging/00000001.json");
    fs::write(&records, "not a record").expect("a file");
    refused(&product, &["apply", "production", "--yes"], &["what staging has proven cannot be read"]);
    let reason = ["apply", "production", "--yes", "--author", "alice@example.com", "--emergency", "staging is gone altogether"];
    product.expect(0, &reason);
    let board = product.expect(0, &["status", "production", "--format", "json"]).json();
    let open = &board["environments"][0]["emergencies"][0];
    assert!(open["missing"].to_string().contains("what staging has proven cannot be read"), "{open}");
}

#[test]
fn the_page_of_a_plan_names_its_release() {
    let (product, _) = cut();
    let page = |release: bool| {
        let page = product.reads_only(0, &["plan", "dev", "--format", "html"]).out;
        assert_eq!(page.contains(FIRST), release, "{page}");
    };
    page(false);
    product.expect(0, &["promote", FIRST, "--to", "dev"]);
    page(true);
}
