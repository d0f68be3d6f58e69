//! The principals of a statement.

use std::collections::BTreeSet;

use super::whom::{Account, Whom};
use crate::model::value::Map;

/// How the principal of a service of AWS ends.
pub(super) const SERVICE: &str = ".amazonaws.com";

/// Whom a statement names.
#[derive(Default)]
pub(super) struct Principals {
    /// `*`, or everybody but some.
    pub(super) everybody: bool,
    accounts: BTreeSet<Account>,
    /// Services of AWS.
    pub(super) services: BTreeSet<String>,
    /// What names none of these.
    pub(super) unclear: BTreeSet<String>,
}

impl Principals {
    pub(super) fn of(statement: &Map) -> Self {
        let mut found = Self { everybody: statement.contains_key("NotPrincipal"), ..Self::default() };
        let Some(named) = statement.get("Principal") else {
            if !found.everybody {
                found.unclear.insert("(none)".to_owned());
            }
            return found;
        };
        for (sort, names) in named.as_map().into_iter().flatten() {
            for name in names.as_list().unwrap_or_default() {
                found.add(sort, name.as_text().unwrap_or_default());
            }
        }
        found
    }

    fn add(&mut self, sort: &str, name: &str) {
        match (sort, account(name)) {
            ("AWS", _) if name == "*" => self.everybody = true,
            ("AWS" | "Federated", Some(account)) => {
                self.accounts.insert(account.to_owned());
            }
            // The unique id of a user or a role that was deleted: nobody has it any more.
            ("AWS", None) if is_unique_id(name) => {}
            ("Service", _) if name.ends_with(SERVICE) => {
                self.services.insert(name.to_owned());
            }
            _ => {
                self.unclear.insert(name.to_owned());
            }
        }
    }

    /// The principals of other accounts, of those that a condition leaves. Services are not among them.
    pub(super) fn others(&self, left: Option<&BTreeSet<Account>>, own: &str) -> Option<Whom> {
        let outside = |accounts: &BTreeSet<Account>| accounts.iter().filter(|one| *one != own).cloned().collect::<BTreeSet<_>>();
        let accounts = match (self.everybody, left) {
            (true, None) => return Some(Whom::Everybody),
            (true, Some(left)) => outside(left),
            (false, None) => outside(&self.accounts),
            (false, Some(left)) => outside(&self.accounts.intersection(left).cloned().collect()),
        };
        (!accounts.is_empty()).then_some(Whom::Accounts(accounts))
    }
}

/// The account in the ARN of a principal: `arn:aws:iam::222222222222:root`.
pub(super) fn account(name: &str) -> Option<&str> {
    let mut parts = name.split(':');
    let arn = parts.next() == Some("arn") && parts.next().is_some();
    let service = parts.next().is_some_and(|service| ["iam", "sts"].contains(&service));
    let region = parts.next().is_some_and(str::is_empty);
    parts.next().filter(|account| arn && service && region && is_account(account))
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_unique_id(name: &str) -> bool {
    let known = ["AIDA", "AROA"].iter().any(|prefix| name.starts_with(prefix));
    known && name.len() > 15 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
