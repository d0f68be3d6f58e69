//! What an environment inherits: which value a wrong one replaced, and whom a mistake in an extended file reaches.
//! Imports `model`.

use std::collections::BTreeMap;

use super::overlay::{FOLDER, own_file, tenants_file};
use super::release;
use super::said::Place;
use super::secrets::shown;
use super::yaml::{Node, NodeValue};
use crate::model::{Environment, Finding, Said, Source};

/// A value that was replaced, in words, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrode {
    pub words: Said,
    pub source: Source,
}

/// What `below` said, for messages about the value that replaces it. Never a secret, never long.
pub(super) fn overrode(below: &Node, secret: bool) -> Overrode {
    let words = match &below.value {
        _ if secret => Said::new("the value", "値"),
        NodeValue::Scalar(_) if below.is_null() => Said::new("nothing", "なし"),
        NodeValue::Scalar(scalar) => typed(format!("`{}`", shown(&scalar.text))),
        NodeValue::List(items) => match items.iter().map(Node::scalar).collect::<Option<Vec<_>>>() {
            Some(texts) => {
                let joined = texts.iter().map(|scalar| shown(&scalar.text)).collect::<Vec<_>>().join(", ");
                typed(format!("`{}`", shown(&format!("[{joined}]"))))
            }
            None => Said::new("the list", "一覧"),
        },
        NodeValue::Map(_) => Said::new("the block", "キーのまとまり"),
    };
    Overrode { words, source: below.source.clone() }
}

/// The same in both languages.
fn typed(text: String) -> Said {
    Said::new(text.clone(), text)
}

/// What the values of a tree replaced, by where they are written. Few do, so the tree need not be kept for them.
pub(super) struct Replaced(BTreeMap<Source, Overrode>);

impl Replaced {
    pub(super) fn of(tree: &Node) -> Self {
        let mut replaced = BTreeMap::new();
        collect(tree, &mut replaced);
        Self(replaced)
    }
}

/// Adds to every finding about a value that replaced another what it replaced: the reader wonders which of the two files
/// is wrong.
pub(super) fn say_what_was_overridden(Replaced(replaced): &Replaced, findings: &mut [Finding]) {
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

/// Notes that `environment` has these mistakes from a file which it extends.
pub(super) fn say_who_inherits(environment: Environment, findings: &mut [Finding]) {
    let own = [own_file(environment), tenants_file(environment)];
    let shared = |file: &str| file.starts_with(FOLDER) || file.starts_with(release::FOLDER);
    for finding in findings {
        let inherited = |source: &Source| shared(&source.file) && own.iter().all(|own| source.file != *own);
        if finding.source.as_ref().is_some_and(inherited) {
            finding.inherited_by = vec![environment];
        }
    }
}

/// By place, without repetitions: a mistake in `base.yaml` is seen by three environments and said once, with their names.
pub(super) fn tidy(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (&a.source, a.severity, a.code, &a.message).cmp(&(&b.source, b.severity, b.code, &b.message)));
    findings.dedup_by(|again, first| {
        let same = (&again.source, again.severity, again.code, &again.message)
            == (&first.source, first.severity, first.code, &first.message);
        if same {
            first.inherited_by.append(&mut again.inherited_by);
            first.inherited_by.sort_unstable();
            first.inherited_by.dedup();
            // Environments come in the order of the road, so what is said last is what production accepts.
            first.expected = again.expected.take().or_else(|| first.expected.take());
            for related in again.related.drain(..) {
                if !first.related.contains(&related) {
                    first.related.push(related);
                }
            }
        }
        same
    });
    findings
}
