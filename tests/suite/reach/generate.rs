//! Small random networks, each from a seed: tiny blocks, so that every packet can be tried, and all that ADR 0032 names.

mod connect;
mod hosts;

use ipnet::IpNet;
use tokaido::reach::{Acl, Cause, Entry, Facts, Network, Part, Route, Subnet, Table, Target, Traffic, Unread};

use super::clean::Dice;
pub use super::clean::block;

/// What connects tenants in one network more than anything else, so that each of them decides enough pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    Local,
    Peering,
    Gateway,
    Translator,
    Router,
    Forwarder,
    Shared,
    Meeting,
    Open,
    Unread,
    Both,
    Bare,
}

const THEMES: [Theme; 17] = [
    Theme::Local,
    Theme::Peering,
    Theme::Gateway,
    Theme::Translator,
    Theme::Router,
    Theme::Forwarder,
    Theme::Shared,
    Theme::Shared,
    Theme::Meeting,
    Theme::Open,
    Theme::Open,
    Theme::Unread,
    Theme::Unread,
    Theme::Unread,
    Theme::Both,
    Theme::Bare,
    Theme::Bare,
];

fn traffics() -> Vec<Traffic> {
    let tcp = |first, last| Traffic { protocol: (6, 6), port: (first, last) };
    vec![
        Traffic::ALL,
        tcp(443, 443),
        tcp(5432, 5432),
        tcp(400, 500),
        tcp(0, u16::MAX),
        Traffic { protocol: (17, 17), port: (53, 53) },
        Traffic { protocol: (1, 1), port: (8 * 256, 8 * 256 + 255) },
        Traffic { protocol: (50, 50), port: (0, u16::MAX) },
    ]
}

struct Making {
    dice: Dice,
    theme: Theme,
    facts: Facts,
    /// Blocks that walls of this network talk about.
    pool: Vec<IpNet>,
    traffics: Vec<Traffic>,
    /// The groups of nobody: one for each network.
    defaults: Vec<usize>,
}

/// The random network of this seed.
pub fn network(seed: u64) -> Facts {
    let mut dice = Dice::new(seed);
    let theme = *dice.of(&THEMES);
    let kinds = 2 + dice.below(2);
    let traffics = (0..kinds).map(|_| *dice.of(&traffics())).chain([Traffic::ALL]).collect();
    let mut making = Making { dice, theme, facts: Facts::default(), pool: vec![], traffics, defaults: vec![] };
    making.ground();
    making.tenants();
    making.connectors();
    making.places();
    making.facts
}

impl Making {
    fn themed(&mut self, theme: Theme, then: usize, otherwise: usize) -> bool {
        let percent = if self.theme == theme { then } else { otherwise };
        self.dice.percent(percent)
    }

    /// A new unread part, in so many of a hundred; more where it is the theme.
    fn dark(&mut self) -> Option<usize> {
        if !self.themed(Theme::Unread, 14, 1) {
            return None;
        }
        Some(self.unread())
    }

    fn unread(&mut self) -> usize {
        let at = self.facts.unread.len();
        let cause = *self.dice.of(&[Cause::Failed, Cause::NotAsked, Cause::NotUnderstood, Cause::OtherAccount]);
        let named = self.dice.percent(4) && !self.facts.networks.is_empty();
        let networks = if named { vec![self.dice.below(self.facts.networks.len())] } else { vec![] };
        let hides = self.dice.percent(1);
        self.facts.unread.push(Unread { what: format!("part {at}"), cause, networks, hides });
        at
    }

    fn part<T>(&mut self, value: T) -> Part<T> {
        self.dark().map_or(Part::Read(value), Part::Unread)
    }

    /// Networks, subnets, ACLs and tables.
    fn ground(&mut self) {
        let joined = matches!(self.theme, Theme::Peering | Theme::Gateway | Theme::Open);
        let networks = if joined { 2 + self.dice.below(2) } else { 1 + self.dice.below(2) };
        let six = self.dice.percent(40);
        for network in 0..networks {
            let mut blocks = vec![block(&format!("10.{network}.0.0/24"))];
            if six {
                blocks.push(block(&format!("fd00:{network}::/64")));
            }
            self.pool.extend(&blocks);
            let open = if self.themed(Theme::Open, 70, 3) { vec![self.unread()] } else { vec![] };
            let region = if self.dice.percent(85) { "tokyo" } else { "osaka" };
            self.facts.networks.push(Network {
                name: format!("network-{network}").into(),
                region: region.into(),
                blocks: Part::Read(blocks),
                open,
                internet: self.dice.percent(40),
            });
            for part in 0..2 + self.dice.below(2) {
                self.subnet(network, part, six);
            }
        }
        self.pool.extend([block("10.0.0.0/8"), block("0.0.0.0/0")]);
        if six {
            self.pool.push(block("::/0"));
        }
        for at in 0..self.facts.subnets.len() {
            let acl = self.acl(at);
            self.facts.acls.push(acl);
        }
    }

    fn subnet(&mut self, network: usize, part: usize, six: bool) {
        let at = self.facts.subnets.len();
        let mut blocks = vec![block(&format!("10.{network}.0.{}/29", 8 * part))];
        if six {
            blocks.push(block(&format!("fd00:{network}::{:x}/126", 4 * part)));
        }
        self.pool.extend(&blocks);
        if self.dice.percent(30) {
            self.pool.push(block(&format!("10.{network}.0.{}/30", 8 * part + 4 * self.dice.below(2))));
        }
        let acl = self.part(at);
        let table = self.part(at);
        let zone = if self.dice.percent(70) { "a" } else { "b" };
        self.facts.subnets.push(Subnet {
            name: format!("subnet-{at}").into(),
            network,
            zone: zone.into(),
            blocks: blocks.into(),
            acl,
            table,
        });
        let routes = [(10, format!("10.{network}.0.0/24")), (6, format!("fd00:{network}::/64"))];
        let routes = routes.iter().filter(|(family, _)| six || *family == 10).map(|(_, text)| Route {
            words: text.clone().into(),
            blocks: Part::Read(vec![block(text)]),
            target: Target::Local,
        });
        self.facts.tables.push(Table { name: format!("table-{at}").into(), routes: Part::Read(routes.collect()) });
    }

    fn acl(&mut self, at: usize) -> Acl {
        let mut entries = vec![];
        let exceptions = if self.dice.percent(35) { 1 + self.dice.below(3) } else { 0 };
        let closed = self.dice.percent(8);
        let entry = |words: &str, ingress, allow, traffic, block| Entry { words: words.into(), ingress, allow, traffic, block };
        for number in 0..exceptions {
            let (traffic, block) = (*self.dice.of(&self.traffics), *self.dice.of(&self.pool));
            let (ingress, allow) = (self.dice.percent(50), self.dice.percent(if closed { 80 } else { 25 }));
            entries.push(entry(&format!("exception {number}"), ingress, allow, traffic, block));
        }
        if !closed {
            for (ingress, family) in [(false, "0.0.0.0/0"), (false, "::/0"), (true, "0.0.0.0/0"), (true, "::/0")] {
                entries.push(entry("rest", ingress, true, Traffic::ALL, block(family)));
            }
        }
        Acl { name: format!("acl-{at}").into(), entries: self.part(entries.into()) }
    }
}
