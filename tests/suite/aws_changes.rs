//! Every attribute of every kind, from the rows and the examples alone: what may change is sent with its new value, and for
//! what is fixed, or no attribute at all, nothing is sent.

use std::collections::BTreeSet;

use tokaido::aws::drivers;
use tokaido::model::schema::{AttributeSchema, Comparison};
use tokaido::model::tags;
use tokaido::model::{Attributes, Live, Mutability, Name, Readings, Status, Value};
use tokaido::world::{Changed, ErrorClass, ProviderError, UpdateRequest};

use super::aws_errors;
use super::aws_replay::{ANOTHER, Replay};
use super::kinds::{Example, examples};

/// Values that AWS would take and no driver sends, with the reason.
const NOT_SENT: [(&str, &str, &str); 3] = [
    ("subnet", "ipv6_blocks", "tokaido adds none"),
    ("bucket", "object_lock", "AWS never switches Object Lock off"),
    ("db-instance", "managed_master_password", "nobody here ever sees a password"),
];

/// References as the executor lowers them.
fn lowered(value: &Value) -> Value {
    value.map_leaves(&mut |leaf| match leaf {
        Value::Ref(reference) => Some(Value::from(format!("{}-of-{}", reference.output, reference.to.name))),
        _ => None,
    })
}

/// Texts of which AWS has a choice, with another of it.
const CHOICES: [(&str, &str); 3] =
    [("GOVERNANCE", "COMPLIANCE"), ("AES256", "aws:kms"), ("BucketOwnerEnforced", "BucketOwnerPreferred")];

/// Another value of the same type.
fn other(value: &Value) -> Value {
    let numbers = |item: &Value| {
        item.map_leaves(&mut |leaf| if let Value::Int(number) = leaf { Some(Value::Int(number * 2)) } else { None })
    };
    let text = |text: &str| {
        let chosen = CHOICES.iter().find(|(one, _)| *one == text);
        chosen.map_or_else(|| Value::from(format!("{text}-2")), |(_, another)| Value::from(*another))
    };
    let texts = |item: &Value| item.map_leaves(&mut |leaf| leaf.as_text().map(text));
    match value {
        Value::Bool(on) => Value::Bool(!on),
        Value::List(items) if items.first().is_some_and(|item| item.as_map().is_some()) => {
            let changed: Vec<Value> = items.iter().map(numbers).collect();
            if changed[..] == items[..] { Value::list(items.iter().map(texts)) } else { Value::list(changed) }
        }
        Value::List(items) if items.is_empty() => Value::list([ANOTHER]),
        Value::List(items) => Value::list(items[..items.len() - 1].iter().cloned()),
        Value::Map(map) if map.values().all(|value| matches!(value, Value::Bool(_))) => {
            Value::map(map.iter().map(|(key, value)| (key.clone(), other(value))))
        }
        _ => texts(&numbers(value)),
    }
}

/// Texts and numbers of a value.
fn leaves(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let _ = value.map_leaves(&mut |leaf| {
        if let Value::Text(_) | Value::Int(_) = leaf {
            found.insert(leaf.to_string().to_lowercase());
        }
        None
    });
    found
}

struct Sent {
    outcome: Result<(), ProviderError>,
    /// What left, as a server reads it.
    text: String,
    requests: usize,
}

async fn send(example: &Example, name: Name, before: Option<&Value>, after: &Value) -> Sent {
    let mut readings = Readings::from(example.attributes.clone());
    let mut target = example.attributes.clone();
    target.set(name, after.clone());
    match before {
        Some(value) if !value.is_null() => readings.set(name, value.clone()),
        Some(_) => readings.absent(name),
        None => readings.not_asked(name),
    }
    update(example, readings, target, name, aws_errors::tags()).await
}

async fn update(example: &Example, live: Readings, target: Attributes, name: Name, sent: tags::Tags) -> Sent {
    let (kind, replay) = (example.kind, Replay::obliging());
    let session = replay.session();
    let driver = drivers::find(kind.schema.kind, &session, kind.regions[0]).expect("it lives there");
    let mut compared = sent;
    compared.remove(tags::INTENT);
    let request = UpdateRequest {
        live: Live {
            physical: "physical-1".into(),
            outputs: [("arn".to_owned(), "arn:of-it".to_owned())].into(),
            attributes: live,
            tags: aws_errors::tags(),
            status: Status::Ready,
            pending: Vec::new(),
        },
        attributes: target,
        tags: compared,
        changed: [name].into(),
    };
    let outcome = driver.update(&request).await;
    for call in session.calls().counts() {
        let known = kind.reads().into_iter().chain(kind.writes()).any(|listed| listed == call.operation);
        assert!(known, "{}: {} is called and in no list", kind.schema.kind, call.operation);
    }
    let decode = |text: &str| tokaido::aws::document::decode(&text.replace('+', " ")).to_lowercase();
    let seen = replay.seen();
    let text = seen.iter().map(|seen| format!("{} {} {}\n", seen.action(), decode(&seen.uri), decode(&seen.body))).collect();
    Sent { outcome, text, requests: usize::try_from(session.calls().mutating()).expect("a few") }
}

pub fn lowered_examples() -> Vec<Example> {
    let mut all = examples();
    for example in &mut all {
        example.attributes = example.attributes.replaced(|_, value| Some(lowered(value)));
    }
    all
}

fn fixed(row: &AttributeSchema, before: &Value, after: &Value) -> bool {
    !row.comparison.compares() || matches!(row.effect(before, after).0, Mutability::Forbidden(_))
}

fn new_value(place: &str, sent: &Sent, before: &Value, after: &Value) {
    sent.outcome.as_ref().unwrap_or_else(|error| panic!("{place}: {error}"));
    for leaf in leaves(after).difference(&leaves(before)) {
        assert!(sent.text.contains(leaf.as_str()), "{place}: `{leaf}` is not in {}", sent.text);
    }
}

#[tokio::test]
async fn what_may_change_is_sent_with_its_new_value() {
    let (mut sent, mut refused) = (0, BTreeSet::new());
    for example in lowered_examples() {
        for row in example.kind.schema.attributes.iter().filter(|row| row.comparison != Comparison::Tags) {
            let place = format!("{}.{}", example.kind.schema.kind, row.name);
            // No file declares what is only read.
            if row.comparison == Comparison::ReadOnly {
                continue;
            }
            let declared = example.attributes.get(row.name).cloned().expect("a complete example");
            let before = other(&declared);
            if fixed(row, &before, &declared) {
                continue;
            }
            let repaired = send(&example, row.name, Some(&before), &declared).await;
            new_value(&place, &repaired, &before, &declared);
            assert!(repaired.requests > 0, "{place}: nothing was sent");
            // What a person may do to it, which takes no more than a removal where it only added something.
            if let Some(broken) = example.breaks.get(row.name.as_str()).map(lowered) {
                new_value(&place, &send(&example, row.name, Some(&broken), &declared).await, &broken, &declared);
            }
            // Nobody asked, which must not pass for "it is so already".
            let unasked = send(&example, row.name, None, &declared).await;
            unasked.outcome.as_ref().unwrap_or_else(|error| panic!("{place}: {error}"));
            let changed = send(&example, row.name, Some(&declared), &other(&declared)).await;
            match changed.outcome {
                Ok(()) => {
                    assert!(changed.requests > 0, "{place}: nothing was sent");
                    assert_ne!(changed.text, repaired.text, "{place}: the same was sent for {declared} and {}", other(&declared));
                }
                Err(error) => {
                    assert_eq!((error.class, error.changed, changed.requests), (ErrorClass::Invalid, Changed::No, 0), "{place}");
                    refused.insert(place);
                }
            }
            sent += 1;
        }
    }
    assert!(sent > 40, "the rows were read: {sent}");
    let allowed: BTreeSet<String> = NOT_SENT.iter().map(|(kind, name, _)| format!("{kind}.{name}")).collect();
    assert_eq!(refused, allowed);
}

#[tokio::test]
async fn for_what_is_fixed_nothing_is_sent() {
    let mut tried = 0;
    for example in lowered_examples() {
        for row in example.kind.schema.attributes {
            let Some(declared) = example.attributes.get(row.name).cloned() else { continue };
            let before = other(&declared);
            if !fixed(row, &before, &declared) {
                continue;
            }
            let place = format!("{}.{}", example.kind.schema.kind, row.name);
            let sent = send(&example, row.name, Some(&before), &declared).await;
            let error = sent.outcome.expect_err(&place);
            assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{place}: {error}");
            assert!(sent.text.is_empty(), "{place}: {}", sent.text);
            if let Mutability::Forbidden(words) = row.effect(&before, &declared).0 {
                assert!(error.message.contains(words.en), "{place}: {error}");
            }
            tried += 1;
        }
    }
    assert!(tried > 20, "the rows were read: {tried}");
}

#[tokio::test]
async fn for_a_name_that_no_row_has_nothing_is_sent() {
    for example in lowered_examples() {
        let name = Name::interned("no_such_attribute");
        let sent = send(&example, name, None, &Value::Bool(true)).await;
        let error = sent.outcome.expect_err("no such attribute");
        assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{error}");
        assert!(error.message.contains("no_such_attribute") && sent.text.is_empty(), "{error} {}", sent.text);
    }
}

#[tokio::test]
async fn the_tags_of_every_kind_are_sent() {
    for example in lowered_examples() {
        let mut tags = aws_errors::tags();
        tags.insert(tags::TENANT.to_owned(), "acme".to_owned());
        let live = Readings::from(example.attributes.clone());
        let sent = update(&example, live, example.attributes.clone(), tokaido::kinds::TAGS.name, tags).await;
        sent.outcome.as_ref().unwrap_or_else(|error| panic!("{}: {error}", example.kind.schema.kind));
        assert!(sent.text.contains("acme") && sent.requests > 0, "{}: {}", example.kind.schema.kind, sent.text);
    }
}
