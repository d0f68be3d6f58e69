//! What the access policy of a vault does: whether a copy may go in or out, and whether others get what lies in it. A condition
//! that is not understood leaves the answer open.

use super::VerdictReason;
use super::population::Judged;
use super::subject::UNCLEAR;
use crate::kinds::documents::{BACK_UP, COPY_IN};
use crate::kinds::iam_role::BACKUP;
use crate::model::equality::policy::{fits, statements};
use crate::model::equality::{same_name, wildcard};
use crate::model::value::Map;
use crate::model::{Value, VerdictState};

/// The effect of a statement on somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    No,
    Unclear,
    Yes,
}

/// For whom a condition is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom<'a> {
    /// This account, twelve digits.
    Us(&'a str),
    /// Some other account than this one.
    Others(&'a str),
}

/// Who asks for a copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copier<'a> {
    /// The account, twelve digits.
    pub(super) account: &'a str,
    /// The ARN of the role that AWS Backup assumes.
    pub(super) role: &'a str,
}

/// Whether the policy of this vault stops a copy.
///
/// # Errors
/// It does, or may.
pub(super) fn lets_copy(
    document: &Value,
    action: &str,
    vault: &Vault<'_>,
    copier: Copier<'_>,
) -> Result<(), (Judged, VerdictReason)> {
    if !is_policy(document) {
        let (vault, statement) = (vault.subject.to_owned(), WHOLE.to_owned());
        return Err((UNCLEAR, VerdictReason::VaultMayDenyCopies { vault, statement }));
    }
    let denies = |statement: &Map| {
        let denied = is(statement, "Deny") && about(statement, action) && concerns(statement, vault.arn);
        let hit = names(statement, |kind, principal| us(kind, principal, copier));
        if denied { hit.min(holds(statement, Whom::Us(copier.account))) } else { Hit::No }
    };
    let worst = each(document).into_iter().map(|(name, statement)| (denies(&statement), name)).max_by_key(|(hit, _)| *hit);
    let vault = vault.subject.to_owned();
    match worst {
        Some((Hit::Yes, statement)) if action != BACK_UP => {
            Err((VerdictState::Broken.into(), VerdictReason::VaultDeniesCopies { vault, statement }))
        }
        Some((Hit::Yes | Hit::Unclear, statement)) => Err((UNCLEAR, VerdictReason::VaultMayDenyCopies { vault, statement })),
        _ => Ok(()),
    }
}

/// A vault, as a sentence names it and as a policy does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vault<'a> {
    pub(super) subject: &'a str,
    pub(super) arn: &'a str,
}

/// Whether the policy keeps what lies in the vault inside the account, twelve digits. A statement that only lets others put copies
/// in gives nothing away.
///
/// # Errors
/// It does not, or may not.
pub(super) fn keeps_inside(document: &Value, account: &str) -> Result<(), (Judged, VerdictReason)> {
    if !is_policy(document) {
        return Err((UNCLEAR, VerdictReason::VaultMayBeOpen { statement: WHOLE.to_owned() }));
    }
    let all = each(document);
    let hits_others = |statement: &Map| {
        names(statement, |kind, principal| others(kind, principal, account)).min(holds(statement, Whom::Others(account)))
    };
    let opens = |statement: &Map| {
        let only_in = statement.contains_key("Action") && texts(statement, "Action").all(|action| same_name(action, COPY_IN));
        if !is(statement, "Allow") || only_in {
            return Hit::No;
        }
        let taken_back = |deny: &(String, Map)| {
            let covers = texts(statement, "Action").all(|action| about(&deny.1, action));
            is(&deny.1, "Deny") && covers && statement.contains_key("Action") && hits_others(&deny.1) != Hit::No
        };
        match hits_others(statement) {
            Hit::Yes if all.iter().any(taken_back) => Hit::Unclear,
            hit => hit,
        }
    };
    let worst = all.iter().map(|(name, statement)| (opens(statement), name)).max_by_key(|(hit, _)| *hit);
    match worst {
        Some((Hit::Yes, statement)) => {
            Err((VerdictState::Broken.into(), VerdictReason::VaultOpen { statement: statement.clone() }))
        }
        Some((Hit::Unclear, statement)) => Err((UNCLEAR, VerdictReason::VaultMayBeOpen { statement: statement.clone() })),
        _ => Ok(()),
    }
}

/// The statements in their canonical form, each with its name. A document in another form is one that is not understood.
fn each(document: &Value) -> Vec<(String, Map)> {
    let found = statements(document).into_iter();
    let found = found.filter_map(|(name, statement)| Some((name.to_string(), statement.as_map()?.clone())));
    found.filter(|(_, statement)| statement.contains_key("Effect")).collect()
}

/// Whether the document has the form of a policy: AWS keeps no other one, so what has another form says nothing.
fn is_policy(document: &Value) -> bool {
    let well = |statement: &Value| statement.as_map().is_some_and(|map| is(map, "Allow") || is(map, "Deny"));
    match document.as_map().map(|map| map.get("Statement")) {
        Some(Some(Value::List(all))) => all.iter().all(well),
        Some(Some(one)) => well(one),
        Some(None) | None => document.is_null(),
    }
}

/// What a document without the form of a policy is called in a reason.
const WHOLE: &str = "the whole";

fn is(statement: &Map, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_text) == Some(effect)
}

fn texts<'a>(statement: &'a Map, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    statement.get(key).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text)
}

/// Whether a statement is about this action, or about everything that this pattern means.
fn about(statement: &Map, action: &str) -> bool {
    let fits = |written: &str| fits(written, action);
    if statement.contains_key("NotAction") {
        !texts(statement, "NotAction").any(fits)
    } else {
        texts(statement, "Action").any(fits)
    }
}

/// Whether a statement is about this vault. One that names no resource is about the vault whose policy it is in.
fn concerns(statement: &Map, vault: &str) -> bool {
    let fits = |written: &str| wildcard::fits(written, vault);
    match (statement.contains_key("Resource"), statement.contains_key("NotResource")) {
        (true, _) => texts(statement, "Resource").any(fits),
        (false, true) => !texts(statement, "NotResource").any(fits),
        (false, false) => true,
    }
}

/// Whether one of the principals is meant.
fn names(statement: &Map, meant: impl Fn(&str, &str) -> Hit) -> Hit {
    if statement.contains_key("NotPrincipal") {
        // Everybody but some.
        return if is(statement, "Allow") { Hit::Yes } else { Hit::Unclear };
    }
    let principals = statement.get("Principal").and_then(Value::as_map).into_iter().flatten();
    let each = principals.flat_map(|(kind, names)| {
        names.as_list().unwrap_or_default().iter().filter_map(Value::as_text).map(move |name| (&**kind, name))
    });
    each.map(|(kind, name)| meant(kind, name)).max().unwrap_or(Hit::No)
}

/// The account in an ARN of IAM or STS.
fn account_of(principal: &str) -> Option<&str> {
    principal.strip_prefix("arn:")?.split(':').nth(3).filter(|account| !account.is_empty())
}

/// Whether the principal is the copier. Another principal of its account is not.
fn us(kind: &str, principal: &str, copier: Copier<'_>) -> Hit {
    let of_role = |arn: &str| {
        let role = copier.role.rsplit('/').next().unwrap_or_default();
        arn.contains(":assumed-role/") && arn.split('/').nth(1) == Some(role)
    };
    match (kind, principal) {
        ("AWS", "*") => Hit::Yes,
        ("AWS", arn) if arn == copier.role => Hit::Yes,
        ("AWS", arn) if account_of(arn) != Some(copier.account) => {
            if arn.starts_with("arn:") {
                Hit::No
            } else {
                Hit::Unclear
            }
        }
        ("AWS", arn) if arn.ends_with(":root") || of_role(arn) => Hit::Yes,
        ("AWS", _) => Hit::No,
        ("Service", name) if !same_name(name, BACKUP) => Hit::No,
        _ => Hit::Unclear,
    }
}

/// Whether the principal belongs to another account. A service of AWS is no account.
fn others(kind: &str, principal: &str, account: &str) -> Hit {
    match (kind, principal) {
        ("AWS", "*") => Hit::Yes,
        ("AWS", arn) => account_of(arn).map_or(Hit::Unclear, |of| if of == account { Hit::No } else { Hit::Yes }),
        ("Service", _) => Hit::No,
        _ => Hit::Unclear,
    }
}

/// Whether the conditions of a statement hold for a call of theirs. All must hold.
fn holds(statement: &Map, whom: Whom<'_>) -> Hit {
    let operators = statement.get("Condition").and_then(Value::as_map).into_iter().flatten();
    let tests = operators.flat_map(|(operator, tests)| {
        let tests = tests.as_map().into_iter().flatten();
        tests.map(move |(key, values)| test(operator, key, values, whom))
    });
    let understood = statement.get("Condition").is_none_or(|condition| condition.as_map().is_some());
    tests.min().unwrap_or(if understood { Hit::Yes } else { Hit::Unclear })
}

fn test(operator: &str, key: &str, values: &Value, whom: Whom<'_>) -> Hit {
    let values: Option<Vec<&str>> = values.as_list().and_then(|values| values.iter().map(Value::as_text).collect());
    let Some(values) = values.filter(|values| !values.is_empty()) else { return Hit::Unclear };
    let equal = match operator {
        "StringEquals" | "StringEqualsIgnoreCase" | "StringLike" => true,
        "StringNotEquals" | "StringNotEqualsIgnoreCase" | "StringNotLike" => false,
        _ => return Hit::Unclear,
    };
    let digits = values.iter().all(|value| value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit()));
    if !digits {
        return Hit::Unclear;
    }
    let when = |holds: bool| if holds { Hit::Yes } else { Hit::No };
    match (key, whom) {
        ("aws:principalaccount", Whom::Us(account)) => when(values.contains(&account) == equal),
        // Some other account is among the values, or is not: both are possible for accounts that no value names.
        ("aws:principalaccount", Whom::Others(account)) => when(!equal || values.iter().any(|value| *value != account)),
        // Only calls that a service makes for an account have it.
        ("aws:sourceaccount", Whom::Others(account)) if equal => when(values.iter().any(|value| *value != account)),
        _ => Hit::Unclear,
    }
}
