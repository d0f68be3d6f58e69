//! Who may connect with whom, by the rules of security groups and by where routes lead. Reachability is not proven here.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use ipnet::IpNet;

use super::interfaces::Interfaces;
use super::population::{Judged, Population};
use super::routes::Routes;
use super::subject::{Subject, each, unread};
use super::view::{Found, Member, Seen, View};
use super::{Asked, VerdictReason, Worn};
use crate::kinds::{db_instance, security_group, subnet, vpc};
use crate::model::equality::{self, Spelled, Spelling};
use crate::model::{Standing, UnknownCause, Value};

/// One rule of a group, taken apart.
struct Rule<'a> {
    whole: &'a Value,
    ingress: bool,
    protocol: &'a str,
    ports: (Option<i64>, Option<i64>),
    peer: &'a Value,
}

impl<'a> Rule<'a> {
    fn of(whole: &'a Value) -> Option<Self> {
        let map = whole.as_map()?;
        let port = |name: &str| map.get(name).and_then(Value::as_int);
        Some(Self {
            whole,
            ingress: map.get("direction")?.as_text()? == "ingress",
            protocol: map.get("protocol")?.as_text()?,
            ports: (port("from"), port("to")),
            peer: map.get("peer")?,
        })
    }

    fn block(&self) -> Option<IpNet> {
        self.peer.as_text()?.parse().ok()
    }

    /// In words: `ingress tcp 443 203.0.113.0/24`.
    fn words(&self) -> String {
        let direction = if self.ingress { "ingress" } else { "egress" };
        let ports = match self.ports {
            (Some(from), Some(to)) if from != to => format!(" {from}-{to}"),
            (Some(from), _) => format!(" {from}"),
            _ => String::new(),
        };
        format!("{direction} {}{ports} {}", self.protocol, self.peer)
    }

    /// Whether both are about the same traffic, from or to whomever.
    fn is_alike(&self, other: &Self) -> bool {
        let protocol = Spelling::Protocol.same(self.protocol, other.protocol);
        self.ingress == other.ingress && protocol && self.ports == other.ports
    }

    /// Whether the rule admits only peers that `other` admits.
    fn within(&self, other: &Self) -> bool {
        let narrower = || self.block().zip(other.block()).is_some_and(|(own, wide)| wide.contains(&own));
        self.is_alike(other) && (self.peer == other.peer || narrower())
    }
}

/// Whether a rule names a prefix list. Its addresses are not read.
fn is_list(peer: &Value) -> bool {
    peer.as_text().is_some_and(|text| text.starts_with("pl-"))
}

/// How a rule may be written.
fn spelled() -> Spelled {
    security_group::SCHEMA.row(security_group::at::rules.name()).map_or(&[], |row| row.spelled)
}

fn rules(attributes: Option<&Value>) -> impl Iterator<Item = Rule<'_>> {
    attributes.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Rule::of)
}

fn declared_rules<'a>(member: &Member<'a>) -> Vec<Rule<'a>> {
    rules(member.declared.and_then(|declared| declared.attributes.get(security_group::at::rules))).collect()
}

/// The live rules of a group; `None` where they are exactly the declared ones, or were not read, which the subject has said.
fn odd_rules<'a>(subject: &mut Subject<'a, '_>) -> Option<Vec<Rule<'a>>> {
    let live = subject.note(security_group::at::rules)?;
    let declared = subject.member.declared.and_then(|declared| declared.attributes.get(security_group::at::rules));
    let spelled = spelled();
    let same = declared.is_some_and(|declared| equality::same_list(spelled, live, declared));
    (!same).then(|| rules(Some(live)).collect())
}

/// Every group of our networks: a group that is not ours is among them only there, because tenants are there. The group that AWS
/// makes with each network is worn by whatever is started without one.
fn groups<'v, 'a>(view: &'v View<'a>) -> impl Iterator<Item = Seen<'a>> + use<'v, 'a> {
    view.all(security_group::NAME).filter(|seen| match seen {
        Seen::Here(member) if member.standing != Standing::Ours => {
            let Ok(network) = view.read(member, security_group::at::vpc.name()) else { return true };
            match view.follow(network, vpc::NAME, member.region) {
                Found::Here(found) => found.iter().any(|network| network.standing == Standing::Ours),
                Found::Hidden(_) => true,
                Found::Nowhere => false,
            }
        }
        _ => true,
    })
}

/// The groups of our networks admit only the declared addresses: for a tenant those that its customer named, for a shared database
/// and its clients none. An undeclared block breaks the promise however narrow it is.
pub(super) fn ingress(view: &View<'_>, population: &mut Population) {
    each(view, groups(view), population, |subject| {
        // A group of nobody can break the promise. It is not what the promise is about.
        if subject.member.standing != Standing::Ours {
            subject.beside();
        }
        let Some(live) = odd_rules(subject) else { return };
        let allowed = declared_rules(&subject.member);
        for rule in live.iter().filter(|rule| rule.ingress) {
            let named = allowed.iter().any(|wide| rule.within(wide));
            if !named && rule.block().is_some() {
                subject.broken(VerdictReason::AdmitsAddresses { rule: rule.words() });
            } else if !named && is_list(rule.peer) {
                subject.broken(VerdictReason::AdmitsList { rule: rule.words() });
            }
        }
    });
}

/// The address blocks of the tenants' subnets and networks, by tenant.
struct Blocks<'v, 'a> {
    view: &'v View<'a>,
    /// Collected when the first undeclared rule needs them.
    found: OnceCell<Known>,
}

#[derive(Default)]
struct Known {
    blocks: Vec<(String, IpNet)>,
    /// The first block that was not read.
    unread: Option<(Judged, VerdictReason)>,
}

impl Blocks<'_, '_> {
    fn of(view: &View<'_>) -> Known {
        let mut known = Known::default();
        for (kind, cidr) in [(subnet::NAME, subnet::at::cidr.name()), (vpc::NAME, vpc::at::cidr.name())] {
            for seen in view.ours(kind) {
                let (tenant, block) = match seen {
                    Seen::Here(member) => match view.read(&member, cidr) {
                        Ok(block) => (member.tenant().map(str::to_owned), block.as_text()),
                        Err(why) => {
                            known.unread.get_or_insert_with(|| unread(cidr, why, Some(&member)));
                            continue;
                        }
                    },
                    Seen::Lost(id) | Seen::Astray(id, _) | Seen::NotMade(id) | Seen::Hidden(id, _) => {
                        let resource = view.input.desired.resources.get(id);
                        let tenant = resource.and_then(|resource| resource.tags.get(crate::model::tags::TENANT));
                        let tenant = tenant.filter(|tenant| *tenant != "shared").map(String::from);
                        (tenant, resource.and_then(|resource| resource.attributes.text(cidr)))
                    }
                };
                known.blocks.extend(tenant.zip(block.and_then(|block| block.parse().ok())));
            }
        }
        known.blocks.sort();
        known.blocks.dedup();
        known
    }

    fn known(&self) -> &Known {
        self.found.get_or_init(|| Self::of(self.view))
    }

    /// Says of a subject whose rule is compared with the blocks that one of them was not read.
    fn unread(&self, subject: &mut Subject<'_, '_>) {
        if let Some((judged, reason)) = &self.known().unread {
            subject.say(*judged, reason.clone());
        }
    }

    /// The tenants other than `own` whose address blocks lie in this block or contain it.
    fn others(&self, block: IpNet, own: Option<&str>) -> Vec<&str> {
        let meets = |other: &IpNet| other.contains(&block) || block.contains(other);
        let mut found: Vec<&str> = self
            .known()
            .blocks
            .iter()
            .filter(|(tenant, other)| Some(tenant.as_str()) != own && meets(other))
            .map(|(tenant, _)| tenant.as_str())
            .collect();
        found.dedup();
        found
    }
}

pub(super) fn isolation(view: &View<'_>, population: &mut Population) {
    let blocks = Blocks { view, found: OnceCell::new() };
    let interfaces = Interfaces::new(view);
    each(view, groups(view), population, |subject| {
        of_tenant(subject);
        if subject.member.standing == Standing::Ours {
            own_group(view, subject, &blocks);
            interfaces.meet(subject, &admitted(view, subject, &interfaces));
        } else {
            foreign_group(view, subject, &blocks, &interfaces);
        }
    });
    each(view, interfaces.all(), population, |subject| interfaces.judge(subject));
    let routes = Routes::new(view);
    each(view, view.ours(subnet::NAME), population, |subject| {
        of_tenant(subject);
        routes.judge(subject);
        let private = |value: &Value| *value == Value::Bool(false);
        subject.require(subnet::at::public_addresses, private, Asked::HostsReached);
    });
    each(view, view.ours(db_instance::NAME), population, |subject| {
        of_tenant(subject);
        worn(view, subject);
    });
}

/// What belongs to no tenant is judged as well: without a tenant there is nothing to isolate.
fn of_tenant(subject: &mut Subject<'_, '_>) {
    if subject.member.tenant().is_none() {
        subject.beside();
    }
}

/// The compiler checked the declared rules. Any other rule must stay within the tenant of the group.
fn own_group(view: &View<'_>, subject: &mut Subject<'_, '_>, blocks: &Blocks<'_, '_>) {
    let Some(live) = odd_rules(subject) else { return };
    let declared: Vec<&Value> = declared_rules(&subject.member).into_iter().map(|rule| rule.whole).collect();
    let own = subject.member.tenant().map(str::to_owned);
    for rule in live {
        if declared.iter().any(|whole| equality::same_part(spelled(), whole, rule.whole)) {
            continue;
        }
        let words = rule.words();
        if let Some(block) = rule.block() {
            blocks.unread(subject);
            let others = blocks.others(block, own.as_deref());
            if !others.is_empty() {
                let tenants = others.into_iter().map(str::to_owned).collect();
                subject.broken(VerdictReason::NamesAddresses { rule: words, tenants });
            }
            continue;
        }
        if is_list(rule.peer) {
            subject.unknown(UnknownCause::NotAsked, VerdictReason::NamesList { rule: words });
            continue;
        }
        match view.follow(rule.peer, security_group::NAME, subject.member.region) {
            Found::Hidden(failed) => subject.hidden(failed),
            Found::Here(groups) => {
                let declared_for = |group: &&Member<'_>| !same_rule(&declared, &rule, group);
                for group in groups.iter().filter(declared_for) {
                    let stays = group.standing == Standing::Ours && group.tenant() == own.as_deref();
                    if !stays {
                        subject.broken(VerdictReason::NamesGroup { rule: words.clone(), group: worn_group(group).into() });
                    }
                }
            }
            Found::Nowhere => subject.broken(VerdictReason::NamesUnknownGroup { rule: words }),
        }
    }
}

/// Whether the rule is declared for this group, which only lost the tags by which it is recognised.
fn same_rule(declared: &[&Value], rule: &Rule<'_>, group: &Member<'_>) -> bool {
    declared
        .iter()
        .filter_map(|whole| Rule::of(whole))
        .any(|wanted| wanted.is_alike(rule) && matches!(wanted.peer, Value::Ref(reference) if group.id == Some(&reference.to)))
}

fn worn_group(group: &Member<'_>) -> Worn {
    match (group.standing, group.tenant()) {
        (Standing::Ours, Some(tenant)) => Worn::OfTenant { tenant: tenant.to_owned() },
        (Standing::Ours, None) => Worn::Shared { group: group.subject() },
        _ => Worn::OfNobody { group: group.subject() },
    }
}

/// The tenants whose groups or hosts a group of ours admits by naming groups. Nobody needs them where no host wears the group.
fn admitted<'a>(view: &View<'a>, subject: &Subject<'a, '_>, interfaces: &Interfaces<'_, 'a>) -> BTreeSet<String> {
    if interfaces.wearers(&subject.member).is_none() {
        return BTreeSet::new();
    }
    let mut found = BTreeSet::new();
    for rule in rules(subject.value(security_group::at::rules)).filter(|rule| rule.ingress) {
        if let Found::Here(groups) = view.follow(rule.peer, security_group::NAME, subject.member.region) {
            found.extend(groups.iter().flat_map(|group| of_group(group, interfaces)));
        }
    }
    found
}

/// The tenant of a group, and those whose hosts wear it.
fn of_group<'a>(group: &Member<'a>, interfaces: &Interfaces<'_, 'a>) -> BTreeSet<String> {
    let mut found = interfaces.wearers(group).cloned().unwrap_or_default();
    found.extend(group.tenant().map(str::to_owned));
    found
}

/// An undeclared group keeps the promise while no two tenants can meet through it.
fn foreign_group<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>, blocks: &Blocks<'_, '_>, interfaces: &Interfaces<'_, 'a>) {
    let mut met: BTreeSet<String> = BTreeSet::new();
    let Some(live) = odd_rules(subject) else { return };
    for rule in live.iter().filter(|rule| rule.ingress) {
        if let Some(block) = rule.block() {
            blocks.unread(subject);
            met.extend(blocks.others(block, None).into_iter().map(str::to_owned));
        } else if is_list(rule.peer) {
            subject.unknown(UnknownCause::NotAsked, VerdictReason::NamesList { rule: rule.words() });
        } else {
            match view.follow(rule.peer, security_group::NAME, subject.member.region) {
                Found::Hidden(failed) => subject.hidden(failed),
                Found::Here(groups) => met.extend(groups.iter().flat_map(|group| of_group(group, interfaces))),
                // A group of another network or account: who wears it is not read.
                Found::Nowhere => {
                    subject.unknown(UnknownCause::NotUnderstood, VerdictReason::NamesUnknownGroup { rule: rule.words() });
                }
            }
        }
    }
    interfaces.meet(subject, &met);
    if met.len() > 1 {
        subject.broken(VerdictReason::TenantsMeet { tenants: met.into_iter().collect() });
    }
}

/// The security groups that are attached to a database.
fn worn(view: &View<'_>, subject: &mut Subject<'_, '_>) {
    let list = |value: Option<&Value>| value.and_then(Value::as_list).unwrap_or_default().to_vec();
    let Some(live) = subject.note(db_instance::at::security_groups) else { return };
    let live = list(Some(live));
    let declared = list(subject.member.declared.and_then(|declared| declared.attributes.get(db_instance::at::security_groups)));
    let own = subject.member.tenant().map(str::to_owned);
    for link in live.iter().filter(|link| !declared.contains(link)) {
        match view.follow(link, security_group::NAME, subject.member.region) {
            Found::Hidden(failed) => subject.hidden(failed),
            Found::Here(groups) => {
                let wanted = |group: &&Member<'_>| {
                    let named = |link: &Value| matches!(link, Value::Ref(reference) if group.id == Some(&reference.to));
                    !declared.iter().any(named)
                };
                for group in groups.iter().filter(wanted) {
                    if group.standing != Standing::Ours || group.tenant() != own.as_deref() {
                        subject.broken(VerdictReason::WearsGroup { group: worn_group(group).into() });
                    }
                }
            }
            Found::Nowhere => subject.broken(VerdictReason::WearsUnknownGroup { group: link.clone() }),
        }
    }
}
