//! How a subnet is called. Everything is in the listing. A subnet that AWS did not make begins without public addresses.

use aws_sdk_ec2::types::{ResourceType, Subnet};

use crate::aws::prelude::*;
use crate::kinds::subnet::{Spec, at, calls};

/// The IPv6 blocks, each with the id of its association.
fn blocks(subnet: &Subnet) -> Vec<(String, String)> {
    let all = subnet.ipv6_cidr_block_association_set().iter();
    let all = all.map(|one| (one.ipv6_cidr_block(), one.association_id(), one.ipv6_cidr_block_state()));
    read::blocks(all.map(|(block, id, state)| (block, id, state.and_then(|state| Some(state.state()?.as_str())))))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Subnet;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Subnet>> {
        let call = place.reader().ec2.describe_subnets().set_subnet_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.subnets, page.next_token)).await
    }

    /// AWS puts a default subnet into each zone of a default VPC.
    fn made_by_aws(subnet: &Subnet) -> bool {
        subnet.default_for_az() == Some(true)
    }

    fn shown(subnet: &Subnet) -> Live {
        let mut readings = Readings::default();
        readings.put(at::vpc, link(subnet.vpc_id()));
        readings.put(at::cidr, text(subnet.cidr_block()));
        readings.put(at::zone, text(subnet.availability_zone_id()));
        readings.told(at::public_addresses, subnet.map_public_ip_on_launch());
        let told = subnet.ipv6_cidr_block_association_set.is_some();
        readings.told(at::ipv6_blocks, told.then(|| sorted(blocks(subnet).into_iter().map(|(block, _)| block))));
        readings.told(at::ipv6_addresses, subnet.assign_ipv6_address_on_creation());
        Live {
            tags: tags::from_ec2(subnet.tags()),
            status: Self::status(subnet.state().map_or("pending", |state| state.as_str())),
            ..Self::live(subnet.subnet_id(), None, readings)
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().ec2.create_subnet().vpc_id(new.link(&spec.vpc)?).cidr_block(&spec.cidr);
        let call = call.availability_zone_id(&spec.zone).tag_specifications(new.labels(ResourceType::Subnet));
        let answer = new.send(|| call.clone().send()).await?;
        new.id(answer.subnet().and_then(Subnet::subnet_id))
    }

    /// A block is taken away by the id of its association, which is read just before.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let (ec2, id) = (&change.writer().ec2, change.id());
        let modify = || ec2.modify_subnet_attribute().subnet_id(id);
        if let Some(on) = change.to(at::public_addresses)? {
            change.send_new(|| modify().map_public_ip_on_launch(flag(on)).send()).await?;
        }
        if let Some(on) = change.to(at::ipv6_addresses)? {
            change.send_new(|| modify().assign_ipv6_address_on_creation(flag(on)).send()).await?;
        }
        let ids = change.surplus_ids::<Self>(at::ipv6_blocks, blocks).await?;
        let call = |id: String| ec2.disassociate_subnet_cidr_block().association_id(id).send();
        change.drop_each(calls::DISASSOCIATE, ids, call).await
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().ec2.delete_subnet().subnet_id(gone.id()).send()).await
    }
}
