//! Mistakes in files in Japanese: the same places, codes and excerpts, with sentences in the other language.

use std::path::Path;

use crate::support::binary::{EMERGENCY, Product};
use crate::table::is_japanese;

const PRODUCTION: &str = "environments/production.yaml";

fn broken() -> Product {
    let product = Product::new();
    product.edit(PRODUCTION, "class: db.m7g.large", "instance_class: db.m7g.large");
    product.edit(PRODUCTION, "cidr: 10.30.0.0/16", "cidr: 10.30.0.0/33");
    product.edit("environments/base.yaml", "keep: 8d", "keep: 1d");
    product.edit("environments/dev.yaml", "extends: base.yaml", "extends: base.yaml\nextends: base.yaml");
    product
}

/// What does not depend on the language: places, codes, lines of files, carets.
fn neutral(out: &str) -> Vec<String> {
    let drawn = |line: &&str| line.contains(" | ") || line.trim_end().ends_with(" |");
    let place = |line: &str| {
        let (place, rest) = line.split_once(": ")?;
        let code = rest.split_once('[')?.1.split_once(']')?.0;
        place.contains(".yaml:").then(|| format!("{place} {code}"))
    };
    let places = out.lines().filter(|line| !drawn(line)).filter_map(place);
    places.chain(out.lines().filter(drawn).map(str::to_owned)).collect()
}

#[test]
fn validate_says_the_same_in_both_languages() {
    let product = broken();
    let english = product.expect(1, &["validate"]).out;
    let japanese = product.expect(1, &["validate", "--lang", "ja"]).out;
    assert_eq!(neutral(&english), neutral(&japanese), "{japanese}");
    assert!(neutral(&english).len() > 12, "{english}");
    for said in [
        "エラー[bad-cidr]: `10.30.0.0/33` は IPv4 のアドレス",
        "`class`（Terraform では `instance_class`）",
        "エラー[duplicate-key]: `extends` が二度書かれています",
        "最初に書かれている場所: environments/dev.yaml:",
        "約束: 12 recovery-copies: 大阪の複製",
        "継承する環境:",
        "修正案: 同じキーは一度だけ",
        "エラー 4 件（ファイル 3 件）",
    ] {
        assert!(japanese.contains(said), "{said}: {japanese}");
    }
    assert!(!japanese.contains("expected:") && !japanese.contains("error["), "{japanese}");
    assert!(!is_japanese(&english), "{english}");
}

#[test]
fn documents_know_no_language() {
    let product = broken();
    let english = product.expect(1, &["validate", "--format", "json"]).out;
    assert_eq!(english, product.expect(1, &["validate", "--format", "json", "--lang", "ja"]).out);
    assert!(!is_japanese(&english), "{english}");
}

/// One place writes mistakes, so every command that has a language has this one too.
#[test]
fn a_command_that_refuses_the_files_does_so_in_its_language() {
    let product = broken();
    for words in [&["plan", "production", "--lang", "ja"][..], &["audit", "production", "--lang", "ja"]] {
        let err = product.expect(1, words).err;
        assert!(err.contains("production のファイルに誤りがあります。AWS は呼び出していません"), "{words:?}: {err}");
        assert!(err.contains("エラー[bad-cidr]") && err.contains("^^^^^"), "{words:?}: {err}");
    }
    let err = product.expect(1, &["plan", "production"]).err;
    assert!(err.contains("production has mistakes; AWS was not called") && !is_japanese(&err), "{err}");
}

#[cfg(feature = "policy")]
#[test]
fn the_checker_of_rego_is_introduced_in_japanese() {
    let product = Product::new();
    std::fs::write(product.path().join("policies/x.rego"), "package tokaido.x\n\nimport data.y\n").expect("a file");
    let out = product.expect(1, &["validate", "--lang", "ja"]).out;
    assert!(out.contains("エラー[policy-alone]: `import data.y` はファイルの外のものを取り込みます"), "{out}");
    assert!(out.contains("修正案: `import` を除く。"), "{out}");
    assert_eq!(remains(&["validate"], &out), [""; 0], "{out}");
    // What the engine says of a text that it cannot read is English, behind the meaning of its code.
    std::fs::write(product.path().join("policies/x.rego"), "package tokaido.x\n\nx := {\n").expect("a file");
    let out = product.expect(1, &["validate", "--lang", "ja"]).out;
    assert!(out.contains("エラー[policy-syntax]: Rego v1 として読み取れません（"), "{out}");
    assert!(out.contains("エラー[policy-metadata]: ポリシーの説明がありません"), "{out}");
}

/// Four words of letters one after the other, outside of what is typed and of what a person wrote.
fn english(line: &str) -> bool {
    const WRITTEN: [&str; 3] = ["the engine is under test", "planned failure before the call", "cost; no customer data"];
    let line = WRITTEN.iter().fold(line.to_owned(), |line, text| line.replace(text, ""));
    // The names of cases are their author's.
    if line.trim_start().starts_with("合格") {
        return false;
    }
    let outside = |text: &str, quote: char| text.split(quote).step_by(2).collect::<Vec<_>>().join(" x1 ");
    let said = outside(&outside(&line, '`'), '"');
    let tokens: Vec<&str> = said.split_whitespace().collect();
    let is_word = |token: &str| {
        // A comma stands in a list of names.
        let token = token.trim_end_matches([';', ':', '.']);
        !token.is_empty() && token.chars().all(|c| c.is_ascii_alphabetic())
    };
    tokens.windows(4).enumerate().any(|(at, four)| {
        let typed = tokens[at.saturating_sub(2)..at].contains(&"tokaido") || four.contains(&"tokaido");
        !typed && four.iter().all(|token| is_word(token))
    })
}

/// The text without the original words of another program, which stand in brackets behind their meaning in Japanese.
fn without_originals(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('（') {
        kept.push_str(before);
        match after.split_once('）') {
            Some((original, more)) if is_japanese(before) && !is_japanese(original) => rest = more,
            _ => {
                kept.push('（');
                rest = after;
            }
        }
    }
    kept + rest
}

/// Lines of English among what a command wrote in Japanese. Beside a command to type next stands its purpose; the command itself
/// is no sentence.
fn remains(words: &[&str], text: &str) -> Vec<String> {
    let text = without_originals(text);
    let found = text.lines().filter(|line| english(line) || ["Next", "Summary", "Verdict"].contains(&line.trim()));
    found.map(|line| format!("{}: {line}", words.join(" "))).collect()
}

#[test]
fn english_sentences_are_seen() {
    assert!(english("  nothing was changed here: plan again"));
    assert!(!english("  tokaido --world sandbox apply production    もう一度計画する"));
    assert!(!english("= 正常  tokyo: backup, ec2, kms, rds が応答しました"));
    assert!(!english(&without_originals("開けません: 見つかりません（No such file or directory (os error 2)）。何も")));
    assert!(english(&without_originals("（No such file or directory here）")), "nothing in Japanese says what it means");
    assert_eq!(remains(&["audit"], "約束\n\nNext\n  tokaido plan dev\n"), ["audit: Next"]);
}

/// A project with something broken in it, a command that meets it, its exit code, and what it says in Japanese.
#[test]
fn what_is_broken_is_told_in_japanese() {
    type Break = fn(&Path);
    const DEV: &str = "environments/dev.yaml";
    let cases: &[(Break, &[&str], i32, &str)] = &[
        (|_| {}, &["plan", "dev", "--world", "sandbox:none"], 0, "none がまだないため空です。"),
        (|_| {}, &["doctor", "dev"], 0, "実行先 sandbox"),
        (|_| {}, &["sandbox", "list", "--world", "sandbox:none"], 0, "サンドボックスは空です"),
        (|_| {}, &["audit", "dev"], 0, "対象なし"),
        (|_| {}, &["show", "nothing"], 1, "計画 `nothing` はありません"),
        (|at| folder(at, DEV), &["validate"], 1, "通常のファイルではありません"),
        (|at| linked(at, DEV), &["validate"], 1, "プロジェクトの外を指しています"),
        (|at| text(at, DEV, b"a: \xff\n"), &["validate"], 1, "UTF-8 の文字列ではありません"),
        (|at| text(at, DEV, b"a: \"b\n"), &["validate"], 1, "引用符が閉じていません"),
        (|at| text(at, DEV, b"a: [1, 2\n"), &["validate"], 1, "`[ ]` の中に"),
        (|at| text(at, DEV, b"a:\n\tb: 1\n"), &["validate"], 1, "字下げにタブが使われています"),
        (|at| text(at, DEV, b"a: b: c\n"), &["validate"], 1, "この位置に `キー: 値` は書けません"),
        (|at| text(at, DEV, b"- a\nb: 1\n"), &["validate"], 1, "`-` があるべき位置"),
        (|at| text(at, DEV, b"a: *x\n"), &["validate"], 1, "参照先がありません"),
        (|at| text(at, DEV, b"%FOO\n"), &["validate"], 1, "文書の始まり"),
        (|at| text(at, DEV, b"a: @x\n"), &["validate"], 1, "この位置に書けない文字があります"),
        (|at| folder(at, "log"), &["validate", "--log", "log"], 1, "フォルダーです（"),
        (|_| {}, &["validate", "--log", "none/log"], 1, "見つかりません（"),
        (|at| text(at, "plans", b""), &["plan", "dev", "--save"], 1, "パスの途中がフォルダーではありません（"),
        (|at| text(at, "x.json", b"no plan"), &["show", "x.json"], 1, "この tokaido の計画として読み取れません（"),
        (|at| text(at, "w", b"{\"entry\":\"start\"\n"), &["plan", "dev", "--world", "sandbox:w"], 1, "1 行目が壊れています（"),
        (|at| text(at, "w", b"hello"), &["plan", "dev", "--world", "sandbox:w"], 1, "サンドボックスのファイルではありません"),
        (|_| {}, &["review", "none", "--key", "k"], 1, "緊急の適用 `none` はありません"),
    ];
    let mut found = Vec::new();
    for (broken, words, code, expected) in cases {
        let product = Product::new();
        broken(product.path());
        let own = words.contains(&"--world");
        let mut command = product.command(words);
        if own {
            command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
            command.args(*words).env_clear();
        }
        let ran = crate::support::binary::ran({
            command.env("TOKAIDO_LANG", "ja").current_dir(product.path());
            command
        });
        let said = format!("{}{}", ran.out, ran.err);
        // Sentences are wrapped at the width of the page.
        let flowing: String = said.split('\n').map(str::trim).collect();
        assert_eq!(ran.code, *code, "{words:?}: {ran:#?}");
        assert!(flowing.replace(' ', "").contains(&expected.replace(' ', "")), "{words:?}: {expected}: {ran:#?}");
        found.extend(remains(words, &flowing));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn text(at: &Path, file: &str, bytes: &[u8]) {
    std::fs::write(at.join(file), bytes).expect("a file");
}

fn folder(at: &Path, file: &str) {
    let _ = std::fs::remove_file(at.join(file));
    std::fs::create_dir(at.join(file)).expect("a folder");
}

fn linked(at: &Path, file: &str) {
    std::fs::remove_file(at.join(file)).expect("a file");
    std::os::unix::fs::symlink("/etc/hostname", at.join(file)).expect("a link");
}

#[test]
fn reports_say_nothing_in_english_alone() {
    let product = Product::new();
    let mut found = Vec::new();
    let mut says = |code: i32, words: &[&str]| {
        let words = [words, &["--lang", "ja"]].concat();
        let ran = product.expect(code, &words);
        assert!(is_japanese(&ran.out), "{words:?}: {ran:#?}");
        found.extend(remains(&words, &ran.out));
        // Progress stands on standard error.
        let progress: String = ran.err.lines().filter(|line| line.starts_with('[')).collect::<Vec<_>>().join("\n");
        found.extend(remains(&words, &progress));
    };
    says(0, &["release", "list"]);
    says(0, &["status"]);
    says(0, &["doctor"]);
    says(3, &["drift", "dev"]);
    says(0, &["plan", "dev"]);
    says(0, &["policy", "test"]);
    says(0, &["apply", "dev", "--yes", EMERGENCY[0], EMERGENCY[1]]);
    says(0, &["drift", "dev"]);
    says(0, &["audit", "dev", "staging"]);
    product.expect(0, &["release", "cut", "2026.11.0"]);
    says(0, &["release", "list"]);
    says(0, &["release", "show", "2026.11.0"]);
    says(0, &["release", "diff", "2026.11.0"]);
    says(0, &["promote", "2026.11.0", "--to", "dev"]);
    says(0, &["status"]);
    says(0, &["bootstrap", "staging", "--yes"]);
    product.expect(0, &["plan", "production", "--save"]);
    let folder = product.path().join("plans/production");
    let plan = std::fs::read_dir(folder).expect("plans").map(|entry| entry.expect("a plan").path()).find(|path| path.is_file());
    let plan = plan.expect("a plan").display().to_string();
    says(5, &["approve", &plan, "--list"]);
    // What is refused, and what cannot be read.
    product.expect(0, &["sandbox", "fail", "list kms-key", "access-denied"]);
    says(8, &["drift", "dev"]);
    says(1, &["doctor", "dev"]);
    says(8, &["plan", "dev"]);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "fail", "create vpc", "quota"]);
    says(6, &["apply", "staging", "--yes", EMERGENCY[0], EMERGENCY[1]]);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    says(1, &["doctor", "dev"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
