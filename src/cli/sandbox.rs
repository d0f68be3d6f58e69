//! `tokaido sandbox …`: resets, lists and changes the simulated AWS, and lets calls fail.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Reason as _, ResourceId, Said, Value};
use crate::render::json;
use crate::sim::{Log, LogEntry, LogError, ManualError, SandboxRow, is_sandbox};
use crate::world::clock::SystemClock;
use crate::world::{Clock as _, Fault};

use super::args::{Cli, Format, SandboxArgs, SandboxVerb, moment};
use super::context::{look_into_sandbox, open_sandbox, sandbox_file, sandbox_store};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::words::general::General;
use super::words::simulated::Simulated;
use super::words::{self, same};

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self::error(error.said())
    }
}

impl From<ManualError> for Failure {
    fn from(error: ManualError) -> Self {
        Self::error(error.said())
    }
}

pub fn run(cli: &Cli, args: &SandboxArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if let SandboxVerb::Reset { at } = &args.verb {
        reset(cli, at.unwrap_or_else(|| SystemClock.now()))?;
        terminal.say(Simulated::Empty { path: words::path(&sandbox_file(cli)) });
        return Ok(Exit::Done);
    }
    let log = match &args.verb {
        SandboxVerb::Fail { .. } | SandboxVerb::Lag { .. } | SandboxVerb::Heal | SandboxVerb::Account { .. } => {
            open_sandbox(cli)?
        }
        // A simulated AWS that was never started has nothing to change by hand.
        _ => look_into_sandbox(cli)?,
    };
    let done = match &args.verb {
        SandboxVerb::Reset { .. } => return Ok(Exit::Done),
        SandboxVerb::List { id, format } => {
            let name = log.read(|state| format!("sandbox {}", state.name))?;
            terminal.print(list(&log, &name, id.as_ref(), *format)?.say(terminal.language));
            return Ok(Exit::Done);
        }
        SandboxVerb::Set { id, path, value } => {
            log.set_by_hand(args.env, id, path, &value_of(value))?;
            Simulated::Set { id: id.clone(), path: path.clone(), value: value.clone() }
        }
        SandboxVerb::Unset { id, path } => {
            log.unset_by_hand(args.env, id, path)?;
            Simulated::Unset { id: id.clone(), path: path.clone() }
        }
        SandboxVerb::Remove { id } => {
            log.remove_by_hand(args.env, id)?;
            Simulated::Removed { id: id.clone() }
        }
        SandboxVerb::Fail { operation, class, times, after, midway } => {
            let whole = || Failure::error(Simulated::NoParts { operation: operation.clone() });
            let moment = moment(operation, *after, *midway).ok_or_else(whole)?;
            let fault = Fault { operation: operation.clone(), class: *class, moment, times: *times };
            append(&log, |at| LogEntry::Fault { at, fault })?;
            Simulated::Fails { operation: operation.clone(), class: class.as_str() }
        }
        SandboxVerb::Lag { kind, duration } => {
            let seconds = duration.as_secs().unsigned_abs();
            append(&log, |at| LogEntry::Lag { at, kind: kind.clone(), seconds })?;
            Simulated::Late { kind: kind.clone(), seconds }
        }
        SandboxVerb::Heal => {
            append(&log, |at| LogEntry::ClearFaults { at })?;
            Simulated::Healed
        }
        SandboxVerb::Advance { duration } => {
            let later = |at: Timestamp| at.checked_add(*duration).unwrap_or(Timestamp::MAX);
            append(&log, |at| LogEntry::Tick { at: later(at) })?;
            Simulated::Now { at: log.read(|state| state.now)?.to_string() }
        }
        SandboxVerb::Account { account } => {
            append(&log, |at| LogEntry::Account { at, account: account.clone() })?;
            Simulated::Account { account: account.clone() }
        }
    };
    terminal.say(done);
    Ok(Exit::Done)
}

fn append(log: &Log, entry: impl FnOnce(Timestamp) -> LogEntry) -> Result<(), LogError> {
    log.commit(|state| (vec![entry(state.now)], ()))
}

fn reset(cli: &Cli, at: Timestamp) -> Result<(), Failure> {
    let file = sandbox_file(cli);
    let ours =
        is_sandbox(&file).map_err(|error| Failure::error(General::NotRead { path: words::path(&file), error: error.into() }))?;
    if !ours {
        return Err(LogError::Foreign { path: file.display().to_string() }.into());
    }
    gone(&file, fs::remove_file(&file))?;
    let store = sandbox_store(cli);
    gone(&store, fs::remove_dir_all(&store))?;
    Log::open(&file, at)?;
    Ok(())
}

fn gone(path: &Path, removed: io::Result<()>) -> Result<(), Failure> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::error(General::NotRemoved { path: words::path(path), error: error.into() }))
        }
        _ => Ok(()),
    }
}

/// JSON where it is JSON, else the text itself.
fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// A row of the document: each names its world, because a list has no other place for it.
#[derive(Serialize)]
struct Row<'a> {
    world: &'a str,
    #[serde(flatten)]
    row: &'a SandboxRow,
}

fn list(log: &Log, world: &str, id: Option<&ResourceId>, format: Format) -> Result<Said, Failure> {
    let rows: Vec<SandboxRow> = log.rows()?.into_iter().filter(|row| id.is_none_or(|id| row.name() == *id)).collect();
    if let (Some(id), true) = (id, rows.is_empty()) {
        return Err(Failure::error(Simulated::NotThere { id: id.clone() }));
    }
    Ok(match (format, id) {
        (Format::Json, _) | (_, Some(_)) => same(json::pretty(&rows.iter().map(|row| Row { world, row }).collect::<Vec<_>>())),
        (Format::Text, None) if rows.is_empty() => Simulated::Nothing { place: log.describe().clone() }.said(),
        (Format::Text, None) => Said::new(table(&rows, "foreign"), table(&rows, "管理外")),
    })
}

fn table(rows: &[SandboxRow], foreign: &str) -> String {
    let name = |row: &SandboxRow| if row.id.is_some() { row.name().to_string() } else { format!("{} ({foreign})", row.name()) };
    let width = rows.iter().map(|row| name(row).len()).max().unwrap_or(0);
    let lines = rows.iter().map(|row| format!("{}  {:width$}  {:10}  {}", row.account, name(row), row.state, row.physical));
    lines.collect::<Vec<_>>().join("\n")
}
