//! `tokaido explain KIND|FIELD|CODE|CLAUSE|TERM`: what a word of a plan, a file or a finding means.

use crate::model::{Environment, Reason as _, Said};
use crate::policy;
use crate::render::explain as render;

use super::args::{Cli, ExplainArgs};
use super::context::files;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::words::general::General;

pub fn run(cli: &Cli, args: &ExplainArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let word = args.words.join(" ");
    // The promises and policies of the project's files, not those that a release froze. Mistakes in them are not reported here.
    let loaded = files(cli)?.load(&Environment::ALL, true);
    let (promises, policies) = (loaded.promises, policy::compile(&loaded.rules).0);
    let topics = render::find(&word, &promises, &policies);
    if topics.is_empty() {
        let near = render::nearest(&word, &promises, &policies);
        let known = if promises.is_empty() { General::ClausesUnknown.said() } else { Said::default() };
        return Err(Failure::error(if near.is_empty() {
            General::NothingNear { word, known }
        } else {
            General::NothingCalled { word, near: near.join(", "), known }
        }));
    }
    terminal.print(&render::text(&topics, terminal.language, &terminal.style));
    Ok(Exit::Done)
}
