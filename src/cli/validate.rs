//! `tokaido validate [ENV…]`: every mistake of every file, offline.

use crate::model::Environment;
use crate::render::{findings, json as render_json};

use super::args::{Cli, Format, ValidateArgs};
use super::context::{has_errors, load, promise_text};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

pub fn run(cli: &Cli, args: &ValidateArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let loaded = load(cli, environments)?;
    let broken = has_errors(&loaded.findings);
    match args.format {
        Format::Json => terminal.print(&render_json::findings(&loaded.findings)),
        Format::Text => {
            if !loaded.findings.is_empty() {
                terminal.print(&findings::text(&loaded.findings, &promise_text(&loaded.promises), &terminal.style));
            }
            for (environment, state) in &loaded.states {
                let (resources, divergences) = (state.resources.len(), state.divergences.len());
                let declared = if divergences == 0 { String::new() } else { format!(", {divergences} declared divergence(s)") };
                let from = state.release.as_ref().map_or_else(String::new, |release| format!(", release {}", release.id));
                terminal.print(&format!("{environment}: {resources} resources in account {}{from}{declared}", state.account));
            }
        }
    }
    Ok(if broken { Exit::Error } else { Exit::Done })
}
