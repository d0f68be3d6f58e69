//! A customer-managed KMS key with its alias, policy and rotation: one per owner and region, never multi-Region.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison};
use crate::model::{Impact, KindSchema, Status, Value};

pub const NAME: &str = "kms-key";

/// Outputs: `id`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// With the prefix `alias/`.
    pub alias: Option<String>,
    pub description: String,
    pub enabled: bool,
    pub policy: Value,
    /// `None` when rotation is off.
    pub rotation_days: Option<i64>,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "KMS key",
    stateful: true,
    name: None,
    unique: Some("alias"),
    attributes: &[
        AttributeSchema::new("alias", "Alias").promise("encryption-at-rest"),
        AttributeSchema::new("description", "Description"),
        AttributeSchema::new("enabled", "Enabled").impact(Impact::Interruption).promise("encryption-at-rest"),
        AttributeSchema::new("policy", "Policy")
            .compare(Comparison::Policy)
            .impact(Impact::Exposure)
            .promise("encryption-at-rest"),
        AttributeSchema::new("rotation_days", "RotationPeriodInDays").unit("days").promise("encryption-at-rest"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::KmsKey,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 20 * 60 },
    reads: &[
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
        "kms:ListKeys",
        "kms:ListResourceTags",
    ],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

/// A key that waits for deletion is failed, not absent: making a second one would leave its data unreadable.
#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "Enabled" | "Disabled" => Status::Ready,
        "Creating" | "Updating" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    }
}

/// Administration by the account's IAM policies; use by AWS services through grants.
#[must_use]
pub fn policy(account: &str) -> Value {
    let json = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AccountAdministration",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
            "Action": "kms:*",
            "Resource": "*"
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}
