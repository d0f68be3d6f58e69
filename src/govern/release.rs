//! Releases as values: the next name, the text of the manifest, and what differs between two releases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::desired::Override;
use crate::desired::release::{Manifest, sha256};
use crate::model::{Divergence, Environment, ReleaseRef, Sentence};

/// The bytes of files, by path.
pub type Content = BTreeMap<String, Vec<u8>>;

/// The name of the next release: year, month, and the number after the highest one of the month. The first of November 2026 is `2026.11.0`.
#[must_use]
pub fn next_id(known: &[String], today: Date) -> String {
    let month = format!("{:04}.{:02}.", today.year(), today.month());
    let used = known.iter().filter_map(|id| id.strip_prefix(&month)?.parse::<u32>().ok()).max();
    format!("{month}{}", used.map_or(0, |number| number + 1))
}

/// The manifest of a release with this content. `cut_at` is when it was cut; `note` is what the operator wrote about it.
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

/// The text of `release.yaml`. Every value is in quotes, so that YAML reads no digest as a number.
///
/// # Panics
/// Never: every text can be written as JSON, and the strings of JSON are strings of YAML.
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

/// The release that was cut last. Of two that were cut at the same moment, the later name counts.
#[must_use]
pub fn newest<'a>(manifests: impl IntoIterator<Item = &'a Manifest>) -> Option<&'a Manifest> {
    let when = |manifest: &Manifest| manifest.cut_at.parse::<Timestamp>().unwrap_or(Timestamp::MIN);
    manifests.into_iter().max_by(|a, b| (when(a), ordered(&a.id)).cmp(&(when(b), ordered(&b.id))))
}

/// A form of a name that sorts its numbers as numbers: `2026.11.10` comes after `2026.11.9`.
#[must_use]
pub fn ordered(id: &str) -> Vec<(u64, String)> {
    id.split(['.', '-']).map(|part| (part.parse().unwrap_or(0), part.to_owned())).collect()
}

/// One line of `tokaido release list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The name of the release.
    pub id: String,
    /// The release as its manifest says it. Absent when the release is not whole.
    pub release: Option<ReleaseRef>,
    /// When it was cut, RFC 3339 in UTC.
    pub cut_at: Option<String>,
    /// Version of the tokaido that cut it.
    pub tool_version: Option<String>,
    /// What the operator wrote about it.
    pub note: Option<String>,
    /// The environments whose files pin it.
    pub pinned_by: Vec<Environment>,
    /// Why it cannot be used. Empty when it is whole.
    pub problems: Vec<Sentence>,
}

/// The document of `tokaido release show`: one release, and every environment as it would be with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Described {
    /// Version of this document (`SCHEMA_VERSION`).
    pub schema_version: u32,
    /// The release, by name and digest.
    pub release: ReleaseRef,
    /// When it was cut, RFC 3339 in UTC.
    pub cut_at: String,
    /// Version of the tokaido that cut it.
    pub tool_version: String,
    /// What the operator wrote about it.
    pub note: Option<String>,
    /// SHA-256 of each file by its path, hex.
    pub files: BTreeMap<String, String>,
    /// The environments as they would be with the release.
    pub environments: Vec<Under>,
}

/// What an environment says otherwise than the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Under {
    /// The environment that is described.
    pub environment: Environment,
    /// Whether its file pins the release.
    pub pinned: bool,
    /// The keys that its file repeats with other values.
    pub overrides: Vec<Override>,
    /// The promises that it keeps less strictly.
    pub divergences: Vec<Divergence>,
    /// The mistakes that its files have with this release.
    pub problems: Vec<Sentence>,
}

/// What happened to a file between two releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// Only the new release has it.
    Added,
    /// Only the old release has it.
    Removed,
    /// Both have it, with different bytes.
    Changed,
}

/// One line of a file that differs, or a line near one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// `-` for a line of the old file, `+` for a line of the new file, a blank for a line of both.
    pub sign: char,
    /// The number of the line, from 1: in the old file for `-`, otherwise in the new one.
    pub line: usize,
    /// The text of the line, without its end.
    pub text: String,
}

/// How one file differs between two releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDiff {
    /// The path of the file in the release.
    pub path: String,
    /// What happened to it.
    pub fate: Fate,
    /// Groups of neighbouring lines. Empty for a file that is not text.
    pub hunks: Vec<Vec<DiffLine>>,
}

/// The files that differ, sorted by path.
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

/// How many unchanged lines are shown around a change.
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
