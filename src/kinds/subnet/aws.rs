//! How a subnet is called. Everything is in the listing.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, Subnet, TagSpecification};

use super::{NAME, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, label};
use crate::model::value::Link;
use crate::model::{Attributes, Listing, Live, Region};
use crate::world::{CreateRequest, Driver, ProviderError, UpdateRequest};

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn live(subnet: &Subnet) -> Live {
    let id = subnet.subnet_id().unwrap_or_default().to_owned();
    let spec = Spec {
        vpc: Link::Physical(subnet.vpc_id().unwrap_or_default().to_owned()),
        cidr: subnet.cidr_block().unwrap_or_default().to_owned(),
        zone: subnet.availability_zone_id().unwrap_or_default().to_owned(),
        public_addresses: subnet.map_public_ip_on_launch().unwrap_or_default(),
    };
    Live {
        outputs: [("id".to_owned(), id.clone())].into(),
        physical: id,
        attributes: Attributes::lower(&spec).into(),
        tags: tags::from_ec2(subnet.tags()),
        status: readiness(subnet.state().map_or("pending", |state| state.as_str())),
        pending: Vec::new(),
    }
}

impl Aws {
    async fn describe(&self, id: &str) -> Result<Option<Subnet>, ProviderError> {
        let call = self.at.reader().ec2.describe_subnets().subnet_ids(id).send();
        let answer = self.at.find("ec2:DescribeSubnets", id, call).await?;
        Ok(answer.and_then(|answer| answer.subnets.unwrap_or_default().into_iter().next()))
    }

    async fn set_public_addresses(&self, id: &str, on: bool) -> Result<(), ProviderError> {
        let flag = AttributeBooleanValue::builder().value(on).build();
        let call = self.at.writer().ec2.modify_subnet_attribute().subnet_id(id).map_public_ip_on_launch(flag);
        self.at.write_new("ec2:ModifySubnetAttribute", id, || call.clone().send()).await?;
        Ok(())
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().ec2.describe_subnets().max_results(1000).into_paginator().items().send();
        let subnets = self.at.read("ec2:DescribeSubnets", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        // AWS puts a default subnet into each zone of a default VPC. What carries our tag is never left out.
        let made_by_aws =
            |subnet: &Subnet| subnet.default_for_az() == Some(true) && !self.at.ours(&tags::from_ec2(subnet.tags()));
        Ok(Listing { live: subnets.iter().filter(|subnet| !made_by_aws(subnet)).map(live).collect(), unreadable: Vec::new() })
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        Ok(self.describe(physical).await?.as_ref().map(live))
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "ec2:CreateSubnet";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let vpc = spec.vpc.physical().map_err(|error| self.at.invalid(operation, &spec.cidr, error))?;
        let labels = TagSpecification::builder().resource_type(ResourceType::Subnet).set_tags(Some(tags::to_ec2(&request.tags)));
        let call = self
            .at
            .writer()
            .ec2
            .create_subnet()
            .vpc_id(vpc)
            .cidr_block(&spec.cidr)
            .availability_zone_id(&spec.zone)
            .tag_specifications(labels.build());
        let answer = self.at.write(operation, &spec.cidr, || call.clone().send()).await?;
        let id = answer.subnet().and_then(Subnet::subnet_id).ok_or_else(|| self.at.nameless(operation, &spec.cidr))?.to_owned();
        let finish = async {
            let seen = self.at.until_visible("ec2:DescribeSubnets", &id, || self.describe(&id)).await?;
            label::ec2(&self.at, &id, &Delta::missing(&tags::from_ec2(seen.tags()), &request.tags)).await?;
            // Off is AWS's default for a subnet that AWS did not make itself.
            if seen.map_public_ip_on_launch().unwrap_or_default() == spec.public_addresses {
                return Ok(());
            }
            self.set_public_addresses(&id, spec.public_addresses).await
        };
        finish.await.map_err(|error| partly(&id, error))?;
        Ok(id)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, id) = ("ec2:ModifySubnetAttribute", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, id, error))?;
        if let Some(fixed) = request.changed.iter().find(|name| matches!(name.as_str(), "vpc" | "cidr" | "zone")) {
            return Err(self.at.invalid(operation, id, format!("a subnet keeps its {fixed}")));
        }
        let mut progress = Progress::default();
        if request.changed.contains("public_addresses") {
            progress.step(self.set_public_addresses(id, spec.public_addresses).await)?;
        }
        if request.changed.contains("tags") {
            progress.step(label::ec2(&self.at, id, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_subnet().subnet_id(&live.physical);
        self.at.remove("ec2:DeleteSubnet", &live.physical, || call.clone().send()).await
    }
}
