//! Route tables, and where each route leads.

use foldhash::{HashMap, HashMapExt as _};

use super::{Builder, here};
use crate::kinds::route_table;
use crate::model::{Region, Shared, Value};
use crate::promises::judge::view::Member;
use crate::reach::{Cause, NetworkAt, Part, Route, Table, Target};

impl<'a> Builder<'_, 'a> {
    /// The table of each subnet: the one with which it is associated, or the main one of its network.
    pub(super) fn tables(&mut self) {
        let view = self.view;
        let mut of_subnet: Vec<Option<usize>> = vec![None; self.facts.subnets.len()];
        let mut of_network: Vec<Option<usize>> = vec![None; self.facts.networks.len()];
        self.facts.tables.reserve(view.count(route_table::NAME));
        // A table of which it was not read whom it serves may serve any subnet of its region.
        let mut unsure: Vec<(Region, usize)> = Vec::new();
        for member in here(view, route_table::NAME) {
            let at = self.facts.tables.len();
            let network = match self.part(&member, route_table::at::vpc) {
                Part::Read(link) => self.network(link, member.region),
                Part::Unread(why) => {
                    unsure.push((member.region, why));
                    None
                }
            };
            let routes = match (self.part(&member, route_table::at::routes), network) {
                (Part::Read(routes), Some(network)) => Part::Read(self.routes(&member, network, routes)),
                (Part::Read(_), None) => Part::Read(Vec::new()),
                (Part::Unread(why), _) => Part::Unread(why),
            };
            self.facts.tables.push(Table { name: member.named(), routes });
            match self.part(&member, route_table::at::subnets) {
                Part::Read(links) => {
                    for link in links.as_list().unwrap_or_default() {
                        if let Some(subnet) = self.subnet(link, member.region) {
                            of_subnet[subnet] = Some(at);
                        }
                    }
                }
                Part::Unread(why) => unsure.push((member.region, why)),
            }
            match (self.part(&member, route_table::at::main), network) {
                (Part::Read(Value::Bool(true)), Some(network)) => of_network[network] = Some(at),
                (Part::Unread(why), _) => unsure.push((member.region, why)),
                (Part::Read(_), _) => {}
            }
        }
        let mut plain: HashMap<NetworkAt, usize> = HashMap::new();
        for (at, explicit) in of_subnet.into_iter().enumerate() {
            let network = self.facts.subnets[at].network;
            let region = self.members[network].region;
            let doubt = unsure.iter().find(|(place, _)| *place == region).map(|(_, why)| *why);
            self.facts.subnets[at].table = match (explicit, doubt, of_network[network], self.failing(route_table::NAME, network))
            {
                (Some(table), ..) | (None, None, Some(table), None) => Part::Read(table),
                (None, Some(why), ..) | (None, None, _, Some(why)) => Part::Unread(why),
                (None, None, None, None) if self.is_planned(network) => {
                    let known = plain.get(&network).copied();
                    let table = known.unwrap_or_else(|| self.main_table(network));
                    plain.insert(network, table);
                    Part::Read(table)
                }
                (None, None, None, None) => {
                    let what = format!("{} {}", route_table::NAME, self.facts.subnets[at].name);
                    Part::Unread(self.unsure(what, Cause::NotUnderstood))
                }
            };
        }
    }

    /// The table that AWS makes with a network: its own addresses.
    fn main_table(&mut self, network: NetworkAt) -> usize {
        let blocks = self.facts.networks[network].blocks.clone();
        let name = format!("the main route table of {}", self.facts.networks[network].name).into();
        let route = Route { words: "local".into(), blocks, target: Target::Local };
        self.facts.tables.push(Table { name, routes: Part::Read(vec![route]) });
        self.facts.tables.len() - 1
    }

    fn routes(&mut self, table: &Member<'a>, network: NetworkAt, routes: &'a Value) -> Vec<Route> {
        let all = routes.as_list().unwrap_or_default();
        let mut found = Vec::with_capacity(all.len());
        for map in all.iter().filter_map(Value::as_map) {
            let text = |name: &str| map.get(name).and_then(Value::as_text);
            let destination = text("destination").unwrap_or_default();
            let target = text("target");
            let blocks = match destination.parse() {
                Ok(block) => Part::Read(vec![block]),
                Err(_) if destination.starts_with("pl-") => self.list(destination, table.region),
                Err(_) => {
                    let what = format!("{} {destination:?}", table.subject());
                    Part::Unread(self.unsure(what, Cause::NotUnderstood))
                }
            };
            let target_place =
                if text("state") == Some("blackhole") { Target::Away } else { self.target(table, network, destination, target) };
            if target_place == Target::Internet {
                self.facts.networks[network].internet = true;
            }
            let words = Shared::displayed(format_args!("{destination} → {}", target.unwrap_or("?")));
            found.push(Route { words, blocks, target: target_place });
        }
        found
    }

    /// Where a route leads, by the form of its target.
    fn target(&mut self, table: &Member<'a>, network: NetworkAt, destination: &str, target: Option<&str>) -> Target {
        let Some(target) = target else {
            let what = format!("{} {destination}", table.subject());
            return self.outside(network, what, Cause::NotUnderstood);
        };
        let begins = |prefix: &str| target.starts_with(prefix);
        if target == "local" {
            Target::Local
        } else if begins("igw-") || begins("eigw-") {
            Target::Internet
        } else if begins("vpce-") && destination.starts_with("pl-") {
            Target::Away
        } else if begins("nat-") {
            self.translator(network, target, table.region)
        } else if begins("pcx-") {
            self.peering(network, target, table.region)
        } else if begins("tgw-") {
            self.gateway(network, target, table.region)
        } else if let Some(point) = self.points.get(target) {
            Target::Point(*point)
        } else {
            let known = begins("vgw-") || begins("vpce-") || begins("arn:") || begins("lgw-") || begins("cagw-");
            let cause = if known { Cause::NotAsked } else { Cause::NotUnderstood };
            self.outside(network, target.to_owned(), cause)
        }
    }

    /// A place that is not read. What packets can leave to can also send.
    pub(super) fn outside(&mut self, network: NetworkAt, what: String, cause: Cause) -> Target {
        let why = self.unsure(what, cause);
        self.open(network, why);
        Target::Outside(why)
    }

    pub(super) fn open(&mut self, network: NetworkAt, why: usize) {
        let open = &mut self.facts.networks[network].open;
        if !open.contains(&why) {
            open.push(why);
        }
    }
}
