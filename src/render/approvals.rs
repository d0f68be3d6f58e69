//! Who approved a plan, what is missing, and what is void and why.

use crate::govern::approval::{Standing, Vote};
use crate::model::Language;

use super::rows::{Block, Document, Line, Role, Row, counted};
use super::text::{self, Style};
use super::{time, world};

#[must_use]
pub fn text(standing: &Standing, style: &Style, next: &[String]) -> String {
    text::document(&document(standing, next), style)
}

#[must_use]
pub fn document(standing: &Standing, next: &[String]) -> Document {
    let mut page = Document::default();
    let (role, word) = if standing.missing.is_empty() { (Role::Ok, "approved:") } else { (Role::Error, "not approved:") };
    let needed = counted(standing.required, "approval", "approvals");
    page.line(Line::dotted([
        Line::new().value(role, word).prose(Role::Plain, format!("{} of {needed}", standing.approved.len())),
        Line::new().value(Role::Heading, standing.environment.as_str()),
        Line::new().value(Role::Heading, format!("plan {}", super::plan::short(&standing.plan))),
    ]));
    page.line(world::line(&standing.world, Language::En));
    let row = |label: &str, text: &str| Row { label: label.to_owned(), body: Line::new().prose(Role::Plain, text) };
    let votes = |votes: &[Vote]| votes.iter().map(|vote| row(&vote.person, &said(vote))).collect::<Vec<_>>();
    let mut section = |title: &str, rows: Vec<Row>| {
        if !rows.is_empty() {
            page.section(Line::new().value(Role::Heading, title), vec![Block::Facts(rows)]);
        }
    };
    section("Approved by", votes(&standing.approved));
    section("Withdrawn by", votes(&standing.withdrawn));
    section("Void", standing.void.iter().map(|void| row(&void.file, &void.why.to_string())).collect());
    section(
        "Missing",
        standing.missing.iter().map(|refusal| row("why", &format!("{}; {}", refusal.why, refusal.next))).collect(),
    );
    let names = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut people = Vec::new();
    if !standing.authors.is_empty() {
        people.push(row("made it", &names(&standing.authors)));
    }
    if !standing.able.is_empty() {
        people.push(row("may approve", &names(&standing.able)));
    }
    section("People", people);
    page.next(next);
    page
}

fn said(vote: &Vote) -> String {
    format!("{} · {}", time::jst(&vote.at.to_string()), vote.file)
}
