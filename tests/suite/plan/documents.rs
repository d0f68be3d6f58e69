//! The file of a plan: its id is the digest of bytes that stand in it, and plans of version 1 are shown and verified.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokaido::model::plan::Plan;
use tokaido::model::{Language, Reason};

use crate::support::binary::Product;

/// What a program does that knows nothing of tokaido.
const SHELL: &str = r#"sed -n 's/^  "body": //p' "$1" | tr -d '\n' | sha256sum | cut -c1-64"#;

#[test]
fn any_program_can_check_an_id() {
    let product = Product::new();
    product.expect(0, &["plan", "dev", "--save"]);
    let folder = product.path().join("plans/dev");
    let file = fs::read_dir(folder).expect("plans").next().expect("a plan").expect("an entry").path();
    let text = fs::read_to_string(&file).expect("a plan");
    let plan = Plan::read(&text).expect("a plan");

    let ran = Command::new("sh").args(["-c", SHELL, "sh"]).arg(&file).output().expect("a shell");
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), plan.id);
    assert_eq!(product.expect(0, &["show", &plan.id[..12], "--format", "json"]).out, text, "JSON is the file");
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).expect("docs/json.md");
    assert!(docs.contains(&SHELL.replace("\"$1\"", "plan.json")), "docs/json.md says another way");
}

/// Of each reason the document has the code, the fields, and the sentence.
#[test]
fn reasons_are_data_in_the_document() {
    let product = Product::new();
    product.expect(0, &["apply", "dev", "--yes"]);
    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "multi_az", "true"]);
    let out = product.expect(0, &["plan", "dev", "--format", "json"]).out;
    let plan: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let body = &plan["body"];
    assert_eq!(body["schema_version"], 2);
    let change = &body["changes"][0];
    assert_eq!((&change["reason"]["code"], &change["reason"]["en"]), (&"drifted".into(), &"drifted since the last apply".into()));
    let when = &change["when"][0];
    assert_eq!(when["code"], "window");
    assert_eq!(when["fields"]["at"], "Sun 05:00-05:30 Asia/Tokyo");
    assert_eq!(when["en"], "in the next maintenance window (Sun 05:00-05:30 Asia/Tokyo)");
}

const FILES: [(&str, &str); 2] =
    [("1e20a0a8d91f", include_str!("v1/1e20a0a8d91f.json")), ("e4024091e35e", include_str!("v1/e4024091e35e.json"))];

#[test]
fn a_plan_of_version_1_is_shown_and_verified_and_no_more() {
    let product = Product::new();
    let folder = product.path().join("plans/dev");
    fs::create_dir_all(&folder).expect("a folder");
    for (id, text) in FILES {
        let plan = Plan::read(text).expect("a plan");
        assert!(!plan.is_current() && plan.id.starts_with(id));
        assert_eq!((plan.digest(), plan.sealed()), (plan.id.clone(), plan.seal.clone()), "id and seal of the older version hold");
        fs::write(folder.join(format!("{id}.json")), text).expect("a plan");

        let shown = product.expect(0, &["show", id]);
        assert!(shown.out.contains("db-instance.catalog@tokyo"), "{}", shown.out);
        assert!(shown.out.contains("drifted and declared differently since the last apply"), "{}", shown.out);
        assert!(
            shown.err.contains("a plan of version 1 is shown, and neither approved nor applied; plan again"),
            "{}",
            shown.err
        );
        assert_eq!(product.expect(0, &["show", id, "--format", "json"]).out.trim(), text.trim(), "as it was written");
        let page = product.expect(0, &["show", id, "--format", "md", "--lang", "ja"]).out;
        assert!(page.contains("drifted and declared differently since the last apply"), "English words are shown as they are");
        for refused in [&["apply", id, "--yes"][..], &["approve", id, "--list"][..]] {
            let ran = product.expect(5, refused);
            assert!(ran.err.contains("version 1") && ran.err.contains("plan again"), "{refused:?}: {}", ran.err);
        }

        // One letter of a reason, one number: another body.
        for (from, to) in [("drifted and declared", "drafted and declared"), ("\"after\": 7", "\"after\": 8")] {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text);
            fs::write(folder.join(format!("{id}.json")), altered).expect("a plan");
            let ran = product.expect(1, &["show", id]);
            assert!(ran.err.contains("this file was altered"), "{}", ran.err);
        }
    }
}

/// A sentence of another version is shown as it stands, and stays so when it is written again.
#[test]
fn words_of_another_version_are_kept() {
    use tokaido::model::reason::Stated;
    use tokaido::model::reason::plan::{BlockedReason, ChangeReason};

    let newer = r#"{"code":"moved-by-the-moon","fields":{"phase":"full"},"en":"the moon moved it"}"#;
    let stated: Stated<BlockedReason> = serde_json::from_str(newer).expect("a reason");
    assert!(stated.ours().is_none());
    assert_eq!((stated.code(), stated.say(Language::Ja)), ("moved-by-the-moon", "the moon moved it".to_owned()));
    assert_eq!(serde_json::to_string(&stated).expect("JSON"), newer);

    let ours: Stated<ChangeReason> = ChangeReason::Drifted.into();
    let text = serde_json::to_string(&ours).expect("JSON");
    assert_eq!(serde_json::from_str::<Stated<ChangeReason>>(&text).expect("a reason"), ours);
    let reworded = text.replace("since the last apply", "since yesterday");
    let stated: Stated<ChangeReason> = serde_json::from_str(&reworded).expect("a reason");
    assert_eq!(stated.say(Language::En), "drifted since yesterday");
    assert_eq!(serde_json::to_string(&stated).expect("JSON"), reworded);
    assert_eq!(ChangeReason::Drifted.code(), "drifted");

    // A sandbox of before holds sentences.
    let sentence: Stated<ChangeReason> = serde_json::from_str("\"after a manual reboot\"").expect("a reason");
    assert_eq!((sentence.code(), sentence.say(Language::Ja)), ("", "after a manual reboot".to_owned()));
}

/// A project, a saved plan of dev and the place of its file.
fn saved() -> (Product, Plan, PathBuf) {
    let product = Product::new();
    product.expect(0, &["plan", "dev", "--save"]);
    let folder = product.path().join("plans/dev");
    let file = fs::read_dir(folder).expect("plans").next().expect("a plan").expect("an entry").path();
    let plan = Plan::read(&fs::read_to_string(&file).expect("a plan")).expect("a plan");
    (product, plan, file)
}

/// The layout decides which version it is, and not what the file says.
#[test]
fn the_layout_of_version_1_is_of_no_other_version() {
    let (product, _, file) = saved();
    let (id, text) = FILES[0];
    for version in ["0", "2", "3", "null", "\"1\""] {
        let other = text.replacen("\"schema_version\": 1", &format!("\"schema_version\": {version}"), 1);
        assert_ne!(other, text);
        let path = file.with_file_name(format!("{id}.json"));
        fs::write(&path, other).expect("a file");
        for words in [&["show", id][..], &["apply", id, "--yes"][..]] {
            let ran = product.expect(1, words);
            assert!(ran.err.contains("a plan of this layout is of version 1"), "{version}: {}", ran.err);
        }
    }
}

/// What no reader is shown is neither approved nor applied: other members, another form, bytes that are no text.
#[test]
fn a_file_that_tokaido_would_not_write_is_refused() {
    let (product, plan, file) = saved();
    let good = fs::read_to_string(&file).expect("a plan");
    let edits =
        [("{\"schema_version\":2,", "{\"schema_version\":2,\"more\":1,"), ("{\"schema_version\":2,", "{\"schema_version\":2,\n")];
    for (from, to) in edits {
        let edited = good.replacen(from, to, 1);
        let digest = Plan::read(&edited).expect("a plan").digest();
        let mut forged = plan.clone();
        forged.id.clone_from(&digest);
        let forged = edited.replace(&plan.id, &digest).replace(&plan.seal, &forged.sealed());
        let path = file.with_file_name(format!("{}.json", &digest[..12]));
        fs::write(&path, forged).expect("a file");
        let shown = product.expect(1, &["show", &digest[..12]]);
        assert!(shown.err.contains("it is not what this tokaido writes for this plan"), "{}", shown.err);
        let ran = product.expect(5, &["apply", &digest[..12], "--yes"]);
        assert!(ran.err.contains("it is not what this tokaido writes for this plan"), "{}", ran.err);
    }
    let mut bytes = good.clone().into_bytes();
    let at = good.find("\"environment\":\"dev\"").expect("a text") + 16;
    bytes[at] = 0xff;
    fs::write(&file, bytes).expect("a file");
    let ran = product.expect(1, &["show", &plan.id[..12]]);
    assert!(ran.err.contains("this is not UTF-8 text") && !ran.err.contains(":1:1:"), "{}", ran.err);
}

/// A formatter went over a saved plan: it is altered, and to plan again mends the file.
#[test]
fn a_plan_that_was_reformatted_is_written_again() {
    let (product, plan, file) = saved();
    let good = fs::read_to_string(&file).expect("a plan");
    let value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    fs::write(&file, serde_json::to_string_pretty(&value).expect("JSON")).expect("a file");
    let ran = product.expect(5, &["apply", &plan.id[..12], "--yes"]);
    assert!(ran.err.contains("the plan file was altered") && ran.err.contains("plan again"), "{}", ran.err);
    product.expect(0, &["plan", "dev", "--save"]);
    product.expect(0, &["apply", &plan.id[..12], "--yes"]);
}

/// No text of a file moves a cursor or fills a screen.
#[test]
fn what_a_message_repeats_of_a_file_is_harmless() {
    let (product, plan, file) = saved();
    let good = fs::read_to_string(&file).expect("a plan");
    let name = &plan.id[..12];
    let run = |from: &str, to: &str| {
        let edited = good.replacen(from, to, 1);
        assert_ne!(edited, good);
        fs::write(&file, edited).expect("a file");
        let ran = product.run(&["show", name]);
        let unseen = |c: char| c == '\u{1b}' || c == '\u{202e}';
        assert!(ran.code == 1 && !ran.err.contains(unseen), "{}", ran.err);
        ran.err
    };
    run("\"action\":\"create\"", "\"action\":\"\\u001b[2J\\u202eX\"");
    run(&format!("\"expires_at\": \"{}\"", plan.expires_at), "\"expires_at\": \"\\u001b[31m\"");
    run(&format!("\"id\": \"{}", &plan.id[..4]), "\"id\": \"\\u001b[2J");
    let body = good.lines().find_map(|line| line.strip_prefix("  \"body\": ")).expect("a body");
    let text = serde_json::to_string(body).expect("JSON");
    let said = run(body, &text);
    assert!(said.len() < 600, "{said}");
    assert_eq!(said.matches("line").count(), 0, "one place in a message: {said}");
}
