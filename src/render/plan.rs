//! A plan in the order of design 2.4: environment, verdict, changes by impact, everything else, the next commands. [`document`]
//! is for a terminal; [`page`] is for outputs that stand alone: HTML, a comment for a pull request.

use crate::model::{Change, Explained, Impact, Language, Plan, Region, Risk, Schemas};
use crate::plan::risk;

use super::annotations::Annotations;
use super::changes::{self, impact_role};
use super::head::Head;
use super::options::PlanOptions;
use super::rows::{Block, Chip, Document, Fold, Line, Page, Role, Row, Section, row, title};
use super::text::{self, Style};
use super::{html, md, policies, promises, sections, words, world};

/// The name of an impact's changes, and the glyph beside it.
struct Group {
    impact: Impact,
    key: &'static str,
    glyph: &'static str,
    count: Explained,
    word: Explained,
    meaning: Explained,
    fold: Fold,
}

impl Group {
    const fn new(
        impact: Impact,
        (key, glyph): (&'static str, &'static str),
        (count, word, meaning): (Explained, Explained, Explained),
        fold: Fold,
    ) -> Self {
        Self { impact, key, glyph, count, word, meaning, fold }
    }
}

/// Risk order.
const GROUPS: [Group; 8] = [
    Group::new(
        Impact::Destructive,
        ("destructive", "✕"),
        (words::DESTRUCTIVE_COUNT, words::DESTRUCTIVE, words::DESTRUCTIVE_MEANS),
        Fold::Never,
    ),
    Group::new(
        Impact::Interruption,
        ("interruption", "▲"),
        (words::INTERRUPTION_COUNT, words::INTERRUPTION, words::INTERRUPTION_MEANS),
        Fold::Never,
    ),
    Group::new(Impact::Exposure, ("exposure", "◆"), (words::EXPOSURE_COUNT, words::EXPOSURE, words::EXPOSURE_MEANS), Fold::Never),
    Group::new(
        Impact::Irreversible,
        ("irreversible", "■"),
        (words::IRREVERSIBLE_COUNT, words::IRREVERSIBLE, words::IRREVERSIBLE_MEANS),
        Fold::Never,
    ),
    Group::new(Impact::InPlace, ("in-place", "●"), (words::IN_PLACE_COUNT, words::IN_PLACE, words::IN_PLACE_MEANS), Fold::Count),
    Group::new(Impact::Create, ("create", "+"), (words::CREATE_COUNT, words::CREATE_GROUP, words::CREATE_MEANS), Fold::Count),
    Group::new(Impact::Adopt, ("adopt", "="), (words::ADOPT_COUNT, words::ADOPT_GROUP, words::ADOPT_MEANS), Fold::WhenLong),
    Group::new(Impact::TagsOnly, ("tags-only", "○"), (words::TAGS_COUNT, words::TAGS_GROUP, words::TAGS_MEANS), Fold::Count),
];

#[must_use]
pub fn text(plan: &Plan, schemas: &Schemas, options: &PlanOptions, style: &Style, next: &[String]) -> String {
    text_in(&plan.world, plan, schemas, options, style, next)
}

/// [`text`], with more about the world than its name: where it is kept.
#[must_use]
pub fn text_in(name: &str, plan: &Plan, schemas: &Schemas, options: &PlanOptions, style: &Style, next: &[String]) -> String {
    text::document(&document(name, plan, schemas, *options, next), style)
}

/// One file for a browser: no script, nothing fetched.
#[must_use]
pub fn html(plan: &Plan, schemas: &Schemas, options: &PlanOptions, annotations: &Annotations, next: &[String]) -> String {
    html::page(&page(plan, schemas, options, annotations, next))
}

/// One comment for a pull request, whatever the size of the plan.
#[must_use]
pub fn md(plan: &Plan, schemas: &Schemas, options: &PlanOptions, annotations: &Annotations, next: &[String]) -> String {
    md::page(&page(plan, schemas, options, annotations, next))
}

#[must_use]
fn document(name: &str, plan: &Plan, schemas: &Schemas, options: PlanOptions, next: &[String]) -> Document {
    let language = options.language;
    let mut page = Document::default();
    if plan.body.is_denied() {
        page.line(Line::new().prose(Role::Error, words::DENIED.say(language)));
    }
    for line in header(plan, language) {
        page.line(line);
    }
    page.line(world::line(name, language));
    page.section(Line::new().value(Role::Heading, words::VERDICT.say(language)), verdict(plan, language));
    policies::section(&mut page, &plan.body.policies, language);
    for one in &GROUPS {
        let changes: Vec<&Change> = plan.body.changes.iter().filter(|change| change.impact == one.impact).collect();
        group(&mut page, one, &changes, schemas, options, &Annotations::default());
    }
    rest(&mut page, plan, schemas, language);
    promises::section(&mut page, &plan.body.promises, language);
    if let Some(back) = &plan.body.way_back {
        sections::way_back(&mut page, back, language);
    }
    if !plan.body.is_empty() {
        let title = Line::new().value(Role::Heading, words::SUMMARY.say(language));
        page.section(title, vec![Block::Facts(tally(plan, language))]);
    }
    page.next(next, language);
    page
}

/// The head, the promises that move, the changes by impact, the rest. A change that a reviewer must read is never folded: in a
/// group that may be folded, changes with a risk code stand in a part of their own.
#[must_use]
pub fn page(plan: &Plan, schemas: &Schemas, options: &PlanOptions, annotations: &Annotations, next: &[String]) -> Page {
    let language = options.language;
    let options = PlanOptions { tags: true, ..*options };
    let mut page = Document::default();
    page.part(Head::of(plan, annotations, language).section(language));
    policies::section(&mut page, &plan.body.policies, language);
    promises::section(&mut page, &plan.body.promises, language);
    page.part(contents(plan, language));
    for one in &GROUPS {
        let (eyes, calm): (Vec<&Change>, Vec<&Change>) = plan
            .body
            .changes
            .iter()
            .filter(|change| change.impact == one.impact)
            .partition(|change| with_eyes(one).is_some() && needs_eyes(change));
        if let Some((open, rest)) = with_eyes(one).filter(|_| !eyes.is_empty()) {
            group(&mut page, &open, &eyes, schemas, options, annotations);
            group(&mut page, &rest, &calm, schemas, options, annotations);
        } else {
            group(&mut page, one, &calm, schemas, options, annotations);
        }
    }
    rest(&mut page, plan, schemas, language);
    if let Some(back) = &plan.body.way_back {
        sections::way_back(&mut page, back, language);
    }
    page.part(codes(plan, language));
    page.next(next, language);
    let simulated = world::is_simulated(&plan.world);
    Page {
        language,
        marker: format!("plan {} {}", plan.body.environment, plan.body.account),
        title: format!("{} {} · {}", words::PAGE_TITLE.say(language), short(&plan.id), plan.body.environment),
        warnings: [(annotations.altered, words::ALTERED), (plan.body.is_denied(), words::DENIED), (simulated, words::SIMULATED)]
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, word)| word.say(language).to_owned())
            .collect(),
        facts: facts(plan, language),
        body: page,
        foot: foot(plan, language),
        whole: annotations.whole.clone().unwrap_or_else(|| format!("tokaido plan {} --format html", plan.body.environment)),
    }
}

/// Codes that need no special attention: a repair, a wait, and new data that stays.
fn needs_eyes(change: &Change) -> bool {
    change.risks.iter().any(|risk| match risk {
        Risk::Repairs | Risk::Waits => false,
        Risk::Irreversible => change.impact != Impact::Create,
        _ => true,
    })
}

/// A group in two parts: the changes that a reviewer must read, never folded, and the others.
fn with_eyes(group: &Group) -> Option<(Group, Group)> {
    let (key, word, meaning, rest) = match group.impact {
        Impact::InPlace => ("in-place-risk", words::IN_PLACE_RISK, words::IN_PLACE_RISK_MEANS, words::IN_PLACE_REST),
        Impact::Create => ("create-risk", words::CREATE_RISK, words::CREATE_RISK_MEANS, words::CREATE_REST),
        _ => return None,
    };
    Some((Group { key, word, meaning, fold: Fold::Never, ..*group }, Group { word: rest, ..*group }))
}

fn header(plan: &Plan, language: Language) -> [Line; 3] {
    let body = &plan.body;
    let word = |name: Explained| Line::new().value(Role::Muted, name.say(language));
    [
        Line::dotted([
            Line::new().value(Role::Heading, body.environment.as_str()),
            word(words::ACCOUNT).glued(Role::Plain, format!(" {}", body.account)),
            regions(plan),
            body.release.as_ref().map_or_else(Line::new, |release| {
                word(words::RELEASE).glued(Role::Plain, format!(" {} ({})", release.id, short(&release.digest)))
            }),
        ]),
        Line::dotted([
            Line::new().value(Role::Heading, format!("{} {}", words::PLAN.say(language), short(&plan.id))),
            word(words::READ_LIVE).time(&plan.observed_at),
            word(words::EXPIRES).time(&plan.expires_at),
        ]),
        made_by(plan, language),
    ]
}

fn regions(plan: &Plan) -> Line {
    let regions = plan.body.regions.iter().map(|region| match region {
        Region::Global => region.to_string(),
        _ => format!("{region} ({})", region.code()),
    });
    Line::listed(Role::Plain, regions)
}

fn facts(plan: &Plan, language: Language) -> Vec<Row> {
    let plain = |text: &str| Line::new().value(Role::Plain, text);
    let mut rows = vec![
        row(words::ENVIRONMENT.say(language), Line::new().value(Role::Id, plan.body.environment.as_str())),
        row(words::ACCOUNT.say(language), plain(&plan.body.account)),
        row(words::REGIONS.say(language), regions(plan)),
        row(words::WORLD.say(language), plain(&plan.world)),
    ];
    if let Some(release) = &plan.body.release {
        let digest = Line::new().value(Role::Muted, short(&release.digest));
        rows.insert(1, row(words::RELEASE.say(language), Line::dotted([Line::new().value(Role::Id, &release.id), digest])));
    }
    rows
}

fn foot(plan: &Plan, language: Language) -> Vec<Row> {
    let digests = &plan.body.digests;
    let digest = |text: &str| Line::new().value(Role::Muted, text);
    let mut rows = vec![
        row(words::PLAN_ID.say(language), digest(&plan.id)),
        row(words::CONFIGURATION.say(language), digest(&digests.configuration)),
        row(words::PROMISES_FILE.say(language), digest(&digests.promises)),
    ];
    if !digests.policies.is_empty() {
        rows.push(row(words::POLICIES.say(language), digest(&digests.policies)));
    }
    rows.push(row(words::TOOL.say(language), digest(&digests.tool_version)));
    rows
}

/// The author is the caller unless the machine named another.
fn made_by(plan: &Plan, language: Language) -> Line {
    let fact =
        |word: Explained, value: &str| Line::new().prose(Role::Plain, word.say(language)).glued(Role::Plain, format!(" {value}"));
    let caller = fact(words::CALLER, &plan.caller);
    if plan.author.is_empty() || plan.author == plan.caller {
        return caller;
    }
    Line::dotted([fact(words::AUTHOR, &plan.author), caller])
}

/// The first twelve digits, which people use.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn verdict(plan: &Plan, language: Language) -> Vec<Block> {
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    if plan.body.is_empty() {
        lines.push(nothing(plan, language));
    } else {
        blocks.push(Block::Facts(tally(plan, language)));
        if plan.body.changes.iter().all(|change| change.impact != Impact::Destructive) {
            lines.push(Line::new().prose(Role::Ok, words::NOTHING_DESTROYED.say(language)));
        }
    }
    lines.extend(aside(plan, language));
    let counted = [
        (promises::label(language), promises::counts(&plan.body.promises, language), plan.body.promises.is_empty()),
        (policies::label(language), policies::counts(&plan.body.policies, language), plan.body.policies.is_empty()),
    ];
    let counted = counted.into_iter().filter(|(.., none)| !none).map(|(label, line, _)| row(label, line));
    let counted: Vec<Row> = counted.chain(promises::paths(&plan.body, language)).collect();
    match blocks.last_mut() {
        Some(Block::Facts(rows)) => rows.extend(counted),
        _ if counted.is_empty() => {}
        _ => blocks.push(Block::Facts(counted)),
    }
    blocks.extend(lines.into_iter().map(Block::Line));
    blocks
}

/// With something unknown or blocked it does not say that nothing is to do.
fn nothing(plan: &Plan, language: Language) -> Line {
    let body = &plan.body;
    let doubtful = !body.blocked.is_empty() || !body.unreadable.is_empty();
    let (role, said) = if doubtful { (Role::Warn, words::NO_CHANGES) } else { (Role::Ok, words::NOTHING_TO_DO) };
    Line::new()
        .value(role, said.say(language))
        .glued(Role::Plain, ":")
        .prose(Role::Plain, words::AS_DECLARED.count(body.summary.unchanged, language))
}

fn aside(plan: &Plan, language: Language) -> Option<Line> {
    let body = &plan.body;
    let aside = [
        (body.blocked.len(), words::BLOCKED_COUNT, Role::Error),
        (body.unreadable.len(), words::UNREADABLE_COUNT, Role::Warn),
        (body.drifted.len(), words::DRIFTED_COUNT, Role::Warn),
        (body.pending.len().max(body.summary.pending), words::PENDING_COUNT, Role::Plain),
    ];
    let counts = aside.into_iter().filter(|(count, ..)| *count > 0);
    let line = Line::dotted(
        counts.map(|(count, word, role)| Line::new().value(role, words::tallied(count, word.say(language), language))),
    );
    let see = words::SEE_BELOW.say(language);
    (!line.is_empty()).then(|| line.glued(Role::Plain, ":").prose(Role::Plain, see))
}

/// The counts that lead to the groups.
fn contents(plan: &Plan, language: Language) -> Section {
    let mut blocks = Vec::new();
    if plan.body.is_empty() {
        blocks.push(Block::Line(nothing(plan, language)));
    } else {
        blocks.push(Block::Chips(chips(plan, language)));
        blocks.push(Block::Facts(vec![row(words::ACTIONS.say(language), actions(plan, language))]));
    }
    blocks.extend(aside(plan, language).map(Block::Line));
    let title = if plan.body.is_empty() { words::VERDICT } else { words::CONTENTS };
    Section { key: "contents", title: Line::new().value(Role::Heading, title.say(language)), fold: Fold::Never, blocks }
}

fn chips(plan: &Plan, language: Language) -> Vec<Chip> {
    let of = |group: &Group| {
        let mut changes = plan.body.changes.iter().filter(|change| change.impact == group.impact).peekable();
        let open = with_eyes(group).filter(|_| changes.clone().any(needs_eyes));
        Chip {
            role: impact_role(group.impact),
            glyph: group.glyph,
            word: group.count.say(language).to_owned(),
            key: if changes.peek().is_none() { "" } else { open.map_or(group.key, |(open, _)| open.key) },
            count: changes.count(),
        }
    };
    GROUPS.iter().map(of).collect()
}

/// The same changes counted by impact and by action.
fn tally(plan: &Plan, language: Language) -> Vec<Row> {
    let counts = Line::dotted(chips(plan, language).into_iter().map(|chip| {
        let role = if chip.count == 0 { Role::Muted } else { chip.role };
        Line::new().value(role, words::tallied(chip.count, &chip.word, language))
    }));
    vec![row(words::IMPACT.say(language), counts), row(words::ACTIONS.say(language), actions(plan, language))]
}

fn actions(plan: &Plan, language: Language) -> Line {
    let summary = &plan.body.summary;
    let counts = [
        (words::CREATE, summary.create),
        (words::UPDATE, summary.update),
        (words::REPLACE, summary.replace),
        (words::DELETE, summary.delete),
        (words::ADOPT, summary.adopt),
        (words::PENDING_COUNT, summary.pending),
        (words::UNCHANGED_COUNT, summary.unchanged),
    ];
    Line::dotted(counts.into_iter().map(|(word, count)| {
        let role = if count == 0 { Role::Muted } else { Role::Plain };
        Line::new().value(role, format!("{} {count}", word.say(language)))
    }))
}

fn group(
    page: &mut Document,
    group: &Group,
    changes: &[&Change],
    schemas: &Schemas,
    options: PlanOptions,
    annotations: &Annotations,
) {
    if changes.is_empty() {
        return;
    }
    let language = options.language;
    let role = if group.impact == Impact::TagsOnly { Role::Heading } else { impact_role(group.impact) };
    let word = group.word.say(language);
    if group.impact == Impact::TagsOnly && !options.tags {
        let ids = changes.iter().map(|change| change.id.to_string());
        let title = Line::new()
            .value(role, format!("{word} ({})", changes.len()))
            .glued(Role::Heading, ":")
            .join(Line::listed(Role::Plain, ids));
        page.blocks.push(Block::Section(Section { title, ..Section::default() }));
        return;
    }
    let mut changes = changes.to_vec();
    changes.sort_by_key(|change| annotations.upstream(&change.id));
    let shared = if group.impact == Impact::Create { changes::shared(&changes) } else { None };
    let mut heading = title(role, word, changes.len(), group.meaning.say(language));
    if let Some((when, reason)) = shared {
        heading = heading.dot().prose(Role::Plain, changes::when(when, language)).dot().prose(Role::Plain, reason.say(language));
    }
    let entries = changes.iter().map(|change| {
        let mut entry = changes::entry(change, schemas, options, shared);
        entry.flags.extend(annotations.upstream(&change.id).map(|upstream| upstream.mark(language)));
        Block::Entry(entry)
    });
    page.part(Section { key: group.key, title: heading, fold: group.fold, blocks: entries.collect() });
}

fn rest(page: &mut Document, plan: &Plan, schemas: &Schemas, language: Language) {
    let body = &plan.body;
    sections::blocked(page, &body.blocked, schemas, language);
    sections::notes(page, &sections::DRIFTED, &body.drifted, schemas, language);
    sections::notes(page, &sections::PENDING, &body.pending, schemas, language);
    sections::notes(page, &sections::SERVICE_MANAGED, &body.service_managed, schemas, language);
    sections::orphans(page, &body.orphans, schemas, language);
    sections::foreign(page, &body.foreign, schemas, language);
    sections::copies(page, &body.copies, language);
    sections::unreadable(page, &body.unreadable, language);
    sections::unconfirmed(page, &body.unconfirmed, language);
    sections::spent_tombstones(page, &body.spent_tombstones, language);
    sections::divergences(page, &body.divergences, language);
}

/// Each code of the page with its meaning: a reader of paper cannot run `explain`.
fn codes(plan: &Plan, language: Language) -> Section {
    let mut risks: Vec<Risk> = plan.body.changes.iter().flat_map(|change| change.risks.iter().copied()).collect();
    risks.sort_unstable();
    risks.dedup();
    let rows: Vec<Row> = risks
        .into_iter()
        .map(|risk| {
            let (title, meaning) = risk::explained(risk);
            let body = Line::new().prose(Role::Heading, title.say(language)).dot().prose(Role::Plain, meaning.say(language));
            row(risk.code(), body)
        })
        .collect();
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Facts(rows)] };
    Section { key: "codes", title: Line::new().value(Role::Heading, words::CODES.say(language)), fold: Fold::WhenLong, blocks }
}
