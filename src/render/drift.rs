//! What differs from the last apply.

use crate::model::{Class, DriftReport, Language, Schemas};

use super::changes::resource;
use super::rows::{Block, Document, Entry, Line, Mark, Role, counted, title};
use super::sections::{self, Heading};
use super::text::{self, Style};
use super::{time, world};

#[must_use]
pub fn text(report: &DriftReport, schemas: &Schemas, style: &Style, next: &[String]) -> String {
    text::document(&document(report, schemas, next), style)
}

#[must_use]
pub fn document(report: &DriftReport, schemas: &Schemas, next: &[String]) -> Document {
    let mut page = Document::default();
    page.line(verdict(report));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, report.environment.as_str()),
        Line::new().value(Role::Muted, "account").glued(Role::Plain, format!(" {}", report.account)),
        Line::new().value(Role::Muted, "read live").glued(Role::Plain, format!(" {}", time::jst(&report.observed_at))),
    ]));
    if let Some(world) = &report.world {
        page.line(world::line(world, Language::En));
    }
    if !report.recorded {
        page.line(Line::new().prose(
            Role::Warn,
            "no record of a last apply exists: live is compared with what is declared, and who moved is unknown",
        ));
    }
    missing(&mut page, report, schemas);
    let heading: &Heading = if report.recorded { &sections::DRIFTED } else { &sections::DIFFERENT };
    sections::notes(&mut page, heading, &report.drifted, schemas, Language::En);
    sections::notes(&mut page, &sections::PENDING, &report.pending, schemas, Language::En);
    sections::notes(&mut page, &sections::SERVICE_MANAGED, &report.service_managed, schemas, Language::En);
    sections::orphans(&mut page, &report.orphans, schemas, Language::En);
    sections::foreign(&mut page, &report.foreign, schemas, Language::En);
    sections::copies(&mut page, &report.copies, Language::En);
    sections::unreadable(&mut page, &report.unreadable, Language::En);
    page.next(next);
    page
}

/// It prints "No drift" only when everything could be read.
fn verdict(report: &DriftReport) -> Line {
    let unread = counted(report.unreadable.len(), "read", "reads");
    let differ = report.drifted.len() + report.missing.len();
    let waiting = counted(report.violations(), "promise waits", "promises wait");
    let base = if report.recorded { "from what was last applied" } else { "from what is declared" };
    match (report.has_drift(), report.unreadable.is_empty()) {
        (false, true) => Line::new().value(Role::Ok, "no drift"),
        (false, false) => {
            Line::new().value(Role::Warn, "drift unknown:").prose(Role::Plain, format!("nothing found, but {unread} failed"))
        }
        (true, readable) if differ == 0 => {
            let line =
                Line::new().value(Role::Warn, "drift:").prose(Role::Plain, format!("{waiting} for what AWS holds for later"));
            if readable { line } else { line.dot().prose(Role::Warn, format!("{unread} failed")) }
        }
        (true, readable) => {
            let verb = counted(differ, "resource differs", "resources differ");
            let line = Line::new().value(Role::Warn, "drift:").prose(Role::Plain, format!("{verb} {base}")).dot();
            let line = line.value(Role::Plain, format!("{} changed", report.drifted.len())).dot();
            let line = line.value(Role::Plain, format!("{} missing", report.missing.len()));
            let line = if report.violations() > 0 { line.dot().value(Role::Plain, waiting) } else { line };
            if readable { line } else { line.dot().prose(Role::Warn, format!("{unread} failed")) }
        }
    }
}

fn missing(page: &mut Document, report: &DriftReport, schemas: &Schemas) {
    let entries = report.missing.iter().map(|missing| {
        let why = match missing.class {
            Class::Unknown => "declared and not there; whether it ever was is not recorded",
            Class::Change => "an apply began to make it, and it is not there: plan and apply again",
            _ => "applied and not there any more",
        };
        Block::Entry(Entry {
            mark: Some(Mark { role: Role::Error, glyph: "-", word: "missing".to_owned() }),
            head: resource(&missing.id.to_string(), &missing.id.kind, schemas),
            about: vec![Line::new().prose(Role::Plain, why)],
            ..Entry::default()
        })
    });
    page.section(title(Role::Error, "Missing", report.missing.len(), "not in AWS"), entries.collect());
}
