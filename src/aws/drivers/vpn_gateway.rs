//! How a virtual private gateway is read. Everything is in the listing, which AWS sends in one piece.

use aws_sdk_ec2::types::{AttachmentStatus, VpcAttachment, VpnGateway};

use crate::aws::prelude::*;
use crate::kinds::vpn_gateway::{Spec, at};

/// The networks of the attachments that have not ended.
fn networks(all: &[VpcAttachment]) -> Vec<Link> {
    let held = all.iter().filter(|one| one.state() != Some(&AttachmentStatus::Detached));
    sorted(held.map(|one| link(one.vpc_id())))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = VpnGateway;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<VpnGateway>> {
        let call = place.reader().ec2.describe_vpn_gateways().set_vpn_gateway_ids(one(only));
        place.look(only, |_| call.clone().send(), |page| (page.vpn_gateways, None)).await
    }

    fn shown(gateway: &VpnGateway) -> Live {
        let mut readings = Readings::default();
        readings.told(at::networks, gateway.vpc_attachments.as_deref().map(networks));
        readings.told(at::state, gateway.state().map(|state| state.as_str().to_owned()));
        Live { tags: tags::from_ec2(gateway.tags()), ..Self::live(gateway.vpn_gateway_id(), None, readings) }
    }
}
