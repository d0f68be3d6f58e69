//! What differs from the last apply.

use crate::model::drift::Mislabelled;
use crate::model::reason::Spoken as _;
use crate::model::{Class, DriftReport, Explained, Language, Schemas};

use super::changes::resource;
use super::rows::{Block, Document, Entry, Line, Mark, Role, counted, title};
use super::sections::{self, Heading};
use super::text::{self, Style};
use super::words::{self, either};
use super::{time, world};

#[must_use]
pub fn text(report: &DriftReport, schemas: &Schemas, style: &Style, next: &[String], language: Language) -> String {
    text::document(&document(report, schemas, next, language), style)
}

#[must_use]
pub fn document(report: &DriftReport, schemas: &Schemas, next: &[String], language: Language) -> Document {
    let mut page = Document::default();
    page.line(verdict(report, language));
    let fact =
        |word: Explained, value: &str| Line::new().value(Role::Muted, word.say(language)).glued(Role::Plain, format!(" {value}"));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, report.environment.as_str()),
        fact(words::ACCOUNT, &report.account),
        fact(words::READ_LIVE, &time::jst(&report.observed_at)),
    ]));
    if let Some(world) = &report.world {
        page.line(world::line(world, language));
    }
    if !report.recorded && !report.nothing_applied {
        page.line(Line::new().prose(Role::Warn, UNRECORDED.say(language)));
    }
    if !report.nothing_applied {
        missing(&mut page, report, schemas, language);
    }
    unadopted(&mut page, report, schemas, language);
    let heading: &Heading = if report.recorded { &sections::DRIFTED } else { &sections::DIFFERENT };
    sections::notes(&mut page, heading, &report.drifted, schemas, language);
    sections::notes(&mut page, &sections::PENDING, &report.pending, schemas, language);
    sections::notes(&mut page, &sections::SERVICE_MANAGED, &report.service_managed, schemas, language);
    sections::orphans(&mut page, &report.orphans, schemas, language);
    sections::foreign(&mut page, &report.foreign, schemas, language);
    sections::copies(&mut page, &report.copies, language);
    sections::unreadable(&mut page, &report.unreadable, language);
    page.next(next, language);
    page
}

const UNRECORDED: Explained = Explained::new(
    "no record of a last apply exists: live is compared with what is declared, and who moved is unknown",
    "適用の記録がないため、実環境を宣言と比べています。どちらが動いたのかは分かりません",
);

/// It prints "No drift" only when everything could be read.
fn verdict(report: &DriftReport, language: Language) -> Line {
    let unread = words::FAILED_READS.count(report.unreadable.len(), language);
    let differ = report.drifted.len() + report.missing.len();
    let waits = report.violations();
    let waiting = either(language, counted(waits, "promise waits", "promises wait"), format!("反映待ちの約束 {waits} 件"));
    let drift = Line::new().value(Role::Warn, either(language, "drift:", "ずれがあります:"));
    if report.nothing_applied {
        let none = either(
            language,
            format!(
                "{} not in AWS, and no record says that one ever was",
                counted(differ, "declared resource is", "declared resources are")
            ),
            format!("宣言されたリソース {differ} 個はいずれも AWS になく、適用の記録もありません"),
        );
        return Line::new()
            .value(Role::Warn, either(language, "nothing was applied yet:", "まだ何も適用されていません:"))
            .prose(Role::Plain, none);
    }
    match (report.has_drift(), report.unreadable.is_empty()) {
        (false, true) => Line::new().value(Role::Ok, either(language, "no drift", "ずれはありません")),
        (false, false) => {
            let found = either(
                language,
                format!("nothing found, but {unread}"),
                format!("見つかったものはありませんが、読み取りの失敗が {} 件あります", report.unreadable.len()),
            );
            Line::new().value(Role::Warn, either(language, "drift unknown:", "ずれは不明です:")).prose(Role::Plain, found)
        }
        (true, readable) if differ == 0 => {
            let line = drift.prose(
                Role::Plain,
                either(
                    language,
                    format!("{waiting} for what AWS holds for later"),
                    format!("{waiting}（AWS が後で反映する値を待っています）"),
                ),
            );
            if readable { line } else { line.dot().prose(Role::Warn, unread) }
        }
        (true, readable) => {
            let verb = counted(differ, "resource differs", "resources differ");
            let sentence = match (report.recorded, language) {
                (true, Language::En) => format!("{verb} from what was last applied"),
                (false, Language::En) => format!("{verb} from what is declared"),
                (true, Language::Ja) => format!("リソース {differ} 個が前回の適用と異なります"),
                (false, Language::Ja) => format!("リソース {differ} 個が宣言と異なります"),
            };
            let line = drift.prose(Role::Plain, sentence).dot();
            let line = line.value(Role::Plain, words::CHANGED.count(report.drifted.len(), language)).dot();
            let line = line.value(Role::Plain, words::MISSING_COUNT.count(report.missing.len(), language));
            let line = if waits > 0 { line.dot().value(Role::Plain, waiting) } else { line };
            if readable { line } else { line.dot().prose(Role::Warn, unread) }
        }
    }
}

const NEVER_RECORDED: Explained = Explained::new(
    "declared and not there; whether it ever was is not recorded",
    "宣言されていますが、実環境にありません。以前あったかどうかの記録はありません",
);

const BEGUN: Explained = Explained::new(
    "an apply began to make it, and it is not there: plan and apply again",
    "適用で作成を始めましたが、実環境にありません。もう一度計画し、適用してください",
);

const GONE: Explained = Explained::new("applied and not there any more", "適用済みですが、実環境からなくなりました");

fn missing(page: &mut Document, report: &DriftReport, schemas: &Schemas, language: Language) {
    let entries = report.missing.iter().map(|missing| {
        let why = match missing.class {
            _ if missing.mislabelled.is_some() => UNLABELLED,
            Class::Unknown => NEVER_RECORDED,
            Class::Change => BEGUN,
            _ => GONE,
        };
        Block::Entry(Entry {
            mark: Some(Mark { role: Role::Error, glyph: "-", word: either(language, "missing", "欠落") }),
            head: resource(&missing.id.to_string(), &missing.id.kind, schemas, language),
            about: std::iter::once(Line::new().prose(Role::Plain, why.say(language)))
                .chain(missing.mislabelled.iter().flat_map(|found| {
                    [Line::new().prose(Role::Warn, may_be(found, language)), Line::new().whole(Role::Id, &found.command)]
                }))
                .collect(),
            ..Entry::default()
        })
    });
    let word = either(language, "Missing", "見つからないリソース");
    let meaning = either(language, "not in AWS, or not by their tags", "AWS にないか、タグでは見つかりません");
    page.section(title(Role::Error, &word, report.missing.len(), &meaning), entries.collect());
}

const UNLABELLED: Explained = Explained::new("nothing carries its tags", "このリソースのタグが付いたものがありません");

/// What may be the missing resource, and the command that makes it known again.
fn may_be(found: &Mislabelled, language: Language) -> String {
    let physical = &found.physical;
    let label = found.label.as_ref().map(|label| label.spoken(language).to_string());
    match language {
        Language::En => {
            let label = label.unwrap_or_else(|| "holds what identifies it and carries no tag of ours".to_owned());
            format!("{physical} may be it: it {label}. If it is, put its tags back:")
        }
        Language::Ja => {
            let label = label.unwrap_or_else(|| "tokaido のタグがなく、同じ名前や範囲を使っています".to_owned());
            format!("{physical} がそのリソースかもしれません（{label}）。そうであればタグを元に戻します:")
        }
    }
}

fn unadopted(page: &mut Document, report: &DriftReport, schemas: &Schemas, language: Language) {
    let entries = report.unadopted.iter().map(|there| {
        let head = resource(&there.id.to_string(), &there.id.kind, schemas, language).dot().value(Role::Plain, &there.physical);
        let mark = Mark { role: Role::Muted, glyph: "=", word: either(language, "to adopt", "引き継ぎ前") };
        Block::Entry(Entry { mark: Some(mark), head, ..Entry::default() })
    });
    let word = either(language, "Not adopted yet", "まだ引き継いでいないリソース");
    let meaning = either(
        language,
        "in AWS as `physical_name:` names them; the next apply adopts them",
        "`physical_name:` で指定され、AWS にあります。次の適用で引き継ぎます",
    );
    page.section(title(Role::Heading, &word, report.unadopted.len(), &meaning), entries.collect());
}
