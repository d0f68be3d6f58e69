//! Locks and access policies of vaults, which no file declares: they are no drift, and they can stop copies or let them out.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds::backup_vault;
use tokaido::model::VerdictState;

use super::foreign::{ACME, CATALOG, COPIES, RESIDENCY, make, member, only, our_key, reason};
use super::{in_state, production};
use crate::support::{id, yaml};

use VerdictState::{Broken, Kept, Unknown};

/// A6: each end of a lock, in both regions; the days are those of the rule and of its copy. The simulated jobs fail as AWS's do.
#[test]
fn a_lock_that_the_lifetimes_do_not_fit_breaks_the_copies() {
    let both: BTreeSet<String> = [ACME, CATALOG].map(str::to_owned).into();
    for (region, lock, right) in [
        ("osaka", "{ min_days: 8 }", true),
        ("osaka", "{ min_days: 8, max_days: 8 }", true),
        ("osaka", "{ min_days: 9 }", false),
        ("osaka", "{ max_days: 7 }", false),
        ("osaka", "{ min_days: 1, max_days: 7 }", false),
        ("tokyo", "{ min_days: 8 }", true),
        ("tokyo", "{ min_days: 30 }", false),
        ("tokyo", "{ max_days: 7 }", false),
        ("tokyo", "{ max_days: 400 }", true),
    ] {
        let lab = production();
        let vault = id(&format!("backup-vault.main@{region}"));
        lab.set(&vault, "lock", &yaml::read(lock)).expect("by hand");
        let audit = lab.audit();
        let broken = if right { BTreeSet::new() } else { both.clone() };
        assert_eq!(only(&audit, COPIES), [broken, BTreeSet::new()], "{region} {lock}");
        let said = reason(member(&audit, COPIES, CATALOG));
        assert!(right || said.contains("the lock of backup-vault.main") && said.contains("8 days"), "{said}");
        // No file declares a lock: it is no difference.
        lab.assert_settled();
        lab.wait(jiff::SignedDuration::from_hours(40));
        lab.set(&vault, "lock", &yaml::read("null")).expect("by hand");
        assert_eq!(in_state(&lab.audit(), Broken).contains_key(COPIES), !right, "{region} {lock}: did points arrive?");
    }
}

/// What a vault's policy does to our copies, and to what lies in it.
#[test]
fn the_policy_of_a_vault_is_read() {
    let everybody = "Principal: '*'";
    let allow =
        |who: &str, what: &str, more: &str| format!("{{ Sid: Them, Effect: Allow, {who}, Action: {what}, Resource: '*'{more} }}");
    let deny =
        |who: &str, what: &str, more: &str| format!("{{ Sid: No, Effect: Deny, {who}, Action: {what}, Resource: '*'{more} }}");
    let when = |operator: &str, key: &str, value: &str| format!(", Condition: {{ {operator}: {{ '{key}': '{value}' }} }}");
    let own = "Principal: { AWS: 'arn:aws:iam::333333333333:root' }";
    let other = "Principal: { AWS: ['333333333333', '444444444444'] }";
    // Statements; what becomes of the copies where the vault is Osaka's, and Tokyo's; and of residency.
    let rows: Vec<(String, VerdictState, VerdictState, VerdictState)> = vec![
        // Denies of what nobody needs for a copy.
        (deny(everybody, "['backup:DeleteRecoveryPoint', 'backup:StartRestoreJob']", ""), Kept, Kept, Kept),
        (deny(everybody, "'backup:*'", ""), Broken, Broken, Kept),
        (deny(everybody, "'BACKUP:copyintobackupvault'", ""), Broken, Kept, Kept),
        (deny(everybody, "'backup:CopyFrom*'", ""), Kept, Broken, Kept),
        (deny(own, "'backup:Copy????BackupVault'", ""), Broken, Broken, Kept),
        (deny("Principal: { AWS: '444444444444' }", "'backup:*'", ""), Kept, Kept, Kept),
        (deny("Principal: { AWS: 'arn:aws:iam::333333333333:role/intern' }", "'backup:*'", ""), Kept, Kept, Kept),
        (deny("NotPrincipal: { AWS: 'arn:aws:iam::333333333333:role/breakglass' }", "'backup:*'", ""), Unknown, Unknown, Kept),
        (format!("{{ Sid: No, Effect: Deny, {everybody}, NotAction: 'backup:Describe*', Resource: '*' }}"), Broken, Broken, Kept),
        (format!("{{ Sid: No, Effect: Deny, {everybody}, NotAction: 'backup:Copy*', Resource: '*' }}"), Kept, Unknown, Kept),
        // Whether a plan's own jobs need this permission is not documented.
        (deny(everybody, "'backup:StartBackupJob'", ""), Kept, Unknown, Kept),
        (
            format!(
                "{{ Sid: No, Effect: Deny, {everybody}, Action: 'backup:*', Resource: 'arn:aws:backup:*:*:backup-vault:other' }}"
            ),
            Kept,
            Kept,
            Kept,
        ),
        (deny(everybody, "'backup:*'", &when("StringNotEquals", "aws:PrincipalAccount", "333333333333")), Kept, Kept, Kept),
        (deny(everybody, "'backup:*'", &when("StringEquals", "aws:PrincipalAccount", "333333333333")), Broken, Broken, Kept),
        (deny(everybody, "'backup:*'", &when("StringNotEquals", "aws:PrincipalOrgID", "o-abc")), Unknown, Unknown, Kept),
        (deny(everybody, "'backup:*'", &when("Bool", "aws:SecureTransport", "false")), Unknown, Unknown, Kept),
        // Who gets in.
        (allow(own, "'backup:*'", ""), Kept, Kept, Kept),
        (allow(other, "'backup:*'", ""), Kept, Kept, Broken),
        (allow(everybody, "'backup:StartRestoreJob'", ""), Kept, Kept, Broken),
        (allow("NotPrincipal: { AWS: '444444444444' }", "'backup:*'", ""), Kept, Kept, Broken),
        (allow("Principal: { Service: backup.amazonaws.com }", "'backup:*'", ""), Kept, Kept, Kept),
        (allow("Principal: { AWS: AIDACKCEVSQ6C2EXAMPLE }", "'backup:*'", ""), Kept, Kept, Unknown),
        // To put copies in gives nothing away.
        (allow(everybody, "'backup:CopyIntoBackupVault'", ""), Kept, Kept, Kept),
        (allow(everybody, "['backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault']", ""), Kept, Kept, Broken),
        (allow(everybody, "'backup:*'", &when("StringEquals", "aws:PrincipalAccount", "333333333333")), Kept, Kept, Kept),
        (allow(everybody, "'backup:*'", &when("StringEquals", "AWS:principalaccount", "444444444444")), Kept, Kept, Broken),
        (allow(everybody, "'backup:*'", &when("StringNotEquals", "aws:PrincipalAccount", "333333333333")), Kept, Kept, Broken),
        (allow(everybody, "'backup:*'", &when("StringEquals", "aws:PrincipalOrgID", "o-abc")), Kept, Kept, Unknown),
        (allow(other, "'backup:*'", &when("StringEquals", "aws:PrincipalOrgID", "o-abc")), Kept, Kept, Unknown),
        // A denial beside it may take it back.
        (
            format!(
                "{}, {}",
                allow(everybody, "'backup:StartRestoreJob'", ""),
                deny(everybody, "'backup:*'", &when("StringNotEquals", "aws:PrincipalAccount", "333333333333"))
            ),
            Kept,
            Kept,
            Unknown,
        ),
    ];
    for (statements, osaka, tokyo, residency) in rows {
        for (region, copies) in [("osaka", osaka), ("tokyo", tokyo)] {
            let lab = production();
            let vault = format!("backup-vault.main@{region}");
            let policy = format!("{{ Version: '2012-10-17', Statement: [{statements}] }}");
            lab.set(&id(&vault), "policy", &yaml::read(&policy)).expect("by hand");
            let audit = lab.audit();
            for state in [Broken, Unknown] {
                let mut expected = BTreeMap::new();
                if copies == state {
                    expected.insert(COPIES.to_owned(), BTreeSet::from([ACME, CATALOG].map(str::to_owned)));
                }
                if residency == state {
                    expected.insert(RESIDENCY.to_owned(), BTreeSet::from([vault.clone()]));
                }
                assert_eq!(in_state(&audit, state), expected, "{region} {statements}");
            }
            lab.assert_settled();
        }
    }
}

/// A foreign vault is asked as well who may take what lies in it.
#[test]
fn the_policy_of_a_foreign_vault_counts_for_residency() {
    let lab = production();
    let key = our_key(&lab, "kms-key.main@tokyo");
    let partner = "{ Sid: Partner, Effect: Allow, Principal: { AWS: '444444444444' }, Action: 'backup:*', Resource: '*' }";
    make(
        &lab,
        backup_vault::NAME,
        &format!("{{ name: theirs, kms_key: '{key}', policy: {{ Version: '2012-10-17', Statement: [{partner}] }} }}"),
        &[],
    );
    let subject = "theirs (backup-vault@tokyo)";
    assert_eq!(only(&lab.audit(), RESIDENCY), [[subject.to_owned()].into(), BTreeSet::new()]);
    lab.assert_settled();
}
