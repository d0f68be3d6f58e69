//! What is wrong with the form of a YAML file, or with a secret in it, and what would be right.

use tokaido_derive::Reason;

use crate::model::text::Explained;

use super::parser_words::ParserWords;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum YamlFault {
    #[en("this cannot be read as YAML: {why}")]
    #[ja("YAML として読み取れません: {why}")]
    Syntax { why: ParserWords },
    #[en("{sign} is {called}, which means nothing to YAML")]
    #[ja("{sign} は{called}で、YAML では意味を持ちません")]
    FullWidth { sign: &'static str, called: Explained },
    #[en("the file is empty")]
    #[ja("ファイルに内容がありません")]
    Empty,
    #[en("nothing is written here")]
    #[ja("ここに内容がありません")]
    Nothing,
    #[en("a second document begins here")]
    #[ja("ここから二つ目の文書が始まっています")]
    SecondDocument,
    #[en("`{tag}` is a YAML tag")]
    #[ja("`{tag}` は YAML のタグです")]
    Tag { tag: String },
    #[en("this is a YAML tag")]
    #[ja("YAML のタグが書かれています")]
    SomeTag,
    #[en("this is a reference")]
    #[ja("ほかの値への参照が書かれています")]
    Reference,
    #[en("`<<` merges maps, which hides where a value comes from")]
    #[ja("`<<` はマップを結合し、値がどこから来たのかを分からなくします")]
    MergeKey,
    #[en("a list or a map stands where a key belongs")]
    #[ja("キーの位置に一覧またはマップがあります")]
    ComplexKey,
    #[en("a reference stands where a key belongs")]
    #[ja("キーの位置に参照があります")]
    ReferenceAsKey,
    #[en("this reference contains itself")]
    #[ja("この参照は自分自身を含んでいます")]
    Itself,
    #[en("with the references up to here written out, the file has more than {most} values")]
    #[ja("ここまでの参照を展開すると、ファイルの値が {most} 個を超えます")]
    Bomb { most: usize },
    #[en("the file has more than {most} values")]
    #[ja("ファイルの値が {most} 個を超えています")]
    TooLarge { most: usize },
    #[en("values are nested more than {most} deep")]
    #[ja("値の入れ子が {most} 段を超えています")]
    TooDeep { most: usize },
    #[en("`{key}` is written twice")]
    #[ja("`{key}` が二度書かれています")]
    Twice { key: String },
    #[en("this value looks like a secret (not shown)")]
    #[ja("秘密情報と思われる値が書かれています（値は表示しません）")]
    SecretValue,
    #[en("`{key}` would be a secret in clear (the value is not shown)")]
    #[ja("`{key}` は秘密情報を平文で書くことになります（値は表示しません）")]
    SecretKey { key: String },
}

/// What would be right.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum YamlRight {
    #[en("well-formed YAML; look at the indentation, colons and quotes here and on the line above")]
    #[ja("正しい YAML。この行と上の行の字下げ、コロン、引用符を確認してください")]
    WellFormed,
    #[en("well-formed YAML; look at indentation, colons and quotes")]
    #[ja("正しい YAML。字下げ、コロン、引用符を確認してください")]
    WellFormedHere,
    #[en("{needed}")]
    #[ja("{needed}")]
    Ascii { needed: Explained },
    #[en("keys and values")]
    #[ja("キーと値")]
    KeysAndValues,
    #[en("one document in a file")]
    #[ja("一つのファイルに一つの文書")]
    OneDocument,
    #[en("the value without a tag; quotes make it text")]
    #[ja("タグのない値。文字列にするには引用符で囲みます")]
    Untagged,
    #[en("the values written out")]
    #[ja("値を直接書く")]
    WrittenOut,
    #[en("`extends: base.yaml` in the file, or the keys written out")]
    #[ja("ファイルに `extends: base.yaml` を書くか、キーを直接書く")]
    Extends,
    #[en("a name as the key")]
    #[ja("キーには名前を書く")]
    Name,
    #[en("at most {most} values in a file")]
    #[ja("一つのファイルの値は {most} 個まで")]
    AtMost { most: usize },
    #[en("a flatter file")]
    #[ja("入れ子を浅くする")]
    Flatter,
    #[en("each key once")]
    #[ja("同じキーは一度だけ")]
    KeyOnce,
    #[en("no secret in a file: AWS makes and keeps the passwords; if this one is real, revoke it now")]
    #[ja("ファイルに秘密情報を書かない。パスワードは AWS が作成して管理します。本物であれば、すぐに無効にしてください")]
    NoSecret,
    #[en("no such key: AWS makes and keeps the passwords; if this one is real, revoke it now")]
    #[ja("このキーを書かない。パスワードは AWS が作成して管理します。本物であれば、すぐに無効にしてください")]
    NoSecretKey,
}

/// The introduction of another place that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
pub enum YamlPlace {
    #[en("first written here")]
    #[ja("最初に書かれている場所")]
    First,
}
