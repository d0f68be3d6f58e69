//! How EC2 behaves: a new group allows all egress unless it is told otherwise.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct SecurityGroup;

/// Without a peering, which nobody here makes, EC2 knows no group of another VPC.
fn in_vpc(group: &str, vpc: &str, neighbours: &dyn Neighbours) -> bool {
    let all = neighbours.all();
    all.iter()
        .any(|object| object.kind == "security-group" && object.physical == group && object.attributes.text("vpc") == Some(vpc))
}

impl Behaviour for SecurityGroup {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.ec2("sg");
        (id.clone(), [("id".to_owned(), id)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        let open = Value::map([("direction", "egress"), ("protocol", "all"), ("peer", "0.0.0.0/0")]);
        attributes.set_default("rules", vec![open]);
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let vpc = attributes.text("vpc").unwrap_or_default();
        if !neighbours.exists("vpc", "id", vpc) {
            return Err(Refusal::invalid("InvalidVpcID.NotFound", format!("The vpc ID '{vpc}' does not exist")));
        }
        let rules = attributes.get("rules").and_then(Value::as_list).unwrap_or_default();
        for direction in ["ingress", "egress"] {
            let count = rules
                .iter()
                .filter(|rule| rule.as_map().and_then(|map| map.get("direction")).and_then(Value::as_text) == Some(direction))
                .count();
            if count > 60 {
                return Err(Refusal {
                    class: crate::world::ErrorClass::Quota,
                    code: "RulesPerSecurityGroupLimitExceeded",
                    message: format!("{count} {direction} rules; the default quota is 60"),
                });
            }
        }
        for rule in rules {
            let peer = rule.as_map().and_then(|map| map.get("peer")).and_then(Value::as_text).unwrap_or_default();
            if peer.starts_with("sg-") && !in_vpc(peer, vpc, neighbours) {
                return Err(Refusal::invalid("InvalidGroup.NotFound", format!("The security group '{peer}' does not exist")));
            }
        }
        Ok(())
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
