//! Other accounts that the environment file lets read (`readers:`), and what of transit gateways is asked there.
//!
//! A network account may own the transit gateway to which our networks are attached. AWS shows the gateway's route tables, and which
//! of them decides for an attachment, only to that account. A session there sends no call that changes something.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, TransitGatewayAttachment};

use super::call::{Answer, Place};
use super::session::OtherAccount;
use crate::kinds::{Kind, transit_gateway_attachment};
use crate::model::Said;
use crate::world::{ProviderError, WriteFence};

/// The write fence of a session in this account.
#[must_use]
pub fn only_read(account: &str) -> WriteFence {
    WriteFence::never(Said::new(
        format!("account {account} is under `readers:`: tokaido reads there and changes nothing"),
        format!("アカウント {account} は `readers:` で指定されています。読み取りのみ行い、何も変更しません"),
    ))
}

impl OtherAccount {
    /// The same region in this account.
    ///
    /// # Errors
    /// Why there is no session.
    pub fn place(&self, place: &Place, kind: &'static Kind) -> Answer<Place> {
        let session = self.session.as_ref().map_err(Clone::clone)?;
        Ok(Place::new(session, place.region(), kind))
    }

    /// Why something of this account was not read: the call, its error and the role. An id of a request, which is another one at every
    /// read, is in the log.
    #[must_use]
    pub fn unread(&self, place: &Place, error: &ProviderError) -> String {
        format!("{} ({})", place.unread(error), self.role)
    }

    /// The gateways that these attachments name and this account owns, or may own where AWS does not say whose they are.
    #[must_use]
    pub fn gateways<'a>(&self, attachments: impl IntoIterator<Item = &'a TransitGatewayAttachment>) -> BTreeSet<String> {
        let own = |one: &&TransitGatewayAttachment| one.transit_gateway_owner_id().is_none_or(|owner| owner == self.account);
        let named = attachments.into_iter().filter(own).filter_map(TransitGatewayAttachment::transit_gateway_id);
        named.map(str::to_owned).collect()
    }
}

/// The filter for what belongs to these gateways.
#[must_use]
pub fn of_gateways(gateways: &BTreeSet<String>) -> Filter {
    Filter::builder().name("transit-gateway-id").set_values(Some(gateways.iter().cloned().collect())).build()
}

/// The attachments that the account of this place sees: all of them, or those of some gateways.
///
/// # Errors
/// The error of the call.
pub async fn attachments(place: &Place, of: Option<&BTreeSet<String>>) -> Answer<Vec<TransitGatewayAttachment>> {
    let kind = &transit_gateway_attachment::KIND;
    let call = place.reader().ec2.describe_transit_gateway_attachments().max_results(1000);
    let call = call.set_filters(of.map(|gateways| vec![of_gateways(gateways)]));
    let send = |token| call.clone().set_next_token(token).send();
    place.pages(kind.calls.look, kind.schema.kind, send, |page| (page.transit_gateway_attachments, page.next_token)).await
}
