//! What an environment says differently from the files it extends, under the keys that all environments share.

use serde::Serialize;

use crate::model::Source;
use crate::yaml::{Node, NodeValue};

use super::overrode::overrode;

/// Keys that belong to everybody. The others (addresses, databases, tenants …) are an environment's own anyway.
const SHARED: [&str; 5] = ["regions", "protection", "time", "logs", "change"];

/// One declared difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// `change.soak`
    pub path: String,
    /// As written here.
    pub here: String,
    /// As written below; absent when nothing is.
    pub base: Option<String>,
    pub source: Source,
}

/// In the order of the file below; `own` is the environment's file.
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
    // Said again is not said differently.
    if base.as_ref() != Some(&here) {
        found.push(Override { path: path.to_owned(), here, base, source: node.source.clone() });
    }
}
