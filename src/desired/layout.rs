//! Where the files of a project are, relative to its folder.

use crate::model::Environment;

/// The files of environments.
pub const ENVIRONMENTS: &str = "environments";

/// One folder for each release.
pub const RELEASES: &str = "releases";

/// The environment's own file, relative to the project.
#[must_use]
pub fn own_file(environment: Environment) -> String {
    format!("{ENVIRONMENTS}/{environment}.yaml")
}

/// The folder of long tenant lists.
#[must_use]
pub fn tenants_file(environment: Environment) -> String {
    format!("{ENVIRONMENTS}/tenants/{environment}.yaml")
}
