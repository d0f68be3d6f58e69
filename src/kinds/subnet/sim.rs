//! How EC2 behaves: a subnet must lie in its VPC and overlap no other.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal, SimObject};

pub struct Subnet;

impl Behaviour for Subnet {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.ec2("subnet");
        (id.clone(), [("id".to_owned(), id)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.set_default("public_addresses", Value::Bool(false));
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let (vpc, cidr) = (attributes.text("vpc").unwrap_or_default(), attributes.text("cidr").unwrap_or_default());
        let Some(parent) = neighbours.all().into_iter().find(|object| object.kind == "vpc" && object.physical == vpc) else {
            return Err(Refusal::invalid("InvalidVpcID.NotFound", format!("The vpc ID '{vpc}' does not exist")));
        };
        let inside = match (cidr.parse::<Ipv4Net>(), parent.attributes.text("cidr").unwrap_or_default().parse::<Ipv4Net>()) {
            (Ok(block), Ok(whole)) => whole.contains(&block),
            _ => false,
        };
        if !inside {
            return Err(Refusal::invalid("InvalidSubnet.Range", format!("The CIDR '{cidr}' is invalid.")));
        }
        Ok(())
    }

    fn conflicts(&self, attributes: &Attributes, other: &SimObject) -> bool {
        let block = |attributes: &Attributes| attributes.text("cidr").unwrap_or_default().parse::<Ipv4Net>();
        let overlap = match (block(attributes), block(&other.attributes)) {
            (Ok(a), Ok(b)) => a.contains(&b) || b.contains(&a),
            _ => false,
        };
        overlap && attributes.text("vpc") == other.attributes.text("vpc")
    }

    fn creating(&self) -> Option<(&'static str, u64)> {
        Some(("pending", 2))
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
