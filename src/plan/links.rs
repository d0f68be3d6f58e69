//! From physical identifiers to references ([`lift`]) and back ([`lower`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Attributes, KindSchema, Live, Pairs, Reference, Region, ResourceId, Schemas, Shared, Value};

/// Which resource of ours a physical identifier belongs to: (kind, output, region, identifier) → id.
type Owners = HashMap<(Shared, Region), ResourceId>;

/// The identifiers of our resources by what a link names: a kind, an output, and where the link is used.
#[derive(Debug, Default)]
pub struct Index {
    /// Outputs that any link can name, by kind; `None`: all are kept.
    referred: Option<BTreeSet<(&'static str, &'static str)>>,
    owners: BTreeMap<Shared, BTreeMap<Shared, Owners>>,
}

impl Index {
    /// An empty one that keeps only what these schemas' links can name.
    #[must_use]
    pub fn referred(schemas: &Schemas) -> Self {
        let links = schemas.values().flat_map(|schema| schema.attributes).flat_map(|attribute| attribute.refers_to);
        Self { referred: Some(links.copied().collect()), ..Self::default() }
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
                outputs.insert(output.clone(), HashMap::new());
            }
            if let Some(owners) = outputs.get_mut(output) {
                owners.insert((identifier.clone(), id.region), id.clone());
            }
        }
    }

    /// Names repeat between regions, so a name is looked up in the region where it is used. ARNs and ids are unique everywhere.
    fn find(&self, kind: &str, output: &str, region: Region, identifier: &Shared) -> Option<&ResourceId> {
        let owners = self.owners.get(kind)?.get(output)?;
        let at = |region: Region| owners.get(&(identifier.clone(), region));
        let everywhere = || (output != "name").then(|| Region::ALL.into_iter().find_map(at)).flatten();
        at(region).or_else(|| at(Region::Global)).or_else(everywhere)
    }
}

/// Replaces the identifiers of our own resources by references, in the attributes that the schema says are links.
#[must_use]
pub fn lift(schema: &KindSchema, region: Region, attributes: &Attributes, index: &Index) -> Attributes {
    let mut lifted = attributes.clone();
    lift_in(schema, region, &mut lifted, index);
    lifted
}

/// The same, in place.
pub(super) fn lift_in(schema: &KindSchema, region: Region, attributes: &mut Attributes, index: &Index) {
    attributes.replace(|name, value| {
        let attribute = schema.attribute(name).filter(|attribute| !attribute.refers_to.is_empty())?;
        value.replaced(&mut |leaf| {
            let Value::Text(text) = leaf else { return None };
            let identifier = &Shared::from(Arc::clone(text));
            attribute.refers_to.iter().find_map(|(kind, output)| {
                index.find(kind, output, region, identifier).map(|id| Value::from(Reference::new(id, output)))
            })
        })
    });
}

/// Replaces references by identifiers. `outputs`: those of each resource, by name.
///
/// # Errors
/// The first reference whose target has no such output yet.
pub fn lower(attributes: &Attributes, outputs: &BTreeMap<ResourceId, Pairs>) -> Result<Attributes, Reference> {
    let mut missing = None;
    let lowered = attributes.replaced(|_, value| {
        value.replaced(&mut |leaf| {
            let Value::Ref(reference) = leaf else { return None };
            let identifier = outputs.get(&reference.to).and_then(|outputs| outputs.get(&reference.output));
            if identifier.is_none() {
                missing.get_or_insert_with(|| Reference::clone(reference));
            }
            identifier.map(|identifier| Value::from(identifier.clone()))
        })
    });
    missing.map_or(Ok(lowered), Err)
}
