//! How AWS Backup behaves: a vault that rules name cannot be deleted.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal};

pub struct BackupVault;

impl Behaviour for BackupVault {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_owned();
        let arn = mint.arn("backup", &format!("backup-vault:{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, _: &mut Attributes) {}

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let key = attributes.text("kms_key").unwrap_or_default();
        if !neighbours.exists("kms-key", "arn", key) {
            return Err(Refusal::invalid(
                "InvalidParameterValueException",
                format!("The key {key} does not exist in this region"),
            ));
        }
        Ok(())
    }

    fn settled(&self) -> &'static str {
        "AVAILABLE"
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
