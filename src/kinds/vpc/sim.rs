//! How EC2 behaves: DNS hostnames off and no option set unless asked for.

use ipnet::Ipv4Net;

use super::{NO_OPTIONS, at, readiness};
use crate::model::Attributes;
use crate::world::behaviour::{Behaviour, Given, Identity, LinkCheck, Neighbours, Refusal};

pub static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::dns_support.name(), Given::Bool(true)),
        (at::dns_hostnames.name(), Given::Bool(false)),
        (at::dhcp_options.name(), Given::Text(NO_OPTIONS)),
    ],
    links: &[LinkCheck {
        except: Some(NO_OPTIONS),
        ..LinkCheck::new(at::dhcp_options.name(), "InvalidDhcpOptionsID.NotFound", "The dhcpOptions ID '{}' does not exist")
    }],
    creating: Some(("pending", 2)),
    check,
    ..Behaviour::of(Identity::Ec2("vpc"), readiness)
};

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
    let cidr = attributes.typed(at::cidr).unwrap_or_default();
    match cidr.parse::<Ipv4Net>() {
        Ok(block) if (16..=28).contains(&block.prefix_len()) => Ok(()),
        _ => Err(Refusal::invalid("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid."))),
    }
}
