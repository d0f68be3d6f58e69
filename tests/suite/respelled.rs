//! What AWS spells otherwise between the plan and its apply: preconditions hold, nothing is sent for it, and what a plan takes away is
//! found.

use tokaido::kinds::dhcp_options;
use tokaido::model::{Environment, Outcome, Value, VerdictState};

use crate::support::lab::all_done;
use crate::support::{Lab, id, project, yaml};

const GROUP: &str = "security-group.acme@tokyo";
const ROLE: &str = "iam-role.backup@global";
const PLAN: &str = "backup-plan.main@tokyo";
const PARAMETERS: &str = "db-parameter-group.postgres16@tokyo";

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

fn set(lab: &Lab, what: &str, path: &str, value: &str) {
    lab.set(&id(what), path, &yaml::read(value)).unwrap_or_else(|error| panic!("{what} {path}: {error}"));
}

#[test]
fn another_spelling_is_settled_and_nothing_is_sent() {
    let lab = production();
    set(&lab, ROLE, "trust", &trust("STS:assumerole"));
    set(&lab, PLAN, "rules[daily].schedule", "cron(0 3 * * ? *)");
    set(&lab, PLAN, "rules[daily].timezone", "Japan");
    set(&lab, PARAMETERS, "parameters[rds.force_ssl]", "'ON'");
    lab.assert_settled();
    let drift = lab.drift();
    assert!(drift.drifted.is_empty(), "{:?}", drift.drifted);
    assert_eq!(lab.apply().mutating_calls, 0);
}

fn trust(action: &str) -> String {
    let statement = format!(
        "{{ Sid: ServiceOfThisAccount, Effect: Allow, Principal: {{ Service: backup.amazonaws.com }}, Action: '{action}', \
         Condition: {{ StringEquals: {{ 'aws:SourceAccount': '333333333333' }} }} }}"
    );
    format!("{{ Version: '2012-10-17', Statement: [{statement}] }}")
}

/// A rule, a statement without a name and a parameter that a hand added: the plan takes them away under the spelling that it saw.
#[test]
fn a_plan_takes_away_what_is_spelled_otherwise_by_now() {
    let lab = production();
    let rule =
        |protocol: &str, peer: &str| format!("{{ direction: ingress, protocol: '{protocol}', from: 22, to: 22, peer: {peer} }}");
    let statement = |action: &str| {
        format!("{{ x: {{ Version: '2012-10-17', Statement: [{{ Effect: Allow, Action: '{action}', Resource: '*' }}] }} }}")
    };
    set(&lab, GROUP, "rules[+]", &rule("tcp", "198.51.100.0/24"));
    set(&lab, ROLE, "inline_policies", &statement("s3:GetObject"));
    set(&lab, PARAMETERS, "parameters[log_connections]", "'1'");
    let plan = lab.plan().plan;
    assert_eq!(plan.body.changes.len(), 3, "{:?}", plan.body.changes);
    set(&lab, GROUP, "rules[ingress tcp 22 198.51.100.0/24]", "null");
    set(&lab, GROUP, "rules[+]", &rule("6", "198.51.100.9/24"));
    set(&lab, ROLE, "inline_policies", &statement("S3:getobject"));
    set(&lab, PARAMETERS, "parameters[log_connections]", "'on'");
    let report = lab.apply_saved(&plan).unwrap_or_else(|error| panic!("{error}"));
    assert!(all_done(&report), "{:?}", report.steps);
    lab.assert_settled();
    let rules = lab.row(&id(GROUP)).attributes;
    assert!(!rules.iter().any(|(_, value)| value.to_string().contains("198.51.100")), "the rule is gone");
}

/// What means something else is not taken away: it is not what the plan has shown.
#[test]
fn what_means_something_else_by_now_stays() {
    for (what, path, before, after) in [
        (PARAMETERS, "parameters[log_connections]", "'1'", "'0'"),
        (PLAN, "rules[daily].schedule", "cron(0 4 ? * * *)", "cron(0 5 ? * * *)"),
        (PLAN, "rules[daily].timezone", "Asia/Seoul", "UTC"),
    ] {
        let lab = production();
        set(&lab, what, path, before);
        let plan = lab.plan().plan;
        assert_eq!(plan.body.changes.len(), 1, "{path}");
        set(&lab, what, path, after);
        match lab.apply_saved(&plan) {
            Ok(report) => {
                let refused = report.steps.iter().any(|step| matches!(step.outcome, Outcome::Failed { .. }));
                assert!(refused && report.mutating_calls == 0, "{path}: {:?}", report.steps);
            }
            Err(error) => assert!(error.to_string().contains("when the plan was made"), "{path}: {error}"),
        }
    }
}

/// B3: both addresses of Time Sync.
#[test]
fn both_addresses_of_time_sync_keep_the_clock() {
    use tokaido::kinds;
    use tokaido::promises::judge::{JudgeInput, judge};

    let lab = production();
    let mut observed = lab.plan().observed;
    let schemas = kinds::schemas();
    let mut clock = |servers: &[&str]| {
        let live = observed.owned.get_mut(&id("dhcp-options.main@tokyo")).expect("an option set");
        live.attributes.values_mut().set(dhcp_options::at::ntp_servers.name(), Value::list(servers.iter().copied()));
        let input = JudgeInput {
            desired: &lab.desired,
            observed: &observed,
            recorded: None,
            schemas: &schemas,
            accounts: None,
            now: None,
        };
        judge(&input).into_iter().find(|verdict| verdict.promise == "clock").expect("a verdict").state
    };
    assert_eq!(clock(&["169.254.169.123", "fd00:ec2::123"]), VerdictState::Kept);
    assert_eq!(clock(&["169.254.169.123", "203.0.113.9"]), VerdictState::Broken);
    assert_eq!(clock(&[]), VerdictState::Broken);
}

/// A key by its id or by the ARN of its alias is the key; the alias of another one is not. A vault by its ARN is the vault.
#[test]
fn identifiers_of_one_object_lead_to_it() {
    use std::collections::BTreeSet;

    use tokaido::model::Attributes;

    let lab = production();
    let id_of = |what: &str| lab.row(&id(what)).physical;
    let key = id_of("kms-key.main@tokyo");
    let of_key = |rest: &str| format!("arn:aws:kms:ap-northeast-1:333333333333:{rest}");
    let vault = "arn:aws:backup:ap-northeast-1:333333333333:backup-vault:production-main";
    let rule = |vault: &str| {
        let mut rule = lab.row(&id(PLAN)).attributes[crate::support::attr("rules")].as_list().expect("rules")[0]
            .as_map()
            .expect("a rule")
            .clone();
        rule.insert("vault".into(), Value::from(vault));
        Value::list([Value::from(rule)])
    };
    let database = "db-instance.catalog@tokyo";
    for (what, attribute, value, same) in [
        (database, "kms_key", Value::from(key.clone()), true),
        (database, "kms_key", Value::from(of_key(&format!("key/{key}"))), true),
        (database, "kms_key", Value::from(of_key("alias/production-main")), true),
        (database, "kms_key", Value::from(of_key("alias/production-acme")), false),
        (database, "kms_key", Value::from(of_key("alias/production-mai")), false),
        (database, "kms_key", Value::from(of_key("alias/production-main").replace("-1:", "-3:")), false),
        (database, "kms_key", Value::from(id_of("kms-key.acme@tokyo")), false),
        (PLAN, "rules", rule("production-main"), true),
        (PLAN, "rules", rule(vault), true),
        (PLAN, "rules", rule(&vault.replace("-1:", "-3:")), false),
        (PLAN, "rules", rule("production-other"), false),
    ] {
        let words = format!("{what} {attribute}: {value}");
        let (row, name) = (lab.row(&id(what)), crate::support::attr(attribute));
        let before: Attributes = row.attributes.clone();
        put(&lab, what, name, &value);
        let drifted: BTreeSet<String> = lab.drift().drifted.iter().map(|note| note.id.to_string()).collect();
        assert_eq!(drifted.is_empty(), same, "{words}: {drifted:?}");
        put(&lab, what, name, &before[name]);
    }
    lab.assert_settled();
}

/// The value that AWS has, whatever AWS lets a person change.
fn put(lab: &Lab, what: &str, name: tokaido::model::Name, value: &Value) {
    use tokaido::sim::{LogEntry, State};

    let row = lab.row(&id(what));
    let change = |state: &State| {
        let this = state.objects.values().find(|object| (&object.kind, &object.physical) == (&row.kind, &row.physical));
        let mut object = this.expect("an object").clone();
        object.attributes.set(name, value.clone());
        (vec![LogEntry::put(state.now, "hand", "set", object)], ())
    };
    lab.world().log().commit(change).expect("in memory");
}
