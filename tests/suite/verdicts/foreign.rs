//! Backup plans of others and what they protect: read as far as a promise needs, never drift, never in the way of a plan.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds::{self, backup_plan, backup_vault};
use tokaido::model::tags::Tags;
use tokaido::model::{Attributes, EnvironmentAudit, Examined, Live, Region, UnknownCause, Value, VerdictState};
use tokaido::promises::judge::{JudgeInput, judge};
use tokaido::world::CreateRequest;

use super::{in_state, production};
use crate::support::{Lab, id, yaml};

use VerdictState::{Broken, Kept, Unknown};

pub const RESIDENCY: &str = "data-residency";
pub const COPIES: &str = "recovery-copies";
const PLAN: &str = "backup-plan.main@tokyo";
pub const CATALOG: &str = "db-instance.catalog@tokyo";
pub const ACME: &str = "db-instance.acme-db@tokyo";

pub fn make(lab: &Lab, kind: &str, attributes: &str, labels: &[(&str, &str)]) -> String {
    let region = if kind == "iam-role" { Region::Global } else { Region::Tokyo };
    let attributes = Attributes::from(yaml::read(attributes).as_map().cloned().expect("attributes"));
    let tags = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = CreateRequest { attributes, tags };
    lab.world().log().create_by_hand(&lab.desired.account, region, kind, &request).expect("a resource")
}

/// What another team's plan says: a daily rule, copies, one selection.
struct Theirs<'a> {
    name: &'a str,
    schedule: &'a str,
    copies: &'a str,
    role: &'a str,
    selects: &'a str,
}

const TO_OSAKA: &str =
    "{ rule: nightly, vault: 'arn:aws:backup:ap-northeast-3:333333333333:backup-vault:production-main', delete_after_days: 9 }";
const OUR_ROLE: &str = "{ $ref: iam-role.backup@global, output: arn }";
const DEFAULT_ROLE: &str = "'arn:aws:iam::333333333333:role/service-role/AWSBackupDefaultServiceRole'";

const THEIRS: Theirs<'_> = Theirs {
    name: "theirs",
    schedule: "cron(0 5 ? * * *)",
    copies: TO_OSAKA,
    role: DEFAULT_ROLE,
    selects: "resources: ['arn:aws:rds:*:*:db:*']",
};

/// Makes the plan, and returns the subject under which a verdict names it.
fn plan(lab: &Lab, theirs: &Theirs<'_>) -> String {
    let Theirs { name, schedule, copies, role, selects } = theirs;
    let role = if *role == OUR_ROLE { format!("'{}'", our_role(lab)) } else { (*role).to_owned() };
    let rule = format!(
        "{{ name: nightly, vault: production-main, schedule: '{schedule}', timezone: Etc/UTC, start_window_minutes: 60, \
         completion_window_minutes: 720, delete_after_days: 35, continuous: false }}"
    );
    let selection = if selects.is_empty() { String::new() } else { format!("{{ name: all, role: {role}, {selects} }}") };
    let form = format!("{{ name: '{name}', rules: [{rule}], copies: [{copies}], selections: [{selection}] }}");
    format!("{} (backup-plan@tokyo)", make(lab, "backup-plan", &form, &[("owner", "others")]))
}

/// The role that AWS's console makes for backups, and what was added to it.
fn default_role(lab: &Lab, trust: &str, policies: &str, more: &str) {
    let trust = format!(
        "{{ Version: '2012-10-17', Statement: [{{ Effect: Allow, Principal: {{ Service: backup.amazonaws.com }}, \
         Action: 'sts:AssumeRole'{trust} }}] }}"
    );
    let form = format!(
        "{{ name: AWSBackupDefaultServiceRole, path: /service-role/, description: '', trust: {trust}, \
         managed_policies: [{policies}]{more} }}"
    );
    make(lab, "iam-role", &form, &[]);
}

const POLICIES: &str = "'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup', \
                        'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores', \
                        'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup'";

pub fn our_key(lab: &Lab, which: &str) -> String {
    lab.plan().observed.owned[&id(which)].outputs["arn"].to_string()
}

fn our_role(lab: &Lab) -> String {
    lab.plan().observed.owned[&id("iam-role.backup@global")].outputs["arn"].to_string()
}

/// The members of a promise that are broken and unknown; no other promise has any.
pub fn only(audit: &EnvironmentAudit, promise: &str) -> [BTreeSet<String>; 2] {
    [Broken, Unknown].map(|state| {
        let mut found = in_state(audit, state);
        let members = found.remove(promise).unwrap_or_default();
        assert!(found.is_empty(), "{state:?}: {found:#?}");
        members
    })
}

pub fn member<'a>(audit: &'a EnvironmentAudit, promise: &str, subject: &str) -> &'a Examined {
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict");
    verdict.population.iter().find(|member| member.subject == subject).unwrap_or_else(|| panic!("{promise} has no {subject}"))
}

pub fn reason(member: &Examined) -> String {
    member.reason.as_ref().map(|reason| reason.en.clone()).unwrap_or_default()
}

/// A2: whoever made the plan, and whatever it is called.
#[test]
fn every_plan_is_asked_where_it_sends_data() {
    let far = |place: &str, account: &str| {
        format!("{{ rule: nightly, vault: 'arn:aws:backup:{place}:{account}:backup-vault:far', delete_after_days: 8 }}")
    };
    let rows = [
        ("theirs", String::new(), None),
        ("theirs", TO_OSAKA.to_owned(), None),
        ("theirs", far("us-east-1", "333333333333"), Some("us-east-1")),
        ("theirs", far("ap-northeast-1", "444444444444"), Some("the account 444444444444")),
        ("theirs", format!("{TO_OSAKA}, {}", far("ap-northeast-3", "444444444444")), Some("the account 444444444444")),
        ("theirs", far("eu-central-1", "444444444444"), Some("eu-central-1")),
        ("production-main", far("us-west-2", "333333333333"), Some("us-west-2")),
        ("aws/efs/73d922fb-9312-3a70-99c3-e69367f9fdad", far("us-east-1", "333333333333"), Some("us-east-1")),
        ("aws/efs/73d922fb-9312-3a70-99c3-e69367f9fdad", String::new(), None),
    ];
    for (name, copies, elsewhere) in rows {
        let lab = production();
        let subject = plan(&lab, &Theirs { name, copies: &copies, ..THEIRS });
        let audit = lab.audit();
        let broken = elsewhere.map(|_| subject.clone()).into_iter().collect();
        assert_eq!(only(&audit, RESIDENCY), [broken, BTreeSet::new()], "{name} {copies}");
        let member = member(&audit, RESIDENCY, &subject);
        assert!(reason(member).contains(elsewhere.unwrap_or_default()), "{name} {copies}: {member:#?}");
        // It is foreign: no drift, and nothing to plan.
        lab.assert_settled();
        assert!(lab.plan().observed.foreign.iter().any(|entry| subject.starts_with(&entry.physical)), "{name}");
    }
}

/// A plan that selects nothing backs nothing up. Whether it does must have been read.
#[test]
fn a_plan_without_a_selection_sends_nothing() {
    let far =
        ["arn:aws:backup:us-east-1:333333333333:backup-vault:far", "arn:aws:backup:ap-northeast-3:444444444444:backup-vault:far"];
    let copies = far.map(|vault| format!("{{ rule: nightly, vault: '{vault}', delete_after_days: 8 }}")).join(", ");
    let (idle, unread) = (production(), production());
    let subject = plan(&idle, &Theirs { copies: &copies, selects: "", ..THEIRS });
    let audit = idle.audit();
    assert_eq!(only(&audit, RESIDENCY), [BTreeSet::new(), BTreeSet::new()]);
    let judged = member(&audit, RESIDENCY, &subject);
    assert_eq!((judged.state, reason(judged)), (Kept, String::new()));
    assert!(judged.facts.iter().any(|fact| fact.name == "selections" && &*fact.value == "[]"), "{judged:#?}");
    // The same with the selections not read, and with a selection that names nothing that is there now.
    plan(&unread, &Theirs { copies: &copies, selects: "", ..THEIRS });
    let mut observed = unread.plan().observed;
    let theirs = observed.others.iter_mut().find(|other| other.kind == backup_plan::NAME).expect("theirs");
    theirs.live.attributes.failed(backup_plan::at::selections, "backup:ListBackupSelections: access denied".to_owned());
    let schemas = kinds::schemas();
    let input = JudgeInput {
        desired: &unread.desired,
        observed: &observed,
        recorded: None,
        schemas: &schemas,
        accounts: None,
        now: None,
    };
    let verdicts = judge(&input);
    let verdict = verdicts.iter().find(|verdict| verdict.promise == RESIDENCY).expect("a verdict");
    assert_eq!((verdict.state, verdict.unknown), (Unknown, Some(UnknownCause::ReadFailed)));
    let waiting = production();
    let subject =
        plan(&waiting, &Theirs { copies: &copies, selects: "resources: ['arn:aws:dynamodb:*:*:table/none']", ..THEIRS });
    assert_eq!(only(&waiting.audit(), RESIDENCY), [[subject].into(), BTreeSet::new()]);
}

/// What could not be read of it makes exactly the promises unknown that need it. A database of ours has a plan of its own.
#[test]
fn a_foreign_plan_that_could_not_be_read_is_unknown_and_nothing_else() {
    let lab = production();
    plan(&lab, &THEIRS);
    let mut observed = lab.plan().observed;
    let theirs = |live: &mut Live| {
        let name = live.attributes.bare()[backup_plan::at::name].clone();
        live.attributes = Attributes::from_iter([(backup_plan::at::name.name(), name)]).into();
        for attribute in [backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()] {
            live.attributes.failed(attribute, "backup:GetBackupPlan: access denied".to_owned());
        }
    };
    observed.others.iter_mut().filter(|other| other.kind == backup_plan::NAME).for_each(|other| theirs(&mut other.live));
    let schemas = kinds::schemas();
    let input =
        JudgeInput { desired: &lab.desired, observed: &observed, recorded: None, schemas: &schemas, accounts: None, now: None };
    let verdicts = judge(&input);
    let doubted: BTreeMap<&str, _> = verdicts
        .iter()
        .filter(|verdict| matches!(verdict.state, Broken | Unknown))
        .map(|verdict| (verdict.promise.as_str(), (verdict.state, verdict.unknown)))
        .collect();
    assert_eq!(doubted, [(RESIDENCY, (Unknown, Some(UnknownCause::ReadFailed)))].into());
}

/// A database that another team made, private and encrypted as ours are, with parameters of ours.
fn database(lab: &Lab, labels: &[(&str, &str)]) -> String {
    let key = our_key(lab, "kms-key.main@tokyo");
    let form = format!(
        "{{ name: grown, engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, \
         storage_encrypted: true, publicly_accessible: false, parameter_group: production-postgres16, deletion_protection: true, \
         backup_retention_days: 35, kms_key: '{key}' }}"
    );
    make(lab, "db-instance", &form, labels);
    "grown (db-instance@tokyo)".to_owned()
}

/// B14: a database that was made by hand is judged by whatever plan selects it, as far as that plan can be read.
#[test]
fn a_foreign_database_is_judged_by_the_plan_that_selects_it() {
    let arn = "resources: ['arn:aws:rds:ap-northeast-1:333333333333:db:grown']";
    let tag = "resources: [], tags: [{ test: StringEquals, key: backup, value: daily }]";
    let rows: &[(Theirs<'_>, VerdictState, &str)] = &[
        (Theirs { selects: arn, ..THEIRS }, Kept, ""),
        (Theirs { selects: arn, role: OUR_ROLE, ..THEIRS }, Kept, ""),
        (Theirs { selects: "resources: ['arn:aws:rds:*:*:db:gro*']", role: OUR_ROLE, ..THEIRS }, Kept, ""),
        (Theirs { selects: tag, ..THEIRS }, Unknown, "opted in"),
        (Theirs { selects: tag, role: OUR_ROLE, ..THEIRS }, Unknown, "opted in"),
        (Theirs { selects: "resources: ['*']", role: OUR_ROLE, ..THEIRS }, Unknown, "opted in"),
        (
            Theirs { selects: "resources: [], tags: [{ test: StringEquals, key: backup, value: weekly }]", ..THEIRS },
            Broken,
            "no backup plan selects it",
        ),
        (
            Theirs {
                selects: "resources: [], tags: [{ test: StringEquals, key: 'aws:ResourceTag/backup', value: daily }]",
                ..THEIRS
            },
            Unknown,
            "whether",
        ),
        (Theirs { selects: arn, copies: "", ..THEIRS }, Broken, "copies nothing to Osaka"),
        (Theirs { selects: tag, copies: "", ..THEIRS }, Broken, "copies nothing to Osaka"),
        (Theirs { selects: arn, schedule: "cron(0 5 ? * MON *)", ..THEIRS }, Broken, "does not run every day"),
        (Theirs { selects: arn, copies: TO_OSAKA_SHORT, ..THEIRS }, Broken, "keeps copies for 3 days"),
        (Theirs { selects: "resources: ['arn:aws:rds:*:*:db:other']", ..THEIRS }, Broken, "no backup plan selects it"),
    ];
    for (theirs, state, words) in rows {
        let lab = production();
        let subject = database(&lab, &[("backup", "daily")]);
        default_role(&lab, "", POLICIES, "");
        plan(&lab, theirs);
        let audit = lab.audit();
        let [broken, unknown] = only(&audit, COPIES);
        let alone: BTreeSet<String> = [subject.clone()].into();
        assert_eq!(broken, if *state == Broken { alone.clone() } else { BTreeSet::new() }, "{} {words}", theirs.selects);
        assert_eq!(unknown, if *state == Unknown { alone } else { BTreeSet::new() }, "{} {words}", theirs.selects);
        let member = member(&audit, COPIES, &subject);
        assert!(reason(member).contains(words), "{}: {}", theirs.selects, reason(member));
        lab.assert_settled();
    }
}

const TO_OSAKA_SHORT: &str =
    "{ rule: nightly, vault: 'arn:aws:backup:ap-northeast-3:333333333333:backup-vault:production-main', delete_after_days: 3 }";

/// The role of a plan of others is judged as AWS makes it.
#[test]
fn the_role_of_a_foreign_plan_is_judged() {
    type Hand = fn(&Lab);
    let rows: [(&str, Hand, VerdictState); 10] = [
        ("as AWS makes it", |lab| default_role(lab, "", POLICIES, ""), Kept),
        (
            "for this account alone",
            |lab| default_role(lab, ", Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } }", POLICIES, ""),
            Kept,
        ),
        (
            "for another account",
            |lab| default_role(lab, ", Condition: { StringEquals: { 'aws:SourceAccount': '444444444444' } }", POLICIES, ""),
            Unknown,
        ),
        ("not there", |_| (), Broken),
        ("without AWS's policy", |lab| default_role(lab, "", "", ""), Broken),
        (
            "with a boundary",
            |lab| default_role(lab, "", POLICIES, ", permissions_boundary: ['arn:aws:iam::aws:policy/ReadOnlyAccess']"),
            Unknown,
        ),
        (
            "with a policy of another kind",
            |lab| default_role(lab, "", &format!("{POLICIES}, 'arn:aws:iam::aws:policy/AWSDenyAll'"), ""),
            Unknown,
        ),
        (
            "that may do nothing",
            |lab| {
                let deny = "{ Version: '2012-10-17', Statement: { Effect: Deny, Action: '*', Resource: '*' } }";
                default_role(lab, "", POLICIES, &format!(", inline_policies: {{ stop: {deny} }}"));
            },
            Broken,
        ),
        (
            "that may do something more",
            |lab| {
                let more = "{ Version: '2012-10-17', Statement: { Effect: Allow, Action: 's3:*', Resource: '*' } }";
                default_role(lab, "", POLICIES, &format!(", inline_policies: {{ more: {more} }}"));
            },
            Kept,
        ),
        (
            "that may not do something",
            |lab| {
                let less = "{ Version: '2012-10-17', Statement: { Effect: Deny, Action: 'rds:*', Resource: '*' } }";
                default_role(lab, "", POLICIES, &format!(", inline_policies: {{ less: {less} }}"));
            },
            Unknown,
        ),
    ];
    for (words, hand, state) in rows {
        let lab = production();
        let subject = database(&lab, &[]);
        hand(&lab);
        plan(&lab, &THEIRS);
        let expected = |wanted| if state == wanted { BTreeSet::from([subject.clone()]) } else { BTreeSet::new() };
        assert_eq!(only(&lab.audit(), COPIES), [expected(Broken), expected(Unknown)], "{words}");
        lab.assert_settled();
    }
    // AWS's own role for the service, and one of another account, are in no listing that is read.
    for role in [
        "'arn:aws:iam::333333333333:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup'",
        "'arn:aws:iam::444444444444:role/backup'",
    ] {
        let lab = production();
        let subject = database(&lab, &[]);
        plan(&lab, &Theirs { role, ..THEIRS });
        assert_eq!(only(&lab.audit(), COPIES), [BTreeSet::new(), [subject].into()], "{role}");
    }
}

/// AWS's own key encrypts the vault that AWS makes in each region; it is in no listing of keys, and copies arrive all the same.
#[test]
fn a_vault_of_others_under_a_key_of_aws_is_no_break() {
    let lab = production();
    let (subject, key) = (database(&lab, &[]), our_key(&lab, "kms-key.main@osaka"));
    let form = format!("{{ name: Default, kms_key: '{key}' }}");
    let attributes = Attributes::from(yaml::read(&form).as_map().cloned().expect("attributes"));
    let request = CreateRequest { attributes, tags: Tags::new() };
    let log = lab.world();
    log.log().create_by_hand(&lab.desired.account, Region::Osaka, backup_vault::NAME, &request).expect("a vault");
    default_role(&lab, "", POLICIES, "");
    let copies =
        "{ rule: nightly, vault: 'arn:aws:backup:ap-northeast-3:333333333333:backup-vault:Default', delete_after_days: 9 }";
    plan(&lab, &Theirs { copies, ..THEIRS });
    assert_eq!(only(&lab.audit(), COPIES), [BTreeSet::new(), BTreeSet::new()], "under a key of ours");
    let mut observed = lab.plan().observed;
    let default = observed.others.iter_mut().find(|other| other.live.physical == "Default").expect("the vault");
    let aws = Value::from("arn:aws:kms:ap-northeast-3:333333333333:key/aws-backup");
    default.live.attributes.values_mut().set(backup_vault::at::kms_key.name(), aws);
    let schemas = kinds::schemas();
    let input =
        JudgeInput { desired: &lab.desired, observed: &observed, recorded: None, schemas: &schemas, accounts: None, now: None };
    let verdicts = judge(&input);
    let verdict = verdicts.iter().find(|verdict| verdict.promise == COPIES).expect("a verdict");
    assert_eq!((verdict.state, verdict.unknown), (Unknown, Some(UnknownCause::NotAsked)));
    assert!(verdict.in_state(Unknown).all(|member| member.subject == subject && reason(member).contains("AWS's own")));
}

/// One plan that keeps the promise is enough. Where another team's may keep it, nobody calls it broken.
#[test]
fn a_plan_of_others_that_may_keep_the_promise_is_no_break() {
    let selection = "selections[databases-1].resources[db-instance.acme-db@tokyo]";
    let doubt = ", permissions_boundary: ['arn:aws:iam::aws:policy/ReadOnlyAccess']";
    for (role, more, state) in [(DEFAULT_ROLE, doubt, Unknown), (DEFAULT_ROLE, "", Kept), (OUR_ROLE, "", Kept)] {
        let lab = production();
        lab.set(&id(PLAN), selection, &yaml::read("null")).expect("by hand");
        default_role(&lab, "", POLICIES, more);
        plan(&lab, &Theirs { role, ..THEIRS });
        let members = if state == Unknown { [ACME.to_owned()].into() } else { BTreeSet::new() };
        assert_eq!(only(&lab.audit(), COPIES), [BTreeSet::new(), members], "{role} {more}");
    }
}

/// A5: whatever takes a database out of our selection is drift of the selection, breaks that database's copies and nothing else,
/// and is repaired.
#[test]
fn what_a_selection_leaves_out_is_drift_and_is_broken() {
    let acme = "arn:aws:rds:ap-northeast-1:333333333333:db:production-acme-db";
    let condition = |test: &str, key: &str, value: &str| format!("[{{ test: {test}, key: '{key}', value: '{value}' }}]");
    let tenant = "aws:ResourceTag/tokaido:tenant";
    let rows: Vec<(&str, String, VerdictState, &[&str])> = vec![
        ("not_resources", format!("['{acme}']"), Broken, &[ACME]),
        ("not_resources", "['arn:aws:rds:*:*:db:*']".to_owned(), Broken, &[ACME, CATALOG]),
        ("not_resources", "['arn:aws:rds:*:*:db:nobody']".to_owned(), Kept, &[]),
        ("conditions", condition("StringEquals", tenant, "acme"), Broken, &[CATALOG]),
        ("conditions", condition("StringNotEquals", tenant, "acme"), Broken, &[ACME]),
        ("conditions", condition("StringLike", tenant, "sha*"), Broken, &[ACME]),
        ("conditions", condition("StringEquals", "aws:ResourceTag/backup", "yes"), Broken, &[ACME, CATALOG]),
        ("conditions", condition("StringNotEquals", "aws:ResourceTag/backup", "no"), Unknown, &[ACME, CATALOG]),
        ("conditions", condition("StringLike", "tag:backup", "no"), Unknown, &[ACME, CATALOG]),
        ("tags", condition("StringEquals", "tokaido:tenant", "initech"), Kept, &[]),
    ];
    for (list, value, state, members) in rows {
        let lab = production();
        lab.set(&id(PLAN), &format!("selections[databases-1].{list}"), &yaml::read(&value)).expect("by hand");
        let members: BTreeSet<String> = members.iter().map(|member| (*member).to_owned()).collect();
        let expected = match state {
            Broken => [members, BTreeSet::new()],
            Unknown => [BTreeSet::new(), members],
            _ => [BTreeSet::new(), BTreeSet::new()],
        };
        assert_eq!(only(&lab.audit(), COPIES), expected, "{list} {value}");
        let drift = lab.drift();
        let named: Vec<_> = drift
            .drifted
            .iter()
            .map(|note| (note.id.to_string(), note.diffs.iter().map(|diff| diff.attribute().to_owned()).collect::<BTreeSet<_>>()))
            .collect();
        assert_eq!(named, [(PLAN.to_owned(), BTreeSet::from(["selections".to_owned()]))], "{list} {value}");
        lab.converge();
        lab.assert_settled();
        assert_eq!(only(&lab.audit(), COPIES), [BTreeSet::new(), BTreeSet::new()], "{list} {value}");
    }
}
