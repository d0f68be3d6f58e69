//! What the simulated AWS does for every kind in the same way, read from the rows of its attributes: identifiers, defaults,
//! references that must lead somewhere, blocks that lie inside others and overlap none, values that wait for the window.
//!
//! What several kinds demand of values is data of their behaviour. The codes and words of AWS's refusals belong to the kind. A mistake in a row would be the same mistake here: the wire tests
//! judge the rows independently.

use crate::kinds::Kind;
use crate::model::reason::plan::Wait;
use crate::model::schema::AttributeSchema;
use crate::model::{Attributes, Identity, KindSchema, Name, Pairs, Shared, Value};
use crate::world::behaviour::{ApiRefusal, Behaviour, Given, LinkCheck, Mint, Neighbours, SimObject};
use crate::world::demand::{Demand, Measure};
use ipnet::{IpNet, Ipv4Net};

/// Physical identifier and outputs of a new object.
#[must_use]
pub fn identify(schema: &KindSchema, mint: &Mint<'_>, attributes: &Attributes) -> (String, Pairs) {
    match schema.identity {
        Identity::Ec2(prefix) => {
            let id = mint.ec2(prefix);
            (id.clone(), Pairs::from([(Shared::common("id"), id)]))
        }
        Identity::Uuid(service, prefix) => {
            let id = mint.uuid();
            let arn = mint.home.arn(service, &format!("{prefix}{id}"));
            (id.clone(), Pairs::from([(Shared::common("id"), id), (Shared::common("arn"), arn)]))
        }
        identity @ (Identity::Named(..) | Identity::NamedBy(_)) => {
            let name = schema.name.and_then(|(name, _)| attributes.text(name)).unwrap_or_default();
            (name.to_owned(), identity.declared(&mint.home, name, attributes).unwrap_or_default())
        }
    }
}

/// What AWS makes by itself together with a new object of this kind: of each its kind, physical identifier, outputs and attributes.
pub fn made_with<'a>(
    kind: &'a str,
    physical: &'a str,
    attributes: &'a Attributes,
    mint: &'a Mint<'_>,
) -> impl Iterator<Item = (&'static Kind, String, Pairs, Attributes)> + 'a {
    let kinds = crate::kinds::ALL.into_iter().filter_map(|kind| Some((kind, kind.behaviour.made_with?)));
    kinds.filter(move |(_, made)| made.kind == kind).map(move |(kind, made)| {
        // AWS invents its identifier.
        let (own, outputs) = identify(kind.schema, mint, &Attributes::default());
        let attributes = (made.attributes)(physical, &own, attributes);
        (kind, own, outputs, attributes)
    })
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
            Given::Element(fields) => Some(Value::list([Value::map(fields.iter().copied())])),
            Given::SameAs(other) => attributes.get(*other).cloned(),
            Given::Made(made) => Some(made()),
        };
        if let Some(value) = value {
            attributes.set(*name, value);
        }
    }
    (behaviour.complete)(attributes);
}

/// Refuses what AWS refuses: a reference to nothing in what was sent, a block outside that of its place, and what the kind
/// itself refuses.
pub(super) fn check(
    behaviour: &Behaviour,
    schema: &KindSchema,
    attributes: &Attributes,
    sent: impl Fn(Name) -> bool,
    neighbours: &dyn Neighbours,
) -> Result<(), ApiRefusal> {
    behaviour.demands.iter().try_for_each(|demand| meets(demand, attributes.get(demand.attribute)))?;
    (behaviour.check)(attributes, neighbours)?;
    for link in behaviour.links.iter().filter(|link| sent(link.attribute)) {
        let Some(row) = schema.row(link.attribute) else { continue };
        let home = place(schema).and_then(|place| attributes.get(place.name));
        let here = |other: &&SimObject| {
            let place = crate::kinds::find(&other.kind).and_then(|kind| place(kind.schema));
            place.is_some_and(|place| other.attributes.get(place.name) == home)
        };
        let exists = |identifier: &str| {
            row.refers_to.iter().any(|(kind, output)| {
                if link.here {
                    neighbours.called(kind, identifier).iter().any(here)
                } else {
                    neighbours.exists(kind, output, identifier)
                }
            })
        };
        if let Some(lost) = identifiers(link, attributes).into_iter().find(|identifier| !exists(identifier)) {
            return Err(ApiRefusal::invalid(link.code, link.message.replace("{}", lost)));
        }
    }
    inside(behaviour, schema, attributes, neighbours)?;
    (behaviour.linked)(attributes, neighbours)
}

/// The identifiers that AWS asks about.
fn identifiers<'a>(link: &LinkCheck, attributes: &'a Attributes) -> Vec<&'a str> {
    let held = |item: &'a Value| link.within.map_or(Some(item), |name| field(item, name));
    let asked = |identifier: &&str| link.except != Some(*identifier) && identifier.starts_with(link.beginning);
    match attributes.get(link.attribute) {
        Some(Value::List(items)) => items.iter().filter_map(|item| held(item)?.as_text()).filter(asked).collect(),
        other if other.is_some() || link.required => {
            Some(other.and_then(Value::as_text).unwrap_or_default()).filter(asked).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn field<'a>(item: &'a Value, name: &str) -> Option<&'a Value> {
    item.as_map().and_then(|map| map.get(name))
}

/// Refuses a value that does not meet the demand.
fn meets(demand: &Demand, value: Option<&Value>) -> Result<(), ApiRefusal> {
    if value.is_none() && !matches!(demand.of, Measure::Prefix(..)) {
        return Ok(());
    }
    let value = value.unwrap_or(&Value::Null);
    let items = value.as_list().unwrap_or_default();
    let outside = |number: i64, least: i64, most: i64| (!(least..=most).contains(&number)).then(|| number.to_string());
    let found = match demand.of {
        Measure::Number(least, most) => value.as_int().and_then(|number| outside(number, least, most)),
        Measure::Items(least, most) => (!(least..=most).contains(&items.len())).then(|| items.len().to_string()),
        Measure::ItemsOfEach(name, most) => {
            let words = || items.iter().filter_map(|item| field(item, name)?.as_text());
            let mut counted = words().map(|word| (words().filter(|other| *other == word).count(), word));
            counted.find_map(|(number, word)| (number > most).then(|| format!("{number} {word}")))
        }
        Measure::EachNumber(name, least, most) => {
            let mut numbers = items.iter().filter_map(|item| field(item, name)?.as_int());
            numbers.find_map(|number| outside(number, least, most))
        }
        Measure::Prefix(least, most) => {
            let text = value.as_text().unwrap_or_default();
            let fits = text.parse::<Ipv4Net>().is_ok_and(|block| (least..=most).contains(&i64::from(block.prefix_len())));
            (!fits).then(|| text.to_owned())
        }
        Measure::Begins(with, not) => {
            let text = value.as_text().unwrap_or_default();
            let fits = text.starts_with(with) && (not.is_empty() || !text.starts_with(not));
            (!fits).then(|| text.to_owned())
        }
    };
    found.map_or(Ok(()), |found| {
        let message = demand.message.replace("{}", &found);
        Err(ApiRefusal { class: demand.class, code: demand.code, message })
    })
}

/// Rewrites what AWS stores in another form than it receives.
pub fn normalise(behaviour: &Behaviour, attributes: &mut Attributes) {
    for name in behaviour.folded {
        if let Some(folded) = attributes.text(*name).map(str::to_ascii_lowercase) {
            attributes.set(*name, folded);
        }
    }
    (behaviour.normalise)(attributes);
}

/// Turns the statements of shuffled policies: AWS returns them in no fixed order (aws-cli #9456). `turn` counts the reads.
pub fn render(behaviour: &Behaviour, attributes: &mut Attributes, turn: u64) {
    for name in behaviour.shuffled {
        let Some(Value::Map(policy)) = attributes.get(*name) else { continue };
        let Some(statements) = policy.get("Statement").and_then(Value::as_list).filter(|list| !list.is_empty()) else { continue };
        let mut turned = statements.to_vec();
        turned.rotate_left(usize::try_from(turn).unwrap_or(0) % statements.len());
        let turned = Value::list(turned);
        let same = |key: &str, value: &Value| if key == "Statement" { turned.clone() } else { value.clone() };
        let policy = Value::map(policy.iter().map(|(key, value)| (key.clone(), same(key, value))));
        attributes.set(*name, policy);
    }
}

fn addresses(schema: &KindSchema) -> Option<&'static AttributeSchema> {
    schema.attributes.iter().find(|attribute| attribute.addresses)
}

fn place(schema: &KindSchema) -> Option<&'static AttributeSchema> {
    schema.attributes.iter().find(|attribute| attribute.place)
}

/// The value that says where an object is, such as its network; `None` where its kind has no such attribute.
pub(super) fn home(object: &SimObject) -> Option<&Value> {
    object.attributes.get(place(crate::kinds::find(&object.kind)?.schema)?.name)
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
    let (Some(code), Some(own), Some(place)) = (behaviour.outside, addresses(schema), place(schema)) else { return Ok(()) };
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
    Err(ApiRefusal::invalid(code, format!("The CIDR '{text}' is invalid.")))
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

/// The element of which AWS accepts no change and that would change; it refuses the whole call.
pub(super) fn locked(attribute: &AttributeSchema, before: &Attributes, after: &Attributes) -> Option<String> {
    let element = |all: &Attributes, name: &str| field(all.get(attribute.name)?, name).cloned();
    let fixed = before.get(attribute.locked?)?.as_list()?.iter().filter_map(Value::as_text);
    fixed.map(str::to_owned).find(|name| element(before, name) != element(after, name))
}

/// What AWS says about when a new value takes effect; `None` when it does at once.
pub(super) fn waits(attribute: &AttributeSchema, before: Option<&Value>, after: &Value) -> Option<Wait> {
    let (mutability, _) = attribute.effect(before.unwrap_or(&Value::Null), after);
    mutability.wait().filter(|wait| *wait == Wait::Window)
}
