//! How EC2 behaves: a set with too many clocks is refused, one in use cannot be deleted.

use super::{at, readiness};
use crate::model::Attributes;
use crate::world::behaviour::{Behaviour, Identity, Neighbours, Refusal};

pub static SIM: Behaviour = Behaviour { check, ..Behaviour::of(Identity::Ec2("dopt"), readiness) };

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
    let servers = attributes.typed(at::ntp_servers).map_or(0, |servers| servers.len());
    if servers > 4 {
        return Err(Refusal::invalid("InvalidParameterValue", format!("{servers} ntp-servers; at most 4 are accepted")));
    }
    Ok(())
}
