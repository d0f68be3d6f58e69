//! `policies/*.rego`: the rules of the organisation, of the tree or of a release. What they mean is the business of `policy`;
//! their mistakes are found with all others.

use std::collections::BTreeMap;

use super::files::Files;
use crate::model::{Finding, PolicyFiles, Source};
use crate::policy;

const FOLDER: &str = "policies";
/// Questions with known answers; `tokaido policy test` reads them.
const TESTS: &str = "tests/";

/// `prefix` is where the release is; empty for the tree. Places have it, the digest has not: the same rules are the same
/// rules wherever they are kept.
pub(super) fn load(files: &mut Files, prefix: &str, findings: &mut Vec<Finding>) -> PolicyFiles {
    let folder = format!("{prefix}{FOLDER}");
    let names = match files.below(&folder) {
        Ok(names) => names,
        Err(error) => {
            findings.push(Finding::error("unreadable-file", None, format!("`{folder}/` cannot be listed: {error}")));
            return PolicyFiles::default();
        }
    };
    let mut found = BTreeMap::new();
    for name in names.iter().filter(|name| rego(name) && !name.starts_with(TESTS)) {
        let path = format!("{folder}/{name}");
        if name.contains('/') {
            let place = Source { file: path, line: 1, column: 1 };
            let finding = Finding::error("misplaced-policy", Some(&place), format!("no policy is read from `{folder}/{name}`"));
            findings.push(finding.expected(format!("the file directly in `{FOLDER}/`, where every policy is asked")));
            continue;
        }
        match files.text(&path) {
            Ok(text) => _ = found.insert(path, text.to_owned()),
            Err(finding) => findings.push(*finding),
        }
    }
    if found.is_empty() {
        return PolicyFiles::default();
    }
    let own = found.iter().map(|(path, text)| (path[prefix.len()..].to_owned(), text.clone()));
    let digest = policy::digest(&own.collect());
    let policies = PolicyFiles { files: found, digest };
    findings.extend(policy::compile(&policies).1);
    policies
}

fn rego(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("rego"))
}
