//! The ways out of a network: peerings, transit gateways, NAT gateways, virtual private gateways.

use std::net::IpAddr;

use ipnet::IpNet;

use super::known::Peer;
use super::{Builder, here, texts};
use crate::kinds::{nat_gateway, transit_gateway_attachment, transit_gateway_table, vpc_peering, vpn_gateway};
use crate::model::value::Map;
use crate::model::{Region, Value};
use crate::promises::judge::view::Member;
use crate::reach::{Attachment, Cause, GatewayRoute, GatewayTable, NetworkAt, Part, Peering, Target, Translator, Unread};

/// Words of AWS for something that works, or does so for a while yet.
fn works(state: Option<&str>, words: &[&str]) -> bool {
    state.is_none_or(|state| words.contains(&state))
}

impl<'a> Builder<'_, 'a> {
    pub(super) fn ways(&mut self) {
        for kind in [vpc_peering::NAME, vpn_gateway::NAME, transit_gateway_attachment::NAME] {
            for region in [Region::Tokyo, Region::Osaka] {
                if let Some(failed) = self.view.failed(kind, region) {
                    let (what, networks) = (super::failed_words(failed), self.networks_of(region));
                    self.note(Unread { what, cause: Cause::Failed, networks, hides: false });
                }
            }
        }
        self.translators();
        self.peerings();
        self.private_gateways();
        self.transit_gateways();
    }

    fn translators(&mut self) {
        for member in here(self.view, nat_gateway::NAME) {
            let id = member.live.physical.clone();
            if !works(self.text(&member, nat_gateway::at::state), &["available", "pending", "deleting"]) {
                self.ways.translators.insert(id.to_string(), None);
                continue;
            }
            let place = match self.part(&member, nat_gateway::at::subnet) {
                Part::Read(link) if !link.is_null() => self.subnet(link, member.region),
                // A regional one has none.
                Part::Read(_) | Part::Unread(_) => None,
            };
            let subnet = match place {
                Some(place) => Part::Read(place),
                None => Part::Unread(self.unsure(format!("{} subnet", member.subject()), Cause::NotAsked)),
            };
            let addresses = self.view.read(&member, nat_gateway::at::addresses.name()).ok();
            let blocks =
                addresses.into_iter().flat_map(texts).filter_map(|address| address.parse::<IpAddr>().ok().map(IpNet::from));
            let blocks = blocks.collect();
            self.ways.translators.insert(id.to_string(), Some(self.facts.translators.len()));
            self.facts.translators.push(Translator { name: member.subject(), subnet, blocks });
        }
    }

    pub(super) fn translator(&mut self, network: NetworkAt, id: &str, region: Region) -> Target {
        match self.ways.translators.get(id) {
            Some(Some(at)) => Target::Translator(*at),
            Some(None) => Target::Away,
            None => self.unlisted(network, nat_gateway::NAME, id, region),
        }
    }

    /// A target that no listing shows: it may be hidden by a failed one.
    fn unlisted(&mut self, network: NetworkAt, kind: &str, id: &str, region: Region) -> Target {
        match self.view.failed(kind, region) {
            Some(failed) => {
                let why = self.failed(failed);
                self.open(network, why);
                Target::Outside(why)
            }
            None => self.outside(network, id.to_owned(), Cause::NotUnderstood),
        }
    }

    fn peerings(&mut self) {
        for member in here(self.view, vpc_peering::NAME) {
            let id = member.live.physical.clone();
            let active = works(self.text(&member, vpc_peering::at::state), &["active"]);
            let side = |builder: &Self, link: crate::model::Name, region: crate::model::Name| {
                let place = builder.text(&member, region).and_then(Region::from_code).unwrap_or(member.region);
                builder.view.read(&member, link).ok().and_then(|link| builder.network(link, place))
            };
            let requester = side(self, vpc_peering::at::requester.name(), vpc_peering::at::requester_region.name());
            let accepter = side(self, vpc_peering::at::accepter.name(), vpc_peering::at::accepter_region.name());
            let peer = match (requester, accepter) {
                _ if !active => Peer::Closed,
                (Some(one), Some(other)) => {
                    let known = self.facts.peerings.iter().position(|peering| peering.name == id);
                    Peer::Between(known.unwrap_or_else(|| {
                        self.facts.peerings.push(Peering { name: id.to_string(), sides: (one, other) });
                        self.facts.peerings.len() - 1
                    }))
                }
                (one, other) => {
                    let why = self.unsure(id.as_str(), self.whose(&member));
                    for network in [one, other].into_iter().flatten() {
                        self.open(network, why);
                    }
                    Peer::Beyond(why)
                }
            };
            self.ways.peerings.insert(id.to_string(), peer);
        }
    }

    /// Whether a side of a peering is another account's.
    fn whose(&self, member: &Member<'a>) -> Cause {
        let own = self.view.input.desired.account.as_str();
        let accounts = [vpc_peering::at::requester_account.name(), vpc_peering::at::accepter_account.name()];
        let other = accounts.into_iter().filter_map(|account| self.text(member, account)).any(|account| account != own);
        if other { Cause::OtherAccount } else { Cause::NotAsked }
    }

    pub(super) fn peering(&mut self, network: NetworkAt, id: &str, region: Region) -> Target {
        match self.ways.peerings.get(id) {
            Some(Peer::Closed) => Target::Away,
            Some(Peer::Between(at)) => Target::Peering(*at),
            Some(Peer::Beyond(why)) => Target::Outside(*why),
            None => self.unlisted(network, vpc_peering::NAME, id, region),
        }
    }

    /// Whatever is behind a virtual private gateway can send into the network.
    fn private_gateways(&mut self) {
        for member in here(self.view, vpn_gateway::NAME) {
            let links = self.needed(&member, vpn_gateway::at::networks).and_then(Value::as_list).unwrap_or_default();
            for link in links {
                if let Some(network) = self.network(link, member.region) {
                    let why = self.unsure(member.live.physical.as_str(), Cause::NotAsked);
                    self.open(network, why);
                }
            }
        }
    }

    fn transit_gateways(&mut self) {
        let view = self.view;
        for member in here(view, transit_gateway_table::NAME) {
            self.ways.tables.insert(member.live.physical.to_string(), self.ways.tables.len());
        }
        for member in here(view, transit_gateway_attachment::NAME) {
            let words = ["available", "modifying", "pending", "rollingBack"];
            if works(self.text(&member, transit_gateway_attachment::at::state), &words) {
                self.attachment(&member);
            }
        }
        for member in here(view, transit_gateway_table::NAME) {
            let routes = match self.part(&member, transit_gateway_table::at::routes) {
                Part::Read(routes) => {
                    let maps = routes.as_list().unwrap_or_default().iter().filter_map(Value::as_map);
                    Part::Read(maps.map(|route| self.gateway_route(&member, route)).collect())
                }
                Part::Unread(why) => Part::Unread(why),
            };
            self.facts.gateway_tables.push(GatewayTable { name: member.subject(), routes });
        }
        self.open_gateways();
    }

    fn attachment(&mut self, member: &Member<'a>) {
        use transit_gateway_attachment::at;
        let (view, id) = (self.view, member.live.physical.clone());
        let gateway = self.text(member, at::gateway).unwrap_or_default().to_owned();
        let own = view.input.desired.account.as_str();
        let owner = self.text(member, at::gateway_owner).unwrap_or(own);
        let link = view.read(member, at::vpc.name()).ok().filter(|link| !link.is_null());
        let network = link.and_then(|link| self.network(link, member.region));
        let cause =
            if self.text(member, at::resource_owner).is_some_and(|of| of != own) { Cause::OtherAccount } else { Cause::NotAsked };
        let part = if let Some(network) = network {
            Part::Read(network)
        } else {
            let kind = self.text(member, at::resource_type).unwrap_or("attachment");
            Part::Unread(self.unsure(format!("{gateway} {id} ({kind})"), cause))
        };
        let table = match (self.part(member, at::table), view.failed(transit_gateway_table::NAME, member.region)) {
            (Part::Unread(why), _) => Part::Unread(why),
            (Part::Read(Value::Null), _) if owner == own => Part::Read(None),
            (Part::Read(table), failed) => {
                let known = table.as_text().and_then(|table| self.ways.tables.get(table)).copied();
                match (known, failed) {
                    (Some(known), _) => Part::Read(Some(known)),
                    (None, Some(failed)) => Part::Unread(self.failed(failed)),
                    (None, None) => {
                        let what = format!("{gateway} ({owner})");
                        let cause = if owner == own { Cause::NotUnderstood } else { Cause::OtherAccount };
                        Part::Unread(self.unsure(what, cause))
                    }
                }
            }
        };
        let subnets = self.links(member, at::subnets).into_iter().filter_map(|link| self.subnet(link, member.region)).collect();
        let at = self.facts.attachments.len();
        if let Part::Read(network) = part {
            self.ways.attachments.insert((gateway.clone(), network), at);
        }
        self.ways.by_id.insert(id.to_string(), at);
        self.facts.attachments.push(Attachment { name: member.subject(), gateway, network: part, subnets, table });
    }

    fn gateway_route(&mut self, table: &Member<'a>, route: &Map) -> GatewayRoute {
        let text = |name: &str| route.get(name).and_then(Value::as_text);
        let destination = text("block").unwrap_or_default();
        let block = if let Ok(block) = destination.parse() {
            Part::Read(block)
        } else {
            let what = format!("{} {destination:?}", table.subject());
            Part::Unread(self.unsure(what, Cause::NotUnderstood))
        };
        let blackhole = text("state") == Some("blackhole");
        let ids: Vec<&str> = if blackhole { Vec::new() } else { route.get("attachments").into_iter().flat_map(texts).collect() };
        let (mut attachments, mut outside) = (Vec::new(), Vec::new());
        for id in &ids {
            match self.ways.by_id.get(*id) {
                Some(at) => attachments.push(*at),
                None => outside.push(self.unsure(*id, Cause::NotAsked)),
            }
        }
        GatewayRoute { words: format!("{destination} → {}", ids.join(", ")).into(), block, attachments, outside }
    }

    /// What can send into a network through its transit gateway and is not read: other attachments of the gateway, or tables.
    fn open_gateways(&mut self) {
        let attachments = self.facts.attachments.clone();
        for attachment in &attachments {
            let Part::Read(network) = attachment.network else { continue };
            let unread =
                attachments.iter().filter(|other| other.gateway == attachment.gateway).filter_map(|other| match other.network {
                    Part::Unread(why) => Some(why),
                    Part::Read(_) => None,
                });
            let tables = match attachment.table {
                Part::Unread(why) => Some(why),
                Part::Read(_) => None,
            };
            for why in unread.chain(tables) {
                self.open(network, why);
            }
        }
    }

    pub(super) fn gateway(&mut self, network: NetworkAt, id: &str, region: Region) -> Target {
        match self.ways.attachments.get(&(id.to_owned(), network)) {
            Some(at) => Target::Gateway(*at),
            None => match self.view.failed(transit_gateway_attachment::NAME, region) {
                Some(_) => self.unlisted(network, transit_gateway_attachment::NAME, id, region),
                // Without an attachment that works AWS drops the packet.
                None => Target::Away,
            },
        }
    }
}
