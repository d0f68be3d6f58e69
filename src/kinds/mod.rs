//! One folder per kind of resource.
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
mod kind;
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

use crate::model::schema::{AttributeSchema, Comparison};
use crate::model::{Impact, Schemas, tags};

pub use kind::{Kind, Wait};

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
