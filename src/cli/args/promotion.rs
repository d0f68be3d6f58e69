//! Arguments of releases, promotion, approvals, reviews and status.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::model::Environment;

use super::view::{Format, View};

#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// A plan file, or the beginning of a plan id under plans/
    #[arg(value_name = "PLAN", required_unless_present = "allowed_signers")]
    pub plan: Option<String>,
    /// Your private key, or the .pub of a key that an agent holds
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Your id in policies/roles.yaml. Without it, your key finds it
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
    /// Withdraw your approval
    #[arg(long)]
    pub withdraw: bool,
    /// Only list who has approved and what is missing; exit 5 while something is missing
    #[arg(long, conflicts_with_all = ["key", "withdraw", "person"])]
    pub list: bool,
    /// Only print the file that `ssh-keygen -Y verify -f` reads
    #[arg(long, conflicts_with_all = ["plan", "key", "withdraw", "person", "list"])]
    pub allowed_signers: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// The format of --list
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// The id of an emergency override, or the beginning of it
    #[arg(value_name = "EMERGENCY")]
    pub emergency: String,
    /// Your private key, or the .pub of a key that an agent holds
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Your id in policies/roles.yaml. Without it, your key finds it
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct ReleaseArgs {
    #[command(subcommand)]
    pub verb: ReleaseVerb,
}

#[derive(Debug, Subcommand)]
pub enum ReleaseVerb {
    /// Freeze base, policies and the version of tokaido as releases/<id>/
    Cut {
        /// Such as 2026.11.0. Without it: the next number of this month
        #[arg(value_name = "ID", value_parser = release_id)]
        id: Option<String>,
        /// What the release is about, for people
        #[arg(long, value_name = "TEXT", value_parser = words)]
        note: Option<String>,
    },
    /// List every release, newest first, with the environments that are pinned to it
    List {
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show one release: its files, and the overrides of each environment
    Show {
        #[arg(value_name = "ID", value_parser = release_id)]
        id: String,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show what changed between two releases, line by line
    Diff {
        #[arg(value_name = "OLD", value_parser = release_id)]
        old: String,
        /// Without it: the files of the project, as the next release would have them
        #[arg(value_name = "NEW", value_parser = release_id)]
        new: Option<String>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub struct PromoteArgs {
    #[arg(value_name = "RELEASE", value_parser = release_id)]
    pub release: String,
    #[arg(long, value_name = "ENV")]
    pub to: Environment,
    /// Go back to a release that was proven in this environment earlier; the release that is left is held
    #[arg(long, requires = "reason", conflicts_with = "lift_hold")]
    pub back: bool,
    /// Lift the hold of a release that was left by going back
    #[arg(long, requires = "reason")]
    pub lift_hold: bool,
    /// The reason, which is recorded
    #[arg(long, value_name = "TEXT", value_parser = words)]
    pub reason: Option<String>,
    #[command(flatten)]
    pub view: View,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    /// Also read the live world for drift; without it only records are read
    #[arg(long)]
    pub live: bool,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

fn release_id(text: &str) -> Result<String, String> {
    use crate::desired::scalars::{Release, Scalar as _};
    Release::read(text).map(|id| id.as_str().to_owned()).map_err(|refusal| refusal.message.to_string())
}

/// Text for people: not empty, not a secret.
fn words(text: &str) -> Result<String, String> {
    if crate::yaml::secret_value(text) {
        return Err("this looks like a secret, and it would be kept for ever".to_owned());
    }
    if text.trim().is_empty() { Err("say it in words".to_owned()) } else { Ok(text.trim().to_owned()) }
}
