//! `tokaido plan ENV`: live read, comparison, what would change.

use crate::kinds;
use crate::model::{Environment, Plan, PlanBody};
use crate::render::{json, plan as render};
use crate::world::CallLog;

use super::args::{Cli, Format, PlanArgs};
use super::author::author;
use super::context;
use super::exit::{Exit, Failure};
use super::review::note_open;
use super::saved;
use super::terminal::Terminal;

pub async fn run(cli: &Cli, args: &PlanArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let session = context::session(cli, args.environment, terminal).await?;
    let mut planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(author) = author(args.author.as_deref(), &cli.project) {
        planned.plan = planned.plan.authored(author);
    }
    let saved = if args.save { Some(saved::save(cli, &planned.plan)?) } else { None };
    match args.view.format {
        Format::Json => terminal.print(&json::plan(&planned.plan)),
        Format::Text => {
            let next = next(cli, &planned.plan, saved.as_ref().map(|path| path.display().to_string()).as_deref());
            terminal.print(&render::text(&planned.plan, &kinds::schemas(), &args.view.options(), &terminal.style, &next));
        }
    }
    if let Some(path) = &saved {
        terminal.note(&format!("saved {}", path.display()));
    }
    note_open(&session, terminal).await;
    if args.stats {
        terminal.note(&stats(session.world.calls()));
    }
    let changes = if args.detailed_exitcode && !planned.plan.body.is_empty() { Exit::Changes } else { Exit::Done };
    Ok(changes.worse(quality(&planned.plan.body)))
}

/// What a plan could not promise: refused wishes are errors, failed reads leave it undetermined.
pub fn quality(body: &PlanBody) -> Exit {
    let read_failed = !body.unreadable.is_empty();
    let undetermined = |code: &str| code == "unreadable" || (code == "depends-on-blocked" && read_failed);
    let refused = body.blocked.iter().any(|blocked| !undetermined(&blocked.code));
    let exit = if read_failed { Exit::Undetermined } else { Exit::Done };
    if refused { exit.worse(Exit::Error) } else { exit }
}

fn next(cli: &Cli, plan: &Plan, saved: Option<&str>) -> Vec<String> {
    let (tokaido, environment) = (context::command(cli), plan.body.environment);
    if plan.body.is_empty() {
        return Vec::new();
    }
    match saved {
        Some(path) if environment == Environment::Production => vec![
            format!("{tokaido} approve {path} --key FILE    each approver, after reading it"),
            format!("{tokaido} apply {path}"),
        ],
        Some(path) => vec![format!("{tokaido} apply {path}")],
        None => vec![
            format!("{tokaido} plan {environment} --save    keep this plan for review"),
            format!("{tokaido} apply {environment}          plan again, ask, and apply"),
        ],
    }
}

/// Calls per operation, and how many of them could change something.
pub fn stats(calls: &CallLog) -> String {
    let counts = calls.counts();
    let width = counts.iter().map(|count| count.operation.len()).max().unwrap_or(0);
    let mut lines = vec!["calls:".to_owned()];
    for count in &counts {
        let mark = if count.mutating { "  changing" } else { "" };
        lines.push(format!("  {:width$}  {:>5}{mark}", count.operation, count.count));
    }
    lines.push(format!("calls in all: {}; mutating calls: {}", calls.total(), calls.mutating()));
    lines.join("\n")
}
