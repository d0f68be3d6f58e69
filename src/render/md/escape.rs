//! Escapes a value for GitHub's Markdown: no emphasis, no link, no HTML, no row of a table, no mention by `@name`, no issue by
//! `#1`.

use crate::render::wrap::clean;

/// Invisible and without width: breaks `@name`, `#1` and mail addresses, which GitHub looks for after everything else.
const APART: char = '\u{200b}';

/// The context of a text: GitHub reads Markdown everywhere but in the line of a fold, which is HTML as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Text,
    Fold,
}

/// In running text.
pub fn prose(text: &str, place: Place) -> String {
    escape(&clean(text), place, false)
}

/// As a value. `<code>` and not backticks, because nothing can be escaped between backticks.
pub fn code(text: &str, place: Place) -> String {
    format!("<code>{}</code>", escape(&clean(text), place, true))
}

fn escape(text: &str, place: Place, code: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, c) in text.char_indices() {
        let rest = &text[index + c.len_utf8()..];
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // GitHub cuts a table into cells before it reads anything else.
            '|' => out.push_str("&#124;"),
            '@' => {
                out.push('@');
                // Ids contain an `@` and are copied: there it stays bare, unless it could be an address.
                if !code || address(rest) {
                    out.push(APART);
                }
            }
            '#' => {
                out.push_str(if place == Place::Text { "\\#" } else { "#" });
                if rest.starts_with(|next: char| next.is_ascii_digit()) {
                    out.push(APART);
                }
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '!' | ':' | '^' | '{' | '}' if place == Place::Text => {
                out.push('\\');
                out.push(c);
            }
            '.' if place == Place::Text && ends_with_www(&text[..index]) => out.push_str("\\."),
            c => out.push(c),
        }
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.is_char_boundary(text.len() - 3) && text[text.len() - 3..].eq_ignore_ascii_case("www")
}

fn address(rest: &str) -> bool {
    let host = rest.split(|c: char| !(c.is_alphanumeric() || "._-".contains(c))).next().unwrap_or_default();
    host.contains('.')
}
