//! How a backup vault is called: made with its key, labelled, never deleted.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_backup::types::{BackupVaultListMember, RecoveryPointStatus};
use aws_smithy_types::DateTime;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, date, label};
use crate::kinds::backup_vault::{KIND, NAME, Spec, calls, readiness};
use crate::kinds::kit::Spec as _;
use crate::kinds::{Kind, facts};
use crate::model::Live;
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::world::{ProviderError, Told};

/// Vaults that AWS makes by itself.
const MADE_BY_AWS: [&str; 2] = ["Default", "aws/efs/automatic-backup-vault"];

pub struct Vaults {
    at: Place,
}

#[async_trait]
impl Calls for Vaults {
    type Spec = Spec;
    type Item = BackupVaultListMember;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::LIST;
    /// Every attribute of a vault is fixed.
    const CHANGE: &'static str = calls::CREATE;

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<BackupVaultListMember>, ProviderError> {
        let pages = self.at.reader().backup.list_backup_vaults().max_results(1000).into_paginator().items().send();
        self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await
    }

    fn sight(&self, vault: &BackupVaultListMember) -> Sight {
        match vault.backup_vault_name().unwrap_or_default() {
            name if MADE_BY_AWS.contains(&name) => Sight::MadeByAws,
            name if name.starts_with(&self.at.prefix()) => Sight::named(self, name),
            _ => Sight::Shown(self.shown(vault)),
        }
    }

    async fn complete(&self, vault: &BackupVaultListMember) -> Result<Option<Live>, ProviderError> {
        Ok(Some(Live { tags: self.tags(vault).await?, ..self.shown(vault) }))
    }

    /// From the list: asked about one vault, AWS Backup answers "access denied" when it does not exist.
    async fn look(&self, name: &str) -> Result<Option<BackupVaultListMember>, ProviderError> {
        Ok(self.list().await?.into_iter().find(|vault| vault.backup_vault_name() == Some(name)))
    }

    fn shown(&self, vault: &BackupVaultListMember) -> Live {
        let name = vault.backup_vault_name().unwrap_or_default().to_owned();
        let key = vault.encryption_key_arn().unwrap_or_default().to_owned();
        let spec = Spec { name: name.clone(), kms_key: Link::Physical(key) };
        let arn = vault.backup_vault_arn().unwrap_or_default().to_owned();
        Live {
            outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), arn)].into(),
            physical: name,
            attributes: spec.lower().into(),
            tags: Tags::new(),
            // A vault without a state is of the time before vaults had one.
            status: readiness(vault.vault_state().map_or("AVAILABLE", |state| state.as_str())),
            pending: Vec::new(),
        }
    }

    async fn tags(&self, vault: &BackupVaultListMember) -> Result<Tags, ProviderError> {
        label::backup_tags(&self.at, vault.backup_vault_arn().unwrap_or_default()).await
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let key = spec.kms_key.physical().map_err(|error| self.at.invalid(calls::CREATE, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .backup
            .create_backup_vault()
            .backup_vault_name(&spec.name)
            .encryption_key_arn(key)
            .set_backup_vault_tags(Some(tags::to_map(tags)))
            .creator_request_id(tags::token(tags, &spec.name));
        self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(&self, _change: &Change<'_>) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::backup(&self.at, label::arn(live), delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
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
