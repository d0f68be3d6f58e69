//! Every kind of the registry, by its example alone: a new kind is tested without a line here.
//!
//! `example.yaml`: `id` and `attributes` are a complete resource, `break` are values that a person may set by hand, and
//! `also` are further resources of the kind (an id, and attributes that differ from the example's) that others need.

mod choice;
mod conformance;
mod defaults;
mod lost_replies;
mod observed;
mod refusals;
mod settings;
mod sizes;
mod specs;
mod spellings;

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds::{self, Kind};
use tokaido::model::value::Map;
use tokaido::model::{
    Attributes, Authored, DesiredResource, DesiredState, Environment, Reference, Region, ResourceId, Source, Value, tags,
};

use crate::support::attr;
use crate::support::{Lab, desired, id, yaml};

const ACCOUNT: &str = "111111111111";

pub struct Example {
    pub kind: &'static Kind,
    pub id: ResourceId,
    pub attributes: Attributes,
    /// Values a person may set, by attribute.
    pub breaks: Map,
    also: Vec<(ResourceId, Attributes)>,
}

/// Of the kinds that files declare.
pub fn examples() -> Vec<Example> {
    kinds::declared().map(example).collect()
}

fn example(kind: &'static Kind) -> Example {
    let root = yaml::read(kind.example);
    let part = |name: &str| root.as_map().and_then(|map| map.get(name)).and_then(Value::as_map).cloned().unwrap_or_default();
    let own = |map: &Map| id(map["id"].as_text().expect("an id"));
    let attributes = Attributes::from(part("attributes"));
    let also = root.as_map().and_then(|map| map.get("also")).and_then(Value::as_list).unwrap_or_default();
    let also = also.iter().filter_map(Value::as_map).map(|other| {
        let mut changed = attributes.clone();
        changed.extend(other.iter().filter(|(name, _)| &***name != "id").map(|(name, value)| (attr(name), value.clone())));
        (own(other), changed)
    });
    let found = Example { kind, id: own(root.as_map().expect("a map")), also: also.collect(), breaks: part("break"), attributes };
    assert_eq!(found.id.kind, kind.schema.kind, "an example is of its own kind");
    found
}

/// Every example, and what they refer to: an `also`, or the example of that kind moved to the other region.
fn estate() -> BTreeMap<ResourceId, DesiredResource> {
    let examples = examples();
    let mut found = BTreeMap::new();
    let mut open = Vec::new();
    for example in &examples {
        open.push((example.id.clone(), example.attributes.clone()));
        open.extend(example.also.iter().cloned());
    }
    // Prerequisites come last, so that what an example says itself wins.
    open.reverse();
    while let Some((id, attributes)) = open.pop() {
        if found.contains_key(&id) {
            continue;
        }
        let resource = resource(&id, attributes);
        for needed in resource.dependencies() {
            let of_kind = examples.iter().find(|example| example.id.kind == needed.kind);
            let of_kind = of_kind.unwrap_or_else(|| panic!("{id} refers to {needed}, which is of no known kind"));
            let declared = of_kind.id == needed || of_kind.also.iter().any(|(other, _)| *other == needed);
            if !declared {
                let from = of_kind.id.region;
                assert!(
                    needed.name == of_kind.id.name && needed.region != from,
                    "{id} refers to {needed}; give it an `also` in its example"
                );
                open.insert(0, (needed.clone(), moved(&of_kind.attributes, from, needed.region)));
            }
        }
        found.insert(id, resource);
    }
    found
}

/// The same attributes in another region: links within the region follow.
fn moved(attributes: &Attributes, from: Region, to: Region) -> Attributes {
    let follow = |leaf: &Value| match leaf {
        Value::Ref(reference) if reference.to.region == from => {
            Some(Value::from(Reference::new(&ResourceId { region: to, ..reference.to.clone() }, &reference.output)))
        }
        _ => None,
    };
    attributes.replaced(|_, value| value.replaced(&mut { follow }))
}

fn resource(id: &ResourceId, attributes: Attributes) -> DesiredResource {
    let tags = [
        (tags::ENVIRONMENT, Environment::Dev.to_string()),
        (tags::ID, id.to_string()),
        (tags::TENANT, "shared".to_owned()),
        (tags::CLASSIFICATION, "internal".to_owned()),
    ];
    DesiredResource {
        attributes,
        tags: tags.map(|(key, value)| (key.to_owned(), value)).into(),
        source: Source { file: "environments/dev.yaml".into(), line: 1, column: 1 },
        authored: Authored::default(),
        adopt: false,
        window: None,
    }
}

/// A world in which every example exists.
fn built() -> Lab {
    let lab = Lab::new(desired(Environment::Dev, ACCOUNT, estate()));
    lab.converge();
    lab
}

/// A wish without everything that no stateful resource needs, and what was taken out of it.
fn without_what_no_data_needs(lab: &Lab) -> (DesiredState, BTreeMap<ResourceId, DesiredResource>) {
    let stateful = |id: &&ResourceId| kinds::find(&id.kind).is_some_and(|kind| kind.schema.stateful);
    let mut kept: BTreeSet<ResourceId> = lab.desired.resources.keys().filter(stateful).cloned().collect();
    loop {
        let needed: BTreeSet<_> = kept.iter().flat_map(|id| lab.desired.resources[id].dependencies()).collect();
        let before = kept.len();
        kept.extend(needed);
        if kept.len() == before {
            break;
        }
    }
    let mut wish = (*lab.desired).clone();
    let gone: BTreeMap<_, _> = wish.resources.extract_if(.., |id, _| !kept.contains(id)).collect();
    assert!(!gone.is_empty());
    (wish, gone)
}
