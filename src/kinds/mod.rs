//! Level 2: one folder per kind of resource.
//!
//! `mod.rs` says what it is (typed spec, schema, operations) and how AWS behaves, in a `sim.rs` of its own where that is
//! long; `calls.rs` names the operations that only some kinds have; `example.yaml` feeds the conformance suite. How to call
//! it is a file of `aws::drivers`. A new kind is one folder and two lines here: its module, and its place in [`ALL`].
//! Imports `model` and `world`.

pub mod backup_plan;
pub mod backup_vault;
pub mod bucket;
pub mod db_instance;
pub mod db_parameter_group;
pub mod db_subnet_group;
pub mod dhcp_options;
pub mod facts;
pub mod iam_role;
pub mod kit;
pub mod kms_key;
pub mod operations;
pub mod prelude;
pub mod quotas;
pub mod security_group;
pub mod session;
pub mod subnet;
pub mod tagging;
pub mod vpc;

use schemars::{Schema, SchemaGenerator};

use operations::Operations;

use crate::model::schema::{AttributeSchema, Comparison};
use crate::model::{Attributes, Impact, KindSchema, Region, Schemas, tags};
use crate::world::behaviour::Behaviour;

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

const LIST: &[&Kind] = &[
    &kms_key::KIND,
    &iam_role::KIND,
    &dhcp_options::KIND,
    &vpc::KIND,
    &subnet::KIND,
    &security_group::KIND,
    &db_subnet_group::KIND,
    &db_parameter_group::KIND,
    &db_instance::KIND,
    &backup_vault::KIND,
    &backup_plan::KIND,
    &bucket::KIND,
];

const COUNT: usize = LIST.len();

/// Every kind, in the order in which a reader meets them.
pub static ALL: [&Kind; COUNT] = *LIST.first_chunk().expect("the list is as long as itself");

#[must_use]
pub fn find(kind: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|known| known.schema.kind == kind)
}

#[must_use]
pub fn schemas() -> Schemas {
    ALL.into_iter().map(|kind| (kind.schema.kind, kind.schema)).collect()
}

/// The attribute every taggable kind has.
pub const TAGS: AttributeSchema = AttributeSchema::row(tags::ATTRIBUTE.as_str(), "Tags")
    .about(
        "Whose it is: environment, id, tenant and class of the data. Only keys that begin with tokaido: \
                are compared; others are left alone.",
        "環境、識別子、テナント、データの分類を示すタグです。tokaido: で始まるキーだけを比べ、ほかには触れません。",
    )
    .source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html")
    .compare(Comparison::Tags)
    .impact(Impact::TagsOnly)
    .promise("labelling");
