//! Who may approve a change, as `policies/roles.yaml` says it: plain data. `govern::roles` decides what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::digest::hex;
use super::id::Environment;

/// The people of `policies/roles.yaml`, and how many of them must approve.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// Every person, in the order of the file.
    pub people: Vec<Person>,
    /// What each environment requires. An environment that the file does not name is absent.
    pub approvals: BTreeMap<Environment, Requirement>,
}

/// One person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's id: `bob`.
    pub id: String,
    /// The groups that the person belongs to.
    pub groups: BTreeSet<String>,
    /// Public keys in OpenSSH's form without comment: `ssh-ed25519 AAAA…`.
    pub keys: BTreeSet<String>,
    /// Other names of the person: e-mail addresses and ARNs of AWS, in which `*` stands for any text.
    pub also_known_as: BTreeSet<String>,
}

/// How many people must approve a plan of one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The number of approvals.
    pub required: usize,
    /// The groups whose approvals count. Empty: the approval of every person with a key counts.
    pub from: BTreeSet<String>,
    /// The least number of approvals from each of these groups.
    pub groups: BTreeMap<String, usize>,
}

impl Roles {
    /// SHA-256 of the values, hex. The order of keys in the file and its comments do not change it.
    ///
    /// # Panics
    /// Never: roles are plain data.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut sorted = self.clone();
        sorted.people.sort_by(|a, b| a.id.cmp(&b.id));
        hex(&Sha256::digest(serde_json::to_vec(&sorted).expect("roles are plain data")))
    }

    /// The person with this id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
