//! Typed at the edges, uniform in the middle: an example raised to its kind's spec and lowered again is the same.

use tokaido::kinds::{
    self, backup_plan, backup_vault, bucket, db_instance, db_parameter_group, db_subnet_group, dhcp_options, iam_role, kms_key,
    security_group, subnet, vpc,
};
use tokaido::model::Attributes;

use super::examples;

type Trip = fn(&Attributes) -> Result<Attributes, String>;

/// Types cannot be listed at run time, so this table is written by hand and counted against the registry.
const TRIPS: [(&str, Trip); 12] = [
    (backup_plan::NAME, |from| from.raise::<backup_plan::Spec>().map(|spec| Attributes::lower(&spec))),
    (backup_vault::NAME, |from| from.raise::<backup_vault::Spec>().map(|spec| Attributes::lower(&spec))),
    (bucket::NAME, |from| from.raise::<bucket::Spec>().map(|spec| Attributes::lower(&spec))),
    (db_instance::NAME, |from| from.raise::<db_instance::Spec>().map(|spec| Attributes::lower(&spec))),
    (db_parameter_group::NAME, |from| from.raise::<db_parameter_group::Spec>().map(|spec| Attributes::lower(&spec))),
    (db_subnet_group::NAME, |from| from.raise::<db_subnet_group::Spec>().map(|spec| Attributes::lower(&spec))),
    (dhcp_options::NAME, |from| from.raise::<dhcp_options::Spec>().map(|spec| Attributes::lower(&spec))),
    (iam_role::NAME, |from| from.raise::<iam_role::Spec>().map(|spec| Attributes::lower(&spec))),
    (kms_key::NAME, |from| from.raise::<kms_key::Spec>().map(|spec| Attributes::lower(&spec))),
    (security_group::NAME, |from| from.raise::<security_group::Spec>().map(|spec| Attributes::lower(&spec))),
    (subnet::NAME, |from| from.raise::<subnet::Spec>().map(|spec| Attributes::lower(&spec))),
    (vpc::NAME, |from| from.raise::<vpc::Spec>().map(|spec| Attributes::lower(&spec))),
];

#[test]
fn lowering_and_raising_loses_nothing() {
    for example in examples() {
        let kind = example.kind.schema.kind;
        let (_, trip) = TRIPS.iter().find(|(name, _)| *name == kind).unwrap_or_else(|| panic!("{kind} has no row in this table"));
        assert_eq!(trip(&example.attributes).unwrap_or_else(|error| panic!("{kind}: {error}")), example.attributes, "{kind}");
    }
    assert_eq!(TRIPS.len(), kinds::ALL.len());
}
