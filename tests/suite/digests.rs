//! What was approved, cut and recorded yesterday is found again today: the digests of a project that never changes
//! (`tests/suite/golden`, as version 0.1.0 computed them).

use std::fs;
use std::path::Path;

use crate::support::binary::Product;

const CONFIGURATION: [(&str, &str); 3] = [
    ("dev", "cd3d4fa1c6ab2f12c706beb00de7928032957cba4ece50ac584bcb8c437921bc"),
    ("staging", "31b29a4181ab81529cc99124d74ffd7b42e77622b66bab8cc5d86d2386641f74"),
    ("production", "49dd264f000bb30323a51d11c276b7de6cf477388a714ef686ec3afad9257248"),
];
const PROMISES: &str = "b7459988e5a23c949e1de76cdebc4aba0aefa5b9b9e59475358e0e77bf3c4a8c";
const ROLES: &str = "483e71dc9ae9b2678fd545ce6e11b9c28fa1eb1b36527febadf8301cbdd26025";
const POLICIES: &str = "645b671471696c830679707dfa21d3c6172015e4f9cc6b48b825d0ad94696828";
const RELEASE: &str = "d45c6997896e23549ac2455c8c18d16b33572ade0cd354a7993d3439b5d4e3f1";

/// The starter's files give way to the frozen ones.
fn golden() -> Product {
    let product = Product::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/golden");
    for folder in ["environments", "policies"] {
        let into = product.path().join(folder);
        fs::remove_dir_all(&into).expect("the starter's");
        copy(&from.join(folder), &into);
    }
    product
}

fn copy(from: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a folder");
    for entry in fs::read_dir(from).expect("the frozen files") {
        let path = entry.expect("an entry").path();
        let target = into.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

#[test]
fn configuration_promises_roles_and_policies_have_the_digests_they_had() {
    let product = golden();
    for (environment, configuration) in CONFIGURATION {
        let plan = product.expect(0, &["plan", environment, "--format", "json"]).json();
        let digests = &plan["body"]["digests"];
        assert_eq!(digests["configuration"], configuration, "{environment}");
        assert_eq!(
            (&digests["promises"], &digests["roles"], &digests["policies"]),
            (&PROMISES.into(), &ROLES.into(), &POLICIES.into()),
            "{environment}"
        );
    }
}

#[test]
fn a_release_has_the_digest_it_had() {
    let product = golden();
    product.expect(0, &["release", "cut", "--note", "the beginning"]);
    let listed = product.expect(0, &["release", "list", "--format", "json"]).json();
    assert_eq!(listed[0]["release"]["digest"], RELEASE);
}
