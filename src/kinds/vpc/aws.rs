//! How a VPC is called. DNS attributes and the DHCP association have calls of their own, one value each.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, TagSpecification, Vpc, VpcAttributeName};
use futures::try_join;

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

/// What the listing says; the DNS attributes are not in it.
fn listed(vpc: &Vpc) -> Live {
    let id = vpc.vpc_id().unwrap_or_default().to_owned();
    let mut attributes = Attributes::default();
    attributes.set("cidr", vpc.cidr_block().unwrap_or_default());
    attributes.set("dhcp_options", vpc.dhcp_options_id().unwrap_or("default"));
    Live {
        outputs: [("id".to_owned(), id.clone())].into(),
        physical: id,
        attributes,
        tags: tags::from_ec2(vpc.tags()),
        status: readiness(vpc.state().map_or("pending", |state| state.as_str())),
        pending: Vec::new(),
    }
}

impl Aws {
    async fn describe(&self, id: &str) -> Result<Option<Vpc>, ProviderError> {
        let call = self.at.reader().ec2.describe_vpcs().vpc_ids(id).send();
        let answer = self.at.find("ec2:DescribeVpcs", id, call).await?;
        Ok(answer.and_then(|answer| answer.vpcs.unwrap_or_default().into_iter().next()))
    }

    async fn attribute(&self, id: &str, name: VpcAttributeName) -> Result<bool, ProviderError> {
        let hostnames = name == VpcAttributeName::EnableDnsHostnames;
        let call = self.at.reader().ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send();
        let answer = self.at.read("ec2:DescribeVpcAttribute", id, call).await?;
        let value = if hostnames { answer.enable_dns_hostnames } else { answer.enable_dns_support };
        Ok(value.and_then(|value| value.value).unwrap_or_default())
    }

    /// Everything about one VPC: two calls more than the listing.
    async fn complete(&self, mut live: Live) -> Result<Live, ProviderError> {
        let (support, hostnames) = try_join!(
            self.attribute(&live.physical, VpcAttributeName::EnableDnsSupport),
            self.attribute(&live.physical, VpcAttributeName::EnableDnsHostnames),
        )?;
        live.attributes.set("dns_support", support);
        live.attributes.set("dns_hostnames", hostnames);
        Ok(live)
    }

    async fn set_dns(&self, id: &str, support: Option<bool>, hostnames: Option<bool>) -> Result<(), ProviderError> {
        let flag = |on: bool| AttributeBooleanValue::builder().value(on).build();
        // AWS accepts one attribute in a call. Support first: hostnames need it.
        let calls = [
            support.map(|on| self.at.writer().ec2.modify_vpc_attribute().enable_dns_support(flag(on))),
            hostnames.map(|on| self.at.writer().ec2.modify_vpc_attribute().enable_dns_hostnames(flag(on))),
        ];
        for call in calls.into_iter().flatten() {
            let call = call.vpc_id(id);
            self.at.write_new("ec2:ModifyVpcAttribute", id, || call.clone().send()).await?;
        }
        Ok(())
    }

    async fn associate(&self, id: &str, options: &Link) -> Result<(), ProviderError> {
        let operation = "ec2:AssociateDhcpOptions";
        let options = options.physical().map_err(|error| self.at.invalid(operation, id, error))?;
        let call = self.at.writer().ec2.associate_dhcp_options().vpc_id(id).dhcp_options_id(options);
        self.at.write_new(operation, id, || call.clone().send()).await?;
        Ok(())
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().ec2.describe_vpcs().max_results(1000).into_paginator().items().send();
        let vpcs = self.at.read("ec2:DescribeVpcs", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut listing = Listing::default();
        for vpc in &vpcs {
            let live = listed(vpc);
            if !self.at.ours(&live.tags) {
                if vpc.is_default() != Some(true) {
                    listing.live.push(live);
                }
                continue;
            }
            let (id, physical) = (self.at.id_from_tags(&live.tags), live.physical.clone());
            match self.complete(live).await {
                Ok(live) => listing.live.push(live),
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, &physical, id, &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.describe(physical).await? {
            Some(vpc) => self.complete(listed(&vpc)).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "ec2:CreateVpc";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let labels = TagSpecification::builder().resource_type(ResourceType::Vpc).set_tags(Some(tags::to_ec2(&request.tags)));
        let call = self.at.writer().ec2.create_vpc().cidr_block(&spec.cidr).tag_specifications(labels.build());
        let answer = self.at.write(operation, &spec.cidr, || call.clone().send()).await?;
        let id = answer.vpc().and_then(Vpc::vpc_id).ok_or_else(|| self.at.nameless(operation, &spec.cidr))?.to_owned();
        let finish = async {
            let seen = self.at.until_visible("ec2:DescribeVpcs", &id, || self.describe(&id)).await?;
            label::ec2(&self.at, &id, &Delta::missing(&tags::from_ec2(seen.tags()), &request.tags)).await?;
            self.set_dns(&id, Some(spec.dns_support), Some(spec.dns_hostnames)).await?;
            self.associate(&id, &spec.dhcp_options).await
        };
        finish.await.map_err(|error| partly(&id, error))?;
        Ok(id)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let id = &request.live.physical;
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid("ec2:ModifyVpcAttribute", id, error))?;
        let changed = |name: &str| request.changed.contains(name);
        if changed("cidr") {
            return Err(self.at.invalid("ec2:ModifyVpcAttribute", id, "a VPC keeps its block"));
        }
        let mut progress = Progress::default();
        if changed("dns_support") {
            progress.step(self.set_dns(id, Some(spec.dns_support), None).await)?;
        }
        if changed("dns_hostnames") {
            progress.step(self.set_dns(id, None, Some(spec.dns_hostnames)).await)?;
        }
        if changed("dhcp_options") {
            progress.step(self.associate(id, &spec.dhcp_options).await)?;
        }
        if changed("tags") {
            progress.step(label::ec2(&self.at, id, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_vpc().vpc_id(&live.physical);
        self.at.remove("ec2:DeleteVpc", &live.physical, || call.clone().send()).await
    }
}
