//! How an RDS subnet group is called. A change sends the whole list: AWS replaces it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_rds::types::DbSubnetGroup;

use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, label};
use crate::kinds::db_subnet_group::{NAME, Spec, calls, readiness};
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Attributes, Listing, Live, Region};
use crate::world::{CreateRequest, Driver, ProviderError, UpdateRequest};

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn live(group: &DbSubnetGroup, tags: Tags) -> Live {
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
        attributes: Attributes::lower(&spec).into(),
        tags,
        status: readiness(group.subnet_group_status().unwrap_or("Complete")),
        pending: Vec::new(),
    }
}

impl Aws {
    async fn describe(&self, name: &str) -> Result<Option<DbSubnetGroup>, ProviderError> {
        let call = self.at.reader().rds.describe_db_subnet_groups().db_subnet_group_name(name).send();
        let answer = self.at.find(calls::DESCRIBE, name, call).await?;
        Ok(answer.and_then(|answer| answer.db_subnet_groups.unwrap_or_default().into_iter().next()))
    }

    async fn complete(&self, group: &DbSubnetGroup) -> Result<Live, ProviderError> {
        let tags = label::rds_tags(&self.at, group.db_subnet_group_arn().unwrap_or_default()).await?;
        Ok(live(group, tags))
    }
}

fn physical(subnets: &[Link]) -> Result<Vec<String>, String> {
    subnets.iter().map(|subnet| subnet.physical().map(str::to_owned)).collect()
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().rds.describe_db_subnet_groups().max_records(100).into_paginator().items().send();
        let groups = self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut listing = Listing::default();
        for group in &groups {
            let name = group.db_subnet_group_name().unwrap_or_default();
            if name == "default" {
                continue;
            }
            if !name.starts_with(&self.at.prefix()) {
                listing.live.push(live(group, Tags::new()));
                continue;
            }
            match self.complete(group).await {
                Ok(live) => listing.live.push(live),
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, name, self.at.id_from_name(NAME, name), &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.describe(physical).await? {
            Some(group) => self.complete(&group).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = calls::CREATE;
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let subnets = physical(&spec.subnets).map_err(|error| self.at.invalid(operation, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .rds
            .create_db_subnet_group()
            .db_subnet_group_name(&spec.name)
            .db_subnet_group_description(&spec.description)
            .set_subnet_ids(Some(subnets))
            .set_tags(Some(tags::to_rds(&request.tags)));
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            let seen = self.at.until_visible(calls::DESCRIBE, &spec.name, || self.describe(&spec.name)).await?;
            let arn = seen.db_subnet_group_arn().unwrap_or_default();
            label::rds(&self.at, arn, &Delta::missing(&label::rds_tags(&self.at, arn).await?, &request.tags)).await
        };
        finish.await.map_err(|error| partly(&spec.name, error))?;
        Ok(spec.name)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, name) = (calls::MODIFY, &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, name, error))?;
        if request.changed.contains("name") {
            return Err(self.at.invalid(operation, name, "a subnet group keeps its name"));
        }
        let mut progress = Progress::default();
        if request.changed.contains("subnets") || request.changed.contains("description") {
            let subnets = physical(&spec.subnets).map_err(|error| self.at.invalid(operation, name, error))?;
            let call = self
                .at
                .writer()
                .rds
                .modify_db_subnet_group()
                .db_subnet_group_name(name)
                .db_subnet_group_description(&spec.description)
                .set_subnet_ids(Some(subnets));
            progress.step(self.at.write(operation, name, || call.clone().send()).await)?;
        }
        if request.changed.contains("tags") {
            let arn = request.live.outputs.get("arn").map_or("", String::as_str);
            progress.step(label::rds(&self.at, arn, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().rds.delete_db_subnet_group().db_subnet_group_name(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
