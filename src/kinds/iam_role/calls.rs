//! What AWS calls the operations on a role, as IAM spells them.

use crate::kinds::tagging;

pub const ATTACH: &str = "iam:AttachRolePolicy";
pub const ATTACHED: &str = "iam:ListAttachedRolePolicies";
pub const CREATE: &str = "iam:CreateRole";
pub const DELETE: &str = "iam:DeleteRole";
pub const DELETE_BOUNDARY: &str = "iam:DeleteRolePermissionsBoundary";
pub const DELETE_INLINE: &str = "iam:DeleteRolePolicy";
pub const DETACH: &str = "iam:DetachRolePolicy";
pub const GET: &str = "iam:GetRole";
pub const GET_INLINE: &str = "iam:GetRolePolicy";
pub const INLINE: &str = "iam:ListRolePolicies";
pub const LIST: &str = "iam:ListRoles";
pub const PUT_BOUNDARY: &str = "iam:PutRolePermissionsBoundary";
pub const PUT_INLINE: &str = "iam:PutRolePolicy";
pub const UPDATE: &str = "iam:UpdateRole";
pub const UPDATE_TRUST: &str = "iam:UpdateAssumeRolePolicy";

pub const READS: &[&str] = &[GET, GET_INLINE, ATTACHED, INLINE, LIST];

pub const WRITES: &[&str] = &[
    ATTACH,
    CREATE,
    DELETE,
    DELETE_BOUNDARY,
    DELETE_INLINE,
    DETACH,
    PUT_BOUNDARY,
    PUT_INLINE,
    tagging::iam::PUT,
    tagging::iam::REMOVE,
    UPDATE_TRUST,
    UPDATE,
];
