//! Documents built by hand: one of every section and action, with the kinds' real schemas.

use tokaido::kinds;
use tokaido::model::desired::Divergence;
use tokaido::model::drift::Missing;
use tokaido::model::observed::{CopyEntry, ForeignEntry};
use tokaido::model::plan::{Digests, Note, Orphan, PLAN_VERSION, SpentTombstone, Summary};
use tokaido::model::reason::{Stated, plan::Timing};
use tokaido::model::{
    Action, Blocked, BlockedCode, Change, Class, Diff, DriftReport, Environment, Impact, Operation, Plan, PlanBody, Precondition,
    Region, ResourceId, Source, Step, Unreadable, Value,
};
use tokaido::plan::{risk, way_back};

pub const FILE: &str = "environments/production.yaml";

pub fn id(text: &str) -> ResourceId {
    text.parse().expect("a resource id")
}

pub fn source(line: usize) -> Source {
    Source { file: FILE.into(), line, column: 5 }
}

pub fn json(value: serde_json::Value) -> Value {
    serde_json::from_value(value).expect("a value")
}

pub fn diff(path: &str, before: impl Into<Value>, after: impl Into<Value>) -> Diff {
    Diff { path: path.to_owned(), before: before.into(), after: after.into(), class: Class::Change }
}

pub fn of(class: Class, mut diff: Diff) -> Diff {
    diff.class = class;
    diff
}

/// An update; callers change what they are about.
pub fn change(name: &str, impact: Impact, diffs: Vec<Diff>) -> Change {
    let id = id(name);
    Change {
        kind: id.kind.to_string(),
        region: id.region,
        action: Action::Update,
        reason: Stated::sentence("the file asks for another value"),
        impact,
        risks: Vec::new(),
        when: vec![Timing::Now.into()],
        diffs,
        preconditions: vec![Precondition::Exists { physical: "live-1".to_owned() }],
        depends_on: Vec::new(),
        source: Some(source(41)),
        unchanged: 4,
        id,
    }
}

pub fn create(name: &str, line: usize, attributes: serde_json::Value) -> Change {
    let tags = serde_json::json!({ "tokaido:environment": "production", "tokaido:id": name });
    let mut attributes = json(attributes).as_map().expect("a map").clone();
    attributes.insert("tags".into(), json(tags));
    let diffs = attributes.into_iter().map(|(path, after)| diff(&path, Value::Null, after)).collect();
    Change {
        action: Action::Create,
        reason: Stated::sentence("declared, and not there yet"),
        preconditions: vec![Precondition::Absent],
        source: Some(source(line)),
        unchanged: 0,
        ..change(name, Impact::Create, diffs)
    }
}

/// A body whose counts and steps follow from its changes.
pub fn plan(mut changes: Vec<Change>) -> Plan {
    let schemas = kinds::schemas();
    for change in &mut changes {
        change.risks = schemas.get(change.kind.as_str()).map(|schema| risk::of(schema, change)).unwrap_or_default();
    }
    let way_back = way_back::of(&schemas, &changes);
    let count = |action| changes.iter().filter(|change| change.action == action).count();
    let summary = Summary {
        create: count(Action::Create),
        update: count(Action::Update),
        replace: count(Action::Replace),
        delete: count(Action::Delete),
        adopt: count(Action::Adopt),
        pending: 0,
        unchanged: 31,
    };
    let steps = changes.iter().enumerate().map(|(index, change)| Step {
        number: index + 1,
        id: change.id.clone(),
        operation: match change.action {
            Action::Create | Action::Replace => Operation::Create,
            Action::Delete => Operation::Delete,
            Action::Update | Action::Adopt => Operation::Update,
        },
        after: Vec::new(),
    });
    let steps = steps.collect();
    let body = PlanBody {
        schema_version: PLAN_VERSION,
        environment: Environment::Production,
        account: "333333333333".to_owned(),
        regions: vec![Region::Tokyo, Region::Osaka],
        release: None,
        digests: Digests {
            configuration: "c0".repeat(32),
            promises: "90".repeat(32),
            roles: String::new(),
            policies: String::new(),
            tool_version: "0.1.0".to_owned(),
        },
        summary,
        changes,
        steps,
        drifted: Vec::new(),
        pending: Vec::new(),
        service_managed: Vec::new(),
        orphans: Vec::new(),
        foreign: Vec::new(),
        copies: Vec::new(),
        unreadable: Vec::new(),
        blocked: Vec::new(),
        unconfirmed: Vec::new(),
        spent_tombstones: Vec::new(),
        divergences: Vec::new(),
        way_back,
        promises: Vec::new(),
        new_paths: Vec::new(),
        policies: Vec::new(),
    };
    envelope(body)
}

fn envelope(body: PlanBody) -> Plan {
    Plan {
        // Fixed, so that snapshots show layout and not the digest of a fixture.
        id: "4f1c0ffee123a8d05b7e2299c1d0e4f7aa3b6c5d4e3f2a1b0c9d8e7f6a5b4c3d".to_owned(),
        foreign: None,
        created_at: "2026-11-05T01:32:10Z".to_owned(),
        expires_at: "2026-11-06T01:32:10Z".to_owned(),
        observed_at: "2026-11-05T01:32:04Z".to_owned(),
        nonce: "n-0001".to_owned(),
        author: String::new(),
        caller: "arn:aws:sts::333333333333:assumed-role/tokaido/hanako".to_owned(),
        world: "sandbox test".to_owned(),
        seal: String::new(),
        body,
    }
}

fn reference(to: &str, output: &str) -> serde_json::Value {
    serde_json::json!({ "$ref": to, "output": output })
}

pub fn statement(sid: &str, principal: &str, action: &str) -> serde_json::Value {
    serde_json::json!({ "Sid": sid, "Effect": "Allow", "Principal": { "AWS": principal }, "Action": action, "Resource": "*" })
}

/// A new production environment: ten resources to create.
pub fn ten_creates() -> Plan {
    let vpc = reference("vpc.main@tokyo", "id");
    let key = reference("kms-key.main@tokyo", "arn");
    let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [
        statement("AccountAdministration", "arn:aws:iam::333333333333:root", "kms:*") ] });
    let trust = serde_json::json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "ServiceOfThisAccount", "Effect": "Allow",
        "Principal": { "Service": "backup.amazonaws.com" }, "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "aws:SourceAccount": "333333333333" } } }] });
    plan(vec![
        create(
            "kms-key.main@tokyo",
            6,
            serde_json::json!({ "alias": "alias/production-main",
            "description": "tokaido production: databases and backups of the environment", "enabled": true, "policy": policy, "rotation_days": 365 }),
        ),
        create(
            "kms-key.main@osaka",
            6,
            serde_json::json!({ "alias": "alias/production-main",
            "description": "tokaido production: copies", "enabled": true, "policy": policy, "rotation_days": 365 }),
        ),
        create(
            "iam-role.backup@global",
            3,
            serde_json::json!({ "name": "production-AWSBackup", "path": "/tokaido/", "trust": trust,
            "description": "tokaido production: assumed by AWS Backup",
            "managed_policies": ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
                "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"] }),
        ),
        create(
            "dhcp-options.main@tokyo",
            9,
            serde_json::json!({ "domain_name_servers": ["AmazonProvidedDNS"], "ntp_servers": ["169.254.169.123"] }),
        ),
        create(
            "vpc.main@tokyo",
            9,
            serde_json::json!({ "cidr": "10.30.0.0/16", "dns_support": true, "dns_hostnames": true,
            "dhcp_options": reference("dhcp-options.main@tokyo", "id") }),
        ),
        create(
            "subnet.shared-a@tokyo",
            10,
            serde_json::json!({ "vpc": vpc, "cidr": "10.30.0.0/22", "zone": "apne1-az1", "public_addresses": false }),
        ),
        create(
            "security-group.catalog@tokyo",
            16,
            serde_json::json!({ "name": "production-catalog", "vpc": vpc,
            "description": "tokaido production: database catalog", "rules": [
                { "direction": "ingress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": "10.30.16.0/20" },
                { "direction": "egress", "protocol": "tcp", "from": 1024, "to": 65535, "peer": "10.30.0.0/20" }] }),
        ),
        create("db-instance.catalog@tokyo", 16, database(&key)),
        create(
            "backup-vault.main@osaka",
            4,
            serde_json::json!({ "name": "production-main", "kms_key": reference("kms-key.main@osaka", "arn") }),
        ),
        create(
            "backup-plan.main@tokyo",
            4,
            serde_json::json!({ "name": "production-main",
            "rules": [{ "name": "daily", "vault": reference("backup-vault.main@tokyo", "name"), "schedule": "cron(0 3 ? * * *)",
                "timezone": "Asia/Tokyo", "start_window_minutes": 60, "completion_window_minutes": 720, "delete_after_days": 8, "continuous": false }],
            "copies": [{ "rule": "daily", "vault": reference("backup-vault.main@osaka", "arn"), "delete_after_days": 8 }],
            "selections": [{ "name": "databases-1", "role": reference("iam-role.backup@global", "arn"),
                "resources": [reference("db-instance.catalog@tokyo", "arn")] }] }),
        ),
    ])
}

fn database(key: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({ "name": "production-catalog", "engine": "postgres", "engine_version": "16", "class": "db.m7g.large",
        "storage_type": "gp3", "allocated_storage": 100, "max_allocated_storage": 1024, "storage_encrypted": true, "kms_key": key,
        "multi_az": true, "port": 5432, "subnet_group": reference("db-subnet-group.shared@tokyo", "name"),
        "security_groups": [reference("security-group.catalog@tokyo", "id")],
        "parameter_group": reference("db-parameter-group.postgres16@tokyo", "name"), "publicly_accessible": false,
        "deletion_protection": true, "backup_retention_days": 35, "backup_window": "17:00-17:30",
        "maintenance_window": "sat:20:00-sat:20:30", "auto_minor_version_upgrade": false, "copy_tags_to_snapshot": true,
        "log_exports": ["postgresql", "upgrade"], "master_username": "tokaido", "managed_master_password": true,
        "ca_certificate": "rds-ca-rsa2048-g1" })
}

/// Three things broken by hand, put right.
pub fn three_repairs() -> Plan {
    let rule =
        json(serde_json::json!({ "direction": "ingress", "protocol": "tcp", "from": 443, "to": 443, "peer": "10.30.32.0/20" }));
    let copy = json(
        serde_json::json!({ "rule": "daily", "vault": reference("backup-vault.main@osaka", "arn"), "delete_after_days": 8 }),
    );
    let repair = |name, impact, diff, line, unchanged| Change {
        reason: Stated::sentence("changed by hand since the last apply"),
        source: Some(source(line)),
        unchanged,
        ..change(name, impact, vec![of(Class::Drift, diff)])
    };
    let mut plan = plan(vec![
        repair(
            "security-group.globex@tokyo",
            Impact::Exposure,
            diff("rules[ingress tcp 443 10.30.32.0/20]", rule.clone(), Value::Null),
            31,
            4,
        ),
        repair(
            "backup-plan.main@tokyo",
            Impact::InPlace,
            diff("copies[daily backup-vault.main@osaka]", Value::Null, copy.clone()),
            4,
            4,
        ),
        repair("db-instance.catalog@tokyo", Impact::InPlace, diff("backup_retention_days", 1, 35), 3, 25),
    ]);
    let drifted =
        |name: &str, one: Diff| Note { id: id(name), diffs: vec![of(Class::Drift, one)], reason: None, violations: Vec::new() };
    plan.body.drifted = vec![
        drifted("security-group.globex@tokyo", diff("rules[ingress tcp 443 10.30.32.0/20]", Value::Null, rule)),
        drifted("backup-plan.main@tokyo", diff("copies[daily backup-vault.main@osaka]", copy, Value::Null)),
        drifted("db-instance.catalog@tokyo", diff("backup_retention_days", 35, 1)),
    ];
    plan.body.summary.unchanged = 44;
    plan
}

/// One change of every impact and action.
pub fn every_action() -> Plan {
    let tags = |name| change(name, Impact::TagsOnly, vec![diff("tags[tokaido:classification]", Value::Null, "confidential")]);
    plan(vec![
        Change {
            action: Action::Delete,
            reason: Stated::sentence("tenant left 2026-10"),
            unchanged: 0,
            ..change(
                "subnet.old-tenant-a@tokyo",
                Impact::Destructive,
                vec![diff("cidr", "10.30.48.0/22", Value::Null), diff("zone", "apne1-az1", Value::Null)],
            )
        },
        Change {
            action: Action::Replace,
            reason: Stated::sentence("forces replacement"),
            ..change(
                "dhcp-options.main@tokyo",
                Impact::Destructive,
                vec![diff("ntp_servers", vec!["192.0.2.1"], vec!["169.254.169.123"])],
            )
        },
        Change {
            when: vec![Stated::sentence("in the next maintenance window, Sun 2026-11-08 05:00 JST")],
            unchanged: 23,
            ..change(
                "db-instance.catalog@tokyo",
                Impact::Interruption,
                vec![
                    diff("backup_retention_days", 7, 35),
                    diff("class", "db.m7g.large", "db.m7g.xlarge"),
                    diff("engine_version", "16.4", "17.2"),
                    diff("log_exports[upgrade]", Value::Null, "upgrade"),
                ],
            )
        },
        change(
            "security-group.catalog@tokyo",
            Impact::Exposure,
            vec![
                diff(
                    "rules[egress tcp 443 10.30.0.0/20]",
                    json(
                        serde_json::json!({ "direction": "egress", "protocol": "tcp", "from": 443, "to": 443, "peer": "10.30.0.0/20" }),
                    ),
                    Value::Null,
                ),
                diff(
                    "rules[ingress tcp 5432 10.30.64.0/20]",
                    Value::Null,
                    json(
                        serde_json::json!({ "direction": "ingress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": "10.30.64.0/20" }),
                    ),
                ),
            ],
        ),
        change(
            "kms-key.main@tokyo",
            Impact::Exposure,
            vec![
                diff(
                    "policy[AccountAdministration]",
                    json(statement("AccountAdministration", "arn:aws:iam::333333333333:root", "kms:*")),
                    json(statement("AccountAdministration", "arn:aws:iam::333333333333:role/tokaido", "kms:*")),
                ),
                diff("policy[Debug]", json(statement("Debug", "*", "kms:Decrypt")), Value::Null),
            ],
        ),
        change("db-instance.ledger@tokyo", Impact::Irreversible, vec![diff("allocated_storage", 100, 200)]),
        change("db-parameter-group.postgres16@tokyo", Impact::InPlace, vec![diff("parameters[rds.force_ssl]", "0", "1")]),
        change(
            "backup-plan.main@tokyo",
            Impact::InPlace,
            vec![diff("copies[daily backup-vault.main@osaka].delete_after_days", 7, 8)],
        ),
        create(
            "subnet.shared-b@tokyo",
            10,
            serde_json::json!({ "vpc": reference("vpc.main@tokyo", "id"), "cidr": "10.30.4.0/22", "zone": "apne1-az2", "public_addresses": false }),
        ),
        Change {
            action: Action::Adopt,
            reason: Stated::sentence("physical_name is written"),
            ..change(
                "backup-vault.main@osaka",
                Impact::Adopt,
                vec![diff("tags[tokaido:id]", Value::Null, "backup-vault.main@osaka")],
            )
        },
        tags("vpc.main@tokyo"),
        tags("subnet.shared-a@tokyo"),
    ])
}

/// Every section beside the changes.
pub fn every_section() -> Plan {
    let mut plan = three_repairs();
    let body = &mut plan.body;
    body.blocked = vec![Blocked {
        id: id("db-instance.ledger@tokyo"),
        code: BlockedCode::Forbidden,
        reason: Stated::sentence("a database keeps its encryption key"),
        next: Stated::sentence("snapshot, copy or restore with the new value, verify, swap the names (docs/procedures.md)"),
        diffs: vec![diff("storage_encrypted", false, true)],
        source: Some(source(22)),
    }];
    body.pending = vec![Note {
        id: id("db-instance.catalog@tokyo"),
        diffs: vec![of(Class::Pending, diff("class", "db.m7g.large", "db.m7g.xlarge"))],
        reason: Some(Stated::sentence("lands in the maintenance window, Sun 2026-11-08 05:00 JST")),
        violations: Vec::new(),
    }];
    body.summary.pending = 1;
    body.service_managed = vec![Note {
        id: id("db-instance.catalog@tokyo"),
        diffs: vec![
            of(Class::ServiceManaged, diff("allocated_storage", 100, 120)),
            of(Class::ServiceManaged, diff("engine_version", "16", "16.9")),
        ],
        reason: Some(Stated::sentence("storage grew by itself, within 1024 GiB")),
        violations: Vec::new(),
    }];
    let orphan = |of: &str, physical: &str, tombstone: Option<&str>| Orphan {
        id: id(of),
        physical: physical.to_owned(),
        tombstone: tombstone.map(str::to_owned),
        used_by: Vec::new(),
    };
    body.orphans = vec![
        orphan("subnet.old-a@tokyo", "subnet-0a1b2c3d4e5f60718", Some("- { id: subnet.old-a@tokyo, reason: \"…\" }")),
        orphan("kms-key.old@tokyo", "1b2c3d4e-0000-4000-8000-000000000001", None),
    ];
    others(body);
    plan
}

fn others(body: &mut PlanBody) {
    let (kind, physical) = ("security-group".to_owned(), "sg-0f0f0f0f0f0f0f0f0".to_owned());
    let hint = Some("Name: launch-wizard-1".to_owned());
    body.foreign = vec![ForeignEntry { kind, region: Region::Tokyo, physical, hint, denied: None }];
    body.copies =
        vec![CopyEntry { of: id("db-instance.catalog@tokyo"), physical: "production-catalog-restored-20261104".to_owned() }];
    body.unreadable = vec![
        Unreadable {
            kind: "kms-key".to_owned(),
            region: Region::Osaka,
            physical: None,
            id: None,
            operation: "kms:ListKeys".to_owned(),
            error: "access-denied (AccessDeniedException): not authorized to perform kms:ListKeys".to_owned(),
            unanswered: None,
            told: String::new(),
        },
        Unreadable {
            kind: "kms-key".to_owned(),
            region: Region::Tokyo,
            physical: Some("1b2c".to_owned()),
            id: Some(id("kms-key.main@tokyo")),
            operation: "kms:GetKeyRotationStatus".to_owned(),
            error: "throttled".to_owned(),
            unanswered: None,
            told: String::new(),
        },
    ];
    body.spent_tombstones = vec![SpentTombstone { id: id("subnet.gone-a@tokyo"), source: source(58), held_by: None }];
    body.divergences = vec![Divergence {
        promise: "point-in-time-recovery".to_owned(),
        value: "7d".to_owned(),
        reason: "cost; no customer data".to_owned(),
        owner: "platform".to_owned(),
        until: "2027-03-31".to_owned(),
        source: source(60),
    }];
}

pub fn drift(recorded: bool) -> DriftReport {
    let body = every_section().body;
    let class = if recorded { Class::Drift } else { Class::Unknown };
    let mut drifted = body.drifted;
    drifted.iter_mut().flat_map(|note| &mut note.diffs).for_each(|diff| diff.class = class);
    DriftReport {
        schema_version: 1,
        environment: body.environment,
        account: body.account,
        world: Some("sandbox test".to_owned()),
        observed_at: "2026-11-05T01:32:04Z".to_owned(),
        recorded,
        nothing_applied: false,
        unadopted: Vec::new(),
        missing: vec![Missing { id: id("backup-vault.main@osaka"), class, mislabelled: None }],
        drifted,
        pending: body.pending,
        service_managed: body.service_managed,
        orphans: body.orphans,
        foreign: body.foreign,
        copies: body.copies,
        unreadable: body.unreadable,
    }
}

pub fn no_drift() -> DriftReport {
    DriftReport {
        missing: Vec::new(),
        drifted: Vec::new(),
        pending: Vec::new(),
        service_managed: Vec::new(),
        orphans: Vec::new(),
        foreign: Vec::new(),
        copies: Vec::new(),
        unreadable: Vec::new(),
        ..drift(true)
    }
}
