//! `tokaido show PLAN`: any saved plan again, however old, offline.

use super::args::{Cli, PlanFormat, ShowArgs};
use super::context;
use super::exit::{Exit, Failure};
use super::saved;
use super::terminal::Terminal;

pub fn run(cli: &Cli, args: &ShowArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = saved::load(cli, &args.plan)?;
    // A page that stands alone says what follows from it; on a terminal the reader has just typed where the plan is.
    let alone = matches!(args.view.format, PlanFormat::Md | PlanFormat::Html) && !plan.body.is_empty();
    let next = alone.then(|| format!("{} apply {}", context::command(cli), args.plan));
    terminal.print(&args.view.write(&plan, terminal, next.as_slice()));
    let found = plan.body.digest();
    if found != plan.id {
        return Err(Failure::error(format!(
            "this file was altered: its body has the id {} and it says {}",
            &found[..12],
            plan.id
        )));
    }
    Ok(Exit::Done)
}
