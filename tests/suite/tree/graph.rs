//! Which file uses what another file defines. Names are followed through re-exports to the file that defines them, so a
//! module's door that only passes names on stands in nobody's way.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, Modules, Names};

/// For each file the files it uses, each with the names that it uses of them.
pub type Graph = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

pub fn graph(modules: &Modules) -> Graph {
    let mut graph = Graph::new();
    for (at, module) in modules {
        let uses = graph.entry(module.file.clone()).or_default();
        for target in targets(modules, at, module) {
            if target.file != module.file {
                uses.entry(target.file).or_default().insert(target.name);
            }
        }
    }
    graph
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    file: String,
    name: String,
}

fn targets(modules: &Modules, at: &[String], module: &Module) -> BTreeSet<Target> {
    let mut found = BTreeSet::new();
    // A name that is only passed on (`pub use`) is used where it stands by itself.
    let imported = module.aliases.keys().filter(|name| module.own.contains(*name) || module.words.contains(*name));
    for path in imported.map(std::slice::from_ref).chain(module.paths.iter().map(Vec::as_slice)) {
        found.extend(follow(modules, at, path, &mut BTreeSet::new()));
    }
    if !module.globs.is_empty() {
        let own = |word: &String| module.items.contains(word) || module.aliases.contains_key(word);
        for word in module.words.iter().filter(|word| !own(word)) {
            for glob in &module.globs {
                let path: Names = glob.iter().chain([word]).cloned().collect();
                found.extend(follow(modules, at, &path, &mut BTreeSet::new()));
            }
        }
    }
    found
}

/// Where the item lies that `path`, written in the module `at`, means. Nothing for other crates, locals and whole modules.
fn follow(modules: &Modules, at: &[String], path: &[String], seen: &mut BTreeSet<(Names, Names)>) -> BTreeSet<Target> {
    match path.split_first() {
        Some((first, rest)) if first == "crate" => enter(modules, &[], rest, seen),
        _ => enter(modules, at, path, seen),
    }
}

fn enter(modules: &Modules, at: &[String], path: &[String], seen: &mut BTreeSet<(Names, Names)>) -> BTreeSet<Target> {
    let (Some(module), Some((first, rest))) = (modules.get(at), path.split_first()) else { return BTreeSet::new() };
    if !seen.insert((at.to_vec(), path.to_vec())) {
        return BTreeSet::new();
    }
    if !rest.is_empty() && module.children.contains(first) {
        let child: Names = at.iter().chain([first]).cloned().collect();
        return enter(modules, &child, rest, seen);
    }
    if module.items.contains(first) {
        return BTreeSet::from([Target { file: module.file.clone(), name: first.clone() }]);
    }
    // What another crate's name begins leads nowhere here; `use time::time` would lead to itself.
    let ours = |import: &&Names| match import.first() {
        Some(head) => head == "crate" || module.children.contains(head) || (head != first && module.aliases.contains_key(head)),
        None => false,
    };
    let mut found = BTreeSet::new();
    for alias in module.aliases.get(first).into_iter().flatten().filter(ours) {
        let whole: Names = alias.iter().chain(rest).cloned().collect();
        found.extend(follow(modules, at, &whole, seen));
    }
    if found.is_empty() {
        for glob in module.globs.iter().filter(ours) {
            let whole: Names = glob.iter().chain(path).cloned().collect();
            found.extend(follow(modules, at, &whole, seen));
        }
    }
    found
}

/// Files that use one another, directly or through others: each strongly connected component of more than one file.
pub fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in graph.keys() {
        let (mut open, mut seen) = (vec![file.as_str()], BTreeSet::new());
        while let Some(file) = open.pop() {
            for next in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
                if seen.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        reach.insert(file, seen);
    }
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, seen) in &reach {
        if !seen.contains(file) || told.contains(file) {
            continue;
        }
        let circle: Vec<&str> = seen.iter().copied().filter(|other| reach[other].contains(file)).collect();
        told.extend(circle.iter().copied());
        circles.push(circle.into_iter().map(str::to_owned).collect());
    }
    circles
}
