//! What was not read, part by part: each keeps exactly one pair undecided, and the proof names exactly that part. Beside them what
//! declared forwarders let pass.

use tokaido::reach::{Facts, Part, Peer, PointKind, Proof, Role, Route, Target, prove};

use super::compare::decided;
use super::estate::{DATABASE, Estate, Family, Home, TENANTS, WEB};
use super::oracle::{Verdict, decide};

type Base = fn(Family) -> Estate;
type Change = fn(&mut Estate, Home, Home);

fn walls(estate: &mut Estate, from: Home, to: Home) {
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    estate.out(from.group, WEB, destination);
    estate.into(to.group, WEB, source);
}

fn sender_only(estate: &mut Estate, from: Home, to: Home) {
    let destination = estate.block(to.subnet);
    estate.out(from.group, WEB, destination);
}

fn groups(estate: &mut Estate, from: Home, to: Home) {
    sender_only(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.points[to.point].groups = Part::Unread(why);
}

fn rules(estate: &mut Estate, from: Home, to: Home) {
    sender_only(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.groups[to.group].rules = Part::Unread(why);
}

fn peer(estate: &mut Estate, from: Home, to: Home) {
    sender_only(estate, from, to);
    let why = estate.unread(vec![]);
    estate.rule(to.group, true, WEB, Peer::Unread(why));
}

fn acl(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.subnets[to.subnet].acl = Part::Unread(why);
}

fn entries(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.acls[from.subnet].entries = Part::Unread(why);
}

fn table(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.subnets[from.subnet].table = Part::Unread(why);
}

fn routes(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.tables[from.subnet].routes = Part::Unread(why);
}

/// The blocks of a route to a peering are a list that was not read.
fn route(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let (target, why) = (estate.peering(from.network, to.network), estate.unread(vec![]));
    estate.routes(from.subnet).push(Route { words: "pl-1".into(), blocks: Part::Unread(why), target });
}

/// A list that was not read might hold a longer prefix than the route that wins.
fn list_beside(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    let why = estate.unread(vec![]);
    let (words, blocks) = ("pl-1".to_owned(), Part::Unread(why));
    estate.routes(from.subnet).push(Route { words: words.into(), blocks, target: Target::Away });
}

/// A gateway with the way there, of which one part is not read.
fn transit(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    estate.transit();
    let far = estate.block(to.subnet);
    estate.route(from.subnet, far, Target::Gateway(from.tenant));
}

fn gateway_table(estate: &mut Estate, from: Home, to: Home) {
    transit(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.gateway_tables[0].routes = Part::Unread(why);
}

fn association(estate: &mut Estate, from: Home, to: Home) {
    transit(estate, from, to);
    let why = estate.unread(vec![]);
    estate.facts.attachments[from.tenant].table = Part::Unread(why);
}

fn gateway_route(estate: &mut Estate, from: Home, to: Home) {
    transit(estate, from, to);
    let why = estate.unread(vec![]);
    estate.gateway_routes()[to.tenant].block = Part::Unread(why);
}

/// A packet leaves the sender's network to another account, and comes into the receiver's from there.
fn outside(estate: &mut Estate, from: Home, to: Home) {
    walls(estate, from, to);
    outside_route(estate, from, to);
}

fn outside_route(estate: &mut Estate, from: Home, to: Home) {
    let (why, far) = (estate.unread(vec![]), estate.block(to.subnet));
    estate.route(from.subnet, far, Target::Outside(why));
    estate.facts.networks[to.network].open.push(why);
}

/// The sender may send to the receiver's group alone.
fn outside_by_group(estate: &mut Estate, from: Home, to: Home) {
    let source = estate.block(from.subnet);
    estate.rule(from.group, false, WEB, Peer::Group(to.group));
    estate.into(to.group, WEB, source);
    outside_route(estate, from, to);
}

/// What the sender sends to an address of nobody may come back from there with another destination.
fn outside_to_nobody(estate: &mut Estate, from: Home, to: Home) {
    let nobody = estate.family.of(&[super::clean::block("192.0.2.0/24"), super::clean::block("3fff::/48")]);
    let all = estate.family.all();
    let why = estate.unread(vec![]);
    estate.out(from.group, WEB, nobody);
    estate.into(to.group, DATABASE, all);
    estate.route(from.subnet, nobody, Target::Outside(why));
    estate.facts.networks[to.network].open.push(why);
}

/// Hosts without a group, by the default group of the receiver's network.
fn outside_bare(estate: &mut Estate, from: Home, to: Home) {
    let (group, source) = (estate.default_group(to.network), estate.block(from.subnet));
    estate.into(group, WEB, source);
    outside_route(estate, from, to);
}

fn named(estate: &mut Estate, from: Home, to: Home) {
    let (all, nobody) = (estate.family.all(), super::clean::block("192.0.2.0/24"));
    estate.out(from.group, WEB, nobody);
    estate.into(to.group, DATABASE, all);
    estate.unread(vec![from.network, to.network]);
    // Nothing comes in from outside but what a named network lets in: the ACL is not asked there.
    estate.first_entry(to.subnet, true, false, all);
    quiet(estate, from, to);
}

/// Hosts without a group would be undecided too: their tenants are looked at in another case.
fn quiet(estate: &mut Estate, _from: Home, _to: Home) {
    estate.facts.points.retain(|point| point.kind != PointKind::Bare);
    for home in &mut estate.homes {
        home.point = home.tenant;
    }
}

fn translator(estate: &mut Estate, from: Home, to: Home) {
    let all = estate.family.all();
    let (why, far) = (estate.unread(vec![]), estate.block(to.subnet));
    let (target, _) = estate.translator(from.subnet);
    estate.facts.translators[0].subnet = Part::Unread(why);
    estate.out(from.group, WEB, far);
    estate.into(to.group, WEB, all);
    estate.route(from.subnet, far, target);
    estate.facts.networks[to.network].open.push(why);
}

fn obscure(estate: &mut Estate, from: Home, to: Home) {
    let why = estate.unread(vec![]);
    let (point, group) = estate.host("obscure", from.subnet, &[], Role::Obscure(why));
    let (own, source, far) = (estate.address(point), estate.block(from.subnet), estate.block(to.subnet));
    estate.out(from.group, WEB, own);
    estate.into(group, WEB, source);
    estate.out(group, DATABASE, far);
    estate.into(to.group, DATABASE, own);
}

/// Name, estate, and what was not read.
const PARTS: &[(&str, Base, Change)] = &[
    ("the groups of a host", Estate::together, groups),
    ("the rules of a group", Estate::together, rules),
    ("the peer of a rule", Estate::together, peer),
    ("which ACL a subnet has", Estate::together, acl),
    ("the entries of an ACL", Estate::together, entries),
    ("which table a subnet has", Estate::together, table),
    ("the routes of a table", Estate::together, routes),
    ("the blocks of a route", Estate::apart, route),
    ("a list beside the route that wins", Estate::together, list_beside),
    ("the routes of a gateway", Estate::apart, gateway_table),
    ("which table an attachment has", Estate::apart, association),
    ("the block of a gateway's route", Estate::apart, gateway_route),
    ("a way through another account", Estate::apart, outside),
    ("a way through another account, by groups", Estate::apart, outside_by_group),
    ("a way through another account, to an address of nobody", Estate::apart, outside_to_nobody),
    ("a way through another account, of hosts without groups", Estate::apart, outside_bare),
    ("two networks", Estate::apart, named),
    ("where a translator stands", Estate::apart, translator),
    ("what a service passes on", Estate::together, obscure),
];

fn verdicts(facts: &Facts, proof: &Proof) -> Vec<((usize, usize), Verdict)> {
    decided(facts, proof).pairs.into_iter().filter(|(_, verdict)| *verdict != Verdict::Isolated).collect()
}

fn each(base: Base, change: Change, mut each: impl FnMut(Estate, (usize, usize), String)) {
    for family in [Family::Four, Family::Six] {
        for (from, to) in [(0, 1), (1, 0)] {
            let mut estate = base(family);
            let (sender, receiver) = (estate.homes[from], estate.homes[to]);
            change(&mut estate, sender, receiver);
            each(estate, (from, to), format!("{} to {}, {family:?}", TENANTS[from], TENANTS[to]));
        }
    }
}

#[test]
fn each_part_that_is_not_read_keeps_one_pair_undecided_and_is_named() {
    let mut wrong = vec![];
    for (name, base, change) in PARTS {
        each(*base, *change, |estate, pair, direction| {
            let facts = &estate.facts;
            let expected = vec![(pair, Verdict::Undecided)];
            let found: Vec<_> = decide(facts).pairs.into_iter().filter(|(_, verdict)| *verdict != Verdict::Isolated).collect();
            assert_eq!(found, expected, "{name}, {direction}: the enumerator");
            let proof = prove(facts);
            let said = verdicts(facts, &proof);
            if said != expected {
                wrong.push(format!("{name}, {direction}: {said:?}"));
            } else if proof.undecided[0].unread != [0] {
                wrong.push(format!("{name}, {direction}: it names {:?}", proof.undecided[0].unread));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_hides_hosts_leaves_no_pair_isolated() {
    let mut estate = Estate::together(Family::Four);
    let why = estate.unread(vec![]);
    estate.facts.unread[why].hides = true;
    let (from, to) = (estate.homes[0], estate.homes[1]);
    walls(&mut estate, from, to);
    let proof = prove(&estate.facts);
    let all = decided(&estate.facts, &proof).pairs;
    assert_eq!(all, decide(&estate.facts).pairs);
    assert!(
        all.iter().all(|(pair, verdict)| *verdict == if *pair == (0, 1) { Verdict::Leak } else { Verdict::Undecided }),
        "{all:?}"
    );
}

fn shared(estate: &mut Estate, from: Home, to: Home) {
    for name in ["one", "other"] {
        let role = Role::Forwarder { of: name.into(), shared: Some("everybody's".into()) };
        let middle = estate.subnet(from.network);
        let (point, group) = estate.host(name, middle, &[], role);
        let (own, source, far) = (estate.address(point), estate.block(from.subnet), estate.block(to.subnet));
        estate.out(from.group, WEB, own);
        estate.into(group, WEB, source);
        estate.out(group, DATABASE, far);
        estate.into(to.group, DATABASE, own);
    }
}

#[test]
fn what_passes_only_through_declared_forwarders_is_an_assumption() {
    each(Estate::together, shared, |mut estate, (from, to), direction| {
        let proof = prove(&estate.facts);
        assert_eq!(verdicts(&estate.facts, &proof), [((from, to), Verdict::Assumed)], "{direction}");
        assert_eq!(proof.assumed[0].forwarders, ["one", "other"], "{direction}: isolation rests on both");
        // With another way it is what the other way makes it.
        let (sender, receiver) = (estate.homes[from], estate.homes[to]);
        walls(&mut estate, sender, receiver);
        assert_eq!(verdicts(&estate.facts, &prove(&estate.facts)), [((from, to), Verdict::Leak)], "{direction}");
        let why = estate.unread(vec![]);
        estate.facts.acls[receiver.subnet].entries = Part::Unread(why);
        assert_eq!(verdicts(&estate.facts, &prove(&estate.facts)), [((from, to), Verdict::Undecided)], "{direction}");
    });
}
