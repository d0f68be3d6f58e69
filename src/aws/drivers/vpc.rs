//! How a VPC is called. DNS attributes and the DHCP association have calls of their own, one value each.

use async_trait::async_trait;
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, TagSpecification, Vpc, VpcAttributeName};
use futures::try_join;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::vpc::{KIND, NAME, NO_OPTIONS, Spec, at, calls, readiness};
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Live, Name, Readings};
use crate::world::ProviderError;

pub struct Vpcs {
    at: Place,
}

impl Vpcs {
    async fn attribute(&self, id: &str, name: VpcAttributeName) -> Result<bool, ProviderError> {
        let hostnames = name == VpcAttributeName::EnableDnsHostnames;
        let call = self.at.reader().ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send();
        let answer = self.at.read(calls::ATTRIBUTE, id, call).await?;
        let value = if hostnames { answer.enable_dns_hostnames } else { answer.enable_dns_support };
        Ok(value.and_then(|value| value.value).unwrap_or_default())
    }
}

#[async_trait]
impl Calls for Vpcs {
    type Spec = Spec;
    type Item = Vpc;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::MODIFY;
    const LATER: &'static [Name] = &[at::dns_support.name(), at::dns_hostnames.name(), at::dhcp_options.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Vpc>, ProviderError> {
        let pages = self.at.reader().ec2.describe_vpcs().max_results(1000).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    /// The default VPC is AWS's own. What carries our tag is never left out.
    fn sight(&self, vpc: &Vpc) -> Sight {
        let live = self.shown(vpc);
        if self.at.ours(&live.tags) {
            return Sight::Ask { owner: self.at.id_from_tags(&live.tags), physical: live.physical };
        }
        if vpc.is_default() == Some(true) { Sight::MadeByAws } else { Sight::Shown(live) }
    }

    /// Two calls more than the listing.
    async fn complete(&self, vpc: &Vpc) -> Result<Option<Live>, ProviderError> {
        let mut live = self.shown(vpc);
        let (support, hostnames) = try_join!(
            self.attribute(&live.physical, VpcAttributeName::EnableDnsSupport),
            self.attribute(&live.physical, VpcAttributeName::EnableDnsHostnames),
        )?;
        live.attributes.put(at::dns_support, support);
        live.attributes.put(at::dns_hostnames, hostnames);
        Ok(Some(live))
    }

    async fn look(&self, id: &str) -> Result<Option<Vpc>, ProviderError> {
        let call = self.at.reader().ec2.describe_vpcs().vpc_ids(id).send();
        let answer = self.at.find(calls::DESCRIBE, id, call).await?;
        Ok(answer.and_then(|answer| answer.vpcs.unwrap_or_default().into_iter().next()))
    }

    /// The DNS attributes are in no listing.
    fn shown(&self, vpc: &Vpc) -> Live {
        let id = vpc.vpc_id().unwrap_or_default().to_owned();
        let mut attributes = Readings::default();
        attributes.put(at::cidr, vpc.cidr_block().unwrap_or_default().to_owned());
        attributes.put(at::dhcp_options, Link::Physical(vpc.dhcp_options_id().unwrap_or(NO_OPTIONS).to_owned()));
        attributes.not_asked(at::dns_support);
        attributes.not_asked(at::dns_hostnames);
        Live {
            outputs: [("id".to_owned(), id.clone())].into(),
            physical: id,
            attributes,
            tags: tags::from_ec2(vpc.tags()),
            status: readiness(vpc.state().map_or("pending", |state| state.as_str())),
            pending: Vec::new(),
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let labels = TagSpecification::builder().resource_type(ResourceType::Vpc).set_tags(Some(tags::to_ec2(tags)));
        let call = self.at.writer().ec2.create_vpc().cidr_block(&spec.cidr).tag_specifications(labels.build());
        let answer = self.at.write(calls::CREATE, &spec.cidr, || call.clone().send()).await?;
        let id = answer.vpc().and_then(Vpc::vpc_id);
        id.map(str::to_owned).ok_or_else(|| self.at.nameless(calls::CREATE, &spec.cidr))
    }

    /// AWS accepts one attribute in a call. Support first: hostnames need it.
    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let (id, client) = (change.id(), &self.at.writer().ec2);
        let flag = |on: bool| AttributeBooleanValue::builder().value(on).build();
        if let Some(on) = change.to(at::dns_support)? {
            let call = client.modify_vpc_attribute().vpc_id(id).enable_dns_support(flag(on));
            change.step(self.at.write_new(calls::MODIFY, id, || call.clone().send()).await)?;
        }
        if let Some(on) = change.to(at::dns_hostnames)? {
            let call = client.modify_vpc_attribute().vpc_id(id).enable_dns_hostnames(flag(on));
            change.step(self.at.write_new(calls::MODIFY, id, || call.clone().send()).await)?;
        }
        if let Some(options) = change.to(at::dhcp_options)? {
            let options = options.physical().map_err(|error| self.at.invalid(calls::ASSOCIATE, id, error));
            let call = client.associate_dhcp_options().vpc_id(id).dhcp_options_id(change.check(options)?);
            change.step(self.at.write_new(calls::ASSOCIATE, id, || call.clone().send()).await)?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::ec2(&self.at, &live.physical, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_vpc().vpc_id(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
