//! How RDS behaves: lower-case names; a group in use cannot be deleted.

use super::{at, readiness};
use crate::world::behaviour::{Behaviour, Given, Identity, fold};

pub static SIM: Behaviour = Behaviour {
    defaults: &[(at::parameters.name(), Given::EmptyMap)],
    normalise: |attributes| fold(attributes, &[at::name.name()]),
    ..Behaviour::of(Identity::Named("rds", "pg:"), readiness)
};
