//! How AWS Backup behaves: plan names are not unique, a copy needs its vault, start windows are at least an hour.

use super::{Spec, at};
use crate::kinds::backup_vault;
use crate::kinds::prelude::*;

const INVALID: &str = "InvalidParameterValueException";

pub static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::rules.name(), Given::EmptyList),
        (at::copies.name(), Given::EmptyList),
        (at::selections.name(), Given::EmptyList),
    ],
    check,
    // AWS refuses to delete a plan with selections; the driver removes the selections first.
    deletable: |_, _| Ok(()),
    ..Behaviour::of(Identity::Uuid("backup", "backup-plan:"))
};

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let spec =
        Spec::raise(attributes).map_err(|error| ApiRefusal::invalid(INVALID, format!("the plan cannot be read: {error}")))?;
    let missing = |what: &str| ApiRefusal::invalid(INVALID, format!("{what} does not exist"));
    for rule in &spec.rules {
        if rule.start_window_minutes < 60 {
            return Err(ApiRefusal::invalid(INVALID, "StartWindowMinutes must be at least 60"));
        }
        if let Ok(vault) = rule.vault.physical()
            && !neighbours.exists(backup_vault::NAME, "name", vault)
        {
            return Err(missing(vault));
        }
    }
    for copy in &spec.copies {
        // Whether a vault of another region exists is not asked when a plan is written.
        if let Ok(vault) = copy.vault.physical()
            && vault.split(':').nth(3).is_none_or(|region| Region::from_code(region).is_some())
            && !neighbours.exists(backup_vault::NAME, "arn", vault)
        {
            return Err(missing(vault));
        }
    }
    Ok(())
}
