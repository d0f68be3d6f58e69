//! How EC2 behaves: DNS hostnames off and no option set unless asked for.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct Vpc;

impl Behaviour for Vpc {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.ec2("vpc");
        (id.clone(), [("id".to_owned(), id)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.set_default("dns_support", Value::Bool(true));
        attributes.set_default("dns_hostnames", Value::Bool(false));
        attributes.set_default("dhcp_options", Value::from("default"));
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let cidr = attributes.text("cidr").unwrap_or_default();
        match cidr.parse::<Ipv4Net>() {
            Ok(block) if (16..=28).contains(&block.prefix_len()) => {}
            _ => return Err(Refusal::invalid("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid."))),
        }
        let options = attributes.text("dhcp_options").unwrap_or_default();
        if options != "default" && !neighbours.exists("dhcp-options", "id", options) {
            return Err(Refusal::invalid(
                "InvalidDhcpOptionsID.NotFound",
                format!("The dhcpOptions ID '{options}' does not exist"),
            ));
        }
        Ok(())
    }

    fn creating(&self) -> Option<(&'static str, u64)> {
        Some(("pending", 2))
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
