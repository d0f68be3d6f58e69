//! What AWS calls the operations on a backup plan, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "backup:CreateBackupPlan";
pub const DELETE: &str = "backup:DeleteBackupPlan";
pub const DESELECT: &str = "backup:DeleteBackupSelection";
pub const GET: &str = "backup:GetBackupPlan";
pub const LIST: &str = "backup:ListBackupPlans";
pub const SELECT: &str = "backup:CreateBackupSelection";
pub const SELECTION: &str = "backup:GetBackupSelection";
pub const SELECTIONS: &str = "backup:ListBackupSelections";
pub const UPDATE: &str = "backup:UpdateBackupPlan";

pub const READS: &[&str] = &[GET, SELECTION, LIST, SELECTIONS, tagging::backup::LIST];

pub const WRITES: &[&str] = &[CREATE, SELECT, DELETE, DESELECT, tagging::backup::PUT, tagging::backup::REMOVE, UPDATE];
