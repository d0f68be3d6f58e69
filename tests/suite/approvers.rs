//! Whose word counts for a release: never that of people whom nobody has agreed to.

use std::fs;

use crate::lane::{FIRST, SECOND, bring, cut, refused, rehearsed, second, status};
use crate::support::binary::Product;
use crate::support::office::{Keys, pass};

/// A plan of production by alice; the beginning of its id.
fn saved(product: &Product) -> String {
    let saved = product.expect(0, &["plan", "production", "--save", "--author", "alice@example.com", "--format", "json"]).json();
    saved["id"].as_str().expect("an id")[..12].to_owned()
}

/// A project that has its first release in production, and mallory's key.
fn mallory_waits() -> (Product, Keys, String) {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    bring(&product, &keys, FIRST, "production");
    keys.generate("mallory", &["-t", "ed25519"]);
    let mallory =
        format!("people:\n  - id: mallory\n    groups: [change-management]\n    keys: [\"{}\"]\n", keys.public("mallory"));
    (product, keys, mallory)
}

/// The roles in force are those of the release that is applied, not those of the one that is to be approved.
#[test]
fn nobody_adds_himself_in_the_release_that_he_approves() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    second(&product);
    rehearsed(&product, &keys, SECOND);
    product.expect(0, &["promote", SECOND, "--to", "production"]);
    let id = saved(&product);
    let approve = |person: &str| product.run(&["approve", &id, "--key", &keys.file(person), "--yes"]);
    let refused = approve("mallory");
    assert!(refused.code == 5 && refused.err.contains("this key is nobody's"), "{refused:#?}");
    assert_eq!((approve("bob").code, approve("carol").code), (0, 0));

    // Without the release whose roles decide nobody's word counts, and status says so and shows the rest.
    let folder = product.path().join("releases").join(FIRST);
    let away = product.path().join("releases-away");
    fs::rename(&folder, &away).expect("moved");
    let lost = product.expect(5, &["apply", &id, "--yes"]);
    assert!(lost.err.contains("its roles decide who may approve"), "{lost:#?}");
    let board = product.expect(5, &["status", "production"]);
    assert!(board.err.contains("who is waited for is unknown") && board.out.contains("last apply"), "{board:#?}");
    fs::rename(&away, &folder).expect("moved back");
    let board = product.expect(0, &["status", "production"]);
    assert!(board.out.contains("2 of 2 approvals"), "{board:#?}");

    product.expect(0, &["apply", &id, "--yes"]);
    // From now on the new roles hold.
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
    let id = saved(&product);
    product.expect(0, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
}

/// A release that changes nothing else still changes who may approve: that needs the word of those who may now.
#[test]
fn other_people_may_approve_only_after_those_of_before_have_agreed() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    product.expect(0, &["release", "cut"]);
    rehearsed(&product, &keys, SECOND);
    product.expect(0, &["promote", SECOND, "--to", "production"]);
    assert_eq!(product.expect(0, &["plan", "production", "--detailed-exitcode"]).code, 0, "nothing is changed");
    refused(&product, &["apply", "production", "--yes", "--author", "alice@example.com"], &["0 of 2 approvals"]);
    pass(&product, &keys);
    assert_eq!(status(&product, "production")["applied"]["id"], SECOND);
    // Agreed to once; from now on they may.
    product.expect(0, &["apply", "production", "--yes", "--author", "alice@example.com"]);
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
    let id = saved(&product);
    product.expect(0, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
}

/// What did not come by promotion stands there, and changes nothing of whose word counts.
#[test]
fn a_pin_written_by_hand_does_not_make_approvers() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("environments/base.yaml", "# Customers hear", "# Our customers hear");
    product.expect(0, &["release", "cut"]);
    product.edit("environments/production.yaml", FIRST, SECOND);
    product.expect(0, &["apply", "production", "--yes"]);
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    product.edit("environments/base.yaml", "keep: 8d }", "keep: 9d }");
    product.expect(0, &["release", "cut"]);
    rehearsed(&product, &keys, "2026.11.2");
    product.expect(0, &["promote", "2026.11.2", "--to", "production"]);
    let id = saved(&product);
    let refused = product.expect(5, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
    assert!(refused.err.contains("this key is nobody's"), "{refused:#?}");
}
