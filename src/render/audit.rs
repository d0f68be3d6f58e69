//! What an audit found, for people: the table of clauses and environments, then what is not kept, then the rest.

mod oscal;
mod page;
mod pages;
pub(super) mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds;
use crate::model::audit::PromiseWords;
use crate::model::{AuditReport, EnvironmentAudit, Examined, Fact, Language, Standing, Verdict, VerdictState};

use super::closed;
use super::promises::role;
use super::rows::{Block, Columns, Document, Entry, Line, Mark, Role, Row, title};
use super::text::{self, Style};
use super::{time, world};

use words::{glyph, level, say, state};

pub use oscal::oscal;
pub use page::checks;
pub use pages::html;

/// How an audit is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditOptions {
    pub language: Language,
    /// Every member of every population with all its facts.
    pub facts: bool,
}

#[must_use]
pub fn text(report: &AuditReport, options: AuditOptions, style: &Style, next: &[String]) -> String {
    text::document(&document(report, options, next), style)
}

#[must_use]
pub fn document(report: &AuditReport, options: AuditOptions, next: &[String]) -> Document {
    let language = options.language;
    let mut page = Document::default();
    page.line(counts(report, language));
    for audit in &report.environments {
        page.line(place(audit, language));
    }
    for world in report.environments.iter().map(|audit| &audit.world).collect::<BTreeSet<_>>() {
        page.line(world::line(world, language));
    }
    for gap in &report.not_audited {
        let line = Line::new().value(Role::Error, gap.environment.as_str()).glued(Role::Plain, ":");
        page.line(line.prose(Role::Plain, &gap.problem));
    }
    page.section(Line::new().value(Role::Heading, say(language, "Clauses", "条項")), vec![Block::Facts(table(report, language))]);
    for wanted in VerdictState::ALL {
        let Some((en, ja)) = meaning(wanted) else { continue };
        let found: Vec<_> = report.verdicts().filter(|(_, verdict)| verdict.state == wanted).collect();
        let blocks: Vec<Block> =
            found.iter().map(|(audit, verdict)| Block::Entry(entry(report, audit, verdict, options))).collect();
        page.section(title(role(wanted), state(wanted, language), found.len(), say(language, en, ja)), blocks);
    }
    for audit in &report.environments {
        let lines = closed::lines(&audit.closed, &kinds::schemas(), language);
        let (en, ja) = ("Closed to this role", "このロールから読み取れないもの");
        let head = Line::dotted([
            Line::new().value(Role::Heading, say(language, en, ja)),
            Line::new().value(Role::Id, audit.environment.as_str()),
        ]);
        page.section(head, lines);
    }
    unjudged(&mut page, report, language);
    page.next(next, language);
    page
}

/// What a state means to a reader; `None` for states that need no explanation.
const fn meaning(state: VerdictState) -> Option<(&'static str, &'static str)> {
    match state {
        VerdictState::Broken => Some(("the promise does not hold", "約束が守られていません")),
        VerdictState::Unknown => Some(("not known, so not kept", "判定できないため、遵守とはみなしません")),
        VerdictState::Pending => {
            Some(("right, once AWS has applied what it accepted", "AWS が受け付けた変更の反映を待っています"))
        }
        VerdictState::Kept => Some(("no more than the level says", "示した段階までの確認です")),
        VerdictState::NotApplicable => {
            Some(("nothing that the promise speaks about is there", "約束の対象となるものがありません"))
        }
        VerdictState::NoCheckYet | VerdictState::OutsideInfrastructure => None,
    }
}

/// `33 kept · 1 broken · …`, over all environments.
fn counts(report: &AuditReport, language: Language) -> Line {
    let count = |wanted| report.verdicts().filter(|(_, verdict)| verdict.state == wanted).count();
    let parts = VerdictState::ALL.into_iter().filter_map(|wanted| {
        let count = count(wanted);
        let shown = count > 0 || matches!(wanted, VerdictState::Broken | VerdictState::Unknown | VerdictState::Kept);
        let tone = if count == 0 { Role::Muted } else { role(wanted) };
        let words = state(wanted, language);
        let text = if language == Language::Ja { format!("{words} {count}") } else { format!("{count} {words}") };
        shown.then(|| Line::new().value(tone, text))
    });
    Line::dotted(parts)
}

fn place(audit: &EnvironmentAudit, language: Language) -> Line {
    Line::dotted([Line::new().value(Role::Heading, audit.environment.as_str()), about(audit, language)])
}

/// The environment, its account, and when it was read.
fn about(audit: &EnvironmentAudit, language: Language) -> Line {
    let fact =
        |en, ja, value: &str| Line::new().value(Role::Muted, say(language, en, ja)).glued(Role::Plain, format!(" {value}"));
    Line::dotted([
        fact("account", "アカウント", &audit.account),
        fact("read live", "読み取り", &time::jst(&audit.observed_at)),
        fact(
            "reads",
            "読み取り",
            &if language == Language::Ja { format!("{} 件", audit.reads.len()) } else { audit.reads.len().to_string() },
        ),
        fact("caller", "呼び出し元", &audit.caller),
    ])
}

/// A row for each promise, a state for each environment; equal states are printed once.
fn table(report: &AuditReport, language: Language) -> Vec<Row> {
    let row = |promise: &PromiseWords| {
        let states: Vec<_> = report
            .verdicts()
            .filter(|(_, verdict)| verdict.promise == promise.promise)
            .map(|(audit, verdict)| (audit.environment, verdict.state))
            .collect();
        let first = states.first().map(|(_, state)| *state);
        let one = states.len() > 1 && states.iter().all(|(_, state)| Some(*state) == first);
        let cell = |name: &str, found: VerdictState| {
            let words = format!("{} {}", glyph(found), state(found, language));
            let text = if name.is_empty() { words } else { format!("{name} {words}") };
            Line::new().value(role(found), text)
        };
        let body = match first {
            Some(found) if one => cell("", found),
            _ => Line::dotted(states.iter().map(|(environment, found)| cell(environment.as_str(), *found))),
        };
        Row { label: format!("{:>2}  {}", promise.clause, promise.promise), body }
    };
    report.promises.iter().map(row).collect()
}

fn entry(report: &AuditReport, audit: &EnvironmentAudit, verdict: &Verdict, options: AuditOptions) -> Entry {
    let language = options.language;
    let words = report.words(audit, &verdict.promise);
    let head = Line::dotted([
        Line::new().value(Role::Id, &verdict.promise),
        Line::new().value(Role::Plain, clause(&verdict.clause, language)),
        Line::new().value(Role::Plain, audit.environment.as_str()),
        verdict.level.map_or_else(Line::new, |found| Line::new().value(Role::Muted, level(found, language))),
        population(verdict, language),
    ]);
    let quiet = matches!(verdict.state, VerdictState::Kept | VerdictState::NotApplicable);
    let mut about = Vec::new();
    if let Some(words) = words.filter(|_| !quiet || options.facts) {
        about.push(Line::new().prose(Role::Plain, words.sentence.say(language)));
    }
    if let Some(divergence) = &verdict.divergence {
        let declared = say(language, "kept less strictly here, as declared:", "この環境では宣言のうえ緩めています:");
        let until = say(language, "until", "期限");
        let line = Line::new().prose(Role::Warn, declared).value(Role::Plain, &divergence.value).dot();
        let line = line.prose(Role::Plain, &divergence.reason).dot().value(Role::Plain, &divergence.owner).dot();
        about.push(line.value(Role::Plain, format!("{until} {}", divergence.until)));
    }
    let members = verdict.population.iter().filter(|member| {
        options.facts
            || (!quiet && member.state == verdict.state)
            || (verdict.state < VerdictState::Kept && member.state < VerdictState::Kept)
    });
    let members: Vec<&Examined> = members.collect();
    let facts = options.facts || !quiet;
    let read_at = if facts { common_time(&members) } else { None };
    let rows = members.iter().flat_map(|member| rows(member, language, facts, read_at.as_deref())).collect();
    let mut notes = Vec::new();
    if let Some(looks) = verdict.looks.as_ref().filter(|_| options.facts) {
        let looked = say(language, "looked at:", "確認の範囲:");
        notes.push(Line::new().value(Role::Muted, looked).prose(Role::Muted, looks.say(language)));
    }
    let not_looked = say(language, "not looked at:", "未確認の範囲:");
    notes.push(Line::new().value(Role::Muted, not_looked).prose(Role::Muted, verdict.not_judged.say(language)));
    if let Some(at) = &read_at {
        notes.push(Line::new().value(Role::Muted, say(language, "read:", "読み取り:")).value(Role::Muted, time::jst(at)));
    }
    Entry {
        mark: Some(Mark {
            role: role(verdict.state),
            glyph: glyph(verdict.state),
            word: state(verdict.state, language).to_owned(),
        }),
        head,
        about,
        rows,
        columns: Columns::Facts,
        notes,
        ..Entry::default()
    }
}

pub(super) fn clause(number: &str, language: Language) -> String {
    if language == Language::Ja { format!("第 {number} 項") } else { format!("clause {number}") }
}

/// The Japanese noun of a kind that a promise is about.
fn noun(kind: &str) -> &str {
    match kinds::find(kind) {
        Some(kind) => kind.schema.title_ja,
        None if kind == "account" => "アカウント",
        None => kind,
    }
}

/// `db-instance 11 of 11`: how many of each kind are kept, of all that were judged. Declared resources that are absent are
/// counted separately.
fn population(verdict: &Verdict, language: Language) -> Line {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for member in verdict.population.iter().filter(|member| member.standing != Standing::Absent) {
        let (kept, all) = kinds.entry(member.kind.as_str()).or_default();
        *all += 1;
        *kept += usize::from(member.state == VerdictState::Kept);
    }
    let absent = verdict.population.iter().filter(|member| member.standing == Standing::Absent).count();
    let counted = kinds.into_iter().map(|(kind, (kept, all))| match language {
        Language::En => format!("{kind} {kept} of {all}"),
        Language::Ja => format!("{} {all} 件中 {kept} 件", noun(kind)),
    });
    let absent = (absent > 0).then(|| match language {
        Language::En => format!("{absent} declared and not there"),
        Language::Ja => format!("宣言済みで未作成 {absent} 件"),
    });
    Line::listed(Role::Plain, counted.chain(absent))
}

/// A common time of all reads is printed once.
fn common_time(members: &[&Examined]) -> Option<String> {
    let mut times = members.iter().flat_map(|member| &member.facts).map(|fact| fact.at.as_ref());
    let first = times.next()??;
    times.all(|at| at == Some(first)).then(|| first.clone())
}

fn rows(member: &Examined, language: Language, facts: bool, read_at: Option<&str>) -> Vec<Row> {
    let standing = match member.standing {
        Standing::Foreign => say(language, " (foreign)", "（管理外）"),
        Standing::Copy => say(language, " (copy)", "（複製）"),
        Standing::Ours | Standing::Absent | Standing::Unread => "",
    };
    let reason = member.reason.as_ref().map_or_else(Line::new, |reason| Line::new().prose(Role::Plain, reason.say(language)));
    let word = Line::new().value(role(member.state), state(member.state, language));
    let beside = if member.beside { say(language, "judged as well", "あわせて判定") } else { "" };
    let beside = if beside.is_empty() || !facts { Line::new() } else { Line::new().value(Role::Muted, beside) };
    // The reason says of the other causes what failed.
    let cause = member.unknown.filter(|cause| !cause.holds());
    let cause = cause.map_or_else(Line::new, |cause| Line::new().value(Role::Muted, cause.titled().say(language)));
    let mut lines = vec![Line::dotted([word, cause, beside, reason])];
    if facts {
        let read: Vec<Line> = member.facts.chunk_by(same_read).map(|read| read_line(read, read_at)).collect();
        match (read.as_slice(), &member.reason) {
            ([one], None) => lines = vec![Line::dotted(lines.into_iter().chain([one.clone()]))],
            _ => lines.extend(read),
        }
    }
    let mut label = format!("{}{standing}", member.subject);
    lines.into_iter().map(|body| Row { label: std::mem::take(&mut label), body }).collect()
}

fn same_read(one: &Fact, next: &Fact) -> bool {
    one.source == next.source && one.at == next.at
}

/// The facts of one call, then the call, and its time unless all calls have the same.
fn read_line(facts: &[Fact], said: Option<&str>) -> Line {
    let shown = facts.iter().map(|fact| Line::new().value(Role::Path, &fact.name).value(Role::Plain, &*fact.value));
    let call = facts.first().map(|fact| {
        let at = fact.at.as_deref().filter(|at| Some(*at) != said);
        let at = at.map_or_else(Line::new, |at| Line::new().value(Role::Muted, time::jst(at)));
        Line::dotted([Line::new().value(Role::Muted, &fact.source), at])
    });
    Line::dotted(shown.chain(call))
}

/// Clauses without a judgement: counted and named, so that an auditor finds every one.
fn unjudged(page: &mut Document, report: &AuditReport, language: Language) {
    for wanted in [VerdictState::NoCheckYet, VerdictState::OutsideInfrastructure] {
        let of = |promise: &&PromiseWords| {
            report.verdicts().any(|(_, verdict)| verdict.promise == promise.promise && verdict.state == wanted)
        };
        let row = |promise: &PromiseWords| Row {
            label: format!("{:>2}  {}", promise.clause, promise.promise),
            body: Line::dotted([
                Line::new().prose(Role::Plain, promise.title.say(language)),
                Line::new().value(Role::Muted, promise.kind.as_str()),
            ]),
        };
        let rows: Vec<Row> = report.promises.iter().filter(of).map(row).collect();
        let (en, ja) = if wanted == VerdictState::NoCheckYet {
            ("tokaido does not look at these yet", "tokaido はまだ判定していません")
        } else {
            ("no infrastructure decides these", "インフラストラクチャでは判定できません")
        };
        let heading = title(Role::Heading, state(wanted, language), rows.len(), say(language, en, ja));
        if !rows.is_empty() {
            page.section(heading, vec![Block::Facts(rows)]);
        }
    }
}
