//! How S3 behaves: names are unique in all of AWS, a new bucket is private and encrypted and nothing more, and Object
//! Lock needs versions and never goes away.

use super::{ENCRYPTION, SWITCHES, at};
use crate::kinds::prelude::*;
use crate::model::observed::ANOTHER_ACCOUNT;

pub static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::versioning.name(), Given::Bool(false)),
        (at::object_lock.name(), Given::Bool(false)),
        (at::default_retention.name(), Given::EmptyMap),
        (at::encryption.name(), Given::Text(ENCRYPTION)),
        (at::public_access_block.name(), Given::Made(|| Value::map(SWITCHES.map(|switch| (switch, true))))),
        (at::object_ownership.name(), Given::Text("BucketOwnerEnforced")),
        (at::lifecycle.name(), Given::EmptyList),
    ],
    // Object Lock that is asked for at creation switches versions on.
    complete: |attributes| {
        if attributes.typed(at::object_lock) == Some(true) {
            attributes.put(at::versioning, true);
        }
    },
    check,
    global_names: true,
    // A bucket of another account that holds our name does not become ours by waiting.
    readiness: |state| if state == ANOTHER_ACCOUNT { Status::Failed(state.to_owned()) } else { Status::Ready },
    ..Behaviour::of(Identity::NamedBy(|_, attributes| format!("arn:aws:s3:::{}", attributes.typed(at::name).unwrap_or_default())))
};

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let locked = attributes.typed(at::object_lock) == Some(true);
    if locked && attributes.typed(at::versioning) != Some(true) {
        let message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed";
        return Err(ApiRefusal::invalid("InvalidBucketState", message));
    }
    if !locked && attributes.typed(at::default_retention).is_some_and(|retention| !retention.is_empty()) {
        return Err(ApiRefusal::invalid("InvalidRequest", "Bucket is missing Object Lock Configuration"));
    }
    Ok(())
}
