//! `tokaido status [ENV…]`: where every environment stands. It reads records; with `--live` also the live world.

use super::annotations::waiting;
use super::args::{Cli, Format, StatusArgs};
use super::context::{self, Access, TOOL_VERSION, store_of};
use super::exit::{Exit, Failure};
use super::promote::EnvironmentFile;
use super::records::unreadable;
use super::terminal::Terminal;
use super::words::general::General;
use crate::govern::history::History;
use crate::govern::promotion::{self, WatchedState};
use crate::govern::status::{EnvironmentStatus, Facts, Onward, Status, summary};
use crate::govern::watch::{self, LOOK_BACK, Last, Watched};
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{DriftReport, Environment, Finding, Reason, ReleaseRef, Sentence, Severity};
use crate::project::releases;
use crate::render::{json, status as render};
use crate::store::{Store, StoreError, history, last_sighting, open_emergencies, sightings};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

pub async fn run(cli: &Cli, args: &StatusArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let mut exit = Exit::Done;
    let mut found = Vec::new();
    for environment in environments {
        match one(cli, *environment, args.live, terminal).await {
            Ok((status, ended)) => {
                exit = exit.worse(ended);
                found.push(status);
            }
            // Nothing is claimed about records that cannot be read, and the other environments are still shown.
            Err(failure) => {
                terminal.problem(General::Unknown { environment: *environment, problem: failure.shown() });
                exit = exit.worse(failure.exit);
            }
        }
    }
    let status =
        Status { schema_version: SCHEMA_VERSION, now: context::now(cli)?, world: context::identity(cli)?, environments: found };
    match args.format {
        Format::Json => terminal.print(&json::pretty(&status)),
        Format::Text => {
            let status = Status { world: context::world(cli, &status.world), ..status };
            terminal.print(&render::text(&status, &context::command(cli), &terminal.style, terminal.language));
        }
    }
    Ok(exit)
}

async fn past(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<History, Failure> {
    Ok(history(&store_of(cli, environment, terminal).await?.records(environment).await.map_err(|error| unreadable(&error))?))
}

async fn one(cli: &Cli, environment: Environment, live: bool, terminal: &Terminal) -> Result<(EnvironmentStatus, Exit), Failure> {
    let mut loaded = context::load(cli, &[environment])?;
    let first = loaded.findings.iter().find(|finding| finding.severity == Severity::Error);
    let problem = first.map(Finding::placed);
    let state = loaded.states.remove(&environment);
    let pinned = state.as_ref().and_then(|state| state.release.clone());
    let mut exit = if problem.is_some() { Exit::Error } else { Exit::Done };
    let mut drift: Option<DriftReport> = None;
    if let (true, Some(state)) = (live, &state) {
        match read_live(cli, Arc::clone(state), terminal).await {
            Ok(report) => {
                exit = if report.has_drift() { exit.worse(Exit::Drift) } else { exit };
                exit = if report.unreadable.is_empty() { exit } else { exit.worse(Exit::Undetermined) };
                drift = Some(report);
            }
            // The other environments are still shown, and the drift of this one stays unknown.
            Err(failure) => {
                terminal.problem(General::Of { environment, problem: failure.shown() });
                exit = exit.worse(failure.exit);
            }
        }
    }
    let store = store_of(cli, environment, terminal).await?;
    let records = store.records(environment).await.map_err(|error| Failure::error(error.said()))?;
    // Everything else is still shown, and nothing is claimed about what cannot be read.
    let now = context::now(cli)?;
    let last = last_sighting(&*store, environment, now).await;
    let sight = last.as_ref().map(Clone::clone).map_err(Reason::said);
    let looked = match last {
        Ok(last) => watched(&*store, environment, last.as_ref(), now).await,
        Err(error) => Err(error),
    };
    let (watch, watch_problem) = match looked {
        Ok(watch) => (watch, None),
        Err(error) => {
            terminal.problem(General::Unwatched { environment, problem: error.said() });
            exit = exit.worse(if error.is_refusal() { Exit::Refused } else { Exit::Error });
            (None, Some(Sentence::from(error)))
        }
    };
    let waiting = match &state {
        Some(state) => waiting(cli, environment, state, &records, terminal).unwrap_or_else(|failure| {
            // Everything else is still shown.
            terminal.problem(General::WaitUnknown { environment, problem: failure.shown() });
            exit = exit.worse(failure.exit);
            Vec::new()
        }),
        None => Vec::new(),
    };
    let own = history(&records);
    let onward = onward(cli, environment, &own, terminal).await?;
    let onward = onward.as_ref().map(|known| Onward {
        cut_with: &known.cut_with,
        tool_version: TOOL_VERSION,
        there: &known.there,
        sight: WatchedState::of(&sight),
        soak: known.soak,
        now: known.now,
    });
    let facts = Facts {
        environment,
        account: state.as_ref().map(|state| state.account.as_str()),
        pinned: pinned.as_ref(),
        problem: problem.as_ref(),
        history: &own,
        drift: drift.as_ref(),
        onward: onward.as_ref(),
        waiting: &waiting,
        emergencies: &open_emergencies(&records),
        watch: watch.as_ref(),
        watch_problem: watch_problem.as_ref(),
    };
    Ok((summary(&facts), exit))
}

/// `None` when no watcher ever looked.
async fn watched(
    store: &dyn Store,
    environment: Environment,
    last: Option<&Last>,
    now: Timestamp,
) -> Result<Option<Watched>, StoreError> {
    let Some(last) = last else { return Ok(None) };
    let from = now.saturating_sub(LOOK_BACK).unwrap_or(now);
    Ok(Some(watch::watched(last, &sightings(store, environment, from).await?, now)))
}

async fn read_live(cli: &Cli, state: Arc<crate::model::DesiredState>, terminal: &Terminal) -> Result<DriftReport, Failure> {
    let session = context::session_of(cli, state, Access::Read, terminal).await?;
    session.drift().await.map_err(|error| Failure::of(&error, &terminal.error_style))
}

/// What decides whether the release may be promoted further.
struct Known {
    cut_with: String,
    there: History,
    soak: SignedDuration,
    now: jiff::Timestamp,
}

/// `None` at the end of the promotion path, and where the release or the next environment's files cannot be used: then the next
/// promotion is unknown.
async fn onward(cli: &Cli, environment: Environment, own: &History, terminal: &Terminal) -> Result<Option<Known>, Failure> {
    let Some(to) = promotion::after(environment) else { return Ok(None) };
    let Some(release): Option<ReleaseRef> = own.current().and_then(|stay| stay.release) else { return Ok(None) };
    let (Some(manifest), _) = releases::read(context::files(cli)?, &release.id) else { return Ok(None) };
    if manifest.digest() != release.digest {
        return Ok(None);
    }
    let Ok(candidate) = EnvironmentFile::read(cli, to).and_then(|file| file.with(cli, &release.id, terminal)) else {
        return Ok(None);
    };
    let soak = SignedDuration::from_hours(candidate.state.soak_hours);
    Ok(Some(Known { cut_with: manifest.tool_version, there: past(cli, to, terminal).await?, soak, now: context::now(cli)? }))
}
