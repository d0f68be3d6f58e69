//! `tokaido show PLAN`: any saved plan again, however old, offline.

use crate::kinds;
use crate::render::{json, plan as render};

use super::args::{Cli, Format, ShowArgs};
use super::exit::{Exit, Failure};
use super::saved;
use super::terminal::Terminal;

pub fn run(cli: &Cli, args: &ShowArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = saved::load(cli, &args.plan)?;
    match args.view.format {
        Format::Json => terminal.print(&json::plan(&plan)),
        Format::Text => terminal.print(&render::text(&plan, &kinds::schemas(), &args.view.options(), &terminal.style, &[])),
    }
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
