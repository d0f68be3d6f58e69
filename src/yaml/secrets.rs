//! Finds secrets written in clear, and keeps them out of every message (design 6.8).

use crate::model::Finding;

use super::fault::{YamlFault, YamlRight};
use super::node::{Node, NodeValue};

/// Parts of a key that announce a secret.
const KEYS: &[&str] =
    &["password", "passwd", "passphrase", "secret", "token", "access_key", "private_key", "api_key", "credential"];

/// Beginnings of values that are secrets under any key.
const PREFIXES: &[&str] = &["ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "sk_live_", "eyJhbGciOi"];

/// Texts longer than this are cut in messages.
const SHOWN: usize = 60;

/// Whether a key of this name would hold a secret.
#[must_use]
pub fn secret_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace(['-', ' '], "_");
    KEYS.iter().any(|part| key.contains(part)) || key.replace('_', "").contains("accesskey")
}

/// Whether this text is itself a secret, whatever its key.
#[must_use]
pub fn secret_value(text: &str) -> bool {
    text.contains("-----BEGIN") || PREFIXES.iter().any(|prefix| text.contains(prefix)) || has_access_key(text) || has_login(text)
}

/// An AWS access key id: `AKIA` or `ASIA` and sixteen capitals or digits.
fn has_access_key(text: &str) -> bool {
    ["AKIA", "ASIA"].iter().any(|prefix| {
        text.match_indices(prefix).any(|(at, _)| {
            let rest = text[at + prefix.len()..].bytes();
            rest.take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count() >= 16
        })
    })
}

/// `scheme://user:password@host`.
fn has_login(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.split_once('@').is_some_and(|(login, _)| login.contains(':'))
}

/// `text` as it may appear in a message: one short line, never a secret.
#[must_use]
pub fn shown(text: &str) -> String {
    if secret_value(text) {
        return "(hidden)".to_owned();
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
