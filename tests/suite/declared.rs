//! What an environment's own file says about its lane comes with no release: who approves a plan sees it.

use std::fs;
use std::process::Command;

use crate::support::binary::Product;

#[test]
fn a_shorter_soak_of_production_is_seen() {
    let product = Product::new();
    let page = |product: &Product| product.reads_only(0, &["plan", "production", "--format", "html"]).out;
    let calm = product.reads_only(0, &["plan", "production"]);
    assert!(!calm.err.contains("change.soak") && !page(&product).contains("change.soak"), "{}", calm.err);
    product.edit("environments/production.yaml", "dedicated_database:", "change: { soak: 1h }\ndedicated_database:");
    let seen = product.reads_only(0, &["plan", "production"]);
    assert!(seen.err.contains("change.soak is 1h here alone; below it is 24h"), "{}", seen.err);
    assert!(seen.err.contains("environments/production.yaml:"), "{}", seen.err);
    let told = page(&product);
    for words in ["Said here alone", "change.soak", "24h", "1h", "s3://tokaido-production-333333333333"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(
        product.reads_only(0, &["plan", "production", "--format", "html", "--lang", "ja"]).out.contains("この環境だけの設定")
    );
}

/// What is no file is said to be none, and nobody waits for it.
#[test]
fn a_pipe_in_place_of_a_file_is_a_mistake() {
    let product = Product::new();
    let path = product.path().join("environments/dev.yaml");
    fs::remove_file(&path).expect("a file");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    let ran = product.run(&["validate", "dev"]);
    assert!(ran.code == 1 && format!("{}{}", ran.out, ran.err).contains("regular file"), "{ran:#?}");
}

/// Production is never applied without its signatures: no other way is suggested.
#[test]
fn a_plan_of_production_leads_to_signatures() {
    let product = Product::new();
    let said = product.reads_only(0, &["plan", "production"]).out;
    assert!(said.contains("plan production --save") && said.contains("approve PLAN --key FILE"), "{said}");
    assert!(!said.contains("apply production"), "{said}");
    assert!(product.reads_only(0, &["plan", "dev"]).out.contains("apply dev"));
}
