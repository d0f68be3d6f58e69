//! The functions that a policy may call: those that give the same answer every time, everywhere, in little room. Another
//! engine has them too, so that an auditor can ask it the same. Imports nothing.

/// What comes out, as far as the closed input cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
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

pub(super) const ALLOWED: &[(&str, Gives)] = &[
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

/// By name or by what it begins with, and why. Known to Rego, so the reason is worth saying.
const REFUSED: &[(&str, &str, &str)] = &[
    ("time.", "it depends on the clock or on its tables", "no time at all: hours and calendars are gates of their own"),
    ("http.", "it asks the network", "what the input has; `tokaido policy input ENV` prints it"),
    ("net.lookup_ip_addr", "it asks the network", "what the input has; `tokaido policy input ENV` prints it"),
    ("rand.", "it answers differently every time", "what the input has"),
    ("uuid.", "it answers differently every time", "the `id` of what is judged"),
    ("opa.", "it reads the machine's environment", "what the input has"),
    ("rego.", "it depends on the engine", "what the input has"),
    ("trace", "it writes beside the answer", "a case under policies/tests/ that shows what you want to see"),
    ("print", "it writes beside the answer", "a case under policies/tests/ that shows what you want to see"),
    ("io.", "it reads keys and certificates, and the clock", "what the input has"),
    ("crypto.", "it reads keys and certificates", "what the input has"),
    ("aws.", "it makes requests", "what the input has"),
    ("providers.", "it makes requests", "what the input has"),
    ("numbers.range", "it makes as much as it is told to, and no limit of time stops it", "`some x in` a list of the input"),
    ("net.cidr_expand", "it makes as much as it is told to, and no limit of time stops it", "`net.cidr_contains`"),
    ("bits.lsh", "it makes as much as it is told to, and no limit of time stops it", "multiplication"),
    (
        "product",
        "its numbers grow without end, and no limit of time stops it",
        "multiplication by a written number: `size * 1024`",
    ),
    ("strings.repeat", "it makes as much as it is told to, and no limit of time stops it", "the text written out"),
];

pub(super) fn gives(name: &str) -> Option<Gives> {
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives)
}

/// Why a function is not there, and what is instead.
pub(super) fn refused(name: &str) -> Option<(&'static str, &'static str)> {
    let hit = |begins: &str| {
        if begins.ends_with('.') { name.starts_with(begins) } else { name == begins || name == format!("{begins}_step") }
    };
    REFUSED.iter().find(|(begins, ..)| hit(begins)).map(|(_, why, instead)| (*why, *instead))
}
