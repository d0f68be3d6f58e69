//! How a NAT gateway is read. Everything is in the listing. AWS lists a deleted one for about an hour.

use aws_sdk_ec2::types::{NatGateway, NatGatewayAddress};

use crate::aws::prelude::*;
use crate::kinds::nat_gateway::{Spec, at};

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = NatGateway;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<NatGateway>> {
        let call = place.reader().ec2.describe_nat_gateways().set_nat_gateway_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.nat_gateways, page.next_token)).await
    }

    fn shown(gateway: &NatGateway) -> Live {
        let addresses = |of: fn(&NatGatewayAddress) -> Option<&str>| {
            let all = gateway.nat_gateway_addresses.as_ref()?;
            Some(sorted(all.iter().filter_map(of).map(str::to_owned)))
        };
        let mut readings = Readings::default();
        readings.told(at::vpc, gateway.vpc_id().map(|id| link(Some(id))));
        readings.put_or_absent(at::subnet, gateway.subnet_id().map(|id| link(Some(id))));
        readings.told(at::addresses, addresses(NatGatewayAddress::private_ip));
        readings.told(at::public_addresses, addresses(NatGatewayAddress::public_ip));
        readings.told(at::connectivity, gateway.connectivity_type().map(|word| word.as_str().to_owned()));
        readings.told(at::state, gateway.state().map(|state| state.as_str().to_owned()));
        Live { tags: tags::from_ec2(gateway.tags()), ..Self::live(gateway.nat_gateway_id(), None, readings) }
    }
}
