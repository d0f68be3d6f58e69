//! How an RDS parameter group is called. It owns its user-set parameters; what is no longer wanted is reset by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_rds::types::{ApplyMethod, DbParameterGroup, Filter, Parameter};
use futures::try_join;

use super::{NAME, PROMISED, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, label};
use crate::model::tags::Tags;
use crate::model::{Attributes, Listing, Live, Region, Value};
use crate::world::{CreateRequest, Driver, ProviderError, UpdateRequest};

/// AWS accepts this many parameters in one call.
const CHUNK: usize = 20;

/// Values of promised parameters that keep the promise. A parameter set to its engine's default leaves the user-set
/// list, so a default that equals one of these counts as set; any other default counts as not set, and the plan sets it.
const KEPT: &[(&str, &[&str])] = &[
    ("rds.force_ssl", &["1"]),
    ("require_secure_transport", &["1", "ON"]),
    ("timezone", &["UTC"]),
    ("log_timezone", &["UTC"]),
    ("time_zone", &["UTC"]),
];

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn live(group: &DbParameterGroup) -> Live {
    let name = group.db_parameter_group_name().unwrap_or_default().to_owned();
    let mut attributes = Attributes::default();
    attributes.set("name", name.as_str());
    attributes.set("family", group.db_parameter_group_family().unwrap_or_default());
    attributes.set("description", group.description().unwrap_or_default());
    let arn = group.db_parameter_group_arn().unwrap_or_default().to_owned();
    Live {
        outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), arn)].into(),
        physical: name,
        attributes,
        tags: Tags::new(),
        status: readiness(""),
        pending: Vec::new(),
    }
}

fn named(parameter: &Parameter) -> Option<(String, String)> {
    Some((parameter.parameter_name()?.to_ascii_lowercase(), parameter.parameter_value()?.to_owned()))
}

fn kept_by_default(name: &str, value: &str) -> bool {
    KEPT.iter().any(|(kept, values)| *kept == name && values.contains(&value))
}

impl Aws {
    async fn describe(&self, name: &str) -> Result<Option<DbParameterGroup>, ProviderError> {
        let call = self.at.reader().rds.describe_db_parameter_groups().db_parameter_group_name(name).send();
        let answer = self.at.find("rds:DescribeDBParameterGroups", name, call).await?;
        Ok(answer.and_then(|answer| answer.db_parameter_groups.unwrap_or_default().into_iter().next()))
    }

    async fn tags(&self, arn: &str) -> Result<Tags, ProviderError> {
        let call = self.at.reader().rds.list_tags_for_resource().resource_name(arn).send();
        let answer = self.at.read("rds:ListTagsForResource", arn, call).await?;
        Ok(tags::from_rds(answer.tag_list()))
    }

    /// The user-set parameters, and the promised ones whatever their source: two calls of one page each, where reading
    /// the whole group would be four or more.
    async fn parameters(&self, name: &str) -> Result<BTreeMap<String, String>, ProviderError> {
        let operation = "rds:DescribeDBParameters";
        let describe = || self.at.reader().rds.describe_db_parameters().db_parameter_group_name(name).max_records(100);
        let pages = describe().source("user").into_paginator().items().send();
        let user = self.at.read(operation, name, pages.collect::<Result<Vec<_>, _>>());
        let wanted = PROMISED.iter().map(|name| (*name).to_owned()).collect();
        let filter = Filter::builder().name("parameter-name").set_values(Some(wanted)).build();
        let pages = describe().filters(filter).into_paginator().items().send();
        let promised = self.at.read(operation, name, pages.collect::<Result<Vec<_>, _>>());
        let (user, promised) = try_join!(user, promised)?;
        let mut found: BTreeMap<String, String> = user.iter().filter_map(named).collect();
        for (name, value) in promised.iter().filter_map(named) {
            if kept_by_default(&name, &value) {
                found.entry(name).or_insert(value);
            }
        }
        Ok(found)
    }

    async fn complete(&self, mut live: Live) -> Result<Live, ProviderError> {
        let arn = live.outputs.get("arn").map_or("", String::as_str);
        let (tags, parameters) = try_join!(self.tags(arn), self.parameters(&live.physical))?;
        live.tags = tags;
        live.attributes
            .set("parameters", Value::Map(parameters.into_iter().map(|(name, value)| (name, Value::from(value))).collect()));
        Ok(live)
    }

    /// Whether each parameter takes effect at once. AWS refuses `immediate` for a static one.
    async fn dynamic(&self, group: &str, names: &BTreeSet<String>) -> Result<BTreeSet<String>, ProviderError> {
        let filter = Filter::builder().name("parameter-name").set_values(Some(names.iter().cloned().collect())).build();
        let call = self.at.reader().rds.describe_db_parameters().db_parameter_group_name(group).filters(filter).max_records(100);
        let pages = call.into_paginator().items().send();
        let found = self.at.read("rds:DescribeDBParameters", group, pages.collect::<Result<Vec<_>, _>>()).await?;
        let dynamic = found.iter().filter(|parameter| parameter.apply_type() == Some("dynamic"));
        Ok(dynamic.filter_map(|parameter| parameter.parameter_name().map(str::to_ascii_lowercase)).collect())
    }

    async fn apply(&self, group: &str, set: &BTreeMap<String, String>, reset: &BTreeSet<String>) -> Result<(), ProviderError> {
        if set.is_empty() && reset.is_empty() {
            return Ok(());
        }
        let touched: BTreeSet<String> = set.keys().chain(reset).cloned().collect();
        let dynamic = self.dynamic(group, &touched).await?;
        let mut progress = Progress::default();
        // Values that need a reboot travel in calls of their own.
        for method in [ApplyMethod::Immediate, ApplyMethod::PendingReboot] {
            let here = |name: &String| dynamic.contains(name) == (method == ApplyMethod::Immediate);
            let parameter = |name: &String| Parameter::builder().parameter_name(name).apply_method(method.clone());
            let changes: Vec<Parameter> = set
                .iter()
                .filter(|(name, _)| here(name))
                .map(|(name, value)| parameter(name).parameter_value(value).build())
                .collect();
            for chunk in changes.chunks(CHUNK) {
                let call = self.at.writer().rds.modify_db_parameter_group().db_parameter_group_name(group);
                let call = call.set_parameters(Some(chunk.to_vec()));
                progress.step(self.at.write("rds:ModifyDBParameterGroup", group, || call.clone().send()).await)?;
            }
            let resets: Vec<Parameter> = reset.iter().filter(|name| here(name)).map(|name| parameter(name).build()).collect();
            for chunk in resets.chunks(CHUNK) {
                let call =
                    self.at.writer().rds.reset_db_parameter_group().db_parameter_group_name(group).reset_all_parameters(false);
                let call = call.set_parameters(Some(chunk.to_vec()));
                progress.step(self.at.write("rds:ResetDBParameterGroup", group, || call.clone().send()).await)?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().rds.describe_db_parameter_groups().max_records(100).into_paginator().items().send();
        let groups = self.at.read("rds:DescribeDBParameterGroups", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut listing = Listing::default();
        for live in groups.iter().map(live).filter(|live| !live.physical.starts_with("default.")) {
            if !live.physical.starts_with(&self.at.prefix()) {
                listing.live.push(live);
                continue;
            }
            let name = live.physical.clone();
            match self.complete(live).await {
                Ok(live) => listing.live.push(live),
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, &name, self.at.id_from_name(NAME, &name), &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.describe(physical).await? {
            Some(group) => self.complete(live(&group)).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "rds:CreateDBParameterGroup";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let call = self
            .at
            .writer()
            .rds
            .create_db_parameter_group()
            .db_parameter_group_name(&spec.name)
            .db_parameter_group_family(&spec.family)
            .description(&spec.description)
            .set_tags(Some(tags::to_rds(&request.tags)));
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            let seen = self.at.until_visible("rds:DescribeDBParameterGroups", &spec.name, || self.describe(&spec.name)).await?;
            let arn = seen.db_parameter_group_arn().unwrap_or_default();
            label::rds(&self.at, arn, &Delta::missing(&self.tags(arn).await?, &request.tags)).await?;
            self.apply(&spec.name, &spec.parameters, &BTreeSet::new()).await
        };
        finish.await.map_err(|error| partly(&spec.name, error))?;
        Ok(spec.name)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, name) = ("rds:ModifyDBParameterGroup", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, name, error))?;
        if let Some(fixed) = request.changed.iter().find(|name| matches!(name.as_str(), "name" | "family" | "description")) {
            return Err(self.at.invalid(operation, name, format!("a parameter group keeps its {fixed}")));
        }
        let mut progress = Progress::default();
        if request.changed.contains("parameters") {
            let now = request.live.attributes.get("parameters").and_then(Value::as_map).cloned().unwrap_or_default();
            let differs = |(name, value): &(&String, &String)| now.get(*name).and_then(Value::as_text) != Some(value.as_str());
            let set = spec.parameters.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect();
            let reset = now.keys().filter(|name| !spec.parameters.contains_key(*name)).cloned().collect();
            progress.step(self.apply(name, &set, &reset).await)?;
        }
        if request.changed.contains("tags") {
            let arn = request.live.outputs.get("arn").map_or("", String::as_str);
            progress.step(label::rds(&self.at, arn, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().rds.delete_db_parameter_group().db_parameter_group_name(&live.physical);
        self.at.remove("rds:DeleteDBParameterGroup", &live.physical, || call.clone().send()).await
    }
}
