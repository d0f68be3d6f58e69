//! How a KMS key is called. Its tags say whose it is, whatever alias it has now: making a second key because somebody
//! renamed an alias would leave the data of the first unreadable.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_kms::types::{KeyMetadata, KeyState};
use futures::try_join;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, document, label};
use crate::kinds::Kind;
use crate::kinds::kms_key::{KIND, NAME, Spec, at, calls, readiness};
use crate::model::tags::Tags;
use crate::model::{Live, Name, Readings, Status, Value};
use crate::world::{ErrorClass, ProviderError};

/// The only policy name KMS accepts.
const POLICY: &str = "default";

/// Rotation without a period is AWS's year.
const YEAR: i64 = 365;

pub struct Keys {
    at: Place,
}

/// A key as the two listings show it, or as it describes itself.
pub enum Seen {
    /// With all its aliases.
    Listed {
        id: String,
        arn: String,
        aliases: Vec<String>,
    },
    Described(Box<KeyMetadata>),
}

impl Keys {
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
        let entries = self.at.read(calls::ALIASES, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
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
        let entries = self.at.read(calls::ALIASES, key, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(entries.iter().filter_map(|entry| entry.alias_name().map(str::to_owned)).collect())
    }

    async fn tags_of(&self, key: &str) -> Result<Tags, ProviderError> {
        let pages = self.at.reader().kms.list_resource_tags().key_id(key).limit(50).into_paginator().items().send();
        Ok(tags::from_kms(&self.at.read(calls::TAGS, key, pages.collect::<Result<Vec<_>, _>>()).await?))
    }

    async fn describe(&self, key: &str) -> Result<Option<KeyMetadata>, ProviderError> {
        let answer = self.at.find(calls::DESCRIBE, key, self.at.reader().kms.describe_key().key_id(key).send()).await?;
        Ok(answer.and_then(|answer| answer.key_metadata))
    }

    async fn policy(&self, key: &str) -> Result<Value, ProviderError> {
        let operation = calls::GET_POLICY;
        let call = self.at.reader().kms.get_key_policy().key_id(key).policy_name(POLICY).send();
        let answer = self.at.read(operation, key, call).await?;
        document::parse(answer.policy().unwrap_or("{}"))
            .map_err(|error| self.at.refuse(ErrorClass::Internal, operation, key, error))
    }

    async fn rotation(&self, key: &str) -> Result<Option<i64>, ProviderError> {
        let call = self.at.reader().kms.get_key_rotation_status().key_id(key).send();
        let answer = self.at.read(calls::GET_ROTATION, key, call).await?;
        Ok(answer.key_rotation_enabled().then(|| answer.rotation_period_in_days().map_or(YEAR, i64::from)))
    }

    async fn add_alias(&self, key: &str, alias: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().kms.create_alias().alias_name(alias).target_key_id(key);
        let outcome = self.at.write_new(calls::CREATE_ALIAS, alias, || call.clone().send()).await;
        match outcome {
            // An alias that points at another key is somebody's decision; one that points here is done.
            Err(error) if error.class == ErrorClass::AlreadyExists => {
                if self.aliases_of(key).await?.iter().any(|found| found == alias) { Ok(()) } else { Err(error) }
            }
            other => other.map(drop),
        }
    }

    /// Removes the alias that the executor read, when it is one of ours; one that somebody gave the key since stays.
    async fn set_alias(&self, change: &Change<'_>, read: Option<&str>, target: Option<&str>) -> Result<(), ProviderError> {
        if let Some(alias) = target.filter(|_| target != read) {
            change.step(self.add_alias(change.id(), alias).await)?;
        }
        let ours = self.alias_prefix();
        if let Some(alias) = read.filter(|alias| alias.starts_with(&ours) && target != read) {
            let call = self.at.writer().kms.delete_alias().alias_name(alias);
            change.step(self.at.remove(calls::DELETE_ALIAS, alias, || call.clone().send()).await)?;
        }
        Ok(())
    }

    async fn set_rotation(&self, key: &str, days: Option<i64>) -> Result<(), ProviderError> {
        let client = &self.at.writer().kms;
        if let Some(days) = days {
            let operation = calls::ENABLE_ROTATION;
            let days = i32::try_from(days).map_err(|_| self.at.invalid(operation, key, format!("{days} days is too long")))?;
            let call = client.enable_key_rotation().key_id(key).rotation_period_in_days(days);
            self.at.write_new(operation, key, || call.clone().send()).await?;
        } else {
            let call = client.disable_key_rotation().key_id(key);
            self.at.write(calls::DISABLE_ROTATION, key, || call.clone().send()).await?;
        }
        Ok(())
    }

    async fn set_enabled(&self, key: &str, on: bool) -> Result<(), ProviderError> {
        let client = &self.at.writer().kms;
        if on {
            let call = client.enable_key().key_id(key);
            self.at.write(calls::ENABLE, key, || call.clone().send()).await?;
        } else {
            let call = client.disable_key().key_id(key);
            self.at.write(calls::DISABLE, key, || call.clone().send()).await?;
        }
        Ok(())
    }

    /// What describes a key by itself, and its policy and rotation.
    async fn details(&self, metadata: &KeyMetadata, aliases: &[String], tags: Tags) -> Result<Live, ProviderError> {
        let key = metadata.key_id();
        let mut live = Live { tags, ..described(metadata) };
        match self.preferred(aliases) {
            Some(alias) => live.attributes.set(at::alias, alias),
            None => live.attributes.absent(at::alias),
        }
        // KMS answers neither question about a key that waits for deletion in a way that means anything.
        if !matches!(live.status, Status::Failed(_)) {
            let (policy, rotation) = try_join!(self.policy(key), self.rotation(key))?;
            live.attributes.put(at::policy, policy);
            match rotation {
                Some(days) => live.attributes.put(at::rotation_days, days),
                None => live.attributes.absent(at::rotation_days),
            }
        }
        Ok(live)
    }

    /// A key of the listing. What is somebody else's is asked no more than its tags; `None` when it went since.
    async fn listed(&self, id: &str, arn: &str, aliases: &[String]) -> Result<Option<Live>, ProviderError> {
        let (alias, ours) = (self.preferred(aliases), self.alias_prefix());
        let ours = alias.is_some_and(|alias| alias.starts_with(&ours));
        match self.tags_of(id).await {
            Ok(tags) if !ours && !self.at.ours(&tags) => Ok(Some(Live { tags, ..listed(id, arn, alias) })),
            Ok(tags) => match self.describe(id).await? {
                Some(metadata) => self.details(&metadata, aliases, tags).await.map(Some),
                None => Ok(None),
            },
            // Somebody else's alias on a key that even its tags are kept from us: theirs.
            Err(error) if error.class == ErrorClass::AccessDenied && alias.is_some() && !ours => Ok(Some(listed(id, arn, alias))),
            Err(error) => Err(error),
        }
    }
}

fn outputs(id: &str, arn: &str) -> BTreeMap<String, String> {
    [("id".to_owned(), id.to_owned()), ("arn".to_owned(), arn.to_owned())].into()
}

/// What the two listings say.
fn listed(id: &str, arn: &str, alias: Option<&str>) -> Live {
    let mut attributes = Readings::default();
    match alias {
        Some(alias) => attributes.set(at::alias, alias),
        None => attributes.absent(at::alias),
    }
    for unasked in [at::description.name(), at::enabled.name(), at::policy.name(), at::rotation_days.name()] {
        attributes.not_asked(unasked);
    }
    let (physical, outputs) = (id.to_owned(), outputs(id, arn));
    Live { physical, outputs, attributes, tags: Tags::new(), status: Status::Ready, pending: Vec::new() }
}

/// What a key says of itself: neither its aliases nor its policy nor its rotation.
fn described(metadata: &KeyMetadata) -> Live {
    let mut attributes = Readings::default();
    attributes.set(at::description, metadata.description().unwrap_or_default());
    attributes.put(at::enabled, metadata.enabled());
    for unasked in [at::alias.name(), at::policy.name(), at::rotation_days.name()] {
        attributes.not_asked(unasked);
    }
    Live {
        physical: metadata.key_id().to_owned(),
        outputs: outputs(metadata.key_id(), metadata.arn().unwrap_or_default()),
        attributes,
        tags: Tags::new(),
        status: readiness(metadata.key_state().map_or("Enabled", KeyState::as_str)),
        pending: Vec::new(),
    }
}

#[async_trait]
impl Calls for Keys {
    type Spec = Spec;
    type Item = Seen;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::DESCRIBE;
    const CHANGE: &'static str = calls::UPDATE_DESCRIPTION;
    const LATER: &'static [Name] = &[at::alias.name(), at::rotation_days.name(), at::enabled.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Seen>, ProviderError> {
        let pages = self.at.reader().kms.list_keys().limit(1000).into_paginator().items().send();
        let keys = self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>());
        let (keys, mut aliases) = try_join!(keys, self.aliases())?;
        let seen = keys.into_iter().map(|key| {
            let id = key.key_id.unwrap_or_default();
            Seen::Listed { aliases: aliases.remove(&id).unwrap_or_default(), id, arn: key.key_arn.unwrap_or_default() }
        });
        Ok(seen.collect())
    }

    fn sight(&self, seen: &Seen) -> Sight {
        let Seen::Listed { id, aliases, .. } = seen else { return Sight::Shown(self.shown(seen)) };
        if aliases.iter().any(|alias| alias.starts_with("alias/aws/")) {
            return Sight::MadeByAws;
        }
        let alias = self.preferred(aliases).map(|alias| alias.strip_prefix("alias/").unwrap_or(alias));
        Sight::Ask { physical: id.clone(), owner: alias.and_then(|alias| self.at.id_from_name(NAME, alias)) }
    }

    async fn complete(&self, seen: &Seen) -> Result<Option<Live>, ProviderError> {
        match seen {
            Seen::Listed { id, arn, aliases } => self.listed(id, arn, aliases).await,
            Seen::Described(metadata) => {
                let key = metadata.key_id();
                let (aliases, tags) = (self.aliases_of(key).await?, self.tags_of(key).await?);
                self.details(metadata, &aliases, tags).await.map(Some)
            }
        }
    }

    async fn look(&self, key: &str) -> Result<Option<Seen>, ProviderError> {
        Ok(self.describe(key).await?.map(|metadata| Seen::Described(Box::new(metadata))))
    }

    fn usable(&self, seen: &Seen) -> bool {
        !matches!(seen, Seen::Described(metadata) if metadata.key_state() == Some(&KeyState::Creating))
    }

    fn shown(&self, seen: &Seen) -> Live {
        match seen {
            Seen::Listed { id, arn, aliases } => listed(id, arn, self.preferred(aliases)),
            Seen::Described(metadata) => described(metadata),
        }
    }

    async fn tags(&self, seen: &Seen) -> Result<Tags, ProviderError> {
        match seen {
            Seen::Listed { id, .. } => self.tags_of(id).await,
            Seen::Described(metadata) => self.tags_of(metadata.key_id()).await,
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let name = spec.alias.as_deref().unwrap_or(NAME);
        let policy = document::text(&spec.policy).map_err(|error| self.at.invalid(calls::CREATE, name, error))?;
        let create = self.at.writer().kms.create_key();
        let call = create.description(&spec.description).policy(policy).set_tags(Some(tags::to_kms(tags)));
        let answer = self.at.write(calls::CREATE, name, || call.clone().send()).await?;
        let key = answer.key_metadata().map(|metadata| metadata.key_id().to_owned());
        key.ok_or_else(|| self.at.nameless(calls::CREATE, name))
    }

    /// A disabled key refuses most changes: it is enabled before everything else and disabled after it.
    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let key = change.id();
        if change.to(at::enabled)? == Some(true) {
            change.step(self.set_enabled(key, true).await)?;
        }
        if let Some(alias) = change.to_or_none(at::alias)? {
            let read = change.from(at::alias).known();
            self.set_alias(change, read.as_deref(), alias.as_deref()).await?;
        }
        if let Some(description) = change.to(at::description)? {
            let call = self.at.writer().kms.update_key_description().key_id(key).description(description);
            change.step(self.at.write(calls::UPDATE_DESCRIPTION, key, || call.clone().send()).await)?;
        }
        if let Some(policy) = change.to(at::policy)? {
            let policy = document::text(&policy).map_err(|error| self.at.invalid(calls::PUT_POLICY, key, error));
            let call = self.at.writer().kms.put_key_policy().key_id(key).policy_name(POLICY).policy(change.check(policy)?);
            change.step(self.at.write(calls::PUT_POLICY, key, || call.clone().send()).await)?;
        }
        if let Some(days) = change.to_or_none(at::rotation_days)? {
            change.step(self.set_rotation(key, days).await)?;
        }
        Ok(())
    }

    async fn last(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        if change.to(at::enabled)? == Some(false) {
            change.step(self.set_enabled(change.id(), false).await)?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::kms(&self.at, &live.physical, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted(calls::DELETE, &live.physical))
    }
}
