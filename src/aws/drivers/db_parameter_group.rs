//! How an RDS parameter group is called. It owns its user-set parameters; what is no longer wanted is reset by name.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use aws_sdk_rds::types::{ApplyMethod, DbParameterGroup, Filter, Parameter};
use futures::try_join;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::db_parameter_group::{KIND, NAME, PROMISED, Spec, at, calls, readiness};
use crate::model::tags::Tags;
use crate::model::{Live, Name, Readings};
use crate::world::ProviderError;

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

pub struct ParameterGroups {
    at: Place,
}

fn named(parameter: &Parameter) -> Option<(String, String)> {
    Some((parameter.parameter_name()?.to_ascii_lowercase(), parameter.parameter_value()?.to_owned()))
}

fn kept_by_default(name: &str, value: &str) -> bool {
    KEPT.iter().any(|(kept, values)| *kept == name && values.contains(&value))
}

impl ParameterGroups {
    /// The user-set parameters, and the promised ones whatever their source: two calls of one page each, where reading
    /// the whole group would be four or more.
    async fn parameters(&self, name: &str) -> Result<BTreeMap<String, String>, ProviderError> {
        let operation = calls::PARAMETERS;
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

    /// Whether each parameter takes effect at once. AWS refuses `immediate` for a static one.
    async fn dynamic(&self, group: &str, names: &BTreeSet<String>) -> Result<BTreeSet<String>, ProviderError> {
        let filter = Filter::builder().name("parameter-name").set_values(Some(names.iter().cloned().collect())).build();
        let call = self.at.reader().rds.describe_db_parameters().db_parameter_group_name(group).filters(filter).max_records(100);
        let pages = call.into_paginator().items().send();
        let found = self.at.read(calls::PARAMETERS, group, pages.collect::<Result<Vec<_>, _>>()).await?;
        let dynamic = found.iter().filter(|parameter| parameter.apply_type() == Some("dynamic"));
        Ok(dynamic.filter_map(|parameter| parameter.parameter_name().map(str::to_ascii_lowercase)).collect())
    }

    async fn apply(
        &self,
        change: &Change<'_>,
        set: &BTreeMap<String, String>,
        reset: &BTreeSet<String>,
    ) -> Result<(), ProviderError> {
        if set.is_empty() && reset.is_empty() {
            return Ok(());
        }
        let touched: BTreeSet<String> = set.keys().chain(reset).cloned().collect();
        let group = change.id();
        let dynamic = change.check(self.dynamic(group, &touched).await)?;
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
                change.step(self.at.write(calls::MODIFY, group, || call.clone().send()).await)?;
            }
            let resets: Vec<Parameter> = reset.iter().filter(|name| here(name)).map(|name| parameter(name).build()).collect();
            for chunk in resets.chunks(CHUNK) {
                let call =
                    self.at.writer().rds.reset_db_parameter_group().db_parameter_group_name(group).reset_all_parameters(false);
                let call = call.set_parameters(Some(chunk.to_vec()));
                change.step(self.at.write(calls::RESET, group, || call.clone().send()).await)?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Calls for ParameterGroups {
    type Spec = Spec;
    type Item = DbParameterGroup;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::MODIFY;
    const LATER: &'static [Name] = &[at::parameters.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<DbParameterGroup>, ProviderError> {
        let pages = self.at.reader().rds.describe_db_parameter_groups().max_records(100).into_paginator().items().send();
        self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    fn sight(&self, group: &DbParameterGroup) -> Sight {
        match group.db_parameter_group_name().unwrap_or_default() {
            name if name.starts_with("default.") => Sight::MadeByAws,
            name if name.starts_with(&self.at.prefix()) => Sight::named(self, name),
            _ => Sight::Shown(self.shown(group)),
        }
    }

    async fn complete(&self, group: &DbParameterGroup) -> Result<Option<Live>, ProviderError> {
        let shown = self.shown(group);
        let (tags, parameters) = try_join!(self.tags(group), self.parameters(&shown.physical))?;
        let mut live = Live { tags, ..shown };
        live.attributes.put(at::parameters, parameters);
        Ok(Some(live))
    }

    async fn look(&self, name: &str) -> Result<Option<DbParameterGroup>, ProviderError> {
        let call = self.at.reader().rds.describe_db_parameter_groups().db_parameter_group_name(name).send();
        let answer = self.at.find(calls::DESCRIBE, name, call).await?;
        Ok(answer.and_then(|answer| answer.db_parameter_groups.unwrap_or_default().into_iter().next()))
    }

    fn shown(&self, group: &DbParameterGroup) -> Live {
        let name = group.db_parameter_group_name().unwrap_or_default().to_owned();
        let mut attributes = Readings::default();
        attributes.set(at::name, name.as_str());
        attributes.set(at::family, group.db_parameter_group_family().unwrap_or_default());
        attributes.set(at::description, group.description().unwrap_or_default());
        attributes.not_asked(at::parameters);
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

    async fn tags(&self, group: &DbParameterGroup) -> Result<Tags, ProviderError> {
        label::rds_tags(&self.at, group.db_parameter_group_arn().unwrap_or_default()).await
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let call = self
            .at
            .writer()
            .rds
            .create_db_parameter_group()
            .db_parameter_group_name(&spec.name)
            .db_parameter_group_family(&spec.family)
            .description(&spec.description)
            .set_tags(Some(tags::to_rds(tags)));
        self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let Some(target) = change.to(at::parameters)? else { return Ok(()) };
        let now = change.before(at::parameters)?;
        let set = target.iter().filter(|(name, value)| now.get(*name) != Some(*value));
        let set = set.map(|(name, value)| (name.clone(), value.clone())).collect();
        let reset = now.keys().filter(|name| !target.contains_key(*name)).cloned().collect();
        self.apply(change, &set, &reset).await
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::rds(&self.at, label::arn(live), delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let call = self.at.writer().rds.delete_db_parameter_group().db_parameter_group_name(&live.physical);
        self.at.remove(calls::DELETE, &live.physical, || call.clone().send()).await
    }
}
