//! The files of a project → a checked specification of each environment, or every mistake in them with its place.
//!
//! In: the folder of a project. Out: specifications, promises, policies, roles and releases; findings.
//! Imports: `model`, `yaml`, `kinds`, `promises` and `policy`. Must not import: `compile`, or anything below in `lib.rs`.
//!
//! ```text
//! file ─ yaml ─► tree ─ overlay ─► merged tree ─ decode ─► EnvironmentSpec ─ check ─► findings
//!                          every node keeps its file, line and column
//! ```
//!
//! Guarantees: one run reports all errors of all files; the same files and the same day
//! give the same result; no message holds a secret. Only `desired::files` reads files, and a
//! command reads each once (`project`).

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
