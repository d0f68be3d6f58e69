//! A small reader of YAML that keeps places: for the metadata of a policy and for its tests. Anchors, tags and several
//! documents have no use in either and are refused. Imports `model`.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use serde_json::Value as Json;

use crate::model::reason::yaml::{YamlFault, YamlRight};
use crate::model::{Finding, Source};

/// More than any file of cases has.
const MAX_NODES: usize = 50_000;
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) value: Content,
    /// What stands under a key begins at the key.
    pub(super) source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Without quotes only is a number a number.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(String, Source, Node)>),
}

impl Node {
    pub(super) fn entries(&self) -> &[(String, Source, Self)] {
        if let Content::Map(entries) = &self.value { entries } else { &[] }
    }

    pub(super) fn items(&self) -> &[Self] {
        if let Content::List(items) = &self.value { items } else { &[] }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, ..)| name == key).map(|(_, _, node)| node)
    }

    /// Text of a scalar that is not nothing.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Content::Scalar { text, .. } if self.json() != Some(Json::Null) => Some(text),
            _ => None,
        }
    }

    /// The scalar as YAML's core schema reads it; `None` for lists and maps.
    pub(super) fn json(&self) -> Option<Json> {
        let Content::Scalar { text, plain } = &self.value else { return None };
        if !plain {
            return Some(Json::from(text.as_str()));
        }
        Some(match text.as_str() {
            "" | "~" | "null" => Json::Null,
            "true" => Json::from(true),
            "false" => Json::from(false),
            word => word.parse::<i64>().map_or_else(|_| Json::from(word), Json::from),
        })
    }
}

/// Where a text begins in its file: metadata stands behind `# `.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) file: &'a str,
    /// Of the first line, from 1.
    pub(super) line: usize,
    /// Columns that were cut off in front of every line.
    pub(super) indent: usize,
}

/// The tree, or the one mistake that hides everything else.
pub(super) fn parse(origin: Origin<'_>, text: &str) -> Result<Node, Box<Finding>> {
    let mut builder = Builder { origin, stack: Vec::new(), nodes: 0, root: None };
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        match event {
            Ok((event, span)) => {
                let source = builder.at(span.start);
                builder.accept(event, source)?;
            }
            Err(error) => {
                let source = builder.at(*error.marker());
                let message = YamlFault::Syntax { why: error.info().to_owned() };
                return Err(refuse("yaml-syntax", &source, message, YamlRight::WellFormedHere));
            }
        }
    }
    let start = Source { file: origin.file.into(), line: origin.line, column: origin.indent + 1 };
    builder.root.ok_or_else(|| refuse("empty-file", &start, YamlFault::Nothing, YamlRight::KeysAndValues))
}

struct Builder<'a> {
    origin: Origin<'a>,
    stack: Vec<(Node, Option<(String, Source)>)>,
    nodes: usize,
    root: Option<Node>,
}

type Accepted = Result<(), Box<Finding>>;

impl Builder<'_> {
    fn at(&self, marker: Marker) -> Source {
        Source {
            file: self.origin.file.into(),
            line: marker.line().max(1) + self.origin.line - 1,
            column: marker.col() + 1 + self.origin.indent,
        }
    }

    fn accept(&mut self, event: Event<'_>, source: Source) -> Accepted {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(refuse("several-documents", &source, YamlFault::SecondDocument, YamlRight::OneDocument))
            }
            Event::Scalar(.., Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                Err(refuse("yaml-tag", &source, YamlFault::SomeTag, YamlRight::Untagged))
            }
            Event::Alias(_) => Err(refuse("yaml-alias", &source, YamlFault::Reference, YamlRight::WrittenOut)),
            Event::Scalar(text, style, ..) => {
                if self.awaits_key() {
                    if let Some((_, key)) = self.stack.last_mut() {
                        *key = Some((text.into_owned(), source));
                    }
                    return Ok(());
                }
                let value = Content::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                let source = self.place(source);
                self.count(&source)?;
                self.finish(Node { value, source })
            }
            Event::SequenceStart(..) => self.open(Content::List(Vec::new()), source),
            Event::MappingStart(..) => self.open(Content::Map(Vec::new()), source),
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some((node, _)) => self.finish(node),
                None => Ok(()),
            },
            Event::DocumentStart(_) | Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        self.stack.last().is_some_and(|(node, key)| matches!(node.value, Content::Map(_)) && key.is_none())
    }

    /// A value that is written nowhere is where its key is.
    fn place(&self, source: Source) -> Source {
        let key = self.stack.last().and_then(|(_, key)| key.as_ref());
        key.filter(|(_, place)| place.line != source.line).map_or(source, |(_, place)| place.clone())
    }

    fn open(&mut self, value: Content, source: Source) -> Accepted {
        if self.awaits_key() {
            return Err(refuse("complex-key", &source, YamlFault::ComplexKey, YamlRight::Name));
        }
        self.count(&source)?;
        if self.stack.len() >= MAX_DEPTH {
            let message = YamlFault::TooDeep { most: MAX_DEPTH };
            return Err(refuse("too-deep", &source, message, YamlRight::Flatter));
        }
        let key = self.stack.last().and_then(|(_, key)| key.as_ref());
        let source = key.map_or(source, |(_, place)| place.clone());
        self.stack.push((Node { value, source }, None));
        Ok(())
    }

    fn count(&mut self, source: &Source) -> Accepted {
        self.nodes += 1;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = YamlFault::TooLarge { most: MAX_NODES };
        Err(refuse("too-large", source, message, YamlRight::AtMost { most: MAX_NODES }))
    }

    fn finish(&mut self, node: Node) -> Accepted {
        let Some((holder, key)) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut holder.value {
            Content::List(items) => items.push(node),
            Content::Map(entries) => {
                let Some((key, source)) = key.take() else { return Ok(()) };
                if entries.iter().any(|(name, ..)| *name == key) {
                    return Err(refuse("duplicate-key", &source, YamlFault::Twice { key }, YamlRight::KeyOnce));
                }
                entries.push((key, source, node));
            }
            Content::Scalar { .. } => {}
        }
        Ok(())
    }
}

fn refuse(code: &'static str, source: &Source, message: YamlFault, expected: YamlRight) -> Box<Finding> {
    Box::new(Finding::error(code, Some(source), message).expected(expected))
}
