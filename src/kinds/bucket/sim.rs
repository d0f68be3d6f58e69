//! How S3 behaves: names are unique in all of AWS, a new bucket is private and encrypted and nothing more, and Object
//! Lock needs versions and never goes away.

use std::collections::BTreeMap;

use super::ENCRYPTION;
use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct Bucket;

/// What S3 gives to a request that does not say.
fn defaults() -> [(&'static str, Value); 7] {
    let on = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    [
        ("versioning", Value::Bool(false)),
        ("object_lock", Value::Bool(false)),
        ("default_retention", Value::from(BTreeMap::new())),
        ("encryption", Value::from(ENCRYPTION)),
        ("public_access_block", Value::map(on.map(|switch| (switch, true)))),
        ("object_ownership", Value::from("BucketOwnerEnforced")),
        ("lifecycle", Value::from(Vec::<Value>::new())),
    ]
}

impl Behaviour for Bucket {
    fn identify(&self, _: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_owned();
        let arn = format!("arn:aws:s3:::{name}");
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        for (name, value) in defaults() {
            attributes.set_default(name, value);
        }
        // Asked for at creation, the lock brings the versions with it.
        if attributes.get("object_lock") == Some(&Value::Bool(true)) {
            attributes.set("versioning", true);
        }
    }

    fn check(&self, attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
        let locked = attributes.get("object_lock") == Some(&Value::Bool(true));
        if locked && attributes.get("versioning") != Some(&Value::Bool(true)) {
            let message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed";
            return Err(Refusal::invalid("InvalidBucketState", message));
        }
        let retention = attributes.get("default_retention").and_then(Value::as_map).is_some_and(|map| !map.is_empty());
        if retention && !locked {
            return Err(Refusal::invalid("InvalidRequest", "Bucket is missing Object Lock Configuration"));
        }
        Ok(())
    }

    fn global_names(&self) -> bool {
        true
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
