//! What connects subnets and networks, and what stands between them.

use ipnet::IpNet;
use tokaido::reach::{Allowed, Attachment, GatewayRoute, GatewayTable, Part, Peering, Role, Route, Target, Translator};

use super::{Making, Theme, block};

impl Making {
    pub(super) fn connectors(&mut self) {
        let networks = self.facts.networks.len();
        for one in 0..networks {
            for other in one + 1..networks {
                if self.themed(Theme::Peering, 85, 20) {
                    self.peering(one, other);
                }
            }
        }
        if networks > 1 && self.themed(Theme::Gateway, 95, 15) {
            self.gateway();
        }
        if self.themed(Theme::Translator, 90, 12) {
            self.translator();
        }
        if self.themed(Theme::Router, 90, 8) {
            self.router("router");
            if self.dice.percent(25) {
                self.router("second-router");
            }
        }
        self.mishaps();
    }

    /// Points that stand between tenants.
    pub(super) fn places(&mut self) {
        if self.themed(Theme::Forwarder, 90, 6) {
            self.forwarder("balancer", None);
        }
        if self.themed(Theme::Shared, 90, 4) {
            self.forwarder("shared-balancer", Some("everybody's"));
        }
        if self.themed(Theme::Meeting, 90, 6) {
            let subnet = self.dice.below(self.facts.subnets.len());
            let at = self.point("meeting", subnet, &[], Role::Meeting);
            if self.dice.percent(60) {
                let users = (0..self.facts.tenants.len()).filter(|_| self.dice.percent(50)).collect();
                self.facts.points[at].users = users;
            }
            self.introduce(at);
        }
        if self.themed(Theme::Open, 30, 3) {
            let (subnet, why) = (self.dice.below(self.facts.subnets.len()), self.unread());
            let at = self.point("obscure", subnet, &[], Role::Obscure(why));
            self.introduce(at);
        }
        if self.dice.percent(15) {
            let subnet = self.dice.below(self.facts.subnets.len());
            let at = self.point("shared-database", subnet, &[], Role::End);
            self.introduce(at);
        }
        for tenant in 0..self.facts.tenants.len() {
            if self.dice.percent(40) {
                let (block, traffic) = (*self.dice.of(&self.pool), *self.dice.of(&self.traffics));
                self.facts.allowed.push(Allowed { tenant, block, traffic });
            }
        }
    }

    /// Lets some tenants send to a point, and some get something of it.
    fn introduce(&mut self, at: usize) {
        let Some(group) = self.facts.points[at].groups.read().and_then(|groups| groups.first().copied()) else { return };
        let addresses = self.facts.points[at].blocks.clone();
        for tenant in 0..self.facts.tenants.len() {
            let name = format!("tenant-{tenant}");
            let (sends, gets) = (self.dice.percent(60), self.dice.percent(45));
            let traffic = *self.dice.of(&self.traffics);
            for (wanted, ingress) in [(sends, false), (gets, true)] {
                let Some(own) = self.facts.groups.iter_mut().find(|group| group.name == name) else { continue };
                let Part::Read(rules) = &mut own.rules else { continue };
                if wanted {
                    let by_group = tenant % 2 == 0;
                    let peer = if by_group {
                        tokaido::reach::Peer::Group(group)
                    } else {
                        tokaido::reach::Peer::Blocks(addresses.to_vec())
                    };
                    rules.push(tokaido::reach::Rule {
                        words: format!("the one about point {at}").into(),
                        ingress,
                        traffic,
                        peer,
                    });
                }
            }
        }
    }

    /// A route in the table of a subnet, unless it has one to the same block.
    fn route(&mut self, subnet: usize, to: IpNet, target: Target) {
        let dark = self.dark();
        let Part::Read(routes) = &mut self.facts.tables[subnet].routes else { return };
        if routes.iter().filter_map(|route| route.blocks.read()).flatten().any(|known| *known == to) {
            return;
        }
        let blocks = dark.map_or(Part::Read(vec![to]), Part::Unread);
        routes.push(Route { words: to.to_string().into(), blocks, target });
    }

    fn subnets_of(&self, network: usize) -> Vec<usize> {
        (0..self.facts.subnets.len()).filter(|at| self.facts.subnets[*at].network == network).collect()
    }

    /// Blocks by which a table may send to a network: all of it, one subnet of it, or everything.
    fn ways_to(&mut self, network: usize) -> Vec<IpNet> {
        let own = self.facts.networks[network].blocks.read().cloned().unwrap_or_default();
        match self.dice.below(10) {
            0 => vec![block("0.0.0.0/0")],
            1 => self.subnets_of(network).first().map(|at| self.facts.subnets[*at].blocks.to_vec()).unwrap_or_default(),
            2 => vec![block("10.0.0.0/8")],
            _ => own,
        }
    }

    fn route_all(&mut self, from: usize, to: usize, target: Target, percent: usize) {
        for subnet in self.subnets_of(from) {
            if self.dice.percent(percent) {
                for way in self.ways_to(to) {
                    self.route(subnet, way, target);
                }
            }
        }
    }

    fn peering(&mut self, one: usize, other: usize) {
        let at = self.facts.peerings.len();
        self.facts.peerings.push(Peering { name: format!("peering-{at}"), sides: (one, other) });
        self.route_all(one, other, Target::Peering(at), 80);
        self.route_all(other, one, Target::Peering(at), 80);
    }

    fn gateway(&mut self) {
        let networks = self.facts.networks.len();
        let tables = 1 + self.dice.below(2);
        for network in 0..networks {
            let mut subnets = self.subnets_of(network);
            if self.dice.percent(50) {
                subnets.remove(self.dice.below(subnets.len()));
            }
            let table = if self.dice.percent(93) { Some(self.dice.below(tables)) } else { None };
            let table = self.part(table);
            let known = self.part(network);
            self.facts.attachments.push(Attachment {
                name: format!("attachment-{network}"),
                gateway: "gateway".to_owned(),
                network: known,
                subnets,
                table,
            });
        }
        for table in 0..tables {
            let mut routes = vec![];
            for network in 0..networks {
                for to in self.facts.networks[network].blocks.read().cloned().unwrap_or_default() {
                    if self.dice.percent(85) {
                        let dark = self.dark();
                        let outside = self.dark().into_iter().collect();
                        let block = dark.map_or(Part::Read(to), Part::Unread);
                        routes.push(GatewayRoute { words: to.to_string().into(), block, attachments: vec![network], outside });
                    }
                }
            }
            if self.dice.percent(15) {
                let to = self.dice.below(self.facts.subnets.len());
                let to = self.facts.subnets[to].blocks[0];
                let attachments = if self.dice.percent(60) { vec![] } else { vec![self.dice.below(networks)] };
                routes.push(GatewayRoute {
                    words: format!("longer {to}").into(),
                    block: Part::Read(to),
                    attachments,
                    outside: vec![],
                });
            }
            let routes = self.part(routes);
            self.facts.gateway_tables.push(GatewayTable { name: format!("gateway-table-{table}"), routes });
        }
        for one in 0..networks {
            for other in (0..networks).filter(|other| *other != one) {
                self.route_all(one, other, Target::Gateway(one), 80);
            }
        }
    }

    /// A NAT gateway, and routes to it that are longer than the local one.
    fn translator(&mut self) {
        let stands = self.dice.below(self.facts.subnets.len());
        let network = self.facts.subnets[stands].network;
        let at = self.facts.translators.len();
        let own = self.facts.subnets[stands].blocks.clone();
        let blocks = own.iter().map(|block| {
            IpNet::from(match block {
                IpNet::V4(block) => std::net::IpAddr::V4((u32::from(block.network()) + 6).into()),
                IpNet::V6(block) => std::net::IpAddr::V6((u128::from(block.network()) + 3).into()),
            })
        });
        let blocks = blocks.collect();
        let subnet = if self.dice.percent(10) { Part::Unread(self.unread()) } else { Part::Read(stands) };
        self.facts.translators.push(Translator { name: format!("translator-{at}"), subnet, blocks });
        self.toward(network, stands, Target::Translator(at));
    }

    /// Some tables of a network send to a target what is for other subnets.
    fn toward(&mut self, network: usize, stands: usize, target: Target) {
        for subnet in self.subnets_of(network) {
            if subnet == stands && self.dice.percent(80) {
                continue;
            }
            for other in 0..self.facts.subnets.len() {
                if other != subnet && self.dice.percent(65) {
                    let blocks = self.facts.subnets[other].blocks.clone();
                    for to in blocks.iter() {
                        self.route(subnet, *to, target);
                    }
                }
            }
        }
    }

    fn router(&mut self, name: &str) {
        let stands = self.dice.below(self.facts.subnets.len());
        let network = self.facts.subnets[stands].network;
        let at = self.point(name, stands, &[], Role::Router);
        self.introduce(at);
        self.toward(network, stands, Target::Point(at));
    }

    fn forwarder(&mut self, name: &str, shared: Option<&str>) {
        for number in 0..=self.dice.below(2) {
            let subnet = self.dice.below(self.facts.subnets.len());
            let role = Role::Forwarder { of: name.into(), shared: shared.map(Into::into) };
            let at = self.point(&format!("{name}-{number}"), subnet, &[], role);
            self.introduce(at);
        }
    }

    /// Blackholes, ways to the Internet, ways to a host that is no router, ways outside, tables that were not read.
    fn mishaps(&mut self) {
        for subnet in 0..self.facts.subnets.len() {
            if self.dice.percent(8) {
                let to = *self.dice.of(&self.pool);
                self.route(subnet, to, Target::Away);
            }
            if self.dice.percent(15) {
                self.route(subnet, block("0.0.0.0/0"), Target::Internet);
            }
            if self.dice.percent(4) && !self.facts.points.is_empty() {
                let (to, point) = (*self.dice.of(&self.pool), self.dice.below(self.facts.points.len()));
                self.route(subnet, to, Target::Point(point));
            }
            if self.themed(Theme::Open, 60, 4) {
                let (to, why) = (*self.dice.of(&self.pool), self.unread());
                self.route(subnet, to, Target::Outside(why));
            }
            if let Some(why) = self.dark() {
                self.facts.tables[subnet].routes = Part::Unread(why);
            }
        }
    }
}
