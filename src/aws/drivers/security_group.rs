//! How a security group is called. AWS's allow-all egress is revoked at once, and new rules are authorised before old ones go.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    Filter, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroup, SecurityGroupRule, UserIdGroupPair,
};
use ipnet::IpNet;

use crate::aws::prelude::*;
use crate::kinds::security_group::Direction::{self, Egress, Ingress};
use crate::kinds::security_group::{KIND, Rule, Spec, at, calls};

pub struct Groups;

/// One rule in the form of the spec: the protocol by name, ports only for protocols that have them, CIDRs masked.
fn rule(direction: Direction, protocol: &str, from: Option<i32>, to: Option<i32>, peer: &str) -> Rule {
    let protocol = match protocol {
        "-1" | "all" => "all",
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => other,
    };
    let ports = matches!(protocol, "tcp" | "udp" | "icmp" | "icmpv6");
    let port = |number: Option<i32>| number.filter(|_| ports).map(i64::from);
    let peer = peer.parse::<IpNet>().map_or_else(|_| peer.to_owned(), |block| block.trunc().to_string());
    Rule { direction, protocol: protocol.to_owned(), from: port(from), to: port(to), peer: Link::Physical(peer) }
}

fn unpack(direction: Direction, permission: &IpPermission) -> impl Iterator<Item = Rule> + '_ {
    let v4 = permission.ip_ranges().iter().filter_map(IpRange::cidr_ip);
    let v6 = permission.ipv6_ranges().iter().filter_map(Ipv6Range::cidr_ipv6);
    let groups = permission.user_id_group_pairs().iter().filter_map(UserIdGroupPair::group_id);
    let lists = permission.prefix_list_ids().iter().filter_map(PrefixListId::prefix_list_id);
    v4.chain(v6).chain(groups).chain(lists).map(move |peer| {
        rule(direction, permission.ip_protocol().unwrap_or("-1"), permission.from_port(), permission.to_port(), peer)
    })
}

fn pack(rule: &Rule) -> Result<IpPermission, String> {
    let port = |number: Option<i64>| number.map(i32::try_from).transpose().map_err(|_| format!("{number:?} is not a port"));
    let protocol = if rule.protocol == "all" { "-1" } else { &rule.protocol };
    let permission = IpPermission::builder().ip_protocol(protocol).set_from_port(port(rule.from)?).set_to_port(port(rule.to)?);
    let peer = rule.peer.physical()?;
    let permission = if peer.starts_with("sg-") {
        permission.user_id_group_pairs(UserIdGroupPair::builder().group_id(peer).build())
    } else if peer.starts_with("pl-") {
        permission.prefix_list_ids(PrefixListId::builder().prefix_list_id(peer).build())
    } else if peer.contains(':') {
        permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).build())
    } else {
        permission.ip_ranges(IpRange::builder().cidr_ip(peer).build())
    };
    Ok(permission.build())
}

fn identified(found: &SecurityGroupRule) -> Option<(String, Rule)> {
    let direction = if found.is_egress() == Some(true) { Direction::Egress } else { Direction::Ingress };
    let group = found.referenced_group_info().and_then(|group| group.group_id());
    let peer = found.cidr_ipv4().or_else(|| found.cidr_ipv6()).or(group).or_else(|| found.prefix_list_id())?;
    let rule = rule(direction, found.ip_protocol().unwrap_or("-1"), found.from_port(), found.to_port(), peer);
    Some((found.security_group_rule_id()?.to_owned(), rule))
}

/// The rules as AWS has them now, each with the id by which the driver revokes it.
async fn rules(place: &Place, id: &str) -> Answer<Vec<(String, Rule)>> {
    let filter = Filter::builder().name("group-id").values(id).build();
    let call = place.reader().ec2.describe_security_group_rules().filters(filter).max_results(1000);
    let pages = call.into_paginator().items().send().collect::<Result<Vec<_>, _>>();
    let rules = place.read(calls::RULES, id, pages).await?;
    Ok(rules.iter().filter(|rule| rule.group_id() == Some(id)).filter_map(identified).collect())
}

/// AWS refuses a whole call when one element is already as wanted. Each is then sent alone, and such a refusal is a success.
async fn each<T: Clone, F>(elements: Vec<T>, done: ErrorClass, send: impl Fn(Vec<T>) -> F) -> Answer<()>
where
    F: Future<Output = Answer<()>>,
{
    if elements.is_empty() {
        return Ok(());
    }
    match send(elements.clone()).await {
        Err(error) if error.class == done => {
            for element in elements {
                already(send(vec![element]).await, done)?;
            }
            Ok(())
        }
        outcome => outcome,
    }
}

/// The outcome of a call whose error `class` says that AWS is already as the call would make it: a success.
fn already(outcome: Answer<()>, class: ErrorClass) -> Answer<()> {
    match outcome {
        Err(error) if error.class == class => Ok(()),
        other => other,
    }
}

/// Adds rules, one call for a direction. A rule that is already there is a success.
async fn authorize(place: &Place, id: &str, direction: Direction, rules: &[Rule]) -> Answer<()> {
    let wanted = rules.iter().filter(|rule| rule.direction == direction).map(pack);
    let operation = if direction == Ingress { calls::ALLOW_INGRESS } else { calls::ALLOW_EGRESS };
    let wanted = wanted.collect::<Result<_, _>>().map_err(|error| place.invalid(operation, id, error))?;
    let client = &place.writer().ec2;
    each(wanted, ErrorClass::AlreadyExists, |rules| async move {
        if direction == Ingress {
            let call = client.authorize_security_group_ingress().group_id(id).set_ip_permissions(Some(rules));
            place.write_new(operation, id, || call.clone().send()).await.map(drop)
        } else {
            let call = client.authorize_security_group_egress().group_id(id).set_ip_permissions(Some(rules));
            place.write_new(operation, id, || call.clone().send()).await.map(drop)
        }
    })
    .await
}

/// Revokes by id, so that no other rule is revoked. A rule that is already gone is a success, and the others are revoked.
async fn revoke(place: &Place, id: &str, direction: Direction, rules: Vec<String>) -> Answer<()> {
    let client = &place.writer().ec2;
    each(rules, ErrorClass::NotFound, |rules| async move {
        if direction == Ingress {
            let call = client.revoke_security_group_ingress().group_id(id).set_security_group_rule_ids(Some(rules));
            place.write(calls::REVOKE_INGRESS, id, || call.clone().send()).await.map(drop)
        } else {
            let call = client.revoke_security_group_egress().group_id(id).set_security_group_rule_ids(Some(rules));
            place.write(calls::REVOKE_EGRESS, id, || call.clone().send()).await.map(drop)
        }
    })
    .await
}

/// Revokes the rules that AWS put into a new group. Their ids are not known yet.
async fn revoke_given(change: &Change<'_>, unwanted: &[&Rule]) -> Answer<()> {
    let given = unwanted.iter().filter(|rule| rule.direction == Egress).map(|rule| pack(rule));
    let given: Vec<_> = change.valid_for(calls::REVOKE_EGRESS, given.collect::<Result<_, _>>())?;
    if given.is_empty() {
        return Ok(());
    }
    let (place, id) = (change.place(), change.id());
    let call = place.writer().ec2.revoke_security_group_egress().group_id(id).set_ip_permissions(Some(given));
    let outcome = place.write(calls::REVOKE_EGRESS, id, || call.clone().send()).await.map(drop);
    change.step(already(outcome, ErrorClass::NotFound))
}

#[async_trait]
impl Calls for Groups {
    type Spec = Spec;
    type Item = SecurityGroup;

    const KIND: &'static Kind = &KIND;
    const LATER: &'static [Name] = &[at::rules.name()];

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<SecurityGroup>> {
        let call = place.reader().ec2.describe_security_groups().set_group_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, call.into_paginator().items().send().collect()).await
    }

    fn made_by_aws(_: &Place, group: &SecurityGroup) -> bool {
        group.group_name() == Some("default")
    }

    fn shown(group: &SecurityGroup) -> Live {
        let ingress = group.ip_permissions().iter().flat_map(|permission| unpack(Ingress, permission));
        let egress = group.ip_permissions_egress().iter().flat_map(|permission| unpack(Egress, permission));
        let rules: BTreeSet<Rule> = ingress.chain(egress).collect();
        let spec = Spec {
            name: text(group.group_name()),
            description: text(group.description()),
            vpc: link(group.vpc_id()),
            rules: rules.into_iter().collect(),
        };
        Live { tags: tags::from_ec2(group.tags()), ..Self::live(group.group_id(), None, spec.lower()) }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().ec2.create_security_group().group_name(&spec.name).description(&spec.description);
        let call = call.vpc_id(new.link(&spec.vpc)?).tag_specifications(new.labels(ResourceType::SecurityGroup));
        new.id(new.send(|| call.clone().send()).await?.group_id())
    }

    /// Changes what the executor read to its target. A rule that was added by hand since is in neither, and stays.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let Some(target) = change.to(at::rules)? else { return Ok(()) };
        let read = change.before(at::rules)?;
        let missing: Vec<Rule> = target.iter().filter(|rule| !read.contains(rule)).cloned().collect();
        let unwanted: Vec<&Rule> = read.iter().filter(|rule| !target.contains(rule)).collect();
        let (place, id) = (change.place(), change.id());
        let mut identified = Vec::new();
        if change.is_new() {
            revoke_given(change, &unwanted).await?;
        } else if !unwanted.is_empty() {
            identified = rules(place, id).await?;
        }
        for direction in [Ingress, Egress] {
            change.step(authorize(place, id, direction, &missing).await)?;
        }
        for direction in [Ingress, Egress] {
            let surplus = identified.iter().filter(|(_, rule)| rule.direction == direction && unwanted.contains(&rule));
            change.step(revoke(place, id, direction, surplus.map(|(rule, _)| rule.clone()).collect()).await)?;
        }
        Ok(())
    }

    async fn remove(place: &Place, id: &str) -> Answer<()> {
        let call = place.writer().ec2.delete_security_group().group_id(id);
        place.delete(id, || call.clone().send()).await
    }
}
