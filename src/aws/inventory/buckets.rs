//! The buckets of the account, in whatever region: S3 lists them all at once. What the SDK of S3 knows is asked through it.

use futures::stream::{self, StreamExt as _};

use crate::aws::prelude::*;
use crate::kinds::data_store::{at, calls};
use crate::model::{Pairs, Region};

/// Every bucket of the account, in whatever region.
pub async fn all(place: &Place) -> Answer<Vec<Live>> {
    let call = place.reader().s3.list_buckets().max_buckets(1000);
    let send = |token| call.clone().set_continuation_token(token).send();
    let listed = place.pages(calls::BUCKETS, "every bucket", send, |page| (page.buckets, page.continuation_token)).await?;
    let read: Vec<_> = listed.into_iter().map(|bucket| one(place, text(bucket.name()), text(bucket.bucket_region()))).collect();
    Ok(stream::iter(read).buffered(8).collect().await)
}

async fn one(place: &Place, name: String, region: String) -> Live {
    let mut readings = Readings::default();
    readings.put(at::store, "s3-bucket".to_owned());
    let region = if region.is_empty() { location(place, &name).await } else { Ok(region) };
    let here = region.as_ref().is_ok_and(|region| Region::from_code(region).is_some());
    match region {
        Ok(region) => readings.put(at::region, region),
        Err(error) => readings.failed(at::region, place.unread(&error)),
    }
    readings.absent(at::source);
    // A bucket of another region is asked nothing more: where it is, is the fault.
    if here {
        let (encrypted, shared) = futures::join!(encryption(place, &name), sharing(place, &name));
        match encrypted {
            Ok((encrypted, key)) => {
                readings.put(at::encrypted, encrypted);
                readings.put_or_absent(at::kms_key, key);
            }
            Err(error) => readings.failed(at::encrypted, place.unread(&error)),
        }
        match shared {
            Ok(shared) => readings.put(at::shared_with, shared),
            Err(error) => readings.failed(at::shared_with, place.unread(&error)),
        }
    }
    Live {
        physical: format!("arn:aws:s3:::{name}"),
        outputs: Pairs::from([("id".to_owned(), name.clone())]),
        attributes: readings,
        tags: Tags::new(),
        status: Status::Ready,
        pending: Vec::new(),
    }
}

/// The region of a bucket of which the listing does not tell it.
async fn location(place: &Place, bucket: &str) -> Answer<String> {
    let call = place.reader().s3.get_bucket_location().bucket(bucket).expected_bucket_owner(place.account()).send();
    let answer = place.read(calls::BUCKET_REGION, bucket, call).await?;
    // S3's oldest names: none for us-east-1, `EU` for eu-west-1.
    Ok(match answer.location_constraint().map_or("", |region| region.as_str()) {
        "" => "us-east-1".to_owned(),
        "EU" => "eu-west-1".to_owned(),
        other => other.to_owned(),
    })
}

/// Whether new objects are encrypted, and with which key where it is one of KMS.
async fn encryption(place: &Place, bucket: &str) -> Answer<(bool, Option<Link>)> {
    let call = place.reader().s3.get_bucket_encryption().bucket(bucket).expected_bucket_owner(place.account()).send();
    let Some(answer) = place.find(calls::BUCKET_ENCRYPTION, bucket, call).await? else { return Ok((false, None)) };
    let rules = answer.server_side_encryption_configuration().map(|found| found.rules()).unwrap_or_default();
    let default = rules.iter().find_map(|rule| rule.apply_server_side_encryption_by_default());
    Ok((default.is_some(), default.and_then(|default| default.kms_master_key_id()).map(|key| link(Some(key)))))
}

/// `all` where the bucket's policy is public and nothing restricts what it grants.
async fn sharing(place: &Place, bucket: &str) -> Answer<Vec<String>> {
    let s3 = &place.reader().s3;
    let call = s3.get_bucket_policy_status().bucket(bucket).expected_bucket_owner(place.account()).send();
    let status = place.find(calls::BUCKET_SHARING, bucket, call).await?;
    let public = status.and_then(|answer| answer.policy_status().and_then(|status| status.is_public())) == Some(true);
    if !public {
        return Ok(Vec::new());
    }
    let call = s3.get_public_access_block().bucket(bucket).expected_bucket_owner(place.account()).send();
    let block = place.find(calls::BUCKET_BLOCK, bucket, call).await?;
    let block = block.and_then(|answer| answer.public_access_block_configuration);
    let restricted = block.is_some_and(|block| block.restrict_public_buckets() == Some(true));
    Ok(if restricted { Vec::new() } else { vec!["all".to_owned()] })
}
