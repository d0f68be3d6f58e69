//! `tokaido doctor [ENV…]`: checks what `plan` and `apply` will need. Changes nothing.

use super::args::{Cli, DoctorArgs, Format, WorldChoice};
use super::context::{self, Access, NoWorld, TOOL_VERSION, store_folder};
use super::exit::{Exit, Failure};
use super::plan::stats;
use super::terminal::Terminal;
use super::words::applying::WOULD_DO;
use crate::doctor::{
    self, Check, CheckResult, Connection, Counted, EnvironmentReport, Facts, Found, Label, NotAsked, Place, Remedy, Report,
    policies,
};
use crate::model::reason::{Spoken as _, Trouble};
use crate::model::{DesiredState, Environment, Finding, Language, Reason as _, Said, Severity};
use crate::pipeline::examine;
use crate::project::Loaded;
use crate::render::{doctor as render, json};
use crate::store::lease::{self, judge};
use crate::store::{Store, StoreError};
use crate::world::Clock as _;
use crate::world::clock::SystemClock;
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

pub async fn run(cli: &Cli, args: &DoctorArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.policies {
        print_policies(args.format, terminal)?;
        return Ok(Exit::Done);
    }
    let environments = if args.environments.is_empty() { &Environment::ALL[..] } else { &args.environments };
    let loaded = context::load(cli, environments)?;
    let mut reports = Vec::new();
    for environment in environments {
        reports.push(match loaded.states.get(environment) {
            Some(desired) => one(cli, args, desired, terminal).await,
            // Without a state there is no account to compare with, so no call is made.
            None => EnvironmentReport {
                environment: *environment,
                account: None,
                caller: None,
                checks: [doctor::not_asked("account", NotAsked::Mistakes)].into(),
            },
        });
    }
    // A world that cannot be read is among the problems.
    let world = context::identity(cli).unwrap_or_else(|_| "sandbox".to_owned());
    let report = Report::new(TOOL_VERSION, world, project(cli, environments, &loaded), reports);
    let exit = exit(&report);
    match args.format {
        Format::Json => terminal.print(&json::pretty(&report)),
        Format::Text => {
            let next = next(cli, &report, environments, terminal.language);
            let report = Report { world: context::world(cli, &report.world), ..report };
            terminal.print(&render::text(&report, &terminal.style, &next, terminal.language));
        }
    }
    Ok(exit)
}

async fn one(cli: &Cli, args: &DoctorArgs, desired: &DesiredState, terminal: &Terminal) -> EnvironmentReport {
    let simulated = matches!(cli.world, WorldChoice::Sandbox(_));
    let nothing = |connection| Facts { connection, reads: Vec::new(), calls: Vec::new(), clock: None, simulated };
    // A folder can be read with any caller.
    let mut readable = context::folder_store(cli, desired);
    let folder = readable.is_some();
    let facts = match context::place(cli, desired, Access::Read, terminal).await {
        Ok((world, store)) => {
            if let Some(banner) = world.banner() {
                terminal.note(banner);
            }
            let facts = examine(&*world, desired, simulated).await;
            // In another account than the environment's nothing is read.
            if matches!(&facts.connection, Connection::Answered(caller) if caller.account == desired.account) {
                readable = Some(store);
            }
            if args.stats {
                terminal.must_see(stats(world.calls()));
            }
            facts
        }
        Err(NoWorld::Absent(why)) => nothing(Connection::Absent(why)),
        Err(NoWorld::Setting(why)) => nothing(Connection::Misconfigured(why)),
        Err(NoWorld::Endpoint(why) | NoWorld::Account(why)) => nothing(Connection::Refused(why)),
        Err(NoWorld::Provider(error)) => nothing(Connection::Failed(*error)),
    };
    let mut checks = doctor::environment(desired, &facts);
    match readable {
        Some(store) => checks.extend([records(&*store, desired, folder).await, holder(&*store, desired.environment).await]),
        None => checks.extend(["records", "lease"].map(|check| doctor::not_asked(check, NotAsked::NotReached))),
    }
    let caller = if let Connection::Answered(caller) = &facts.connection { Some(caller.arn.clone()) } else { None };
    EnvironmentReport { environment: desired.environment, account: Some(desired.account.clone()), caller, checks }
}

/// What needs no account.
fn project(cli: &Cli, environments: &[Environment], loaded: &Loaded) -> Vec<Check> {
    let version = TOOL_VERSION;
    let tool = if cfg!(feature = "aws") { Found::WithAws { version } } else { Found::WithoutAws { version } };
    vec![files(cli, environments, loaded), Check::ok("tool", tool), store(cli)]
}

fn files(cli: &Cli, environments: &[Environment], loaded: &Loaded) -> Check {
    let of = |severity| loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let named = environments.to_vec();
    if errors > 0 || loaded.states.len() < environments.len() {
        let next = if cli.project.join("environments").is_dir() {
            Remedy::Run { command: "tokaido validate".to_owned() }
        } else {
            Remedy::NoProject
        };
        let all = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let says = Found::Mistakes { environments: named, mistakes: Counted::Mistakes(errors) };
        return Check::problem("files", says, next).sentences(Label::Mistakes, all.map(Finding::placed).collect());
    }
    let (policies, warnings) = (Counted::Policies(loaded.rules.files.len()), Counted::Warnings(warnings));
    Check::ok("files", Found::NoMistakes { environments: named, policies, warnings })
}

/// Tries it in the nearest folder that exists, and removes the trace.
fn store(cli: &Cli) -> Check {
    let folder = store_folder(cli);
    let there = folder.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let probe = there.join(format!(".tokaido-doctor-{}", std::process::id()));
    let tried = OpenOptions::new().write(true).create_new(true).open(&probe).and_then(|_| fs::remove_file(&probe));
    match tried {
        Ok(()) => Check::ok("store", Found::Writable { folder: folder.display().to_string() }),
        Err(error) => {
            let says = Found::NotWritable { folder: there.display().to_string(), error: Trouble(error) };
            Check::problem("store", says, Remedy::LetWrite)
        }
    }
}

/// What was applied before, as far as the store says.
async fn records(store: &dyn Store, desired: &DesiredState, folder: bool) -> Check {
    // The path of the folder adds nothing to the project's path, and differs from machine to machine.
    let place = Place((!folder).then(|| store.place()));
    match store.records(desired.environment).await {
        Ok(records) if records.is_empty() => Check::ok("records", Found::NoRecords { place }),
        Ok(records) => Check::ok("records", Found::Records { count: records.len(), place }),
        Err(error) => failed("records", &error, Remedy::RestoreRecord),
    }
}

/// Whether an apply is running, and its owner.
async fn holder(store: &dyn Store, environment: Environment) -> Check {
    let now = SystemClock.now();
    match store.read_lease(environment).await {
        Ok(None) => Check::ok("lease", Found::NeverTaken),
        Ok(Some(seen)) => {
            let spoken = |language| seen.record.spoken(language).to_string();
            let holder = Said::new(spoken(Language::En), spoken(Language::Ja));
            let until = format!("{:.0}", seen.record.expires_at);
            let found = match judge(Some(&seen), now, Duration::ZERO) {
                lease::LeaseState::Free => Found::Free { times: seen.record.fence },
                lease::LeaseState::Dead => Found::Dead { holder },
                lease::LeaseState::Expired => Found::Expired { holder },
                lease::LeaseState::Held => Found::Held { holder, until },
            };
            Check::ok("lease", found)
        }
        Err(error) => failed("lease", &error, Remedy::RestoreLease),
    }
}

fn failed(check: &'static str, error: &StoreError, damaged: Remedy) -> Check {
    let says = Found::Said { said: error.said() };
    match error {
        StoreError::NoBucket { environment, .. } => {
            Check::problem(check, says, Remedy::Run { command: format!("tokaido bootstrap {environment}") }).refused()
        }
        StoreError::NoVersion { .. } => Check::problem(check, says, Remedy::CorrectBucket),
        StoreError::Refused { .. } => Check::problem(check, says, Remedy::CorrectBucket).refused(),
        StoreError::Provider { error } => Check::unknown(check, says, Remedy::Advice { advice: error.next().said() }),
        StoreError::Contested { .. } => Check::unknown(check, says, Remedy::AskAgain),
        StoreError::Io { .. } | StoreError::Damaged { .. } | StoreError::Missing { .. } => Check::problem(check, says, damaged),
    }
}

fn print_policies(format: Format, terminal: &Terminal) -> Result<(), Failure> {
    match format {
        Format::Text => {
            terminal.print(&format!("# plan, drift, doctor: docs/permissions/read.json\n{}", policies::READ));
            terminal.print(&format!("\n# what apply needs beside it: docs/permissions/apply.json\n{}", policies::APPLY));
        }
        Format::Json => {
            let parse = |text| serde_json::from_str::<serde_json::Value>(text).map_err(|error| Failure::theirs(&error));
            let both = serde_json::json!({ "read": parse(policies::READ)?, "apply": parse(policies::APPLY)? });
            terminal.print(&json::pretty(&both));
        }
    }
    Ok(())
}

/// A refusal by a gate is 5, as everywhere; any other problem is worse.
fn exit(report: &Report) -> Exit {
    report
        .all()
        .map(|check| match check.verdict {
            CheckResult::Ok => Exit::Done,
            CheckResult::Unknown => Exit::Undetermined,
            CheckResult::Problem if check.refused => Exit::Refused,
            CheckResult::Problem => Exit::Error,
        })
        .fold(Exit::Done, Exit::worse)
}

fn next(cli: &Cli, report: &Report, environments: &[Environment], language: Language) -> Vec<String> {
    match (report.verdict, environments.last()) {
        (CheckResult::Ok, Some(environment)) => {
            vec![format!("{} plan {environment}    {}", context::command(cli), WOULD_DO.say(language))]
        }
        _ => Vec::new(),
    }
}
