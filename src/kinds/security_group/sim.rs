//! How EC2 behaves: a new group allows all egress unless it is told otherwise.

use super::{Direction, Rule, at};
use crate::kinds::prelude::*;

/// EC2's default quota of rules in each direction.
const MOST: usize = 60;

pub static SIM: Behaviour = Behaviour {
    defaults: &[(at::rules.name(), Given::Made(|| vec![everything_out()].into_value()))],
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    linked: check,
    ..Behaviour::of(Identity::Ec2("sg"))
};

fn everything_out() -> Rule {
    let peer = Link::Physical("0.0.0.0/0".to_owned());
    Rule { direction: Direction::Egress, protocol: "all".to_owned(), from: None, to: None, peer }
}

/// Without a peering, which nobody here makes, EC2 knows no group of another VPC.
fn in_vpc(group: &str, vpc: &Link, neighbours: &dyn Neighbours) -> bool {
    let groups = neighbours.called(super::NAME, group);
    groups.into_iter().any(|group| group.attributes.typed(at::vpc).as_ref() == Some(vpc))
}

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
    let (Some(vpc), Some(rules)) = (attributes.typed(at::vpc), attributes.typed(at::rules)) else {
        return Err(Refusal::invalid("InvalidParameterValue", "a rule of the group cannot be read"));
    };
    for (direction, word) in [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")] {
        let count = rules.iter().filter(|rule| rule.direction == direction).count();
        if count > MOST {
            return Err(Refusal {
                class: ErrorClass::Quota,
                code: "RulesPerSecurityGroupLimitExceeded",
                message: format!("{count} {word} rules; the default quota is {MOST}"),
            });
        }
    }
    for peer in rules.iter().filter_map(|rule| rule.peer.physical().ok()) {
        if peer.starts_with("sg-") && !in_vpc(peer, &vpc, neighbours) {
            return Err(Refusal::invalid("InvalidGroup.NotFound", format!("The security group '{peer}' does not exist")));
        }
    }
    Ok(())
}
