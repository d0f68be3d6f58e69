//! Judges one reply. Makes no call and keeps nothing.

use std::str;

use serde::de::IgnoredAny;

use super::incomplete::Incomplete;
use super::node::Node;
use super::table::{self, Document};

/// One reply, as it came.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    pub status: u16,
    /// Whether a header names the error.
    pub error_type: bool,
    pub body: &'a [u8],
}

/// Whether the reply holds all that AWS sends to this operation. `service` is in lower case.
///
/// A refusal passes: it is a failed call already. Only "does not exist" would be taken for knowledge, so it must be AWS's own.
///
/// # Errors
/// Says what is missing.
pub fn check(service: &str, operation: &str, reply: &Reply<'_>) -> Result<(), Incomplete> {
    if reply.status == 404 {
        return refusal(service, reply);
    }
    if !(200..300).contains(&reply.status) {
        return Ok(());
    }
    let expected = table::expected(service, operation);
    let document = match &expected.document {
        Document::Stream => return Ok(()),
        Document::Any => return any(service, reply.body),
        Document::Policy => return Node::json(full(reply.body)?).map(drop),
        Document::Json => Node::json(full(reply.body)?)?,
        Document::Root(root) => {
            let document = xml(reply.body)?;
            if document.name != *root {
                return Err(Incomplete::Root { found: document.name, expected: root.clone() });
            }
            document
        }
    };
    for path in &expected.members {
        // A member is missing where what is around it is there; `path` has at least one step.
        let (last, around) = path.split_last().map_or(("", &[][..]), |(last, around)| (last.as_str(), around));
        if document.find(around).iter().any(|node| node.inside.iter().all(|inner| inner.name != last)) {
            return Err(Incomplete::Missing { member: path.join(".") });
        }
    }
    let says = |path: &Vec<String>| document.find(path).first().map_or("", |node| node.text.trim()).to_owned();
    match (&expected.more, &expected.token) {
        (Some(more), Some(token)) if says(more) == "true" && says(token).is_empty() => {
            Err(Incomplete::Lost { token: token.join(".") })
        }
        _ => Ok(()),
    }
}

/// The reply of a service, in lower case, as a tree.
///
/// # Errors
/// It is empty, cut off, or no document.
pub fn document(service: &str, body: &[u8]) -> Result<Node, Incomplete> {
    if table::is_json(service) { Node::json(full(body)?) } else { xml(body) }
}

fn full(body: &[u8]) -> Result<&[u8], Incomplete> {
    if body.trim_ascii().is_empty() { Err(Incomplete::Empty) } else { Ok(body) }
}

fn xml(body: &[u8]) -> Result<Node, Incomplete> {
    let text = str::from_utf8(full(body)?).map_err(|_| Incomplete::Garbage { form: "XML" })?;
    Node::xml(text.trim_start_matches('\u{feff}'))
}

/// A reply of which nothing is read. The page of a proxy is none.
fn any(service: &str, body: &[u8]) -> Result<(), Incomplete> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    if table::is_json(service) {
        return serde_json::from_slice(body).map(|IgnoredAny| ()).map_err(|_| Incomplete::Garbage { form: "JSON" });
    }
    match xml(body)?.name {
        page if page.eq_ignore_ascii_case("html") => Err(Incomplete::Garbage { form: "XML" }),
        _ => Ok(()),
    }
}

/// "Does not exist", with AWS's code for it.
fn refusal(service: &str, reply: &Reply<'_>) -> Result<(), Incomplete> {
    let paths: [&[&str]; 5] = [&["Code"], &["code"], &["__type"], &["Error", "Code"], &["Errors", "Error", "Code"]];
    let document = match reply.body {
        _ if reply.error_type => return Ok(()),
        body if table::is_json(service) => Node::json(body),
        body => xml(body),
    };
    let document = document.map_err(|_| Incomplete::NoCode)?;
    let coded = |path: &&[&str]| {
        let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        document.find(&path).iter().any(|node| !node.text.trim().is_empty())
    };
    if paths.iter().any(coded) { Ok(()) } else { Err(Incomplete::NoCode) }
}
