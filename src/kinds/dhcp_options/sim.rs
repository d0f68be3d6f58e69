//! How EC2 behaves: a set without values is refused, one in use cannot be deleted.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct DhcpOptions;

impl Behaviour for DhcpOptions {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.ec2("dopt");
        (id.clone(), [("id".to_owned(), id)].into())
    }

    fn add_defaults(&self, _: &mut Attributes) {}

    fn check(&self, attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
        let servers = attributes.get("ntp_servers").and_then(Value::as_list).map_or(0, <[_]>::len);
        if servers > 4 {
            return Err(Refusal::invalid("InvalidParameterValue", format!("{servers} ntp-servers; at most 4 are accepted")));
        }
        Ok(())
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
