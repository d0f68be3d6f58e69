//! A decoder that collects every mistake instead of stopping at the first.
//!
//! A struct is declared once, with [`spec!`]: its doc comments become the descriptions of the JSON Schema, its fields the
//! accepted keys. A field of type `Option` may be left out. A list keeps its good elements, so that one bad entry does
//! not hide what is wrong with the others. Imports `model`.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::model::{Explained, Finding, Said, Sentence, Source};
use crate::yaml::{Node, NodeValue, full_width_sign, secret_key, secret_value, shown};

use super::said::{Right, ValueFault};
use super::{habits, hints};

pub trait Decode: Sized {
    /// `None` when a finding was reported instead.
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self>;

    /// The value of an absent key, if the key is optional.
    fn absent() -> Option<Self> {
        None
    }
}

/// The keys of one block, decoded.
pub trait Fields: Sized {
    const KEYS: &'static [&'static str];

    /// Reads the values of a block whose keys were checked. `None` when a finding was reported instead.
    fn fields(node: &Node, decoder: &mut Decoder) -> Option<Self>;
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub source: Source,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let value = T::decode(node, decoder)?;
        Some(Self { value, source: node.source.clone() })
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        // `key:` with nothing behind it (all entries commented out) is the same as no key.
        if node.is_null() { Some(None) } else { T::decode(node, decoder).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let NodeValue::List(items) = &node.value else {
            decoder.wrong_type(node, Right::Form { form: Explained::new("a list", "一覧") });
            return None;
        };
        let mut good = Self::new();
        for (index, item) in items.iter().enumerate() {
            decoder.path.push(Step::Index(index));
            good.extend(T::decode(item, decoder));
            decoder.path.pop();
        }
        Some(good)
    }
}

impl Decode for bool {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.scalar() {
            Some(scalar) if scalar.plain && scalar.text == "true" => Some(true),
            Some(scalar) if scalar.plain && scalar.text == "false" => Some(false),
            _ => {
                let form = Explained::new("`true` or `false`, without quotes", "`true` または `false`（引用符なし）");
                decoder.wrong_type(node, Right::Form { form });
                None
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Key(&'static str),
    Index(usize),
}

/// The decoder: its place in the tree, and the findings so far.
#[derive(Debug, Default)]
pub struct Decoder {
    pub findings: Vec<Finding>,
    path: Vec<Step>,
    /// Keys that an unknown key of the same block probably meant: they are not reported as missing too.
    misspelt: Vec<(Source, &'static str)>,
    /// The words of other tools are known where databases and networks are written.
    habits: bool,
}

impl Decoder {
    pub fn of_environment() -> Self {
        Self { habits: true, ..Self::default() }
    }

    /// The keys that led here, joined by dots, without list indexes.
    fn keys(&self) -> String {
        let keys = self.path.iter().filter_map(|step| if let Step::Key(key) = step { Some(*key) } else { None });
        keys.collect::<Vec<_>>().join(".")
    }

    /// For messages: `databases[0].storage`.
    fn place(&self) -> String {
        let steps = self.path.iter().enumerate().map(|(at, step)| match step {
            Step::Key(key) if at == 0 => (*key).to_owned(),
            Step::Key(key) => format!(".{key}"),
            Step::Index(index) => format!("[{index}]"),
        });
        steps.collect::<Vec<_>>().concat()
    }

    pub fn report(&mut self, finding: Finding) {
        let promise = finding.promise.or_else(|| hints::promise_of(&self.keys()));
        self.findings.push(Finding { promise, ..finding });
    }

    /// Reports a value that is not accepted.
    pub fn refuse(&mut self, node: &Node, code: &'static str, message: impl Into<Sentence>, expected: Option<Sentence>) {
        // The scan of the file reported the secret; its form does not matter.
        if node.scalar().is_some_and(|scalar| secret_value(&scalar.text)) {
            return;
        }
        let mut finding = Finding::error(code, Some(&node.source), message);
        finding.expected = expected;
        self.report(finding);
    }

    pub fn wrong_type(&mut self, node: &Node, expected: Right) {
        let found = match &node.value {
            NodeValue::List(_) => Some(Said::new("a list", "一覧")),
            NodeValue::Map(_) => Some(Said::new("a block of keys", "キーのまとまり")),
            NodeValue::Scalar(_) if node.is_null() => None,
            NodeValue::Scalar(scalar) => {
                let shown = shown(&scalar.text);
                Some(Said::new(format!("`{shown}`"), format!(" `{shown}` ")))
            }
        };
        let place = self.place();
        let message = match (found, place.is_empty()) {
            (Some(found), true) => ValueFault::WrittenHere { found },
            (Some(found), false) => ValueFault::WrittenFor { found, place },
            (None, true) => ValueFault::NothingHere,
            (None, false) => ValueFault::NothingFor { place },
        };
        self.refuse(node, "wrong-type", message, Some(expected.into()));
    }

    /// The text of a scalar. A text that YAML would read as a number, as yes/no or as null is refused, so that every reader of
    /// the file sees the same value. `numbers` accepts plain numbers, for types that explain them better.
    pub fn text<'n>(&mut self, node: &'n Node, form: Explained, numbers: bool) -> Option<&'n str> {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            self.wrong_type(node, Right::Form { form });
            return None;
        };
        let text = scalar.text.as_str();
        if scalar.plain && is_number(text) && !numbers {
            let message = ValueFault::UnquotedNumber { text: text.to_owned() };
            let expected = Right::Quoted { text: format!("\"{text}\"") };
            self.refuse(node, "unquoted-number", message, Some(expected.into()));
            return None;
        }
        if scalar.plain && matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE") {
            self.wrong_type(node, Right::Form { form });
            return None;
        }
        Some(text)
    }

    /// Checks that `node` is a map with known keys only.
    pub fn keys_of(&mut self, node: &Node, known: &[&'static str]) -> Option<()> {
        let NodeValue::Map(entries) = &node.value else {
            let colon = node.scalar().and_then(|scalar| colon(&scalar.text));
            self.wrong_type(node, colon.unwrap_or_else(|| Right::Block { keys: listed(known) }));
            return None;
        };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            // The scan of the file reports a secret, with a better message.
            if secret_key(&entry.key) {
                continue;
            }
            let place = self.place();
            let inside =
                if place.is_empty() { Said::default() } else { Said::new(format!(" in `{place}`"), format!("`{place}` に ")) };
            let finding = if let Some(refused) = hints::refused_key(&self.keys(), &entry.key) {
                Finding::error(
                    refused.code,
                    Some(&entry.key_source),
                    ValueFault::KeyRefused { key: entry.key.clone(), inside, why: refused.why },
                )
                .expected(Right::Form { form: refused.instead })
                .promise(refused.promise)
            } else if let Some(colon) = colon(&entry.key) {
                Finding::error("unknown-key", Some(&entry.key_source), ValueFault::UnknownKey { key: shown(&entry.key), inside })
                    .expected(colon)
            } else if let Some(why) = habits::without(&self.keys(), &entry.key).filter(|_| self.habits) {
                Finding::error("unknown-key", Some(&entry.key_source), ValueFault::UnknownKey { key: shown(&entry.key), inside })
                    .expected(Right::NoSuchKey { why })
            } else if let Some(meant) = self.meant(&entry.key) {
                // What stands in this block under the right key is not missing.
                let here = known.iter().find(|key| **key == meant.here()).filter(|key| node.get(key).is_none());
                self.misspelt.extend(here.map(|key| (node.source.clone(), *key)));
                let key = shown(&entry.key);
                let expected = match meant.tool {
                    Some(tool) => Right::Habit { right: meant.right, tool: tool.name(), key: key.clone() },
                    None => Right::typed(format!("`{}`", meant.right)),
                };
                Finding::error("unknown-key", Some(&entry.key_source), ValueFault::UnknownKey { key, inside }).expected(expected)
            } else {
                let near = nearest(&entry.key, known).filter(|near| node.get(near).is_none());
                self.misspelt.extend(near.map(|near| (node.source.clone(), near)));
                let expected = match near {
                    Some(near) => Right::Near { near: near.to_owned(), all: listed(known) },
                    None => Right::typed(listed(known)),
                };
                Finding::error("unknown-key", Some(&entry.key_source), ValueFault::UnknownKey { key: shown(&entry.key), inside })
                    .expected(expected)
            };
            self.report(finding);
        }
        Some(())
    }

    fn meant(&self, key: &str) -> Option<habits::Meant> {
        habits::meant(&self.keys(), key).filter(|_| self.habits)
    }

    /// One field of a map that passed [`Self::keys_of`].
    pub fn field<T: Decode>(&mut self, node: &Node, key: &'static str) -> Option<T> {
        self.path.push(Step::Key(key));
        let value = match node.get(key) {
            Some(value) => T::decode(value, self),
            None => T::absent().or_else(|| {
                if self.misspelt.iter().any(|(block, meant)| *block == node.source && *meant == key) {
                    return None;
                }
                let place = self.place();
                let finding = Finding::error("missing-key", Some(&node.source), ValueFault::Missing { place });
                self.report(finding.expected(hints::example_of(&self.keys(), key)));
                None
            }),
        };
        self.path.pop();
        value
    }
}

/// What would be right for what looks like a key and its value, and is one text.
fn colon(text: &str) -> Option<Right> {
    full_width_sign(text, false).map(|found| Right::FullWidth { needed: found.needed, sign: found.sign, called: found.called })
}

/// Whether YAML 1.2 or its common readers take this for a number.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && (digits.replace('_', "").parse::<f64>().is_ok()
            || digits.strip_prefix("0x").is_some_and(|hex| u128::from_str_radix(hex, 16).is_ok())
            || digits.strip_prefix("0o").is_some_and(|octal| u128::from_str_radix(octal, 8).is_ok()))
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The known name that is most like `text`, if one is like it.
#[must_use]
pub fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace('-', "_");
    let scored = known.iter().map(|name| (strsim::jaro_winkler(&plain(text), &plain(name)), *name));
    scored.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// Declares a struct of the environment file once, for Rust, for the decoder and for the JSON Schema.
///
/// With `with name: Other;` in front it has the keys of `Other` besides its own. With `draft Name;` in front there is also a
/// struct whose fields are all optional, so that a broken file is checked as far as it could be read.
macro_rules! spec {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $type:ty,)* }) => {
        #[derive(Debug, Clone, schemars::JsonSchema)]
        $(#[$meta])*
        #[schemars(deny_unknown_fields)]
        pub struct $name { $($(#[$about])* pub $field: $type,)* }

        impl $crate::desired::decode::Fields for $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn fields(node: &$crate::yaml::Node, decoder: &mut $crate::desired::decode::Decoder) -> Option<Self> {
                $(let $field = decoder.field::<$type>(node, stringify!($field));)*
                Some(Self { $($field: $field?),* })
            }
        }

        impl $crate::desired::decode::Decode for $name {
            fn decode(node: &$crate::yaml::Node, decoder: &mut $crate::desired::decode::Decoder) -> Option<Self> {
                decoder.keys_of(node, <Self as $crate::desired::decode::Fields>::KEYS)?;
                <Self as $crate::desired::decode::Fields>::fields(node, decoder)
            }
        }
    };
    (with $form:ident: $keys:ty; $(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $type:ty,)* }) => {
        #[derive(Debug, Clone, schemars::JsonSchema)]
        $(#[$meta])*
        #[schemars(deny_unknown_fields)]
        pub struct $name { $($(#[$about])* pub $field: $type,)* #[schemars(flatten)] pub $form: $keys }

        impl $crate::desired::decode::Decode for $name {
            fn decode(node: &$crate::yaml::Node, decoder: &mut $crate::desired::decode::Decoder) -> Option<Self> {
                decoder.keys_of(node, &[&[$(stringify!($field)),*], <$keys as $crate::desired::decode::Fields>::KEYS].concat())?;
                $(let $field = decoder.field::<$type>(node, stringify!($field));)*
                let $form = <$keys as $crate::desired::decode::Fields>::fields(node, decoder);
                Some(Self { $($field: $field?,)* $form: $form? })
            }
        }
    };
    (draft $draft:ident; $(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $type:ty,)* }) => {
        $crate::desired::decode::spec! { $(#[$meta])* pub struct $name { $($(#[$about])* pub $field: $type,)* } }

        /// What could be read of a file that may be broken.
        #[derive(Debug, Clone)]
        pub struct $draft { $(pub $field: Option<$type>,)* }

        impl $draft {
            pub fn decode(node: &$crate::yaml::Node, decoder: &mut $crate::desired::decode::Decoder) -> Option<Self> {
                decoder.keys_of(node, &[$(stringify!($field)),*])?;
                Some(Self { $($field: decoder.field::<$type>(node, stringify!($field)),)* })
            }

            /// `None` when something required could not be read.
            pub fn complete(self) -> Option<$name> {
                Some($name { $($field: self.$field?),* })
            }
        }
    };
}

pub(super) use spec;
