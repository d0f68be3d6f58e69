//! The environment files → [`DesiredState`], or every mistake in them with its place.
//!
//! ```text
//! file ─ yaml ─► tree ─ overlay ─► merged tree ─ decode ─► spec ─ check ─► compile ─► DesiredState
//!                          every node keeps its file, line and column
//! ```
//!
//! Guarantees: all errors of all files are reported in one run; a state is present only if its environment has no
//! error; same files and same day, same result; no secret appears in a message. Files are read in `files` alone,
//! and in a command once (`project`).
//! Imports `model`, `yaml`, `kinds`, `promises` and `policy`; must not import `compile`, `plan` or anything below in `lib.rs`.

pub mod check;
pub mod codes;
pub mod declared;
pub mod decode;
pub mod effective;
pub mod files;
pub mod findings;
pub mod habits;
mod hints;
pub mod inherit;
pub mod keys;
pub mod layout;
pub mod overlay;
mod overrode;
pub mod pin;
pub mod policy_files;
pub mod promises_file;
pub mod release;
pub mod roles_file;
pub mod said;
pub mod scalars;
pub mod schema;
pub mod spec;

pub use self::declared::Override;
pub use self::layout::own_file;
