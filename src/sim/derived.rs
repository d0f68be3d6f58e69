//! What the simulated AWS does for every kind in the same way, read from the rows of its attributes: identifiers, defaults,
//! references that must lead somewhere, blocks that lie inside others and overlap none, values that wait for the window.
//!
//! The codes and words of AWS's refusals belong to the kind. A mistake in a row would be the same mistake here: the wire tests
//! judge the rows independently.

use crate::model::reason::plan::Wait;
use crate::model::schema::AttributeSchema;
use crate::model::{Attributes, KindSchema, Name, Pairs, Shared, Value};
use crate::world::behaviour::{ApiRefusal, Behaviour, Given, Identity, Mint, Neighbours, SimObject};
use ipnet::IpNet;

/// Physical identifier and outputs of a new object.
#[must_use]
pub fn identify(behaviour: &Behaviour, schema: &KindSchema, mint: &Mint<'_>, attributes: &Attributes) -> (String, Pairs) {
    let named = || schema.name.and_then(|(name, _)| attributes.text(name)).unwrap_or_default().to_owned();
    let outputs = |key: &str, physical: &str, arn: String| {
        Pairs::from([(Shared::common(key), Shared::from(physical)), (Shared::common("arn"), Shared::from(arn))])
    };
    match behaviour.identity {
        Identity::Ec2(prefix) => {
            let id = mint.ec2(prefix);
            (id.clone(), Pairs::from([(Shared::common("id"), id)]))
        }
        Identity::Uuid(service, prefix) => {
            let id = mint.uuid();
            let outputs = outputs("id", &id, mint.arn(service, &format!("{prefix}{id}")));
            (id, outputs)
        }
        Identity::Named(service, prefix) => {
            let name = named();
            let outputs = outputs("name", &name, mint.arn(service, &format!("{prefix}{name}")));
            (name, outputs)
        }
        Identity::NamedBy(arn) => {
            let name = named();
            let outputs = outputs("name", &name, arn(mint, attributes));
            (name, outputs)
        }
    }
}

/// Adds the values that AWS adds to a request without them.
pub fn complete(behaviour: &Behaviour, attributes: &mut Attributes) {
    for (name, given) in behaviour.defaults {
        if attributes.contains(*name) {
            continue;
        }
        let value = match given {
            Given::Bool(on) => Some(Value::Bool(*on)),
            Given::Int(number) => Some(Value::Int(*number)),
            Given::Text(text) => Some(Value::from(*text)),
            Given::EmptyList => Some(Value::list([Value::Null; 0])),
            Given::EmptyMap => Some(Value::map([("", Value::Null); 0])),
            Given::SameAs(other) => attributes.get(*other).cloned(),
            Given::Made(made) => Some(made()),
        };
        if let Some(value) = value {
            attributes.set(*name, value);
        }
    }
    (behaviour.complete)(attributes);
}

/// Refuses what AWS refuses: a reference to nothing, a block outside that of its place, and what the kind itself refuses.
pub(super) fn check(
    behaviour: &Behaviour,
    schema: &KindSchema,
    attributes: &Attributes,
    neighbours: &dyn Neighbours,
) -> Result<(), ApiRefusal> {
    (behaviour.check)(attributes, neighbours)?;
    for link in behaviour.links {
        let Some(row) = schema.row(link.attribute) else { continue };
        let identifier = match attributes.text(link.attribute) {
            Some(text) if link.except == Some(text) => continue,
            None if !link.required => continue,
            text => text.unwrap_or_default(),
        };
        if !row.refers_to.iter().any(|(kind, output)| neighbours.exists(kind, output, identifier)) {
            return Err(ApiRefusal::invalid(link.code, link.message.replace("{}", identifier)));
        }
    }
    inside(behaviour, schema, attributes, neighbours)?;
    (behaviour.linked)(attributes, neighbours)
}

fn addresses(schema: &KindSchema) -> Option<&'static AttributeSchema> {
    schema.attributes.iter().find(|attribute| attribute.addresses)
}

fn place(schema: &KindSchema) -> Option<&'static AttributeSchema> {
    schema.attributes.iter().find(|attribute| attribute.place)
}

fn block(attributes: &Attributes, name: Name) -> Option<IpNet> {
    attributes.text(name)?.parse().ok()
}

/// The block must lie in that of the place, whose own row names its block.
fn inside(
    behaviour: &Behaviour,
    schema: &KindSchema,
    attributes: &Attributes,
    neighbours: &dyn Neighbours,
) -> Result<(), ApiRefusal> {
    let (Some(codes), Some(own), Some(place)) = (behaviour.blocks, addresses(schema), place(schema)) else { return Ok(()) };
    let home = attributes.text(place.name).unwrap_or_default();
    let parents = place.refers_to.iter().flat_map(|(kind, _)| neighbours.called(kind, home));
    let parent = parents.min_by_key(|object| (object.region, object.kind.as_str()));
    let whole = parent.and_then(|parent| {
        let row = crate::kinds::find(&parent.kind).and_then(|kind| addresses(kind.schema))?;
        block(&parent.attributes, row.name)
    });
    let fits = block(attributes, own.name).zip(whole).is_some_and(|(block, whole)| whole.contains(&block));
    if fits {
        return Ok(());
    }
    let text = attributes.text(own.name).unwrap_or_default();
    Err(ApiRefusal::invalid(codes.outside, format!("The CIDR '{text}' is invalid.")))
}

/// Whether AWS refuses these attributes because of another object of the kind: the same name, an overlapping block in the same
/// place, or a conflict that the kind names.
pub(super) fn conflicts(behaviour: &Behaviour, schema: &KindSchema, attributes: &Attributes, other: &SimObject) -> bool {
    let same = |name: Name| attributes.text(name) == other.attributes.text(name);
    let named = schema.name.is_some_and(|(name, _)| schema.unique.is_some() && same(name));
    let overlaps = addresses(schema).zip(place(schema)).is_some_and(|(own, place)| {
        let blocks = block(attributes, own.name).zip(block(&other.attributes, own.name));
        same(place.name) && blocks.is_some_and(|(a, b)| a.contains(&b) || b.contains(&a))
    });
    let exclusive = behaviour.exclusive.iter().any(|name| attributes.text(*name).is_some() && same(*name));
    named || overlaps || exclusive
}

/// The keys by which objects conflict: only an object with one of the same keys can conflict with this one.
pub(super) fn apart<'a>(behaviour: &Behaviour, schema: &KindSchema, attributes: &'a Attributes) -> Vec<(Name, Option<&'a str>)> {
    let name = schema.name.filter(|_| schema.unique.is_some()).map(|(name, _)| name);
    let place = addresses(schema).and_then(|_| place(schema)).map(|place| place.name);
    let all = name.into_iter().chain(place).chain(behaviour.exclusive.iter().copied());
    all.map(|name| (name, attributes.text(name))).collect()
}

/// What AWS says about when a new value takes effect; `None` when it does at once.
pub(super) fn waits(attribute: &AttributeSchema, before: Option<&Value>, after: &Value) -> Option<Wait> {
    let (mutability, _) = attribute.effect(before.unwrap_or(&Value::Null), after);
    mutability.wait().filter(|wait| *wait == Wait::Window)
}
