//! How a prefix list is read. Its entries take a call of their own.

use aws_sdk_ec2::types::{ManagedPrefixList, PrefixListEntry};

use crate::aws::prelude::*;
use crate::kinds::prefix_list::{Spec, at, calls};

/// AWS's name for itself as an owner.
const AWS: &str = "AWS";

async fn entries(place: &Place, id: &str) -> Answer<Vec<PrefixListEntry>> {
    let call = place.reader().ec2.get_managed_prefix_list_entries().prefix_list_id(id).max_results(100);
    let send = |token| call.clone().set_next_token(token).send();
    place.pages(calls::ENTRIES, id, send, |page| (page.entries, page.next_token)).await
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = ManagedPrefixList;
    const FOREIGN_TOO: bool = true;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<ManagedPrefixList>> {
        let call = place.reader().ec2.describe_managed_prefix_lists();
        let call = call.set_prefix_list_ids(one(only)).set_max_results(page(only, 100));
        place.look(only, |token| call.clone().set_next_token(token).send(), |page| (page.prefix_lists, page.next_token)).await
    }

    /// A list whose entries cannot be read stays in the population: only what names it is unknown.
    async fn complete(place: &Place, list: &ManagedPrefixList, tags: Tags) -> Answer<Option<Live>> {
        let mut live = Live { tags, ..Self::shown(list) };
        if list.owner_id() == Some(AWS) {
            return Ok(Some(live));
        }
        match entries(place, &live.physical).await {
            Ok(all) => live.attributes.put(at::entries, sorted(all.iter().filter_map(|one| one.cidr()).map(read::block))),
            Err(error) => live.attributes.failed(at::entries, place.unread(&error)),
        }
        Ok(Some(live))
    }

    fn shown(list: &ManagedPrefixList) -> Live {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut readings = Readings::default();
        readings.told(at::name, owned(list.prefix_list_name()));
        readings.told(at::family, owned(list.address_family()));
        readings.told(at::owner, owned(list.owner_id()));
        readings.not_asked(at::entries);
        Live { tags: tags::from_ec2(list.tags()), ..Self::live(list.prefix_list_id(), None, readings) }
    }
}
