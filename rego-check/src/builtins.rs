//! The functions that a policy may call: those that give the same answer every time, everywhere, in little room. Another
//! engine has them too, so that an auditor can ask it the same.

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
    Words(&'static str),
    /// What the input has; the product says how it is shown.
    Input,
    /// A case that shows what the author wants to see.
    Case,
}

impl Instead {
    pub(crate) fn said(self, product: &Product) -> String {
        match self {
            Self::Words(words) => words.to_owned(),
            Self::Input => format!("what the input has; {} prints it", product.input),
            Self::Case => format!("a case under {} that shows what you want to see", product.cases),
        }
    }
}

/// By name or by what it begins with, and why. Known to Rego, so the reason is worth saying.
const REFUSED: &[(&str, &str, Instead)] = &[
    (
        "time.",
        "it depends on the clock or on its tables",
        Instead::Words("no time at all: hours and calendars are gates of their own"),
    ),
    ("http.", "it asks the network", Instead::Input),
    ("net.lookup_ip_addr", "it asks the network", Instead::Input),
    ("rand.", "it answers differently every time", Instead::Words("what the input has")),
    ("uuid.", "it answers differently every time", Instead::Words("the `id` of what is judged")),
    ("opa.", "it reads the machine's environment", Instead::Words("what the input has")),
    ("rego.", "it depends on the engine", Instead::Words("what the input has")),
    ("trace", "it writes beside the answer", Instead::Case),
    ("print", "it writes beside the answer", Instead::Case),
    ("io.", "it reads keys and certificates, and the clock", Instead::Words("what the input has")),
    ("crypto.", "it reads keys and certificates", Instead::Words("what the input has")),
    ("aws.", "it makes requests", Instead::Words("what the input has")),
    ("providers.", "it makes requests", Instead::Words("what the input has")),
    (
        "numbers.range",
        "it makes as much as it is told to, and no limit of time stops it",
        Instead::Words("`some x in` a list of the input"),
    ),
    (
        "net.cidr_expand",
        "it makes as much as it is told to, and no limit of time stops it",
        Instead::Words("`net.cidr_contains`"),
    ),
    ("bits.lsh", "it makes as much as it is told to, and no limit of time stops it", Instead::Words("multiplication")),
    (
        "product",
        "its numbers grow without end, and no limit of time stops it",
        Instead::Words("multiplication by a written number: `size * 1024`"),
    ),
    (
        "strings.repeat",
        "it makes as much as it is told to, and no limit of time stops it",
        Instead::Words("the text written out"),
    ),
];

pub(crate) fn gives(name: &str) -> Option<Gives> {
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives)
}

/// Why a function is not there, and what is instead.
pub(crate) fn refused(name: &str) -> Option<(&'static str, Instead)> {
    let hit = |begins: &str| {
        if begins.ends_with('.') { name.starts_with(begins) } else { name == begins || name == format!("{begins}_step") }
    };
    REFUSED.iter().find(|(begins, ..)| hit(begins)).map(|(_, why, instead)| (*why, *instead))
}
