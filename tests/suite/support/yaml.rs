//! YAML → [`Value`], for examples and scenarios: JSON's types, references, no tags, no aliases.

use saphyr_parser::{Event, Parser, ScalarStyle};
use tokaido::model::Value;
use tokaido::model::value::Map;

/// Reads the one document of `text`.
///
/// # Panics
/// Says what is wrong with a test's own file.
pub fn read(text: &str) -> Value {
    let events = Parser::new_from_str(text).map(|event| event.unwrap_or_else(|error| panic!("{error} in\n{text}")).0);
    let mut events = events.filter(|event| !matches!(event, Event::StreamStart | Event::DocumentStart(_) | Event::Nothing));
    let root = match events.next() {
        Some(Event::StreamEnd | Event::DocumentEnd) | None => Value::from(Map::new()),
        Some(event) => build(event, &mut events),
    };
    // Through JSON, so that `{ $ref: …, output: … }` becomes a reference.
    serde_json::from_value(serde_json::to_value(root).expect("YAML is JSON")).expect("JSON is a value")
}

fn build<'a>(event: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Value {
    let next = |events: &mut _| Iterator::next(events).expect("a complete document");
    match event {
        Event::Scalar(text, style, ..) => scalar(&text, style == ScalarStyle::Plain),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next(events) {
                    Event::SequenceEnd => return Value::from(items),
                    event => items.push(build(event, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                match next(events) {
                    Event::MappingEnd => return Value::from(map),
                    Event::Scalar(key, ..) => {
                        let event = next(events);
                        let value = build(event, events);
                        assert!(map.insert((&*key).into(), value).is_none(), "{key} is written twice");
                    }
                    event => panic!("a key is a scalar, not {event:?}"),
                }
            }
        }
        event => panic!("not used in tests: {event:?}"),
    }
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        _ if !plain => Value::from(text),
        "null" | "~" | "" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => text.parse().map_or_else(|_| Value::from(text), Value::Int),
    }
}
