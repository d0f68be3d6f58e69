//! How AWS Backup behaves: a vault needs a key of its own region, and one that rules name cannot be deleted.

use super::{at, readiness};
use crate::world::behaviour::{Behaviour, Identity, LinkCheck};

pub static SIM: Behaviour = Behaviour {
    links: &[LinkCheck::new(at::kms_key.name(), "InvalidParameterValueException", "The key {} does not exist in this region")],
    settled: "AVAILABLE",
    ..Behaviour::of(Identity::Named("backup", "backup-vault:"), readiness)
};
