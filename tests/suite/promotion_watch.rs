//! What watchers saw of the environment before, after its last apply: what is open there does not go on.

use std::fs;

use serde_json::Value;

use crate::promotion_path::{FIRST, bring, cut, refused, rehearsed, status};
use crate::support::binary::Product;

const DATABASE: &str = "db-instance.catalog@tokyo";
const ONWARD: [&str; 4] = ["promote", FIRST, "--to", "production"];

fn by_hand(product: &Product, attribute: &str, value: &str) {
    product.expect(0, &["sandbox", "--env", "staging", "set", DATABASE, attribute, value]);
    product.expect(0, &["sandbox", "advance", "15m"]);
}

/// What the board says is in the way, by name.
fn in_the_way(product: &Product) -> Vec<String> {
    let next = status(product, "staging")["next"]["refusals"].clone();
    let names = next.as_array().expect("refusals").iter();
    names.map(|refusal| refusal["refusal"].as_str().expect("a word").to_owned()).collect()
}

#[test]
fn what_a_watcher_saw_open_does_not_go_on() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    by_hand(&product, "deletion_protection", "false");
    product.expect(4, &["watch", "staging", "--once"]);
    let said = ["staging", "deletion_protection", DATABASE, "watch staging --once", "apply staging"];
    refused(&product, &ONWARD, &said);
    assert_eq!(in_the_way(&product), ["seen-open"]);
    let board = product.reads_only(0, &["status", "staging"]);
    assert!(board.out.contains("may not go to production") && board.out.contains(DATABASE), "{}", board.out);
    // A look that is older than the newest apply says nothing any more.
    product.expect(0, &["apply", "staging", "--yes"]);
    assert_eq!(in_the_way(&product), Vec::<String>::new());
    product.expect(0, &ONWARD);
    // What is pinned already asks the same before it is applied.
    by_hand(&product, "backup_retention_days", "1");
    product.expect(4, &["watch", "staging", "--once"]);
    let ran = product.reads_only(5, &["apply", "production", "--yes", "--author", "alice@example.com"]);
    assert!(ran.err.contains("backup_retention_days") && ran.err.contains("point-in-time-recovery"), "{}", ran.err);
    // Once it was seen to be as declared again, it is.
    by_hand(&product, "backup_retention_days", "35");
    product.expect(0, &["watch", "staging", "--once"]);
    bring(&product, &keys, FIRST, "production");
}

/// Unknown is not well: neither a watcher that sees nothing nor a sighting that nobody can read lets anything go on.
#[test]
fn what_nobody_could_see_does_not_go_on() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    product.expect(1, &["watch", "staging", "--once"]);
    product.expect(0, &["sandbox", "heal"]);
    refused(&product, &ONWARD, &["expired-credentials", "watch staging --once"]);
    assert_eq!(in_the_way(&product), ["unseen"]);
    product.expect(0, &["sandbox", "advance", "15m"]);
    let ran = product.expect(0, &["watch", "staging", "--once"]);
    assert_eq!(in_the_way(&product), Vec::<String>::new());

    let event: Value = serde_json::from_str(ran.out.lines().last().expect("an event")).expect("JSON");
    let record = event["record"].as_str().expect("a place").to_owned();
    let path = product.path().join("world.jsonl.store/staging/watch").join(format!("{record}.json"));
    let whole = fs::read(&path).expect("a sighting");
    fs::write(&path, "{").expect("a file");
    refused(&product, &ONWARD, &["cannot be read", "restore it"]);
    // The board is shown all the same, and does not say that it may go.
    let board = product.reads_only(1, &["status", "staging"]);
    assert!(board.out.contains("may not go to production") && board.out.contains("proven clean"), "{}", board.out);
    fs::write(&path, whole).expect("restored");
    product.expect(0, &ONWARD);
}
