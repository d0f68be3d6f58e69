//! The buckets of the account, in whatever region: S3 lists them all at once. What the SDK of S3 knows is asked through it.

use futures::stream::{self, StreamExt as _};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::classify::bucket_missing;
use crate::aws::prelude::*;
use crate::kinds::data_store::{at, calls};
use crate::model::{Pairs, Region};

/// Every bucket of the account, in whatever region.
pub async fn all(place: &Place) -> Answer<Vec<Live>> {
    let call = place.reader().s3.list_buckets().max_buckets(1000);
    let send = |token| call.clone().set_continuation_token(token).send();
    let listed = place.pages(calls::BUCKETS, "every bucket", send, |page| (page.buckets, page.continuation_token)).await?;
    let read: Vec<_> = listed.into_iter().map(|bucket| one(place, text(bucket.name()), text(bucket.bucket_region()))).collect();
    // One that was deleted since it was listed is no store any more.
    let read = stream::iter(read).buffered(8).filter_map(|bucket| async { bucket });
    Ok(read.collect().await)
}

/// One bucket; `None` where it was deleted since it was listed.
async fn one(place: &Place, name: String, region: String) -> Option<Live> {
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
        if encrypted.as_ref().is_err_and(bucket_missing) || shared.as_ref().is_err_and(bucket_missing) {
            return None;
        }
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
    Some(Live {
        physical: format!("arn:aws:s3:::{name}").into(),
        outputs: Pairs::from([("id".to_owned(), name.clone())]),
        attributes: readings,
        tags: Tags::new(),
        status: Status::Ready,
        pending: Vec::new(),
    })
}

/// A setting of a bucket; `None` where it has none. That the bucket itself is gone is an error.
async fn setting<T, E, C>(place: &Place, operation: &str, bucket: &str, call: impl Fn() -> C + Send + Sync) -> Answer<Option<T>>
where
    T: Send,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
{
    match place.read(operation, bucket, call).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.class == ErrorClass::NotFound && !bucket_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The region of a bucket of which the listing does not tell it.
async fn location(place: &Place, bucket: &str) -> Answer<String> {
    let call = || place.reader().s3.get_bucket_location().bucket(bucket).expected_bucket_owner(place.account()).send();
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
    let call = || place.reader().s3.get_bucket_encryption().bucket(bucket).expected_bucket_owner(place.account()).send();
    let Some(answer) = setting(place, calls::BUCKET_ENCRYPTION, bucket, call).await? else { return Ok((false, None)) };
    let rules = answer.server_side_encryption_configuration().map(|found| found.rules()).unwrap_or_default();
    let default = rules.iter().find_map(|rule| rule.apply_server_side_encryption_by_default());
    Ok((default.is_some(), default.and_then(|default| default.kms_master_key_id()).map(|key| link(Some(key)))))
}

/// The other accounts that the bucket's policy admits, and `all` where it is public and nothing restricts what it grants.
async fn sharing(place: &Place, bucket: &str) -> Answer<Vec<String>> {
    let s3 = &place.reader().s3;
    let call = || s3.get_bucket_policy().bucket(bucket).expected_bucket_owner(place.account()).send();
    let Some(policy) = setting(place, calls::BUCKET_POLICY, bucket, call).await?.and_then(|answer| answer.policy) else {
        return Ok(Vec::new());
    };
    let refuse = |error| place.refuse(ErrorClass::Internal, calls::BUCKET_POLICY, bucket, error);
    let mut with = admitted(&document::parse(&policy).map_err(refuse)?, place.account());
    let call = || s3.get_bucket_policy_status().bucket(bucket).expected_bucket_owner(place.account()).send();
    let status = setting(place, calls::BUCKET_SHARING, bucket, call).await?;
    if status.and_then(|answer| answer.policy_status().and_then(|status| status.is_public())) == Some(true) {
        let call = || s3.get_public_access_block().bucket(bucket).expected_bucket_owner(place.account()).send();
        let block = setting(place, calls::BUCKET_BLOCK, bucket, call).await?;
        let block = block.and_then(|answer| answer.public_access_block_configuration);
        let restricted = block.is_some_and(|block| block.restrict_public_buckets() == Some(true));
        with.extend((!restricted).then(|| "all".to_owned()));
    }
    Ok(sorted(with))
}

/// The accounts, other than this one, that a statement of a policy allows something, whatever its conditions are.
fn admitted(policy: &Value, own: &str) -> Vec<String> {
    let many = |value: Option<&Value>| match value {
        Some(Value::List(all)) => all.to_vec(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for statement in many(policy.as_map().and_then(|map| map.get("Statement"))) {
        let Some(statement) = statement.as_map() else { continue };
        if statement.get("Effect").and_then(Value::as_text) != Some("Allow") {
            continue;
        }
        let principals = statement.get("Principal").and_then(Value::as_map).and_then(|principal| principal.get("AWS"));
        for principal in many(principals) {
            // `arn:aws:iam::222222222222:root`, or the account alone. A deleted principal has an id of its own, and admits nobody.
            let account = principal.as_text().and_then(|text| text.split(':').nth(4).or(Some(text))).unwrap_or_default();
            let is_account = account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit());
            found.extend((is_account && account != own).then(|| account.to_owned()));
        }
    }
    found
}
