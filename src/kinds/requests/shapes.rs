//! The table: services, their operations, and the shapes of what requests hold. `tests/models/inputs.py` tells its form.

use std::collections::BTreeMap;
use std::str::SplitAsciiWhitespace;
use std::sync::LazyLock;

use super::scalar::{Limits, Scalar};

const TABLE: &str = include_str!("shapes.txt");

/// How a service's requests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// A form: `Parameters.Parameter.1.ParameterName=…`.
    Query,
    /// A form of EC2: every list is flat.
    Ec2,
    /// A document of JSON, whose operation is in a header.
    Json,
    /// A document of JSON, whose operation is the method and the path.
    RestJson,
    /// A document of XML, whose operation is the method and the path.
    RestXml,
}

/// Where in a request a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the body, or in the form.
    Body,
    /// In the path.
    Path,
    /// After the path.
    Query,
    /// A header.
    Header,
    /// All headers that begin so.
    Headers,
}

/// A member of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// AWS's name.
    pub name: &'static str,
    /// How it is called in the request.
    pub wire: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Whether AWS demands it.
    pub required: bool,
    /// The name of its shape.
    pub shape: &'static str,
}

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Members by name.
    Structure {
        /// The member that is the whole body.
        payload: Option<&'static str>,
        /// All of them.
        members: Vec<Member>,
    },
    /// Items of one shape.
    List {
        /// How many.
        size: Limits,
        /// The name of an item in the request; `None` where the list has no element of its own.
        item: Option<&'static str>,
        /// The shape of an item.
        of: &'static str,
    },
    /// Values by key.
    Map {
        /// How many.
        size: Limits,
        /// The shape of a key.
        key: &'static str,
        /// The shape of a value.
        of: &'static str,
    },
    /// A value without parts.
    Scalar(Scalar),
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// As IAM spells it.
    pub iam: &'static str,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// With the members of the path in braces: `/backup/plans/{backupPlanId}`.
    pub path: &'static str,
    /// The shape of its input; `None` where it takes none.
    pub input: Option<&'static str>,
}

/// One service.
#[derive(Debug)]
pub struct Service {
    /// How its requests are written.
    pub protocol: Protocol,
    /// By the operation's name in the model.
    pub calls: BTreeMap<&'static str, Operation>,
    shapes: BTreeMap<&'static str, Shape>,
}

impl Service {
    /// The shape of this name.
    #[must_use]
    pub fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }
}

static SERVICES: LazyLock<BTreeMap<&'static str, Service>> = LazyLock::new(|| {
    let mut services: BTreeMap<&'static str, Service> = BTreeMap::new();
    let mut now = "";
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match first {
            "service" => {
                now = second;
                let protocol = words.next().and_then(protocol).unwrap_or(Protocol::Query);
                services.insert(now, Service { protocol, calls: BTreeMap::new(), shapes: BTreeMap::new() });
            }
            "call" => {
                let mut word = || words.next().unwrap_or_default();
                let operation = Operation { iam: word(), method: word(), path: word(), input: words.next() };
                if let Some(service) = services.get_mut(now) {
                    service.calls.insert(second, operation);
                }
            }
            name => {
                if let Some((service, shape)) = services.get_mut(now).zip(shape(second, words, line)) {
                    service.shapes.insert(name, shape);
                }
            }
        }
    }
    services
});

/// Every service, by IAM's name of it.
#[must_use]
pub fn services() -> &'static BTreeMap<&'static str, Service> {
    &SERVICES
}

fn protocol(word: &str) -> Option<Protocol> {
    Some(match word {
        "query" => Protocol::Query,
        "ec2" => Protocol::Ec2,
        "json" => Protocol::Json,
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        _ => return None,
    })
}

fn shape(kind: &str, words: SplitAsciiWhitespace<'static>, line: &'static str) -> Option<Shape> {
    let mut words = words.peekable();
    if kind == "structure" {
        let payload = words.next_if_eq(&"payload").and_then(|_| words.next());
        return Some(Shape::Structure { payload, members: words.filter_map(member).collect() });
    }
    let mut limits = Limits::default();
    while let Some(limit) = words.next_if(|word| matches!(*word, "min" | "max")) {
        let number = words.next().and_then(|number| number.parse().ok());
        if limit == "min" { limits.least = number } else { limits.most = number }
    }
    Some(match kind {
        "list" => {
            let (item, of) = (words.next()?, words.next()?);
            Shape::List { size: limits, item: (item != "flat").then_some(item), of }
        }
        "map" => Shape::Map { size: limits, key: words.next()?, of: words.next()? },
        "string" => {
            // An expression can have spaces.
            let pattern = words.next_if_eq(&"matches").and_then(|_| Some(line.split_once(" matches ")?.1));
            let words = words.next_if_eq(&"in").map(|_| words.collect()).unwrap_or_default();
            Shape::Scalar(Scalar::Text { length: limits, pattern, words })
        }
        "integer" => Shape::Scalar(Scalar::Integer(limits)),
        "float" => Shape::Scalar(Scalar::Float),
        "boolean" => Shape::Scalar(Scalar::Boolean),
        "timestamp" => Shape::Scalar(Scalar::Timestamp),
        "blob" => Shape::Scalar(Scalar::Blob),
        _ => return None,
    })
}

/// `NAME=WIRE:SHAPE`, the name with `!` where AWS demands the member.
fn member(word: &'static str) -> Option<Member> {
    let (name, rest) = word.split_once('=')?;
    let (wire, shape) = rest.rsplit_once(':')?;
    let (place, wire) = match wire.split_once('/') {
        Some(("uri", wire)) => (Place::Path, wire),
        Some(("query", wire)) => (Place::Query, wire),
        Some(("header", wire)) => (Place::Header, wire),
        Some(("headers", wire)) => (Place::Headers, wire),
        _ => (Place::Body, wire),
    };
    let required = name.ends_with('!');
    Some(Member { name: name.trim_end_matches('!'), wire, place, required, shape })
}
