//! A plan in the order of design 2.4: whose it is, the verdict, changes by risk, everything else, what to type next.

use crate::model::{Impact, Plan, Region, Schemas};

use super::changes::{self, impact_role};
use super::rows::{Block, Document, Line, Role, Row, Section, counted, title};
use super::text::{self, Style};
use super::{sections, time};

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
}

/// Risk order, with the word of the verdict line and what it means to a reader.
const GROUPS: [(Impact, &str, &str, &str); 8] = [
    (Impact::Destructive, "destructive", "Destructive", "something disappears"),
    (Impact::Interruption, "interrupting", "Interruption", "users may notice a restart or a failover"),
    (Impact::Exposure, "exposure", "Exposure", "who can reach what changes"),
    (Impact::Irreversible, "irreversible", "Irreversible", "there is no way back"),
    (Impact::InPlace, "in place", "In place", "no interruption"),
    (Impact::Create, "create", "Create", "new resources"),
    (Impact::Adopt, "adopt", "Adopt", "existing resources that become ours"),
    (Impact::TagsOnly, "tags only", "Tags only", "no effect on a service"),
];

#[must_use]
pub fn text(plan: &Plan, schemas: &Schemas, options: &PlanOptions, style: &Style, next: &[String]) -> String {
    text::document(&document(plan, schemas, options, next), style)
}

#[must_use]
pub fn document(plan: &Plan, schemas: &Schemas, options: &PlanOptions, next: &[String]) -> Document {
    let mut page = Document::default();
    for line in header(plan) {
        page.line(line);
    }
    page.section(Line::new().value(Role::Heading, "Verdict"), verdict(plan));
    for (impact, _, word, meaning) in GROUPS {
        group(&mut page, plan, schemas, *options, (impact, word, meaning));
    }
    rest(&mut page, plan, schemas);
    if let Some(back) = &plan.body.way_back {
        sections::way_back(&mut page, back);
    }
    if !plan.body.is_empty() {
        page.section(Line::new().value(Role::Heading, "Summary"), vec![Block::Facts(tally(plan))]);
    }
    page.next(next);
    page
}

fn header(plan: &Plan) -> [Line; 3] {
    let body = &plan.body;
    let regions = body.regions.iter().map(|region| match region {
        Region::Global => region.to_string(),
        _ => format!("{region} ({})", region.code()),
    });
    let fact = |name: &str, value: String| Line::new().value(Role::Muted, name).glued(Role::Plain, format!(" {value}"));
    [
        Line::dotted([
            Line::new().value(Role::Heading, body.environment.as_str()),
            fact("account", body.account.clone()),
            Line::listed(Role::Plain, regions),
        ]),
        Line::dotted([
            Line::new().value(Role::Heading, format!("plan {}", short(&plan.id))),
            fact("read live", time::jst(&plan.observed_at)),
            fact("expires", time::jst(&plan.expires_at)),
        ]),
        made_by(plan, fact("caller", plan.caller.clone()), &fact),
    ]
}

/// The author is the caller unless the machine said otherwise.
fn made_by(plan: &Plan, caller: Line, fact: &dyn Fn(&str, String) -> Line) -> Line {
    if plan.author.is_empty() || plan.author == plan.caller {
        return caller;
    }
    Line::dotted([fact("author", plan.author.clone()), caller])
}

/// The first twelve digits: what people say to each other.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn verdict(plan: &Plan) -> Vec<Block> {
    let body = &plan.body;
    let kept = counted(body.summary.unchanged, "resource is", "resources are");
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    let aside = [
        (body.blocked.len(), "blocked", Role::Error),
        (body.unreadable.len(), "unreadable", Role::Warn),
        (body.drifted.len(), "drifted", Role::Warn),
        (body.pending.len().max(body.summary.pending), "pending", Role::Plain),
    ];
    let aside = Line::dotted(
        aside
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, word, role)| Line::new().value(role, format!("{count} {word}"))),
    );
    if body.is_empty() {
        let doubtful = !body.blocked.is_empty() || !body.unreadable.is_empty();
        let (role, words) = if doubtful { (Role::Warn, "no changes") } else { (Role::Ok, "nothing to do") };
        lines.push(
            Line::new().value(role, words).glued(Role::Plain, ":").prose(Role::Plain, format!("{kept} exactly as declared")),
        );
    } else {
        blocks.push(Block::Facts(tally(plan)));
        if body.changes.iter().all(|change| change.impact != Impact::Destructive) {
            lines.push(Line::new().prose(Role::Ok, "nothing is destroyed or replaced"));
        }
    }
    if !aside.is_empty() {
        lines.push(aside.glued(Role::Plain, ":").prose(Role::Plain, "see below"));
    }
    blocks.extend(lines.into_iter().map(Block::Line));
    blocks
}

/// The same changes counted by what they mean and by what is done.
fn tally(plan: &Plan) -> Vec<Row> {
    let row = |label: &str, body| Row { label: label.to_owned(), body };
    vec![row("impact", counts(plan)), row("actions", actions(plan))]
}

fn counts(plan: &Plan) -> Line {
    Line::dotted(GROUPS.iter().map(|(impact, word, ..)| {
        let count = plan.body.changes.iter().filter(|change| change.impact == *impact).count();
        let role = if count == 0 { Role::Muted } else { impact_role(*impact) };
        Line::new().value(role, format!("{count} {word}"))
    }))
}

fn actions(plan: &Plan) -> Line {
    let summary = &plan.body.summary;
    let counts = [
        ("create", summary.create),
        ("update", summary.update),
        ("replace", summary.replace),
        ("delete", summary.delete),
        ("adopt", summary.adopt),
        ("pending", summary.pending),
        ("unchanged", summary.unchanged),
    ];
    Line::dotted(
        counts.into_iter().map(|(word, count)| {
            Line::new().value(if count == 0 { Role::Muted } else { Role::Plain }, format!("{word} {count}"))
        }),
    )
}

fn group(page: &mut Document, plan: &Plan, schemas: &Schemas, options: PlanOptions, what: (Impact, &str, &str)) {
    let (impact, word, meaning) = what;
    let changes: Vec<_> = plan.body.changes.iter().filter(|change| change.impact == impact).collect();
    if changes.is_empty() {
        return;
    }
    let role = if impact == Impact::TagsOnly { Role::Heading } else { impact_role(impact) };
    if impact == Impact::TagsOnly && !options.tags {
        let ids = changes.iter().map(|change| change.id.to_string());
        let line = Line::new()
            .value(role, format!("{word} ({})", changes.len()))
            .glued(Role::Heading, ":")
            .join(Line::listed(Role::Plain, ids));
        page.blocks.push(Block::Section(Section { title: line, blocks: Vec::new() }));
        return;
    }
    let shared = if impact == Impact::Create { changes::shared(&changes) } else { None };
    let mut heading = title(role, word, changes.len(), meaning);
    if let Some((when, reason)) = shared {
        heading = heading.dot().prose(Role::Plain, when).dot().prose(Role::Plain, reason);
    }
    let entries = changes.iter().map(|change| Block::Entry(changes::entry(change, schemas, options.detail, shared)));
    page.section(heading, entries.collect());
}

fn rest(page: &mut Document, plan: &Plan, schemas: &Schemas) {
    let body = &plan.body;
    sections::blocked(page, &body.blocked, schemas);
    sections::notes(page, &sections::DRIFTED, &body.drifted, schemas);
    sections::notes(page, &sections::PENDING, &body.pending, schemas);
    sections::notes(page, &sections::SERVICE_MANAGED, &body.service_managed, schemas);
    sections::orphans(page, &body.orphans, schemas);
    sections::foreign(page, &body.foreign, schemas);
    sections::copies(page, &body.copies);
    sections::unreadable(page, &body.unreadable);
    sections::spent_tombstones(page, &body.spent_tombstones);
    sections::divergences(page, &body.divergences);
}
