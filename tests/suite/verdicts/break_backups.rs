//! The breaks about backups that another hand than ours brings about, beside those of `breaks.rs`.

use super::breaks::{ACME, Break, CATALOG, PLAN, make, set};

/// A daily plan without our tags, with one copy and one selection.
fn plan_of_others(vault: &str, selects: &str) -> String {
    let rule = "{ name: nightly, vault: production-main, schedule: 'cron(0 5 ? * * *)', timezone: Etc/UTC, start_window_minutes: 60, \
                completion_window_minutes: 720, delete_after_days: 35, continuous: false }";
    let role = "arn:aws:iam::333333333333:role/service-role/AWSBackupDefaultServiceRole";
    format!(
        "{{ name: others, rules: [{rule}], copies: [{{ rule: nightly, vault: '{vault}', delete_after_days: 35 }}], \
         selections: [{{ name: all, role: '{role}', {selects} }}] }}"
    )
}

const OSAKA_VAULT: &str = "backup-vault.main@osaka";

pub const BACKUPS: &[Break] = &[
    Break {
        words: "a backup plan copies to a vault in another region",
        hand: |lab| {
            let copy = "{ rule: daily, vault: 'arn:aws:backup:us-east-1:333333333333:backup-vault:far', delete_after_days: 8 }";
            set(lab, PLAN, "copies[+]", copy);
        },
        breaks: &[("data-residency", &[PLAN])],
    },
    Break {
        words: "another team's backup plan selects our databases by a wildcard and copies them to another region",
        hand: |lab| {
            let far = "arn:aws:backup:us-east-1:333333333333:backup-vault:far";
            make(lab, "backup-plan", &plan_of_others(far, "resources: ['arn:aws:rds:*:*:db:*']"), &[]);
        },
        breaks: &[("data-residency", &["others"])],
    },
    Break {
        words: "another team's backup plan copies our database to a vault of another account",
        hand: |lab| {
            let far = "arn:aws:backup:ap-northeast-3:444444444444:backup-vault:far";
            make(lab, "backup-plan", &plan_of_others(far, "resources: ['*']"), &[]);
        },
        breaks: &[("data-residency", &["others"])],
    },
    Break {
        words: "the policy of Osaka's vault admits another account",
        hand: |lab| {
            let partner =
                "{ Sid: Partner, Effect: Allow, Principal: { AWS: '444444444444' }, Action: 'backup:*', Resource: '*' }";
            set(lab, OSAKA_VAULT, "policy", &format!("{{ Version: '2012-10-17', Statement: [{partner}] }}"));
        },
        breaks: &[("data-residency", &[OSAKA_VAULT])],
    },
    Break {
        words: "the policy of Osaka's vault denies copies to everybody",
        hand: |lab| {
            let deny = "{ Effect: Deny, Principal: '*', Action: 'backup:CopyInto*', Resource: '*' }";
            set(lab, OSAKA_VAULT, "policy", &format!("{{ Version: '2012-10-17', Statement: {deny} }}"));
        },
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "Osaka's vault is locked for recovery points of thirty days and more",
        hand: |lab| set(lab, OSAKA_VAULT, "lock", "{ min_days: 30 }"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "Tokyo's vault is locked for recovery points of a week at most",
        hand: |lab| set(lab, "backup-vault.main@tokyo", "lock", "{ max_days: 7 }"),
        breaks: &[("recovery-copies", &[ACME, CATALOG])],
    },
    Break {
        words: "the selection of the plan excludes a database",
        hand: |lab| {
            let excluded = "[{ $ref: db-instance.acme-db@tokyo, output: arn }]";
            set(lab, PLAN, "selections[databases-1].not_resources", excluded);
        },
        breaks: &[("recovery-copies", &[ACME])],
    },
    Break {
        words: "a condition of the selection leaves one database in it",
        hand: |lab| {
            let key = "aws:ResourceTag/tokaido:tenant";
            let condition = format!("[{{ test: StringEquals, key: '{key}', value: acme }}]");
            set(lab, PLAN, "selections[databases-1].conditions", &condition);
        },
        breaks: &[("recovery-copies", &[CATALOG])],
    },
];
