//! The kinds of resource: one folder for each kind says what the program knows of it.
//!
//! In: nothing is read at run time. The files of a folder are the source:
//! - `mod.rs`: the typed spec with its rows, the operations, and how AWS behaves; `sim.rs` where that is long.
//! - `example.yaml`: a complete resource for the conformance suite.
//! - `settings.txt`: what AWS has for the kind, from AWS's own service models; a program writes it.
//!
//! Out: [`ALL`], the registry of the kinds, and for each kind a [`Kind`]: the rows for the planner, `explain` and the policy
//! input, the behaviour for the simulated world, the operations for the drivers, `doctor` and the permission files.
//! How AWS is called for a kind is a file of `aws::drivers`. Beside the folders: what belongs to no kind, such as the policy
//! documents that tokaido declares ([`documents`]) and quotas.
//!
//! Must not import: anything but `model` and `world`.
//!
//! An observed kind is declared by no file: of it there are a listing, rows and a behaviour, and no operation that changes
//! something (docs/adr/0026-observed-kinds.md).
//!
//! Guarantees: an attribute's name is spelled in its row and nowhere else. A new kind is one folder and two lines here (its
//! module, and its place in the list behind [`ALL`]), and one file with one line in `aws::drivers`.

#![deny(missing_docs)]

pub mod backup_plan;
pub mod backup_vault;
pub mod bucket;
pub mod catalogue;
pub mod data_store;
pub mod db_cluster;
pub mod db_instance;
pub mod db_parameter_group;
pub mod db_subnet_group;
pub mod dhcp_options;
pub mod documents;
pub mod endpoint_service;
pub mod facts;
pub mod iam_role;
mod kind;
pub mod kit;
pub mod kms_key;
pub mod nat_gateway;
pub mod network_acl;
pub mod network_interface;
pub mod operations;
pub mod prefix_list;
pub mod prelude;
pub mod quotas;
pub mod requests;
pub mod route_table;
pub mod security_group;
pub mod session;
pub mod settings;
pub mod subnet;
pub mod tagging;
pub mod transit_gateway_attachment;
pub mod transit_gateway_table;
pub mod vpc;
pub mod vpc_endpoint;
pub mod vpc_peering;
pub mod vpn_gateway;

use std::sync::Once;

use crate::model::schema::{AttributeSchema, Comparison};
use crate::model::{Impact, Schemas, slug, tags};

pub use kind::{Kind, Registered, Wait};

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
    &route_table::KIND,
    &network_acl::KIND,
    &data_store::KIND,
    &db_cluster::KIND,
    &network_interface::KIND,
    &vpc_peering::KIND,
    &vpn_gateway::KIND,
    &nat_gateway::KIND,
    &vpc_endpoint::KIND,
    &endpoint_service::KIND,
    &prefix_list::KIND,
    &transit_gateway_attachment::KIND,
    &transit_gateway_table::KIND,
];

const COUNT: usize = LIST.len();

/// Every kind, in the order in which the documentation shows them.
pub static ALL: [&Kind; COUNT] = *LIST.first_chunk().expect("the list is as long as itself");

/// The kind of this name (`db-instance`); `None` for a name that no kind has.
#[must_use]
pub fn find(kind: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|known| known.schema.kind == kind)
}

/// The kinds that files declare: all but the observed ones.
pub fn declared() -> impl Iterator<Item = &'static Kind> {
    ALL.into_iter().filter(|kind| !kind.schema.observed)
}

/// The kinds that a plan lists, and about which a policy may ask: all but those that only an audit lists.
pub fn planned() -> impl Iterator<Item = &'static Kind> {
    ALL.into_iter().filter(|kind| !kind.audit_only)
}

/// The schema of every kind, by the kind's name.
#[must_use]
pub fn schemas() -> Schemas {
    static NAMES: Once = Once::new();
    NAMES.call_once(|| ALL.iter().flat_map(|kind| kind.schema.attributes).for_each(|attribute| attribute.name.intern()));
    ALL.into_iter().map(|kind| (kind.schema.kind, kind.schema)).collect()
}

/// The row of the attribute `tags` of an observed kind.
pub const SEEN_TAGS: AttributeSchema = AttributeSchema::row(tags::ATTRIBUTE, "Tags")
    .about("All its tags. They make nothing of it tokaido's.", "付いているタグです。tokaido のものかどうかの判断には使いません。")
    .source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html")
    .compare(Comparison::Tags);

/// The row of the attribute `tags`, which every other kind has. `#[derive(Kind)]` puts it last.
pub const TAGS: AttributeSchema = AttributeSchema::row(tags::ATTRIBUTE, "Tags")
    .about(
        "Whose it is: environment, id, tenant and class of the data. Only keys that begin with tokaido: \
                are compared; others are left alone.",
        "環境、識別子、テナント、データの分類を示すタグです。tokaido: で始まるキーだけを比べ、ほかには触れません。",
    )
    .source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html")
    .compare(Comparison::Tags)
    .impact(Impact::TagsOnly)
    .promise(slug::LABELLING);
