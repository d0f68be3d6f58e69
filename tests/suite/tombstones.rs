//! A line under `retire:` stays in a file for long. Whoever may write a tag must not be able to turn it on something else.

use std::collections::BTreeSet;

use crate::support::binary::{Product, apply};

/// What is declared, and what the line names.
const RETIRED: [(&str, &str); 5] = [
    ("backup-plan.main@tokyo", "backup-plan.old@tokyo"),
    ("security-group.acme@tokyo", "security-group.old@tokyo"),
    ("subnet.acme-a@tokyo", "subnet.old-a@tokyo"),
    ("dhcp-options.main@osaka", "dhcp-options.old@osaka"),
    ("iam-role.backup@global", "iam-role.old@global"),
];

fn physicals(product: &Product) -> BTreeSet<String> {
    let rows = product.expect(0, &["sandbox", "list", "--format", "json"]).json();
    let text = |row: &serde_json::Value| row["physical"].as_str().expect("a text").to_owned();
    rows.as_array().expect("rows").iter().map(text).collect()
}

#[test]
fn a_changed_tag_does_not_hand_a_declared_resource_to_a_tombstone() {
    for (declared, retired) in RETIRED {
        let product = Product::new();
        let dev = std::fs::read_to_string(product.path().join("environments/dev.yaml")).expect("a file");
        let with = format!("{}\nretire:\n  - {{ id: {retired}, reason: \"tenant old left 2026-10\" }}\n", dev.trim_end());
        std::fs::write(product.path().join("environments/dev.yaml"), with).expect("written");
        product.expect(0, &apply("dev"));
        let before = physicals(&product);
        product.expect(0, &["sandbox", "--env", "dev", "set", declared, "tags[tokaido:id]", retired]);
        let plan = product.run(&["plan", "dev"]);
        assert!(!plan.out.contains("- delete"), "{declared}: {plan:#?}");
        assert!(plan.code == 1 && plan.out.contains("put its tag tokaido:id back"), "{declared}: {plan:#?}");
        assert_ne!(product.run(&apply("dev")).code, 0, "{declared}: something is refused");
        let after = physicals(&product);
        assert!(before.is_subset(&after), "{declared}: {:?} went", before.difference(&after));
    }
}

/// What a tombstone is for: the id that the file gave up, whose value passes to another.
#[test]
fn what_was_given_up_is_deleted_and_its_block_can_pass_on() {
    let product = Product::applied("production");
    let file = "environments/production.yaml";
    let text = std::fs::read_to_string(product.path().join(file)).expect("a file");
    let renamed = text.replace("  - id: initech\n", "  - id: umbra\n");
    let ids = ["security-group.initech@tokyo", "subnet.initech-a@tokyo", "subnet.initech-b@tokyo", "subnet.initech-c@tokyo"];
    let lines = ids.map(|id| format!("  - {{ id: {id}, reason: \"renamed\" }}\n")).concat();
    std::fs::write(product.path().join(file), format!("{}\nretire:\n{lines}", renamed.trim_end())).expect("written");
    // What holds the block goes first; what takes it over is refused until then.
    let first = product.run(&apply("production"));
    assert!(first.code != 0 && first.err.contains("deleted  subnet.initech-c") && first.out.contains("3 blocked"), "{first:#?}");
    product.expect(0, &apply("production"));
    product.reads_only(0, &["plan", "production", "--detailed-exitcode"]);
}

/// Two tags that were swapped: nothing is missing then, and the retired id stands on what a file declares.
#[test]
fn swapped_tags_do_not_hand_a_declared_resource_to_a_tombstone() {
    let product = Product::applied("production");
    let file = "environments/production.yaml";
    let text = std::fs::read_to_string(product.path().join(file)).expect("a file");
    let left = text.find("  - id: initech\n").expect("a tenant");
    let rest = text[left..].find("\n#").map_or("", |end| &text[left + end..]);
    let ids = ["security-group.initech@tokyo", "subnet.initech-a@tokyo", "subnet.initech-b@tokyo", "subnet.initech-c@tokyo"];
    let lines = ids.map(|id| format!("  - {{ id: {id}, reason: \"left\" }}\n")).concat();
    let without = format!("{}{}\nretire:\n{lines}", &text[..left], rest.trim_end());
    std::fs::write(product.path().join(file), without).expect("written");
    let swap = |one: &str, other: &str| {
        // A hand in between needs an id of its own: an id names one resource.
        for (from, to) in [(one, "subnet.between@tokyo"), (other, one), ("subnet.between@tokyo", other)] {
            product.expect(0, &["sandbox", "set", from, "tags[tokaido:id]", to]);
        }
    };
    // A subnet of databases: its group does not follow the tag.
    swap("subnet.initech-a@tokyo", "subnet.shared-a@tokyo");
    let plan = product.run(&["plan", "production"]);
    let turned = plan.out.contains("update db-subnet-group") || plan.out.contains("update subnet.shared-a");
    assert!(plan.code == 1 && !turned, "{plan:#?}");
    swap("subnet.initech-a@tokyo", "subnet.shared-a@tokyo");
    swap("subnet.initech-a@tokyo", "subnet.globex-a@tokyo");
    let before = physicals(&product);
    for recorded in [true, false] {
        if !recorded {
            std::fs::remove_dir_all(product.path().join("world.jsonl.store/production")).expect("records");
        }
        let plan = product.run(&["plan", "production"]);
        assert!(plan.code == 1 && !plan.out.contains("delete subnet.initech-a"), "{recorded}: {plan:#?}");
        let blocked = plan.out.split("× blocked ").find(|block| block.starts_with("subnet.initech-a@tokyo")).unwrap_or_default();
        let why = if recorded { "cidr is not that of this id" } else { "holds the cidr of subnet.globex-a@tokyo" };
        let words = blocked.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(why), "{recorded}: {plan:#?}");
    }
    product.run(&apply("production"));
    let kept = product.expect(0, &["sandbox", "list"]).out;
    assert!(before.len() > physicals(&product).len(), "the other subnets of the tenant went");
    assert!(kept.contains("subnet.initech-a@tokyo"), "{kept}");
}
