//! One file → one tree in which every value knows where it was written.
//!
//! Built from parser events, because serde would lose the style of scalars, duplicate keys and places, and would stop at
//! the first mistake. Aliases are expanded under a budget. Imports `model`.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::full_width;
use super::inherit::Overrode;
use super::said::Place;
use super::secrets::shown;
use crate::model::reason::yaml::{YamlFault, YamlRight};
use crate::model::{FileName, Finding, Source};

/// More than any real environment has (1,000 tenants are about 12,000 nodes), fewer than any bomb.
const MAX_NODES: usize = 100_000;
const MAX_DEPTH: usize = 32;

/// A clone shares what is below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: NodeValue,
    /// A scalar begins where it is written, a map or list under a key begins at that key.
    pub source: Source,
    /// The value in the extended file that this one replaced.
    pub overrode: Option<Overrode>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    Scalar(Scalar),
    List(Arc<Vec<Node>>),
    Map(Arc<Vec<Entry>>),
}

/// `plain` is without quotes: only then does YAML see numbers, yes/no values and nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub plain: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_source: Source,
    pub node: Node,
}

impl Node {
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Empty unless this is a map.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let NodeValue::Map(entries) = &self.value { entries } else { &[] }
    }

    /// Empty unless this is a list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let NodeValue::List(items) = &self.value { items } else { &[] }
    }

    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        if let NodeValue::Scalar(scalar) = &self.value { Some(scalar) } else { None }
    }

    /// Nothing is written here, or `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.plain && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    fn size(&self) -> usize {
        1 + match &self.value {
            NodeValue::Scalar(_) => 0,
            NodeValue::List(items) => items.iter().map(Self::size).sum(),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.node.size()).sum(),
        }
    }

    fn depth(&self) -> usize {
        1 + match &self.value {
            NodeValue::Scalar(_) => 0,
            NodeValue::List(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.node.depth()).max().unwrap_or(0),
        }
    }
}

/// The tree of `text`, or `None` when nothing useful can be said beyond the findings.
pub fn parse(file: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Node> {
    let mut builder = Builder { file: file.into(), findings, stack: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        match event {
            Ok((event, span)) => {
                let source = builder.at(span.start);
                if let Err(finding) = builder.accept(event, source) {
                    builder.findings.push(*finding);
                    return None;
                }
            }
            Err(error) => {
                let source = builder.at(*error.marker());
                if let Some(found) = full_width::find(text, source.line) {
                    builder.findings.push(full_width_sign(&source, found));
                    return None;
                }
                let finding = Finding::error("yaml-syntax", Some(&source), YamlFault::Syntax { why: error.info().to_owned() })
                    .expected(YamlRight::WellFormed);
                builder.findings.push(finding);
                return None;
            }
        }
    }
    let root = builder.root.filter(|root| !root.is_null());
    if root.is_none() {
        let source = Source { file: file.into(), line: 1, column: 1 };
        findings.push(Finding::error("empty-file", Some(&source), YamlFault::Empty).expected(YamlRight::KeysAndValues));
    }
    root
}

struct Builder<'a> {
    file: FileName,
    findings: &'a mut Vec<Finding>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

struct Frame {
    node: Node,
    anchor: usize,
    /// In a map: the key whose value comes next.
    key: Option<(String, Source)>,
}

type Accepted = Result<(), Box<Finding>>;

impl Builder<'_> {
    fn at(&self, marker: Marker) -> Source {
        Source { file: self.file.clone(), line: marker.line().max(1), column: marker.col() + 1 }
    }

    fn accept(&mut self, event: Event<'_>, source: Source) -> Accepted {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(refuse("several-documents", &source, YamlFault::SecondDocument, YamlRight::OneDocument))
            }
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(tag) = tag {
                    return Err(tagged(&source, &tag.handle, &tag.suffix));
                }
                let scalar = Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                if self.awaits_key() { self.key(scalar, source) } else { self.value(NodeValue::Scalar(scalar), source, anchor) }
            }
            Event::SequenceStart(anchor, tag) => {
                if let Some(tag) = tag {
                    return Err(tagged(&source, &tag.handle, &tag.suffix));
                }
                self.open(NodeValue::List(Arc::default()), source, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                if let Some(tag) = tag {
                    return Err(tagged(&source, &tag.handle, &tag.suffix));
                }
                self.open(NodeValue::Map(Arc::default()), source, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(frame) = self.stack.pop() {
                    self.finish(frame.node, frame.anchor);
                }
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, &source),
            Event::DocumentStart(_) | Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        self.stack.last().is_some_and(|frame| matches!(frame.node.value, NodeValue::Map(_)) && frame.key.is_none())
    }

    fn key(&mut self, scalar: Scalar, source: Source) -> Accepted {
        if scalar.plain && scalar.text == "<<" {
            return Err(refuse("merge-key", &source, YamlFault::MergeKey, YamlRight::Extends));
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.key = Some((scalar.text, source));
        }
        Ok(())
    }

    fn value(&mut self, value: NodeValue, source: Source, anchor: usize) -> Accepted {
        self.count(1, &source, "too-large")?;
        // Nothing is written nowhere: the key is what a reader can look at.
        let empty = matches!(&value, NodeValue::Scalar(scalar) if scalar.plain && scalar.text.is_empty());
        let key = self.stack.last().and_then(|frame| frame.key.as_ref()).filter(|_| empty);
        let source = key.map_or(source, |(_, key)| key.clone());
        self.finish(Node { value, source, overrode: None }, anchor);
        Ok(())
    }

    fn open(&mut self, value: NodeValue, source: Source, anchor: usize) -> Accepted {
        if self.awaits_key() {
            return Err(refuse("complex-key", &source, YamlFault::ComplexKey, YamlRight::Name));
        }
        self.count(1, &source, "too-large")?;
        self.deepen(1, &source)?;
        let source = self.stack.last().and_then(|frame| frame.key.as_ref()).map_or(source, |(_, key)| key.clone());
        self.stack.push(Frame { node: Node { value, source, overrode: None }, anchor, key: None });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, source: &Source) -> Accepted {
        if self.awaits_key() {
            return Err(refuse("complex-key", source, YamlFault::ReferenceAsKey, YamlRight::Name));
        }
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(refuse("alias-bomb", source, YamlFault::Itself, YamlRight::WrittenOut));
        };
        // Measured before it is copied: the copy itself is what a bomb wants.
        let (size, depth) = (node.size(), node.depth());
        self.count(size, source, "alias-bomb")?;
        self.deepen(depth, source)?;
        if let Some(node) = self.anchors.get(&anchor).cloned() {
            self.finish(node, 0);
        }
        Ok(())
    }

    fn count(&mut self, more: usize, source: &Source, code: &'static str) -> Accepted {
        self.nodes += more;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message =
            if code == "alias-bomb" { YamlFault::Bomb { most: MAX_NODES } } else { YamlFault::TooLarge { most: MAX_NODES } };
        Err(refuse(code, source, message, YamlRight::AtMost { most: MAX_NODES }))
    }

    fn deepen(&self, more: usize, source: &Source) -> Accepted {
        if self.stack.len() + more <= MAX_DEPTH {
            return Ok(());
        }
        Err(refuse("too-deep", source, YamlFault::TooDeep { most: MAX_DEPTH }, YamlRight::Flatter))
    }

    /// Hands a complete node to whatever holds it.
    fn finish(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut frame.node.value {
            NodeValue::List(items) => Arc::make_mut(items).push(node),
            NodeValue::Map(entries) => {
                let Some((key, key_source)) = frame.key.take() else { return };
                if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                    let finding = Finding::error("duplicate-key", Some(&key_source), YamlFault::Twice { key: shown(&key) })
                        .expected(YamlRight::KeyOnce)
                        .related(Place::First, &first.key_source);
                    self.findings.push(finding);
                } else {
                    Arc::make_mut(entries).push(Entry { key, key_source, node });
                }
            }
            NodeValue::Scalar(_) => {}
        }
    }
}

fn refuse(code: &'static str, source: &Source, message: YamlFault, expected: YamlRight) -> Box<Finding> {
    Box::new(Finding::error(code, Some(source), message).expected(expected))
}

fn full_width_sign(source: &Source, found: full_width::Found) -> Finding {
    let place = Source { line: found.line, column: found.column, ..source.clone() };
    let message = YamlFault::FullWidth { sign: found.sign, called: found.called };
    Finding::error("yaml-syntax", Some(&place), message).expected(YamlRight::Ascii { needed: found.needed })
}

fn tagged(source: &Source, handle: &str, suffix: &str) -> Box<Finding> {
    let handle = if handle == "tag:yaml.org,2002:" { "!!" } else { handle };
    refuse("yaml-tag", source, YamlFault::Tag { tag: shown(&format!("{handle}{suffix}")) }, YamlRight::Untagged)
}
