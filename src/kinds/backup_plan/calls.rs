//! Operations of a backup plan beside those that every kind has, as IAM spells them.

crate::kinds::operations::calls! {
    pub const DESELECT: &str = "backup:DeleteBackupSelection";
    pub const LIST: &str = "backup:ListBackupPlans";
    pub const SELECT: &str = "backup:CreateBackupSelection";
    pub const SELECTION: &str = "backup:GetBackupSelection";
    pub const SELECTIONS: &str = "backup:ListBackupSelections";
}
