//! Releases as values: the next name, the manifest as it is written, and what differs between two of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::desired::Override;
use crate::desired::release::{Manifest, sha256};
use crate::model::{Divergence, Environment, ReleaseRef};

/// Files by path.
pub type Content = BTreeMap<String, Vec<u8>>;

/// `2026.11.0`, or the number after the highest one of this month.
#[must_use]
pub fn next_id(known: &[String], today: Date) -> String {
    let month = format!("{:04}.{:02}.", today.year(), today.month());
    let used = known.iter().filter_map(|id| id.strip_prefix(&month)?.parse::<u32>().ok()).max();
    format!("{month}{}", used.map_or(0, |number| number + 1))
}

/// The manifest of this content.
#[must_use]
pub fn manifest(id: &str, tool_version: &str, cut_at: Timestamp, note: Option<&str>, content: &Content) -> Manifest {
    Manifest {
        id: id.to_owned(),
        tool_version: tool_version.to_owned(),
        cut_at: cut_at.to_string(),
        note: note.map(str::to_owned),
        files: content.iter().map(|(path, bytes)| (path.clone(), sha256(bytes))).collect(),
    }
}

/// As `release.yaml`. Every text is in quotes, so that no digest looks like a number to YAML.
///
/// # Panics
/// Never: text is always JSON, and JSON's strings are YAML's.
#[must_use]
pub fn written(manifest: &Manifest) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("text is JSON");
    let mut lines = vec![
        "# Written by `tokaido release cut`, never edited: a change of any frozen file is found whenever it is used.".to_owned(),
        "schema: tokaido/release/v1".to_owned(),
        format!("release: {}", quoted(&manifest.id)),
        format!("digest: {}", quoted(&manifest.digest())),
        format!("tool_version: {}", quoted(&manifest.tool_version)),
        format!("cut_at: {}", quoted(&manifest.cut_at)),
    ];
    lines.extend(manifest.note.as_ref().map(|note| format!("note: {}", quoted(note))));
    lines.push("files:".to_owned());
    for (path, sha256) in &manifest.files {
        lines.push(format!("  - path: {}", quoted(path)));
        lines.push(format!("    sha256: {}", quoted(sha256)));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The one that was cut last; names decide between two of the same moment.
#[must_use]
pub fn newest<'a>(manifests: impl IntoIterator<Item = &'a Manifest>) -> Option<&'a Manifest> {
    let when = |manifest: &Manifest| manifest.cut_at.parse::<Timestamp>().unwrap_or(Timestamp::MIN);
    manifests.into_iter().max_by(|a, b| (when(a), ordered(&a.id)).cmp(&(when(b), ordered(&b.id))))
}

/// Numbers inside a name compare as numbers: `2026.11.10` comes after `2026.11.9`.
#[must_use]
pub fn ordered(id: &str) -> Vec<(u64, String)> {
    id.split(['.', '-']).map(|part| (part.parse().unwrap_or(0), part.to_owned())).collect()
}

/// One line of the list of releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub id: String,
    /// What its manifest says; absent when the release is not whole.
    pub release: Option<ReleaseRef>,
    pub cut_at: Option<String>,
    pub tool_version: Option<String>,
    pub note: Option<String>,
    /// Environments whose file names it.
    pub pinned_by: Vec<Environment>,
    /// Why it cannot be used.
    pub problems: Vec<String>,
}

/// One release, and every environment as it would be with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Described {
    pub schema_version: u32,
    pub release: ReleaseRef,
    pub cut_at: String,
    pub tool_version: String,
    pub note: Option<String>,
    /// SHA-256 by path.
    pub files: BTreeMap<String, String>,
    pub environments: Vec<Under>,
}

/// What an environment says differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Under {
    pub environment: Environment,
    pub pinned: bool,
    pub overrides: Vec<Override>,
    pub divergences: Vec<Divergence>,
    /// Mistakes that its files have with this release.
    pub problems: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    Added,
    Removed,
    Changed,
}

/// One line of a changed file with its surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// `-`, `+` or a blank.
    pub sign: char,
    /// In the old file for `-`, else in the new one; from 1.
    pub line: usize,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDiff {
    pub path: String,
    pub fate: Fate,
    /// Groups of lines that belong together; empty for a file that is no text.
    pub hunks: Vec<Vec<DiffLine>>,
}

/// Files that are not the same, sorted by path.
#[must_use]
pub fn differences(old: &Content, new: &Content) -> Vec<FileDiff> {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    let diff = |path: &String| {
        let fate = match (old.contains_key(path), new.contains_key(path)) {
            (false, _) => Fate::Added,
            (_, false) => Fate::Removed,
            _ => Fate::Changed,
        };
        let text =
            |content: &Content| std::str::from_utf8(content.get(path).map_or(&[][..], Vec::as_slice)).ok().map(str::to_owned);
        let hunks = match (text(old), text(new)) {
            (Some(old), Some(new)) => hunks(&old, &new),
            _ => Vec::new(),
        };
        FileDiff { path: path.clone(), fate, hunks }
    };
    differ.map(diff).collect()
}

/// Lines around a change that say where it is.
const AROUND: usize = 2;

fn hunks(old: &str, new: &str) -> Vec<Vec<DiffLine>> {
    let diff = TextDiff::from_lines(old, new);
    let hunk = |ops: &Vec<similar::DiffOp>| {
        let changes = ops.iter().flat_map(|op| diff.iter_changes(op));
        let line = |change: similar::Change<&str>| {
            let (sign, at) = match change.tag() {
                ChangeTag::Delete => ('-', change.old_index()),
                ChangeTag::Insert => ('+', change.new_index()),
                ChangeTag::Equal => (' ', change.new_index()),
            };
            DiffLine { sign, line: at.unwrap_or(0) + 1, text: change.value().trim_end_matches(['\n', '\r']).to_owned() }
        };
        changes.map(line).collect()
    };
    diff.grouped_ops(AROUND).iter().map(hunk).collect()
}
