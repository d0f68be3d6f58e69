//! How an attachment of a transit gateway is read. The subnets of networks are in a listing of their own, which is asked for when a
//! network is attached. The account that owns the gateway is asked for the table of each attachment, and for all other attachments.

use std::collections::BTreeMap;

use aws_sdk_ec2::operation::describe_transit_gateway_vpc_attachments::DescribeTransitGatewayVpcAttachmentsOutput as Page;
use aws_sdk_ec2::types::{
    TransitGatewayAssociationState as State, TransitGatewayAttachment, TransitGatewayAttachmentAssociation as Association,
    TransitGatewayAttachmentResourceType as Resource, TransitGatewayVpcAttachment,
};

use crate::aws::others;
use crate::aws::prelude::*;
use crate::kinds::transit_gateway_attachment::{Spec, at, calls};

/// One attachment, as this account and the owner of the gateway see it.
#[derive(Debug)]
pub struct Seen {
    attachment: TransitGatewayAttachment,
    /// The subnets of an attached network; an error where they could not be read, `None` where they were not told.
    subnets: Option<Result<Vec<String>, String>>,
    /// Why the owner of the gateway was not asked for the table.
    untold: Option<String>,
}

fn is_network(attachment: &TransitGatewayAttachment) -> bool {
    attachment.resource_type() == Some(&Resource::Vpc)
}

/// The table that decides for the attachment, now or in a moment.
fn table(association: &Association) -> Option<String> {
    let holds = [State::Associated, State::Associating].iter().any(|state| association.state() == Some(state));
    association.transit_gateway_route_table_id().filter(|_| holds).map(str::to_owned)
}

async fn networks(place: &Place, only: Option<&str>) -> Answer<Vec<TransitGatewayVpcAttachment>> {
    let call = place.reader().ec2.describe_transit_gateway_vpc_attachments();
    let call = call.set_transit_gateway_attachment_ids(one(only)).set_max_results(page(only, 1000));
    let send = |token| call.clone().set_next_token(token).send();
    let open = |page: Page| (page.transit_gateway_vpc_attachments, page.next_token);
    place.pages(calls::SUBNETS, only.unwrap_or(place.kind().schema.kind), send, open).await
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Self::Item>> {
        let call = place.reader().ec2.describe_transit_gateway_attachments();
        let call = call.set_transit_gateway_attachment_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        let all = place.look(only, send, |page| (page.transit_gateway_attachments, page.next_token)).await?;
        if !all.iter().any(is_network) {
            return Ok(all.into_iter().map(|attachment| Seen { attachment, subnets: None, untold: None }).collect());
        }
        let asked = networks(place, only).await.map_err(|error| place.unread(&error));
        let told = asked.map(|all| {
            let subnets = |one: TransitGatewayVpcAttachment| Some((one.transit_gateway_attachment_id?, one.subnet_ids?));
            all.into_iter().filter_map(subnets).collect::<BTreeMap<_, _>>()
        });
        let with = |attachment: TransitGatewayAttachment| {
            let id = attachment.transit_gateway_attachment_id().unwrap_or_default();
            let subnets = told.as_ref().map(|told| told.get(id).cloned()).map_err(Clone::clone).transpose();
            let subnets = subnets.filter(|_| is_network(&attachment));
            Seen { attachment, subnets, untold: None }
        };
        Ok(all.into_iter().map(with).collect())
    }

    /// Nothing in another account is ours, whatever its tags say.
    async fn with_others(place: &Place, mut items: Vec<Seen>) -> Answer<Vec<Seen>> {
        for other in place.session().others() {
            let gateways = other.gateways(items.iter().map(|item| &item.attachment));
            if gateways.is_empty() {
                continue;
            }
            let told = match other.place(place, Self::KIND) {
                Ok(there) => others::attachments(&there, Some(&gateways)).await,
                Err(error) => Err(error),
            };
            match told {
                Ok(told) => {
                    for mut theirs in told {
                        let id = theirs.transit_gateway_attachment_id();
                        match items.iter_mut().find(|ours| ours.attachment.transit_gateway_attachment_id() == id) {
                            Some(ours) => ours.attachment.association = theirs.association,
                            None => {
                                theirs.tags = None;
                                items.push(Seen { attachment: theirs, subnets: None, untold: None });
                            }
                        }
                    }
                }
                Err(error) => {
                    let why = other.unread(place, &error);
                    for item in &mut items {
                        if item.attachment.transit_gateway_id().is_some_and(|gateway| gateways.contains(gateway)) {
                            item.untold = Some(why.clone());
                        }
                    }
                }
            }
        }
        Ok(items)
    }

    fn shown(Seen { attachment, subnets, untold }: &Seen) -> Live {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let network = is_network(attachment);
        let resource = || attachment.resource_id().map(|id| link(Some(id)));
        let mut readings = Readings::default();
        readings.told(at::gateway, owned(attachment.transit_gateway_id()));
        readings.put_or_absent(at::gateway_owner, owned(attachment.transit_gateway_owner_id()));
        readings.told(at::resource_type, attachment.resource_type().map(|word| word.as_str().to_owned()));
        if network {
            readings.told(at::vpc, resource());
        } else {
            readings.absent(at::vpc);
        }
        readings.put_or_absent(at::resource, owned(attachment.resource_id()));
        readings.put_or_absent(at::resource_owner, owned(attachment.resource_owner_id()));
        match subnets {
            Some(Ok(all)) => readings.put(at::subnets, sorted(all.iter().map(|id| link(Some(id))))),
            Some(Err(why)) => readings.failed(at::subnets, why.as_str()),
            None if network => readings.not_asked(at::subnets),
            None => readings.absent(at::subnets),
        }
        match untold {
            Some(why) => readings.failed(at::table, why.as_str()),
            None => readings.put_or_absent(at::table, attachment.association().and_then(table)),
        }
        readings.told(at::state, attachment.state().map(|state| state.as_str().to_owned()));
        let id = attachment.transit_gateway_attachment_id();
        Live { tags: tags::from_ec2(attachment.tags()), ..Self::live(id, None, readings) }
    }
}
