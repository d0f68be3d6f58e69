//! The identifiers of resources, shared by running steps. The lock is held briefly and never across a call.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::model::{
    Attributes, DesiredState, Diff, KindSchema, Live, ObservedState, Pairs, Reference, Region, ResourceId, Schemas,
};
use crate::plan::links::{self, Index};

#[derive(Debug, Default)]
struct Known {
    outputs: BTreeMap<ResourceId, Pairs>,
    /// Those of declared resources that are not there, where they follow from the declaration. A live value may hold them.
    declared: BTreeMap<ResourceId, Pairs>,
    index: Index,
}

#[derive(Debug)]
pub(super) struct Bindings(RwLock<Known>);

impl Bindings {
    pub(super) fn of(desired: &DesiredState, observed: &ObservedState, schemas: &Schemas) -> Self {
        let outputs = observed.owned.iter().map(|(id, live)| (id.clone(), live.outputs.clone())).collect();
        let there = |id: &ResourceId| observed.owned.contains_key(id) || observed.ambiguous.contains_key(id);
        let declared: BTreeMap<ResourceId, Pairs> = links::declared(desired, schemas, &observed.taken, there).collect();
        let mut index = Index::of(&observed.owned);
        index.declare(declared.clone());
        Self(RwLock::new(Known { outputs, declared, index }))
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

    /// What a create sends: everything that it refers to is there.
    pub(super) fn lower(&self, attributes: &Attributes) -> Result<Attributes, Reference> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        links::lower(attributes, &known.outputs)
    }

    /// What an update sends: to what the differences refer newly is there. The rest is the live value, which may refer to what is
    /// lost.
    pub(super) fn lower_changed(&self, attributes: &Attributes, diffs: &[Diff]) -> Result<Attributes, Reference> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut missing = None;
        for diff in diffs {
            links::visit_new(diff, &mut |new| missing = missing.or((!known.outputs.contains_key(&new.to)).then_some(new)));
        }
        if let Some(missing) = missing {
            return Err(missing.clone());
        }
        links::lower_by(attributes, |id| known.outputs.get(id).or_else(|| known.declared.get(id)))
    }
}
