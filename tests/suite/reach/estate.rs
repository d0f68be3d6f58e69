//! Estates that are clean until somebody makes a hole: three tenants, each with a subnet, a group without rules, a host that could
//! be started with it, and one that could be started without.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use tokaido::reach::{
    Acl, Attachment, Cause, Entry, Facts, GatewayRoute, GatewayTable, Group, Network, Part, Peer, Peering, Point, PointKind,
    Role, Route, Rule, Subnet, Table, Target, Traffic, Translator, Unread,
};

use super::generate::block;

pub const TENANTS: [&str; 3] = ["acme", "globex", "initech"];

pub const WEB: Traffic = Traffic { protocol: (6, 6), port: (443, 443) };
pub const DATABASE: Traffic = Traffic { protocol: (6, 6), port: (5432, 5432) };
pub const NAMES: Traffic = Traffic { protocol: (17, 17), port: (53, 53) };

/// Of IPv4 or of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Four,
    Six,
}

impl Family {
    pub fn of(self, blocks: &[IpNet]) -> IpNet {
        let wanted = blocks.iter().find(|block| block.addr().is_ipv6() == (self == Self::Six));
        *wanted.expect("everything here has both families")
    }

    pub fn all(self) -> IpNet {
        block(if self == Self::Six { "::/0" } else { "0.0.0.0/0" })
    }
}

/// Where a tenant lives.
#[derive(Debug, Clone, Copy)]
pub struct Home {
    pub tenant: usize,
    pub network: usize,
    pub subnet: usize,
    pub group: usize,
    pub point: usize,
}

pub struct Estate {
    pub facts: Facts,
    pub homes: Vec<Home>,
    pub family: Family,
}

impl Estate {
    fn empty(family: Family) -> Self {
        let tenants = TENANTS.iter().map(|name| (*name).to_owned()).collect();
        Self { facts: Facts { tenants, ..Facts::default() }, homes: vec![], family }
    }

    /// All tenants in one network.
    pub fn together(family: Family) -> Self {
        let mut estate = Self::empty(family);
        let network = estate.network();
        (0..TENANTS.len()).for_each(|tenant| estate.home(tenant, network));
        estate
    }

    /// Each tenant in a network of its own.
    pub fn apart(family: Family) -> Self {
        let mut estate = Self::empty(family);
        for tenant in 0..TENANTS.len() {
            let network = estate.network();
            estate.home(tenant, network);
        }
        estate
    }

    /// A network with its default group, as AWS makes it.
    pub fn network(&mut self) -> usize {
        let at = self.facts.networks.len();
        let blocks = Part::Read(vec![block(&format!("10.{at}.0.0/16")), block(&format!("2001:db8:{at}::/48"))]);
        let (name, region) = (format!("network-{at}"), "tokyo".to_owned());
        self.facts.networks.push(Network { name: name.into(), region: region.into(), blocks, open: vec![], internet: false });
        let group = self.group(&format!("default-{at}"));
        self.rule(group, true, Traffic::ALL, Peer::Group(group));
        self.rule(group, false, Traffic::ALL, Peer::Blocks(vec![block("0.0.0.0/0")]));
        self.rule(group, false, Traffic::ALL, Peer::Blocks(vec![block("::/0")]));
        at
    }

    /// A subnet with an ACL that denies nothing and a table with local routes.
    pub fn subnet(&mut self, network: usize) -> usize {
        let at = self.facts.subnets.len();
        let entry = |ingress, all| Entry { words: "100".into(), ingress, allow: true, traffic: Traffic::ALL, block: block(all) };
        let entries = [true, false].into_iter().flat_map(|ingress| ["0.0.0.0/0", "::/0"].map(|all| entry(ingress, all)));
        self.facts.acls.push(Acl { name: format!("acl-{at}").into(), entries: Part::Read(entries.collect()) });
        self.facts.tables.push(Table { name: format!("table-{at}").into(), routes: Part::Read(vec![]) });
        let blocks = vec![block(&format!("10.{network}.{at}.0/28")), block(&format!("2001:db8:{network}:{at}::/124"))];
        let (acl, table) = (Part::Read(at), Part::Read(at));
        let subnet =
            Subnet { name: format!("subnet-{at}").into(), network, zone: "apne1-az1".into(), blocks: blocks.into(), acl, table };
        self.facts.subnets.push(subnet);
        for all in self.facts.networks[network].blocks.read().cloned().unwrap_or_default() {
            self.route(at, all, Target::Local);
        }
        at
    }

    fn home(&mut self, tenant: usize, network: usize) {
        let subnet = self.subnet(network);
        let group = self.group(TENANTS[tenant]);
        let default = self.default_group(network);
        let blocks = self.facts.subnets[subnet].blocks.clone();
        let point = self.point(&format!("{} host", TENANTS[tenant]), subnet, &[tenant], &[group], Role::End, blocks.clone());
        self.facts.points[point].kind = PointKind::Startable;
        let bare = self.point(&format!("{} bare", TENANTS[tenant]), subnet, &[tenant], &[default], Role::End, blocks);
        self.facts.points[bare].kind = PointKind::Bare;
        self.homes.push(Home { tenant, network, subnet, group, point });
    }

    pub fn default_group(&self, network: usize) -> usize {
        let name = format!("default-{network}");
        self.facts.groups.iter().position(|group| group.name == name).expect("every network has one")
    }

    pub fn group(&mut self, name: &str) -> usize {
        self.facts.groups.push(Group { name: name.into(), region: "tokyo".into(), rules: Part::Read(vec![]) });
        self.facts.groups.len() - 1
    }

    pub fn point(
        &mut self,
        name: &str,
        subnet: usize,
        tenants: &[usize],
        groups: &[usize],
        role: Role,
        blocks: Arc<[IpNet]>,
    ) -> usize {
        let kind = if role == Role::Meeting { PointKind::Database } else { PointKind::Here };
        let (name, tenants, groups) = (name.into(), tenants.into(), Part::Read(groups.into()));
        self.facts.points.push(Point { name, subnet, tenants, blocks, groups, kind, role, users: Arc::default(), public: false });
        self.facts.points.len() - 1
    }

    /// A point at one address of each family, with a group of its own that lets nothing pass.
    pub fn host(&mut self, name: &str, subnet: usize, tenants: &[usize], role: Role) -> (usize, usize) {
        let group = self.group(&format!("{name} group"));
        let blocks = self.facts.subnets[subnet].blocks.iter().map(|block| IpNet::from(fifth(block))).collect();
        (self.point(name, subnet, tenants, &[group], role, blocks), group)
    }

    /// The address of a point, as a block, or all addresses that it could have.
    pub fn address(&self, point: usize) -> IpNet {
        self.family.of(&self.facts.points[point].blocks)
    }

    pub fn block(&self, subnet: usize) -> IpNet {
        self.family.of(&self.facts.subnets[subnet].blocks)
    }

    pub fn rules(&mut self, group: usize) -> &mut Vec<Rule> {
        read(&mut self.facts.groups[group].rules)
    }

    pub fn routes(&mut self, subnet: usize) -> &mut Vec<Route> {
        read(&mut self.facts.tables[subnet].routes)
    }

    pub fn rule(&mut self, group: usize, ingress: bool, traffic: Traffic, peer: Peer) {
        let words = format!("rule {}", self.rules(group).len());
        self.rules(group).push(Rule { words: words.into(), ingress, traffic, peer });
    }

    /// Lets a group send there.
    pub fn out(&mut self, group: usize, traffic: Traffic, to: IpNet) {
        self.rule(group, false, traffic, Peer::Blocks(vec![to]));
    }

    /// Lets a group get something from there.
    pub fn into(&mut self, group: usize, traffic: Traffic, from: IpNet) {
        self.rule(group, true, traffic, Peer::Blocks(vec![from]));
    }

    pub fn route(&mut self, subnet: usize, to: IpNet, target: Target) {
        self.routes(subnet).push(Route { words: to.to_string().into(), blocks: Part::Read(vec![to]), target });
    }

    /// An entry before all others.
    pub fn first_entry(&mut self, subnet: usize, ingress: bool, allow: bool, block: IpNet) {
        let words = format!("1 of {block}");
        let entry = Entry { words: words.into(), ingress, allow, traffic: Traffic::ALL, block };
        let entries = read(&mut self.facts.acls[subnet].entries);
        *entries = [entry].into_iter().chain(entries.iter().cloned()).collect();
    }

    pub fn peering(&mut self, one: usize, other: usize) -> Target {
        self.facts.peerings.push(Peering { name: "peering".to_owned(), sides: (one, other) });
        Target::Peering(self.facts.peerings.len() - 1)
    }

    /// A transit gateway with an attachment of each home, and one table that leads to each of them.
    pub fn transit(&mut self) {
        let mut routes = vec![];
        for (at, home) in self.homes.clone().into_iter().enumerate() {
            let network = Part::Read(home.network);
            let (name, gateway) = (format!("attachment-{at}"), "transit".to_owned());
            self.facts.attachments.push(Attachment {
                name,
                gateway,
                network,
                subnets: vec![home.subnet],
                table: Part::Read(Some(0)),
            });
            let block = Part::Read(self.block(home.subnet));
            routes.push(GatewayRoute { words: format!("to {at}").into(), block, attachments: vec![at], outside: vec![] });
        }
        self.facts.gateway_tables.push(GatewayTable { name: "transit table".to_owned(), routes: Part::Read(routes) });
    }

    pub fn gateway_routes(&mut self) -> &mut Vec<GatewayRoute> {
        read(&mut self.facts.gateway_tables[0].routes)
    }

    pub fn translator(&mut self, subnet: usize) -> (Target, IpNet) {
        let block = IpNet::from(fifth(&self.block(subnet)));
        let (name, subnet) = ("translator".to_owned(), Part::Read(subnet));
        self.facts.translators.push(Translator { name, subnet, blocks: vec![block] });
        (Target::Translator(self.facts.translators.len() - 1), block)
    }

    pub fn unread(&mut self, networks: Vec<usize>) -> usize {
        let (what, cause) = ("list something: AccessDenied".to_owned(), Cause::Failed);
        self.facts.unread.push(Unread { what, cause, networks, hides: false });
        self.facts.unread.len() - 1
    }
}

/// The sixth address of a block.
fn fifth(block: &IpNet) -> IpAddr {
    match block {
        IpNet::V4(block) => IpAddr::V4((u32::from(block.network()) + 5).into()),
        IpNet::V6(block) => IpAddr::V6((u128::from(block.network()) + 5).into()),
    }
}

fn read<T>(part: &mut Part<T>) -> &mut T {
    match part {
        Part::Read(value) => value,
        Part::Unread(why) => panic!("everything is read here, not {why}"),
    }
}
