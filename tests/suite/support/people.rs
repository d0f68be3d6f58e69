//! Alice makes plans; bob and carol approve them. Keys come from fixed seeds, statements are really signed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::Timestamp;
use ssh_key::private::{Ed25519Keypair, PrivateKey};
use ssh_key::{HashAlg, LineEnding, SshSig};
use tokaido::govern::statement::{Decision, NAMESPACE, Signed, Statement, plain};
use tokaido::model::{Environment, Person, Plan, ReleaseRef, Requirement, Roles};

/// Whom the simulated STS names; alice's alias covers it.
pub const SANDBOX: &str = "arn:aws:sts::*:assumed-role/tokaido/sandbox";

pub fn key(person: &str) -> PrivateKey {
    let seed = person.bytes().chain(std::iter::repeat(7)).take(32).collect::<Vec<_>>();
    PrivateKey::from(Ed25519Keypair::from_seed(&seed.try_into().expect("32 bytes")))
}

pub fn public(key: &PrivateKey) -> String {
    plain(key.public_key().key_data()).expect("a public key")
}

fn person(id: &str, group: &str, aliases: &[&str]) -> Person {
    Person {
        id: id.to_owned(),
        groups: [group.to_owned()].into(),
        keys: [public(&key(id))].into(),
        also_known_as: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    }
}

/// Two of bob, carol and alice approve production, one of them from change management.
pub fn roles() -> Roles {
    static ROLES: OnceLock<Roles> = OnceLock::new();
    let make = || Roles {
        people: vec![
            person("alice", "platform", &["alice@example.com", SANDBOX]),
            person("bob", "change-management", &["bob@example.com"]),
            person("carol", "platform", &["carol@example.com"]),
        ],
        approvals: BTreeMap::from([(
            Environment::Production,
            Requirement { required: 2, from: BTreeSet::new(), groups: BTreeMap::from([("change-management".to_owned(), 1)]) },
        )]),
    };
    ROLES.get_or_init(make).clone()
}

pub fn release() -> ReleaseRef {
    ReleaseRef { id: "2026.11.0".to_owned(), digest: "5e".repeat(32) }
}

pub fn statement(plan: &Plan, roles: &Roles, person: &str, decision: Decision, at: Timestamp) -> Statement {
    Statement {
        decision,
        plan: plan.id.clone(),
        environment: plan.body.environment,
        account: plan.body.account.clone(),
        release: plan.body.release.clone(),
        author: plan.author.clone(),
        caller: plan.caller.clone(),
        expires: plan.expires_at.clone(),
        roles: roles.digest(),
        person: person.to_owned(),
        at,
        emergency: None,
    }
}

pub fn signed(statement: &Statement, key: &PrivateKey) -> Signed {
    signed_for(NAMESPACE, HashAlg::Sha512, &statement.text(), key)
}

pub fn signed_for(namespace: &str, hash: HashAlg, text: &str, key: &PrivateKey) -> Signed {
    let signature = SshSig::sign(key, namespace, hash, text.as_bytes()).expect("a signature");
    let signature = signature.to_pem(LineEnding::LF).expect("armour");
    Signed { file: "a.txt".to_owned(), text: text.to_owned(), signature }
}

/// What everybody who may approve says of a plan.
pub fn approvals(plan: &Plan, roles: &Roles, at: Timestamp) -> Vec<Signed> {
    let of = |person: &str| signed(&statement(plan, roles, person, Decision::Approve, at), &key(person));
    ["bob", "carol"].map(of).into()
}
