//! What the program knows of one kind of resource.

use schemars::{Schema, SchemaGenerator};

use crate::model::{Attributes, KindSchema, Region};
use crate::world::behaviour::Behaviour;

use super::kit;
use super::operations::Operations;

/// How long to wait for a kind, in seconds. Limits follow what the peers found necessary (field notes 3.2).
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    pub poll: u64,
    pub limit: u64,
}

pub struct Kind {
    pub schema: &'static KindSchema,
    pub behaviour: &'static Behaviour,
    /// Regions in which it is listed, whether or not something is declared there.
    pub regions: &'static [Region],
    pub wait: Wait,
    /// What AWS calls the operations on it.
    pub calls: Operations,
    /// Raises to the kind's typed spec and lowers again: what is of another type is refused, what the spec does not know
    /// is lost.
    pub typed: fn(&Attributes) -> Result<Attributes, String>,
    /// The JSON Schema of the typed spec: what a policy may ask of a resource.
    pub shape: fn(&mut SchemaGenerator) -> Schema,
    /// A complete resource, as the conformance suite creates it.
    pub example: &'static str,
}

impl Kind {
    /// A kind of both regions, read within seconds.
    pub const fn of<S: kit::Spec>(
        schema: &'static KindSchema,
        behaviour: &'static Behaviour,
        calls: Operations,
        example: &'static str,
    ) -> Self {
        Self {
            schema,
            behaviour,
            regions: &[Region::Tokyo, Region::Osaka],
            wait: Wait { poll: 2, limit: 5 * 60 },
            calls,
            typed: kit::typed::<S>,
            shape: kit::shape::<S>,
            example,
        }
    }

    /// What its driver asks of AWS. Sorted.
    #[must_use]
    pub fn reads(&self) -> Vec<&'static str> {
        self.calls.reads()
    }

    /// What its driver sends to make, change and delete one. Sorted.
    #[must_use]
    pub fn writes(&self) -> Vec<&'static str> {
        self.calls.writes(self.schema.stateful)
    }
}
