//! One look at one environment, with files, credentials and session read anew. Every failure on the way is a sighting too.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::args::{Cli, WorldChoice};
use crate::cli::context::{self, Access, NoWorld};
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::govern::watch::seen;
use crate::model::{DesiredState, Environment, Said, Severity, Sighting, Verdict, VerdictState};
use crate::pipeline::{Look, PipelineError, Session};
use crate::project::Project;
use crate::promises::Accounts;
use crate::store::{Store, StoreError};
use crate::world::clock::SystemClock;
use crate::world::{CallCount, Clock as _, ProviderError};

/// Longer than all retries of the slowest read. The look ends when there is no answer by then.
const LIMIT: Duration = Duration::from_mins(5);

/// The result of a look, and its cost.
pub(super) struct Saw {
    /// On the world's clock; absent when it could not be read: times of another clock would not be comparable.
    pub(super) at: Option<Timestamp>,
    pub(super) took: Duration,
    pub(super) sighting: Sighting,
    /// Empty when nothing was seen.
    pub(super) verdicts: Vec<Verdict>,
    /// The promises of the environment, by slug, as its files say; empty when they could not be read.
    pub(super) promises: Vec<String>,
    pub(super) exit: Exit,
    /// As declared; absent when the files could not be read.
    pub(super) account: Option<String>,
    /// Which world was asked; absent when none could be.
    pub(super) world: Option<String>,
    pub(super) calls: Vec<CallCount>,
    /// A banner of this world: that it is simulated, or behind another endpoint.
    pub(super) banner: Option<Said>,
    /// The store of the environment's records; absent when the look failed before.
    pub(super) store: Option<Arc<dyn Store>>,
}

/// Why nothing was seen.
struct Blindness {
    class: String,
    words: String,
    exit: Exit,
}

impl Blindness {
    fn new(class: &str, words: impl Into<String>, exit: Exit) -> Self {
        Self { class: class.to_owned(), words: words.into(), exit }
    }

    fn of_provider(error: &ProviderError) -> Self {
        Self::new(error.class.as_str(), format!("{error}; next: {}", error.next()), Exit::Error)
    }

    fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Provider { error } => Self::of_provider(error),
            error if error.is_refusal() => Self::new("records", error.to_string(), Exit::Refused),
            error => Self::new("records", error.to_string(), Exit::Error),
        }
    }

    fn of(error: &PipelineError) -> Self {
        match error {
            PipelineError::Gate(gate) => Self::new("wrong-account", gate.to_string(), Exit::Refused),
            PipelineError::Provider(error) => Self::of_provider(error),
            PipelineError::Store(error) => Self::of_store(error),
            PipelineError::Distrusted(_) => Self::new("internal", error.to_string(), Exit::Error),
            // A look evaluates no policy.
            PipelineError::Policy(_) => Self::new("files", error.to_string(), Exit::Error),
        }
    }

    fn without_world(no_world: &NoWorld) -> Self {
        match no_world {
            NoWorld::Absent(words) => Self::new("no-world", &words.en, Exit::Error),
            NoWorld::Setting(words) => Self::new("setting", &words.en, Exit::Error),
            NoWorld::Endpoint(words) => Self::new("endpoint", &words.en, Exit::Refused),
            NoWorld::Account(words) => Self::new("wrong-account", &words.en, Exit::Refused),
            NoWorld::Provider(error) => Self::of_provider(error),
        }
    }
}

/// The accounts that the files declare, for promises about all of them.
pub(super) fn declared(project: &Project) -> Result<Accounts, String> {
    let loaded = project.load(&[], false);
    if loaded.promises.is_empty() {
        return Err(mistakes(&loaded.findings).unwrap_or_else(|| "without promises there is nothing to judge".to_owned()));
    }
    Ok(Accounts { declared: loaded.accounts, caller: String::new() })
}

pub(super) async fn look(
    cli: &Cli,
    project: Result<&Project, &String>,
    environment: Environment,
    accounts: Result<&Accounts, &String>,
    terminal: &Terminal,
) -> Saw {
    let began = SystemClock.steady();
    let (promises, desired) = match project {
        Ok(project) => files(project, environment),
        Err(words) => (Vec::new(), Err(words.clone())),
    };
    let account = desired.as_ref().ok().map(|desired| desired.account.clone());
    let mut store = desired.as_ref().ok().and_then(|desired| context::folder_store(cli, desired));
    let mut session = None;
    let look = match (desired, accounts) {
        (Ok(desired), Ok(accounts)) => {
            let connected = in_time(context::connected(cli, desired, Access::Read, terminal)).await;
            match connected.and_then(|connected| connected.map_err(|no_world| Blindness::without_world(&no_world))) {
                Ok(connected) => {
                    store = Some(Arc::clone(&connected.store));
                    let session: &Session = session.insert(connected);
                    in_time(session.look(accounts)).await.and_then(|look| look.map_err(|error| Blindness::of(&error)))
                }
                Err(blindness) => Err(blindness),
            }
        }
        (Err(words), _) => Err(Blindness::new("files", words, Exit::Error)),
        (_, Err(words)) => Err(Blindness::new("files", words, Exit::Error)),
    };
    let (sighting, verdicts, exit) = match look {
        Ok(look) => (seen(&look.drift, &look.verdicts), look.verdicts.clone(), ended(&look)),
        Err(Blindness { class, words, exit }) => (Sighting::Blind { class, words }, Vec::new(), exit),
    };
    let at = match &session {
        Some(session) => Some(session.world.clock().now()),
        None => clock(cli),
    };
    Saw {
        at,
        took: SystemClock.steady().saturating_sub(began),
        sighting,
        verdicts,
        promises,
        exit,
        account,
        world: session.as_ref().map(|session| session.world.identity()),
        banner: session.as_ref().and_then(|session| session.world.banner()),
        calls: session.map(|session| session.world.calls().counts()).unwrap_or_default(),
        store: store.or_else(|| context::simulated_store(cli)),
    }
}

/// The world's clock without a session.
fn clock(cli: &Cli) -> Option<Timestamp> {
    let simulated = matches!(cli.world, WorldChoice::Sandbox(_));
    if simulated && !context::sandbox_file(cli).exists() {
        return None;
    }
    context::now(cli).ok()
}

/// A read can be abandoned at any time: it leaves no trace.
async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Blindness> {
    let words = || format!("no answer within {} minutes; next: `tokaido doctor` says what does not answer", LIMIT.as_secs() / 60);
    tokio::time::timeout(LIMIT, work).await.map_err(|_| Blindness::new("no-answer", words(), Exit::Error))
}

/// The promises of the environment, and its files or the first mistake in them.
fn files(project: &Project, environment: Environment) -> (Vec<String>, Result<Arc<DesiredState>, String>) {
    let mut loaded = project.load(&[environment], false);
    let promises = loaded.promises_of.get(&environment).unwrap_or(&loaded.promises);
    let promises = promises.iter().map(|promise| promise.id.clone()).collect();
    let desired = match mistakes(&loaded.findings) {
        Some(words) => Err(words),
        None => loaded.states.remove(&environment).ok_or_else(|| format!("{environment} could not be compiled")),
    };
    (promises, desired)
}

fn mistakes(findings: &[crate::model::Finding]) -> Option<String> {
    let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let first = errors.next()?;
    let said = match &first.source {
        Some(source) => format!("{source}: {}", first.message),
        None => first.message.to_string(),
    };
    Some(match errors.count() {
        0 => said,
        more => format!("{said} (and {more} more; `tokaido validate` says all)"),
    })
}

/// The exit code of `drift` and `audit`.
fn ended(look: &Look) -> Exit {
    let any = |state| look.verdicts.iter().any(|verdict| verdict.state == state);
    let when = |found: bool, exit| if found { exit } else { Exit::Done };
    when(any(VerdictState::Broken), Exit::Broken)
        .worse(when(look.drift.has_drift(), Exit::Drift))
        .worse(when(any(VerdictState::Unknown) || !look.drift.unreadable.is_empty(), Exit::Undetermined))
}
