//! Clusters and replicas of other teams: a member is judged by its cluster, a replica by its source, and an ARN of another region
//! is data elsewhere.

use tokaido::kinds::db_cluster;
use tokaido::model::{EnvironmentAudit, Name, Region, UnknownCause, VerdictState};
use tokaido::promises::judge::CHECKS;
use tokaido::sim::SandboxRow;

use super::breaks::make;
use super::foreign::COPIES;
use super::stores::store;
use super::{in_state, production};
use crate::support::Lab;

const RESTORE: &str = "point-in-time-recovery";
const AT_REST: &str = "encryption-at-rest";
const TLS: &str = "encryption-in-transit";
const PLACE: &str = "data-residency";

fn key(lab: &Lab) -> String {
    let main = lab.row(&crate::support::id("kms-key.main@tokyo")).physical;
    format!("arn:aws:kms:ap-northeast-1:{}:key/{main}", lab.desired.account)
}

/// A cluster that keeps every promise but TLS, which nobody can tell, with these fields instead of its own. Answers with its
/// identifier.
fn cluster(lab: &Lab, fields: &str) -> String {
    let key = key(lab);
    let whole = format!(
        "{{ engine: aurora-postgresql, storage_encrypted: true, kms_key: '{key}', backup_retention_days: 35, deletion_protection: true, \
         members: [ledger-1], parameter_group: aurora16, replicas: [] }}"
    );
    let mut attributes = crate::support::yaml::read(&whole).as_map().cloned().expect("attributes");
    attributes.extend(crate::support::yaml::read(&format!("{{ {fields} }}")).as_map().cloned().expect("fields"));
    let attributes = attributes.iter().map(|(name, value)| (name.clone(), value.clone()));
    let text = serde_json::to_string(&tokaido::model::Value::map(attributes)).expect("plain data");
    make(lab, db_cluster::NAME, &text, &[]);
    let made = |row: &SandboxRow| row.kind == db_cluster::NAME;
    lab.rows().into_iter().find(made).expect("the cluster").physical
}

/// An instance of another team, with backups switched off and without encryption or protection of its own.
fn instance(lab: &Lab, name: &str, fields: &str) {
    let engine = if fields.contains("engine:") { "" } else { "engine: aurora-postgresql, " };
    let form = "class: db.t4g.micro, allocated_storage: 1, publicly_accessible: false, backup_retention_days: 0";
    make(lab, "db-instance", &format!("{{ name: {name}, {engine}engine_version: '16.4', {form}, {fields} }}"), &[]);
}

type Outcome = (VerdictState, Option<UnknownCause>, String);

fn outcome(audit: &EnvironmentAudit, promise: &str, subject: &str) -> Outcome {
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict");
    let member = verdict.population.iter().find(|member| member.subject.starts_with(subject));
    let member = member.unwrap_or_else(|| panic!("{promise}: no {subject} in {:#?}", verdict.population));
    (member.state, member.unknown, member.reason.as_ref().map(|reason| reason.en.clone()).unwrap_or_default())
}

#[test]
fn a_member_is_judged_by_its_cluster() {
    for (fields, restore, rest) in [
        ("", VerdictState::Kept, VerdictState::Kept),
        ("backup_retention_days: 7", VerdictState::Broken, VerdictState::Kept),
        ("deletion_protection: false", VerdictState::Broken, VerdictState::Kept),
        ("storage_encrypted: false", VerdictState::Kept, VerdictState::Broken),
        ("kms_key: 'arn:aws:kms:ap-northeast-1:222222222222:key/theirs'", VerdictState::Kept, VerdictState::Broken),
    ] {
        let lab = production();
        let physical = cluster(&lab, fields);
        instance(&lab, "ledger-1", &format!("cluster: {physical}"));
        let audit = lab.audit();
        assert_eq!(outcome(&audit, RESTORE, &physical).0, restore, "{fields}");
        assert_eq!(outcome(&audit, AT_REST, &physical).0, rest, "{fields}");
        for promise in [RESTORE, AT_REST] {
            let (state, _, reason) = outcome(&audit, promise, "ledger-1");
            assert_eq!(state, VerdictState::Kept, "{fields} {promise}: the cluster alone is named: {reason}");
        }
        let (state, cause, reason) = outcome(&audit, TLS, "ledger-1");
        assert_eq!((state, cause), (VerdictState::Unknown, Some(UnknownCause::NotAsked)), "{reason}");
        assert!(reason.contains("aurora16"), "{reason}");
        assert!(lab.drift().drifted.is_empty());
    }
}

/// A Multi-AZ cluster's instances have an engine of which tokaido knows the settings, and a group that does not hold them.
#[test]
fn the_group_of_an_instance_says_nothing_of_the_tls_of_a_member() {
    let lab = production();
    let physical = cluster(&lab, "engine: postgres, publicly_accessible: false");
    instance(&lab, "ledger-1", &format!("cluster: {physical}, engine: postgres, parameter_group: production-postgres16"));
    let (state, cause, _) = outcome(&lab.audit(), TLS, "ledger-1");
    assert_eq!((state, cause), (VerdictState::Unknown, Some(UnknownCause::NotAsked)));
}

#[test]
fn a_member_of_a_cluster_that_no_list_shows_is_unknown() {
    let lab = production();
    instance(&lab, "ledger-1", "cluster: gone");
    let audit = lab.audit();
    for promise in [RESTORE, AT_REST] {
        let (state, cause, reason) = outcome(&audit, promise, "ledger-1");
        assert_eq!((state, cause), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)), "{promise}");
        assert!(reason.contains("gone"), "{reason}");
    }
}

#[test]
fn a_replica_is_judged_by_its_source() {
    let source = |lab: &Lab| format!("arn:aws:rds:ap-northeast-1:{}:db:production-catalog", lab.desired.account);
    for (of, state, cause) in [
        ("production-catalog", VerdictState::Kept, None),
        ("arn", VerdictState::Kept, None),
        ("gone", VerdictState::Unknown, Some(UnknownCause::NotUnderstood)),
        ("arn:aws:rds:ap-northeast-3:333333333333:db:gone", VerdictState::Unknown, Some(UnknownCause::NotUnderstood)),
        ("arn:aws:rds:us-east-1:333333333333:db:catalog", VerdictState::Unknown, Some(UnknownCause::NotAsked)),
    ] {
        let lab = production();
        let named = if of == "arn" { source(&lab) } else { of.to_owned() };
        instance(&lab, "reader", &format!("storage_encrypted: true, kms_key: '{}', replica_of: '{named}'", key(&lab)));
        let audit = lab.audit();
        let found = outcome(&audit, RESTORE, "reader");
        assert_eq!((found.0, found.1), (state, cause), "{of}: {}", found.2);
        let copied = outcome(&audit, COPIES, "reader");
        assert_eq!((copied.0, copied.1), (state, cause), "copies, {of}: {}", copied.2);
        let elsewhere = outcome(&audit, PLACE, "reader");
        assert_eq!(elsewhere.0 == VerdictState::Broken, of.contains("us-east-1"), "{of}: {}", elsewhere.2);
        // Its own disk is its own.
        assert_eq!(outcome(&audit, AT_REST, "reader").0, VerdictState::Kept, "{of}");
    }
    // A replica of a cluster, and one of a source that keeps nothing.
    let lab = production();
    let physical = cluster(&lab, "backup_retention_days: 1");
    instance(&lab, "reader", &format!("replica_of: {physical}"));
    let audit = lab.audit();
    assert_eq!(outcome(&audit, RESTORE, "reader").0, VerdictState::Kept);
    assert_eq!(outcome(&audit, RESTORE, &physical).0, VerdictState::Broken);
}

/// What is declared of our own database holds, whatever replicates what.
#[test]
fn our_own_database_is_judged_by_what_is_declared() {
    let lab = production();
    super::breaks::set(&lab, super::breaks::CATALOG, "backup_retention_days", "0");
    super::breaks::set(&lab, super::breaks::CATALOG, "replica_of", "production-acme-db");
    assert_eq!(outcome(&lab.audit(), RESTORE, super::breaks::CATALOG).0, VerdictState::Broken);
}

#[test]
fn a_cluster_or_a_replica_elsewhere_breaks_residency() {
    for (fields, state, words) in [
        ("", VerdictState::Kept, ""),
        ("replicas: ['arn:aws:rds:ap-northeast-3:333333333333:cluster:copy']", VerdictState::Kept, ""),
        ("replicas: ['arn:aws:rds:eu-west-1:333333333333:cluster:copy']", VerdictState::Broken, "eu-west-1"),
        ("replica_of: 'arn:aws:rds:us-east-1:333333333333:cluster:first'", VerdictState::Broken, "us-east-1"),
        ("global_cluster: ledger-world", VerdictState::Unknown, "ledger-world"),
    ] {
        let lab = production();
        let physical = cluster(&lab, fields);
        let (found, _, reason) = outcome(&lab.audit(), PLACE, &physical);
        assert_eq!(found, state, "{fields}: {reason}");
        assert!(reason.contains(words), "{reason}");
    }
    let lab = production();
    super::breaks::set(&lab, super::breaks::CATALOG, "replicas", "['arn:aws:rds:us-west-2:333333333333:db:copy']");
    let (state, _, reason) = outcome(&lab.audit(), PLACE, super::breaks::CATALOG);
    assert!(state == VerdictState::Broken && reason.contains("us-west-2"), "{reason}");
}

#[test]
fn a_cluster_that_leaves_its_network_is_public() {
    for (fields, words) in [
        ("publicly_accessible: true", "leads to a public address"),
        ("internet_gateway: true", "leads to a public address"),
        ("vpc_networking: false", "outside the network"),
    ] {
        let lab = production();
        let physical = cluster(&lab, fields);
        let (state, _, reason) = outcome(&lab.audit(), TLS, &physical);
        assert!(state == VerdictState::Broken && reason.contains(words), "{fields}: {reason}");
    }
}

/// Each attribute of a cluster that a check declares, not asked and failed: the cluster is unknown in exactly these promises.
#[test]
fn an_attribute_of_a_cluster_that_was_not_read_makes_it_unknown() {
    let lab = production();
    let physical = cluster(&lab, "");
    let subject = format!("{physical} (db-cluster@tokyo)");
    let before = lab.plan().observed;
    let schemas = tokaido::kinds::schemas();
    let said = |observed: &tokaido::model::ObservedState| {
        let desired = &lab.desired;
        let input =
            tokaido::promises::JudgeInput { desired, observed, recorded: None, schemas: &schemas, accounts: None, now: None };
        tokaido::promises::judge(&input)
    };
    let declared: Vec<Name> = CHECKS
        .iter()
        .flat_map(|check| check.universe)
        .filter(|looked| looked.kind == Some(db_cluster::NAME) && looked.regions.contains(&Region::Tokyo))
        .flat_map(|looked| looked.attributes.iter().copied())
        .collect();
    assert!(declared.len() > 8, "{declared:?}");
    for attribute in declared {
        // A value that is read for a sentence alone, or that only some clusters have.
        if attribute == db_cluster::at::parameter_group.name() {
            continue;
        }
        let mut observed = before.clone();
        let cluster = observed.others.iter_mut().find(|other| other.kind == db_cluster::NAME).expect("the cluster");
        cluster.live.attributes.failed(attribute, "denied");
        for verdict in said(&observed) {
            let check = CHECKS.iter().find(|check| check.slug == verdict.promise);
            let part =
                |part: &tokaido::model::verdict::Part| part.kind == db_cluster::NAME && part.attributes.contains(&attribute);
            if !check.is_some_and(|check| check.parts().iter().any(part)) {
                continue;
            }
            let member = verdict.population.iter().find(|member| member.subject == subject).expect("the cluster");
            assert_eq!(
                (member.state, member.unknown),
                (VerdictState::Unknown, Some(UnknownCause::ReadFailed)),
                "{attribute}: {}",
                verdict.promise
            );
        }
    }
}

/// The automated backups of an unencrypted cluster are not named beside it. Those of a cluster that is gone are data by themselves.
#[test]
fn the_backups_of_a_cluster_are_encrypted_as_it_is() {
    let lab = production();
    let name = cluster(&lab, "storage_encrypted: false");
    let form = |source: &str| format!("{{ store: db-cluster-automated-backup, encrypted: false, source: '{source}' }}");
    let own = store(&lab, Region::Tokyo, &form(&name));
    let left = store(&lab, Region::Tokyo, &form("gone"));
    let broken = &in_state(&lab.audit(), VerdictState::Broken)[AT_REST];
    assert_eq!(broken.len(), 2, "{broken:?}");
    assert!(broken.contains(&left) && !broken.contains(&own), "{broken:?}");
}
