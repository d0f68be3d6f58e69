//! `extends: base.yaml`: maps merge, lists and scalars replace, and every node keeps its place and the value it replaced. Imports
//! `model`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Environment, Finding, Source};
use crate::yaml::{Node, NodeValue};
use crate::yaml::{secret_key, shown};

use super::files::Files;
use super::layout::{ENVIRONMENTS, own_file, tenants_file};
use super::overrode::overrode;
use super::release::{self, Manifest};
use super::said::{FileFault, Right, ValueFault};
use super::scalars::{Release, Scalar as _, SchemaVersion};

/// An environment's tree merged over everything it extends, and the files of which it consists.
pub struct Overlaid {
    pub tree: Option<Node>,
    pub used: BTreeSet<String>,
    /// An extended file could not be read, so missing values may stand there.
    pub partial: bool,
    /// The place of its base file and its promises.
    pub from: From,
}

/// Where an environment's shared files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Tree,
    Release(Manifest),
    /// The named release is absent, altered or not readable: no shared value can be relied on.
    Nowhere,
}

impl From {
    /// The folder that holds `environments/` and `policies/`.
    pub fn prefix(&self) -> String {
        match self {
            Self::Release(manifest) => release::folder(&manifest.id),
            Self::Tree | Self::Nowhere => String::new(),
        }
    }
}

/// `follow`: `release:` decides where shared files come from. Without it the tree is read, as `release cut` needs it.
pub fn load(files: &mut Files, environment: Environment, follow: bool, findings: &mut Vec<Finding>) -> Overlaid {
    let (mut used, mut partial) = (BTreeSet::new(), false);
    let own = own_file(environment);
    let from = match files.tree(&own, None, &mut Vec::new()) {
        Some(tree) if follow => pinned(files, &tree, findings),
        _ => From::Tree,
    };
    let mut chain = Chain { names: Vec::new(), used: &mut used, partial: &mut partial, from: &from };
    let mut tree = extended(files, &own, None, &mut chain, findings);
    let tenants = tenants_file(environment);
    if files.exists(&tenants) {
        used.insert(tenants.clone());
        if let (Some(tree), Some(more)) = (&mut tree, files.tree(&tenants, None, findings)) {
            append_tenants(tree, &more, findings);
        }
        // Only this environment reads it, and it may be long.
        files.forget(&tenants);
    }
    Overlaid { tree, used, partial, from }
}

/// Where `release:` of the environment's own file leads.
fn pinned(files: &mut Files, tree: &Node, findings: &mut Vec<Finding>) -> From {
    let Some(node) = tree.get("release").filter(|node| !node.is_null()) else { return From::Tree };
    // The decoder reports a value without the form of a release.
    let Some(id) = node.scalar().and_then(|scalar| Release::read(&scalar.text).ok()) else { return From::Nowhere };
    release::load(files, id.as_str(), Some(&node.source), findings).map_or(From::Nowhere, From::Release)
}

/// The files on the way here, to notice a circle, and the trees that they gave.
struct Chain<'a> {
    /// Reads everything from the tree.
    names: Vec<String>,
    used: &'a mut BTreeSet<String>,
    partial: &'a mut bool,
    from: &'a From,
}

fn extended(
    files: &mut Files,
    name: &str,
    asked: Option<&Source>,
    chain: &mut Chain<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Node> {
    // The environment's own file is always the tree's.
    let shared = asked.is_some();
    let file = if shared { format!("{}{name}", chain.from.prefix()) } else { name.to_owned() };
    chain.used.insert(file.clone());
    chain.names.push(name.to_owned());
    let tree = files.tree(&file, asked, findings)?;
    if let Some(entry) = tree.entries().iter().find(|entry| shared && entry.key == "release") {
        let finding = Finding::error("release-in-shared-file", Some(&entry.key_source), FileFault::SharedRelease);
        findings.push(finding.expected(Right::ReleaseInOwnFile));
    }
    // The environment's own version replaces it, and would hide that this file was written for another tokaido.
    let version = tree.get("schema").filter(|_| shared).and_then(|version| Some((version.scalar()?, &version.source)));
    if let Some((text, source)) = version.filter(|(version, _)| SchemaVersion::read(&version.text).is_err()) {
        let message = FileFault::OtherVersion { text: shown(&text.text) };
        findings.push(
            Finding::error("bad-schema-version", Some(source), message).expected(Right::Form { form: SchemaVersion::EXPECTED }),
        );
    }
    let Some(extends) = tree.get("extends") else { return Some(tree) };
    // The decoder reports a value that is no text.
    let Some(text) = extends.scalar().map(|scalar| scalar.text.clone()) else {
        *chain.partial = true;
        return Some(tree);
    };
    let source = extends.source.clone();
    let Some(base) = inside(name, &text) else {
        let finding = Finding::error(
            "path-outside",
            Some(&source),
            FileFault::LeadsOutside { text: shown(&text), folder: ENVIRONMENTS.to_owned() },
        );
        findings.push(finding.expected(Right::Inside { folder: ENVIRONMENTS.to_owned() }));
        *chain.partial = true;
        return Some(tree);
    };
    if chain.names.contains(&base) {
        *chain.partial = true;
        let circle = chain.names.iter().skip_while(|name| **name != base).chain([&base]);
        let circle: Vec<_> = circle.map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
        let finding = Finding::error("cyclic-extends", Some(&source), FileFault::Circle { files: circle.join(" → ") });
        findings.push(finding.expected(Right::EndOfChain));
        return Some(tree);
    }
    if *chain.from == From::Nowhere {
        *chain.partial = true;
        return Some(tree);
    }
    let Some(base) = extended(files, &base, Some(&source), chain, findings) else {
        *chain.partial = true;
        return Some(tree);
    };
    Some(merge(base, tree, false))
}

/// `path` relative to the folder of `file`, if it stays inside the folder of environments.
fn inside(file: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
        // Checked at every step: a path may not leave the folder, even to come back.
        if parts.first() != Some(&ENVIRONMENTS) {
            return None;
        }
    }
    Some(parts.join("/"))
}

/// `over` on top of `base`. A `secret` key's value is not kept as a replaced value.
fn merge(base: Node, over: Node, secret: bool) -> Node {
    let overrode = overrode(&base, secret);
    match (base.value, over.value) {
        (NodeValue::Map(entries), NodeValue::Map(overs)) => {
            let mut entries = Arc::unwrap_or_clone(entries);
            for entry in Arc::unwrap_or_clone(overs) {
                match entries.iter().position(|known| known.key == entry.key) {
                    Some(at) => {
                        let below = entries.remove(at);
                        let mut entry = entry;
                        entry.node = merge(below.node, entry.node, secret || secret_key(&entry.key));
                        entries.insert(at, entry);
                    }
                    None => entries.push(entry),
                }
            }
            Node { value: NodeValue::Map(Arc::new(entries)), source: over.source, overrode: None }
        }
        (_, value) => Node { value, source: over.source, overrode: Some(overrode) },
    }
}

/// Long tenant lists live in a file of their own; its entries follow those of the environment file.
fn append_tenants(tree: &mut Node, more: &Node, findings: &mut Vec<Finding>) {
    for entry in more.entries().iter().filter(|entry| entry.key != "tenants") {
        let finding =
            Finding::error("unknown-key", Some(&entry.key_source), FileFault::NotInTenantList { key: shown(&entry.key) });
        findings.push(finding.expected(Right::TenantsAlone));
    }
    let Some(list) = more.get("tenants") else {
        findings.push(
            Finding::error("missing-key", Some(&more.source), ValueFault::Missing { place: "tenants".to_owned() })
                .expected(Right::TenantsList),
        );
        return;
    };
    let NodeValue::Map(entries) = &mut tree.value else { return };
    let entries = Arc::make_mut(entries);
    match entries.iter_mut().find(|entry| entry.key == "tenants") {
        Some(entry) if entry.node.is_null() => entry.node = list.clone(),
        Some(entry) => match (&mut entry.node.value, &list.value) {
            (NodeValue::List(items), NodeValue::List(more)) => Arc::make_mut(items).extend(more.iter().cloned()),
            // The decoder reports a value that is no list, in whichever file it is.
            (NodeValue::List(_), _) => entry.node = list.clone(),
            _ => {}
        },
        None => entries.extend(more.entries().iter().filter(|entry| entry.key == "tenants").cloned()),
    }
}
