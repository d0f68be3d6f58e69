//! Policies are frozen with everything else under `policies/`: a pinned environment is judged by those of its release.

use std::fs;

use super::rego::{small_networks, write};
use crate::support::binary::Product;

const FIRST: &str = "2026.11.0";
const FROZEN: &str = "releases/2026.11.0/policies/small-networks.rego";
const REASON: &str = "the catalog database is full";

/// Cut with this effect, and a case beside it.
fn cut(effect: &str) -> Product {
    let product = Product::new();
    write(&product, "small-networks", &small_networks(effect));
    fs::create_dir_all(product.path().join("policies/tests")).expect("a folder");
    fs::write(product.path().join("policies/tests/README.md"), "cases of the release\n").expect("a file");
    product.expect(0, &["release", "cut"]);
    product
}

#[test]
fn a_release_freezes_them_and_an_altered_one_is_refused() {
    let product = cut("warn");
    for file in [FROZEN, "releases/2026.11.0/policies/tests/README.md"] {
        assert!(product.path().join(file).is_file(), "{file} was not frozen");
    }
    product.expect(0, &["promote", FIRST, "--to", "dev"]);
    // The tree is the next release, and not what dev is judged by.
    product.edit("policies/small-networks.rego", "effect: warn", "effect: deny");
    let ran = product.reads_only(0, &["plan", "dev"]);
    assert!(ran.out.contains("1 warns") && ran.out.contains(&format!("{FROZEN}:")), "{}", ran.out);
    let changed = product.reads_only(0, &["release", "diff", FIRST]);
    assert!(changed.out.contains("policies/small-networks.rego"), "{}", changed.out);
    product.edit(FROZEN, "/24", "/16");
    for words in [&["plan", "dev"][..], &["apply", "dev", "--yes"], &["validate"]] {
        let ran = product.reads_only(1, words);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(FROZEN) && said.contains("was altered"), "{words:?}: {said}");
    }
}

/// Wherever they are kept, the same policies have the same digest.
#[test]
fn the_digest_is_that_of_the_rules_and_not_of_their_place() {
    let product = cut("warn");
    let digest = |product: &Product| {
        let plan = product.reads_only(0, &["plan", "dev", "--format", "json"]).json();
        plan["body"]["digests"]["policies"].as_str().expect("a digest").to_owned()
    };
    let tree = digest(&product);
    product.expect(0, &["promote", FIRST, "--to", "dev"]);
    assert_eq!(digest(&product), tree);
    assert_eq!(tree.len(), 64);
}

/// As with a plan that is blocked: the pin says what is wanted, and apply refuses.
#[test]
fn a_release_whose_policies_refuse_is_pinned_and_goes_no_further() {
    let product = cut("deny");
    let ran = product.expect(5, &["promote", FIRST, "--to", "dev"]);
    assert!(ran.out.contains("promoted: dev is pinned") && ran.out.contains("--emergency REASON"), "{}", ran.out);
    assert!(fs::read_to_string(product.path().join("environments/dev.yaml")).expect("a file").contains("release: 2026.11.0"));
    assert!(product.reads_only(5, &["apply", "dev", "--yes"]).err.contains(FROZEN));
    product.expect(0, &["apply", "dev", "--yes", "--emergency", REASON]);
    product.expect(0, &["sandbox", "advance", "48h"]);
    let ran = product.reads_only(5, &["promote", FIRST, "--to", "staging"]);
    assert!(ran.err.contains("never applied in dev"), "an emergency is no proof: {}", ran.err);
    // Looked at again it is there, and its own policy still refuses what is there.
    product.expect(0, &["apply", "dev", "--yes"]);
    product.expect(0, &["sandbox", "advance", "48h"]);
    let ran = product.reads_only(5, &["promote", FIRST, "--to", "staging"]);
    assert!(ran.err.contains("not all promises were kept") && ran.err.contains("policy small-networks"), "{}", ran.err);
}

#[test]
fn a_release_is_not_cut_with_a_policy_that_does_not_compile() {
    let product = Product::new();
    write(&product, "small-networks", &small_networks("deny").replace("input.planned", "input.plannd"));
    let ran = product.reads_only(1, &["release", "cut"]);
    assert!(ran.err.contains("policies/small-networks.rego:") && ran.err.contains("plannd"), "{}", ran.err);
}
