//! How RDS behaves: lower-case names, subnets in at least two zones.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct DbSubnetGroup;

impl Behaviour for DbSubnetGroup {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_ascii_lowercase();
        let arn = mint.arn("rds", &format!("subgrp:{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, _: &mut Attributes) {}

    fn normalise(&self, attributes: &mut Attributes) {
        if let Some(name) = attributes.text("name").map(str::to_ascii_lowercase) {
            attributes.set("name", name);
        }
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let wanted: BTreeSet<&str> =
            attributes.get("subnets").and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text).collect();
        let all = neighbours.all();
        let found: Vec<_> =
            all.iter().filter(|object| object.kind == "subnet" && wanted.contains(object.physical.as_str())).collect();
        if found.len() < wanted.len() {
            return Err(Refusal::invalid("InvalidSubnet", "Some input subnets are invalid."));
        }
        let networks: BTreeSet<_> = found.iter().filter_map(|object| object.attributes.text("vpc")).collect();
        if networks.len() > 1 {
            return Err(Refusal::invalid("InvalidVPCNetworkStateFault", "Subnets of a DB subnet group must be in one VPC."));
        }
        let zones: BTreeSet<_> = found.iter().filter_map(|object| object.attributes.text("zone")).collect();
        if zones.len() < 2 {
            return Err(Refusal::invalid(
                "DBSubnetGroupDoesNotCoverEnoughAZs",
                "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
            ));
        }
        Ok(())
    }

    fn settled(&self) -> &'static str {
        "Complete"
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
