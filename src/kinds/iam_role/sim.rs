//! How IAM behaves: role names are unique in the account.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint};

pub struct IamRole;

impl Behaviour for IamRole {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_owned();
        let path = attributes.text("path").unwrap_or("/");
        let arn = mint.arn("iam", &format!("role{path}{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.entry("managed_policies".to_owned()).or_insert(Value::List(Vec::new()));
        attributes.entry("path".to_owned()).or_insert(Value::from("/"));
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
