//! Arguments that say how a command shows what it found.

use clap::{Args, ValueEnum};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// The formats of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PlanFormat {
    #[default]
    Text,
    Json,
    /// One comment for a pull request, never longer than GitHub accepts
    Md,
    /// One file for a browser, for paper and for the archive: no script, nothing fetched
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DetailArg {
    Full,
    #[default]
    Changed,
    Names,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct View {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// How much of each change is shown
    #[arg(long, value_enum, default_value_t)]
    pub detail: DetailArg,
    /// Show changes of tags one by one
    #[arg(long)]
    pub tags: bool,
}

/// Arguments that say how a plan is shown.
#[derive(Debug, Args)]
pub struct PlanView {
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
    /// How much of each change is shown
    #[arg(long, value_enum, default_value_t)]
    pub detail: DetailArg,
    /// Show changes of tags one by one; md and html always do
    #[arg(long)]
    pub tags: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LanguageArg {
    #[default]
    En,
    Ja,
}
