//! What an environment's own file says about its lane comes with no release: who approves a plan sees it.

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
