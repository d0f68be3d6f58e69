//! A packet and what let it pass, in both languages.

use std::fmt::Display;
use std::net::IpAddr;

use serde::Serialize;

use crate::model::Language;
use crate::model::reason::Spoken;
use crate::reach::{Entering, Facts, Flow, Hop, Packet};

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

/// The flows by which one tenant reaches another, with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Way(pub Vec<Step>);

/// One flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The host or service that sends.
    pub from: String,
    /// The one at which it arrives.
    pub to: String,
    /// One packet that arrives.
    pub packet: Packet,
    /// What let it pass, in order.
    pub hops: Vec<Hop>,
}

impl Way {
    pub(crate) fn of(facts: &Facts, path: &[Flow]) -> Self {
        let name = |at: usize| facts.points[at].name.clone();
        let step = |flow: &Flow| Step { from: name(flow.from), to: name(flow.to), packet: flow.packet, hops: flow.hops.clone() };
        Self(path.iter().map(step).collect())
    }

    pub(crate) fn entering(facts: &Facts, entry: &Entering) -> Self {
        let (from, to) = ("the Internet".to_owned(), facts.points[entry.to].name.clone());
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
        let (from, to, traffic) = (&self.from, &self.to, traffic(&self.packet));
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
