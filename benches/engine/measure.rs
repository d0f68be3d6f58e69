//! Clocks, memory, medians and lines.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, io};

use rustix::time::{ClockId, clock_gettime};

/// Processor and wall seconds of one piece of work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    pub cpu: f64,
    pub wall: f64,
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, more: Self) {
        self.cpu += more.cpu;
        self.wall += more.wall;
    }
}

/// Does the work and says what it took. The processor time is that of the whole process: policies run on a thread.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (cpu, begun) = (processor(), now());
    let result = work();
    let spent = Spent { cpu: processor().saturating_sub(cpu).as_secs_f64(), wall: begun.elapsed().as_secs_f64() };
    (result, spent)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

fn processor() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().expect("processor time is not negative")
}

/// The most memory that this process ever held, in bytes.
///
/// # Errors
/// Where the kernel does not tell, as only Linux does.
pub fn peak() -> io::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kibibytes.map(|kibibytes| kibibytes * 1024.0).ok_or_else(|| io::Error::other("no VmHWM in /proc/self/status"))
}

/// What a finished process used.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub cpu: f64,
    pub bytes: f64,
    pub exit: i32,
}

/// Runs a command through `usage.py`.
///
/// # Panics
/// When it cannot be run.
pub fn run(command: &Path, arguments: &[&str], log: &Path) -> Usage {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/engine/usage.py");
    let output = Command::new("python3").arg(script).arg(log).arg(command).args(arguments).output().expect("python3");
    let told = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [cpu, bytes, exit] = numbers[..] else { panic!("usage.py: {told}{}", String::from_utf8_lossy(&output.stderr)) };
    #[expect(clippy::cast_possible_truncation, reason = "an exit code, read as any number is")]
    let exit = exit as i32;
    Usage { cpu, bytes, exit }
}

/// The middle one; of an even number the higher of the two in the middle.
///
/// # Panics
/// Without any.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// One figure after the other, for a person, a diff and a program.
#[derive(Debug, Default)]
pub struct Figures(Vec<(String, f64)>);

impl Figures {
    /// Printed at once, so that a run that is stopped has said what it knows.
    #[expect(clippy::print_stdout, reason = "figures are the output of a benchmark")]
    pub fn say(&mut self, name: String, value: f64, unit: &str) {
        let digits = match unit {
            "cpu-s" | "s" => 4,
            "MiB" | "x" => 1,
            _ => 0,
        };
        println!("bench {name} {value:.digits$} {unit}");
        self.0.push((name, value));
    }

    fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// How often the value of the smaller size fits into that of the larger one.
    pub fn ratio(&mut self, what: &str, larger: usize, smaller: usize) {
        let pair = self.get(&format!("{what}/{larger}")).zip(self.get(&format!("{what}/{smaller}")));
        if let Some((large, small)) = pair {
            self.say(format!("ratio/{what}/{larger}:{smaller}"), large / small, "x");
        }
    }
}

/// To stderr, so that stdout holds figures alone.
#[expect(clippy::print_stderr, reason = "progress of a benchmark")]
pub fn progress(text: &str) {
    eprintln!("  {text}");
}
