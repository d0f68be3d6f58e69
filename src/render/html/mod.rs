//! A page as one file for a browser: no script, nothing fetched, readable on paper and by a screen reader.
//!
//! The templates (`templates/`) escape every text; only templates are inserted without escaping. `view` turns rows into what the
//! templates show; `style` holds the one style sheet and the content policy that allows nothing else.
//! In: rows. Out: one HTML file. Must not import: the plans and reports from which rows are made.

mod style;
mod view;

use askama::Template as _;

use super::rows::Page;

/// # Panics
/// Never: writing into a string cannot fail.
#[must_use]
pub fn page(page: &Page) -> String {
    let mut text = view::PageView::of(page).render().expect("a page is written into memory");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
