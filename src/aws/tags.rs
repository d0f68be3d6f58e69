//! tokaido's tags in each service's own types, and the difference between two sets of tags.

use crate::model::Shared;
use crate::model::tags::{INTENT, NAMESPACE, Tags};

/// What to send so that the live tags become the target. Keys outside tokaido's namespace are never removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    pub put: Tags,
    pub remove: Vec<String>,
}

impl Delta {
    #[must_use]
    pub fn between(live: &Tags, target: &Tags) -> Self {
        let put = target.iter().filter(|(key, value)| key.as_str() != INTENT && live.get(*key) != Some(value));
        let remove = live.keys().filter(|key| key.starts_with(NAMESPACE) && key.as_str() != INTENT && !target.contains_key(*key));
        Self { put: put.map(|(key, value)| (key.clone(), value.clone())).collect(), remove: remove.map(String::from).collect() }
    }

    /// After a create: the tags that were sent and did not arrive, the intent included.
    #[must_use]
    pub fn missing(echoed: &Tags, sent: &Tags) -> Self {
        let put = sent.iter().filter(|(key, value)| echoed.get(*key) != Some(value));
        Self { put: put.map(|(key, value)| (key.clone(), value.clone())).collect(), remove: Vec::new() }
    }
}

/// Reads a list of key/value pairs. A tag without a value has an empty one.
#[must_use]
pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Tags {
    pairs.into_iter().filter_map(|(key, value)| Some((Shared::common(key?), Shared::from(value.unwrap_or_default())))).collect()
}

/// The conversions of EC2 and RDS, whose tag types always build.
macro_rules! optional_tags {
    ($read:ident, $write:ident, $tag:ty) => {
        #[must_use]
        pub fn $read(tags: &[$tag]) -> Tags {
            from_pairs(tags.iter().map(|tag| (tag.key(), tag.value())))
        }

        #[must_use]
        pub fn $write(tags: &Tags) -> Vec<$tag> {
            tags.iter().map(|(key, value)| <$tag>::builder().key(key).value(value).build()).collect()
        }
    };
}

optional_tags!(from_ec2, to_ec2, aws_sdk_ec2::types::Tag);
optional_tags!(from_rds, to_rds, aws_sdk_rds::types::Tag);

#[must_use]
pub fn from_iam(tags: &[aws_sdk_iam::types::Tag]) -> Tags {
    from_pairs(tags.iter().map(|tag| (Some(tag.key()), Some(tag.value()))))
}

/// A key and a value are always given, so nothing is ever left out.
#[must_use]
pub fn to_iam(tags: &Tags) -> Vec<aws_sdk_iam::types::Tag> {
    tags.iter().filter_map(|(key, value)| aws_sdk_iam::types::Tag::builder().key(key).value(value).build().ok()).collect()
}

#[must_use]
pub fn from_kms(tags: &[aws_sdk_kms::types::Tag]) -> Tags {
    from_pairs(tags.iter().map(|tag| (Some(tag.tag_key()), Some(tag.tag_value()))))
}

/// A key and a value are always given, so nothing is ever left out.
#[must_use]
pub fn to_kms(tags: &Tags) -> Vec<aws_sdk_kms::types::Tag> {
    tags.iter().filter_map(|(key, value)| aws_sdk_kms::types::Tag::builder().tag_key(key).tag_value(value).build().ok()).collect()
}

#[must_use]
pub fn from_s3(tags: &[aws_sdk_s3::types::Tag]) -> Tags {
    from_pairs(tags.iter().map(|tag| (Some(tag.key()), Some(tag.value()))))
}

/// A key and a value are always given, so nothing is ever left out.
#[must_use]
pub fn to_s3(tags: &Tags) -> Vec<aws_sdk_s3::types::Tag> {
    tags.iter().filter_map(|(key, value)| aws_sdk_s3::types::Tag::builder().key(key).value(value).build().ok()).collect()
}

/// AWS Backup's form.
#[must_use]
pub fn to_map(tags: &Tags) -> std::collections::HashMap<String, String> {
    tags.iter().map(|(key, value)| (String::from(key), String::from(value))).collect()
}

/// The token of a create: the same intent gives the same token, also after a restart. At most 50 characters.
#[must_use]
pub fn token(tags: &Tags, salt: &str) -> String {
    use sha2::{Digest, Sha256};
    let intent = tags.get(INTENT).map_or("", Shared::as_str);
    let digest = crate::model::digest::hex(&Sha256::digest(format!("{intent}\n{salt}")));
    format!("tokaido-{}", digest.get(..32).unwrap_or(&digest))
}
