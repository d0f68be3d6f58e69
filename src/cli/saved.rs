//! Saved plans: where they are written, how they are found, and how any plan is shown.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::file;
use crate::kinds;
use crate::model::plan::NotAPlan;
use crate::model::{Language, Plan, is_invisible};
use crate::render::{Annotations, Detail, PlanOptions, json, plan as render};
use crate::store::{Record, last_begun, spent};

use super::approval_evidence;
use super::args::{Cli, DetailArg, PlanFormat, PlanView, View};
use super::exit::{Exit, Failure};
use super::output;
use super::terminal::Terminal;
use super::words;
use super::words::files::Saved as Told;
use super::words::general::General;

impl View {
    pub fn options(self, language: Language) -> PlanOptions {
        PlanOptions { detail: self.detail.into(), tags: self.tags, language }
    }
}

impl PlanView {
    /// The plan in the requested form. `world` names the world on a terminal, where the plan's own word for it is not enough.
    pub fn write(&self, plan: &Plan, world: &str, terminal: &Terminal, annotations: &Annotations, next: &[String]) -> String {
        let options = PlanOptions { detail: self.detail.into(), tags: self.tags, language: terminal.language };
        let schemas = kinds::schemas();
        match self.format {
            PlanFormat::Json => json::plan(plan),
            PlanFormat::Text => render::text_in(world, plan, &schemas, &options, &terminal.style, next),
            PlanFormat::Md => render::md(plan, &schemas, &options, annotations, next),
            PlanFormat::Html => render::html(plan, &schemas, &options, annotations, next),
        }
    }
}

impl From<DetailArg> for Detail {
    fn from(arg: DetailArg) -> Self {
        match arg {
            DetailArg::Full => Self::Full,
            DetailArg::Changed => Self::Changed,
            DetailArg::Names => Self::Names,
        }
    }
}

/// A plan in its file.
pub struct Saved {
    pub plan: Plan,
    /// Relative to the project.
    pub path: PathBuf,
    /// The file existed already, whoever made it.
    pub kept: bool,
}

/// Writes the plan under its short id. An existing file of the same plan stays when a person has signed it and it can still be
/// applied: another author, caller or end under its name would silently void the signatures.
pub fn save(cli: &Cli, plan: Plan, records: &[Record]) -> Result<Saved, Failure> {
    let relative = Path::new("plans").join(plan.body.environment.as_str()).join(format!("{}.json", &plan.id[..12]));
    let path = cli.project.join(&relative);
    let there = file::text(&path).ok().and_then(|text| Plan::read(&text).ok());
    if let Some(there) = there.filter(|there| same_and_good(there, &plan, records) && signed(cli, there)) {
        return Ok(Saved { plan: there, path: relative, kept: true });
    }
    let failed = |error: std::io::Error| Failure::error(General::NotWritten { path: words::path(&path), error: error.into() });
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    output::replace(&path, &json::plan(&plan)).map_err(failed)?;
    Ok(Saved { plan, path: relative, kept: false })
}

fn signed(cli: &Cli, plan: &Plan) -> bool {
    let folder = approval_evidence::folder(&cli.project, plan.body.environment, &plan.id);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.into_iter().any(|entry| entry.path().extension().is_some_and(|extension| extension == "sig"))
}

/// Whether the file holds this plan, unaltered, unused and not expired.
fn same_and_good(there: &Plan, plan: &Plan, records: &[Record]) -> bool {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let lasts = time(&there.expires_at).zip(time(&plan.created_at)).is_some_and(|(end, now)| now < end);
    let used = spent(records, &there.nonce).is_some() || last_begun(records, &there.id) >= time(&there.created_at);
    there.foreign.is_none()
        && there.body == plan.body
        && there.id == plan.id
        && there.world == plan.world
        && there.seal == there.sealed()
        && lasts
        && !used
}

/// Reads a plan by path, or by the beginning of its id. `otherwise`: the exit code for a file that holds another plan than its name
/// says.
pub fn load(cli: &Cli, name: &str, otherwise: Exit) -> Result<Plan, Failure> {
    // As an operator types it, and as a project in another folder prints it.
    let here = [PathBuf::from(name), cli.project.join(name)].into_iter().find(|path| path.symlink_metadata().is_ok());
    let path = here.map_or_else(|| find(cli, name), Ok)?;
    let bytes =
        file::read(&path).map_err(|error| Failure::error(General::NotRead { path: words::path(&path), error: error.into() }))?;
    let plan = Plan::from_bytes(&bytes).map_err(|error| {
        let NotAPlan { line, column, problem } = error;
        Failure::error(Told::NoPlan { path: words::path(&path), line, column, problem })
    })?;
    // The caller prints all of them; no text of a file may move a cursor.
    let envelope = [
        ("id", &plan.id),
        ("created_at", &plan.created_at),
        ("expires_at", &plan.expires_at),
        ("observed_at", &plan.observed_at),
        ("nonce", &plan.nonce),
        ("caller", &plan.caller),
        ("author", &plan.author),
        ("world", &plan.world),
        ("seal", &plan.seal),
    ];
    if let Some((what, _)) = envelope.into_iter().find(|(_, text)| text.chars().any(is_invisible)) {
        return Err(Failure::new(otherwise, Told::Invisible { what, path: words::path(&path) }));
    }
    match claimed(&path) {
        Some(claimed) if !plan.id.starts_with(claimed) => {
            let id = plan.id.chars().take(12).collect();
            Err(Failure::new(otherwise, Told::OtherPlan { path: words::path(&path), id }))
        }
        _ => Ok(plan),
    }
}

/// The id that a file's name claims; a copy may have any other name.
fn claimed(path: &Path) -> Option<&str> {
    let stem = path.file_stem()?.to_str()?;
    (stem.len() >= 12 && stem.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))).then_some(stem)
}

fn find(cli: &Cli, name: &str) -> Result<PathBuf, Failure> {
    let nothing = || Failure::error(Told::NoSuchPlan { name: name.to_owned(), folder: words::path(&cli.project.join("plans")) });
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(nothing());
    }
    let mut found = Vec::new();
    for environment in crate::model::Environment::ALL {
        let folder = cli.project.join("plans").join(environment.as_str());
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if id.starts_with(name) && path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    match found.len() {
        0 => Err(nothing()),
        1 => found.pop().ok_or_else(nothing),
        _ => {
            let list = found.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
            Err(Failure::error(Told::Several { name: name.to_owned(), list }))
        }
    }
}
