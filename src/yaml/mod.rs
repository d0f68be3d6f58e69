//! The one reader of YAML.
//!
//! In: the text of a file, and where in its file the text begins. Out: a [`Node`] tree whose values know their places, every
//! mistake as a [`Finding`](crate::model::Finding), and what a message or an excerpt may show of a text that could hold a secret.
//! Must not import: anything but `model`.
//! Guarantees: it reads no file; it reports all mistakes of a text; no message holds a secret.

mod fault;
mod full_width;
mod node;
mod parse;
mod parser_words;
mod redacted;
mod secrets;

pub use fault::{YamlFault, YamlPlace, YamlRight};
pub use full_width::{FullWidth, full_width as full_width_sign};
pub use node::{MapEntry, Node, NodeValue, Overrode, Scalar};
pub use parse::{Origin, Rules, parse};
pub use redacted::Redacted;
pub use secrets::{scan, secret_key, secret_value, shown};
