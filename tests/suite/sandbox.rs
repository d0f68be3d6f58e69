//! The simulated world from the command line: who only reads makes nothing, and a hand enters what a console accepts.

use std::fs;
use std::path::PathBuf;

use crate::support::binary::{Product, apply, changed};

/// A project whose world was never started.
fn untouched() -> Product {
    let product = Product::new();
    fs::remove_file(product.world()).expect("the world was there");
    product
}

#[test]
fn who_only_reads_makes_no_world() {
    let product = untouched();
    let runs: [(i32, &[&str]); 9] = [
        (0, &["validate"]),
        (0, &["plan", "dev"]),
        (0, &["plan", "dev", "--format", "json"]),
        (3, &["drift", "dev"]),
        (0, &["doctor", "dev"]),
        (0, &["sandbox", "list"]),
        (1, &["sandbox", "list", "vpc.main@tokyo"]),
        (1, &["sandbox", "set", "vpc.main@tokyo", "dns_support", "false"]),
        (1, &["sandbox", "remove", "vpc.main@tokyo"]),
    ];
    for (code, words) in runs {
        product.reads_only(code, words);
    }
    assert!(!product.world().exists());
    for words in [&["plan", "dev"][..], &["sandbox", "list"]] {
        let ran = product.run(words);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(
            said.contains("world.jsonl does not exist, so it is empty") && said.contains("sandbox reset"),
            "{words:?}: {said}"
        );
    }
    // A saved plan is bound to a world, and an apply needs one.
    let saved = product.saved("dev");
    assert!(product.world().exists());
    product.expect(0, &["apply", &saved.to_string_lossy(), "--yes"]);
}

#[test]
fn a_hand_enters_what_a_console_accepts() {
    let product = Product::applied("dev");
    let dev = |code: i32, words: &[&str]| product.expect(code, &[&["sandbox", "--env", "dev"], words].concat());
    let database = "db-instance.catalog@tokyo";
    let refused: [(&[&str], &[&str]); 9] = [
        (&["set", database, "multi_az", "5"], &["multi_az cannot be set to 5: expected true or false, found a number"]),
        (&["set", database, "max_allocated_storage", "much"], &["cannot be set to much: expected a number, found text"]),
        (&["set", database, "max_allocated_storage", "true"], &["expected a number, found true or false"]),
        (&["set", database, "log_exports", "postgresql"], &["expected a list, found text"]),
        (&["set", database, "class", "7"], &["expected text, found a number"]),
        (&["set", database, "multi_az[a]", "true"], &["expected true or false"]),
        (
            &[
                "set",
                "security-group.acme@tokyo",
                "rules[+]",
                r#"{"direction":"sideways","protocol":"tcp","peer":"192.0.2.0/24"}"#,
            ],
            &["expected one of `ingress`, `egress`, found `sideways`"],
        ),
        (
            &[
                "set",
                "security-group.acme@tokyo",
                "rules[+]",
                r#"{"direction":"ingress","protocol":"all","peer":"192.0.2.0/24","colour":"red"}"#,
            ],
            &["AWS knows no more of it than"],
        ),
        (&["set", "vpc.main@tokyo", "tags[tokaido:tenant]", "5"], &["the value of a tag is text"]),
    ];
    for (words, says) in refused {
        let before = product.bytes();
        let ran = dev(1, words);
        for fragment in says {
            assert!(ran.err.contains(fragment), "{words:?}: `{fragment}` is not said in {}", ran.err);
        }
        assert_eq!(changed(&before, &product.bytes()), Vec::<PathBuf>::new(), "{words:?} was refused and changed something");
    }
    // A negative number is a value, not an option.
    let negative = dev(1, &["set", database, "backup_retention_days", "-5"]);
    assert!(negative.err.contains("Invalid backup retention period: -5"), "{}", negative.err);
    dev(
        0,
        &[
            "set",
            "security-group.acme@tokyo",
            "rules[+]",
            r#"{"direction":"ingress","protocol":"icmp","from":-1,"to":-1,"peer":"192.0.2.0/24"}"#,
        ],
    );
    dev(0, &["set", database, "max_allocated_storage", "2048"]);
}

/// RDS's names repeat between regions: what Tokyo uses holds nothing in Osaka.
#[test]
fn a_name_is_in_use_in_its_own_region() {
    let product = Product::applied("dev");
    product.expect(0, &["sandbox", "--env", "dev", "remove", "db-parameter-group.postgres16@osaka"]);
    let refused = product.expect(1, &["sandbox", "--env", "dev", "remove", "db-parameter-group.postgres16@tokyo"]);
    assert!(refused.err.contains("is used by dev-catalog"), "{}", refused.err);
}

/// A version that AWS holds for the window is named, though the declared one accepts it as well.
#[test]
fn what_aws_holds_for_the_window_is_what_is_told() {
    let product = Product::new();
    product.edit("environments/dev.yaml", "version: \"16\"", "version: \"16.4\"");
    product.expect(0, &apply("dev"));
    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "engine_version", "\"16.10\""]);
    let said = product.expect(0, &["drift", "dev"]).out;
    assert!(said.contains("engine_version  16.4 → 16.10"), "{said}");
    let said = product.expect(0, &["plan", "dev"]).out;
    assert!(said.contains("16.4 → 16.10"), "{said}");
}

/// Where nothing moved, an apply that could not read what it was to change is told as failed, with its report.
#[test]
fn a_state_that_cannot_be_read_is_no_world_that_moved() {
    let product = Product::applied("dev");
    product.edit("environments/dev.yaml", "02:00-02:30", "02:10-02:40");
    product.expect(0, &["sandbox", "--env", "dev", "fail", "read db-instance", "access-denied"]);
    let failed = product.expect(6, &apply("dev"));
    assert!(failed.out.contains("its state could not be read") && !failed.err.contains("the world moved"), "{failed:#?}");
}
