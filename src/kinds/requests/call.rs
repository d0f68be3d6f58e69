//! One operation, and what AWS refuses in a request of it.

use serde_json::{Map, Value as Json};

use super::refusal::{Refusal, Why};
use super::scalar::Limits;
use super::shapes::{Member, Service, Shape, services};

/// One operation of AWS.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Its service.
    pub service: &'static Service,
    /// The name of its input's shape; `None` where it takes none.
    pub input: Option<&'static str>,
}

impl Call {
    /// The operation, as the service model spells it: `rds`, `CreateDBInstance`. `None`: the table does not have it.
    #[must_use]
    pub fn of(service: &str, operation: &str) -> Option<Self> {
        let service = services().get(service)?;
        Some(Self { service, input: service.calls.get(operation)?.input })
    }

    /// The operations that IAM calls so: `s3:PutEncryptionConfiguration`. IAM has one name for several of S3's.
    pub fn spelled_by_iam(name: &str) -> impl Iterator<Item = Self> {
        let (service, name) = name.split_once(':').unwrap_or_default();
        let service = services().get(service);
        let calls = service.into_iter().flat_map(move |service| service.calls.values().map(move |call| (service, call)));
        calls.filter(move |(_, call)| call.iam == name).map(|(service, call)| Self { service, input: call.input })
    }

    /// What AWS refuses in this request, a document by AWS's names of members. Empty when AWS takes it.
    #[must_use]
    pub fn refusals(&self, sent: &Json) -> Vec<Refusal> {
        let mut found = Vec::new();
        match self.input {
            Some(input) => check(self.service, input, sent, String::new(), &mut found),
            None if sent.as_object().is_some_and(Map::is_empty) => {}
            None => found.push(Refusal { member: String::new(), why: Why::Unknown }),
        }
        found
    }

    /// The member at this path, through lists: `IpPermissions.IpRanges.CidrIp`.
    #[must_use]
    pub fn member(&self, path: &str) -> Option<Member> {
        let mut at = self.input?;
        let mut found = None;
        for name in path.split('.') {
            while let Shape::List { of, .. } = self.service.shape(at)? {
                at = of;
            }
            let Shape::Structure { members, .. } = self.service.shape(at)? else { return None };
            let member = members.iter().find(|member| member.name == name)?;
            at = member.shape;
            found = Some(*member);
        }
        found
    }
}

/// Adds what AWS refuses in a value of this shape.
pub(super) fn check(service: &Service, shape: &str, value: &Json, path: String, found: &mut Vec<Refusal>) {
    let Some(shape) = service.shape(shape) else { return };
    match (shape, value) {
        (Shape::Structure { members, .. }, Json::Object(sent)) => {
            let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            for member in members {
                match sent.get(member.name) {
                    Some(value) => check(service, member.shape, value, inside(member.name), found),
                    None if member.required => found.push(Refusal { member: inside(member.name), why: Why::Missing }),
                    None => {}
                }
            }
            let known = |name: &&String| members.iter().any(|member| member.name == **name);
            found.extend(sent.keys().filter(|name| !known(name)).map(|name| Refusal { member: inside(name), why: Why::Unknown }));
        }
        (Shape::List { size, of, .. }, Json::Array(items)) => {
            count(*size, items.len(), &path, found);
            for (at, item) in items.iter().enumerate() {
                check(service, of, item, format!("{path}[{at}]"), found);
            }
        }
        (Shape::Map { size, key, of }, Json::Object(sent)) => {
            count(*size, sent.len(), &path, found);
            for (name, value) in sent {
                let inside = format!("{path}[{name}]");
                check(service, key, &Json::String(name.clone()), inside.clone(), found);
                check(service, of, value, inside, found);
            }
        }
        (Shape::Scalar(scalar), value) => found.extend(scalar.refusal(value).map(|why| Refusal { member: path, why })),
        (Shape::Structure { .. } | Shape::Map { .. }, _) => {
            found.push(Refusal { member: path, why: Why::Type { wanted: "a map" } });
        }
        (Shape::List { .. }, _) => found.push(Refusal { member: path, why: Why::Type { wanted: "a list" } }),
    }
}

fn count(size: Limits, items: usize, path: &str, found: &mut Vec<Refusal>) {
    let why = size.check(i64::try_from(items).unwrap_or(i64::MAX), |found, limit| Why::Length { found, limit });
    found.extend(why.map(|why| Refusal { member: path.to_owned(), why }));
}
