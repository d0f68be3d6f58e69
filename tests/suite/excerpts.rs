//! A mistake in a file is shown with its line and carets under what is wrong, whatever stands in the line.

use std::fs;

use crate::support::binary::{Product, Ran, ran};

const DEV: &str = "environments/dev.yaml";
const PRODUCTION: &str = "environments/production.yaml";

/// What `validate` prints.
fn validated(product: &Product) -> Ran {
    product.expect(1, &["validate"])
}

/// The block that begins with this place, up to the blank line behind it.
fn block<'a>(out: &'a str, place: &str) -> &'a str {
    let from = out.find(place).unwrap_or_else(|| panic!("no {place} in:\n{out}"));
    out[from..].split("\n\n").next().unwrap_or_default()
}

/// The excerpt of a block: the lines of the file, and those with carets.
fn excerpt(block: &str) -> Vec<&str> {
    let drawn = |line: &&str| line.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).starts_with('|');
    block.lines().filter(drawn).map(|line| line.split_once('|').map_or("", |(_, rest)| rest)).collect()
}

/// What stands in the last line of a file above the carets. Wide characters take two columns.
fn marked(block: &str) -> String {
    let lines = excerpt(block);
    let carets = lines.last().expect("carets");
    let (from, to) = (carets.find('^').expect("a caret"), carets.rfind('^').expect("a caret") + 1);
    let (mut column, mut found) = (0, String::new());
    for c in lines[lines.len() - 2].chars() {
        if column >= from && column < to {
            found.push(c);
        }
        column += if ('\u{3000}'..='\u{ffe6}').contains(&c) { 2 } else { 1 };
    }
    found
}

fn write(product: &Product, file: &str, text: impl AsRef<[u8]>) {
    fs::write(product.path().join(file), text).expect("a file");
}

fn read(product: &Product, file: &str) -> String {
    fs::read_to_string(product.path().join(file)).expect("a file")
}

/// Message, line, carets, what would be right, and the clause: of every mistake, sorted by file and line.
#[test]
fn all_that_a_person_needs_stands_together() {
    let product = Product::new();
    product.edit(PRODUCTION, "class: db.m7g.large", "class: db.huge   # for the new year");
    product.edit(PRODUCTION, "cidr: 10.30.0.0/16", "cidr: 10.30.0.0/33");
    product.edit("environments/base.yaml", "keep: 8d", "keep: \"8 days\"");
    let out = validated(&product).out;
    let place = block(&out, &format!("{PRODUCTION}:17:9: error[bad-cidr]"));
    assert_eq!(excerpt(place), ["", "   cidr: 10.30.0.0/33", "         ^^^^^^^^^^^^"], "{place}");
    assert!(place.contains("\n  17 |   cidr"), "{place}");
    let class = block(&out, &format!("{PRODUCTION}:30:12: error[bad-class]"));
    assert_eq!(marked(class), "db.huge", "{class}");
    assert!(class.contains("\n  expected: "), "{class}");
    let keep = block(&out, "environments/base.yaml:");
    assert_eq!(marked(keep), "\"8 days\"", "{keep}");
    assert!(keep.contains("\n  promise: ") && keep.contains("recovery-copies"), "{keep}");
    let order: Vec<usize> = [keep, place, class].iter().map(|block| out.find(*block).expect("a block")).collect();
    assert!(order.is_sorted(), "{out}");
    assert!(!out.contains('\u{1b}'), "no colour where nobody looks: {out}");
}

#[test]
fn the_key_the_item_or_the_map_that_is_wrong_is_marked_and_nothing_behind_it() {
    for (from, to, wrong) in [
        ("class: db.m7g.large", "clas: db.m7g.large", "clas"),
        ("multi_az: true", "multi_az: 'yes' # or no", "'yes'"),
        ("zones: [apne1-az1, apne1-az2, apne1-az4]", "zones: [apne1-az1, apne1-az1, apne1-az4]", "apne1-az1"),
        ("storage: { at_least: 100 GiB,", "storage: { at_least: much,", "much"),
        ("up_to: 1 TiB }", "up_to: much   }", "much"),
        ("up_to: 1 TiB }", "upto   : 1 TiB }", "upto"),
        ("engine: postgres", "engine: [postgres]  # why", "engine"),
        ("owner: ", "owner: 0x10, with: ", "0x10"),
    ] {
        let product = Product::new();
        let file = if from.starts_with("owner") { DEV } else { PRODUCTION };
        product.edit(file, from, to);
        let out = validated(&product).out;
        let place = block(&out, &format!("{file}:"));
        assert_eq!(marked(place), wrong, "{to}: {place}");
    }
}

/// Ends of lines, marks at the beginning, tabs, wide and combined characters: the carets stand under the value.
#[test]
fn carets_stand_under_the_value_whatever_stands_before_it() {
    let edits: [(&str, &dyn Fn(String) -> String); 4] = [
        ("CRLF", &|text| text.replace('\n', "\r\n")),
        ("a mark at the beginning", &|text| format!("\u{feff}{text}")),
        ("a tab", &|text| text.replace("class: db.huge", "class:  \tdb.huge")),
        ("CR alone", &|text| text.replace('\n', "\r")),
    ];
    for (what, edit) in edits {
        let product = Product::new();
        let text = read(&product, PRODUCTION).replace("class: db.m7g.large", "class: db.huge");
        write(&product, PRODUCTION, edit(text));
        let out = validated(&product).out;
        let place = block(&out, &format!("{PRODUCTION}:30:"));
        assert_eq!(marked(place), "db.huge", "{what}: {out}");
        assert!(!out.contains(['\t', '\r']), "{what}: {out}");
    }
    let product = Product::new();
    product.edit(DEV, "reason: \"", "reason: \"顧客データなし\", ownr: \"");
    let out = validated(&product).out;
    let place = block(&out, &format!("{DEV}:"));
    assert_eq!(marked(place), "ownr", "{out}");
}

/// Nothing of a file may move the cursor, colour the screen or turn the text round.
#[test]
fn control_characters_are_shown_as_what_they_are() {
    for sign in ['\u{1b}', '\u{7}', '\u{8}', '\u{85}', '\u{9b}', '\u{202e}', '\u{200b}', '\u{2028}', '\u{feff}', '\u{7f}'] {
        let product = Product::new();
        product.edit(PRODUCTION, "class: db.m7g.large", &format!("class: \"db{sign}[31m.huge\""));
        let ran = validated(&product);
        assert!(!ran.out.contains(sign), "{:?}: {}", sign, ran.out);
        let place = block(&ran.out, &format!("{PRODUCTION}:30:"));
        let written = sign.escape_unicode().to_string();
        assert!(place.contains(&written) || ran.out.contains("yaml-syntax"), "{written}: {place}");
        assert!(marked(place).starts_with('"') || ran.out.contains("yaml-syntax"), "{place}");
    }
}

/// A place behind all that is written, in files that end in every way, and files that say nothing.
#[test]
fn the_end_of_a_file_is_a_place_like_others() {
    for end in ["regions: [a", "regions: [a\n", "regions: [a\n\n\n", "regions: \"a", "regions: \"a\r\n", "a: {b: 1\n# c\n"] {
        let product = Product::new();
        let text = format!("{}\n{end}", read(&product, DEV).trim_end());
        write(&product, DEV, text);
        let out = validated(&product).out;
        let place = block(&out, &format!("{DEV}:"));
        assert!(place.contains("yaml-syntax") && excerpt(place).last().is_some_and(|line| line.contains('^')), "{end:?}: {out}");
    }
    // The place is where the file ends for people: behind the last thing that is written, not on a line that does not exist.
    for (end, column) in [
        ("regions: [a", 12),
        ("regions: [a\n", 12),
        ("regions: [a\n\n\n", 12),
        ("regions: [a   \n# a word\n\n", 12),
        ("regions: [a\r\n\r\n", 12),
        ("regions: {a: 1\n", 15),
        ("regions\n", 8),
    ] {
        let product = Product::new();
        let begin = read(&product, DEV).trim_end().to_owned();
        let line = begin.lines().count() + 1;
        write(&product, DEV, format!("{begin}\n{end}"));
        let out = validated(&product).out;
        let place = block(&out, &format!("{DEV}:{line}:{column}: error[yaml-syntax]"));
        assert!(excerpt(place)[1].contains("regions") && place.contains(&format!("\n  {line} | regions")), "{end:?}: {place}");
    }
    for nothing in ["", "\n", "\r\n\r\n", "   ", "\u{feff}", "# only words\n", "---\n", "~\n"] {
        let product = Product::new();
        write(&product, DEV, nothing);
        let out = validated(&product).out;
        assert!(out.contains(&format!("{DEV}:1:1: error[empty-file]")), "{nothing:?}: {out}");
    }
    let product = Product::new();
    write(&product, DEV, b"schema: tokaido/v1\nenvironment: d\xffev\n");
    let out = validated(&product).out;
    let place = block(&out, &format!("{DEV}:2:15: error[not-utf8]"));
    assert_eq!(excerpt(place)[1], " environment: d\u{fffd}ev", "{place}");
}

/// A line of any length is cut around the mistake; the whole output stays as wide as a terminal.
#[test]
fn a_long_line_is_cut_on_both_sides() {
    for (before, after) in [(0, 3000), (3000, 0), (3000, 3000), (100, 100), (1_000_000, 1_000_000)] {
        let product = Product::new();
        let fill = |count: usize| "x: [語], ".repeat(count / 9);
        let text = format!("a: {{ {}b: 'wrong', b: 'twice', {} }}\n", fill(before).replace("x:", "\"x\" :"), fill(after));
        // Every `x` but the first stands twice as well, so only the place of `b` is looked at.
        write(&product, DEV, text.replace("\"x\" :", "- ").replace("x: ", "- "));
        let out = validated(&product).out;
        let place = block(&out, &format!("{DEV}:1:"));
        let longest = out.lines().map(unicode_width).max().unwrap_or_default();
        assert!(longest <= 100, "{longest}: {}", &place[..place.len().min(500)]);
        assert!(excerpt(place).last().is_some_and(|line| line.contains('^')), "{place}");
    }
}

fn unicode_width(line: &str) -> usize {
    line.chars().map(|c| if ('\u{3000}'..='\u{ffe6}').contains(&c) { 2 } else { 1 }).sum()
}

/// An excerpt shows no secret: not the one that is the mistake, and none that stands beside another mistake.
#[test]
fn no_excerpt_shows_a_secret() {
    for (text, file_ends) in [
        ("master_password: hunter2-hunter2", ""),
        ("logs: { keep: 1d, password: hunter2-hunter2 }", ""),
        ("password: \"hunter2-hunter2", ""),
        ("password: \"abc\nhunter2-hunter2", ""),
        ("password:\n   hunter2-hunter2\n  x", ""),
        ("password: |\n   a\n   hunter2-hunter2: [\n", ""),
        ("password hunter2-hunter2", ""),
        ("password：hunter2-hunter2", ""),
        ("- password: hunter2-hunter2", ""),
        ("key: \"postgres://root:hunter2-hunter2@db\"", ""),
        ("key: AKIAHUNTER2HUNTER200", "HUNTER2HUNTER200"),
        ("key: |\n  -----BEGIN PRIVATE KEY-----\n  hunter2-hunter2\n x", ""),
    ] {
        let product = Product::new();
        let whole = format!("{}\n{text}\n", read(&product, DEV).trim_end());
        write(&product, DEV, whole);
        let ran = validated(&product);
        assert!(!ran.out.contains("hunter2-hunter2"), "{text}: {}", ran.out);
        assert!(file_ends.is_empty() || !ran.out.contains(file_ends), "{text}: {}", ran.out);
        assert!(ran.out.contains(&format!("{DEV}:")), "{text}: {}", ran.out);
    }
    // The key that is at fault stays readable.
    let product = Product::new();
    let whole = format!("{}\nmaster_password: hunter2\n", read(&product, DEV).trim_end());
    write(&product, DEV, whole);
    let out = validated(&product).out;
    assert!(out.contains("| master_password: (hidden)\n"), "{out}");
}

/// Not only environments: promises, roles, policies, their cases, and what a release froze.
#[test]
fn every_file_of_a_project_is_quoted() {
    let product = Product::new();
    product.edit("policies/promises.yaml", "clause: \"12\"", "clause: \"12\"\n    clausse: 4");
    write(&product, "policies/roles.yaml", "schema: tokaido/v1\npeople:\n  - name: Ann\n    gruops: [x]\n");
    let out = validated(&product).out;
    assert_eq!(marked(block(&out, "policies/promises.yaml:")), "clausse", "{out}");
    assert!(out.contains("    gruops: [x]\n") && out.contains("    ^^^^^^\n"), "{out}");
}

#[cfg(feature = "policy")]
#[test]
fn rego_and_its_cases_are_quoted() {
    let product = Product::new();
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/no-open-ingress.rego");
    let text = fs::read_to_string(own).expect("a policy").replace("rule.peer", "rule.peeer");
    write(&product, "policies/no-open-ingress.rego", &text);
    let out = validated(&product).out;
    let place = block(&out, "policies/");
    assert!(place.contains(".rego:") && excerpt(place)[1].contains("rule.peeer"), "{out}");
    assert!(marked(place).contains("peeer"), "{place}");

    write(&product, "policies/no-open-ingress.rego", text.replace("rule.peeer", "rule.peer"));
    fs::create_dir(product.path().join("policies/tests")).expect("a folder");
    write(&product, "policies/tests/x.yaml", "schema: tokaido/policy-test/v1\npolicy: x\ncases:\n  - nme: y\n");
    let err = product.expect(1, &["policy", "test"]).err;
    assert_eq!(marked(block(&err, "policies/tests/x.yaml:4:5")), "nme", "{err}");
}

/// Every command that refuses files shows the same.
#[test]
fn a_command_that_needs_the_files_shows_the_line_too() {
    let product = Product::new();
    product.edit(PRODUCTION, "class: db.m7g.large", "class: db.huge");
    for words in [
        &["plan", "production"][..],
        &["drift", "production"],
        &["apply", "production", "--yes"],
        &["audit", "production"],
        &["release", "cut"],
    ] {
        let ran = product.expect(1, words);
        assert_eq!(marked(block(&ran.err, &format!("{PRODUCTION}:30:12"))), "db.huge", "{words:?}: {}", ran.err);
    }
}

/// Colour is the terminal's matter, and documents know nothing of lines.
#[test]
fn colour_follows_the_terminal_and_json_has_no_excerpt() {
    let product = Product::new();
    product.edit(PRODUCTION, "class: db.m7g.large", "class: db.huge");
    let coloured = product.expect(1, &["--color", "always", "validate"]).out;
    assert!(coloured.contains('\u{1b}') && coloured.contains("db.huge"), "{coloured}");
    let plain = product.expect(1, &["--color", "never", "validate"]).out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let mut bare = String::new();
    let mut inside = false;
    for c in coloured.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            c => bare.push(c),
        }
    }
    assert_eq!(bare, plain);
    let mut command = product.command(&["validate"]);
    command.env("NO_COLOR", "1");
    assert_eq!(ran(command).out, plain);
    let json = product.expect(1, &["validate", "--format", "json"]).json();
    let keys: Vec<&String> = json["findings"][0].as_object().expect("a finding").keys().collect();
    assert_eq!(keys, ["code", "expected", "message", "promise", "related", "severity", "source"], "{json}");
}
