//! From physical identifiers to references ([`lift`]) and back ([`lower`]).

use std::collections::BTreeMap;

use crate::model::{Attributes, KindSchema, Live, Reference, Region, ResourceId, Value};

/// Which resource of ours a physical identifier belongs to: (kind, output, region, identifier) → id.
#[derive(Debug, Default)]
pub struct Index {
    owners: BTreeMap<(String, String, Region, String), ResourceId>,
}

impl Index {
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
        for (output, identifier) in &live.outputs {
            self.owners.insert((id.kind.clone(), output.clone(), id.region, identifier.clone()), id.clone());
        }
    }

    /// Names repeat between regions, so a name is looked up in the region where it is used. ARNs and ids are unique everywhere.
    fn find(&self, kind: &str, output: &str, region: Region, identifier: &str) -> Option<&ResourceId> {
        let at = |region: Region| self.owners.get(&(kind.to_owned(), output.to_owned(), region, identifier.to_owned()));
        let everywhere = || (output != "name").then(|| Region::ALL.into_iter().find_map(at)).flatten();
        at(region).or_else(|| at(Region::Global)).or_else(everywhere)
    }
}

/// Replaces the identifiers of our own resources by references, in the attributes that the schema says are links.
#[must_use]
pub fn lift(schema: &KindSchema, region: Region, attributes: &Attributes, index: &Index) -> Attributes {
    attributes.replaced(|name, value| {
        let attribute = schema.attribute(name).filter(|attribute| !attribute.refers_to.is_empty())?;
        value.replaced(&mut |leaf| {
            let identifier = leaf.as_text()?;
            attribute.refers_to.iter().find_map(|(kind, output)| {
                index.find(kind, output, region, identifier).map(|id| Value::from(Reference::new(id, output)))
            })
        })
    })
}

/// Replaces references by identifiers. `outputs`: those of each resource, by name.
///
/// # Errors
/// The first reference whose target has no such output yet.
pub fn lower(attributes: &Attributes, outputs: &BTreeMap<ResourceId, BTreeMap<String, String>>) -> Result<Attributes, Reference> {
    let mut missing = None;
    let lowered = attributes.replaced(|_, value| {
        value.replaced(&mut |leaf| {
            let Value::Ref(reference) = leaf else { return None };
            let identifier = outputs.get(&reference.to).and_then(|outputs| outputs.get(&reference.output));
            if identifier.is_none() {
                missing.get_or_insert_with(|| Reference::clone(reference));
            }
            identifier.map(|identifier| Value::from(identifier.as_str()))
        })
    });
    missing.map_or(Ok(lowered), Err)
}
