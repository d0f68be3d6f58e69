//! What an environment inherits: which value a wrong value replaced, and which environments a mistake in an extended file
//! concerns. Imports `model`.

use std::collections::BTreeMap;

use crate::model::{Environment, Finding, Source};
use crate::yaml::{Node, Overrode};

use super::layout::{ENVIRONMENTS, RELEASES, own_file, tenants_file};
use super::said::Place;

/// The replaced values of a tree, by the place of the new value. They are few, so the tree need not be kept for them.
pub struct Replaced(BTreeMap<Source, Overrode>);

impl Replaced {
    pub fn of(tree: &Node) -> Self {
        let mut replaced = BTreeMap::new();
        collect(tree, &mut replaced);
        Self(replaced)
    }
}

/// Adds the replaced value to every finding about a value that replaced another, so that the reader sees which of the two files
/// is wrong.
pub fn say_what_was_overridden(Replaced(replaced): &Replaced, findings: &mut [Finding]) {
    for finding in findings {
        let Some(overrode) = finding.source.as_ref().and_then(|source| replaced.get(source)) else { continue };
        finding.related.push((Place::Overrides { words: overrode.words.clone() }.into(), overrode.source.clone()));
    }
}

fn collect(node: &Node, replaced: &mut BTreeMap<Source, Overrode>) {
    if let Some(overrode) = &node.overrode {
        replaced.insert(node.source.clone(), overrode.clone());
    }
    node.items().iter().for_each(|item| collect(item, replaced));
    node.entries().iter().for_each(|entry| collect(&entry.node, replaced));
}

/// Notes that `environment` has these mistakes from a file that it extends.
pub fn say_who_inherits(environment: Environment, findings: &mut [Finding]) {
    let own = [own_file(environment), tenants_file(environment)];
    let shared = |file: &str| file.starts_with(ENVIRONMENTS) || file.starts_with(RELEASES);
    for finding in findings {
        let inherited = |source: &Source| shared(&source.file) && own.iter().all(|own| source.file != *own);
        if finding.source.as_ref().is_some_and(inherited) {
            finding.inherited_by = vec![environment];
        }
    }
}
