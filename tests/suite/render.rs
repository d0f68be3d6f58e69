//! What people read, as files: change the look on purpose, review the snapshot, never by accident.

#[path = "render/fixtures.rs"]
mod fixtures;
#[path = "render/plans.rs"]
mod plans;

use tokaido::render::Style;

const WIDE: Style = Style { colour: false, width: 100 };
const NARROW: Style = Style { colour: false, width: 60 };

/// Beside this file, in `snapshots/`. Rewritten by `INSTA_UPDATE=always`.
fn golden(name: &str, text: &str) {
    insta::assert_snapshot!(name, text);
}
