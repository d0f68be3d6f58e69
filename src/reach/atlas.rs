//! The facts, prepared for the walk: points by tenant, what wears which group, routes by the length of their prefixes. What the
//! facts hold is not repeated here.

use std::iter::Enumerate;
use std::slice;

use super::facts::{Facts, GroupAt, Part, Point, PointAt, PointKind, Role, Rule, Target, UnreadAt};
use super::lists::Lists;
use super::packets::Span;
use crate::model::Shared;

/// What is taken to pass where something was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Least,
    Most,
}

/// The routes of a table, the longest prefix first.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) routes: Vec<Route>,
    /// Routes of which the destination was not read.
    pub(super) unsure: Vec<(usize, UnreadAt, Target)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub(super) at: usize,
    pub(super) span: Span,
    pub(super) target: Target,
}

/// The routes of a transit gateway's table, the longest prefix first.
#[derive(Debug, Clone)]
pub(super) struct GatewayTable {
    pub(super) routes: Vec<(usize, Span)>,
    /// Routes of which the block was not read.
    pub(super) unsure: Vec<(usize, UnreadAt)>,
}

/// A router, or all points of one forwarder.
#[derive(Debug, Clone)]
pub(super) struct Via {
    pub(super) points: Vec<PointAt>,
    pub(super) router: bool,
    pub(super) shared: bool,
    /// Only if what was not read is taken to pass is it between others.
    pub(super) obscure: Option<UnreadAt>,
    /// The name of a forwarder.
    pub(super) name: Shared,
}

/// Rules of one direction, with their positions in the group.
#[derive(Debug, Clone)]
pub(super) struct Rules<'a> {
    rules: Enumerate<slice::Iter<'a, Rule>>,
    ingress: bool,
}

impl<'a> Iterator for Rules<'a> {
    type Item = (usize, &'a Rule);

    fn next(&mut self) -> Option<Self::Item> {
        self.rules.find(|(_, rule)| rule.ingress == self.ingress)
    }
}

pub(super) struct Atlas<'a> {
    pub(super) facts: &'a Facts,
    pub(super) tables: Vec<Part<Table>>,
    pub(super) gateway_tables: Vec<Part<GatewayTable>>,
    /// The points of each tenant.
    pub(super) of_tenant: Lists,
    /// The tenants of which points wear a group, sorted.
    pub(super) wearers: Lists,
    /// The points that wear a group.
    pub(super) wearing: Lists,
    /// Points of which it was not read which groups they wear: they may wear any.
    pub(super) unsure_groups: Vec<PointAt>,
    /// The points of a tenant that belong to another one too.
    pub(super) joining: Vec<Vec<PointAt>>,
    pub(super) vias: Vec<Via>,
    /// The points where two meet; those that do so only in `most`, with what was not read.
    pub(super) meetings: Vec<(PointAt, Option<UnreadAt>)>,
}

/// Sorts by the longest prefix: the smallest span first. Of equal ones the first in the facts stays the first.
fn longest_first<T>(routes: &mut [T], span: impl Fn(&T) -> Span) {
    routes.sort_by_key(|route| {
        let span = span(route);
        span.last - span.first
    });
}

impl<'a> Atlas<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let points = || facts.points.iter().enumerate();
        let mut joining = vec![Vec::new(); facts.tenants.len()];
        for (at, point) in points().filter(|(_, point)| point.tenants.len() > 1) {
            point.tenants.iter().for_each(|tenant| joining[*tenant].push(at));
        }
        let worn = |point: &'a Point| point.groups.read().into_iter().flat_map(|worn| worn.iter().copied());
        let of_tenant = Lists::of(facts.tenants.len(), |tell| {
            points().for_each(|(at, point)| point.tenants.iter().for_each(|tenant| tell(*tenant, at)));
        });
        let wearing = Lists::of(facts.groups.len(), |tell| {
            points().for_each(|(at, point)| worn(point).for_each(|group| tell(group, at)));
        });
        let wearers = Lists::of(facts.groups.len(), |tell| {
            for (_, point) in points().filter(|(_, point)| point.kind != PointKind::Bare) {
                worn(point).for_each(|group| point.tenants.iter().for_each(|tenant| tell(group, *tenant)));
            }
        });
        let meeting = |(at, point): (usize, &Point)| match point.role {
            Role::Meeting => Some((at, None)),
            Role::Obscure(why) => Some((at, Some(why))),
            Role::End | Role::Router | Role::Forwarder { .. } => None,
        };
        Self {
            facts,
            tables: facts.tables.iter().map(|table| map(&table.routes, |all| routes(all))).collect(),
            gateway_tables: facts.gateway_tables.iter().map(|table| map(&table.routes, |all| gateway_routes(all))).collect(),
            of_tenant,
            wearers: wearers.sorted(),
            wearing,
            unsure_groups: (0..facts.points.len()).filter(|at| facts.points[*at].groups.read().is_none()).collect(),
            joining,
            vias: vias(facts),
            meetings: facts.points.iter().enumerate().filter_map(meeting).collect(),
        }
    }

    /// The addresses of a point.
    pub(super) fn spans(&self, point: PointAt) -> impl Iterator<Item = Span> + Clone + use<'a> {
        self.facts.points[point].blocks.iter().map(Span::of)
    }

    /// The rules of a group in one direction, each with its position.
    ///
    /// # Errors
    /// They were not read.
    pub(super) fn rules(&self, group: GroupAt, ingress: bool) -> Result<Rules<'a>, UnreadAt> {
        match &self.facts.groups[group].rules {
            Part::Read(rules) => Ok(Rules { rules: rules.iter().enumerate(), ingress }),
            Part::Unread(why) => Err(*why),
        }
    }

    pub(super) fn is_bare(&self, point: PointAt) -> bool {
        self.facts.points[point].kind == PointKind::Bare
    }

    pub(super) fn network_of(&self, point: PointAt) -> usize {
        self.facts.subnets[self.facts.points[point].subnet].network
    }

    /// Whether a point wears a group; `Err` where that was not read.
    pub(super) fn wears(&self, point: PointAt, group: GroupAt) -> Result<bool, UnreadAt> {
        match &self.facts.points[point].groups {
            Part::Read(worn) => Ok(worn.contains(&group)),
            Part::Unread(why) => Err(*why),
        }
    }
}

fn map<T, U>(part: &Part<T>, with: impl FnOnce(&T) -> U) -> Part<U> {
    match part {
        Part::Read(value) => Part::Read(with(value)),
        Part::Unread(why) => Part::Unread(*why),
    }
}

fn routes(all: &[super::facts::Route]) -> Table {
    let mut table = Table { routes: Vec::new(), unsure: Vec::new() };
    for (at, route) in all.iter().enumerate() {
        match &route.blocks {
            Part::Read(blocks) => {
                table.routes.extend(blocks.iter().map(|block| Route { at, span: Span::of(block), target: route.target }));
            }
            Part::Unread(why) => table.unsure.push((at, *why, route.target)),
        }
    }
    longest_first(&mut table.routes, |route| route.span);
    table
}

fn gateway_routes(all: &[super::facts::GatewayRoute]) -> GatewayTable {
    let (mut routes, mut unsure) = (Vec::new(), Vec::new());
    for (at, route) in all.iter().enumerate() {
        match &route.block {
            Part::Read(block) => routes.push((at, Span::of(block))),
            Part::Unread(why) => unsure.push((at, *why)),
        }
    }
    longest_first(&mut routes, |(_, span)| *span);
    GatewayTable { routes, unsure }
}

fn vias(facts: &Facts) -> Vec<Via> {
    let mut vias: Vec<Via> = Vec::new();
    for (at, point) in facts.points.iter().enumerate() {
        match &point.role {
            Role::Router => {
                vias.push(Via { points: vec![at], router: true, shared: false, obscure: None, name: point.name.clone() });
            }
            Role::Forwarder { of, shared } => {
                let known = vias.iter_mut().find(|via| !via.router && via.obscure.is_none() && via.name == *of);
                if let Some(via) = known {
                    via.points.push(at);
                } else {
                    let shared = shared.is_some();
                    vias.push(Via { points: vec![at], router: false, shared, obscure: None, name: of.clone() });
                }
            }
            Role::Obscure(why) => {
                let (points, name) = (vec![at], point.name.clone());
                vias.push(Via { points, router: false, shared: false, obscure: Some(*why), name });
            }
            Role::End | Role::Meeting => {}
        }
    }
    vias
}
