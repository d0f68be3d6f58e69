//! `tokaido apply PLAN|ENV`: gates, the question, execution, the closing look.

use super::approval_evidence::ProjectEvidence;
use super::args::{ApplyArgs, Cli, Format};
use super::author::author;
use super::context::{self, Access};
use super::emergencies::note_open;
use super::exit::{Exit, Failure, completeness};
use super::plan::stats;
use super::progress::Progress;
use super::terminal::Terminal;
use super::words::applying::{Applying, STILL_HOLDS, WHAT_IS_LEFT};
use super::{saved, signals};
use crate::govern::permit::EmergencyOverride;
use crate::kinds;
use crate::model::{ApplyEvent, ApplyReport, Emergency, Environment, Language, Outcome, Plan};
use crate::pipeline::{GateInput, PipelineError, Session};
use crate::render::{apply as render, json, plan as render_plan};
use tokio::sync::watch;

pub async fn run(cli: &Cli, args: &ApplyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match args.target.parse::<Environment>() {
        Ok(environment) => environment_now(cli, args, environment, terminal).await,
        Err(_) => saved_plan(cli, args, terminal).await,
    }
}

async fn session(cli: &Cli, args: &ApplyArgs, environment: Environment, terminal: &Terminal) -> Result<Session, Failure> {
    let mut session = context::session(cli, environment, Access::Change, terminal).await?;
    session.lease.wait = args.wait;
    Ok(session)
}

async fn saved_plan(cli: &Cli, args: &ApplyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = saved::load(cli, &args.target, Exit::Refused)?;
    let session = session(cli, args, plan.body.environment, terminal).await?;
    session.belongs(&plan).await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    through(cli, args, &session, &plan, true, terminal).await
}

async fn environment_now(cli: &Cli, args: &ApplyArgs, environment: Environment, terminal: &Terminal) -> Result<Exit, Failure> {
    let session = session(cli, args, environment, terminal).await?;
    // No lease is held yet, so the operator can simply end the process.
    let (_open, never) = watch::channel(false);
    let waited = session.await_sight(&never, &mut progress(args, terminal)).await;
    waited.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    let mut planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(author) = author(args.author.as_deref(), &cli.project) {
        planned.plan = planned.plan.authored(author);
    }
    through(cli, args, &session, &planned.plan, false, terminal).await
}

/// From a plan to its end: gates before the question, the question before any step.
async fn through(
    cli: &Cli,
    args: &ApplyArgs,
    session: &Session,
    plan: &Plan,
    saved: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if let Some(note) = session.store.note() {
        return Err(Failure::refused(note));
    }
    show(cli, args, plan, &session.world.identity(), terminal);
    let emergency = args.emergency.as_ref().map(|reason| EmergencyOverride {
        reason: reason.clone(),
        by: author(args.author.as_deref(), &cli.project).unwrap_or_else(|| plan.caller.clone()),
    });
    let evidence = ProjectEvidence::open(cli, session, terminal).await;
    let policy_outcome = GateInput { evidence: &evidence, emergency: emergency.as_ref(), saved };
    let refused = |error: PipelineError| Failure::of(&error, &terminal.error_style);
    session.passes(plan).await.map_err(refused)?;
    let permit = session.permit(plan, &policy_outcome, "").await.map_err(refused)?;
    match permit.emergency() {
        Some(emergency) => insist(emergency, terminal)?,
        None if emergency.is_some() => terminal.note(Applying::NothingSkipped),
        None => {}
    }
    if plan.body.is_empty() && !permit.promoted() {
        terminal.note(Applying::NotPromoted { environment: plan.body.environment, tokaido: context::command(cli) });
    }
    // An empty plan is applied as well: the closing look shows that the environment is as declared, and is recorded.
    if !plan.body.is_empty() {
        confirm(args, plan, terminal)?;
    }
    let stop = signals::stop(*terminal);
    let report = session.apply(plan, &policy_outcome, stop, &mut progress(args, terminal)).await;
    let ended = finish(cli, args, session, report, terminal);
    note_open(cli, session, terminal).await;
    Ok(ended?.worse(completeness(&plan.body)))
}

/// The operator reads what an emergency override skips, and types the reason again; without a terminal `--yes` replaces that.
fn insist(emergency: &Emergency, terminal: &Terminal) -> Result<(), Failure> {
    terminal.must_see(Applying::Skips { skipped: emergency.skipped() });
    if !terminal.interactive {
        return Ok(());
    }
    if terminal.ask(Applying::ReasonAgain) == emergency.reason {
        return Ok(());
    }
    Err(Failure::refused(Applying::OtherReason))
}

/// Where the plan is shown before its execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Output,
    /// Standard output is for the JSON report; the operator still sees the plan before the question.
    StandardError,
    Nowhere,
}

const fn shown(format: Format, asks: bool) -> Shown {
    match (format, asks) {
        (Format::Text, _) => Shown::Output,
        (Format::Json, true) => Shown::StandardError,
        (Format::Json, false) => Shown::Nowhere,
    }
}

/// `here` is the world of this command: a plan that was made in another one names no file of this one.
pub(super) fn show(cli: &Cli, args: &ApplyArgs, plan: &Plan, here: &str, terminal: &Terminal) {
    let world = if plan.world == here { context::world(cli, here) } else { plan.world.clone() };
    let options = args.view.options(terminal.language);
    let text = |style| render_plan::text_in(&world, plan, &kinds::schemas(), &options, style, &[]);
    match shown(args.view.format, !args.yes && terminal.interactive && !plan.body.is_empty()) {
        Shown::Output => terminal.print(&text(&terminal.style)),
        Shown::StandardError => terminal.must_see_raw(&text(&terminal.error_style)),
        Shown::Nowhere => {}
    }
}

pub(super) fn confirm(args: &ApplyArgs, plan: &Plan, terminal: &Terminal) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    if !terminal.interactive {
        return Err(Failure::refused(Applying::NobodyToAsk));
    }
    let body = &plan.body;
    let question = Applying::Apply { changes: body.changes.len(), environment: body.environment, account: body.account.clone() };
    if terminal.confirm(question) { Ok(()) } else { Err(Failure::refused(Applying::NotConfirmed)) }
}

pub(super) fn progress(args: &ApplyArgs, terminal: &Terminal) -> impl FnMut(ApplyEvent) + Send {
    let mut progress = Progress::new(args.view.format, terminal);
    move |event| progress.on(&event)
}

fn finish(
    cli: &Cli,
    args: &ApplyArgs,
    session: &Session,
    report: Result<ApplyReport, PipelineError>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut report = report.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    match args.view.format {
        Format::Json => terminal.print(&json::apply(&report)),
        Format::Text => {
            report.world = context::world(cli, &report.world);
            terminal.print(&render::report(&report, &terminal.style, &next(cli, &report, terminal.language), terminal.language));
        }
    }
    if args.stats {
        terminal.must_see(stats(session.world.calls()));
    }
    Ok(exit(&report))
}

fn next(cli: &Cli, report: &ApplyReport, language: Language) -> Vec<String> {
    let (tokaido, environment) = (context::command(cli), report.environment);
    match exit(report) {
        Exit::Done => {
            vec![format!("{tokaido} drift {environment}    {}", STILL_HOLDS.say(language))]
        }
        _ => vec![format!("{tokaido} plan {environment}    {}", WHAT_IS_LEFT.say(language))],
    }
}

pub(super) fn exit(report: &ApplyReport) -> Exit {
    let ended_well = |outcome: &Outcome| matches!(outcome, Outcome::Done | Outcome::AlreadyDone);
    let complete = report.steps.iter().all(|step| ended_well(&step.outcome))
        && !report.interrupted
        && report.blocked == 0
        && report.unrecorded.is_none();
    match &report.remaining {
        _ if !complete => Exit::Incomplete,
        Some(remaining) if remaining.is_empty() => Exit::Done,
        Some(_) => Exit::NotEmpty,
        None => Exit::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_about_a_plan_that_was_not_shown() {
        assert_eq!(shown(Format::Text, true), Shown::Output);
        assert_eq!(shown(Format::Text, false), Shown::Output);
        assert_eq!(shown(Format::Json, true), Shown::StandardError, "not among the JSON");
        assert_eq!(shown(Format::Json, false), Shown::Nowhere);
    }
}
