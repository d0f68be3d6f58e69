//! Names of the facts that no file declares and that checks of promises need. The real and the simulated world use the same
//! names. The value of a time is RFC 3339.

use super::{backup_vault, db_instance, kms_key};

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

/// How many grants a key has; of those that could not be listed, [`GRANTS_UNREAD`] says why.
pub const GRANTS: &str = "grants";
/// The error of the call that would list the grants of a key.
pub const GRANTS_UNREAD: &str = "grants not read";
/// What a grantee may do with a key through its grants. The name ends with the grantee ([`of_grantee`]).
pub const GRANT: &str = "grant to ";
/// The same where a grant is bound to no encryption context and no resource.
pub const FREE_GRANT: &str = "unconstrained grant to ";

/// The operations that give facts and nothing else: no listing calls them.
pub const CALLS: [&str; 3] = [backup_vault::calls::POINTS, db_instance::calls::BACKUPS, kms_key::calls::GRANTS];

/// The operations that list what AWS offers: a plan calls them for what it would make or change, and no listing does.
pub const OFFERS: [&str; 1] = [db_instance::calls::OFFERS];

/// Whether a listing makes this call.
#[must_use]
pub fn of_listings(call: &str) -> bool {
    !CALLS.contains(&call) && !OFFERS.contains(&call)
}

/// The name of a fact about the recovery points of one resource, by its ARN. A vault holds points of many resources, so the
/// name says whose they are.
#[must_use]
pub fn of_points(name: &str, resource: &str) -> String {
    format!("{name} of {resource}")
}

/// The name of a fact about the grants to one grantee: an ARN, or the principal of a service of AWS.
#[must_use]
pub fn of_grantee(grantee: &str, constrained: bool) -> String {
    format!("{}{grantee}", if constrained { GRANT } else { FREE_GRANT })
}
