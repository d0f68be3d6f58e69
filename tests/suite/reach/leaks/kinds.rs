//! The table: every kind of hole with what closes it.

use super::super::estate::Estate;
use super::closed;
use super::holes::{self, Kind, Ways};

const WALLS: &[(&str, holes::Change)] = &[
    ("the ACL of the receiver denies it", closed::acl_keeps_out),
    ("the ACL of the sender denies it", closed::acl_keeps_in),
    ("no rule lets the sender send", closed::sends_nothing),
    ("no rule lets the receiver get it", closed::gets_nothing),
    ("the receiver gets another port", closed::other_port),
];

pub const KINDS: &[Kind] = &[
    Kind { name: "rules of blocks", base: Estate::together, hole: holes::both_walls, ways: Ways::There, closed: WALLS },
    Kind {
        name: "everything",
        base: Estate::together,
        hole: holes::everything,
        ways: Ways::There,
        closed: &[
            ("the ACL of the receiver denies it", closed::acl_keeps_out),
            ("no rule lets the sender send", closed::sends_nothing),
        ],
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
        closed: &[("it denies first", closed::acl_denies_first), ("no rule lets the sender send", closed::sends_nothing)],
    },
    Kind {
        name: "the default group",
        base: Estate::together,
        hole: holes::bare,
        ways: Ways::There,
        closed: &[
            ("it names itself", closed::bare_names_itself),
            ("it lets nothing out", closed::bare_sends_nothing),
            ("the ACL of the receiver denies it", closed::acl_keeps_out),
        ],
    },
    Kind {
        name: "a peering",
        base: Estate::apart,
        hole: holes::peering,
        ways: Ways::There,
        closed: &[
            ("no route leads there", closed::no_route),
            ("a longer prefix is a blackhole", closed::blackhole),
            ("the ACL of the receiver denies it", closed::acl_keeps_out),
        ],
    },
    Kind {
        name: "a peering with both routes",
        base: Estate::apart,
        hole: holes::peering_both,
        ways: Ways::There,
        closed: &[("no route leads there", closed::no_route), ("the sender's ACL denies it", closed::acl_keeps_in)],
    },
    Kind {
        name: "a peering by a prefix list",
        base: Estate::apart,
        hole: holes::peering_by_list,
        ways: Ways::There,
        closed: &[("no route leads there", closed::no_route), ("a longer prefix is a blackhole", closed::blackhole)],
    },
    Kind {
        name: "a peering and groups",
        base: Estate::apart,
        hole: holes::peering_by_groups,
        ways: Ways::There,
        closed: &[("it loses its groups between regions", closed::other_region), ("no route leads there", closed::no_route)],
    },
    Kind {
        name: "a transit gateway",
        base: Estate::apart,
        hole: holes::transit,
        ways: Ways::There,
        closed: &[
            ("the attachment has no table", closed::not_attached),
            ("its route is a blackhole", closed::gateway_blackhole),
            ("no route leads there", closed::no_route),
            ("a longer prefix is a blackhole", closed::blackhole),
        ],
    },
    Kind {
        name: "a translator",
        base: Estate::together,
        hole: holes::translator,
        ways: Ways::There,
        closed: &[
            ("the receiver knows the first address alone", closed::translator_unknown),
            ("the ACL of its subnet denies it", closed::translator_kept_in),
            ("no route leads there", closed::no_route),
        ],
    },
    Kind { name: "a router", base: Estate::together, hole: holes::router, ways: Ways::There, closed: BETWEEN },
    Kind {
        name: "a router by a route",
        base: Estate::together,
        hole: holes::router_by_route,
        ways: Ways::There,
        closed: &[
            ("AWS checks source and destination", closed::checked),
            ("it sends nothing", closed::between_sends_nothing),
            ("it gets nothing", closed::between_gets_nothing),
        ],
    },
    Kind {
        name: "a router by a route to itself",
        base: Estate::together,
        hole: holes::router_by_route_to_itself,
        ways: Ways::There,
        closed: &[("it sends nothing", closed::between_sends_nothing), ("AWS checks source and destination", closed::checked)],
    },
    Kind { name: "two routers", base: Estate::together, hole: holes::two_routers, ways: Ways::There, closed: BETWEEN },
    Kind {
        name: "a forwarder",
        base: Estate::together,
        hole: holes::forwarder,
        ways: Ways::There,
        closed: &[
            ("it sends nothing", closed::between_sends_nothing),
            ("it gets nothing", closed::between_gets_nothing),
            ("the receiver gets nothing", closed::gets_nothing),
        ],
    },
    Kind {
        name: "a service behind an endpoint",
        base: Estate::apart,
        hole: holes::endpoint,
        ways: Ways::There,
        closed: &[
            ("they are of two services", closed::other_service),
            ("the receiver gets nothing", closed::gets_nothing),
            ("the sender sends nothing", closed::sends_nothing),
        ],
    },
    Kind {
        name: "a database of nobody",
        base: Estate::together,
        hole: holes::meeting,
        ways: Ways::ThereAndBack,
        closed: &[
            ("one of them sends nothing", closed::sends_nothing),
            ("it is a shared one", closed::is_shared_database),
            ("the ACL of one of them denies it", closed::acl_keeps_in),
        ],
    },
    Kind {
        name: "a database of nobody behind balancers",
        base: Estate::together,
        hole: holes::meeting_behind,
        ways: Ways::ThereAndBack,
        closed: &[("one of them sends nothing", closed::sends_nothing), ("it is a shared one", closed::is_shared_database)],
    },
    Kind {
        name: "a dedicated database",
        base: Estate::together,
        hole: holes::dedicated_database,
        ways: Ways::There,
        closed: &[
            ("it gets nothing", closed::database_closed),
            ("the sender sends nothing", closed::sends_nothing),
            ("the ACL of the receiver denies it", closed::acl_keeps_out),
        ],
    },
    Kind {
        name: "a host with a group of another tenant",
        base: Estate::together,
        hole: holes::borrowed_group,
        ways: Ways::ThereAndBack,
        closed: &[("it wears its own alone", closed::own_group_only), ("it stands at home", closed::borrows_no_subnet)],
    },
    Kind {
        name: "an instance in two tenants",
        base: Estate::together,
        hole: holes::two_interfaces,
        ways: Ways::ThereAndBack,
        closed: &[("they are two instances", closed::two_instances), ("they are of the receiver alone", closed::one_tenant)],
    },
];

const BETWEEN: &[(&str, holes::Change)] = &[
    ("AWS checks source and destination", closed::checked),
    ("it sends nothing", closed::between_sends_nothing),
    ("it gets nothing", closed::between_gets_nothing),
    ("the receiver gets nothing", closed::gets_nothing),
];
