//! Who approved a plan, what is missing, and what is void and why.

use crate::govern::approval::{Standing, Vote};
use crate::model::{Explained, Language, Reason as _};

use super::rows::{Block, Document, Line, Role, Row, counted};
use super::text::{self, Style};
use super::words::{self, either};
use super::{time, world};

const APPROVED: Explained = Explained::new("Approved by", "承認した人");
const WITHDRAWN: Explained = Explained::new("Withdrawn by", "承認を取り消した人");
const VOID: Explained = Explained::new("Void", "無効");
const MISSING: Explained = Explained::new("Missing", "不足しているもの");
const WHY: Explained = Explained::new("why", "理由");
const PEOPLE: Explained = Explained::new("People", "関係者");
const MADE_IT: Explained = Explained::new("made it", "作成者");
const MAY_APPROVE: Explained = Explained::new("may approve", "承認できる人");

#[must_use]
pub fn text(standing: &Standing, style: &Style, next: &[String], language: Language) -> String {
    text::document(&document(standing, next, language), style)
}

#[must_use]
pub fn document(standing: &Standing, next: &[String], language: Language) -> Document {
    let mut page = Document::default();
    let (role, word) = if standing.missing.is_empty() {
        (Role::Ok, either(language, "approved:", "承認済み:"))
    } else {
        (Role::Error, either(language, "not approved:", "未承認:"))
    };
    let (have, required) = (standing.approved.len(), standing.required);
    let count = either(
        language,
        format!("{have} of {}", counted(required, "approval", "approvals")),
        format!("承認 {required} 件のうち {have} 件"),
    );
    page.line(Line::dotted([
        Line::new().value(role, word).prose(Role::Plain, count),
        Line::new().value(Role::Heading, standing.environment.as_str()),
        Line::new().value(Role::Heading, format!("{} {}", words::PLAN.say(language), super::plan::short(&standing.plan))),
    ]));
    page.line(world::line(&standing.world, language));
    let row = |label: &str, text: &str| Row { label: label.to_owned(), body: Line::new().prose(Role::Plain, text) };
    let votes = |votes: &[Vote]| votes.iter().map(|vote| row(&vote.person, &said(vote))).collect::<Vec<_>>();
    let mut section = |title: Explained, rows: Vec<Row>| {
        if !rows.is_empty() {
            page.section(Line::new().value(Role::Heading, title.say(language)), vec![Block::Facts(rows)]);
        }
    };
    section(APPROVED, votes(&standing.approved));
    section(WITHDRAWN, votes(&standing.withdrawn));
    section(VOID, standing.void.iter().map(|void| row(&void.file, &void.why.say(language))).collect());
    let missing = standing.missing.iter().map(|refusal| {
        let (why, next) = (refusal.why.say(language), refusal.next.say(language));
        row(WHY.say(language), &either(language, format!("{why}; {next}"), format!("{why}。{next}")))
    });
    section(MISSING, missing.collect());
    let names = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut people = Vec::new();
    if !standing.authors.is_empty() {
        people.push(row(MADE_IT.say(language), &names(&standing.authors)));
    }
    if !standing.able.is_empty() {
        people.push(row(MAY_APPROVE.say(language), &names(&standing.able)));
    }
    section(PEOPLE, people);
    page.next(next, language);
    page
}

fn said(vote: &Vote) -> String {
    format!("{} · {}", time::jst(&vote.at.to_string()), vote.file)
}
