//! `tokaido audit [ENV…]`: every promise with its verdict and its facts. Reads only.

use crate::model::audit::{NotAudited, PromiseWords};
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{AuditReport, Environment, EnvironmentAudit, Language, Said, VerdictState};
use crate::project::Quotes;
use crate::promises::{Accounts, Bilingual, CLAUSES, Promise, Promises};
use crate::render::audit::{self as render, AuditOptions};
use crate::render::json;

use super::args::{AuditArgs, AuditFormat, Cli};
use super::context::{self, Access, Begin};
use super::exit::{Exit, Failure};
use super::plan::stats;
use super::terminal::Terminal;
use super::words::applying::REPAIR;
use super::words::general::General;

pub async fn run(cli: &Cli, args: &AuditArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // All three files are read for their accounts, whichever environments are audited.
    let loaded = context::load(cli, &[])?;
    if loaded.promises.is_empty() {
        let quotes = Quotes::of(context::files(cli)?);
        return Err(context::mistakes(&Begin::NothingToAudit, &loaded, &quotes, terminal));
    }
    let asked = asked(args.clause.as_deref(), &loaded.promises)?;
    let accounts = Accounts { declared: loaded.accounts.clone(), caller: String::new() };
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let mut report = AuditReport {
        schema_version: SCHEMA_VERSION,
        tool_version: context::TOOL_VERSION.to_owned(),
        promises: asked,
        environments: Vec::new(),
        not_audited: Vec::new(),
    };
    let mut exit = Exit::Done;
    for environment in Environment::ALL.into_iter().filter(|environment| environments.contains(environment)) {
        // An environment that cannot be read does not hide the others.
        match one(cli, args, &accounts, environment, terminal).await {
            Ok(mut audit) => {
                audit.verdicts.retain(|verdict| report.promises.iter().any(|words| words.promise == verdict.promise));
                let own = loaded.promises_of.get(&environment);
                let own = own.into_iter().flat_map(Promises::iter).map(words);
                let same = |own: &PromiseWords| report.promises.iter().any(|words| words == own);
                let asked = |own: &PromiseWords| report.promises.iter().any(|words| words.promise == own.promise);
                audit.worded = own.filter(|own| asked(own) && !same(own)).collect();
                report.environments.push(audit);
            }
            Err(failure) if environments.len() == 1 => return Err(failure),
            Err(failure) => {
                terminal.problem(General::Of { environment, problem: failure.shown() });
                report.not_audited.push(NotAudited { environment, problem: failure.text(Language::En) });
                exit = exit.worse(failure.exit);
            }
        }
    }
    if report.any(VerdictState::Broken) {
        exit = exit.worse(Exit::Broken);
    }
    if report.any(VerdictState::Unknown) {
        exit = exit.worse(Exit::Undetermined);
    }
    print(cli, args, &mut report, terminal)?;
    Ok(exit)
}

async fn one(
    cli: &Cli,
    args: &AuditArgs,
    accounts: &Accounts,
    environment: Environment,
    terminal: &Terminal,
) -> Result<EnvironmentAudit, Failure> {
    let session = context::session(cli, environment, Access::Read, terminal).await?;
    let audit = session.audit(accounts).await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if args.stats {
        terminal.must_see(stats(session.world.calls()));
    }
    Ok(audit)
}

fn print(cli: &Cli, args: &AuditArgs, report: &mut AuditReport, terminal: &Terminal) -> Result<(), Failure> {
    let language: Language = terminal.language;
    let text = match args.format {
        AuditFormat::Text => {
            let options = AuditOptions { language, facts: args.facts };
            report.environments.iter_mut().for_each(|audit| audit.world = context::world(cli, &audit.world));
            render::text(report, options, &terminal.style, &next(cli, report, language))
        }
        AuditFormat::Html => render::html(report, AuditOptions { language, facts: true }),
        AuditFormat::Json => json::audit(report),
        AuditFormat::Oscal => render::oscal(report, language).ok_or_else(|| Failure::error(General::NothingAudited))?,
    };
    terminal.print(&text);
    Ok(())
}

fn next(cli: &Cli, report: &AuditReport, language: Language) -> Vec<String> {
    let tokaido = context::command(cli);
    let broken =
        report.environments.iter().filter(|audit| audit.verdicts.iter().any(|verdict| verdict.state == VerdictState::Broken));
    broken.map(|audit| format!("{tokaido} plan {}    {}", audit.environment, REPAIR.say(language))).collect()
}

/// All promises, or those of a slug or a clause.
fn asked(clause: Option<&str>, promises: &Promises) -> Result<Vec<PromiseWords>, Failure> {
    let named = |id: &str, number: &str| clause.is_none_or(|wanted| wanted == id || wanted == number);
    let found: Vec<PromiseWords> = promises.iter().filter(|promise| named(&promise.id, &promise.clause)).map(words).collect();
    match clause.filter(|_| found.is_empty()) {
        None => Ok(found),
        Some(wanted) => {
            let near = nearest(wanted, promises);
            Err(Failure::error(General::NoClause { wanted: wanted.to_owned(), last: CLAUSES, near }))
        }
    }
}

fn words(promise: &Promise) -> PromiseWords {
    let said = |text: &Bilingual| Said::new(text.en.clone(), text.ja.clone());
    PromiseWords {
        promise: promise.id.clone(),
        clause: promise.clause.clone(),
        kind: promise.kind,
        iso27017_2015: promise.controls.iso27017_2015.clone(),
        iso27002_2022: promise.controls.iso27002_2022.clone(),
        title: said(&promise.title),
        sentence: said(&promise.sentence),
    }
}

fn nearest(wanted: &str, promises: &Promises) -> String {
    let mut slugs: Vec<&str> = promises.iter().map(|promise| promise.id.as_str()).collect();
    slugs.sort_by(|a, b| strsim::jaro_winkler(wanted, b).total_cmp(&strsim::jaro_winkler(wanted, a)).then(a.cmp(b)));
    slugs.truncate(3);
    slugs.join(", ")
}
