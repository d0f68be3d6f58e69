//! From the command line to a session: which files, which world, which store.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::desired::{self, Loaded};
use crate::kinds;
use crate::model::{DesiredState, Environment, Finding, Roles, Severity};
use crate::pipeline::Session;
use crate::promises::Promises;
use crate::render::errors;
use crate::render::findings::{self, PromiseText};
use crate::sim::{Log, SimWorld};
use crate::store::{DirectoryStore, Record, Store as _};
use crate::world::clock::SystemClock;
use crate::world::{Clock as _, ProviderError, Scope, World};

use super::args::{Cli, WorldChoice};
use super::exit::Failure;
use super::terminal::Terminal;

pub const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a user types to reach the same world and project again: a pasted line must not lead from a rehearsal to AWS.
pub fn command(cli: &Cli) -> String {
    let mut words = vec!["tokaido".to_owned()];
    match &cli.world {
        WorldChoice::Aws => {}
        WorldChoice::Sandbox(None) => words.push("--world sandbox".to_owned()),
        WorldChoice::Sandbox(Some(file)) => words.push(format!("--world sandbox:{}", file.display())),
    }
    if cli.project != std::path::Path::new(".") {
        words.push(format!("--project {}", cli.project.display()));
    }
    words.join(" ")
}

/// The sandbox file: named on the command line, or the project's own.
pub fn sandbox_file(cli: &Cli) -> PathBuf {
    match &cli.world {
        WorldChoice::Sandbox(Some(file)) => file.clone(),
        _ => cli.project.join(".tokaido/sandbox/world.jsonl"),
    }
}

/// Records belong to the world they describe, so each world has its own folder.
pub fn store_folder(cli: &Cli) -> PathBuf {
    match &cli.world {
        WorldChoice::Aws => cli.project.join(".tokaido/aws/store"),
        WorldChoice::Sandbox(_) => sandbox_store(cli),
    }
}

/// What was applied to the sandbox file.
pub fn sandbox_store(cli: &Cli) -> PathBuf {
    match &cli.world {
        WorldChoice::Sandbox(Some(file)) => {
            let mut name = file.as_os_str().to_owned();
            name.push(".store");
            name.into()
        }
        _ => cli.project.join(".tokaido/sandbox/store"),
    }
}

pub fn open_sandbox(cli: &Cli) -> Result<Arc<Log>, Failure> {
    Log::open(&sandbox_file(cli), SystemClock.now()).map(Arc::new).map_err(|error| Failure::error(error.to_string()))
}

pub fn store(cli: &Cli) -> DirectoryStore {
    DirectoryStore::new(store_folder(cli))
}

/// What was recorded of an environment, without asking anybody else.
pub async fn records(cli: &Cli, environment: Environment) -> Result<Vec<Record>, Failure> {
    store(cli).records(environment).await.map_err(|error| Failure::error(error.to_string()))
}

/// The project's own roles; its mistakes are printed and end the command.
pub fn roles(cli: &Cli, terminal: &Terminal) -> Result<Roles, Failure> {
    let roles = desired(cli, Environment::Production, terminal)?.roles;
    roles.ok_or_else(|| Failure::error("there is no policies/roles.yaml: `tokaido schema roles` says what it holds"))
}

/// The time of the chosen world: the simulated one has its own.
pub fn now(cli: &Cli) -> Result<Timestamp, Failure> {
    match &cli.world {
        WorldChoice::Sandbox(_) if sandbox_file(cli).exists() => {
            open_sandbox(cli)?.read(|state| state.now).map_err(|error| Failure::error(error.to_string()))
        }
        _ => Ok(SystemClock.now()),
    }
}

/// Loads and checks the files. Findings are not printed yet.
pub fn load(cli: &Cli, environments: &[Environment]) -> Result<Loaded, Failure> {
    // A divergence lasts until the end of its day in Tokyo, where its owner works.
    let zone = TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC);
    Ok(desired::load(&cli.project, environments, now(cli)?.to_zoned(zone).date()))
}

pub fn promise_text(promises: &Promises) -> impl Fn(&str) -> Option<PromiseText> + '_ {
    |slug| {
        promises.get(slug).map(|promise| PromiseText {
            slug: slug.to_owned(),
            clause: promise.clause.clone(),
            title_en: promise.title.en.clone(),
            title_ja: promise.title.ja.clone(),
        })
    }
}

pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// One environment, complete; its mistakes are printed and end the command.
pub fn desired(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<DesiredState, Failure> {
    let mut loaded = load(cli, &[environment])?;
    if has_errors(&loaded.findings) {
        let text = findings::text(&loaded.findings, &promise_text(&loaded.promises), &terminal.error_style);
        return Err(Failure::error(format!("{environment} has mistakes; AWS was not called\n{text}")));
    }
    loaded.states.remove(&environment).ok_or_else(|| Failure::error(format!("{environment} could not be compiled")))
}

/// A session for one environment. In AWS this is where credentials are found and the role is assumed.
pub async fn session(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Session, Failure> {
    let desired = desired(cli, environment, terminal)?;
    let world = match world(cli, &desired).await {
        Ok(world) => world,
        Err(NoWorld::Absent(text)) => return Err(Failure::error(text)),
        Err(NoWorld::Endpoint(text)) => return Err(Failure::refused(format!("refused: {text}"))),
        Err(NoWorld::Provider(error)) => return Err(Failure::error(errors::text(&error, &terminal.error_style))),
    };
    if let Some(banner) = world.banner() {
        terminal.note(&banner);
    }
    Ok(Session {
        world,
        store: Arc::new(store(cli)),
        desired: Arc::new(desired),
        schemas: kinds::schemas(),
        tool_version: TOOL_VERSION,
    })
}

/// Why there is no world to ask.
#[derive(Debug)]
#[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only AWS refuses and fails on the way in"))]
pub enum NoWorld {
    /// Not in this binary, or its file cannot be used.
    Absent(String),
    /// A gate: the endpoint is neither AWS nor this machine.
    Endpoint(String),
    Provider(Box<ProviderError>),
}

/// The chosen world, as this environment sees it.
pub async fn world(cli: &Cli, desired: &DesiredState) -> Result<Arc<dyn World>, NoWorld> {
    let scope = Scope { environment: desired.environment, account: desired.account.clone() };
    match &cli.world {
        WorldChoice::Sandbox(_) => {
            let log = open_sandbox(cli).map_err(|failure| NoWorld::Absent(failure.text))?;
            Ok(SimWorld::new(log, scope))
        }
        WorldChoice::Aws => aws_world(cli, desired, scope).await,
    }
}

#[cfg(feature = "aws")]
async fn aws_world(cli: &Cli, desired: &DesiredState, scope: Scope) -> Result<Arc<dyn World>, NoWorld> {
    use crate::aws::{ConnectError, Options, connect};

    let options = Options {
        environment: scope.environment,
        assume_role: desired.assume_role.clone(),
        allow_endpoints: cli.allow_endpoint.clone(),
    };
    match connect(&options).await {
        Ok(world) => Ok(Arc::new(world)),
        Err(error @ ConnectError::Endpoint { .. }) => Err(NoWorld::Endpoint(error.to_string())),
        Err(ConnectError::Provider(error)) => Err(NoWorld::Provider(Box::new(error))),
    }
}

#[cfg(not(feature = "aws"))]
async fn aws_world(_: &Cli, _: &DesiredState, _: Scope) -> Result<Arc<dyn World>, NoWorld> {
    std::future::ready(Err(NoWorld::Absent(
        "this tokaido was built without the feature `aws`: use `--world sandbox`, or build with the default features".to_owned(),
    )))
    .await
}
