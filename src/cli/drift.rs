//! `tokaido drift [ENV…]`: what differs from the last apply.

use super::args::{Cli, DriftArgs, Format};
use super::context::{self, Access};
use super::emergencies::note_open;
use super::exit::{Exit, Failure};
use super::plan::{note_unread, stats};
use super::terminal::Terminal;
use super::words::applying::{FIRST, REPAIR};
use super::words::general::General;
use crate::kinds::{self, settings};
use crate::model::{DriftReport, Environment, Language};
use crate::render::{drift as render, json};

pub async fn run(cli: &Cli, args: &DriftArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let mut exit = Exit::Done;
    for environment in environments {
        // An environment that cannot be read does not hide the others.
        match one(cli, args, *environment, terminal).await {
            Ok(found) => exit = exit.worse(found),
            Err(failure) if environments.len() == 1 => return Err(failure),
            Err(failure) => {
                terminal.problem(General::Of { environment: *environment, problem: failure.shown() });
                exit = exit.worse(failure.exit);
            }
        }
    }
    if args.format == Format::Text {
        terminal.note(General::NotCompared { count: settings::not_compared() });
    }
    Ok(exit)
}

async fn one(cli: &Cli, args: &DriftArgs, environment: Environment, terminal: &Terminal) -> Result<Exit, Failure> {
    let session = context::session(cli, environment, Access::Read, terminal).await?;
    let mut report = session.drift().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    match args.format {
        Format::Json => terminal.print(&json::drift(&report)),
        Format::Text => {
            let world = report.world.take().map(|world| context::world(cli, &world));
            report.world = world;
            let next = next(cli, &report, terminal.language);
            terminal.print(&render::text(&report, &kinds::schemas(), &terminal.style, &next, terminal.language));
        }
    }
    note_unread(&report.unreadable, terminal);
    if let Some(note) = session.store.note() {
        terminal.note(note);
    }
    note_open(cli, &session, terminal).await;
    if args.stats {
        terminal.must_see(stats(session.world.calls()));
    }
    let drift = if report.has_drift() { Exit::Drift } else { Exit::Done };
    Ok(if report.unreadable.is_empty() { drift } else { drift.worse(Exit::Undetermined) })
}

fn next(cli: &Cli, report: &DriftReport, language: Language) -> Vec<String> {
    // A pending value needs no repair.
    if !report.missing.is_empty() || !report.drifted.is_empty() {
        let what = if report.nothing_applied { FIRST } else { REPAIR };
        vec![format!("{} plan {}    {}", context::command(cli), report.environment, what.say(language))]
    } else {
        Vec::new()
    }
}
