//! How a subnet is called. Everything is in the listing.

use async_trait::async_trait;
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, Subnet, TagSpecification};

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::kit::Spec as _;
use crate::kinds::subnet::{KIND, NAME, Spec, at, calls, readiness};
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Live, Name};
use crate::world::ProviderError;

pub struct Subnets {
    at: Place,
}

#[async_trait]
impl Calls for Subnets {
    type Spec = Spec;
    type Item = Subnet;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::MODIFY;
    /// Off is AWS's default for a subnet that AWS did not make itself.
    const LATER: &'static [Name] = &[at::public_addresses.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Subnet>, ProviderError> {
        let pages = self.at.reader().ec2.describe_subnets().max_results(1000).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    /// AWS puts a default subnet into each zone of a default VPC. What carries our tag is never left out.
    fn sight(&self, subnet: &Subnet) -> Sight {
        let live = self.shown(subnet);
        if subnet.default_for_az() == Some(true) && !self.at.ours(&live.tags) { Sight::MadeByAws } else { Sight::Shown(live) }
    }

    async fn look(&self, id: &str) -> Result<Option<Subnet>, ProviderError> {
        let call = self.at.reader().ec2.describe_subnets().subnet_ids(id).send();
        let answer = self.at.find(calls::DESCRIBE, id, call).await?;
        Ok(answer.and_then(|answer| answer.subnets.unwrap_or_default().into_iter().next()))
    }

    fn shown(&self, subnet: &Subnet) -> Live {
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
            attributes: spec.lower().into(),
            tags: tags::from_ec2(subnet.tags()),
            status: readiness(subnet.state().map_or("pending", |state| state.as_str())),
            pending: Vec::new(),
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let vpc = spec.vpc.physical().map_err(|error| self.at.invalid(calls::CREATE, &spec.cidr, error))?;
        let labels = TagSpecification::builder().resource_type(ResourceType::Subnet).set_tags(Some(tags::to_ec2(tags)));
        let call = self
            .at
            .writer()
            .ec2
            .create_subnet()
            .vpc_id(vpc)
            .cidr_block(&spec.cidr)
            .availability_zone_id(&spec.zone)
            .tag_specifications(labels.build());
        let answer = self.at.write(calls::CREATE, &spec.cidr, || call.clone().send()).await?;
        let id = answer.subnet().and_then(Subnet::subnet_id);
        id.map(str::to_owned).ok_or_else(|| self.at.nameless(calls::CREATE, &spec.cidr))
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let id = change.id();
        if let Some(on) = change.to(at::public_addresses)? {
            let flag = AttributeBooleanValue::builder().value(on).build();
            let call = self.at.writer().ec2.modify_subnet_attribute().subnet_id(id).map_public_ip_on_launch(flag);
            change.step(self.at.write_new(calls::MODIFY, id, || call.clone().send()).await)?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::ec2(&self.at, &live.physical, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_subnet().subnet_id(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
