//! How a VPC endpoint is read. Everything is in the listing. Its policy, which is in there too, concerns no packet.

use aws_sdk_ec2::types::{SecurityGroupIdentifier, VpcEndpoint};

use crate::aws::prelude::*;
use crate::kinds::vpc_endpoint::{Spec, at};

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = VpcEndpoint;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<VpcEndpoint>> {
        let call = place.reader().ec2.describe_vpc_endpoints().set_vpc_endpoint_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.vpc_endpoints, page.next_token)).await
    }

    fn shown(endpoint: &VpcEndpoint) -> Live {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let groups = |all: &Vec<SecurityGroupIdentifier>| sorted(all.iter().map(|one| link(one.group_id())));
        let links = |all: &Vec<String>| sorted(all.iter().map(|id| link(Some(id))));
        let texts = |all: &Vec<String>| sorted(all.iter().cloned());
        let mut readings = Readings::default();
        readings.told(at::vpc, endpoint.vpc_id().map(|id| link(Some(id))));
        readings.told(at::endpoint_type, endpoint.vpc_endpoint_type().map(|word| word.as_str().to_owned()));
        readings.put_or_absent(at::service, owned(endpoint.service_name()));
        readings.told(at::subnets, endpoint.subnet_ids.as_ref().map(links));
        readings.told(at::groups, endpoint.groups.as_ref().map(groups));
        readings.told(at::interfaces, endpoint.network_interface_ids.as_ref().map(texts));
        readings.told(at::route_tables, endpoint.route_table_ids.as_ref().map(texts));
        readings.told(at::owner, owned(endpoint.owner_id()));
        // AWS's model begins these words with a capital; its replies often do not.
        readings.told(at::state, endpoint.state().map(|state| state.as_str().to_ascii_lowercase()));
        Live { tags: tags::from_ec2(endpoint.tags()), ..Self::live(endpoint.vpc_endpoint_id(), None, readings) }
    }
}
