//! How an attachment of a transit gateway is read. The subnets of networks are in a listing of their own, which is asked for when a
//! network is attached.

use std::collections::BTreeMap;

use aws_sdk_ec2::operation::describe_transit_gateway_vpc_attachments::DescribeTransitGatewayVpcAttachmentsOutput as Page;
use aws_sdk_ec2::types::{
    TransitGatewayAssociationState as State, TransitGatewayAttachment, TransitGatewayAttachmentAssociation as Association,
    TransitGatewayAttachmentResourceType as Resource, TransitGatewayVpcAttachment,
};

use crate::aws::prelude::*;
use crate::kinds::transit_gateway_attachment::{Spec, at, calls};

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
    /// With the subnets of an attached network; an error where they could not be read, `None` where they were not told.
    type Item = (TransitGatewayAttachment, Option<Result<Vec<String>, String>>);

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<Self::Item>> {
        let call = place.reader().ec2.describe_transit_gateway_attachments();
        let call = call.set_transit_gateway_attachment_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        let all = place.look(only, send, |page| (page.transit_gateway_attachments, page.next_token)).await?;
        if !all.iter().any(is_network) {
            return Ok(all.into_iter().map(|attachment| (attachment, None)).collect());
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
            (attachment, subnets)
        };
        Ok(all.into_iter().map(with).collect())
    }

    fn shown((attachment, subnets): &Self::Item) -> Live {
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
        readings.put_or_absent(at::table, attachment.association().and_then(table));
        readings.told(at::state, attachment.state().map(|state| state.as_str().to_owned()));
        let id = attachment.transit_gateway_attachment_id();
        Live { tags: tags::from_ec2(attachment.tags()), ..Self::live(id, None, readings) }
    }
}
