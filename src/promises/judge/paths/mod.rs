//! From what was observed to the facts of a proof of isolation: networks and their walls, the ways out of them, and the hosts and
//! services in them. What was not read stands in the facts as not read.
//!
//! ```text
//! view ─ networks ─ groups ─ points ─ ways ─► reach::Facts ─ reach::prove ─► Proved ─ said: one packet in two languages
//! ```

mod groups;
mod known;
mod networks;
mod news;
mod points;
pub(super) mod proved;
mod roles;
mod routes;
mod said;
mod universe;
mod ways;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};
use ipnet::IpNet;

use super::super::slug;
use super::universe::Universe;
use super::view::{Found, Member, Seen, View};
use crate::kinds::{db_instance, security_group, subnet, vpc};
use crate::model::{Name, Region, Shared, Unread as Why, Unreadable, Value, tags};
use crate::reach::{Cause, Facts, GroupAt, NetworkAt, Part, PointAt, SubnetAt, TenantAt, Unread, UnreadAt, prove};

use known::Ways;
pub use news::new_paths;
pub use proved::Proved;
pub use said::{Names, Place, Step, Unknown, Unknowns, Way};
pub(super) use universe::{ISOLATION, SEPARATION};

/// Which tenants are isolated, and what the Internet can send: proved for the first check that asks, whichever it is, and read as the
/// check of isolation declares.
pub(super) fn proved(view: &View<'_>) -> Arc<Proved> {
    view.proved(Universe { slug: slug::TENANT_ISOLATION, parts: &ISOLATION }, || {
        let facts = Builder::of(view).facts();
        Proved { proof: prove(&facts), facts }
    })
}

/// Positions in one list of the facts, by the place of a member among those of its kind.
#[derive(Default)]
struct Positions(Vec<Option<usize>>);

impl Positions {
    fn insert(&mut self, member: &Member<'_>, at: usize) {
        if self.0.len() <= member.place {
            self.0.resize(member.place + 1, None);
        }
        self.0[member.place] = Some(at);
    }

    fn of(&self, member: &Member<'_>) -> Option<usize> {
        self.0.get(member.place).copied().flatten()
    }
}

struct Builder<'v, 'a> {
    view: &'v View<'a>,
    facts: Facts,
    tenants: HashMap<&'a str, TenantAt>,
    networks: Positions,
    /// The member of each network.
    members: Vec<Member<'a>>,
    subnets: Positions,
    /// Of each subnet: whether only a plan would make it, and whose it is.
    fresh: Vec<bool>,
    homes: Vec<Option<TenantAt>>,
    groups: Positions,
    /// The network of each group.
    group_networks: Vec<Option<NetworkAt>>,
    /// The default group of each network.
    defaults: Vec<Option<GroupAt>>,
    /// Interfaces by their id, and hosts by theirs.
    points: HashMap<String, PointAt>,
    unread: BTreeMap<Unread, UnreadAt>,
    ways: Ways,
    /// Groups of which no listing shows anything, by their id.
    strangers: HashMap<String, GroupAt>,
}

impl<'v, 'a> Builder<'v, 'a> {
    fn of(view: &'v View<'a>) -> Self {
        Self {
            view,
            facts: Facts::default(),
            tenants: HashMap::new(),
            networks: Positions::default(),
            members: Vec::new(),
            subnets: Positions::default(),
            fresh: Vec::new(),
            homes: Vec::new(),
            groups: Positions::default(),
            group_networks: Vec::new(),
            defaults: Vec::new(),
            points: HashMap::new(),
            unread: BTreeMap::new(),
            ways: Ways::default(),
            strangers: HashMap::new(),
        }
    }

    fn facts(mut self) -> Facts {
        self.tenants();
        self.networks();
        self.groups();
        self.points();
        self.ways();
        self.subnet_walls();
        self.allowed();
        self.facts
    }

    /// The tenants of which something is here or declared, sorted.
    fn tenants(&mut self) {
        let view = self.view;
        let declared = view.input.desired.resources.values().filter_map(|resource| resource.tags.get(tags::TENANT));
        let mut names: HashSet<&str> = declared.map(Shared::as_str).collect();
        // A member that is declared has the tenant of its declaration.
        for kind in [subnet::NAME, vpc::NAME, security_group::NAME, db_instance::NAME] {
            let undeclared = here(view, kind).filter(|member| member.declared.is_none());
            names.extend(undeclared.filter_map(|member| member.tenant()));
        }
        names.remove(tags::SHARED);
        let mut names: Vec<&str> = names.into_iter().collect();
        names.sort_unstable();
        self.tenants = names.iter().copied().zip(0..).collect();
        self.facts.tenants = names.into_iter().map(str::to_owned).collect();
    }

    fn tenant(&self, member: &Member<'_>) -> Option<TenantAt> {
        self.tenants.get(member.tenant()?).copied()
    }

    /// Notes that something was not read.
    fn note(&mut self, unread: Unread) -> UnreadAt {
        let facts = &mut self.facts;
        *self.unread.entry(unread.clone()).or_insert_with(|| {
            facts.unread.push(unread);
            facts.unread.len() - 1
        })
    }

    fn unsure(&mut self, what: impl Into<String>, cause: Cause) -> UnreadAt {
        self.note(Unread { what: what.into(), cause, networks: Vec::new(), hides: false })
    }

    /// Notes that a listing failed.
    fn failed(&mut self, failed: &Unreadable) -> UnreadAt {
        self.unsure(failed_words(failed), Cause::Failed)
    }

    /// What was not read concerns every network of a region: something may stand in any of them.
    fn everywhere(&mut self, why: UnreadAt, region: Region) {
        let networks = self.networks_of(region);
        let unread = Unread { networks, ..self.facts.unread[why].clone() };
        self.note(unread);
    }

    /// An attribute without which nobody knows what stands in the networks of the region. `None`: it was not read, and that is noted.
    fn needed(&mut self, member: &Member<'a>, attribute: impl Into<Name>) -> Option<&'a Value> {
        match self.part(member, attribute) {
            Part::Read(value) => Some(value),
            Part::Unread(why) => {
                self.everywhere(why, member.region);
                None
            }
        }
    }

    /// The addresses and blocks of such an attribute: a text or a list. One that is no address is noted as not understood.
    fn blocks(&mut self, member: &Member<'a>, attribute: impl Into<Name>) -> Vec<IpNet> {
        let attribute = attribute.into();
        let Some(value) = self.needed(member, attribute) else { return Vec::new() };
        let written: Vec<&str> = value.as_text().into_iter().chain(texts(value)).collect();
        let mut blocks = Vec::new();
        for text in written {
            if let Ok(block) = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
                blocks.push(block);
            } else {
                let why = self.unsure(format!("{} {attribute} {text:?}", member.subject()), Cause::NotUnderstood);
                self.everywhere(why, member.region);
            }
        }
        blocks
    }

    /// An attribute, or the position of why it was not read.
    fn part(&mut self, member: &Member<'a>, attribute: impl Into<Name>) -> Part<&'a Value> {
        let attribute = attribute.into();
        match self.view.read(member, attribute) {
            Ok(value) => Part::Read(value),
            Err(why) => Part::Unread(self.unasked(member, attribute, why)),
        }
    }

    fn unasked(&mut self, member: &Member<'_>, attribute: Name, why: Why) -> UnreadAt {
        match why {
            Why::Failed(error) => self.unsure(format!("{} {attribute}: {error}", member.subject()), Cause::Failed),
            Why::NotAsked => self.unsure(format!("{} {attribute}", member.subject()), Cause::NotAsked),
        }
    }

    fn text(&self, member: &Member<'a>, attribute: impl Into<Name>) -> Option<&'a str> {
        self.view.read(member, attribute.into()).ok().and_then(Value::as_text)
    }

    /// The network to which an attribute leads. `None`: no listing shows it.
    fn network(&self, link: &Value, region: Region) -> Option<NetworkAt> {
        first(self.view.follow(link, vpc::NAME, region)).and_then(|member| self.networks.of(&member))
    }

    fn subnet(&self, link: &Value, region: Region) -> Option<SubnetAt> {
        first(self.view.follow(link, subnet::NAME, region)).and_then(|member| self.subnets.of(&member))
    }

    /// Every network of a region.
    fn networks_of(&self, region: Region) -> Vec<NetworkAt> {
        let code = region.code();
        let all = self.facts.networks.iter().enumerate();
        all.filter(|(_, network)| network.region == code).map(|(at, _)| at).collect()
    }
}

/// The resources of a kind that are there.
fn here<'a>(view: &View<'a>, kind: &str) -> impl Iterator<Item = Member<'a>> {
    view.all(kind).filter_map(|seen| if let Seen::Here(member) = seen { Some(member) } else { None })
}

fn first(found: Found<'_>) -> Option<Member<'_>> {
    match found {
        Found::Here(members) => members.first().copied(),
        Found::Hidden(_) | Found::Nowhere => None,
    }
}

fn failed_words(failed: &Unreadable) -> String {
    format!("list {}@{}: {}", failed.kind, failed.region, failed.in_full())
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_list().unwrap_or_default().iter().filter_map(Value::as_text)
}
