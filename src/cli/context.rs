//! From the command line to a session: its files, its world, its store.

use super::args::{Cli, Reads, WorldChoice};
use super::exit::{self, Exit, Failure};
use super::terminal::Terminal;
use super::words::{self, general::General};
use crate::kinds;
use crate::model::{DesiredState, Environment, Explained, Finding, Language, Reason as _, Roles, Said, Severity};
use crate::pipeline::{Session, guard};
use crate::project::{Loaded, Project, Quotes};
use crate::promises::Promises;
use crate::render::findings::{self, Lookup, PromiseText};
use crate::render::text::Style;
use crate::sim::{Log, SimWorld};
use crate::store::checked::CheckedPolicies;
use crate::store::lease::Terms;
use crate::store::{DirectoryStore, Record, Store};
use crate::world::clock::SystemClock;
use crate::world::{Clock as _, ProviderError, Scope, World};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokaido_derive::Reason;

pub const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The command prefix for the same world and project: a pasted line must not lead from a rehearsal to AWS.
pub fn command(cli: &Cli) -> String {
    let mut words = vec!["tokaido".to_owned()];
    match &cli.world {
        WorldChoice::Aws => {}
        WorldChoice::Sandbox(None) => words.push("--world sandbox".to_owned()),
        WorldChoice::Sandbox(Some(file)) => words.push(format!("--world {}", typed(&format!("sandbox:{}", file.display())))),
    }
    if cli.project != std::path::Path::new(".") {
        words.push(format!("--project {}", typed(&cli.project.display().to_string())));
    }
    words.join(" ")
}

/// Quoted so that a shell takes it as one word.
pub fn typed(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:+@%=,".contains(c);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
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

/// The next opening of this sandbox goes on with the state that was read for the time. Only once, so that a long-running command
/// reads anew each time.
static ASKED: Mutex<Option<(PathBuf, Arc<Log>)>> = Mutex::new(None);

pub fn open_sandbox(cli: &Cli) -> Result<Arc<Log>, Failure> {
    let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner).take();
    match asked.filter(|(file, _)| *file == sandbox_file(cli)) {
        Some((_, log)) => Ok(log),
        None => open_anew(cli),
    }
}

fn open_anew(cli: &Cli) -> Result<Arc<Log>, Failure> {
    Log::open(&sandbox_file(cli), SystemClock.now()).map(Arc::new).map_err(Failure::error)
}

/// What a command does to its world. A command that only reads creates no sandbox file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    Change,
}

/// The sandbox as it is; an empty one in memory when it was never started.
pub fn look_into_sandbox(cli: &Cli) -> Result<Arc<Log>, Failure> {
    let file = sandbox_file(cli);
    if file.exists() { open_sandbox(cli) } else { Ok(Arc::new(Log::absent(&file, SystemClock.now()))) }
}

/// The records of an environment.
pub async fn records(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Vec<Record>, Failure> {
    let store = store_of(cli, environment, terminal).await?;
    store.records(environment).await.map_err(|error| Failure::unread(&error, Explained::new("", "")))
}

/// The project's own roles; its mistakes are printed and end the command.
pub fn roles(cli: &Cli, terminal: &Terminal) -> Result<Roles, Failure> {
    let roles = desired(cli, Environment::Production, terminal)?.roles.clone();
    roles.ok_or_else(|| Failure::error(General::NoRoles))
}

/// The time of the chosen world: the simulated one has its own.
pub fn now(cli: &Cli) -> Result<Timestamp, Failure> {
    match &cli.world {
        WorldChoice::Sandbox(_) if sandbox_file(cli).exists() => {
            let log = open_anew(cli)?;
            let now = log.read(|state| state.now).map_err(Failure::error)?;
            *ASKED.lock().unwrap_or_else(PoisonError::into_inner) = Some((sandbox_file(cli), log));
            Ok(now)
        }
        _ => Ok(SystemClock.now()),
    }
}

/// The chosen world as a plan names it, for commands that read no more than records.
pub fn identity(cli: &Cli) -> Result<String, Failure> {
    match &cli.world {
        WorldChoice::Aws => Ok("aws".to_owned()),
        // A world that was never started has no name yet.
        WorldChoice::Sandbox(_) if !sandbox_file(cli).exists() => Ok("sandbox".to_owned()),
        WorldChoice::Sandbox(_) => {
            let name = open_sandbox(cli)?.read(|state| state.name.clone());
            name.map(|name| format!("sandbox {name}")).map_err(Failure::error)
        }
    }
}

/// The same for a person, who knows a sandbox by its file.
pub fn world(cli: &Cli, identity: &str) -> String {
    match &cli.world {
        WorldChoice::Aws => identity.to_owned(),
        WorldChoice::Sandbox(_) => format!("{identity} ({})", sandbox_file(cli).display()),
    }
}

/// The world of a command, as a person knows it. `None` when it cannot be read; then the command has said so.
pub fn named(cli: &Cli, reads: Reads) -> Option<String> {
    match (&cli.world, reads) {
        (_, Reads::Files) => None,
        (WorldChoice::Aws, Reads::World) => Some("aws".to_owned()),
        (WorldChoice::Sandbox(_), Reads::World) | (_, Reads::Sandbox) => {
            let file = sandbox_file(cli);
            let name = file.exists().then(|| open_sandbox(cli).ok()?.read(|state| state.name.clone()).ok()).flatten();
            let name = name.map_or_else(|| "sandbox".to_owned(), |name| format!("sandbox {name}"));
            Some(format!("{name} ({})", file.display()))
        }
    }
}

/// The day in Tokyo, where the operators work.
pub fn today(cli: &Cli) -> Result<Date, Failure> {
    Ok(now(cli)?.to_zoned(tokyo()).date())
}

pub fn tokyo() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC)
}

/// The files of the project, read once in a command. Policies that an earlier run found without mistakes are not checked again.
pub fn files(cli: &Cli) -> Result<&Project, Failure> {
    if let Some(project) = cli.files.get() {
        return Ok(project);
    }
    let project = files_anew(cli)?;
    Ok(cli.files.get_or_init(|| project))
}

/// The same files as they are now, for a command that looks repeatedly.
pub fn files_anew(cli: &Cli) -> Result<Project, Failure> {
    let memory = Arc::new(CheckedPolicies::remembered(checked_policies(cli)));
    Ok(Project::open_at(&cli.project, now(cli)?, memory))
}

/// [`files`] for commands that report whether the files are right: every policy is checked, whatever is remembered.
pub fn checked_files(cli: &Cli) -> Result<Project, Failure> {
    Ok(files(cli)?.remembering(Arc::new(CheckedPolicies::afresh(checked_policies(cli)))))
}

/// What the files say. Findings are not printed yet.
pub fn load(cli: &Cli, environments: &[Environment]) -> Result<Loaded, Failure> {
    Ok(files(cli)?.load(environments, false))
}

/// Everything that tokaido keeps in the project's folder, `.tokaido/`, is within the project. A link that leads out is not
/// followed, as with the files that are read: whoever works with the files of others would write to files of their own.
///
/// # Errors
/// A link of that folder leads out of the project, or nowhere.
pub fn keeps_within(cli: &Cli) -> Result<(), Failure> {
    let mut open = vec![(cli.project.join(".tokaido"), 0)];
    while let Some((path, depth)) = open.pop() {
        let Ok(there) = fs::symlink_metadata(&path) else { continue };
        if there.is_symlink() {
            let within = |whole: PathBuf| cli.project.canonicalize().is_ok_and(|project| whole.starts_with(project));
            if !path.canonicalize().is_ok_and(within) {
                return Err(Failure::error(General::LeadsOut { path: words::path(&path) }));
            }
        }
        // `.tokaido/aws/store/production` may hold a hundred thousand records and is not listed.
        if depth < DEEPEST && path.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink()));
            open.extend(links.map(|entry| (entry.path(), depth + 1)));
        }
    }
    Ok(())
}

/// How deep the folders that hold no records are nested in `.tokaido/`.
const DEEPEST: usize = 3;

/// Of no world, because the result of a check does not depend on one.
fn checked_policies(cli: &Cli) -> PathBuf {
    cli.project.join(".tokaido/cache/checked-policies")
}

/// Ends a command because of mistakes in files.
pub fn mistakes(begin: &Begin, loaded: &Loaded, quotes: &Quotes<'_>, terminal: &Terminal) -> Failure {
    refused(begin, &loaded.findings, &loaded.promises, quotes, terminal)
}

/// The same for mistakes that belong to no environment.
pub fn refused(begin: &Begin, findings: &[Finding], promises: &Promises, quotes: &Quotes<'_>, terminal: &Terminal) -> Failure {
    let text = |language| {
        let all = told(findings, promises, quotes, language, &terminal.error_style);
        format!("{}\n{all}", begin.say(language))
    };
    Failure { exit: Exit::Error, said: Said::new(text(Language::En), text(Language::Ja)) }
}

/// What the mistakes prevented.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Begin {
    #[en("{environment} has mistakes; AWS was not called")]
    #[ja("{environment} のファイルに誤りがあります。AWS は呼び出していません")]
    Environment { environment: Environment },
    #[en("the tree has mistakes, so nothing was frozen")]
    #[ja("ファイルに誤りがあるため、リリースを作成していません")]
    NothingFrozen,
    #[en("nothing was tested")]
    #[ja("テストは実行していません")]
    #[cfg_attr(not(feature = "policy"), expect(dead_code, reason = "policies are tested where there is an engine"))]
    NothingTested,
    #[en("{environment} has mistakes with release {release}; nothing was changed")]
    #[ja("リリース {release} では {environment} に誤りがあります。何も変更していません")]
    WithRelease { environment: Environment, release: String },
    #[en("release {release} cannot be used; nothing was changed")]
    #[ja("リリース {release} は使えません。何も変更していません")]
    NoRelease { release: String },
    #[en("without promises there is nothing to audit; AWS was not called")]
    #[ja("約束を読み込めないため、監査できません。AWS は呼び出していません")]
    NothingToAudit,
}

/// Mistakes in files as a person reads them. No other place of the command line writes them.
pub fn told(findings: &[Finding], promises: &Promises, quotes: &Quotes<'_>, language: Language, style: &Style) -> String {
    let lookup = Lookup { promise: &promise_text(promises), quote: &|place| quotes.quote(place), language };
    findings::text(findings, &lookup, style)
}

fn promise_text(promises: &Promises) -> impl Fn(&str) -> Option<PromiseText> + '_ {
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
pub fn desired(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Arc<DesiredState>, Failure> {
    let mut loaded = load(cli, &[environment])?;
    if has_errors(&loaded.findings) {
        let begin = Begin::Environment { environment };
        return Err(mistakes(&begin, &loaded, &Quotes::of(files(cli)?), terminal));
    }
    loaded.states.remove(&environment).ok_or_else(|| Failure::error(General::NotCompiled { environment }))
}

/// A session for one environment. In AWS this finds the credentials and assumes the role.
pub async fn session(cli: &Cli, environment: Environment, access: Access, terminal: &Terminal) -> Result<Session, Failure> {
    session_of(cli, desired(cli, environment, terminal)?, access, terminal).await
}

/// The same with the credentials as they are, because the role of the file may not exist yet. Records and lease go to the folder,
/// because their bucket does not exist either.
pub async fn session_of_the_caller(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Session, Failure> {
    let desired = desired(cli, environment, terminal)?;
    let as_is = Arc::new(DesiredState { assume_role: None, ..(*desired).clone() });
    let session = session_of(cli, as_is, Access::Change, terminal).await?;
    let store = Arc::new(DirectoryStore::new(store_folder(cli)));
    Ok(Session { store, desired, ..session })
}

/// [`session`] for a desired state that the caller gives.
pub async fn session_of(cli: &Cli, desired: Arc<DesiredState>, access: Access, terminal: &Terminal) -> Result<Session, Failure> {
    let session = connected(cli, desired, access, terminal).await.map_err(|no_world| no_world.failure(terminal))?;
    if let Some(banner) = session.world.banner() {
        terminal.note(banner);
    }
    Ok(session)
}

/// [`session_of`] without banners.
pub async fn connected(cli: &Cli, desired: Arc<DesiredState>, access: Access, terminal: &Terminal) -> Result<Session, NoWorld> {
    let (world, store) = place(cli, &desired, access, terminal).await?;
    let (schemas, lease) = (kinds::schemas(), Terms::default());
    Ok(Session { world, store, desired, schemas, tool_version: TOOL_VERSION, lease })
}

/// The records of this environment in the chosen world, for commands without a session of it.
pub async fn store_of(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Arc<dyn Store>, Failure> {
    if let WorldChoice::Sandbox(_) = cli.world {
        return Ok(Arc::new(DirectoryStore::new(store_folder(cli))));
    }
    let desired = desired(cli, environment, terminal)?;
    store(cli, &desired, terminal).await
}

/// The store of this environment's records. Of AWS it asks only for the caller, in the bucket's account.
pub async fn store(cli: &Cli, desired: &DesiredState, terminal: &Terminal) -> Result<Arc<dyn Store>, Failure> {
    if let Some(store) = folder_store(cli, desired) {
        return Ok(store);
    }
    let (world, store) = place(cli, desired, Access::Read, terminal).await.map_err(|no_world| no_world.failure(terminal))?;
    guard(&*world, desired).await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    Ok(store)
}

/// The records in a folder. Those of the simulated AWS are always there, whatever the file says: a rehearsal must not write to
/// AWS's records.
pub fn folder_store(cli: &Cli, desired: &DesiredState) -> Option<Arc<dyn Store>> {
    let folder = desired.bucket.is_none() || matches!(cli.world, WorldChoice::Sandbox(_));
    folder.then(|| Arc::new(DirectoryStore::new(store_folder(cli))) as Arc<dyn Store>)
}

/// Where the simulated world's records are, whatever the files say.
#[cfg(feature = "watch")]
pub fn simulated_store(cli: &Cli) -> Option<Arc<dyn Store>> {
    matches!(cli.world, WorldChoice::Sandbox(_)).then(|| Arc::new(DirectoryStore::new(store_folder(cli))) as Arc<dyn Store>)
}

/// The chosen world, as this environment sees it, and its records, through one connection.
pub async fn place(
    cli: &Cli,
    desired: &DesiredState,
    access: Access,
    terminal: &Terminal,
) -> Result<(Arc<dyn World>, Arc<dyn Store>), NoWorld> {
    let scope = Scope { environment: desired.environment, account: desired.account.clone() };
    match &cli.world {
        WorldChoice::Sandbox(_) => {
            let log = match access {
                Access::Read => look_into_sandbox(cli),
                Access::Change => open_sandbox(cli),
            };
            let log = log.map_err(|failure| NoWorld::Absent(failure.shown()))?;
            Ok((SimWorld::new(log, scope), Arc::new(DirectoryStore::new(store_folder(cli)))))
        }
        WorldChoice::Aws => aws_place(cli, desired, scope, *terminal).await,
    }
}

/// Why there is no world.
#[derive(Debug)]
#[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only AWS refuses and fails on the way in"))]
pub enum NoWorld {
    /// This binary has no such world, or its file cannot be used.
    Absent(Said),
    /// A gate: the endpoint is neither AWS nor this machine.
    Endpoint(Said),
    /// A setting of this machine that cannot be followed.
    Setting(Said),
    /// A gate: a role of `readers:` is of another account than declared.
    Account(Said),
    Provider(Box<ProviderError>),
}

impl NoWorld {
    pub fn failure(self, terminal: &Terminal) -> Failure {
        match self {
            Self::Absent(text) | Self::Setting(text) => Failure::error(text),
            Self::Endpoint(text) | Self::Account(text) => Failure::refused(text),
            Self::Provider(error) => Failure { exit: Exit::Error, said: exit::provider(&error, &terminal.error_style) },
        }
    }
}

#[cfg(feature = "aws")]
async fn aws_place(
    cli: &Cli,
    desired: &DesiredState,
    scope: Scope,
    terminal: Terminal,
) -> Result<(Arc<dyn World>, Arc<dyn Store>), NoWorld> {
    use crate::aws::{ConnectError, Options, S3Store, connect};
    use crate::world::Listener;

    let options = Options {
        environment: scope.environment,
        assume_role: desired.assume_role.clone(),
        bucket: desired.bucket.clone(),
        allow_endpoints: cli.allow_endpoint.clone(),
        readers: desired.readers.clone(),
        listener: Listener::new(move |notice| terminal.waits(notice)),
    };
    let world = match connect(&options).await {
        Ok(world) => world,
        Err(ConnectError::Endpoint { service, url }) => {
            let upper = service.to_uppercase();
            return Err(NoWorld::Endpoint(General::OtherEndpoint { service, url, upper }.said()));
        }
        Err(ConnectError::Account { role, declared, answered }) => {
            return Err(NoWorld::Account(General::OtherAccount { role, declared, answered }.said()));
        }
        Err(ConnectError::Setting(mistake)) => return Err(NoWorld::Setting(mistake.said())),
        Err(ConnectError::Provider(error)) => return Err(NoWorld::Provider(Box::new(error))),
    };
    let cache = cli.project.join(".tokaido/cache");
    let store: Arc<dyn Store> = match &desired.bucket {
        Some(bucket) => Arc::new(S3Store::new(world.session(), desired, bucket, &cache)),
        None => Arc::new(DirectoryStore::new(store_folder(cli))),
    };
    Ok((Arc::new(world), store))
}

#[cfg(not(feature = "aws"))]
async fn aws_place(_: &Cli, _: &DesiredState, _: Scope, _: Terminal) -> Result<(Arc<dyn World>, Arc<dyn Store>), NoWorld> {
    std::future::ready(Err(NoWorld::Absent(General::WithoutAws.said()))).await
}
