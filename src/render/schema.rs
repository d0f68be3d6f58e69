//! JSON Schema of the documents, generated from the types that write them. `schemas/` holds the generated text.

use schemars::{JsonSchema, schema_for};

use crate::model::{AuditReport, DriftReport, Plan, WatchEvent};

use super::json;

/// `schemas/plan.schema.json`
#[must_use]
pub fn plan_schema() -> String {
    generate::<Plan>(
        "tokaido plan",
        "The artefact of `tokaido plan --save`: an envelope and the body that its id is the SHA-256 of.",
    )
}

/// `schemas/drift.schema.json`
#[must_use]
pub fn drift_schema() -> String {
    generate::<DriftReport>("tokaido drift report", "What `tokaido drift --format json` writes.")
}

/// `schemas/audit.schema.json`
#[must_use]
pub fn audit_schema() -> String {
    generate::<AuditReport>("tokaido audit report", "What `tokaido audit --format json` writes.")
}

/// `schemas/watch.schema.json`
#[must_use]
pub fn watch_schema() -> String {
    generate::<WatchEvent>("tokaido watch event", "One line of `tokaido watch`, and the body of what its webhook is sent.")
}

fn generate<T: JsonSchema>(title: &str, description: &str) -> String {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    schema.insert("description".to_owned(), description.into());
    json::pretty(&schema)
}
