//! How a backup vault is called: made with its key, labelled, never deleted.

use std::collections::BTreeMap;

use aws_sdk_backup::types::{BackupVaultListMember, RecoveryPointStatus, VaultType};
use aws_smithy_types::DateTime;

use crate::aws::prelude::*;
use crate::kinds::backup_vault::{Lock, Spec, at, calls};
use crate::kinds::facts;

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = BackupVaultListMember;
    const FOREIGN_TOO: bool = true;

    /// One vault is found in the list: AWS Backup answers "access denied" to a call about a vault that does not exist.
    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<BackupVaultListMember>> {
        let call = place.reader().backup.list_backup_vaults().max_results(1000);
        let send = |token| call.clone().set_next_token(token).send();
        let mut found = place.look(None, send, |page| (page.backup_vault_list, page.next_token)).await?;
        found.retain(|vault| only.is_none_or(|only| vault.backup_vault_name() == Some(only)));
        Ok(found)
    }

    fn shown(vault: &BackupVaultListMember) -> Live {
        let mut attributes = Readings::default();
        attributes.put(at::name, text(vault.backup_vault_name()));
        attributes.put(at::kms_key, link(vault.encryption_key_arn()));
        let lock = Lock { min_days: vault.min_retention_days(), max_days: vault.max_retention_days() };
        attributes.put_or_absent(at::lock, Some(lock).filter(|lock| lock.min_days.or(lock.max_days).is_some()));
        Live {
            // AWS Backup returns no state for a vault from the time before vaults had one.
            status: Self::status(vault.vault_state().map_or("AVAILABLE", |state| state.as_str())),
            ..Self::live(vault.backup_vault_name(), vault.backup_vault_arn(), attributes)
        }
    }

    /// Only promises need the policy: a denied call leaves plan and drift as they are.
    async fn complete(place: &Place, vault: &BackupVaultListMember, tags: Tags) -> Answer<Option<Live>> {
        let (mut live, name) = (Live { tags, ..Self::shown(vault) }, text(vault.backup_vault_name()));
        // An air-gapped vault is shared in another way, which is not asked: who may use it is not known.
        if vault.vault_type().is_some_and(|kind| *kind != VaultType::BackupVault) {
            return Ok(Some(live));
        }
        let call = || place.reader().backup.get_backup_vault_access_policy().backup_vault_name(&name).send();
        let answer = place.find(calls::POLICY, &name, call).await.map_err(|error| place.unread(&error));
        let found = answer.map(|answer| answer.and_then(|answer| answer.policy));
        match found.and_then(|text| text.map(|text| document::parse(&text)).transpose()) {
            Ok(policy) => live.attributes.put_or_absent(at::policy, policy),
            Err(why) => live.attributes.failed(at::policy, why),
        }
        Ok(Some(live))
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let call = new.writer().backup.create_backup_vault().backup_vault_name(&spec.name);
        let call = call.encryption_key_arn(new.link(&spec.kms_key)?).creator_request_id(new.token());
        let call = call.set_backup_vault_tags(Some(tags::to_map(new.tags())));
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    /// The completed recovery points of each vault that may be ours. A copy carries the time of its source.
    async fn facts(place: &Place, live: &[Live]) -> Answer<Vec<Told>> {
        let mut told = Vec::new();
        for vault in live.iter().filter(|vault| place.may_be_ours(&vault.tags)) {
            let name = &vault.physical;
            let call = place.reader().backup.list_recovery_points_by_backup_vault().backup_vault_name(name).max_results(1000);
            let send = |token| call.clone().set_next_token(token).send();
            let points = place.pages(calls::POINTS, name, send, |page| (page.recovery_points, page.next_token)).await?;
            let mut times: BTreeMap<&str, Vec<DateTime>> = BTreeMap::new();
            for point in points.iter().filter(|point| point.status() == Some(&RecoveryPointStatus::Completed)) {
                if let Some((resource, at)) = point.resource_arn().zip(point.creation_date()) {
                    times.entry(resource).or_default().push(*at);
                }
            }
            for (resource, times) in times {
                let mut tell = |fact: &str, value: Option<String>| {
                    told.extend(value.map(|value| Told {
                        physical: name.to_string(),
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
