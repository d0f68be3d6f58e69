//! What a complete reply to each operation holds: `operations.txt`, whose maker says what its lines mean.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the body of a reply is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// XML with this root.
    Root(String),
    /// A JSON object.
    Json,
    /// JSON that the SDK passes on as text.
    Policy,
    /// Nothing of it is read. It may be empty.
    Any,
    /// An object, which is read as it comes.
    Stream,
}

/// What a reply must hold. A path is `DescribeVpcsResult.Vpcs[].VpcId`; `[]` stands for each item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub document: Document,
    pub members: Vec<Vec<String>>,
    /// Where the token of the next page is.
    pub token: Option<Vec<String>>,
    /// Where it says whether there is a next page.
    pub more: Option<Vec<String>>,
}

/// What is expected of each operation, by the names of service (in lower case) and operation.
pub static TABLE: LazyLock<BTreeMap<(&str, &str), Expected>> = LazyLock::new(|| {
    let lines = include_str!("operations.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(row).collect()
});

fn row(line: &str) -> Option<((&str, &str), Expected)> {
    let mut words = line.split_ascii_whitespace();
    let name = words.next()?.split_once(':')?;
    let document = match words.next()? {
        "json" => Document::Json,
        "policy" => Document::Policy,
        "any" => Document::Any,
        "stream" => Document::Stream,
        root => Document::Root(root.to_owned()),
    };
    let path = |text: &str| text.split('.').map(str::to_owned).collect();
    let mut expected = Expected { document, members: Vec::new(), token: None, more: None };
    for word in words {
        match word.split_once('=') {
            Some(("token", member)) => expected.token = Some(path(member)),
            Some(_) => expected.more = word.strip_prefix("more=").map(path),
            None => expected.members.push(path(word)),
        }
    }
    Some((name, expected))
}

/// What is expected of an operation. The table has those that the kinds name; of another one the protocol says the least.
pub fn expected(service: &str, operation: &str) -> Expected {
    if let Some(found) = TABLE.get(&(service, operation)) {
        return found.clone();
    }
    let document = match service {
        "ec2" | "iam" | "rds" | "redshift" | "sts" => Document::Root(format!("{operation}Response")),
        _ => Document::Any,
    };
    Expected { document, members: Vec::new(), token: None, more: None }
}

/// Whether a service answers in JSON. The others answer in XML.
pub fn is_json(service: &str) -> bool {
    matches!(service, "backup" | "dynamodb" | "elasticfilesystem" | "kms")
}
