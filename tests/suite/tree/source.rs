//! The modules of `src` as their texts declare them: what each defines, which names it brings in, which paths it writes.
//! Read with a parser, so that macros, groups, `super` and re-exports are seen as the compiler sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Item, UseTree};

/// Segments of a path, from the root of the crate where `crate`, `self` or `super` were written.
pub type Names = Vec<String>;

#[derive(Debug, Default)]
pub struct Module {
    pub file: String,
    pub items: BTreeSet<String>,
    pub children: BTreeSet<String>,
    /// Name in this module → what was imported under it.
    pub aliases: BTreeMap<String, Vec<Names>>,
    pub globs: Vec<Names>,
    /// The names of `use` without `pub`: brought in for this module's own use.
    pub own: BTreeSet<String>,
    /// Paths of two segments or more, as written.
    pub paths: BTreeSet<Names>,
    /// Every identifier, for the names that a glob brings in.
    pub words: BTreeSet<String>,
}

pub type Modules = BTreeMap<Names, Module>;

/// Adds the module `at` that `text` declares, and the modules written inside it. Tests inside `src` are left out.
pub fn read(modules: &mut Modules, at: &[String], file: &str, text: &str) {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let tokens = text.parse::<TokenStream>().unwrap_or_else(|error| panic!("{file}: {error}"));
    declare(modules, at, file, &parsed.items);
    walk(modules, at, &tokens.into_iter().collect::<Vec<_>>());
}

/// The module path of a file: `src/plan/patch.rs` → `["plan", "patch"]`; `mod.rs` is its folder.
pub fn module_of(file: &str) -> Names {
    let path = Path::new(file).strip_prefix("src").expect("a file of src").with_extension("");
    let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

fn declare(modules: &mut Modules, at: &[String], file: &str, items: &[Item]) {
    let mut module = Module { file: file.to_owned(), ..Module::default() };
    let mut inside: Vec<(String, &[Item])> = Vec::new();
    for item in items {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Macro(item) if item.ident.is_some() => item.ident.as_ref().expect("a name"),
            Item::Mod(item) => {
                module.children.insert(item.ident.to_string());
                if let Some((_, items)) = &item.content {
                    inside.push((item.ident.to_string(), items));
                }
                continue;
            }
            _ => continue,
        };
        module.items.insert(name.to_string());
    }
    modules.insert(at.to_vec(), module);
    for (name, items) in inside {
        declare(modules, &below(at, &name), file, items);
    }
}

fn below(at: &[String], name: &str) -> Names {
    at.iter().cloned().chain([name.to_owned()]).collect()
}

fn walk(modules: &mut Modules, at: &[String], tokens: &[TokenTree]) {
    let mut index = 0;
    while index < tokens.len() {
        index += match &tokens[index] {
            TokenTree::Ident(word) if word == "use" => imported(modules, at, &tokens[index..], passes_on(&tokens[..index])),
            TokenTree::Ident(word) if word == "mod" => nested(modules, at, &tokens[index..]),
            TokenTree::Ident(word) => path(modules, at, word, &tokens[index..]),
            TokenTree::Group(group) => {
                walk(modules, at, &group.stream().into_iter().collect::<Vec<_>>());
                1
            }
            _ => 1,
        };
    }
}

/// `mod name { … }` is a module of its own, unless it is the tests; `mod name;` is another file. How many tokens it takes.
fn nested(modules: &mut Modules, at: &[String], tokens: &[TokenTree]) -> usize {
    let [_, TokenTree::Ident(name), TokenTree::Group(body), ..] = tokens else { return 2 };
    if body.delimiter() == Delimiter::Brace && name != "tests" {
        walk(modules, &below(at, &name.to_string()), &body.stream().into_iter().collect::<Vec<_>>());
    }
    3
}

/// `pub use` and `pub(crate) use` hand a name on to others.
fn passes_on(before: &[TokenTree]) -> bool {
    let word = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "pub");
    match before {
        [.., last] if word(last) => true,
        [.., first, TokenTree::Group(_)] => word(first),
        _ => false,
    }
}

fn imported(modules: &mut Modules, at: &[String], tokens: &[TokenTree], passes_on: bool) -> usize {
    let end = tokens.iter().position(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ';'));
    let Some(end) = end else { return 1 };
    let text: TokenStream = tokens[..=end].iter().cloned().collect();
    // Inside a macro's pattern a `use` may hold `$name`: it names nothing yet.
    let Ok(parsed) = syn::parse2::<syn::ItemUse>(text) else { return 1 };
    leaves(&parsed.tree, &mut Vec::new(), &mut |path, name, glob| {
        let path = absolute(at, path);
        let module = modules.get_mut(at).expect("a declared module");
        if glob {
            module.globs.push(path);
            return;
        }
        if !passes_on {
            module.own.insert(name.to_owned());
        }
        module.aliases.entry(name.to_owned()).or_default().push(path);
    });
    end + 1
}

/// Each name that a `use` brings in: its path, the name it gets, and whether it is a glob.
fn leaves(tree: &UseTree, so_far: &mut Names, each: &mut impl FnMut(&[String], &str, bool)) {
    match tree {
        UseTree::Path(path) => {
            so_far.push(path.ident.to_string());
            leaves(&path.tree, so_far, each);
            so_far.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, so_far, each)),
        UseTree::Glob(_) => each(so_far, "*", true),
        UseTree::Name(_) | UseTree::Rename(_) => {
            let (from, to) = match tree {
                UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
                UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
                _ => unreachable!("matched above"),
            };
            if from == "self" {
                let own = if to == "self" { so_far.last().cloned().unwrap_or_default() } else { to };
                each(so_far, &own, false);
            } else {
                so_far.push(from);
                each(so_far, &to, false);
                so_far.pop();
            }
        }
    }
}

/// `super::x` in `plan::order` is `crate::plan::x`; a path that names another crate or a local name stays as it is.
fn absolute(at: &[String], path: &[String]) -> Names {
    let root = "crate".to_owned();
    let (mut base, mut rest) = match path.first().map(String::as_str) {
        Some("crate") => (vec![root], &path[1..]),
        Some("self") => (std::iter::once(root).chain(at.iter().cloned()).collect(), &path[1..]),
        Some("super") => (std::iter::once(root).chain(at.iter().cloned()).collect(), path),
        _ => return path.to_vec(),
    };
    while rest.first().is_some_and(|part| part == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().cloned());
    base
}

fn path(modules: &mut Modules, at: &[String], first: &Ident, tokens: &[TokenTree]) -> usize {
    let mut names = vec![first.to_string()];
    let mut taken = 1;
    while let [TokenTree::Punct(one), TokenTree::Punct(two), TokenTree::Ident(next), ..] = &tokens[taken..] {
        if one.as_char() != ':' || two.as_char() != ':' {
            break;
        }
        names.push(next.to_string());
        taken += 3;
    }
    let module = modules.get_mut(at).expect("a declared module");
    if names.len() > 1 {
        module.paths.insert(absolute(at, &names));
    } else {
        module.words.insert(names.remove(0));
    }
    taken
}
