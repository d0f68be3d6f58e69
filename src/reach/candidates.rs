//! Which tenants the rules of groups let send to which others, whatever the way. A rule that names no other tenant's addresses or
//! groups connects nobody, so in a clean estate nothing is left to walk.

use super::atlas::Atlas;
use super::facts::{GroupAt, Peer, PointAt, TenantAt};
use super::packets::Span;

/// A set of tenants.
#[derive(Debug, Clone)]
enum Tenants {
    All,
    /// As bits, up to the last member.
    Some(Vec<u64>),
}

impl Tenants {
    fn all(&mut self) {
        *self = Self::All;
    }

    fn add(&mut self, tenant: TenantAt) {
        let Self::Some(words) = self else { return };
        if words.len() <= tenant / 64 {
            words.resize(tenant / 64 + 1, 0);
        }
        words[tenant / 64] |= 1 << (tenant % 64);
    }

    fn has(&self, tenant: TenantAt) -> bool {
        match self {
            Self::All => true,
            Self::Some(words) => words.get(tenant / 64).is_some_and(|word| word >> (tenant % 64) & 1 == 1),
        }
    }
}

/// Whose addresses lie where.
pub(super) struct Places {
    /// Sorted by family and first address.
    spans: Vec<(Span, TenantAt)>,
    /// A binary tree over `spans`: the greatest last address below each branch. The root is at 1, the children of `n` at `2n` and
    /// `2n + 1`, the spans in their order in the second half.
    greatest: Vec<u128>,
}

impl Places {
    pub(super) fn of(atlas: &Atlas<'_>) -> Self {
        let mut spans: Vec<(Span, TenantAt)> = Vec::new();
        for (tenant, points) in atlas.of_tenant.iter().enumerate() {
            let mut own: Vec<Span> = points.iter().flat_map(|point| atlas.spans(*point)).collect();
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
        let leaves = spans.len().next_power_of_two();
        let mut greatest = vec![0; 2 * leaves];
        for (at, (span, _)) in spans.iter().enumerate() {
            greatest[leaves + at] = span.last;
        }
        for branch in (1..leaves).rev() {
            greatest[branch] = greatest[2 * branch].max(greatest[2 * branch + 1]);
        }
        Self { spans, greatest }
    }

    /// The tenants with an address in a span, with the span of theirs that it meets. One may come more than once.
    pub(super) fn within(&self, block: Span) -> impl Iterator<Item = (TenantAt, Span)> {
        let leaves = self.greatest.len() / 2;
        let end = self.spans.partition_point(|(span, _)| (span.six, span.first) <= (block.six, block.last));
        let mut open = vec![1_usize];
        std::iter::from_fn(move || {
            while let Some(branch) = open.pop() {
                // How many leaves are below it, and the first of them.
                let width = leaves >> branch.ilog2();
                if branch * width - leaves >= end || self.greatest[branch] < block.first {
                    continue;
                }
                if width > 1 {
                    open.extend([2 * branch + 1, 2 * branch]);
                    continue;
                }
                let (span, tenant) = self.spans[branch - leaves];
                if span.six == block.six && span.last >= block.first {
                    return Some((tenant, span));
                }
            }
            None
        })
    }
}

/// For each tenant that is asked for, whom its rules let it reach and whom they admit; once for its own groups and once for hosts
/// without one.
pub(super) struct Candidates {
    own: [Vec<Tenants>; 2],
    bare: [Vec<Tenants>; 2],
}

impl Candidates {
    pub(super) fn of(atlas: &Atlas<'_>, places: &Places, chosen: &[TenantAt]) -> Self {
        let none = || vec![Tenants::Some(Vec::new()); atlas.facts.tenants.len()];
        let empty = || [none(), none()];
        let (mut own, mut bare) = (empty(), empty());
        // Behind a NAT gateway anybody may have its address.
        let translated: Vec<Span> =
            atlas.facts.translators.iter().flat_map(|translator| translator.blocks.iter().map(Span::of)).collect();
        for tenant in chosen.iter().copied() {
            let points = &atlas.of_tenant[tenant];
            let mut asked: Vec<(bool, &[GroupAt])> = Vec::new();
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
                if asked.iter().any(|(known, same)| *known == is_bare && *same == &groups[..]) {
                    continue;
                }
                asked.push((is_bare, groups));
                for group in groups.iter() {
                    for (side, ingress) in [(0, true), (1, false)] {
                        let found = &mut sides[side][tenant];
                        named(atlas, places, &translated, *group, ingress, is_bare, found);
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
    group: GroupAt,
    ingress: bool,
    bare: bool,
    found: &mut Tenants,
) {
    let Ok(rules) = atlas.rules(group, ingress) else { return found.all() };
    for (_, rule) in rules {
        match &rule.peer {
            Peer::Blocks(blocks) => {
                for block in blocks.iter().map(Span::of) {
                    if ingress && translated.iter().any(|source| source.meet(block).is_some()) {
                        return found.all();
                    }
                    places.within(block).for_each(|(tenant, _)| found.add(tenant));
                }
            }
            Peer::Group(named) if bare && *named == group => {}
            Peer::Group(_) if bare || !atlas.unsure_groups.is_empty() => return found.all(),
            Peer::Group(named) => atlas.wearers[*named].iter().for_each(|tenant| found.add(*tenant)),
            Peer::Unread(_) => return found.all(),
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
