//! What a kind's behaviour says as data, the simulated world refuses: every demand and every link of every kind, with a value
//! that is generated from the entry itself.

use std::collections::BTreeSet;

use tokaido::kinds::Kind;
use tokaido::model::schema::AttributeSchema;
use tokaido::model::{Attributes, DesiredResource, Mutability, Value};
use tokaido::plan::links;
use tokaido::sim::ManualError;
use tokaido::world::CreateRequest;
use tokaido::world::behaviour::LinkCheck;
use tokaido::world::demand::{Demand, Measure};

use super::{ACCOUNT, Example, built, estate, examples};
use crate::requests::wrong;
use crate::support::Lab;

/// The example as AWS gets it, under another name than that of the example that is there.
fn other(lab: &Lab, example: &Example, resource: &DesiredResource) -> CreateRequest {
    let outputs = lab.plan().observed.owned.into_iter().map(|(id, live)| (id, live.outputs)).collect();
    let mut attributes = links::lower(&resource.attributes, &outputs).expect("everything it needs exists");
    let named = example.kind.schema.name.map(|(name, _)| name);
    let unique = [named, example.kind.schema.unique].into_iter().flatten();
    for name in unique.chain(example.kind.behaviour.exclusive.iter().copied()) {
        let block = example.kind.schema.row(name).is_some_and(|row| row.addresses);
        let free = |text: &str| if block { "10.99.0.0/24".to_owned() } else { format!("{text}2") };
        if let Some(free) = attributes.text(name).map(free) {
            attributes.set(name, free);
        }
    }
    CreateRequest { attributes, tags: resource.tags.clone() }
}

/// The code with which the simulated world refuses to make the resource; `None` when it makes it.
fn refusal(lab: &Lab, example: &Example, request: &CreateRequest) -> Option<&'static str> {
    match lab.world().log().create_by_hand(ACCOUNT, example.id.region, example.kind.schema.kind, request) {
        Ok(_) => None,
        Err(ManualError::Refused { code, .. }) => Some(code),
        Err(error) => panic!("{}: {error}", example.id),
    }
}

fn with(item: &Value, field: &str, value: &Value) -> Value {
    let map = item.as_map().expect("a list of maps");
    let others = map.iter().filter(|(key, _)| &***key != field).map(|(key, value)| (key.to_string(), value.clone()));
    Value::map(others.chain([(field.to_owned(), value.clone())]))
}

/// Values just outside of what AWS accepts.
fn outside(demand: &Demand, now: &Value) -> Vec<Value> {
    let items = |most: usize| {
        let one = now.as_list().and_then(<[Value]>::first).cloned().unwrap_or_else(|| Value::from("one"));
        vec![Value::list(vec![one; most + 1])]
    };
    match demand.of {
        Measure::Number(least, most) => vec![Value::Int(least - 1), Value::Int(most + 1)],
        Measure::Items(_, most) | Measure::ItemsOfEach(_, most) => items(most),
        Measure::EachNumber(field, least, most) => {
            let numbers = [Some(least - 1), most.checked_add(1)].into_iter().flatten();
            let first = now.as_list().and_then(<[Value]>::first).expect("an item in the example");
            numbers.map(|number| Value::list([with(first, field, &Value::Int(number))])).collect()
        }
        Measure::Prefix(least, most) => [least - 1, most + 1]
            .map(|length| Value::from(format!("10.0.0.0/{length}")))
            .into_iter()
            .chain(["no block".into()])
            .collect(),
        Measure::Begins(with, not) => {
            let refused = [Some("something else".to_owned()), (!not.is_empty()).then(|| format!("{not}{with}"))];
            refused.into_iter().flatten().map(Value::from).collect()
        }
    }
}

#[test]
fn a_value_outside_of_a_demand_is_refused_with_its_code() {
    let (lab, all, mut judged) = (built(), estate(), 0);
    for example in examples() {
        let request = other(&lab, &example, &all[&example.id]);
        for demand in example.kind.behaviour.demands {
            let now = request.attributes.get(demand.attribute).cloned().unwrap_or_default();
            for value in outside(demand, &now) {
                let mut asked = request.clone();
                asked.attributes.set(demand.attribute, value.clone());
                let code = refusal(&lab, &example, &asked);
                assert_eq!(code, Some(demand.code), "{} {}: {value}", example.id, demand.attribute);
                judged += 1;
            }
        }
    }
    assert!(judged > 10, "{judged}");
}

/// The attributes with this link led nowhere.
fn astray(link: &LinkCheck, row: &AttributeSchema, attributes: &Attributes) -> Attributes {
    let nowhere = Value::from(format!("{}nowhere", link.beginning));
    let value = match (attributes.get(row.name), link.within) {
        (Some(Value::List(items)), Some(field)) => Value::list([with(&items[0], field, &nowhere)]),
        (Some(Value::List(_)), None) => Value::list([nowhere]),
        _ => nowhere,
    };
    let mut astray = attributes.clone();
    astray.set(row.name, value);
    astray
}

#[test]
fn a_link_that_leads_nowhere_is_refused_with_its_code() {
    let (lab, all, mut judged) = (built(), estate(), 0);
    for example in examples() {
        let Kind { behaviour, schema, .. } = example.kind;
        let request = other(&lab, &example, &all[&example.id]);
        for link in behaviour.links {
            let row = schema.row(link.attribute).expect("a row");
            let asked = CreateRequest { attributes: astray(link, row, &request.attributes), ..request.clone() };
            assert_eq!(refusal(&lab, &example, &asked), Some(link.code), "{} {}", example.id, link.attribute);
            judged += 1;
        }
    }
    assert!(judged > 8, "{judged}");
}

/// What AWS's own models limit: the example of each kind is within, and a value beyond is refused in AWS's words, of a create and of a
/// change.
#[test]
#[expect(clippy::print_stdout, reason = "how many there are")]
fn a_value_that_aws_would_not_take_is_refused() {
    let (lab, all) = (built(), estate());
    let (mut limited, mut creates, mut changes, mut sooner, mut demanded) = (0, 0, 0, 0, 0);
    for example in examples() {
        let kind = example.kind;
        let request = other(&lab, &example, &all[&example.id]);
        assert_eq!(kind.refusals(&request.attributes, |_| true), [], "{}", example.id);
        assert_eq!(kind.missing(&request.attributes), [], "{}", example.id);
        for row in kind.schema.attributes {
            let settings = kind.settings_of(row);
            limited += usize::from(!settings.is_empty());
            let values: BTreeSet<String> = settings
                .iter()
                .flat_map(|setting| wrong(setting.call.service, setting.member.shape))
                .map(|value| value.to_string())
                .collect();
            for value in values {
                // A value of another type never comes from a file.
                let Ok(value) = serde_json::from_str::<Value>(&value) else { continue };
                let mut asked = request.clone();
                asked.attributes.set(row.name, value.clone());
                let Some(told) = kind.refusals(&asked.attributes, |name| name == row.name).into_iter().next() else { continue };
                let (place, told) = (format!("{}.{}", kind.schema.kind, row.name), told.to_string());
                match lab.world().log().create_by_hand(ACCOUNT, example.id.region, kind.schema.kind, &asked) {
                    Err(ManualError::Refused { message, .. }) if message.contains(&told) => creates += 1,
                    // A rule that is written for the kind speaks first.
                    Err(ManualError::Refused { .. }) => sooner += 1,
                    answer => panic!("{place} {value}: {answer:?}"),
                }
                if !matches!(row.mutability, Mutability::Forbidden(_)) {
                    let answer = lab.set(&example.id, row.name.as_str(), &value);
                    assert!(answer.is_err(), "{place} {value}: it was changed");
                    changes +=
                        usize::from(matches!(answer, Err(ManualError::Refused { message, .. }) if message.contains(&told)));
                }
            }
            let mut asked = request.clone();
            asked.attributes.remove(row.name);
            if !kind.missing(&asked.attributes).is_empty() {
                assert!(refusal(&lab, &example, &asked).is_some(), "{} {}: AWS demands it", example.id, row.name);
                demanded += 1;
            }
        }
    }
    println!(
        "{limited} attributes limited by AWS, {demanded} demanded; refused: {creates} creates, {changes} changes, {sooner} by the kind's rules"
    );
    assert!(limited > 70 && creates > 20 && changes > 5 && demanded > 10, "{limited} {creates} {changes} {sooner} {demanded}");
}
