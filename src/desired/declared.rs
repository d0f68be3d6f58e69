//! Overrides: values of an environment that differ from the files it extends, under the keys that all environments share.

use serde::Serialize;

use crate::model::Source;
use crate::yaml::{Node, NodeValue};

use super::overrode::overrode;

/// The shared keys. The others (addresses, databases, tenants …) are an environment's own.
const SHARED: [&str; 5] = ["regions", "protection", "time", "logs", "change"];

/// One override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// `change.soak`
    pub path: String,
    /// The value in the environment's file.
    pub here: String,
    /// The value in the extended file; absent when it has none.
    pub base: Option<String>,
    pub source: Source,
}

/// In the order of the extended file; `own` is the environment's file.
pub fn overrides(tree: &Node, own: &str) -> Vec<Override> {
    let mut found = Vec::new();
    for entry in tree.entries().iter().filter(|entry| SHARED.contains(&entry.key.as_str())) {
        collect(&entry.node, &entry.key, own, &mut found);
    }
    found
}

fn collect(node: &Node, path: &str, own: &str, found: &mut Vec<Override>) {
    if let NodeValue::Map(entries) = &node.value {
        for entry in entries.iter() {
            collect(&entry.node, &format!("{path}.{}", entry.key), own, found);
        }
        return;
    }
    if node.source.file != own || node.is_null() {
        return;
    }
    let plain = |words: &str| words.trim_matches('`').to_owned();
    let here = plain(&overrode(node, false).words.en);
    let base = node.overrode.as_ref().map(|below| plain(&below.words.en));
    // An equal value is no override.
    if base.as_ref() != Some(&here) {
        found.push(Override { path: path.to_owned(), here, base, source: node.source.clone() });
    }
}
