//! Rules across values.
use super::{compile::Resources, spec::*, yaml::Node};
use crate::model::{Environment, Finding, Source};
use crate::promises::Promises;
pub(super) struct Context<'a> {
    pub(super) environment: Environment,
    pub(super) today: jiff::civil::Date,
    pub(super) promises: &'a Promises,
    pub(super) tree: &'a Node,
}
pub(super) fn check(_: &Context<'_>, _: &EnvironmentDraft, _: &mut Vec<Finding>) {}
pub(super) fn compiled(_: Environment, _: &EnvironmentSpec, _: &Resources, _: &mut Vec<Finding>) {}
pub(super) fn accounts(_: &[(Environment, (String, Source))]) -> (Vec<Environment>, Vec<Finding>) {
    (vec![], vec![])
}
