//! What the environments of this repository compile to, and what overlays, divergences and take-overs change.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use serde_json::{Value, json};
use std::sync::Arc;

use tokaido::desired::schema;
use tokaido::model::{DesiredResource, DesiredState, Environment, ResourceId, Severity};
use tokaido::project::load;

use crate::project::{Project, all_rendered, repository, today};
use crate::support::attr;

const DEV: &str = "environments/dev.yaml";
const PRODUCTION: &str = "environments/production.yaml";

fn state(project: &Project, environment: Environment) -> DesiredState {
    let mut loaded = project.load();
    let state = loaded.states.remove(&environment).unwrap_or_else(|| panic!("{}", all_rendered(&loaded)));
    Arc::unwrap_or_clone(state)
}

fn resource<'a>(state: &'a DesiredState, id: &str) -> &'a DesiredResource {
    &state.resources[&id.parse::<ResourceId>().unwrap()]
}

/// One attribute as JSON.
fn attribute(state: &DesiredState, id: &str, name: &str) -> Value {
    resource(state, id).attributes.get(attr(name)).map_or(Value::Null, |value| serde_json::to_value(value).unwrap())
}

fn reference(id: &str, output: &str) -> Value {
    json!({ "$ref": id, "output": output })
}

#[test]
fn the_environments_of_this_repository_have_no_finding() {
    let loaded = load(&repository(), &[], today());
    assert_eq!(all_rendered(&loaded), "");
    assert_eq!(loaded.states.len(), 3);
    for (environment, state) in &loaded.states {
        assert_eq!(state.environment, *environment);
        assert_eq!(state.promises_digest, loaded.promises.digest());
        assert_eq!(state.digest.len(), 64);
        // Every link leads to a resource of the same state.
        for (id, resource) in &state.resources {
            for to in resource.dependencies() {
                assert!(state.resources.contains_key(&to), "{environment}: {id} refers to {to}");
            }
        }
    }
}

#[test]
fn every_resource_of_production() {
    let state = state(&Project::new(), Environment::Production);
    let ids: Vec<_> = state.resources.keys().map(ToString::to_string).collect();
    let expected = [
        "backup-plan.main@tokyo",
        "backup-vault.main@tokyo",
        "backup-vault.main@osaka",
        "bucket.store@tokyo",
        "db-instance.acme-db@tokyo",
        "db-instance.catalog@tokyo",
        "db-parameter-group.postgres16@tokyo",
        "db-parameter-group.postgres16@osaka",
        "db-subnet-group.acme@tokyo",
        "db-subnet-group.recovery@osaka",
        "db-subnet-group.shared@tokyo",
        "dhcp-options.main@tokyo",
        "dhcp-options.main@osaka",
        "iam-role.applier@global",
        "iam-role.backup@global",
        "iam-role.reader@global",
        "kms-key.acme@tokyo",
        "kms-key.main@tokyo",
        "kms-key.main@osaka",
        "security-group.acme@tokyo",
        "security-group.acme-db@tokyo",
        "security-group.catalog@tokyo",
        "security-group.catalog-clients@tokyo",
        "security-group.globex@tokyo",
        "security-group.initech@tokyo",
        "security-group.recovery@osaka",
        "subnet.acme-a@tokyo",
        "subnet.acme-b@tokyo",
        "subnet.acme-c@tokyo",
        "subnet.globex-a@tokyo",
        "subnet.globex-b@tokyo",
        "subnet.globex-c@tokyo",
        "subnet.initech-a@tokyo",
        "subnet.initech-b@tokyo",
        "subnet.initech-c@tokyo",
        "subnet.recovery-a@osaka",
        "subnet.recovery-b@osaka",
        "subnet.recovery-c@osaka",
        "subnet.shared-a@tokyo",
        "subnet.shared-b@tokyo",
        "subnet.shared-c@tokyo",
        "vpc.acme@tokyo",
        "vpc.main@tokyo",
        "vpc.main@osaka",
    ];
    assert_eq!(ids, expected);
    assert_eq!(state.account, "333333333333");
    assert_eq!(state.assume_role.as_deref(), Some("arn:aws:iam::333333333333:role/tokaido"));
    assert_eq!(state.bucket.as_deref(), Some("tokaido-production-333333333333"));
}

/// Without `store:` there is no bucket and no role for people, and nothing else changes.
#[test]
fn a_store_is_a_bucket_and_two_roles() {
    let mut project = Project::new();
    let with = state(&project, Environment::Dev);
    let set: Vec<String> = tokaido::compile::bootstrap_set(&with).iter().map(ToString::to_string).collect();
    assert_eq!(set, ["bucket.store@tokyo", "iam-role.applier@global", "iam-role.reader@global"]);
    for id in tokaido::compile::bootstrap_set(&with) {
        assert!(with.resources[&id].dependencies().is_empty(), "{id} needs nothing that bootstrap does not make");
    }
    project.edit(DEV, "store: { bucket: tokaido-dev-111111111111 }\n", "");
    let without = state(&project, Environment::Dev);
    assert_eq!(without.bucket, None);
    assert!(tokaido::compile::bootstrap_set(&without).is_empty());
    assert_eq!(without.resources.len() + 3, with.resources.len());
}

#[test]
fn roles_trust_whom_the_file_names() {
    let mut project = Project::new();
    let trust = |project: &Project, role: &str| {
        let state = state(project, Environment::Dev);
        let id = format!("iam-role.{role}@global").parse().unwrap();
        state.resources[&id].attributes[attr("trust")].to_string()
    };
    assert!(trust(&project, "reader").contains("AWS [arn:aws:iam::111111111111:root]"), "{}", trust(&project, "reader"));
    project.edit(
        DEV,
        "store: { bucket: tokaido-dev-111111111111 }",
        "store:\n  bucket: tokaido-dev-111111111111\n  access: { reader: [\"arn:aws:iam::444444444444:role/audit\", \"arn:aws:iam::111111111111:user/alice\"] }",
    );
    let reader = trust(&project, "reader");
    assert!(reader.contains("arn:aws:iam::444444444444:role/audit, arn:aws:iam::111111111111:user/alice"), "{reader}");
    assert!(!reader.contains(":root"), "{reader}");
    assert!(trust(&project, "applier").contains(":root"), "each list by itself");
}

#[test]
fn a_database_says_everything_that_aws_would_choose() {
    let state = state(&Project::new(), Environment::Production);
    let catalog = serde_json::to_value(&resource(&state, "db-instance.catalog@tokyo").attributes).unwrap();
    let expected = json!({
        "name": "production-catalog",
        "engine": "postgres",
        "engine_version": "16",
        "class": "db.m7g.large",
        "storage_type": "gp3",
        "allocated_storage": 100,
        "max_allocated_storage": 1024,
        "storage_encrypted": true,
        "kms_key": reference("kms-key.main@tokyo", "arn"),
        "multi_az": true,
        "port": 5432,
        "vpc": reference("vpc.main@tokyo", "id"),
        "subnet_group": reference("db-subnet-group.shared@tokyo", "name"),
        "security_groups": [reference("security-group.catalog@tokyo", "id")],
        "parameter_group": reference("db-parameter-group.postgres16@tokyo", "name"),
        "publicly_accessible": false,
        "deletion_protection": true,
        "backup_retention_days": 35,
        "backup_window": "17:00-17:30",
        "maintenance_window": "sat:20:00-sat:20:30",
        "auto_minor_version_upgrade": false,
        "copy_tags_to_snapshot": true,
        "log_exports": ["postgresql", "upgrade"],
        "master_username": "tokaido",
        "managed_master_password": true,
        "ca_certificate": "rds-ca-rsa2048-g1",
        "engine_lifecycle_support": "open-source-rds-extended-support-disabled"
    });
    assert_eq!(catalog, expected);
    let acme = "db-instance.acme-db@tokyo";
    assert_eq!(attribute(&state, acme, "kms_key"), reference("kms-key.acme@tokyo", "arn"));
    assert_eq!(attribute(&state, acme, "subnet_group"), reference("db-subnet-group.acme@tokyo", "name"));
    assert_eq!(attribute(&state, acme, "security_groups"), json!([reference("security-group.acme-db@tokyo", "id")]));
    assert_eq!(resource(&state, acme).window.as_deref(), Some("Sun 06:00-06:30 Asia/Tokyo"));
}

#[test]
fn places_lead_to_what_was_written() {
    let project = Project::new();
    let state = state(&project, Environment::Production);
    let line_of = |file: &str, text: &str| project.read(file).lines().position(|line| line.contains(text)).unwrap() + 1;
    let catalog = resource(&state, "db-instance.catalog@tokyo");
    assert_eq!((catalog.source.file.as_str(), catalog.source.line), (PRODUCTION, line_of(PRODUCTION, "- name: catalog")));
    let retention = catalog.source_of(attr("backup_retention_days"));
    assert_eq!(
        (retention.file.as_str(), retention.line),
        ("environments/base.yaml", line_of("environments/base.yaml", "point_in_time_recovery:"))
    );
    assert_eq!(catalog.source_of(attr("class")).line, line_of(PRODUCTION, "class: db.m7g.large"));
    assert_eq!(
        resource(&state, "security-group.globex@tokyo").source_of(attr("rules")).line,
        line_of(PRODUCTION, "192.0.2.16/28")
    );
    let tags = &resource(&state, "kms-key.acme@tokyo").tags;
    let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        tags,
        [
            "tokaido:classification=customer-data",
            "tokaido:environment=production",
            "tokaido:id=kms-key.acme@tokyo",
            "tokaido:tenant=acme"
        ]
    );
}

#[test]
fn addresses_and_rules() {
    let state = state(&Project::new(), Environment::Production);
    let blocks: Vec<_> = ["a", "b", "c"].map(|part| attribute(&state, &format!("subnet.acme-{part}@tokyo"), "cidr")).into();
    assert_eq!(blocks, ["10.40.0.0/22", "10.40.4.0/22", "10.40.8.0/22"]);
    assert_eq!(attribute(&state, "subnet.recovery-b@osaka", "zone"), json!("apne3-az2"));
    assert_eq!(
        attribute(&state, "security-group.acme@tokyo", "rules"),
        json!([
            { "direction": "ingress", "protocol": "tcp", "from": 443, "to": 443, "peer": "203.0.113.0/24" },
            { "direction": "egress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": "10.40.0.0/20" }
        ])
    );
    assert_eq!(
        attribute(&state, "security-group.catalog@tokyo", "rules"),
        json!([{ "direction": "ingress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": reference("security-group.catalog-clients@tokyo", "id") }])
    );
    assert_eq!(attribute(&state, "security-group.recovery@osaka", "rules"), json!([]));
}

/// Nothing in it leads out, and nothing outside leads in: the only link that crosses is the region's option set.
#[test]
fn a_vpc_of_its_own_holds_everything_of_the_tenant() {
    let state = state(&Project::new(), Environment::Production);
    let own = "vpc.acme@tokyo";
    assert_eq!(
        serde_json::to_value(&resource(&state, own).attributes).unwrap(),
        json!({
            "cidr": "10.40.0.0/20",
            "blocks": ["10.40.0.0/20"],
            "dns_support": true,
            "dns_hostnames": true,
            "dhcp_options": reference("dhcp-options.main@tokyo", "id")
        })
    );
    assert_eq!(resource(&state, own).tags["tokaido:tenant"], "acme");
    let home = |id: &str| attribute(&state, id, "vpc")["$ref"].clone();
    let inside = [
        "subnet.acme-a",
        "subnet.acme-b",
        "subnet.acme-c",
        "security-group.acme",
        "security-group.acme-db",
        "db-instance.acme-db",
    ];
    for id in inside.map(|id| format!("{id}@tokyo")) {
        assert_eq!(home(&id), own, "{id}");
        assert_eq!(resource(&state, &id).tags["tokaido:tenant"], "acme", "{id}");
    }
    for id in ["subnet.globex-a@tokyo", "security-group.globex@tokyo", "db-instance.catalog@tokyo"] {
        assert_eq!(home(id), "vpc.main@tokyo", "{id}");
    }
    // Links between what is tagged `acme` and networks, groups and subnets of anybody else.
    let network = |id: &ResourceId| ["vpc", "subnet", "security-group", "db-subnet-group"].contains(&id.kind.as_str());
    for (id, resource) in &state.resources {
        for to in resource.dependencies().into_iter().filter(|to| network(id) && network(to)) {
            let (from, to) = (&resource.tags["tokaido:tenant"], &state.resources[&to].tags["tokaido:tenant"]);
            assert!((from == "acme") == (to == "acme"), "{id} leads from {from} to {to}");
        }
    }
}

#[test]
fn backups_reach_osaka() {
    let state = state(&Project::new(), Environment::Production);
    let plan = "backup-plan.main@tokyo";
    assert_eq!(attribute(&state, plan, "rules")[0]["schedule"], "cron(0 3 ? * * *)");
    assert_eq!(attribute(&state, plan, "rules")[0]["timezone"], "Asia/Tokyo");
    let copy = json!([{ "rule": "daily", "vault": reference("backup-vault.main@osaka", "arn"), "delete_after_days": 8 }]);
    assert_eq!(attribute(&state, plan, "copies"), copy);
    let databases = json!([reference("db-instance.acme-db@tokyo", "arn"), reference("db-instance.catalog@tokyo", "arn")]);
    assert_eq!(attribute(&state, plan, "selections")[0]["resources"], databases);
    assert_eq!(attribute(&state, "backup-vault.main@osaka", "kms_key"), reference("kms-key.main@osaka", "arn"));
}

#[test]
fn a_divergence_lowers_one_number() {
    let mut project = Project::new();
    let entry = "  - { promise: recovery-copies, value: 2d, reason: cost, owner: platform, until: 2026-11-01 }\n";
    project.edit(DEV, "divergences:\n", &format!("divergences:\n{entry}"));
    let state = state(&project, Environment::Dev);
    assert_eq!(attribute(&state, "db-instance.catalog@tokyo", "backup_retention_days"), json!(7));
    assert_eq!(attribute(&state, "backup-plan.main@tokyo", "copies")[0]["delete_after_days"], json!(3));
    assert_eq!(attribute(&state, "db-instance.catalog@tokyo", "auto_minor_version_upgrade"), json!(true));
    assert_eq!(state.divergences.len(), 2, "the last day still counts");
    let retention = resource(&state, "db-instance.catalog@tokyo").source_of(attr("backup_retention_days"));
    assert_eq!(retention.file, DEV);
}

/// Files stay valid when an exception ends: what it accepted is unknown again, and a warning says so.
#[test]
fn an_exception_holds_until_its_last_day() {
    for (until, codes) in [("2026-10-31", vec!["exception-ended"]), ("2026-11-01", vec![])] {
        let mut project = Project::new();
        let entry = format!("  - {{ what: closed-regions, reason: never used, owner: platform, until: {until} }}\n");
        project.edit(DEV, "divergences:\n", &format!("exceptions:\n{entry}divergences:\n"));
        let found: Vec<&str> = project.load().findings.iter().map(|finding| finding.code).collect();
        assert_eq!(found, codes, "{until}");
        let state = state(&project, Environment::Dev);
        assert_eq!(state.exceptions.len(), 1);
        assert_eq!(
            (state.exceptions[0].what.as_str(), state.exceptions[0].until.to_string()),
            ("closed-regions", until.to_owned())
        );
    }
}

#[test]
fn mysql_has_names_without_dots_and_a_port_of_its_own() {
    let mut project = Project::new();
    project.edit(DEV, "engine: postgres\n    version: \"16\"", "engine: mysql\n    version: \"8.4.3\"");
    let state = state(&project, Environment::Dev);
    assert_eq!(attribute(&state, "db-parameter-group.mysql8-4@osaka", "family"), json!("mysql8.4"));
    assert_eq!(
        attribute(&state, "db-parameter-group.mysql8-4@tokyo", "parameters"),
        json!({ "require_secure_transport": "1", "time_zone": "UTC" })
    );
    assert_eq!(attribute(&state, "db-instance.catalog@tokyo", "port"), json!(3306));
    assert_eq!(attribute(&state, "db-instance.catalog@tokyo", "log_exports"), json!(["error", "slowquery"]));
}

#[test]
fn a_physical_name_takes_an_instance_over() {
    let mut project = Project::new();
    project.edit(DEV, "- name: catalog\n", "- name: catalog\n    physical_name: legacy-db\n");
    let state = state(&project, Environment::Dev);
    let catalog = resource(&state, "db-instance.catalog@tokyo");
    assert!(catalog.adopt);
    assert_eq!(catalog.attributes.text(attr("name")), Some("legacy-db"));
    assert!(state.resources.iter().filter(|(_, resource)| resource.adopt).count() == 1);
}

#[test]
fn an_overlay_merges_maps_and_replaces_the_rest() {
    let mut project = Project::new();
    project.edit(
        PRODUCTION,
        "extends: base.yaml",
        "extends: base.yaml\nprotection: { recovery_copies: { keep: 14d }, primary_copies: { at: \"20:15 UTC\" } }",
    );
    let state = state(&project, Environment::Production);
    let plan = "backup-plan.main@tokyo";
    assert_eq!(attribute(&state, plan, "copies")[0]["delete_after_days"], json!(15), "the margin is still that of base.yaml");
    assert_eq!(attribute(&state, plan, "rules")[0]["schedule"], "cron(15 20 ? * * *)");
    assert_eq!(attribute(&state, plan, "rules")[0]["timezone"], "UTC");
    assert_eq!(attribute(&state, plan, "rules")[0]["delete_after_days"], json!(8));
}

#[test]
fn long_tenant_lists_live_in_a_file_of_their_own() {
    let mut project = Project::new();
    let tenant = "tenants:\n  - { id: hooli, isolation: subnets, cidr: 10.10.32.0/20, database: { shared: catalog } }\n";
    project.write("environments/tenants/dev.yaml", tenant);
    let before = state(&Project::new(), Environment::Dev).digest;
    let state = state(&project, Environment::Dev);
    assert_eq!(resource(&state, "security-group.hooli@tokyo").source.to_string(), "environments/tenants/dev.yaml:2:5");
    assert!(state.resources.contains_key(&"subnet.acme-a@tokyo".parse().unwrap()));
    assert_ne!(state.digest, before, "the file counts");
}

#[test]
fn tombstones_reach_the_state() {
    let mut project = Project::new();
    project.edit(DEV, "tenants:\n", "retire:\n  - { id: subnet.old-a@tokyo, reason: left }\ntenants:\n");
    let state = state(&project, Environment::Dev);
    let tombstone = &state.retire[&"subnet.old-a@tokyo".parse::<ResourceId>().unwrap()];
    assert_eq!((tombstone.reason.as_str(), tombstone.source.file.as_str()), ("left", DEV));
}

#[test]
fn only_what_is_asked_for_is_read() {
    let mut project = Project::new();
    project.write("environments/staging.yaml", "[broken");
    let loaded = load(project.root(), &[Environment::Dev], today());
    assert_eq!(loaded.states.keys().copied().collect::<Vec<_>>(), [Environment::Dev]);
    assert!(loaded.findings.is_empty());
    let loaded = project.load();
    assert_eq!(loaded.states.len(), 2, "a broken environment does not take the others with it");
}

#[test]
fn the_digest_follows_the_bytes_of_the_files_used() {
    let mut project = Project::new();
    let (dev, production) = (state(&project, Environment::Dev).digest, state(&project, Environment::Production).digest);
    assert_ne!(dev, production);
    project.edit(DEV, "schema: tokaido/v1", "schema:  tokaido/v1");
    assert_ne!(state(&project, Environment::Dev).digest, dev);
    assert_eq!(state(&project, Environment::Production).digest, production);
}

#[test]
fn windows_in_words_of_rds() {
    for (written, maintenance) in [
        ("Sun 05:00-05:30 Asia/Tokyo", "sat:20:00-sat:20:30"),
        ("Mon 08:45-09:15 Asia/Tokyo", "sun:23:45-mon:00:15"),
        ("Wed 05:00-05:30 UTC", "wed:05:00-wed:05:30"),
        ("Sat 23:30-00:30 UTC", "sat:23:30-sun:00:30"),
    ] {
        let mut project = Project::new();
        project.edit(DEV, "Sun 05:00-05:30 Asia/Tokyo", written);
        let state = state(&project, Environment::Dev);
        assert_eq!(attribute(&state, "db-instance.catalog@tokyo", "maintenance_window"), json!(maintenance));
        assert_eq!(resource(&state, "db-instance.catalog@tokyo").window.as_deref(), Some(written));
    }
}

#[test]
fn quotas_and_near_windows_are_warnings() {
    let mut project = Project::new();
    let rules: String =
        (0..61).map(|host| format!("      - {{ cidr: 192.0.2.{host}/32, port: 443 }}\n")).collect::<Vec<_>>().concat();
    project.edit(DEV, "      - { cidr: 203.0.113.0/24, port: 443 }\n", &rules);
    project.edit(DEV, "backup_window: \"02:00-02:30", "backup_window: \"03:30-04:00");
    let loaded = project.load();
    assert!(loaded.findings.iter().all(|finding| finding.severity == Severity::Warning));
    let codes: Vec<_> = loaded.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["copies-near-window", "quota"], "{}", all_rendered(&loaded));
    assert_eq!(loaded.states.len(), 3);
}

#[test]
fn as_many_tenants_and_databases_as_fit() {
    let mut project = Project::new();
    let tenants: String = (64..250)
        .map(|third| {
            format!("  - {{ id: t{third}, isolation: subnets, cidr: 10.30.{third}.0/24, database: {{ shared: catalog }} }}\n")
        })
        .collect::<Vec<_>>()
        .concat();
    project.write("environments/tenants/production.yaml", &format!("tenants:\n{tenants}"));
    let rest = "engine: mariadb, version: \"11.4\", class: db.t4g.micro, storage: { at_least: 20 GiB, up_to: 40 GiB }, multi_az: false, \
                backup_window: \"10:00-10:30 UTC\", maintenance_window: \"Tue 12:00-12:30 UTC\"";
    let databases: String = (0..400).map(|index| format!("  - {{ name: d{index}, {rest} }}\n")).collect::<Vec<_>>().concat();
    project.edit(PRODUCTION, "databases:\n", &format!("databases:\n{databases}"));
    let state = state(&project, Environment::Production);
    assert_eq!(state.resources.keys().filter(|id| id.kind == "subnet").count(), 3 * (186 + 3 + 2));
    let selections = attribute(&state, "backup-plan.main@tokyo", "selections");
    let sizes: Vec<_> =
        selections.as_array().unwrap().iter().map(|selection| selection["resources"].as_array().unwrap().len()).collect();
    assert_eq!((sizes, &selections[1]["name"]), (vec![400, 2], &json!("databases-2")));
    let quotas = project.load().findings;
    assert_eq!(quotas.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["quota", "quota"], "databases and subnets");
}

#[test]
fn the_sixth_vpc_of_a_region_needs_a_larger_quota() {
    let mut project = Project::new();
    let tenant =
        |number: usize| format!("  - {{ id: t{number}, isolation: vpc, cidr: 10.5{number}.0.0/16, database: dedicated }}\n");
    let list = |count: usize| format!("tenants:\n{}", (0..count).map(tenant).collect::<Vec<_>>().concat());
    project.write("environments/tenants/production.yaml", &list(3));
    assert_eq!(all_rendered(&project.load()), "", "main, acme and three more: five");
    project.write("environments/tenants/production.yaml", &list(4));
    let loaded = project.load();
    let text = all_rendered(&loaded);
    assert!(text.contains("warning[quota]: 6 of kind `vpc` in tokyo; AWS allows 5 unless asked"), "{text}");
    assert!(text.contains("an increase of the quota `VPCs per Region` to 6 or more before the first apply"), "{text}");
    assert_eq!((loaded.findings.len(), loaded.states.len()), (1, 3), "{text}");
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let all = [
        ("environment", schema::environment()),
        ("base", schema::base()),
        ("promises", schema::promises()),
        ("roles", schema::roles()),
    ];
    for (name, schema) in all {
        let path = repository().join(format!("schemas/{name}.schema.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        #[expect(clippy::disallowed_methods, reason = "the one switch of this suite")]
        if std::env::var("TOKAIDO_BLESS").is_ok() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "{} is not what the types say; run the test with TOKAIDO_BLESS=1", path.display());
    }
}
