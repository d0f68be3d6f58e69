//! The replaced value, in words.

use crate::yaml::{Node, NodeValue, Overrode, shown};

/// The replaced value, for messages about the value that replaces it. Never a secret, never long.
pub(super) fn overrode(below: &Node, secret: bool) -> Overrode {
    let words = match &below.value {
        _ if secret => "the value".to_owned(),
        NodeValue::Scalar(_) if below.is_null() => "nothing".to_owned(),
        NodeValue::Scalar(scalar) => format!("`{}`", shown(&scalar.text)),
        NodeValue::List(items) => match items.iter().map(Node::scalar).collect::<Option<Vec<_>>>() {
            Some(texts) => {
                let joined = texts.iter().map(|scalar| shown(&scalar.text)).collect::<Vec<_>>().join(", ");
                format!("`{}`", shown(&format!("[{joined}]")))
            }
            None => "the list".to_owned(),
        },
        NodeValue::Map(_) => "the block".to_owned(),
    };
    Overrode { words, source: below.source.clone() }
}
