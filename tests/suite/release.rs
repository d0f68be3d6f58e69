//! What a release freezes, and that nothing of it can change unseen.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use tokaido::desired::release::Manifest;
use tokaido::govern::release::{Content, Fate, differences, manifest, newest, next_id, written};
use tokaido::model::{Environment, Severity};
use tokaido::project::releases;
use tokaido::project::{Loaded, Reading, load, load_as};

use crate::project::{Project, rendered, today};
use crate::properties::for_each;
use crate::support::project::files;
use crate::table::{BASE, DEV, PRODUCTION, PROMISES};

const ID: &str = "2026.11.0";
const FROZEN_BASE: &str = "releases/2026.11.0/environments/base.yaml";
const FROZEN_PROMISES: &str = "releases/2026.11.0/policies/promises.yaml";
const MANIFEST: &str = "releases/2026.11.0/release.yaml";

fn content(project: &Project) -> Content {
    let loaded = load_as(project.root(), &[], today(), &Reading { tree_only: true, ..Reading::default() });
    assert_eq!(loaded.findings, [], "the tree is good");
    loaded.content
}

fn cut(project: &mut Project, id: &str, content: &Content) -> Manifest {
    let cut_at = "2026-11-01T00:00:00Z".parse().expect("a time");
    let manifest = manifest(id, "0.1.0", cut_at, Some("say \"hello\": # no comment"), content);
    for (path, bytes) in content {
        project.write(&format!("releases/{id}/{path}"), std::str::from_utf8(bytes).expect("text"));
    }
    project.write(&format!("releases/{id}/release.yaml"), &written(&manifest));
    manifest
}

/// The repository's project with a release, and production pinned to it.
fn pinned() -> (Project, Manifest) {
    let mut project = Project::new();
    let content = content(&project);
    let manifest = cut(&mut project, ID, &content);
    project.edit(PRODUCTION, "extends: base.yaml\n", &format!("extends: base.yaml\nrelease: {ID}\n"));
    (project, manifest)
}

fn production(project: &Project) -> Loaded {
    load(project.root(), &[Environment::Production], today())
}

#[test]
fn a_release_is_the_shared_files_and_every_policy() {
    let mut project = Project::new();
    project.write("policies/tests/rules.yaml", "cases: []\n");
    let all = content(&project);
    assert_eq!(all.keys().collect::<Vec<_>>(), [BASE, PROMISES, "policies/tests/rules.yaml"]);
    project.edit(BASE, "schema: tokaido/v1\n", "schema: tokaido/v1\nextends: common.yaml\n");
    project.write("environments/common.yaml", "schema: tokaido/v1\n");
    assert!(content(&project).contains_key("environments/common.yaml"), "and what base extends");
}

#[test]
fn a_pinned_environment_reads_shared_files_from_its_release_alone() {
    let (mut project, manifest) = pinned();
    let loaded = production(&project);
    assert_eq!(loaded.findings, []);
    let before = loaded.states[&Environment::Production].clone();
    let promised = loaded.promises.clone();
    assert_eq!(before.release, Some(manifest.reference()));
    assert_eq!(before.release_tool.as_deref(), Some("0.1.0"));
    let plan = &before.resources[&"backup-plan.main@tokyo".parse().expect("an id")];
    let authored: Vec<_> =
        plan.authored.values().chain([&plan.source]).filter(|place| place.file.ends_with("base.yaml")).collect();
    assert!(!authored.is_empty() && authored.iter().all(|place| place.file == FROZEN_BASE), "{authored:?}");

    // The tree moves on: dev follows it, production does not.
    project.edit(BASE, "keep: 8d", "keep: 9d");
    project.edit(PROMISES, "id: clock\n", "id: clocks\n");
    let after = production(&project);
    assert_eq!(after.findings, [], "mistakes of the tree are not production's");
    assert_eq!(after.states[&Environment::Production], before);
    assert_eq!(after.promises, promised, "what production promises is what was frozen");
    assert_eq!(after.promises_of[&Environment::Production], promised);
    let all = project.load();
    assert!(all.findings.iter().any(|finding| finding.source.as_ref().is_some_and(|place| place.file == PROMISES)));
    assert_eq!(all.states.keys().collect::<Vec<_>>(), [&Environment::Production], "the others need the promises of the tree");
}

#[test]
fn what_production_says_differently_is_declared() {
    let (mut project, _) = pinned();
    assert_eq!(production(&project).overrides[&Environment::Production], []);
    project.edit(
        PRODUCTION,
        "extends: base.yaml\n",
        "extends: base.yaml\nchange: { soak: 48h, notice: 7d }\nlogs: { keep: 545d }\n",
    );
    let loaded = production(&project);
    let state = &loaded.states[&Environment::Production];
    assert_eq!(state.soak_hours, 48);
    let found = &loaded.overrides[&Environment::Production];
    let said: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.base.as_deref(), found.here.as_str())).collect();
    assert_eq!(
        said,
        [("logs.keep", Some("400d"), "545d"), ("change.soak", Some("24h"), "48h")],
        "saying the same is no difference"
    );
}

#[test]
fn a_day_is_the_soak_when_nobody_says() {
    let mut project = Project::new();
    project.edit(BASE, ", soak: 24h", "");
    let loaded = project.load();
    let soaks: Vec<_> = loaded.states.values().map(|state| state.soak_hours).collect();
    assert_eq!(soaks, [24, 1, 24], "{:?}", loaded.findings);
}

/// What is done to the project, the code, the place, and words of the finding.
type Row = (&'static str, fn(&mut Project), &'static str, &'static str, &'static [&'static str]);

/// No digest covers the time of the cut, and the last cut is the release that people are shown first.
#[test]
fn the_time_of_the_cut_is_a_moment_that_has_passed() {
    let (mut project, _) = pinned();
    for (wrong, code) in [
        ("soon", "bad-cut-time"),
        ("", "bad-cut-time"),
        ("2026-11-01", "bad-cut-time"),
        ("2026-11-01 00:00:00Z", "bad-cut-time"),
        ("2026-11-01T00:00Z", "bad-cut-time"),
        ("2026-11-01T00:00:00", "bad-cut-time"),
        ("2026-13-01T00:00:00Z", "bad-cut-time"),
        ("2026-11-01T00:00:00+0900", "bad-cut-time"),
        ("2026-11-01T00:00:00Z[Asia/Tokyo]", "bad-cut-time"),
        ("20261101T000000Z", "bad-cut-time"),
        ("2027-01-01T00:00:00Z", "cut-in-the-future"),
        ("9999-12-30T00:00:00Z", "cut-in-the-future"),
    ] {
        project.edit(MANIFEST, "cut_at: \"2026-11-01T00:00:00Z\"", &format!("cut_at: \"{wrong}\""));
        let loaded = production(&project);
        let found: Vec<_> = loaded.findings.iter().map(|finding| (finding.code, finding.source.clone())).collect();
        assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        let place = found[0].1.as_ref().expect("a place");
        assert_eq!((found[0].0, &*place.file, place.line, place.column), (code, MANIFEST, 6, 9), "{wrong}");
        assert!(loaded.states.is_empty(), "{wrong}");
        project.edit(MANIFEST, &format!("cut_at: \"{wrong}\""), "cut_at: \"2026-11-01T00:00:00Z\"");
    }
    for right in ["2026-10-31T23:59:59.123456789Z", "2026-11-01T09:00:00+09:00", "1999-01-01T00:00:00-05:30"] {
        project.edit(MANIFEST, "cut_at: \"2026-11-01T00:00:00Z\"", &format!("cut_at: \"{right}\""));
        assert_eq!(production(&project).findings, [], "{right}");
        project.edit(MANIFEST, &format!("cut_at: \"{right}\""), "cut_at: \"2026-11-01T00:00:00Z\"");
    }
    // To the minute where the time is known, with the difference of two clocks.
    let at = |moment: &str| {
        let now = moment.parse().expect("a time");
        tokaido::project::Project::open_at(project.root(), now, std::sync::Arc::new(tokaido::policy::Nothing))
            .load(&[Environment::Production], false)
            .findings
    };
    assert_eq!(at("2026-10-31T23:50:00Z"), []);
    assert_eq!(at("2026-10-31T23:30:00Z").len(), 1);
}

#[test]
fn nothing_of_a_release_changes_unseen() {
    let remove = |project: &mut Project, file: &str| fs::remove_file(project.root().join(file)).expect("a file");
    let rows: [(Row, bool); 11] = [
        (
            (
                "a value",
                |p| p.edit(FROZEN_BASE, "35d", "36d"),
                "release-altered",
                FROZEN_BASE,
                &["its SHA-256 is", "the manifest says", "the manifest says it here: releases/2026.11.0/release.yaml:"],
            ),
            true,
        ),
        (
            (
                "a comment",
                |p| p.edit(FROZEN_PROMISES, "schema: tokaido", "# x\nschema: tokaido"),
                "release-altered",
                FROZEN_PROMISES,
                &["policies/promises.yaml` was altered", "exactly as it was cut"],
            ),
            true,
        ),
        (
            (
                "a file too many",
                |p| p.write("releases/2026.11.0/policies/extra.rego", "package x"),
                "release-altered",
                "releases/2026.11.0/policies/extra.rego",
                &["was added"],
            ),
            true,
        ),
        (("another digest", |p| p.edit(MANIFEST, "digest: \"", "digest: \"0000"), "bad-sha256", MANIFEST, &["64 digits"]), false),
        (
            (
                "another tool",
                |p| p.edit(MANIFEST, "tool_version: \"0.1.0\"", "tool_version: \"0.2.0\""),
                "release-altered",
                MANIFEST,
                &["this manifest has the digest"],
            ),
            true,
        ),
        (
            (
                "another name",
                |p| p.edit(MANIFEST, "release: \"2026.11.0\"", "release: \"2026.11.1\""),
                "release-altered",
                MANIFEST,
                &["`2026.11.1` is written in the manifest of 2026.11.0"],
            ),
            true,
        ),
        (
            (
                "a path that leads out",
                |p| p.edit(MANIFEST, "\"environments/base.yaml\"", "\"environments/../../x\""),
                "release-altered",
                MANIFEST,
                &["cannot be in a release"],
            ),
            false,
        ),
        (
            ("a key too many", |p| p.edit(MANIFEST, "files:", "author: alice\nfiles:"), "unknown-key", MANIFEST, &["`author`"]),
            true,
        ),
        (
            (
                "another release, nearly",
                |p| p.edit(PRODUCTION, "release: 2026.11.0", "release: 2026.11.9"),
                "unknown-release",
                PRODUCTION,
                &["there is no release `2026.11.9`", "expected: `2026.11.0`", "production.yaml:5:10"],
            ),
            true,
        ),
        (
            (
                "a name that leads out",
                |p| p.edit(PRODUCTION, "release: 2026.11.0", "release: ../x"),
                "bad-release",
                PRODUCTION,
                &["`../x` is not a release id"],
            ),
            true,
        ),
        (
            (
                "a release in the base",
                |p| p.edit(BASE, "schema: tokaido/v1\n", "schema: tokaido/v1\nrelease: 2026.11.0\n"),
                "release-in-shared-file",
                BASE,
                &["inherited by: dev, staging"],
            ),
            true,
        ),
    ];
    for ((it, alter, code, file, says), alone) in rows {
        let (mut project, _) = pinned();
        alter(&mut project);
        check(it, &project, code, file, says, alone);
    }
    let (mut project, _) = pinned();
    remove(&mut project, FROZEN_BASE);
    check("missing", &project, "release-altered", MANIFEST, &["base.yaml` is missing"], true);
    let (mut project, _) = pinned();
    remove(&mut project, MANIFEST);
    check("no manifest", &project, "unknown-release", PRODUCTION, &["holds no release.yaml, so it is no release"], true);
}

fn check(it: &str, project: &Project, code: &str, file: &str, says: &[&str], alone: bool) {
    let loaded = project.load();
    let errors: Vec<_> = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let all: String = errors.iter().map(|finding| rendered(finding)).collect();
    let there =
        errors.iter().filter(|finding| finding.code == code && finding.source.as_ref().is_some_and(|place| place.file == file));
    let said = there.map(|finding| rendered(finding)).any(|text| says.iter().all(|fragment| text.contains(fragment)));
    assert!(said, "{it}: no {code} in {file} that says {says:?}, but\n{all}");
    assert!(!alone || errors.len() == 1, "{it}: one mistake, one message\n{all}");
    let broken = if file == BASE { Environment::Dev } else { Environment::Production };
    assert!(!loaded.states.contains_key(&broken), "{it}: {broken} has a state in spite of an error");
}

#[test]
fn any_byte_of_any_file_makes_another_release() {
    let all = content(&Project::new());
    let original = manifest(ID, "0.1.0", "2026-11-01T00:00:00Z".parse().expect("a time"), None, &all);
    let later = manifest("2027.01.3", "0.1.0", "2027-01-01T00:00:00Z".parse().expect("a time"), Some("other words"), &all);
    assert_eq!(original.digest(), later.digest(), "neither name, time nor note is content");
    assert_ne!(original.digest(), manifest(ID, "0.1.1", "2026-11-01T00:00:00Z".parse().expect("a time"), None, &all).digest());
    let files: Vec<String> = all.keys().cloned().collect();
    for_each(300, 41, &(prop::sample::select(files), any::<prop::sample::Index>(), 1_u8..), |(file, at, by)| {
        let mut changed = all.clone();
        let bytes = changed.get_mut(&file).expect("a file");
        let at = at.index(bytes.len());
        bytes[at] = bytes[at].wrapping_add(by);
        let altered = manifest(ID, "0.1.0", "2026-11-01T00:00:00Z".parse().expect("a time"), None, &changed);
        assert_ne!(altered.digest(), original.digest(), "{file} byte {at}");
    });
}

/// Whatever is done to one byte of the manifest: it is refused, or what it freezes is the same.
#[test]
fn a_manifest_cannot_lie() {
    let (project, manifest) = pinned();
    let path = project.root().join(MANIFEST);
    let original = fs::read(&path).expect("a manifest");
    for_each(400, 43, &(any::<prop::sample::Index>(), 1_u8..), |(at, by)| {
        let mut bytes = original.clone();
        let at = at.index(bytes.len());
        bytes[at] = bytes[at].wrapping_add(by);
        fs::write(&path, &bytes).expect("a file");
        if let (Some(read), _) = releases::read(&files(project.root()), ID) {
            assert_eq!((read.reference(), &read.files), (manifest.reference(), &manifest.files), "byte {at}");
        }
    });
    fs::write(&path, &original).expect("a file");
    assert_eq!(releases::read(&files(project.root()), ID).0, Some(manifest), "and it reads back as it was written");
}

#[test]
fn names_and_order() {
    let day = jiff::civil::date(2026, 11, 30);
    let known = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(next_id(&[], day), "2026.11.0");
    assert_eq!(next_id(&known(&["2026.11.9", "2026.11.10", "2026.12.40", "hotfix", "2026.11.x"]), day), "2026.11.11");
    let made = |id: &str, at: &str| manifest(id, "0.1.0", at.parse().expect("a time"), None, &BTreeMap::new());
    let all = [
        made("2026.11.10", "2026-11-02T00:00:00Z"),
        made("2026.11.9", "2026-11-02T00:00:00Z"),
        made("2026.12.0", "2026-11-01T00:00:00Z"),
    ];
    assert_eq!(newest(&all).map(|newest| newest.id.as_str()), Some("2026.11.10"), "by time, then by number");
}

#[test]
fn differences_are_lines() {
    let old: Content = [("a.yaml".to_owned(), b"one\ntwo\nthree\n".to_vec()), ("b".to_owned(), b"gone\n".to_vec())].into();
    let new: Content = [("a.yaml".to_owned(), b"one\n2\nthree\n".to_vec()), ("c".to_owned(), vec![0xff, 0xfe])].into();
    let found = differences(&old, &new);
    let fates: Vec<_> = found.iter().map(|file| (file.path.as_str(), file.fate)).collect();
    assert_eq!(fates, [("a.yaml", Fate::Changed), ("b", Fate::Removed), ("c", Fate::Added)]);
    let lines: Vec<_> = found[0].hunks.concat().iter().map(|line| format!("{}{} {}", line.sign, line.line, line.text)).collect();
    assert_eq!(lines, [" 1 one", "-2 two", "+2 2", " 3 three"]);
    assert!(found[2].hunks.is_empty(), "what is no text is only named");
    assert_eq!(differences(&old, &old), []);
}

#[test]
fn an_edit_is_tried_before_it_is_written() {
    let (project, manifest) = pinned();
    let text = project.read(DEV).replacen("extends: base.yaml\n", &format!("extends: base.yaml\nrelease: {ID}\n"), 1);
    let reading = Reading { edits: [(DEV.to_owned(), text.clone().into_bytes())].into(), tree_only: false, ..Reading::default() };
    let tried = load_as(project.root(), &[Environment::Dev], today(), &reading);
    assert_eq!(tried.states[&Environment::Dev].release, Some(manifest.reference()));
    assert_eq!(load(project.root(), &[Environment::Dev], today()).states[&Environment::Dev].release, None);
    fs::write(project.root().join(DEV), text).expect("a file");
    assert_eq!(load(project.root(), &[Environment::Dev], today()).states, tried.states, "the same when it is written");
}
