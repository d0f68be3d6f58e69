//! The actions of a statement: which of them use a key, or hand its use on.

use std::collections::BTreeSet;

use super::super::parts::Unclear;
use crate::model::Value;
use crate::model::equality::policy;
use crate::model::value::Map;

/// KMS's actions that use the material of a key, or decide who may: `kms:…` in lower case.
const USES: [&str; 17] = [
    "kms:creategrant",
    "kms:decapsulate",
    "kms:decrypt",
    "kms:derivesharedsecret",
    "kms:encapsulate",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatedatakeywithoutplaintext",
    "kms:generatemac",
    "kms:putkeypolicy",
    "kms:reencryptfrom",
    "kms:reencryptto",
    "kms:sign",
    "kms:verify",
    "kms:verifymac",
];

/// Actions that read what a key is, name it, or take something away from it.
const OTHERS: [&str; 28] = [
    "kms:cancelkeydeletion",
    "kms:connectcustomkeystore",
    "kms:createalias",
    "kms:createcustomkeystore",
    "kms:createkey",
    "kms:deletealias",
    "kms:deletecustomkeystore",
    "kms:deleteimportedkeymaterial",
    "kms:disablekey",
    "kms:disablekeyrotation",
    "kms:disconnectcustomkeystore",
    "kms:enablekey",
    "kms:enablekeyrotation",
    "kms:generaterandom",
    "kms:retiregrant",
    "kms:revokegrant",
    "kms:rotatekeyondemand",
    "kms:schedulekeydeletion",
    "kms:synchronizemultiregionkey",
    "kms:tagresource",
    "kms:untagresource",
    "kms:updatealias",
    "kms:updatecustomkeystore",
    "kms:updatekeydescription",
    "kms:describekey",
    // No other account can call these.
    "kms:importkeymaterial",
    "kms:replicatekey",
    "kms:updateprimaryregion",
];

/// What the actions of one statement come to.
pub(super) struct Actions {
    /// The uses among them.
    pub(super) uses: BTreeSet<&'static str>,
    /// An action that tokaido does not know.
    odd: Option<String>,
}

impl Actions {
    pub(super) fn of(statement: &Map) -> Self {
        let list = |key: &str| {
            let texts = statement.get(key).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text);
            texts.map(policy::action).collect::<Vec<_>>()
        };
        let (named, excepted) = (list("Action"), list("NotAction"));
        let meets = |patterns: &[String], action: &str| patterns.iter().any(|pattern| matches(pattern, action));
        if statement.contains_key("NotAction") {
            return Self { uses: USES.into_iter().filter(|action| !meets(&excepted, action)).collect(), odd: None };
        }
        let odd = named.iter().find(|action| !is_known(action)).cloned().or_else(|| named.is_empty().then(String::new));
        Self { uses: USES.into_iter().filter(|action| meets(&named, action)).collect(), odd }
    }

    pub(super) fn are_harmless(&self) -> bool {
        self.uses.is_empty() && self.odd.is_none()
    }

    pub(super) fn are_all_uses(&self) -> bool {
        self.uses.len() == USES.len()
    }

    /// The doubt where no action among them is known to use the key.
    pub(super) fn unknown(&self) -> Option<Unclear> {
        let odd = self.odd.clone().filter(|_| self.uses.is_empty());
        odd.map(|action| Unclear::Action { action })
    }
}

/// Whether an action, in lower case, is understood: one of KMS's, a pattern, or one of another service, which means nothing here.
fn is_known(action: &str) -> bool {
    let Some(name) = action.strip_prefix("kms:") else { return true };
    let reads = ["get", "list"].iter().any(|verb| name.starts_with(verb));
    reads || name.contains(['*', '?']) || USES.contains(&action) || OTHERS.contains(&action)
}

/// Whether a pattern of IAM matches a text: `*` stands for any characters, `?` for one.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(one) if *one == '?' || *one == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((place, from)) = star else { return false };
                star = Some((place, from + 1));
                at = place + 1;
                read = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}
