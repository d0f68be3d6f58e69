//! What `plan` and `apply` will need, judged before they are run. Facts in, verdicts out; no I/O.
//!
//! ```text
//! files, tool, store ─────────────► project checks ┐
//! connection, reads, clock, calls ─► checks::judge ├─► Report ─► text, JSON, exit code
//! declared + what is there ────────► quotas         ┘
//! ```
//!
//! Guarantees: what was not asked or not answered is `unknown`, never `ok`; every verdict that is not `ok` says what to
//! do; a refused permission is named as IAM spells it. Imports `model`, `world`, `kinds` and lower.

mod checks;
mod facts;
pub mod policies;
mod quotas;
mod report;

pub use checks::{environment, not_asked};
pub use facts::{Connection, Facts, Read, TOLERANCE_SECONDS};
pub use report::{Check, CheckResult, EnvironmentReport, Fact, Report};
