//! The functions that a policy may call: those that give the same answer every time, everywhere, in little room. Another
//! engine has them too, so that an auditor can ask it the same.

use crate::finding::Text;
use crate::product::Product;

/// What comes out, as far as the closed input cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// Text, a number, true or false.
    Plain,
    /// A list of texts.
    Texts,
    /// A list with the elements of the first argument.
    Elements,
    /// One element of the first argument.
    Element,
    /// A list with the elements of both.
    Both,
    /// `object.get`: the named field or the third argument.
    Get,
    /// `object.keys`: the names in the first argument.
    Keys,
    /// What is in the sets of the first argument.
    Inner,
}

pub(crate) const ALLOWED: &[(&str, Gives)] = &[
    ("abs", Gives::Plain),
    ("array.concat", Gives::Both),
    ("array.reverse", Gives::Elements),
    ("array.slice", Gives::Elements),
    ("ceil", Gives::Plain),
    ("concat", Gives::Plain),
    ("contains", Gives::Plain),
    ("count", Gives::Plain),
    ("endswith", Gives::Plain),
    ("floor", Gives::Plain),
    ("format_int", Gives::Plain),
    ("indexof", Gives::Plain),
    ("intersection", Gives::Inner),
    ("is_array", Gives::Plain),
    ("is_boolean", Gives::Plain),
    ("is_null", Gives::Plain),
    ("is_number", Gives::Plain),
    ("is_object", Gives::Plain),
    ("is_set", Gives::Plain),
    ("is_string", Gives::Plain),
    ("json.marshal", Gives::Plain),
    ("lower", Gives::Plain),
    ("max", Gives::Element),
    ("min", Gives::Element),
    ("net.cidr_contains", Gives::Plain),
    ("net.cidr_is_valid", Gives::Plain),
    ("object.get", Gives::Get),
    ("object.keys", Gives::Keys),
    ("regex.match", Gives::Plain),
    ("regex.split", Gives::Texts),
    ("replace", Gives::Plain),
    ("round", Gives::Plain),
    ("semver.compare", Gives::Plain),
    ("semver.is_valid", Gives::Plain),
    ("sort", Gives::Elements),
    ("split", Gives::Texts),
    ("sprintf", Gives::Plain),
    ("startswith", Gives::Plain),
    ("strings.any_prefix_match", Gives::Plain),
    ("strings.any_suffix_match", Gives::Plain),
    ("substring", Gives::Plain),
    ("sum", Gives::Plain),
    ("to_number", Gives::Plain),
    ("trim", Gives::Plain),
    ("trim_left", Gives::Plain),
    ("trim_prefix", Gives::Plain),
    ("trim_right", Gives::Plain),
    ("trim_space", Gives::Plain),
    ("trim_suffix", Gives::Plain),
    ("type_name", Gives::Plain),
    ("union", Gives::Inner),
    ("upper", Gives::Plain),
];

/// What to use in place of a function that is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Instead {
    Words(&'static str, &'static str),
    /// What the input has; the product says how it is shown.
    Input,
    /// A case that shows what the author wants to see.
    Case,
}

impl Instead {
    pub(crate) fn said(self, product: &Product) -> Text {
        let Product { input, cases, .. } = product;
        match self {
            Self::Words(en, ja) => (en, ja).into(),
            Self::Input => {
                (format!("what the input has; {input} prints it"), format!("入力にある値。{input} で表示できます")).into()
            }
            Self::Case => (
                format!("a case under {cases} that shows what you want to see"),
                format!("{cases} に、見たい値を示すテストケースを書く"),
            )
                .into(),
        }
    }
}

/// Why a function is not there, in English and in Japanese.
pub(crate) type Why = (&'static str, &'static str);

/// By name or by what it begins with, and why. Known to Rego, so the reason is worth saying.
const REFUSED: &[(&str, Why, Instead)] = &[
    (
        "time.",
        ("it depends on the clock or on its tables", "時計や時間帯の表に左右されます"),
        Instead::Words(
            "no time at all: hours and calendars are gates of their own",
            "日時を使わない。時間帯や暦の制限はポリシーの外で行います",
        ),
    ),
    ("http.", ("it asks the network", "ネットワークに問い合わせます"), Instead::Input),
    ("net.lookup_ip_addr", ("it asks the network", "ネットワークに問い合わせます"), Instead::Input),
    (
        "rand.",
        ("it answers differently every time", "毎回異なる結果になります"),
        Instead::Words("what the input has", "入力にある値"),
    ),
    (
        "uuid.",
        ("it answers differently every time", "毎回異なる結果になります"),
        Instead::Words("the `id` of what is judged", "判定の対象の `id`"),
    ),
    (
        "opa.",
        ("it reads the machine's environment", "マシンの環境を読み取ります"),
        Instead::Words("what the input has", "入力にある値"),
    ),
    ("rego.", ("it depends on the engine", "エンジンに左右されます"), Instead::Words("what the input has", "入力にある値")),
    ("trace", ("it writes beside the answer", "結果とは別に出力します"), Instead::Case),
    ("print", ("it writes beside the answer", "結果とは別に出力します"), Instead::Case),
    (
        "io.",
        ("it reads keys and certificates, and the clock", "鍵と証明書、時計を読み取ります"),
        Instead::Words("what the input has", "入力にある値"),
    ),
    (
        "crypto.",
        ("it reads keys and certificates", "鍵と証明書を読み取ります"),
        Instead::Words("what the input has", "入力にある値"),
    ),
    ("aws.", ("it makes requests", "外部に要求を送ります"), Instead::Words("what the input has", "入力にある値")),
    ("providers.", ("it makes requests", "外部に要求を送ります"), Instead::Words("what the input has", "入力にある値")),
    (
        "numbers.range",
        (
            "it makes as much as it is told to, and no limit of time stops it",
            "いくらでも大きな値を作れ、時間の制限でも止まりません",
        ),
        Instead::Words("`some x in` a list of the input", "入力の一覧に対する `some x in`"),
    ),
    (
        "net.cidr_expand",
        (
            "it makes as much as it is told to, and no limit of time stops it",
            "いくらでも大きな値を作れ、時間の制限でも止まりません",
        ),
        Instead::Words("`net.cidr_contains`", "`net.cidr_contains`"),
    ),
    (
        "bits.lsh",
        (
            "it makes as much as it is told to, and no limit of time stops it",
            "いくらでも大きな値を作れ、時間の制限でも止まりません",
        ),
        Instead::Words("multiplication", "掛け算"),
    ),
    (
        "product",
        ("its numbers grow without end, and no limit of time stops it", "数が際限なく大きくなり、時間の制限でも止まりません"),
        Instead::Words("multiplication by a written number: `size * 1024`", "数を書いた掛け算: `size * 1024`"),
    ),
    (
        "strings.repeat",
        (
            "it makes as much as it is told to, and no limit of time stops it",
            "いくらでも大きな値を作れ、時間の制限でも止まりません",
        ),
        Instead::Words("the text written out", "文字列を直接書く"),
    ),
];

pub(crate) fn gives(name: &str) -> Option<Gives> {
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives)
}

/// Why a function is not there, and what is instead.
pub(crate) fn refused(name: &str) -> Option<(Why, Instead)> {
    let hit = |begins: &str| {
        if begins.ends_with('.') { name.starts_with(begins) } else { name == begins || name == format!("{begins}_step") }
    };
    REFUSED.iter().find(|(begins, ..)| hit(begins)).map(|(_, why, instead)| (*why, *instead))
}
