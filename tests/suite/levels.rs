//! The order of the modules, as `src/lib.rs` lists them, and the shape of the tree: checked on the text, so that a wrong
//! import fails in a second and says where.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const LONGEST_FILE: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every `.rs` file below `folder`, relative to the repository, sorted.
pub fn rust_files(folder: &str) -> Vec<String> {
    let (mut open, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(relative(&entry));
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("a file of the repository").to_string_lossy().replace('\\', "/")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The modules in the order of `src/lib.rs`: one imports only what stands above it.
fn order() -> Vec<String> {
    let text = code(&read("src/lib.rs"));
    text.lines().filter_map(|line| Some(line.trim().strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned())).collect()
}

fn level(module: &str) -> Option<usize> {
    static ORDER: LazyLock<Vec<String>> = LazyLock::new(order);
    ORDER.iter().position(|known| known == module)
}

/// Comments may talk about anything.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a file's paths lead to: `crate::x`, `crate::{x, y::z}`, and `super` beyond the module.
fn imports(text: &str, depth: usize) -> BTreeSet<String> {
    let code = code(text);
    let mut found = BTreeSet::new();
    for (start, _) in code.match_indices("crate::") {
        // `$crate::`, `some_crate::` are other words.
        let before = code[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        found.extend(heads(&code[start + "crate::".len()..]));
    }
    for (start, _) in code.match_indices("super::") {
        if code[..start].ends_with("super::") {
            continue;
        }
        let rest = &code[start..];
        let climbed = rest.split("super::").take_while(|part| part.is_empty()).count();
        if climbed >= depth {
            let names = heads(&rest["super::".len() * climbed..]);
            found.extend(names.into_iter().filter(|name| level(name).is_some()));
        }
    }
    found
}

/// The first word of a path, or of each path in a group.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut nested, mut begin, mut names) = (0_usize, 0, Vec::new());
    for (index, c) in group.char_indices() {
        match c {
            '{' => nested += 1,
            '}' if nested == 0 => {
                names.push(word(&group[begin..index]));
                break;
            }
            '}' => nested -= 1,
            ',' if nested == 0 => {
                names.push(word(&group[begin..index]));
                begin = index + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// `src/plan/patch.rs` → `["plan", "patch"]`; `mod.rs` is its folder.
fn module_path(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    path.split('/').filter(|part| *part != "mod").map(str::to_owned).collect()
}

#[test]
fn a_module_imports_only_what_stands_above_it_in_lib_rs() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let path = module_path(&file);
        let module = &path[0];
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let own = level(module).unwrap_or_else(|| panic!("{file}: src/lib.rs does not list {module}"));
        for name in imports(&read(&file), path.len()) {
            let Some(other) = level(&name) else {
                wrong.push(format!("{file} imports crate::{name}, which src/lib.rs does not list"));
                continue;
            };
            if &name != module && other >= own {
                wrong.push(format!("{file} imports crate::{name}, which src/lib.rs lists below {module}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_src_is_listed() {
    for entry in fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            assert!(level(&name).is_some(), "src/lib.rs does not list src/{name}");
        } else {
            assert!(["lib", "main"].contains(&name.as_str()), "src/{name}.rs: a module is a folder");
        }
    }
}

#[test]
fn the_order_is_the_one_of_the_pipeline() {
    let place = |module: &str| level(module).unwrap_or_else(|| panic!("{module} is listed"));
    for (first, second) in
        [("model", "world"), ("kinds", "plan"), ("desired", "compile"), ("plan", "govern"), ("pipeline", "cli")]
    {
        assert!(place(first) < place(second), "{first} stands above {second}");
    }
}

#[test]
fn the_check_sees_what_it_should_see() {
    let text = "use crate::plan::x;\nuse crate::{\n  model::{A, B},\n  kinds,\n};\n// crate::cli\nfn f() { super::super::sim::g(); super::apply::h() }";
    assert_eq!(imports(text, 2).into_iter().collect::<Vec<_>>(), ["kinds", "model", "plan", "sim"]);
    assert_eq!(imports("use $crate::world; my_crate::cli::x()", 1).into_iter().collect::<Vec<_>>(), ["world"]);
}

#[test]
fn no_file_is_too_long() {
    let long: BTreeMap<String, usize> = rust_files("src")
        .into_iter()
        .chain(rust_files("tests"))
        .map(|file| (file.clone(), read(&file).lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "over {LONGEST_FILE} lines: {long:?}");
}

/// Values without the answer to "was it read?" are for showing, searching and sending. Who decides asks for it
/// (docs/adr/0023-complete-readings.md).
/// What means the same is decided in `model::equality` (ADR 0028): the planner, the judges and apply have no folding, no cron
/// expression and no comparison of statements of their own.
#[test]
fn nobody_but_the_equality_decides_what_means_the_same() {
    const OWN: [&str; 7] = ["ascii_case", "ascii_lower", "ascii_upper", "to_lowercase", "to_uppercase", "\"cron(", "trunc()"];
    let compares_statements = |line: &str| line.contains("statements(") && (line.contains(" == ") || line.contains(" != "));
    let mut wrong = Vec::new();
    for file in ["src/plan", "src/apply", "src/promises/judge", "src/pipeline"].into_iter().flat_map(rust_files) {
        let text = code(&read(&file));
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in text.lines().filter(|line| OWN.iter().any(|own| line.contains(own)) || compares_statements(line)) {
            wrong.push(format!("{file}: {}", line.trim()));
        }
    }
    assert!(wrong.is_empty(), "ask `model::equality`:\n{}", wrong.join("\n"));
}

#[test]
fn no_decision_rests_on_bare_values() {
    const MAY: [&str; 12] = [
        "src/apply/read_back.rs",
        "src/apply/update.rs",
        "src/aws/drivers/db_instance.rs",
        "src/aws/generic/mod.rs",
        "src/model/readings.rs",
        "src/plan/compare.rs",
        "src/plan/leftovers.rs",
        "src/plan/order.rs",
        "src/plan/uniqueness.rs",
        "src/policy/document.rs",
        "src/policy/input.rs",
        "src/sim/driver.rs",
    ];
    let bare: Vec<String> = rust_files("src").into_iter().filter(|file| code(&read(file)).contains(".bare()")).collect();
    assert_eq!(bare, MAY);
}

#[test]
fn every_door_says_what_is_behind_it() {
    let silent: Vec<String> = rust_files("src").into_iter().filter(|file| !read(file).starts_with("//!")).collect();
    assert!(silent.is_empty(), "without module docs: {silent:?}");
}

/// A test file that no `mod` line reaches is never run.
#[test]
fn no_test_file_is_forgotten() {
    let mut reached = BTreeSet::new();
    let mut open = vec![PathBuf::from("tests/suite/main.rs")];
    while let Some(file) = open.pop() {
        let name = file.to_string_lossy().replace('\\', "/");
        let text = read(&name);
        let folder = file.parent().expect("a folder");
        let stem = file.file_stem().expect("a name").to_string_lossy();
        let children = if ["main", "mod"].contains(&&*stem) { folder.to_owned() } else { folder.join(&*stem) };
        let mut path = None;
        for line in code(&text).lines().map(str::trim) {
            if let Some(given) = line.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix("\"]")) {
                path = Some(folder.join(given));
            } else if let Some(module) =
                line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
            {
                let flat = children.join(format!("{module}.rs"));
                let found = path
                    .take()
                    .unwrap_or_else(|| if root().join(&flat).exists() { flat } else { children.join(module).join("mod.rs") });
                open.push(found);
            }
        }
        reached.insert(name);
    }
    let forgotten: Vec<String> = rust_files("tests/suite").into_iter().filter(|file| !reached.contains(file)).collect();
    assert!(forgotten.is_empty(), "no `mod` line reaches {forgotten:?}");
}
