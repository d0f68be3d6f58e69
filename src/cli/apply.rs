//! `tokaido apply PLAN|ENV`: gates, a question, execution, a fresh look.

use tokio::sync::watch;

use crate::kinds;
use crate::model::{ApplyEvent, ApplyReport, Environment, Outcome, Plan};
use crate::pipeline::{PipelineError, Session};
use crate::render::{apply as render, json, plan as render_plan};

use super::args::{ApplyArgs, Cli, Format};
use super::context;
use super::exit::{Exit, Failure};
use super::plan::{quality, stats};
use super::progress::Progress;
use super::saved;
use super::terminal::Terminal;

pub async fn run(cli: &Cli, args: &ApplyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match args.target.parse::<Environment>() {
        Ok(environment) => environment_now(cli, args, environment, terminal).await,
        Err(_) => saved_plan(cli, args, terminal).await,
    }
}

async fn session(cli: &Cli, args: &ApplyArgs, environment: Environment, terminal: &Terminal) -> Result<Session, Failure> {
    let mut session = context::session(cli, environment, terminal).await?;
    session.lease.wait = args.wait;
    Ok(session)
}

async fn saved_plan(cli: &Cli, args: &ApplyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = saved::load(cli, &args.target)?;
    let session = session(cli, args, plan.body.environment, terminal).await?;
    show(args, &plan, terminal);
    if plan.body.is_empty() {
        return Ok(quality(&plan.body));
    }
    confirm(args, &plan, terminal)?;
    let stop = stop_on_ctrl_c(*terminal);
    let report = session.apply(&plan, stop, &mut progress(args, terminal)).await;
    finish(cli, args, &session, report, terminal)
}

async fn environment_now(cli: &Cli, args: &ApplyArgs, environment: Environment, terminal: &Terminal) -> Result<Exit, Failure> {
    let session = session(cli, args, environment, terminal).await?;
    let planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(note) = session.store.note() {
        return Err(Failure::refused(format!("refused: {note}")));
    }
    show(args, &planned.plan, terminal);
    if !planned.plan.body.is_empty() {
        confirm(args, &planned.plan, terminal)?;
    }
    let stop = stop_on_ctrl_c(*terminal);
    let report = session.apply(&planned.plan, stop, &mut progress(args, terminal)).await;
    finish(cli, args, &session, report, terminal)
}

fn show(args: &ApplyArgs, plan: &Plan, terminal: &Terminal) {
    if args.view.format == Format::Text {
        terminal.print(&render_plan::text(plan, &kinds::schemas(), &args.view.options(), &terminal.style, &[]));
    }
}

fn confirm(args: &ApplyArgs, plan: &Plan, terminal: &Terminal) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    if !terminal.interactive {
        return Err(Failure::refused("refused: nobody can be asked here; look at the plan and say --yes"));
    }
    let body = &plan.body;
    let question = format!("Apply {} change(s) to {} ({})?", body.changes.len(), body.environment, body.account);
    if terminal.confirm(&question) { Ok(()) } else { Err(Failure::refused("refused: not confirmed; nothing was changed")) }
}

/// The first Ctrl-C lets the call in flight end; the second ends the process at once (exit 130).
fn stop_on_ctrl_c(terminal: Terminal) -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a signal handler the sender must live on, or waiting for it would end.
            std::future::pending::<()>().await;
        }
        terminal.note("stopping after the call in flight; press Ctrl-C again to end at once");
        let _ = sender.send(true);
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(130);
    });
    receiver
}

fn progress(args: &ApplyArgs, terminal: &Terminal) -> impl FnMut(ApplyEvent) + Send {
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
    let report = report.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    match args.view.format {
        Format::Json => terminal.print(&json::apply(&report)),
        Format::Text => terminal.print(&render::report(&report, &terminal.style, &next(cli, &report))),
    }
    if args.stats {
        terminal.note(&stats(session.world.calls()));
    }
    Ok(exit(&report))
}

fn next(cli: &Cli, report: &ApplyReport) -> Vec<String> {
    match exit(report) {
        Exit::Done => {
            vec![format!("{} drift {}    any time, to see whether it still holds", context::command(cli), report.environment)]
        }
        _ => vec![format!(
            "{} plan {}    what is left; a finished step is not done twice",
            context::command(cli),
            report.environment
        )],
    }
}

fn exit(report: &ApplyReport) -> Exit {
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
