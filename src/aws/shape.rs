//! Converts the retention and the lifecycle of a bucket between S3's types and tokaido's.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, DefaultRetention, ExpirationStatus, LifecycleRule,
    LifecycleRuleFilter, NoncurrentVersionExpiration, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockRetentionMode,
    ObjectLockRule,
};

use crate::kinds::bucket::{self, Rule};
use crate::model::Value;

/// S3 counts a year as 365 days.
const YEAR: i64 = 365;

/// The value of `default_retention`; empty when S3 does not lock new objects by default.
#[must_use]
pub fn retention(lock: &ObjectLockConfiguration) -> BTreeMap<String, Value> {
    let Some(default) = lock.rule().and_then(ObjectLockRule::default_retention) else { return BTreeMap::new() };
    let years = || default.years().map(|years| i64::from(years) * YEAR);
    // A number of days is positive: 0 says nothing.
    let days = default.days().filter(|days| *days > 0).map(i64::from).or_else(years).unwrap_or(0);
    bucket::retention(default.mode().map_or("none", ObjectLockRetentionMode::as_str), days)
}

/// The configuration of Object Lock with this `default_retention`.
///
/// # Errors
/// Says which part of the retention is missing or no number of days.
pub fn lock(retention: &BTreeMap<String, Value>) -> Result<ObjectLockConfiguration, String> {
    let on = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled);
    if retention.is_empty() {
        return Ok(on.build());
    }
    let mode = retention.get("mode").and_then(Value::as_text).ok_or("a retention has a mode")?;
    let days = retention.get("days").and_then(Value::as_int).ok_or("a retention has days")?;
    let days = i32::try_from(days).map_err(|_| format!("{days} days is too long"))?;
    let default = DefaultRetention::builder().mode(ObjectLockRetentionMode::from(mode)).days(days).build();
    Ok(on.rule(ObjectLockRule::builder().default_retention(default).build()).build())
}

/// The modelled fields of a rule, and the names of its other elements.
#[must_use]
pub fn rule(rule: &LifecycleRule) -> Rule {
    let filter = rule.filter();
    let noncurrent = rule.noncurrent_version_expiration();
    let others = [
        ("Expiration", rule.expiration().is_some()),
        ("Transition", !rule.transitions().is_empty()),
        ("NoncurrentVersionTransition", !rule.noncurrent_version_transitions().is_empty()),
        ("NewerNoncurrentVersions", noncurrent.is_some_and(|one| one.newer_noncurrent_versions().is_some())),
        ("Filter.Tag", filter.is_some_and(|filter| filter.tag().is_some())),
        ("Filter.And", filter.is_some_and(|filter| filter.and().is_some())),
        (
            "Filter.ObjectSize",
            filter.is_some_and(|one| one.object_size_greater_than().is_some() || one.object_size_less_than().is_some()),
        ),
    ];
    // The older form of a rule has its prefix beside the filter.
    #[expect(deprecated, reason = "a rule that a hand made may still have it")]
    let prefix = filter.and_then(LifecycleRuleFilter::prefix).or_else(|| rule.prefix()).unwrap_or_default();
    Rule {
        id: rule.id().unwrap_or_default().to_owned(),
        enabled: *rule.status() == ExpirationStatus::Enabled,
        prefix: prefix.to_owned(),
        noncurrent_days: noncurrent.and_then(NoncurrentVersionExpiration::noncurrent_days).map(i64::from),
        abort_uploads_days: rule
            .abort_incomplete_multipart_upload()
            .and_then(AbortIncompleteMultipartUpload::days_after_initiation)
            .map(i64::from),
        more: others.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.to_owned()).collect(),
    }
}

/// The lifecycle configuration with these rules.
///
/// # Errors
/// A rule with elements that are not modelled, because a write would lose them.
pub fn lifecycle(rules: &[Rule]) -> Result<BucketLifecycleConfiguration, String> {
    let rules = rules.iter().map(made).collect::<Result<Vec<_>, _>>()?;
    BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().map_err(|error| error.to_string())
}

fn made(rule: &Rule) -> Result<LifecycleRule, String> {
    if !rule.more.is_empty() {
        return Err(format!("the rule {} has {}, which tokaido cannot write", rule.id, rule.more.join(", ")));
    }
    let days = |days: i64| i32::try_from(days).map_err(|_| format!("{days} days is too long"));
    let noncurrent = rule.noncurrent_days.map(days).transpose()?;
    let abort = rule.abort_uploads_days.map(days).transpose()?;
    LifecycleRule::builder()
        .id(&rule.id)
        .status(if rule.enabled { ExpirationStatus::Enabled } else { ExpirationStatus::Disabled })
        .filter(LifecycleRuleFilter::builder().prefix(&rule.prefix).build())
        .set_noncurrent_version_expiration(
            noncurrent.map(|days| NoncurrentVersionExpiration::builder().noncurrent_days(days).build()),
        )
        .set_abort_incomplete_multipart_upload(
            abort.map(|days| AbortIncompleteMultipartUpload::builder().days_after_initiation(days).build()),
        )
        .build()
        .map_err(|error| error.to_string())
}
