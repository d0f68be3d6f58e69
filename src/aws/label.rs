//! Writes tag changes in each service's own calls. An empty change calls nothing. When tags were put and others could not be
//! removed, the failure says that a part was done.

use super::call::{Place, Progress};
use super::tags::{self, Delta};
use crate::kinds::tagging;
use crate::model::Live;
use crate::model::tags::Tags;
use crate::world::ProviderError;

/// `id` of a VPC, a subnet, a group, an option set.
pub async fn ec2(place: &Place, id: &str, delta: &Delta) -> Result<(), ProviderError> {
    let client = &place.writer().ec2;
    let mut progress = Progress::default();
    if !delta.put.is_empty() {
        let call = client.create_tags().resources(id).set_tags(Some(tags::to_ec2(&delta.put)));
        progress.step(place.write_new(tagging::ec2::PUT, id, || call.clone().send()).await)?;
    }
    if !delta.remove.is_empty() {
        let keys = delta.remove.iter().map(|key| aws_sdk_ec2::types::Tag::builder().key(key).build()).collect();
        let call = client.delete_tags().resources(id).set_tags(Some(keys));
        progress.step(place.write(tagging::ec2::REMOVE, id, || call.clone().send()).await)?;
    }
    Ok(())
}

pub async fn rds(place: &Place, arn: &str, delta: &Delta) -> Result<(), ProviderError> {
    let client = &place.writer().rds;
    let mut progress = Progress::default();
    if !delta.put.is_empty() {
        let call = client.add_tags_to_resource().resource_name(arn).set_tags(Some(tags::to_rds(&delta.put)));
        progress.step(place.write(tagging::rds::PUT, arn, || call.clone().send()).await)?;
    }
    if !delta.remove.is_empty() {
        let call = client.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(delta.remove.clone()));
        progress.step(place.write(tagging::rds::REMOVE, arn, || call.clone().send()).await)?;
    }
    Ok(())
}

pub async fn iam(place: &Place, role: &str, delta: &Delta) -> Result<(), ProviderError> {
    let client = &place.writer().iam;
    let mut progress = Progress::default();
    if !delta.put.is_empty() {
        let call = client.tag_role().role_name(role).set_tags(Some(tags::to_iam(&delta.put)));
        progress.step(place.write(tagging::iam::PUT, role, || call.clone().send()).await)?;
    }
    if !delta.remove.is_empty() {
        let call = client.untag_role().role_name(role).set_tag_keys(Some(delta.remove.clone()));
        progress.step(place.write(tagging::iam::REMOVE, role, || call.clone().send()).await)?;
    }
    Ok(())
}

/// S3 replaces all tags of a bucket at once: those of others go along, except AWS's own, which nobody may send.
pub async fn s3(place: &Place, bucket: &str, live: &Tags, delta: &Delta) -> Result<(), ProviderError> {
    if delta.put.is_empty() && delta.remove.is_empty() {
        return Ok(());
    }
    let mut all = live.clone();
    all.retain(|key, _| !delta.remove.contains(key) && !key.starts_with("aws:"));
    all.extend(delta.put.clone());
    let operation = tagging::s3::PUT;
    let tagging = aws_sdk_s3::types::Tagging::builder().set_tag_set(Some(tags::to_s3(&all))).build();
    let tagging = tagging.map_err(|error| place.invalid(operation, bucket, error.to_string()))?;
    let call = place.writer().s3.put_bucket_tagging().bucket(bucket).expected_bucket_owner(place.account()).tagging(tagging);
    place.write_new(operation, bucket, || call.clone().send()).await.map(drop)
}

pub async fn kms(place: &Place, key: &str, delta: &Delta) -> Result<(), ProviderError> {
    let client = &place.writer().kms;
    let mut progress = Progress::default();
    if !delta.put.is_empty() {
        let call = client.tag_resource().key_id(key).set_tags(Some(tags::to_kms(&delta.put)));
        progress.step(place.write(tagging::kms::PUT, key, || call.clone().send()).await)?;
    }
    if !delta.remove.is_empty() {
        let call = client.untag_resource().key_id(key).set_tag_keys(Some(delta.remove.clone()));
        progress.step(place.write(tagging::kms::REMOVE, key, || call.clone().send()).await)?;
    }
    Ok(())
}

pub async fn backup(place: &Place, arn: &str, delta: &Delta) -> Result<(), ProviderError> {
    let client = &place.writer().backup;
    let mut progress = Progress::default();
    if !delta.put.is_empty() {
        let call = client.tag_resource().resource_arn(arn).set_tags(Some(tags::to_map(&delta.put)));
        progress.step(place.write(tagging::backup::PUT, arn, || call.clone().send()).await)?;
    }
    if !delta.remove.is_empty() {
        let call = client.untag_resource().resource_arn(arn).set_tag_key_list(Some(delta.remove.clone()));
        progress.step(place.write(tagging::backup::REMOVE, arn, || call.clone().send()).await)?;
    }
    Ok(())
}

/// RDS lists groups without their tags.
pub async fn rds_tags(place: &Place, arn: &str) -> Result<Tags, ProviderError> {
    let call = place.reader().rds.list_tags_for_resource().resource_name(arn).send();
    let answer = place.read(tagging::rds::LIST, arn, call).await?;
    Ok(tags::from_rds(answer.tag_list()))
}

/// AWS Backup returns tags in no listing.
pub async fn backup_tags(place: &Place, arn: &str) -> Result<Tags, ProviderError> {
    let mut found = Tags::new();
    let mut token = None;
    loop {
        let call = place.reader().backup.list_tags().resource_arn(arn).set_next_token(token.take()).send();
        let answer = place.read(tagging::backup::LIST, arn, call).await?;
        found.extend(tags::from_map(answer.tags()));
        match answer.next_token {
            Some(next) if !next.is_empty() => token = Some(next),
            _ => return Ok(found),
        }
    }
}

/// For services whose tags belong to an ARN.
#[must_use]
pub fn arn(live: &Live) -> &str {
    live.outputs.get("arn").map_or("", String::as_str)
}
