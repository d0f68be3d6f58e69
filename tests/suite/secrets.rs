//! What is hidden in one place is hidden in all: messages, what would be right, excerpts, in both languages and in JSON. And what is
//! no secret is hidden nowhere.

use std::sync::Arc;

use tokaido::model::{Finding, Language};
use tokaido::policy::Nothing;
use tokaido::project::{Project as Read, Quotes};
use tokaido::yaml::{secret_key, secret_value};

use crate::project::{Project, today};
use crate::support::binary::{Product, ran};
use crate::table::{DEV, PRODUCTION};

/// Secrets by their own form. None is real: letters and digits stand in the order of the alphabet or were thrown.
const SECRETS: &[&str] = &[
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "sk-proj-abcDEF123456ghiJKL7890mnoPQR",
    "sk-ant-api03-abcdefghij0123456789",
    "sk-abcdefghijklmnopqrst0123456789ABCDEFGHIJKLMNOPQR",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "github_pat_11ABCDEFG0abcdefghijklmnop_qrstuv",
    "xoxb-123456789012-abcdefghijkl",
    "xoxe-1-abcdefghijklmnop",
    "glpat-abcdefghij0123456789",
    "hf_abcdefghijklmnopqrstuvwxyz012345",
    "whsec_abcdefghijklmnop0123456789",
    "sk_live_abcdefghij0123456789",
    "Bearer 0a1b2c3d4e5f60718293",
    "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    "postgres://root:hunter2-hunter2@db.example.com/app",
    "https://user:pa/ss-hunter2@example.com/",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
    "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MbzYLdZ7ZvVy7F7V",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    "MHcCAQEEIIr5m3sQwz7w8jv1Tz2dQbUeV7pYw2cU1kq1n5m3sQwzoAoGCCqGSM49",
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
    "MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI2Y1m3sQwz7w8jv1T",
    "7F7Vq1n5m3sQwz7w8jv1Tz2dQbUeV7pYw2cU1kq1n5m3sQwzK06nwoyHUCXqI9Ed",
    "my-password-is-long",
    "my-password-hunter2",
    "Passw0rd=hunter2hunter",
    "pwd=hunter2hunter",
    "password: hunter2-x",
    "ｐａｓｓｗｏｒｄ＝hunter2hunter",
];

/// What a configuration of ours has, or may have: it is read by people, and stays readable.
const HARMLESS: &[&str] = &[
    "sg-0123456789abcdef0",
    "vpc-0a1b2c3d4e5f60718",
    "subnet-0a1b2c3d4e5f60718",
    "eni-0a1b2c3d4e5f60718",
    "disk-of-the-first-tenant-2026-11-01-tokyo",
    "task-1234567890-abcdefghijklmnopqrstuvwxyz",
    "arn:aws:iam::333333333333:role/tokaido-applier",
    "arn:aws:kms:ap-northeast-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:rds:ap-northeast-1:333333333333:db:tokaido-production-catalog",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "SHA256:jJ9P3tPq3n6nYv9c3b8wF0mH6Tq6d7dQmF9y1aBcDeF",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl alice@example.com",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7VJTUt9Us8cKjMzEfYyjiWA4R4f2M1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789 bob",
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT carol",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html",
    "https://sso.example.com:8443/@admin",
    "git+ssh://git@example.com/acme/tokaido.git",
    "initial-passwords",
    "password-policy",
    "no-secrets-in-tags",
    "secret-garden",
    "A user sets the first password through an address that works once.",
    "Bearer tokens are for machines.",
    "sun 18:00-18:30",
    "db.m7g.large",
    "10.30.0.0/16",
    "tokaido-production-333333333333",
    "2026-11-01T00:00:00Z",
    "全角の文字：パス",
];

#[test]
fn a_secret_is_known_by_its_form() {
    for secret in SECRETS {
        assert!(secret_value(secret), "{secret}");
        assert!(secret_value(&format!("see {secret} there")), "{secret}");
    }
    for harmless in HARMLESS {
        assert!(!secret_value(harmless), "{harmless}");
    }
    for key in [
        "password",
        "masterPassword",
        "DB_PASSWORD",
        "ｐａｓｓｗｏｒｄ",
        "pass\u{200b}word",
        "db_pwd",
        "dbPwd",
        "api-key",
        "apiKey",
        "API KEY",
        "secret_access_key",
        "aws.secret",
        "auth-token",
        "private_key",
        "db_pass",
        "パスワード",
        "credentials",
    ] {
        assert!(secret_key(key), "{key}");
    }
    for key in [
        "class",
        "regions",
        "key_rotation",
        "kms_key_id",
        "passes",
        "bypass",
        "compass",
        "keep",
        "at_least",
        "tokyo",
        "principal",
        "time",
    ] {
        assert!(!secret_key(key), "{key}");
    }
}

/// No key of a file of ours announces a secret, and the committed project hides nothing.
#[test]
fn no_key_of_ours_and_no_committed_line_is_hidden() {
    for path in tokaido::desired::keys::all().keys() {
        assert!(!path.split('.').any(secret_key), "{path}");
    }
    let project = Project::new();
    let read = Read::open(project.root(), today(), Arc::new(Nothing));
    let _ = read.load(&[], true);
    let quotes = Quotes::of(&read);
    for file in [DEV, PRODUCTION, crate::table::BASE, crate::table::PROMISES] {
        let text = std::fs::read_to_string(project.root().join(file)).expect("a file");
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = tokaido::model::Source { file: file.into(), line: index + 1, column: 1 };
            assert_eq!(quotes.quote(&place).expect("a line").line, line, "{file}:{}", index + 1);
        }
    }
}

/// Everything that is said of a project with this text at the end of dev's file, and every line of that file as it is shown.
fn said(text: &str) -> (Vec<Finding>, String) {
    let mut project = Project::new();
    let whole = std::fs::read_to_string(project.root().join(DEV)).expect("a file");
    project.write(DEV, &format!("{}\n{text}\n", whole.trim_end()));
    let read = Read::open(project.root(), today(), Arc::new(Nothing));
    let loaded = read.load(&[], false);
    let quotes = Quotes::of(&read);
    let mut all = String::new();
    for finding in &loaded.findings {
        for language in [Language::En, Language::Ja] {
            all.push_str(finding.message.say(language));
            all.extend(finding.expected.iter().map(|expected| expected.say(language)));
            all.extend(finding.related.iter().map(|(words, _)| words.say(language)));
            all.push('\n');
        }
        all.push_str(&serde_json::to_string(finding).expect("JSON"));
        // Neighbours of the mistake as well: which line is the mistake is the parser's opinion.
        let place = finding.source.clone().into_iter();
        for place in place.flat_map(|place| (place.line.saturating_sub(3)..place.line + 3).map(move |line| (line, place.clone())))
        {
            let quote = quotes.quote(&tokaido::model::Source { line: place.0, ..place.1 });
            all.extend(quote.map(|quote| format!("{}\n{}\n", quote.line, quote.above.unwrap_or_default())));
        }
    }
    (loaded.findings, all)
}

/// Wherever a secret stands, whole or broken, nothing that is said repeats it.
#[test]
fn nothing_repeats_a_secret_wherever_it_stands() {
    let places: &[&str] = &[
        "owner: @",
        "owner: \"@\"",
        "@: x",
        "owner: { a: @ }",
        "owner:\n  - @",
        "owner: x   # @",
        "# @\nowner: [",
        "owner: [ @",
        "owner: '@",
        "logs: { keep: \"@\" }",
        "schema: \"@\"",
        "extends: \"@\"",
        "release: \"@\"",
        "divergences:\n  - { promise: \"@\", reason: \"@\" }",
        "exceptions:\n  - { what: \"@\", reason: \"@\" }",
    ];
    for secret in SECRETS {
        // A part of it is no better.
        let parts: Vec<&str> = secret.split([' ', ':', '=', '＝']).filter(|part| part.len() > 8).collect();
        for place in places {
            let text = place.replace('@', secret);
            let (findings, said) = said(&text);
            assert!(!findings.is_empty() || place.contains('#'), "{text}");
            for part in parts.iter().filter(|part| !part.starts_with("//") && !part.eq_ignore_ascii_case("password")) {
                assert!(!said.contains(part), "{text}:\n{said}");
            }
        }
    }
}

/// A secret has no form of its own where its name announces it.
#[test]
fn nothing_repeats_what_a_name_announces() {
    for text in [
        "master_password: correcthorse-battery",
        "masterPassword: correcthorse-battery",
        "ｐａｓｓｗｏｒｄ: correcthorse-battery",
        "ｐａｓｓｗｏｒｄ：correcthorse-battery",
        "password correcthorse-battery",
        "password= correcthorse-battery",
        "# pwd=correcthorse-battery\nlogs: [",
        "logs: x # pwd=correcthorse-battery",
        "logs: x # password: correcthorse-battery",
        "logs: { password: correcthorse-battery }",
        "logs: { \"password\": \"correcthorse-battery\", keep: x }",
        "password: >\n  abc\n  correcthorse-battery",
        "password: >\n  abc\ncorrecthorse-battery",
        "password: >\n  abc\ncorrecthorse-battery more\nlogs: [",
        "password: >\ncorrecthorse-battery: x",
        "password: abc\ncorrecthorse-battery\nlogs: x",
        "logs:\n  password: |\n correcthorse-battery\n",
        "password: \"abc\ncorrecthorse-battery: x",
        "password: \"abc\n\n  keep: correcthorse-battery\n",
        "password:\n  correcthorse-battery: x\n",
        "password:\n- correcthorse-battery\n- correcthorse-battery: [",
        "credentials:\n  user: x\n  key: correcthorse-battery\n",
        "token: &t correcthorse-battery\nregions: *t",
        "token: &t correcthorse-battery\nlogs: { keep: *t }",
        "パスワード: correcthorse-battery",
        "パスワード （本番）: correcthorse-battery",
        "トークン: correcthorse-battery",
        "api key: correcthorse-battery",
        "\"access key\": correcthorse-battery",
        "\"private key\": correcthorse-battery",
        "logs: { \"api key\": correcthorse-battery, keep: x }",
        "? password\n: correcthorse-battery\nlogs: [",
    ] {
        let (findings, said) = said(text);
        assert!(!findings.is_empty(), "{text}");
        assert!(!said.contains("correcthorse"), "{text}:\n{said}");
    }
}

/// And nothing else is hidden: a message without the wrong value helps nobody.
#[test]
fn what_is_no_secret_is_shown() {
    for harmless in HARMLESS {
        let (findings, said) = said(&format!("logs: {{ keep: \"{harmless}\" }}"));
        assert!(!findings.is_empty(), "{harmless}");
        assert!(!said.contains("hidden"), "{harmless}: {said}");
        let begin: String = harmless.chars().take(50).collect();
        assert!(said.contains(&begin), "{harmless}: {said}");
    }
    // Our own words stay, whatever words the file has.
    for key in ["db password", "the token", "the secret of and for"] {
        let (_, said) = said(&format!("\"{key}\": hunter2"));
        assert!(said.contains("the value is not shown") && !said.contains("hunter2"), "{said}");
        assert!(said.contains("passwords"), "{said}");
    }
    // A backtick of the file does not make its words ours.
    for value in ["a`qz7x`b", "x`qz7x"] {
        let (_, said) = said(&format!("logs: {{ keep: {value}, password: {value} }}"));
        assert!(!said.contains("qz7x"), "{value}: {said}");
    }
    // Beside a secret the rest of the file stays readable.
    let (_, said) = said("master_password: correcthorse-battery\nowner: nobody\nlogs: { keep: ten-years }");
    assert!(said.contains("`master_password` would be a secret") && said.contains("`ten-years`"), "{said}");
    assert!(said.contains("master_password: (hidden)"), "{said}");
}

/// A file that is nothing but such signs, or nothing but secrets, is read about as fast as twice half of it.
#[cfg(target_os = "linux")]
#[test]
fn the_search_for_secrets_is_linear() {
    for part in [
        "=",
        "://",
        "a://b:",
        "sk-",
        "eyJ-",
        "ghu_",
        "bearer ",
        "password",
        "password: x1\n",
        "AKIA",
        ": ",
        "\u{3000}=",
        "x=y z",
        "A1b",
        "MII",
    ] {
        let cost = |count: usize| {
            let text = part.repeat(count / part.len());
            let begun = processor_seconds();
            let redacted = tokaido::yaml::Redacted::of("environments/dev.yaml", &text);
            let (found, lines) = (secret_value(&text), redacted.lines());
            assert!(lines > 0 || found);
            processor_seconds() - begun
        };
        // The shorter of two: the machine does other work too.
        let least = |count: usize| (0..2).map(|_| cost(count)).fold(f64::MAX, f64::min);
        // The clock has ticks of a hundredth of a second. A search that grew with the square would take many seconds.
        let (small, large) = (least(2_000).max(0.01), least(32_000));
        assert!(large < small * 100.0, "{part:?}: {small} s, 16 times as much {large} s");
    }
}

/// What this thread took of a processor: other tests run at the same time.
#[cfg(target_os = "linux")]
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux has it");
    let nanoseconds: f64 = text.split_whitespace().next().and_then(|first| first.parse().ok()).expect("a number");
    nanoseconds / 1e9
}

/// The product as people run it, and what it logs.
#[test]
fn neither_text_nor_json_nor_log_has_the_secret() {
    let product = Product::new();
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.jsonl");
    product.edit(PRODUCTION, "class: db.m7g.large", "class: my-password-hunter2   # pwd=hunter2hunter");
    product.edit(
        "policies/promises.yaml",
        "clause: \"12\"",
        "clause: \"12\"\n    owner: ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    );
    for words in [
        &["validate"][..],
        &["validate", "--lang", "ja"],
        &["validate", "--format", "json"],
        &["validate", "-q"],
        &["plan", "production"],
        &["plan", "production", "-vv"],
        &["apply", "production", "--yes", "--format", "json"],
        &["audit", "production"],
        &["release", "cut"],
        &["policy", "test"],
        &["drift"],
        &["status"],
        &["doctor"],
    ] {
        let mut command = product.command(words);
        command.env("TOKAIDO_LOG", &log);
        let ran = ran(command);
        let all = format!("{}{}{}", ran.out, ran.err, std::fs::read_to_string(&log).unwrap_or_default());
        assert!(!all.contains("hunter2") && !all.contains("abcdefghijklmnop"), "{words:?}: {all}");
    }
}
