//! The prerequisites of AWS Backup: a schedule, a role that it may assume, a key whose policy admits it. A declared setting is
//! right. Of any other setting the check says that it stops the copies, or that its effect is unknown.

use super::population::Judged;
use super::subject::{UNCLEAR, unread};
use super::view::{Member, View};
use super::{Undeclared, VerdictReason};
use crate::kinds::iam_role::BACKUP as SERVICE;
use crate::kinds::{documents, iam_role, kms_key, session};
use crate::model::equality::policy::{self, statements};
use crate::model::equality::same_name;
use crate::model::value::Map;
use crate::model::{Name, Status, Value, VerdictState};

/// Why copies do not arrive, or may not.
pub(super) type Shortfall = (Judged, VerdictReason);

/// The values of some attributes of another resource, or why one of them is not known.
fn values<'a, const N: usize>(view: &View<'a>, member: &Member<'a>, names: [Name; N]) -> Result<[&'a Value; N], Shortfall> {
    let mut found = [const { &Value::Null }; N];
    for (place, name) in names.into_iter().enumerate() {
        found[place] = view.read(member, name).map_err(|why| unread(name, why, Some(member)))?;
    }
    Ok(found)
}

fn broken(reason: VerdictReason) -> Shortfall {
    (VerdictState::Broken.into(), reason)
}

/// Whether a document has every statement of another, and beyond those only statements that allow. IAM adds what statements allow:
/// one more takes nothing away.
fn covers(found: &Value, declared: &Value) -> bool {
    let (found, declared) = (statements(found), statements(declared));
    let more = |key: &str| !declared.contains_key(key) && found.get(key).and_then(Value::as_map).is_some_and(allows);
    policy::unlike(&found, &declared, false).into_iter().all(more)
}

/// The same of a document that nobody declared: the names of its statements mean nothing.
fn covers_unnamed(found: &Value, right: &Value) -> bool {
    let unnamed = |document: &Value| -> Vec<Map> {
        let statements = each(document).into_iter();
        let bare = |statement: Map| statement.into_iter().filter(|(key, _)| &**key != "Sid").collect();
        statements.map(bare).collect()
    };
    let found = unnamed(found);
    unnamed(right).iter().all(|statement| found.contains(statement)) && found.iter().all(allows)
}

/// What the policy of the vault's key lacks. The right policy is the declared one; for an undeclared key, the one that tokaido
/// declares for keys. `account` has twelve digits.
///
/// # Errors
/// What is missing, or not known.
pub(super) fn key<'a>(view: &View<'a>, key: &Member<'a>, vault: &str, account: &str) -> Result<(), Shortfall> {
    let [enabled, policy] = values(view, key, [kms_key::at::enabled.name(), kms_key::at::policy.name()])?;
    if matches!(key.live.status, Status::Failed(_)) || *enabled != Value::Bool(true) {
        return Err(broken(VerdictReason::VaultKeyUnusable { vault: vault.to_owned() }));
    }
    let declared = key.declared.and_then(|declared| declared.attributes.get(kms_key::at::policy));
    let right = match declared {
        Some(declared) => covers(policy, declared),
        None => covers_unnamed(policy, &documents::key_policy(account)),
    };
    if right {
        return Ok(());
    }
    let key = key.subject();
    if *policy != Value::Null && !each(policy).iter().any(allows) {
        return Err(broken(VerdictReason::KeyAdmitsNobody { key }));
    }
    Err((UNCLEAR, VerdictReason::KeyPolicyUnsure { key }))
}

/// What the role lacks: who may assume it, what it may do, and what limits it. `account` has twelve digits.
///
/// # Errors
/// What is missing, or not known.
pub(super) fn role<'a>(view: &View<'a>, role: &Member<'a>, account: &str) -> Result<(), Shortfall> {
    let names = [
        iam_role::at::managed_policies.name(),
        iam_role::at::trust.name(),
        iam_role::at::inline_policies.name(),
        iam_role::at::permissions_boundary.name(),
    ];
    let [managed, trust, inline, boundary] = values(view, role, names)?;
    let declared = |attribute: Name| role.declared.and_then(|declared| declared.attributes.get(attribute));
    let list = |value: &Value| value.as_list().unwrap_or_default().to_vec();
    let subject = role.subject();
    let attached = list(managed);
    if !iam_role::BACKUP_POLICIES.first().is_some_and(|policy| attached.contains(&Value::from(*policy))) {
        return Err(broken(VerdictReason::RoleMayNotBackUp { role: subject }));
    }
    let trusted = declared(iam_role::at::trust.name()).cloned().unwrap_or_else(|| documents::service_trust(SERVICE, account));
    // A role of others is right when nothing stands in AWS Backup's way.
    let as_declared = covers(trust, &trusted) || (role.declared.is_none() && admits(trust, account));
    if !as_declared && !trusts(trust) {
        return Err(broken(VerdictReason::RoleNotAssumable { role: subject, service: SERVICE }));
    }
    let none = Value::from(Map::new());
    let wanted = declared(iam_role::at::inline_policies.name()).unwrap_or(&none);
    if let Some(name) = inline.as_map().into_iter().flatten().find_map(|(name, document)| denies_all(document).then_some(name)) {
        return Err(broken(VerdictReason::RoleDenied { role: subject, policy: name.to_string() }));
    }
    let known: Vec<Value> = declared(iam_role::at::managed_policies.name())
        .map_or_else(|| iam_role::BACKUP_POLICIES.iter().map(|policy| Value::from(*policy)).collect(), list);
    let allowed = list(declared(iam_role::at::permissions_boundary.name()).unwrap_or(&Value::Null));
    let limits = list(boundary);
    let harmless = wanted.as_map().is_none_or(Map::is_empty) && grants_only(inline);
    let known = |arn: &&Value| known.contains(*arn) || (role.declared.is_none() && only_grants(arn));
    let odd = [
        (!as_declared).then_some(Undeclared::Trust),
        limits.iter().find(|arn| !allowed.contains(arn)).map(|arn| Undeclared::Boundary { arn: arn.clone() }),
        (!harmless && !policy::same_named(inline, wanted)).then_some(Undeclared::Inline),
        attached.iter().find(|arn| !known(arn)).map(|arn| Undeclared::Policy { arn: arn.clone() }),
    ];
    match odd.into_iter().flatten().next() {
        None => Ok(()),
        Some(what) => Err((UNCLEAR, VerdictReason::RoleUnsure { role: subject, what: what.into() })),
    }
}

fn allows(statement: &Map) -> bool {
    statement.get("Effect").and_then(Value::as_text) == Some("Allow")
}

/// The statements, each in its canonical form.
fn each(document: &Value) -> Vec<Map> {
    statements(document).into_values().filter_map(|statement| statement.as_map().cloned()).collect()
}

fn texts<'a>(statement: &'a Map, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    statement.get(key).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text)
}

/// Whether a statement may let AWS Backup assume the role. Conditions are not judged.
fn trusts(document: &Value) -> bool {
    each(document).iter().any(|statement| {
        let principals = statement.get("Principal").and_then(Value::as_map).into_iter().flat_map(Map::values);
        let mut principals = principals.flat_map(|names| names.as_list().unwrap_or_default()).filter_map(Value::as_text);
        let meant = principals.any(|name| name == "*" || same_name(name, SERVICE));
        let assumes = |action: &str| policy::may_be(action, session::ASSUME_ROLE);
        let action = statement.contains_key("NotAction") || texts(statement, "Action").any(assumes);
        allows(statement) && action && (meant || statement.contains_key("NotPrincipal"))
    })
}

/// Whether nothing denies and a statement lets AWS Backup assume the role for this account, twelve digits.
fn admits(document: &Value, account: &str) -> bool {
    let statements = each(document);
    let ours = || Value::map([("StringEquals", Value::map([("aws:sourceaccount", Value::list([account]))]))]);
    let one = |statement: &Map| {
        let services = statement.get("Principal").and_then(Value::as_map).and_then(|principal| principal.get("Service"));
        let mut services = services.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text);
        let free = statement.get("Condition").is_none_or(|condition| *condition == ours());
        let assumes = texts(statement, "Action").any(|action| policy::fits(action, session::ASSUME_ROLE));
        free && assumes && services.any(|name| same_name(name, SERVICE))
    };
    statements.iter().all(allows) && statements.iter().any(one)
}

/// Whether no statement of these documents, by name, denies anything.
fn grants_only(documents: &Value) -> bool {
    documents.as_map().into_iter().flatten().all(|(_, document)| each(document).iter().all(allows))
}

/// Whether this is a policy of AWS's own for AWS Backup.
fn only_grants(arn: &Value) -> bool {
    arn.as_text().is_some_and(|arn| iam_role::OF_BACKUP.iter().any(|begin| arn.starts_with(begin)))
}

/// Whether a statement denies every action on every resource without a condition.
fn denies_all(document: &Value) -> bool {
    each(document).iter().any(|statement| {
        let all = |key: &str| texts(statement, key).any(|text| text == "*");
        let denies = statement.get("Effect").and_then(Value::as_text) == Some("Deny");
        denies && all("Action") && all("Resource") && !statement.contains_key("Condition")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy with which KMS makes a key in the console calls its statement otherwise; one made by the API may have no name.
    #[test]
    fn a_key_of_others_may_call_its_statements_as_it_likes() {
        let right = documents::key_policy("111111111111");
        let statement = |sid: &str, effect: &str, account: &str| {
            let sid = if sid.is_empty() { String::new() } else { format!(r#""Sid":"{sid}","#) };
            format!(
                r#"{{{sid}"Effect":"{effect}","Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"Action":"kms:*","Resource":"*"}}"#
            )
        };
        let covered = |statements: &[String]| {
            let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
            covers_unnamed(&serde_json::from_str(&text).unwrap_or(Value::Null), &right)
        };
        let ours = "111111111111";
        assert!(covered(&[statement("Enable IAM User Permissions", "Allow", ours)]));
        assert!(covered(&[statement("", "Allow", ours)]));
        assert!(covered(&[statement("", "Allow", ours), statement("More", "Allow", "222222222222")]));
        assert!(!covered(&[statement("AccountAdministration", "Allow", "222222222222")]));
        assert!(!covered(&[statement("", "Allow", ours), statement("", "Deny", "222222222222")]));
        assert!(!covered(&[]));
    }
}
