//! How a network interface is read. Everything is in the listing. An account can hide what services of AWS manage; the listing
//! asks for these as well, so that what an account shows by default decides nothing.

use aws_sdk_ec2::types::NetworkInterface;

use crate::aws::prelude::*;
use crate::kinds::network_interface::{Spec, at};

fn addresses(interface: &NetworkInterface) -> Vec<String> {
    let four = interface.private_ip_addresses().iter().filter_map(|one| one.private_ip_address());
    let six = interface.ipv6_addresses().iter().filter_map(|one| one.ipv6_address());
    sorted(four.chain(six).map(str::to_owned))
}

fn prefixes(interface: &NetworkInterface) -> Vec<String> {
    let four = interface.ipv4_prefixes().iter().filter_map(|one| one.ipv4_prefix());
    let six = interface.ipv6_prefixes().iter().filter_map(|one| one.ipv6_prefix());
    sorted(four.chain(six).map(read::block))
}

fn public(interface: &NetworkInterface) -> Vec<String> {
    let of_addresses = interface.private_ip_addresses().iter().filter_map(|one| one.association());
    let all = interface.association().into_iter().chain(of_addresses);
    let mut found: Vec<String> = sorted(all.filter_map(|one| one.public_ip()).map(str::to_owned));
    found.dedup();
    found
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = NetworkInterface;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<NetworkInterface>> {
        let call = place.reader().ec2.describe_network_interfaces().include_managed_resources(true);
        let call = call.set_network_interface_ids(one(only)).set_max_results(page(only, 1000));
        let send = |token| call.clone().set_next_token(token).send();
        place.look(only, send, |page| (page.network_interfaces, page.next_token)).await
    }

    fn shown(interface: &NetworkInterface) -> Live {
        let attachment = interface.attachment();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let groups = |all: &Vec<_>| sorted(all.iter().map(|one: &aws_sdk_ec2::types::GroupIdentifier| link(one.group_id())));
        let mut readings = Readings::default();
        readings.told(at::vpc, interface.vpc_id().map(|id| link(Some(id))));
        readings.told(at::subnet, interface.subnet_id().map(|id| link(Some(id))));
        readings.told(at::groups, interface.groups.as_ref().map(groups));
        readings.told(at::owner, owned(interface.owner_id()));
        readings.put_or_absent(at::description, owned(interface.description().filter(|text| !text.is_empty())));
        readings.put(at::addresses, addresses(interface));
        readings.put(at::prefixes, prefixes(interface));
        readings.put(at::public_addresses, public(interface));
        readings.told(at::source_dest_check, interface.source_dest_check());
        readings.told(at::interface_type, interface.interface_type().map(|word| word.as_str().to_owned()));
        readings.put_or_absent(at::managed, interface.requester_managed());
        readings.put_or_absent(at::requester, owned(interface.requester_id()));
        readings.put_or_absent(at::operator, owned(interface.operator().and_then(|operator| operator.principal())));
        readings.put_or_absent(at::instance, owned(attachment.and_then(|attachment| attachment.instance_id())));
        readings.put_or_absent(at::instance_owner, owned(attachment.and_then(|attachment| attachment.instance_owner_id())));
        Live { tags: tags::from_ec2(interface.tag_set()), ..Self::live(interface.network_interface_id(), None, readings) }
    }
}
