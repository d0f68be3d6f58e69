//! The table: every kind of hole with what closes it.

use tokaido::reach::{Part, Role, Target};

use super::super::estate::{Estate, Family, Home};
use super::holes::{self, Kind, Ways};

fn acl_keeps_out(estate: &mut Estate, _from: Home, to: Home) {
    for all in [Family::Four.all(), Family::Six.all()] {
        estate.first_entry(to.subnet, true, false, all);
    }
}

fn acl_keeps_in(estate: &mut Estate, from: Home, _to: Home) {
    for all in [Family::Four.all(), Family::Six.all()] {
        estate.first_entry(from.subnet, false, false, all);
    }
}

fn sends_nothing(estate: &mut Estate, from: Home, _to: Home) {
    estate.rules(from.group).retain(|rule| rule.ingress);
}

fn gets_nothing(estate: &mut Estate, _from: Home, to: Home) {
    estate.rules(to.group).retain(|rule| !rule.ingress);
}

fn other_port(estate: &mut Estate, _from: Home, to: Home) {
    for rule in estate.rules(to.group).iter_mut().filter(|rule| rule.ingress) {
        rule.traffic.port = (rule.traffic.port.0 + 1, rule.traffic.port.1.saturating_add(1));
    }
}

fn acl_denies_first(estate: &mut Estate, from: Home, to: Home) {
    let source = estate.block(from.subnet);
    estate.first_entry(to.subnet, true, false, source);
}

fn no_route(estate: &mut Estate, from: Home, _to: Home) {
    estate.routes(from.subnet).retain(|route| route.target == Target::Local);
}

/// A longer prefix leads nowhere, in both halves of the receiver's subnet.
fn blackhole(estate: &mut Estate, from: Home, to: Home) {
    let block = estate.block(to.subnet);
    let halves: Vec<_> = match block {
        ipnet::IpNet::V4(block) => block.subnets(29).expect("longer").map(ipnet::IpNet::from).collect(),
        ipnet::IpNet::V6(block) => block.subnets(125).expect("longer").map(ipnet::IpNet::from).collect(),
    };
    for half in halves {
        estate.route(from.subnet, half, Target::Away);
    }
}

fn other_region(estate: &mut Estate, _from: Home, to: Home) {
    "osaka".clone_into(&mut estate.facts.networks[to.network].region);
}

fn not_attached(estate: &mut Estate, from: Home, _to: Home) {
    estate.facts.attachments[from.tenant].table = Part::Read(None);
}

fn gateway_blackhole(estate: &mut Estate, _from: Home, to: Home) {
    estate.gateway_routes()[to.tenant].attachments.clear();
}

fn between_group(estate: &Estate) -> usize {
    estate.facts.groups.iter().position(|group| group.name == "between group").expect("somebody is between")
}

fn between_sends_nothing(estate: &mut Estate, _from: Home, _to: Home) {
    let group = between_group(estate);
    estate.rules(group).retain(|rule| rule.ingress);
}

fn between_gets_nothing(estate: &mut Estate, _from: Home, _to: Home) {
    let group = between_group(estate);
    estate.rules(group).retain(|rule| !rule.ingress);
}

fn checked(estate: &mut Estate, _from: Home, _to: Home) {
    estate.facts.points.iter_mut().filter(|point| point.role == Role::Router).for_each(|point| point.role = Role::End);
}

fn other_service(estate: &mut Estate, _from: Home, _to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].role = Role::Forwarder { of: "another".to_owned(), shared: None };
}

fn is_shared_database(estate: &mut Estate, _from: Home, _to: Home) {
    estate.facts.points.iter_mut().filter(|point| point.role == Role::Meeting).for_each(|point| point.role = Role::End);
}

fn bare_sends_nothing(estate: &mut Estate, from: Home, _to: Home) {
    let group = estate.default_group(from.network);
    estate.rules(group).retain(|rule| rule.ingress);
}

/// A rule that AWS makes itself: it names its own group.
fn bare_names_itself(estate: &mut Estate, _from: Home, to: Home) {
    let group = estate.default_group(to.network);
    estate.rules(group).retain(|rule| !rule.ingress);
    estate.rule(group, true, tokaido::reach::Traffic::ALL, tokaido::reach::Peer::Group(group));
}

fn translator_unknown(estate: &mut Estate, from: Home, to: Home) {
    let source = estate.block(from.subnet);
    estate.rules(to.group).clear();
    estate.into(to.group, super::super::estate::WEB, source);
}

fn translator_kept_in(estate: &mut Estate, _from: Home, to: Home) {
    let (middle, destination) = (estate.facts.subnets.len() - 1, estate.block(to.subnet));
    estate.first_entry(middle, false, false, destination);
}

fn own_group_only(estate: &mut Estate, _from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].groups = Part::Read(vec![to.group]);
    estate.facts.points[last].tenants = vec![to.tenant];
}

fn borrows_no_subnet(estate: &mut Estate, from: Home, _to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].groups = Part::Read(vec![from.group]);
    estate.facts.points[last].tenants = vec![from.tenant];
    estate.facts.points[last].subnet = from.subnet;
    estate.facts.points[last].blocks = estate.facts.subnets[from.subnet].blocks.clone();
}

fn two_instances(estate: &mut Estate, from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last - 1].tenants = vec![from.tenant];
    estate.facts.points[last].tenants = vec![to.tenant];
}

fn one_tenant(estate: &mut Estate, _from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last - 1..].iter_mut().for_each(|point| point.tenants = vec![to.tenant]);
}

fn database_closed(estate: &mut Estate, _from: Home, _to: Home) {
    let group = estate.facts.groups.len() - 1;
    estate.rules(group).clear();
}

const WALLS: &[(&str, holes::Change)] = &[
    ("the ACL of the receiver denies it", acl_keeps_out),
    ("the ACL of the sender denies it", acl_keeps_in),
    ("no rule lets the sender send", sends_nothing),
    ("no rule lets the receiver get it", gets_nothing),
    ("the receiver gets another port", other_port),
];

pub const KINDS: &[Kind] = &[
    Kind { name: "rules of blocks", base: Estate::together, hole: holes::both_walls, ways: Ways::There, closed: WALLS },
    Kind {
        name: "everything",
        base: Estate::together,
        hole: holes::everything,
        ways: Ways::There,
        closed: &[("the ACL of the receiver denies it", acl_keeps_out), ("no rule lets the sender send", sends_nothing)],
    },
    Kind { name: "prefix lists", base: Estate::together, hole: holes::by_prefix_lists, ways: Ways::There, closed: WALLS },
    Kind { name: "rules of groups", base: Estate::together, hole: holes::by_groups, ways: Ways::There, closed: WALLS },
    Kind {
        name: "a datagram without an answer",
        base: Estate::together,
        hole: holes::datagrams,
        ways: Ways::There,
        closed: WALLS,
    },
    Kind {
        name: "an ACL that allows first",
        base: Estate::together,
        hole: holes::acl_allows_first,
        ways: Ways::There,
        closed: &[("it denies first", acl_denies_first), ("no rule lets the sender send", sends_nothing)],
    },
    Kind {
        name: "the default group",
        base: Estate::together,
        hole: holes::bare,
        ways: Ways::There,
        closed: &[
            ("it names itself", bare_names_itself),
            ("it lets nothing out", bare_sends_nothing),
            ("the ACL of the receiver denies it", acl_keeps_out),
        ],
    },
    Kind {
        name: "a peering",
        base: Estate::apart,
        hole: holes::peering,
        ways: Ways::There,
        closed: &[
            ("no route leads there", no_route),
            ("a longer prefix is a blackhole", blackhole),
            ("the ACL of the receiver denies it", acl_keeps_out),
        ],
    },
    Kind {
        name: "a peering with both routes",
        base: Estate::apart,
        hole: holes::peering_both,
        ways: Ways::There,
        closed: &[("no route leads there", no_route), ("the sender's ACL denies it", acl_keeps_in)],
    },
    Kind {
        name: "a peering by a prefix list",
        base: Estate::apart,
        hole: holes::peering_by_list,
        ways: Ways::There,
        closed: &[("no route leads there", no_route), ("a longer prefix is a blackhole", blackhole)],
    },
    Kind {
        name: "a peering and groups",
        base: Estate::apart,
        hole: holes::peering_by_groups,
        ways: Ways::There,
        closed: &[("it loses its groups between regions", other_region), ("no route leads there", no_route)],
    },
    Kind {
        name: "a transit gateway",
        base: Estate::apart,
        hole: holes::transit,
        ways: Ways::There,
        closed: &[
            ("the attachment has no table", not_attached),
            ("its route is a blackhole", gateway_blackhole),
            ("no route leads there", no_route),
            ("a longer prefix is a blackhole", blackhole),
        ],
    },
    Kind {
        name: "a translator",
        base: Estate::together,
        hole: holes::translator,
        ways: Ways::There,
        closed: &[
            ("the receiver knows the first address alone", translator_unknown),
            ("the ACL of its subnet denies it", translator_kept_in),
            ("no route leads there", no_route),
        ],
    },
    Kind { name: "a router", base: Estate::together, hole: holes::router, ways: Ways::There, closed: BETWEEN },
    Kind {
        name: "a router by a route",
        base: Estate::together,
        hole: holes::router_by_route,
        ways: Ways::There,
        closed: &[
            ("AWS checks source and destination", checked),
            ("it sends nothing", between_sends_nothing),
            ("it gets nothing", between_gets_nothing),
        ],
    },
    Kind {
        name: "a router by a route to itself",
        base: Estate::together,
        hole: holes::router_by_route_to_itself,
        ways: Ways::There,
        closed: &[("it sends nothing", between_sends_nothing), ("AWS checks source and destination", checked)],
    },
    Kind { name: "two routers", base: Estate::together, hole: holes::two_routers, ways: Ways::There, closed: BETWEEN },
    Kind {
        name: "a forwarder",
        base: Estate::together,
        hole: holes::forwarder,
        ways: Ways::There,
        closed: &[
            ("it sends nothing", between_sends_nothing),
            ("it gets nothing", between_gets_nothing),
            ("the receiver gets nothing", gets_nothing),
        ],
    },
    Kind {
        name: "a service behind an endpoint",
        base: Estate::apart,
        hole: holes::endpoint,
        ways: Ways::There,
        closed: &[
            ("they are of two services", other_service),
            ("the receiver gets nothing", gets_nothing),
            ("the sender sends nothing", sends_nothing),
        ],
    },
    Kind {
        name: "a database of nobody",
        base: Estate::together,
        hole: holes::meeting,
        ways: Ways::ThereAndBack,
        closed: &[
            ("one of them sends nothing", sends_nothing),
            ("it is a shared one", is_shared_database),
            ("the ACL of one of them denies it", acl_keeps_in),
        ],
    },
    Kind {
        name: "a database of nobody behind balancers",
        base: Estate::together,
        hole: holes::meeting_behind,
        ways: Ways::ThereAndBack,
        closed: &[("one of them sends nothing", sends_nothing), ("it is a shared one", is_shared_database)],
    },
    Kind {
        name: "a dedicated database",
        base: Estate::together,
        hole: holes::dedicated_database,
        ways: Ways::There,
        closed: &[
            ("it gets nothing", database_closed),
            ("the sender sends nothing", sends_nothing),
            ("the ACL of the receiver denies it", acl_keeps_out),
        ],
    },
    Kind {
        name: "a host with a group of another tenant",
        base: Estate::together,
        hole: holes::borrowed_group,
        ways: Ways::ThereAndBack,
        closed: &[("it wears its own alone", own_group_only), ("it stands at home", borrows_no_subnet)],
    },
    Kind {
        name: "an instance in two tenants",
        base: Estate::together,
        hole: holes::two_interfaces,
        ways: Ways::ThereAndBack,
        closed: &[("they are two instances", two_instances), ("they are of the receiver alone", one_tenant)],
    },
];

const BETWEEN: &[(&str, holes::Change)] = &[
    ("AWS checks source and destination", checked),
    ("it sends nothing", between_sends_nothing),
    ("it gets nothing", between_gets_nothing),
    ("the receiver gets nothing", gets_nothing),
];
