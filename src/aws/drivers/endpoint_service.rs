//! How an endpoint service is read. Everything is in the listing.

use aws_sdk_ec2::types::ServiceConfiguration;

use crate::aws::prelude::*;
use crate::kinds::endpoint_service::{Spec, at};

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = ServiceConfiguration;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<ServiceConfiguration>> {
        let call = place.reader().ec2.describe_vpc_endpoint_service_configurations();
        let call = call.set_service_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        place.look(only, send, |page| (page.service_configurations, page.next_token)).await
    }

    fn shown(service: &ServiceConfiguration) -> Live {
        // AWS sends the list of one kind of load balancer; without either, nothing is known of what stands behind it.
        let (network, gateway) = (&service.network_load_balancer_arns, &service.gateway_load_balancer_arns);
        let told = network.is_some() || gateway.is_some();
        let all = || sorted(network.iter().chain(gateway).flatten().cloned());
        let mut readings = Readings::default();
        readings.told(at::service, service.service_name().map(str::to_owned));
        readings.told(at::load_balancers, told.then(all));
        readings.told(at::acceptance_required, service.acceptance_required());
        readings.told(at::state, service.service_state().map(|state| state.as_str().to_ascii_lowercase()));
        Live { tags: tags::from_ec2(service.tags()), ..Self::live(service.service_id(), None, readings) }
    }
}
