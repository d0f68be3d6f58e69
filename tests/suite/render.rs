//! What people read, as files: change the look on purpose, review the snapshot, never by accident.

#[path = "render/doctor.rs"]
mod doctor;
#[path = "render/documents.rs"]
mod documents;
#[path = "render/fixtures.rs"]
mod fixtures;
#[path = "render/hostile.rs"]
mod hostile;
#[path = "render/pages.rs"]
mod pages;
#[path = "render/plans.rs"]
mod plans;
#[path = "render/policies.rs"]
mod policies;
#[path = "render/properties.rs"]
mod properties;
#[path = "render/reports.rs"]
mod reports;

use tokaido::render::Style;

const WIDE: Style = Style { colour: false, width: 100 };
const NARROW: Style = Style { colour: false, width: 60 };

/// Annotations this file, in `snapshots/`. `INSTA_UPDATE=always` rewrites them.
fn golden(name: &str, text: &str) {
    insta::assert_snapshot!(name, text);
}
