//! How IAM behaves: role names are unique in the account, and inline policies have a limit together.

use super::{at, permissions};
use crate::kinds::prelude::*;

pub static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::managed_policies.name(), Given::EmptyList),
        (at::inline_policies.name(), Given::EmptyMap),
        (at::permissions_boundary.name(), Given::EmptyList),
        (at::path.name(), Given::Text("/")),
    ],
    check,
    ..Behaviour::of(Identity::NamedBy(|mint, attributes| {
        let path = attributes.typed(at::path).unwrap_or_else(|| "/".to_owned());
        mint.arn("iam", &format!("role{path}{}", attributes.typed(at::name).unwrap_or_default()))
    }))
};

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let size: usize = attributes.typed(at::inline_policies).unwrap_or_default().values().map(permissions::size).sum();
    if size > permissions::INLINE_LIMIT {
        let message = format!("Maximum policy size of {} bytes exceeded for role", permissions::INLINE_LIMIT);
        return Err(ApiRefusal { class: ErrorClass::Quota, code: "LimitExceeded", message });
    }
    if attributes.typed(at::permissions_boundary).is_some_and(|boundaries| boundaries.len() > 1) {
        return Err(ApiRefusal::invalid("ValidationError", "a role has one permissions boundary"));
    }
    Ok(())
}
