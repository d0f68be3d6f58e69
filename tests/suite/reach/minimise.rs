//! Makes a network smaller while something holds of it, and says what is left. Positions stay as they are: things lose what they
//! consist of.

use std::sync::Arc;

use tokaido::reach::{Facts, Part, Role};

/// One way to make a network smaller.
type Smaller = fn(&mut Facts, usize) -> bool;

/// Takes away what can be taken away.
pub fn minimise(mut facts: Facts, holds: impl Fn(&Facts) -> bool) -> Facts {
    let ways: [Smaller; 9] =
        [without_point, without_group, without_rule, without_entry, without_route, without_way, not_open, simple, not_allowed];
    loop {
        let before = facts.clone();
        for way in ways {
            let mut at = 0;
            loop {
                let mut less = facts.clone();
                if !way(&mut less, at) {
                    break;
                }
                if less != facts && holds(&less) {
                    facts = less;
                }
                at += 1;
            }
        }
        if facts == before {
            return facts;
        }
    }
}

fn part<T>(list: &mut [T], at: usize, change: impl FnOnce(&mut T)) -> bool {
    list.get_mut(at).map(change).is_some()
}

fn without_point(facts: &mut Facts, at: usize) -> bool {
    part(&mut facts.points, at, |point| {
        point.blocks = [].into();
        (point.tenants, point.users) = ([].into(), [].into());
        point.role = Role::End;
        point.groups = Part::Read([].into());
        point.public = false;
    })
}

fn without_group(facts: &mut Facts, at: usize) -> bool {
    part(&mut facts.groups, at, |group| group.rules = Part::Read(vec![]))
}

/// Takes the `at`-th of all elements of these lists.
fn nth<'a, T: 'a>(lists: impl Iterator<Item = &'a mut Vec<T>>, mut at: usize) -> bool {
    for list in lists {
        if at < list.len() {
            list.remove(at);
            return true;
        }
        at -= list.len();
    }
    false
}

/// The same of lists that are shared.
fn nth_of_shared<'a, T: Clone + 'a>(lists: impl Iterator<Item = &'a mut Arc<[T]>>, mut at: usize) -> bool {
    for list in lists {
        if at < list.len() {
            *list = [&list[..at], &list[at + 1..]].concat().into();
            return true;
        }
        at -= list.len();
    }
    false
}

fn readable<T>(part: &mut Part<T>) -> Option<&mut T> {
    match part {
        Part::Read(value) => Some(value),
        Part::Unread(_) => None,
    }
}

fn without_rule(facts: &mut Facts, at: usize) -> bool {
    nth(facts.groups.iter_mut().filter_map(|group| readable(&mut group.rules)), at)
}

fn without_entry(facts: &mut Facts, at: usize) -> bool {
    nth_of_shared(facts.acls.iter_mut().filter_map(|acl| readable(&mut acl.entries)), at)
}

fn without_route(facts: &mut Facts, at: usize) -> bool {
    nth(facts.tables.iter_mut().filter_map(|table| readable(&mut table.routes)), at)
}

fn without_way(facts: &mut Facts, at: usize) -> bool {
    let tables = facts.gateway_tables.iter_mut().filter_map(|table| readable(&mut table.routes));
    nth(tables, at)
}

fn not_open(facts: &mut Facts, at: usize) -> bool {
    let unread = facts.unread.len();
    if at < unread {
        return part(&mut facts.unread, at, |unread| unread.networks.clear());
    }
    part(&mut facts.networks, at - unread, |network| network.open.clear())
}

fn simple(facts: &mut Facts, at: usize) -> bool {
    let blocks = facts.points.len();
    if at < blocks {
        return part(&mut facts.points, at, |point| point.blocks = point.blocks.iter().take(1).copied().collect());
    }
    nth_of_shared(facts.points.iter_mut().filter_map(|point| readable(&mut point.groups)), at - blocks)
}

fn not_allowed(facts: &mut Facts, at: usize) -> bool {
    nth([&mut facts.allowed].into_iter(), at)
}

/// What is left, one thing a line.
pub fn told(facts: &Facts) -> String {
    let mut lines = vec![];
    for (at, network) in facts.networks.iter().enumerate() {
        lines.push(format!("network {at} {} open {:?} internet {}", network.region, network.open, network.internet));
    }
    for (at, subnet) in facts.subnets.iter().enumerate() {
        lines.push(format!(
            "subnet {at} of network {} zone {} {:?} acl {:?} table {:?}",
            subnet.network, subnet.zone, subnet.blocks, subnet.acl, subnet.table
        ));
    }
    for (at, acl) in facts.acls.iter().enumerate() {
        match &acl.entries {
            Part::Unread(why) => lines.push(format!("acl {at} unread {why}")),
            Part::Read(entries) => lines.extend(
                entries
                    .iter()
                    .map(|one| format!("acl {at} ingress {} allow {} {:?} {}", one.ingress, one.allow, one.traffic, one.block)),
            ),
        }
    }
    for (at, table) in facts.tables.iter().enumerate() {
        match &table.routes {
            Part::Unread(why) => lines.push(format!("table {at} unread {why}")),
            Part::Read(routes) => {
                lines.extend(routes.iter().map(|one| format!("table {at} {:?} → {:?}", one.blocks, one.target)));
            }
        }
    }
    for (at, group) in facts.groups.iter().enumerate() {
        match &group.rules {
            Part::Unread(why) => lines.push(format!("group {at} unread {why}")),
            Part::Read(rules) => lines
                .extend(rules.iter().map(|one| format!("group {at} ingress {} {:?} {:?}", one.ingress, one.traffic, one.peer))),
        }
    }
    for (at, point) in facts.points.iter().enumerate().filter(|(_, point)| !point.blocks.is_empty()) {
        lines.push(format!(
            "point {at} {} tenants {:?} users {:?} subnet {} {:?} groups {:?} {:?} {:?} public {}",
            point.name,
            point.tenants,
            point.users,
            point.subnet,
            point.blocks,
            point.groups,
            point.kind,
            point.role,
            point.public
        ));
    }
    lines.extend(facts.peerings.iter().map(|one| format!("{one:?}")));
    lines.extend(facts.attachments.iter().map(|one| format!("{one:?}")));
    lines.extend(facts.gateway_tables.iter().map(|one| format!("{one:?}")));
    lines.extend(facts.translators.iter().map(|one| format!("{one:?}")));
    lines.extend(facts.unread.iter().filter(|one| !one.networks.is_empty()).map(|one| format!("{one:?}")));
    lines.extend(facts.allowed.iter().map(|one| format!("{one:?}")));
    lines.join("\n")
}
