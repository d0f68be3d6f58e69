//! What tokaido remembers. Immutable records behind one trait, and the lease that keeps a second apply out; if
//! the records are lost, plan and apply still work. The S3 store is in `aws`. Imports `model`, `world`
//! and `govern`, whose histories it makes from records; never a world that is called, `observe` or anything above.

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
pub use remembered::Remembered;
pub use watch::{last_sighting, record as record_sighting, sightings};
