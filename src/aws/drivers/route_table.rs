//! How a route table is read. Everything is in the listing.

use aws_sdk_ec2::types::{PropagatingVgw, Route as AwsRoute, RouteTable, RouteTableAssociation as Association};

use crate::aws::prelude::*;
use crate::kinds::route_table::{Route, Spec, at};

/// The one of AWS's members for a target that is there. Of an instance AWS also names the interface, which says more.
fn target(route: &AwsRoute) -> Option<&str> {
    let gateway = route.gateway_id().or_else(|| route.nat_gateway_id()).or_else(|| route.egress_only_internet_gateway_id());
    let network = gateway.or_else(|| route.vpc_peering_connection_id()).or_else(|| route.transit_gateway_id());
    let network = network.or_else(|| route.core_network_arn()).or_else(|| route.odb_network_arn());
    let edge = network.or_else(|| route.local_gateway_id()).or_else(|| route.carrier_gateway_id());
    edge.or_else(|| route.network_interface_id()).or_else(|| route.instance_id()).or_else(|| route.ip_address())
}

fn route(route: &AwsRoute) -> Route {
    let block = route.destination_cidr_block().or_else(|| route.destination_ipv6_cidr_block());
    Route {
        destination: read::block(&text(block.or_else(|| route.destination_prefix_list_id()))),
        target: target(route).map(str::to_owned),
        state: route.state().map(|state| state.as_str().to_owned()),
        origin: route.origin().map(|origin| origin.as_str().to_owned()),
    }
}

/// An association that AWS is ending counts until it has ended.
fn holds(association: &&Association) -> bool {
    let state = association.association_state().and_then(|state| state.state());
    !state.is_some_and(|state| ["disassociated", "failed"].contains(&state.as_str()))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = RouteTable;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<RouteTable>> {
        let call = place.reader().ec2.describe_route_tables().set_route_table_ids(one(only)).set_max_results(page(only, 100));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.route_tables, page.next_token)).await
    }

    fn shown(table: &RouteTable) -> Live {
        let held = || table.associations.as_ref().map(|all| all.iter().filter(holds));
        let mut readings = Readings::default();
        readings.told(at::vpc, table.vpc_id().map(|vpc| link(Some(vpc))));
        readings.told(at::main, held().map(|mut all| all.any(|one| one.main() == Some(true))));
        readings.told(at::subnets, held().map(|all| sorted(all.filter_map(|one| Some(link(Some(one.subnet_id()?)))))));
        readings.told(at::gateways, held().map(|all| sorted(all.filter_map(|one| Some(one.gateway_id()?.to_owned())))));
        readings.told(at::routes, table.routes.as_ref().map(|all| sorted(all.iter().map(route))));
        let gateways = |all: &Vec<PropagatingVgw>| sorted(all.iter().map(|one| text(one.gateway_id())));
        readings.told(at::propagating, table.propagating_vgws.as_ref().map(gateways));
        Live { tags: tags::from_ec2(table.tags()), ..Self::live(table.route_table_id(), None, readings) }
    }
}
