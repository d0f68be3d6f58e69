//! Mistakes in the form of files, in how they extend each other, secrets, and tombstones. Each row edits a valid project.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use tokaido::model::Environment;

use crate::project::{Project, all_rendered};
use crate::table::{BASE, DEV, DEV_TENANTS, PRODUCTION, PROMISES, STAGING, check, rows};

#[test]
fn the_form_of_a_file() {
    check(&rows! {
        "unknown key" :: PRODUCTION "    backup_window:" => "    ‸backup_windw:"
            => "unknown-key": "`backup_windw` in `databases[0]`", "`backup_window`";
        "unknown key at the top" :: PRODUCTION "tenants:" => "‸tennants:"
            => "unknown-key": "unknown key `tennants`", "expected: `tenants`";
        "unknown key like nothing" :: BASE "time: {" => "time: { ‸xyz: 1,"
            => "unknown-key": "`xyz` in `time`", "expected: `source`, `zone`", "promise: clock";
        "duplicate key" :: BASE "logs: { keep: 400d }" => "logs: { keep: 400d }\n‸logs: { keep: 545d }"
            => "duplicate-key": "`logs` is written twice", "first written here: environments/base.yaml:28:1";
        "duplicate key in one line" :: PRODUCTION "{ at_least: 100 GiB," => "{ at_least: 100 GiB, ‸at_least: 1 GiB,"
            => "duplicate-key": "`at_least`";
        "text where a list belongs" :: PRODUCTION "zones: [apne1-az1, apne1-az2, apne1-az4]" => "zones: ‸apne1-az1"
            => "wrong-type": "`apne1-az1` is written for `network.zones`", "expected: a list";
        "list where a text belongs" :: PRODUCTION "class: db.m7g.large" => "‸class: [db.m7g.large]"
            => "wrong-type": "a list is written for `databases[0].class`", "db.m7g.large";
        "text where a block belongs" :: BASE "time: { source: amazon-time-sync, zone: UTC }" => "time: ‸UTC"
            => "wrong-type": "a block with `source`, `zone`";
        "a word where yes or no belongs" :: PRODUCTION "multi_az: true" => "multi_az: ‸yes"
            => "wrong-type": "`yes`", "`true` or `false`";
        "nothing where a value belongs" :: PRODUCTION "class: db.m7g.large" => "‸class:"
            => "wrong-type": "nothing is written for `databases[0].class`";
        "missing key" :: PRODUCTION "    class: db.m7g.large\n" => "",
            PRODUCTION "- name: catalog" => "- ‸name: catalog"
            => "missing-key": "`databases[0].class` is missing", "`class: db.m7g.large`";
        "missing block" :: BASE "time: { source: amazon-time-sync, zone: UTC }" => "",
            PRODUCTION "schema: tokaido/v1" => "‸schema: tokaido/v1"
            => "missing-key" among others: "`time` is missing", "promise: clock";
        "a broken line" :: PRODUCTION "cidr: 10.30.0.0/16\n" => "cidr: 10.30.0.0/16\n ‸zones: x\n"
            => "yaml-syntax": "cannot be read as YAML", "indentation";
        "an open quote" :: DEV "reason: \"cost; no customer data\"," => "reason: ‸\"cost,"
            => "yaml-syntax": "quoted";
        "empty file" :: DEV "" => "‸# nothing\n"
            => "empty-file": "the file is empty";
        "two documents" :: BASE "# Twelve months" => "‸---\n# Twelve months"
            => "several-documents": "one document";
        "a tag" :: BASE "keep: 400d" => "keep: ‸!!str 400d"
            => "yaml-tag": "`!!str` is a YAML tag";
        "a merge key" :: BASE "logs: { keep: 400d }" => "logs:\n  ‸<<: { keep: 400d }"
            => "merge-key": "`extends: base.yaml`";
        "a list as a key" :: BASE "logs: { keep: 400d }" => "? ‸[a, b]\n: 1"
            => "complex-key": "a name as the key";
        "an unknown reference" :: BASE "keep: 400d" => "keep: ‸*nowhere"
            => "yaml-syntax": ;
        "a reference into itself" :: BASE "logs: { keep: 400d }" => "logs: &x [‸*x]"
            => "alias-bomb": "contains itself";
        "alias bomb" :: DEV "" => "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n\
                 d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, ‸*d, *d, *d]\n"
            => "alias-bomb": "more than 100000 values";
        "too deep" :: DEV "" => "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[‸[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
            => "too-deep": "more than 32 deep";
    });
}

#[test]
fn files_that_extend_files() {
    check(&rows! {
        "missing base" :: DEV "extends: base.yaml" => "extends: ‸bass.yaml"
            => "missing-file": "no file `environments/bass.yaml`";
        "a circle" :: BASE "schema: tokaido/v1" => "schema: tokaido/v1\nextends: ‸dev.yaml"
            => "cyclic-extends" among others: "dev.yaml → base.yaml → dev.yaml";
        "itself" :: BASE "schema: tokaido/v1" => "schema: tokaido/v1\nextends: ‸base.yaml"
            => "cyclic-extends": "circle: base.yaml → base.yaml";
        "out of the folder" :: DEV "extends: base.yaml" => "extends: ‸../policies/promises.yaml"
            => "path-outside": "leads outside environments/";
        "out of the project" :: DEV "extends: base.yaml" => "extends: ‸/etc/passwd"
            => "path-outside": "`/etc/passwd`";
        "no text" :: DEV "extends: base.yaml" => "‸extends: [base.yaml]"
            => "wrong-type": "a list is written for `extends`";
        "a value that replaces a good one" :: PRODUCTION "extends: base.yaml" => "extends: base.yaml\nprotection: { point_in_time_recovery: ‸7d }"
            => "weaker-than-promised": "is `7d`", "expected: `35d` or more", "promise: point-in-time-recovery", "it overrides `35d` of environments/base.yaml:15:27";
        "a tenant list of another form" :: DEV_TENANTS "" => "‸databases: []\ntenants: []\n"
            => "unknown-key": "does not belong";
    });
}

#[test]
fn what_an_inherited_value_overrode() {
    check(&rows! {
        "a value of another type" :: PRODUCTION "extends: base.yaml" => "extends: base.yaml\ntime: ‸UTC"
            => "wrong-type": "it overrides the block of environments/base.yaml:25:1";
        "a list over a value" :: STAGING "extends: base.yaml" => "extends: base.yaml\nlogs: { ‸keep: [400d] }"
            => "wrong-type": "a list is written for `logs.keep`", "it overrides `400d` of environments/base.yaml:28:15";
        "a value that cannot be read" :: PRODUCTION "extends: base.yaml" => "extends: base.yaml\nlogs: { keep: ‸forever }"
            => "bad-duration": "`forever`", "it overrides `400d` of environments/base.yaml:28:15";
        "a number the paper does not allow" :: PRODUCTION "extends: base.yaml" => "extends: base.yaml\nchange: { notice: ‸1d }"
            => "weaker-than-promised": "`7d` or more (clause 10)", "it overrides `7d` of environments/base.yaml:31:19";
        "another region" :: DEV "extends: base.yaml" => "extends: base.yaml\nregions: { recovery: ‸us-east-1 }"
            => "region-not-allowed": "`us-east-1`", "it overrides `ap-northeast-3` of environments/base.yaml:11:47";
        "a list" :: BASE "schema: tokaido/v1" => "schema: tokaido/v1\nnetwork: { zones: [apne1-az1, apne1-az2] }",
            PRODUCTION "zones: [apne1-az1, apne1-az2, apne1-az4]" => "‸zones: [apne1-az1]"
            => "zone-count": "1 zones", "it overrides `[apne1-az1, apne1-az2]` of environments/base.yaml:9:12";
        "a mistake in the base, inherited by all" :: BASE "source: amazon-time-sync" => "source: ‸pool.ntp.org"
            => "weaker-than-promised": "inherited by: dev, staging, production";
        "a mistake in the base, inherited by two" :: BASE "notice: 7d" => "notice: ‸3d",
            STAGING "change: { soak: 1h }" => "change: { soak: 1h, notice: 14d }"
            => "weaker-than-promised": "inherited by: dev, production";
        "a number in the base that no environment may lower by itself" :: BASE "recovery: 35d" => "recovery: ‸34d"
            => "weaker-than-promised": "expected: `35d` or more\n", "inherited by: dev, staging, production";
        "a form in the base that nobody can read" :: BASE "logs: { keep: 400d }" => "logs: { keep: 400d }\n‸logs: { keep: 545d }"
            => "duplicate-key": "inherited by: dev, staging, production";
    });
}

/// The other side: an environment's own mistake names nobody, and a secret below is not repeated.
#[test]
fn what_is_not_said_about_an_inherited_value() {
    let mut project = Project::new();
    project.edit(BASE, "schema: tokaido/v1", "schema: tokaido/v1\nmaster_password: hunter2");
    project.edit(PRODUCTION, "extends: base.yaml", "extends: base.yaml\nmaster_password: [hunter3]");
    project.edit(PRODUCTION, "class: db.m7g.large", "class: large");
    let loaded = project.load();
    let text = all_rendered(&loaded);
    assert!(!text.contains("hunter"), "{text}");
    let of = |code: &str| loaded.findings.iter().find(|finding| finding.code == code).unwrap();
    assert!(of("bad-class").inherited_by.is_empty() && of("bad-class").related.is_empty(), "{text}");
}

#[test]
fn secrets_and_what_cannot_be_asked_for() {
    check(&rows! {
        "public database" :: PRODUCTION "    multi_az: true" => "    multi_az: true\n    ‸publicly_accessible: true"
            => "public-database": "a database is never public", "promise: encryption-in-transit";
        "unencrypted database" :: PRODUCTION "    multi_az: true" => "    multi_az: true\n    ‸storage_encrypted: false"
            => "encryption-is-not-a-choice": "promise: encryption-at-rest";
        "unprotected database" :: PRODUCTION "    multi_az: true" => "    multi_az: true\n    ‸deletion_protection: false"
            => "protection-is-not-a-choice": "protected against deletion";
        "recovery of one database" :: PRODUCTION "    multi_az: true" => "    multi_az: true\n    ‸backup_retention_days: 1"
            => "protection-is-not-a-choice": "`protection.point_in_time_recovery`";
        "password" :: PRODUCTION "    multi_az: true" => "    multi_az: true\n    ‸master_password: hunter2"
            => "secret-in-clear": "`master_password`", "revoke it now";
        "access key by its shape" :: DEV "reason: \"cost; no customer data\"" => "reason: ‸AKIAIOSFODNN7EXAMPLE"
            => "secret-in-clear": "looks like a secret (not shown)";
        "access key in another value" :: DEV "class: db.t4g.micro" => "class: ‸AKIAIOSFODNN7EXAMPLE"
            => "secret-in-clear": "not shown";
        "private key" :: DEV "reason: \"cost; no customer data\"" => "reason: ‸\"-----BEGIN RSA PRIVATE KEY-----\""
            => "secret-in-clear": ;
        "address with a password" :: DEV "reason: \"cost; no customer data\"" => "reason: ‸\"postgres://app:hunter2@db/x\""
            => "secret-in-clear": ;
        "rule that names a tenant" :: PRODUCTION "- { cidr: 203.0.113.0/24, port: 443 }" => "- { cidr: 203.0.113.0/24, port: 443, ‸tenant: globex }"
            => "tenant-names-tenant": "nothing passes between tenants", "promise: tenant-isolation";
    });
}

#[test]
fn permissions_to_delete() {
    check(&rows! {
        "no id" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸old-tenant, reason: left }\ntenants:\n"
            => "bad-id": "`old-tenant` is not the id of a resource", "subnet.old-tenant-a@tokyo";
        "no region" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸subnet.old-a@nagoya, reason: left }\ntenants:\n"
            => "bad-id": "nagoya";
        "no kind" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸subnets.old-a@tokyo, reason: left }\ntenants:\n"
            => "unknown-kind": "no kind `subnets`", "`subnet.old-a@tokyo`";
        "kind of another region" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸iam-role.old@tokyo, reason: left }\ntenants:\n"
            => "bad-id": "`iam-role.old@global`";
        "declared" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸subnet.acme-a@tokyo, reason: left }\ntenants:\n"
            => "retire-declared": "retired and declared at once", "declared here";
        "stateful" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸db-instance.old@tokyo, reason: left }\ntenants:\n"
            => "retire-stateful": "`db-instance.old@tokyo` holds data", "docs/procedures.md";
        "observed kind" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: ‸route-table.main@tokyo, reason: left }\ntenants:\n"
            => "bad-id": "no file declares a route table", "only reads it";
        "twice" :: PRODUCTION "tenants:\n" => "retire:\n  - { id: subnet.old-a@tokyo, reason: left }\n  - { id: ‸subnet.old-a@tokyo, reason: left }\ntenants:\n"
            => "duplicate-name": "retired twice";
    });
}

#[test]
fn the_file_of_promises() {
    check(&rows! {
        "weaker than the paper" :: PROMISES "at_least: 35d" => "at_least: ‸30d"
            => "promise-below-paper": "`at_least: 30d` of `point-in-time-recovery` is weaker than the paper", "`35d` or more (clause 12)";
        "another region" :: PROMISES "recovery: ap-northeast-3" => "recovery: ‸us-east-1"
            => "promise-below-paper": "`ap-northeast-3`", "promise: data-residency";
        "a parameter missing" :: PROMISES "parameters: { at_least: 7d," => "‸parameters: {"
            => "promise-below-paper": "`at_least` of `recovery-copies` is missing";
        "another clause" :: PROMISES "clause: \"14\"" => "clause: ‸\"15\""
            => "promise-below-paper": "clause `15` of `clock`", "\"14\"";
        "enforced no more" :: PROMISES "    clause: \"16\"\n    kind: enforce" => "    clause: \"16\"\n    kind: ‸info"
            => "promise-below-paper": "kind `info` of `tenant-isolation`", "`enforce`";
        "a kind of nobody" :: PROMISES "kind: process" => "kind: ‸proces"
            => "bad-promise-kind": "`enforce`, `prove`, `process` or `info`";
        "a week's notice" :: PROMISES "parameters: { at_least: 7d }" => "parameters: { at_least: ‸6d }"
            => "promise-below-paper": "`at_least: 6d` of `change-notice`", "`7d` or more (clause 10)";
        "twelve months of logs" :: PROMISES "at_least: 400d" => "at_least: ‸365d"
            => "promise-below-paper": "`400d` or more (clause 25)";
        "two business days" :: PROMISES "business_days: \"1\"" => "business_days: ‸\"2\""
            => "promise-below-paper": "`1` or less (clause 20)";
        "a clause without a check missing" :: PROMISES "- id: suppliers" => "- id: labelling",
            PROMISES "promises:" => "‸promises:"
            => "missing-promise" among others: "the promise `suppliers` is missing";
        "clause without quotes" :: PROMISES "clause: \"14\"" => "clause: ‸14"
            => "unquoted-number": "\"14\", in quotes";
        "a promise of nobody" :: PROMISES "- id: clock" => "- id: ‸clocks"
            => "unknown-promise": "`clocks`", "`clock`";
        "a promise missing" :: PROMISES "- id: clock" => "- id: labelling",
            PROMISES "promises:" => "‸promises:"
            => "missing-promise" among others: "the promise `clock` is missing", "`id: clock`";
        "a promise twice" :: PROMISES "- id: clock" => "- id: ‸labelling"
            => "duplicate-name" among others: "promised twice";
        "one language" :: PROMISES "    title: { ja: 時刻の同期, en: Synchronised clocks }" => "    ‸title: { en: Synchronised clocks }"
            => "missing-key": "`promises[17].title.ja` is missing";
        "no YAML" :: PROMISES "" => "‸[1, 2]"
            => "wrong-type": "a list is written here";
    });
}

#[test]
fn no_message_repeats_a_secret() {
    let edits = [
        (DEV, "reason: \"cost; no customer data\"", "reason: AKIAIOSFODNN7EXAMPLE"),
        (DEV, "class: db.t4g.micro", "class: AKIAIOSFODNN7EXAMPLE"),
        (STAGING, "class: db.t4g.medium", "master_password: hunter2\n    AKIAIOSFODNN7EXAMPLE: 1\n    AKIAIOSFODNN7EXAMPLE: 2"),
        (PRODUCTION, "engine: postgres", "engine: postgres://tokaido:hunter2@db"),
        (PRODUCTION, "id: globex", "id: ghp_hunter2"),
        (BASE, "extends", "extends"),
    ];
    let mut project = Project::new();
    for (file, find, replace) in &edits[..5] {
        project.edit(file, find, replace);
    }
    let loaded = project.load();
    let text = format!("{}{:?}", all_rendered(&loaded), loaded.findings);
    assert!(loaded.findings.iter().filter(|finding| finding.code == "secret-in-clear").count() >= 5, "{text}");
    assert!(!text.contains("AKIA") && !text.contains("hunter2"), "{text}");
}

#[test]
fn everything_is_reported_in_one_run() {
    let mut project = Project::new();
    project.edit(BASE, "source: amazon-time-sync", "source: pool.ntp.org");
    project.edit(DEV, "account: \"111111111111\"", "account: 111111111111");
    project.edit(DEV, "cidr: 10.10.16.0/20", "cidr: 10.10.0.0/21");
    project.edit(DEV, "class: db.t4g.micro", "class: micro");
    project.edit(STAGING, "    cidr: 10.20.48.0/20", "    cidr: 10.20.32.0/20");
    project.edit(STAGING, "multi_az: true", "multi_az: yes");
    project.edit(PRODUCTION, "shared: catalog", "shared: catalogue");
    project.edit(PRODUCTION, "203.0.113.0/24", "10.30.32.0/24");
    project.edit(PRODUCTION, "backup_window:", "backup_windw:");
    project.edit(PROMISES, "at_least: 35d", "at_least: 34d");
    let loaded = project.load();
    let found: Vec<_> =
        loaded.findings.iter().map(|finding| (finding.source.as_ref().unwrap().file.as_str(), finding.code)).collect();
    assert_eq!(
        found,
        [
            (BASE, "weaker-than-promised"),
            (DEV, "unquoted-number"),
            (DEV, "bad-class"),
            (DEV, "overlapping-cidr"),
            (PRODUCTION, "unknown-key"),
            (PRODUCTION, "tenant-names-tenant"),
            (PRODUCTION, "unknown-database"),
            (STAGING, "wrong-type"),
            (STAGING, "overlapping-cidr"),
            (PROMISES, "promise-below-paper"),
        ]
    );
    assert!(loaded.states.is_empty());
}

#[test]
fn files_that_are_not_there_or_not_text() {
    let project = Project::new();
    std::fs::remove_file(project.root().join(STAGING)).unwrap();
    let loaded = project.load();
    assert_eq!(
        all_rendered(&loaded).lines().next(),
        Some("environments/staging.yaml:1:1: error[missing-file]: there is no file `environments/staging.yaml`")
    );
    assert_eq!(loaded.states.keys().copied().collect::<Vec<_>>(), [Environment::Dev, Environment::Production]);

    let project = Project::new();
    std::fs::remove_file(project.root().join(PROMISES)).unwrap();
    let loaded = project.load();
    assert!(loaded.findings.iter().any(|finding| finding.code == "missing-file"), "{}", all_rendered(&loaded));
    assert!(loaded.states.is_empty() && loaded.promises.is_empty(), "without promises nothing can be kept");

    let project = Project::new();
    std::fs::write(project.root().join(DEV), b"schema: tokaido/v1\nenvironment: \xff\n").unwrap();
    assert!(all_rendered(&project.load()).starts_with("environments/dev.yaml:2:14: error[not-utf8]"));

    let project = Project::new();
    std::fs::write(project.root().join(DEV), vec![b'#'; 5 * 1024 * 1024]).unwrap();
    assert!(all_rendered(&project.load()).starts_with("environments/dev.yaml:1:1: error[too-large]"));
}
