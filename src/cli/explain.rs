//! `tokaido explain FIELD|CODE|CLAUSE`: what a word of a plan, a file or a finding means.

use crate::model::Environment;
use crate::policy;
use crate::render::explain as render;

use super::args::{Cli, ExplainArgs};
use super::context::files;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

pub fn run(cli: &Cli, args: &ExplainArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // The promises and policies that are written here, whatever releases froze; their mistakes are not the question.
    let loaded = files(cli)?.load(&Environment::ALL, true);
    let (promises, policies) = (loaded.promises, policy::compile(&loaded.rules).0);
    let topics = render::find(&args.word, &promises, &policies);
    if topics.is_empty() {
        let near = render::nearest(&args.word, &promises, &policies).join(", ");
        let known = if promises.is_empty() { "; policies/promises.yaml was not found, so clauses are unknown" } else { "" };
        return Err(Failure::error(format!("nothing is called `{}`; the nearest names are {near}{known}", args.word)));
    }
    terminal.print(&render::text(&topics, args.lang.into(), &terminal.style));
    Ok(Exit::Done)
}
