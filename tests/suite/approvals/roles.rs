//! `policies/roles.yaml`: read with every mistake at once, each with its place.

use ssh_key::private::{Ed25519Keypair, PrivateKey};
use tokaido::govern::roles::{authors, counts, requirement, roles_in_force};
use tokaido::model::{Environment, Roles};

use crate::project::{Project, all_rendered};
use crate::support::Lab;
use crate::support::people::{key, public};
use crate::support::project;

const FILE: &str = "policies/roles.yaml";

fn line(person: &str) -> String {
    public(&key(person))
}

fn good() -> String {
    format!(
        "schema: tokaido/roles/v1\npeople:\n\
         - {{ id: alice, groups: [platform], keys: [\"{} alice on her laptop\"], also_known_as: [alice@example.com] }}\n\
         - {{ id: bob, groups: [change-management], keys: [\"{}\"] }}\n\
         - {{ id: carol, groups: [platform], keys: [\"{}\"] }}\n\
         approvals:\n  production: {{ required: 2, groups: {{ change-management: 1 }} }}\n",
        line("alice"),
        line("bob"),
        line("carol")
    )
}

fn roles_of(text: &str) -> Roles {
    let mut project = Project::new();
    project.write(FILE, text);
    let loaded = project.load();
    assert!(loaded.findings.is_empty(), "{}", all_rendered(&loaded));
    loaded.states[&Environment::Production].roles.clone().expect("roles")
}

/// One mistake in a good file: named with its code, its place and what would be right.
fn refused(find: &str, replace: &str, code: &str, words: &[&str]) {
    let mut project = Project::new();
    let text = good();
    assert!(text.contains(find), "{find}");
    project.write(FILE, &text.replacen(find, replace, 1));
    let loaded = project.load();
    let said = all_rendered(&loaded);
    let place = project.marked.clone().map(|source| source.to_string()).unwrap_or_default();
    assert!(!place.is_empty() && said.contains(&format!("{place}: error[{code}]")), "{code} at {place}:\n{said}");
    for word in words {
        assert!(said.contains(word), "{word}:\n{said}");
    }
    assert!(loaded.states.is_empty(), "nothing is compiled with a broken file of roles");
}

#[test]
fn the_file_is_read_and_its_digest_covers_the_values_alone() {
    let roles = roles_of(&good());
    assert_eq!(roles.people.len(), 3);
    assert_eq!(roles.people[0].keys.first(), Some(&line("alice")), "the comment of a key is no part of it");
    let again = roles_of(&format!("# who approves\n{}", good().replace("alice on her laptop", "")));
    assert_eq!(roles.digest(), again.digest());
    let other = roles_of(&good().replace("required: 2", "required: 3"));
    assert_ne!(roles.digest(), other.digest());
}

#[test]
fn without_the_file_and_with_nobody_in_it_the_project_is_valid() {
    let project = Project::new();
    assert!(project.load().states[&Environment::Production].roles.is_none());
    let roles = roles_of("schema: tokaido/roles/v1\npeople: []\n");
    assert!(roles.people.is_empty());
}

#[test]
fn mistakes_have_a_place_and_a_way_out() {
    refused("id: bob", "id: ‸alice", "duplicate-name", &["alice", "first written here"]);
    refused("groups: { change-management: 1 }", "groups: { change-managemnt: ‸1 }", "unknown-group", &["`change-management`"]);
    refused("required: 2,", "required: 2, from: [‸plattform],", "unknown-group", &["`platform`"]);
    refused("production: {", "‸production: { from: [],", "empty-from", &["names no group"]);
    refused("required: 2", "required: ‸4", "too-few-approvers", &["4 people must approve, and only 3 can"]);
    refused("change-management: 1", "change-management: ‸2", "too-few-approvers", &["2 of `change-management`", "only 1 can"]);
    refused("alice@example.com", "‸\"*\"", "bad-alias", &["an e-mail address, or an AWS principal"]);
    refused("alice@example.com", "‸\"arn:aws:sts::*:assumed-role/tokaido/*\"", "bad-alias", &["does not name one person"]);
    // People are recognised in any case.
    let shouted = "{ id: bob, also_known_as: [‸ALICE@example.com],";
    refused("{ id: bob,", shouted, "alias-of-two-people", &["ALICE@example.com of bob", "first written here"]);
    refused("required: 2", "required: ‸none", "bad-count", &["`none`"]);
    refused("schema: tokaido/roles/v1", "schema: ‸tokaido/roles/v2", "bad-schema-version", &["`tokaido/roles/v1`"]);
    let bob = format!("\"{}\"", line("bob"));
    refused(&bob, "‸ssh-ed25519", "unsupported-key", &["not a public key", "id_ed25519.pub"]);
    refused(&bob, &format!("‸\"{}\"", line("alice")), "key-of-two-people", &["of bob", "first written here"]);
    refused("approvals:\n", "approvals:\n  ‸dev: { required: 1 }\n", "unknown-key", &["`dev`"]);
}

#[test]
fn weak_and_foreign_types_of_keys_are_refused() {
    let keys = super::Keys::new(&[]);
    keys.generate("short", &["-t", "rsa", "-b", "2048"]);
    let bob = format!("\"{}\"", line("bob"));
    refused(&bob, &format!("‸\"{}\"", keys.public("short")), "weak-key", &["2048 bits", "ssh-keygen -t ed25519"]);
    // A DSA key of the right form, which OpenSSH itself does not make any more.
    let dsa = "ssh-dss AAAAB3NzaC1kc3MAAAAJAKzvt1pzAAAABgCs77dacwAAAAYArO+3WnMAAAAGAKzvt1pz";
    refused(&bob, &format!("‸\"{dsa}\""), "unsupported-key", &["ssh-ed25519"]);
    for kind in [&["-t", "rsa", "-b", "3072"][..], &["-t", "ecdsa", "-b", "256"], &["-t", "ecdsa", "-b", "521"]] {
        let name = kind.join("");
        keys.generate(&name, kind);
        roles_of(&good().replace(&line("bob"), &keys.public(&name)));
    }
}

/// Everything that is wrong is said in one run.
#[test]
fn all_mistakes_at_once() {
    let mut project = Project::new();
    let text =
        good().replace("id: carol", "id: Carol").replace("required: 2", "required: x").replace("alice@example.com", "nobody");
    project.write(FILE, &text);
    let said = all_rendered(&project.load());
    for code in ["bad-name", "bad-count", "bad-alias"] {
        assert!(said.contains(code), "{code}:\n{said}");
    }
}

/// What an environment asks for may be more than the file gives.
#[test]
fn the_environment_may_ask_for_more_than_there_are() {
    let mut project = Project::new();
    project.write(FILE, &good().replace("approvals:\n  production: { required: 2, groups: { change-management: 1 } }\n", ""));
    project.edit("environments/base.yaml", "approvals: 2", "approvals: 4");
    let said = all_rendered(&project.load());
    assert!(
        said.contains("too-few-approvers") && said.contains("production needs 4 approvals, and only 3 can approve"),
        "{said}"
    );
}

#[test]
fn two_people_in_production_whatever_is_written() {
    let roles = roles_of(&good().replace("required: 2", "required: 1"));
    let needed = |roles: Option<&Roles>, environment, floor| requirement(roles, environment, floor).required;
    assert_eq!(needed(Some(&roles), Environment::Production, 0), 2);
    assert_eq!(needed(Some(&roles), Environment::Production, 3), 3);
    assert_eq!(needed(None, Environment::Production, 0), 2);
    assert_eq!((needed(Some(&roles), Environment::Staging, 2), needed(Some(&roles), Environment::Dev, 2)), (0, 0));
    let staging = roles_of(&good().replace("approvals:\n", "approvals:\n  staging: { required: 1 }\n"));
    assert_eq!(needed(Some(&staging), Environment::Staging, 2), 2, "the environment's own number is a floor");
}

#[test]
fn an_author_is_recognised_by_address_and_by_principal() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    let roles = crate::support::people::roles();
    let plan = lab.plan().plan;
    assert_eq!(authors(&roles, &plan).into_iter().collect::<Vec<_>>(), ["alice"], "by the caller");
    let both = plan.clone().authored("BOB@example.com");
    assert_eq!(authors(&roles, &both).into_iter().collect::<Vec<_>>(), ["alice", "bob"], "both had a hand in it");
    let mut foreign = plan.authored("mallory@example.com");
    "arn:aws:sts::333333333333:assumed-role/other/x".clone_into(&mut foreign.caller);
    assert!(authors(&roles, &foreign).is_empty());
}

/// Nobody can add himself in the release that he then approves: the roles of what is applied now hold.
#[test]
fn the_roles_of_the_applied_release_hold() {
    let (applied, tree) = (roles_of(&good()), roles_of(&good().replace("id: carol", "id: mallory")));
    assert_eq!(roles_in_force(Some(&applied), Some(&tree)), Some(&applied));
    assert_eq!(roles_in_force(None, Some(&tree)), Some(&tree));
}

#[test]
fn who_has_no_key_or_no_group_does_not_count() {
    let mut roles = roles_of(&good());
    roles.approvals.get_mut(&Environment::Production).expect("a rule").from = ["change-management".to_owned()].into();
    let rule = requirement(Some(&roles), Environment::Production, 0);
    let who: Vec<_> = roles.people.iter().filter(|person| counts(person, &rule)).map(|person| person.id.as_str()).collect();
    assert_eq!(who, ["bob"]);
    let mut bare = roles.person("bob").cloned().expect("bob");
    bare.keys.clear();
    assert!(!counts(&bare, &rule));
}

/// A fixed seed gives a fixed key, so that the tests are the same everywhere.
#[test]
fn keys_of_the_tests_are_stable() {
    let again = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
    assert_eq!(public(&again), public(&PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]))));
    assert_ne!(line("alice"), line("bob"));
}
