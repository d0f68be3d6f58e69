//! How a security group is called. Its rules are its own: the allow-all egress that AWS adds is revoked at once, new
//! rules are authorised before old ones are revoked, and a rule is revoked by its id.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_ec2::types::{
    Filter, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroup, SecurityGroupRule, TagSpecification,
    UserIdGroupPair,
};
use ipnet::IpNet;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::kit::Spec as _;
use crate::kinds::security_group::{Direction, KIND, NAME, Rule, Spec, at, calls, readiness};
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Live, Name};
use crate::world::{ErrorClass, ProviderError};

pub struct Groups {
    at: Place,
}

/// One rule in the form of the spec: protocol by name, ports only where they mean something, CIDRs masked.
fn rule(direction: Direction, protocol: &str, from: Option<i32>, to: Option<i32>, peer: &str) -> Rule {
    let protocol = match protocol {
        "-1" | "all" => "all",
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => other,
    };
    let ports = matches!(protocol, "tcp" | "udp" | "icmp" | "icmpv6");
    let port = |number: Option<i32>| number.filter(|_| ports).map(i64::from);
    let peer = peer.parse::<IpNet>().map_or_else(|_| peer.to_owned(), |block| block.trunc().to_string());
    Rule { direction, protocol: protocol.to_owned(), from: port(from), to: port(to), peer: Link::Physical(peer) }
}

fn unpack(direction: Direction, permission: &IpPermission) -> impl Iterator<Item = Rule> + '_ {
    let v4 = permission.ip_ranges().iter().filter_map(IpRange::cidr_ip);
    let v6 = permission.ipv6_ranges().iter().filter_map(Ipv6Range::cidr_ipv6);
    let groups = permission.user_id_group_pairs().iter().filter_map(UserIdGroupPair::group_id);
    let lists = permission.prefix_list_ids().iter().filter_map(PrefixListId::prefix_list_id);
    v4.chain(v6).chain(groups).chain(lists).map(move |peer| {
        rule(direction, permission.ip_protocol().unwrap_or("-1"), permission.from_port(), permission.to_port(), peer)
    })
}

fn pack(rule: &Rule) -> Result<IpPermission, String> {
    let port = |number: Option<i64>| number.map(i32::try_from).transpose().map_err(|_| format!("{number:?} is not a port"));
    let protocol = if rule.protocol == "all" { "-1" } else { &rule.protocol };
    let permission = IpPermission::builder().ip_protocol(protocol).set_from_port(port(rule.from)?).set_to_port(port(rule.to)?);
    let peer = rule.peer.physical()?;
    let permission = if peer.starts_with("sg-") {
        permission.user_id_group_pairs(UserIdGroupPair::builder().group_id(peer).build())
    } else if peer.starts_with("pl-") {
        permission.prefix_list_ids(PrefixListId::builder().prefix_list_id(peer).build())
    } else if peer.contains(':') {
        permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).build())
    } else {
        permission.ip_ranges(IpRange::builder().cidr_ip(peer).build())
    };
    Ok(permission.build())
}

impl Groups {
    /// The rules as they are now, each with the id by which it is revoked.
    async fn rules(&self, id: &str) -> Result<Vec<(String, Rule)>, ProviderError> {
        let filter = Filter::builder().name("group-id").values(id).build();
        let pages = self
            .at
            .reader()
            .ec2
            .describe_security_group_rules()
            .filters(filter)
            .max_results(1000)
            .into_paginator()
            .items()
            .send();
        let rules = self.at.read(calls::RULES, id, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(rules.iter().filter(|rule| rule.group_id() == Some(id)).filter_map(identified).collect())
    }

    /// One call per direction; a rule that is already there is a success. AWS refuses a call as a whole when one of its
    /// rules exists, so the others are then sent one by one.
    async fn authorize(&self, id: &str, direction: Direction, rules: &[Rule]) -> Result<(), ProviderError> {
        let wanted: Vec<IpPermission> = rules
            .iter()
            .filter(|rule| rule.direction == direction)
            .map(pack)
            .collect::<Result<_, _>>()
            .map_err(|error| self.at.invalid(calls::ALLOW_INGRESS, id, error))?;
        let class = ErrorClass::AlreadyExists;
        match self.send_authorize(id, direction, wanted.clone()).await {
            Err(error) if error.class == class => {
                for rule in wanted {
                    already(self.send_authorize(id, direction, vec![rule]).await, class)?;
                }
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn send_authorize(&self, id: &str, direction: Direction, rules: Vec<IpPermission>) -> Result<(), ProviderError> {
        if rules.is_empty() {
            return Ok(());
        }
        let client = &self.at.writer().ec2;
        match direction {
            Direction::Ingress => {
                let call = client.authorize_security_group_ingress().group_id(id).set_ip_permissions(Some(rules));
                self.at.write_new(calls::ALLOW_INGRESS, id, || call.clone().send()).await.map(drop)
            }
            Direction::Egress => {
                let call = client.authorize_security_group_egress().group_id(id).set_ip_permissions(Some(rules));
                self.at.write_new(calls::ALLOW_EGRESS, id, || call.clone().send()).await.map(drop)
            }
        }
    }

    /// By id, so that nothing else is revoked. A rule that is already gone is a success, and does not keep the others.
    async fn revoke(&self, id: &str, direction: Direction, rules: Vec<String>) -> Result<(), ProviderError> {
        match self.send_revoke(id, direction, rules.clone()).await {
            Err(error) if error.class == ErrorClass::NotFound => {
                for rule in rules {
                    already(self.send_revoke(id, direction, vec![rule]).await, ErrorClass::NotFound)?;
                }
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn send_revoke(&self, id: &str, direction: Direction, rules: Vec<String>) -> Result<(), ProviderError> {
        if rules.is_empty() {
            return Ok(());
        }
        let client = &self.at.writer().ec2;
        match direction {
            Direction::Ingress => {
                let call = client.revoke_security_group_ingress().group_id(id).set_security_group_rule_ids(Some(rules));
                self.at.write(calls::REVOKE_INGRESS, id, || call.clone().send()).await.map(drop)
            }
            Direction::Egress => {
                let call = client.revoke_security_group_egress().group_id(id).set_security_group_rule_ids(Some(rules));
                self.at.write(calls::REVOKE_EGRESS, id, || call.clone().send()).await.map(drop)
            }
        }
    }

    /// From what the executor read to its target. A rule that somebody added since is in neither, and stays.
    async fn replace(&self, change: &Change<'_>, unwanted: &[&Rule], missing: &[Rule]) -> Result<(), ProviderError> {
        let id = change.id();
        let identified = if unwanted.is_empty() { Vec::new() } else { self.rules(id).await? };
        for direction in [Direction::Ingress, Direction::Egress] {
            change.step(self.authorize(id, direction, missing).await)?;
        }
        for direction in [Direction::Ingress, Direction::Egress] {
            let surplus = identified.iter().filter(|(_, rule)| rule.direction == direction && unwanted.contains(&rule));
            change.step(self.revoke(id, direction, surplus.map(|(rule, _)| rule.clone()).collect()).await)?;
        }
        Ok(())
    }

    /// A new group: without what AWS put into it, then with what was asked for.
    async fn fill(&self, change: &Change<'_>, unwanted: &[&Rule], missing: &[Rule]) -> Result<(), ProviderError> {
        let id = change.id();
        let given: Vec<IpPermission> = unwanted
            .iter()
            .filter(|rule| rule.direction == Direction::Egress)
            .map(|rule| pack(rule))
            .collect::<Result<_, _>>()
            .map_err(|error| self.at.invalid(calls::REVOKE_EGRESS, id, error))?;
        if !given.is_empty() {
            let call = self.at.writer().ec2.revoke_security_group_egress().group_id(id).set_ip_permissions(Some(given));
            let outcome = self.at.write(calls::REVOKE_EGRESS, id, || call.clone().send()).await.map(drop);
            change.step(already(outcome, ErrorClass::NotFound))?;
        }
        for direction in [Direction::Ingress, Direction::Egress] {
            change.step(self.authorize(id, direction, missing).await)?;
        }
        Ok(())
    }
}

fn identified(found: &SecurityGroupRule) -> Option<(String, Rule)> {
    let direction = if found.is_egress() == Some(true) { Direction::Egress } else { Direction::Ingress };
    let group = found.referenced_group_info().and_then(|group| group.group_id());
    let peer = found.cidr_ipv4().or_else(|| found.cidr_ipv6()).or(group).or_else(|| found.prefix_list_id())?;
    let rule = rule(direction, found.ip_protocol().unwrap_or("-1"), found.from_port(), found.to_port(), peer);
    Some((found.security_group_rule_id()?.to_owned(), rule))
}

/// The world is already as the call would have made it.
fn already(outcome: Result<(), ProviderError>, class: ErrorClass) -> Result<(), ProviderError> {
    match outcome {
        Err(error) if error.class == class => Ok(()),
        other => other,
    }
}

#[async_trait]
impl Calls for Groups {
    type Spec = Spec;
    type Item = SecurityGroup;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::ALLOW_INGRESS;
    const LATER: &'static [Name] = &[at::rules.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<SecurityGroup>, ProviderError> {
        let pages = self.at.reader().ec2.describe_security_groups().max_results(1000).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    fn sight(&self, group: &SecurityGroup) -> Sight {
        if group.group_name() == Some("default") { Sight::MadeByAws } else { Sight::Shown(self.shown(group)) }
    }

    async fn look(&self, id: &str) -> Result<Option<SecurityGroup>, ProviderError> {
        let call = self.at.reader().ec2.describe_security_groups().group_ids(id).send();
        let answer = self.at.find(calls::DESCRIBE, id, call).await?;
        Ok(answer.and_then(|answer| answer.security_groups.unwrap_or_default().into_iter().next()))
    }

    fn shown(&self, group: &SecurityGroup) -> Live {
        let id = group.group_id().unwrap_or_default().to_owned();
        let ingress = group.ip_permissions().iter().flat_map(|permission| unpack(Direction::Ingress, permission));
        let egress = group.ip_permissions_egress().iter().flat_map(|permission| unpack(Direction::Egress, permission));
        let rules: BTreeSet<Rule> = ingress.chain(egress).collect();
        let spec = Spec {
            name: group.group_name().unwrap_or_default().to_owned(),
            description: group.description().unwrap_or_default().to_owned(),
            vpc: Link::Physical(group.vpc_id().unwrap_or_default().to_owned()),
            rules: rules.into_iter().collect(),
        };
        Live {
            outputs: [("id".to_owned(), id.clone())].into(),
            physical: id,
            attributes: spec.lower().into(),
            tags: tags::from_ec2(group.tags()),
            status: readiness(""),
            pending: Vec::new(),
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let vpc = spec.vpc.physical().map_err(|error| self.at.invalid(calls::CREATE, &spec.name, error))?;
        let labels = TagSpecification::builder().resource_type(ResourceType::SecurityGroup).set_tags(Some(tags::to_ec2(tags)));
        let call = self
            .at
            .writer()
            .ec2
            .create_security_group()
            .group_name(&spec.name)
            .description(&spec.description)
            .vpc_id(vpc)
            .tag_specifications(labels.build());
        let answer = self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        answer.group_id().map(str::to_owned).ok_or_else(|| self.at.nameless(calls::CREATE, &spec.name))
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let Some(target) = change.to(at::rules)? else { return Ok(()) };
        let read = change.before(at::rules)?;
        let missing: Vec<Rule> = target.iter().filter(|rule| !read.contains(rule)).cloned().collect();
        let unwanted: Vec<&Rule> = read.iter().filter(|rule| !target.contains(rule)).collect();
        if change.is_new() {
            self.fill(change, &unwanted, &missing).await
        } else {
            self.replace(change, &unwanted, &missing).await
        }
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::ec2(&self.at, &live.physical, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_security_group().group_id(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
