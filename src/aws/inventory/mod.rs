//! Finds what holds data and is no kind of its own: in Tokyo and Osaka, and by a list call of each service in every other region.
//!
//! ```text
//! stores   one row for each kind of store: the operation, how its pages are asked for, where its reply says what
//! caller   one signed call of any operation of any service in any region ─► the reply as a tree
//! listing  rows × regions ─► pages ─► stores, failed reads, closed regions
//! buckets  the same of S3
//! sharing  with whom a store is shared, where the listing does not say it
//! ```
//!
//! In: the session, and the kind `data-store`. Out: its listing, through `aws::drivers`.
//!
//! Must not import: the SDK of a service but S3's, whose list of buckets shows all regions; no driver.
//!
//! Guarantees: it sends reading calls only. What AWS did not tell is never a value. A region in which every call is denied by the
//! organisation is closed; a region in which some are is read, and the denied calls are failed reads.

pub mod buckets;
pub mod caller;
pub mod listing;
pub mod sharing;
pub mod stores;
