//! The vocabulary of tokaido: the values that most modules share. A type that one module makes and few use stands in that module.
//! Plain data, no I/O.
//!
//! ```text
//! DesiredState ┐
//! RecordedState├─► plan ─► PlanBody ─► Plan (body and envelope)
//! ObservedState┘
//! ```
//!
//! In: nothing. The modules `project`, `observe` and `store` fill these types from files, AWS and records.
//!
//! Out: the types that all other modules read and write.
//!
//! Must not import: any other module of this crate.
//!
//! Guarantees:
//! - No function here reads a clock, a file or the network.
//! - Resources are uniform: an id, attributes and tags. No kind has a type of its own here. What an attribute of a kind means is
//!   data in its [`schema::KindSchema`].
//! - Maps and sets are sorted, so equal values are serialised as equal bytes.

#![deny(missing_docs)]

pub mod apply;
pub mod attribute;
pub mod attributes;
pub mod audit;
pub mod authored;
pub mod sorted_lookup;
pub mod blocked;
pub mod change;
mod declared_outputs;
pub mod desired;
pub mod diff;
pub mod digest;
pub mod drift;
pub mod engine_version;
pub mod equality;
pub mod event;
pub mod file;
pub mod finding;
pub mod authorization;
pub mod id;
pub mod identity;
pub mod impact;
pub mod link;
pub mod map;
pub mod moment;
pub mod mutability;
mod name;
pub mod name_rule;
pub mod observed;
pub mod offer;
pub mod pairs;
pub mod path;
pub mod plan;
pub mod policy;
pub mod readings;
pub mod retag;
pub mod reason;
pub mod recorded;
pub mod release;
mod remedy;
mod repeated;
pub mod risk;
pub mod roles;
pub mod schema;
pub mod shared;
pub mod slug;
pub mod tags;
pub mod text;
mod invisible;
pub mod value;
pub mod verdict;
pub mod watch;

pub use apply::{ApplyReport, Remaining, StepReport};
pub use attribute::{Attr, Typed};
pub use attributes::Attributes;
pub use audit::{AuditReport, EnvironmentAudit};
pub use authored::Authored;
pub use authorization::{AuthorizationBasis, Emergency, Review};
pub use blocked::{Blocked, BlockedCode};
pub use change::{Action, Change, Operation, Precondition, Step};
pub use desired::{CLOSED_REGIONS, DesiredResource, DesiredState, Divergence, Exception, Reader, SharedForwarder, Tombstone};
pub use diff::{Class, Diff};
pub use drift::DriftReport;
pub use event::{ApplyEvent, Outcome};
pub use file::FileName;
pub use finding::{Finding, Quote, Sentence, Severity, Source};
pub use id::{Environment, Region, ResourceId};
pub use identity::{Home, Identity};
pub use impact::Impact;
pub use invisible::{is_invisible, visible, visible_json};
pub use link::{Link, Reference};
pub use name::Name;
pub use observed::{
    CallRecord, Closed, ClosedBy, Evidence, FactReading, Listing, Live, Locked, ObservedState, Other, OtherStanding,
    PendingValue, Status, Unreadable,
};
pub use offer::{OfferQuestion, OfferRule, Offered, Unconfirmed};
pub use pairs::Pairs;
pub use plan::{OneWay, Plan, PlanBody, WayBack};
pub use policy::{Effect, PolicyBreak, PolicyFiles, PolicyVerdict};
pub use readings::{Reading, Readings, Unread, Without};
pub use reason::{Explanation, Reason, Stated};
pub use recorded::RecordedState;
pub use release::ReleaseRef;
pub use remedy::Remedy;
pub use risk::{Hazard, Risk, Trigger};
pub use roles::{Person, Requirement, Roles};
pub use schema::{AttributeSchema, Case, Comparison, KindSchema, Mutability, NameRule, Schemas};
pub use shared::Shared;
pub use sorted_lookup::SortedLookup;
pub use text::{Explained, Language, Said, Words};
pub use value::Value;
pub use verdict::{Examined, Fact, Level, NewPath, PromiseKind, PromiseMove, Standing, UnknownCause, Verdict, VerdictState};
pub use watch::{Blind, Gap, Happened, News, Open, Picture, Sighting, Still, WatchEvent, WatchKey, WatchRecord};
