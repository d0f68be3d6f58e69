//! One load and one plan in a process of its own, so that its peak of memory is theirs alone. The live world comes from a
//! file, line by line, as it comes from AWS page by page; making it is the work of another process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tokaido::kinds;
use tokaido::model::{Live, RecordedState, Region};
use tokaido::plan;
use tokaido::policy::{self, Question};

use super::measure::{Figures, MEBIBYTE, Spent, median, peak, progress, timed};
use super::{converged, estate, pure};

/// First words of the command lines of children.
pub const WORLD: &str = "write-world";
pub const PLAN: &str = "load-and-plan";

/// What is compared between sizes.
pub const RATIOS: [&str; 7] = ["load", "plan", "plan-classify", "plan-decide", "plan-lint", "policies", "peak"];

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
    say("load", spent);
    let schemas = kinds::schemas();
    let recorded: Option<RecordedState> = remembers.then(|| {
        let file = BufReader::new(File::open(records(world)).expect("records"));
        serde_json::from_reader(file).expect("what an apply recorded")
    });
    let answers = converged::answers(read_world(world));
    let (observed, spent) = timed(|| pure::observe(&desired, &schemas, answers));
    say("plan-classify", spent);
    let input = pure::input(&desired, &observed, recorded.as_ref(), &schemas);
    let (body, spent) = timed(|| plan::plan(&input));
    say("plan-decide", spent);
    let (distrust, spent) = timed(|| pure::distrust(&input, &body));
    say("plan-lint", spent);
    println!("peak {}", peak().expect("/proc/self/status"));
    pure::assert_converged(&desired, &body, &distrust);
    let (verdicts, spent) = timed(|| {
        let (policies, _) = policy::compile(&desired.policies);
        let planned = plan::after(&input, &body.changes);
        policy::judge(&policies, &Question { body: &body, desired: &desired, live: &observed, planned: &planned })
    });
    let verdicts = verdicts.unwrap_or_else(|error| panic!("{error}"));
    assert!(!verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.broken.is_empty()), "{verdicts:?}");
    say("policies", spent);
    println!("peak-policies {}", peak().expect("/proc/self/status"));
    println!("resources {}", desired.resources.len());
    let last = estate::name(estate::tenants(desired.resources.len()) - 1);
    let database = pure::database_of(&desired, &last);
    pure::assert_sees(&desired, observed, recorded.as_ref(), &database);
}

const fn runs(size: usize) -> usize {
    match size {
        0..=1_000 => 9,
        1_001..=10_000 => 5,
        _ => 1,
    }
}

/// Measures at one size, each run in a child of its own.
///
/// # Panics
/// When a child fails.
pub fn measure(size: usize, figures: &mut Figures) {
    let folder = TempDir::new().expect("a folder");
    let (project, world) = (folder.path().join("project"), folder.path().join("world.jsonl"));
    estate::write(&project, estate::tenants(size)).expect("an estate");
    progress(&format!("a converged world of {size}"));
    child(&[WORLD, &project.display().to_string(), &world.display().to_string()]).expect("a world");
    let runs = runs(size);
    progress(&format!("load and plan of {size}, {runs} times"));
    let arguments = [PLAN, &project.display().to_string(), &world.display().to_string()];
    let told: Vec<_> = (0..runs).map(|_| child(&arguments).expect("a plan")).collect();
    let of = |name: &str, column: usize| median(told.iter().map(|told| told[name][column]));
    figures.say(format!("resources/{size}"), of("resources", 0), "resources");
    figures.say(format!("load/{size}"), of("load", 0), "cpu-s");
    figures.say(format!("load-wall/{size}"), of("load", 1), "s");
    const STEPS: [&str; 3] = ["plan-classify", "plan-decide", "plan-lint"];
    let whole = |column: usize| median(told.iter().map(|told| STEPS.iter().map(|step| told[*step][column]).sum()));
    figures.say(format!("plan/{size}"), whole(0), "cpu-s");
    figures.say(format!("plan-wall/{size}"), whole(1), "s");
    for step in STEPS {
        figures.say(format!("{step}/{size}"), of(step, 0), "cpu-s");
    }
    figures.say(format!("peak/{size}"), of("peak", 0) / MEBIBYTE, "MiB");
    figures.say(format!("policies/{size}"), of("policies", 0), "cpu-s");
    figures.say(format!("peak-policies/{size}"), of("peak-policies", 0) / MEBIBYTE, "MiB");
    let remembering = child(&[&arguments[..], &["recorded"]].concat()).expect("a plan");
    figures.say(format!("peak-recorded/{size}"), remembering["peak"][0] / MEBIBYTE, "MiB");
}

/// This program again, with another task: what it printed, by the first word of each line.
fn child(arguments: &[&str]) -> io::Result<BTreeMap<String, Vec<f64>>> {
    let output = Command::new(std::env::current_exe()?).args(arguments).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let (name, values) = line.split_once(' ')?;
        Some((name.to_owned(), values.split(' ').filter_map(|value| value.parse().ok()).collect()))
    };
    Ok(text.lines().filter_map(line).collect())
}
