//! What AWS has for each kind (`settings.txt`) and what the rows say they compare.
//!
//! `tests/models/settings.py` makes the files; the wire suite compares them with AWS's service models.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tokaido::kinds::settings::within;
use tokaido::kinds::{self, Kind};
use tokaido::model::schema::{AttributeSchema, Comparison};

/// Rows of a declared kind that are read of a live object and that no operation sets: the attribute, and what sets it.
const FOLLOWS: &[(&str, &str)] = &[
    ("db-instance.vpc", "DBSubnetGroupName"),
    // AWS's name for the tags in this answer.
    ("db-cluster.tags", "TagList.Key"),
    ("network-interface.tags", "TagSet.Key"),
];

#[test]
fn every_name_of_a_row_is_a_setting_of_aws() {
    let mut excused = BTreeSet::new();
    // Of a kind of which several services tell, no list of AWS tells all.
    let told = |kind: &&Kind| kind.of_aws().next().is_some();
    assert!(kinds::ALL.into_iter().filter(|kind| !told(kind)).all(|kind| kind.audit_only));
    for kind in kinds::ALL.into_iter().filter(told) {
        for attribute in kind.schema.attributes {
            let place = format!("{}.{}", kind.schema.kind, attribute.name);
            if let Some((_, sets)) = FOLLOWS.iter().find(|(excused, _)| *excused == place) {
                assert!(kind.of_aws().any(|setting| setting == *sets), "{place} follows from {sets}, which AWS does not have");
                excused.insert(place);
                continue;
            }
            // AWS tells what is only read, and sets it with no operation.
            if attribute.comparison == Comparison::ReadOnly {
                continue;
            }
            // What is only sent is named as well.
            let named = attribute.doc.split(", ").map(str::to_owned).chain(attribute.compared());
            for name in named {
                assert!(kind.of_aws().any(|setting| within(setting, &name)), "{place}: AWS has no setting called {name}");
            }
        }
    }
    assert_eq!(excused.len(), FOLLOWS.len(), "{excused:?}");
}

#[test]
fn every_setting_is_either_compared_or_listed() {
    for kind in kinds::ALL {
        let name = kind.schema.kind;
        let compared: Vec<String> = kind.schema.attributes.iter().flat_map(AttributeSchema::compared).collect();
        let listed = kind.not_compared();
        for setting in kind.of_aws() {
            let is_compared = compared.iter().any(|whole| within(setting, whole));
            let is_listed = listed.iter().filter(|whole| within(setting, whole)).count();
            assert_eq!(is_listed, usize::from(!is_compared), "{name}: {setting}: {listed:?}");
        }
        assert!(listed.is_sorted(), "{name}: {listed:?}");
        let unknown = listed.iter().find(|whole| !kind.of_aws().any(|setting| within(setting, whole)));
        assert_eq!(unknown, None, "{name} lists what AWS does not have");
    }
    let all: usize = kinds::declared().map(|kind| kind.not_compared().len()).sum();
    assert_eq!(kinds::settings::not_compared(), all);
}

#[test]
fn settings_that_nobody_would_see_change() {
    let listed = |kind: &str| kinds::find(kind).expect("a kind").not_compared();
    for (kind, settings) in [
        ("db-instance", &["EnableIAMDatabaseAuthentication", "AdditionalStorageVolumes"][..]),
        ("iam-role", &["MaxSessionDuration"]),
        ("vpc", &["AttachInternetGateway", "InstanceTenancy", "Ipv6IpamPoolId", "VpcEncryptionControl"]),
        ("subnet", &["EnableDns64", "Ipv6Native", "ReplaceNetworkAclAssociation"]),
        // Parts of what a row reads.
        (
            "backup-plan",
            &["BackupPlan.Rules.Lifecycle.MoveToColdStorageAfterDays", "BackupPlan.Rules.TargetLogicallyAirGappedBackupVaultArn"],
        ),
        ("bucket", &["ServerSideEncryptionConfiguration.Rules.BucketKeyEnabled", "VersioningConfiguration.MFADelete"]),
        ("security-group", &["IpPermissions.IpRanges.Description"]),
        // Sent, and never compared.
        ("db-instance", &["EngineLifecycleSupport"]),
    ] {
        let listed = listed(kind);
        let missing: Vec<_> = settings.iter().filter(|setting| !listed.contains(setting)).collect();
        assert!(missing.is_empty(), "{kind} does not list {missing:?}: {listed:?}");
    }
    for (kind, setting) in [
        ("db-instance", "StorageType"),
        ("db-instance", "Iops"),
        ("db-instance", "StorageThroughput"),
        ("iam-role", "PermissionsBoundary"),
        ("vpc", "Tags"),
    ] {
        assert!(!listed(kind).contains(&setting), "{kind} compares {setting}");
    }
}

/// One version of the models for all kinds: that which the wire suite installs.
#[test]
fn the_files_come_from_the_version_that_the_tests_install() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = fs::read_to_string(root.join("tests/wire/requirements.txt")).expect("the list of what is installed");
    let version = installed.lines().find_map(|line| line.strip_prefix("botocore==")).expect("botocore is pinned");
    let mut folders = BTreeSet::new();
    for folder in fs::read_dir(root.join("src/kinds")).expect("the kinds").map(|entry| entry.expect("an entry").path()) {
        let Ok(text) = fs::read_to_string(folder.join("settings.txt")) else { continue };
        let name = folder.file_name().and_then(|name| name.to_str()).expect("a name").replace('_', "-");
        let head =
            format!("# Made by tests/models/settings.py from botocore {version}: the settings that AWS has for this kind.");
        assert_eq!(text.lines().next(), Some(head.as_str()), "{name}: run `make settings`");
        let settings: Vec<&str> = text.lines().skip(1).collect();
        assert!(settings.is_sorted_by(|before, after| before < after), "{name}: {settings:?}");
        let known = kinds::find(&name).unwrap_or_else(|| panic!("{name} has settings and is no kind"));
        assert!(known.of_aws().eq(settings), "{name} was not compiled with its file");
        folders.insert(name);
    }
    assert_eq!(folders.len(), kinds::ALL.len(), "{folders:?}");
}
