//! A tenant that changes its isolation asks for a move. A plan moves nothing: it says what to do and breaks nothing that
//! still lives at the old place.

use std::fs;

use tokaido::model::reason::plan::NextStep;
use tokaido::model::{Action, Blocked, DesiredState, Environment, Operation, PlanBody, Region, Value};
use tokaido::sim::ManualError;
use tokaido::world::CreateRequest;

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

const APART: &str = "    isolation: vpc\n    cidr: 10.40.0.0/20\n";
const TOGETHER: &str = "    isolation: subnets\n    cidr: 10.30.16.0/20\n";

/// Production with something else written in it.
fn production(edits: &[(&str, &str)]) -> DesiredState {
    let folder = project::copy();
    let file = folder.path().join("environments/production.yaml");
    let mut text = fs::read_to_string(&file).expect("a file");
    for (find, replace) in edits {
        assert!(text.contains(find), "{find}");
        text = text.replacen(find, replace, 1);
    }
    fs::write(&file, text).expect("a file");
    project::load(folder.path(), Environment::Production)
}

fn refused(body: &PlanBody, code: &str) -> Vec<String> {
    body.blocked.iter().filter(|blocked| blocked.code.as_str() == code).map(|blocked| blocked.id.to_string()).collect()
}

/// What lives in the tenant's network, and cannot leave it.
const RESIDENTS: [&str; 6] = [
    "db-instance.acme-db@tokyo",
    "security-group.acme@tokyo",
    "security-group.acme-db@tokyo",
    "subnet.acme-a@tokyo",
    "subnet.acme-b@tokyo",
    "subnet.acme-c@tokyo",
];

/// Everything that lives in the old network is refused with one procedure; nothing of it changes, nor after an apply.
fn nothing_moves(lab: &Lab, body: &PlanBody) {
    assert_eq!(refused(body, "forbidden"), RESIDENTS);
    let line = lab.desired.resources[&id("subnet.acme-a@tokyo")].source_of(attr("vpc")).line;
    assert!(line > lab.desired.resources[&id("subnet.acme-a@tokyo")].source.line);
    assert_eq!(body.blocked.len(), RESIDENTS.len(), "{:#?}", body.blocked);
    for blocked in &body.blocked {
        assert_eq!(blocked.diffs[0].path, "vpc", "{}: the place comes first", blocked.id);
        let next = blocked.next.to_string();
        assert!(next.contains("a second tenant id") && next.contains("docs/procedures.md"), "{next}");
        let source = blocked.source.as_ref().expect("a place");
        assert_eq!((source.file.as_str(), source.line), ("environments/production.yaml", line), "where `isolation` is written");
    }
    assert!(body.steps.iter().all(|step| step.operation != Operation::Delete));
    let stateful = ["db-instance", "kms-key", "backup-vault"];
    assert!(body.changes.iter().all(|change| !stateful.contains(&change.kind.as_str())), "{:#?}", body.changes);
    let before: Vec<_> = RESIDENTS.map(|resident| lab.row(&id(resident))).into();
    let report = lab.apply();
    assert!(all_done(&report) && report.blocked == RESIDENTS.len(), "{report:#?}");
    assert_eq!(RESIDENTS.map(|resident| lab.row(&id(resident))).to_vec(), before, "what stays behind is as it was");
}

#[test]
fn from_subnets_to_a_vpc_nothing_is_moved_or_cut_off() {
    let old = Lab::new(production(&[(APART, TOGETHER)]));
    old.converge();
    let lab = old.with(production(&[]));
    let body = lab.plan().plan.body;
    let changes: Vec<_> = body.changes.iter().map(|change| (change.id.to_string(), change.action)).collect();
    assert_eq!(changes, [("vpc.acme@tokyo".to_owned(), Action::Create)], "an empty network beside the old one");
    assert!(body.orphans.is_empty(), "the same ids are declared: {:#?}", body.orphans);
    let group = body.blocked.iter().find(|blocked| blocked.id == id("security-group.acme@tokyo")).expect("a group");
    assert!(
        group.diffs.iter().any(|diff| diff.path.starts_with("rules[egress")),
        "its rules are meant for the other network, and would cut the tenant off its database: {:#?}",
        group.diffs
    );
    nothing_moves(&lab, &body);

    // The file as it was: the tenant is whole, and the empty network is an orphan with the line that retires it.
    let back = lab.with(production(&[(APART, TOGETHER)]));
    let body = back.plan().plan.body;
    assert!(body.changes.is_empty() && body.blocked.is_empty(), "{:#?} {:#?}", body.changes, body.blocked);
    let orphans: Vec<_> = body.orphans.iter().map(|orphan| (orphan.id.to_string(), orphan.tombstone.is_some())).collect();
    assert_eq!(orphans, [("vpc.acme@tokyo".to_owned(), true)]);
    let retire = ("tenants:\n", "retire:\n  - { id: vpc.acme@tokyo, reason: \"not used\" }\ntenants:\n");
    let clean = back.with(production(&[(APART, TOGETHER), retire]));
    assert!(all_done(&clean.apply()));
    assert!(clean.rows().iter().all(|row| row.id != Some(id("vpc.acme@tokyo"))));
}

#[test]
fn from_a_vpc_to_subnets_the_network_is_an_orphan_and_stays() {
    let old = Lab::new(production(&[]));
    old.converge();
    let lab = old.with(production(&[(APART, TOGETHER)]));
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
    assert_eq!(body.orphans.iter().map(|orphan| orphan.id.to_string()).collect::<Vec<_>>(), ["vpc.acme@tokyo"]);
    nothing_moves(&lab, &body);
}

/// A move holds back what was declared with it, not the repair of what a person broke meanwhile.
#[test]
fn what_somebody_broke_is_repaired_where_it_still_is() {
    let old = Lab::new(production(&[(APART, TOGETHER)]));
    old.converge();
    let lab = old.with(production(&[]));
    lab.set(&id("db-instance.acme-db@tokyo"), "publicly_accessible", &Value::Bool(true)).expect("by hand");
    let everybody = r#"{"direction":"ingress","protocol":"all","peer":"0.0.0.0/0"}"#;
    let rule: Value = serde_json::from_str(everybody).expect("a rule");
    lab.set(&id("security-group.acme@tokyo"), "rules[+]", &rule).expect("by hand");
    let body = lab.plan().plan.body;
    let changed: Vec<_> =
        body.changes.iter().filter(|change| change.action == Action::Update).map(|change| change.id.to_string()).collect();
    assert_eq!(changed, ["db-instance.acme-db@tokyo", "security-group.acme@tokyo"]);
    assert!(all_done(&lab.apply()));
    let rules = lab.row(&id("security-group.acme@tokyo")).attributes[attr("rules")].to_string();
    assert!(rules.contains("10.30.16.0/20") && !rules.contains("0.0.0.0/0"), "{rules}");
}

/// The way that works: a second id in its own network beside the first, then the first is retired. Nothing is shared
/// between the two but the environment.
#[test]
fn a_second_tenant_id_is_made_beside_the_first() {
    let old = Lab::new(production(&[(APART, TOGETHER)]));
    old.converge();
    let second = "  - { id: acme-2, isolation: vpc, cidr: 10.40.0.0/20, database: dedicated }\n\n# Nothing is deleted";
    let lab = old.with(production(&[(APART, TOGETHER), ("\n# Nothing is deleted", second)]));
    let body = lab.plan().plan.body;
    assert!(body.blocked.is_empty(), "{:#?}", body.blocked);
    let touched: Vec<_> =
        body.changes.iter().filter(|change| change.action != Action::Create).map(|change| change.id.to_string()).collect();
    assert_eq!(touched, ["backup-plan.main@tokyo"], "the new database joins the backups, nothing else is touched");
    assert_eq!(body.summary.create, 9, "VPC, three subnets, two groups, subnet group, key, database");
    lab.converge();
}

/// Somebody restored the database into another network and gave it the old name.
#[test]
fn a_database_in_a_strange_network_is_seen_and_refused() {
    let lab = Lab::new(production(&[]));
    let make = |kind: &str, attributes: &str| {
        let attributes = serde_json::from_str(attributes).expect("JSON");
        let request = CreateRequest { attributes, tags: tokaido::model::Pairs::new() };
        lab.world().log().create_by_hand(&lab.desired.account, Region::Tokyo, kind, &request).expect(kind)
    };
    let vpc = make("vpc", r#"{"cidr": "172.16.0.0/16"}"#);
    let subnet = |block: &str, zone: &str| {
        make("subnet", &format!(r#"{{"vpc": "{vpc}", "cidr": "172.16.{block}.0/24", "zone": "{zone}"}}"#))
    };
    let (a, b) = (subnet("1", "apne1-az1"), subnet("2", "apne1-az2"));
    make("db-subnet-group", &format!(r#"{{"name": "elsewhere", "description": "d", "subnets": ["{a}", "{b}"]}}"#));
    let database = &lab.desired.resources[&id("db-instance.acme-db@tokyo")];
    let mut attributes = database.attributes.clone();
    for name in ["kms_key", "parameter_group", "security_groups"] {
        attributes.remove(attr(name));
    }
    attributes.set(attr("subnet_group"), "elsewhere");
    attributes.set(attr("vpc"), vpc.as_str());
    let request = CreateRequest { attributes, tags: database.tags.clone() };
    lab.world().log().create_by_hand(&lab.desired.account, Region::Tokyo, "db-instance", &request).expect("a database");
    let body = lab.plan().plan.body;
    let blocked = body.blocked.iter().find(|blocked| blocked.id == id("db-instance.acme-db@tokyo")).expect("a refusal");
    assert_eq!(blocked.code.as_str(), "forbidden");
    let paths: Vec<_> = blocked.diffs.iter().map(|diff| diff.path.as_str()).collect();
    assert!(paths.starts_with(&["vpc"]) && paths.contains(&"subnet_group"), "{paths:?}");
}

/// Even a hand cannot let one VPC's group name another's: there is no network between them.
#[test]
fn no_rule_leads_from_one_vpc_to_another() {
    let lab = Lab::new(production(&[]));
    lab.converge();
    let rule = |group: &str| -> Value {
        let peer = lab.row(&id(group)).physical;
        let text = format!(r#"{{"direction":"ingress","protocol":"tcp","from":443,"to":443,"peer":"{peer}"}}"#);
        serde_json::from_str(&text).expect("a rule")
    };
    let globex = id("security-group.globex@tokyo");
    let refused = lab.set(&globex, "rules[+]", &rule("security-group.acme@tokyo"));
    assert!(matches!(refused, Err(ManualError::Refused { code: "InvalidGroup.NotFound", .. })), "{refused:?}");
    lab.set(&globex, "rules[+]", &rule("security-group.initech@tokyo")).expect("inside one VPC it is possible, and drift");
    assert!(lab.drift().has_drift());
}

/// A tenant under another id: its old subnets still hold the addresses. The plan says so before anything is tried, and
/// what it says to paste is what has to be done.
#[test]
fn a_renamed_tenant_is_refused_before_aws_refuses_it() {
    let initech = "  - id: initech\n    isolation: subnets\n    cidr: 10.30.48.0/20\n    database: { shared: catalog }\n    \
                   ingress_allow:\n      - { cidr: 198.51.100.128/25, port: 443 }\n";
    let renamed = ("  - id: globex\n", "  - id: initech\n");
    let old = Lab::new(production(&[(initech, "")]));
    old.converge();
    let lab = old.with(production(&[(initech, ""), renamed]));
    let body = lab.plan().plan.body;
    assert_eq!(refused(&body, "still-held"), ["subnet.initech-a@tokyo", "subnet.initech-b@tokyo", "subnet.initech-c@tokyo"]);
    let line = |blocked: &Blocked| match blocked.next.ours() {
        Some(NextStep::Retire { line, .. }) => line.strip_prefix("- ").map(str::to_owned),
        _ => None,
    };
    let lines: Vec<String> = body.blocked.iter().filter_map(line).collect();
    let report = lab.apply();
    assert!(all_done(&report), "nothing fails inside AWS: {report:#?}");

    let mut lines: Vec<String> = lines.iter().map(|line| format!("  - {}", line.replace('…', "renamed"))).collect();
    lines.push("  - { id: security-group.globex@tokyo, reason: \"renamed\" }".to_owned());
    let retire = format!("\nretire:\n{}\n# retire:", lines.join("\n"));
    let lab = old.with(production(&[(initech, ""), renamed, ("\n# retire:", &retire)]));
    let body = lab.plan().plan.body;
    let blocked = body.blocked.iter().find(|blocked| blocked.code.as_str() == "still-held").expect("a refusal");
    assert_eq!(blocked.next.ours(), Some(&NextStep::ApplyFirst { other: id("subnet.globex-a@tokyo") }));
    assert!(all_done(&lab.apply()));
    let done = lab.apply();
    assert!(all_done(&done) && done.blocked == 0, "{done:#?}");
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty() && body.blocked.is_empty(), "{:#?}", body.blocked);
}
