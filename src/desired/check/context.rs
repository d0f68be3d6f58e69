//! What a check is made against.

use crate::model::Environment;
use crate::promises::Promises;
use crate::yaml::Node;

pub struct Context<'a> {
    pub environment: Environment,
    pub today: jiff::civil::Date,
    pub promises: &'a Promises,
    /// The merged tree, with values that could not be read.
    pub tree: &'a Node,
}
