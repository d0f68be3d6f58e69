//! Releases: the list, one of them, and the differences between two.

use crate::govern::release::{Described, Fate, FileDiff, Listed};
use crate::model::{Divergence, Language};

use super::plan::short;
use super::promotion::overrides;
use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted};
use super::text::{self, Style};
use super::time;
use super::words::{self, either};

#[must_use]
pub fn list(releases: &[Listed], style: &Style, next: &[String], language: Language) -> String {
    let mut page = Document::default();
    if releases.is_empty() {
        page.line(Line::new().prose(Role::Plain, either(language, "no release was cut yet", "リリースはまだありません")));
    }
    for listed in releases {
        page.blocks.push(Block::Entry(line(listed, language)));
    }
    page.next(next, language);
    text::document(&page, style)
}

fn line(listed: &Listed, language: Language) -> Entry {
    let digest = listed.release.as_ref().map(|release| Line::new().value(Role::Plain, short(&release.digest)));
    let cut_at = |at: &String| fact(&either(language, "cut", "作成"), &time::jst(at));
    let cut = listed.cut_at.as_ref().map(cut_at);
    let tool = listed.tool_version.as_ref().map(|tool| Line::new().value(Role::Plain, format!("tokaido {tool}")));
    let pins = listed.pinned_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let pins = (!pins.is_empty())
        .then(|| Line::new().value(Role::Ok, either(language, format!("pinned: {pins}"), format!("固定: {pins}"))));
    let head = [Some(Line::new().value(Role::Heading, &listed.id)), digest, cut, tool, pins];
    let mark =
        (!listed.problems.is_empty())
            .then(|| Mark { role: Role::Error, glyph: "!", word: either(language, "altered", "改変") });
    Entry {
        mark,
        head: Line::dotted(head.into_iter().flatten()),
        about: listed.note.iter().map(|note| Line::new().prose(Role::Plain, note)).collect(),
        notes: listed.problems.iter().map(|problem| Line::new().prose(Role::Error, problem.say(language))).collect(),
        ..Entry::default()
    }
}

fn fact(name: &str, value: &str) -> Line {
    Line::new().value(Role::Muted, name).glued(Role::Plain, format!(" {value}"))
}

#[must_use]
pub fn show(release: &Described, style: &Style, next: &[String], language: Language) -> String {
    let mut page = Document::default();
    page.line(Line::dotted([
        Line::new().value(Role::Heading, format!("{} {}", words::RELEASE.say(language), release.release.id)),
        fact(&either(language, "cut", "作成"), &time::jst(&release.cut_at)),
        fact(&either(language, "with tokaido", "作成した tokaido"), &release.tool_version),
    ]));
    page.line(fact(&either(language, "digest", "ダイジェスト"), &release.release.digest));
    if let Some(note) = &release.note {
        page.line(Line::new().prose(Role::Plain, note));
    }
    let files = release.files.iter().map(|(path, sha256)| Row {
        label: path.clone(),
        body: Line::new().value(Role::Muted, format!("sha256 {}", short(sha256))),
    });
    page.section(
        Line::new()
            .value(Role::Heading, format!("{} ({})", either(language, "Frozen", "固定したファイル"), release.files.len()))
            .glued(Role::Muted, either(language, ": exactly as they were cut", ": 作成したときの内容のまま")),
        vec![Block::Facts(files.collect())],
    );
    for under in &release.environments {
        let mut blocks = overrides(&under.overrides, language);
        let diverging = under.divergences.iter().map(|divergence| Row {
            label: divergence.promise.clone(),
            body: Line::new().value(Role::After, &divergence.value).prose(Role::Muted, diverges(divergence, language)),
        });
        let diverging: Vec<Row> = diverging.collect();
        if !diverging.is_empty() {
            blocks.push(Block::Facts(diverging));
        }
        blocks.extend(under.problems.iter().map(|problem| Block::Line(Line::new().prose(Role::Error, problem.say(language)))));
        if blocks.is_empty() {
            let none = either(language, "no overrides and no divergences", "上書きも逸脱もありません");
            blocks.push(Block::Line(Line::new().prose(Role::Muted, none)));
        }
        let about = match (under.pinned, language) {
            (true, Language::En) => ": pinned to it; overrides and divergences",
            (false, Language::En) => ": not pinned to it; overrides and divergences",
            (true, Language::Ja) => ": このリリースに固定。環境ごとの上書きと逸脱",
            (false, Language::Ja) => ": このリリースに固定していません。環境ごとの上書きと逸脱",
        };
        page.section(Line::new().value(Role::Heading, under.environment.as_str()).glued(Role::Muted, about), blocks);
    }
    page.next(next, language);
    text::document(&page, style)
}

fn diverges(divergence: &Divergence, language: Language) -> String {
    let Divergence { until, reason, owner, .. } = divergence;
    either(language, format!("until {until}: {reason} ({owner})"), format!("期限 {until}: {reason}（{owner}）"))
}

/// `2026.11.0 → 2026.11.1: 1 file differs`, and its lines. Without `new` it is the tree.
#[must_use]
pub fn diff(old: &str, new: Option<&str>, files: &[FileDiff], style: &Style, language: Language) -> String {
    let mut page = Document::default();
    let new = new.unwrap_or_else(|| words::TREE.say(language));
    let differ = match files.len() {
        0 => either(language, "nothing differs", "差分はありません"),
        count => either(language, counted(count, "file differs", "files differ"), format!("ファイル {count} 件に差分")),
    };
    page.line(Line::new().value(Role::Heading, format!("{old} → {new}")).glued(Role::Plain, format!(": {differ}")));
    for file in files {
        let word = match file.fate {
            Fate::Added => either(language, "added", "追加"),
            Fate::Removed => either(language, "removed", "削除"),
            Fate::Changed => either(language, "changed", "変更"),
        };
        let mut rows = Vec::new();
        for (index, hunk) in file.hunks.iter().enumerate() {
            if index > 0 {
                rows.push(Row { label: "…".to_owned(), body: Line::new() });
            }
            rows.extend(hunk.iter().map(|line| {
                let role = match line.sign {
                    '-' => Role::Before,
                    '+' => Role::After,
                    _ => Role::Muted,
                };
                Row { label: line.line.to_string(), body: Line::new().whole(role, format!("{} {}", line.sign, line.text)) }
            }));
        }
        if file.hunks.is_empty() {
            rows.push(Row {
                label: String::new(),
                body: Line::new().prose(Role::Muted, either(language, "not text, or empty", "テキストではないか、空です")),
            });
        }
        let title = Line::new().value(Role::Id, &file.path).glued(Role::Plain, format!(": {word}"));
        page.section(title, vec![Block::Facts(rows)]);
    }
    text::document(&page, style)
}
