//! A rule follows what it speaks of: as long as a database or a block of addresses may be where it was, for whatever reason, nobody
//! loses the way to it, and no rule is pointed at what has not moved.

use tokaido::model::{BlockedCode, DesiredState, Environment, PlanBody, ResourceId, Value};
use tokaido::world::{ErrorClass, Moment};

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};

use super::entries::{MYSQL, edited, live, rules};

pub const CATALOG: &str = "db-instance.catalog@tokyo";

/// Development with a second tenant, which has subnets and a database of its own.
const GLOBEX: [(&str, &str); 2] = [
    (
        "tenants:\n",
        "dedicated_database:\n  engine: postgres\n  version: \"16\"\n  class: db.t4g.micro\n  storage: { at_least: 20 GiB, up_to: 100 GiB }\n  \
         multi_az: false\n  backup_window: \"01:00-01:30 Asia/Tokyo\"\n  maintenance_window: \"Sun 06:00-06:30 Asia/Tokyo\"\n\ntenants:\n",
    ),
    (
        "      - { cidr: 203.0.113.0/24, port: 443 }\n",
        "      - { cidr: 203.0.113.0/24, port: 443 }\n  - id: globex\n    isolation: subnets\n    cidr: 10.10.32.0/20\n    \
         database: dedicated\n    ingress_allow:\n      - { cidr: 198.51.100.0/25, port: 443 }\n",
    ),
];

pub fn dev(edits: &[(&str, &str)]) -> DesiredState {
    edited(Environment::Dev, edits)
}

/// The same edits after those that add globex.
pub fn with_globex(edits: &[(&str, &str)]) -> DesiredState {
    dev(&GLOBEX.iter().chain(edits).copied().collect::<Vec<_>>())
}

pub fn two_tenants() -> Lab {
    let lab = Lab::new(with_globex(&[]));
    lab.converge();
    lab
}

/// The rules of a group as they are in AWS.
pub fn held(lab: &Lab, group: &str) -> String {
    lab.row(&id(group)).attributes[attr("rules")].to_string()
}

pub fn groups(lab: &Lab) -> Vec<(ResourceId, String)> {
    let rows = lab.rows().into_iter().filter_map(|row| Some((row.id?, row.attributes)));
    let of = rows.filter(|(id, _)| id.kind == "security-group");
    of.map(|(id, attributes)| (id, attributes[attr("rules")].to_string())).collect()
}

/// The plan changes no rule, and says so of each group that would have changed; applied, every group is as it was, and nothing is
/// called drift.
pub fn nobody_is_cut_off(lab: &Lab, waiting: &[&str]) -> PlanBody {
    let before = groups(lab);
    let planned = lab.plan();
    let body = &planned.plan.body;
    assert_eq!(rules(body), Vec::<String>::new(), "{:#?}", body.blocked);
    for group in waiting {
        let said = body.blocked.iter().any(|blocked| blocked.id == id(group) && blocked.code == BlockedCode::Half);
        assert!(said, "{group} waits for nothing: {:#?}", body.blocked);
    }
    lab.apply_planned(&planned);
    assert_eq!(groups(lab), before);
    assert_eq!(rules(&lab.plan().plan.body), Vec::<String>::new(), "the next plan moves it");
    planned.plan.body.clone()
}

#[test]
fn a_shared_block_that_cannot_change_is_reached_where_it_is() {
    let edits: [&[(&str, &str)]; 4] = [
        &[("shared: 10.10.0.0/20", "shared: 10.10.64.0/20")],
        &[("shared: 10.10.0.0/20", "shared: 10.10.0.0/21")],
        // The blocks of the shared databases and of a tenant in exchange.
        &[("shared: 10.10.0.0/20", "shared: 10.10.16.0/20"), ("cidr: 10.10.16.0/20", "cidr: 10.10.0.0/20")],
        // The whole network in other addresses.
        &[
            ("cidr: 10.10.0.0/16", "cidr: 10.20.0.0/16"),
            ("shared: 10.10.0.0/20", "shared: 10.20.0.0/20"),
            ("cidr: 10.10.16.0/20", "cidr: 10.20.16.0/20"),
        ],
    ];
    for edit in edits {
        let lab = live(Environment::Dev).with(dev(edit));
        nobody_is_cut_off(&lab, &["security-group.catalog-clients@tokyo"]);
        assert!(held(&lab, "security-group.catalog-clients@tokyo").contains("10.10.0.0/20"), "{edit:?}");
        let drift = lab.drift();
        assert!(!drift.has_drift(), "{edit:?}: {drift:#?}");
    }
}

/// In production too, with its approvals and its tenants, whether the subnets can be read or not.
#[test]
fn a_shared_block_of_production_is_reached_where_it_is() {
    for unread in [false, true] {
        let lab = live(Environment::Production);
        let lab = lab.with(edited(Environment::Production, &[("shared: 10.30.0.0/20", "shared: 10.30.64.0/20")]));
        if unread {
            lab.fail("list subnet", ErrorClass::Throttled, Moment::Before, 100);
        }
        let body = nobody_is_cut_off(&lab, &["security-group.catalog-clients@tokyo"]);
        assert!(!body.blocked.iter().any(|blocked| blocked.id.name.contains("initech") && blocked.code == BlockedCode::Half));
    }
}

#[test]
fn a_database_in_a_failed_state_keeps_its_users() {
    for state in ["storage-full", "stopped", "failed", "incompatible-parameters"] {
        let lab = live(Environment::Dev);
        lab.set(&id(CATALOG), "(state)", &state.into()).expect("by hand");
        let lab = lab.with(dev(&MYSQL));
        nobody_is_cut_off(&lab, &["security-group.catalog@tokyo", "security-group.catalog-clients@tokyo"]);
    }
}

#[test]
fn a_database_that_cannot_be_read_keeps_its_users() {
    for class in [ErrorClass::Throttled, ErrorClass::AccessDenied] {
        for operation in ["list db-instance", "list subnet", "list"] {
            let lab = live(Environment::Dev);
            lab.fail(operation, class, Moment::Before, 100);
            let lab = lab.with(dev(&MYSQL));
            let body = lab.plan().plan.body;
            assert_eq!(rules(&body), Vec::<String>::new(), "{operation}");
        }
    }
    let lab = live(Environment::Dev);
    lab.fail("list db-instance", ErrorClass::Throttled, Moment::Before, 100);
    nobody_is_cut_off(&lab.with(dev(&MYSQL)), &["security-group.catalog@tokyo", "security-group.catalog-clients@tokyo"]);
}

#[test]
fn a_database_without_its_tag_keeps_its_users() {
    let lab = live(Environment::Dev);
    lab.set(&id(CATALOG), "tags[tokaido:id]", &Value::Null).expect("by hand");
    nobody_is_cut_off(&lab.with(dev(&MYSQL)), &["security-group.catalog@tokyo", "security-group.catalog-clients@tokyo"]);
}

/// Nothing is known but the files: a rule that may lead to the database as it is stays.
#[test]
fn without_records_what_may_be_the_way_stays() {
    for unread in [false, true] {
        let mut lab = live(Environment::Dev);
        lab.forget();
        if unread {
            lab.fail("list db-instance", ErrorClass::Throttled, Moment::Before, 100);
        }
        let lab = lab.with(dev(&MYSQL));
        assert_eq!(rules(&lab.plan().plan.body), Vec::<String>::new(), "unread: {unread}");
    }
    let mut lab = live(Environment::Dev);
    lab.forget();
    lab.fail("list subnet", ErrorClass::Throttled, Moment::Before, 100);
    let lab = lab.with(dev(&[("shared: 10.10.0.0/20", "shared: 10.10.64.0/20")]));
    assert_eq!(rules(&lab.plan().plan.body), Vec::<String>::new());
}

/// The blocks of acme and globex in exchange.
const EXCHANGED: [(&str, &str); 2] =
    [("cidr: 10.10.32.0/20", "cidr: 10.10.16.0/20 # globex"), ("cidr: 10.10.16.0/20\n", "cidr: 10.10.32.0/20\n")];

const WAY: [&str; 2] = ["security-group.globex@tokyo", "security-group.globex-db@tokyo"];

/// 3a and 3b: another block, and a block in exchange.
#[test]
fn a_tenant_whose_block_cannot_change_keeps_its_way_whatever_the_reason() {
    let moved = [("cidr: 10.10.32.0/20", "cidr: 10.10.48.0/20")];
    let ways = [(&moved[..], false), (&moved[..], true), (&EXCHANGED[..], false), (&EXCHANGED[..], true)];
    for (edits, unread) in ways {
        let lab = two_tenants();
        if unread {
            lab.fail("list subnet", ErrorClass::Throttled, Moment::Before, 100);
        }
        let lab = lab.with(with_globex(edits));
        nobody_is_cut_off(&lab, &WAY[..1]);
        assert!(held(&lab, WAY[0]).contains("10.10.32.0/20"), "{edits:?} {unread}");
    }
}

/// 3c: the tenant's other changes wait too, as they do when the engine is refused.
#[test]
fn a_tenant_whose_engine_cannot_change_is_changed_whole_or_not_at_all() {
    let database = id("db-instance.globex-db@tokyo");
    let wish = with_globex(&[
        (
            "dedicated_database:\n  engine: postgres\n  version: \"16\"",
            "dedicated_database:\n  engine: mysql\n  version: \"8.4\"",
        ),
        ("198.51.100.0/25", "198.51.100.128/25"),
    ]);
    let hinder: [&dyn Fn(&Lab); 4] = [
        &|_| {},
        &|lab| lab.fail("list db-instance", ErrorClass::Throttled, Moment::Before, 100),
        &|lab| lab.set(&database, "(state)", &"stopped".into()).expect("by hand"),
        &|lab| lab.set(&database, "tags[tokaido:id]", &Value::Null).expect("by hand"),
    ];
    for hindered in hinder {
        let lab = two_tenants();
        hindered(&lab);
        nobody_is_cut_off(&lab.with(wish.clone()), &WAY);
    }
}

/// A tenant with a network of its own, in production, with approvals.
#[test]
fn a_tenant_whose_network_cannot_change_keeps_its_way() {
    for operation in ["list subnet", "list vpc", "list db-instance", ""] {
        let lab = live(Environment::Production);
        if !operation.is_empty() {
            lab.fail(operation, ErrorClass::AccessDenied, Moment::Before, 100);
        }
        let edits = [("cidr: 10.40.0.0/20", "cidr: 10.41.0.0/20"), ("203.0.113.0/24", "203.0.113.0/25")];
        nobody_is_cut_off(&lab.with(edited(Environment::Production, &edits)), &["security-group.acme@tokyo"]);
        assert!(held(&lab, "security-group.acme@tokyo").contains("10.40.0.0/20"), "{operation}");
    }
}

/// 4: what was applied speaks for the tags. Nobody touched anything, so nothing drifted and no identity is to be swapped.
#[test]
fn blocks_in_exchange_are_no_swapped_tags() {
    let lab = two_tenants();
    let lab = lab.with(with_globex(&EXCHANGED));
    let drift = lab.drift();
    assert!(!drift.has_drift() && drift.missing.is_empty(), "{drift:#?}");
    let body = lab.plan().plan.body;
    let subnets: Vec<_> = body.blocked.iter().filter(|blocked| blocked.id.kind == "subnet").collect();
    assert_eq!(subnets.len(), 6, "{subnets:#?}");
    assert!(subnets.iter().all(|blocked| blocked.code == BlockedCode::Forbidden), "{subnets:#?}");
    let told = serde_json::to_string(&body).expect("JSON") + &serde_json::to_string(&lab.audit()).expect("JSON");
    assert!(!told.contains("create-tags") && !told.contains("add-tags"), "advises to give one tenant's identity to another");
}

/// Tags that a person exchanged are still seen: the records say which block each had.
#[test]
fn tags_in_exchange_are_still_seen() {
    let lab = two_tenants();
    let (one, other) = (id("subnet.acme-a@tokyo"), id("subnet.globex-a@tokyo"));
    lab.set(&one, "tags[tokaido:id]", &"subnet.parked-a@tokyo".into()).expect("by hand");
    lab.set(&other, "tags[tokaido:id]", &one.to_string().as_str().into()).expect("by hand");
    lab.set(&id("subnet.parked-a@tokyo"), "tags[tokaido:id]", &other.to_string().as_str().into()).expect("by hand");
    let drift = lab.drift();
    assert!(drift.missing.iter().any(|gone| gone.id == one) && drift.missing.iter().any(|gone| gone.id == other), "{drift:#?}");
}

/// 5: what a person opened is closed, whatever waits for the engine.
#[test]
fn what_was_opened_by_hand_is_closed_while_the_engine_waits() {
    for forgotten in [false, true] {
        let mut lab = live(Environment::Dev);
        if forgotten {
            lab.forget();
        }
        let group = id("security-group.catalog@tokyo");
        let rows = lab.row(&group).attributes[attr("rules")].clone();
        let mut all: Vec<Value> = rows.as_list().expect("rules").to_vec();
        for port in [3306_i64, 5432] {
            let open =
                serde_json::json!({"direction": "ingress", "protocol": "tcp", "from": port, "to": port, "peer": "0.0.0.0/0"});
            all.push(serde_json::from_value(open).expect("a rule"));
        }
        lab.set(&group, "rules", &Value::list(all)).expect("by hand");
        let lab = lab.with(dev(&MYSQL));
        let planned = lab.plan();
        let closed = rules(&planned.plan.body);
        assert_eq!(closed.len(), 2, "{closed:#?} {:#?}", planned.plan.body.blocked);
        assert!(closed.iter().all(|rule| rule.ends_with("0.0.0.0/0]")), "{closed:#?}");
        lab.apply_planned(&planned);
        let rules = held(&lab, "security-group.catalog@tokyo");
        assert!(rules.contains("5432") && !rules.contains("0.0.0.0/0"), "{rules}");
    }
}

/// And what a person took away is put back as it was applied, by a plan that is checked as every other.
#[test]
fn what_was_taken_away_by_hand_is_put_back_while_the_engine_waits() {
    let lab = live(Environment::Dev);
    let group = id("security-group.catalog@tokyo");
    let before = groups(&lab);
    lab.set(&group, "rules", &Value::list(Vec::<Value>::new())).expect("by hand");
    let lab = lab.with(dev(&MYSQL));
    let planned = lab.plan();
    let put = rules(&planned.plan.body);
    assert_eq!(put, ["security-group.catalog@tokyo rules[ingress tcp 5432 security-group.catalog-clients@tokyo]"]);
    let schemas = tokaido::kinds::schemas();
    let body = &planned.plan.body;
    assert_eq!(tokaido::plan::undeclared(body, &lab.desired, &schemas, None), Vec::<String>::new());
    let mut forged = body.clone();
    forged.blocked.retain(|blocked| blocked.id != group);
    assert!(!tokaido::plan::undeclared(&forged, &lab.desired, &schemas, None).is_empty(), "a rule that nothing asks for");
    assert!(all_done(&lab.apply_saved(&planned.plan).expect("applied")));
    assert_eq!(groups(&lab), before);
    assert!(!lab.drift().has_drift(), "{:#?}", lab.drift());
}

/// A new group is not pointed at a block whose subnets do not come: another tenant lives there.
#[test]
fn a_new_group_waits_for_its_block() {
    let lab = two_tenants();
    let initech = (
        "      - { cidr: 198.51.100.0/25, port: 443 }\n",
        "      - { cidr: 198.51.100.0/25, port: 443 }\n  - id: initech\n    isolation: subnets\n    cidr: 10.10.32.0/20 # initech\n    database: dedicated\n    ingress_allow: []\n",
    );
    let taken = lab.with(with_globex(&[("cidr: 10.10.32.0/20\n", "cidr: 10.10.48.0/20\n"), initech]));
    let body = taken.plan().plan.body;
    let made = |body: &PlanBody| body.changes.iter().any(|change| change.id == id("security-group.initech@tokyo"));
    assert!(!made(&body), "a way into the block of globex: {:#?}", body.blocked);
    taken.fail("list subnet", ErrorClass::Throttled, Moment::Before, 1);
    let body = taken.plan().plan.body;
    assert!(!made(&body), "a way into the block of globex, unread: {:#?}", body.blocked);
    // With a block of its own it comes whole, whatever waits beside it.
    let free = ("cidr: 10.10.32.0/20 # initech", "cidr: 10.10.80.0/20 # initech");
    let lab = lab.with(with_globex(&[("cidr: 10.10.32.0/20\n", "cidr: 10.10.48.0/20\n"), initech, free, MYSQL[0], MYSQL[1]]));
    let planned = lab.plan();
    let report = lab.apply_planned(&planned);
    assert!(all_done(&report), "{report:#?}");
    assert!(held(&lab, "security-group.initech@tokyo").contains("10.10.80.0/20"));
    assert!(held(&lab, WAY[0]).contains("10.10.32.0/20"));
}

/// Rules that speak of nothing that waits go on: another port, another address, a manual change.
#[test]
fn what_speaks_of_nothing_that_waits_goes_on() {
    let lab = live(Environment::Dev);
    let group = id("security-group.acme@tokyo");
    let lab = lab.with(dev(&[
        ("shared: 10.10.0.0/20", "shared: 10.10.64.0/20"),
        MYSQL[0],
        MYSQL[1],
        ("203.0.113.0/24, port: 443", "203.0.113.0/25, port: 8443"),
    ]));
    let changed = rules(&lab.plan().plan.body);
    assert_eq!(changed.len(), 2, "{changed:#?}");
    assert!(changed.iter().all(|rule| rule.starts_with(&group.to_string())), "{changed:#?}");
}

/// In Osaka as in Tokyo: a rule of the network for restored databases follows its subnets.
#[test]
fn a_rule_in_osaka_follows_its_subnets() {
    let opened = |block: &str, edits: &[(&str, &str)]| {
        let mut desired = dev(edits);
        let group = desired.resources.get_mut(&id("security-group.recovery@osaka")).expect("declared");
        let rule = serde_json::json!({"direction": "ingress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": block});
        group.attributes.set(attr("rules"), Value::list([serde_json::from_value::<Value>(rule).expect("a rule")]));
        desired
    };
    let lab = Lab::new(opened("10.11.0.0/16", &[]));
    lab.converge();
    for unread in [false, true] {
        if unread {
            lab.fail("list subnet", ErrorClass::Throttled, Moment::Before, 100);
        }
        let lab = lab.with(opened("10.12.0.0/16", &[("cidr: 10.11.0.0/16", "cidr: 10.12.0.0/16")]));
        nobody_is_cut_off(&lab, &["security-group.recovery@osaka"]);
        assert!(held(&lab, "security-group.recovery@osaka").contains("10.11.0.0/16"));
    }
}

/// As if the procedure had put another object into the place of this one.
pub fn replaced(lab: &Lab, of: &ResourceId, values: &[(&str, Value)]) {
    let physical = lab.row(of).physical;
    let change = |state: &tokaido::sim::State| {
        let mut object = state.objects.values().find(|object| object.physical == physical).expect("it").clone();
        for (name, value) in values {
            object.attributes.set(attr(name), value.clone());
        }
        (vec![tokaido::sim::LogEntry::put(state.now, "hand", "set", object)], ())
    };
    lab.world().log().commit(change).expect("in memory");
}

/// What is where the files declare it takes its rules along, also a database beside one that waits.
#[test]
fn what_has_moved_takes_its_rules_along() {
    let lab = two_tenants();
    let mysql = [("engine", "mysql".into()), ("engine_version", "8.4.7".into()), ("port", 3306_i64.into())];
    replaced(&lab, &id(CATALOG), &mysql);
    for (letter, block) in [("a", "10.10.48.0/22"), ("b", "10.10.52.0/22"), ("c", "10.10.56.0/22")] {
        replaced(&lab, &id(&format!("subnet.globex-{letter}@tokyo")), &[("cidr", block.into())]);
    }
    let dedicated = (
        "dedicated_database:\n  engine: postgres\n  version: \"16\"",
        "dedicated_database:\n  engine: mysql\n  version: \"8.4\"",
    );
    let moved = ("cidr: 10.10.32.0/20", "cidr: 10.10.48.0/20");
    lab.set(&id(CATALOG), "(state)", &"stopped".into()).expect("by hand");
    let shared = [MYSQL[0], ("version: \"16\"\n    class", "version: \"8.4\"\n    class")];
    let body = lab.with(with_globex(&[dedicated, shared[0], shared[1]])).plan().plan.body;
    let changed = rules(&body);
    assert_eq!(changed.len(), 4, "{changed:#?} {:#?}", body.blocked);
    assert!(changed.iter().all(|rule| rule.starts_with("security-group.catalog")), "{changed:#?}");
    let changed = rules(&lab.with(with_globex(&[moved])).plan().plan.body);
    assert_eq!(changed.len(), 2, "{changed:#?}");
    assert!(changed.iter().all(|rule| rule.starts_with("security-group.globex@tokyo")), "{changed:#?}");
}

#[test]
fn nothing_is_held_in_a_converged_world() {
    for environment in [Environment::Dev, Environment::Production] {
        let lab = live(environment);
        for operation in ["list subnet", "list db-instance", "list vpc"] {
            lab.fail(operation, ErrorClass::Throttled, Moment::Before, 100);
            let body = lab.plan().plan.body;
            assert!(!body.blocked.iter().any(|blocked| blocked.code == BlockedCode::Half), "{operation}: {:#?}", body.blocked);
            lab.heal();
        }
        lab.assert_settled();
    }
}
