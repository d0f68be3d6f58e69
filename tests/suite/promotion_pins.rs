//! Pins that were not written by `promote`.

use serde_json::Value;

use crate::promotion_path::{FIRST, SECOND, bring, cut, refused, second, status};

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

/// What was held came by no way that is open: neither here by a line in a file, nor from here to the next environment.
#[test]
fn a_held_release_does_not_come_back_by_hand() {
    let (product, keys) = cut();
    bring(&product, &keys, FIRST, "dev");
    second(&product);
    bring(&product, &keys, SECOND, "dev");
    product.expect(0, &["sandbox", "advance", "1h"]);
    product.expect(0, &["promote", FIRST, "--to", "dev", "--back", "--reason", "queries are slow"]);
    // Going back was decided, and not applied yet.
    refused(
        &product,
        &["promote", SECOND, "--to", "staging"],
        &["2026.11.1 is held in dev", "queries are slow", "--to dev --lift-hold --reason TEXT"],
    );
    product.expect(0, &["apply", "dev", "--yes"]);
    product.edit("environments/dev.yaml", "release: 2026.11.0", "release: 2026.11.1");
    let apply = ["apply", "dev", "--yes"];
    refused(&product, &apply, &["dev went back from 2026.11.1", "queries are slow", "--lift-hold --reason TEXT"]);
    let plan = product.saved("dev");
    refused(&product, &["apply", &plan.display().to_string(), "--yes"], &["dev went back from 2026.11.1"]);
    // Past it only by an emergency, and then it goes nowhere.
    product.expect(0, &[&apply[..], &["--emergency", "the old one does not start"]].concat());
    product.expect(0, &["sandbox", "advance", "2h"]);
    refused(&product, &["promote", SECOND, "--to", "staging"], &["2026.11.1 is held in dev"]);
    // Nothing is asked of the tree, and what is promoted is applied.
    product.edit("environments/dev.yaml", "release: 2026.11.1\n", "");
    product.edit("environments/base.yaml", "keep: 9d }", "keep: 10d }");
    product.expect(0, &apply);
    product.expect(0, &["promote", SECOND, "--to", "dev", "--lift-hold", "--reason", "an index was missing"]);
    product.expect(0, &apply);
    assert_eq!(status(&product, "dev")["applied"]["id"], SECOND);
    // An older one by hand is going back, in dev as everywhere.
    product.edit("environments/dev.yaml", "release: 2026.11.1", "release: 2026.11.0");
    refused(&product, &apply, &["this is going back", "--to dev --back --reason TEXT"]);
}
