//! `tokaido doctor [ENV…]`: checks what `plan` and `apply` will need. Changes nothing.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use crate::doctor::{self, Check, CheckResult, Connection, EnvironmentReport, Facts, Report, policies};
use crate::model::{DesiredState, Environment, Language, Severity};
use crate::pipeline::examine;
use crate::project::Loaded;
use crate::render::doctor as render;
use crate::render::json;
use crate::render::rows::counted;
use crate::store::lease::{self, judge};
use crate::store::{Store, StoreError};
use crate::world::Clock as _;
use crate::world::clock::SystemClock;

use super::args::{Cli, DoctorArgs, Format, WorldChoice};
use super::context::{self, Access, NoWorld, TOOL_VERSION, store_folder};
use super::exit::{Exit, Failure};
use super::plan::stats;
use super::terminal::Terminal;
use super::validate::policies;
use super::words::applying::WOULD_DO;

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
                checks: [doctor::not_asked("account", "the files of this environment have mistakes")].into(),
            },
        });
    }
    let world = match &cli.world {
        WorldChoice::Aws => "aws",
        WorldChoice::Sandbox(_) => "sandbox (simulated)",
    };
    let report = Report::new(TOOL_VERSION, world.to_owned(), project(cli, environments, &loaded), reports);
    match args.format {
        Format::Json => terminal.print(&json::pretty(&report)),
        Format::Text => {
            terminal.print(&render::text(&report, &terminal.style, &next(cli, &report, environments, terminal.language)));
        }
    }
    Ok(exit(&report))
}

async fn one(cli: &Cli, args: &DoctorArgs, desired: &DesiredState, terminal: &Terminal) -> EnvironmentReport {
    let simulated = matches!(cli.world, WorldChoice::Sandbox(_));
    let nothing = |connection| Facts { connection, reads: Vec::new(), calls: Vec::new(), clock: None, simulated };
    // A folder can be read with any caller.
    let mut readable = context::folder_store(cli, desired);
    let folder = readable.is_some();
    let facts = match context::place(cli, desired, Access::Read).await {
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
                terminal.note(stats(world.calls()));
            }
            facts
        }
        Err(NoWorld::Absent(why)) => nothing(Connection::Absent(why.en)),
        Err(NoWorld::Endpoint(why)) => nothing(Connection::Refused(why.en)),
        Err(NoWorld::Provider(error)) => nothing(Connection::Failed(*error)),
    };
    let mut checks = doctor::environment(desired, &facts);
    match readable {
        Some(store) => checks.extend([records(&*store, desired, folder).await, holder(&*store, desired.environment).await]),
        None => checks.extend(["records", "lease"].map(|check| doctor::not_asked(check, "nobody of this account was reached"))),
    }
    let caller = if let Connection::Answered(caller) = &facts.connection { Some(caller.arn.clone()) } else { None };
    EnvironmentReport { environment: desired.environment, account: Some(desired.account.clone()), caller, checks }
}

/// What needs no account.
fn project(cli: &Cli, environments: &[Environment], loaded: &Loaded) -> Vec<Check> {
    let features = if cfg!(feature = "aws") { "with AWS" } else { "without AWS: only the simulated one" };
    vec![files(cli, environments, loaded), Check::ok("tool", format!("tokaido {TOOL_VERSION}, {features}")), store(cli)]
}

fn files(cli: &Cli, environments: &[Environment], loaded: &Loaded) -> Check {
    let of = |severity| loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let names = environments.iter().map(|environment| environment.as_str()).collect::<Vec<_>>().join(", ");
    if errors > 0 || loaded.states.len() < environments.len() {
        let next = if cli.project.join("environments").is_dir() {
            "tokaido validate"
        } else {
            "tokaido init, or --project DIR: there is no environments/ here"
        };
        let all = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let places = all.map(|finding| match &finding.source {
            Some(source) => format!("{source}: {}", finding.message),
            None => finding.message.to_string(),
        });
        return Check::problem("files", format!("{names}: {}", counted(errors, "mistake", "mistakes")), next)
            .sentences("mistakes", places.collect());
    }
    let rules = policies(loaded.rules.files.len()).en;
    let warned = match warnings {
        0 => String::new(),
        _ => format!(", {} (`tokaido validate`)", counted(warnings, "warning", "warnings")),
    };
    Check::ok("files", format!("{names}: no mistakes{rules}{warned}"))
}

/// Tries it in the nearest folder that exists, and removes the trace.
fn store(cli: &Cli) -> Check {
    let folder = store_folder(cli);
    let there = folder.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let probe = there.join(format!(".tokaido-doctor-{}", std::process::id()));
    let tried = OpenOptions::new().write(true).create_new(true).open(&probe).and_then(|_| fs::remove_file(&probe));
    match tried {
        Ok(()) => Check::ok("store", format!("{} can be written", folder.display())),
        Err(error) => {
            let says = format!("{} cannot be written: {error}", there.display());
            Check::problem("store", says, "let this user write there: `apply` records what it did, `plan --save` keeps plans")
        }
    }
}

/// What was applied before, as far as the store says.
async fn records(store: &dyn Store, desired: &DesiredState, folder: bool) -> Check {
    // The path of the folder adds nothing to the project's path, and differs from machine to machine.
    let place = if folder { String::new() } else { format!(" in {}", store.place()) };
    match store.records(desired.environment).await {
        Ok(records) if records.is_empty() => {
            Check::ok("records", format!("none{place}: nothing was applied from here; drift is found all the same"))
        }
        Ok(records) => Check::ok("records", format!("{} of earlier applies can be read{place}", records.len())),
        Err(error) => {
            failed("records", &error, "restore that record from the bucket's version history or a backup of the folder")
        }
    }
}

/// Whether an apply is running, and its owner.
async fn holder(store: &dyn Store, environment: Environment) -> Check {
    let now = SystemClock.now();
    match store.read_lease(environment).await {
        Ok(None) => Check::ok("lease", "free: never taken"),
        Ok(Some(seen)) => match judge(Some(&seen), now, Duration::ZERO) {
            lease::LeaseState::Free => {
                Check::ok("lease", format!("free: taken {} times, the last one given back", seen.record.fence))
            }
            lease::LeaseState::Dead => Check::ok(
                "lease",
                format!("its holder ended without giving it back ({}); the next apply takes it over", seen.record),
            ),
            lease::LeaseState::Expired => {
                Check::ok("lease", format!("expired, last held by {}; the next apply takes it over", seen.record))
            }
            lease::LeaseState::Held => Check::ok(
                "lease",
                format!("an apply is running: {}; until {:.0} if it is not renewed", seen.record, seen.record.expires_at),
            ),
        },
        Err(error) => failed(
            "lease",
            &error,
            "restore the object from the version history or a backup; take it away only when no apply is running",
        ),
    }
}

fn failed(check: &'static str, error: &StoreError, damaged: &str) -> Check {
    match error {
        StoreError::NoBucket { environment, .. } => {
            Check::problem(check, error.to_string(), format!("tokaido bootstrap {environment}")).refused()
        }
        StoreError::Refused { .. } => {
            Check::problem(check, error.to_string(), "correct `store.bucket`, or allow what docs/permissions.md lists").refused()
        }
        StoreError::Provider { error } => Check::unknown(check, error.to_string(), error.next().to_string()),
        StoreError::Contested { .. } => Check::unknown(check, error.to_string(), "ask again"),
        StoreError::Io { .. } | StoreError::Damaged { .. } | StoreError::Missing { .. } => {
            Check::problem(check, error.to_string(), damaged)
        }
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
