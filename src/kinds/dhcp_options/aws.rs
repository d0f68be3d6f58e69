//! How a DHCP option set is called: made and deleted, never changed.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_ec2::types::{DhcpOptions, NewDhcpConfiguration, ResourceType, TagSpecification};

use super::{NAME, Spec, readiness};
use crate::aws::call::partly;
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, label};
use crate::model::{Attributes, Listing, Live, Region};
use crate::world::{CreateRequest, Driver, ProviderError, UpdateRequest};

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn values(set: &DhcpOptions, key: &str) -> Vec<String> {
    let mut found: Vec<String> = set
        .dhcp_configurations()
        .iter()
        .filter(|configuration| configuration.key() == Some(key))
        .flat_map(|configuration| configuration.values())
        .filter_map(|value| value.value().map(str::to_owned))
        .collect();
    found.sort();
    found
}

/// The set that AWS makes with every account: AWS's resolver and a domain name, nothing else, and nobody's tags.
fn made_by_aws(set: &DhcpOptions) -> bool {
    let keys = set.dhcp_configurations().iter().all(|found| matches!(found.key(), Some("domain-name" | "domain-name-servers")));
    set.tags().is_empty() && keys && values(set, "domain-name-servers") == ["AmazonProvidedDNS"]
}

fn live(set: &DhcpOptions) -> Live {
    let id = set.dhcp_options_id().unwrap_or_default().to_owned();
    let spec = Spec { domain_name_servers: values(set, "domain-name-servers"), ntp_servers: values(set, "ntp-servers") };
    Live {
        outputs: [("id".to_owned(), id.clone())].into(),
        physical: id,
        attributes: Attributes::lower(&spec).into(),
        tags: tags::from_ec2(set.tags()),
        status: readiness(""),
        pending: Vec::new(),
    }
}

impl Aws {
    async fn describe(&self, id: &str) -> Result<Option<DhcpOptions>, ProviderError> {
        let call = self.at.reader().ec2.describe_dhcp_options().dhcp_options_ids(id).send();
        let answer = self.at.find("ec2:DescribeDhcpOptions", id, call).await?;
        Ok(answer.and_then(|answer| answer.dhcp_options.unwrap_or_default().into_iter().next()))
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().ec2.describe_dhcp_options().max_results(1000).into_paginator().items().send();
        let sets = self.at.read("ec2:DescribeDhcpOptions", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(Listing { live: sets.iter().filter(|set| !made_by_aws(set)).map(live).collect(), unreadable: Vec::new() })
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        Ok(self.describe(physical).await?.as_ref().map(live))
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "ec2:CreateDhcpOptions";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let configuration = |key: &str, values: &[String]| {
            (!values.is_empty()).then(|| NewDhcpConfiguration::builder().key(key).set_values(Some(values.to_vec())).build())
        };
        let wanted =
            [configuration("domain-name-servers", &spec.domain_name_servers), configuration("ntp-servers", &spec.ntp_servers)];
        let labels =
            TagSpecification::builder().resource_type(ResourceType::DhcpOptions).set_tags(Some(tags::to_ec2(&request.tags)));
        let call = self
            .at
            .writer()
            .ec2
            .create_dhcp_options()
            .set_dhcp_configurations(Some(wanted.into_iter().flatten().collect()))
            .tag_specifications(labels.build());
        let answer = self.at.write(operation, NAME, || call.clone().send()).await?;
        let id = answer
            .dhcp_options()
            .and_then(DhcpOptions::dhcp_options_id)
            .ok_or_else(|| self.at.nameless(operation, NAME))?
            .to_owned();
        let finish = async {
            let seen = self.at.until_visible("ec2:DescribeDhcpOptions", &id, || self.describe(&id)).await?;
            label::ec2(&self.at, &id, &Delta::missing(&tags::from_ec2(seen.tags()), &request.tags)).await
        };
        finish.await.map_err(|error| partly(&id, error))?;
        Ok(id)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let id = &request.live.physical;
        if request.changed.iter().any(|name| name != "tags") {
            return Err(self.at.invalid("ec2:CreateDhcpOptions", id, "AWS has no call that changes a DHCP option set"));
        }
        label::ec2(&self.at, id, &Delta::between(&request.live.tags, &request.tags)).await
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_dhcp_options().dhcp_options_id(&live.physical);
        self.at.remove("ec2:DeleteDhcpOptions", &live.physical, || call.clone().send()).await
    }
}
