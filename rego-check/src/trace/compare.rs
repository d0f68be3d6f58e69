//! What is compared with a part of the input: a value that never stands there would be silence too.

use std::collections::BTreeSet;

use regorus::unstable::Span;

use super::Tracer;
use super::ty::{Alt, Ty};
use crate::finding::Code;
use crate::product::{Product, nearest};
use crate::schema::{Behind, Schema};

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
                Alt::Input(place) => self.schema.called(place),
                Alt::KeyOf(place) => format!("the names in {}", self.schema.called(place)),
                _ => return,
            });
        }
        let fits = |written: &&Alt| value.0.iter().any(|alt| fits(self.schema, alt, written, alike));
        let misses: Vec<&Alt> = written.0.iter().filter(|alt| !fits(alt)).collect();
        // Of words each one is meant; of other things, whatever a helper rule may be worth, one that fits is enough.
        let words = written.0.iter().all(|alt| matches!(alt, Alt::Word(_)));
        if !words && misses.len() < written.0.len() {
            return;
        }
        let what = what.into_iter().collect::<Vec<_>>().join(" or ");
        for miss in misses {
            let (never, expected) = said(self.schema, self.product, value, miss, alike);
            let why = if alike == Alike::Type { ", and nobody means the order of different types" } else { "" };
            self.say(Code::UnknownInputValue, span, format!("{what} is never {never}{why}"), expected);
        }
    }
}

/// Whether the policy itself says what it is.
fn is_written(alt: &Alt) -> bool {
    matches!(alt, Alt::Word(_) | Alt::Number | Alt::Bool | Alt::Null | Alt::List(_) | Alt::Set(_) | Alt::Object(..))
}

fn fits(schema: &Schema, value: &Alt, written: &Alt, alike: Alike) -> bool {
    match (value, written) {
        (Alt::KeyOf(place), Alt::Word(word)) => alike == Alike::Type || schema.names(place).contains(word),
        (Alt::KeyOf(_), _) => !is_written(written),
        (Alt::Input(place), _) => stands(schema, place, written, alike),
        _ => true,
    }
}

/// Whether it may stand at this place.
fn stands(schema: &Schema, place: &str, written: &Alt, alike: Alike) -> bool {
    match written {
        Alt::Word(word) => {
            schema.takes_text(place) && (alike == Alike::Type || schema.words(place).is_none_or(|words| words.contains(word)))
        }
        Alt::Number => schema.may_be(place, "integer") || schema.may_be(place, "number"),
        Alt::Bool => schema.may_be(place, "boolean"),
        Alt::Null => schema.may_be(place, "null"),
        // The input is JSON, which has none.
        Alt::Set(_) => false,
        Alt::List(element) => {
            schema.may_be(place, "array") && (alike == Alike::Type || behind(schema, &schema.item(place), element))
        }
        Alt::Object(..) if !schema.may_be(place, "object") => false,
        Alt::Object(fields, _) => {
            alike == Alike::Type || fields.iter().all(|(name, value)| behind(schema, &schema.field(place, name), value))
        }
        Alt::Input(_) | Alt::Free | Alt::KeyOf(_) | Alt::Plain => true,
    }
}

/// Whether one of these may be what is behind a field.
fn behind(schema: &Schema, behind: &Behind, written: &Ty) -> bool {
    match behind {
        Behind::Anything => true,
        Behind::Nothing => false,
        Behind::Places(places) => {
            let stands = |alt: &Alt| places.iter().any(|place| stands(schema, place, alt, Alike::Same));
            written.0.is_empty() || written.0.iter().any(stands)
        }
    }
}

/// What it never is, and what it may be.
fn said(schema: &Schema, product: &Product, value: &Ty, written: &Alt, alike: Alike) -> (String, String) {
    let places: Vec<&String> =
        value.0.iter().filter_map(|alt| if let Alt::Input(place) = alt { Some(place) } else { None }).collect();
    let never = match written {
        Alt::Word(word) if alike == Alike::Same => {
            let mut possible: BTreeSet<String> = places.iter().filter_map(|place| schema.words(place)).flatten().collect();
            for alt in &value.0 {
                if let Alt::KeyOf(place) = alt {
                    possible.extend(schema.names(place));
                }
            }
            let expected = if possible.is_empty() {
                "a value of its type, without quotes".to_owned()
            } else {
                nearest(word, possible.iter().map(String::as_str), product)
            };
            return (format!("the text `{word}`"), expected);
        }
        Alt::Object(fields, _) if places.iter().any(|place| schema.may_be(place, "object")) => {
            let unknown = |name: &&String| places.iter().all(|place| schema.field(place, name) == Behind::Nothing);
            if let Some(name) = fields.keys().find(unknown) {
                let names: Vec<String> = places.iter().flat_map(|place| schema.names(place)).collect();
                return (format!("an object with the field `{name}`"), nearest(name, names.iter().map(String::as_str), product));
            }
            "this object: one of its fields never has this value".to_owned()
        }
        Alt::List(_) if places.iter().any(|place| schema.may_be(place, "array")) => "a list of these".to_owned(),
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
    let may = |kind: &str| places.iter().any(|place| schema.may_be(place, kind));
    let mut possible: Vec<&str> = words.into_iter().filter(|(kind, _)| may(kind)).map(|(_, word)| word).collect();
    if places.is_empty() {
        possible.push("text in quotes");
    }
    (never, possible.join(", or "))
}
