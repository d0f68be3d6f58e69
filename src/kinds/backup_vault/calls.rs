//! What AWS calls the operations on a backup vault, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "backup:CreateBackupVault";
/// Named to refuse it: a plan never deletes what holds data, and every role of ours is denied it.
pub const DELETE: &str = "backup:DeleteBackupVault";
pub const LIST: &str = "backup:ListBackupVaults";
pub const POINTS: &str = "backup:ListRecoveryPointsByBackupVault";

pub const READS: &[&str] = &[LIST, POINTS, tagging::backup::LIST];

pub const WRITES: &[&str] = &[CREATE, tagging::backup::PUT, tagging::backup::REMOVE];
