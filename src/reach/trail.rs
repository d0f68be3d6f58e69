//! Packets on their way: who sends them, what let them pass so far, and where they are to arrive.

use std::borrow::Cow;

use super::facts::{PointAt, UnreadAt};
use super::packets::{Packets, Span};

/// What let a packet pass, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Leaves { group: usize, rule: usize },
    Crosses { acl: usize, entry: usize },
    Routed { table: usize, route: usize },
    Switched { table: usize, route: usize },
    Translated { by: usize, block: usize },
    Enters { group: usize, rule: usize },
    Unread(UnreadAt),
}

/// Packets on their way.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    pub(super) packets: Packets,
    pub(super) steps: Vec<Step>,
    /// The point of which they have the groups.
    pub(super) wears: Option<PointAt>,
    /// Behind a NAT gateway: the source with which they were sent.
    pub(super) sent: Option<Span>,
}

impl Trail {
    pub(super) fn on(&self, packets: Packets, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { packets, steps, ..*self }
    }

    pub(super) fn unread(&self, why: UnreadAt) -> Self {
        self.on(self.packets, Step::Unread(why))
    }

    /// What was not read on the way, sorted.
    pub(super) fn what_was_not_read(&self) -> Vec<UnreadAt> {
        let unread = self.steps.iter().filter_map(|step| if let Step::Unread(why) = step { Some(*why) } else { None });
        let mut unread: Vec<UnreadAt> = unread.collect();
        unread.sort_unstable();
        unread.dedup();
        unread
    }

    pub(super) fn all_unread(&self, why: impl Iterator<Item = UnreadAt>) -> Self {
        let mut trail = self.clone();
        trail.steps.extend(why.map(Step::Unread));
        trail
    }
}

/// Who sends: whose rules for egress are asked, from which addresses, and with whose groups.
#[derive(Debug, Clone)]
pub(super) struct Sender<'s> {
    pub(super) point: PointAt,
    pub(super) spans: Cow<'s, [Span]>,
    pub(super) wears: Option<PointAt>,
}

/// Where a packet is to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// At this point, which is its destination.
    Point(PointAt),
    /// At this router, to which a route hands it on the way to the point; `None`: to whatever destination.
    Handed { router: PointAt, to: Option<PointAt> },
    /// Outside of what is read, on the way to this point; `None`: whatever its destination.
    Outside(Option<PointAt>),
}

impl Goal {
    /// The point that is the destination.
    pub(super) const fn to(self) -> Option<PointAt> {
        match self {
            Self::Point(to) => Some(to),
            Self::Handed { to, .. } | Self::Outside(to) => to,
        }
    }
}

pub(super) const EVERYWHERE: [Span; 2] =
    [Span { six: false, first: 0, last: u32::MAX as u128 }, Span { six: true, first: 0, last: u128::MAX }];
