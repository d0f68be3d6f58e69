//! What a machine does to a command: full disks, strange files, folders with blanks, a limit of threads.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::binary::{Product, apply, ended};
use crate::support::office::{Keys, PEOPLE, governed};
use crate::support::project;

/// A report that is not whole must not look like one: nobody would miss the broken promise at its end.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_could_not_be_written_is_no_success() {
    let product = Product::applied("dev");
    for words in [&["audit", "dev"][..], &["plan", "dev", "--format", "json"], &["status"], &["schema", "base"]] {
        let full = fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let output = product.command(words).stdout(full).output().expect("started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("what was printed is not whole"), "{words:?}: {said}");
    }
    // A reader that has seen enough is another matter.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = product.command(&["audit", "dev"]).stdout(writer).output().expect("started");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// Only numbers that are written as we write them are records: a copy of one beside it is nothing.
#[test]
fn other_files_among_the_records_are_no_records() {
    let product = Product::applied("dev");
    let store = format!("{}.store/dev", product.world().display());
    for stray in ["1.json", "+1.json", "0.json", "000000001.json", "00000001.json.bak", "notes.txt"] {
        fs::copy(format!("{store}/00000001.json"), format!("{store}/{stray}")).expect("a copy");
    }
    product.reads_only(0, &["drift", "dev"]);
    product.expect(0, &apply("dev"));
    fs::remove_file(format!("{store}/00000002.json")).expect("a record");
    let missing = product.run(&["plan", "dev"]);
    assert!(missing.code == 1 && missing.err.contains("00000002.json is missing"), "{missing:#?}");
}

#[test]
fn a_fence_that_cannot_grow_is_refused_in_words() {
    let product = Product::applied("dev");
    let lease = format!("{}.store/dev/lease.json", product.world().display());
    let text = fs::read_to_string(&lease).expect("a lease");
    let fence: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let changed = text.replace(&format!("\"fence\":{}", fence["fence"]), &format!("\"fence\":{}", u64::MAX));
    assert_ne!(text, changed);
    fs::write(&lease, changed).expect("written");
    product.expect(0, &["sandbox", "--env", "dev", "set", "vpc.main@tokyo", "dns_hostnames", "false"]);
    let refused = product.run(&apply("dev"));
    assert!(refused.code == 1 && refused.err.contains("the highest number there is"), "{refused:#?}");
}

/// A pipe that is called like a plan would be waited for; a plan is a file.
#[cfg(unix)]
#[test]
fn a_pipe_among_the_plans_is_not_waited_for() {
    let product = Product::new();
    let folder = product.path().join("plans/dev");
    fs::create_dir_all(&folder).expect("a folder");
    let made = Command::new("mkfifo").arg(folder.join("abcdef012345.json")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let ran = product.run(&["show", "abcdef"]);
    assert!(ran.code == 1 && ran.err.contains("plans/dev/abcdef012345.json: it is not a regular file"), "{ran:#?}");
}

/// What is printed to be typed is typed by people: blanks and quotes in a folder's name are part of one word.
#[test]
fn the_next_command_can_be_typed_whatever_the_folder_is_called() {
    let product = Product::new();
    let odd = product.path().join("it's 設定");
    fs::create_dir(&odd).expect("a folder");
    let world = odd.join("the world.jsonl");
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.env_clear().env("COLUMNS", "100").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.arg("--project").arg(product.path()).arg("--world").arg(format!("sandbox:{}", world.display())).args(words);
        ended(command.spawn().expect("started"))
    };
    let plan = run(&["plan", "dev", "--format", "json"]);
    assert_eq!(plan.code, 0, "{plan:#?}");
    let text = run(&["plan", "dev"]).out;
    let line = text.lines().find(|line| line.contains("plan dev --save")).map(str::trim).expect("a command");
    let line = line.split("    ").next().expect("the words before what they do");
    let echoed = Command::new("sh").arg("-c").arg(line.replacen("tokaido", "printf '%s\\n'", 1)).output().expect("a shell");
    let echoed = String::from_utf8_lossy(&echoed.stdout).into_owned();
    assert!(echoed.lines().any(|word| word == format!("sandbox:{}", world.display())), "{line}: {echoed}");
}

/// Started one folder too deep, or beside a folder that is not there: what is said leads to the project, not to a second one.
#[test]
fn from_a_subfolder_the_project_is_pointed_at() {
    let product = Product::new();
    let run = |folder: &str, words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.current_dir(product.path().join(folder)).env_clear().env("TOKAIDO_WORLD", "sandbox").args(words);
        ended(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started"))
    };
    let whole = product.path().canonicalize().expect("a path");
    let deep = run("environments", &["validate"]);
    let said = format!("{}{}", deep.out, deep.err);
    assert!(deep.code == 1 && said.contains(&format!("it is in `{}`", whole.display())), "{said}");
    assert!(!said.contains("tokaido init"), "{said}");
    let nowhere = run(".", &["--project", "no-such", "validate"]);
    let said = format!("{}{}", nowhere.out, nowhere.err);
    assert!(nowhere.code == 1 && said.contains("`no-such` is none"), "{said}");
}

/// A call that does not exist never fails, and whoever rehearses would believe that the failure was survived.
#[test]
fn only_what_can_fail_can_be_made_to_fail() {
    let product = Product::new();
    let calls = ["list nope", "lst vpc", "list vpc@nara", "vpc", "", "@", "list", "caller vpc"];
    for call in calls {
        let ran = product.run(&["sandbox", "fail", call, "throttled"]);
        assert!(
            ran.code == 64 && ran.err.contains("there are") | ran.err.contains("verb") | ran.err.contains('@'),
            "{call}: {ran:#?}"
        );
    }
    for call in ["list vpc", "create kms-key@osaka", "@tokyo", "caller", "facts db-instance"] {
        product.expect(0, &["sandbox", "heal"]);
        product.expect(0, &["sandbox", "fail", call, "throttled"]);
    }
    for account in ["", "abc", "12345678901", "1234567890123"] {
        product.expect(64, &["sandbox", "account", account]);
    }
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "account", "999999999999"]);
    product.expect(5, &["plan", "dev"]);
    product.expect(0, &["sandbox", "heal"]);
    product.reads_only(0, &["plan", "dev"]);
}

/// A folder that somebody made is no release, and says so instead of being looked for.
#[test]
fn a_folder_among_the_releases_is_named() {
    let product = Product::new();
    product.expect(0, &["release", "cut"]);
    fs::create_dir(product.path().join("releases/junk")).expect("a folder");
    let ran = product.run(&["release", "cut"]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("releases/junk/") && said.contains("so it is no release"), "{said}");
    let ran = product.run(&["release", "show", "junk"]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(ran.code != 0 && said.contains("so it is no release"), "{said}");
}

/// A plan is found as it was printed, wherever the command is typed.
#[test]
fn the_path_that_was_printed_is_found_from_elsewhere() {
    let product = Product::new();
    let saved = product.expect(0, &["plan", "dev", "--save"]);
    let path = saved.err.lines().find_map(|line| line.strip_prefix("saved ")).expect("a path").to_owned();
    product.reads_only(0, &["show", &path]);
    product.expect(0, &["apply", &path, "--yes"]);
}

/// Any file can be named by mistake: only a sandbox is written to, and only a sandbox is removed.
#[test]
fn a_file_that_is_no_sandbox_is_neither_written_nor_removed() {
    let product = Product::new();
    for text in ["my only copy", "my only copy\n", "{\"entry\":\"tick\",\"at\":\"2026-11-01T00:00:00Z\"}\n"] {
        fs::write(product.world(), text).expect("written");
        for words in
            [&["plan", "dev"][..], &["sandbox", "reset"], &["sandbox", "heal"], &["apply", "dev", "--yes"], &["doctor", "dev"]]
        {
            let ran = product.run(words);
            assert!(ran.code != 0 && ran.err.contains("is no sandbox file"), "{words:?}: {ran:#?}");
            assert_eq!(fs::read_to_string(product.world()).expect("still there"), text, "{words:?}");
        }
    }
    // One that a crash cut off in its very first line is one.
    fs::write(product.world(), "{\"entry\":\"sta").expect("written");
    product.expect(0, &["sandbox", "reset"]);
    product.reads_only(0, &["plan", "dev"]);
}

/// Cases are for whoever writes the rules here, not for those that a release froze long ago.
#[cfg(feature = "policy")]
#[test]
fn cases_are_tried_on_the_rules_that_are_written_here() {
    let product = Product::new();
    for file in ["policies/few-deletions.rego", "policies/tests/few-deletions.yaml"] {
        let to = product.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(project::root().join(file), to).expect("a copy");
    }
    product.expect(0, &["release", "cut"]);
    let id = fs::read_dir(product.path().join("releases")).expect("releases").next().expect("one").expect("an entry");
    let id = id.file_name().into_string().expect("UTF-8");
    for environment in ["dev", "staging", "production"] {
        let file = product.path().join(format!("environments/{environment}.yaml"));
        let text = fs::read_to_string(&file).expect("a file");
        let (head, rest) = text.split_once("\naccount:").expect("an account");
        fs::write(&file, format!("{head}\nrelease: {id}\naccount:{rest}")).expect("written");
    }
    product.expect(0, &["policy", "test"]);
    let rule = product.path().join("policies/few-deletions.rego");
    let text = fs::read_to_string(&rule).expect("a rule");
    fs::write(&rule, text.replace(" if {", " if {\n\tfalse\n")).expect("written");
    let ran = product.run(&["policy", "test"]);
    assert_eq!(ran.code, 1, "a rule that is broken here: {ran:#?}");
}

/// An emergency is read by a second person: what nobody sees is no reason.
#[test]
fn a_reason_that_nobody_can_read_is_none() {
    let product = Product::new();
    for reason in ["\u{200b}".repeat(12), "…………………………".to_owned(), format!("an outage{}", '\u{202e}'), "—".repeat(30)]
    {
        let ran = product.run(&["apply", "production", "--yes", "--emergency", &reason]);
        assert!(ran.code == 5 && ran.err.contains("an emergency needs a reason"), "{reason:?}: {ran:#?}");
    }
}

/// A damaged record of dev is dev's trouble: production is shown, and its emergency can be reviewed.
#[test]
fn damaged_records_of_one_environment_do_not_hide_another() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    product.expect(0, &apply("dev"));
    let ran = product.expect(0, &[&apply("production")[..], &["--author", "alice@example.com"]].concat());
    let id = ran.err.rsplit("emergency ").next().and_then(|rest| rest.split(' ').next()).expect("an id").to_owned();
    let store = format!("{}.store/dev", product.world().display());
    fs::write(format!("{store}/00000002.json"), "{").expect("written");
    let status = product.run(&["status"]);
    assert_eq!(status.code, 1, "{status:#?}");
    assert!(status.err.contains("dev is unknown") && status.out.contains("production"), "{status:#?}");
    assert!(!status.out.contains("dev"), "nothing is said of dev: {status:#?}");
    let review = product.run(&["review", &id, "--key", &keys.file("bob"), "--yes"]);
    assert_eq!(review.code, 0, "{review:#?}");
    let nobody = product.run(&["review", "0123456789ab", "--key", &keys.file("bob"), "--yes"]);
    assert!(nobody.code == 1 && nobody.err.contains("00000002.json"), "it may be dev's: {nobody:#?}");
}

/// What tokaido keeps stays in the project, and is its owner's alone.
#[test]
fn what_is_kept_leads_nowhere_else() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let outside = tempfile::tempdir().expect("a folder");
    for link in [
        "",
        "cache",
        "aws",
        "aws/store",
        "aws/store/dev",
        "sandbox",
        "sandbox/store",
        "sandbox/world.jsonl",
        "cache/checked-policies",
    ] {
        for target in [outside.path().join("kept"), outside.path().join("nothing")] {
            let product = Product::new();
            let kept = outside.path().join("kept");
            fs::create_dir_all(&kept).expect("a folder");
            let at = product.path().join(".tokaido").join(link);
            fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
            let _ = fs::remove_dir_all(&at);
            symlink(&target, product.path().join(".tokaido").join(link).components().as_path()).expect("a link");
            for words in [&["validate"][..], &["plan", "dev"], &["sandbox", "list"], &["status"]] {
                let ran = product.expect(1, words);
                assert!(ran.err.contains("leads out of the project") && ran.err.contains("nothing was done"), "{link}: {ran:#?}");
                assert_eq!(ran.out, "", "{link}");
            }
            assert_eq!(fs::read_dir(&kept).expect("a folder").count(), 0, "{link}");
            assert!(!outside.path().join("nothing").exists(), "{link}");
        }
    }
    // A link within the project is the project's own.
    let product = Product::new();
    fs::create_dir(product.path().join("kept")).expect("a folder");
    let _ = fs::remove_dir_all(product.path().join(".tokaido"));
    symlink(product.path().join("kept"), product.path().join(".tokaido")).expect("a link");
    product.expect(0, &["validate"]);
    for path in [product.path().join("kept/cache"), product.path().join("kept/cache/checked-policies")] {
        let Ok(there) = fs::metadata(&path) else { continue };
        assert_eq!(there.permissions().mode() & 0o077, 0, "{path:?}");
    }
}
