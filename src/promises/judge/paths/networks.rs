//! Networks, subnets, and the walls at the edge of subnets.

use std::fmt;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::{Builder, here};
use crate::kinds::{network_acl, subnet, vpc};
use crate::model::value::Map;
use crate::model::{Name, Region, Shared, Value};
use crate::promises::judge::view::Member;
use crate::reach::{Acl, Cause, Entry, Network, NetworkAt, Part, Subnet, Traffic, Unread, UnreadAt};

impl<'a> Builder<'_, 'a> {
    pub(super) fn networks(&mut self) {
        let view = self.view;
        for region in [Region::Tokyo, Region::Osaka] {
            for kind in [vpc::NAME, subnet::NAME] {
                if let Some(failed) = view.failed(kind, region) {
                    let what = super::failed_words(failed);
                    self.note(Unread { what, cause: Cause::Failed, networks: Vec::new(), hides: true });
                }
            }
        }
        let (networks, subnets) = (view.count(vpc::NAME), view.count(subnet::NAME));
        self.facts.networks.reserve(networks);
        self.members.reserve(networks);
        self.facts.subnets.reserve(subnets);
        self.fresh.reserve(subnets);
        self.homes.reserve(subnets);
        for member in here(view, vpc::NAME) {
            let blocks = match self.part(&member, vpc::at::blocks) {
                Part::Read(blocks) => Part::Read(super::texts(blocks).filter_map(|block| block.parse().ok()).collect()),
                Part::Unread(why) => Part::Unread(why),
            };
            self.networks.insert(&member, self.facts.networks.len());
            self.members.push(member);
            self.facts.networks.push(Network {
                name: member.named(),
                region: Shared::common(member.region.code()),
                blocks,
                open: Vec::new(),
                internet: false,
            });
        }
        for member in here(view, subnet::NAME) {
            let link = match self.part(&member, subnet::at::vpc) {
                Part::Read(link) => link,
                Part::Unread(why) => {
                    let unread = Unread { hides: true, ..self.facts.unread[why].clone() };
                    self.note(unread);
                    continue;
                }
            };
            let Some(network) = self.network(link, member.region) else { continue };
            self.subnets.insert(&member, self.facts.subnets.len());
            let mut blocks = self.blocks(&member, subnet::at::cidr);
            blocks.extend(self.blocks(&member, subnet::at::ipv6_blocks));
            // The walls are found when the ways are known.
            let nothing = UnreadAt::MAX;
            self.fresh.push(member.live.outputs.is_empty());
            self.homes.push(self.tenant(&member));
            self.facts.subnets.push(Subnet {
                name: member.named(),
                network,
                zone: self.text(&member, subnet::at::zone).unwrap_or_default().into(),
                blocks: blocks.into(),
                acl: Part::Unread(nothing),
                table: Part::Unread(nothing),
            });
        }
    }

    /// The ACL and the route table of each subnet.
    pub(super) fn subnet_walls(&mut self) {
        self.acls();
        self.tables();
    }

    /// Whether only a plan would make a network. AWS gives it a main table, an ACL that lets everything pass, and a default group.
    pub(super) fn is_planned(&self, network: NetworkAt) -> bool {
        self.members[network].live.outputs.is_empty()
    }

    fn acls(&mut self) {
        let view = self.view;
        let mut of_subnet: Vec<Option<usize>> = vec![None; self.facts.subnets.len()];
        let mut of_network: Vec<Option<usize>> = vec![None; self.facts.networks.len()];
        self.facts.acls.reserve(view.count(network_acl::NAME));
        // Most networks have the default ACL alone, and of those the entries are the same.
        let mut known: HashMap<&Value, Arc<[Entry]>> = HashMap::new();
        let mut last: Option<(&Value, Arc<[Entry]>)> = None;
        for member in here(view, network_acl::NAME) {
            let at = self.facts.acls.len();
            let entries = match self.part(&member, network_acl::at::entries) {
                Part::Read(whole) => {
                    // What is shared is equal at a glance; to look for it would read it all.
                    let same = last.as_ref().filter(|(last, _)| *last == whole).map(|(_, entries)| entries);
                    if let Some(entries) = same.or_else(|| known.get(whole)).cloned() {
                        last = Some((whole, Arc::clone(&entries)));
                        Part::Read(entries)
                    } else {
                        let entries = self.entries(&member, whole);
                        known.extend(entries.read().map(|entries| (whole, Arc::clone(entries))));
                        entries
                    }
                }
                Part::Unread(why) => Part::Unread(why),
            };
            self.facts.acls.push(Acl { name: member.named(), entries });
            for link in self.links(&member, network_acl::at::subnets) {
                if let Some(subnet) = self.subnet(link, member.region) {
                    of_subnet[subnet] = Some(at);
                }
            }
            if matches!(view.read(&member, network_acl::at::default.name()), Ok(Value::Bool(true)))
                && let Ok(network) = view.read(&member, network_acl::at::vpc.name())
                && let Some(network) = self.network(network, member.region)
            {
                of_network[network] = Some(at);
            }
        }
        let mut open = None;
        for (at, known) in of_subnet.into_iter().enumerate() {
            let network = self.facts.subnets[at].network;
            // A subnet that a plan would make gets the default ACL of its network.
            let new = of_network[network].filter(|_| self.fresh[at]);
            self.facts.subnets[at].acl = match (known.or(new), self.failing(network_acl::NAME, network)) {
                (Some(known), _) => Part::Read(known),
                (None, Some(failed)) => Part::Unread(failed),
                (None, None) if self.is_planned(network) => Part::Read(*open.get_or_insert_with(|| {
                    self.facts.acls.push(default_acl());
                    self.facts.acls.len() - 1
                })),
                (None, None) => {
                    let what = format!("{} {}", network_acl::NAME, self.facts.subnets[at].name);
                    Part::Unread(self.unsure(what, Cause::NotUnderstood))
                }
            };
        }
    }

    fn entries(&mut self, acl: &Member<'a>, entries: &Value) -> Part<Arc<[Entry]>> {
        let mut found: Vec<(i64, Entry)> = Vec::new();
        for whole in entries.as_list().unwrap_or_default() {
            let Some((number, entry)) = entry(whole) else {
                let what = format!("{} {whole}", acl.subject());
                return Part::Unread(self.unsure(what, Cause::NotUnderstood));
            };
            found.push((number, entry));
        }
        found.sort_by_key(|(number, _)| *number);
        Part::Read(found.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The links of a list that was read.
    pub(super) fn links(&self, member: &Member<'a>, attribute: impl Into<Name>) -> Vec<&'a Value> {
        let list = self.view.read(member, attribute.into()).ok().and_then(Value::as_list);
        list.unwrap_or_default().iter().collect()
    }

    /// The failed listing of a kind in the region of a network.
    pub(super) fn failing(&mut self, kind: &str, network: NetworkAt) -> Option<UnreadAt> {
        let region = self.members[network].region;
        let failed = self.view.failed(kind, region)?;
        Some(self.failed(failed))
    }
}

fn entry(whole: &Value) -> Option<(i64, Entry)> {
    let map = whole.as_map()?;
    let text = |name: &str| map.get(name).and_then(Value::as_text);
    let number = map.get("number")?.as_int()?;
    let (direction, action, block) = (text("direction")?, text("action")?, text("block")?);
    let allow = match action {
        "allow" => true,
        "deny" => false,
        _ => return None,
    };
    let entry = Entry {
        words: Shared::displayed(format_args!("{direction} {number} {action} {}", Words::of(map)?)),
        ingress: direction == "ingress",
        allow,
        traffic: traffic(map)?,
        block: block.parse().ok()?,
    };
    Some((number, entry))
}

fn default_acl() -> Acl {
    let open = |direction: &str, block: &str| Entry {
        words: format!("{direction} 100 allow all {block}").into(),
        ingress: direction == "ingress",
        allow: true,
        traffic: Traffic::ALL,
        block: block.parse().unwrap_or_default(),
    };
    let both = |block| [open("ingress", block), open("egress", block)];
    Acl { name: "the default network ACL".into(), entries: Part::Read(["0.0.0.0/0", "::/0"].map(both).concat().into()) }
}

/// The protocols that a rule names.
fn protocol(word: &str) -> Option<(u8, u8)> {
    match word {
        "all" => Some((0, u8::MAX)),
        "tcp" => Some((6, 6)),
        "udp" => Some((17, 17)),
        "icmp" => Some((1, 1)),
        "icmpv6" => Some((58, 58)),
        number => number.parse().ok().map(|number| (number, number)),
    }
}

/// The traffic of a rule of a group or an entry of an ACL. `None`: it has a form that is not known.
pub(super) fn traffic(map: &Map) -> Option<Traffic> {
    let protocol = protocol(map.get("protocol")?.as_text()?)?;
    let number = |name: &str| map.get(name).and_then(Value::as_int);
    let (from, to) = (number("from"), number("to"));
    let port = match protocol {
        (6 | 17, 6 | 17) => match (from, to) {
            (None, None) | (Some(-1), Some(-1)) => Traffic::ALL.port,
            (from, to) => (u16::try_from(from?).ok()?, u16::try_from(to.or(from)?).ok()?),
        },
        // The type and the code; -1 is any.
        (1 | 58, 1 | 58) => match (from, to) {
            (None | Some(-1), _) => Traffic::ALL.port,
            (Some(kind), None | Some(-1)) => {
                let kind = u16::from(u8::try_from(kind).ok()?);
                (kind << 8, kind << 8 | 255)
            }
            (Some(kind), Some(code)) => {
                let one = u16::from(u8::try_from(kind).ok()?) << 8 | u16::from(u8::try_from(code).ok()?);
                (one, one)
            }
        },
        _ => Traffic::ALL.port,
    };
    (port.0 <= port.1).then_some(Traffic { protocol, port })
}

/// Protocol, ports and block or peer of a rule: `tcp 443 203.0.113.0/24`.
pub(super) struct Words<'m> {
    protocol: &'m str,
    ports: (Option<i64>, Option<i64>),
    peer: &'m Value,
}

impl<'m> Words<'m> {
    /// `None`: the rule has no protocol, or nobody whom it is about.
    pub(super) fn of(map: &'m Map) -> Option<Self> {
        let protocol = map.get("protocol")?.as_text()?;
        let number = |name: &str| map.get(name).and_then(Value::as_int);
        let peer = map.get("peer").or_else(|| map.get("block"))?;
        Some(Self { protocol, ports: (number("from"), number("to")), peer })
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.protocol)?;
        match self.ports {
            (Some(from), Some(to)) if from != to => write!(f, " {from}-{to}")?,
            (Some(from), _) => write!(f, " {from}")?,
            _ => {}
        }
        write!(f, " {}", self.peer)
    }
}
