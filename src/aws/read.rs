//! Converts values between the SDK's types and tokaido's.

use std::collections::BTreeSet;

use crate::model::value::Link;

#[must_use]
pub fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

#[must_use]
pub fn link(value: Option<&str>) -> Link {
    Link::Physical(text(value))
}

/// The identifiers to which the links lead.
///
/// # Errors
/// A link whose target has no identifier yet; the text names it.
pub fn links(links: &[Link]) -> Result<Vec<String>, String> {
    links.iter().map(|link| link.physical().map(str::to_owned)).collect()
}

/// The items in order, each once: AWS's order means nothing, and two of its entries can say the same.
pub fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<BTreeSet<T>>().into_iter().collect()
}

/// A number as AWS's 32 bits.
///
/// # Errors
/// A number that is too large; the text names it.
pub fn narrow(value: i64) -> Result<i32, String> {
    i32::try_from(value).map_err(|_| format!("{value} is too large for AWS"))
}

/// A boolean as the structure that EC2 expects.
#[must_use]
pub fn flag(on: bool) -> aws_sdk_ec2::types::AttributeBooleanValue {
    aws_sdk_ec2::types::AttributeBooleanValue::builder().value(on).build()
}

/// The identifiers for a call that lists all objects without them.
#[must_use]
pub fn one(only: Option<&str>) -> Option<Vec<String>> {
    only.map(|physical| vec![physical.to_owned()])
}

/// The size of a page; `None` for a call about one object, which does not accept a size.
#[must_use]
pub fn page(only: Option<&str>, most: i32) -> Option<i32> {
    only.is_none().then_some(most)
}

/// One association of a block of addresses as AWS tells it: the block, the id and the state.
pub type Association<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// The blocks that are associated, or will be in a moment, each with the id of its association. One that AWS is taking away has no
/// user: AWS refuses to take away a block that is in use.
#[must_use]
pub fn blocks<'a>(told: impl Iterator<Item = Association<'a>>) -> Vec<(String, String)> {
    const GONE: [&str; 4] = ["disassociating", "disassociated", "failing", "failed"];
    let held = told.filter(|(_, _, state)| !state.is_some_and(|state| GONE.contains(&state)));
    held.filter_map(|(found, id, _)| Some((block(found?), text(id)))).collect()
}

/// An IP protocol by its name, which EC2 answers by number; `all` for any. Other protocols keep their number.
#[must_use]
pub fn protocol(answered: &str) -> &str {
    match answered {
        "-1" => "all",
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => other,
    }
}

/// A block of addresses in canonical form, without bits of hosts. Any other text stays as it is.
#[must_use]
pub fn block(text: &str) -> String {
    text.parse::<ipnet::IpNet>().map_or_else(|_| text.to_owned(), |block| block.trunc().to_string())
}
