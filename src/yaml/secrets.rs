//! What looks like a secret that is written in clear: by the name that announces it, or by its own form (design 6.8). Nothing here
//! knows lines or files; [`super::Redacted`] does.

use std::borrow::Cow;

use crate::model::{Finding, is_invisible};

use super::fault::{YamlFault, YamlRight};
use super::node::{Node, NodeValue};

/// What stands where a secret was.
pub const HIDDEN: &str = "(hidden)";

/// Parts of a name that announce a secret, whatever joins the words of the name.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "accesskey",
    "privatekey",
    "apikey",
    "credential",
    "passcode",
    "passwort",
    "contraseña",
    "パスワード",
    "暗証番号",
    "シークレット",
    "トークン",
    "秘密鍵",
];

/// The same for words that stand alone in a name: they are parts of harmless words, too.
const WORDS: &[&str] = &["pwd", "pass", "pw"];

/// Beginnings of secrets, and how many letters, digits, `-` and `_` follow at least.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 0),
    ("gho_", 0),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 0),
    ("glpat-", 16),
    ("xoxa-", 0),
    ("xoxb-", 0),
    ("xoxe-", 0),
    ("xoxo-", 0),
    ("xoxp-", 0),
    ("xoxr-", 0),
    ("xoxs-", 0),
    ("xapp-", 8),
    ("sk_live_", 0),
    ("rk_live_", 0),
    ("sk_test_", 8),
    ("sk-proj-", 8),
    ("sk-ant-", 8),
    ("hf_", 20),
    ("dop_v1_", 20),
    ("whsec_", 16),
    ("AGE-SECRET-KEY-1", 20),
    ("AIza", 30),
    ("npm_", 30),
    ("eyJhbGciOi", 0),
];

/// Texts longer than this are cut in messages.
const SHOWN: usize = 60;

/// The text as a person reads it: full-width letters are letters, and what cannot be seen is not there.
pub(super) fn read(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        c => c,
    };
    // A tab is a blank; other controls are not seen.
    let seen = text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || !is_invisible(*c));
    Cow::Owned(seen.map(half).collect())
}

/// Whether a key of this name would hold a secret.
#[must_use]
pub fn secret_key(key: &str) -> bool {
    announces(&read(key))
}

/// The same for a name that was [`read`].
pub(super) fn announces(name: &str) -> bool {
    let joins = |c: &char| !matches!(c, '-' | '_' | '.' | ' ');
    let joined: String = name.chars().filter(joins).map(|c| if c == '0' { 'o' } else { c.to_ascii_lowercase() }).collect();
    let word = || words(name).any(|word| WORDS.contains(&word.as_str()));
    NAMES.iter().any(|part| joined.contains(part)) || (joined.contains('p') && word())
}

/// The words of a name: `dbPwd`, `db_pwd` and `db-pwd` have the same.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (lower && c.is_uppercase()) {
            words.push(String::new());
        }
        lower = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.into_iter()
}

/// Whether this text is itself a secret, whatever its key.
#[must_use]
pub fn secret_value(text: &str) -> bool {
    // Names, numbers and addresses are most of all values.
    if text.len() < 8 {
        return false;
    }
    let text = read(text);
    text.contains("-----BEGIN") || has_login(&text) || is_told(&text) || has_bearer(&text) || pieces(&text).any(is_secret)
}

/// Runs of the signs of which secrets are made, the longest of them in overlapping parts: what is asked of a part may take its
/// length squared.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let sign = |c: char| c.is_ascii_alphanumeric() || "+/_-=.!@%^&*~$".contains(c);
    let whole = text.split(move |c: char| !sign(c)).filter(|piece| piece.len() >= 8);
    // All of them are ASCII.
    whole.flat_map(|piece| {
        (0..=piece.len().saturating_sub(1) / STEP)
            .map(move |part| &piece[part * STEP..piece.len().min((part + 1) * STEP + OVERLAP)])
    })
}

/// Longer than any secret but a key, whose lines are shorter.
const STEP: usize = 512;
const OVERLAP: usize = 256;

/// At most so many bytes on each side of a sign are looked at: names and values of secrets are short.
const AROUND: usize = 64;

/// The text before a place, and behind it, as far as it is looked at.
fn around(text: &str, at: usize) -> (&str, &str) {
    (&text[text.floor_char_boundary(at.saturating_sub(AROUND))..at], &text[at..text.floor_char_boundary(at + 4 * AROUND)])
}

fn is_secret(piece: &str) -> bool {
    has_prefix(piece)
        || has_access_key(piece)
        || is_compound(piece)
        || runs(piece).any(|run| is_aws_secret(run) || is_private_key(run))
}

/// The runs of base64 in a piece, without the padding.
fn runs(piece: &str) -> impl Iterator<Item = &str> {
    piece.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/'))).filter(|run| run.len() >= 40)
}

fn has_prefix(piece: &str) -> bool {
    let follows =
        |rest: &str| rest.bytes().take(AROUND).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    let begins = |at: usize| piece[..at].chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
    let known = PREFIXES.iter().any(|(prefix, least)| {
        // Most pieces have none, and this question is cheaper.
        piece.contains(prefix)
            && piece.match_indices(prefix).any(|(at, _)| begins(at) && follows(&piece[at + prefix.len()..]) >= *least)
    });
    // Keys of OpenAI's older form: a long word with digits. `disk-…` and `task-…` do not begin so.
    let plain = |rest: &str| {
        let mut begin = rest.bytes().take(AROUND);
        follows(rest) >= 20 && begin.clone().any(|b| b.is_ascii_alphabetic()) && begin.any(|b| b.is_ascii_digit())
    };
    let sk = piece.match_indices("sk-").any(|(at, _)| begins(at) && plain(&piece[at + 3..]));
    // A JSON web token: three parts, of which the first two are objects.
    let jwt = piece
        .match_indices("eyJ")
        .any(|(at, _)| begins(at) && piece[at..].split('.').take(2).filter(|part| part.len() >= 8).count() == 2);
    known || sk || jwt
}

/// An AWS access key id: `AKIA` or `ASIA` and sixteen capitals or digits.
fn has_access_key(piece: &str) -> bool {
    ["AKIA", "ASIA"].iter().any(|prefix| {
        piece.match_indices(prefix).any(|(at, _)| {
            let rest = piece[at + prefix.len()..].bytes();
            rest.take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count() >= 16
        })
    })
}

/// How many capitals, small letters and digits a run has.
fn mixture(run: &str) -> [usize; 3] {
    let count = |of: fn(&u8) -> bool| run.as_bytes().iter().filter(|byte| of(byte)).count();
    [count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase), count(u8::is_ascii_digit)]
}

/// An AWS secret access key: forty signs of base64 that are no words. A digest in hex has no capitals.
fn is_aws_secret(run: &str) -> bool {
    let [upper, lower, digits] = mixture(run);
    run.len() == 40 && upper >= 5 && lower >= 5 && digits >= 1
}

/// A line or the whole of a private key in base64: by how it begins, or because nothing else is so long and so mixed. Public keys of
/// OpenSSH begin with `AAAA`; keys and certificates of X.509 say by their first bytes what they are.
fn is_private_key(run: &str) -> bool {
    if run.starts_with("AAAA") {
        return false;
    }
    if run.starts_with("b3BlbnNzaC1rZXktdjE") {
        return true;
    }
    let bytes = decoded(&run[..40]);
    match der(&bytes) {
        // A version comes first in keys of PKCS#1, PKCS#8 and SEC 1; an encrypted one names a method of PKCS#5.
        Some([0x02, 0x01, 0x00 | 0x01, ..]) => true,
        Some(content @ [0x30, ..]) => content.windows(8).any(|part| part == PKCS5),
        Some(_) | None => {
            let [upper, lower, digits] = mixture(run);
            run.len() >= 60 && upper >= 10 && lower >= 10 && digits >= 3
        }
    }
}

/// How the identifiers of PKCS#5 begin.
const PKCS5: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];

/// What is in a sequence of DER, as far as it is there.
fn der(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x30, 0x81, _, content @ ..] | [0x30, 0x82, _, _, content @ ..] => Some(content),
        [0x30, length, content @ ..] if *length < 0x80 => Some(content),
        _ => None,
    }
}

/// The bytes of a text in base64; its length is a multiple of four.
fn decoded(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let four = |four: &[u8]| four.iter().fold(0_u32, |sum, byte| (sum << 6) | u32::from(value(*byte)));
    text.as_bytes().chunks_exact(4).flat_map(|part| four(part).to_be_bytes().into_iter().skip(1)).collect()
}

/// `my-password-7`: a password that says what it is. `initial-passwords` and `password-policy` are names.
fn is_compound(piece: &str) -> bool {
    if !piece.contains(['p', 'P']) {
        return false;
    }
    let lower = piece.to_ascii_lowercase();
    ["password", "passwd", "passphrase"].iter().any(|word| {
        let Some((before, after)) = lower.split_once(word) else { return false };
        let own = before.trim_end_matches(['-', '_', '.']).ends_with("my");
        let marked = |c: char| c.is_ascii_digit() || "!@%^&*~$+=".contains(c);
        (own && after.len() > 1) || before.contains(marked) || after.trim_end_matches('=').contains(marked)
    })
}

/// `scheme://user:password@host`.
fn has_login(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = around(text, at + 3).1.split(|c: char| c.is_whitespace() || c == '"').next().unwrap_or_default();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        if let Some((login, _)) = authority.rsplit_once('@') {
            return login.contains(':');
        }
        // A password with a slash in it; behind the colon of an address stands a port.
        let port = |behind: &str| behind.bytes().all(|byte| byte.is_ascii_digit());
        rest.contains('@') && authority.split_once(':').is_some_and(|(_, behind)| !port(behind))
    })
}

/// `Bearer 0a1b…` and `Basic dXNlcjpw…`.
fn has_bearer(text: &str) -> bool {
    if !text.contains(' ') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    ["bearer ", "basic "].iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let token = text.get(at + word.len()..).unwrap_or_default().trim_start();
            let token = token.split(char::is_whitespace).next().unwrap_or_default();
            token.len() >= 8
                && token.bytes().any(|byte| byte.is_ascii_digit())
                && token.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
    })
}

/// A text that tells a secret by name: `password=x`, or `password: x7`. Behind a colon, words go on: "Initial password: kept by AWS".
fn is_told(text: &str) -> bool {
    assignments(text).any(|(sign, value)| sign == '=' || value.chars().any(|c| c.is_ascii_digit() || "!@#%^&*~$".contains(c)))
}

/// The values that stand behind a name that announces a secret, and the sign between them. The text was [`read`].
pub(super) fn assignments(text: &str) -> impl Iterator<Item = (char, &str)> {
    // Of several signs in a row, the first one stands behind the name.
    let first = |at: usize| !text[..at].ends_with([':', '=']);
    text.char_indices().filter(move |(at, c)| matches!(c, ':' | '=') && first(*at)).filter_map(|(at, sign)| {
        let (name, _) = around(text, at);
        let name = name.trim_end().trim_end_matches(['"', '\'', ':', '=']);
        let begin = name
            .rfind(|c: char| !(c.is_alphanumeric() || "_-.".contains(c)))
            .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
        let rest = around(text, at + 1).1.trim_start_matches([':', '=', '>', ' ', '\t', '"', '\'']);
        let value = rest.split(|c: char| c.is_whitespace() || "\"',]}".contains(c)).next().unwrap_or_default();
        // `api key: x`: a name of two words.
        let before = name[..begin].strip_suffix(' ').map_or(begin, |before| {
            before.len() - before.chars().rev().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>()
        });
        (announces(&name[before..]) && !value.is_empty()).then_some((sign, value))
    })
}

/// `text` as it may appear in a message: one short line, never a secret.
#[must_use]
pub fn shown(text: &str) -> String {
    if secret_value(text) {
        return HIDDEN.to_owned();
    }
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.chars().count() > SHOWN { format!("{line}…") } else { line }
}

/// One finding for every secret in the tree. The value is never repeated.
pub fn scan(node: &Node, findings: &mut Vec<Finding>) {
    match &node.value {
        NodeValue::Scalar(scalar) if secret_value(&scalar.text) => {
            let finding = Finding::error("secret-in-clear", Some(&node.source), YamlFault::SecretValue);
            findings.push(finding.expected(YamlRight::NoSecret));
        }
        NodeValue::Scalar(_) => {}
        NodeValue::List(items) => items.iter().for_each(|item| scan(item, findings)),
        NodeValue::Map(entries) => {
            for entry in entries.iter() {
                if secret_key(&entry.key) {
                    let message = YamlFault::SecretKey { key: shown(&entry.key) };
                    let finding = Finding::error("secret-in-clear", Some(&entry.key_source), message);
                    findings.push(finding.expected(YamlRight::NoSecretKey));
                } else {
                    scan(&entry.node, findings);
                }
            }
        }
    }
}
