//! Security groups and prefix lists.

use std::sync::Arc;

use ipnet::IpNet;

use super::networks::{Words, traffic};
use super::{Builder, first, here, texts};
use crate::kinds::{prefix_list, security_group};
use crate::model::{Region, Shared, Standing, Unread as Why, Value};
use crate::promises::judge::view::{Found, Member};
use crate::reach::{Cause, Group, GroupAt, Part, Peer, Rule, UnreadAt};

/// AWS's word for the owner of the lists that it keeps: public addresses of its services, which no host of a tenant has.
const AWS: &str = "AWS";

impl<'a> Builder<'_, 'a> {
    pub(super) fn groups(&mut self) {
        let view = self.view;
        let members: Vec<Member<'a>> = here(view, security_group::NAME).collect();
        self.facts.groups.reserve(members.len());
        self.group_networks.reserve(members.len());
        // The rules name groups, so all of them have a position first.
        for member in &members {
            self.groups.insert(member, self.facts.groups.len());
            let region = Shared::common(member.region.code());
            self.facts.groups.push(Group { name: member.named(), region, rules: Part::Read(Vec::new()) });
        }
        self.defaults = vec![None; self.facts.networks.len()];
        for (at, member) in members.iter().enumerate() {
            let default = security_group::KIND.is_made_by_aws(self.text(member, security_group::at::name).unwrap_or_default());
            let link = view.read(member, security_group::at::vpc.name()).ok();
            let network = link.and_then(|link| self.network(link, member.region));
            self.group_networks.push(network);
            if let Some(network) = network.filter(|_| default) {
                self.defaults[network] = Some(at);
            }
            self.facts.groups[at].rules = match self.part(member, security_group::at::rules) {
                Part::Read(rules) => self.rules(member, rules),
                Part::Unread(why) => Part::Unread(why),
            };
        }
    }

    fn rules(&mut self, member: &Member<'a>, rules: &'a Value) -> Part<Vec<Rule>> {
        let all = rules.as_list().unwrap_or_default();
        let mut found = Vec::with_capacity(all.len());
        for whole in all {
            let Some(rule) = self.rule(member, whole) else {
                let what = format!("{} {whole}", member.subject());
                return Part::Unread(self.unsure(what, Cause::NotUnderstood));
            };
            found.push(rule);
        }
        Part::Read(found)
    }

    fn rule(&mut self, member: &Member<'a>, whole: &'a Value) -> Option<Rule> {
        let map = whole.as_map()?;
        let direction = map.get("direction")?.as_text()?;
        let traffic = traffic(map)?;
        let peer = self.peer(map.get("peer")?, member.region);
        let words = Shared::displayed(format_args!("{direction} {}", Words::of(map)?));
        Some(Rule { words, ingress: direction == "ingress", traffic, peer })
    }

    fn peer(&mut self, peer: &'a Value, region: Region) -> Peer {
        if let Some(block) = peer.as_text().and_then(|text| text.parse().ok()) {
            return Peer::Blocks(vec![block]);
        }
        if let Some(list) = peer.as_text().filter(|text| text.starts_with("pl-")) {
            return match self.list(list, region) {
                Part::Read(blocks) => Peer::Blocks(blocks),
                Part::Unread(why) => Peer::Unread(why),
            };
        }
        match self.view.follow(peer, security_group::NAME, region) {
            Found::Here(members) => {
                let at = members.first().and_then(|member| self.groups.of(member));
                at.map_or_else(|| Peer::Unread(self.stranger(peer)), Peer::Group)
            }
            Found::Hidden(failed) => Peer::Unread(self.failed(failed)),
            Found::Nowhere => Peer::Unread(self.stranger(peer)),
        }
    }

    fn stranger(&mut self, group: &Value) -> UnreadAt {
        self.unsure(group.to_string(), Cause::OtherAccount)
    }

    /// The blocks of a prefix list.
    pub(super) fn list(&mut self, id: &str, region: Region) -> Part<Vec<IpNet>> {
        let link = Value::from(id);
        match self.view.follow(&link, prefix_list::NAME, region) {
            Found::Hidden(failed) => Part::Unread(self.failed(failed)),
            Found::Nowhere => Part::Unread(self.unsure(id, Cause::OtherAccount)),
            Found::Here(members) => {
                let Some(member) = members.first() else { return Part::Read(Vec::new()) };
                let owner = self.text(member, prefix_list::at::owner);
                match self.view.read(member, prefix_list::at::entries.name()) {
                    Ok(entries) => match texts(entries).map(str::parse).collect() {
                        Ok(blocks) => Part::Read(blocks),
                        Err(_) => Part::Unread(self.unsure(format!("{id} {entries}"), Cause::NotUnderstood)),
                    },
                    Err(Why::NotAsked) if owner == Some(AWS) => Part::Read(Vec::new()),
                    Err(why) => Part::Unread(self.unasked(member, prefix_list::at::entries.name(), why)),
                }
            }
        }
    }

    /// The groups to which these links lead. One that no listing shows is a group of which nothing was read.
    pub(super) fn worn(&mut self, links: &[&'a Value], region: Region) -> Part<Arc<[GroupAt]>> {
        let mut worn = Vec::new();
        for link in links {
            match self.view.follow(link, security_group::NAME, region) {
                Found::Hidden(failed) => return Part::Unread(self.failed(failed)),
                found => {
                    let known = first(found).and_then(|member| self.groups.of(&member));
                    worn.push(known.unwrap_or_else(|| self.unknown_group(link, region)));
                }
            }
        }
        worn.sort_unstable();
        worn.dedup();
        Part::Read(worn.into())
    }

    fn unknown_group(&mut self, link: &Value, region: Region) -> GroupAt {
        let name = link.to_string();
        if let Some(known) = self.strangers.get(&name) {
            return *known;
        }
        let why = self.unsure(name.as_str(), Cause::NotUnderstood);
        let at = self.facts.groups.len();
        let region = Shared::common(region.code());
        self.facts.groups.push(Group { name: name.as_str().into(), region, rules: Part::Unread(why) });
        self.strangers.insert(name, at);
        at
    }

    /// The groups with the tag of each tenant, and for each tenant the groups of the clients of the shared databases: those that a
    /// group of a declared shared database admits.
    pub(super) fn own_groups(&self) -> Vec<Vec<GroupAt>> {
        let mut own = vec![Vec::new(); self.facts.tenants.len()];
        for member in here(self.view, security_group::NAME).filter(|member| member.standing == Standing::Ours) {
            if let (Some(tenant), Some(at)) = (self.tenant(&member), self.groups.of(&member)) {
                own[tenant].push(at);
            }
        }
        own
    }
}
