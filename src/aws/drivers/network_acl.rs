//! How a network ACL is read. Everything is in the listing.

use aws_sdk_ec2::types::{IcmpTypeCode, NetworkAcl, NetworkAclAssociation, NetworkAclEntry, PortRange};

use crate::aws::prelude::*;
use crate::kinds::network_acl::{Entry, Spec, at};
use crate::kinds::security_group::Direction;

fn entry(entry: &NetworkAclEntry) -> Entry {
    let (ports, icmp) = (entry.port_range(), entry.icmp_type_code());
    let from = ports.and_then(PortRange::from).or_else(|| icmp.and_then(IcmpTypeCode::r#type));
    let to = ports.and_then(PortRange::to).or_else(|| icmp.and_then(IcmpTypeCode::code));
    Entry {
        direction: if entry.egress() == Some(true) { Direction::Egress } else { Direction::Ingress },
        number: entry.rule_number().unwrap_or_default().into(),
        action: text(entry.rule_action().map(|action| action.as_str())),
        protocol: read::protocol(&text(entry.protocol())).to_owned(),
        block: read::block(&text(entry.cidr_block().or_else(|| entry.ipv6_cidr_block()))),
        from: from.map(i64::from),
        to: to.map(i64::from),
    }
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = NetworkAcl;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<NetworkAcl>> {
        let call = place.reader().ec2.describe_network_acls().set_network_acl_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.network_acls, page.next_token)).await
    }

    fn shown(acl: &NetworkAcl) -> Live {
        let subnet = |one: &NetworkAclAssociation| Some(link(Some(one.subnet_id()?)));
        let mut readings = Readings::default();
        readings.told(at::vpc, acl.vpc_id().map(|vpc| link(Some(vpc))));
        readings.told(at::default, acl.is_default());
        readings.told(at::subnets, acl.associations.as_ref().map(|all| sorted(all.iter().filter_map(subnet))));
        readings.told(at::entries, acl.entries.as_ref().map(|all| sorted(all.iter().map(entry))));
        Live { tags: tags::from_ec2(acl.tags()), ..Self::live(acl.network_acl_id(), None, readings) }
    }
}
