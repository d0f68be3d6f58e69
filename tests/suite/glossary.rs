//! The glossary: every term is explained in both languages, is found as a reader would write it, and is used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tokaido::model::Language;
use tokaido::policy::Policies;
use tokaido::promises::Promises;
use tokaido::render::{explain, glossary};

use crate::levels::rust_files;
use crate::support::binary::Product;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_term_has_both_languages_and_names_that_are_its_own() {
    let (mut english, mut japanese) = (BTreeSet::new(), BTreeSet::new());
    for term in glossary::all() {
        let (name, meaning) = (term.name, term.meaning);
        assert!(!name.en.is_empty() && name.en.is_ascii(), "{name:?}");
        assert!(!name.ja.is_empty() && !name.ja.is_ascii(), "{name:?}");
        assert!(meaning.en.len() > 30 && meaning.en.ends_with('.') && !meaning.en.contains("  "), "{}: {}", name.en, meaning.en);
        assert!(meaning.ja.ends_with('。') && !meaning.ja.contains("  "), "{}: {}", name.en, meaning.ja);
        assert!(!term.related.is_empty() && !term.related.contains(&name.en), "{} names no other term", name.en);
        for related in term.related {
            assert!(glossary::named(related).is_some(), "{} names `{related}`, which is no term", name.en);
        }
        assert!(english.insert(name.en.to_lowercase()), "`{}` stands twice", name.en);
        assert!(japanese.insert(name.ja), "`{}` stands twice", name.ja);
    }
    assert!(english.len() >= 60, "{}", english.len());
}

#[test]
fn a_term_is_found_by_either_name_in_any_case_with_hyphens_or_spaces() {
    let promises = Promises::default();
    for term in glossary::all() {
        let (en, ja) = (term.name.en, term.name.ja);
        for word in [en.to_owned(), en.to_uppercase(), en.replace(' ', "-"), en.replace([' ', '-'], "_"), format!(" {ja} ")] {
            let topics = explain::find(&word, &promises, &Policies::default());
            let found = topics.iter().any(|topic| matches!(topic, explain::Topic::Term(found) if *found == term));
            assert!(found, "`{word}` does not find {en}");
        }
    }
}

/// `TOKAIDO_BLESS=1` writes the page anew.
#[test]
fn the_page_is_committed() {
    let (path, text) = (root().join("docs/glossary.md"), glossary::page());
    if std::env::var_os("TOKAIDO_BLESS").is_some() {
        fs::write(&path, &text).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/glossary.md is not what src/render/glossary says: run make bless");
}

/// Every page below `docs/` but the glossary itself, and README.md.
fn pages() -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![root().join("docs")], vec![root().join("README.md")]);
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("glossary.md") {
                found.push(path);
            }
        }
    }
    found
}

/// The text between the quotes of a source, without that of comments.
fn messages(source: &str) -> String {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join(" ").replace("\\\"", "").replace("'\"'", "").replace('\\', " ");
    code.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" | ")
}

/// Lower case; hyphens and line ends are spaces, and so is everything that is neither a letter nor a digit.
fn words(text: &str) -> String {
    let letters = text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
    format!(" {} ", letters.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn no_term_is_dead() {
    let read = |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text: String = pages().into_iter().map(|path| words(&read(path))).collect();
    for file in rust_files("src").into_iter().filter(|file| !file.starts_with("src/render/glossary/")) {
        text.push_str(&words(&messages(&read(root().join(file)))));
    }
    let used = |name: &str| {
        let name = words(name);
        text.contains(&name) || text.contains(&format!("{}s ", name.trim_end()))
    };
    let dead: Vec<_> = glossary::all().map(|term| term.name.en).filter(|name| !used(name)).collect();
    assert!(dead.is_empty(), "no page and no message uses {dead:?}");
    assert!(!used("sailing ship"), "the test above can fail");
}

#[test]
fn what_is_unknown_brings_the_nearest_terms_as_well() {
    let near = |word: &str| explain::nearest(word, &Promises::default(), &Policies::default());
    assert_eq!(near("tombstome")[0], "tombstone");
    assert_eq!(near("way bac")[0], "way back");
    assert!(near("昇格").iter().any(|name| name == "昇格経路"), "{:?}", near("昇格"));
}

#[test]
fn the_command() {
    let product = Product::new();
    let said = |words: &[&str]| product.reads_only(0, &[&["explain"], words].concat()).out;
    let drift = said(&["Drift"]);
    for fragment in ["drift · ずれ", "differs from what was applied last", "related", "manual change"] {
        assert!(drift.contains(fragment), "{fragment}: {drift}");
    }
    let drift = said(&["ずれ", "--lang", "ja"]);
    for fragment in ["ずれ · drift", "前回の適用", "関連", "手動の変更"] {
        assert!(drift.contains(fragment), "{fragment}: {drift}");
    }
    let way_back = said(&["way", "back"]);
    assert_eq!(way_back, said(&["way-back"]));
    assert_eq!(way_back, said(&["way back"]));
    // A word that is a key and a term shows both, the key first.
    let retire = said(&["retire"]);
    let (key, term) = (retire.find("environments/*.yaml"), retire.find("retire · 撤去"));
    assert!(key.is_some() && key < term, "{retire}");
    let unknown = product.run(&["explain", "tombstome"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("the nearest names are tombstone"), "{unknown:?}");
    assert_eq!(product.run(&["explain"]).code, 64);
}

/// One sentence for one language: `words` of every term is what the page says.
#[test]
fn a_term_is_said_in_the_language_that_was_asked_for() {
    for term in glossary::all() {
        let topic = explain::Topic::Term(term);
        for (language, name, other) in [(Language::En, term.name.en, term.name.ja), (Language::Ja, term.name.ja, term.name.en)] {
            let meaning = term.meaning.say(language).to_owned();
            assert_eq!(explain::words(&topic, language), (name.to_owned(), other.to_owned(), meaning));
        }
    }
}
