//! The same network, told in another order and with other names.

use std::cmp::Reverse;
use std::sync::Arc;

use tokaido::reach::{Facts, Part, Peer, Role, Target};

use super::clean::Dice;

/// Where each thing of a list stands now.
struct Order(Vec<usize>);

impl Order {
    fn of<T>(list: &mut Vec<T>, dice: &mut Dice) -> Self {
        let mut keyed: Vec<(usize, usize)> = (0..list.len()).map(|at| (dice.below(1 << 20), at)).collect();
        keyed.sort_unstable();
        let mut to = vec![0; list.len()];
        keyed.iter().enumerate().for_each(|(now, (_, before))| to[*before] = now);
        let mut old: Vec<Option<T>> = list.drain(..).map(Some).collect();
        list.extend(keyed.iter().filter_map(|(_, before)| old[*before].take()));
        Self(to)
    }

    fn to(&self, at: &mut usize) {
        *at = self.0[*at];
    }
}

fn part<T>(part: &mut Part<T>, unread: &Order, read: impl FnOnce(&mut T)) {
    match part {
        Part::Read(value) => read(value),
        Part::Unread(why) => unread.to(why),
    }
}

/// Answers with the network, and where each tenant stands now. The order of ACL entries means something, and stays.
pub fn permuted(mut facts: Facts, seed: u64) -> (Facts, Vec<usize>) {
    let dice = &mut Dice::new(seed);
    // The last becomes the first, so that sorted names turn the positions around.
    facts.tenants = (0..facts.tenants.len()).map(|at| format!("renamed-{:04}", 9_999 - at)).collect();
    facts.tenants.sort_by_key(|name| Reverse(name.clone()));
    facts.tenants.reverse();
    let count = facts.tenants.len();
    let tenants = Order((0..count).map(|at| count - 1 - at).collect());
    let networks = Order::of(&mut facts.networks, dice);
    let subnets = Order::of(&mut facts.subnets, dice);
    let acls = Order::of(&mut facts.acls, dice);
    let tables = Order::of(&mut facts.tables, dice);
    let groups = Order::of(&mut facts.groups, dice);
    let points = Order::of(&mut facts.points, dice);
    let peerings = Order::of(&mut facts.peerings, dice);
    let attachments = Order::of(&mut facts.attachments, dice);
    let gateway_tables = Order::of(&mut facts.gateway_tables, dice);
    let translators = Order::of(&mut facts.translators, dice);
    let unread = Order::of(&mut facts.unread, dice);
    Order::of(&mut facts.allowed, dice);
    for network in &mut facts.networks {
        network.open.iter_mut().for_each(|why| unread.to(why));
    }
    for one in &mut facts.unread {
        one.networks.iter_mut().for_each(|at| networks.to(at));
    }
    for subnet in &mut facts.subnets {
        networks.to(&mut subnet.network);
        part(&mut subnet.acl, &unread, |at| acls.to(at));
        part(&mut subnet.table, &unread, |at| tables.to(at));
    }
    facts.acls.iter_mut().for_each(|acl| part(&mut acl.entries, &unread, |_| {}));
    for table in &mut facts.tables {
        part(&mut table.routes, &unread, |routes| {
            Order::of(routes, dice);
            for route in routes {
                part(&mut route.blocks, &unread, |_| {});
                match &mut route.target {
                    Target::Peering(at) => peerings.to(at),
                    Target::Gateway(at) => attachments.to(at),
                    Target::Translator(at) => translators.to(at),
                    Target::Point(at) => points.to(at),
                    Target::Outside(why) => unread.to(why),
                    Target::Local | Target::Internet | Target::Away => {}
                }
            }
        });
    }
    for group in &mut facts.groups {
        part(&mut group.rules, &unread, |rules| {
            Order::of(rules, dice);
            for rule in rules {
                match &mut rule.peer {
                    Peer::Group(at) => groups.to(at),
                    Peer::Unread(why) => unread.to(why),
                    Peer::Blocks(blocks) => blocks.reverse(),
                }
            }
        });
    }
    for point in &mut facts.points {
        subnets.to(&mut point.subnet);
        for of in [&mut point.tenants, &mut point.users] {
            let of = Arc::make_mut(of);
            for at in of.iter_mut() {
                tenants.to(at);
            }
            of.sort_unstable();
        }
        Arc::make_mut(&mut point.blocks).reverse();
        part(&mut point.groups, &unread, |worn| {
            let worn = Arc::make_mut(worn);
            for at in worn.iter_mut() {
                groups.to(at);
            }
            worn.reverse();
        });
        if let Role::Obscure(why) = &mut point.role {
            unread.to(why);
        }
    }
    for peering in &mut facts.peerings {
        let (one, other) = &mut peering.sides;
        networks.to(one);
        networks.to(other);
        std::mem::swap(one, other);
    }
    for attachment in &mut facts.attachments {
        part(&mut attachment.network, &unread, |at| networks.to(at));
        attachment.subnets.iter_mut().for_each(|at| subnets.to(at));
        part(&mut attachment.table, &unread, |at| at.iter_mut().for_each(|at| gateway_tables.to(at)));
    }
    for table in &mut facts.gateway_tables {
        part(&mut table.routes, &unread, |routes| {
            Order::of(routes, dice);
            for route in routes {
                part(&mut route.block, &unread, |_| {});
                route.attachments.iter_mut().for_each(|at| attachments.to(at));
                route.outside.iter_mut().for_each(|why| unread.to(why));
            }
        });
    }
    facts.translators.iter_mut().for_each(|one| part(&mut one.subnet, &unread, |at| subnets.to(at)));
    facts.allowed.iter_mut().for_each(|one| tenants.to(&mut one.tenant));
    (facts, tenants.0)
}
