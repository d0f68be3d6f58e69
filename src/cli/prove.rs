//! `tokaido prove isolation ENV`: whether a packet of one tenant can arrive at another. Reads only.

use super::args::{Cli, Format, ProveArgs, ProveVerb};
use super::context::{self, Access};
use super::exit::{Exit, Failure};
use super::output;
use super::plan::stats;
use super::terminal::Terminal;
use crate::model::Language;
use crate::render::prove::{self as render, IsolationProof, ProofPlace};

pub async fn run(cli: &Cli, args: &ProveArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let ProveVerb::Isolation { environment, format, export, stats: counted } = &args.verb;
    // Refused before AWS is asked for anything.
    if let Some(file) = export {
        output::permitted(cli, file, render::EXPORT)?;
    }
    let session = context::session(cli, *environment, Access::Read, terminal).await?;
    let (proved, read_at) = session.prove().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(file) = export {
        output::write(cli, file, render::EXPORT, &render::export(&proved))?;
    }
    let place = ProofPlace {
        environment: *environment,
        account: session.desired.account.clone(),
        world: session.world.identity(),
        read_at,
    };
    let mut proof = IsolationProof::of(place, &proved);
    match format {
        Format::Json => terminal.print(&render::json(&proof)),
        Format::Text => {
            // A person knows a sandbox by its file.
            proof.world = context::world(cli, &proof.world);
            let next = next(cli, &proof, terminal.language);
            terminal.print(&render::text(&proof, &terminal.style, &next, terminal.language));
        }
    }
    if *counted {
        terminal.must_see(stats(session.world.calls()));
    }
    let broken = !proof.leaks.is_empty() || !proof.entries.is_empty();
    let unknown = !proof.undecided.is_empty() || !proof.unsure_entries.is_empty();
    let exit = if broken { Exit::Broken } else { Exit::Done };
    Ok(if unknown { exit.worse(Exit::Undetermined) } else { exit })
}

/// A leak through what is ours is repaired by a plan.
fn next(cli: &Cli, proof: &IsolationProof, language: Language) -> Vec<String> {
    if proof.leaks.is_empty() {
        return Vec::new();
    }
    let what = match language {
        Language::En => "whether a plan closes it: a rule that was added by hand is taken away",
        Language::Ja => "計画で閉じられるかどうか（手作業で加えた規則は取り除かれます）",
    };
    vec![format!("{} plan {}    {what}", context::command(cli), proof.environment)]
}
