//! Killed at any moment, interrupted from the keyboard: the next run needs no human.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokaido::model::Environment;
use tokaido::sim::Log;

use crate::support::binary::{Product, apply, ended};
use crate::support::lab::START;
use crate::support::{project, soak};

/// The ids of everything in the world but what AWS made by itself.
pub(super) fn ids(product: &Product) -> Vec<String> {
    let log = Log::open(&product.world(), START.parse().expect("a time")).expect("a whole file");
    let rows = log.rows().expect("rows").into_iter().filter(|row| row.made_with.is_none());
    let mut ids: Vec<String> = rows.map(|row| row.id.expect("only ours").to_string()).collect();
    ids.sort();
    ids
}

pub(super) fn declared(product: &Product) -> Vec<String> {
    let desired = project::load(product.path(), Environment::Production);
    let mut ids: Vec<String> = desired.resources.keys().map(ToString::to_string).collect();
    ids.sort();
    ids
}

#[test]
fn killed_at_any_moment_the_next_run_converges() {
    trials(0..10);
}

#[test]
fn killed_again_the_next_run_converges() {
    trials(10..20);
}

#[test]
fn killed_once_more_the_next_run_converges() {
    trials(20..30);
}

/// Three kills into one environment, at times spread over the whole run; then one run must finish alone. (Three tests,
/// because they wait for disks and not for processors.)
fn trials(range: std::ops::Range<u64>) {
    let mut killed = 0;
    let trials: Vec<u64> = soak::some(range).collect();
    let enough = trials.len();
    for trial in trials {
        let product = Product::new();
        let waits = (0..3).map(|attempt| Duration::from_micros(3_000 + (trial * 7_919 + attempt * 104_729) % 160_000));
        for wait in waits {
            let mut child = product.command(&apply("production")).spawn().expect("started");
            std::thread::sleep(wait);
            // SIGKILL; an error means that it had ended already.
            let _ = child.kill();
            killed += usize::from(ended(child).code == -1);
        }
        let finished = product.run(&apply("production"));
        assert_eq!(finished.code, 0, "trial {trial}: {finished:#?}");
        assert_eq!(ids(&product), declared(&product), "trial {trial}");
        product.reads_only(0, &["plan", "production", "--detailed-exitcode"]);
        product.reads_only(0, &["drift", "production"]);
    }
    assert!(killed >= enough, "only {killed} kills met a running apply");
}

/// Asked to stop once, from the keyboard or by whoever started it: the calls in flight end, the rest is skipped, the
/// report is whole.
#[test]
fn asked_to_stop_it_ends_with_a_whole_report() {
    for name in ["INT", "TERM", "HUP"] {
        let product = Product::new();
        let mut interrupted = 0;
        // A run takes less time than a busy machine needs to wake whoever sends the signal: most tries there are too late.
        for _ in 0..30 {
            product.expect(0, &["sandbox", "reset", "--at", START]);
            let child =
                heard(product.command(&[&apply("production")[..], &["--format", "json"]].concat())).spawn().expect("started");
            let (code, out) = stopped(child, name);
            // The last line of the run can be faster than a signal.
            if code == Some(0) {
                continue;
            }
            assert_eq!(code, Some(6), "{name}: {out}");
            interrupted += 1;
            let report: serde_json::Value = serde_json::from_str(&out).expect("the report is one document");
            assert_eq!(report["interrupted"], true);
            let steps = report["steps"].as_array().expect("steps");
            assert_eq!(steps.len(), declared(&product).len(), "every step of the plan is reported");
            let skipped = steps.iter().filter(|step| step["outcome"] == "skipped").count();
            assert!(skipped > 0, "{out}");
            product.expect(0, &apply("production"));
            assert_eq!(ids(&product), declared(&product));
            break;
        }
        assert!(interrupted > 0, "no {name} was fast enough");
    }
}

/// With every signal as a terminal has it: whoever runs these tests may do so under `nohup`, which is inherited.
fn heard(command: Command) -> Command {
    if !cfg!(target_os = "linux") {
        return command;
    }
    let mut plain = Command::new("env");
    plain.arg("--default-signal").arg(command.get_program()).args(command.get_args());
    plain.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    plain
}

/// `nohup` and its like say that a hangup does not matter.
#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_on_purpose_stays_ignored() {
    let product = Product::new();
    let plain = product.command(&[&apply("production")[..], &["--format", "json"]].concat());
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]).arg(plain.get_program()).args(plain.get_args());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (code, out) = stopped(command.spawn().expect("started"), "HUP");
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(ids(&product), declared(&product));
}

/// Sends the signal after the first step has ended, and waits for the end.
fn stopped(mut child: Child, signal_name: &str) -> (Option<i32>, String) {
    let said = after_first_step(&mut child);
    signal(&child, signal_name);
    let mut out = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
    let code = child.wait().expect("a child").code();
    let _ = said.join();
    (code, out)
}

/// Waits for the first step to end; the rest of what it says is read on, so that it never blocks.
fn after_first_step(child: &mut Child) -> std::thread::JoinHandle<()> {
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.contains("step-ended") {
            break;
        }
    }
    std::thread::spawn(move || lines.for_each(drop))
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.is_ok_and(|status| status.success()), "kill is a command of every Unix");
}
