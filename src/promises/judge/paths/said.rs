//! A packet and what let it pass, in both languages.

use std::fmt::Display;
use std::net::IpAddr;

use serde::Serialize;

use crate::model::Language;
use crate::model::reason::Spoken;
use crate::reach::{Cause, Entering, Facts, Flow, Hop, Packet, PointAt, PointKind};

/// Some names; of many the first few, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Names(pub Vec<String>);

/// How many names a sentence shows.
const SHOWN: usize = 5;

impl Spoken for Names {
    fn spoken(&self, language: Language) -> impl Display {
        let between = if language == Language::En { ", " } else { "、" };
        let shown = self.0.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(between);
        match (self.0.len().saturating_sub(SHOWN), language) {
            (0, _) => shown,
            (more, Language::En) => format!("{shown} and {more} more"),
            (more, Language::Ja) => format!("{shown} ほか {more} 件"),
        }
    }
}

/// What was not read, and why; of many the first few, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Unknowns(pub Vec<Unknown>);

/// One thing that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// The call that failed, or AWS's identifier.
    pub what: String,
    /// Why it was not read.
    pub cause: Cause,
}

impl Spoken for Unknowns {
    fn spoken(&self, language: Language) -> impl Display {
        let said = |Unknown { what, cause }: &Unknown| match (cause, language) {
            (Cause::Failed, _) => what.clone(),
            (Cause::NotAsked, Language::En) => format!("{what} (nothing asks for it)"),
            (Cause::NotAsked, Language::Ja) => format!("{what}（照会しません）"),
            (Cause::NotUnderstood, Language::En) => format!("{what} (not understood)"),
            (Cause::NotUnderstood, Language::Ja) => format!("{what}（解釈できません）"),
            (Cause::OtherAccount, Language::En) => format!("{what} (of another account: a role under `readers:` may read it)"),
            (Cause::OtherAccount, Language::Ja) => {
                format!("{what}（別のアカウント。`readers:` のロールで読み取れることがあります）")
            }
        };
        Names(self.0.iter().map(said).collect()).spoken(language).to_string()
    }
}

/// A host or a service, or where a host could be started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Place {
    /// It is there.
    Named {
        /// Its name.
        name: String,
    },
    /// Any host that the tenant could start in the subnet with its own groups.
    Startable {
        /// The tenant.
        tenant: String,
        /// The subnet.
        subnet: String,
    },
    /// Any host that is started there without a group.
    Bare {
        /// The subnet.
        subnet: String,
    },
    /// Any host of the Internet.
    Internet,
}

impl Place {
    fn of(facts: &Facts, at: PointAt) -> Self {
        let point = &facts.points[at];
        let name = point.name.to_string();
        match point.kind {
            PointKind::Here | PointKind::Database => Self::Named { name },
            PointKind::Bare => Self::Bare { subnet: name },
            PointKind::Startable => {
                let tenant = point.tenants.first().map(|tenant| facts.tenants[*tenant].clone()).unwrap_or_default();
                Self::Startable { tenant, subnet: name }
            }
        }
    }
}

impl Spoken for Place {
    fn spoken(&self, language: Language) -> impl Display {
        match (self, language) {
            (Self::Named { name }, _) => name.clone(),
            (Self::Startable { tenant, subnet }, Language::En) => format!("any host of {tenant} in {subnet}"),
            (Self::Startable { tenant, subnet }, Language::Ja) => format!("{subnet} に起動できる {tenant} のホスト"),
            (Self::Bare { subnet }, Language::En) => format!("any host without a group in {subnet}"),
            (Self::Bare { subnet }, Language::Ja) => format!("{subnet} にグループなしで起動したホスト"),
            (Self::Internet, Language::En) => "the Internet".to_owned(),
            (Self::Internet, Language::Ja) => "インターネット".to_owned(),
        }
    }
}

/// The flows by which one tenant reaches another, with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Way(pub Vec<Step>);

/// One flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The host or service that sends.
    pub from: Place,
    /// The one at which it arrives.
    pub to: Place,
    /// One packet that arrives.
    pub packet: Packet,
    /// What let it pass, in order.
    pub hops: Vec<Hop>,
}

impl Way {
    /// The flows of a path with the names of their ends.
    #[must_use]
    pub fn of(facts: &Facts, path: &[Flow]) -> Self {
        let place = |at: PointAt| Place::of(facts, at);
        let step =
            |flow: &Flow| Step { from: place(flow.from), to: place(flow.to), packet: flow.packet, hops: flow.hops.clone() };
        Self(path.iter().map(step).collect())
    }

    /// What the Internet sends.
    #[must_use]
    pub fn entering(facts: &Facts, entry: &Entering) -> Self {
        let (from, to) = (Place::Internet, Place::of(facts, entry.to));
        Self(vec![Step { from, to, packet: entry.packet, hops: entry.hops.clone() }])
    }
}

/// `tcp 5432`, `icmp 8/0`, `protocol 47`.
fn traffic(packet: &Packet) -> String {
    let icmp = || format!("{}/{}", packet.port >> 8, packet.port & 255);
    match packet.protocol {
        6 => format!("tcp {}", packet.port),
        17 => format!("udp {}", packet.port),
        1 => format!("icmp {}", icmp()),
        58 => format!("icmpv6 {}", icmp()),
        other => format!("protocol {other}"),
    }
}

fn hop(hop: &Hop, language: Language) -> String {
    let translated = |by: &str, source: &IpAddr| match language {
        Language::En => format!("{by} sends it on from {source}"),
        Language::Ja => format!("{by} が送信元を {source} に変換"),
    };
    match (hop, language) {
        (Hop::Leaves { group, rule }, Language::En) => format!("out by `{rule}` of {group}"),
        (Hop::Leaves { group, rule }, Language::Ja) => format!("{group} の `{rule}` で送信を許可"),
        (Hop::Enters { group, rule }, Language::En) => format!("in by `{rule}` of {group}"),
        (Hop::Enters { group, rule }, Language::Ja) => format!("{group} の `{rule}` で受信を許可"),
        (Hop::Crosses { acl, entry }, Language::En) => format!("past `{entry}` of {acl}"),
        (Hop::Crosses { acl, entry }, Language::Ja) => format!("{acl} の `{entry}` を通過"),
        (Hop::Routed { table, route } | Hop::Switched { table, route }, Language::En) => format!("by `{route}` of {table}"),
        (Hop::Routed { table, route } | Hop::Switched { table, route }, Language::Ja) => format!("{table} の経路 `{route}`"),
        (Hop::Translated { by, source }, _) => translated(by, source),
        (Hop::Unread { what }, Language::En) => format!("(not read: {what})"),
        (Hop::Unread { what }, Language::Ja) => format!("（読み取っていないもの: {what}）"),
    }
}

impl Spoken for Step {
    fn spoken(&self, language: Language) -> impl Display {
        let Packet { source, destination, .. } = self.packet;
        let (from, to) = (self.from.spoken(language), self.to.spoken(language));
        let traffic = traffic(&self.packet);
        let hops: Vec<String> = self.hops.iter().map(|one| hop(one, language)).collect();
        match language {
            Language::En => format!("{traffic} from {source} ({from}) to {destination} ({to}): {}", hops.join(", ")),
            Language::Ja => format!("{source}（{from}）から {destination}（{to}）への {traffic}。{}", hops.join("、")),
        }
    }
}

impl Spoken for Way {
    fn spoken(&self, language: Language) -> impl Display {
        let steps: Vec<String> = self.0.iter().map(|step| step.spoken(language).to_string()).collect();
        steps.join(if language == Language::En { "; then " } else { "。続いて、" })
    }
}
