//! Who may use a key beside the account that holds it, by the key's policy alone.
//!
//! In: the policy and the account. Out: what each statement admits: others for certain, or whom is not known. A policy that
//! admits the account alone gives nothing. Grants are no part of the policy.
//!
//! Must not import: anything but `model` and the parts of a reason; no view, no subject, no kind.
//!
//! Certain is what the elements of one statement say and what no statement that denies may take back. Sources, all below
//! `kms/latest/developerguide/`: `key-policy-modifying-external-accounts.html` (other accounts), `conditions-kms.html`
//! (`kms:CallerAccount`, `kms:ViaService`), `key-policy-services.html` and, in IAM's guide, `confused-deputy.html`: a service of
//! AWS uses a key for resources of any account unless a condition names the account or the resource.

mod actions;
mod conditions;
mod principals;
mod whom;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::parts::Unclear;
use crate::model::Value;
use crate::model::equality::policy::statements;
use crate::model::value::Map;
use actions::Actions;
use conditions::Limits;
use principals::Principals;
use whom::Account;
pub(super) use whom::Whom;

/// One statement that may let others use the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admitted {
    /// Its `Sid`, or its content where it has none.
    pub(super) statement: String,
    pub(super) whom: Whom,
}

/// What of a policy may let others than `account` use the key or hand its use on.
pub(super) fn admitted(policy: &Value, account: &str) -> Vec<Admitted> {
    let all = statements(policy);
    let each = || all.iter().filter_map(|(name, statement)| Some((&**name, statement.as_map()?)));
    let denials: Vec<Denial> =
        each().filter(|(_, map)| effect(map) == Some("Deny")).map(|(_, map)| Denial::of(map, account)).collect();
    each()
        .filter(|(_, map)| effect(map) != Some("Deny"))
        .flat_map(|(name, map)| allowed(map, account, &denials).into_iter().map(move |whom| (name, whom)))
        .map(|(name, whom)| Admitted { statement: short(name), whom })
        .collect()
}

fn effect(statement: &Map) -> Option<&str> {
    statement.get("Effect").and_then(Value::as_text)
}

/// The most characters of a statement that a reason shows.
const SHOWN: usize = 160;

fn short(name: &str) -> String {
    if name.chars().count() <= SHOWN { name.to_owned() } else { name.chars().take(SHOWN).chain(['…']).collect() }
}

/// Whom one statement that does not deny admits.
fn allowed(statement: &Map, account: &str, denials: &[Denial]) -> Vec<Whom> {
    let actions = Actions::of(statement);
    if actions.are_harmless() {
        return Vec::new();
    }
    let (principals, limits) = (Principals::of(statement), Limits::of(statement));
    let mut doubt = None;
    if effect(statement) != Some("Allow") {
        doubt = Some(Unclear::Statement);
    }
    doubt = doubt.or_else(|| actions.unknown()).or_else(|| resource(statement));
    let certain = |whom: Whom, of_conditions: Option<Unclear>| match doubt.clone().or(of_conditions) {
        Some(unclear) => Whom::Unclear(unclear),
        None => whom,
    };
    let mut found = Vec::new();
    if let Some(whom) = principals.others(limits.callers(), account) {
        found.push(certain(whom, limits.doubt()));
    }
    for service in &principals.services {
        match limits.sources() {
            Some(accounts) => {
                let others: BTreeSet<Account> = accounts.iter().filter(|own| *own != account).cloned().collect();
                if !others.is_empty() {
                    found.push(certain(Whom::Accounts(others), limits.doubt()));
                }
            }
            None => found.push(certain(Whom::Unclear(Unclear::Service { service: service.clone() }), None)),
        }
    }
    let alone = limits.callers().is_some_and(|callers| callers.iter().all(|own| own == account));
    let unclear = principals.unclear.iter().filter(|_| !alone);
    found.extend(unclear.map(|name| Whom::Unclear(Unclear::Principal { principal: name.clone() })));
    if denials.iter().any(|denial| denial.closes) {
        return Vec::new();
    }
    let taken_back = denials.iter().any(|denial| actions.uses.is_subset(&denial.uses));
    let after = |whom: Whom| if taken_back { Whom::Unclear(Unclear::Denied) } else { whom };
    found.into_iter().map(after).collect()
}

/// Why it is not sure that the statement is about this key.
fn resource(statement: &Map) -> Option<Unclear> {
    let every = statement.get("Resource").and_then(Value::as_list).is_some_and(|list| list.contains(&Value::from("*")));
    (!every || statement.contains_key("NotResource")).then_some(Unclear::Resource)
}

/// What a statement that denies may take back.
struct Denial {
    /// It leaves no use of the key to any other account.
    closes: bool,
    /// The uses that it denies others, if its conditions are met.
    uses: BTreeSet<&'static str>,
}

impl Denial {
    fn of(statement: &Map, account: &str) -> Self {
        let (actions, principals) = (Actions::of(statement), Principals::of(statement));
        let outside =
            principals.others(None, account).is_some() || !principals.services.is_empty() || !principals.unclear.is_empty();
        let uses = if outside && !conditions::demand_tls(statement) { actions.uses.clone() } else { BTreeSet::new() };
        let closes = principals.everybody
            && actions.are_all_uses()
            && resource(statement).is_none()
            && !statement.contains_key("NotPrincipal")
            && conditions::spare_only(statement, account);
        Self { closes, uses }
    }
}

/// Who got a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grantee {
    /// A principal of the account itself.
    Account,
    /// A principal of another account.
    Other,
    /// A service of AWS.
    Service,
    /// A principal that was deleted.
    Nobody,
    /// What tokaido does not know.
    Unclear,
}

/// Who the grantee of a grant is. KMS names a service by its principal, which stands for the service alone.
pub(super) fn grantee(name: &str, own: &str) -> Grantee {
    match principals::account(name) {
        Some(account) if account == own => Grantee::Account,
        Some(_) => Grantee::Other,
        None if name.ends_with(principals::SERVICE) => Grantee::Service,
        None if principals::is_unique_id(name) => Grantee::Nobody,
        None => Grantee::Unclear,
    }
}
