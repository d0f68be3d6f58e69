//! Operations of a key beside those that every kind has, as IAM spells them.

crate::kinds::operations::calls! {
    pub const ALIASES: &str = "kms:ListAliases";
    pub const CREATE_ALIAS: &str = "kms:CreateAlias";
    pub const DELETE_ALIAS: &str = "kms:DeleteAlias";
    pub const DISABLE: &str = "kms:DisableKey";
    pub const DISABLE_ROTATION: &str = "kms:DisableKeyRotation";
    pub const ENABLE: &str = "kms:EnableKey";
    pub const ENABLE_ROTATION: &str = "kms:EnableKeyRotation";
    pub const GET_POLICY: &str = "kms:GetKeyPolicy";
    pub const GET_ROTATION: &str = "kms:GetKeyRotationStatus";
    pub const LIST: &str = "kms:ListKeys";
    pub const PUT_POLICY: &str = "kms:PutKeyPolicy";
}
