//! The replaced value, in words.

use crate::model::Said;
use crate::yaml::{Node, NodeValue, Overrode, shown};

/// The replaced value, for messages about the value that replaces it. Never a secret, never long.
pub(super) fn overrode(below: &Node, secret: bool) -> Overrode {
    let words = match &below.value {
        _ if secret => Said::new("the value", "値"),
        NodeValue::Scalar(_) if below.is_null() => Said::new("nothing", "なし"),
        NodeValue::Scalar(scalar) => typed(format!("`{}`", shown(&scalar.text))),
        NodeValue::List(items) => match items.iter().map(Node::scalar).collect::<Option<Vec<_>>>() {
            Some(texts) => {
                let joined = texts.iter().map(|scalar| shown(&scalar.text)).collect::<Vec<_>>().join(", ");
                typed(format!("`{}`", shown(&format!("[{joined}]"))))
            }
            None => Said::new("the list", "一覧"),
        },
        NodeValue::Map(_) => Said::new("the block", "キーのまとまり"),
    };
    Overrode { words, source: below.source.clone() }
}

/// The same in both languages.
fn typed(text: String) -> Said {
    Said::new(text.clone(), text)
}
