//! What the parser of YAML reports, in both languages. Its sentences are fixed English texts of the library, so those that a file
//! can cause have a Japanese form here. A sentence that a newer library brings stands in Japanese output as it is, in brackets.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::model::Language;
use crate::model::reason::Spoken;

/// A sentence of the parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ParserWords(pub String);

impl Display for ParserWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Spoken for ParserWords {
    fn spoken(&self, language: Language) -> impl Display {
        let words = &self.0;
        match (language, japanese(words)) {
            (Language::En, _) => words.clone(),
            (Language::Ja, Some(known)) => format!("{known}（{words}）"),
            (Language::Ja, None) => format!("形式の誤り（{words}）"),
        }
    }
}

fn japanese(words: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(english, _)| words.starts_with(english)).map(|(_, japanese)| *japanese)
}

/// How a sentence of the parser begins, and the same in Japanese.
const SENTENCES: &[(&str, &str)] = &[
    ("simple key expect", "キーの後に `:` がありません"),
    ("mapping values are not allowed", "この位置に `キー: 値` は書けません"),
    ("mapping keys are not allowed", "この位置にキーは書けません"),
    ("block sequence entries are not allowed", "この位置に `-` の項目は書けません"),
    ("illegal placement of ':'", "`:` の位置が正しくありません"),
    ("while parsing a block mapping, did not find expected key", "キーがあるべき位置にほかのものがあります"),
    ("while parsing a block collection, did not find expected '-'", "`-` があるべき位置にほかのものがあります"),
    ("while parsing a flow sequence", "`[ ]` の中に `,` または `]` がありません"),
    ("while parsing a flow mapping", "`{ }` の中に `,` または `}` がありません"),
    ("while parsing a node, did not find expected node content", "値があるべき位置にほかのものがあります"),
    ("while parsing node, found unknown anchor", "参照先がありません"),
    ("while scanning a quoted scalar, found unexpected end of stream", "引用符が閉じていません"),
    ("while scanning a quoted scalar, found unexpected document", "引用符が閉じる前に文書が終わっています"),
    ("while parsing a quoted scalar", "引用符の中のエスケープが正しくありません"),
    ("invalid trailing content after", "引用符の後に余分な文字があります"),
    ("invalid indentation in quoted scalar", "引用符の中の字下げが正しくありません"),
    ("invalid indentation", "字下げが正しくありません"),
    ("wrongly indented line in block scalar", "複数行の文字列の字下げが正しくありません"),
    ("a block scalar content cannot start with a tab", "複数行の文字列がタブで始まっています"),
    ("while scanning a block scalar", "`|` または `>` の後に余分な文字があります"),
    ("while scanning a plain scalar, found a tab", "字下げにタブが使われています"),
    ("tabs disallowed", "字下げにタブが使われています"),
    ("tab cannot be used as indentation", "字下げにタブが使われています"),
    ("unexpected end of plain scalar", "値が途中で終わっています"),
    ("unexpected eof", "ファイルが途中で終わっています"),
    ("unexpected end of", "ファイルが途中で終わっています"),
    ("unexpected character", "この位置に書けない文字があります"),
    ("found unprintable character", "表示できない文字があります"),
    ("a byte order mark must not", "文書の途中にバイト順マークがあります"),
    ("misplaced bracket", "括弧の位置が正しくありません"),
    ("did not find expected <document start>", "文書の始まりがあるべき位置にほかのものがあります"),
    ("while scanning a verbatim tag", "`!` の後の書き方が正しくありません"),
    ("did not find expected next token", "続きがあるべき位置にほかのものがあります"),
    ("comment intercepting the multiline text", "複数行の文字列の途中にコメントがあります"),
    ("comments must be separated", "`#` の前に空白がありません"),
    ("invalid content after document end marker", "文書の終わりの後に余分な文字があります"),
    ("while scanning an anchor or alias", "`&` または `*` の後に名前がありません"),
    ("while parsing anchor, found duplicated anchor", "同じ名前の `&` が二つあります"),
    ("while scanning a tag", "`!` の後の書き方が正しくありません"),
    ("while parsing a tag", "`!` の後の書き方が正しくありません"),
    ("while scanning a directive", "`%` で始まる行の書き方が正しくありません"),
    ("while scanning a YAML directive", "`%YAML` の書き方が正しくありません"),
    ("recursion limit exceeded", "入れ子が深すぎます"),
];
