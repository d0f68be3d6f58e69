//! How an RDS subnet group is called. A change sends the whole list: AWS replaces it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_rds::types::DbSubnetGroup;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::db_subnet_group::{KIND, NAME, Spec, at, calls, readiness};
use crate::kinds::kit::Spec as _;
use crate::model::Live;
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::world::ProviderError;

pub struct SubnetGroups {
    at: Place,
}

fn physical(subnets: &[Link]) -> Result<Vec<String>, String> {
    subnets.iter().map(|subnet| subnet.physical().map(str::to_owned)).collect()
}

#[async_trait]
impl Calls for SubnetGroups {
    type Spec = Spec;
    type Item = DbSubnetGroup;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::MODIFY;

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<DbSubnetGroup>, ProviderError> {
        let pages = self.at.reader().rds.describe_db_subnet_groups().max_records(100).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    fn sight(&self, group: &DbSubnetGroup) -> Sight {
        match group.db_subnet_group_name().unwrap_or_default() {
            "default" => Sight::MadeByAws,
            name if name.starts_with(&self.at.prefix()) => Sight::named(self, name),
            _ => Sight::Shown(self.shown(group)),
        }
    }

    async fn complete(&self, group: &DbSubnetGroup) -> Result<Option<Live>, ProviderError> {
        Ok(Some(Live { tags: self.tags(group).await?, ..self.shown(group) }))
    }

    async fn look(&self, name: &str) -> Result<Option<DbSubnetGroup>, ProviderError> {
        let call = self.at.reader().rds.describe_db_subnet_groups().db_subnet_group_name(name).send();
        let answer = self.at.find(calls::DESCRIBE, name, call).await?;
        Ok(answer.and_then(|answer| answer.db_subnet_groups.unwrap_or_default().into_iter().next()))
    }

    fn shown(&self, group: &DbSubnetGroup) -> Live {
        let name = group.db_subnet_group_name().unwrap_or_default().to_owned();
        let subnets: BTreeSet<&str> = group.subnets().iter().filter_map(|subnet| subnet.subnet_identifier()).collect();
        let spec = Spec {
            name: name.clone(),
            description: group.db_subnet_group_description().unwrap_or_default().to_owned(),
            subnets: subnets.into_iter().map(|subnet| Link::Physical(subnet.to_owned())).collect(),
        };
        let arn = group.db_subnet_group_arn().unwrap_or_default().to_owned();
        Live {
            outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), arn)].into(),
            physical: name,
            attributes: spec.lower().into(),
            tags: Tags::new(),
            status: readiness(group.subnet_group_status().unwrap_or("Complete")),
            pending: Vec::new(),
        }
    }

    async fn tags(&self, group: &DbSubnetGroup) -> Result<Tags, ProviderError> {
        label::rds_tags(&self.at, group.db_subnet_group_arn().unwrap_or_default()).await
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let subnets = physical(&spec.subnets).map_err(|error| self.at.invalid(calls::CREATE, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .rds
            .create_db_subnet_group()
            .db_subnet_group_name(&spec.name)
            .db_subnet_group_description(&spec.description)
            .set_subnet_ids(Some(subnets))
            .set_tags(Some(tags::to_rds(tags)));
        self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        if change.to(at::subnets)?.is_none() & change.to(at::description)?.is_none() {
            return Ok(());
        }
        let subnets = physical(&change.target(at::subnets)?).map_err(|error| change.invalid(&error))?;
        let name = change.id();
        let call = self
            .at
            .writer()
            .rds
            .modify_db_subnet_group()
            .db_subnet_group_name(name)
            .db_subnet_group_description(change.target(at::description)?)
            .set_subnet_ids(Some(subnets));
        change.step(self.at.write(calls::MODIFY, name, || call.clone().send()).await).map(drop)
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::rds(&self.at, label::arn(live), delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().rds.delete_db_subnet_group().db_subnet_group_name(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
