//! Routes that lead out of a network: the subnets which they serve are unknown, and no other. What serves nobody, leads nowhere
//! or leads to the Internet changes nothing.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::observed::{ObservedState, Other};
use tokaido::model::{Environment, Language, Region, ResourceId, UnknownCause, Value, VerdictState};
use tokaido::promises::judge::{JudgeInput, judge};
use tokaido::world::{CreateRequest, ErrorClass, Moment};

use super::{in_state, production, states};
use crate::support::{Lab, attr, id, project};

const ISOLATION: &str = "tenant-isolation";

fn route(destination: &str, target: &str, state: &str) -> Value {
    Value::map([("destination", destination), ("target", target), ("state", state), ("origin", "CreateRoute")])
}

fn tables(observed: &ObservedState) -> impl Iterator<Item = &Other> {
    observed.others.iter().filter(|other| other.kind == "route-table")
}

/// The main table of this network, as a person names it.
fn main_table(lab: &Lab, network: &str) -> ResourceId {
    let observed = lab.plan().observed;
    let of = |other: &&Other| {
        let home = &other.live.attributes.bare()[attr("vpc")];
        matches!(home, Value::Ref(to) if to.to == id(network))
    };
    let table = tables(&observed).find(of).expect("AWS made one");
    ResourceId::new("route-table", &table.live.physical, table.region)
}

/// A table that a person made in this network, with these routes.
fn other_table(lab: &Lab, network: &str, routes: Vec<Value>) -> ResourceId {
    let (region, vpc) = (id(network).region, lab.row(&id(network)).physical);
    let attributes = [("vpc", Value::from(vpc)), ("main", false.into()), ("routes", Value::from(routes))];
    let attributes = attributes.into_iter().map(|(name, value)| (attr(name), value)).collect();
    let request = CreateRequest { attributes, tags: [("owner".to_owned(), "somebody".to_owned())].into() };
    let made = lab.world().log().create_by_hand(&lab.desired.account, region, "route-table", &request);
    ResourceId::new("route-table", &made.expect("a table"), region)
}

/// Our subnets in this network.
fn subnets(lab: &Lab, network: &str) -> BTreeSet<String> {
    let here = |id: &&ResourceId| id.kind == "subnet" && lab.desired.resources[*id].dependencies().contains(&self::id(network));
    lab.desired.resources.keys().filter(here).map(ToString::to_string).collect()
}

fn subnet(id: &str) -> Value {
    Value::from(tokaido::model::Reference::new(&self::id(id), "id"))
}

/// The members of isolation that are unknown. Every other promise but its repetition is as in the clean world.
fn unknown(lab: &Lab) -> BTreeSet<String> {
    let mut found = in_state(&lab.audit(), VerdictState::Unknown);
    let isolation = found.remove(ISOLATION).unwrap_or_default();
    assert_eq!(found.remove("virtual-separation").unwrap_or_default(), isolation);
    assert!(found.is_empty(), "{found:#?}");
    assert!(in_state(&lab.audit(), VerdictState::Broken).is_empty());
    lab.assert_settled();
    isolation
}

#[test]
fn a_route_to_a_peering_on_the_main_table_makes_unknown_whom_it_serves() {
    let lab = production();
    assert_eq!(unknown(&lab), BTreeSet::new());
    let table = main_table(&lab, "vpc.main@tokyo");
    lab.set(&table, "routes[+]", &route("10.99.0.0/16", "pcx-0123456789abcdef0", "active")).expect("by hand");
    let served = subnets(&lab, "vpc.main@tokyo");
    assert!(served.len() > 3, "{served:?}");
    assert_eq!(unknown(&lab), served);
    let audit = lab.audit();
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == ISOLATION).expect("a verdict");
    assert_eq!(verdict.unknown, Some(UnknownCause::NotAsked), "a promotion does not wait for what nobody asks");
    let member = verdict.in_state(VerdictState::Unknown).next().expect("a member");
    let reason = member.reason.as_ref().expect("a reason");
    let name = format!("{} (route-table@tokyo)", table.name);
    for language in [Language::En, Language::Ja] {
        let said = reason.say(language);
        assert!([&*name, "10.99.0.0/16", "pcx-0123456789abcdef0"].iter().all(|part| said.contains(part)), "{said}");
    }
    let cited = member.facts.iter().find(|fact| fact.name == format!("{name} routes")).expect("the routes are evidence");
    assert!(cited.value.contains("pcx-0123456789abcdef0") && cited.source == "list route-table@tokyo", "{cited:?}");
    // Explicitly associated with another table, a subnet does not use the main one.
    let clean = other_table(&lab, "vpc.main@tokyo", vec![route("10.10.0.0/16", "local", "active")]);
    let moved = served.iter().next().expect("a subnet");
    lab.set(&clean, "subnets", &Value::list([subnet(moved)])).expect("by hand");
    let left: BTreeSet<String> = served.iter().filter(|id| *id != moved).cloned().collect();
    assert_eq!(unknown(&lab), left);
    lab.set(&table, "routes[10.99.0.0/16]", &Value::Null).expect("by hand");
    assert_eq!(unknown(&lab), BTreeSet::new());
}

#[test]
fn a_table_that_serves_nobody_changes_nothing_and_one_that_serves_a_subnet_only_that() {
    let lab = production();
    let table = other_table(&lab, "vpc.main@tokyo", vec![route("0.0.0.0/0", "tgw-0123456789abcdef0", "active")]);
    assert_eq!(unknown(&lab), BTreeSet::new());
    let served = subnets(&lab, "vpc.main@tokyo").into_iter().next().expect("a subnet");
    lab.set(&table, "subnets", &Value::list([subnet(&served)])).expect("by hand");
    assert_eq!(unknown(&lab), BTreeSet::from([served]));
}

/// Where each target leads, and the blackhole of each.
#[test]
fn every_target_is_either_harmless_or_unknown() {
    let lab = production();
    let table = main_table(&lab, "vpc.main@osaka");
    let served = subnets(&lab, "vpc.main@osaka");
    assert!(!served.is_empty());
    for (destination, target, out) in [
        ("0.0.0.0/0", "igw-0123456789abcdef0", false),
        ("0.0.0.0/0", "nat-0123456789abcdef0", false),
        ("::/0", "eigw-0123456789abcdef0", false),
        ("10.20.0.0/16", "local", false),
        ("pl-61a54008", "vpce-0123456789abcdef0", false),
        ("pl-61a54008", "pcx-0123456789abcdef0", true),
        ("10.99.0.0/16", "vpce-0123456789abcdef0", true),
        ("10.99.0.0/16", "pcx-0123456789abcdef0", true),
        ("fd00::/8", "pcx-0123456789abcdef0", true),
        ("10.99.0.0/16", "tgw-0123456789abcdef0", true),
        ("10.99.0.0/16", "vgw-0123456789abcdef0", true),
        ("10.99.0.0/16", "lgw-0123456789abcdef0", true),
        ("10.99.0.0/16", "cagw-0123456789abcdef0", true),
        ("10.99.0.0/16", "eni-0123456789abcdef0", true),
        ("10.99.0.0/16", "i-0123456789abcdef0", true),
        ("10.99.0.0/16", "arn:aws:networkmanager::111111111111:core-network/core-network-1", true),
        ("10.99.0.0/16", "arn:aws:odb:ap-northeast-3:111111111111:odb-network/odbnet-1", true),
        ("10.99.0.0/16", "something-new-1", true),
    ] {
        for state in ["active", "filtered", "blackhole"] {
            lab.set(&table, "routes", &Value::list([route(destination, target, state)])).expect("by hand");
            let expected = if out && state != "blackhole" { served.clone() } else { BTreeSet::new() };
            assert_eq!(unknown(&lab), expected, "{destination} {target} {state}");
        }
    }
    // AWS names a target that this version does not know.
    lab.set(&table, "routes", &Value::list([Value::map([("destination", "10.99.0.0/16"), ("state", "active")])]))
        .expect("by hand");
    assert_eq!(unknown(&lab), served);
}

#[test]
fn tables_that_were_not_read_leave_every_subnet_of_the_region_unknown() {
    let lab = production();
    lab.fail("list route-table@tokyo", ErrorClass::AccessDenied, Moment::Before, 0);
    let audit = lab.audit();
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == ISOLATION).expect("a verdict");
    assert_eq!(verdict.unknown, Some(UnknownCause::ReadFailed));
    let members: BTreeSet<String> = verdict.in_state(VerdictState::Unknown).map(|member| member.subject.clone()).collect();
    let mut expected: BTreeSet<String> = lab
        .desired
        .resources
        .keys()
        .filter(|id| id.kind == "subnet" && id.region == Region::Tokyo)
        .map(ToString::to_string)
        .collect();
    expected.insert("every route-table@tokyo".to_owned());
    assert_eq!(members, expected);
    // A plan and `drift` go on: nothing that is declared leans on a table.
    let body = lab.plan().plan.body;
    assert!(body.blocked.is_empty() && body.changes.is_empty() && !body.unreadable.is_empty());
    assert!(!lab.drift().has_drift() && lab.drift().unreadable.is_empty());
}

/// As in a sandbox that an older version made: it has no tables, and nobody knows where the packets go.
#[test]
fn a_network_without_a_table_is_unknown() {
    let lab = production();
    let mut observed = lab.plan().observed;
    observed.others.retain(|other| other.kind != "route-table" || other.region != Region::Osaka);
    let schemas = kinds::schemas();
    let input =
        JudgeInput { desired: &lab.desired, observed: &observed, recorded: None, schemas: &schemas, accounts: None, now: None };
    let verdicts = judge(&input);
    let verdict = verdicts.iter().find(|verdict| verdict.promise == ISOLATION).expect("a verdict");
    assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)));
    let members: BTreeSet<String> = verdict.in_state(VerdictState::Unknown).map(|member| member.subject.clone()).collect();
    let osaka = |id: &&ResourceId| id.kind == "subnet" && id.region == Region::Osaka;
    assert_eq!(members, lab.desired.resources.keys().filter(osaka).map(ToString::to_string).collect());
}

/// A plan that makes the networks says that isolation will be kept, and it is.
#[test]
fn a_network_that_a_plan_would_make_gets_a_table_that_leads_nowhere() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    let moves = lab.plan().plan.body.promises;
    let isolation = moves.iter().find(|moved| moved.promise == ISOLATION).expect("it is judged");
    assert_eq!((isolation.before, isolation.after), (VerdictState::NotApplicable, VerdictState::Kept));
    lab.converge();
    assert_eq!(states(&lab.audit())[ISOLATION].0, VerdictState::Kept);
}
