//! How RDS behaves: lower-case names, subnets in at least two zones of one network.

use std::collections::BTreeSet;

use super::at;
use crate::kinds::prelude::*;
use crate::kinds::subnet;

pub static SIM: Behaviour = Behaviour {
    normalise: |attributes| fold(attributes, &[at::name.name()]),
    check,
    settled: "Complete",
    readiness: |state| match state {
        "Complete" | "complete" | "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    },
    ..Behaviour::of(Identity::Named("rds", "subgrp:"))
};

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
    let wanted = attributes.typed(at::subnets).unwrap_or_default();
    let wanted: BTreeSet<&str> = wanted.iter().filter_map(|link| link.physical().ok()).collect();
    let found: Vec<_> = wanted.iter().flat_map(|subnet| neighbours.called(subnet::NAME, subnet)).collect();
    if found.len() < wanted.len() {
        return Err(Refusal::invalid("InvalidSubnet", "Some input subnets are invalid."));
    }
    let networks: BTreeSet<Link> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::vpc)).collect();
    if networks.len() > 1 {
        return Err(Refusal::invalid("InvalidVPCNetworkStateFault", "Subnets of a DB subnet group must be in one VPC."));
    }
    let zones: BTreeSet<String> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::zone)).collect();
    if zones.len() < 2 {
        return Err(Refusal::invalid(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
        ));
    }
    Ok(())
}
