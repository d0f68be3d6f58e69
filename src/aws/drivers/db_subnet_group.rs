//! How an RDS subnet group is called. A change sends the whole list, because AWS replaces the list.

use aws_sdk_rds::types::DbSubnetGroup;

use crate::aws::prelude::*;
use crate::kinds::db_subnet_group::{Spec, at};

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = DbSubnetGroup;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<DbSubnetGroup>> {
        let call = place.reader().rds.describe_db_subnet_groups().set_max_records(page(only, 100));
        let call = call.set_db_subnet_group_name(only.map(str::to_owned));
        place.look(only, |token| call.clone().set_marker(token).send(), |page| (page.db_subnet_groups, page.marker)).await
    }

    fn shown(group: &DbSubnetGroup) -> Live {
        let subnets = sorted(group.subnets().iter().filter_map(|subnet| subnet.subnet_identifier()));
        let spec = Self {
            name: text(group.db_subnet_group_name()),
            description: text(group.db_subnet_group_description()),
            subnets: subnets.into_iter().map(|subnet| link(Some(subnet))).collect(),
        };
        Live {
            status: Self::status(group.subnet_group_status().unwrap_or("Complete")),
            ..Self::live(group.db_subnet_group_name(), group.db_subnet_group_arn(), spec.lower())
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().rds.create_db_subnet_group().set_subnet_ids(Some(new.valid(links(&spec.subnets))?));
        let call = call.db_subnet_group_name(&spec.name).db_subnet_group_description(&spec.description);
        let call = call.set_tags(Some(tags::to_rds(new.tags())));
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        if change.to(at::subnets)?.is_none() & change.to(at::description)?.is_none() {
            return Ok(());
        }
        let call = change.writer().rds.modify_db_subnet_group().db_subnet_group_name(change.id());
        let call = call.set_subnet_ids(Some(change.valid(links(&change.target(at::subnets)?))?));
        let call = call.db_subnet_group_description(change.target(at::description)?);
        change.send(|| call.clone().send()).await.map(drop)
    }

    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        gone.delete(|| gone.writer().rds.delete_db_subnet_group().db_subnet_group_name(gone.id()).send()).await
    }
}
