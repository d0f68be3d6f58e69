//! Which tenants are equal for a proof. Two tenants are equal if nothing that decides about a packet to or from another tenant tells
//! them apart: their points, walls and routes are the same once blocks that concern no other tenant are left out, and the same blocks
//! and rules of others concern both. What is not plain makes a tenant a class of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::atlas::{Atlas, Side};
use super::candidates::Places;
use super::facts::{NetworkAt, Part, PointAt, PointKind, Role, Target, TenantAt, Traffic};
use super::packets::Span;

/// What a block of a rule is to others than the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Block {
    /// It holds no address of another tenant, of a forwarder or of a translator.
    Nobody,
    Some(Span),
}

/// The wall of one point, as far as others meet it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Wall {
    Rule(bool, Traffic, Block),
    Names(bool, Traffic, Named),
    Entry(bool, bool, Traffic, Block),
    Route(Block, Target),
    /// Something unread, or something that is the same thing for whoever has it, by position.
    Same(u8, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Named {
    /// A group that only the tenant's own points wear.
    Own,
    Group(usize),
    Unread(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Shape {
    kind: PointKind,
    /// The network, unless it is the tenant's alone.
    network: Option<usize>,
    zone: String,
    six: Vec<bool>,
    groups: Vec<Vec<Wall>>,
    acl: Vec<Wall>,
    table: Vec<Wall>,
    /// The groups of others that name its groups.
    named_by: BTreeSet<usize>,
}

/// A tenant as others meet it: the blocks of others that hold all of its addresses, and its points, sorted.
type Seen = (Vec<Span>, Vec<Shape>);

/// The tenants in groups of equal ones, in the order of their first members. Only one tenant of each group is held as others meet it:
/// those of all would take more memory than the facts.
pub(super) fn classes(atlas: &Atlas<'_>, places: &Places) -> Vec<Vec<TenantAt>> {
    let many = atlas.facts.tenants.len();
    let mut view = Shapes::of(atlas, places);
    let mut known: HashMap<Seen, usize> = HashMap::new();
    let mut classes: Vec<Vec<TenantAt>> = Vec::new();
    for tenant in 0..many {
        match view.seen(tenant).map(|seen| known.entry(seen)) {
            Some(std::collections::hash_map::Entry::Occupied(class)) => classes[*class.get()].push(tenant),
            Some(std::collections::hash_map::Entry::Vacant(place)) => {
                place.insert(classes.len());
                classes.push(vec![tenant]);
            }
            None => classes.push(vec![tenant]),
        }
    }
    classes
}

/// How many blocks that concern several tenants are told apart. With more of them every tenant is judged by itself.
const MOST_BLOCKS: usize = 2_000;

struct Shapes<'s, 'a> {
    atlas: &'s Atlas<'a>,
    places: &'s Places,
    /// Addresses of forwarders, routers, meetings and translators, which concern everybody.
    between: Vec<Span>,
    /// For each tenant, the blocks that somebody else's walls name and that hold an address of it; whether each holds it all.
    held: Option<Vec<BTreeMap<Span, bool>>>,
    /// The groups whose rules name a group.
    naming: BTreeMap<usize, BTreeSet<usize>>,
    /// The tenants with points in a network, at most two.
    inside: Vec<BTreeSet<TenantAt>>,
    /// The networks that something unread names, or that are attached to a gateway.
    uncertain: BTreeSet<NetworkAt>,
    /// The tenants of whom a point wears a group, at most two.
    wearers: Vec<BTreeSet<TenantAt>>,
    /// The blocks of the tenant that is looked at.
    known: HashMap<Span, Block>,
}

impl<'s, 'a> Shapes<'s, 'a> {
    fn of(atlas: &'s Atlas<'a>, places: &'s Places) -> Self {
        let facts = atlas.facts;
        let mut between: Vec<Span> = facts.translators.iter().flat_map(|one| one.blocks.iter().map(Span::of)).collect();
        for (at, point) in facts.points.iter().enumerate() {
            if point.role != Role::End {
                between.extend(&atlas.spans[at]);
            }
        }
        let mut inside = vec![BTreeSet::new(); facts.networks.len()];
        for (at, point) in facts.points.iter().enumerate() {
            let here: &mut BTreeSet<TenantAt> = &mut inside[atlas.network_of(at)];
            here.extend(point.tenants.iter().copied().take(2 - here.len().min(2)));
        }
        let mut naming: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (at, group) in atlas.groups.iter().enumerate() {
            for rule in [true, false].into_iter().filter_map(|ingress| group.rules(ingress).ok()).flatten() {
                if let Side::Group(named) = rule.peer {
                    naming.entry(named).or_default().insert(at);
                }
            }
        }
        let mut wearers = vec![BTreeSet::new(); facts.groups.len()];
        for point in &facts.points {
            for group in point.groups.read().into_iter().flatten() {
                let here: &mut BTreeSet<TenantAt> = &mut wearers[*group];
                here.extend(point.tenants.iter().copied().take(2 - here.len().min(2)));
            }
        }
        let attached = facts.attachments.iter().filter_map(|one| one.network.read());
        let uncertain = facts.unread.iter().flat_map(|unread| &unread.networks).chain(attached).copied().collect();
        let held = held(atlas, places);
        Self { atlas, places, between, held, naming, inside, uncertain, wearers, known: HashMap::new() }
    }

    /// Whether only points of this tenant wear a group.
    fn is_own(&self, tenant: TenantAt, group: usize) -> bool {
        self.wearers[group].iter().eq([&tenant])
    }

    /// What a block is to others than this tenant.
    fn block(&mut self, tenant: TenantAt, span: Span) -> Block {
        let (places, between) = (self.places, &self.between);
        *self.known.entry(span).or_insert_with(|| {
            let others = places.within(span).any(|(other, _)| other != tenant);
            let others = others || between.iter().any(|other| other.meet(span).is_some());
            if others { Block::Some(span) } else { Block::Nobody }
        })
    }

    /// `None`: the tenant is like no other.
    fn seen(&mut self, tenant: TenantAt) -> Option<Seen> {
        self.known.clear();
        let held = std::mem::take(&mut self.held.as_mut()?[tenant]);
        // A block that holds a part of the tenant's addresses tells them apart.
        let held: Vec<Span> = held.iter().map(|(block, whole)| whole.then_some(*block)).collect::<Option<_>>()?;
        let points = &self.atlas.of_tenant[tenant];
        let mut shapes: Vec<Shape> = points.iter().map(|point| self.shape(tenant, *point)).collect::<Option<_>>()?;
        shapes.sort_unstable();
        Some((held, shapes))
    }

    fn shape(&mut self, tenant: TenantAt, at: PointAt) -> Option<Shape> {
        let (atlas, facts) = (self.atlas, self.atlas.facts);
        let point = &facts.points[at];
        if point.role != Role::End || point.tenants.len() != 1 {
            return None;
        }
        let subnet = &facts.subnets[point.subnet];
        let alone = self.inside[subnet.network].len() < 2;
        let network = &facts.networks[subnet.network];
        if alone && (!network.open.is_empty() || self.uncertain.contains(&subnet.network)) {
            return None;
        }
        let mut shape = Shape {
            kind: point.kind,
            network: (!alone).then_some(subnet.network),
            zone: subnet.zone.clone(),
            six: atlas.spans[at].iter().map(|span| span.six).collect(),
            groups: Vec::new(),
            acl: Vec::new(),
            table: Vec::new(),
            named_by: BTreeSet::new(),
        };
        for group in point.groups.read()? {
            let wall = self.group(tenant, *group);
            shape.groups.push(wall);
            let naming = self.naming.get(group).into_iter().flatten();
            // A group that nobody wears names nobody.
            let others = naming.filter(|by| !self.wearers[**by].is_empty() && !self.is_own(tenant, **by));
            shape.named_by.extend(others.copied());
            if !self.is_own(tenant, *group) {
                shape.groups.push(vec![Wall::Same(0, *group)]);
            }
        }
        shape.groups.sort_unstable();
        shape.acl = self.acl(tenant, &subnet.acl);
        shape.table = self.table(tenant, &subnet.table);
        Some(shape)
    }

    fn group(&mut self, tenant: TenantAt, group: usize) -> Vec<Wall> {
        let atlas = self.atlas;
        let mut walls = BTreeSet::new();
        for ingress in [true, false] {
            let rules = match atlas.groups[group].rules(ingress) {
                Ok(rules) => rules,
                Err(why) => return vec![Wall::Same(1, why)],
            };
            for rule in rules {
                match &rule.peer {
                    Side::Blocks(blocks) => {
                        walls.extend(blocks.iter().map(|span| Wall::Rule(ingress, rule.traffic, self.block(tenant, *span))));
                    }
                    Side::Group(named) => {
                        let named = if self.is_own(tenant, *named) { Named::Own } else { Named::Group(*named) };
                        walls.insert(Wall::Names(ingress, rule.traffic, named));
                    }
                    Side::Unread(why) => {
                        walls.insert(Wall::Names(ingress, rule.traffic, Named::Unread(*why)));
                    }
                }
            }
        }
        walls.into_iter().collect()
    }

    /// In their order, because the first entry that matches decides. Entries about nobody decide nothing between tenants.
    fn acl(&mut self, tenant: TenantAt, acl: &Part<usize>) -> Vec<Wall> {
        let atlas = self.atlas;
        let entries = match acl {
            Part::Unread(why) => return vec![Wall::Same(2, *why)],
            Part::Read(acl) => match &atlas.acls[*acl] {
                Part::Unread(why) => return vec![Wall::Same(2, *why)],
                Part::Read(entries) => entries,
            },
        };
        let walls =
            entries.iter().map(|entry| Wall::Entry(entry.ingress, entry.allow, entry.traffic, self.block(tenant, entry.span)));
        walls.filter(|wall| !matches!(wall, Wall::Entry(.., Block::Nobody))).collect()
    }

    fn table(&mut self, tenant: TenantAt, table: &Part<usize>) -> Vec<Wall> {
        let atlas = self.atlas;
        let routes = match table {
            Part::Unread(why) => return vec![Wall::Same(3, *why)],
            Part::Read(table) => match &atlas.tables[*table] {
                Part::Unread(why) => return vec![Wall::Same(3, *why)],
                Part::Read(routes) => routes,
            },
        };
        let unsure = routes.unsure.iter().map(|(_, why, _)| Wall::Same(4, *why));
        let known = routes.routes.iter().map(|route| Wall::Route(self.block(tenant, route.span), route.target));
        let leads = |wall: &Wall| match wall {
            // What is not read is told apart even where no address inside is meant.
            Wall::Route(Block::Nobody, target) => matches!(target, Target::Outside(_) | Target::Gateway(_)),
            _ => true,
        };
        unsure.chain(known).filter(leads).collect()
    }
}

/// For each tenant, the blocks of walls that hold an address of it and concern somebody else than their holder. `None`: too many.
fn held(atlas: &Atlas<'_>, places: &Places) -> Option<Vec<BTreeMap<Span, bool>>> {
    let facts = atlas.facts;
    let mut blocks: BTreeMap<Span, BTreeSet<Option<TenantAt>>> = BTreeMap::new();
    let mut holds = |span: Span, holder: Option<TenantAt>| {
        blocks.entry(span).or_default().insert(holder);
    };
    let alone = |wearers: &[TenantAt]| match wearers {
        [only] => Some(*only),
        _ => None,
    };
    for (group, wearers) in atlas.groups.iter().zip(&atlas.wearers) {
        for rule in [true, false].into_iter().filter_map(|ingress| group.rules(ingress).ok()).flatten() {
            if let Side::Blocks(spans) = &rule.peer {
                for span in spans {
                    holds(*span, alone(wearers));
                }
            }
        }
    }
    // Whose ACLs and tables they are: of the tenants with points in their subnets.
    let mut of_acl: Vec<BTreeSet<TenantAt>> = vec![BTreeSet::new(); facts.acls.len()];
    let mut of_table: Vec<BTreeSet<TenantAt>> = vec![BTreeSet::new(); facts.tables.len()];
    for point in &facts.points {
        let subnet = &facts.subnets[point.subnet];
        if let Part::Read(acl) = subnet.acl {
            of_acl[acl].extend(&point.tenants);
        }
        if let Part::Read(table) = subnet.table {
            of_table[table].extend(&point.tenants);
        }
    }
    let only = |tenants: &BTreeSet<TenantAt>| if tenants.len() == 1 { tenants.first().copied() } else { None };
    for (acl, tenants) in atlas.acls.iter().zip(&of_acl) {
        acl.read().into_iter().flatten().for_each(|entry| holds(entry.span, only(tenants)));
    }
    for (table, tenants) in atlas.tables.iter().zip(&of_table) {
        table.read().into_iter().flat_map(|table| &table.routes).for_each(|route| holds(route.span, only(tenants)));
    }
    for (_, span) in atlas.gateway_tables.iter().filter_map(Part::read).flat_map(|table| &table.routes) {
        holds(*span, None);
    }
    let mut held = vec![BTreeMap::new(); facts.tenants.len()];
    let mut counted = 0;
    for (span, holders) in blocks {
        let mut concerned: BTreeMap<TenantAt, bool> = BTreeMap::new();
        for (tenant, own) in places.within(span) {
            let whole = concerned.entry(tenant).or_insert(true);
            *whole &= span.contains(own);
        }
        // A block that holds the addresses of its only holder and of nobody else tells nobody anything.
        concerned.retain(|tenant, _| holders.iter().any(|holder| *holder != Some(*tenant)));
        counted += usize::from(!concerned.is_empty());
        if counted > MOST_BLOCKS {
            return None;
        }
        for (tenant, whole) in concerned {
            // The span lists only the parts that it meets: it holds the tenant whole when it holds all of its spans.
            let all = atlas.of_tenant[tenant].iter().flat_map(|point| &atlas.spans[*point]).filter(|own| own.six == span.six);
            let whole = whole && all.clone().count() > 0 && all.into_iter().all(|own| span.contains(*own));
            held[tenant].insert(span, whole);
        }
    }
    Some(held)
}
