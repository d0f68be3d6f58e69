//! What closes a hole again.

use tokaido::reach::{Part, Role, Target};

use super::super::estate::{Estate, Family, Home};

pub fn acl_keeps_out(estate: &mut Estate, _from: Home, to: Home) {
    for all in [Family::Four.all(), Family::Six.all()] {
        estate.first_entry(to.subnet, true, false, all);
    }
}

pub fn acl_keeps_in(estate: &mut Estate, from: Home, _to: Home) {
    for all in [Family::Four.all(), Family::Six.all()] {
        estate.first_entry(from.subnet, false, false, all);
    }
}

pub fn sends_nothing(estate: &mut Estate, from: Home, _to: Home) {
    estate.rules(from.group).retain(|rule| rule.ingress);
}

pub fn gets_nothing(estate: &mut Estate, _from: Home, to: Home) {
    estate.rules(to.group).retain(|rule| !rule.ingress);
}

pub fn other_port(estate: &mut Estate, _from: Home, to: Home) {
    for rule in estate.rules(to.group).iter_mut().filter(|rule| rule.ingress) {
        rule.traffic.port = (rule.traffic.port.0 + 1, rule.traffic.port.1.saturating_add(1));
    }
}

pub fn acl_denies_first(estate: &mut Estate, from: Home, to: Home) {
    let source = estate.block(from.subnet);
    estate.first_entry(to.subnet, true, false, source);
}

pub fn no_route(estate: &mut Estate, from: Home, _to: Home) {
    estate.routes(from.subnet).retain(|route| route.target == Target::Local);
}

/// A longer prefix leads nowhere, in both halves of the receiver's subnet.
pub fn blackhole(estate: &mut Estate, from: Home, to: Home) {
    let block = estate.block(to.subnet);
    let halves: Vec<_> = match block {
        ipnet::IpNet::V4(block) => block.subnets(29).expect("longer").map(ipnet::IpNet::from).collect(),
        ipnet::IpNet::V6(block) => block.subnets(125).expect("longer").map(ipnet::IpNet::from).collect(),
    };
    for half in halves {
        estate.route(from.subnet, half, Target::Away);
    }
}

pub fn other_region(estate: &mut Estate, _from: Home, to: Home) {
    estate.facts.networks[to.network].region = "osaka".into();
}

pub fn not_attached(estate: &mut Estate, from: Home, _to: Home) {
    estate.facts.attachments[from.tenant].table = Part::Read(None);
}

pub fn gateway_blackhole(estate: &mut Estate, _from: Home, to: Home) {
    estate.gateway_routes()[to.tenant].attachments.clear();
}

pub fn between_group(estate: &Estate) -> usize {
    estate.facts.groups.iter().position(|group| group.name == "between group").expect("somebody is between")
}

pub fn between_sends_nothing(estate: &mut Estate, _from: Home, _to: Home) {
    let group = between_group(estate);
    estate.rules(group).retain(|rule| rule.ingress);
}

pub fn between_gets_nothing(estate: &mut Estate, _from: Home, _to: Home) {
    let group = between_group(estate);
    estate.rules(group).retain(|rule| !rule.ingress);
}

pub fn checked(estate: &mut Estate, _from: Home, _to: Home) {
    estate.facts.points.iter_mut().filter(|point| point.role == Role::Router).for_each(|point| point.role = Role::End);
}

pub fn other_service(estate: &mut Estate, _from: Home, _to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].role = Role::Forwarder { of: "another".into(), shared: None };
}

pub fn is_shared_database(estate: &mut Estate, _from: Home, _to: Home) {
    estate.facts.points.iter_mut().filter(|point| point.role == Role::Meeting).for_each(|point| point.role = Role::End);
}

pub fn bare_sends_nothing(estate: &mut Estate, from: Home, _to: Home) {
    let group = estate.default_group(from.network);
    estate.rules(group).retain(|rule| rule.ingress);
}

/// A rule that AWS makes itself: it names its own group.
pub fn bare_names_itself(estate: &mut Estate, _from: Home, to: Home) {
    let group = estate.default_group(to.network);
    estate.rules(group).retain(|rule| !rule.ingress);
    estate.rule(group, true, tokaido::reach::Traffic::ALL, tokaido::reach::Peer::Group(group));
}

pub fn translator_unknown(estate: &mut Estate, from: Home, to: Home) {
    let source = estate.block(from.subnet);
    estate.rules(to.group).clear();
    estate.into(to.group, super::super::estate::WEB, source);
}

pub fn translator_kept_in(estate: &mut Estate, _from: Home, to: Home) {
    let (middle, destination) = (estate.facts.subnets.len() - 1, estate.block(to.subnet));
    estate.first_entry(middle, false, false, destination);
}

pub fn own_group_only(estate: &mut Estate, _from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].groups = Part::Read(vec![to.group].into());
    estate.facts.points[last].tenants = vec![to.tenant].into();
}

pub fn borrows_no_subnet(estate: &mut Estate, from: Home, _to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last].groups = Part::Read(vec![from.group].into());
    estate.facts.points[last].tenants = vec![from.tenant].into();
    estate.facts.points[last].subnet = from.subnet;
    estate.facts.points[last].blocks = estate.facts.subnets[from.subnet].blocks.clone();
}

pub fn two_instances(estate: &mut Estate, from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last - 1].tenants = vec![from.tenant].into();
    estate.facts.points[last].tenants = vec![to.tenant].into();
}

pub fn one_tenant(estate: &mut Estate, _from: Home, to: Home) {
    let last = estate.facts.points.len() - 1;
    estate.facts.points[last - 1..].iter_mut().for_each(|point| point.tenants = vec![to.tenant].into());
}

pub fn database_closed(estate: &mut Estate, _from: Home, _to: Home) {
    let group = estate.facts.groups.len() - 1;
    estate.rules(group).clear();
}
