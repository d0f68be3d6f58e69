//! tokaido: a deployment controller for AWS in Tokyo and Osaka. `docs/architecture.md` draws the pipeline.
//!
//! The modules stand in the order of their levels: one imports only what stands above it here (`tests/suite/levels.rs`), and
//! no two files use each other (`tests/suite/tree`, ADR 0021).

// The derives of `tokaido-derive` name this crate as others do.
extern crate self as tokaido;

pub mod model; // the vocabulary: ids, values, schemas, states, plans, reasons; no I/O
pub mod world; // the seam: what an AWS, simulated or real, must do; clocks, errors, the fence before every write
pub mod yaml; // the text of a file → a tree whose values know their places
pub mod kinds; // one folder for each kind of resource: attributes, behaviour, operations
pub mod promises; // the clauses of the white paper, and a verdict on each
pub mod policy; // an organisation's own rules over a plan, in Rego
pub mod desired; // the files of a project → a checked specification
pub mod compile; // the specification → resources
pub mod project; // both, read once for each command → the desired state of every environment
pub mod plan; // desired, observed and recorded state → changes and their order
pub mod doctor; // will plan and apply work here?
pub mod govern; // may this plan run? releases, promotion, approvals, the permit
pub mod render; // values → text, pages, comments and JSON, in two languages
pub mod store; // records and the lease: the protocol, and a folder
#[cfg(feature = "aws")]
pub mod aws; // the real world: one driver for each kind, records in S3
pub mod sim; // the simulated world
pub mod observe; // a world → the observed state
pub mod apply; // a permitted plan → calls, events, records
pub mod pipeline; // observe → plan → check → permit → apply → look again
pub mod cli; // arguments, terminal, exit codes
