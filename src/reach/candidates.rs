//! Which tenants the rules of groups let send to which others, whatever the way. A rule that names no other tenant's addresses or
//! groups connects nobody, so in a clean estate nothing is left to walk.

use super::atlas::{Atlas, Group, Side};
use super::facts::{PointAt, TenantAt};
use super::packets::Span;

/// A set of tenants.
#[derive(Debug, Clone)]
pub(super) struct Tenants(Vec<u64>);

impl Tenants {
    fn none(many: usize) -> Self {
        Self(vec![0; many.div_ceil(64)])
    }

    fn all(&mut self) {
        self.0.fill(u64::MAX);
    }

    fn add(&mut self, tenant: TenantAt) {
        self.0[tenant / 64] |= 1 << (tenant % 64);
    }

    pub(super) fn has(&self, tenant: TenantAt) -> bool {
        self.0[tenant / 64] >> (tenant % 64) & 1 == 1
    }
}

/// Whose addresses lie where.
pub(super) struct Places {
    /// Sorted; the last member is the greatest end of all spans up to here, of the same family.
    spans: Vec<(Span, TenantAt, u128)>,
}

impl Places {
    pub(super) fn of(atlas: &Atlas<'_>) -> Self {
        let mut spans: Vec<(Span, TenantAt)> = Vec::new();
        for (tenant, points) in atlas.of_tenant.iter().enumerate() {
            let mut own: Vec<Span> = points.iter().flat_map(|point| atlas.spans[*point].iter().copied()).collect();
            own.sort_by_key(|span| (span.six, span.first, u128::MAX - span.last));
            let mut widest: Option<Span> = None;
            own.retain(|span| {
                let inside = widest.is_some_and(|widest| widest.contains(*span));
                if !inside {
                    widest = Some(*span);
                }
                !inside
            });
            spans.extend(own.into_iter().map(|span| (span, tenant)));
        }
        spans.sort_unstable();
        let (mut six, mut greatest) = (false, 0);
        let spans = spans.into_iter().map(|(span, tenant)| {
            greatest = if span.six == six { span.last.max(greatest) } else { span.last };
            six = span.six;
            (span, tenant, greatest)
        });
        Self { spans: spans.collect() }
    }

    /// The tenants with an address in a span, with the span of theirs that it meets. One may come more than once.
    pub(super) fn within(&self, block: Span) -> impl Iterator<Item = (TenantAt, Span)> {
        let end = self.spans.partition_point(|(span, ..)| (span.six, span.first) <= (block.six, block.last));
        let before = self.spans[..end].iter().rev();
        let near = before.take_while(move |(span, _, greatest)| span.six == block.six && *greatest >= block.first);
        near.filter(move |(span, ..)| span.last >= block.first).map(|(span, tenant, _)| (*tenant, *span))
    }
}

/// For each tenant, whom its rules let it reach and whom they admit; once for its own groups and once for hosts without one.
pub(super) struct Candidates {
    own: [Vec<Tenants>; 2],
    bare: [Vec<Tenants>; 2],
}

impl Candidates {
    pub(super) fn of(atlas: &Atlas<'_>, places: &Places) -> Self {
        let many = atlas.facts.tenants.len();
        let empty = || [vec![Tenants::none(many); many], vec![Tenants::none(many); many]];
        let (mut own, mut bare) = (empty(), empty());
        // Behind a NAT gateway anybody may have its address.
        let translated: Vec<Span> =
            atlas.facts.translators.iter().flat_map(|translator| translator.blocks.iter().map(Span::of)).collect();
        for (tenant, points) in atlas.of_tenant.iter().enumerate() {
            let mut asked: Vec<(bool, Vec<usize>)> = Vec::new();
            for point in points.iter().copied() {
                let is_bare = atlas.is_bare(point);
                let sides = if is_bare { &mut bare } else { &mut own };
                let Some(groups) = atlas.facts.points[point].groups.read() else {
                    for side in sides.iter_mut() {
                        side[tenant].all();
                    }
                    continue;
                };
                // Many points of a tenant wear the same groups.
                if asked.iter().any(|(known, same)| *known == is_bare && same == groups) {
                    continue;
                }
                asked.push((is_bare, groups.clone()));
                for group in groups {
                    for (side, ingress) in [(0, true), (1, false)] {
                        let found = &mut sides[side][tenant];
                        named(atlas, places, &translated, (*group, &atlas.groups[*group]), ingress, is_bare, found);
                    }
                }
            }
        }
        Self { own, bare }
    }

    pub(super) fn own(&self, from: TenantAt, to: TenantAt) -> bool {
        self.own[1][from].has(to) && self.own[0][to].has(from)
    }

    pub(super) fn bare(&self, from: TenantAt, to: TenantAt) -> bool {
        self.bare[1][from].has(to) && self.bare[0][to].has(from)
    }
}

fn named(
    atlas: &Atlas<'_>,
    places: &Places,
    translated: &[Span],
    (at, group): (usize, &Group),
    ingress: bool,
    bare: bool,
    found: &mut Tenants,
) {
    let Ok(rules) = group.rules(ingress) else { return found.all() };
    for rule in rules {
        match &rule.peer {
            Side::Blocks(blocks) => {
                for block in blocks {
                    if ingress && translated.iter().any(|source| source.meet(*block).is_some()) {
                        return found.all();
                    }
                    places.within(*block).for_each(|(tenant, _)| found.add(tenant));
                }
            }
            Side::Group(named) if bare && *named == at => {}
            Side::Group(_) if bare || !atlas.unsure_groups.is_empty() => return found.all(),
            Side::Group(named) => atlas.wearers[*named].iter().for_each(|tenant| found.add(*tenant)),
            Side::Unread(_) => return found.all(),
        }
    }
}

impl Atlas<'_> {
    /// The points of a tenant but for hosts without a group.
    pub(super) fn worn_points(&self, tenant: TenantAt) -> Vec<PointAt> {
        self.of_tenant[tenant].iter().copied().filter(|point| !self.is_bare(*point)).collect()
    }

    /// Its hosts without a group.
    pub(super) fn bare_points(&self, tenant: TenantAt) -> Vec<PointAt> {
        self.of_tenant[tenant].iter().copied().filter(|point| self.is_bare(*point)).collect()
    }
}
