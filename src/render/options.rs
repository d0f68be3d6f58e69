//! How much of a plan is shown, and in which language.

use crate::model::Language;

/// How much of each change is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// Every attribute of a new resource, every policy statement.
    Full,
    #[default]
    Changed,
    /// Ids and the names of what changes. Destructive changes are shown as in `Changed`.
    Names,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanOptions {
    pub detail: Detail,
    /// Show changes of tags one by one instead of in one line.
    pub tags: bool,
    pub language: Language,
}
