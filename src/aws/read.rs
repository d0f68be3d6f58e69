//! Values between the SDK's shapes and ours.

use crate::model::value::Link;

#[must_use]
pub fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

#[must_use]
pub fn link(value: Option<&str>) -> Link {
    Link::Physical(text(value))
}

/// The identifiers that the links lead to.
///
/// # Errors
/// Names a link that leads nowhere yet.
pub fn links(links: &[Link]) -> Result<Vec<String>, String> {
    links.iter().map(|link| link.physical().map(str::to_owned)).collect()
}

/// AWS's numbers are shorter than ours.
///
/// # Errors
/// Names a number that is too large.
pub fn narrow(value: i64) -> Result<i32, String> {
    i32::try_from(value).map_err(|_| format!("{value} is too large for AWS"))
}

/// A switch of EC2, which is a structure.
#[must_use]
pub fn flag(on: bool) -> aws_sdk_ec2::types::AttributeBooleanValue {
    aws_sdk_ec2::types::AttributeBooleanValue::builder().value(on).build()
}

/// The list of identifiers of a call that lists all without it.
#[must_use]
pub fn one(only: Option<&str>) -> Option<Vec<String>> {
    only.map(|physical| vec![physical.to_owned()])
}

/// How many objects a page holds. A call about one object does not say it.
#[must_use]
pub fn page(only: Option<&str>, most: i32) -> Option<i32> {
    only.is_none().then_some(most)
}
