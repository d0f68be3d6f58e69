//! The one reader of YAML. In: the text of a file, and where in its file it begins. Out: a [`Node`] tree whose values
//! know their places, and every mistake as a [`Finding`](crate::model::Finding); what may be shown of a text that could be a
//! secret. Reads no file. Imports `model`; must not import anything above.

mod fault;
mod full_width;
mod node;
mod parse;
mod secrets;

pub use fault::{YamlFault, YamlPlace, YamlRight};
pub use full_width::{FullWidth, full_width_colon};
pub use node::{MapEntry, Node, NodeValue, Overrode, Scalar};
pub use parse::{Origin, Rules, parse};
pub use secrets::{scan, secret_key, secret_value, shown};
