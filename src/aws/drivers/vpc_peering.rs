//! How a peering connection is read. Everything is in the listing.

use aws_sdk_ec2::types::{VpcPeeringConnection, VpcPeeringConnectionVpcInfo as Side};

use crate::aws::prelude::*;
use crate::kinds::vpc_peering::{Spec, at};

/// The blocks of one side; `None` where AWS tells none, as of a connection that is not active.
fn blocks(side: &Side) -> Option<Vec<String>> {
    let four = side.cidr_block_set().iter().filter_map(|one| one.cidr_block());
    let six = side.ipv6_cidr_block_set().iter().filter_map(|one| one.ipv6_cidr_block());
    let all = sorted(side.cidr_block().into_iter().chain(four).chain(six).map(read::block));
    Some(all).filter(|all| !all.is_empty())
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = VpcPeeringConnection;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<VpcPeeringConnection>> {
        let call = place.reader().ec2.describe_vpc_peering_connections();
        let call = call.set_vpc_peering_connection_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        place.look(only, send, |page| (page.vpc_peering_connections, page.next_token)).await
    }

    fn shown(peering: &VpcPeeringConnection) -> Live {
        let (requester, accepter) = (peering.requester_vpc_info(), peering.accepter_vpc_info());
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut readings = Readings::default();
        readings.told(at::requester, requester.and_then(Side::vpc_id).map(|id| link(Some(id))));
        readings.told(at::requester_account, owned(requester.and_then(Side::owner_id)));
        readings.told(at::requester_region, owned(requester.and_then(Side::region)));
        readings.put_or_absent(at::requester_blocks, requester.and_then(blocks));
        readings.told(at::accepter, accepter.and_then(Side::vpc_id).map(|id| link(Some(id))));
        readings.told(at::accepter_account, owned(accepter.and_then(Side::owner_id)));
        readings.told(at::accepter_region, owned(accepter.and_then(Side::region)));
        readings.put_or_absent(at::accepter_blocks, accepter.and_then(blocks));
        let state = peering.status().and_then(|status| status.code());
        readings.told(at::state, state.map(|code| code.as_str().to_owned()));
        Live { tags: tags::from_ec2(peering.tags()), ..Self::live(peering.vpc_peering_connection_id(), None, readings) }
    }
}
