//! One file → one tree in which every value knows its place.
//!
//! It is built from parser events, because serde would lose the style of scalars, duplicate keys and places, and would stop at
//! the first mistake. Aliases are expanded under a budget.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::model::{FileName, Finding, Source};

use super::fault::{YamlFault, YamlPlace, YamlRight};
use super::full_width;
use super::node::{MapEntry, Node, NodeValue, Scalar};
use super::parser_words::ParserWords;
use super::secrets::shown;

const MAX_DEPTH: usize = 32;

/// Where a text begins in its file: the metadata of a policy stand behind `# `.
#[derive(Debug, Clone)]
pub struct Origin {
    pub file: FileName,
    /// Of the first line of the text, from 1.
    pub line: usize,
    /// Columns that were cut off in front of every line.
    pub indent: usize,
}

impl Origin {
    /// The text is the whole file.
    #[must_use]
    pub fn of(file: &str) -> Self {
        Self { file: file.into(), line: 1, indent: 0 }
    }
}

/// The limits of one file.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Values, with references expanded.
    pub max_nodes: usize,
    /// `&name` and `*name`.
    pub references: bool,
}

impl Rules {
    /// More than any real environment has (1,000 tenants are about 12,000 values), and fewer than an alias bomb.
    pub const OF_A_PROJECT: Self = Self { max_nodes: 100_000, references: true };
    /// More than any real file of cases has.
    pub const OF_A_POLICY: Self = Self { max_nodes: 50_000, references: false };
}

/// The tree of `text`, or `None` when the findings say everything.
pub fn parse(origin: Origin, text: &str, rules: Rules, findings: &mut Vec<Finding>) -> Option<Node> {
    let start = Source { file: origin.file.clone(), line: origin.line, column: origin.indent + 1 };
    let mut builder = Builder { origin, rules, findings, stack: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
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
                let (first, indent) = (builder.origin.line, builder.origin.indent);
                let source = within(text, builder.at(*error.marker()), first, indent);
                if let Some(found) = full_width::find(text, source.line + 1 - first) {
                    builder.findings.push(full_width_sign(&source, found, first, indent));
                    return None;
                }
                let finding =
                    Finding::error("yaml-syntax", Some(&source), YamlFault::Syntax { why: ParserWords(error.info().to_owned()) })
                        .expected(YamlRight::WellFormed);
                builder.findings.push(finding);
                return None;
            }
        }
    }
    let root = builder.root.filter(|root| !root.is_null());
    if root.is_none() {
        let fault = if start.line == 1 && start.column == 1 { YamlFault::Empty } else { YamlFault::Nothing };
        findings.push(Finding::error("empty-file", Some(&start), fault).expected(YamlRight::KeysAndValues));
    }
    root
}

/// What is missing at the end of a text is missing behind the last thing that is written there, not on a line that does not exist.
fn within(text: &str, source: Source, first: usize, indent: usize) -> Source {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let written = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines: Vec<&str> = text.lines().flat_map(|line| line.split('\r')).collect();
    let Some(last) = lines.iter().rposition(written) else { return source };
    if source.line < first + last + 1 {
        return source;
    }
    let end = lines[last].trim_end().chars().count() + 1 + indent;
    let column = if source.line == first + last { source.column.min(end) } else { end };
    Source { line: first + last, column, ..source }
}

struct Builder<'a> {
    origin: Origin,
    rules: Rules,
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
        Source {
            file: self.origin.file.clone(),
            line: marker.line().max(1) + self.origin.line - 1,
            column: marker.col() + 1 + self.origin.indent,
        }
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
        // A missing value has no place of its own: the finding points at the key.
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
        if !self.rules.references {
            return Err(refuse("yaml-alias", source, YamlFault::Reference, YamlRight::WrittenOut));
        }
        if self.awaits_key() {
            return Err(refuse("complex-key", source, YamlFault::ReferenceAsKey, YamlRight::Name));
        }
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(refuse("alias-bomb", source, YamlFault::Itself, YamlRight::WrittenOut));
        };
        // Measured before the copy: an alias bomb does its damage by the copy.
        let (size, depth) = (node.size(), node.depth());
        self.count(size, source, "alias-bomb")?;
        self.deepen(depth, source)?;
        if let Some(node) = self.anchors.get(&anchor).cloned() {
            self.finish(node, 0);
        }
        Ok(())
    }

    fn count(&mut self, more: usize, source: &Source, code: &'static str) -> Accepted {
        let most = self.rules.max_nodes;
        self.nodes += more;
        if self.nodes <= most {
            return Ok(());
        }
        let message = if code == "alias-bomb" { YamlFault::Bomb { most } } else { YamlFault::TooLarge { most } };
        Err(refuse(code, source, message, YamlRight::AtMost { most }))
    }

    fn deepen(&self, more: usize, source: &Source) -> Accepted {
        if self.stack.len() + more <= MAX_DEPTH {
            return Ok(());
        }
        Err(refuse("too-deep", source, YamlFault::TooDeep { most: MAX_DEPTH }, YamlRight::Flatter))
    }

    /// Hands a complete node to the list, map or document that contains it.
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
                        .related(YamlPlace::First, &first.key_source);
                    self.findings.push(finding);
                } else {
                    Arc::make_mut(entries).push(MapEntry { key, key_source, node });
                }
            }
            NodeValue::Scalar(_) => {}
        }
    }
}

fn refuse(code: &'static str, source: &Source, message: YamlFault, expected: YamlRight) -> Box<Finding> {
    Box::new(Finding::error(code, Some(source), message).expected(expected))
}

/// `first` and `indent` say where the text begins in its file.
fn full_width_sign(source: &Source, found: full_width::Found, first: usize, indent: usize) -> Finding {
    let place = Source { line: found.line + first - 1, column: found.column + indent, ..source.clone() };
    let message = YamlFault::FullWidth { sign: found.sign.sign, called: found.sign.called };
    Finding::error("yaml-syntax", Some(&place), message).expected(YamlRight::Ascii { needed: found.sign.needed })
}

fn tagged(source: &Source, handle: &str, suffix: &str) -> Box<Finding> {
    let handle = if handle == "tag:yaml.org,2002:" { "!!" } else { handle };
    refuse("yaml-tag", source, YamlFault::Tag { tag: shown(&format!("{handle}{suffix}")) }, YamlRight::Untagged)
}
