//! A failed read makes exactly the verdicts that need it unknown, and hides no break that can be seen.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::VerdictState;
use tokaido::world::{ErrorClass, Moment};

use super::breaks::{CATALOG, set};
use super::{in_state, production, states};

/// Which verdicts need which kind. Written by hand: the checks say the same.
pub const READS: &[(&str, &[&str])] = &[
    (
        "kms-key",
        &[
            "data-residency",
            "encryption-at-rest",
            "recovery-copies",
            "cryptographic-controls",
            "virtual-separation",
            "labelling",
            "three-environments",
        ],
    ),
    ("iam-role", &["recovery-copies", "labelling", "three-environments"]),
    ("dhcp-options", &["clock", "labelling", "three-environments"]),
    ("vpc", &["clock", "tenant-ingress", "tenant-isolation", "virtual-separation", "labelling", "three-environments"]),
    ("subnet", &["tenant-ingress", "tenant-isolation", "virtual-separation", "labelling", "three-environments"]),
    ("security-group", &["tenant-ingress", "tenant-isolation", "virtual-separation", "labelling", "three-environments"]),
    ("db-subnet-group", &["tenant-isolation", "virtual-separation", "labelling", "three-environments"]),
    ("db-parameter-group", &["encryption-in-transit", "cryptographic-controls", "clock", "labelling", "three-environments"]),
    (
        "db-instance",
        &[
            "data-residency",
            "encryption-at-rest",
            "encryption-in-transit",
            "cryptographic-controls",
            "capacity-growth",
            "point-in-time-recovery",
            "recovery-copies",
            "event-logs",
            "clock",
            "tenant-isolation",
            "virtual-separation",
            "labelling",
            "three-environments",
        ],
    ),
    (
        "backup-vault",
        &["data-residency", "encryption-at-rest", "cryptographic-controls", "recovery-copies", "labelling", "three-environments"],
    ),
    ("backup-plan", &["data-residency", "recovery-copies", "labelling", "three-environments"]),
    ("bucket", &["evidence-protection", "labelling", "three-environments"]),
    ("route-table", &["tenant-ingress", "tenant-isolation", "virtual-separation", "three-environments"]),
    ("network-acl", &["tenant-ingress", "tenant-isolation", "virtual-separation", "three-environments"]),
    ("data-store", &["data-residency", "encryption-at-rest", "cryptographic-controls", "three-environments"]),
    ("network-interface", &["tenant-ingress", "tenant-isolation", "virtual-separation", "three-environments"]),
    ("vpc-peering", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("vpn-gateway", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("nat-gateway", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("vpc-endpoint", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("endpoint-service", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("prefix-list", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("transit-gateway-attachment", &["tenant-isolation", "virtual-separation", "three-environments"]),
    ("transit-gateway-table", &["tenant-isolation", "virtual-separation", "three-environments"]),
    (
        "db-cluster",
        &[
            "data-residency",
            "encryption-at-rest",
            "encryption-in-transit",
            "cryptographic-controls",
            "point-in-time-recovery",
            "recovery-copies",
            "three-environments",
        ],
    ),
];

#[test]
fn a_failed_read_makes_exactly_its_verdicts_unknown() {
    let lab = production();
    let before = states(&lab.audit());
    for class in [ErrorClass::AccessDenied, ErrorClass::Throttled] {
        for (kind, promises) in READS {
            lab.fail(&format!("list {kind}"), class, Moment::Before, 0);
            let audit = lab.audit();
            lab.heal();
            let unknown = in_state(&audit, VerdictState::Unknown);
            let names: BTreeSet<&str> = unknown.keys().map(String::as_str).collect();
            assert_eq!(names, promises.iter().copied().collect(), "list {kind} fails");
            assert!(
                in_state(&audit, VerdictState::Broken).is_empty(),
                "list {kind} fails: {:#?}",
                in_state(&audit, VerdictState::Broken)
            );
            for (promise, (state, members)) in &states(&audit) {
                assert!(
                    unknown.contains_key(promise) || (state, members) == (&before[promise].0, &before[promise].1),
                    "{promise}"
                );
            }
            let named = |members: &BTreeSet<String>| members.iter().any(|member| member.starts_with(&format!("every {kind}@")));
            assert!(unknown.values().all(named), "the read is named: {unknown:#?}");
        }
    }
    assert_eq!(READS.len(), kinds::ALL.len(), "every kind");
}

/// A break that can be seen is not hidden by a read that fails; what is unknown is listed beside it.
#[test]
fn broken_wins_over_unknown() {
    let lab = production();
    set(&lab, CATALOG, "publicly_accessible", "true");
    lab.fail("list db-parameter-group", ErrorClass::AccessDenied, Moment::Before, 0);
    let audit = lab.audit();
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == "encryption-in-transit").expect("a verdict");
    assert_eq!(verdict.state, VerdictState::Broken);
    assert_eq!(verdict.in_state(VerdictState::Broken).map(|member| member.subject.as_str()).collect::<Vec<_>>(), [CATALOG]);
    assert!(verdict.in_state(VerdictState::Unknown).count() > 0);
}
