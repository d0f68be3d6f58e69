//! Every request that a driver sends in a replay is one that AWS takes, by its own models (`src/kinds/requests`).
//!
//! A request is read back into the document that the model describes: a form, JSON, or XML, with what stands in path, query and headers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use tokaido::aws::document::decode;
use tokaido::aws::replies::Node;
use tokaido::kinds;
use tokaido::kinds::requests::{Call, Member, Place, Protocol, Refusal, Scalar, Service, Shape, Why, services};
use tokaido::model::Name;
use tokaido::world::CreateRequest;

use super::aws_changes::lowered_examples;
use super::aws_errors;
use super::aws_replay::{Replay, Seen};

/// A request, taken apart.
pub struct Request {
    /// `rds:CreateDBInstance`, as the service model spells it.
    pub operation: String,
    pub call: Call,
    /// By AWS's names of members.
    pub sent: Json,
    /// What of the form, the query or the document has no place in the model.
    pub left: Vec<String>,
}

impl Request {
    /// # Panics
    /// When the request is none of an operation of the table.
    pub fn of(seen: &Seen) -> Self {
        let credential = seen.headers.get("authorization").map(String::as_str).unwrap_or_default();
        let name = credential.split('/').nth(3).unwrap_or_else(|| panic!("no service signs {} {}", seen.method, seen.uri));
        let service = services().get(name).unwrap_or_else(|| panic!("{name} has no requests"));
        let (operation, sent, left) = match service.protocol {
            Protocol::Query | Protocol::Ec2 => of_form(service, seen),
            Protocol::Json => {
                let target = seen.target.as_deref().unwrap_or_default();
                let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                (operation, seen.json(), Vec::new())
            }
            Protocol::RestJson | Protocol::RestXml => of_path(service, seen),
        };
        let call = Call::of(name, &operation).unwrap_or_else(|| panic!("{name}:{operation} is not in the table: {}", seen.uri));
        Self { operation: format!("{name}:{operation}"), call, sent, left }
    }

    pub fn refusals(&self) -> Vec<Refusal> {
        let left = self.left.iter().map(|member| Refusal { member: member.clone(), why: Why::Unknown });
        self.call.refusals(&self.sent).into_iter().chain(left).collect()
    }
}

/// # Panics
/// When AWS would refuse the request.
pub fn assert_taken(seen: &Seen) {
    let request = Request::of(seen);
    let refusals = request.refusals();
    assert!(refusals.is_empty(), "AWS refuses {}: {refusals:#?}\n{}", request.operation, request.sent);
}

fn scalar(service: &Service, shape: &str, text: &str) -> Json {
    match service.shape(shape) {
        Some(Shape::Scalar(Scalar::Integer(_) | Scalar::Float)) => text.parse().map_or_else(|_| text.into(), Json::Number),
        Some(Shape::Scalar(Scalar::Boolean)) => text.parse::<bool>().map_or_else(|_| text.into(), Json::from),
        _ => text.into(),
    }
}

fn of_form(service: &Service, seen: &Seen) -> (String, Json, Vec<String>) {
    let form = seen.form();
    let operation = form.get("Action").cloned().unwrap_or_default();
    let mut read: BTreeSet<String> = ["Action", "Version"].map(str::to_owned).into();
    let input = service.calls.get(operation.as_str()).and_then(|call| call.input);
    let sent = input.and_then(|input| inside(service, input, "", &form, &mut read));
    let left = form.keys().filter(|key| !read.contains(*key)).cloned().collect();
    (operation, sent.unwrap_or_else(|| Json::Object(Map::new())), left)
}

/// What the form says below this prefix.
fn inside(
    service: &Service,
    shape: &str,
    at: &str,
    form: &BTreeMap<String, String>,
    read: &mut BTreeSet<String>,
) -> Option<Json> {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match service.shape(shape)? {
        Shape::Structure { members, .. } => {
            let found: Map<String, Json> = members
                .iter()
                .filter_map(|member| {
                    Some((member.name.to_owned(), inside(service, member.shape, &below(member.wire), form, read)?))
                })
                .collect();
            (at.is_empty() || !found.is_empty()).then_some(Json::Object(found))
        }
        Shape::List { item, of, .. } => {
            let place =
                |number: usize| item.map_or_else(|| below(&number.to_string()), |item| below(&format!("{item}.{number}")));
            let mut items = Vec::new();
            while let Some(item) = inside(service, of, &place(items.len() + 1), form, read) {
                items.push(item);
            }
            // A list without items is written as its name alone.
            let empty = items.is_empty() && form.get(at).is_some_and(String::is_empty) && read.insert(at.to_owned());
            (empty || !items.is_empty()).then_some(Json::Array(items))
        }
        Shape::Map { .. } => panic!("{at}: no request has a map in a form"),
        Shape::Scalar(_) => {
            let text = form.get(at)?;
            read.insert(at.to_owned());
            Some(scalar(service, shape, text))
        }
    }
}

/// The steps of a path, without what belongs to the host.
fn steps(seen: &Seen, service: &Service) -> (Vec<String>, Vec<(String, String)>) {
    let host = seen.uri.split('/').nth(2).unwrap_or_default();
    let whole = seen.uri.splitn(4, '/').nth(3).unwrap_or_default();
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    let mut steps: Vec<String> = path.split('/').filter(|step| !step.is_empty()).map(decode).collect();
    // A bucket may be in the name of the host.
    if let Some((bucket, _)) = host.split_once(".s3.").filter(|_| service.protocol == Protocol::RestXml) {
        steps.insert(0, bucket.to_owned());
    }
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    (steps, pairs.map(|(name, value)| (decode(name), decode(value))).collect())
}

/// The members of a path of the model, if this is one.
fn matched(path: &str, steps: &[String]) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let model: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    for (at, part) in model.iter().enumerate() {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) if name.ends_with('+') => {
                let rest = steps.get(at..).filter(|rest| !rest.is_empty())?;
                found.insert(name.trim_end_matches('+').to_owned(), rest.join("/"));
                return Some(found);
            }
            Some(name) => _ = found.insert(name.to_owned(), steps.get(at)?.clone()),
            None if steps.get(at).is_some_and(|step| step == part) => {}
            None => return None,
        }
    }
    (model.len() == steps.len()).then_some(found)
}

fn of_path(service: &Service, seen: &Seen) -> (String, Json, Vec<String>) {
    let (steps, mut query) = steps(seen, service);
    // The SDK tells S3 the operation once more.
    query.retain(|(name, _)| name != "x-id");
    let found = service.calls.iter().filter(|(_, call)| call.method == seen.method).filter_map(|(name, call)| {
        let (path, marks) = call.path.split_once('?').unwrap_or((call.path, ""));
        let marks: Vec<(&str, &str)> =
            marks.split('&').filter(|mark| !mark.is_empty()).map(|mark| mark.split_once('=').unwrap_or((mark, ""))).collect();
        let has =
            |mark: &(&str, &str)| query.iter().any(|(name, value)| name == mark.0 && (mark.1.is_empty() || value == mark.1));
        let members = matched(path, &steps)?;
        marks.iter().all(has).then_some((marks.len(), *name, *call, marks, members))
    });
    // The one with the most marks is meant: `PUT /{Bucket}?policy` is no `PUT /{Bucket}`.
    let (_, operation, call, marks, path) =
        found.max_by_key(|(marks, ..)| *marks).unwrap_or_else(|| panic!("no operation for {} {}", seen.method, seen.uri));
    query.retain(|(name, _)| !marks.iter().any(|(mark, _)| mark == name));
    let mut sent = Map::new();
    let Some(Shape::Structure { payload, members }) = call.input.and_then(|input| service.shape(input)) else {
        return (operation.to_owned(), Json::Object(sent), Vec::new());
    };
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for member in members {
        let value = match member.place {
            Place::Path => path.get(member.wire).cloned(),
            Place::Query => {
                let found = query.iter().find(|(name, _)| name == member.wire);
                found.map(|(name, value)| {
                    read.insert(name);
                    value.clone()
                })
            }
            Place::Header => seen.headers.get(&member.wire.to_ascii_lowercase()).cloned(),
            Place::Headers | Place::Body => None,
        };
        if let Some(value) = value {
            sent.insert(member.name.to_owned(), listed(service, member, &value));
        }
    }
    let mut left: Vec<String> =
        query.iter().filter(|(name, _)| !read.contains(name.as_str())).map(|(name, _)| name.clone()).collect();
    let body = seen.body.trim();
    let of_body: Vec<&Member> = members.iter().filter(|member| member.place == Place::Body).collect();
    match payload.and_then(|payload| of_body.iter().find(|member| member.name == payload)) {
        _ if body.is_empty() => {}
        Some(member) if matches!(service.shape(member.shape), Some(Shape::Scalar(_))) => {
            sent.insert(member.name.to_owned(), body.into());
        }
        Some(member) if service.protocol == Protocol::RestXml => {
            let root = Node::xml(body).unwrap_or_else(|error| panic!("{error:?}: {body}"));
            assert_eq!(root.name, member.wire, "the root of {operation}");
            sent.insert(member.name.to_owned(), of_xml(service, member.shape, &root, &mut left));
        }
        Some(member) => {
            sent.insert(member.name.to_owned(), of_json(service, member.shape, seen.json(), &mut left));
        }
        None => {
            let Json::Object(whole) = seen.json() else { panic!("{operation} sends no object: {body}") };
            for (name, value) in whole {
                match of_body.iter().find(|member| member.wire == name) {
                    Some(member) => _ = sent.insert(member.name.to_owned(), of_json(service, member.shape, value, &mut left)),
                    None => left.push(name),
                }
            }
        }
    }
    (operation.to_owned(), Json::Object(sent), left)
}

/// A value of the path, the query or a header. A list has one item at least.
fn listed(service: &Service, member: &Member, text: &str) -> Json {
    match service.shape(member.shape) {
        Some(Shape::List { of, .. }) => Json::Array(vec![scalar(service, of, text)]),
        _ => scalar(service, member.shape, text),
    }
}

/// By AWS's names instead of those of the document.
fn of_json(service: &Service, shape: &str, value: Json, left: &mut Vec<String>) -> Json {
    match (service.shape(shape), value) {
        (Some(Shape::Structure { members, .. }), Json::Object(found)) => Json::Object(
            found
                .into_iter()
                .filter_map(|(name, value)| {
                    let member = members.iter().find(|member| member.wire == name);
                    if member.is_none() {
                        left.push(name);
                    }
                    member.map(|member| (member.name.to_owned(), of_json(service, member.shape, value, left)))
                })
                .collect(),
        ),
        (Some(Shape::List { of, .. }), Json::Array(items)) => {
            Json::Array(items.into_iter().map(|item| of_json(service, of, item, left)).collect())
        }
        (Some(Shape::Map { of, .. }), Json::Object(found)) => {
            Json::Object(found.into_iter().map(|(key, value)| (key, of_json(service, of, value, left))).collect())
        }
        (_, value) => value,
    }
}

fn of_xml(service: &Service, shape: &str, node: &Node, left: &mut Vec<String>) -> Json {
    match service.shape(shape) {
        Some(Shape::Structure { members, .. }) => {
            let mut found = Map::new();
            for member in members {
                let named: Vec<&Node> = node.inside.iter().filter(|inner| inner.name == member.wire).collect();
                let value = match (service.shape(member.shape), &named[..]) {
                    (_, []) => continue,
                    (Some(Shape::List { item: None, of, .. }), all) => {
                        Json::Array(all.iter().map(|item| of_xml(service, of, item, left)).collect())
                    }
                    (_, all) => of_xml(service, member.shape, all[0], left),
                };
                found.insert(member.name.to_owned(), value);
            }
            let known = |inner: &&Node| members.iter().any(|member| member.wire == inner.name);
            left.extend(node.inside.iter().filter(|inner| !known(inner)).map(|inner| inner.name.clone()));
            Json::Object(found)
        }
        Some(Shape::List { item, of, .. }) => {
            left.extend(node.inside.iter().filter(|inner| Some(inner.name.as_str()) != *item).map(|inner| inner.name.clone()));
            Json::Array(node.inside.iter().map(|item| of_xml(service, of, item, left)).collect())
        }
        _ => scalar(service, shape, node.text.trim()),
    }
}

/// What the drivers send to make an object of each kind.
async fn creates() -> Vec<Seen> {
    let mut all = Vec::new();
    for example in lowered_examples() {
        let replay = Replay::obliging();
        let request = CreateRequest { attributes: example.attributes.clone(), tags: aws_errors::tags() };
        let driver = replay.driver(example.kind.schema.kind, example.kind.regions[0]);
        // Some miss the new identifier in the empty reply. What they sent has been judged by then.
        let _ = driver.create(&request).await;
        let seen = replay.seen();
        assert!(!seen.is_empty(), "{}", example.kind.schema.kind);
        all.extend(seen);
    }
    all
}

/// The request with one of its members called otherwise: each in turn.
fn misspelled(seen: &Seen) -> Vec<Seen> {
    let with = |body: String| Seen { body, ..seen.clone() };
    let body = seen.body.as_str();
    if body.contains("Action=") {
        let pairs: Vec<&str> = body.split('&').collect();
        let others = (0..pairs.len()).filter(|at| !pairs[*at].starts_with("Action=") && !pairs[*at].starts_with("Version="));
        return others.map(|at| with(body.replace(pairs[at], &pairs[at].replacen('=', "Odd=", 1)))).collect();
    }
    if let Ok(Json::Object(members)) = serde_json::from_str::<Json>(body) {
        let renamed = members.keys().map(|name| {
            let other =
                members.iter().map(|(key, value)| (if key == name { format!("{key}Odd") } else { key.clone() }, value.clone()));
            with(Json::Object(other.collect()).to_string())
        });
        return renamed.collect();
    }
    let mut inside: Vec<&str> = body.split('<').filter_map(|part| part.split(['>', ' ']).next()).collect();
    inside.retain(|name| !name.is_empty() && !name.starts_with(['/', '?']));
    let elements: BTreeSet<&str> = inside.iter().skip(1).copied().collect();
    let renamed = |name: &str| {
        let closed = body.replace(&format!("</{name}>"), &format!("</{name}Odd>"));
        closed.replace(&format!("<{name}>"), &format!("<{name}Odd>")).replace(&format!("<{name} "), &format!("<{name}Odd "))
    };
    elements.into_iter().map(|name| with(renamed(name))).collect()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how many there are")]
async fn no_member_of_our_requests_can_be_called_otherwise() {
    let mut refused = BTreeMap::<String, usize>::new();
    let all = creates().await;
    for seen in &all {
        for wrong in misspelled(seen) {
            let request = Request::of(&wrong);
            assert!(!request.refusals().is_empty(), "{}: {}\ninstead of {}", request.operation, wrong.body, seen.body);
            let protocol = format!("{:?}", request.call.service.protocol);
            *refused.entry(protocol).or_default() += 1;
        }
    }
    println!("{} requests, a member misspelled: {refused:?}", all.len());
    assert!(refused.len() == 5 && refused.values().sum::<usize>() > 100, "{refused:?}");
}

#[tokio::test]
#[should_panic(expected = "AWS refuses iam:CreateRole")]
async fn the_test_that_sends_what_aws_refuses_fails() {
    let mut request = aws_errors::request("iam-role");
    request.attributes.set(Name::interned("name"), "our role");
    let kind = kinds::find("iam-role").expect("a kind");
    let _ = Replay::obliging().driver("iam-role", kind.regions[0]).create(&request).await;
}
