//! Level 6: what people and programs read. Values in, a `String` out; no I/O, no environment, no terminal.
//!
//! ```text
//! Plan ────────┐                                     ┌─ text (colour and width are inputs)
//! DriftReport ─┼─► rows::Document (roles, no colour) ┤
//! ApplyReport ─┤                                     └─ other outputs read the same document
//! Finding… ────┘
//! explain ─────┘ words of plans and files, found in the data they explain
//! Plan … ──────► json (the document order of the structs), schema (JSON Schema of those documents)
//! ```
//!
//! Guarantees: the same input gives the same bytes; every string ends with a newline; with `colour: false` no escape
//! byte leaves, whatever a name or an AWS message contains; what is folded says how much,
//! unless only names were asked for.
//! Imports `model`, `world::ProviderError`, `doctor`'s report, the kinds' schemas and, for `explain`, the tables of
//! `desired`, `plan` and `promises`.

pub mod apply;
pub mod approvals;
mod changes;
mod creates;
mod diffs;
pub mod doctor;
pub mod drift;
pub mod errors;
pub mod explain;
pub mod findings;
pub mod json;
pub mod plan;
pub mod rows;
pub mod schema;
mod sections;
pub mod text;
mod time;
mod values;
mod wrap;

pub use findings::PromiseText;
pub use plan::{Detail, PlanOptions};
pub use text::Style;
