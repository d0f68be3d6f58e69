//! `tokaido show PLAN`: shows any saved plan again, at any age, offline.

use crate::kinds;
use crate::model::{Plan, Reason as _, Said};
use crate::plan;
use crate::render::Annotations;

use super::args::{Cli, PlanFormat, ShowArgs};
use super::context::{self, TOOL_VERSION};
use super::exit::{Exit, Failure};
use super::saved;
use super::terminal::Terminal;
use super::words::applying::Applying;
use super::words::same;

pub fn run(cli: &Cli, args: &ShowArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = saved::load(cli, &args.plan, Exit::Error)?;
    let altered = altered(&plan);
    // A page that stands alone has its next steps; on a terminal the operator has just typed the plan's place.
    let alone = matches!(args.view.format, PlanFormat::Md | PlanFormat::Html);
    let applies = alone && plan.is_current() && altered.is_none() && !plan.body.is_empty() && !plan.body.is_denied();
    let next = applies.then(|| format!("{} apply {}", context::command(cli), args.plan));
    let whole = Some(format!("{} show {} --format html", context::command(cli), args.plan));
    let annotations = Annotations { altered: altered.is_some(), whole, ..Annotations::default() };
    terminal.print(&args.view.write(&plan, &plan.world, terminal, &annotations, next.as_slice()));
    if !plan.is_current() {
        let version = plan.body.schema_version;
        terminal.note(Applying::OnlyShown { version });
    }
    altered.map_or(Ok(Exit::Done), |how| Err(Failure::error(Applying::Altered { how })))
}

/// How a file shows that it was altered.
fn altered(plan: &Plan) -> Option<Said> {
    let found = plan.digest();
    if found != plan.id {
        return Some(Applying::OtherId { found: found[..12].to_owned(), claimed: plan.id.clone() }.said());
    }
    if plan.seal != plan.sealed() {
        return Some(Applying::NotAsSealed.said());
    }
    // Another version may write the same plan otherwise. Only a plan of this version can be approved and applied.
    if !plan.is_current() || plan.body.digests.tool_version != TOOL_VERSION {
        return None;
    }
    if plan.foreign.is_some() {
        return Some(Applying::Foreign.said());
    }
    // Anyone can compute id and seal: what follows from the rest is derived again.
    let wrong = plan::contradictions(&plan.body, &kinds::schemas());
    (!wrong.is_empty()).then(|| same(wrong.join("; ")))
}
