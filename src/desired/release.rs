//! What a release froze: the manifest of `releases/<id>/`, read and verified. Imports `model` and `promises`.
//!
//! The digest covers every frozen file and the version of the tool, so another content is another release, whatever its name. The
//! time of the cut and the note are for people and are not part of the digest.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::digest::digest;
use crate::model::{Explained, Finding, ReleaseRef, Severity, Source};
use crate::yaml::shown;

use super::decode::{Decode as _, Decoder, Spanned, nearest, spec};
use super::files::{Content, Files};
use super::layout::RELEASES;
use super::said::{FileFault, Place, Right, ValueFault};
use super::scalars::{BadScalar, Release, Scalar, Words, choice, scalar};

/// How far the clock of the machine that cut a release may be ahead of this one.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The one file of a release that is not frozen content.
pub const MANIFEST: &str = "release.yaml";
/// Only files in these folders are frozen.
const CONTENT: [&str; 2] = ["environments/", "policies/"];

choice! {
    /// The version of this file's form.
    pub enum ManifestVersion ("bad-schema-version", "`tokaido/release/v1`", "`tokaido/release/v1`") { V1 = "tokaido/release/v1" }
}

spec! {
    /// What was frozen, by `tokaido release cut`.
    pub struct ManifestFile {
        /// The version of this file's form.
        pub schema: Spanned<ManifestVersion>,
        /// The same as the folder's name.
        pub release: Spanned<Release>,
        /// SHA-256 over the paths and digests of all files and the version of the tool.
        pub digest: Spanned<Sha256Text>,
        /// The tokaido that cut it.
        pub tool_version: Spanned<Words>,
        /// When it was cut.
        pub cut_at: Spanned<CutTime>,
        /// What it is about.
        pub note: Option<Spanned<Words>>,
        /// Sorted by path.
        pub files: Vec<Spanned<FrozenFile>>,
    }
}

spec! {
    /// One frozen file.
    pub struct FrozenFile {
        /// Relative to the release.
        pub path: Spanned<Words>,
        /// SHA-256 of its bytes.
        pub sha256: Spanned<Sha256Text>,
    }
}

/// A SHA-256 in hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sha256Text(String);

impl Scalar for Sha256Text {
    const EXPECTED: Explained =
        Explained::new("a SHA-256: 64 digits 0-9 a-f, in quotes", "SHA-256（0-9 と a-f の 64 桁を引用符で囲む）");

    fn read(text: &str) -> Result<Self, BadScalar> {
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-sha256", ValueFault::is_not(shown(text), "a SHA-256", " SHA-256 ")))
        }
    }

    fn schema() -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
    }
}

/// A moment as RFC 3339 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutTime {
    /// As it is written.
    text: String,
    at: Timestamp,
}

impl Scalar for CutTime {
    const EXPECTED: Explained = Explained::new(
        "a moment as RFC 3339 writes it, in quotes: \"2026-11-01T00:00:00Z\"",
        "RFC 3339 の日時を引用符で囲む: \"2026-11-01T00:00:00Z\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let wrong =
            || BadScalar::new("bad-cut-time", ValueFault::is_not(shown(text), "a moment of RFC 3339", " RFC 3339 の日時"));
        // The reader of times knows more forms than RFC 3339 has: a blank for `T`, zones by name, weeks.
        let digits = |from: usize, to: usize| text.get(from..to).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let form = separators.iter().all(|(at, sign)| text.as_bytes().get(*at) == Some(sign))
            && [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].iter().all(|(from, to)| digits(*from, *to));
        let zone = text.get(19..).map(|rest| rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()));
        let offset = |zone: &str| zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':';
        if !form || !zone.is_some_and(|zone| zone == "Z" || (zone.is_ascii() && offset(zone))) {
            return Err(wrong());
        }
        text.parse().map(|at| Self { text: text.to_owned(), at }).map_err(|_| wrong())
    }

    fn schema() -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

scalar!(Sha256Text, CutTime);

/// A release, as its manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub id: String,
    pub tool_version: String,
    /// RFC 3339.
    pub cut_at: String,
    pub note: Option<String>,
    /// SHA-256 by path; the paths as in a project.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// What promotion, approval and apply compare.
    #[must_use]
    pub fn digest(&self) -> String {
        let files = self.files.iter().flat_map(|(path, sha256)| [path.as_bytes(), sha256.as_bytes()]);
        digest([b"tokaido/release/v1", self.tool_version.as_bytes()].into_iter().chain(files))
    }

    #[must_use]
    pub fn reference(&self) -> ReleaseRef {
        ReleaseRef { id: self.id.clone(), digest: self.digest() }
    }
}

/// SHA-256 of one file's bytes, hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    crate::model::digest::hex(&sha2::Sha256::digest(bytes))
}

/// `releases/2026.11.0/`
#[must_use]
pub fn folder(id: &str) -> String {
    format!("{RELEASES}/{id}/")
}

/// The release, or `None` with the reasons among the findings. `asked` is the place that names it.
pub fn load(files: &mut Files, id: &str, asked: Option<&Source>, findings: &mut Vec<Finding>) -> Option<Manifest> {
    let name = format!("{}{MANIFEST}", folder(id));
    if matches!(files.content(&name), Content::Missing) {
        findings.push(unknown(files, id, asked));
        return None;
    }
    let before = findings.len();
    let tree = files.tree(&name, None, findings)?;
    let mut decoder = Decoder::default();
    let file = ManifestFile::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let file = file?;
    verify(files, id, &file, findings);
    let bad = findings[before..].iter().any(|finding| finding.severity == Severity::Error);
    (!bad).then(|| manifest(&file))
}

fn manifest(file: &ManifestFile) -> Manifest {
    Manifest {
        id: file.release.as_str().to_owned(),
        tool_version: file.tool_version.as_str().to_owned(),
        cut_at: file.cut_at.text.clone(),
        note: file.note.as_ref().map(|note| note.as_str().to_owned()),
        files: file.files.iter().map(|file| (file.path.as_str().to_owned(), file.sha256.0.clone())).collect(),
    }
}

fn unknown(files: &Files, id: &str, asked: Option<&Source>) -> Finding {
    let known = files.folders(RELEASES);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if known.contains(&id) {
        let message = FileFault::NoManifest { folder: folder(id), manifest: MANIFEST.to_owned() };
        return Finding::error("unknown-release", asked, message).expected(Right::AsItWasCut);
    }
    let finding = Finding::error("unknown-release", asked, FileFault::NoRelease { id: shown(id) });
    let expected = match (nearest(id, &known), known.as_slice()) {
        (_, []) => Right::CutOne,
        (Some(near), _) => Right::NearRelease { near: near.to_owned() },
        (None, all) => Right::OneOf { all: all.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ") },
    };
    finding.expected(expected)
}

/// Every difference between the folder and its manifest.
fn verify(files: &mut Files, id: &str, file: &ManifestFile, findings: &mut Vec<Finding>) {
    let altered = |source: &Source, message: FileFault| {
        Finding::error("release-altered", Some(source), message).expected(Right::FolderAsCut { folder: folder(id) })
    };
    if file.release.as_str() != id {
        let message = FileFault::OtherId { written: file.release.as_str().to_owned(), id: id.to_owned() };
        findings.push(altered(&file.release.source, message));
    }
    // No digest covers the time, and the release that was cut last is the next one that people look at.
    if file.cut_at.at > files.now().checked_add(SKEW).unwrap_or(Timestamp::MAX) {
        let message = FileFault::CutLater { at: file.cut_at.text.clone(), now: format!("{:.0}", files.now()) };
        let finding = Finding::error("cut-in-the-future", Some(&file.cut_at.source), message);
        findings.push(finding.expected(Right::PastOfTheCut));
    }
    let computed = manifest(file).digest();
    if computed != file.digest.0 {
        let message = FileFault::OtherDigest { found: computed[..12].to_owned(), said: file.digest.0[..12].to_owned() };
        findings.push(altered(&file.digest.source, message));
    }
    for entry in &file.files {
        let path = entry.path.as_str();
        if !CONTENT.iter().any(|folder| path.starts_with(folder)) || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let message = FileFault::NotInRelease { path: shown(path) };
            findings.push(altered(&entry.path.source, message));
            continue;
        }
        let whole = format!("{}{path}", folder(id));
        let place = Source { file: (&whole).into(), line: 1, column: 1 };
        let said = &entry.sha256;
        let finding = match files.content(&whole) {
            Content::Bytes(bytes) => {
                let found = sha256(bytes);
                if found == said.0 {
                    continue;
                }
                let (found, said) = (found[..12].to_owned(), said.0[..12].to_owned());
                let message = FileFault::Altered { path: whole.clone(), found, said };
                altered(&place, message)
            }
            Content::Missing => altered(&said.source, FileFault::Gone { path: whole.clone(), said: said.0[..12].to_owned() }),
            Content::TooLarge(length) => altered(&place, FileFault::AlteredLength { path: whole.clone(), length: *length }),
            Content::Failed(why) => altered(&place, FileFault::Unreadable { file: whole.clone(), why: why.clone() }),
        };
        findings.push(finding.related(Place::Manifest, &said.source));
    }
    let listed: Vec<&str> = file.files.iter().map(|entry| entry.path.as_str()).chain([MANIFEST]).collect();
    match files.below(&folder(id)) {
        Ok(present) => {
            for path in present.iter().filter(|path| !listed.contains(&path.as_str())) {
                let whole = format!("{}{path}", folder(id));
                let place = Source { file: (&whole).into(), line: 1, column: 1 };
                findings.push(altered(&place, FileFault::Added { path: whole.clone() }));
            }
        }
        Err(error) => findings.push(altered(
            &file.files_place(),
            FileFault::Unlisted { folder: folder(id).trim_end_matches('/').to_owned(), why: error.into() },
        )),
    }
}

impl ManifestFile {
    fn files_place(&self) -> Source {
        self.files.first().map_or_else(|| self.schema.source.clone(), |file| file.source.clone())
    }
}
