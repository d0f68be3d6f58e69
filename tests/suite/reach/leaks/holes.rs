//! The holes: each lets something pass from one tenant to another, in one direction unless it says otherwise.

use tokaido::reach::{Part, Peer, PointKind, Role, Route, Target, Traffic};

use super::super::estate::{DATABASE, Estate, Family, Home, NAMES, WEB};

/// What a hole lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    There,
    ThereAndBack,
}

pub type Change = fn(&mut Estate, Home, Home);

/// A kind of leak: the estate, the hole, and changes that close it again.
pub struct Kind {
    pub name: &'static str,
    pub base: fn(Family) -> Estate,
    pub hole: Change,
    pub ways: Ways,
    pub closed: &'static [(&'static str, Change)],
}

/// The sender may send to the receiver's subnet, and the receiver may get what comes from there.
pub fn both_walls(estate: &mut Estate, from: Home, to: Home) {
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    estate.out(from.group, WEB, destination);
    estate.into(to.group, WEB, source);
}

pub fn by_prefix_lists(estate: &mut Estate, from: Home, to: Home) {
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    let far = estate.family.of(&[super::super::generate::block("192.0.2.0/24"), super::super::generate::block("3fff::/48")]);
    estate.rule(from.group, false, WEB, Peer::Blocks(vec![far, destination]));
    estate.rule(to.group, true, WEB, Peer::Blocks(vec![far, source]));
}

pub fn by_groups(estate: &mut Estate, from: Home, to: Home) {
    estate.rule(from.group, false, WEB, Peer::Group(to.group));
    estate.rule(to.group, true, WEB, Peer::Group(from.group));
}

pub fn datagrams(estate: &mut Estate, from: Home, to: Home) {
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    estate.out(from.group, NAMES, destination);
    estate.into(to.group, NAMES, source);
    estate.first_entry(to.subnet, false, false, source);
}

pub fn acl_allows_first(estate: &mut Estate, from: Home, to: Home) {
    both_walls(estate, from, to);
    let source = estate.block(from.subnet);
    estate.first_entry(to.subnet, true, false, source);
    estate.first_entry(to.subnet, true, true, source);
}

/// The default group lets bare hosts get what comes from another subnet.
pub fn bare(estate: &mut Estate, from: Home, to: Home) {
    let (group, source) = (estate.default_group(to.network), estate.block(from.subnet));
    estate.into(group, WEB, source);
    // Only this tenant's: the others have a way in of their own closed.
    let all = estate.family.all();
    for home in estate.homes.clone().into_iter().filter(|home| home.tenant != from.tenant && home.tenant != to.tenant) {
        estate.first_entry(home.subnet, true, false, all);
    }
}

pub fn peering(estate: &mut Estate, from: Home, to: Home) {
    both_walls(estate, from, to);
    let (target, far) = (estate.peering(from.network, to.network), estate.block(to.subnet));
    estate.route(from.subnet, far, target);
}

pub fn peering_both(estate: &mut Estate, from: Home, to: Home) {
    peering(estate, from, to);
    let near = estate.block(from.subnet);
    estate.route(to.subnet, near, Target::Peering(0));
}

pub fn peering_by_groups(estate: &mut Estate, from: Home, to: Home) {
    by_groups(estate, from, to);
    let (target, far) = (estate.peering(from.network, to.network), estate.block(to.subnet));
    estate.route(from.subnet, far, target);
}

/// A route to a prefix list of several blocks.
pub fn peering_by_list(estate: &mut Estate, from: Home, to: Home) {
    both_walls(estate, from, to);
    let target = estate.peering(from.network, to.network);
    let blocks = Part::Read(estate.facts.subnets[to.subnet].blocks.to_vec());
    estate.routes(from.subnet).push(Route { words: "pl-1".into(), blocks, target });
}

pub fn transit(estate: &mut Estate, from: Home, to: Home) {
    both_walls(estate, from, to);
    estate.transit();
    let far = estate.block(to.subnet);
    estate.route(from.subnet, far, Target::Gateway(from.tenant));
}

/// The sender's packets get the address of a translator in a third subnet, which the receiver admits.
pub fn translator(estate: &mut Estate, from: Home, to: Home) {
    let middle = estate.subnet(from.network);
    let (target, address) = estate.translator(middle);
    let destination = estate.block(to.subnet);
    estate.out(from.group, WEB, destination);
    estate.into(to.group, WEB, address);
    estate.route(from.subnet, destination, target);
}

fn between(estate: &mut Estate, from: Home, to: Home, role: Role) -> (usize, usize) {
    let middle = estate.subnet(from.network);
    let (point, group) = estate.host("between", middle, &[], role);
    let (source, destination, own) = (estate.block(from.subnet), estate.block(to.subnet), estate.address(point));
    estate.into(group, WEB, source);
    estate.out(group, DATABASE, destination);
    estate.into(to.group, DATABASE, own);
    (point, group)
}

pub fn router(estate: &mut Estate, from: Home, to: Home) {
    let (point, _) = between(estate, from, to, Role::Router);
    let own = estate.address(point);
    estate.out(from.group, WEB, own);
}

/// A route hands to the router what is for the receiver, and it keeps the sender's address.
pub fn router_by_route(estate: &mut Estate, from: Home, to: Home) {
    let (point, _) = between(estate, from, to, Role::Router);
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    estate.out(from.group, WEB, destination);
    estate.route(from.subnet, destination, Target::Point(point));
    estate.rules(to.group).clear();
    estate.into(to.group, DATABASE, source);
}

/// The route to the router holds the router's own address.
pub fn router_by_route_to_itself(estate: &mut Estate, from: Home, to: Home) {
    router(estate, from, to);
    let router = estate.facts.points.len() - 1;
    let subnet = estate.facts.points[router].subnet;
    let around = estate.block(subnet);
    estate.route(from.subnet, around, Target::Point(router));
}

/// One router hands over to another.
pub fn two_routers(estate: &mut Estate, from: Home, to: Home) {
    let (first, group) = between(estate, from, to, Role::Router);
    let (source, near) = (estate.block(from.subnet), estate.address(first));
    estate.out(from.group, WEB, near);
    estate.rules(group).clear();
    let middle = estate.subnet(from.network);
    let (second, other) = estate.host("second", middle, &[], Role::Router);
    let (far, destination) = (estate.address(second), estate.block(to.subnet));
    estate.into(group, WEB, source);
    estate.out(group, DATABASE, far);
    estate.into(other, DATABASE, near);
    estate.out(other, DATABASE, destination);
    estate.rules(to.group).clear();
    estate.into(to.group, DATABASE, far);
}

pub fn forwarder_role(shared: bool) -> Role {
    Role::Forwarder { of: "balancer".into(), shared: shared.then(|| "it serves everybody".into()) }
}

pub fn forwarder(estate: &mut Estate, from: Home, to: Home) {
    let (point, _) = between(estate, from, to, forwarder_role(false));
    let own = estate.address(point);
    estate.out(from.group, WEB, own);
}

/// What enters at one point of a forwarder leaves at another: a service behind an endpoint.
pub fn endpoint(estate: &mut Estate, from: Home, to: Home) {
    let (near, far) = (estate.subnet(from.network), estate.subnet(to.network));
    let (endpoint, group) = estate.host("endpoint", near, &[], forwarder_role(false));
    let (balancer, other) = estate.host("balancer", far, &[], forwarder_role(false));
    let (source, destination) = (estate.block(from.subnet), estate.block(to.subnet));
    let (there, behind) = (estate.address(endpoint), estate.address(balancer));
    estate.out(from.group, WEB, there);
    estate.into(group, WEB, source);
    estate.out(other, WEB, destination);
    estate.into(to.group, WEB, behind);
}

/// A database of nobody, which both can reach.
pub fn meeting(estate: &mut Estate, from: Home, to: Home) {
    let middle = estate.subnet(from.network);
    let (point, group) = estate.host("reports", middle, &[], Role::Meeting);
    let address = estate.address(point);
    for home in [from, to] {
        let source = estate.block(home.subnet);
        estate.out(home.group, DATABASE, address);
        estate.into(group, DATABASE, source);
    }
}

/// The same behind a load balancer for each of them.
pub fn meeting_behind(estate: &mut Estate, from: Home, to: Home) {
    meeting(estate, from, to);
    let database = estate.facts.points.iter().position(|point| point.role == Role::Meeting).expect("it is there");
    let address = estate.address(database);
    let group = estate.facts.points[database].groups.read().expect("read")[0];
    estate.rules(group).clear();
    for home in [from, to] {
        estate.rules(home.group).clear();
        let middle = estate.subnet(from.network);
        let role = Role::Forwarder { of: format!("balancer {}", home.tenant).into(), shared: None };
        let (point, own) = estate.host(&format!("balancer {}", home.tenant), middle, &[], role);
        let (near, source) = (estate.address(point), estate.block(home.subnet));
        estate.out(home.group, WEB, near);
        estate.into(own, WEB, source);
        estate.out(own, DATABASE, address);
        estate.into(group, DATABASE, near);
    }
}

/// A host in the receiver's subnet that wears the sender's group too belongs to both.
pub fn borrowed_group(estate: &mut Estate, from: Home, to: Home) {
    let (point, _) = estate.host("borrower", to.subnet, &[], Role::End);
    estate.facts.points[point].tenants = [from.tenant.min(to.tenant), from.tenant.max(to.tenant)].into();
    estate.facts.points[point].groups = Part::Read(vec![to.group, from.group].into());
}

/// One instance with an interface in the subnets of both.
pub fn two_interfaces(estate: &mut Estate, from: Home, to: Home) {
    let both = [from.tenant.min(to.tenant), from.tenant.max(to.tenant)];
    estate.host("eth0", from.subnet, &both, Role::End);
    estate.host("eth1", to.subnet, &both, Role::End);
}

/// A dedicated database of the receiver that admits the sender.
pub fn dedicated_database(estate: &mut Estate, from: Home, to: Home) {
    let (point, group) = estate.host("database", to.subnet, &[to.tenant], Role::End);
    estate.facts.points[point].kind = PointKind::Database;
    let (source, own) = (estate.block(from.subnet), estate.address(point));
    estate.out(from.group, DATABASE, own);
    estate.into(group, DATABASE, source);
}

/// Everything of private addresses and of this family.
pub fn everything(estate: &mut Estate, from: Home, to: Home) {
    let all = estate.family.all();
    estate.out(from.group, Traffic::ALL, all);
    estate.into(to.group, Traffic::ALL, all);
}
