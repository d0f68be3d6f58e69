//! The JSON Schema of the input of a policy. It is closed: a field that is not in it does not exist. Imports `model`, `kinds`.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::input::VERSION;
use super::paper;
use crate::kinds;
use crate::model::{Environment, PlanBody, Region};

/// What a policy sees.
#[must_use]
pub fn input_schema() -> Json {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let plan = Json::from(generator.subschema_for::<PlanBody>());
    let mut kinds = Map::new();
    for kind in kinds::planned() {
        let mut attributes = Json::from((kind.shape)(&mut generator));
        attributes["title"] = json!(format!("{} attributes", kind.schema.kind));
        attributes["description"] = json!(format!("{}: docs/attributes.md says what each one means.", kind.schema.title));
        for attribute in kind.schema.attributes {
            // The planner has tags as an attribute; here they stand beside the attributes.
            let place = attributes["properties"].get_mut(attribute.name.as_str()).and_then(Json::as_object_mut);
            if let Some(place) = place {
                place.insert("description".to_owned(), json!(attribute.doc));
            }
        }
        // Nothing is required: an attribute that is not set, or that AWS does not return, is absent.
        if let Some(attributes) = attributes.as_object_mut() {
            attributes.remove("required");
        }
        let pending = json!({
            "title": "pending values",
            "description": "What AWS has accepted and not applied yet. In `planned` the attributes have these values already.",
            "type": "object",
            "properties": attributes["properties"],
            "additionalProperties": false,
        });
        kinds.insert(kind.schema.kind.to_owned(), resources(kind.schema.kind, &attributes, &pending));
    }
    let mut definitions = Json::Object(generator.take_definitions(true));
    definitions["PlanBody"]["title"] = json!("the plan");
    // The answers of policies are not part of their input.
    if let Some(body) = definitions["PlanBody"]["properties"].as_object_mut() {
        body.remove("policies");
    }
    let states = |title: &str, description: &str| {
        json!({
            "title": title, "description": description, "type": "object", "properties": kinds,
            "required": kinds.keys().collect::<Vec<_>>(), "additionalProperties": false,
        })
    };
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "the input",
        "description": "What a policy of policies/*.rego is asked about. `tokaido policy input ENV` prints it.",
        "type": "object",
        "properties": {
            "schema_version": { "type": "integer", "description": format!("{VERSION}") },
            "environment": { "enum": Environment::ALL.map(Environment::as_str), "type": "string" },
            "account": { "type": "string", "description": "Twelve digits." },
            "regions": { "type": "array", "items": { "type": "string", "enum": Region::ALL.map(Region::code) } },
            "tool_version": { "type": "string" },
            "promises": {
                "title": "the promises", "type": "object",
                "description": "Days that a promise of policies/promises.yaml gives at least, by slug; those without days are absent.",
                "properties": promises(), "additionalProperties": false,
            },
            "plan": plan,
            "live": states("live resources", "What AWS answered, by kind."),
            "planned": states(
                "planned resources",
                "The same as it will be when the plan is done and AWS has applied what it queued, by kind.",
            ),
            "unknown": {
                "title": "unknown", "type": "object", "additionalProperties": { "type": "string" },
                "description": "Reads that failed: kind@region, and why. A policy that needs one of them is not asked.",
            },
        },
        "required": [
            "schema_version", "environment", "account", "regions", "tool_version", "promises", "plan", "live", "planned", "unknown",
        ],
    });
    schema["$defs"] = definitions;
    close(&mut schema);
    schema
}

/// `schemas/policy-input.schema.json`: the input as `tokaido policy input` prints it, with the world that was read. No policy sees
/// that, so that a policy says the same in a rehearsal.
#[must_use]
pub fn printed_schema() -> Json {
    let mut schema = input_schema();
    schema["properties"]["world"] = json!({
        "type": "string",
        "description": "The world that was read. Only `tokaido policy input` prints it; a policy does not see it.",
    });
    schema
}

fn promises() -> Map<String, Json> {
    let days = json!({
        "title": "a promise", "type": "object",
        "properties": { "at_least_days": { "type": "integer" } }, "required": ["at_least_days"],
    });
    paper::each(&days)
}

fn resources(kind: &str, attributes: &Json, pending: &Json) -> Json {
    json!({
        "type": "array",
        "items": {
            "title": kind,
            "type": "object",
            "properties": {
                "id": { "type": "string", "description": "kind.name@region; of what is not ours kind/physical@region." },
                "name": { "type": "string" },
                "region": { "type": "string", "enum": Region::ALL.map(Region::as_str) },
                "standing": {
                    "type": "string", "enum": ["ours", "foreign", "copy", "claim"],
                    "description": "Ours by its tags; without our tag; with the tags of another one; one of several that claim to be ours.",
                },
                "physical": { "type": "string", "description": "What AWS calls it." },
                "tenant": { "type": ["string", "null"], "description": "Null when no tenant's tag is on it." },
                "attributes": attributes,
                "pending": pending,
                "tags": { "title": "tags", "type": "object", "additionalProperties": { "type": "string" } },
            },
            "required": ["id", "name", "region", "standing", "physical", "tenant", "attributes", "pending", "tags"],
        },
    })
}

/// An object that lists its fields has no others.
fn close(schema: &mut Json) {
    match schema {
        Json::Object(map) => {
            if map.get("properties").is_some_and(Json::is_object) && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), Json::from(false));
            }
            map.values_mut().for_each(close);
        }
        Json::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
