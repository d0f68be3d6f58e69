//! The table of breaks and of failed reads, printed and committed as `docs/promises.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tokaido::model::{Attributes, Region, ResourceId, VerdictState, tags};
use tokaido::promises::judge::CHECKS;
use tokaido::render::audit;
use tokaido::sim::LogEntry;
use tokaido::world::CreateRequest;

use super::break_backups::BACKUPS;
use super::reads::READS;
use super::{in_state, production, states};
use crate::project::Project;
use crate::support::{Lab, attr, id, yaml};

/// What a hand does, and exactly what it breaks.
pub struct Break {
    pub words: &'static str,
    pub hand: fn(&Lab),
    /// Promise, members.
    pub breaks: &'static [(&'static str, &'static [&'static str])],
}

pub fn set(lab: &Lab, what: &str, path: &str, value: &str) {
    lab.set(&id(what), path, &yaml::read(value)).unwrap_or_else(|error| panic!("{what} {path}: {error}"));
}

fn relabel(lab: &Lab, what: &str, as_what: &str) {
    set(lab, what, &format!("tags[{}]", tags::ID), as_what);
}

pub fn make(lab: &Lab, kind: &str, attributes: &str, labels: &[(&str, &str)]) {
    let attributes = Attributes::from(yaml::read(attributes).as_map().cloned().expect("attributes"));
    let tags = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = CreateRequest { attributes, tags };
    lab.world().log().create_by_hand(&lab.desired.account, Region::Tokyo, kind, &request).expect("a resource");
}

/// The identifier behind an id, as a console shows it.
fn physical(lab: &Lab, what: &str) -> String {
    lab.row(&id(what)).physical
}

/// The group that AWS made with the shared network.
fn default_group(lab: &Lab) -> String {
    let vpc = physical(lab, "vpc.main@tokyo");
    let made = |row: &tokaido::sim::SandboxRow| row.kind == "security-group" && row.made_with.as_ref() == Some(&vpc);
    lab.rows().into_iter().find(made).expect("every network has one").physical
}

pub const CATALOG: &str = "db-instance.catalog@tokyo";
pub const ACME: &str = "db-instance.acme-db@tokyo";
pub const PLAN: &str = "backup-plan.main@tokyo";
const SHARED: &str = "security-group.catalog@tokyo";
const CLIENTS: &str = "security-group.catalog-clients@tokyo";
const ACME_GROUP: &str = "security-group.acme-db@tokyo";
const MAIN_KEY: &str = "kms-key.main@tokyo";
const ACME_KEY: &str = "kms-key.acme@tokyo";
const RECORDS: &str = "bucket.store@tokyo";
const GLOBEX: &str = "security-group.globex@tokyo";
const INITECH: &str = "security-group.initech@tokyo";

/// A statement of a key's policy that allows this.
pub fn statement(principal: &str, action: &str) -> String {
    format!("{{ Sid: ByHand, Effect: Allow, Principal: {principal}, Action: {action}, Resource: '*' }}")
}

const BREAKS: &[Break] = &[
    Break {
        words: "a key loses the tag that says what its data is",
        hand: |lab| set(lab, "kms-key.main@tokyo", &format!("tags[{}]", tags::CLASSIFICATION), "null"),
        breaks: &[("labelling", &["kms-key.main@tokyo"])],
    },
    Break {
        words: "a database loses the tag with its id, and is recognised by its name",
        hand: |lab| set(lab, CATALOG, &format!("tags[{}]", tags::ID), "null"),
        breaks: &[("labelling", &[CATALOG])],
    },
    Break {
        words: "a database gets the id of another: it is there, with its backups, and recognised by its name",
        hand: |lab| relabel(lab, CATALOG, "db-instance.catalog@osaka"),
        breaks: &[("labelling", &[CATALOG])],
    },
    Break {
        words: "a tenant's group admits another tenant's network, which sends there, and gets that tenant's id",
        hand: |lab| {
            set(lab, GLOBEX, "rules[+]", "{ direction: ingress, protocol: all, peer: 10.30.48.0/20 }");
            set(lab, INITECH, "rules[+]", "{ direction: egress, protocol: udp, from: 53, to: 53, peer: 10.30.32.0/20 }");
            relabel(lab, GLOBEX, "security-group.initech@tokyo");
        },
        breaks: &[
            ("labelling", &[GLOBEX]),
            ("tenant-ingress", &[GLOBEX]),
            ("tenant-isolation", &["tenant globex"]),
            ("virtual-separation", &["tenant globex"]),
        ],
    },
    Break {
        words: "hosts in a subnet get public addresses, and the subnet gets an id in Osaka",
        hand: |lab| {
            set(lab, "subnet.globex-a@tokyo", "public_addresses", "true");
            relabel(lab, "subnet.globex-a@tokyo", "subnet.recovery-a@osaka");
        },
        breaks: &[("labelling", &["subnet.globex-a@tokyo"]), ("tenant-isolation", &["subnet.globex-a@tokyo"])],
    },
    Break {
        words: "a network uses no DHCP option set, and gets the id of a tenant's",
        hand: |lab| {
            set(lab, "vpc.main@tokyo", "dhcp_options", "default");
            relabel(lab, "vpc.main@tokyo", "vpc.acme@tokyo");
        },
        breaks: &[("labelling", &["vpc.main@tokyo"]), ("clock", &["vpc.main@tokyo"])],
    },
    Break {
        words: "a network uses no DHCP option set, and gets an id that no file declares",
        hand: |lab| {
            set(lab, "vpc.main@tokyo", "dhcp_options", "default");
            relabel(lab, "vpc.main@tokyo", "vpc.mine@tokyo");
        },
        breaks: &[("labelling", &["vpc.main@tokyo"]), ("clock", &["vpc.main@tokyo"])],
    },
    Break {
        words: "a tenant's group admits an address that its customer did not name",
        hand: |lab| {
            set(lab, GLOBEX, "rules[+]", "{ direction: ingress, protocol: tcp, from: 443, to: 443, peer: 192.0.2.200/32 }");
        },
        breaks: &[("tenant-ingress", &[GLOBEX])],
    },
    Break {
        words: "the group of the shared database admits a narrow block that belongs to no tenant",
        hand: |lab| {
            set(lab, SHARED, "rules[+]", "{ direction: ingress, protocol: tcp, from: 5432, to: 5432, peer: 203.0.113.0/24 }");
        },
        breaks: &[("tenant-ingress", &[SHARED])],
    },
    Break {
        words: "the group of the shared database admits everything from a wide block in which no tenant is",
        hand: |lab| set(lab, SHARED, "rules[+]", "{ direction: ingress, protocol: all, peer: 8.0.0.0/8 }"),
        breaks: &[("tenant-ingress", &[SHARED])],
    },
    Break {
        words: "the group of the shared database's clients admits a block, and one host of IPv6",
        hand: |lab| {
            set(lab, CLIENTS, "rules[+]", "{ direction: ingress, protocol: tcp, from: 22, to: 22, peer: 11.0.0.0/8 }");
            set(lab, CLIENTS, "rules[+]", "{ direction: ingress, protocol: tcp, from: 22, to: 22, peer: '2001:db8::1/128' }");
        },
        breaks: &[("tenant-ingress", &[CLIENTS])],
    },
    Break {
        words: "the group of a tenant's own database admits the office",
        hand: |lab| {
            set(
                lab,
                ACME_GROUP,
                "rules[+]",
                "{ direction: ingress, protocol: tcp, from: 5432, to: 5432, peer: 198.51.100.7/32 }",
            );
        },
        breaks: &[("tenant-ingress", &[ACME_GROUP])],
    },
    Break {
        words: "a key is not rotated any more",
        hand: |lab| set(lab, "kms-key.main@tokyo", "rotation_days", "null"),
        breaks: &[("encryption-at-rest", &["kms-key.main@tokyo"]), ("cryptographic-controls", &["kms-key.main@tokyo"])],
    },
    Break {
        words: "the policy of Tokyo's key lets everybody use it",
        hand: |lab| set(lab, MAIN_KEY, "policy[ByHand]", &statement("'*'", "kms:*")),
        breaks: &[("encryption-at-rest", &[MAIN_KEY]), ("cryptographic-controls", &[MAIN_KEY])],
    },
    Break {
        words: "the policy of a tenant's key lets another account decrypt",
        hand: |lab| {
            set(lab, ACME_KEY, "policy[ByHand]", &statement("{ AWS: 'arn:aws:iam::222222222222:root' }", "[kms:Decrypt]"));
        },
        breaks: &[("encryption-at-rest", &[ACME_KEY]), ("cryptographic-controls", &[ACME_KEY])],
    },
    Break {
        words: "a key has a replica in another region",
        hand: |lab| set(lab, MAIN_KEY, "regions", "[ap-northeast-1, us-east-1]"),
        breaks: &[("data-residency", &[MAIN_KEY])],
    },
    Break {
        words: "Osaka's key is switched off: what it encrypts cannot be read, and no copy arrives",
        hand: |lab| set(lab, "kms-key.main@osaka", "enabled", "false"),
        breaks: &[
            ("encryption-at-rest", &["kms-key.main@osaka"]),
            ("recovery-copies", &[ACME, CATALOG]),
            ("cryptographic-controls", &["kms-key.main@osaka"]),
        ],
    },
    Break {
        words: "a person makes another database by hand, unencrypted",
        hand: |lab| {
            let form = "{ name: legacy, engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, \
                        publicly_accessible: false, parameter_group: production-postgres16 }";
            make(lab, "db-instance", form, &[]);
        },
        breaks: &[
            ("encryption-at-rest", &["legacy (db-instance@tokyo)"]),
            ("cryptographic-controls", &["legacy (db-instance@tokyo)"]),
            ("point-in-time-recovery", &["legacy (db-instance@tokyo)"]),
            ("recovery-copies", &["legacy (db-instance@tokyo)"]),
        ],
    },
    Break {
        words: "a person restores the shared database under another name: encrypted, backups for a day, no copies",
        hand: |lab| {
            let key = format!("arn:aws:kms:ap-northeast-1:{}:key/{}", lab.desired.account, physical(lab, "kms-key.main@tokyo"));
            let form = "engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, storage_encrypted: true, \
                        publicly_accessible: false, parameter_group: production-postgres16, backup_retention_days: 1";
            let labels = [(tags::ENVIRONMENT, "production"), (tags::ID, CATALOG)];
            make(lab, "db-instance", &format!("{{ name: catalog-restored, kms_key: '{key}', {form} }}"), &labels);
        },
        breaks: &[
            ("point-in-time-recovery", &["db-instance.catalog@tokyo (catalog-restored)"]),
            ("recovery-copies", &["db-instance.catalog@tokyo (catalog-restored)"]),
        ],
    },
    Break {
        words: "a database gets a public address",
        hand: |lab| set(lab, CATALOG, "publicly_accessible", "true"),
        breaks: &[("encryption-in-transit", &[CATALOG]), ("cryptographic-controls", &[CATALOG])],
    },
    Break {
        words: "the parameter group of both databases demands no TLS any more",
        hand: |lab| set(lab, "db-parameter-group.postgres16@tokyo", "parameters[rds.force_ssl]", "'0'"),
        breaks: &[("encryption-in-transit", &[ACME, CATALOG]), ("cryptographic-controls", &[ACME, CATALOG])],
    },
    Break {
        words: "a database may not grow",
        hand: |lab| set(lab, CATALOG, "max_allocated_storage", "105"),
        breaks: &[("capacity-growth", &[CATALOG])],
    },
    Break {
        words: "a database is restorable for a day less",
        hand: |lab| set(lab, ACME, "backup_retention_days", "34"),
        breaks: &[("point-in-time-recovery", &[ACME])],
    },
    Break {
        words: "the protection of a database is switched off",
        hand: |lab| set(lab, CATALOG, "deletion_protection", "false"),
        breaks: &[("point-in-time-recovery", &[CATALOG])],
    },
    Break {
        words: "the copy to Osaka lives for seven days, counted from the backup in Tokyo",
        hand: |lab| set(lab, PLAN, "copies[daily backup-vault.main@osaka].delete_after_days", "7"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "the copy to Osaka is removed",
        hand: |lab| set(lab, PLAN, "copies[daily backup-vault.main@osaka]", "null"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "the plan runs on Mondays",
        hand: |lab| set(lab, PLAN, "rules[daily].schedule", "cron(0 3 ? * MON *)"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "one database is left out of the selection",
        hand: |lab| set(lab, PLAN, "selections[databases-1].resources[db-instance.acme-db@tokyo]", "null"),
        breaks: &[("recovery-copies", &[ACME])],
    },
    Break {
        words: "AWS Backup's role loses its policy",
        hand: |lab| {
            let policy = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
            set(lab, "iam-role.backup@global", &format!("managed_policies[{policy}]"), "null");
        },
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "AWS Backup may not assume its role any more",
        hand: |lab| set(lab, "iam-role.backup@global", "trust", "{ Version: '2012-10-17', Statement: [] }"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "a database sends one log less",
        hand: |lab| set(lab, ACME, "log_exports[postgresql]", "null"),
        breaks: &[("event-logs", &[ACME])],
    },
    Break {
        words: "a network uses no DHCP option set",
        hand: |lab| set(lab, "vpc.main@tokyo", "dhcp_options", "default"),
        breaks: &[("clock", &["vpc.main@tokyo"])],
    },
    Break {
        words: "databases count in local time",
        hand: |lab| set(lab, "db-parameter-group.postgres16@tokyo", "parameters[timezone]", "Asia/Tokyo"),
        breaks: &[("clock", &[ACME, CATALOG])],
    },
    Break {
        words: "a tenant's group admits another tenant's, whose hosts may send everywhere",
        hand: |lab| {
            let rule = "{ direction: ingress, protocol: tcp, from: 443, to: 443, peer: { $ref: security-group.initech@tokyo, output: id } }";
            set(lab, GLOBEX, "rules[+]", rule);
            set(lab, INITECH, "rules[+]", "{ direction: egress, protocol: all, peer: 0.0.0.0/0 }");
        },
        breaks: &[("tenant-isolation", &["tenant globex"]), ("virtual-separation", &["tenant globex"])],
    },
    Break {
        words: "a tenant's group may send to another tenant's addresses, and that tenant's admits everybody",
        hand: |lab| {
            set(lab, GLOBEX, "rules[+]", "{ direction: egress, protocol: tcp, from: 443, to: 443, peer: 10.30.48.0/20 }");
            set(lab, INITECH, "rules[+]", "{ direction: ingress, protocol: all, peer: 0.0.0.0/0 }");
        },
        breaks: &[
            ("tenant-ingress", &[INITECH]),
            ("tenant-isolation", &["tenant initech"]),
            ("virtual-separation", &["tenant initech"]),
        ],
    },
    Break {
        words: "a tenant's group admits every address that its customer did not name, and no tenant sends there",
        hand: |lab| set(lab, GLOBEX, "rules[+]", "{ direction: ingress, protocol: all, peer: 0.0.0.0/0 }"),
        breaks: &[("tenant-ingress", &[GLOBEX])],
    },
    Break {
        words: "hosts in a subnet get public addresses",
        hand: |lab| set(lab, "subnet.globex-a@tokyo", "public_addresses", "true"),
        breaks: &[("tenant-isolation", &["subnet.globex-a@tokyo"])],
    },
    Break {
        words: "the group that AWS made with the network admits everybody, two tenants among them",
        hand: |lab| {
            let group = ResourceId::new("security-group", &default_group(lab), Region::Tokyo);
            let rule = yaml::read("{ direction: ingress, protocol: all, peer: 0.0.0.0/0 }");
            lab.set(&group, "rules[+]", &rule).expect("by hand");
        },
        breaks: &[
            ("tenant-ingress", &["default"]),
            ("tenant-isolation", &["tenant globex", "tenant initech"]),
            ("virtual-separation", &["tenant globex", "tenant initech"]),
        ],
    },
    Break {
        words: "the bucket of the records loses one of its walls against the public",
        hand: |lab| set(lab, RECORDS, "public_access_block[block_public_policy]", "false"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "the bucket of the records loses its policy",
        hand: |lab| set(lab, RECORDS, "policy", "null"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "records expire after a day",
        hand: |lab| set(lab, RECORDS, "lifecycle[+]", "{ id: tidy, enabled: true, prefix: '', more: [Expiration] }"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "replaced records are removed after a week",
        hand: |lab| set(lab, RECORDS, "lifecycle[+]", "{ id: tidy, enabled: true, prefix: production/, noncurrent_days: 7 }"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "new records are locked for a week only",
        hand: |lab| set(lab, RECORDS, "default_retention[days]", "7"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "access lists of the records count again",
        hand: |lab| set(lab, RECORDS, "object_ownership", "ObjectWriter"),
        breaks: &[("evidence-protection", &[RECORDS])],
    },
    Break {
        words: "something of staging is made in the account of production",
        hand: |lab| {
            let set = "{ domain_name_servers: [AmazonProvidedDNS], ntp_servers: [169.254.169.123] }";
            make(lab, "dhcp-options", set, &[(tags::ENVIRONMENT, "staging"), (tags::ID, "dhcp-options.main@tokyo")]);
        },
        breaks: &[("three-environments", &["stray"])],
    },
];

/// Names that a world makes up are matched by what they are.
fn subject(lab: &Lab, name: &str) -> String {
    let made = |kind: &str| {
        let row = lab.rows().into_iter().find(|row| row.kind == kind && row.id != Some(id("dhcp-options.main@tokyo")));
        let labelled = lab
            .rows()
            .into_iter()
            .find(|row| row.tags.get(tags::ENVIRONMENT).map(tokaido::model::Shared::as_str) == Some("staging"));
        if kind == "dhcp-options" { labelled } else { row }
    };
    match name {
        "stray" => format!("{} (dhcp-options@tokyo)", made("dhcp-options").expect("a set").physical),
        "default" => format!("{} (security-group@tokyo)", default_group(lab)),
        "others" => {
            let named = |row: &tokaido::sim::SandboxRow| row.attributes.text(attr("name")) == Some("others");
            format!("{} (backup-plan@tokyo)", lab.rows().into_iter().find(named).expect("a plan").physical)
        }
        other => other.to_owned(),
    }
}

#[test]
fn a_break_by_hand_flips_exactly_its_verdicts() {
    let mut broken_once = BTreeSet::new();
    for row in BREAKS.iter().chain(BACKUPS) {
        let lab = production();
        let before = lab.audit();
        assert!(in_state(&before, VerdictState::Broken).is_empty() && in_state(&before, VerdictState::Unknown).is_empty());
        (row.hand)(&lab);
        let after = lab.audit();
        let expected: BTreeMap<String, BTreeSet<String>> = row
            .breaks
            .iter()
            .map(|(promise, members)| {
                ((*promise).to_owned(), members.iter().map(|member| subject(&lab, member)).collect::<BTreeSet<_>>())
            })
            .collect();
        assert_eq!(in_state(&after, VerdictState::Broken), expected, "{}", row.words);
        // Nothing else moved: neither a verdict nor a member that was examined before.
        let (old, new) = (states(&before), states(&after));
        for (promise, (state, members)) in &old {
            let (now, moved) = &new[promise];
            if !expected.contains_key(promise) {
                assert_eq!(now, state, "{}: {promise}", row.words);
            }
            for (member, state) in members {
                let concerned = expected.get(promise).is_some_and(|members| members.contains(member));
                assert!(concerned || moved.get(member) == Some(state), "{}: {promise} {member}", row.words);
            }
        }
        // A plan sees the same, and says what its repair does.
        let body = lab.plan().plan.body;
        let planned: BTreeSet<&str> =
            body.promises.iter().filter(|one| one.before == VerdictState::Broken).map(|one| one.promise.as_str()).collect();
        assert_eq!(planned, expected.keys().map(String::as_str).collect(), "{}", row.words);
        broken_once.extend(expected.into_keys());
    }
    let checks: BTreeSet<String> = CHECKS.iter().map(|check| check.slug.to_owned()).collect();
    assert_eq!(broken_once, checks, "every check is broken by some row");
}

/// Who wears a group of another network or account is not read, so nobody knows whom the default group lets meet.
#[test]
fn the_default_group_that_names_a_group_from_elsewhere_leaves_isolation_unknown() {
    let lab = production();
    let group = default_group(&lab);
    // The simulated world has one account, and refuses a rule for a group of another.
    let rules = yaml::read(
        "[{ direction: ingress, protocol: all, peer: sg-0123456789abcdef0 }, { direction: egress, protocol: all, peer: 0.0.0.0/0 }]",
    );
    let put = |state: &tokaido::sim::State| {
        let mut object = state.objects.values().find(|object| object.physical == group).expect("the group").clone();
        object.attributes.set(attr("rules"), rules.clone());
        (vec![LogEntry::put(state.now, "hand", "set", object)], ())
    };
    lab.world().log().commit(put).expect("in memory");
    let audit = lab.audit();
    assert!(in_state(&audit, VerdictState::Broken).is_empty());
    let unknown: Vec<String> = in_state(&audit, VerdictState::Unknown).into_keys().collect();
    assert_eq!(unknown, ["tenant-isolation", "virtual-separation"]);
}

/// A reviewer sees every change of a check as a change of this page. `TOKAIDO_BLESS=1` writes it anew.
#[test]
#[expect(clippy::print_stdout, reason = "the table is part of what the test says")]
fn the_table_of_promises_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/promises.md");
    let mut text = audit::checks(&Project::new().load().promises);
    text.push_str("\n## Broken by hand\n\nEach row is done by hand in the simulated world, and a test demands exactly these verdicts for exactly these resources.\n");
    text.push_str("\n| by hand | breaks | for |\n|---|---|---|\n");
    for row in BREAKS.iter().chain(BACKUPS) {
        for (index, (promise, members)) in row.breaks.iter().enumerate() {
            let words = if index == 0 { row.words } else { "…" };
            let members: Vec<String> = members.iter().map(|member| format!("`{member}`")).collect();
            let _ = writeln!(text, "| {words} | `{promise}` | {} |", members.join(", "));
        }
    }
    text.push_str("\n## Failed reads\n\n| when this list fails | these are unknown, nothing else moves |\n|---|---|\n");
    for (kind, promises) in READS {
        let names: Vec<String> = promises.iter().map(|promise| format!("`{promise}`")).collect();
        let _ = writeln!(text, "| `{kind}` | {} |", names.join(", "));
    }
    println!("{text}");
    if std::env::var_os("TOKAIDO_BLESS").is_some() {
        fs::write(&path, &text).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/promises.md is not what the checks say: run make bless");
}
