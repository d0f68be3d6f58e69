//! The head of a page about a plan: what an approver asks first, one line each. A line without a source is absent, and something
//! that could not be read is never called safe.

use crate::model::{Change, Impact, Language, Plan, Risk};

use super::annotations::{Annotations, Approvals, UpstreamStanding};
use super::rows::{Block, Fold, Line, Role, Row, Section, row};
use super::{changes, policies, sections, words};

/// More names than this are counted.
const NAMES: usize = 5;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Whether policies let it pass. `None` where there are no policies.
    pub policies: Option<Line>,
    /// Whether data can be lost or a service can stop.
    pub data_or_outage: Line,
    /// Whether customers were notified.
    pub notice: Option<Line>,
    /// Whether staging executed the same.
    pub staging: Option<Line>,
    /// Whether the plan is still true.
    pub still_true: Line,
    /// Whether the time is allowed.
    pub window: Option<Line>,
    /// The way back. `None` when nothing changes.
    pub way_back: Option<Line>,
    /// Who made it, who has approved it, who still has to.
    pub who: Line,
    /// What this environment's own file says about its promotion path.
    pub promotion_path: Option<Line>,
}

impl Head {
    #[must_use]
    pub fn of(plan: &Plan, annotations: &Annotations, language: Language) -> Self {
        Self {
            policies: Some(policies::counts(&plan.body.policies, language)).filter(|line| !line.is_empty()),
            data_or_outage: data_or_outage(plan, language),
            notice: annotations.notice.clone(),
            staging: annotations.staging.as_ref().map(|_| staging(plan, annotations, language)).filter(|line| !line.is_empty()),
            still_true: still_true(plan, language),
            window: annotations.window.clone(),
            way_back: way_back(plan, language),
            who: who(plan, annotations.approvals.as_ref(), language),
            promotion_path: annotations.promotion_path.clone(),
        }
    }

    /// In this order, whatever is known.
    #[must_use]
    pub fn section(self, language: Language) -> Section {
        let lines = [
            (words::POLICIES, self.policies),
            (words::HEAD_DATA, Some(self.data_or_outage)),
            (words::HEAD_NOTICE, self.notice),
            (words::HEAD_STAGING, self.staging),
            (words::HEAD_TRUE, Some(self.still_true)),
            (words::HEAD_WINDOW, self.window),
            (words::HEAD_BACK, self.way_back),
            (words::HEAD_WHO, Some(self.who)),
            (words::HEAD_LANE, self.promotion_path),
        ];
        let rows: Vec<Row> =
            lines.into_iter().filter_map(|(label, line)| line.map(|line| row(label.say(language), line))).collect();
        Section {
            key: "head",
            title: Line::new().value(Role::Heading, words::HEAD.say(language)),
            fold: Fold::Never,
            blocks: vec![Block::Facts(rows)],
        }
    }
}

fn data_or_outage(plan: &Plan, language: Language) -> Line {
    let body = &plan.body;
    let having = |risks: &[Risk], impact: Option<Impact>| -> Vec<&Change> {
        let holds = |change: &&Change| Some(change.impact) == impact || change.risks.iter().any(|risk| risks.contains(risk));
        body.changes.iter().filter(holds).collect()
    };
    let known = body.unreadable.is_empty();
    let calm = if known { Role::Ok } else { Role::Plain };
    let deleted = having(&[Risk::Destroys, Risk::Deletes], Some(Impact::Destructive));
    let lowered = having(&[Risk::Protection], None);
    let stopped = having(&[Risk::Interrupts], Some(Impact::Interruption));
    let id = |change: &Change| Line::new().value(Role::Id, change.id.to_string());
    let mut lines = vec![if deleted.is_empty() {
        Line::new().prose(calm, words::NOTHING_DELETED.say(language))
    } else {
        named(Role::Destroy, &words::DELETED.count(deleted.len(), language), deleted.into_iter().map(id), language)
    }];
    if !lowered.is_empty() {
        lines.push(named(Role::Exposure, &words::LOWERED.count(lowered.len(), language), lowered.into_iter().map(id), language));
    }
    lines.push(if stopped.is_empty() {
        Line::new().prose(calm, words::NO_OUTAGE.say(language))
    } else {
        let when = |change: &Change| id(change).prose(Role::Plain, format!("({})", changes::when(&change.when, language)));
        named(Role::Interruption, &words::INTERRUPTED.count(stopped.len(), language), stopped.into_iter().map(when), language)
    });
    if !known {
        lines.extend([unread(plan, language), Line::new().prose(Role::Warn, words::NOT_JUDGED.say(language))]);
    }
    Line::dotted(lines)
}

/// `2 changes interrupt: a, b`
fn named(role: Role, words: &str, names: impl ExactSizeIterator<Item = Line>, language: Language) -> Line {
    let more = names.len().saturating_sub(NAMES);
    let mut line = Line::new().prose(role, words).glued(role, ":");
    for (index, name) in names.take(NAMES).enumerate() {
        line = if index == 0 { line } else { line.glued(Role::Muted, ",") }.join(name);
    }
    if more == 0 { line } else { line.glued(Role::Muted, ",").prose(Role::Muted, words::MORE.count(more, language)) }
}

fn unread(plan: &Plan, language: Language) -> Line {
    Line::new().prose(Role::Warn, words::FAILED_READS.count(plan.body.unreadable.len(), language))
}

/// Counts; what staging never executed comes first.
fn staging(plan: &Plan, annotations: &Annotations, language: Language) -> Line {
    Line::dotted(UpstreamStanding::ALL.into_iter().filter_map(|upstream| {
        let count = plan.body.changes.iter().filter(|change| annotations.upstream(&change.id) == Some(upstream)).count();
        let mark = upstream.mark(language);
        (count > 0)
            .then(|| Line::new().value(mark.role, format!("{} {}", mark.glyph, words::tallied(count, &mark.word, language))))
    }))
}

fn still_true(plan: &Plan, language: Language) -> Line {
    let read = Line::new().value(Role::Muted, words::READ_LIVE.say(language)).time(&plan.observed_at);
    let expires = Line::new().value(Role::Muted, words::EXPIRES.say(language)).time(&plan.expires_at);
    let refused = Line::new().prose(Role::Plain, words::UNTIL_MOVED.say(language));
    let unread = if plan.body.unreadable.is_empty() { Line::new() } else { unread(plan, language) };
    Line::dotted([read, expires, unread, refused])
}

fn way_back(plan: &Plan, language: Language) -> Option<Line> {
    let back = plan.body.way_back.as_ref()?;
    let counts = sections::way_back_counts(back, language);
    if back.one_way.is_empty() {
        return Some(Line::dotted([Line::new().prose(Role::Ok, words::WAY_BACK_ALL.say(language)), counts]));
    }
    let names = back.one_way.iter().map(|one| {
        let id = Line::new().value(Role::Id, one.id.to_string());
        one.path.iter().fold(id, |line, path| line.value(Role::Path, path))
    });
    let none = named(Role::Irreversible, &words::NO_WAY_BACK.count(names.len(), language), names, language);
    Some(Line::dotted([none, counts]))
}

fn who(plan: &Plan, approvals: Option<&Approvals>, language: Language) -> Line {
    let made = Line::new()
        .value(Role::Muted, words::MADE_BY.say(language))
        .value(Role::Plain, if plan.author.is_empty() { &plan.caller } else { &plan.author })
        .glued(Role::Muted, ",")
        .time(&plan.created_at);
    let Some(approvals) = approvals else { return made };
    let approved = approvals.approved.iter().map(|approval| {
        Line::new()
            .value(Role::Ok, words::APPROVED_BY.say(language))
            .value(Role::Plain, &approval.by)
            .glued(Role::Muted, ",")
            .time(&approval.at)
    });
    let mut lines = vec![made];
    lines.extend(approved);
    if approvals.approved.is_empty() {
        lines.push(Line::new().prose(Role::Warn, words::NO_APPROVAL_YET.say(language)));
    }
    if !approvals.missing.is_empty() {
        let missing = Line::listed(Role::Plain, approvals.missing.iter().cloned());
        lines.push(Line::new().value(Role::Warn, words::STILL_MISSING.say(language)).join(missing));
    }
    lines.push(Line::new().prose(Role::Plain, &approvals.reason));
    Line::dotted(lines)
}
