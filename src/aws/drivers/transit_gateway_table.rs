//! How a route table of a transit gateway is read. Its routes take a call of their own, which AWS offers as a search. AWS shows a
//! table only to the owner of the gateway, so it is asked for there where a role may read.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::operation::search_transit_gateway_routes::SearchTransitGatewayRoutesOutput as Found;
use aws_sdk_ec2::types::{
    Filter, TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteAttachment as Attachment,
    TransitGatewayRouteState as RouteState, TransitGatewayRouteTable, TransitGatewayRouteType as Origin,
};

use crate::aws::others;
use crate::aws::prelude::*;
use crate::kinds::transit_gateway_table::{Route, Spec, at, calls};

/// One table, and where it is read.
pub struct Seen {
    table: TransitGatewayRouteTable,
    /// The account of its owner, where that is another one; or why the tables there were not listed.
    there: Option<Result<Place, String>>,
}

/// The tables of these gateways, or one, or all that this account sees.
async fn tables(place: &Place, only: Option<&str>, of: Option<&BTreeSet<String>>) -> Answer<Vec<TransitGatewayRouteTable>> {
    let call = place.reader().ec2.describe_transit_gateway_route_tables();
    let call = call.set_transit_gateway_route_table_ids(one(only)).set_max_results(page(only, 1000));
    let call = call.set_filters(of.map(|gateways| vec![others::of_gateways(gateways)]));
    let send = |token| call.clone().set_next_token(token).send();
    place.look(only, send, |page| (page.transit_gateway_route_tables, page.next_token)).await
}

/// The tables that attachments of these gateways name, without anything else of them.
fn named(attachments: &[TransitGatewayAttachment]) -> Vec<TransitGatewayRouteTable> {
    let pair = |one: &TransitGatewayAttachment| {
        Some((one.association()?.transit_gateway_route_table_id()?.to_owned(), one.transit_gateway_id()?.to_owned()))
    };
    let pairs: BTreeMap<String, String> = attachments.iter().filter_map(pair).collect();
    let bare = |(table, gateway)| {
        TransitGatewayRouteTable::builder().transit_gateway_route_table_id(table).transit_gateway_id(gateway).build()
    };
    pairs.into_iter().map(bare).collect()
}

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
    type Item = Seen;
    const FOREIGN_TOO: bool = true;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Seen>> {
        let all = tables(place, only, None).await?;
        Ok(all.into_iter().map(|table| Seen { table, there: None }).collect())
    }

    /// Where the role was not assumed, the table of each attachment is a failed reading, so nothing is missed here. Where only the
    /// tables may not be listed, those that attachments name have failed readings. Nothing in another account is ours, whatever its
    /// tags say.
    async fn with_others(place: &Place, mut items: Vec<Seen>) -> Answer<Vec<Seen>> {
        let readers = place.session().others();
        let ours = if readers.is_empty() { Vec::new() } else { others::attachments(place, None).await? };
        for other in readers {
            let gateways = other.gateways(&ours);
            let Some(there) = other.place(place, Self::KIND).ok().filter(|_| !gateways.is_empty()) else { continue };
            let (found, how) = match tables(&there, None, Some(&gateways)).await {
                Ok(found) => (found, Ok(there)),
                Err(error) => {
                    let attachments = others::attachments(&there, Some(&gateways)).await.unwrap_or_default();
                    (named(&attachments), Err(other.unread(place, &error)))
                }
            };
            for mut table in found {
                let id = table.transit_gateway_route_table_id();
                if items.iter().all(|known| known.table.transit_gateway_route_table_id() != id) {
                    table.tags = None;
                    items.push(Seen { table, there: Some(how.clone()) });
                }
            }
        }
        Ok(items)
    }

    /// A table whose routes cannot be read stays in the population: only what leads through it is unknown.
    async fn complete(place: &Place, seen: &Seen, tags: Tags) -> Answer<Option<Live>> {
        let mut live = Live { tags, ..Self::shown(seen) };
        let told = match &seen.there {
            None => routes(place, &live.physical).await,
            Some(Ok(there)) => routes(there, &live.physical).await,
            Some(Err(why)) => Err(why.clone()),
        };
        match told {
            Ok(all) => live.attributes.put(at::routes, all),
            Err(why) => live.attributes.failed(at::routes, why),
        }
        Ok(Some(live))
    }

    fn shown(Seen { table, there }: &Seen) -> Live {
        let mut readings = Readings::default();
        readings.told(at::gateway, table.transit_gateway_id().map(str::to_owned));
        readings.not_asked(at::routes);
        match there {
            Some(Err(why)) => readings.failed(at::state, why.as_str()),
            _ => readings.told(at::state, table.state().map(|state| state.as_str().to_owned())),
        }
        Live { tags: tags::from_ec2(table.tags()), ..Self::live(table.transit_gateway_route_table_id(), None, readings) }
    }
}
