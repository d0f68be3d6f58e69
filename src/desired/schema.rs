//! The JSON Schema of the environment files, generated from the types: what an editor completes and explains.

use schemars::{Schema, schema_for};
use serde_json::Value;

use super::promises_file::PromisesFile;
use super::roles_file::RolesFile;
use super::spec::EnvironmentSpec;

/// For `environments/dev.yaml`, `staging.yaml` and `production.yaml`.
///
/// The extended file fills in what is missing, so at the top only the keys that say which file this is are required; the loader
/// checks the merged whole.
#[must_use]
pub fn environment() -> Schema {
    let mut schema = relaxed();
    schema.insert("title".to_owned(), "tokaido environment".into());
    schema.insert("required".to_owned(), serde_json::json!(["schema", "environment"]));
    schema
}

/// For a file that others extend: nothing is required.
#[must_use]
pub fn base() -> Schema {
    let mut schema = relaxed();
    schema.insert("title".to_owned(), "tokaido base".into());
    schema
}

/// For `policies/promises.yaml`.
#[must_use]
pub fn promises() -> Schema {
    let mut schema = schema_for!(PromisesFile);
    schema.insert("title".to_owned(), "tokaido promises".into());
    schema
}

/// For `policies/roles.yaml`.
#[must_use]
pub fn roles() -> Schema {
    let mut schema = schema_for!(RolesFile);
    schema.insert("title".to_owned(), "tokaido roles".into());
    schema
}

fn relaxed() -> Schema {
    let mut value = schema_for!(EnvironmentSpec).to_value();
    if let Some(root) = value.as_object_mut() {
        root.remove("required");
    }
    // Maps that an overlay may complete. Entries of lists are not merged, so they stay complete.
    for name in [
        "Regions",
        "Network",
        "RecoveryNetwork",
        "DedicatedDatabase",
        "Protection",
        "PrimaryCopies",
        "RecoveryCopies",
        "Encryption",
        "Time",
        "Logs",
        "ChangeRules",
    ] {
        if let Some(definition) = value.pointer_mut(&format!("/$defs/{name}")).and_then(Value::as_object_mut) {
            definition.remove("required");
        }
    }
    Schema::try_from(value).unwrap_or_default()
}
