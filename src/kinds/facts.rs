//! Names of facts that no one declares and promises need, as every world tells them. Times are RFC 3339.

use super::{backup_vault, db_instance};

/// When a database was made.
pub const CREATED: &str = "created";
/// The last moment to which a database can be restored.
pub const LATEST_RESTORABLE: &str = "latest restorable time";
/// The first moment to which a database can be restored.
pub const EARLIEST_RESTORABLE: &str = "earliest restorable time";
/// Of the completed recovery points of one resource in a vault: when the source of the newest was made.
pub const NEWEST_POINT: &str = "newest recovery point";
pub const OLDEST_POINT: &str = "oldest recovery point";
pub const POINTS: &str = "recovery points";

/// The calls that tell facts and nothing else: no list makes them.
pub const CALLS: [&str; 2] = [backup_vault::calls::POINTS, db_instance::calls::BACKUPS];

/// A vault holds points of many resources: the fact's name says whose.
#[must_use]
pub fn of_points(name: &str, resource: &str) -> String {
    format!("{name} of {resource}")
}
