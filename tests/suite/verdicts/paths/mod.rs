//! From what AWS shows to who reaches whom: every connector and every wall, through the simulated world. What a packet does once the
//! facts are there is tested in `reach`.

mod services;
mod walls;
mod ways;

use crate::support::yaml;
use tokaido::kinds::{network_interface, vpc};
use tokaido::model::{DesiredState, Language, Reason, Region, ResourceId, SharedForwarder, Source, Value, VerdictState};
use tokaido::promises::judge::{Proved, VerdictReason, Way, new_paths};
use tokaido::sim::SandboxRow;

use super::breaks::{make, set};
use super::{in_state, production};
use crate::support::lab::block_on;
use crate::support::{Lab, attr, id};

const GLOBEX: &str = "security-group.globex@tokyo";
const INITECH: &str = "security-group.initech@tokyo";
const ACME: &str = "security-group.acme@tokyo";
const MAIN: &str = "vpc.main@tokyo";
const OF_ACME: &str = "vpc.acme@tokyo";

fn physical(lab: &Lab, what: &str) -> String {
    lab.row(&id(what)).physical
}

fn rows(lab: &Lab, kind: &str) -> Vec<SandboxRow> {
    lab.rows().into_iter().filter(|row| row.kind == kind).collect()
}

/// Makes an object by hand; answers with its identifier.
fn made(lab: &Lab, kind: &str, attributes: &str) -> String {
    let known: Vec<String> = rows(lab, kind).into_iter().map(|row| row.physical).collect();
    make(lab, kind, attributes, &[]);
    rows(lab, kind).into_iter().map(|row| row.physical).find(|id| !known.contains(id)).expect("a new object")
}

/// What AWS made with a network: its main table or its default ACL.
fn made_with(lab: &Lab, kind: &str, network: &str) -> ResourceId {
    let vpc = physical(lab, network);
    let of = |row: &SandboxRow| row.kind == kind && row.made_with.as_ref() == Some(&vpc);
    let row = lab.rows().into_iter().find(of).expect("AWS made one");
    ResourceId::new(kind, &row.physical, Region::Tokyo)
}

fn add(lab: &Lab, what: &ResourceId, path: &str, element: &str) {
    lab.set(what, path, &yaml::read(element)).unwrap_or_else(|error| panic!("{what}: {error}"));
}

fn route(lab: &Lab, network: &str, destination: &str, target: &str) {
    let table = made_with(lab, "route-table", network);
    let route = format!("{{ destination: {destination}, target: {target}, state: active, origin: CreateRoute }}");
    add(lab, &table, "routes[+]", &route);
}

/// An interface in a subnet with these groups; more attributes replace the plain ones.
fn host(lab: &Lab, subnet: &str, address: &str, groups: &[&str], more: &str) -> String {
    let row = lab.row(&id(subnet));
    let Value::Ref(network) = &row.attributes[attr("vpc")] else { panic!("{row:?}") };
    let vpc = physical(lab, &network.to.to_string());
    let of = |group: &&str| if group.starts_with("security-group.") { physical(lab, group) } else { (*group).to_owned() };
    let groups: Vec<String> = groups.iter().map(of).collect();
    let more = if more.is_empty() { "source_dest_check: true, interface_type: interface" } else { more };
    made(
        lab,
        network_interface::NAME,
        &format!(
            "{{ vpc: {vpc}, subnet: {}, groups: [{}], addresses: [{address}], prefixes: [], public_addresses: [], {more} }}",
            row.physical,
            groups.join(", ")
        ),
    )
}

/// A group of nobody in a network, which sends everywhere and admits everybody.
fn open_group(lab: &Lab, network: &str) -> String {
    let vpc = physical(lab, network);
    let all = |direction: &str| format!("{{ direction: {direction}, protocol: all, peer: 0.0.0.0/0 }}");
    let rules = format!("{}, {}", all("ingress"), all("egress"));
    let name = format!("open-{}", rows(lab, "security-group").len());
    made(lab, "security-group", &format!("{{ name: {name}, description: by hand, vpc: {vpc}, rules: [{rules}] }}"))
}

fn sends(lab: &Lab, group: &str) {
    set(lab, group, "rules[+]", "{ direction: egress, protocol: all, peer: 0.0.0.0/0 }");
}

fn admits(lab: &Lab, group: &str, peer: &str) {
    set(lab, group, "rules[+]", &format!("{{ direction: ingress, protocol: tcp, from: 22, to: 22, peer: {peer} }}"));
}

fn proved(lab: &Lab) -> Proved {
    block_on(lab.session().prove()).expect("a look").0
}

/// Every pair that is not isolated, in words: `globex → initech: leak: …`.
fn found(lab: &Lab) -> Vec<String> {
    let Proved { facts, proof } = proved(lab);
    let pairs = |from: &[usize], to: &[usize]| {
        let mut all = Vec::new();
        for a in from {
            all.extend(to.iter().filter(|b| *b != a).map(|b| format!("{} → {}", facts.tenants[*a], facts.tenants[*b])));
        }
        all
    };
    let mut said = Vec::new();
    for leak in &proof.leaks {
        let way =
            VerdictReason::PacketArrives { from: tokaido::promises::judge::Names(Vec::new()), way: Way::of(&facts, &leak.path) };
        let joined = leak.joined.map(|point| facts.points[point].name.clone()).unwrap_or_default();
        let words = format!("leak {:?} {joined}{}", leak.answer, way.say(Language::En));
        said.extend(pairs(&leak.from, &leak.to).into_iter().map(|pair| format!("{pair}: {words}")));
    }
    for undecided in &proof.undecided {
        let what: Vec<&str> = undecided.unread.iter().map(|at| facts.unread[*at].what.as_str()).collect();
        let words = format!("undecided {}", what.join(" | "));
        said.extend(pairs(&undecided.from, &undecided.to).into_iter().map(|pair| format!("{pair}: {words}")));
    }
    for assumed in &proof.assumed {
        let words = format!("assumed {}", assumed.forwarders.join(" | "));
        said.extend(pairs(&assumed.from, &assumed.to).into_iter().map(|pair| format!("{pair}: {words}")));
    }
    said.sort();
    said
}

/// Exactly these pairs are not isolated, each with all of these words.
#[track_caller]
fn expect(lab: &Lab, what: &str, wanted: &[(&str, &[&str])]) {
    let found = found(lab);
    assert_eq!(found.len(), wanted.len(), "{what}: {found:#?}");
    for (pair, words) in wanted {
        let of = found.iter().find(|one| one.starts_with(&format!("{pair}: "))).unwrap_or_else(|| panic!("{what}: {found:#?}"));
        assert!(words.iter().all(|word| of.contains(word)), "{what}: {words:?} in {of}");
    }
}

/// Hosts of globex may send everywhere, and initech admits everybody at port 22.
fn globex_to_initech() -> Lab {
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, INITECH, "0.0.0.0/0");
    lab
}

/// The same from globex to acme, whose network is another.
fn globex_to_acme() -> Lab {
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, ACME, "0.0.0.0/0");
    lab
}

const LOCAL: &[(&str, &[&str])] = &[("globex → initech", &["leak Returns", "tcp 22", "in by `ingress tcp 22 0.0.0.0/0`"])];

fn set_state(lab: &Lab, kind: &str, physical: &str, state: &str) {
    add(lab, &ResourceId::new(kind, physical, Region::Tokyo), "state", state);
}
