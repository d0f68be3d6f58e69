//! `tokaido release cut|list|show|diff`. Only `cut` writes, and it writes all of a release or nothing.

use super::args::{Cli, Format, ReleaseArgs, ReleaseVerb};
use super::context::{self, Begin, TOOL_VERSION, has_errors};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::words;
use super::words::general::General;
use super::words::releasing::{FREEZE, Releasing};
use crate::desired::layout::RELEASES;
use crate::desired::release::{self as frozen, MANIFEST, Manifest};
use crate::desired::{own_file, pin};
use crate::govern::release::{self as govern, Content, Described, FileDiff, Listed, Under};
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{Environment, Finding, ReleaseRef, Sentence, Severity};
use crate::project::{Project, Quotes, releases};
use crate::promises::Promises;
use crate::render::{json, release as render};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

pub fn run(cli: &Cli, args: &ReleaseArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match &args.verb {
        ReleaseVerb::Cut { id, note } => cut(cli, id.as_deref(), note.as_deref(), terminal),
        ReleaseVerb::List { format } => list(cli, *format, terminal),
        ReleaseVerb::Show { id, format } => show(cli, id, *format, terminal),
        ReleaseVerb::Diff { old, new, format } => diff(cli, old, new.as_deref(), *format, terminal),
    }
}

/// The verified release, or every reason why it is not valid.
pub fn read(cli: &Cli, id: &str, terminal: &Terminal) -> Result<Manifest, Failure> {
    let files = context::files(cli)?;
    let (manifest, found) = releases::read(files, id);
    manifest.ok_or_else(|| broken(id, &found, files, terminal))
}

fn broken(id: &str, found: &[Finding], files: &Project, terminal: &Terminal) -> Failure {
    let begin = Begin::NoRelease { release: id.to_owned() };
    context::refused(&begin, found, &Promises::default(), &Quotes::of(files), terminal)
}

/// The content of the next release: the tree, when no environment has a mistake with it.
fn tree(cli: &Cli, terminal: &Terminal) -> Result<Content, Failure> {
    let files = context::checked_files(cli)?;
    let loaded = files.load(&Environment::ALL, true);
    if has_errors(&loaded.findings) {
        let quotes = Quotes::of(&files);
        return Err(context::mistakes(&Begin::NothingFrozen, &loaded, &quotes, terminal));
    }
    Ok(loaded.content)
}

/// Whether the tree, free of mistakes, differs from this release.
pub fn tree_moved(cli: &Cli, release: &ReleaseRef) -> Result<bool, Failure> {
    let loaded = context::files(cli)?.load(&Environment::ALL, true);
    let tree = govern::manifest(&release.id, TOOL_VERSION, context::now(cli)?, None, &loaded.content);
    Ok(!has_errors(&loaded.findings) && tree.digest() != release.digest)
}

fn cut(cli: &Cli, id: Option<&str>, note: Option<&str>, terminal: &Terminal) -> Result<Exit, Failure> {
    let content = tree(cli, terminal)?;
    let known = releases::known(context::files(cli)?);
    let id = id.map_or_else(|| Ok(govern::next_id(&known, context::today(cli)?)), |id| Ok::<_, Failure>(id.to_owned()))?;
    let target = cli.project.join(frozen::folder(&id));
    if target.symlink_metadata().is_ok() {
        let next = govern::next_id(&known, context::today(cli)?);
        return Err(Failure::error(Releasing::Exists { id, next }));
    }
    let manifest = govern::manifest(&id, TOOL_VERSION, context::now(cli)?, note, &content);
    let earlier = known.iter().map(|id| read(cli, id, terminal)).collect::<Result<Vec<_>, _>>()?;
    if let Some(newest) = govern::newest(&earlier).filter(|newest| newest.digest() == manifest.digest()) {
        return Err(Failure::refused(Releasing::NothingChanged { id: newest.id.clone() }));
    }
    write(cli, &manifest, &content)
        .map_err(|error| Failure::error(General::NothingLeft { path: words::path(&target), error: error.into() }))?;
    terminal.say(Releasing::Cut {
        id,
        digest: manifest.digest()[..12].to_owned(),
        files: words::counted(content.len(), "file", "files", "個のファイル"),
        version: TOOL_VERSION,
        tokaido: context::command(cli),
    });
    Ok(Exit::Done)
}

/// Written in a folder beside its place first, and then moved there as a whole.
fn write(cli: &Cli, manifest: &Manifest, content: &Content) -> io::Result<()> {
    let shelf = cli.project.join(RELEASES);
    let there = shelf.is_dir();
    let aside = shelf.join(format!(".{}.{}.part", manifest.id, std::process::id()));
    let mut files: Vec<(String, &[u8])> = content.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let text = govern::written(manifest);
    files.push((MANIFEST.to_owned(), text.as_bytes()));
    let written = files
        .iter()
        .try_for_each(|(path, bytes)| durable(&aside.join(path), bytes))
        .and_then(|()| fs::rename(&aside, cli.project.join(frozen::folder(&manifest.id))));
    if written.is_err() {
        let _ = fs::remove_dir_all(&aside);
        if !there {
            let _ = fs::remove_dir(&shelf);
        }
    }
    written
}

fn durable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The release that an environment's file names, whatever other mistakes the file has.
fn pinned(cli: &Cli, environment: Environment) -> Option<String> {
    let file = own_file(environment);
    pin::pinned(&file, &context::files(cli).ok()?.text(&file).ok()?)
}

fn list(cli: &Cli, format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
    let files = context::files(cli)?;
    let pins = Environment::ALL.map(|environment| (environment, pinned(cli, environment)));
    let mut releases: Vec<Listed> = releases::known(files)
        .into_iter()
        .map(|id| {
            let (manifest, found) = releases::read(files, &id);
            Listed {
                release: manifest.as_ref().map(Manifest::reference),
                cut_at: manifest.as_ref().map(|manifest| manifest.cut_at.clone()),
                tool_version: manifest.as_ref().map(|manifest| manifest.tool_version.clone()),
                note: manifest.and_then(|manifest| manifest.note),
                pinned_by: pins
                    .iter()
                    .filter(|(_, pin)| pin.as_ref() == Some(&id))
                    .map(|(environment, _)| *environment)
                    .collect(),
                problems: errors(&found),
                id,
            }
        })
        .collect();
    releases.sort_by_key(|listed| std::cmp::Reverse(govern::ordered(&listed.id)));
    match format {
        Format::Json => terminal.print(&json::pretty(&releases)),
        Format::Text => {
            let next = if releases.is_empty() {
                vec![format!("{} release cut    {}", context::command(cli), FREEZE.say(terminal.language))]
            } else {
                Vec::new()
            };
            terminal.print(&render::list(&releases, &terminal.style, &next, terminal.language));
        }
    }
    Ok(if releases.iter().all(|listed| listed.problems.is_empty()) { Exit::Done } else { Exit::Error })
}

fn errors(found: &[Finding]) -> Vec<Sentence> {
    found.iter().filter(|finding| finding.severity == Severity::Error).map(Finding::placed).collect()
}

fn show(cli: &Cli, id: &str, format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
    let manifest = read(cli, id, terminal)?;
    let environments = Environment::ALL.iter().map(|environment| under(cli, *environment, id)).collect::<Result<Vec<_>, _>>()?;
    let described = Described {
        schema_version: SCHEMA_VERSION,
        release: manifest.reference(),
        cut_at: manifest.cut_at,
        tool_version: manifest.tool_version,
        note: manifest.note,
        files: manifest.files,
        environments,
    };
    match format {
        Format::Json => terminal.print(&json::pretty(&described)),
        Format::Text => terminal.print(&render::show(&described, &terminal.style, &[], terminal.language)),
    }
    Ok(Exit::Done)
}

/// The environment with this release.
fn under(cli: &Cli, environment: Environment, id: &str) -> Result<Under, Failure> {
    let pinned = pinned(cli, environment).as_deref() == Some(id);
    let file = own_file(environment);
    let text = context::files(cli)?.text(&file).unwrap_or_default();
    let edited = match pin::pin(&file, &text, id) {
        Ok(edited) => edited,
        Err(error) => {
            let problems = vec![error.into()];
            return Ok(Under { environment, pinned, overrides: Vec::new(), divergences: Vec::new(), problems });
        }
    };
    let edits = [(file, edited.into_bytes())].into();
    let mut loaded = context::files(cli)?.edited(&edits).load(&[environment], false);
    let divergences = loaded.states.get(&environment).map(|state| state.divergences.clone()).unwrap_or_default();
    let overrides = loaded.overrides.remove(&environment).unwrap_or_default();
    Ok(Under { environment, pinned, overrides, divergences, problems: errors(&loaded.findings) })
}

fn diff(cli: &Cli, old: &str, new: Option<&str>, format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
    let files = context::files(cli)?;
    let of = |id: &str| {
        let (found, problems) = releases::content(files, id);
        found.ok_or_else(|| broken(id, &problems, files, terminal))
    };
    let (before, after) = (of(old)?, new.map(of).transpose()?);
    let (content, tool) = match after {
        Some(whole) => (whole.content, whole.manifest.tool_version),
        None => (tree(cli, terminal)?, TOOL_VERSION.to_owned()),
    };
    let files: Vec<FileDiff> = govern::differences(&before.content, &content);
    match format {
        Format::Json => terminal.print(&json::pretty(&files)),
        Format::Text => {
            terminal.print(&render::diff(old, new, &files, &terminal.style, terminal.language));
            if before.manifest.tool_version != tool {
                terminal.print(&format!("tokaido {} → {tool}", before.manifest.tool_version));
            }
        }
    }
    Ok(Exit::Done)
}
