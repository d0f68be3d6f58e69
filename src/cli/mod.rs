//! Input and output: one file for each verb.
//!
//! In: arguments, environment variables, the terminal. Out: text, JSON and pages, files that a command writes, the exit code.
//! For each verb: read the project, connect world and store, call `pipeline`, hand the result to `render`, print.
//! May import every module; no module imports `cli`.
//!
//! Guarantees: only this module reads environment variables (but for the credential chain of the AWS SDK) and writes to the
//! terminal. It decides nothing about what may pass:
//! `pipeline` and `govern` do.

mod apply;
mod approve;
mod args;
mod audit;
mod author;
mod annotations;
mod bootstrap;
mod completions;
mod context;
mod doctor;
mod drift;
mod emergencies;
mod exit;
mod explain;
mod init;
mod logging;
mod next;
mod output;
mod approval_evidence;
mod plan;
mod policy;
mod progress;
mod promote;
mod prove;
mod records;
mod release;
mod review;
mod sandbox;
mod saved;
mod schema;
mod show;
mod signals;
mod signing;
mod starter;
mod status;
mod terminal;
mod validate;
mod words;
#[cfg(feature = "watch")]
mod watch;

use std::borrow::Cow;
use std::process::ExitCode;

use clap::FromArgMatches as _;

use args::{Cli, Command, Reads};
use terminal::{Colour, Terminal};
use words::general::General;

use crate::model::{Language, visible};

pub use exit::Exit;

/// Parses, runs, and returns the exit code of the README's table.
#[must_use]
pub fn main() -> ExitCode {
    let parsed = args::command_line().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; every other case is wrong usage (clap's own code 2 means something else here).
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            refused(&error);
            return exit.into();
        }
    };
    let terminal = Terminal::detect(cli.color, cli.quiet, cli.lang.into());
    if let Err(failure) = logging::start(&cli) {
        terminal.problem(failure.shown());
        return failure.exit.into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.problem(General::NoRuntime { error: error.into() });
            return Exit::Error.into();
        }
    };
    let exit = runtime.block_on(run(cli, &terminal));
    logging::end(exit, &terminal);
    exit.into()
}

/// Prints what the parser says. It repeats arguments, which must not move the cursor; then it is printed without colours.
fn refused(error: &clap::Error) {
    let plain = error.render().to_string();
    match visible(&plain) {
        Cow::Borrowed(_) => _ = error.print(),
        Cow::Owned(text) => Terminal::detect(Colour::Never, false, Language::En).must_see_raw(&text),
    }
}

async fn run(cli: Cli, terminal: &Terminal) -> Exit {
    if let Err(failure) = context::keeps_within(&cli) {
        terminal.problem(failure.shown());
        return failure.exit;
    }
    let outcome = match &cli.command {
        Command::Init(args) => init::run(&cli, args, terminal),
        Command::Validate(args) => validate::run(&cli, args, terminal),
        Command::Plan(args) => plan::run(&cli, args, terminal).await,
        Command::Show(args) => show::run(&cli, args, terminal),
        Command::Approve(args) => approve::run(&cli, args, terminal).await,
        Command::Review(args) => review::run(&cli, args, terminal).await,
        Command::Apply(args) => apply::run(&cli, args, terminal).await,
        Command::Audit(args) => audit::run(&cli, args, terminal).await,
        Command::Prove(args) => prove::run(&cli, args, terminal).await,
        Command::Bootstrap(args) => bootstrap::run(&cli, args, terminal).await,
        Command::Drift(args) => drift::run(&cli, args, terminal).await,
        #[cfg(feature = "watch")]
        Command::Watch(args) => watch::run(&cli, args, terminal).await,
        Command::Release(args) => release::run(&cli, args, terminal),
        Command::Promote(args) => promote::run(&cli, args, terminal).await,
        Command::Status(args) => status::run(&cli, args, terminal).await,
        Command::Explain(args) => explain::run(&cli, args, terminal),
        Command::Doctor(args) => doctor::run(&cli, args, terminal).await,
        Command::Completions(args) => Ok(completions::run(args, terminal)),
        Command::Policy(args) => policy::run(&cli, args, terminal).await,
        Command::Schema(args) => Ok(schema::run(args, terminal)),
        Command::Sandbox(args) => sandbox::run(&cli, args, terminal),
    };
    let reads = cli.command.reads();
    let world = || context::named(&cli, reads);
    let exit = match outcome {
        Ok(exit) => {
            if reads != Reads::Files {
                terminal.name_world(world, false);
            }
            exit
        }
        Err(failure) => {
            terminal.problem(failure.shown());
            // Other failures are about files, calls and arguments.
            if reads == Reads::Sandbox || (reads == Reads::World && failure.exit == Exit::Refused) {
                terminal.name_world(world, true);
            }
            failure.exit
        }
    };
    match terminal.unwritten() {
        Some(error) => {
            terminal.problem(General::OutputCut { error: error.clone() });
            exit.worse(Exit::Error)
        }
        None => exit,
    }
}
