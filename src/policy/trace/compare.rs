//! What is compared with a part of the input: a value that never stands there would be silence too. Imports nothing.

use std::collections::BTreeSet;

use regorus::unstable::Span;

use super::super::compile::nearest;
use super::super::shape::{self, Behind};
use super::Tracer;
use super::ty::{Alt, Ty};

/// How alike two values have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// `==`: the same value.
    Same,
    /// `<`: two of the same type; across types Rego has an order that nobody means.
    Type,
}

impl Tracer<'_> {
    /// Two values that are asked to be the same.
    pub(super) fn compare(&mut self, one: &Ty, other: &Ty, span: &Span) {
        self.can_be(one, other, Alike::Same, span);
        self.can_be(other, one, Alike::Same, span);
    }

    /// Two values of which one is asked to be the smaller.
    pub(super) fn order(&mut self, one: &Ty, other: &Ty, span: &Span) {
        self.can_be(one, other, Alike::Type, span);
        self.can_be(other, one, Alike::Type, span);
    }

    fn can_be(&mut self, value: &Ty, written: &Ty, alike: Alike, span: &Span) {
        if value.0.is_empty() || written.0.iter().any(|alt| !is_written(alt)) {
            return;
        }
        let mut what = BTreeSet::new();
        for alt in &value.0 {
            what.insert(match alt {
                Alt::Input(place) => shape::called(place),
                Alt::KeyOf(place) => format!("the names in {}", shape::called(place)),
                _ => return,
            });
        }
        let fits = |written: &&Alt| value.0.iter().any(|alt| fits(alt, written, alike));
        let misses: Vec<&Alt> = written.0.iter().filter(|alt| !fits(alt)).collect();
        // Of words each one is meant; of other things, whatever a helper rule may be worth, one that fits is enough.
        let words = written.0.iter().all(|alt| matches!(alt, Alt::Word(_)));
        if !words && misses.len() < written.0.len() {
            return;
        }
        let what = what.into_iter().collect::<Vec<_>>().join(" or ");
        for miss in misses {
            let (never, expected) = said(value, miss, alike);
            let why = if alike == Alike::Type { ", and nobody means the order of different types" } else { "" };
            self.say("unknown-input-value", span, format!("{what} is never {never}{why}"), expected);
        }
    }
}

/// Whether the policy itself says what it is.
fn is_written(alt: &Alt) -> bool {
    matches!(alt, Alt::Word(_) | Alt::Number | Alt::Bool | Alt::Null | Alt::List(_) | Alt::Set(_) | Alt::Object(..))
}

fn fits(value: &Alt, written: &Alt, alike: Alike) -> bool {
    match (value, written) {
        (Alt::KeyOf(place), Alt::Word(word)) => alike == Alike::Type || shape::names(place).contains(word),
        (Alt::KeyOf(_), _) => !is_written(written),
        (Alt::Input(place), _) => stands(place, written, alike),
        _ => true,
    }
}

/// Whether it may stand at this place.
fn stands(place: &str, written: &Alt, alike: Alike) -> bool {
    match written {
        Alt::Word(word) => {
            shape::takes_text(place) && (alike == Alike::Type || shape::words(place).is_none_or(|words| words.contains(word)))
        }
        Alt::Number => shape::may_be(place, "integer") || shape::may_be(place, "number"),
        Alt::Bool => shape::may_be(place, "boolean"),
        Alt::Null => shape::may_be(place, "null"),
        // The input is JSON, which has none.
        Alt::Set(_) => false,
        Alt::List(element) => shape::may_be(place, "array") && (alike == Alike::Type || behind(&shape::item(place), element)),
        Alt::Object(..) if !shape::may_be(place, "object") => false,
        Alt::Object(fields, _) => {
            alike == Alike::Type || fields.iter().all(|(name, value)| behind(&shape::field(place, name), value))
        }
        Alt::Input(_) | Alt::Free | Alt::KeyOf(_) | Alt::Plain => true,
    }
}

/// Whether one of these may be what is behind a field.
fn behind(behind: &Behind, written: &Ty) -> bool {
    match behind {
        Behind::Anything => true,
        Behind::Nothing => false,
        Behind::Places(places) => {
            let stands = |alt: &Alt| places.iter().any(|place| stands(place, alt, Alike::Same));
            written.0.is_empty() || written.0.iter().any(stands)
        }
    }
}

/// What it never is, and what it may be.
fn said(value: &Ty, written: &Alt, alike: Alike) -> (String, String) {
    let places: Vec<&String> =
        value.0.iter().filter_map(|alt| if let Alt::Input(place) = alt { Some(place) } else { None }).collect();
    let never = match written {
        Alt::Word(word) if alike == Alike::Same => {
            let mut possible: BTreeSet<String> = places.iter().filter_map(|place| shape::words(place)).flatten().collect();
            for alt in &value.0 {
                if let Alt::KeyOf(place) = alt {
                    possible.extend(shape::names(place));
                }
            }
            let expected = if possible.is_empty() {
                "a value of its type, without quotes".to_owned()
            } else {
                nearest(word, possible.iter().map(String::as_str))
            };
            return (format!("the text `{word}`"), expected);
        }
        Alt::Object(fields, _) if places.iter().any(|place| shape::may_be(place, "object")) => {
            let unknown = |name: &&String| places.iter().all(|place| shape::field(place, name) == Behind::Nothing);
            if let Some(name) = fields.keys().find(unknown) {
                let names: Vec<String> = places.iter().flat_map(|place| shape::names(place)).collect();
                return (format!("an object with the field `{name}`"), nearest(name, names.iter().map(String::as_str)));
            }
            "this object: one of its fields never has this value".to_owned()
        }
        Alt::List(_) if places.iter().any(|place| shape::may_be(place, "array")) => "a list of these".to_owned(),
        Alt::Word(_) => "text".to_owned(),
        Alt::Number => "a number".to_owned(),
        Alt::Bool => "true or false".to_owned(),
        Alt::Null => "null".to_owned(),
        Alt::Set(_) => "a set; there is none in the input".to_owned(),
        Alt::List(_) => "a list".to_owned(),
        _ => "an object".to_owned(),
    };
    let words = [
        ("string", "text in quotes"),
        ("integer", "a number"),
        ("boolean", "true or false"),
        ("null", "null"),
        ("array", "a list: `[…]`"),
        ("object", "an object, or a field of it"),
    ];
    let may = |kind: &str| places.iter().any(|place| shape::may_be(place, kind));
    let mut possible: Vec<&str> = words.into_iter().filter(|(kind, _)| may(kind)).map(|(_, word)| word).collect();
    if places.is_empty() {
        possible.push("text in quotes");
    }
    (never, possible.join(", or "))
}
