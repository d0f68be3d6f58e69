//! A refusal by AWS, with everything that an operator needs to act on it or to ask AWS about it.

use crate::world::{Changed, ProviderError};

use crate::model::{Explained, Language, Reason as _, Said};

use super::rows::{Block, Document, Entry, Line, Role, Row};
use super::text::{self, Style};

#[must_use]
pub fn text(error: &ProviderError, language: Language, style: &Style) -> String {
    text::document(&document(error, language), style)
}

/// In both languages.
#[must_use]
pub fn said(error: &ProviderError, style: &Style) -> Said {
    Said::new(text(error, Language::En, style), text(error, Language::Ja, style))
}

fn document(error: &ProviderError, language: Language) -> Document {
    let say = |en, ja| Explained::new(en, ja).say(language);
    let head = Line::new().value(Role::Error, say("error", "エラー")).glued(Role::Plain, ":").value(Role::Id, &error.operation);
    let head =
        head.prose(Role::Plain, say("failed", "に失敗しました")).glued(Role::Plain, ":").value(Role::Error, error.class.as_str());
    let changed = match error.changed {
        Changed::No => Line::new().prose(Role::Ok, say("nothing was changed", "何も変更していません")),
        Changed::Maybe => Line::new().prose(
            Role::Warn,
            say(
                "not known: the request left and no answer says what came of it",
                "不明です。要求は送信しましたが、結果の応答がありません",
            ),
        ),
        Changed::Partly => Line::new().prose(
            Role::Warn,
            say("a part of it was done before this call failed", "この呼び出しが失敗する前に、一部が実行されています"),
        ),
    };
    let known = |text: &Option<String>| text.as_deref().unwrap_or(say("not known", "不明")).to_owned();
    let row = |label: &str, body: Line| Row { label: label.to_owned(), body };
    let plain = |text: String| Line::new().value(Role::Plain, text);
    let rows = vec![
        row(say("resource", "リソース"), plain(error.resource.clone())),
        row(say("called as", "実行者"), plain(known(&error.principal))),
        row(say("request id", "リクエスト ID"), plain(known(&error.request_id))),
        row(say("code", "コード"), plain(known(&error.code))),
        row(say("AWS says", "AWS の回答"), Line::new().prose(Role::Plain, &error.message)),
        row(say("changed", "変更"), changed),
        row(say("next", "次の操作"), Line::new().prose(Role::Plain, error.next().say(language))),
    ];
    Document { blocks: vec![Block::Entry(Entry { head, rows, ..Entry::default() })] }
}
