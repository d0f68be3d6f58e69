//! How RDS behaves: lower-case names; a group in use cannot be deleted.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint};

pub struct DbParameterGroup;

impl Behaviour for DbParameterGroup {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_ascii_lowercase();
        let arn = mint.arn("rds", &format!("pg:{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.set_default("parameters", Value::from(BTreeMap::new()));
    }

    fn normalise(&self, attributes: &mut Attributes) {
        if let Some(name) = attributes.text("name").map(str::to_ascii_lowercase) {
            attributes.set("name", name);
        }
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
