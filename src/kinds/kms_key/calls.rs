//! What AWS calls the operations on a key, as IAM spells them.

use crate::kinds::tagging;

pub const ALIASES: &str = "kms:ListAliases";
pub const CREATE: &str = "kms:CreateKey";
pub const CREATE_ALIAS: &str = "kms:CreateAlias";
/// Named to refuse it: a plan never deletes what holds data, and every role of ours is denied it.
pub const DELETE: &str = "kms:ScheduleKeyDeletion";
pub const DELETE_ALIAS: &str = "kms:DeleteAlias";
pub const DESCRIBE: &str = "kms:DescribeKey";
pub const DISABLE: &str = "kms:DisableKey";
pub const DISABLE_ROTATION: &str = "kms:DisableKeyRotation";
pub const ENABLE: &str = "kms:EnableKey";
pub const ENABLE_ROTATION: &str = "kms:EnableKeyRotation";
pub const GET_POLICY: &str = "kms:GetKeyPolicy";
pub const GET_ROTATION: &str = "kms:GetKeyRotationStatus";
pub const LIST: &str = "kms:ListKeys";
pub const PUT_POLICY: &str = "kms:PutKeyPolicy";
pub const TAGS: &str = "kms:ListResourceTags";
pub const UPDATE_DESCRIPTION: &str = "kms:UpdateKeyDescription";

pub const READS: &[&str] = &[DESCRIBE, GET_POLICY, GET_ROTATION, ALIASES, LIST, TAGS];

pub const WRITES: &[&str] = &[
    CREATE_ALIAS,
    CREATE,
    DELETE_ALIAS,
    DISABLE,
    DISABLE_ROTATION,
    ENABLE,
    ENABLE_ROTATION,
    PUT_POLICY,
    tagging::kms::PUT,
    tagging::kms::REMOVE,
    UPDATE_DESCRIPTION,
];
