//! How KMS behaves: rotation off unless asked for, policies in another order on every read.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal, SimObject};

pub struct KmsKey;

impl Behaviour for KmsKey {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.uuid();
        let arn = mint.arn("kms", &format!("key/{id}"));
        (id.clone(), [("id".to_owned(), id), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        attributes.set_default("enabled", Value::Bool(true));
        attributes.set_default("description", Value::from(""));
    }

    fn check(&self, attributes: &Attributes, _: &dyn Neighbours) -> Result<(), Refusal> {
        if let Some(days) = attributes.int("rotation_days")
            && !(90..=2560).contains(&days)
        {
            return Err(Refusal::invalid(
                "ValidationException",
                format!("RotationPeriodInDays {days} is not between 90 and 2560"),
            ));
        }
        if let Some(alias) = attributes.text("alias")
            && (!alias.starts_with("alias/") || alias.starts_with("alias/aws/"))
        {
            return Err(Refusal::invalid("InvalidAliasNameException", format!("{alias} is not an alias of a customer key")));
        }
        Ok(())
    }

    fn conflicts(&self, attributes: &Attributes, other: &SimObject) -> bool {
        attributes.text("alias").is_some_and(|alias| other.attributes.text("alias") == Some(alias))
    }

    fn remains(&self) -> Option<&'static str> {
        Some("PendingDeletion")
    }

    fn creating(&self) -> Option<(&'static str, u64)> {
        Some(("Creating", 3))
    }

    fn settled(&self) -> &'static str {
        "Enabled"
    }

    fn deletable(&self, object: &SimObject, _: &dyn Neighbours) -> Result<(), Refusal> {
        Err(Refusal::in_use("KMSInvalidStateException", format!("{} can only be scheduled for deletion", object.physical)))
    }

    /// KMS returns the statements of a policy in no fixed order (aws-cli #9456).
    fn render(&self, attributes: &mut Attributes, turn: u64) {
        let Some(mut policy) = attributes.get("policy").and_then(Value::as_map).cloned() else { return };
        if let Some(Value::List(statements)) = policy.get_mut("Statement")
            && !statements.is_empty()
        {
            let mut turned = statements.to_vec();
            turned.rotate_left(usize::try_from(turn).unwrap_or(0) % statements.len());
            *statements = turned.into();
            attributes.set("policy", policy);
        }
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
