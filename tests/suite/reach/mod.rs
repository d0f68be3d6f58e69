//! `tokaido::reach` against a second opinion (ADR 0032).

mod generate;
mod oracle;

#[test]
fn look() {
    let mut counts = std::collections::BTreeMap::new();
    let mut entries = 0; let mut lines = String::new();
    for seed in 0..1000 {
        let facts = generate::network(seed);
        let decided = oracle::decide(&facts);
        for verdict in decided.pairs.values() { *counts.entry(*verdict).or_insert(0) += 1; }
        entries += decided.entries.len();
        let list = |v| decided.pairs.iter().filter(|(_, verdict)| **verdict == v).map(|(p, _)| serde_json::json!({"from": [p.0], "to": [p.1], "path": [], "unread": [0], "forwarders": ["shared-balancer"]})).collect::<Vec<_>>();
        let proof = serde_json::json!({"leaks": list(oracle::Verdict::Leak), "undecided": list(oracle::Verdict::Undecided), "assumed": list(oracle::Verdict::Assumed), "entries": []});
        lines.push_str(&serde_json::json!({"facts": facts, "proof": proof}).to_string()); lines.push('\n');
    }
    std::fs::write("/tmp/rdev/nets.jsonl", lines).unwrap();
    println!("{counts:?} entries {entries}");
}
