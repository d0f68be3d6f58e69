//! Which tenants are equal for a proof. Two tenants are equal if nothing that decides about a packet to or from another tenant tells
//! them apart: their points, walls and routes are the same once blocks that concern no other tenant are left out, and the same blocks
//! and rules of others concern both. What is not plain makes a tenant a class of its own.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::rc::Rc;

use foldhash::{HashMap, HashMapExt as _};

use super::atlas::Atlas;
use super::candidates::Places;
use super::facts::{GroupAt, NetworkAt, Part, Peer, PointAt, PointKind, Role, Target, TenantAt, Traffic};
use super::lists::Lists;
use super::packets::Span;
use crate::model::Shared;

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

/// Many points of a tenant have the same.
type Walls = Rc<[Wall]>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Shape {
    kind: PointKind,
    /// The network, unless it is the tenant's alone.
    network: Option<usize>,
    zone: Shared,
    six: Vec<bool>,
    groups: Vec<Walls>,
    acl: Walls,
    table: Walls,
    /// The groups of others that name its groups.
    named_by: BTreeSet<usize>,
}

/// Whose something is: nobody's, one's alone, or several's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Whose<T> {
    #[default]
    Nobody,
    Only(T),
    Several,
}

impl<T: Copy + PartialEq> Whose<T> {
    fn add(&mut self, one: T) {
        *self = match *self {
            Self::Nobody => Self::Only(one),
            Self::Only(known) if known == one => return,
            Self::Only(_) | Self::Several => Self::Several,
        };
    }

    fn add_all(&mut self, all: impl IntoIterator<Item = T>) {
        all.into_iter().for_each(|one| self.add(one));
    }
}

/// A tenant as others meet it: the blocks of others that hold all of its addresses, its points, sorted, and the meetings that hold
/// rows of it.
type Seen = (Vec<Span>, Vec<Shape>, Vec<PointAt>);

/// The tenants in groups of equal ones, in the order of their first members. Only one tenant of each group is held as others meet it:
/// those of all would take more memory than the facts.
pub(super) fn classes(atlas: &Atlas<'_>, places: &Places) -> Vec<Vec<TenantAt>> {
    let many = atlas.facts.tenants.len();
    let mut view = Shapes::of(atlas, places);
    let mut known: HashMap<Seen, usize> = HashMap::new();
    let mut classes: Vec<Vec<TenantAt>> = Vec::new();
    for tenant in 0..many {
        match view.seen(tenant).map(|seen| known.entry(seen)) {
            Some(Entry::Occupied(class)) => classes[*class.get()].push(tenant),
            Some(Entry::Vacant(place)) => {
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

#[derive(Default)]
struct Known {
    blocks: HashMap<Span, Block>,
    groups: HashMap<GroupAt, Walls>,
    acls: HashMap<Part<usize>, Walls>,
    tables: HashMap<Part<usize>, Walls>,
}

impl Known {
    /// The tables keep their memory for the next tenant.
    fn clear(&mut self) {
        self.blocks.clear();
        self.groups.clear();
        self.acls.clear();
        self.tables.clear();
    }
}

struct Shapes<'s, 'a> {
    atlas: &'s Atlas<'a>,
    places: &'s Places,
    /// Addresses of forwarders, routers, meetings and translators, which concern everybody.
    between: Vec<Span>,
    /// For each tenant, the blocks that somebody else's walls name and that hold an address of it; whether each holds it all.
    held: Option<Vec<Vec<(Span, bool)>>>,
    /// For each tenant, the meetings that hold rows of it.
    uses: Vec<Vec<PointAt>>,
    /// The groups whose rules name a group, sorted.
    naming: Lists,
    /// The tenants with points in a network.
    inside: Vec<Whose<TenantAt>>,
    /// The networks that something unread names, or that are attached to a gateway.
    uncertain: BTreeSet<NetworkAt>,
    /// The tenants of whom a point wears a group.
    wearers: Vec<Whose<TenantAt>>,
    /// Of the tenant that is looked at: what blocks, groups, ACLs and tables are to others.
    known: Known,
}

impl<'s, 'a> Shapes<'s, 'a> {
    fn of(atlas: &'s Atlas<'a>, places: &'s Places) -> Self {
        let facts = atlas.facts;
        let mut between: Vec<Span> = facts.translators.iter().flat_map(|one| one.blocks.iter().map(Span::of)).collect();
        for (at, point) in facts.points.iter().enumerate() {
            if point.role != Role::End {
                between.extend(atlas.spans(at));
            }
        }
        let mut uses = vec![Vec::new(); facts.tenants.len()];
        for (at, point) in facts.points.iter().enumerate() {
            point.users.iter().for_each(|tenant| uses[*tenant].push(at));
        }
        let mut inside = vec![Whose::default(); facts.networks.len()];
        for (at, point) in facts.points.iter().enumerate() {
            inside[atlas.network_of(at)].add_all(point.tenants.iter().copied());
        }
        let naming = Lists::of(facts.groups.len(), |tell| {
            for (at, group) in facts.groups.iter().enumerate() {
                for rule in group.rules.read().into_iter().flat_map(|rules| rules.iter()) {
                    if let Peer::Group(named) = rule.peer {
                        tell(named, at);
                    }
                }
            }
        });
        let naming = naming.sorted();
        let mut wearers = vec![Whose::default(); facts.groups.len()];
        for point in &facts.points {
            for group in point.groups.read().into_iter().flat_map(|worn| worn.iter()) {
                wearers[*group].add_all(point.tenants.iter().copied());
            }
        }
        let attached = facts.attachments.iter().filter_map(|one| one.network.read());
        let uncertain = facts.unread.iter().flat_map(|unread| &unread.networks).chain(attached).copied().collect();
        let held = held(atlas, places);
        Self { atlas, places, between, held, uses, naming, inside, uncertain, wearers, known: Known::default() }
    }

    /// Whether only points of this tenant wear a group.
    fn is_own(&self, tenant: TenantAt, group: usize) -> bool {
        self.wearers[group] == Whose::Only(tenant)
    }

    /// What a block is to others than this tenant.
    fn block(&mut self, tenant: TenantAt, span: Span) -> Block {
        let (places, between) = (self.places, &self.between);
        *self.known.blocks.entry(span).or_insert_with(|| {
            let others = places.within(span).any(|(other, _)| other != tenant);
            let others = others || between.iter().any(|other| other.meet(span).is_some());
            if others { Block::Some(span) } else { Block::Nobody }
        })
    }

    /// `None`: the tenant is like no other.
    fn seen(&mut self, tenant: TenantAt) -> Option<Seen> {
        self.known.clear();
        let mut held = std::mem::take(&mut self.held.as_mut()?[tenant]);
        held.sort_unstable();
        // A block that holds a part of the tenant's addresses tells them apart.
        let held: Vec<Span> = held.into_iter().map(|(block, whole)| whole.then_some(block)).collect::<Option<_>>()?;
        let points = &self.atlas.of_tenant[tenant];
        let mut shapes: Vec<Shape> = points.iter().map(|point| self.shape(tenant, *point)).collect::<Option<_>>()?;
        shapes.sort_unstable();
        Some((held, shapes, std::mem::take(&mut self.uses[tenant])))
    }

    fn shape(&mut self, tenant: TenantAt, at: PointAt) -> Option<Shape> {
        let (atlas, facts) = (self.atlas, self.atlas.facts);
        let point = &facts.points[at];
        if point.role != Role::End || point.tenants.len() != 1 {
            return None;
        }
        let subnet = &facts.subnets[point.subnet];
        let alone = self.inside[subnet.network] != Whose::Several;
        let network = &facts.networks[subnet.network];
        if alone && (!network.open.is_empty() || self.uncertain.contains(&subnet.network)) {
            return None;
        }
        let mut shape = Shape {
            kind: point.kind,
            network: (!alone).then_some(subnet.network),
            zone: subnet.zone.clone(),
            six: atlas.spans(at).map(|span| span.six).collect(),
            groups: Vec::new(),
            acl: [].into(),
            table: [].into(),
            named_by: BTreeSet::new(),
        };
        for group in point.groups.read()?.iter() {
            let wall = self.once(|known| &mut known.groups, *group, |shapes| shapes.group(tenant, *group));
            shape.groups.push(wall);
            let naming = self.naming[*group].iter();
            // A group that nobody wears names nobody.
            let others = naming.filter(|by| self.wearers[**by] != Whose::Nobody && !self.is_own(tenant, **by));
            shape.named_by.extend(others.copied());
            if !self.is_own(tenant, *group) {
                shape.groups.push([Wall::Same(0, *group)].into());
            }
        }
        shape.groups.sort_unstable();
        shape.acl = self.once(|known| &mut known.acls, subnet.acl.clone(), |shapes| shapes.acl(tenant, &subnet.acl));
        shape.table = self.once(|known| &mut known.tables, subnet.table.clone(), |shapes| shapes.table(tenant, &subnet.table));
        Some(shape)
    }

    /// What `make` says, once for each tenant that is looked at.
    fn once<K: Eq + Hash>(
        &mut self,
        known: fn(&mut Known) -> &mut HashMap<K, Walls>,
        key: K,
        make: impl FnOnce(&mut Self) -> Vec<Wall>,
    ) -> Walls {
        if let Some(walls) = known(&mut self.known).get(&key) {
            return Rc::clone(walls);
        }
        let walls: Walls = make(self).into();
        known(&mut self.known).insert(key, Rc::clone(&walls));
        walls
    }

    fn group(&mut self, tenant: TenantAt, group: usize) -> Vec<Wall> {
        let atlas = self.atlas;
        let mut walls = BTreeSet::new();
        for ingress in [true, false] {
            let rules = match atlas.rules(group, ingress) {
                Ok(rules) => rules,
                Err(why) => return vec![Wall::Same(1, why)],
            };
            for (_, rule) in rules {
                match &rule.peer {
                    Peer::Blocks(blocks) => {
                        let blocks = blocks.iter().map(Span::of);
                        walls.extend(blocks.map(|span| Wall::Rule(ingress, rule.traffic, self.block(tenant, span))));
                    }
                    Peer::Group(named) => {
                        let named = if self.is_own(tenant, *named) { Named::Own } else { Named::Group(*named) };
                        walls.insert(Wall::Names(ingress, rule.traffic, named));
                    }
                    Peer::Unread(why) => {
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
            Part::Read(acl) => match &atlas.facts.acls[*acl].entries {
                Part::Unread(why) => return vec![Wall::Same(2, *why)],
                Part::Read(entries) => entries,
            },
        };
        let walls = entries
            .iter()
            .map(|entry| Wall::Entry(entry.ingress, entry.allow, entry.traffic, self.block(tenant, Span::of(&entry.block))));
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
fn held(atlas: &Atlas<'_>, places: &Places) -> Option<Vec<Vec<(Span, bool)>>> {
    let facts = atlas.facts;
    let mut blocks: HashMap<Span, Whose<Option<TenantAt>>> = HashMap::new();
    let mut holds = |span: Span, holder: Option<TenantAt>| {
        blocks.entry(span).or_default().add(holder);
    };
    let alone = |wearers: &[TenantAt]| match wearers {
        [only] => Some(*only),
        _ => None,
    };
    for (group, wearers) in facts.groups.iter().zip(atlas.wearers.iter()) {
        for rule in group.rules.read().into_iter().flat_map(|rules| rules.iter()) {
            if let Peer::Blocks(blocks) = &rule.peer {
                for span in blocks.iter().map(Span::of) {
                    holds(span, alone(wearers));
                }
            }
        }
    }
    // Whose ACLs and tables they are: of the tenants with points in their subnets.
    let mut of_acl: Vec<Whose<TenantAt>> = vec![Whose::default(); facts.acls.len()];
    let mut of_table: Vec<Whose<TenantAt>> = vec![Whose::default(); facts.tables.len()];
    for point in &facts.points {
        let subnet = &facts.subnets[point.subnet];
        if let Part::Read(acl) = subnet.acl {
            of_acl[acl].add_all(point.tenants.iter().copied());
        }
        if let Part::Read(table) = subnet.table {
            of_table[table].add_all(point.tenants.iter().copied());
        }
    }
    let only = |whose: Whose<TenantAt>| if let Whose::Only(tenant) = whose { Some(tenant) } else { None };
    for (acl, whose) in facts.acls.iter().zip(of_acl) {
        let entries = acl.entries.read().into_iter().flat_map(|entries| entries.iter());
        entries.for_each(|entry| holds(Span::of(&entry.block), only(whose)));
    }
    for (table, whose) in atlas.tables.iter().zip(of_table) {
        table.read().into_iter().flat_map(|table| &table.routes).for_each(|route| holds(route.span, only(whose)));
    }
    for (_, span) in atlas.gateway_tables.iter().filter_map(Part::read).flat_map(|table| &table.routes) {
        holds(*span, None);
    }
    let mut held = vec![Vec::new(); facts.tenants.len()];
    let mut counted = 0;
    for (span, holders) in blocks {
        let mut concerned: BTreeMap<TenantAt, bool> = BTreeMap::new();
        for (tenant, own) in places.within(span) {
            let whole = concerned.entry(tenant).or_insert(true);
            *whole &= span.contains(own);
        }
        // A block that holds the addresses of its only holder and of nobody else tells nobody anything.
        concerned.retain(|tenant, _| holders != Whose::Only(Some(*tenant)));
        counted += usize::from(!concerned.is_empty());
        if counted > MOST_BLOCKS {
            return None;
        }
        for (tenant, whole) in concerned {
            // The span lists only the parts that it meets: it holds the tenant whole when it holds all of its spans.
            let all = atlas.of_tenant[tenant].iter().flat_map(|point| atlas.spans(*point)).filter(|own| own.six == span.six);
            let whole = whole && all.clone().count() > 0 && all.into_iter().all(|own| span.contains(own));
            held[tenant].push((span, whole));
        }
    }
    Some(held)
}
