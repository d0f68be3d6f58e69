//! A page as one file for a browser: no script, nothing fetched, readable on paper and by a screen reader.
//!
//! The templates (`templates/`) escape every text; only templates are put into templates as they are. `view` turns rows
//! into what the templates show, `style` holds the one style sheet and the policy that allows nothing else. Imports `model` and
//! the rows; never what the rows are made from.

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
