//! How a subnet is called. Everything is in the listing. A subnet that AWS did not make begins without public addresses.

use aws_sdk_ec2::types::{ResourceType, Subnet};

use crate::aws::prelude::*;
use crate::kinds::subnet::{Spec, at};

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
        let spec = Self {
            vpc: link(subnet.vpc_id()),
            cidr: text(subnet.cidr_block()),
            zone: text(subnet.availability_zone_id()),
            public_addresses: subnet.map_public_ip_on_launch().unwrap_or_default(),
        };
        let mut readings = Readings::from(spec.lower());
        if subnet.map_public_ip_on_launch().is_none() {
            readings.not_asked(at::public_addresses);
        }
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

    async fn set(change: &Change<'_>) -> Answer<()> {
        if let Some(on) = change.to(at::public_addresses)? {
            let call = change.writer().ec2.modify_subnet_attribute().subnet_id(change.id()).map_public_ip_on_launch(flag(on));
            change.send_new(|| call.clone().send()).await?;
        }
        Ok(())
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().ec2.delete_subnet().subnet_id(gone.id()).send()).await
    }
}
