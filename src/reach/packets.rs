//! Sets of packets as boxes: an interval for the source, the destination, the protocol and the port. Every wall is a list of
//! boxes, so what passes a chain of walls is found by intersection and subtraction, and a packet of it can be named.

use ipnet::IpNet;

use super::facts::Traffic;

/// An interval of addresses of one family. Addresses of IPv4 are the lowest 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub six: bool,
    pub first: u128,
    pub last: u128,
}

impl Span {
    pub fn of(block: &IpNet) -> Self {
        match block {
            IpNet::V4(block) => {
                Self { six: false, first: u32::from(block.network()).into(), last: u32::from(block.broadcast()).into() }
            }
            IpNet::V6(block) => Self { six: true, first: block.network().into(), last: block.broadcast().into() },
        }
    }

    pub fn meet(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (self.six == other.six && first <= last).then_some(Self { six: self.six, first, last })
    }

    pub fn contains(self, other: Self) -> bool {
        self.six == other.six && self.first <= other.first && other.last <= self.last
    }

    /// What is left of it without the other.
    pub fn without(self, other: Self) -> impl Iterator<Item = Self> {
        let cut = self.meet(other);
        let whole = if cut.is_none() { Some(self) } else { None };
        let below = cut.and_then(|cut| Some(Self { last: cut.first.checked_sub(1)?, ..self }));
        let above = cut.and_then(|cut| Some(Self { first: cut.last.checked_add(1)?, ..self }));
        whole.into_iter().chain([below, above].into_iter().flatten().filter(|left| left.first <= left.last))
    }
}

/// A box of packets of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Packets {
    pub source: Span,
    pub destination: Span,
    pub traffic: Traffic,
}

/// Which end of a packet a wall looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Source,
    Destination,
}

impl Packets {
    /// Everything from there to here. `None`: of two families.
    pub fn between(source: Span, destination: Span) -> Option<Self> {
        (source.six == destination.six).then_some(Self { source, destination, traffic: Traffic::ALL })
    }

    pub const fn end(&self, end: End) -> Span {
        match end {
            End::Source => self.source,
            End::Destination => self.destination,
        }
    }

    pub const fn with(self, end: End, span: Span) -> Self {
        match end {
            End::Source => Self { source: span, ..self },
            End::Destination => Self { destination: span, ..self },
        }
    }

    /// Those of this traffic.
    pub fn of(self, traffic: Traffic) -> Option<Self> {
        Some(Self { traffic: meet(self.traffic, traffic)?, ..self })
    }

    /// Those of this traffic whose end lies there.
    pub fn through(self, end: End, block: Span, traffic: Traffic) -> Option<Self> {
        let span = self.end(end).meet(block)?;
        self.with(end, span).of(traffic)
    }

    /// Those that are not of this traffic or whose end lies elsewhere.
    pub fn past(self, end: End, block: Span, traffic: Traffic) -> Vec<Self> {
        let Some(inside) = self.through(end, block, traffic) else { return vec![self] };
        let mut left: Vec<Self> = self.end(end).without(inside.end(end)).map(|span| self.with(end, span)).collect();
        let here = self.with(end, inside.end(end));
        let (own, cut) = (self.traffic, inside.traffic);
        let mut piece = |traffic| left.push(Self { traffic, ..here });
        if let Some(below) = cut.protocol.0.checked_sub(1).filter(|below| own.protocol.0 <= *below) {
            piece(Traffic { protocol: (own.protocol.0, below), ..own });
        }
        if let Some(above) = cut.protocol.1.checked_add(1).filter(|above| *above <= own.protocol.1) {
            piece(Traffic { protocol: (above, own.protocol.1), ..own });
        }
        if let Some(below) = cut.port.0.checked_sub(1).filter(|below| own.port.0 <= *below) {
            piece(Traffic { protocol: cut.protocol, port: (own.port.0, below) });
        }
        if let Some(above) = cut.port.1.checked_add(1).filter(|above| *above <= own.port.1) {
            piece(Traffic { protocol: cut.protocol, port: (above, own.port.1) });
        }
        left
    }
}

fn meet(one: Traffic, other: Traffic) -> Option<Traffic> {
    let protocol = (one.protocol.0.max(other.protocol.0), one.protocol.1.min(other.protocol.1));
    let port = (one.port.0.max(other.port.0), one.port.1.min(other.port.1));
    (protocol.0 <= protocol.1 && port.0 <= port.1).then_some(Traffic { protocol, port })
}
