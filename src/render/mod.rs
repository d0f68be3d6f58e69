//! What people and programs read: values in, text out.
//!
//! In: plans, reports, verdicts, findings, decisions; language, width and colour. Out: a `String`.
//! Must not import: `store`, `pipeline`, `cli` or anything below in `lib.rs`. No I/O, no environment, no terminal.
//!
//! ```text
//! Plan ────────┐                                     ┌─ text (colour and width are inputs)
//! DriftReport ─┼─► rows::Document (roles, no colour) ┤
//! ApplyReport ─┤                                     └─ rows::Page ─► html (one file) · md (one comment)
//! AuditReport ─┤                                     (and OSCAL, for auditors' tools)
//! Finding… ────┘
//! explain ─────┘ words of plans and files, and the terms of `glossary`
//! Plan … ──────► json (the document order of the structs), schema (JSON Schema of those documents)
//! ```
//!
//! Guarantees: the same input gives the same bytes; every string ends with a newline; with `colour: false` no escape byte leaves,
//! whatever a name or an AWS message contains; a fold says how much it hides, unless only names were requested.

pub mod apply;
pub mod approvals;
pub mod audit;
pub mod annotations;
mod changes;
mod closed;
mod creates;
mod diffs;
pub mod doctor;
pub mod drift;
pub mod errors;
mod excerpt;
pub mod explain;
pub mod findings;
pub mod glossary;
pub mod head;
pub mod html;
pub mod json;
pub mod md;
mod options;
pub mod plan;
mod policies;
mod promises;
pub mod promotion;
pub mod prove;
pub mod release;
pub mod rows;
pub mod schema;
mod sections;
pub mod status;
pub mod text;
mod time;
pub mod upstream;
mod values;
mod words;
pub mod world;
mod wrap;

pub use annotations::Annotations;
pub use findings::{Lookup, PromiseText};
pub use options::{Detail, PlanOptions};
pub use text::Style;
pub use time::jst;
