//! How a DHCP option set is called: made and deleted, never changed.

use aws_sdk_ec2::types::{DhcpConfiguration, DhcpOptions, NewDhcpConfiguration, ResourceType};

use crate::aws::prelude::*;
use crate::kinds::dhcp_options::Spec;

const NAMES: &str = "domain-name-servers";
const CLOCKS: &str = "ntp-servers";

fn values(set: &DhcpOptions, key: &str) -> Vec<String> {
    let of_key = set.dhcp_configurations().iter().filter(|configuration| configuration.key() == Some(key));
    let values = of_key.flat_map(DhcpConfiguration::values);
    let mut found: Vec<String> = values.filter_map(|value| value.value().map(str::to_owned)).collect();
    found.sort();
    found
}

fn configuration(key: &str, values: &[String]) -> Option<NewDhcpConfiguration> {
    (!values.is_empty()).then(|| NewDhcpConfiguration::builder().key(key).set_values(Some(values.to_vec())).build())
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = DhcpOptions;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<DhcpOptions>> {
        let call = place.reader().ec2.describe_dhcp_options().set_dhcp_options_ids(one(only)).set_max_results(page(only, 1000));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.dhcp_options, page.next_token)).await
    }

    /// The set that AWS makes with every account: only AWS's resolver and a domain name, and no tags.
    fn made_by_aws(set: &DhcpOptions) -> bool {
        let keys = set.dhcp_configurations().iter().all(|found| matches!(found.key(), Some("domain-name" | NAMES)));
        set.tags().is_empty() && keys && values(set, NAMES) == ["AmazonProvidedDNS"]
    }

    fn shown(set: &DhcpOptions) -> Live {
        let spec = Self { domain_name_servers: values(set, NAMES), ntp_servers: values(set, CLOCKS) };
        Live { tags: tags::from_ec2(set.tags()), ..Self::live(set.dhcp_options_id(), None, spec.lower()) }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let wanted = [configuration(NAMES, &spec.domain_name_servers), configuration(CLOCKS, &spec.ntp_servers)];
        let call = new.writer().ec2.create_dhcp_options().tag_specifications(new.labels(ResourceType::DhcpOptions));
        let call = call.set_dhcp_configurations(Some(wanted.into_iter().flatten().collect()));
        let answer = new.send(|| call.clone().send()).await?;
        new.id(answer.dhcp_options().and_then(DhcpOptions::dhcp_options_id))
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().ec2.delete_dhcp_options().dhcp_options_id(gone.id()).send()).await
    }
}
