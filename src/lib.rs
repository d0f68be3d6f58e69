//! tokaido: a deployment controller for AWS in Tokyo and Osaka. `docs/architecture.md` draws the pipeline.
//!
//! The modules stand in the order of their levels. A module imports only modules above it in this list
//! (`tests/suite/levels.rs`), and no two files import each other, not even through others (`tests/suite/tree`, ADR 0021).
//!
//! Only `apply` changes a world: with a `Permit`, under a `Lease`, through a `Driver`, past the write fence.

// The derives of `tokaido-derive` write paths that begin with `tokaido::`; this line makes them work inside the crate.
extern crate self as tokaido;

pub mod model; // the vocabulary: ids, values, schemas, states, plans, reasons (why something is said); no I/O
pub mod file; // the one way to open a file: a regular one, of bounded size
pub mod world; // the seam: what an AWS, simulated or real, must do; clocks, errors, the fence before every write
pub mod yaml; // the text of a file → a tree whose values know their places
pub mod kinds; // one folder for each kind of resource: attributes, behaviour, operations
pub mod reach; // facts of networks → which packets pass between tenants
pub mod promises; // the clauses of the white paper, and a verdict on each
pub mod policy; // an organisation's own rules over a plan, in Rego
pub mod desired; // the files of a project → a checked specification
pub mod compile; // the specification → resources
pub mod project; // `desired` and `compile` together, each file read once → the desired state of every environment
pub mod plan; // desired, observed and recorded state → changes and their order
pub mod doctor; // will plan and apply work here?
pub mod govern; // may this plan run? releases, promotion, approvals, the permit
pub mod render; // values → text, pages, comments and JSON, in two languages
pub mod store; // records and the lease: the traits, and a store in a folder
#[cfg(feature = "aws")]
pub mod aws; // the real world: one driver for each kind, records in S3
pub mod sim; // the simulated world
pub mod observe; // a world → the observed state
pub mod apply; // a permitted plan → calls, events, records
pub mod pipeline; // observe → plan → lint → judge → permit → lease → apply → observe and plan again
pub mod cli; // arguments, terminal, exit codes
