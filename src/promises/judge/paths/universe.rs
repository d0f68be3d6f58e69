//! What a proof of isolation reads.

use super::super::universe::{BOTH, Looked, about, beside, read};
use crate::kinds::{
    db_instance, db_subnet_group, endpoint_service, kms_key, nat_gateway, network_acl, network_interface, prefix_list,
    route_table, security_group, subnet, transit_gateway_attachment, transit_gateway_table, vpc, vpc_endpoint, vpc_peering,
    vpn_gateway,
};
use crate::model::Name;
use crate::model::verdict::Whose::{self, Ours};

/// Hosts and services, walls, and ways. Groups, subnets and databases are what each check is about, and stand in its own universe.
const PATHS: &[Looked] = &[
    beside(network_interface::NAME, BOTH, Whose::InOurNetworks, INTERFACE),
    read(vpc::NAME, BOTH, &[vpc::at::blocks.name()]),
    read(network_acl::NAME, BOTH, ACL),
    read(route_table::NAME, BOTH, TABLE),
    read(db_subnet_group::NAME, BOTH, &[db_subnet_group::at::subnets.name()]),
    read(prefix_list::NAME, BOTH, &[prefix_list::at::owner.name(), prefix_list::at::entries.name()]),
    read(vpc_peering::NAME, BOTH, PEERING),
    read(
        nat_gateway::NAME,
        BOTH,
        &[nat_gateway::at::subnet.name(), nat_gateway::at::addresses.name(), nat_gateway::at::state.name()],
    ),
    read(vpn_gateway::NAME, BOTH, &[vpn_gateway::at::networks.name()]),
    read(
        vpc_endpoint::NAME,
        BOTH,
        &[vpc_endpoint::at::endpoint_type.name(), vpc_endpoint::at::service.name(), vpc_endpoint::at::interfaces.name()],
    ),
    read(endpoint_service::NAME, BOTH, &[endpoint_service::at::load_balancers.name()]),
    read(transit_gateway_attachment::NAME, BOTH, ATTACHMENT),
    read(transit_gateway_table::NAME, BOTH, &[transit_gateway_table::at::routes.name()]),
];

const INTERFACE: &[Name] = &[
    network_interface::at::vpc.name(),
    network_interface::at::subnet.name(),
    network_interface::at::groups.name(),
    network_interface::at::addresses.name(),
    network_interface::at::prefixes.name(),
    network_interface::at::public_addresses.name(),
    network_interface::at::source_dest_check.name(),
    network_interface::at::interface_type.name(),
    network_interface::at::requester.name(),
    network_interface::at::managed.name(),
    network_interface::at::operator.name(),
    network_interface::at::description.name(),
    network_interface::at::instance.name(),
];

const ACL: &[Name] = &[
    network_acl::at::vpc.name(),
    network_acl::at::default.name(),
    network_acl::at::subnets.name(),
    network_acl::at::entries.name(),
];

const TABLE: &[Name] =
    &[route_table::at::vpc.name(), route_table::at::main.name(), route_table::at::subnets.name(), route_table::at::routes.name()];

const PEERING: &[Name] = &[
    vpc_peering::at::requester.name(),
    vpc_peering::at::requester_account.name(),
    vpc_peering::at::requester_region.name(),
    vpc_peering::at::accepter.name(),
    vpc_peering::at::accepter_account.name(),
    vpc_peering::at::accepter_region.name(),
    vpc_peering::at::state.name(),
];

const ATTACHMENT: &[Name] = &[
    transit_gateway_attachment::at::gateway.name(),
    transit_gateway_attachment::at::gateway_owner.name(),
    transit_gateway_attachment::at::resource_type.name(),
    transit_gateway_attachment::at::vpc.name(),
    transit_gateway_attachment::at::resource_owner.name(),
    transit_gateway_attachment::at::subnets.name(),
    transit_gateway_attachment::at::table.name(),
    transit_gateway_attachment::at::state.name(),
];

/// What a proof of isolation is about: subnets are judged by themselves as well, and hosts of the tenants that the subnets, groups
/// and databases name.
pub const ISOLATION: [Looked; 3 + PATHS.len()] = with_paths([
    about(
        subnet::NAME,
        BOTH,
        Ours,
        &[
            subnet::at::public_addresses.name(),
            subnet::at::cidr.name(),
            subnet::at::ipv6_blocks.name(),
            subnet::at::vpc.name(),
            subnet::at::zone.name(),
        ],
    ),
    read(
        security_group::NAME,
        BOTH,
        &[security_group::at::name.name(), security_group::at::rules.name(), security_group::at::vpc.name()],
    ),
    read(
        db_instance::NAME,
        BOTH,
        &[db_instance::at::security_groups.name(), db_instance::at::subnet_group.name(), db_instance::at::replica_of.name()],
    ),
]);

pub const SEPARATION: [Looked; 4 + PATHS.len()] = with_paths([
    about(
        db_instance::NAME,
        BOTH,
        Ours,
        &[db_instance::at::kms_key.name(), db_instance::at::security_groups.name(), db_instance::at::subnet_group.name()],
    ),
    read(kms_key::NAME, BOTH, &[]),
    ISOLATION[0].read_only(),
    ISOLATION[1],
]);

/// These parts and those of every proof.
const fn with_paths<const N: usize, const ALL: usize>(own: [Looked; N]) -> [Looked; ALL] {
    let mut all = [own[0]; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < N { own[at] } else { PATHS[at - N] };
        at += 1;
    }
    all
}
