//! Names of the facts that no file declares and that checks of promises need. The real and the simulated world use the same
//! names. The value of a time is RFC 3339.

use super::{backup_vault, db_instance};

/// The time at which a database was created.
pub const CREATED: &str = "created";
/// The last moment to which RDS can restore a database.
pub const LATEST_RESTORABLE: &str = "latest restorable time";
/// The first moment to which RDS can restore a database.
pub const EARLIEST_RESTORABLE: &str = "earliest restorable time";
/// Of the completed recovery points of one resource in a vault: the time at which the source of the newest was made.
pub const NEWEST_POINT: &str = "newest recovery point";
/// The same of the oldest.
pub const OLDEST_POINT: &str = "oldest recovery point";
/// How many completed recovery points of one resource the vault holds.
pub const POINTS: &str = "recovery points";

/// The operations that give facts and nothing else: no listing calls them.
pub const CALLS: [&str; 2] = [backup_vault::calls::POINTS, db_instance::calls::BACKUPS];

/// The name of a fact about the recovery points of one resource, by its ARN. A vault holds points of many resources, so the
/// name says whose they are.
#[must_use]
pub fn of_points(name: &str, resource: &str) -> String {
    format!("{name} of {resource}")
}
