//! The identifiers of resources, shared by running steps. The lock is held briefly and never across a call.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::model::{Attributes, KindSchema, Live, ObservedState, Pairs, Reference, Region, ResourceId};
use crate::plan::links::{self, Index};

#[derive(Debug, Default)]
struct Known {
    outputs: BTreeMap<ResourceId, Pairs>,
    index: Index,
}

#[derive(Debug)]
pub(super) struct Bindings(RwLock<Known>);

impl Bindings {
    pub(super) fn of(observed: &ObservedState) -> Self {
        let outputs = observed.owned.iter().map(|(id, live)| (id.clone(), live.outputs.clone())).collect();
        Self(RwLock::new(Known { outputs, index: Index::of(&observed.owned) }))
    }

    pub(super) fn add(&self, id: &ResourceId, live: &Live) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.outputs.insert(id.clone(), live.outputs.clone());
        known.index.add(id, live);
    }

    pub(super) fn lift(&self, schema: &KindSchema, region: Region, attributes: &Attributes) -> Attributes {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        links::lift(schema, region, attributes, &known.index)
    }

    pub(super) fn lower(&self, attributes: &Attributes) -> Result<Attributes, Reference> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        links::lower(attributes, &known.outputs)
    }
}
