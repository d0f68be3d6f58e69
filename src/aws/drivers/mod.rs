//! How each kind is called: one file for each kind, and the table of them.

mod backup_plan;
mod backup_vault;
mod bucket;
mod data_store;
mod db_cluster;
mod db_instance;
mod db_parameter_group;
mod db_subnet_group;
mod dhcp_options;
mod endpoint_service;
mod iam_role;
mod kms_key;
mod nat_gateway;
mod network_acl;
mod network_interface;
mod prefix_list;
mod route_table;
mod security_group;
mod subnet;
mod transit_gateway_attachment;
mod transit_gateway_table;
mod vpc;
mod vpc_endpoint;
mod vpc_peering;
mod vpn_gateway;

use std::sync::Arc;

use super::Session;
use super::generic::{self, Calls};
use crate::kinds::{self, Kind};
use crate::model::Region;
use crate::world::Driver;

/// Makes a kind's driver in one region. Makes no call.
pub type Make = fn(&Arc<Session>, Region) -> Arc<dyn Driver>;

const fn row<C: Calls>() -> (&'static Kind, Make) {
    (C::KIND, generic::driver::<C>)
}

/// One line for each kind, in the order of `kinds::ALL`.
pub static TABLE: &[(&Kind, Make)] = &[
    row::<kinds::kms_key::Spec>(),
    row::<kinds::iam_role::Spec>(),
    row::<kinds::dhcp_options::Spec>(),
    row::<kinds::vpc::Spec>(),
    row::<kinds::subnet::Spec>(),
    row::<kinds::security_group::Spec>(),
    row::<kinds::db_subnet_group::Spec>(),
    row::<kinds::db_parameter_group::Spec>(),
    row::<kinds::db_instance::Spec>(),
    row::<kinds::backup_vault::Spec>(),
    row::<kinds::backup_plan::Spec>(),
    row::<kinds::bucket::Spec>(),
    row::<kinds::route_table::Spec>(),
    row::<kinds::network_acl::Spec>(),
    (&kinds::data_store::KIND, data_store::driver),
    row::<kinds::db_cluster::Spec>(),
    row::<kinds::network_interface::Spec>(),
    row::<kinds::vpc_peering::Spec>(),
    row::<kinds::vpn_gateway::Spec>(),
    row::<kinds::nat_gateway::Spec>(),
    row::<kinds::vpc_endpoint::Spec>(),
    row::<kinds::endpoint_service::Spec>(),
    row::<kinds::prefix_list::Spec>(),
    row::<kinds::transit_gateway_attachment::Spec>(),
    row::<kinds::transit_gateway_table::Spec>(),
];

/// The driver of a kind in a region; `None` for a name that no kind has, and for a region in which the kind is not listed.
#[must_use]
pub fn find(kind: &str, session: &Arc<Session>, region: Region) -> Option<Arc<dyn Driver>> {
    let (_, make) = TABLE.iter().find(|(known, _)| known.schema.kind == kind && known.regions.contains(&region))?;
    Some(make(session, region))
}
