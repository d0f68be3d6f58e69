//! No two files of `src` use each other, directly or through others.

mod graph;
mod source;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use graph::Graph;

fn graph_of_src() -> Graph {
    let mut modules = source::Modules::new();
    let files = crate::levels::rust_files("src")
        .into_iter()
        .filter(|file| !["src/main.rs", "src/doctor/tests.rs"].contains(&file.as_str()));
    for file in files {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a file");
        source::read(&mut modules, &source::module_of(&file), &file, &text);
    }
    graph::graph(&modules)
}

#[test]
fn no_two_files_use_each_other() {
    let graph = graph_of_src();
    let mut text = String::new();
    for circle in graph::circles(&graph) {
        writeln!(text, "a circle of {} files:", circle.len()).expect("memory");
        for file in &circle {
            for (other, names) in graph[file].iter().filter(|(other, _)| circle.contains(other)) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                writeln!(text, "  {file} uses of {other}: {}", names.join(", ")).expect("memory");
            }
        }
    }
    assert!(text.is_empty(), "{text}");
}

/// The graph of files that are told here.
fn graph_of(files: &[(&str, &str)]) -> Graph {
    let mut modules = source::Modules::new();
    for (file, text) in files {
        source::read(&mut modules, &source::module_of(file), file, text);
    }
    graph::graph(&modules)
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let door = "pub mod one; pub mod two; pub use one::First; pub use two::second;";
    let one = "pub struct First; fn f() { super::two::second(); }";
    for two in [
        "use super::First; pub fn second() -> First { First }",
        "use crate::a::*; pub fn second() -> First { First }",
        "use super::one; pub fn second() -> one::First { one::First }",
        "use crate::{a::{one as other}}; pub fn second() { println!(\"{}\", other::First) }",
        "macro_rules! made { () => { $crate::a::First } } pub fn second() {}",
        "pub mod inner { pub fn g() { super::super::one::First; } } pub fn second() {}",
    ] {
        let graph =
            graph_of(&[("src/lib.rs", "pub mod a;"), ("src/a/mod.rs", door), ("src/a/one.rs", one), ("src/a/two.rs", two)]);
        assert_eq!(graph::circles(&graph), [["src/a/one.rs", "src/a/two.rs"]], "{two}");
    }
}

#[test]
fn what_is_no_circle_is_none() {
    let door = "pub mod one; pub mod two; pub use one::First; pub use two::second;";
    let one = "pub struct First; #[cfg(test)] mod tests { use super::super::second; }";
    let two = "use std::fmt::{self, First as Last}; use super::First; pub fn second() -> First { First }";
    let graph = graph_of(&[("src/lib.rs", "pub mod a;"), ("src/a/mod.rs", door), ("src/a/one.rs", one), ("src/a/two.rs", two)]);
    assert_eq!(graph::circles(&graph), Vec::<Vec<String>>::new());
    assert_eq!(graph["src/a/two.rs"].keys().collect::<Vec<_>>(), ["src/a/one.rs"], "the door is passed");
}

#[test]
fn a_door_that_uses_what_it_passes_on_is_in_the_circle() {
    let door = "mod one; pub use one::First; pub fn make() -> First { First }";
    let graph = graph_of(&[
        ("src/lib.rs", "pub mod a;"),
        ("src/a/mod.rs", door),
        ("src/a/one.rs", "pub struct First; fn f() { super::make(); }"),
    ]);
    assert_eq!(graph::circles(&graph), [["src/a/mod.rs", "src/a/one.rs"]]);
}
