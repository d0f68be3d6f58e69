//! `tokaido bootstrap ENV`: the subset of the plan with bucket and roles, the question, execution.

use super::apply::{confirm, exit, progress, show};
use super::args::{ApplyArgs, BootstrapArgs, Cli, Format};
use super::exit::{Exit, Failure, completeness};
use super::plan::stats;
use super::terminal::Terminal;
use super::words::applying::{Applying, EVERYTHING_ELSE, WHAT_IS_LEFT};
use super::{context, signals};
use crate::model::{ApplyReport, Environment, Language};
use crate::render::{apply as render, json};
use tokio::sync::watch;

pub async fn run(cli: &Cli, args: &BootstrapArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let environment = args.environment;
    let as_apply = ApplyArgs {
        target: environment.to_string(),
        yes: args.yes,
        wait: args.wait,
        emergency: None,
        author: None,
        stats: args.stats,
        view: args.view,
    };
    let mut session = context::session_of_the_caller(cli, environment, terminal).await?;
    session.lease.wait = args.wait;
    let set = session.bootstrap_set();
    if set.is_empty() {
        return Err(Failure::error(Applying::NothingToMake { environment }));
    }
    let failed = |error| Failure::of(&error, &terminal.error_style);
    let (_open, never) = watch::channel(false);
    session.await_sight(&never, &mut progress(&as_apply, terminal)).await.map_err(failed)?;
    let planned = session.plan_bootstrap().await.map_err(failed)?;
    let names = set.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    terminal.must_see(Applying::Bootstrap { names });
    show(cli, &as_apply, &planned.plan, &session.world.identity(), terminal);
    let judged = completeness(&planned.plan.body);
    if judged != Exit::Done {
        return Ok(judged);
    }
    session.bootstrap_gate(&planned).map_err(failed)?;
    if !planned.plan.body.is_empty() {
        confirm(&as_apply, &planned.plan, terminal)?;
    }
    let stop = signals::stop(*terminal);
    let mut report = session.bootstrap(&planned, stop, &mut progress(&as_apply, terminal)).await.map_err(failed)?;
    match args.view.format {
        Format::Json => terminal.print(&json::apply(&report)),
        Format::Text => {
            report.world = context::world(cli, &report.world);
            let next = next(cli, environment, &report, terminal.language);
            terminal.print(&render::report(&report, &terminal.style, &next, terminal.language));
        }
    }
    if args.stats {
        terminal.must_see(stats(session.world.calls()));
    }
    Ok(exit(&report))
}

fn next(cli: &Cli, environment: Environment, report: &ApplyReport, language: Language) -> Vec<String> {
    let tokaido = context::command(cli);
    match exit(report) {
        Exit::Done => vec![format!("{tokaido} plan {environment}    {}", EVERYTHING_ELSE.say(language))],
        _ => vec![format!("{tokaido} bootstrap {environment}    {}", WHAT_IS_LEFT.say(language))],
    }
}
