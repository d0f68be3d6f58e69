//! `tokaido validate [ENV…]`: every mistake of every file, offline.

use crate::model::{Environment, Finding, Reason as _, Said};
use crate::project::Quotes;
use crate::render::json as render_json;
use crate::render::rows::counted;

use super::args::{Cli, Format, ValidateArgs};
use super::context::{checked_files, has_errors, told};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::words::files::Saved;

pub fn run(cli: &Cli, args: &ValidateArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let files = checked_files(cli)?;
    let mut loaded = files.load(environments, false);
    // When every environment is pinned, only this command checks the tree, which is the next release.
    if loaded.states.len() < environments.len() || loaded.states.values().any(|state| state.release.is_some()) {
        let tree = files.load(environments, true);
        let unsaid = tree.findings.into_iter().filter(|finding| !said(&loaded.findings, finding));
        let unsaid: Vec<_> = unsaid.collect();
        loaded.findings.extend(unsaid);
    }
    let broken = has_errors(&loaded.findings);
    match args.format {
        Format::Json => terminal.print(&render_json::findings(&loaded.findings)),
        Format::Text => {
            if !loaded.findings.is_empty() {
                terminal.print(&told(
                    &loaded.findings,
                    &loaded.promises,
                    &Quotes::of(&files),
                    terminal.language,
                    &terminal.style,
                ));
            }
            for (environment, state) in &loaded.states {
                let (resources, divergences) = (state.resources.len(), state.divergences.len());
                let declared = (divergences > 0).then(|| Saved::Divergences { divergences }.said());
                let release = state.release.as_ref().map(|release| Saved::OfRelease { id: release.id.clone() }.said());
                terminal.say(Saved::Declared {
                    environment: *environment,
                    resources,
                    account: state.account.clone(),
                    release: release.unwrap_or_default(),
                    declared: declared.unwrap_or_default(),
                    policies: policies(state.policies.files.len()),
                });
            }
        }
    }
    Ok(if broken { Exit::Error } else { Exit::Done })
}

/// Prints nothing when there is none.
pub fn policies(count: usize) -> Said {
    if count == 0 {
        Said::default()
    } else {
        Said::new(format!(", {}", counted(count, "policy", "policies")), format!("、ポリシー {count} 件"))
    }
}

/// Fewer environments may have the same mistake when some are pinned.
fn said(findings: &[Finding], finding: &Finding) -> bool {
    findings.iter().any(|known| (&known.source, known.code, &known.message) == (&finding.source, finding.code, &finding.message))
}
