//! An attribute's name is spelled in its row and nowhere else in the product (docs/adr/0017-rows-of-a-kind.md).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tokaido::kinds;
use tokaido::model::slug;
use tokaido::promises::SLUGS;

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

/// A promise is named by its constant, so that a wrong name does not compile. `clock` is the name of a check of `doctor` as well.
#[test]
fn a_promise_is_spelled_in_one_file_alone() {
    let slugs: BTreeSet<&str> = SLUGS.into_iter().filter(|slug| *slug != slug::CLOCK).collect();
    assert!(slugs.contains(slug::TENANT_ISOLATION));
    let mut offenders = Vec::new();
    for file in rust_files("src").into_iter().filter(|file| file != "src/model/slug.rs" && file != "src/promises/paper.rs") {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let found = literals(line).filter(|literal| slugs.contains(literal));
            offenders.extend(found.map(|literal| format!("{file}:{}: \"{literal}\"", number + 1)));
        }
    }
    assert!(offenders.is_empty(), "use the constant of `model::slug`:\n{}", offenders.join("\n"));
}

/// What the test above rests on: it sees a literal, and no comment.
#[test]
fn literals_are_seen_and_comments_are_not() {
    assert_eq!(literals(r#"    attributes.get("kms_key").or("a b")"#).collect::<Vec<_>>(), ["kms_key", "a b"]);
    assert_eq!(literals(r#"    // "kms_key""#).count(), 0);
}

/// Words that leave out who acts, and names that other words replaced. A message says who does what to what: the operator, another
/// apply, a person with a role, AWS.
const RIDDLES: [&str; 9] = ["nobody", "somebody", "anybody", "someone", "somewhere", "whoever", "road", "plea", "astray"];
/// One Japanese word for one thing, as `docs/glossary.md` has it: 逸脱 (divergence), ずれ (drift), 次に実行するコマンド (next).
const OTHER_JAPANESE: [&str; 5] = ["宣言の差分", "宣言済みの差異", "ドリフト", "乖離", "次に打つもの"];

/// The text between the quotes of a source that is not its tests, without that of comments.
fn messages(source: &str) -> String {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join(" ").replace("\\\"", " ").replace("'\"'", " ");
    code.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" | ")
}

fn riddles(text: &str) -> Vec<&'static str> {
    let words: BTreeSet<&str> = text.split(|letter: char| !letter.is_alphabetic()).collect();
    let english = RIDDLES.into_iter().filter(|word| words.contains(word));
    english.chain(OTHER_JAPANESE.into_iter().filter(|word| text.contains(word))).collect()
}

#[test]
fn messages_name_the_actor_and_use_one_word_for_one_thing() {
    let mut offenders = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("rego-check/src")).chain(rust_files("derive/src")) {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a source file");
        offenders.extend(riddles(&messages(&text)).into_iter().map(|word| format!("{file}: {word}")));
    }
    assert!(offenders.is_empty(), "say who does what to what:\n{}", offenders.join("\n"));
}

#[test]
fn files_have_no_name_that_is_a_riddle() {
    let (mut open, mut seen) = (vec!["src".to_owned(), "tests".to_owned(), "docs".to_owned()], 0);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            assert_eq!(riddles(&path), [""; 0], "{path}");
            seen += 1;
            if entry.file_type().expect("a type").is_dir() {
                open.push(path);
            }
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn riddles_are_seen() {
    assert_eq!(riddles("nobody asked; a broad road"), ["nobody", "road"]);
    assert_eq!(riddles("宣言の差分はありません"), ["宣言の差分"]);
    assert_eq!(messages("say(\"a \\\"b\\\" c\"); // \"d\"\n// \"e\""), "a  b  c | d");
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
