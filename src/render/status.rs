//! The board of `status`: one block for each environment, in the order of the promotion path.

use crate::govern::promotion::{Asked, Refusal};
use crate::govern::status::{Drift, EnvironmentStatus, Next, Status, Waiting};
use crate::govern::watch::Watched;
use crate::model::{Environment, Explained, Language, Reason as _, ReleaseRef, Sentence};
use jiff::Timestamp;

use super::plan::short;
use super::rows::{Block, Document, Line, Role, Row, counted};
use super::text::{self, Style};
use super::words::{self, either};
use super::{time, world};

#[must_use]
pub fn text(status: &Status, command: &str, style: &Style, language: Language) -> String {
    let mut page = Document::default();
    let live = status.environments.iter().any(|of| of.drift != Drift::NotRead);
    let source = if live {
        either(language, "from records and a live read", "記録と実環境の読み取りによる状態です")
    } else {
        either(language, "from records; --live also reads for drift", "記録による状態です。ずれの確認には --live が必要です")
    };
    page.line(Line::dotted([
        Line::new().value(Role::Heading, either(language, "status", "状況")),
        Line::new().value(Role::Plain, time::jst(&status.now.to_string())),
        Line::new().prose(Role::Muted, source),
    ]));
    page.line(world::line(&status.world, language));
    for environment in &status.environments {
        let title = Line::new().value(Role::Heading, environment.environment.as_str());
        page.section(title, vec![Block::Facts(rows(environment, command, language))]);
    }
    text::document(&page, style)
}

fn named(release: &ReleaseRef) -> String {
    format!("{} ({})", release.id, short(&release.digest))
}

fn rows(status: &EnvironmentStatus, command: &str, language: Language) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label: Explained, body: Line| rows.push(Row { label: label.say(language).to_owned(), body });
    row(words::RELEASE, release(status, language));
    row(LAST_APPLY, last_apply(status, language));
    row(PROVEN, proven(status, language));
    if let Some(proven) = &status.last_proven {
        let line = if proven.violations.is_empty() {
            let kept =
                either(language, "all of those that a plan shows were kept", "計画で確認できる約束はすべて守られていました");
            Line::new().prose(Role::Ok, kept)
        } else {
            let names = Line::listed(Role::Error, proven.violations.iter().cloned());
            Line::new().value(Role::Error, either(language, "not kept:", "守られていない約束:")).join(names)
        };
        row(words::PROMISES_FILE, line);
    }
    row(DRIFT, drift(&status.drift, language));
    match (&status.watch_problem, &status.watch) {
        (Some(problem), _) => row(WATCHED, unknown(problem, language)),
        (None, None) => row(WATCHED, Line::new().prose(Role::Muted, NEVER.say(language))),
        (None, Some(watch)) => {
            row(WATCHED, watched(watch, language));
            if let Some(line) = gaps(watch, language) {
                row(GAPS, line);
            }
        }
    }
    for held in &status.holds {
        let (id, since) = (&held.release.id, at(&held.at));
        let sentence = either(
            language,
            format!("{id} since {since}: {} ({})", held.reason, held.by),
            format!("{id}（{since} から）: {}（{}）", held.reason, held.by),
        );
        row(HELD, Line::new().prose(Role::Warn, sentence));
    }
    if let Some(next) = &status.next {
        row(ONWARD, onward(next, command, language));
    }
    for waiting in &status.waiting {
        row(WAITING, self::waiting(waiting, command, language));
    }
    for open in &status.emergencies {
        let text = format!("{}: {} ({}, {})", open.id, open.reason, open.by, at(&open.at));
        let review = format!("{command} review {} --key FILE", open.id);
        let next = either(
            language,
            format!("not reviewed yet; next: {review}"),
            format!("まだ確認されていません。次に実行するコマンド: {review}"),
        );
        row(EMERGENCY, Line::dotted([Line::new().prose(Role::Error, text), Line::new().prose(Role::Warn, next)]));
    }
    rows
}

const LAST_APPLY: Explained = Explained::new("last apply", "前回の適用");
const PROVEN: Explained = Explained::new("proven clean", "宣言どおりを確認");
const DRIFT: Explained = Explained::new("drift", "ずれ");
const WATCHED: Explained = Explained::new("watched", "監視");
const GAPS: Explained = Explained::new("gaps", "監視の空白");
const HELD: Explained = Explained::new("held", "リリースの保留");
const ONWARD: Explained = Explained::new("onward", "次の環境");
const WAITING: Explained = Explained::new("waiting", "承認待ち");
const EMERGENCY: Explained = Explained::new("emergency", "緊急の適用");
const NEVER: Explained = Explained::new("never", "なし");

fn at(at: &Timestamp) -> String {
    time::jst(&at.to_string())
}

fn unknown(problem: &Sentence, language: Language) -> Line {
    let problem = problem.say(language);
    Line::new().prose(Role::Error, either(language, format!("unknown: {problem}"), format!("不明: {problem}")))
}

fn last_apply(status: &EnvironmentStatus, language: Language) -> Line {
    let Some(apply) = &status.last_apply else {
        return Line::new().prose(Role::Muted, either(language, "none is recorded", "記録がありません"));
    };
    Line::dotted([
        Line::new().value(Role::Plain, at(&apply.at)),
        Line::new().value(Role::Plain, format!("{} {}", words::PLAN.say(language), short(&apply.plan))),
        Line::new().value(Role::Plain, &apply.by),
    ])
}

fn proven(status: &EnvironmentStatus, language: Language) -> Line {
    match (&status.last_proven, &status.open_since) {
        (_, Some(open)) => {
            let open = at(open);
            let sentence = either(
                language,
                format!("no: the apply that began {open} runs, or left something to do"),
                format!("未確認。{open} に始まった適用が実行中か、残りがあります"),
            );
            Line::new().prose(Role::Warn, sentence)
        }
        (Some(proven), None) => Line::new().value(Role::Ok, at(&proven.at)),
        (None, None) => Line::new().prose(Role::Muted, NEVER.say(language)),
    }
}

/// `plan 4f1c0ffee123: 1 of 2 approvals (bob); asked: carol`
fn waiting(waiting: &Waiting, command: &str, language: Language) -> Line {
    let plan = short(&waiting.plan);
    let (have, required) = (waiting.approved.len(), waiting.required);
    let count = either(
        language,
        format!("plan {plan}: {have} of {required} approvals"),
        format!("計画 {plan}: 承認 {required} 件のうち {have} 件"),
    );
    let until = time::jst(&waiting.expires_at);
    let until = Line::new().value(Role::Muted, either(language, format!("until {until}"), format!("{until} まで")));
    let who = Line::listed(Role::Plain, waiting.approved.iter().cloned());
    let then = if waiting.complete {
        let apply = format!("{command} apply {plan}");
        Line::new().prose(Role::Ok, either(language, format!("next: {apply}"), format!("次に実行するコマンド: {apply}")))
    } else {
        let able = waiting.able.join(", ");
        Line::new().prose(Role::Warn, either(language, format!("may approve: {able}"), format!("承認できる人: {able}")))
    };
    Line::dotted([Line::new().prose(Role::Plain, count), who, until, then])
}

/// `clean since 2026-11-05 10:32 JST · last look …`
fn watched(watch: &Watched, language: Language) -> Line {
    let mut parts = Vec::new();
    if let Some(ahead) = &watch.ahead {
        let ahead = at(ahead);
        let sentence = either(
            language,
            format!("unknown since when: a look is recorded at {ahead}, which is still to come; a clock was ahead"),
            format!("いつからかは不明です。{ahead} の確認が記録されていますが、この時刻はまだ来ていません。時計が進んでいました"),
        );
        parts.push(Line::new().prose(Role::Error, sentence));
    }
    if let Some(blind) = &watch.blind {
        let since = at(&blind.since);
        // The words of the record are English; the class says the same.
        let sentence = either(
            language,
            format!("blind since {since}: {}: {}", blind.class, blind.words),
            format!("{since} から読み取れません: {}", blind.class),
        );
        parts.push(Line::new().prose(Role::Error, sentence));
    }
    if let Some(since) = &watch.clean_since {
        let since = at(since);
        let sentence = either(language, format!("clean since {since}"), format!("{since} から宣言どおり"));
        parts.push(Line::new().prose(Role::Ok, sentence));
    }
    if let Some(first) = watch.open.iter().map(|still| still.since).min() {
        let (count, first) = (watch.open.len(), at(&first));
        let sentence = either(
            language,
            format!("{} open since {first}", counted(count, "thing", "things")),
            format!("未解決 {count} 件（{first} から）"),
        );
        parts.push(Line::new().prose(Role::Warn, sentence));
    }
    let last = at(&watch.last_look);
    parts.push(Line::new().prose(Role::Plain, either(language, format!("last look {last}"), format!("前回の確認 {last}"))));
    Line::dotted(parts)
}

/// `2 in the last 7 days, 5h 10m together · the longest 4h from … to …`; nothing without one.
fn gaps(watch: &Watched, language: Language) -> Option<Line> {
    let longest = watch.gaps.iter().max_by_key(|gap| gap.seconds())?;
    let (count, together) = (watch.gaps.len(), time::lasting(watch.gap_seconds, language));
    let all = either(
        language,
        format!("{count} in the last 7 days, {together} together"),
        format!("直近 7 日間に {count} 件、合計 {together}"),
    );
    let (from, until, lasted) = (at(&longest.from), at(&longest.until), time::lasting(longest.seconds(), language));
    let longest = either(
        language,
        format!("the longest {lasted}, {from} to {until}"),
        format!("最長 {lasted}（{from} から {until} まで）"),
    );
    Some(Line::dotted([Line::new().prose(Role::Warn, all), Line::new().prose(Role::Plain, longest)]))
}

fn release(status: &EnvironmentStatus, language: Language) -> Line {
    let applied = status.applied.as_ref();
    let not_yet = || either(language, "not applied yet", "未適用");
    match (&status.problem, &status.pinned) {
        (Some(problem), _) => unknown(problem, language),
        (None, None) => {
            let line = Line::new().prose(Role::Plain, words::TREE.say(language));
            match applied {
                Some(applied) => {
                    let applied = named(applied);
                    let last = either(language, format!("applied last: {applied}"), format!("前回の適用: {applied}"));
                    line.dot().prose(Role::Warn, last)
                }
                None => line,
            }
        }
        (None, Some(pinned)) => {
            let line = Line::new().value(Role::Plain, named(pinned)).dot();
            match applied {
                Some(applied) if applied.digest == pinned.digest => line.value(Role::Ok, either(language, "applied", "適用済み")),
                Some(applied) => {
                    let applied = named(applied);
                    let sentence = either(
                        language,
                        format!("not applied yet; applied last: {applied}"),
                        format!("未適用。前回の適用: {applied}"),
                    );
                    line.prose(Role::Warn, sentence)
                }
                None if status.last_apply.is_none() => line.prose(Role::Warn, not_yet()),
                None if status.environment == Environment::Dev => {
                    let sentence = either(language, "not applied yet; applied last: the tree", "未適用。前回の適用: 作業ツリー");
                    line.prose(Role::Warn, sentence)
                }
                None => {
                    let sentence = either(
                        language,
                        "not applied by promotion; what was applied last came another way",
                        "昇格による適用ではありません。前回の適用は別の方法で行われました",
                    );
                    line.prose(Role::Warn, sentence)
                }
            }
        }
    }
}

fn drift(drift: &Drift, language: Language) -> Line {
    match drift {
        Drift::NotRead => {
            Line::new().prose(Role::Muted, either(language, "unknown: not read", "不明（実環境を読み取っていません）"))
        }
        Drift::Read { observed_at, drifted: 0, missing: 0, unreadable: 0 } => {
            Line::new().value(Role::Ok, either(language, "none", "なし")).dot().value(Role::Plain, time::jst(observed_at))
        }
        Drift::Read { observed_at, drifted, missing, unreadable } => {
            let parts = [(*drifted, words::CHANGED), (*missing, words::MISSING_COUNT), (*unreadable, words::FAILED_READS)];
            let found = parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| noun.count(*count, language));
            let separator = either(language, ", ", "、");
            let found = found.collect::<Vec<_>>().join(&separator);
            Line::new().prose(Role::Warn, found).dot().value(Role::Plain, time::jst(observed_at))
        }
    }
}

/// `2026.11.0 may go to production in 3h 12m`
fn onward(next: &Next, command: &str, language: Language) -> Line {
    let (id, to) = (&next.release.id, next.to);
    match next.refusals.as_slice() {
        [] => {
            let sentence = either(language, format!("{id} may go to {to} now"), format!("{id} は今すぐ {to} に昇格できます"));
            Line::new().prose(Role::Ok, sentence)
        }
        [Refusal::Soaking { left_seconds, ends, .. }] => {
            let (left, ends) = (time::lasting(*left_seconds, language), at(ends));
            let sentence = either(
                language,
                format!("{id} may go to {to} in {left}, at {ends}"),
                format!("{id} は {left}後の {ends} に {to} へ昇格できます"),
            );
            Line::new().prose(Role::Plain, sentence)
        }
        refusals => {
            let asked = Asked { command, release: &next.release, to };
            let why: Vec<String> = refusals.iter().map(|refusal| refusal.told(&asked).why.say(language)).collect();
            let sentence = either(
                language,
                format!("{id} may not go to {to}: {}", why.join("; ")),
                format!("{id} は {to} に昇格できません: {}", why.join("。")),
            );
            Line::new().prose(Role::Warn, sentence)
        }
    }
}
