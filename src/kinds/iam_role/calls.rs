//! Operations of a role beside those that every kind has, as IAM spells them.

crate::kinds::operations::calls! {
    pub const ATTACH: &str = "iam:AttachRolePolicy";
    pub const ATTACHED: &str = "iam:ListAttachedRolePolicies";
    pub const DELETE_BOUNDARY: &str = "iam:DeleteRolePermissionsBoundary";
    pub const DELETE_INLINE: &str = "iam:DeleteRolePolicy";
    pub const DETACH: &str = "iam:DetachRolePolicy";
    pub const GET_INLINE: &str = "iam:GetRolePolicy";
    pub const INLINE: &str = "iam:ListRolePolicies";
    pub const LIST: &str = "iam:ListRoles";
    pub const PUT_BOUNDARY: &str = "iam:PutRolePermissionsBoundary";
    pub const PUT_INLINE: &str = "iam:PutRolePolicy";
    pub const UPDATE_TRUST: &str = "iam:UpdateAssumeRolePolicy";
}
