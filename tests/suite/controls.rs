//! Nothing that comes from an argument, a file or AWS moves the cursor, colours the screen or turns text round, and JSON has each
//! such character as its number.

use std::fs;

use tokaido::model::is_invisible;

use crate::support::binary::{Product, Ran, apply, ran};

/// Of C0 (without line end and tab), DEL, C1, and marks of direction.
const SIGNS: &[char] =
    &['\u{1b}', '\u{7}', '\u{8}', '\r', '\u{7f}', '\u{85}', '\u{9b}', '\u{9d}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}'];

fn clean(what: &str, ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        let bad: Vec<char> = text.chars().filter(|c| is_invisible(*c) && !matches!(c, '\n' | '\t')).collect();
        assert!(bad.is_empty(), "{what}: {bad:?} in {text:?}");
    }
}

#[test]
fn no_argument_reaches_the_terminal_raw() {
    let product = Product::new();
    let signs: String = SIGNS.iter().collect();
    for odd in [format!("a{signs}[31mb"), format!("{signs}[31m")] {
        for words in [
            vec!["explain", &odd],
            vec!["explain", &odd, "--lang", "ja"],
            vec!["show", &odd],
            vec!["show", &odd, "--format", "json"],
            vec!["apply", &odd],
            vec!["approve", &odd],
            vec!["approve", &odd, "--key", &odd],
            vec!["review", &odd, "--key", &odd],
            vec!["plan", &odd],
            vec!["plan", "dev", "--author", &odd],
            vec!["audit", "dev", "--clause", &odd],
            vec!["promote", &odd, "--to", "dev"],
            vec!["release", "cut", "--note", &odd],
            vec!["release", "list"],
            vec!["release", "list", "--format", "json"],
            vec!["sandbox", "set", "vpc.main@tokyo", "dns_support", &odd],
            vec!["sandbox", "set", "vpc.main@tokyo", &odd, "true"],
            vec!["sandbox", "set", &odd, "a", "b"],
            vec!["sandbox", "account", &odd],
            vec!["sandbox", "fail", &odd, "busy"],
            vec!["policy", "test", &odd],
            vec!["schema", &odd],
            vec![&odd],
            vec!["validate", "--log", &odd],
            vec!["validate", "--world", &odd],
        ] {
            // A log of that name is made beside the project.
            let mut command = product.command(&words);
            command.current_dir(product.path());
            clean(&format!("{words:?}"), &ran(command));
        }
        for colour in ["always", "never"] {
            let ran = product.run(&["explain", &odd, "--color", colour]);
            assert!(
                !ran.err.contains(|c| SIGNS[1..].contains(&c)) && !ran.err.contains("\u{1b}[31mb"),
                "{colour}: {:?}",
                ran.err
            );
        }
    }
}

/// The banner, the log and every output name the world by a file, whose name may be anything.
#[test]
fn no_name_of_a_file_reaches_the_terminal_or_the_log_raw() {
    for sign in ['\u{1b}', '\u{9b}', '\u{202e}', '\r'] {
        let product = Product::new();
        let world = product.path().join(format!("w{sign}[31mx.jsonl"));
        let log = product.path().join(format!("l{sign}.jsonl"));
        for words in [
            &["plan", "dev"][..],
            &["plan", "dev", "-vv"],
            &["plan", "dev", "--format", "json"],
            &["apply", "dev", "--yes", "--format", "json"],
            &["status"],
            &["doctor", "dev"],
            &["sandbox", "list"],
            &["sandbox", "list", "--format", "json"],
            &["sandbox", "reset"],
        ] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
            command.env_clear().arg("--project").arg(product.path()).arg("--world").arg(format!("sandbox:{}", world.display()));
            command.arg("--log").arg(&log).args(words);
            clean(&format!("{words:?}"), &ran(command));
        }
        let text = fs::read_to_string(&log).expect("a log");
        assert!(!text.contains(|c| is_invisible(c) && c != '\n'), "{text:?}");
        assert!(text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{text:?}");
    }
}

/// What a file says: in a plan, its page, its JSON, and wherever the plan is shown again.
#[test]
fn no_content_of_a_file_reaches_the_terminal_raw() {
    let mut applied = 0;
    for sign in ['\u{9b}', '\u{202e}', '\u{7f}', '\u{1b}'] {
        let product = Product::new();
        let escaped = if sign == '\u{1b}' { "\\e".to_owned() } else { sign.to_string() };
        product.edit("environments/dev.yaml", "reason: \"", &format!("reason: \"a{escaped}[31mb "));
        for words in
            [&["validate"][..], &["validate", "--format", "json"], &["plan", "dev"], &["plan", "dev", "--format", "json"]]
        {
            clean(&format!("{words:?}"), &product.run(words));
        }
        if product.run(&["validate", "dev"]).code != 0 {
            continue;
        }
        let path = product.saved("dev");
        let saved = path.display().to_string();
        for words in [
            vec!["show", &saved],
            vec!["show", &saved, "--format", "json"],
            vec!["show", &saved, "--format", "md"],
            vec!["show", &saved, "--format", "html"],
            vec!["approve", &saved, "--list"],
            vec!["audit", "dev", "--format", "json"],
            vec!["status", "--format", "json"],
        ] {
            clean(&format!("{words:?}"), &product.run(&words));
        }
        // The file is the same JSON, its id is the digest of the bytes as they stand in it, and it can be applied.
        let text = fs::read_to_string(&path).expect("a plan");
        assert!(!text.contains(|c| is_invisible(c) && c != '\n'), "{text:?}");
        let reason = format!("a{sign}[31mb ");
        let plan: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(plan["body"]["divergences"][0]["reason"].as_str().is_some_and(|said| said.starts_with(&reason)), "{plan}");
        product.expect(0, &apply(&saved));
        applied += 1;
        // A file that another program wrote is shown as its bytes are, and still moves nothing.
        fs::write(&path, text.replace(&format!("\\u{:04x}", u32::from(sign)), &sign.to_string()).replace('\n', "\r\n"))
            .expect("a plan");
        for words in [
            vec!["show", &saved],
            vec!["show", &saved, "--format", "json"],
            vec!["apply", &saved, "--yes"],
            vec!["approve", &saved],
        ] {
            clean(&format!("{words:?}"), &product.run(&words));
        }
    }
    assert!(applied >= 2, "{applied}");
}
