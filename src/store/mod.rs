//! What tokaido remembers: immutable records of applies and looks, and the lease that keeps a second apply out (ADR 0009).
//!
//! In: [`Record`] values from `apply` and `pipeline`, sightings from the verb `watch`. `pipeline` asks for the
//! lease after the permit and before the first step.
//!
//! Out: what the records say together ([`Remembered`], [`history()`], [`emergencies`]), and a [`Lease`], which opens and closes
//! the write fence of the drivers.
//!
//! Out too: the recorded state of an environment, for `plan`, and the history that `govern` decides from.
//!
//! Imports: `model`, `kinds` (the name of the lease object), `world` (clocks, errors, the write fence), `plan` (what differences do to a
//! recorded resource), `policy` (its memory of checked texts) and `govern` (the types of
//! its histories). Must not import: a driver, or anything below in `lib.rs`.
//!
//! Guarantees:
//! - A record is durable when it is written, and never changed or deleted.
//! - Two applies never hold the lease of an environment at the same time.
//! - When the records are lost, `plan` and `apply` still work, with an empty recorded state: every cause is unknown then.
//!
//! [`DirectoryStore`] keeps everything in a folder; the store in S3 is in `aws`.

#![deny(missing_docs)]

pub mod checked;
mod contract;
mod directory;
mod indeterminate;
mod error;
mod fold;
mod history;
pub mod lease;
mod lease_record;
mod record;
mod remembered;
mod watch;
mod written;

pub use contract::{Store, WatchStore};
pub use directory::DirectoryStore;
pub use error::{Contested, StoreError};
pub use fold::{emergencies, last_begun, open_emergencies, recorded_state, relied_on, spent};
pub use history::{executions, history};
pub use indeterminate::{IndeterminateCreate, IndeterminateCreates, SHOWN_WITHIN};
pub use lease::Lease;
pub use lease_record::{LeaseRecord, Seen, Swap, Version};
pub use record::{Entry, Record, counting, first_missing, record_name, record_number};
pub use remembered::{Remembered, changed};
pub use watch::{last_sighting, record as record_sighting, sightings};
