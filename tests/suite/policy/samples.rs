//! The policies that a project begins with: they pass their own tests, and hold for the sample project.

use std::collections::BTreeMap;
use std::fs;

use tokaido::model::PolicyFiles;
use tokaido::policy::testing;
use tokaido::policy::{self, Policies};

use super::rendered;
use crate::support::binary::Product;
use crate::support::project::root;

fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let chosen = entries.filter(|path| path.extension().is_some_and(|extension| extension == ending));
    chosen
        .map(|path| (format!("{folder}/{}", path.file_name().unwrap().to_string_lossy()), fs::read_to_string(path).unwrap()))
        .collect()
}

fn shipped() -> Policies {
    let files = files("policies", "rego");
    let digest = policy::digest(&files);
    let (policies, findings) = policy::compile(&PolicyFiles { files, digest, checked: false });
    assert!(findings.is_empty(), "{}", rendered(&findings));
    policies
}

#[test]
fn they_pass_their_own_tests() {
    let policies = shipped();
    assert_eq!(policies.iter().count(), 5);
    let suites: Vec<_> = files("policies/tests", "yaml")
        .iter()
        .map(|(file, text)| {
            let (suite, findings) = testing::read(file, text);
            suite.unwrap_or_else(|| panic!("{}", rendered(&findings)))
        })
        .collect();
    let report = testing::run(&policies, &suites);
    assert!(report.passed, "{report:#?}");
    assert!(testing::strays(&policies, &suites).is_empty());
}

/// A project with all of them, in every environment, from nothing and once applied.
#[test]
fn they_hold_for_the_sample_project() {
    let product = Product::new();
    for (file, text) in files("policies", "rego") {
        fs::write(product.path().join(file), text).unwrap();
    }
    for environment in ["dev", "staging", "production"] {
        let plan = product.run(&["plan", environment, "--format", "json"]).json();
        let verdicts = plan["body"]["policies"].as_array().unwrap();
        let expected = shipped().iter().filter(|policy| policy.effects.contains_key(&environment.parse().unwrap())).count();
        assert_eq!(verdicts.len(), expected, "{environment}");
        for verdict in verdicts {
            assert!(verdict.get("broken").is_none() && verdict.get("unjudged").is_none(), "{environment}: {verdict:#}");
        }
    }
}
