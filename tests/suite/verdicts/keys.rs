//! The keys with which data is encrypted, ours and foreign ones: who may use them, and where their material is.

use tokaido::kinds::{self, facts, kms_key};
use tokaido::model::observed::ObservedState;
use tokaido::model::{EnvironmentAudit, Evidence, Examined, FactReading, Region, UnknownCause, Verdict, VerdictState};
use tokaido::promises::judge::{JudgeInput, judge};

use super::breaks::{make, set, statement};
use super::{in_state, production};
use crate::support::{Lab, id};

const AT_REST: &str = "encryption-at-rest";
const MAIN: &str = "kms-key.main@tokyo";
const PARTNER: &str = "partner (db-instance@tokyo)";

/// A database of another team, encrypted with a key of theirs whose policy has these statements beside the account's own.
fn partner(statements: &str, key: &str) -> Lab {
    let lab = production();
    let account = lab.desired.account.clone();
    let own = format!("{{ Effect: Allow, Principal: {{ AWS: 'arn:aws:iam::{account}:root' }}, Action: 'kms:*', Resource: '*' }}");
    let policy = format!("{{ Version: '2012-10-17', Statement: [{own}{statements}] }}");
    make(&lab, kms_key::NAME, &format!("{{ alias: alias/partner, rotation_days: 365, policy: {policy}{key} }}"), &[]);
    let physical = foreign_key(&lab);
    let key = format!("arn:aws:kms:ap-northeast-1:{account}:key/{physical}");
    let form = "engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, storage_encrypted: true, \
                publicly_accessible: false, parameter_group: production-postgres16";
    make(&lab, "db-instance", &format!("{{ name: partner, kms_key: '{key}', {form} }}"), &[]);
    lab
}

fn foreign_key(lab: &Lab) -> String {
    let found = lab.rows().into_iter().find(|row| row.kind == kms_key::NAME && row.id.is_none());
    found.expect("the key of the other team").physical
}

fn member(audit: &EnvironmentAudit, promise: &str, subject: &str) -> Examined {
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict");
    verdict.population.iter().find(|member| member.subject == subject).unwrap_or_else(|| panic!("{subject}")).clone()
}

fn said(examined: &Examined) -> (VerdictState, Option<UnknownCause>, String) {
    (examined.state, examined.unknown, examined.reason.as_ref().map(|reason| reason.en.clone()).unwrap_or_default())
}

#[test]
fn a_foreign_database_is_judged_by_its_key() {
    let other = "{ AWS: 'arn:aws:iam::222222222222:role/reader' }";
    let organisation = "{ Sid: All, Effect: Allow, Principal: '*', Action: 'kms:Decrypt', Resource: '*', \
                        Condition: { StringEquals: { 'aws:PrincipalOrgID': o-1 } } }";
    let logs = statement("{ Service: logs.amazonaws.com }", "kms:Decrypt");
    for (statements, key, state, words) in [
        (String::new(), "", VerdictState::Kept, ""),
        (format!(", {}", statement(other, "kms:GenerateDataKey*")), "", VerdictState::Broken, "`ByHand` in the policy of"),
        (format!(", {}", statement(other, "kms:DescribeKey")), "", VerdictState::Kept, ""),
        (format!(", {organisation}"), "", VerdictState::Unknown, "`All` admits an organisation"),
        (format!(", {logs}"), "", VerdictState::Unknown, "admits logs.amazonaws.com for resources of any account"),
        (String::new(), ", enabled: false", VerdictState::Broken, "the key is switched off"),
    ] {
        let lab = partner(&statements, key);
        let (found, cause, reason) = said(&member(&lab.audit(), AT_REST, PARTNER));
        assert_eq!(found, state, "{statements} {key}: {reason}");
        assert!(reason.contains(words), "{reason}");
        assert_eq!(cause, (state == VerdictState::Unknown).then_some(UnknownCause::NotUnderstood));
        // Neither is a matter of drift.
        assert!(lab.drift().drifted.is_empty(), "{statements}");
    }
}

#[test]
fn a_key_of_others_that_encrypts_nothing_here_breaks_nothing() {
    let lab = production();
    let open = statement("'*'", "kms:*");
    make(&lab, kms_key::NAME, &format!("{{ alias: alias/theirs, policy: {{ Statement: [{open}] }} }}"), &[]);
    let audit = lab.audit();
    assert!(in_state(&audit, VerdictState::Broken).is_empty() && in_state(&audit, VerdictState::Unknown).is_empty());
}

/// AWS rotates no material of another origin by itself. That it says so is no proof that it was not rotated.
#[test]
fn imported_material_is_not_called_unrotated() {
    let lab = production();
    set(&lab, MAIN, "rotation_days", "null");
    set(&lab, MAIN, "origin", "EXTERNAL");
    let (state, cause, reason) = said(&member(&lab.audit(), AT_REST, MAIN));
    assert_eq!((state, cause), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)), "{reason}");
    assert!(reason.contains("comes from EXTERNAL"), "{reason}");
}

#[test]
fn the_material_of_a_multi_region_key_stays_in_the_two_regions() {
    let lab = production();
    set(&lab, MAIN, "regions", "[ap-northeast-1, ap-northeast-3]");
    assert!(in_state(&lab.audit(), VerdictState::Broken).is_empty(), "Tokyo and Osaka");
    set(&lab, MAIN, "regions", "[ap-northeast-1, ap-northeast-2, eu-west-1]");
    let (state, _, reason) = said(&member(&lab.audit(), "data-residency", MAIN));
    assert_eq!(state, VerdictState::Broken);
    assert!(reason.contains("ap-northeast-2") && reason.contains("eu-west-1") && !reason.contains("ap-northeast-1,"), "{reason}");
    // Of a key that could not be read only what it encrypts is unknown.
    let lab = partner("", "");
    let key = foreign_key(&lab);
    let verdicts = judged(&lab, |observed| {
        let theirs = observed.others.iter_mut().find(|other| other.live.physical == key).expect("the key");
        for attribute in [kms_key::at::regions.name(), kms_key::at::policy.name()] {
            theirs.live.attributes.failed(attribute, "kms:DescribeKey: access-denied");
        }
    });
    for promise in ["data-residency", AT_REST] {
        let verdict = of(&verdicts, promise);
        let unknown: Vec<&str> = verdict.in_state(VerdictState::Unknown).map(|member| member.subject.as_str()).collect();
        assert_eq!((unknown, verdict.unknown), (vec![PARTNER], Some(UnknownCause::ReadFailed)), "{promise}");
    }
}

fn judged(lab: &Lab, change: impl FnOnce(&mut ObservedState)) -> Vec<Verdict> {
    let (schemas, mut observed) = (kinds::schemas(), lab.plan().observed);
    change(&mut observed);
    let (desired, observed) = (&lab.desired, &observed);
    judge(&JudgeInput { desired, observed, recorded: None, schemas: &schemas, accounts: None, now: None })
}

fn of<'a>(verdicts: &'a [Verdict], promise: &str) -> &'a Verdict {
    verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict")
}

/// What an audit was told of the grants of the two keys of Tokyo: the main one has these.
fn with_grants(lab: &Lab, told: &[(&str, &str)]) -> Examined {
    let keys: Vec<(Region, String)> =
        lab.rows().into_iter().filter(|row| row.kind == kms_key::NAME).map(|row| (row.region, row.physical)).collect();
    let main = lab.row(&id(MAIN)).physical;
    let reading = |region: Region, physical: &str, name: &str, value: &str| FactReading {
        kind: kms_key::NAME.to_owned(),
        region,
        physical: physical.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        source: "kms:ListGrants".to_owned(),
        at: "2026-11-20T00:00:00Z".to_owned(),
    };
    let others = keys.iter().filter(|(_, key)| *key != main).map(|(region, key)| reading(*region, key, facts::GRANTS, "0"));
    let own = told.iter().map(|(name, value)| reading(Region::Tokyo, &main, name, value));
    let found = others.chain(own).collect();
    let verdicts = judged(lab, |observed| observed.evidence = Some(Evidence { facts: found, ..Evidence::default() }));
    of(&verdicts, AT_REST).population.iter().find(|member| member.subject == MAIN).expect("the key").clone()
}

#[test]
fn a_grant_to_another_account_breaks_the_promise_in_an_audit() {
    const OTHER: &str = "grant to arn:aws:iam::222222222222:role/reader";
    let lab = production();
    let account = lab.desired.account.clone();
    let own = format!("unconstrained grant to arn:aws:iam::{account}:role/app");
    let rds = "grant to rds.ap-northeast-1.amazonaws.com";
    for (told, state, words) in [
        (&[(facts::GRANTS, "0")][..], VerdictState::Kept, ""),
        (&[(facts::GRANTS, "2"), (rds, "CreateGrant, Decrypt"), (&own, "Decrypt")], VerdictState::Kept, ""),
        (&[(facts::GRANTS, "1"), (OTHER, "DescribeKey, RetireGrant")], VerdictState::Kept, ""),
        (&[(facts::GRANTS, "1"), ("unconstrained grant to AROAEXAMPLEEXAMPLE123", "Decrypt")], VerdictState::Kept, ""),
        (
            &[(facts::GRANTS, "2"), (rds, "Decrypt"), (OTHER, "Decrypt")],
            VerdictState::Broken,
            "222222222222:role/reader use kms-key.main",
        ),
        (
            &[(facts::GRANTS, "1"), ("unconstrained grant to logs.amazonaws.com", "Decrypt")],
            VerdictState::Unknown,
            "logs.amazonaws.com",
        ),
        (&[(facts::GRANTS, "1"), ("grant to (none)", "Decrypt")], VerdictState::Unknown, "(none)"),
        (&[(facts::GRANTS_UNREAD, "kms:ListGrants: access-denied")], VerdictState::Unknown, "could not be listed"),
        (&[], VerdictState::Unknown, "were not asked for"),
    ] {
        let (found, cause, reason) = said(&with_grants(&lab, told));
        assert_eq!(found, state, "{told:?}: {reason}");
        assert!(reason.contains(words), "{told:?}: {reason}");
        let expected = match told.first().map(|(name, _)| *name) {
            Some(facts::GRANTS_UNREAD) => UnknownCause::ReadFailed,
            Some(_) => UnknownCause::NotUnderstood,
            None => UnknownCause::NotAsked,
        };
        assert_eq!(cause, (state == VerdictState::Unknown).then_some(expected));
    }
}
