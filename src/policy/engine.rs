//! regorus, and nothing of it beyond this file, the checks and the tracer: parsing, asking, limits, the engine's errors as
//! places. Imports `model`.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use regorus::unstable::{Module, Ref};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, PolicyLengthConfig};
use serde_json::Value as Json;

use super::testing::skeleton;
use crate::model::{Finding, Source};

/// For each of the two sets. A policy over a thousand databases takes some milliseconds.
pub(super) const LIMIT: Duration = Duration::from_secs(2);
/// Work units between two looks at the clock.
const INTERVAL: NonZeroU32 = NonZeroU32::new(64).unwrap();
/// No rule of an organisation is longer; it keeps what is made of it small.
const LONGEST: NonZeroUsize = NonZeroUsize::new(64 * 1024).unwrap();
const STACK: usize = 256 * 1024 * 1024;

/// What the engine complains about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) source: Source,
    pub(super) reason: String,
    /// It did not end.
    pub(super) endless: bool,
}

/// What a policy answered, and which of its lines it passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) checked: Vec<Json>,
    pub(super) broken: Vec<Json>,
    pub(super) covered: BTreeSet<u32>,
    pub(super) uncovered: BTreeSet<u32>,
}

/// The engine goes down one call for each rule that leads to another.
pub(super) fn on_a_wide_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let ended = spawned.map(std::thread::ScopedJoinHandle::join);
        match ended {
            Ok(Ok(value)) => value,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread can be started: {error}"),
        }
    })
}

fn engine(file: &str, text: &str) -> Result<(Engine, String), Box<Complaint>> {
    let mut engine = Engine::new();
    engine.set_rego_v0(false);
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    engine.set_policy_length_config(PolicyLengthConfig { max_file_bytes: LONGEST, ..PolicyLengthConfig::default() });
    match engine.add_policy(file.to_owned(), text.to_owned()) {
        Ok(package) => Ok((engine, package)),
        Err(error) => Err(Box::new(complaint(file, text, &error.to_string(), false))),
    }
}

/// The syntax tree.
pub(super) fn parse(file: &str, text: &str) -> Result<Ref<Module>, Box<Finding>> {
    let refused = |complaint: &Complaint| {
        Box::new(
            Finding::error("policy-syntax", Some(&complaint.source), complaint.reason.clone())
                .expected("Rego v1: `checked contains x.id if …`"),
        )
    };
    let (mut engine, _) = engine(file, text).map_err(|complaint| refused(&complaint))?;
    match engine.get_modules().first() {
        Some(module) => Ok(module.clone()),
        None => Err(refused(&complaint(file, text, "nothing is written here", false))),
    }
}

/// Asks about an environment with nothing in it: finds what is wrong whatever the input.
pub(super) fn rehearse(file: &str, text: &str) -> Option<Finding> {
    let complaint = ask(file, text, &skeleton(), false).err()?;
    Some(
        Finding::error("policy-fails", Some(&complaint.source), complaint.reason.clone())
            .expected("a policy that can be evaluated even where there is nothing to judge"),
    )
}

/// Both sets of the policy over this input.
pub(super) fn ask(file: &str, text: &str, input: &Json, coverage: bool) -> Result<Answer, Box<Complaint>> {
    let (mut engine, package) = engine(file, text)?;
    let failed = |error: &dyn std::fmt::Display| Box::new(complaint(file, text, &error.to_string(), false));
    engine.set_input_json(&input.to_string()).map_err(|error| failed(&error))?;
    engine.set_enable_coverage(coverage);
    let mut sets = Vec::new();
    for set in ["checked", "broken"] {
        engine.set_execution_timer_config(ExecutionTimerConfig { limit: LIMIT, check_interval: INTERVAL });
        let value = engine.eval_rule(format!("{package}.{set}")).map_err(|error| {
            if error.downcast_ref::<LimitError>().is_some() {
                let reason = format!("it has not ended after {} seconds", LIMIT.as_secs());
                return Box::new(complaint(file, text, &reason, true));
            }
            failed(&error)
        })?;
        let value = value.to_json_str().map_err(|error| failed(&error))?;
        let value: Json = serde_json::from_str(&value).map_err(|error| failed(&error))?;
        sets.push(value.as_array().cloned().unwrap_or_default());
    }
    let broken = sets.pop().unwrap_or_default();
    let mut answer = Answer { checked: sets.pop().unwrap_or_default(), broken, ..Answer::default() };
    if coverage {
        let report = engine.get_coverage_report().map_err(|error| failed(&error))?;
        for file in report.files {
            answer.covered.extend(file.covered);
            answer.uncovered.extend(file.not_covered);
        }
    }
    Ok(answer)
}

/// The engine writes `--> file:line:column`, the line, a caret and `error: …`. A tab is four columns to it.
fn complaint(file: &str, policy: &str, text: &str, endless: bool) -> Complaint {
    let place = |line: &str| {
        let mut parts = line.trim().strip_prefix("-->")?.trim().rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        Some((parts.next()?.parse().ok()?, column))
    };
    let (line, seen): (usize, usize) = text.lines().find_map(place).unwrap_or((1, 1));
    let letters = policy.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars();
    let wide = letters.scan(1, |at, letter| {
        let begins = *at;
        *at += if letter == '\t' { 4 } else { 1 };
        Some(begins)
    });
    let column = wide.take_while(|begins| *begins < seen).count() + 1;
    let said = text.lines().find_map(|line| line.trim().strip_prefix("error:"));
    let reason = said.or_else(|| text.lines().find(|line| !line.trim().is_empty())).unwrap_or("the engine does not say why");
    Complaint { source: Source { file: file.to_owned(), line, column }, reason: reason.trim().to_owned(), endless }
}
