//! Groups, and hosts of two to four tenants.

use std::collections::BTreeSet;
use std::sync::Arc;

use ipnet::IpNet;
use tokaido::reach::{Group, Part, Peer, Point, PointKind, Role, Rule, Traffic};

use super::{Making, Theme, block};

impl Making {
    pub(super) fn rule(&mut self, ingress: bool, wide: usize) -> Rule {
        let wide = self.dice.percent(wide);
        let traffic = if wide && self.dice.percent(70) { Traffic::ALL } else { *self.dice.of(&self.traffics) };
        let peer = if let Some(unread) = self.dark() {
            Peer::Unread(unread)
        } else if wide {
            let six = self.pool.contains(&block("::/0"));
            let mut blocks = vec![block("10.0.0.0/8")];
            blocks.extend(six.then(|| block("fd00::/16")));
            Peer::Blocks(blocks)
        } else if self.dice.percent(25) && !self.facts.groups.is_empty() {
            Peer::Group(self.dice.below(self.facts.groups.len()))
        } else {
            let first = *self.dice.of(&self.pool);
            Peer::Blocks(if self.dice.percent(20) { vec![first, *self.dice.of(&self.pool)] } else { vec![first] })
        };
        Rule { words: format!("{} rule", if ingress { "ingress" } else { "egress" }).into(), ingress, traffic, peer }
    }

    /// A group with rules of both directions; `wide` of a hundred let everything of private addresses pass.
    pub(super) fn group(&mut self, name: &str, wide: usize) -> usize {
        let (out, into) = (1 + self.dice.below(2), self.dice.below(3));
        let rules = (0..out).map(|_| self.rule(false, wide)).collect::<Vec<_>>();
        let rules =
            rules.into_iter().chain((0..into.max(usize::from(wide > 50))).map(|_| self.rule(true, wide)).collect::<Vec<_>>());
        let rules = rules.collect();
        let rules = self.part(rules);
        self.facts.groups.push(Group { name: name.into(), region: "tokyo".into(), rules });
        self.facts.groups.len() - 1
    }

    pub(super) fn default_group(&mut self, network: usize) {
        let at = self.facts.groups.len();
        let rule = |ingress, peer| Rule { words: "default".into(), ingress, traffic: Traffic::ALL, peer };
        let mut rules = vec![
            rule(true, Peer::Group(at)),
            rule(false, Peer::Blocks(vec![block("0.0.0.0/0")])),
            rule(false, Peer::Blocks(vec![block("::/0")])),
        ];
        if self.themed(Theme::Bare, 60, 5) {
            rules.push(self.rule(true, 40));
        }
        let rules = self.part(rules);
        self.facts.groups.push(Group { name: format!("default-{network}").into(), region: "tokyo".into(), rules });
        self.defaults.push(at);
    }

    /// Groups and hosts of two to four tenants.
    pub(super) fn tenants(&mut self) {
        for network in 0..self.facts.networks.len() {
            self.default_group(network);
        }
        let count = *self.dice.of(&[2, 2, 2, 3, 3, 4]);
        self.facts.tenants = ["acme", "globex", "initech", "umbrella"][..count].iter().map(|name| (*name).to_owned()).collect();
        let mut own = vec![];
        for tenant in 0..count {
            let wide = match self.theme {
                Theme::Local => 6,
                Theme::Peering | Theme::Gateway => 35,
                Theme::Router | Theme::Translator | Theme::Open => 12,
                _ => 4,
            };
            let group = self.group(&format!("tenant-{tenant}"), wide);
            own.push(group);
            let spread = matches!(self.theme, Theme::Peering | Theme::Gateway | Theme::Open);
            let subnets = self.facts.subnets.len();
            let home = if spread { (tenant * 2 + self.dice.below(2)) % subnets } else { self.dice.below(subnets) };
            self.hosts(tenant, home, &[group]);
            if self.dice.percent(25) {
                let second = self.dice.below(subnets);
                self.hosts(tenant, second, &[group]);
            }
        }
        if self.themed(Theme::Both, 80, 4) {
            let (first, second) = (self.dice.below(count), self.dice.below(count));
            let subnet = self.dice.below(self.facts.subnets.len());
            let tenants: BTreeSet<usize> = [first, second].into();
            let at = self.point("between", subnet, &tenants.into_iter().collect::<Vec<_>>(), Role::End);
            let mut groups = vec![own[first], own[second]];
            groups.dedup();
            self.facts.points[at].groups = Part::Read(groups.into());
        }
    }

    pub(super) fn hosts(&mut self, tenant: usize, subnet: usize, groups: &[usize]) {
        let groups = self.part(groups.into());
        let blocks = self.facts.subnets[subnet].blocks.clone();
        let network = self.facts.subnets[subnet].network;
        let public = self.dice.percent(30);
        let startable = Point {
            name: format!("host-{tenant}-{subnet}").into(),
            subnet,
            tenants: [tenant].into(),
            blocks,
            groups,
            kind: PointKind::Startable,
            role: Role::End,
            users: Arc::default(),
            public,
        };
        if self.dice.percent(50) {
            let groups = Part::Read([self.defaults[network]].into());
            let name = format!("bare-{tenant}-{subnet}");
            self.facts.points.push(Point { name: name.into(), kind: PointKind::Bare, groups, ..startable.clone() });
        }
        self.facts.points.push(startable);
    }

    /// A point at one address of each family of a subnet, with a group of its own.
    pub(super) fn point(&mut self, name: &str, subnet: usize, tenants: &[usize], role: Role) -> usize {
        let group = self.group(&format!("group-of-{name}"), 85);
        let number = u128::try_from(self.dice.below(4)).expect("small");
        let blocks = self.facts.subnets[subnet].blocks.iter().filter_map(|block| {
            let address = match block {
                IpNet::V4(block) => block.hosts().nth(usize::try_from(number).ok()?).map(std::net::IpAddr::V4),
                IpNet::V6(block) => Some(std::net::IpAddr::V6((u128::from(block.network()) + number).into())),
            };
            address.map(IpNet::from)
        });
        let blocks = blocks.collect();
        let groups = self.part([group].into());
        let kind = if role == Role::Meeting { PointKind::Database } else { PointKind::Here };
        let public = self.dice.percent(20);
        let at = self.facts.points.len();
        let (tenants, users) = (tenants.into(), Arc::default());
        self.facts.points.push(Point { name: name.into(), subnet, tenants, blocks, groups, kind, role, users, public });
        at
    }
}
