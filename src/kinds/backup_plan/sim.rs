//! How AWS Backup behaves: plan names are not unique, a copy needs its vault, start windows are at least an hour.

use std::collections::BTreeMap;

use crate::kinds::kit::Spec as _;
use crate::model::{Attributes, Region, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal, SimObject};

pub struct BackupPlan;

impl Behaviour for BackupPlan {
    fn identify(&self, mint: &Mint<'_>, _: &Attributes) -> (String, BTreeMap<String, String>) {
        let id = mint.uuid();
        let arn = mint.arn("backup", &format!("backup-plan:{id}"));
        (id.clone(), [("id".to_owned(), id), ("arn".to_owned(), arn)].into())
    }

    fn add_defaults(&self, attributes: &mut Attributes) {
        for name in ["rules", "copies", "selections"] {
            attributes.set_default(name, Value::from(Vec::<Value>::new()));
        }
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let spec = super::Spec::raise(attributes)
            .map_err(|error| Refusal::invalid("InvalidParameterValueException", format!("the plan cannot be read: {error}")))?;
        let missing = |what: &str| Refusal::invalid("InvalidParameterValueException", format!("{what} does not exist"));
        for rule in &spec.rules {
            if rule.start_window_minutes < 60 {
                return Err(Refusal::invalid("InvalidParameterValueException", "StartWindowMinutes must be at least 60"));
            }
            if let Ok(vault) = rule.vault.physical()
                && !neighbours.exists("backup-vault", "name", vault)
            {
                return Err(missing(vault));
            }
        }
        for copy in &spec.copies {
            // Whether a vault of another region exists is not asked when a plan is written.
            if let Ok(vault) = copy.vault.physical()
                && vault.split(':').nth(3).is_none_or(|region| Region::from_code(region).is_some())
                && !neighbours.exists("backup-vault", "arn", vault)
            {
                return Err(missing(vault));
            }
        }
        Ok(())
    }

    /// Deleting a plan with selections: the driver removes them first, as AWS demands.
    fn deletable(&self, _: &SimObject, _: &dyn Neighbours) -> Result<(), Refusal> {
        Ok(())
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
