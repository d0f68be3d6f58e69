//! An audit as a page: for a browser, for paper, for the archive.

use std::collections::BTreeSet;

use crate::model::audit::PromiseWords;
use crate::model::{AuditReport, VerdictState};
use crate::render::html;
use crate::render::promises::role;
use crate::render::rows::{Bar, Block, Document, Grid, Line, Page, Part, Role, Section, row};
use crate::render::time;
use crate::render::words::WORLD;
use crate::render::world::is_simulated;

use super::words::{glyph, level, say, state};
use super::{AuditOptions, about, clause, entry, meaning, unjudged};

/// One file: no script, nothing fetched.
#[must_use]
pub fn html(report: &AuditReport, options: AuditOptions) -> String {
    html::page(&page(report, options))
}

/// Every judged member is on the page; kept ones are folded on the screen and printed on paper.
#[must_use]
pub fn page(report: &AuditReport, options: AuditOptions) -> Page {
    let options = AuditOptions { facts: true, ..options };
    let language = options.language;
    let heading = |en, ja| Line::new().value(Role::Heading, say(language, en, ja));
    let mut body = Document::default();
    body.part(Section {
        key: "chart",
        title: heading("Status", "状況"),
        blocks: vec![Block::Bars(bars(report, options))],
        ..Section::default()
    });
    body.part(Section {
        key: "clauses",
        title: heading("Clauses and environments", "条項と環境"),
        blocks: vec![Block::Grid(grid(report, options))],
        ..Section::default()
    });
    for wanted in VerdictState::ALL {
        let found = report.verdicts().filter(|(_, verdict)| verdict.state == wanted);
        let blocks: Vec<Block> = match meaning(wanted) {
            Some(_) => found.map(|(audit, verdict)| Block::Entry(entry(report, audit, verdict, options))).collect(),
            None => continue,
        };
        let words = meaning(wanted).map_or("", |(en, ja)| say(language, en, ja));
        let title = crate::render::rows::title(role(wanted), state(wanted, language), blocks.len(), words);
        body.part(Section { key: key(wanted), title, blocks, ..Section::default() });
    }
    unjudged(&mut body, report, language);
    let places = report.environments.iter().map(|audit| row(audit.environment.as_str(), about(audit, language)));
    let worlds: BTreeSet<&str> = report.environments.iter().map(|audit| audit.world.as_str()).collect();
    let worlds = worlds.into_iter().map(|world| row(WORLD.say(language), Line::new().value(Role::Plain, world)));
    let gaps = report.not_audited.iter().map(|gap| format!("{}: {}", gap.environment, gap.problem));
    let simulated = report.environments.iter().any(|audit| is_simulated(&audit.world));
    let rehearsal = say(language, "a simulated AWS was read: this is a rehearsal", "模擬の AWS を読み取った結果です");
    Page {
        language,
        marker: "audit".to_owned(),
        title: say(language, "Audit of the white paper's promises", "ホワイトペーパーの約束に対する監査").to_owned(),
        warnings: simulated.then(|| rehearsal.to_owned()).into_iter().chain(gaps).collect(),
        facts: places.chain(worlds).collect(),
        body,
        foot: foot(report, options),
        whole: "tokaido audit --format html".to_owned(),
    }
}

const fn key(state: VerdictState) -> &'static str {
    match state {
        VerdictState::Broken => "broken",
        VerdictState::Unknown => "unknown",
        VerdictState::Pending => "pending",
        VerdictState::Kept => "kept",
        VerdictState::NotApplicable => "not-applicable",
        VerdictState::NoCheckYet => "no-check-yet",
        VerdictState::OutsideInfrastructure => "outside-infrastructure",
    }
}

fn bars(report: &AuditReport, options: AuditOptions) -> Vec<Bar> {
    let bar = |audit: &crate::model::EnvironmentAudit| {
        let part = |wanted: VerdictState| Part {
            role: role(wanted),
            glyph: glyph(wanted),
            word: state(wanted, options.language).to_owned(),
            count: audit.verdicts.iter().filter(|verdict| verdict.state == wanted).count(),
        };
        let parts = VerdictState::ALL.into_iter().map(part).filter(|part| part.count > 0).collect();
        Bar { label: audit.environment.to_string(), parts }
    };
    report.environments.iter().map(bar).collect()
}

fn grid(report: &AuditReport, options: AuditOptions) -> Grid {
    let language = options.language;
    let cell = |promise: &PromiseWords, audit: &crate::model::EnvironmentAudit| {
        let Some(verdict) = audit.verdicts.iter().find(|verdict| verdict.promise == promise.promise) else {
            return Line::new();
        };
        let word = Line::new().value(role(verdict.state), format!("{} {}", glyph(verdict.state), state(verdict.state, language)));
        let level = verdict.level.map_or_else(Line::new, |found| Line::new().value(Role::Muted, level(found, language)));
        let declared = verdict.divergence.as_ref().map_or_else(Line::new, |one| Line::new().value(Role::Warn, &one.value));
        Line::dotted([word, level, declared])
    };
    let rows = report.promises.iter().map(|promise| {
        let label = format!("{} {}", clause(&promise.clause, language), promise.title.say(language));
        (label, report.environments.iter().map(|audit| cell(promise, audit)).collect())
    });
    let mut head = vec![say(language, "clause", "条項").to_owned()];
    head.extend(report.environments.iter().map(|audit| audit.environment.to_string()));
    Grid {
        caption: say(language, "state, level, and a divergence", "状態、確認の段階、逸脱").to_owned(),
        head,
        rows: rows.collect(),
    }
}

/// What an auditor compares: digests, and every read with its time.
fn foot(report: &AuditReport, options: AuditOptions) -> Vec<crate::render::rows::Row> {
    let language = options.language;
    let quiet = |text: &str| Line::new().value(Role::Muted, text);
    let mut rows = vec![row(say(language, "tokaido", "tokaido"), quiet(&report.tool_version))];
    for audit in &report.environments {
        let environment = audit.environment;
        rows.push(row(&format!("{environment} configuration"), quiet(&audit.configuration)));
        rows.push(row(&format!("{environment} promises"), quiet(&audit.promises)));
        for (index, read) in audit.reads.iter().enumerate() {
            let label =
                if index == 0 { format!("{environment} {}", say(language, "reads", "読み取り")) } else { String::new() };
            let error = read.error.as_ref().map_or_else(Line::new, |error| Line::new().prose(Role::Error, error));
            let calls = Line::listed(Role::Muted, read.calls.iter().cloned());
            let parts = [Line::new().value(Role::Plain, &read.source), quiet(&time::jst(&read.at)), calls, error];
            rows.push(row(&label, Line::dotted(parts)));
            for failed in &read.failed {
                let object = Line::new().value(Role::Plain, &failed.object);
                let error = Line::new().prose(Role::Error, &failed.error);
                rows.push(row("", Line::dotted([object, quiet(&failed.call), error])));
            }
        }
    }
    rows
}
