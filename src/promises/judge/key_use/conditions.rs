//! The conditions of a statement, as far as they say of which accounts the callers are.

use std::collections::BTreeSet;

use super::super::parts::Unclear;
use super::principals::is_account;
use super::whom::Account;
use crate::model::equality;
use crate::model::value::Map;

/// What a statement's conditions leave.
#[derive(Default)]
pub(super) struct Limits {
    /// The accounts of the principals that may call; `None` where no condition says it.
    callers: Option<BTreeSet<Account>>,
    /// The accounts for whose resources a service may call; `None` where no condition says it.
    sources: Option<BTreeSet<Account>>,
    /// The first condition that may take something back and is not judged.
    unclear: Option<Unclear>,
}

/// What one test of one condition key says.
enum Says {
    /// Callers are of these accounts.
    Callers(BTreeSet<Account>),
    /// The call is made for a resource of these accounts.
    Sources(BTreeSet<Account>),
    /// A service says so of the resource for which it calls. Any other caller can say what it likes.
    Context(BTreeSet<Account>),
    /// Callers of every account can meet it.
    Nothing,
    /// It is not judged.
    Unclear(Unclear),
}

impl Limits {
    pub(super) fn of(statement: &Map) -> Self {
        let mut limits = Self::default();
        for (operator, key, values) in tests(statement) {
            let unclear = || Unclear::Condition { condition: format!("{operator} {key}") };
            match says(operator, key, &values) {
                Says::Callers(accounts) => narrow(&mut limits.callers, accounts),
                // A principal that calls by itself calls for no resource: it does not meet such a test.
                Says::Sources(accounts) => {
                    narrow(&mut limits.callers, accounts.clone());
                    narrow(&mut limits.sources, accounts);
                }
                Says::Context(accounts) => {
                    narrow(&mut limits.sources, accounts);
                    limits.unclear.get_or_insert_with(unclear);
                }
                Says::Nothing => {}
                Says::Unclear(why) => {
                    limits.unclear.get_or_insert(why);
                }
            }
        }
        limits
    }

    pub(super) const fn callers(&self) -> Option<&BTreeSet<Account>> {
        self.callers.as_ref()
    }

    pub(super) const fn sources(&self) -> Option<&BTreeSet<Account>> {
        self.sources.as_ref()
    }

    pub(super) fn doubt(&self) -> Option<Unclear> {
        self.unclear.clone()
    }
}

/// All conditions must hold.
fn narrow(known: &mut Option<BTreeSet<Account>>, accounts: BTreeSet<Account>) {
    *known = Some(match known.take() {
        Some(known) => known.intersection(&accounts).cloned().collect(),
        None => accounts,
    });
}

/// Operator, condition key in lower case, values.
fn tests(statement: &Map) -> Vec<(&str, &str, Vec<&str>)> {
    let mut found = Vec::new();
    let Some(conditions) = statement.get("Condition") else { return found };
    let Some(operators) = conditions.as_map() else { return vec![("", "", Vec::new())] };
    for (operator, keys) in operators {
        let Some(keys) = keys.as_map() else {
            found.push((&**operator, "", Vec::new()));
            continue;
        };
        for (key, values) in keys {
            let values = values.as_list().unwrap_or_default().iter().map(|value| value.as_text().unwrap_or_default());
            found.push((&**operator, &**key, values.collect()));
        }
    }
    found
}

fn says(operator: &str, key: &str, values: &[&str]) -> Says {
    let unclear = || Says::Unclear(Unclear::Condition { condition: format!("{operator} {key}") });
    let equals = ["StringEquals", "StringEqualsIgnoreCase", "StringLike"].contains(&operator);
    let arns = ["ArnEquals", "ArnLike"].contains(&operator);
    let is_true = operator == "Bool" && values.iter().all(|value| equality::same_name(value, "true"));
    match key {
        "kms:calleraccount" | "aws:principalaccount" if equals => accounts(values).map_or_else(unclear, Says::Callers),
        "aws:sourceaccount" if equals => accounts(values).map_or_else(unclear, Says::Sources),
        "aws:principalarn" if equals || arns => {
            if operator != "StringEquals" && values.contains(&"*") {
                return Says::Nothing;
            }
            if values.iter().any(|arn| arn_account(operator, arn) == Some("*")) {
                return Says::Nothing;
            }
            of_arns(operator, values).map_or_else(unclear, Says::Callers)
        }
        "aws:sourcearn" if equals || arns => of_arns(operator, values).map_or_else(unclear, Says::Sources),
        // CloudWatch Logs and CloudTrail put the ARN of the group or the trail into the encryption context.
        context if context.starts_with("kms:encryptioncontext:") && (equals || arns) => {
            of_arns(operator, values).map_or_else(unclear, Says::Context)
        }
        "kms:viaservice" if equals => Says::Nothing,
        "aws:securetransport" | "kms:grantisforawsresource" if is_true => Says::Nothing,
        "aws:principalorgid" | "aws:principalorgpaths" | "aws:sourceorgid" | "aws:sourceorgpaths" => {
            Says::Unclear(Unclear::Organisation)
        }
        _ => unclear(),
    }
}

fn accounts(values: &[&str]) -> Option<BTreeSet<Account>> {
    values.iter().map(|value| is_account(value).then(|| (*value).to_owned())).collect()
}

fn of_arns(operator: &str, values: &[&str]) -> Option<BTreeSet<Account>> {
    values.iter().map(|arn| arn_account(operator, arn).filter(|account| is_account(account)).map(str::to_owned)).collect()
}

/// The account in an ARN of a condition. In `StringLike` a wildcard before the account may stand for colons as well, so that
/// nothing is known of the account; in the operators for ARNs it stands for one part.
fn arn_account<'a>(operator: &str, arn: &'a str) -> Option<&'a str> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [scheme, partition, service, region, account, _] = parts[..] else { return None };
    let open = |part: &&str| part.contains(['*', '?']);
    let wild = [partition, service, region].iter().any(open);
    (scheme == "arn" && (!wild || operator.starts_with("Arn"))).then_some(account)
}

/// Whether a statement that denies is about calls without TLS alone.
pub(super) fn demand_tls(statement: &Map) -> bool {
    tests(statement)
        .iter()
        .any(|(operator, key, values)| *operator == "Bool" && *key == "aws:securetransport" && values[..] == ["false"])
}

/// Whether the only condition of a statement that denies is that the caller is of another account.
pub(super) fn spare_only(statement: &Map, account: &str) -> bool {
    let tests = tests(statement);
    let [(operator, key, values)] = &tests[..] else { return false };
    let negated = ["StringNotEquals", "StringNotEqualsIfExists", "StringNotLike"].contains(operator);
    negated && ["kms:calleraccount", "aws:principalaccount"].contains(key) && values[..] == [account]
}
