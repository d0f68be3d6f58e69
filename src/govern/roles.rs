//! What `policies/roles.yaml` means: which person a name stands for, whose approval counts, and how many are needed.

use std::collections::BTreeSet;

use crate::model::{Environment, Person, Plan, Requirement, Roles};

/// White paper clause 10: two people approve a change of production. No file can lower this.
const PRODUCTION_AT_LEAST: usize = 2;

/// The only function that decides which roles hold. `applied` are the roles of the release that is applied in the environment
/// now, so that no person can enter the roles with a release that the same person then approves. `tree` are the roles of the
/// project's own file, which hold where no release is applied.
#[must_use]
pub fn roles_in_force<'a>(applied: Option<&'a Roles>, tree: Option<&'a Roles>) -> Option<&'a Roles> {
    applied.or(tree)
}

/// How many people must approve a plan of the environment. `floor` is `change.approvals` of the environment file.
#[must_use]
pub fn requirement(roles: Option<&Roles>, environment: Environment, floor: usize) -> Requirement {
    let written = roles.and_then(|roles| roles.approvals.get(&environment));
    let least = match (environment, written) {
        (Environment::Dev, _) | (Environment::Staging, None) => return Requirement::default(),
        (Environment::Staging, Some(_)) => floor,
        (Environment::Production, _) => floor.max(PRODUCTION_AT_LEAST),
    };
    let mut requirement = written.cloned().unwrap_or_default();
    requirement.required = requirement.required.max(least);
    requirement
}

/// Whether an approval of this person counts: the person has a key and belongs to a group that counts. Whether the person is an
/// author is not asked here.
#[must_use]
pub fn counts(person: &Person, requirement: &Requirement) -> bool {
    !person.keys.is_empty() && (requirement.from.is_empty() || person.groups.iter().any(|group| requirement.from.contains(group)))
}

/// The person whose key this is. `key` is in OpenSSH's form without comment.
#[must_use]
pub fn holder<'a>(roles: &'a Roles, key: &str) -> Option<&'a Person> {
    roles.people.iter().find(|person| person.keys.contains(key))
}

/// Every person whom a name stands for. The name is an e-mail address in any case, an ARN of AWS, or the id itself.
pub fn known_as<'a>(roles: &'a Roles, name: &'a str) -> impl Iterator<Item = &'a Person> {
    let same = move |alias: &String| {
        if alias.starts_with("arn:") { matches(alias, name) } else { alias.eq_ignore_ascii_case(name) }
    };
    roles.people.iter().filter(move |person| !name.is_empty() && (person.id == name || person.also_known_as.iter().any(same)))
}

/// The ids of all people who made the plan: the one who says so (`author`), and the one whom AWS named (`caller`).
#[must_use]
pub fn authors(roles: &Roles, plan: &Plan) -> BTreeSet<String> {
    [plan.author.as_str(), plan.caller.as_str()]
        .into_iter()
        .flat_map(|name| known_as(roles, name))
        .map(|person| person.id.clone())
        .collect()
}

/// Whether `text` has the form of `pattern`, in which `*` stands for any run of characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        let role = "arn:aws:sts::333333333333:assumed-role/tokaido/alice";
        assert!(matches(role, role));
        assert!(matches("arn:aws:sts::*:assumed-role/tokaido/alice", role));
        assert!(matches("arn:aws:sts::*:assumed-role/*/alice", role));
        assert!(matches("arn:aws:sts::333333333333:assumed-role/tokaido/*", role));
        for other in [
            "arn:aws:sts::*:assumed-role/tokaido/alic",
            "arn:aws:sts::*:assumed-role/tokaido/alice2",
            "arn:aws:sts::4*:assumed-role/tokaido/alice",
            "arn:aws:sts::*alice*:bob",
        ] {
            assert!(!matches(other, role), "{other}");
        }
        assert!(!matches("ab*ba", "aba"), "the two ends do not overlap");
    }
}
