//! What AWS accepts in a request of each operation that tokaido calls: which members it demands, how long a text may be, what a
//! number may be, which words a choice has.
//!
//! In: `shapes.txt`, which `tests/models/inputs.py` makes from AWS's own service models. Out: [`Call::of`] and [`Call::refusals`]
//! for whole requests, [`Kind::refusals`](super::Kind::refusals) for the attributes of a kind.
//!
//! The simulated AWS refuses values by it, and the tests every request of the drivers. A driver sends what a file says even where
//! this table disagrees: AWS may accept more than it did when the table was made.
//!
//! Imports: `model`, and the kinds' entries.

mod call;
mod refusal;
mod scalar;
mod shapes;
mod settings;

pub use call::Call;
pub use refusal::{Refusal, Why};
pub use scalar::{Limits, Scalar};
pub use settings::Setting;
pub use shapes::{Member, Place, Protocol, Service, Shape, services};
