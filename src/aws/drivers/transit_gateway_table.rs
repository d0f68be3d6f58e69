//! How a route table of a transit gateway is read. Its routes take a call of their own, which AWS offers as a search.

use aws_sdk_ec2::operation::search_transit_gateway_routes::SearchTransitGatewayRoutesOutput as Found;
use aws_sdk_ec2::types::{
    Filter, TransitGatewayRoute, TransitGatewayRouteAttachment as Attachment, TransitGatewayRouteState as RouteState,
    TransitGatewayRouteTable, TransitGatewayRouteType as Origin,
};

use crate::aws::prelude::*;
use crate::kinds::transit_gateway_table::{Route, Spec, at, calls};

fn route(route: &TransitGatewayRoute) -> Route {
    let attachments = route.transit_gateway_attachments().iter().filter_map(Attachment::transit_gateway_attachment_id);
    Route {
        block: read::block(&text(route.destination_cidr_block())),
        state: text(route.state().map(RouteState::as_str)),
        origin: text(route.r#type().map(Origin::as_str)),
        attachments: sorted(attachments.map(str::to_owned)),
        list: route.prefix_list_id().map(str::to_owned),
    }
}

/// The routes by which packets go or are dropped.
///
/// # Errors
/// Why they were not read: the call failed, or AWS says that there are more routes and does not say where.
async fn routes(place: &Place, id: &str) -> Result<Vec<Route>, String> {
    let states = Filter::builder().name("state").values("active").values("blackhole").build();
    let call = place.reader().ec2.search_transit_gateway_routes().transit_gateway_route_table_id(id);
    let call = call.filters(states).max_results(1000);
    let send = |token| call.clone().set_next_token(token).send();
    let open = |page: Found| {
        let cut = page.additional_routes_available == Some(true) && page.next_token.is_none();
        let rows = page.routes.map(|all| all.iter().map(|one| Some(route(one))).chain(cut.then_some(None)).collect());
        (rows, page.next_token)
    };
    let all = place.pages(calls::ROUTES, id, send, open).await.map_err(|error| place.unread(&error))?;
    let all: Option<Vec<Route>> = all.into_iter().collect();
    all.map(sorted).ok_or_else(|| format!("{}: AWS has more routes than it shows", calls::ROUTES))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = TransitGatewayRouteTable;
    const FOREIGN_TOO: bool = true;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<TransitGatewayRouteTable>> {
        let call = place.reader().ec2.describe_transit_gateway_route_tables();
        let call = call.set_transit_gateway_route_table_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        place.look(only, send, |page| (page.transit_gateway_route_tables, page.next_token)).await
    }

    /// A table whose routes cannot be read stays in the population: only what leads through it is unknown.
    async fn complete(place: &Place, table: &TransitGatewayRouteTable, tags: Tags) -> Answer<Option<Live>> {
        let mut live = Live { tags, ..Self::shown(table) };
        match routes(place, &live.physical).await {
            Ok(all) => live.attributes.put(at::routes, all),
            Err(why) => live.attributes.failed(at::routes, why),
        }
        Ok(Some(live))
    }

    fn shown(table: &TransitGatewayRouteTable) -> Live {
        let mut readings = Readings::default();
        readings.told(at::gateway, table.transit_gateway_id().map(str::to_owned));
        readings.not_asked(at::routes);
        readings.told(at::state, table.state().map(|state| state.as_str().to_owned()));
        Live { tags: tags::from_ec2(table.tags()), ..Self::live(table.transit_gateway_route_table_id(), None, readings) }
    }
}
