//! How IAM behaves: role names are unique in the account, and inline policies have a limit together.

use std::collections::BTreeMap;

use super::permissions;
use crate::model::{Attributes, Status, Value};
use crate::world::ErrorClass;
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct IamRole;

impl Behaviour for IamRole {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_owned();
        let path = attributes.text("path").unwrap_or("/");
        let arn = mint.arn("iam", &format!("role{path}{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.set_default("managed_policies", Value::from(Vec::<Value>::new()));
        attributes.set_default("inline_policies", Value::from(BTreeMap::new()));
        attributes.set_default("permissions_boundary", Value::from(Vec::<Value>::new()));
        attributes.set_default("path", Value::from("/"));
    }

    fn check(&self, attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
        let documents = attributes.get("inline_policies").and_then(Value::as_map);
        let size: usize = documents.into_iter().flat_map(BTreeMap::values).map(permissions::size).sum();
        if size > permissions::INLINE_LIMIT {
            let message = format!("Maximum policy size of {} bytes exceeded for role", permissions::INLINE_LIMIT);
            return Err(Refusal { class: ErrorClass::Quota, code: "LimitExceeded", message });
        }
        let boundaries = attributes.get("permissions_boundary").and_then(Value::as_list).unwrap_or_default();
        if boundaries.len() > 1 {
            return Err(Refusal::invalid("ValidationError", "a role has one permissions boundary"));
        }
        Ok(())
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
