//! Checks what `plan` and `apply` will need, before an operator runs them.
//!
//! In: facts about files, the tokaido binary, store, connection, reads, clock, calls and quotas, which `cli` and `pipeline`
//! collected. Out: a [`Report`](report::Report) of verdicts.
//! Must not import: anything but `model`, `world`, `kinds` and `compile`. No I/O.
//!
//! ```text
//! files, tool, store ─────────────► project checks ┐
//! connection, reads, clock, calls ─► checks::judge ├─► Report ─► text, JSON, exit code
//! declared + what is there ────────► quotas         ┘
//! ```
//!
//! Guarantees: a fact that was not asked for or not answered is `unknown`, never `ok`; every verdict other than `ok` says what to
//! do; a refused permission is named as IAM spells it.

mod checks;
mod facts;
pub mod policies;
mod quotas;
mod reason;
mod report;

pub use checks::{environment, not_asked};
pub use facts::{Connection, Facts, Read};
pub use reason::{Counted, Found, Item, Label, NotAsked, Place, Remedy, names};
pub use report::{Check, CheckResult, EnvironmentReport, Fact, Report};
