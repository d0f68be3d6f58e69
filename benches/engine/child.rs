//! One load and one plan in a process of its own, so that its peak of memory is theirs alone. The live world comes from a
//! file, line by line, as it comes from AWS page by page; making it is the work of another process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tokaido::kinds;
use tokaido::model::{Live, RecordedState, Region};
use tokaido::plan::{self, Listed};
use tokaido::policy::{self, PolicyInput};

use super::measure::{Figures, MEBIBYTE, Spent, median, peak, progress, timed};
use super::{converged, estate, pure};

/// First words of the command lines of children.
pub const WORLD: &str = "write-world";
pub const PLAN: &str = "load-and-plan";

/// What is compared between sizes.
/// Checking an empty body takes too little to be divided.
pub const RATIOS: [&str; 7] = ["load", "load-peak", "plan", "plan-classify", "plan-decide", "policies", "peak"];

/// Live resources, one a line, and beside them what was recorded of their apply.
///
/// # Panics
/// When a file cannot be read or written.
pub fn write_world(project: &Path, out: &Path) {
    let desired = pure::load(project);
    let mut file = BufWriter::new(File::create(out).expect("a file"));
    for line in converged::world(&desired) {
        serde_json::to_writer(&mut file, &line).expect("plain data");
        file.write_all(b"\n").expect("a line");
    }
    file.flush().expect("a file");
    let file = File::create(records(out)).expect("a file");
    serde_json::to_writer(BufWriter::new(file), &converged::recorded(&desired)).expect("plain data");
}

fn records(world: &Path) -> PathBuf {
    world.with_extension("recorded")
}

fn read_world(file: &Path) -> impl Iterator<Item = (String, Region, Live)> {
    let lines = BufReader::new(File::open(file).expect("a world")).lines();
    lines.map(|line| serde_json::from_str(&line.expect("a line")).expect("a live resource"))
}

/// Loads and plans once and says what each step took.
///
/// # Panics
/// When the plan is not the right one.
#[expect(clippy::print_stdout, reason = "what a child tells its parent")]
pub fn plan(project: &Path, world: &Path, remembers: bool) {
    let say = |name: &str, spent: Spent| println!("{name} {} {}", spent.cpu, spent.wall);
    let (desired, spent) = timed(|| pure::load(project));
    println!("resources {}", desired.resources.len());
    say("load", spent);
    println!("load-peak {}", peak().expect("/proc/self/status"));
    let schemas = kinds::schemas();
    let recorded: Option<RecordedState> = remembers.then(|| {
        let file = BufReader::new(File::open(records(world)).expect("records"));
        serde_json::from_reader(file).expect("what an apply recorded")
    });
    let mut classify = Spent::default();
    let answers = converged::answers(read_world(world), |kind, listing| {
        let (listed, spent) = timed(|| Listed::of(&desired, kind.schema, listing));
        classify += spent;
        listed
    });
    let (observed, spent) = timed(|| pure::observe(&desired, &schemas, answers));
    classify += spent;
    say("plan-classify", classify);
    let input = pure::input(&desired, &observed, recorded.as_ref(), &schemas);
    let (body, spent) = timed(|| plan::plan(&input));
    say("plan-decide", spent);
    let (distrust, spent) = timed(|| pure::distrust(&input, &body));
    say("plan-lint", spent);
    println!("peak {}", peak().expect("/proc/self/status"));
    pure::assert_converged(&desired, &body, &distrust);
    let (verdicts, spent) = timed(|| {
        let planned = plan::after(&input, &body.changes);
        policy::judge(&PolicyInput { body: &body, desired: &desired, live: &observed, planned: &planned })
    });
    let verdicts = verdicts.unwrap_or_else(|error| panic!("{error}"));
    assert!(!verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.broken.is_empty()), "{verdicts:?}");
    say("policies", spent);
    println!("peak-policies {}", peak().expect("/proc/self/status"));
    let last = estate::name(estate::tenants(desired.resources.len()) - 1);
    let database = pure::database_of(&desired, &last);
    pure::assert_sees(&desired, observed, recorded.as_ref(), &database);
}

/// What lies between the last listing and the body.
const STEPS: [&str; 3] = ["plan-classify", "plan-decide", "plan-lint"];

const fn runs(size: usize) -> usize {
    match size {
        0..=10_000 => 9,
        _ => 3,
    }
}

/// Measures at one size, each run in a child of its own. What a child could not finish has no figure.
///
/// # Panics
/// When a child answers wrongly.
pub fn measure(size: usize, figures: &mut Figures) {
    let folder = TempDir::new().expect("a folder");
    let (project, world) = (folder.path().join("project"), folder.path().join("world.jsonl"));
    estate::write(&project, estate::tenants(size)).expect("an estate");
    progress(&format!("a converged world of {size}"));
    let (project, world) = (project.display().to_string(), world.display().to_string());
    child(&[WORLD, &project, &world]);
    let runs = runs(size);
    progress(&format!("load and plan of {size}, {runs} times"));
    let told: Vec<_> = (0..runs).map(|_| child(&[PLAN, &project, &world])).collect();
    let mut say = |name: &str, unit: &str, of: &dyn Fn(&Told) -> Option<f64>| {
        if let Some(values) = told.iter().map(of).collect::<Option<Vec<f64>>>() {
            figures.say(format!("{name}/{size}"), median(values), unit);
        }
    };
    let sum = |told: &Told, column: usize| STEPS.iter().map(|step| value(told, step, column)).sum();
    say("resources", "resources", &|told| value(told, "resources", 0));
    say("load", "cpu-s", &|told| value(told, "load", 0));
    say("load-wall", "s", &|told| value(told, "load", 1));
    say("load-peak", "MiB", &|told| Some(value(told, "load-peak", 0)? / MEBIBYTE));
    say("plan", "cpu-s", &|told| sum(told, 0));
    say("plan-wall", "s", &|told| sum(told, 1));
    for step in STEPS {
        say(step, "cpu-s", &|told| value(told, step, 0));
    }
    say("peak", "MiB", &|told| Some(value(told, "peak", 0)? / MEBIBYTE));
    say("policies", "cpu-s", &|told| value(told, "policies", 0));
    say("peak-policies", "MiB", &|told| Some(value(told, "peak-policies", 0)? / MEBIBYTE));
    // Of a run that could not be finished nothing more is learned with more to hold.
    if told.iter().all(|told| told.contains_key("peak")) {
        let remembering = child(&[PLAN, &project, &world, "recorded"]);
        if let Some(bytes) = value(&remembering, "peak", 0) {
            figures.say(format!("peak-recorded/{size}"), bytes / MEBIBYTE, "MiB");
        }
    }
}

/// What a child said, by the first word of each line.
type Told = BTreeMap<String, Vec<f64>>;

fn value(told: &Told, name: &str, column: usize) -> Option<f64> {
    told.get(name)?.get(column).copied()
}

/// More than twenty times what the largest estate may need: a step that needs more must not take the machine with it.
const MOST_KIBIBYTES: u64 = 6 * 1024 * 1024;
/// Processor seconds.
const MOST_SECONDS: u64 = 60;

/// This program again, with another task and within limits. One that reaches them is told of, and what it said before counts.
fn child(arguments: &[&str]) -> Told {
    let limits = format!("ulimit -v {MOST_KIBIBYTES}; ulimit -t {MOST_SECONDS}; exec \"$0\" \"$@\"");
    let program = std::env::current_exe().expect("this program");
    let output = Command::new("sh").args(["-c", &limits]).arg(program).args(arguments).output().expect("a child");
    let said = String::from_utf8_lossy(&output.stderr);
    let stopped = output.status.signal().is_some_and(|signal| OUT_OF_TIME.contains(&signal)) || said.contains(NO_MEMORY);
    assert!(output.status.success() || stopped, "{}: {}: {said}", arguments.join(" "), output.status);
    if stopped {
        progress(&format!(
            "stopped at {MOST_SECONDS} processor seconds or {MOST_KIBIBYTES} KiB: what it did not finish has no figure"
        ));
    }
    let line = |line: &str| {
        let (name, values) = line.split_once(' ')?;
        Some((name.to_owned(), values.split(' ').filter_map(|value| value.parse().ok()).collect()))
    };
    String::from_utf8_lossy(&output.stdout).lines().filter_map(line).collect()
}

/// How Linux ends a process that has had its processor seconds: SIGXCPU, then SIGKILL.
const OUT_OF_TIME: [i32; 2] = [24, 9];

/// How Rust says that there is no memory left.
const NO_MEMORY: &str = "memory allocation of";
