//! `make bench-wire`: how long `tokaido plan dev` takes beside a program that makes the same calls with the bare SDK.
//!
//! ```text
//! server.rs   AWS as recorded in exchanges.jsonl; answers after 30 ms, counts
//! bare.rs     the same calls, where one needs the answer of another in the same order, and nothing else
//! main.rs     runs both in turn as whole processes, compares what they asked, prints `bench NAME VALUE UNIT`
//! ```
//!
//! Fails when the plan has anything to do, when a call was not recorded, when the two asked for different things, or when the
//! product had more calls in flight than the bare program may. `-- trace` prints when each call of one run began and ended.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bare;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use server::{Asked, Server};

/// Runs of each program that count; one before them does not.
const RUNS: u32 = 9;

type Wrong = Box<dyn std::error::Error>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Product,
    Bare,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Bare => "bare",
        }
    }
}

/// One run of one program.
struct Run {
    wall: Duration,
    /// User and system time; `None` where /proc does not tell.
    cpu: Option<Duration>,
    asked: Asked,
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let outcome = if words.iter().any(|word| word == bare::WORD) {
        bare::main()
    } else {
        benchmark(words.iter().any(|word| word == "trace"))
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            println!("bench wire failed: {wrong}");
            ExitCode::FAILURE
        }
    }
}

fn benchmark(trace: bool) -> Result<(), Wrong> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build()?;
    let bench = Bench::new(runtime.block_on(Server::start())?)?;
    let warm = bench.run(Program::Product)?;
    println!("bench wire/calls/first-plan {} calls", warm.asked.calls.len());
    bench.run(Program::Bare)?;
    let (mut product, mut bare) = (Vec::new(), Vec::new());
    for round in 0..RUNS {
        // In turn, and each as often first: what the machine does meanwhile strikes both.
        let order = if round % 2 == 0 { [Program::Product, Program::Bare] } else { [Program::Bare, Program::Product] };
        for program in order {
            let runs = if program == Program::Product { &mut product } else { &mut bare };
            runs.push(bench.run(program)?);
        }
        if let (Some(product), Some(bare)) = (product.last(), bare.last()) {
            same(&product.asked, &bare.asked)?;
        }
    }
    if trace {
        for (program, runs) in [(Program::Product, &product), (Program::Bare, &bare)] {
            if let Some(run) = runs.last() {
                traced(program, &run.asked);
            }
        }
    }
    let walls = [(Program::Product, &product), (Program::Bare, &bare)].map(|(program, runs)| report(program, runs));
    println!("bench wire/ratio {:.2} x", walls[0].as_secs_f64() / walls[1].as_secs_f64());
    Ok(())
}

/// Prints the figures of one program, and answers with the median of its times.
fn report(program: Program, runs: &[Run]) -> Duration {
    let name = program.name();
    let mut walls: Vec<Duration> = runs.iter().map(|run| run.wall).collect();
    walls.sort_unstable();
    let median = walls[walls.len() / 2];
    let most = |of: fn(&Asked) -> usize| runs.iter().map(|run| of(&run.asked)).max().unwrap_or(0);
    println!("bench wire/calls/{name} {} calls", most(|asked| asked.calls.len()));
    println!("bench wire/in-flight/{name} {} calls", most(Asked::in_flight));
    println!("bench wire/connections/{name} {} connections", most(|asked| asked.connections));
    if let Some(cpu) = runs.iter().map(|run| run.cpu).sum::<Option<Duration>>() {
        println!("bench wire/cpu/{name} {:.0} ms", (cpu / RUNS).as_secs_f64() * 1e3);
    }
    println!("bench wire/wall/{name} {:.0} ms", median.as_secs_f64() * 1e3);
    median
}

/// Both asked for the same things equally often, and for nothing that was not recorded.
fn same(product: &Asked, bare: &Asked) -> Result<(), Wrong> {
    let (ours, theirs) = (product.counts(), bare.counts());
    let requests: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    let count = |counts: &BTreeMap<&str, usize>, request: &str| counts.get(request).copied().unwrap_or(0);
    let different: Vec<String> = requests
        .into_iter()
        .filter(|request| count(&ours, request) != count(&theirs, request))
        .map(|request| format!("\n  product {}, bare {}: {request}", count(&ours, request), count(&theirs, request)))
        .collect();
    if !different.is_empty() {
        return Err(format!("the two did not ask for the same:{}", different.concat()).into());
    }
    if product.in_flight() > bare::AT_ONCE {
        return Err(format!(
            "the product had {} calls in flight, and the bare program may have {}",
            product.in_flight(),
            bare::AT_ONCE
        )
        .into());
    }
    Ok(())
}

fn traced(program: Program, asked: &Asked) {
    let Some(first) = asked.calls.iter().map(|call| call.began).min() else { return };
    let mut calls: Vec<_> = asked.calls.iter().collect();
    calls.sort_by_key(|call| call.began);
    for call in calls {
        let at = |moment: Instant| (moment - first).as_millis();
        let request: String = call.request.chars().take(120).collect();
        println!("trace {} {:>4} {:>4} {request}", program.name(), at(call.began), at(call.ended));
    }
}

/// A project of its own with the sample's files, and the server.
struct Bench {
    server: Server,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(server: Server) -> io::Result<Self> {
        let (root, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")), tempfile::tempdir()?);
        for part in ["environments", "policies"] {
            copy(&root.join(part), &folder.path().join(part))?;
        }
        Ok(Self { server, folder })
    }

    /// The whole process, from its start to its end.
    fn run(&self, program: Program) -> Result<Run, Wrong> {
        let mut command = match program {
            Program::Product => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
                command.args(["plan", "dev", "--detailed-exitcode"]);
                command
            }
            Program::Bare => {
                let mut command = Command::new(env::current_exe()?);
                command.arg(bare::WORD);
                command
            }
        };
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("AWS_ACCESS_KEY_ID", "replay")
            .env("AWS_SECRET_ACCESS_KEY", "replay")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &self.server.url);
        let (used, begun) = (children(), Instant::now());
        let output = command.output()?;
        let wall = begun.elapsed();
        let cpu = children().zip(used).map(|(after, before)| after - before);
        let asked = self.server.take();
        if let Some(call) = asked.calls.iter().find(|call| !call.recorded) {
            return Err(format!(
                "{} asked for what was not recorded (`make bench-wire-record` records anew): {}",
                program.name(),
                call.request
            )
            .into());
        }
        judge(program, &output)?;
        Ok(Run { wall, cpu, asked })
    }
}

/// The product must have made the plan of a world that is as declared; the bare program must have had all its answers.
fn judge(program: Program, output: &Output) -> Result<(), Wrong> {
    let text = String::from_utf8_lossy(&output.stdout);
    let empty = program == Program::Bare || text.contains("nothing to do: ");
    if output.status.success() && empty {
        return Ok(());
    }
    let more = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} ended with {}, or its plan is not empty\n{text}\n{more}", program.name(), output.status).into())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// User and system time of all children that have ended: fields 16 and 17 of /proc/self/stat, in hundredths of a second.
fn children() -> Option<Duration> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let ticks = |index: usize| fields.split_whitespace().nth(index)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(13)? + ticks(14)?)))
}
