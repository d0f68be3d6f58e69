//! How a security group is called. AWS's allow-all egress is revoked at once, and new rules are authorised before old ones go.

use aws_sdk_ec2::types::{
    Filter, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroup, SecurityGroupRule, UserIdGroupPair,
};

use crate::aws::prelude::*;
use crate::kinds::security_group::Direction::{self, Egress, Ingress};
use crate::kinds::security_group::{Rule, Spec, at, calls};

/// One rule in the form of the spec: the protocol by name, ports only for protocols that have them, CIDRs masked.
fn rule(direction: Direction, protocol: Option<&str>, from: Option<i32>, to: Option<i32>, peer: &str) -> Rule {
    let protocol = read::protocol(protocol.unwrap_or("-1")).to_owned();
    let ports = matches!(&*protocol, "tcp" | "udp" | "icmp" | "icmpv6");
    let port = |number: Option<i32>| number.filter(|_| ports).map(i64::from);
    Rule { direction, protocol, from: port(from), to: port(to), peer: Link::Physical(read::block(peer)) }
}

fn unpack(direction: Direction, permission: &IpPermission) -> impl Iterator<Item = Rule> + '_ {
    let v4 = permission.ip_ranges().iter().filter_map(IpRange::cidr_ip);
    let v6 = permission.ipv6_ranges().iter().filter_map(Ipv6Range::cidr_ipv6);
    let groups = permission.user_id_group_pairs().iter().filter_map(UserIdGroupPair::group_id);
    let lists = permission.prefix_list_ids().iter().filter_map(PrefixListId::prefix_list_id);
    let (protocol, from, to) = (permission.ip_protocol(), permission.from_port(), permission.to_port());
    v4.chain(v6).chain(groups).chain(lists).map(move |peer| rule(direction, protocol, from, to, peer))
}

fn pack(rule: &Rule) -> Result<IpPermission, String> {
    let port = |number: Option<i64>| number.map(i32::try_from).transpose().map_err(|_| format!("{number:?} is not a port"));
    let protocol = if rule.protocol == "all" { "-1" } else { &rule.protocol };
    let permission = IpPermission::builder().ip_protocol(protocol).set_from_port(port(rule.from)?).set_to_port(port(rule.to)?);
    let peer = rule.peer.physical()?;
    let permission = match peer.get(..3) {
        Some("sg-") => permission.user_id_group_pairs(UserIdGroupPair::builder().group_id(peer).build()),
        Some("pl-") => permission.prefix_list_ids(PrefixListId::builder().prefix_list_id(peer).build()),
        _ if peer.contains(':') => permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).build()),
        _ => permission.ip_ranges(IpRange::builder().cidr_ip(peer).build()),
    };
    Ok(permission.build())
}

fn identified(found: &SecurityGroupRule) -> Option<(String, Rule)> {
    let direction = if found.is_egress() == Some(true) { Egress } else { Ingress };
    let group = found.referenced_group_info().and_then(|group| group.group_id());
    let peer = found.cidr_ipv4().or_else(|| found.cidr_ipv6()).or(group).or_else(|| found.prefix_list_id())?;
    let rule = rule(direction, found.ip_protocol(), found.from_port(), found.to_port(), peer);
    Some((found.security_group_rule_id()?.to_owned(), rule))
}

/// Those of the rules that AWS has now, each with the id by which the driver revokes it.
async fn held(place: &Place, id: &str, rules: &[Rule]) -> Answer<Vec<(String, Rule)>> {
    let filter = Filter::builder().name("group-id").values(id).build();
    let call = place.reader().ec2.describe_security_group_rules().filters(filter).max_results(1000);
    let send = |token| call.clone().set_next_token(token).send();
    let found = place.pages(calls::RULES, id, send, |page| (page.security_group_rules, page.next_token)).await?;
    let here = found.iter().filter(|rule| rule.group_id() == Some(id)).filter_map(identified);
    Ok(here.filter(|(_, rule)| rules.contains(rule)).collect())
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = SecurityGroup;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<SecurityGroup>> {
        let call = place.reader().ec2.describe_security_groups().set_group_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.security_groups, page.next_token)).await
    }

    fn shown(group: &SecurityGroup) -> Live {
        let ingress = group.ip_permissions().iter().flat_map(|permission| unpack(Ingress, permission));
        let egress = group.ip_permissions_egress().iter().flat_map(|permission| unpack(Egress, permission));
        let spec = Self {
            name: text(group.group_name()),
            description: text(group.description()),
            vpc: link(group.vpc_id()),
            rules: sorted(ingress.chain(egress)),
        };
        Live { tags: tags::from_ec2(group.tags()), ..Self::live(group.group_id(), None, spec.lower()) }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().ec2.create_security_group().group_name(&spec.name).description(&spec.description);
        let call = call.vpc_id(new.link(&spec.vpc)?).tag_specifications(new.labels(ResourceType::SecurityGroup));
        new.id(new.send(|| call.clone().send()).await?.group_id())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        let (ec2, id, parts) = (&change.writer().ec2, change.id(), change.parts(at::rules)?);
        let packed = |operation, direction, rules: &[Rule]| {
            let of_direction = rules.iter().filter(|rule| rule.direction == direction).map(pack);
            change.valid_for(operation, of_direction.collect::<Result<Vec<_>, _>>())
        };
        if change.is_new() {
            // The ids of the rules that AWS put into a new group are not known yet.
            let call = |rules| ec2.revoke_security_group_egress().group_id(id).set_ip_permissions(Some(rules)).send();
            change.drop_all(calls::REVOKE_EGRESS, packed(calls::REVOKE_EGRESS, Egress, &parts.surplus)?, call).await?;
        }
        let left: &[Rule] = if change.is_new() { &[] } else { &parts.surplus };
        let held = if left.is_empty() { Vec::new() } else { change.check(held(change.place(), id, left).await)? };
        let surplus = |direction| held.iter().filter(|(_, rule)| rule.direction == direction).map(|(id, _)| id.clone()).collect();
        let call = |rules| ec2.authorize_security_group_ingress().group_id(id).set_ip_permissions(Some(rules)).send();
        change.put_all(calls::ALLOW_INGRESS, packed(calls::ALLOW_INGRESS, Ingress, &parts.missing)?, call).await?;
        let call = |rules| ec2.authorize_security_group_egress().group_id(id).set_ip_permissions(Some(rules)).send();
        change.put_all(calls::ALLOW_EGRESS, packed(calls::ALLOW_EGRESS, Egress, &parts.missing)?, call).await?;
        let call = |rules| ec2.revoke_security_group_ingress().group_id(id).set_security_group_rule_ids(Some(rules)).send();
        change.drop_all(calls::REVOKE_INGRESS, surplus(Ingress), call).await?;
        let call = |rules| ec2.revoke_security_group_egress().group_id(id).set_security_group_rule_ids(Some(rules)).send();
        change.drop_all(calls::REVOKE_EGRESS, surplus(Egress), call).await
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().ec2.delete_security_group().group_id(gone.id()).send()).await
    }
}
