//! `policies/*.rego`: the organisation's policies, of the tree or of a release. `policy` reads them; their mistakes are reported
//! with all others.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Finding, PolicyFiles, Source};
use crate::policy::{self, Memory};

use super::files::Files;
use super::said::{FileFault, Right};

const FOLDER: &str = "policies";
/// Cases; `tokaido policy test` reads them.
const TESTS: &str = "tests/";
/// Files of the folder that other code reads.
const OTHERS: [&str; 2] = ["promises.yaml", "roles.yaml"];

/// `prefix` is the folder of the release; empty for the tree. Places have it and the digest has not: equal policies have one
/// digest wherever they are. Texts that `memory` knows to have no mistakes are not checked again.
pub fn load(files: &mut Files, prefix: &str, memory: &dyn Memory, findings: &mut Vec<Finding>) -> PolicyFiles {
    let folder = format!("{prefix}{FOLDER}");
    let names = match files.below(&folder) {
        Ok(names) => names,
        Err(error) => {
            findings.push(Finding::error(
                "unreadable-file",
                None,
                FileFault::Unlisted { folder: folder.clone(), why: error.into() },
            ));
            return PolicyFiles::default();
        }
    };
    let mut found = BTreeMap::new();
    for name in names.iter().filter(|name| rego(name) && !name.starts_with(TESTS)) {
        let path = format!("{folder}/{name}");
        if name.contains('/') {
            let place = Source { file: path.into(), line: 1, column: 1 };
            let finding =
                Finding::error("misplaced-policy", Some(&place), FileFault::NoPolicyRead { path: format!("{folder}/{name}") });
            findings.push(finding.expected(Right::DirectlyIn { folder: FOLDER.to_owned() }));
            continue;
        }
        match files.text(&path) {
            Ok(text) => _ = found.insert(path, text.to_owned()),
            Err(finding) => findings.push(*finding),
        }
    }
    // A release stays as it was frozen; `release cut` checked all of it.
    if prefix.is_empty() {
        unread(files, &names, findings);
    }
    if found.is_empty() {
        return PolicyFiles::default();
    }
    let own = found.iter().map(|(path, text)| (path[prefix.len()..].to_owned(), text.clone()));
    let digest = policy::digest(&own.collect());
    let mut policies = PolicyFiles { files: found, digest, checked: false };
    let mistakes = policy::check(&policies, memory);
    policies.checked = mistakes.is_empty();
    findings.extend(mistakes);
    policies
}

/// Files in these folders that are neither policies nor cases: an ignored policy would look like a kept one.
fn unread(files: &Files, names: &[String], findings: &mut Vec<Finding>) {
    let mut folders = BTreeSet::new();
    let mut misplaced = |name: &str, message: FileFault, expected: Right| {
        let place = Source { file: format!("{FOLDER}/{name}").into(), line: 1, column: 1 };
        findings.push(Finding::error("misplaced-policy", Some(&place), message).expected(expected));
    };
    for name in names.iter().filter(|name| !name.split('/').any(hidden)) {
        let cases = name.strip_prefix(TESTS);
        let own = cases.unwrap_or(name);
        if let Some((folder, _)) = own.split_once('/') {
            if cases.is_some() || !rego(name) {
                folders.insert(name[..name.len() - own.len() + folder.len()].to_owned());
            }
        } else if let Some(case) = cases {
            let read = case.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ending == "yaml");
            if !read && !readme(case) {
                let stem = case.split('.').next().unwrap_or(case);
                let expected = Right::CaseFile { path: format!("{FOLDER}/{TESTS}{stem}.yaml") };
                misplaced(name, FileFault::NoCaseRead { path: format!("{FOLDER}/{name}") }, expected);
            }
        } else if !rego(name) && !readme(name) && !OTHERS.contains(&name.as_str()) {
            misplaced(name, FileFault::NothingRead { path: format!("{FOLDER}/{name}") }, meant(name));
        }
    }
    let below = files.folders(&format!("{FOLDER}/{TESTS}"));
    folders.extend(below.into_iter().filter(|name| !hidden(name)).map(|name| format!("{TESTS}{name}")));
    for folder in folders {
        let expected = if folder.starts_with(TESTS) || strsim::jaro_winkler(&folder, "tests") > 0.8 {
            Right::CasesDirectlyIn { folder: format!("{FOLDER}/{TESTS}") }
        } else {
            Right::PoliciesAndCases { folder: FOLDER.to_owned(), cases: format!("{FOLDER}/{TESTS}") }
        };
        misplaced(&folder, FileFault::FolderUnread { path: format!("{FOLDER}/{folder}") }, expected);
    }
}

/// The nearest name.
fn meant(name: &str) -> Right {
    let rule = format!("{}.rego", name.split('.').next().unwrap_or(name));
    let near = |known: &&str| strsim::jaro_winkler(name, known);
    let best = OTHERS.into_iter().max_by(|a, b| near(a).total_cmp(&near(b))).filter(|known| near(known) > 0.9);
    let best = best.unwrap_or(&rule);
    Right::MeantFile { best: format!("{FOLDER}/{best}"), folder: FOLDER.to_owned() }
}

/// What editors and systems leave behind.
fn hidden(name: &str) -> bool {
    name.starts_with(['.', '#']) || name.ends_with('~')
}

fn readme(name: &str) -> bool {
    name.split('.').next() == Some("README")
}

fn rego(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("rego"))
}
