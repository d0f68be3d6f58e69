//! What is wrong with a policy's metadata or its cases, in both languages. Imports `model`.

use tokaido_derive::Reason;

use crate::model::{Environment, Explained, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub(super) enum Fault {
    /// The sentence of the checker, which is a library of its own.
    #[en("{said}")]
    #[ja("{said}")]
    Rego { said: Said },
    #[en("{said}")]
    #[ja("ポリシーを評価できません: {said}")]
    Unevaluated { said: String },
    #[en("the file begins with a byte order mark")]
    #[ja("ファイルがバイト順マーク（BOM）で始まっています")]
    ByteOrderMark,
    #[en("the policy does not say what it is")]
    #[ja("ポリシーの説明がありません")]
    NoMetadata,
    #[en("the metadata stands here again; it stands in line {line} already")]
    #[ja("メタデータが再び書かれています。すでに {line} 行目にあります")]
    Again { line: usize },
    #[en("the metadata is that of the whole file")]
    #[ja("メタデータはファイル全体のものです")]
    WholeFile,
    #[en("unknown key `{key}` of {what}")]
    #[ja("{what}に `{key}` というキーはありません")]
    UnknownKey { key: String, what: Explained },
    #[en("`{key}` is missing")]
    #[ja("`{key}` がありません")]
    Missing { key: String },
    #[en("this is not text")]
    #[ja("文字列ではありません")]
    NotText,
    #[en("the code is `{code}` and the file is {file}")]
    #[ja("code は `{code}` ですが、ファイルは {file} です")]
    OtherCode { code: String, file: String },
    #[en("`changes` is not one of several")]
    #[ja("`changes` はほかの種類と並べられません")]
    ChangesAlone,
    #[en("`{word}` is not a kind")]
    #[ja("`{word}` という種類はありません")]
    NoKind { word: String },
    #[en("no kind is named")]
    #[ja("種類が書かれていません")]
    NoKindNamed,
    #[en("the policy is off everywhere")]
    #[ja("ポリシーがすべての環境で無効です")]
    OffEverywhere,
    #[en("`{word}` is not an effect")]
    #[ja("`{word}` という effect はありません")]
    NoEffect { word: String },
    #[en("there is no policy `{code}`")]
    #[ja("ポリシー `{code}` はありません")]
    NoPolicy { code: String },
    #[en("`{schema}` is not a schema of this tokaido")]
    #[ja("`{schema}` はこの tokaido のスキーマではありません")]
    OtherSchema { schema: String },
    #[en("no case is written")]
    #[ja("テストケースがありません")]
    NoCase,
    #[en("two cases are called `{name}`")]
    #[ja("`{name}` という名前のテストケースが二つあります")]
    SameName { name: String },
    #[en("this is not an environment")]
    #[ja("環境の名前ではありません")]
    NoEnvironment,
    #[en("the environment is said twice")]
    #[ja("環境が二度書かれています")]
    EnvironmentTwice,
    #[en("nothing is expected of this case")]
    #[ja("このテストケースに期待する結果がありません")]
    NothingExpected,
    #[en("`{word}` is nothing that a policy says")]
    #[ja("`{word}` はポリシーの結果ではありません")]
    NoOutcome { word: String },
    #[en("{what} is never {value}")]
    #[ja("{what} が {value} になることはありません")]
    Never { what: String, value: String },
    #[en("unknown field `{key}` of {owners}")]
    #[ja("{owners} に `{key}` という項目はありません")]
    UnknownField { key: String, owners: String },
    #[en("{what} cannot stand here")]
    #[ja("{what} はここに書けません")]
    CannotStand { what: String },
}

/// What would be right.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub(super) enum Right {
    /// Text to type, the same in both languages.
    #[en("{text}")]
    #[ja("{text}")]
    Typed { text: String },
    /// What the checker says.
    #[en("{said}")]
    #[ja("{said}")]
    Said { said: Said },
    #[en("{form}")]
    #[ja("{form}")]
    Form { form: Explained },
    #[en("`{environment}: deny`, `warn` or `off`")]
    #[ja("`{environment}: deny`、`warn`、`off` のいずれか")]
    Effect { environment: Environment },
    #[en("`code: {stem}`, the file's name")]
    #[ja("`code: {stem}`（ファイルの名前）")]
    FileName { stem: String },
    #[en("text: \"{value}\"")]
    #[ja("文字列: \"{value}\"")]
    Text { value: String },
}

/// The checker's introduction of another place.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub(super) enum Place {
    #[en("{what}")]
    #[ja("{what}")]
    Related { what: Said },
}

impl Right {
    pub(super) fn typed(text: impl Into<String>) -> Self {
        Self::Typed { text: text.into() }
    }

    #[cfg(feature = "policy")]
    pub(super) fn said(text: rego_check::Text) -> Self {
        Self::Said { said: Said::new(text.en, text.ja) }
    }

    pub(super) const fn form(en: &'static str, ja: &'static str) -> Self {
        Self::Form { form: Explained::new(en, ja) }
    }
}

/// The short meaning of the checker's code.
pub(super) const fn means(code: rego_check::Code) -> Explained {
    use rego_check::Code;
    match code {
        Code::UnknownInputField => Explained::new("an unknown field", "入力にない項目です"),
        Code::UnknownInputValue => Explained::new("an unknown value", "入力がこの値になることはありません"),
        Code::MayBeUndefined => Explained::new("may be undefined", "値が存在しないことがあります"),
        Code::UntraceableInput => Explained::new("cannot be traced", "入力のどこを読むのかを事前に決められません"),
        Code::ImpureBuiltin => Explained::new("not pure", "同じ入力から同じ結果になるとは限りません"),
        Code::UnknownFunction => Explained::new("an unknown function", "ポリシーから呼び出せない関数です"),
        Code::UnknownName => Explained::new("an unknown name", "定義されていない名前です"),
        Code::Alone => Explained::new("not alone", "ポリシーはファイルの外のものを使えません"),
        Code::Endless => Explained::new("endless", "規則が自分自身に戻るか、多くの規則を経由し過ぎています"),
        Code::Name => Explained::new("another name", "ファイル名とパッケージの名前が合いません"),
        Code::Rules => Explained::new("other rules", "規則の定義が正しくありません"),
        Code::Syntax => Explained::new("not Rego", "Rego v1 として読み取れません"),
        Code::Fails => Explained::new("fails", "ポリシーを評価できません"),
    }
}
