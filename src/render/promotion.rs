//! Promotions: the refusals of one with their next steps, or the page of a granted one.

use crate::desired::Override;
use crate::govern::promotion::{Allowed, Asked, Refusal};
use crate::model::reason::Spoken as _;
use crate::model::{Environment, Language, ReleaseRef};

use super::plan::short;
use super::rows::{Block, Document, Line, Role, Row};
use super::text::{self, Style};
use super::upstream;
use crate::govern::upstream::UpstreamComparison;

/// All refusals, one below the other.
#[must_use]
pub fn refused(refusals: &[Refusal], asked: &Asked<'_>, language: Language) -> String {
    let (id, to) = (&asked.release.id, asked.to);
    let mut lines = vec![match language {
        Language::En => format!("{id} may not go to {to} now; nothing was changed"),
        Language::Ja => format!("{id} を今 {to} へ昇格することはできません。何も変更していません"),
    }];
    lines.extend(refusals.iter().map(|refusal| format!("  - {}", refusal.told(asked).spoken(language))));
    lines.join("\n")
}

/// A granted promotion, without its plan.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    pub release: &'a ReleaseRef,
    pub to: Environment,
    /// The pin before.
    pub was: Option<&'a str>,
    pub allowed: &'a Allowed,
    pub overrides: &'a [Override],
    pub upstream: Option<&'a UpstreamComparison>,
}

/// The change of the file. Stands above the plan.
#[must_use]
pub fn head(granted: &Granted<'_>, style: &Style) -> String {
    let mut page = Document::default();
    let release = format!("{} ({})", granted.release.id, short(&granted.release.digest));
    let was = granted.was.map_or_else(|| "before: the tree".to_owned(), |was| format!("before: {was}"));
    page.line(Line::dotted([
        Line::new().value(Role::Ok, "promoted:").prose(Role::Plain, format!("{} is pinned to release {release}", granted.to)),
        Line::new().value(Role::Muted, was),
    ]));
    let way = match granted.allowed {
        Allowed::Forward => None,
        Allowed::Withdrawal => Some(format!(
            "{} is what was applied in {} last: the promotion to another one is taken back",
            granted.release.id, granted.to
        )),
        Allowed::Back { leaves: Some(left) } => Some(format!("going back: {} is held until somebody lifts it", left.id)),
        Allowed::Back { leaves: None } => Some("going back from the tree".to_owned()),
        Allowed::HoldLifted => Some(format!("the hold on {} is lifted", granted.release.id)),
    };
    if let Some(way) = way {
        page.line(Line::new().prose(Role::Warn, way));
    }
    format!("{}\n", text::document(&page, style))
}

/// Stands below the plan: the overrides and the upstream comparison.
#[must_use]
pub fn tail(granted: &Granted<'_>, style: &Style, next: &[String]) -> String {
    let mut page = Document::default();
    if let Some(compared) = granted.upstream {
        upstream::section(&mut page, compared);
    }
    page.section(
        Line::new()
            .value(Role::Heading, "Declared differences")
            .glued(Role::Muted, ": where this environment is not as the release"),
        overrides(granted.overrides),
    );
    page.next(next);
    format!("\n{}", text::document(&page, style))
}

/// A row for each override.
pub(super) fn overrides(overrides: &[Override]) -> Vec<Block> {
    let row = |found: &Override| Row {
        label: found.path.clone(),
        body: Line::new()
            .value(Role::Before, found.base.clone().unwrap_or_else(|| "(nothing)".to_owned()))
            .value(Role::Muted, "→")
            .value(Role::After, &found.here)
            .value(Role::Muted, found.source.to_string()),
    };
    if overrides.is_empty() { Vec::new() } else { vec![Block::Facts(overrides.iter().map(row).collect())] }
}
