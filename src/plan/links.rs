//! From physical identifiers to references ([`lift`]) and back ([`lower`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;

use crate::model::equality;
use crate::model::{
    Attributes, DesiredState, Diff, Home, Identity, KindSchema, Live, Pairs, Reference, Region, ResourceId, Schemas, Shared,
    Value,
};

use super::input::schema_of;

const ARN: &str = "arn";
const ID: &str = "id";
const ALIAS: &str = "alias";

/// Which resource of ours an identifier belongs to, by the region of the resource.
/// What leads there is one reference, however many links there are.
type Owners = BTreeMap<Region, HashMap<Shared, Arc<Reference>>>;

/// The identifiers of our resources by what a link names: a kind and an output.
#[derive(Debug, Default)]
pub struct Index {
    /// The kinds and outputs to which a link can lead; `None` keeps all.
    referred: Option<BTreeSet<(&'static str, &'static str)>>,
    owners: BTreeMap<Shared, BTreeMap<Shared, Owners>>,
}

impl Index {
    /// An empty index that keeps only the outputs to which links of these schemas can lead.
    #[must_use]
    pub fn referred(schemas: &Schemas) -> Self {
        let links = schemas.values().flat_map(|schema| schema.attributes).flat_map(|attribute| attribute.refers_to);
        let mut referred: BTreeSet<(&'static str, &'static str)> = links.copied().collect();
        // An ARN that ends in an invented id names the same object as the id alone.
        let invented =
            |schema: &&&KindSchema| matches!(schema.identity, Identity::Uuid(..)) && referred.contains(&(schema.kind, ARN));
        let ids: Vec<_> = schemas.values().filter(invented).map(|schema| (schema.kind, ID)).collect();
        referred.extend(ids);
        Self { referred: Some(referred), ..Self::default() }
    }

    /// The index of all outputs of these resources.
    #[must_use]
    pub fn of<'a>(owned: impl IntoIterator<Item = (&'a ResourceId, &'a Live)>) -> Self {
        let mut index = Self::default();
        for (id, live) in owned {
            index.add(id, live);
        }
        index
    }

    /// Makes space for so many more resources of a kind. A table that grows asks for large pieces of memory again and again.
    pub(super) fn reserve(&mut self, kind: &'static str, region: Region, resources: usize) {
        let outputs = self.referred.iter().flatten().filter(|(referred, _)| *referred == kind);
        for (_, output) in outputs {
            let of_kind = self.owners.entry(Shared::common(kind)).or_default();
            let owners = of_kind.entry(Shared::common(output)).or_default();
            owners.entry(region).or_default().reserve(resources);
        }
    }

    /// Adds the outputs of one resource.
    pub fn add(&mut self, id: &ResourceId, live: &Live) {
        if !self.owners.contains_key(&id.kind) {
            self.owners.insert(id.kind.clone(), BTreeMap::new());
        }
        let Some(outputs) = self.owners.get_mut(&id.kind) else { return };
        for (output, identifier) in &live.outputs {
            if self.referred.as_ref().is_some_and(|referred| !referred.contains(&(id.kind.as_str(), output.as_str()))) {
                continue;
            }
            if !outputs.contains_key(output) {
                outputs.insert(output.clone(), Owners::new());
            }
            if let Some(owners) = outputs.get_mut(output) {
                let reference = Reference { to: id.clone(), output: output.clone() };
                owners.entry(id.region).or_default().insert(identifier.clone(), Arc::new(reference));
            }
        }
    }

    /// Adds the other name that AWS gives an object: the ARN of a key's alias. An alias leads to the key that has it now.
    pub(super) fn add_alias(&mut self, schema: &KindSchema, id: &ResourceId, live: &Live) {
        let Some(unique) = schema.unique.filter(|_| matches!(schema.identity, Identity::Uuid(..))) else { return };
        let alias = live.attributes.text(unique).and_then(equality::alias);
        let Some((arn, alias)) = live.outputs.get(ARN).zip(alias) else { return };
        let Some((home, _)) = arn.rsplit_once(':') else { return };
        let of_kind = self.owners.entry(Shared::common(schema.kind)).or_default();
        let aliases = of_kind.entry(Shared::common(ALIAS)).or_default();
        let reference = Arc::new(Reference::new(id, ALIAS));
        aliases.entry(id.region).or_default().insert(Shared::from(format!("{home}:{alias}")), reference);
    }

    /// Adds what follows from declarations: the outputs of declared resources that are not there ([`declared`]). What something
    /// live has stays its own.
    pub fn declare(&mut self, outputs: impl IntoIterator<Item = (ResourceId, Pairs)>) {
        for (id, outputs) in outputs {
            for (output, identifier) in &outputs {
                if self.keeps(&id, output) {
                    let of_kind = self.owners.entry(id.kind.clone()).or_default();
                    let owners = of_kind.entry(output.clone()).or_default();
                    let reference = || Arc::new(Reference { to: id.clone(), output: output.clone() });
                    owners.entry(id.region).or_default().entry(identifier.clone()).or_insert_with(reference);
                }
            }
        }
    }

    /// Whether a link can lead to this output.
    fn keeps(&self, id: &ResourceId, output: &Shared) -> bool {
        self.referred.as_ref().is_none_or(|referred| referred.contains(&(id.kind.as_str(), output.as_str())))
    }

    /// Names repeat between regions, so a name is looked up in the region where it is used. ARNs and ids are unique everywhere.
    fn find(&self, kind: &str, output: &str, region: Region, identifier: &str) -> Option<&Arc<Reference>> {
        let owners = self.owners.get(kind)?.get(output)?;
        let at = |region: Region| owners.get(&region)?.get(identifier);
        let everywhere = || (output != "name").then(|| Region::ALL.into_iter().find_map(at)).flatten();
        at(region).or_else(|| at(Region::Global)).or_else(everywhere)
    }

    /// The same for another identifier than the one that a link has in AWS's answers. A bare name is none: it may be any text.
    fn find_otherwise(&self, kind: &str, output: &str, region: Region, identifier: &str) -> Option<&Arc<Reference>> {
        if !equality::is_identifier(identifier) {
            return None;
        }
        let outputs = self.owners.get(kind).filter(|outputs| outputs.len() > 1)?;
        let others = outputs.keys().filter(|other| **other != output && **other != "name");
        others.into_iter().find_map(|other| self.find(kind, other, region, identifier))
    }
}

/// The outputs of what is declared and not there, where the declaration alone says what AWS will call it. Its identifiers in
/// other resources are no difference: they lead to it as soon as it is back. `there`: whether something live is this resource.
/// An identifier that something else holds is not told (`taken`): who holds it may be the resource, unrecognised.
pub fn declared<'a>(
    desired: &'a DesiredState,
    schemas: &'a Schemas,
    taken: &'a BTreeMap<(Shared, Region, String), Live>,
    there: impl Fn(&ResourceId) -> bool + 'a,
) -> impl Iterator<Item = (ResourceId, Pairs)> + 'a {
    let mut schema_of = schema_of(schemas);
    desired.resources.iter().filter_map(move |(id, resource)| {
        let schema = schema_of(&id.kind)?;
        let name =
            schema.name.map(|(name, _)| name).filter(|name| schema.identity.is_declared() && schema.unique == Some(*name))?;
        let held = || Some((id.kind.clone(), id.region, equality::name(resource.attributes.text(name)?)));
        if there(id) || held().is_none_or(|held| taken.contains_key(&held)) {
            return None;
        }
        let home = Home { account: &desired.account, region: id.region };
        Some((id.clone(), schema.declared_outputs(&home, &resource.attributes)?))
    })
}

/// Replaces the identifiers of our own resources by references, in the attributes that the schema says are links.
#[must_use]
pub fn lift(schema: &KindSchema, region: Region, attributes: &Attributes, index: &Index) -> Attributes {
    let mut lifted = attributes.clone();
    lift_in(schema, region, &mut lifted, index, None);
    lifted
}

/// The same as [`lift`], in place. A link that leads where the declared one leads becomes the declaration's copy of it.
pub(super) fn lift_in(
    schema: &KindSchema,
    region: Region,
    attributes: &mut Attributes,
    index: &Index,
    declared: Option<&Attributes>,
) {
    for link in schema.attributes.iter().filter(|attribute| !attribute.refers_to.is_empty()) {
        let target = |identifier: &str| {
            let targets = || link.refers_to.iter();
            let found = targets().find_map(|(kind, output)| Some((index.find(kind, output, region, identifier)?, *output)));
            found.or_else(|| {
                targets().find_map(|(kind, output)| Some((index.find_otherwise(kind, output, region, identifier)?, *output)))
            })
        };
        attributes.replace_one(link.name, |value| {
            if let Some(same) =
                declared.and_then(|declared| declared.get(link.name)).filter(|same| lifts_to(value, same, &target))
            {
                return Some(same.clone());
            }
            value.replaced(&mut |leaf| {
                let Value::Text(text) = leaf else { return None };
                target(text).map(|(reference, output)| {
                    if reference.output == output {
                        Value::Ref(Arc::clone(reference))
                    } else {
                        Value::from(Reference::new(&reference.to, output))
                    }
                })
            })
        });
    }
}

/// Whether this value, lifted, is the other one. `target`: where an identifier leads, and to which output.
fn lifts_to<'i>(value: &Value, other: &Value, target: &impl Fn(&str) -> Option<(&'i Arc<Reference>, &'i str)>) -> bool {
    match (value, other) {
        (Value::Text(identifier), _) => match (target(identifier), other) {
            (Some((found, output)), Value::Ref(reference)) => found.to == reference.to && reference.output == *output,
            (None, other) => value == other,
            _ => false,
        },
        (Value::List(items), Value::List(others)) => {
            items.len() == others.len() && items.iter().zip(others.iter()).all(|(item, other)| lifts_to(item, other, target))
        }
        (Value::Map(items), Value::Map(others)) => {
            let mut pairs = items.iter().zip(others.iter());
            items.len() == others.len() && pairs.all(|((key, item), (also, other))| key == also && lifts_to(item, other, target))
        }
        _ => value == other,
    }
}

/// Calls `f` for the references that a difference brings: its value before does not have them.
pub fn visit_new<'a>(diff: &'a Diff, f: &mut impl FnMut(&'a Reference)) {
    let mut before = BTreeSet::new();
    diff.before.visit_references(&mut |reference| _ = before.insert(reference));
    diff.after.visit_references(&mut |reference| {
        if !before.contains(reference) {
            f(reference);
        }
    });
}

/// Replaces references by identifiers. `outputs`: those of each resource, by name.
///
/// # Errors
/// The first reference whose target has no such output yet.
pub fn lower(attributes: &Attributes, outputs: &BTreeMap<ResourceId, Pairs>) -> Result<Attributes, Reference> {
    lower_by(attributes, |id| outputs.get(id))
}

/// The same with a function that finds the outputs of a resource.
///
/// # Errors
/// As those of [`lower`].
pub fn lower_by<'a>(
    attributes: &Attributes,
    outputs: impl Fn(&ResourceId) -> Option<&'a Pairs>,
) -> Result<Attributes, Reference> {
    let mut missing = None;
    let lowered = attributes.replaced(|_, value| {
        value.replaced(&mut |leaf| {
            let Value::Ref(reference) = leaf else { return None };
            let identifier = outputs(&reference.to).and_then(|outputs| outputs.get(&reference.output));
            if identifier.is_none() {
                missing.get_or_insert_with(|| Reference::clone(reference));
            }
            identifier.map(|identifier| Value::from(identifier.clone()))
        })
    });
    missing.map_or(Ok(lowered), Err)
}
