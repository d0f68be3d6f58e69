//! How a backup vault is called: made with its key, labelled, never deleted.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_backup::types::{BackupVaultListMember, RecoveryPointStatus};
use aws_smithy_types::DateTime;

use crate::aws::call::partly;
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, date, label};
use crate::kinds::backup_vault::{NAME, Spec, calls, readiness};
use crate::kinds::facts;
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Attributes, Listing, Live, Region};
use crate::world::{CreateRequest, Driver, ProviderError, Told, UpdateRequest};

/// Vaults that AWS makes by itself.
const MADE_BY_AWS: [&str; 2] = ["Default", "aws/efs/automatic-backup-vault"];

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn live(vault: &BackupVaultListMember) -> Live {
    let name = vault.backup_vault_name().unwrap_or_default().to_owned();
    let key = vault.encryption_key_arn().unwrap_or_default().to_owned();
    let spec = Spec { name: name.clone(), kms_key: Link::Physical(key) };
    let arn = vault.backup_vault_arn().unwrap_or_default().to_owned();
    Live {
        outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), arn)].into(),
        physical: name,
        attributes: Attributes::lower(&spec).into(),
        tags: Tags::new(),
        // A vault without a state is of the time before vaults had one.
        status: readiness(vault.vault_state().map_or("AVAILABLE", |state| state.as_str())),
        pending: Vec::new(),
    }
}

impl Aws {
    async fn vaults(&self) -> Result<Vec<BackupVaultListMember>, ProviderError> {
        let pages = self.at.reader().backup.list_backup_vaults().max_results(1000).into_paginator().items().send();
        self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    /// From the list: asked about one vault, AWS Backup answers "access denied" when it does not exist.
    async fn find(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        Ok(self.vaults().await?.iter().find(|vault| vault.backup_vault_name() == Some(name)).map(live))
    }

    async fn complete(&self, mut live: Live) -> Result<Live, ProviderError> {
        live.tags = label::backup_tags(&self.at, live.outputs.get("arn").map_or("", String::as_str)).await?;
        Ok(live)
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let mut listing = Listing::default();
        for live in self.vaults().await?.iter().map(live).filter(|live| !MADE_BY_AWS.contains(&live.physical.as_str())) {
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
        match self.find(physical).await? {
            Some(live) => self.complete(live).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = calls::CREATE;
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let key = spec.kms_key.physical().map_err(|error| self.at.invalid(operation, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .backup
            .create_backup_vault()
            .backup_vault_name(&spec.name)
            .encryption_key_arn(key)
            .set_backup_vault_tags(Some(tags::to_map(&request.tags)))
            .creator_request_id(tags::token(&request.tags, &spec.name));
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            let seen = self.at.until_visible(calls::LIST, &spec.name, || self.find(&spec.name)).await?;
            let arn = seen.outputs.get("arn").cloned().unwrap_or_default();
            let echoed = label::backup_tags(&self.at, &arn).await?;
            label::backup(&self.at, &arn, &Delta::missing(&echoed, &request.tags)).await
        };
        finish.await.map_err(|error| partly(&spec.name, error))?;
        Ok(spec.name)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let name = &request.live.physical;
        if let Some(fixed) = request.changed.iter().find(|name| *name != "tags") {
            return Err(self.at.invalid(calls::CREATE, name, format!("a vault keeps its {fixed}")));
        }
        let arn = request.live.outputs.get("arn").map_or("", String::as_str);
        label::backup(&self.at, arn, &Delta::between(&request.live.tags, &request.tags)).await
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted(calls::DELETE, &live.physical))
    }

    /// The completed recovery points of each vault that can be ours. A copy carries the time of its source.
    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        let mut told = Vec::new();
        for vault in live.iter().filter(|vault| vault.physical.starts_with(&self.at.prefix())) {
            let name = &vault.physical;
            let call = self.at.reader().backup.list_recovery_points_by_backup_vault().backup_vault_name(name).max_results(1000);
            let pages = call.into_paginator().items().send();
            let points = self.at.read(calls::POINTS, name, pages.collect::<Result<Vec<_>, _>>()).await?;
            let mut times: BTreeMap<&str, Vec<DateTime>> = BTreeMap::new();
            for point in points.iter().filter(|point| point.status() == Some(&RecoveryPointStatus::Completed)) {
                if let Some((resource, at)) = point.resource_arn().zip(point.creation_date()) {
                    times.entry(resource).or_default().push(*at);
                }
            }
            for (resource, times) in times {
                let mut tell = |fact: &str, value: Option<String>| {
                    told.extend(value.map(|value| Told {
                        physical: name.clone(),
                        name: facts::of_points(fact, resource),
                        value,
                        operation: calls::POINTS.to_owned(),
                    }));
                };
                let by_time = |at: &&DateTime| (at.secs(), at.subsec_nanos());
                tell(facts::POINTS, Some(times.len().to_string()));
                tell(facts::NEWEST_POINT, times.iter().max_by_key(by_time).and_then(date::rfc3339));
                tell(facts::OLDEST_POINT, times.iter().min_by_key(by_time).and_then(date::rfc3339));
            }
        }
        Ok(told)
    }
}
