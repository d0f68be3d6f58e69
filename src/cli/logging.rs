//! What a command did, for whoever has to find out later: `--log FILE` (or `TOKAIDO_LOG`) appends JSON lines to a file, `-v`
//! prints each call on standard error.
//!
//! Only tokaido's own lines are written. The libraries below it are not heard, because their lines may hold headers and bodies.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber, info};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use super::args::Cli;
use super::context::TOOL_VERSION;
use super::exit::{Exit, Failure};
use super::output;
use super::terminal::Terminal;
use super::words::{self, general::General};
use crate::model::reason::{FileReason, IoReason};
use crate::model::{Reason as _, visible, visible_json};
use crate::world::log::CALL;

/// The target of the first and the last line of a command.
const COMMAND: &str = "tokaido::command";

/// Opens the log before anything else is done.
///
/// # Errors
/// The file cannot be opened for appending: nothing was done then.
pub fn start(cli: &Cli) -> Result<(), Failure> {
    let file = cli.log.as_deref().map(|log| open(log, cli)).transpose()?;
    if file.is_none() && cli.verbose == 0 {
        return Ok(());
    }
    let ours = || Targets::new().with_target("tokaido", LevelFilter::TRACE);
    let json = file.map(|file| {
        fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .with_writer(Mutex::new(LogFile(file)))
            .log_internal_errors(false)
    });
    let lines = (cli.verbose > 0).then(|| fmt::layer().event_format(Lines).with_writer(io::stderr));
    let calls = if cli.verbose > 1 { ours() } else { Targets::new().with_target(CALL, LevelFilter::TRACE) };
    // A second subscriber in one process would be a mistake of tests alone.
    let _ = tracing_subscriber::registry()
        .with(json.map(|layer| layer.with_filter(ours())))
        .with(lines.map(|layer| layer.with_filter(calls)))
        .try_init();
    info!(target: COMMAND, version = TOOL_VERSION, command = cli.command.name(), world = cli.world.to_string(), "begin");
    Ok(())
}

/// The last line: with which code the command ends. A log that is not whole is a problem and changes no exit code, because it is
/// no part of what the command was asked for.
pub fn end(exit: Exit, terminal: &Terminal) {
    info!(target: COMMAND, exit = exit.code(), "end");
    if let Some(error) = UNWRITTEN.get() {
        terminal.problem(General::LogCut { error: error.clone() });
    }
}

/// The first failed write to the log.
static UNWRITTEN: OnceLock<IoReason> = OnceLock::new();

/// The file of the log, which remembers that a line is missing.
struct LogFile(File);

impl Write for LogFile {
    /// A whole line at once, as the library below writes it.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = visible_json(String::from_utf8_lossy(bytes).into_owned());
        let written = self.0.write_all(line.as_bytes()).map(|()| bytes.len());
        written.inspect_err(|error| {
            let _ = UNWRITTEN.set(error.into());
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn open(path: &Path, cli: &Cli) -> Result<File, Failure> {
    let shown = words::path(path);
    if let Some(why) = output::refusal(cli, path, START, General::NoLogOfOurs).map_err(|error| no_log(path, error.into()))? {
        return Err(Failure::new(Exit::Usage, General::LogRefused { path: shown, why: why.said() }));
    }
    opened(path).map_err(|error| no_log(path, error))
}

fn no_log(path: &Path, error: FileReason) -> Failure {
    Failure::error(General::NoLog { path: words::path(path), error })
}

/// How every line of a log begins. A first line that a crash cut off begins so, too.
const START: &[u8] = br#"{"timestamp":""#;

/// Readable by its owner alone: it names accounts, resources and roles. A pipe is refused, because a pipe without a reader would
/// stop the command. Where an earlier command could not end its last line, the first line of this one begins on a new line.
fn opened(path: &Path) -> Result<File, FileReason> {
    if let Ok(there) = std::fs::metadata(path)
        && there.file_type().is_fifo()
    {
        return Err(FileReason::Pipe);
    }
    let mut file = OpenOptions::new().read(true).create(true).append(true).mode(0o600).open(path)?;
    if file.metadata()?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}

/// `call operation="ec2:DescribeVpcs" region="ap-northeast-1" … answer="200" took_ms=34`: a line without its time and its target.
struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> std::fmt::Result {
        let mut fields = String::new();
        context.field_format().format_fields(Writer::new(&mut fields), event)?;
        writeln!(writer, "  {}", visible(&fields))
    }
}
