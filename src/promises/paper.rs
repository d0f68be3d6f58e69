//! The table of contents of the white paper: every promise, its clause, its slug, and what keeps it. No file can leave out a
//! promise.

use PromiseKind::{Enforce, Info, Process, Prove};

use crate::model::PromiseKind;

use super::slug;

/// One promise of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// The promise's slug in files, plans and verdicts, such as `data-residency`.
    pub slug: &'static str,
    /// The number of the clause, such as `12`.
    pub clause: &'static str,
    /// Who keeps the promise: tokaido, another system, people; or that no infrastructure decides it.
    pub kind: PromiseKind,
}

/// How many clauses the paper has.
pub const CLAUSES: usize = 32;

const fn entry(slug: &'static str, clause: &'static str, kind: PromiseKind) -> Clause {
    Clause { slug, clause, kind }
}

/// Every promise, in the order of the paper. A clause may make more than one.
pub const PAPER: [Clause; 36] = [
    entry("shared-responsibility", "1", Info),
    entry(slug::DATA_RESIDENCY, "2", Enforce),
    entry(slug::LABELLING, "3", Enforce),
    entry("user-registration", "4", Info),
    entry("user-access", "5", Info),
    entry(slug::TENANT_INGRESS, "6", Enforce),
    entry("privileged-access", "6", Enforce),
    entry("initial-passwords", "7", Info),
    entry(slug::ENCRYPTION_AT_REST, "8", Enforce),
    entry(slug::ENCRYPTION_IN_TRANSIT, "8", Enforce),
    entry("data-disposal", "9", Process),
    entry(slug::CHANGE_NOTICE, "10", Process),
    entry(slug::CAPACITY_GROWTH, "11", Enforce),
    entry(slug::POINT_IN_TIME_RECOVERY, "12", Enforce),
    entry(slug::RECOVERY_COPIES, "12", Enforce),
    entry("restore-on-request", "12", Prove),
    entry(slug::EVENT_LOGS, "13", Enforce),
    entry(slug::CLOCK, "14", Enforce),
    entry("patching", "15", Process),
    entry(slug::TENANT_ISOLATION, "16", Enforce),
    entry("security-requirements", "17", Info),
    entry(slug::THREE_ENVIRONMENTS, "18", Enforce),
    entry("suppliers", "19", Info),
    entry(slug::INCIDENT_NOTICE, "20", Process),
    entry("incident-contact", "21", Process),
    entry(slug::EVIDENCE_PROTECTION, "22", Enforce),
    entry("applicable-law", "23", Info),
    entry("intellectual-property", "24", Info),
    entry(slug::ACCESS_LOGS, "25", Enforce),
    entry(slug::CRYPTOGRAPHIC_CONTROLS, "26", Enforce),
    entry("independent-review", "27", Prove),
    entry("customer-responsibilities", "28", Info),
    entry("removal-of-assets", "29", Process),
    entry(slug::VIRTUAL_SEPARATION, "30", Enforce),
    entry("administrator-guide", "31", Info),
    entry("monitoring", "32", Enforce),
];

/// The paper's entry for the promise with this slug.
#[must_use]
pub fn entry_of(slug: &str) -> Option<&'static Clause> {
    PAPER.iter().find(|entry| entry.slug == slug)
}

/// The slugs of all promises, in the order of the paper.
pub const SLUGS: [&str; PAPER.len()] = {
    let mut all = [""; PAPER.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = PAPER[index].slug;
        index += 1;
    }
    all
};
