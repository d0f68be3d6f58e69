//! Pins that were not written by `promote`.

use serde_json::Value;

use crate::lane::{FIRST, SECOND, bring, cut, refused, second, status};

/// A pin that was written by hand is decided about like any other, and what is asked beside it is done.
#[test]
fn a_pin_by_hand_is_no_promotion() {
    let (product, keys) = cut();
    bring(&product, &keys, FIRST, "dev");
    second(&product);
    product.edit("environments/staging.yaml", "extends: base.yaml\n", "extends: base.yaml\nrelease: 2026.11.1\n");
    refused(&product, &["promote", SECOND, "--to", "staging"], &["2026.11.1 was never applied in dev"]);
    bring(&product, &keys, SECOND, "dev");
    product.expect(0, &["promote", FIRST, "--to", "dev", "--back", "--reason", "queries are slow"]);
    product.expect(0, &["apply", "dev", "--yes"]);
    product.edit("environments/dev.yaml", "release: 2026.11.0", "release: 2026.11.1");
    refused(&product, &["promote", SECOND, "--to", "dev"], &["dev went back from 2026.11.1"]);
    product.expect(0, &["promote", SECOND, "--to", "dev", "--lift-hold", "--reason", "an index was missing"]);
    assert_eq!(status(&product, "dev")["holds"], Value::Array(Vec::new()));
}
