//! The arguments of every command. A command that is not here does not exist yet.
//!
//! In: the words of the command line and a few environment variables. Out: [`Cli`], typed and checked one by one.
//! Must not import: what a command does; only the types into which words are parsed.

mod promotion;
mod sandbox;
mod view;
#[cfg(feature = "watch")]
mod watch;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::model::{Environment, Language};
use crate::project::Project;

use super::terminal::Colour;

pub use self::promotion::{ApproveArgs, PromoteArgs, ReleaseArgs, ReleaseVerb, ReviewArgs, StatusArgs};
pub use self::sandbox::{SandboxArgs, SandboxVerb, moment};
pub use self::view::{DetailArg, Format, LanguageArg, PlanFormat, PlanView, View};
#[cfg(feature = "watch")]
pub use self::watch::WatchArgs;

/// Compare declarative YAML with live AWS in Tokyo and Osaka; plan, apply, find drift.
#[derive(Debug, Parser)]
#[command(name = "tokaido", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// Folder with environments/ and policies/
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub project: PathBuf,

    /// Where the resources are: `aws`, `sandbox` (simulated, kept in .tokaido/), or `sandbox:FILE`
    #[arg(long, global = true, default_value = "aws", value_name = "WORLD", env = "TOKAIDO_WORLD")]
    pub world: WorldChoice,

    /// Accept this host in AWS_ENDPOINT_URL*; loopback needs no permission, every other host does
    #[arg(long, global = true, value_name = "HOST")]
    pub allow_endpoint: Vec<String>,

    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Colour,

    /// Only the result, what went wrong, and what a question is about; no notes, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Each call on standard error; twice: refusals, the lease and the steps too
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Append what is done to this file, one JSON object a line: calls with their request ids, refusals, the lease, steps
    #[arg(long, global = true, value_name = "FILE", env = "TOKAIDO_LOG")]
    pub log: Option<PathBuf>,

    /// The language of what is written for people; json has none
    #[arg(long, global = true, value_enum, default_value_t, value_name = "LANG", env = "TOKAIDO_LANG")]
    pub lang: LanguageArg,

    #[command(subcommand)]
    pub command: Command,

    /// The files of the project, from when they are first asked for.
    #[arg(skip)]
    pub files: OnceLock<Project>,
}

/// The command line. An empty environment variable is one that is not set, whatever argument it stands for: a script empties a
/// variable that it cannot remove.
pub fn command_line() -> clap::Command {
    without_empty_variables(Cli::command())
}

fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let heard = |arg: clap::Arg| if arg.get_env().is_some_and(is_empty) { arg.env(Resettable::Reset) } else { arg };
    command.mut_args(heard).mut_subcommands(without_empty_variables)
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 error · 2 the plan has changes (only with --detailed-exitcode) · 3 drift · \
4 a promise is broken · 5 refused by a gate · 6 apply incomplete · 7 a fresh plan is not empty · 8 could not be determined · 64 wrong usage";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorldChoice {
    Aws,
    /// `None`: the project's own file.
    Sandbox(Option<PathBuf>),
}

impl std::fmt::Display for WorldChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Aws => f.write_str("aws"),
            Self::Sandbox(None) => f.write_str("sandbox"),
            Self::Sandbox(Some(file)) => write!(f, "sandbox:{}", file.display()),
        }
    }
}

impl std::str::FromStr for WorldChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "aws" => Ok(Self::Aws),
            None if text == "sandbox" => Ok(Self::Sandbox(None)),
            Some(("sandbox", file)) if !file.is_empty() => Ok(Self::Sandbox(Some(file.into()))),
            _ => Err(format!("`{text}` is not a world; there are aws, sandbox and sandbox:FILE")),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented starter project; overwrites nothing
    Init(InitArgs),
    /// Check the files: schema, references, addresses, names, quotas. Reads nothing but files
    Validate(ValidateArgs),
    /// Read the live world and show what would change
    Plan(PlanArgs),
    /// Show a saved plan again, offline
    Show(ShowArgs),
    /// Sign a saved plan with your SSH key, withdraw that approval, or list the approvals. Changes nothing in AWS
    Approve(ApproveArgs),
    /// Sign, as a second person, that you have reviewed an emergency override
    Review(ReviewArgs),
    /// Execute a saved plan, or plan an environment and execute that
    Apply(ApplyArgs),
    /// Make the bucket of the records and the two roles, with the credentials at hand. Only makes what is missing
    Bootstrap(BootstrapArgs),
    /// Say what differs from the last apply. Never changes anything
    Drift(DriftArgs),
    /// Judge every promise of the white paper by what AWS says now. Never changes anything
    Audit(AuditArgs),
    /// Prove that no packet passes between tenants, or show one that does. Never changes anything
    Prove(ProveArgs),
    /// Drift and audit at an interval: records what changes and that it looked, and notifies. Never changes a resource
    #[cfg(feature = "watch")]
    Watch(WatchArgs),
    /// Freeze the shared files as a release, show releases, compare two
    Release(ReleaseArgs),
    /// Pin an environment to a release, and show the plan of that. Applies nothing
    Promote(PromoteArgs),
    /// Show each environment: release, last apply, last clean look, promises, holds, which promotion is next
    Status(StatusArgs),
    /// Explain a kind, a field, a code, a clause or a term such as `drift`, in English or Japanese
    Explain(ExplainArgs),
    /// Check what plan and apply will need: files, credentials, account, regions, permissions, clock, quotas. Only reads
    Doctor(DoctorArgs),
    /// The organisation's policies in policies/*.rego: test them, print their input
    Policy(PolicyArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Print the script with which a shell completes commands
    Completions(CompletionsArgs),
    /// The simulated AWS: reset it, list it, change it by hand, let calls fail
    Sandbox(SandboxArgs),
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder, made when it is absent. Without DIR: the project's folder
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct PlanArgs {
    #[arg(value_name = "ENV")]
    pub environment: Environment,
    /// Write the plan to plans/<environment>/<plan>.json
    #[arg(long)]
    pub save: bool,
    /// Who makes the plan: an address in policies/roles.yaml. Without it: git's user.email. The author never approves the plan
    #[arg(long, value_name = "ADDRESS", env = "TOKAIDO_AUTHOR")]
    pub author: Option<String>,
    /// Exit 2 when the plan has changes
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
    #[command(flatten)]
    pub view: PlanView,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A plan file, or the beginning of a plan id under plans/
    #[arg(value_name = "PLAN")]
    pub plan: String,
    #[command(flatten)]
    pub view: PlanView,
}

#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// A plan file, the beginning of a plan id under plans/, or an environment
    #[arg(value_name = "PLAN|ENV")]
    pub target: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How long to wait for another apply of the environment to end, such as 90s, 10m or 1h
    #[arg(long, value_name = "DURATION", default_value = "0s", hide_default_value = true, value_parser = wait)]
    pub wait: Duration,
    /// Skip promotion, policies and approvals for this reason. Recorded, and shown until a second person has reviewed it
    #[arg(long, value_name = "REASON")]
    pub emergency: Option<String>,
    /// Who runs the apply: an address in policies/roles.yaml. Without it: git's user.email
    #[arg(long, value_name = "ADDRESS", env = "TOKAIDO_AUTHOR")]
    pub author: Option<String>,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
    #[command(flatten)]
    pub view: View,
}

#[derive(Debug, Args)]
pub struct BootstrapArgs {
    #[arg(value_name = "ENV")]
    pub environment: Environment,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How long to wait for another apply of the environment to end, such as 90s, 10m or 1h
    #[arg(long, value_name = "DURATION", default_value = "0s", hide_default_value = true, value_parser = wait)]
    pub wait: Duration,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
    #[command(flatten)]
    pub view: View,
}

#[derive(Debug, Args)]
pub struct DriftArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    /// json: one document per environment, one after the other
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
}

/// What a command reads of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Only files: what it says is true of every world.
    Files,
    /// The chosen world, or the records of what was applied to it.
    World,
    /// The simulated world, whichever is chosen.
    Sandbox,
}

impl Command {
    /// Every command says so: an output about a world names it.
    pub const fn reads(&self) -> Reads {
        match self {
            Self::Init(_)
            | Self::Validate(_)
            | Self::Release(_)
            | Self::Explain(_)
            | Self::Completions(_)
            | Self::Schema(_)
            // A saved plan names the world that it was made from.
            | Self::Show(_)
            | Self::Policy(PolicyArgs { verb: PolicyVerb::Test { .. } })
            | Self::Doctor(DoctorArgs { policies: true, .. })
            // `--allowed-signers` prints a file of ssh-keygen.
            | Self::Approve(ApproveArgs { allowed_signers: true, .. }) => Reads::Files,
            Self::Plan(_)
            | Self::Approve(_)
            | Self::Review(_)
            | Self::Apply(_)
            | Self::Audit(_)
            | Self::Bootstrap(_)
            | Self::Drift(_)
            | Self::Promote(_)
            | Self::Prove(_)
            | Self::Status(_)
            | Self::Doctor(_)
            | Self::Policy(_) => Reads::World,
            #[cfg(feature = "watch")]
            Self::Watch(_) => Reads::World,
            Self::Sandbox(_) => Reads::Sandbox,
        }
    }

    /// As it is typed, for the log: the word and no argument, which may be secret.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Validate(_) => "validate",
            Self::Plan(_) => "plan",
            Self::Show(_) => "show",
            Self::Approve(_) => "approve",
            Self::Review(_) => "review",
            Self::Apply(_) => "apply",
            Self::Audit(_) => "audit",
            Self::Bootstrap(_) => "bootstrap",
            Self::Drift(_) => "drift",
            #[cfg(feature = "watch")]
            Self::Watch(_) => "watch",
            Self::Release(_) => "release",
            Self::Promote(_) => "promote",
            Self::Prove(_) => "prove",
            Self::Status(_) => "status",
            Self::Explain(_) => "explain",
            Self::Doctor(_) => "doctor",
            Self::Completions(_) => "completions",
            Self::Policy(_) => "policy",
            Self::Schema(_) => "schema",
            Self::Sandbox(_) => "sandbox",
        }
    }
}

impl From<LanguageArg> for Language {
    fn from(arg: LanguageArg) -> Self {
        match arg {
            LanguageArg::En => Self::En,
            LanguageArg::Ja => Self::Ja,
        }
    }
}

#[derive(Debug, Args)]
pub struct ProveArgs {
    #[command(subcommand)]
    pub verb: ProveVerb,
}

#[derive(Debug, Subcommand)]
pub enum ProveVerb {
    /// For each ordered pair of tenants: isolated, a leak with one packet, or undecided with what was not read
    Isolation {
        #[arg(value_name = "ENV")]
        environment: Environment,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Write the facts and the proof for an independent checker (docs/isolation.md)
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
        /// Print the calls made, per operation
        #[arg(long)]
        stats: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum AuditFormat {
    #[default]
    Text,
    Json,
    /// OSCAL assessment results
    Oscal,
    /// One file for a browser, for paper and for the archive: no script, nothing fetched
    Html,
}

#[derive(Debug, Args)]
pub struct AuditArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    /// Only this promise, by its slug, or the promises of this clause of the white paper
    #[arg(long, value_name = "SLUG|NUMBER")]
    pub clause: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    pub format: AuditFormat,
    /// Show every member of each population, with its facts: value, call and time
    #[arg(long)]
    pub facts: bool,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// db-instance, db-instance.class, protection.point_in_time_recovery, AV201, overlapping-cidr, recovery-copies, 12, drift, "way back"
    #[arg(value_name = "KIND|FIELD|CODE|CLAUSE|TERM", required = true)]
    pub words: Vec<String>,
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Only print the two IAM policies that tokaido's roles need; calls nothing
    #[arg(long)]
    pub policies: bool,
    /// Print the calls made, per operation
    #[arg(long)]
    pub stats: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    pub shell: ShellName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// environments/{dev,staging,production}.yaml
    Environment,
    /// environments/base.yaml
    Base,
    /// policies/promises.yaml
    Promises,
    /// policies/roles.yaml
    Roles,
    /// plan --format json
    Plan,
    /// drift --format json
    Drift,
    /// audit --format json
    Audit,
    /// One line of watch
    Watch,
    /// The input of the policies in policies/*.rego
    PolicyInput,
}

#[derive(Debug, Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    pub verb: PolicyVerb,
}

#[derive(Debug, Subcommand)]
pub enum PolicyVerb {
    /// Run the cases of every policy, and list the lines and conditions that no case needs. Reads nothing but files
    Test {
        /// Files of cases; all of policies/tests/ when none is named
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the input of the policies for a fresh plan as JSON, for example for another engine. Only reads
    Input {
        #[arg(value_name = "ENV")]
        environment: Environment,
    },
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    #[arg(value_enum)]
    pub name: SchemaName,
}

/// As people write it: a number and a unit.
fn wait(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    parsed.ok_or_else(|| "a duration is a number and a unit, such as 90s, 10m or 1h".to_owned())
}
