//! What parts tenants inside one network: rules, lists, ACLs, both families, and what was not read of them.

use super::*;

#[test]
fn a_clean_environment_is_isolated() {
    let lab = production();
    let proved = proved(&lab);
    assert_eq!(proved.facts.tenants, ["acme", "globex", "initech"]);
    assert!(proved.facts.points.len() > 15, "{}", proved.facts.points.len());
    expect(&lab, "as applied", &[]);
    assert!(proved.proof.entries.is_empty() && proved.proof.unsure_entries.is_empty());
}

#[test]
fn walls_inside_one_network_decide() {
    let lab = globex_to_initech();
    expect(&lab, "rules alone", LOCAL);
    let acl = made_with(&lab, "network-acl", MAIN);
    let deny = "{ direction: ingress, number: 50, action: deny, protocol: tcp, block: 10.30.32.0/20, from: 22, to: 22 }";
    add(&lab, &acl, "entries[+]", deny);
    expect(&lab, "the ACL denies it first", &[]);
    lab.set(&acl, "entries[ingress 50]", &Value::Null).expect("by hand");
    let late = "{ direction: ingress, number: 200, action: deny, protocol: all, block: 10.30.32.0/20 }";
    add(&lab, &acl, "entries[+]", late);
    expect(&lab, "an entry after the one that allows", LOCAL);
    let back = "{ direction: egress, number: 60, action: deny, protocol: all, block: 10.30.32.0/20 }";
    add(&lab, &acl, "entries[+]", back);
    expect(&lab, "no answer", &[("globex → initech", &["leak OneWay"])]);
    // The verdicts rest on it.
    let audit = lab.audit();
    let broken = in_state(&audit, VerdictState::Broken);
    assert_eq!(broken["tenant-isolation"], ["tenant initech".to_owned()].into());
    assert_eq!(broken["virtual-separation"], ["tenant initech".to_owned()].into());
}

#[test]
fn one_side_alone_lets_nothing_pass() {
    let lab = production();
    sends(&lab, GLOBEX);
    expect(&lab, "only sent", &[]);
    let lab = production();
    admits(&lab, INITECH, "10.30.32.0/20");
    expect(&lab, "only admitted", &[]);
    admits(&lab, INITECH, &format!("{{ $ref: {GLOBEX}, output: id }}"));
    expect(&lab, "only admitted, by the group", &[]);
    sends(&lab, GLOBEX);
    expect(&lab, "both", &[("globex → initech", &["leak"])]);
}

#[test]
fn a_prefix_list_is_read() {
    let lab = production();
    sends(&lab, GLOBEX);
    let list =
        |entries: &str| format!("{{ name: offices, family: IPv4, owner: '{}', entries: [{entries}] }}", lab.desired.account);
    let near = made(&lab, "prefix-list", &list("192.0.2.0/24, 10.30.40.0/24"));
    let far = made(&lab, "prefix-list", &list("192.0.2.0/24"));
    admits(&lab, INITECH, &far);
    expect(&lab, "a list of other addresses", &[]);
    admits(&lab, INITECH, &near);
    expect(&lab, "a list with its addresses", &[("globex → initech", &["from 10.30.40"])]);
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, INITECH, "pl-0123456789abcdef0");
    expect(&lab, "a list of another account", &[("globex → initech", &["undecided", "pl-0123456789abcdef0"])]);
}

#[test]
fn other_families_are_judged() {
    let lab = production();
    set(&lab, "subnet.globex-a@tokyo", "ipv6_blocks", "['2001:db8:0:1::/64']");
    set(&lab, "subnet.initech-a@tokyo", "ipv6_blocks", "['2001:db8:0:2::/64']");
    set(&lab, GLOBEX, "rules[+]", "{ direction: egress, protocol: all, peer: '::/0' }");
    set(&lab, INITECH, "rules[+]", "{ direction: ingress, protocol: udp, from: 53, to: 53, peer: '2001:db8::/56' }");
    expect(&lab, "the ACL and the table know IPv4 alone", &[]);
    let acl = made_with(&lab, "network-acl", MAIN);
    for direction in ["ingress", "egress"] {
        add(
            &lab,
            &acl,
            "entries[+]",
            &format!("{{ direction: {direction}, number: 101, action: allow, protocol: all, block: '::/0' }}"),
        );
    }
    route(&lab, MAIN, "'2001:db8::/56'", "local");
    expect(&lab, "both families", &[("globex → initech", &["udp 53", "2001:db8:0:1:", "2001:db8:0:2:"])]);
}

#[test]
fn what_the_default_group_admits_is_judged_for_hosts_without_a_group() {
    let lab = production();
    let group = made_with(&lab, "security-group", MAIN);
    expect(&lab, "as AWS makes it, its members reach each other", &[]);
    add(&lab, &group, "rules[+]", "{ direction: ingress, protocol: tcp, from: 22, to: 22, peer: 10.30.32.0/20 }");
    expect(&lab, "a rule that somebody added", &[("globex → initech", &["leak", "any host without a group"])]);
}

/// What was not read keeps exactly the pairs undecided that it could join.
#[test]
fn a_wall_that_was_not_read_leaves_the_pair_undecided_that_it_would_part() {
    use tokaido::kinds::{self, network_acl, route_table, security_group};
    use tokaido::model::{Name, Readings};
    use tokaido::observe::{Depth, observe};
    let lab = globex_to_initech();
    let acl = made_with(&lab, "network-acl", MAIN);
    add(&lab, &acl, "entries[+]", "{ direction: ingress, number: 50, action: deny, protocol: all, block: 10.30.32.0/20 }");
    expect(&lab, "the ACL parts them", &[]);
    let observed = block_on(observe(&*lab.session().world, &lab.desired, None, &kinds::schemas(), Depth::Plan));
    let (schemas, unread) = (kinds::schemas(), |readings: &mut Readings, name: Name| readings.failed(name, "denied"));
    for (kind, attribute) in [
        (network_acl::NAME, network_acl::at::entries.name()),
        (network_acl::NAME, network_acl::at::subnets.name()),
        (security_group::NAME, security_group::at::rules.name()),
    ] {
        let mut changed = observed.clone();
        let owned = changed.owned.iter_mut().filter(|(id, _)| id.kind == kind).map(|(_, live)| live);
        let others = changed.others.iter_mut().filter(|other| other.kind == kind).map(|other| &mut other.live);
        owned.chain(others).for_each(|live| unread(&mut live.attributes, attribute));
        let input = tokaido::promises::judge::JudgeInput {
            desired: &lab.desired,
            observed: &changed,
            recorded: None,
            schemas: &schemas,
            accounts: None,
            now: None,
        };
        let proved = tokaido::promises::judge::proved(&input);
        let at = |tenant: &str| proved.facts.tenants.iter().position(|name| name == tenant).expect("a tenant");
        let undecided = |from: &str, to: &str| {
            proved
                .proof
                .undecided
                .iter()
                .any(|one| one.from.contains(&at(from)) && one.to.contains(&at(to)) && !one.unread.is_empty())
        };
        assert!(proved.proof.leaks.is_empty(), "{kind} {attribute}: {:#?}", proved.proof.leaks);
        let decided = kind == security_group::NAME && attribute == security_group::at::rules.name();
        assert!(undecided("globex", "initech") != decided, "{kind} {attribute}: {:#?}", proved.proof.undecided);
    }
    assert!(observed.others.iter().any(|other| other.kind == route_table::NAME) && vpc::NAME == "vpc");
}

/// A plan says which paths it opens: those that were not open before, and no other.
#[test]
fn new_paths_are_those_that_were_not_open() {
    let (before, after) = (proved(&production()), proved(&globex_to_initech()));
    assert!(
        new_paths(&before, &before).is_empty() && new_paths(&after, &after).is_empty() && new_paths(&after, &before).is_empty()
    );
    let opened = new_paths(&before, &after);
    assert_eq!(opened.len(), 1, "{opened:#?}");
    assert_eq!((&opened[0].from, &opened[0].to), (&vec!["globex".to_owned()], &vec!["initech".to_owned()]));
    assert!(opened[0].way.en.starts_with("globex can reach it: tcp 22 from 10.30.32."), "{opened:#?}");
}
