//! How a KMS key is called. Its tags say whose it is, whatever alias it has now: making a second key because somebody
//! renamed an alias would leave the data of the first unreadable.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_kms::types::{KeyMetadata, KeyState};
use futures::try_join;

use super::{NAME, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, document, label};
use crate::model::tags::Tags;
use crate::model::{Attributes, Listing, Live, Region, Status, Value};
use crate::world::{CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest};

/// The only policy name KMS accepts.
const POLICY: &str = "default";

/// Rotation without a period is AWS's year.
const YEAR: i64 = 365;

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn outputs(id: &str, arn: &str) -> BTreeMap<String, String> {
    [("id".to_owned(), id.to_owned()), ("arn".to_owned(), arn.to_owned())].into()
}

/// A key of somebody else, as the two listings show it.
fn listed(id: &str, arn: &str, alias: Option<&str>, tags: Tags) -> Live {
    let mut attributes = Attributes::default();
    if let Some(alias) = alias {
        attributes.set("alias", alias);
    }
    Live { physical: id.to_owned(), outputs: outputs(id, arn), attributes, tags, status: Status::Ready, pending: Vec::new() }
}

impl Aws {
    fn alias_prefix(&self) -> String {
        format!("alias/{}", self.at.prefix())
    }

    /// The alias to show when a key has several: ours before others'.
    fn preferred<'a>(&self, aliases: &'a [String]) -> Option<&'a str> {
        let ours = self.alias_prefix();
        let mut sorted: Vec<&str> = aliases.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        sorted.iter().find(|alias| alias.starts_with(&ours)).or_else(|| sorted.first()).copied()
    }

    /// Key id to alias names.
    async fn aliases(&self) -> Result<BTreeMap<String, Vec<String>>, ProviderError> {
        let pages = self.at.reader().kms.list_aliases().limit(100).into_paginator().items().send();
        let entries = self.at.read("kms:ListAliases", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in &entries {
            if let (Some(key), Some(alias)) = (entry.target_key_id(), entry.alias_name()) {
                found.entry(key.to_owned()).or_default().push(alias.to_owned());
            }
        }
        Ok(found)
    }

    async fn aliases_of(&self, key: &str) -> Result<Vec<String>, ProviderError> {
        let pages = self.at.reader().kms.list_aliases().key_id(key).limit(100).into_paginator().items().send();
        let entries = self.at.read("kms:ListAliases", key, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(entries.iter().filter_map(|entry| entry.alias_name().map(str::to_owned)).collect())
    }

    async fn tags(&self, key: &str) -> Result<Tags, ProviderError> {
        let pages = self.at.reader().kms.list_resource_tags().key_id(key).limit(50).into_paginator().items().send();
        Ok(tags::from_kms(&self.at.read("kms:ListResourceTags", key, pages.collect::<Result<Vec<_>, _>>()).await?))
    }

    async fn describe(&self, key: &str) -> Result<Option<KeyMetadata>, ProviderError> {
        let answer = self.at.find("kms:DescribeKey", key, self.at.reader().kms.describe_key().key_id(key).send()).await?;
        Ok(answer.and_then(|answer| answer.key_metadata))
    }

    async fn policy(&self, key: &str) -> Result<Value, ProviderError> {
        let operation = "kms:GetKeyPolicy";
        let call = self.at.reader().kms.get_key_policy().key_id(key).policy_name(POLICY).send();
        let answer = self.at.read(operation, key, call).await?;
        document::parse(answer.policy().unwrap_or("{}"))
            .map_err(|error| self.at.refuse(ErrorClass::Internal, operation, key, error))
    }

    async fn rotation(&self, key: &str) -> Result<Option<i64>, ProviderError> {
        let call = self.at.reader().kms.get_key_rotation_status().key_id(key).send();
        let answer = self.at.read("kms:GetKeyRotationStatus", key, call).await?;
        Ok(answer.key_rotation_enabled().then(|| answer.rotation_period_in_days().map_or(YEAR, i64::from)))
    }

    /// Everything about one key.
    async fn complete(&self, metadata: &KeyMetadata, alias: Option<&str>, tags: Tags) -> Result<Live, ProviderError> {
        let key = metadata.key_id();
        let state = metadata.key_state().map_or("Enabled", KeyState::as_str);
        let status = readiness(state);
        let mut live = listed(key, metadata.arn().unwrap_or_default(), alias, tags);
        live.status = status.clone();
        live.attributes.set("description", metadata.description().unwrap_or_default());
        live.attributes.set("enabled", metadata.enabled());
        // KMS answers neither question about a key that waits for deletion in a way that means anything.
        if !matches!(status, Status::Failed(_)) {
            let (policy, rotation) = try_join!(self.policy(key), self.rotation(key))?;
            live.attributes.set("policy", policy);
            if let Some(days) = rotation {
                live.attributes.set("rotation_days", days);
            }
        }
        Ok(live)
    }

    /// `None` when the key went between the listing and this.
    async fn look(&self, key: &str, alias: Option<&str>, tags: Tags) -> Result<Option<Live>, ProviderError> {
        match self.describe(key).await? {
            Some(metadata) => self.complete(&metadata, alias, tags).await.map(Some),
            None => Ok(None),
        }
    }

    async fn add_alias(&self, key: &str, alias: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().kms.create_alias().alias_name(alias).target_key_id(key);
        let outcome = self.at.write_new("kms:CreateAlias", alias, || call.clone().send()).await;
        match outcome {
            // An alias that points at another key is somebody's decision; one that points here is done.
            Err(error) if error.class == ErrorClass::AlreadyExists => {
                if self.aliases_of(key).await?.iter().any(|found| found == alias) { Ok(()) } else { Err(error) }
            }
            other => other.map(drop),
        }
    }

    /// Removes the alias that the executor read, when it is one of ours; one that somebody gave the key since stays.
    async fn set_alias(&self, key: &str, read: Option<&str>, target: Option<&str>) -> Result<(), ProviderError> {
        if let Some(alias) = target.filter(|_| target != read) {
            self.add_alias(key, alias).await?;
        }
        let ours = self.alias_prefix();
        if let Some(alias) = read.filter(|alias| alias.starts_with(&ours) && target != read) {
            let call = self.at.writer().kms.delete_alias().alias_name(alias);
            self.at.remove("kms:DeleteAlias", alias, || call.clone().send()).await?;
        }
        Ok(())
    }

    async fn set_rotation(&self, key: &str, days: Option<i64>) -> Result<(), ProviderError> {
        let client = &self.at.writer().kms;
        if let Some(days) = days {
            let operation = "kms:EnableKeyRotation";
            let days = i32::try_from(days).map_err(|_| self.at.invalid(operation, key, format!("{days} days is too long")))?;
            let call = client.enable_key_rotation().key_id(key).rotation_period_in_days(days);
            self.at.write_new(operation, key, || call.clone().send()).await?;
        } else {
            let call = client.disable_key_rotation().key_id(key);
            self.at.write("kms:DisableKeyRotation", key, || call.clone().send()).await?;
        }
        Ok(())
    }

    async fn set_enabled(&self, key: &str, on: bool) -> Result<(), ProviderError> {
        let client = &self.at.writer().kms;
        if on {
            let call = client.enable_key().key_id(key);
            self.at.write("kms:EnableKey", key, || call.clone().send()).await?;
        } else {
            let call = client.disable_key().key_id(key);
            self.at.write("kms:DisableKey", key, || call.clone().send()).await?;
        }
        Ok(())
    }

    async fn usable(&self, key: &str) -> Result<Option<KeyMetadata>, ProviderError> {
        Ok(self.describe(key).await?.filter(|metadata| metadata.key_state() != Some(&KeyState::Creating)))
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().kms.list_keys().limit(1000).into_paginator().items().send();
        let keys = self.at.read("kms:ListKeys", NAME, pages.collect::<Result<Vec<_>, _>>());
        let (keys, aliases) = try_join!(keys, self.aliases())?;
        let ours = self.alias_prefix();
        let mut listing = Listing::default();
        for key in &keys {
            let (id, arn) = (key.key_id().unwrap_or_default(), key.key_arn().unwrap_or_default());
            let names = aliases.get(id).map_or(&[][..], Vec::as_slice);
            if names.iter().any(|alias| alias.starts_with("alias/aws/")) {
                continue;
            }
            let alias = self.preferred(names);
            let owner = alias.and_then(|alias| self.at.id_from_name(NAME, alias.trim_start_matches("alias/")));
            let found = match self.tags(id).await {
                // Foreign: what the listing says of it is all that is asked.
                Ok(tags) if !alias.is_some_and(|alias| alias.starts_with(&ours)) && !self.at.ours(&tags) => {
                    Ok(Some(listed(id, arn, alias, tags)))
                }
                Ok(tags) => self.look(id, alias, tags).await,
                // Somebody else's alias on a key that even its tags are kept from us: theirs.
                Err(error) if error.class == ErrorClass::AccessDenied && alias.is_some() && owner.is_none() => {
                    Ok(Some(listed(id, arn, alias, Tags::new())))
                }
                Err(error) => Err(error),
            };
            match found {
                Ok(live) => listing.live.extend(live),
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, id, owner, &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        let Some(metadata) = self.describe(physical).await? else { return Ok(None) };
        let (aliases, tags) = (self.aliases_of(physical).await?, self.tags(physical).await?);
        self.complete(&metadata, self.preferred(&aliases), tags).await.map(Some)
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "kms:CreateKey";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let name = spec.alias.clone().unwrap_or_else(|| NAME.to_owned());
        let policy = document::text(&spec.policy).map_err(|error| self.at.invalid(operation, &name, error))?;
        let call = self
            .at
            .writer()
            .kms
            .create_key()
            .description(&spec.description)
            .policy(policy)
            .set_tags(Some(tags::to_kms(&request.tags)));
        let answer = self.at.write(operation, &name, || call.clone().send()).await?;
        let id = answer.key_metadata().ok_or_else(|| self.at.nameless(operation, &name))?.key_id().to_owned();
        let finish = async {
            self.at.until_visible("kms:DescribeKey", &id, || self.usable(&id)).await?;
            label::kms(&self.at, &id, &Delta::missing(&self.tags(&id).await?, &request.tags)).await?;
            if let Some(alias) = &spec.alias {
                self.add_alias(&id, alias).await?;
            }
            if spec.rotation_days.is_some() {
                self.set_rotation(&id, spec.rotation_days).await?;
            }
            if spec.enabled { Ok(()) } else { self.set_enabled(&id, false).await }
        };
        finish.await.map_err(|error| partly(&id, error))?;
        Ok(id)
    }

    /// A disabled key refuses most changes: it is enabled before everything else and disabled after it.
    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, key) = ("kms:UpdateKeyDescription", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, key, error))?;
        let changed = |name: &str| request.changed.contains(name);
        let mut progress = Progress::default();
        if changed("enabled") && spec.enabled {
            progress.step(self.set_enabled(key, true).await)?;
        }
        if changed("alias") {
            progress.step(self.set_alias(key, request.live.attributes.text("alias"), spec.alias.as_deref()).await)?;
        }
        if changed("description") {
            let call = self.at.writer().kms.update_key_description().key_id(key).description(&spec.description);
            progress.step(self.at.write(operation, key, || call.clone().send()).await)?;
        }
        if changed("policy") {
            let policy = document::text(&spec.policy).map_err(|error| self.at.invalid("kms:PutKeyPolicy", key, error))?;
            let call = self.at.writer().kms.put_key_policy().key_id(key).policy_name(POLICY).policy(policy);
            progress.step(self.at.write("kms:PutKeyPolicy", key, || call.clone().send()).await)?;
        }
        if changed("rotation_days") {
            progress.step(self.set_rotation(key, spec.rotation_days).await)?;
        }
        if changed("tags") {
            progress.step(label::kms(&self.at, key, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        if changed("enabled") && !spec.enabled {
            progress.step(self.set_enabled(key, false).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted("kms:ScheduleKeyDeletion", &live.physical))
    }
}
