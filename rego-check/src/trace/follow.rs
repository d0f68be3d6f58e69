//! One step into a value: a field, an element, whatever is behind a variable.

use std::collections::BTreeSet;

use regorus::unstable::Span;

use super::Tracer;
use super::ty::{Alt, Ty};
use crate::finding::{Code, Text};
use crate::product::nearest;
use crate::schema::Behind;

impl Tracer<'_> {
    /// What is taken as one, or gone through.
    pub(super) fn taken_whole(&mut self, ty: &Ty) {
        let places = ty.0.iter().filter_map(|alt| if let Alt::Input(place) = alt { Some(place) } else { None });
        self.looked.whole.extend(places.cloned());
    }

    /// `.name`, or `["name"]`.
    pub(super) fn field(&mut self, ty: &Ty, name: &str, span: &Span) -> Ty {
        let (mut found, mut hit) = (Ty::default(), ty.0.is_empty());
        let (mut known, mut owners): (BTreeSet<String>, BTreeSet<Text>) = (BTreeSet::new(), BTreeSet::new());
        for alt in &ty.0 {
            match alt {
                Alt::Input(place) => {
                    match self.schema.field(place, name) {
                        Behind::Places(places) => {
                            self.looked.names.insert((place.clone(), name.to_owned()));
                            found = found.or(Ty::input(places));
                            hit = true;
                        }
                        Behind::Anything => {
                            found = found.or(Ty::one(Alt::Free));
                            hit = true;
                        }
                        Behind::Nothing => {}
                    }
                    known.extend(self.schema.names(place));
                    owners.insert(Text::same(self.schema.called(place)));
                }
                Alt::Free => {
                    found.0.insert(Alt::Free);
                    hit = true;
                }
                Alt::Object(fields, rest) => {
                    known.extend(fields.keys().cloned());
                    owners.insert(("an object of this policy", "このポリシーのオブジェクト").into());
                    let inside = fields.get(name).cloned().or_else(|| rest.as_ref().map(|rest| rest.1.clone()));
                    hit |= inside.is_some();
                    found = found.or(inside.unwrap_or_default());
                }
                // `names["acme"]`: whether the set has it. A set of resources never has a text.
                Alt::Set(element) => {
                    let text = |alt: &Alt| match alt {
                        Alt::Word(_) | Alt::KeyOf(_) | Alt::Plain | Alt::Free => true,
                        Alt::Input(place) => self.schema.takes_text(place),
                        Alt::Number | Alt::Bool | Alt::Null | Alt::List(_) | Alt::Set(_) | Alt::Object(..) => false,
                    };
                    owners.insert(("a set: go through it with `some … in`", "集合（`some … in` で一つずつ取り出します）").into());
                    hit |= element.0.iter().any(text);
                    found = found.or(Ty::one(Alt::Word(name.to_owned())));
                }
                Alt::Word(_) | Alt::KeyOf(_) | Alt::Number | Alt::Bool | Alt::Null | Alt::Plain | Alt::List(_) => {
                    _ = owners.insert(("a value that the policy made", "ポリシーが作った値").into());
                }
            }
        }
        if hit {
            return found;
        }
        let owners = Text::joined(owners, " or ", "または");
        let expected = if known.is_empty() {
            ("the value itself: it has no fields", "値そのもの。項目はありません").into()
        } else {
            nearest(name, known.iter().map(String::as_str), self.product)
        };
        let message =
            (format!("unknown field `{name}` of {}", owners.en), format!("{}に `{name}` という項目はありません", owners.ja));
        self.say(Code::UnknownInputField, span, message, expected);
        Ty::default()
    }

    /// `[index]` with something that has a value already.
    pub(super) fn index(&mut self, ty: &Ty, index: &Ty, span: &Span) -> Ty {
        let mut found = Ty::default();
        for alt in &ty.0 {
            let one = Ty::one(alt.clone());
            found = found.or(match alt {
                Alt::Input(place) if self.schema.is_map(place) && self.schema.is_closed(place) => {
                    self.named(&one, place, index, span)
                }
                Alt::Set(element) => element.clone(),
                _ => self.each(&one, span).0,
            });
        }
        found
    }

    /// A field of an object whose fields are known, by a name that is a value.
    fn named(&mut self, ty: &Ty, place: &str, index: &Ty, span: &Span) -> Ty {
        let mut found = Ty::default();
        for alt in &index.0 {
            let names = match alt {
                Alt::Word(word) => vec![word.clone()],
                Alt::KeyOf(of) => {
                    let own = self.schema.names(place);
                    self.schema.names(of).into_iter().filter(|name| own.contains(name)).collect()
                }
                Alt::Input(text) => self.schema.words(text).unwrap_or_default(),
                _ => Vec::new(),
            };
            if names.is_empty() {
                let owner = self.schema.called(place);
                let message = (
                    format!("which field of {owner} this is cannot be said before"),
                    format!("{owner} のどの項目かを事前に決められません"),
                );
                let expected = (
                    "the name as text, a set of names written in the policy, or `some name, value in` the object",
                    "文字列の名前、ポリシーに書いた名前の集合、またはオブジェクトに対する `some name, value in`",
                );
                self.say(Code::UntraceableInput, span, message, expected);
            }
            for name in names {
                found = found.or(self.field(ty, &name, span));
            }
        }
        found
    }

    /// Every element or field, and what it is found under.
    pub(super) fn each(&mut self, ty: &Ty, span: &Span) -> (Ty, Ty) {
        let (mut elements, mut keys, mut hit) = (Ty::default(), Ty::default(), ty.0.is_empty());
        let mut owners = BTreeSet::new();
        for alt in &ty.0 {
            match alt {
                Alt::Input(place) => {
                    let behind = if self.schema.is_list(place) { self.schema.item(place) } else { self.schema.everything(place) };
                    owners.insert(Text::same(self.schema.called(place)));
                    if behind == Behind::Nothing {
                        continue;
                    }
                    hit = true;
                    self.taken_whole(&Ty::one(alt.clone()));
                    elements = elements.or(match behind {
                        Behind::Places(places) => Ty::input(places),
                        _ => Ty::one(Alt::Free),
                    });
                    keys.0.insert(if self.schema.is_closed(place) { Alt::KeyOf(place.clone()) } else { Alt::Plain });
                }
                Alt::Free => {
                    hit = true;
                    elements.0.insert(Alt::Free);
                    keys.0.insert(Alt::Plain);
                }
                Alt::List(element) => {
                    hit = true;
                    elements = elements.or(element.clone());
                    keys.0.insert(Alt::Plain);
                }
                Alt::Set(element) => {
                    hit = true;
                    elements = elements.or(element.clone());
                    keys = keys.or(element.clone());
                }
                Alt::Object(fields, rest) => {
                    hit = true;
                    for (name, ty) in fields {
                        elements = elements.or(ty.clone());
                        keys.0.insert(Alt::Word(name.clone()));
                    }
                    if let Some(rest) = rest {
                        keys = keys.or(rest.0.clone());
                        elements = elements.or(rest.1.clone());
                    }
                }
                Alt::Word(_) | Alt::KeyOf(_) | Alt::Number | Alt::Bool | Alt::Null | Alt::Plain => {
                    _ = owners.insert(("this", "これ").into());
                }
            }
        }
        if !hit {
            let what = Text::joined(owners, " or ", "または");
            let message = (
                format!("{} is a single value: there is nothing in it to go through", what.en),
                format!("{}は単一の値なので、中のものを順に取り出せません", what.ja),
            );
            let expected = ("a list, a set or an object", "一覧、集合、オブジェクトのいずれか");
            self.say(Code::UntraceableInput, span, message, expected);
        }
        (elements, keys)
    }
}
