//! One check: what it looks at, what must hold, and how it is judged.

use super::population::Population;
use super::universe::Looked;
use super::view::View;
use crate::model::{Explained, Region};

/// The check of one promise.
pub struct Check {
    /// The promise's slug.
    pub slug: &'static str,
    /// What it looks at; empty for a check that repeats others. Without one of these reads the verdict is unknown.
    pub universe: &'static [Looked],
    /// The facts that an audit asks for beside the settings, by kind and region.
    pub facts: &'static [(&'static str, Region)],
    /// The slugs of the promises whose populations are this one's; empty for a check with a population of its own.
    pub repeats: &'static [&'static str],
    /// What must hold, in both languages.
    pub demands: Explained,
    /// What it does not look at yet, in both languages.
    pub missing: Explained,
    pub(super) run: fn(&View<'_>, &mut Population),
}

pub(super) const fn check(slug: &'static str, universe: &'static [Looked], run: fn(&View<'_>, &mut Population)) -> Check {
    let none = Explained::new("", "");
    Check { slug, universe, facts: &[], repeats: &[], demands: none, missing: none, run }
}

impl Check {
    pub(super) const fn demands(mut self, en: &'static str, ja: &'static str) -> Self {
        self.demands = Explained::new(en, ja);
        self
    }

    pub(super) const fn missing(mut self, en: &'static str, ja: &'static str) -> Self {
        self.missing = Explained::new(en, ja);
        self
    }

    pub(super) const fn facts(mut self, facts: &'static [(&'static str, Region)]) -> Self {
        self.facts = facts;
        self
    }

    pub(super) const fn repeats(mut self, repeats: &'static [&'static str]) -> Self {
        self.repeats = repeats;
        self
    }
}
