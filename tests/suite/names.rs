//! An attribute's name is spelled in its row and nowhere else in the product (docs/adr/0017-rows-of-a-kind.md).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tokaido::kinds;

use crate::levels::rust_files;

/// Words of other tools and of AWS's API that a hint recognises. They happen to be our words too.
const OTHER_TOOLS: [(&str, &[&str]); 2] = [
    (
        "src/desired/hints.rs",
        &[
            "backup_retention_days",
            "backup_window",
            "deletion_protection",
            "kms_key",
            "maintenance_window",
            "multi_az",
            "publicly_accessible",
            "storage_encrypted",
        ],
    ),
    (
        "src/desired/habits.rs",
        &[
            "allocated_storage",
            "backup_window",
            "engine_version",
            "maintenance_window",
            "max_allocated_storage",
            "multi_az",
            "ntp_servers",
            "security_groups",
            "storage_encrypted",
        ],
    ),
];

/// The names that can be nothing else: those with an underscore.
fn names() -> BTreeSet<&'static str> {
    let rows = kinds::ALL.into_iter().flat_map(|kind| kind.schema.attributes);
    rows.map(|row| row.name.as_str()).filter(|name| name.contains('_')).collect()
}

/// The string literals of one line that is no comment.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    let code = if line.trim_start().starts_with("//") { "" } else { line };
    code.split('"').skip(1).step_by(2)
}

#[test]
fn a_name_is_spelled_in_its_row_alone() {
    let names = names();
    assert!(names.len() > 30, "{names:?}");
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut offenders = Vec::new();
    for file in rust_files("src") {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            for name in literals(line).filter_map(|literal| names.get(literal)) {
                let excepted = OTHER_TOOLS.iter().find(|(hints, words)| file == *hints && words.contains(name));
                match excepted {
                    Some((hints, _)) => drop(used.insert((hints, *name))),
                    None => offenders.push(format!("{file}:{}: \"{name}\"", number + 1)),
                }
            }
        }
    }
    assert!(offenders.is_empty(), "use the typed name:\n{}", offenders.join("\n"));
    let excepted = OTHER_TOOLS.iter().flat_map(|(hints, words)| words.iter().map(move |word| (*hints, *word)));
    assert_eq!(used, excepted.collect(), "a word that no hint knows any more is no exception");
}

/// What the test above rests on: it sees a literal, and no comment.
#[test]
fn literals_are_seen_and_comments_are_not() {
    assert_eq!(literals(r#"    attributes.get("kms_key").or("a b")"#).collect::<Vec<_>>(), ["kms_key", "a b"]);
    assert_eq!(literals(r#"    // "kms_key""#).count(), 0);
}

/// What decides by words: the text that these look for stands in the same line.
const LOOKS: [&str; 8] = [
    ".contains(\"",
    ".starts_with(\"",
    ".ends_with(\"",
    ".strip_prefix(\"",
    ".strip_suffix(\"",
    ".split_once(\"",
    ".find(\"",
    "== \"",
];

/// Two words with a blank between them: a part of a sentence.
fn is_sentence(literal: &str) -> bool {
    let letters = |text: &str| text.chars().any(char::is_alphabetic);
    literal.split_once(' ').is_some_and(|(before, after)| letters(before) && letters(after))
}

/// Reasons are data: a page that looks for words in a sentence would lose them with the next wording.
#[test]
fn no_page_looks_for_words_in_a_sentence() {
    let (mut offenders, mut looked) = (Vec::new(), 0);
    for file in rust_files("src/render") {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let found = LOOKS.iter().flat_map(|look| line.split(look).skip(1)).filter_map(|rest| rest.split('"').next());
            for literal in found {
                looked += 1;
                if is_sentence(literal) {
                    offenders.push(format!("{file}:{}: \"{literal}\"", number + 1));
                }
            }
        }
    }
    assert!(is_sentence("declared and not there") && !is_sentence("aws") && looked > 3, "{looked}");
    assert!(offenders.is_empty(), "match on the reason:\n{}", offenders.join("\n"));
}
