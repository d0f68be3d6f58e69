//! Who may let a change pass, as `policies/roles.yaml` says it: plain data. What follows from it is in `govern::roles`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::digest::hex;
use super::id::Environment;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    pub people: Vec<Person>,
    pub approvals: BTreeMap<Environment, Requirement>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub groups: BTreeSet<String>,
    /// Public keys in OpenSSH's form, without comment: `ssh-ed25519 AAAA…`.
    pub keys: BTreeSet<String>,
    /// E-mail addresses and AWS principals, `*` standing for anything.
    pub also_known_as: BTreeSet<String>,
}

/// How many people must approve a plan of one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub required: usize,
    /// Whose approvals count; empty is everybody who has a key.
    pub from: BTreeSet<String>,
    /// At least so many of each group.
    pub groups: BTreeMap<String, usize>,
}

impl Roles {
    /// SHA-256 of the values, hex: another order of keys in the file, or another comment, is the same.
    ///
    /// # Panics
    /// Never: roles are plain data.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut sorted = self.clone();
        sorted.people.sort_by(|a, b| a.id.cmp(&b.id));
        hex(&Sha256::digest(serde_json::to_vec(&sorted).expect("roles are plain data")))
    }

    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
