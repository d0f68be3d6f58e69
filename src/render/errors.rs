//! A refusal by AWS, with everything that an operator needs to act on it or to ask AWS about it.

use crate::model::reason::Spoken as _;
use crate::model::{Explained, Language, Reason as _};
use crate::world::{Changed, ProviderError};

use super::rows::{Block, Document, Entry, Line, Role, Row};
use super::text::{self, Style};
use super::words::{self, either};

#[must_use]
pub fn text(error: &ProviderError, style: &Style, language: Language) -> String {
    text::document(&document(error, language), style)
}

const UNCHANGED: Explained = Explained::new("nothing was changed", "何も変更していません");
const UNANSWERED: Explained = Explained::new(
    "not known: the request left and no answer says what came of it",
    "不明です。リクエストは送信しましたが、結果の応答がありません",
);
const IN_PART: Explained =
    Explained::new("a part of it was done before this call failed", "この呼び出しが失敗する前に、一部を実行しました");
const UNKNOWN: Explained = Explained::new("not known", "不明");

#[must_use]
pub fn document(error: &ProviderError, language: Language) -> Document {
    let class = error.class.as_str();
    let head = Line::new().value(Role::Error, either(language, "error", "エラー")).glued(Role::Plain, ":");
    let head = head.value(Role::Id, &error.operation);
    let head = match language {
        Language::En => head.prose(Role::Plain, "failed").glued(Role::Plain, ":").value(Role::Error, class),
        Language::Ja => head.prose(Role::Plain, "が失敗しました").glued(Role::Plain, ":").value(Role::Error, class),
    };
    let changed = match error.changed {
        Changed::No => Line::new().prose(Role::Ok, UNCHANGED.say(language)),
        Changed::Maybe => Line::new().prose(Role::Warn, UNANSWERED.say(language)),
        Changed::Partly => Line::new().prose(Role::Warn, IN_PART.say(language)),
    };
    let known = |text: &Option<String>| text.as_deref().unwrap_or_else(|| UNKNOWN.say(language)).to_owned();
    // An answer without a body has a status and no code.
    let code = match (&error.code, error.status) {
        (Some(code), Some(status)) => Some(format!("{code} (HTTP {status})")),
        (None, Some(status)) => Some(format!("HTTP {status}")),
        (code, None) => code.clone(),
    };
    let row = |en: &str, ja: &str, body: Line| Row { label: either(language, en, ja), body };
    let plain = |text: String| Line::new().value(Role::Plain, text);
    let mut rows = vec![
        row("resource", words::RESOURCE.ja, plain(error.resource.clone())),
        row("called as", words::CALLER.ja, plain(known(&error.principal))),
        row("request id", "リクエスト ID", plain(known(&error.request_id))),
        row("code", "コード", plain(known(&code))),
        row("AWS says", "AWS の応答", Line::new().prose(Role::Plain, &error.message)),
        row("changed", "変更の有無", changed),
    ];
    rows.extend(error.skew().map(|skew| row("clock", "時計", Line::new().prose(Role::Error, skew.spoken(language).to_string()))));
    rows.push(row("next", "次の手順", Line::new().prose(Role::Plain, error.next().say(language))));
    Document { blocks: vec![Block::Entry(Entry { head, rows, ..Entry::default() })] }
}
