//! What leaves to places that are not read, and what comes from there. Only in `most`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::facts::{Part, Peer, PointAt, UnreadAt};
use super::packets::Span;
use super::routers::{Link, Origin};
use super::trail::{EVERYWHERE, Goal, Sender};
use super::walk::Walk;

impl Walk<'_, '_> {
    /// The unread parts that name the network of a point.
    fn naming(&self, point: PointAt) -> impl Iterator<Item = UnreadAt> {
        let network = self.atlas.network_of(point);
        let unread = &self.atlas.facts.unread;
        (0..unread.len()).filter(move |why| unread[*why].networks.contains(&network))
    }

    /// Whether something could come in anywhere.
    pub(super) fn is_open(&self) -> bool {
        let facts = self.atlas.facts;
        self.most()
            && (facts.networks.iter().any(|network| !network.open.is_empty())
                || facts.unread.iter().any(|unread| !unread.networks.is_empty()))
    }

    /// Whether a sender can send to a place that is not read.
    pub(super) fn leaves(&self, origin: &Origin) -> Option<Link> {
        let own = origin.points.iter().map(|point| (self.sender(*point), None));
        let held = origin.held.iter().map(|held| (held.sender(), Some(&held.link)));
        let mut unread: BTreeSet<UnreadAt> = BTreeSet::new();
        for (sender, link) in own.chain(held) {
            let mut found: BTreeSet<UnreadAt> = BTreeSet::new();
            if self.can(sender.point, false) {
                found.extend(self.naming(sender.point));
            }
            let named = self.named_ends(&sender).into_iter().map(Some);
            for to in [None].into_iter().chain(named) {
                let _whole = self.all(&sender, Goal::Outside(to), &mut |trail| {
                    found.extend(trail.what_was_not_read());
                    ControlFlow::Continue(())
                });
            }
            if !found.is_empty() {
                unread.extend(found);
                unread.extend(link.into_iter().flat_map(|link| &link.unread));
            }
        }
        (!unread.is_empty()).then(|| Link::default().over(unread))
    }

    /// The points to which a sender may send because a rule names a group that they wear.
    pub(super) fn named_ends(&self, sender: &Sender<'_>) -> BTreeSet<PointAt> {
        let (atlas, from) = (self.atlas, sender.point);
        let bare = atlas.is_bare(from);
        let groups = atlas.facts.points[from].groups.read().into_iter().flat_map(|worn| worn.iter());
        let rules = groups.filter_map(|group| Some((*group, atlas.rules(*group, false).ok()?)));
        let named = rules.flat_map(|(group, rules)| {
            rules.filter_map(move |(_, rule)| match rule.peer {
                Peer::Group(named) if !(bare && named == group) => Some(named),
                _ => None,
            })
        });
        let wearing = named.flat_map(|named| atlas.wearing[named].iter().chain(&atlas.unsure_groups).copied());
        wearing.filter(|to| *to != from && atlas.is_bare(*to) == bare).collect()
    }

    /// Whether one of these points can get something from a place that is not read.
    pub(super) fn comes(&self, to: &[PointAt]) -> Option<Link> {
        let mut found: BTreeSet<UnreadAt> = BTreeSet::new();
        for point in to {
            if self.can(*point, true) {
                found.extend(self.naming(*point));
            }
            for why in &self.atlas.facts.networks[self.atlas.network_of(*point)].open {
                let _first = self.coming_in(*point, *why, &mut |trail| {
                    found.extend(trail.what_was_not_read());
                    ControlFlow::Break(())
                });
            }
        }
        (!found.is_empty()).then(|| Link::default().over(found))
    }

    /// What comes to a router from there, and from which sources.
    pub(super) fn comes_from(&self, router: PointAt) -> Option<(Link, Vec<Span>)> {
        let link = self.comes(&[router])?;
        if self.can(router, true) && self.naming(router).next().is_some() {
            return Some((link, EVERYWHERE.to_vec()));
        }
        let mut sources: Vec<Span> = Vec::new();
        for why in &self.atlas.facts.networks[self.atlas.network_of(router)].open {
            let _all = self.coming_in(router, *why, &mut |trail| {
                sources.push(trail.packets.source);
                ControlFlow::Continue(())
            });
        }
        Some((link, sources))
    }

    /// Whether a point has a rule of this direction at all.
    fn can(&self, point: PointAt, ingress: bool) -> bool {
        let Part::Read(groups) = &self.atlas.facts.points[point].groups else { return true };
        let bare = self.atlas.is_bare(point);
        groups.iter().any(|group| match self.atlas.rules(*group, ingress) {
            Ok(mut rules) => rules.any(|(_, rule)| !(bare && matches!(rule.peer, Peer::Group(named) if named == *group))),
            Err(_) => true,
        })
    }
}
