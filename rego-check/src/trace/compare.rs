//! What is compared with a part of the input: a value that never stands there would be silence too.

use std::collections::BTreeSet;

use regorus::unstable::Span;

use super::Tracer;
use super::ty::{Alt, Ty};
use crate::finding::{Code, Text};
use crate::product::{Product, nearest};
use crate::schema::{Behind, Schema};

/// How alike two values have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// `==`: the same value.
    Same,
    /// `<`: two of the same type; across types Rego has an order that no policy means.
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
                Alt::Input(place) => Text::same(self.schema.called(place)),
                Alt::KeyOf(place) => {
                    let owner = self.schema.called(place);
                    (format!("the names in {owner}"), format!("{owner} の名前")).into()
                }
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
        let what = Text::joined(what, " or ", "または");
        for miss in misses {
            let (never, expected) = said(self.schema, self.product, value, miss, alike);
            let why = if alike == Alike::Type {
                (", and the order of different types is not what a policy means", "。異なる型の順序に意味はありません")
            } else {
                ("", "")
            };
            let message = (
                format!("{} is never {}{}", what.en, never.en, why.0),
                format!("{}が{}になることはありません{}", what.ja, never.ja, why.1),
            );
            self.say(Code::UnknownInputValue, span, message, expected);
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
fn said(schema: &Schema, product: &Product, value: &Ty, written: &Alt, alike: Alike) -> (Text, Text) {
    let places: Vec<&String> =
        value.0.iter().filter_map(|alt| if let Alt::Input(place) = alt { Some(place) } else { None }).collect();
    let never: Text = match written {
        Alt::Word(word) if alike == Alike::Same => {
            let mut possible: BTreeSet<String> = places.iter().filter_map(|place| schema.words(place)).flatten().collect();
            for alt in &value.0 {
                if let Alt::KeyOf(place) = alt {
                    possible.extend(schema.names(place));
                }
            }
            let expected = if possible.is_empty() {
                ("a value of its type, without quotes", "引用符のない、その型の値").into()
            } else {
                nearest(word, possible.iter().map(String::as_str), product)
            };
            return ((format!("the text `{word}`"), format!("文字列 `{word}` ")).into(), expected);
        }
        Alt::Object(fields, _) if places.iter().any(|place| schema.may_be(place, "object")) => {
            let unknown = |name: &&String| places.iter().all(|place| schema.field(place, name) == Behind::Nothing);
            if let Some(name) = fields.keys().find(unknown) {
                let names: Vec<String> = places.iter().flat_map(|place| schema.names(place)).collect();
                let never = (format!("an object with the field `{name}`"), format!("項目 `{name}` のあるオブジェクト"));
                return (never.into(), nearest(name, names.iter().map(String::as_str), product));
            }
            ("this object: one of its fields never has this value", "このオブジェクト（項目の一つがこの値にはなりません）").into()
        }
        Alt::List(_) if places.iter().any(|place| schema.may_be(place, "array")) => ("a list of these", "これらの一覧").into(),
        Alt::Word(_) => ("text", "文字列").into(),
        Alt::Number => ("a number", "数").into(),
        Alt::Bool => ("true or false", "true または false ").into(),
        Alt::Null => ("null", "null ").into(),
        Alt::Set(_) => ("a set; there is none in the input", "集合（入力に集合はありません）").into(),
        Alt::List(_) => ("a list", "一覧").into(),
        _ => ("an object", "オブジェクト").into(),
    };
    let words = [
        ("string", "text in quotes", "引用符で囲んだ文字列"),
        ("integer", "a number", "数"),
        ("boolean", "true or false", "true または false"),
        ("null", "null", "null"),
        ("array", "a list: `[…]`", "一覧: `[…]`"),
        ("object", "an object, or a field of it", "オブジェクト、またはその項目"),
    ];
    let may = |kind: &str| places.iter().any(|place| schema.may_be(place, kind));
    let mut possible: Vec<Text> = words.into_iter().filter(|(kind, ..)| may(kind)).map(|(_, en, ja)| (en, ja).into()).collect();
    if places.is_empty() {
        possible.push(("text in quotes", "引用符で囲んだ文字列").into());
    }
    (never, Text::joined(possible, ", or ", "、または"))
}
