//! What a command did, for whoever has to find out later: `--log`, `TOKAIDO_LOG`, `-v`, `-q`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::binary::{Product, Ran, apply, ran};

/// The lines of a log; each is an object.
fn lines(log: &Path) -> Vec<Value> {
    let text = fs::read_to_string(log).expect("a log");
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    lines.inspect(|line: &Value| assert!(line.is_object(), "{line}")).collect()
}

fn of<'a>(lines: &'a [Value], target: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["target"] == target).collect()
}

/// A log beside the project, so that the project's files stay comparable.
struct Logged {
    product: Product,
    folder: tempfile::TempDir,
}

impl Logged {
    fn new() -> Self {
        Self { product: Product::new(), folder: tempfile::tempdir().expect("a folder") }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("commands.jsonl")
    }

    fn run(&self, code: i32, words: &[&str]) -> Ran {
        let log = self.log().display().to_string();
        self.product.expect(code, &[words, &["--log", &log]].concat())
    }
}

/// `calls in all: 12; mutating calls: 0`
fn calls(ran: &Ran) -> usize {
    let rest = ran.err.split_once("calls in all: ").unwrap_or_else(|| panic!("{ran:#?}")).1;
    rest.split(';').next().expect("a number").parse().expect("a number")
}

#[test]
fn a_log_begins_with_the_command_ends_with_its_exit_code_and_has_every_call() {
    let logged = Logged::new();
    let ran = logged.run(2, &["plan", "production", "--detailed-exitcode", "--stats"]);
    let lines = lines(&logged.log());
    let first = lines.first().expect("a line");
    assert_eq!((&first["target"], &first["message"]), (&"tokaido::command".into(), &"begin".into()));
    assert_eq!((&first["command"], &first["version"]), (&"plan".into(), &env!("CARGO_PKG_VERSION").into()));
    assert!(first["world"].as_str().is_some_and(|world| world.starts_with("sandbox:")), "{first}");
    let last = lines.last().expect("a line");
    assert_eq!((&last["target"], &last["message"], &last["exit"]), (&"tokaido::command".into(), &"end".into(), &2.into()));
    let called = of(&lines, "tokaido::call");
    assert_eq!(called.len(), calls(&ran), "one line for each call that is counted");
    assert!(called.len() > 10, "{}", called.len());
    for call in called {
        assert!(call["operation"].as_str().is_some_and(|operation| operation.starts_with("sim:")), "{call}");
        assert_eq!((&call["answer"], &call["attempt"]), (&"ok".into(), &1.into()), "{call}");
        assert!(call["took_ms"].is_u64() && call["region"].is_string() && call["request_id"].is_string(), "{call}");
        assert!(call["timestamp"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()), "{call}");
    }
}

#[test]
fn a_refused_call_has_its_class_and_its_code() {
    let logged = Logged::new();
    logged.product.expect(0, &["sandbox", "fail", "list kms-key@osaka", "access-denied"]);
    logged.run(8, &["plan", "production"]);
    let lines = lines(&logged.log());
    let refused = of(&lines, "tokaido::refused");
    assert!(!refused.is_empty());
    for line in refused {
        assert_eq!(line["class"], "access-denied", "{line}");
        assert!(line["code"].as_str().is_some_and(|code| !code.is_empty()), "{line}");
        assert_eq!(line["changed"], "No", "{line}");
    }
    assert!(of(&lines, "tokaido::call").iter().any(|call| call["answer"] == "error"));
}

#[test]
fn an_apply_logs_its_steps_and_its_lease_and_appends_to_what_is_there() {
    let logged = Logged::new();
    logged.run(0, &["plan", "dev"]);
    let before = fs::read(logged.log()).expect("a log");
    let applied = logged.run(0, &[&apply("dev")[..], &["--stats"]].concat());
    let after = fs::read(logged.log()).expect("a log");
    assert!(after.len() > before.len() && after.starts_with(&before), "what was there stays");
    assert_eq!(fs::metadata(logged.log()).expect("a log").permissions().mode() & 0o777, 0o600);
    let lines = lines(&logged.log());
    let begins = lines.iter().filter(|line| line["message"] == "begin").map(|line| line["command"].clone());
    assert_eq!(begins.collect::<Vec<_>>(), ["plan", "apply"]);
    let own = lines.iter().rposition(|line| line["message"] == "begin").expect("a line");
    assert_eq!(of(&lines[own..], "tokaido::call").len(), calls(&applied), "one line for each call that is counted");
    let steps = of(&lines, "tokaido::step");
    let count = |message: &str| steps.iter().filter(|step| step["message"] == message).count();
    assert_eq!(count("step begins"), count("step ends"));
    assert!(count("step ends") > 10, "{}", count("step ends"));
    for step in steps {
        assert!(step["id"].is_string() && step["operation"].is_string() && step["step"].is_u64(), "{step}");
        assert!(step["message"] == "step begins" || step["outcome"] == "done", "{step}");
    }
    let lease: Vec<_> = of(&lines, "tokaido::lease").iter().map(|line| line["event"].clone()).collect();
    assert_eq!((lease.first(), lease.last()), (Some(&"taken".into()), Some(&"given back".into())), "{lease:?}");
}

#[test]
fn a_log_that_cannot_be_opened_ends_the_command_before_it_begins() {
    let product = Product::new();
    let folder = product.path().display().to_string();
    let before = product.bytes();
    let ran = product.expect(1, &["plan", "dev", "--save", "--log", &folder]);
    assert!(ran.err.contains("cannot be opened") && ran.err.contains("nothing was done"), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert_eq!(before, product.bytes());
}

#[test]
fn a_log_that_cannot_be_written_changes_no_exit_code_and_no_result() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let product = Product::new();
    let plain = product.expect(3, &["drift", "dev"]);
    let ran = product.expect(3, &["drift", "dev", "--log", "/dev/full"]);
    assert_eq!(ran.out, plain.out);
    assert_eq!(ran.err.matches("the log could not be written").count(), 1, "{}", ran.err);
}

#[test]
fn nothing_secret_and_no_reason_is_in_a_log() {
    let logged = Logged::new();
    let secret = |command: &mut std::process::Command| {
        command
            .env("AWS_ACCESS_KEY_ID", "AKIAKEEPTHISOUT")
            .env("AWS_SECRET_ACCESS_KEY", "keep-this-key-out")
            .env("AWS_SESSION_TOKEN", "keep-this-token-out")
            .env("TOKAIDO_LOG", logged.log());
    };
    let release = logged.product.expect(0, &["release", "cut", "2026.11.0"]);
    assert!(release.out.contains("2026.11.0"));
    for (code, words) in [
        (0, &["apply", "dev", "--yes", "--emergency", "keep this reason out of it"][..]),
        (0, &["apply", "production", "--yes", "--emergency", "keep this reason out of it"]),
        (5, &["promote", "2026.11.0", "--to", "staging", "--back", "--reason", "keep this reason out of it"]),
    ] {
        let mut command = logged.product.command(words);
        secret(&mut command);
        let ran = ran(command);
        assert_eq!(ran.code, code, "{words:?}: {ran:#?}");
    }
    let text = fs::read_to_string(logged.log()).expect("a log");
    assert_eq!(lines(&logged.log()).iter().filter(|line| line["message"] == "end").count(), 3, "TOKAIDO_LOG is heard");
    for secret in ["AKIAKEEPTHISOUT", "keep-this-key-out", "keep-this-token-out", "keep this reason"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn verbose_speaks_on_standard_error_alone_and_quiet_only_of_results_and_problems() {
    let logged = Logged::new();
    let (product, words) = (&logged.product, ["drift", "dev", "--format", "json"]);
    let plain = product.expect(3, &words);
    let verbose = product.expect(3, &[&words[..], &["-v", "--stats"]].concat());
    let shown = verbose.err.lines().filter(|line| line.trim_start().starts_with("call ") || line.contains("sim:list ")).count();
    assert!(shown >= calls(&verbose) && shown > 10, "{shown}: {}", verbose.err);
    let quiet = product.expect(3, &[&words[..], &["-q"]].concat());
    assert_eq!(quiet.err, "");
    let logging = logged.run(3, &words);
    for other in [&verbose, &quiet, &logging] {
        assert_eq!(other.out, plain.out, "the document is the same");
    }
    let problem = product.expect(1, &["explain", "no-such-word", "-q"]);
    assert!(problem.err.starts_with("tokaido: nothing is called"), "{}", problem.err);
    let both = product.expect(64, &["drift", "dev", "-q", "-v"]);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
}

#[test]
fn twice_verbose_also_shows_the_lease_and_the_steps() {
    let product = Product::new();
    let once = product.expect(0, &[&apply("dev")[..], &["-v"]].concat());
    let product = Product::new();
    let twice = product.expect(0, &[&apply("dev")[..], &["-vv"]].concat());
    assert!(!once.err.contains("given back") && twice.err.contains("given back"), "{}", twice.err);
    assert!(!once.err.contains("step ends") && twice.err.contains("step ends"), "{}", twice.err);
}

#[test]
fn a_line_that_was_cut_off_spoils_no_other_line() {
    let logged = Logged::new();
    fs::write(logged.log(), "{\"cut\":").expect("a log");
    logged.run(0, &["validate"]);
    let text = fs::read_to_string(logged.log()).expect("a log");
    let (cut, rest) = text.split_once('\n').expect("lines");
    assert_eq!(cut, "{\"cut\":");
    assert!(rest.lines().count() >= 2, "{text}");
    assert!(rest.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{text}");
}

#[test]
fn a_pipe_is_no_log() {
    let logged = Logged::new();
    assert!(std::process::Command::new("mkfifo").arg(logged.log()).status().expect("mkfifo").success());
    let ran = logged.run(1, &["validate"]);
    assert!(ran.err.contains("it is a pipe") && ran.out.is_empty(), "{ran:#?}");
}

#[test]
fn quiet_keeps_where_a_plan_was_saved_and_what_was_asked_for() {
    let product = Product::new();
    let ran = product.expect(0, &["plan", "dev", "--save", "--stats", "-q"]);
    assert!(ran.err.contains("saved ") && ran.err.contains("plans/dev/"), "{ran:#?}");
    assert!(ran.err.contains("calls in all: "), "{ran:#?}");
}
