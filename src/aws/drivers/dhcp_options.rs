//! How a DHCP option set is called: made and deleted, never changed.

use async_trait::async_trait;
use aws_sdk_ec2::types::{DhcpOptions, NewDhcpConfiguration, ResourceType, TagSpecification};

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::dhcp_options::{KIND, NAME, Spec, calls, readiness};
use crate::kinds::kit::Spec as _;
use crate::model::Live;
use crate::model::tags::Tags;
use crate::world::ProviderError;

pub struct OptionSets {
    at: Place,
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

#[async_trait]
impl Calls for OptionSets {
    type Spec = Spec;
    type Item = DhcpOptions;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    /// AWS has no call that changes one.
    const CHANGE: &'static str = calls::CREATE;

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<DhcpOptions>, ProviderError> {
        let pages = self.at.reader().ec2.describe_dhcp_options().max_results(1000).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    fn sight(&self, set: &DhcpOptions) -> Sight {
        if made_by_aws(set) { Sight::MadeByAws } else { Sight::Shown(self.shown(set)) }
    }

    async fn look(&self, id: &str) -> Result<Option<DhcpOptions>, ProviderError> {
        let call = self.at.reader().ec2.describe_dhcp_options().dhcp_options_ids(id).send();
        let answer = self.at.find(calls::DESCRIBE, id, call).await?;
        Ok(answer.and_then(|answer| answer.dhcp_options.unwrap_or_default().into_iter().next()))
    }

    fn shown(&self, set: &DhcpOptions) -> Live {
        let id = set.dhcp_options_id().unwrap_or_default().to_owned();
        let spec = Spec { domain_name_servers: values(set, "domain-name-servers"), ntp_servers: values(set, "ntp-servers") };
        Live {
            outputs: [("id".to_owned(), id.clone())].into(),
            physical: id,
            attributes: spec.lower().into(),
            tags: tags::from_ec2(set.tags()),
            status: readiness(""),
            pending: Vec::new(),
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let configuration = |key: &str, values: &[String]| {
            (!values.is_empty()).then(|| NewDhcpConfiguration::builder().key(key).set_values(Some(values.to_vec())).build())
        };
        let wanted =
            [configuration("domain-name-servers", &spec.domain_name_servers), configuration("ntp-servers", &spec.ntp_servers)];
        let labels = TagSpecification::builder().resource_type(ResourceType::DhcpOptions).set_tags(Some(tags::to_ec2(tags)));
        let call = self
            .at
            .writer()
            .ec2
            .create_dhcp_options()
            .set_dhcp_configurations(Some(wanted.into_iter().flatten().collect()))
            .tag_specifications(labels.build());
        let answer = self.at.write(calls::CREATE, NAME, || call.clone().send()).await?;
        let id = answer.dhcp_options().and_then(DhcpOptions::dhcp_options_id);
        id.map(str::to_owned).ok_or_else(|| self.at.nameless(calls::CREATE, NAME))
    }

    /// Every attribute of a set is fixed.
    async fn set(&self, _change: &Change<'_>) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::ec2(&self.at, &live.physical, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().ec2.delete_dhcp_options().dhcp_options_id(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
