//! Reads and writes tags with each service's own calls. An empty change makes no call. When tags were put and others could not be
//! removed, the failure says that a part was done.

use std::collections::HashMap;

use aws_sdk_s3::types::Tagging as S3Tagging;

use super::call::{Answer, PartialChange, Place};
use super::tags::{self, Delta};
use crate::kinds::tagging::{Service, Tagging};
use crate::model::tags::Tags;
use crate::model::{Live, Shared};

/// How a call about tags names the object: by its ARN where the service accepts nothing else.
fn subject<'a>(place: &Place, live: &'a Live) -> &'a str {
    match place.kind().calls.tags().map(|tags| tags.service) {
        Some(Service::Backup | Service::Rds) => live.outputs.get("arn").map_or("", Shared::as_str),
        Some(Service::Ec2 | Service::Iam | Service::Kms | Service::S3) | None => &live.physical,
    }
}

/// The tags of an object. Makes a call where the listing has no tags.
pub async fn read(place: &Place, live: Live) -> Answer<Tags> {
    let Some(tagging) = place.kind().calls.tags() else { return Ok(live.tags) };
    let (Some(operation), of) = (tagging.list, subject(place, &live)) else { return Ok(live.tags) };
    match tagging.service {
        Service::Rds => {
            let call = || place.reader().rds.list_tags_for_resource().resource_name(of).send();
            Ok(tags::from_rds(place.read(operation, of, call).await?.tag_list()))
        }
        Service::Kms => {
            let call = place.reader().kms.list_resource_tags().key_id(of).limit(50);
            let send = |token| call.clone().set_marker(token).send();
            Ok(tags::from_kms(&place.pages(operation, of, send, |page| (page.tags, page.next_marker)).await?))
        }
        // No listing of AWS Backup has tags.
        Service::Backup => {
            let call = place.reader().backup.list_tags().resource_arn(of);
            let send = |token| call.clone().set_next_token(token).send();
            let all = |tags: HashMap<String, String>| tags.into_iter().collect();
            let found = place.pages(operation, of, send, |page| (page.tags.map(all), page.next_token)).await?;
            Ok(tags::from_pairs(found.iter().map(|(key, value): &(String, String)| (Some(&**key), Some(&**value)))))
        }
        Service::Ec2 | Service::Iam | Service::S3 => Ok(live.tags),
    }
}

/// Nothing is written where a kind has no operations on its tags.
pub async fn write(place: &Place, live: &Live, delta: &Delta) -> Answer<()> {
    let Some(tagging) = place.kind().calls.tags() else { return Ok(()) };
    if tagging.service == Service::S3 {
        return replace(place, tagging.put, &live.physical, &live.tags, delta).await;
    }
    let (on, mut progress) = (subject(place, live), PartialChange::default());
    if !delta.put.is_empty() {
        progress.step(put(place, tagging, on, &delta.put).await)?;
    }
    if !delta.remove.is_empty() {
        progress.step(remove(place, tagging, on, &delta.remove).await)?;
    }
    Ok(())
}

async fn put(place: &Place, tagging: Tagging, on: &str, put: &Tags) -> Answer<()> {
    let clients = place.writer();
    macro_rules! send {
        ($call:expr) => {{
            let call = $call;
            place.write_new(tagging.put, on, || call.clone().send()).await.map(drop)
        }};
    }
    match tagging.service {
        Service::Backup => send!(clients.backup.tag_resource().resource_arn(on).set_tags(Some(tags::to_map(put)))),
        Service::Ec2 => send!(clients.ec2.create_tags().resources(on).set_tags(Some(tags::to_ec2(put)))),
        Service::Iam => send!(clients.iam.tag_role().role_name(on).set_tags(Some(tags::to_iam(put)))),
        Service::Kms => send!(clients.kms.tag_resource().key_id(on).set_tags(Some(tags::to_kms(put)))),
        Service::Rds => send!(clients.rds.add_tags_to_resource().resource_name(on).set_tags(Some(tags::to_rds(put)))),
        Service::S3 => Ok(()),
    }
}

async fn remove(place: &Place, tagging: Tagging, on: &str, keys: &[String]) -> Answer<()> {
    let (clients, names) = (place.writer(), Some(keys.to_vec()));
    let Some(operation) = tagging.remove else { return Ok(()) };
    macro_rules! send {
        ($call:expr) => {{
            let call = $call;
            place.write(operation, on, || call.clone().send()).await.map(drop)
        }};
    }
    match tagging.service {
        Service::Backup => send!(clients.backup.untag_resource().resource_arn(on).set_tag_key_list(names)),
        Service::Ec2 => {
            let keys = keys.iter().map(|key| aws_sdk_ec2::types::Tag::builder().key(key).build()).collect();
            send!(clients.ec2.delete_tags().resources(on).set_tags(Some(keys)))
        }
        Service::Iam => send!(clients.iam.untag_role().role_name(on).set_tag_keys(names)),
        Service::Kms => send!(clients.kms.untag_resource().key_id(on).set_tag_keys(names)),
        Service::Rds => send!(clients.rds.remove_tags_from_resource().resource_name(on).set_tag_keys(names)),
        Service::S3 => Ok(()),
    }
}

/// S3 replaces all tags of a bucket at once. Foreign tags are sent again, except AWS's own, which S3 does not accept.
async fn replace(place: &Place, operation: &str, bucket: &str, live: &Tags, delta: &Delta) -> Answer<()> {
    if delta.put.is_empty() && delta.remove.is_empty() {
        return Ok(());
    }
    let mut all = live.clone();
    all.retain(|key, _| !delta.remove.iter().any(|gone| key == gone) && !key.starts_with("aws:"));
    all.extend(delta.put.clone());
    let tagging = S3Tagging::builder().set_tag_set(Some(tags::to_s3(&all))).build();
    let tagging = tagging.map_err(|error| place.invalid(operation, bucket, error.to_string()))?;
    let call = place.writer().s3.put_bucket_tagging().bucket(bucket).expected_bucket_owner(place.account()).tagging(tagging);
    place.write_new(operation, bucket, || call.clone().send()).await.map(drop)
}
