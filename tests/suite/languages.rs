//! What commands say in sentences of their own, in both languages: the same facts, the same exit codes, the same documents.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use syn::{Attribute, Item, LitStr};

use crate::levels::rust_files;
use crate::support::binary::{Product, Ran, ran};
use crate::table::is_japanese;

/// A command, its exit code, and a part of what it says in Japanese. Each one goes on with what the ones before left.
const STORY: &[(&[&str], i32, &str)] = &[
    (&["explain", "no-such-word"], 1, "`no-such-word` という名前のものも"),
    (&["validate"], 0, "個のリソース"),
    (&["show", "0123456789ab"], 1, "計画 `0123456789ab` はありません"),
    (&["init", "."], 1, "何も書き込んでいません"),
    (&["plan", "production", "--stats"], 0, "変更を伴うもの: 0"),
    (&["plan", "production"], 0, "模擬の AWS です"),
    (&["plan", "staging"], 0, "作業ツリーからの計画です"),
    (&["plan", "dev", "--save"], 0, "に保存しました"),
    (&["audit", "--clause", "no-such-clause"], 1, "という条項はホワイトペーパーにありません"),
    (&["drift", "dev"], 3, "最初の適用で作成する内容を確認する"),
    (&["apply", "dev"], 5, "拒否: 端末がないため確認の質問ができません"),
    (&["apply", "dev", "--yes"], 0, "適用した状態のままか、いつでも確認できる"),
    (&["review", "no-such-id", "--key", "no-such-key"], 1, "緊急の適用 `no-such-id` はありません"),
    (&["release", "list"], 0, "共通のファイルを今の内容で固定する"),
    (&["release", "cut", "2026.11.0"], 0, "リリース 2026.11.0 を作成しました"),
    (&["release", "cut", "2026.11.0"], 1, "リリース 2026.11.0 はすでにあり"),
    (&["release", "cut", "2026.11.1"], 5, "2026.11.0 から変更がありません"),
    (&["promote", "2026.11.0", "--to", "dev"], 0, "もう一度計画し、確認してから適用する"),
    (&["promote", "2026.11.0", "--to", "dev"], 0, "すでに 2026.11.0 に固定されています"),
    (&["sandbox", "fail", "list subnet", "throttled"], 0, "失敗するようになりました"),
    (&["sandbox", "heal"], 0, "意図的に失敗する呼び出しはなくなりました"),
    (&["sandbox", "advance", "1h"], 0, "現在の日時は"),
    (&["sandbox", "fail", "caller", "access-denied"], 0, "失敗するようになりました"),
    (&["plan", "dev"], 1, "次の手順"),
    #[cfg(feature = "policy")]
    (&["policy", "test"], 0, "policies/ にポリシーがありません"),
    (&["init", "new"], 0, "最初に編集するもの"),
    #[cfg(feature = "policy")]
    (&["policy", "test", "--project", "new"], 0, "すべて合格しました"),
    #[cfg(feature = "watch")]
    (&["watch", "dev", "--once", "--every", "1m"], 1, "dev を 1 回だけ監視します"),
    #[cfg(not(feature = "aws"))]
    (&["plan", "dev", "--world", "aws"], 1, "機能 `aws` なしでビルドされています"),
];

/// Runs in a language that the environment names. An option can be given once, so a command that names its own project or world
/// gets no other.
fn said(product: &Product, language: &str, words: &[&str]) -> Ran {
    let own = words.contains(&"--world") || words.contains(&"--project");
    let mut command = product.command(words);
    if own {
        command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.args(words).env_clear();
    }
    command.env("TOKAIDO_LANG", language).current_dir(product.path());
    ran(command)
}

#[test]
fn every_command_speaks_the_language_that_was_asked_for() {
    let (english, japanese) = (Product::new(), Product::new());
    for (words, code, expected) in STORY {
        let [en, ja] = [("en", &english), ("ja", &japanese)].map(|(language, product)| said(product, language, words));
        assert_eq!((en.code, ja.code), (*code, *code), "{words:?}: {en:#?} {ja:#?}");
        assert!(format!("{}{}", ja.out, ja.err).contains(expected), "{words:?}: {ja:#?}");
        assert!(!is_japanese(&en.err) && !en.out.contains(expected), "{words:?}: {en:#?}");
    }
}

#[test]
fn the_option_and_the_variable_say_the_same_and_the_option_wins() {
    let product = Product::new();
    let option = product.expect(1, &["explain", "no-such-word", "--lang", "ja"]).err;
    assert!(is_japanese(&option), "{option}");
    assert_eq!(said(&product, "ja", &["explain", "no-such-word"]).err, option);
    let over = said(&product, "ja", &["explain", "no-such-word", "--lang", "en"]).err;
    assert_eq!(over, product.expect(1, &["explain", "no-such-word"]).err);
}

#[test]
fn documents_and_wrong_usage_have_no_language() {
    let product = Product::new();
    for words in [&["validate", "--format", "json"][..], &["drift", "dev", "--format", "json"], &["status", "--format", "json"]] {
        let [en, ja] = ["en", "ja"].map(|language| said(&product, language, words));
        assert_eq!((en.code, en.out), (ja.code, ja.out), "{words:?}");
    }
    let [en, ja] = ["en", "ja"].map(|language| said(&product, language, &["plan", "nowhere"]));
    assert_eq!((en.code, ja.code), (64, 64));
    assert_eq!(en.err, ja.err, "the library that reads the command line speaks English");
}

/// The words in braces of a sentence.
fn fields(sentence: &str) -> BTreeSet<String> {
    let plain = sentence.replace("{{", "").replace("}}", "");
    plain.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
}

fn sentence(attributes: &[Attribute], language: &str) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident(language))?;
    Some(attribute.parse_args::<LitStr>().expect("a sentence").value())
}

#[test]
fn both_sentences_of_a_command_have_the_same_facts() {
    let mut count = 0;
    for file in rust_files("src/cli/words") {
        let text = fs::read_to_string(&file).expect("a file");
        for item in syn::parse_file(&text).expect("Rust").items {
            let Item::Enum(said) = item else { continue };
            for variant in said.variants {
                let (en, ja) =
                    (sentence(&variant.attrs, "en").expect("English"), sentence(&variant.attrs, "ja").expect("Japanese"));
                assert!(!is_japanese(&en), "{en}");
                assert_eq!(fields(&en), fields(&ja), "{en}");
                // A sentence of nothing but its facts needs no words.
                let words = en.split(['{', '}']).step_by(2).any(|part| part.contains(char::is_alphabetic));
                assert!(is_japanese(&ja) || !words, "{ja}");
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}
