//! How each kind is called: one file per kind, and the table that names them.

mod backup_plan;
mod backup_vault;
mod bucket;
mod db_instance;
mod db_parameter_group;
mod db_subnet_group;
mod dhcp_options;
mod iam_role;
mod kms_key;
mod security_group;
mod subnet;
mod vpc;

use std::sync::Arc;

use super::{Session, generic};
use crate::kinds::{self, Kind};
use crate::model::Region;
use crate::world::Driver;

/// Makes a kind's driver in one region. Calls nothing.
pub type Make = fn(&Arc<Session>, Region) -> Arc<dyn Driver>;

/// One line per kind, in the order of `kinds::ALL`.
pub static TABLE: [(&Kind, Make); 12] = [
    (&kinds::kms_key::KIND, kms_key::driver),
    (&kinds::iam_role::KIND, iam_role::driver),
    (&kinds::dhcp_options::KIND, generic::driver::<dhcp_options::OptionSets>),
    (&kinds::vpc::KIND, generic::driver::<vpc::Vpcs>),
    (&kinds::subnet::KIND, generic::driver::<subnet::Subnets>),
    (&kinds::security_group::KIND, security_group::driver),
    (&kinds::db_subnet_group::KIND, db_subnet_group::driver),
    (&kinds::db_parameter_group::KIND, db_parameter_group::driver),
    (&kinds::db_instance::KIND, db_instance::driver),
    (&kinds::backup_vault::KIND, backup_vault::driver),
    (&kinds::backup_plan::KIND, backup_plan::driver),
    (&kinds::bucket::KIND, bucket::driver),
];

/// `None` for a name that no kind has, and for a region in which the kind does not live.
#[must_use]
pub fn find(kind: &str, session: &Arc<Session>, region: Region) -> Option<Arc<dyn Driver>> {
    let (_, make) = TABLE.iter().find(|(known, _)| known.schema.kind == kind && known.regions.contains(&region))?;
    Some(make(session, region))
}
