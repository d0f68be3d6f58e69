//! XML and JSON as one tree, as far as a check needs it.

use serde_json::Value;
use xmlparser::{ElementEnd, Token, Tokenizer};

use super::incomplete::Incomplete;

/// No reply of AWS is a tenth as deep.
const DEEPEST: usize = 128;

/// An element of XML, or a member of an object. The items of a JSON list are nodes without a name inside the list's node.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    pub text: String,
    pub inside: Vec<Node>,
}

impl Node {
    /// The nodes to which a path leads. A step that ends with `[]` leads to each item.
    pub fn find<'a>(&'a self, path: &[String]) -> Vec<&'a Self> {
        let mut found = vec![self];
        for step in path {
            let (name, items) = step.strip_suffix("[]").map_or((step.as_str(), false), |name| (name, true));
            let named = found.into_iter().flat_map(|node| node.inside.iter().filter(|inner| inner.name == name));
            found = if items { named.flat_map(|node| &node.inside).collect() } else { named.collect() };
        }
        found
    }

    /// The nodes to which a path as text leads: `volumeSet[].volumeId`.
    #[must_use]
    pub fn at(&self, path: &str) -> Vec<&Self> {
        let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
        self.find(&steps)
    }

    /// The items of a list, taken out of the tree: `volumeSet[]`.
    #[must_use]
    pub fn take(&mut self, list: &str) -> Vec<Self> {
        let mut node = self;
        for step in list.trim_end_matches("[]").split('.') {
            let Some(inner) = node.inside.iter_mut().find(|inner| inner.name == step) else { return Vec::new() };
            node = inner;
        }
        std::mem::take(&mut node.inside)
    }

    /// The text to which the first of these paths leads that leads to one. Empty where none does.
    #[must_use]
    pub fn first(&self, paths: &[&str]) -> &str {
        let texts = paths.iter().flat_map(|path| self.at(path)).map(|node| node.text.trim());
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The document, which ends where the text ends.
    pub fn xml(text: &str) -> Result<Self, Incomplete> {
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        for token in Tokenizer::from(text) {
            let token = token.map_err(|error| broken(&error.to_string(), &open))?;
            match token {
                Token::ElementStart { local, .. } => {
                    if root.is_some() || open.len() >= DEEPEST {
                        return Err(Incomplete::Garbage { form: "XML" });
                    }
                    open.push(Self { name: local.to_string(), ..Self::default() });
                }
                Token::ElementEnd { end: ElementEnd::Open, .. } => {}
                Token::ElementEnd { end, .. } => {
                    let closed = open.pop().ok_or(Incomplete::Garbage { form: "XML" })?;
                    if let ElementEnd::Close(_, local) = end
                        && local.as_str() != closed.name
                    {
                        return Err(Incomplete::Garbage { form: "XML" });
                    }
                    match open.last_mut() {
                        Some(outer) => outer.inside.push(closed),
                        None => root = Some(closed),
                    }
                }
                Token::Text { text } | Token::Cdata { text, .. } => match open.last_mut() {
                    Some(node) => node.text.push_str(text.as_str()),
                    None if text.as_str().trim().is_empty() => {}
                    None => return Err(Incomplete::Garbage { form: "XML" }),
                },
                _ => {}
            }
        }
        match (open.last(), root) {
            (None, Some(root)) => Ok(root),
            (None, None) => Err(Incomplete::Garbage { form: "XML" }),
            (Some(node), _) => Err(Incomplete::Cut { inside: format!("<{}>", node.name) }),
        }
    }

    /// The object, which ends where the text ends. A member that is `null` is not there.
    pub fn json(body: &[u8]) -> Result<Self, Incomplete> {
        match serde_json::from_slice::<Value>(body) {
            Ok(value @ Value::Object(_)) => Ok(Self::of("", value)),
            Err(error) if error.is_eof() => Err(Incomplete::Cut { inside: "the JSON".to_owned() }),
            Ok(_) | Err(_) => Err(Incomplete::Garbage { form: "JSON" }),
        }
    }

    fn of(name: &str, value: Value) -> Self {
        let mut node = Self { name: name.to_owned(), ..Self::default() };
        match value {
            Value::Object(members) => {
                let there = members.into_iter().filter(|(_, value)| !value.is_null());
                node.inside = there.map(|(name, value)| Self::of(&name, value)).collect();
            }
            Value::Array(items) => node.inside = items.into_iter().map(|item| Self::of("", item)).collect(),
            Value::String(text) => node.text = text,
            other => node.text = other.to_string(),
        }
        node
    }
}

fn broken(error: &str, open: &[Node]) -> Incomplete {
    match open.last() {
        Some(node) if error.contains("unexpected end of stream") => Incomplete::Cut { inside: format!("<{}>", node.name) },
        _ => Incomplete::Garbage { form: "XML" },
    }
}
