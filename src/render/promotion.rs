//! Promotions: the refusals of one with their next steps, or the page of a granted one.

use crate::desired::Override;
use crate::govern::promotion::{Allowed, Asked, Refusal};
use crate::model::reason::Spoken as _;
use crate::model::{Environment, Language, ReleaseRef};

use super::plan::short;
use super::rows::{Block, Document, Line, Role, Row};
use super::text::{self, Style};
use super::upstream;
use super::words::{self, either};
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
pub fn head(granted: &Granted<'_>, style: &Style, language: Language) -> String {
    let mut page = Document::default();
    let release = format!("{} ({})", granted.release.id, short(&granted.release.digest));
    let (to, was) = (granted.to, granted.was.unwrap_or_else(|| words::TREE.say(language)));
    let was = either(language, format!("before: {was}"), format!("以前: {was}"));
    let pinned =
        either(language, format!("{to} is pinned to release {release}"), format!("{to} をリリース {release} に固定しました"));
    page.line(Line::dotted([
        Line::new().value(Role::Ok, either(language, "promoted:", "昇格:")).prose(Role::Plain, pinned),
        Line::new().value(Role::Muted, was),
    ]));
    let id = &granted.release.id;
    let way = match granted.allowed {
        Allowed::Forward => None,
        Allowed::Withdrawal => Some(either(
            language,
            format!("{id} is what was applied in {to} last: the promotion to another one is taken back"),
            format!("{id} は {to} に前回適用したリリースです。ほかのリリースへの昇格を取り消しました"),
        )),
        Allowed::Back { leaves: Some(left) } => Some(either(
            language,
            format!("going back: {} is held until `tokaido promote --lift-hold` lifts it", left.id),
            format!("前のリリースに戻ります。{} は解除されるまで保留されます", left.id),
        )),
        Allowed::Back { leaves: None } => Some(either(language, "going back from the tree", "作業ツリーからリリースに戻ります")),
        Allowed::HoldLifted => {
            Some(either(language, format!("the hold on {id} is lifted"), format!("{id} の保留を解除しました")))
        }
    };
    if let Some(way) = way {
        page.line(Line::new().prose(Role::Warn, way));
    }
    format!("{}\n", text::document(&page, style))
}

/// Stands below the plan: the overrides and the upstream comparison.
#[must_use]
pub fn tail(granted: &Granted<'_>, style: &Style, next: &[String], language: Language) -> String {
    let mut page = Document::default();
    if let Some(compared) = granted.upstream {
        upstream::section(&mut page, compared, language);
    }
    page.section(
        Line::new().value(Role::Heading, either(language, "Overrides", "環境ごとの上書き")).glued(
            Role::Muted,
            either(language, ": where this environment is not as the release", ": この環境でリリースと異なる箇所"),
        ),
        overrides(granted.overrides, language),
    );
    page.next(next, language);
    format!("\n{}", text::document(&page, style))
}

/// A row for each override.
pub(super) fn overrides(overrides: &[Override], language: Language) -> Vec<Block> {
    let row = |found: &Override| Row {
        label: found.path.clone(),
        body: Line::new()
            .value(Role::Before, found.base.clone().unwrap_or_else(|| either(language, "(nothing)", "(なし)")))
            .value(Role::Muted, "→")
            .value(Role::After, &found.here)
            .value(Role::Muted, found.source.to_string()),
    };
    if overrides.is_empty() { Vec::new() } else { vec![Block::Facts(overrides.iter().map(row).collect())] }
}
