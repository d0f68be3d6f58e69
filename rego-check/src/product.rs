//! The program that asks policies, as far as its authors meet it in a message.

use crate::finding::Text;

/// How the program that uses this crate is called, and where its users find what a message points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// The first part of every package: `tokaido` for `package tokaido.no_open_ingress`.
    pub name: &'static str,
    /// The command that lists every field of the input, in backticks.
    pub schema: &'static str,
    /// The command that prints an input, in backticks.
    pub input: &'static str,
    /// The folder of the cases.
    pub cases: &'static str,
}

/// The file that is looked at, and for whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) file: &'a str,
    pub(crate) product: &'a Product,
}

/// The file's name without folders and ending: the code of the policy.
#[must_use]
pub fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".rego").unwrap_or(name)
}

/// What was probably meant, for a message: the nearest of the known names, or all of them where they are few.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, product: &Product) -> Text {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    let score = |name: &str| {
        // A part of a long name is as good a guess as a letter too many.
        let part = name.split('_').any(|part| part == word) || name.contains(word) && word.len() > 3;
        strsim::jaro_winkler(word, name).max(if part { 0.85 } else { 0.0 })
    };
    let best = known.iter().copied().map(|name| (score(name), name)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    match best {
        Some((score, name)) if score >= 0.75 => Text::same(format!("`{name}`")),
        _ if known.is_empty() => ("nothing", "なし").into(),
        _ if known.len() <= 12 => {
            let quoted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let all = quoted.join(", ");
            (format!("one of {all}"), format!("次のいずれか: {all}")).into()
        }
        _ => {
            let (count, schema) = (known.len(), product.schema);
            (format!("one of {count} names; {schema} has them"), format!("{count} 個の名前のいずれか。{schema} で確認できます"))
                .into()
        }
    }
}
