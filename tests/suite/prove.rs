//! `prove isolation` as a user meets it: words, exit codes, JSON, the export, and what a file says of forwarders and readers.

use std::process::Command;

use serde_json::Value;

use crate::support::binary::{Product, apply};
use crate::support::project;

const DEV: &str = "environments/dev.yaml";

/// Dev with a second tenant in the network of the first, applied.
fn two_tenants() -> Product {
    let product = Product::new();
    let globex = "  - id: globex\n    isolation: subnets\n    cidr: 10.10.32.0/20\n    database: { shared: catalog }\n    \
                  ingress_allow: [{ cidr: 198.51.100.0/25, port: 443 }]\n";
    product.edit(DEV, "divergences:\n", &format!("{globex}divergences:\n"));
    product.edit(DEV, "# A promise kept less strictly", "# (a second tenant above)\n# A promise kept less strictly");
    product.expect(0, &apply("dev"));
    product
}

const RULES: [(&str, &str); 2] = [
    ("security-group.acme@tokyo", r#"{"direction":"egress","protocol":"tcp","from":22,"to":22,"peer":"10.10.0.0/16"}"#),
    ("security-group.globex@tokyo", r#"{"direction":"ingress","protocol":"tcp","from":22,"to":22,"peer":"10.10.16.0/20"}"#),
];

#[test]
fn a_proof_says_what_passes_and_an_independent_checker_agrees() {
    let product = two_tenants();
    let clean = product.reads_only(0, &["prove", "isolation", "dev"]);
    assert!(clean.out.starts_with("isolated: 2 of 2 ordered pairs of 2 tenants\n"), "{clean:#?}");
    let set = |what: &str, rule: &str| product.expect(0, &["sandbox", "--env", "dev", "set", what, "rules[+]", rule]);
    set(RULES[0].0, RULES[0].1);
    product.expect(0, &["prove", "isolation", "dev"]);
    set(RULES[1].0, RULES[1].1);
    for (language, words) in
        [("en", ["not isolated: 1 of 2", "leak acme → globex"]), ("ja", ["分離されていません", "漏れ acme → globex"])]
    {
        let leak = product.reads_only(4, &["prove", "isolation", "dev", "--lang", language]);
        let said = leak.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.iter().all(|word| said.contains(word)), "{leak:#?}");
        assert!(
            ["tcp 22", "10.10.16.", "10.10.32.", "security-group.globex@tokyo"].iter().all(|word| said.contains(word)),
            "{leak:#?}"
        );
    }
    let file = product.path().join("proof.json");
    let said =
        product.expect(4, &["prove", "isolation", "dev", "--format", "json", "--export", file.to_str().expect("a path")]).json();
    assert_eq!((&said["pairs"], &said["isolated"], said["leaks"].as_array().map(Vec::len)), (&2.into(), &1.into(), Some(1)));
    assert_eq!(said["leaks"][0]["path"][0]["packet"]["port"], 22);
    let checker = project::root().join("tests/reach/check.py");
    let checks =
        |file: &std::path::Path| Command::new("python3").arg(&checker).arg(file).output().expect("python3").status.code();
    assert_eq!(checks(&file), Some(0));
    // A proof from which the leak was taken does not hold.
    let mut exported: Value = serde_json::from_slice(&std::fs::read(&file).expect("an export")).expect("JSON");
    exported["proof"]["leaks"] = Value::Array(Vec::new());
    std::fs::write(&file, exported.to_string()).expect("written");
    assert_eq!(checks(&file), Some(1));
}

#[test]
fn what_was_not_read_leaves_a_proof_undecided() {
    let product = two_tenants();
    product.expect(0, &["sandbox", "fail", "list vpc-peering@tokyo", "access-denied"]);
    let unread = product.expect(8, &["prove", "isolation", "dev"]);
    assert!(unread.out.starts_with("undecided: 0 of 2"), "{unread:#?}");
    assert_eq!(
        unread.out.matches("list vpc-peering@tokyo").count(),
        1,
        "what keeps many pairs undecided is said once: {unread:#?}"
    );
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["prove", "isolation", "dev"]);
    product.expect(1, &["prove", "isolation", "dev", "--export", "no/such/folder/proof.json"]);
}

#[test]
fn forwarders_and_readers_are_checked() {
    let product = Product::new();
    let with = |lines: &str| {
        product.edit(DEV, "divergences:\n", &format!("{lines}divergences:\n"));
        let ran = product.run(&["validate", "dev", "--format", "json"]);
        product.edit(DEV, lines, "");
        let codes = ran.json()["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|one| one["code"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>();
        (ran.code, codes)
    };
    let forwarder = |id: &str| format!("shared_forwarders:\n  - {{ id: {id}, reason: by tenant }}\n");
    for good in ["vpce-0123456789abcdef0", "vpce-svc-0123456789abcdef0", "eni-0a", "app/entrance/0123456789abcdef", "net/a-b/0f"]
    {
        assert_eq!(with(&forwarder(good)), (0, Vec::new()), "{good}");
    }
    for bad in
        ["entrance", "arn:aws:elasticloadbalancing:ap-northeast-1:1:loadbalancer/app/a/1", "app/entrance", "vpce-XYZ", "nat-0a"]
    {
        assert_eq!(with(&forwarder(bad)), (1, vec!["bad-forwarder".to_owned()]), "{bad}");
    }
    let twice = format!("{}  - {{ id: eni-0a, reason: again }}\n", forwarder("eni-0a"));
    assert_eq!(with(&twice), (1, vec!["duplicate-forwarder".to_owned()]));
    let reader = |account: &str| format!("readers:\n  - {{ role: \"arn:aws:iam::{account}:role/reader\", reason: gateway }}\n");
    assert_eq!(with(&reader("444444444444")), (0, Vec::new()));
    assert_eq!(with(&reader("111111111111")), (1, vec!["reader-of-own-account".to_owned()]));
    let again = format!("{}  - {{ role: \"arn:aws:iam::444444444444:role/other\", reason: again }}\n", reader("444444444444"));
    assert_eq!(with(&again), (1, vec!["duplicate-reader".to_owned()]));
}
