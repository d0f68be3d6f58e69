//! Checks, asks and tests Rego rules over a closed input. `README.md` says why, and shows it.
//!
//! ```text
//! text ─ Checker::check ─► Checked, or every Finding      before there is an input
//! text ─ Prepared::each ─► Prepared ─ ask ─► Answer ─ Judged::of ─► Judged
//! text, cases ─ cases::run ─► Tested                      lines without a case, conditions without need
//! ```
//!
//! Texts and JSON come in, values go out: nothing here reads a file, a clock (but for the limit of an evaluation) or the
//! environment. It knows nothing of who uses it; [`Product`] has the words that its messages need.

#![deny(missing_docs)]

mod ask;
mod builtins;
pub mod cases;
mod check;
mod checker;
mod document;
mod engine;
mod finding;
mod judged;
mod mentions;
mod product;
mod scan;
mod schema;
mod trace;

pub use ask::{Answer, Prepared, ask};
pub use checker::{Checked, Checker};
pub use document::Document;
pub use finding::{Code, Complaint, Finding, Place, Text};
pub use judged::{Broken, Judged};
pub use mentions::Mentions;
pub use product::{Product, nearest, stem};
pub use schema::{Behind, Pointer, Schema};
pub use trace::Looked;
