//! The promises of the white paper as values, and the verdict on each of them.
//!
//! In: [`Promise`] values, which `desired` reads from `policies/promises.yaml`; for verdicts, [`JudgeInput`].
//!
//! Out: [`Promises`] with their digest; what a file promises less than the paper ([`below_floor`]); a verdict on every promise
//! of the paper ([`judge()`]).
//!
//! Must not import: anything but `model` and `kinds`.
//!
//! Guarantees: pure, without files, clock or network. [`PAPER`] and [`FLOORS`] hold the paper's clauses and numbers as
//! constants, so no file can leave a promise out or lower a number.

#![deny(missing_docs)]

mod floor;
pub mod judge;
mod paper;
mod promise;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::digest::digest;
pub use crate::model::slug;

pub use floor::{ARRIVAL_DAYS, Bound, FLOORS, Floor, LOG_DAYS, NOTICE_DAYS, Shortfall, below_floor};
pub use judge::{Accounts, JudgeInput, judge};
pub use paper::{CLAUSES, Clause, PAPER, SLUGS, entry_of};
pub use promise::{Bilingual, Controls, Promise};

/// All promises, in the order of the paper, with the digest that goes into every plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Promises {
    list: Vec<Promise>,
    digest: String,
}

impl Promises {
    /// The promises in this order. The digest covers the values, not the layout or the comments of the file.
    #[must_use]
    pub fn new(list: Vec<Promise>) -> Self {
        let mut parts: Vec<&str> = Vec::new();
        for promise in &list {
            parts.extend([promise.id.as_str(), promise.clause.as_str(), promise.kind.as_str()]);
            for controls in [&promise.controls.iso27017_2015, &promise.controls.iso27002_2022] {
                parts.push("controls");
                parts.extend(controls.iter().map(String::as_str));
            }
            parts.extend([&promise.title, &promise.sentence].into_iter().flat_map(|text| [text.ja.as_str(), text.en.as_str()]));
            parts.extend(promise.parameters.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
        }
        let digest = digest(parts.into_iter().map(str::as_bytes));
        Self { list, digest }
    }

    /// SHA-256 of all values, 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every promise, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Promise> {
        self.list.iter()
    }

    /// Whether there is no promise, as before the file is read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The promise with this slug (`clock`).
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Promise> {
        self.list.iter().find(|promise| promise.id == slug)
    }

    /// The clause of the paper (`12`) to which the promise with this slug belongs.
    #[must_use]
    pub fn clause(&self, slug: &str) -> Option<&str> {
        self.get(slug).map(|promise| promise.clause.as_str())
    }

    /// The promises of one clause of the paper (`12`).
    pub fn of_clause<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = &'a Promise> {
        self.list.iter().filter(move |promise| promise.clause == clause)
    }

    /// A parameter of a promise in days: 35 for `35d`; `None` when it is missing or no number of days.
    #[must_use]
    pub fn days(&self, slug: &str, parameter: &str) -> Option<i64> {
        floor::days(self.get(slug)?.parameters.get(parameter)?)
    }

    /// The days of every promise that has the parameter `at_least` in days, by slug, for the verdicts.
    #[must_use]
    pub fn promised_days(&self) -> BTreeMap<String, i64> {
        let days = |promise: &Promise| Some((promise.id.clone(), self.days(&promise.id, floor::AT_LEAST)?));
        self.list.iter().filter_map(days).collect()
    }

    /// The days that a promise gives at least: those of the file, and never fewer than those of the paper.
    #[must_use]
    pub fn at_least_days(&self, slug: &str) -> i64 {
        let written = self.days(slug, floor::AT_LEAST).unwrap_or(0);
        written.max(floor::days_of_paper(slug))
    }
}
