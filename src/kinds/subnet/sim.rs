//! How EC2 behaves: a subnet must lie in its VPC and overlap no other.

use super::{at, readiness};
use crate::world::behaviour::{Behaviour, BlockCodes, Given, Identity, LinkCheck};

pub static SIM: Behaviour = Behaviour {
    defaults: &[(at::public_addresses.name(), Given::Bool(false))],
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    blocks: Some(BlockCodes { outside: "InvalidSubnet.Range" }),
    creating: Some(("pending", 2)),
    ..Behaviour::of(Identity::Ec2("subnet"), readiness)
};
