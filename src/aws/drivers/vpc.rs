//! How a VPC is called. The DNS attributes and the DHCP association have calls of their own, one value in each call.

use aws_sdk_ec2::types::{ResourceType, Vpc, VpcAttributeName};

use crate::aws::prelude::*;
use crate::kinds::vpc::{NO_OPTIONS, Spec, at, calls};

async fn attribute(place: &Place, id: &str, name: VpcAttributeName) -> Answer<bool> {
    let hostnames = name == VpcAttributeName::EnableDnsHostnames;
    let call = || place.reader().ec2.describe_vpc_attribute().vpc_id(id).attribute(name.clone()).send();
    let answer = place.read(calls::ATTRIBUTE, id, call).await?;
    let value = if hostnames { answer.enable_dns_hostnames } else { answer.enable_dns_support };
    let missing = || place.refuse(ErrorClass::Unreachable, calls::ATTRIBUTE, id, "the reply has no value of the attribute");
    value.and_then(|value| value.value).ok_or_else(missing)
}

/// The blocks of both families, each with the id of its association.
fn blocks(vpc: &Vpc) -> Vec<(String, String)> {
    let four =
        vpc.cidr_block_association_set().iter().map(|one| (one.cidr_block(), one.association_id(), one.cidr_block_state()));
    let six = vpc.ipv6_cidr_block_association_set().iter();
    let six = six.map(|one| (one.ipv6_cidr_block(), one.association_id(), one.ipv6_cidr_block_state()));
    read::blocks(four.chain(six).map(|(block, id, state)| (block, id, state.and_then(|state| Some(state.state()?.as_str())))))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Vpc;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Vpc>> {
        let call = place.reader().ec2.describe_vpcs().set_vpc_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.vpcs, page.next_token)).await
    }

    fn made_by_aws(vpc: &Vpc) -> bool {
        vpc.is_default() == Some(true)
    }

    /// Makes two calls more than the listing.
    async fn complete(place: &Place, vpc: &Vpc, tags: Tags) -> Answer<Option<Live>> {
        let mut live = Live { tags, ..Self::shown(vpc) };
        let (support, hostnames) = try_join!(
            attribute(place, &live.physical, VpcAttributeName::EnableDnsSupport),
            attribute(place, &live.physical, VpcAttributeName::EnableDnsHostnames),
        )?;
        live.attributes.put(at::dns_support, support);
        live.attributes.put(at::dns_hostnames, hostnames);
        Ok(Some(live))
    }

    /// The listing has no DNS attributes.
    fn shown(vpc: &Vpc) -> Live {
        let mut attributes = Readings::default();
        attributes.put(at::cidr, text(vpc.cidr_block()));
        let told = vpc.cidr_block_association_set.is_some();
        attributes.told(at::blocks, told.then(|| sorted(blocks(vpc).into_iter().map(|(block, _)| block))));
        attributes.put(at::dhcp_options, link(vpc.dhcp_options_id().or(Some(NO_OPTIONS))));
        Live {
            tags: tags::from_ec2(vpc.tags()),
            status: Self::status(vpc.state().map_or("pending", |state| state.as_str())),
            ..Self::live(vpc.vpc_id(), None, attributes)
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().ec2.create_vpc().cidr_block(&spec.cidr).tag_specifications(new.labels(ResourceType::Vpc));
        let answer = new.send(|| call.clone().send()).await?;
        new.id(answer.vpc().and_then(Vpc::vpc_id))
    }

    /// AWS accepts one attribute in a call. DNS support is sent first, because hostnames need it. A block is taken away by the id
    /// of its association, which is read just before.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let (id, ec2) = (change.id(), &change.writer().ec2);
        if let Some(on) = change.to(at::dns_support)? {
            change.send_new(|| ec2.modify_vpc_attribute().vpc_id(id).enable_dns_support(flag(on)).send()).await?;
        }
        if let Some(on) = change.to(at::dns_hostnames)? {
            change.send_new(|| ec2.modify_vpc_attribute().vpc_id(id).enable_dns_hostnames(flag(on)).send()).await?;
        }
        if let Some(options) = change.to(at::dhcp_options)? {
            let set = change.valid_for(calls::ASSOCIATE, options.physical())?;
            let call = || ec2.associate_dhcp_options().vpc_id(id).dhcp_options_id(set).send();
            change.write_new(calls::ASSOCIATE, call).await?;
        }
        if change.parts(at::blocks)?.surplus.contains(&change.before(at::cidr)?) {
            return change.check(Err(change.invalid("a network keeps its first block")));
        }
        let ids = change.surplus_ids::<Self>(at::blocks, blocks).await?;
        let call = |id: String| ec2.disassociate_vpc_cidr_block().association_id(id).send();
        change.drop_each(calls::DISASSOCIATE, ids, call).await
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().ec2.delete_vpc().vpc_id(gone.id()).send()).await
    }
}
