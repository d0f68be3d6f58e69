//! Who may connect with whom: which tenants a packet can reach (ADR 0032), and which addresses of the Internet.

use std::collections::BTreeSet;

use super::paths::{self, Names, Proved, Unknown, Unknowns, Way};
use super::population::{Judged, Population};
use super::subject::{Subject, each};
use super::view::{Found, SETTINGS, Seen, View};
use super::{Asked, VerdictReason};
use crate::kinds::{db_instance, kms_key, network_interface, security_group, subnet, vpc};
use crate::model::equality::{self, Spelled, Spelling};
use crate::model::{Examined, Explanation, Fact, Standing, UnknownCause, Value, VerdictState};
use crate::reach::{Answer, Assumed, Cause, Leak, TenantAt, Undecided, UnreadAt};

/// One rule of a group, taken apart.
struct Rule<'a> {
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
            ingress: map.get("direction")?.as_text()? == "ingress",
            protocol: map.get("protocol")?.as_text()?,
            ports: (port("from"), port("to")),
            peer: map.get("peer")?,
        })
    }

    fn block(&self) -> Option<ipnet::IpNet> {
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

/// Whether a rule names a prefix list.
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

/// The live rules of a group; `None` where they are exactly the declared ones, or were not read, which the subject has said.
fn odd_rules<'a>(subject: &mut Subject<'a, '_>) -> Option<Vec<Rule<'a>>> {
    let live = subject.note(security_group::at::rules)?;
    let declared = subject.member.declared.and_then(|declared| declared.attributes.get(security_group::at::rules));
    let spelled = spelled();
    let same = declared.is_some_and(|declared| equality::same_list(spelled, live, declared));
    (!same).then(|| rules(Some(live)).collect())
}

/// Our groups, and the group that AWS makes with each network of ours: whatever is started without a group wears it. What a group of
/// somebody else admits is judged by the packets that arrive.
fn groups<'v, 'a>(view: &'v View<'a>) -> impl Iterator<Item = Seen<'a>> + use<'v, 'a> {
    view.all(security_group::NAME).filter(|seen| match seen {
        Seen::Here(member) if member.standing != Standing::Ours => {
            let name = view.read(member, security_group::at::name.name()).ok().and_then(Value::as_text);
            name.is_none_or(|name| security_group::KIND.is_made_by_aws(name)) && is_in_ours(view, member)
        }
        _ => true,
    })
}

/// Whether a group is in a network of ours, or may be.
fn is_in_ours<'a>(view: &View<'a>, member: &super::view::Member<'a>) -> bool {
    let Ok(network) = view.read(member, security_group::at::vpc.name()) else { return true };
    match view.follow(network, vpc::NAME, member.region) {
        Found::Here(found) => found.iter().any(|network| network.standing == Standing::Ours),
        Found::Hidden(_) => true,
        Found::Nowhere => false,
    }
}

/// The groups of our networks admit only the declared addresses: for a tenant those that its customer named, for a shared database
/// and its clients none. An undeclared block breaks the promise however narrow it is. And whatever wears other groups is reached by
/// nothing from the Internet that its tenant does not allow.
pub(super) fn ingress(view: &View<'_>, population: &mut Population) {
    each(view, groups(view), population, |subject| {
        // A group of nobody can break the promise. It is not what the promise is about.
        if subject.member.standing != Standing::Ours {
            subject.beside();
        }
        let Some(live) = odd_rules(subject) else { return };
        let declared = subject.member.declared.and_then(|declared| declared.attributes.get(security_group::at::rules));
        let allowed: Vec<Rule<'_>> = rules(declared).collect();
        for rule in live.iter().filter(|rule| rule.ingress) {
            let named = allowed.iter().any(|wide| rule.within(wide));
            if !named && rule.block().is_some() {
                subject.broken(VerdictReason::AdmitsAddresses { rule: rule.words() });
            } else if !named && is_list(rule.peer) {
                subject.broken(VerdictReason::AdmitsList { rule: rule.words() });
            }
        }
    });
    let proved = paths::proved(view);
    each(view, view.all(network_interface::NAME), population, |subject| {
        subject.beside();
        entered(&proved, subject);
    });
}

/// Says of a host or a database what the Internet can send to it beyond what is allowed.
pub(super) fn entered(proved: &Proved, subject: &mut Subject<'_, '_>) {
    let facts = &proved.facts;
    if proved.proof.entries.is_empty() && proved.proof.unsure_entries.is_empty() {
        return;
    }
    let name = subject.member.subject();
    let is = |point: &usize| facts.points[*point].name == name;
    if let Some(entry) = proved.proof.entries.iter().find(|entry| is(&entry.to)) {
        subject.broken(VerdictReason::InternetEnters { way: Way::entering(facts, entry) });
    } else if let Some(unsure) = proved.proof.unsure_entries.iter().find(|entry| is(&entry.to)) {
        let (cause, unread) = unread(proved, &unsure.unread);
        subject.unknown(cause, VerdictReason::InternetMayEnter { unread });
    }
}

/// What was not read, and the most serious cause.
fn unread(proved: &Proved, positions: &[UnreadAt]) -> (UnknownCause, Unknowns) {
    let all = positions.iter().map(|at| &proved.facts.unread[*at]);
    let cause = |cause: Cause| match cause {
        Cause::Failed => UnknownCause::ReadFailed,
        Cause::NotUnderstood => UnknownCause::NotUnderstood,
        Cause::NotAsked | Cause::OtherAccount => UnknownCause::NotAsked,
    };
    let worst = all.clone().map(|unread| cause(unread.cause)).min().unwrap_or(UnknownCause::NotUnderstood);
    let unread = all.map(|unread| Unknown { what: unread.what.clone(), cause: unread.cause });
    (worst, Unknowns(unread.collect()))
}

/// No packet of one tenant arrives at another.
pub(super) fn isolation(view: &View<'_>, population: &mut Population) {
    each(view, view.ours(subnet::NAME), population, |subject| {
        if subject.member.tenant().is_none() {
            subject.beside();
        }
        let private = |value: &Value| *value == Value::Bool(false);
        subject.require(subnet::at::public_addresses, private, Asked::HostsReached);
    });
    of_tenants(view, population);
}

/// How many leaks a tenant's member shows.
const SHOWN: usize = 3;

/// What a proof says of one tenant, as the one that is reached.
#[derive(Default)]
struct Reached<'p> {
    /// How many points it has.
    points: usize,
    leaks: Vec<&'p Leak>,
    undecided: Vec<&'p Undecided>,
    /// Those in which it takes part on either side.
    assumed: Vec<&'p Assumed>,
}

/// Every tenant. What is found is read once and not for each of them.
fn of_tenants(view: &View<'_>, population: &mut Population) {
    let proved = paths::proved(view);
    let mut tenants: Vec<Reached<'_>> = proved.facts.tenants.iter().map(|_| Reached::default()).collect();
    proved.facts.points.iter().flat_map(|point| point.tenants.iter()).for_each(|tenant| tenants[*tenant].points += 1);
    for leak in &proved.proof.leaks {
        leak.to.iter().for_each(|tenant| tenants[*tenant].leaks.push(leak));
    }
    for undecided in &proved.proof.undecided {
        undecided.to.iter().for_each(|tenant| tenants[*tenant].undecided.push(undecided));
    }
    for assumed in &proved.proof.assumed {
        assumed.from.iter().chain(&assumed.to).for_each(|tenant| tenants[*tenant].assumed.push(assumed));
    }
    for (tenant, reached) in tenants.iter().enumerate() {
        of_tenant(view, &proved, (tenant, reached), population);
    }
}

fn of_tenant(view: &View<'_>, proved: &Proved, (tenant, reached): (TenantAt, &Reached<'_>), population: &mut Population) {
    let facts = &proved.facts;
    let exists = reached.points > 0;
    let others = |from: &[TenantAt]| -> Names {
        Names(from.iter().filter(|other| **other != tenant).map(|other| facts.tenants[*other].clone()).collect())
    };
    let mut found: Vec<(Judged, VerdictReason)> = Vec::new();
    for leak in &reached.leaks {
        let from = others(&leak.from);
        if from.0.is_empty() {
            continue;
        }
        let way = Way::of(facts, &leak.path);
        let reason = match (leak.joined, leak.answer) {
            (Some(point), _) => VerdictReason::HostOfTwo { host: facts.points[point].name.to_string(), with: from },
            (None, Answer::OneWay) => VerdictReason::PacketArrivesOneWay { from, way },
            (None, Answer::Returns | Answer::NotAsked) => VerdictReason::PacketArrives { from, way },
        };
        found.push((VerdictState::Broken.into(), reason));
    }
    for undecided in &reached.undecided {
        let (cause, unread) = unread(proved, &undecided.unread);
        let from = others(&undecided.from);
        if !from.0.is_empty() {
            let reason = if unread.0.is_empty() {
                VerdictReason::GatewayDecides { from }
            } else {
                VerdictReason::PacketMayArrive { from, unread }
            };
            found.push((Judged::unknown(cause), reason));
        }
    }
    let judged = match (found.iter().map(|(judged, _)| *judged).min(), exists) {
        (Some(worst), _) => worst,
        (None, true) => VerdictState::Kept.into(),
        (None, false) => VerdictState::NotApplicable.into(),
    };
    let subject = || format!("tenant {}", facts.tenants[tenant]);
    population.add(judged, false, subject, || Examined {
        subject: subject(),
        kind: "tenant".to_owned(),
        standing: if exists { Standing::Ours } else { Standing::Absent },
        state: judged.state,
        unknown: judged.unknown,
        beside: false,
        level: (judged.state == VerdictState::Kept).then_some(SETTINGS),
        reason: told(&found, exists),
        facts: evidence(view, facts.tenants.len(), reached),
    });
}

/// The first reasons, and how many more there are.
fn told(found: &[(Judged, VerdictReason)], exists: bool) -> Option<Explanation> {
    if found.is_empty() {
        return (!exists).then(|| Explanation::of(&VerdictReason::NotThere));
    }
    let mut reasons = found.iter().take(SHOWN).map(|(_, reason)| Explanation::of(reason));
    let first = reasons.next()?;
    let told = reasons.fold(first, |all, next| all.and(&next));
    let more = found.len().saturating_sub(SHOWN);
    Some(if more == 0 { told } else { told.and(&Explanation::of(&VerdictReason::MorePaths { more })) })
}

/// What the proof rests on.
fn evidence(view: &View<'_>, tenants: usize, reached: &Reached<'_>) -> Vec<Fact> {
    let region = crate::model::Region::Tokyo;
    let fact = |name: &str, value: String| Fact {
        name: name.to_owned(),
        value: value.into(),
        source: "reach".to_owned(),
        at: view.at(security_group::NAME, region).map(str::to_owned),
    };
    let mut found = vec![fact("tenants", tenants.to_string()), fact("points", reached.points.to_string())];
    let assumed: BTreeSet<&str> =
        reached.assumed.iter().flat_map(|assumed| assumed.forwarders.iter().map(String::as_str)).collect();
    if !assumed.is_empty() {
        found.push(fact("shared_forwarders", assumed.into_iter().collect::<Vec<_>>().join(", ")));
    }
    found
}

/// Whether tenants are separated in what holds their data: the network by the proof, and keys; of what they share, said so.
pub(super) fn separation(view: &View<'_>, population: &mut Population) {
    of_tenants(view, population);
    let proved = paths::proved(view);
    each(view, view.ours(db_instance::NAME), population, |subject| {
        let own = subject.member.tenant().map(str::to_owned);
        let Some(link) = subject.note(db_instance::at::kms_key) else { return };
        if proved.facts.tenants.is_empty() {
            subject.beside();
        }
        if own.is_none() {
            subject.remark(VerdictReason::RowsAreShared);
        }
        match view.follow(link, kms_key::NAME, subject.member.region) {
            Found::Hidden(failed) => subject.hidden(failed),
            Found::Here(keys) => {
                let of = keys.first().filter(|key| key.standing == Standing::Ours).and_then(super::view::Member::tenant);
                if let Some(of) = of.filter(|of| Some(*of) != own.as_deref()) {
                    subject.broken(VerdictReason::KeyOfOtherTenant { tenant: of.to_owned() });
                }
            }
            // A key that is not ours belongs to no tenant.
            Found::Nowhere => {}
        }
    });
}
