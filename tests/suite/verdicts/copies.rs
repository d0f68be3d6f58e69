//! Copies that no longer reach Osaka, or of which nobody knows: what AWS Backup works with is not as declared.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::model::VerdictState;

use super::{in_state, production};
use crate::support::{id, yaml};

const PLAN: &str = "backup-plan.main@tokyo";
const ROLE: &str = "iam-role.backup@global";
const KEY: &str = "kms-key.main@osaka";
const SCHEDULE: &str = "rules[daily].schedule";
const LIFETIME: &str = "copies[daily backup-vault.main@osaka].delete_after_days";
const EVERYBODY: &str = "'*'";

#[test]
fn a_role_a_key_or_a_schedule_with_which_nothing_is_copied_is_not_kept() {
    use VerdictState::{Broken, Kept, Unknown};

    let statement = |text: &str| format!("{{ Version: '2012-10-17', Statement: [{text}] }}");
    let inline = |text: &str| format!("{{ x: {} }}", statement(text));
    let service = "Principal: { Service: backup.amazonaws.com }, Action: 'sts:AssumeRole'";
    let elsewhere =
        format!("{{ Effect: Allow, {service}, Condition: {{ StringEquals: {{ 'aws:SourceAccount': '999999999999' }} }} }}");
    let admin = "arn:aws:iam::333333333333:root";
    let granted = |effect: &str| {
        format!("{{ Sid: ByHand, Effect: {effect}, Principal: {{ AWS: '{admin}' }}, Action: 'kms:DescribeKey', Resource: '*' }}")
    };
    let rows: &[(&str, &str, String, VerdictState)] = &[
        (ROLE, "trust", statement(""), Broken),
        (ROLE, "trust", statement(&format!("{{ Effect: Deny, {service} }}")), Broken),
        (
            ROLE,
            "trust",
            statement("{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: 'sts:AssumeRole' }"),
            Broken,
        ),
        (ROLE, "trust", statement(&format!("{{ Effect: Allow, Principal: {EVERYBODY}, Action: 'sts:AssumeRole' }}")), Unknown),
        (ROLE, "trust", statement(&elsewhere), Unknown),
        (ROLE, "permissions_boundary", "['arn:aws:iam::aws:policy/ReadOnlyAccess']".to_owned(), Unknown),
        (ROLE, "managed_policies[+]", "'arn:aws:iam::aws:policy/AWSDenyAll'".to_owned(), Unknown),
        (ROLE, "inline_policies", inline("{ Effect: Deny, Action: '*', Resource: '*' }"), Broken),
        (ROLE, "inline_policies", inline("{ Effect: Deny, Action: 'backup:*', Resource: '*' }"), Unknown),
        (KEY, "policy", statement(""), Broken),
        (
            KEY,
            "policy",
            statement(&format!("{{ Effect: Deny, Principal: {EVERYBODY}, Action: 'kms:*', Resource: '*' }}")),
            Broken,
        ),
        (
            KEY,
            "policy",
            statement(&format!("{{ Effect: Allow, Principal: {{ AWS: '{admin}' }}, Action: 'kms:Describe*', Resource: '*' }}")),
            Unknown,
        ),
        // What is allowed beyond the declared takes nothing from it; what is denied may.
        (
            ROLE,
            "trust[ByHand]",
            format!("{{ Sid: ByHand, Effect: Allow, Principal: {{ AWS: '{admin}' }}, Action: 'sts:AssumeRole' }}"),
            Kept,
        ),
        (
            ROLE,
            "trust[ByHand]",
            format!("{{ Sid: ByHand, Effect: Deny, Principal: {{ AWS: '{admin}' }}, Action: 'sts:AssumeRole' }}"),
            Unknown,
        ),
        (ROLE, "inline_policies", inline("{ Effect: Allow, Action: 's3:*', Resource: '*' }"), Kept),
        (KEY, "policy[ByHand]", granted("Allow"), Kept),
        (KEY, "policy[ByHand]", granted("Deny"), Unknown),
        (PLAN, SCHEDULE, "cron(99 99 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(60 3 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 24 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 ? ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 +3 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3-1 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3/0 ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3, ? * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 ? * ? *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 * * * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 ? * MON-FRI *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 1 * ? *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 ? 1-6 * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 ? * * 2027)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 ? * *)".to_owned(), Broken),
        (PLAN, SCHEDULE, "cron(0 3 * * ? *)".to_owned(), Kept),
        (PLAN, SCHEDULE, "cron(30 1,13 1/1 * ? *)".to_owned(), Kept),
        (PLAN, SCHEDULE, "cron(0/30 0-23/6 ? * * *)".to_owned(), Kept),
        // Seven days from the backup in Tokyo are less than seven in Osaka.
        (PLAN, LIFETIME, "7".to_owned(), Broken),
        (PLAN, LIFETIME, "8".to_owned(), Kept),
    ];
    let databases: BTreeSet<String> = ["db-instance.acme-db@tokyo", "db-instance.catalog@tokyo"].map(str::to_owned).into();
    for (what, path, value, state) in rows {
        let lab = production();
        lab.set(&id(what), path, &yaml::read(value)).unwrap_or_else(|error| panic!("{what} {path} {value}: {error}"));
        let audit = lab.audit();
        for wrong in [Broken, Unknown] {
            let found = in_state(&audit, wrong);
            let expected: BTreeMap<String, BTreeSet<String>> =
                if *state == wrong { [("recovery-copies".to_owned(), databases.clone())].into() } else { BTreeMap::new() };
            assert_eq!(found, expected, "{what} {path} {value}");
        }
    }
}

/// Everything in Osaka is copied from the vault in Tokyo. It was passed over, because no copy names it.
#[test]
fn without_the_vault_in_tokyo_nothing_is_copied() {
    let lab = production();
    lab.remove(&id("backup-vault.main@tokyo")).expect("by hand");
    let broken = in_state(&lab.audit(), VerdictState::Broken);
    let databases = ["db-instance.acme-db@tokyo", "db-instance.catalog@tokyo"].map(str::to_owned);
    assert_eq!(broken, BTreeMap::from([("recovery-copies".to_owned(), BTreeSet::from(databases))]));
}
