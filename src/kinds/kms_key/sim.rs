//! How KMS behaves: rotation is off unless asked for, and a policy's statements come in another order on every read.

use super::at;
use crate::kinds::prelude::*;

pub static SIM: Behaviour = Behaviour {
    defaults: &[(at::enabled.name(), Given::Bool(true)), (at::description.name(), Given::Text(""))],
    check,
    exclusive: &[at::alias.name()],
    remains: Some("PendingDeletion"),
    creating: Some(("Creating", 3)),
    settled: "Enabled",
    deletable: |object, _| {
        Err(ApiRefusal::in_use("KMSInvalidStateException", format!("{} can only be scheduled for deletion", object.physical)))
    },
    render,
    // A key that waits for its deletion is failed, not absent: data under it stays unreadable when a second key is made.
    readiness: |state| match state {
        "Enabled" | "Disabled" => Status::Ready,
        "Creating" | "Updating" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    },
    ..Behaviour::of(Identity::Uuid("kms", "key/"))
};

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    if let Some(days) = attributes.typed(at::rotation_days)
        && !(90..=2560).contains(&days)
    {
        return Err(ApiRefusal::invalid(
            "ValidationException",
            format!("RotationPeriodInDays {days} is not between 90 and 2560"),
        ));
    }
    if let Some(alias) = attributes.typed(at::alias)
        && (!alias.starts_with("alias/") || alias.starts_with("alias/aws/"))
    {
        return Err(ApiRefusal::invalid("InvalidAliasNameException", format!("{alias} is not an alias of a customer key")));
    }
    Ok(())
}

/// KMS returns the statements of a policy in no fixed order (aws-cli #9456).
fn render(attributes: &mut Attributes, turn: u64) {
    let Some(Value::Map(policy)) = attributes.get(at::policy) else { return };
    let Some(statements) = policy.get("Statement").and_then(Value::as_list).filter(|list| !list.is_empty()) else { return };
    let mut turned = statements.to_vec();
    turned.rotate_left(usize::try_from(turn).unwrap_or(0) % statements.len());
    let turned = Value::list(turned);
    let policy =
        policy.iter().map(|(key, value)| (key.clone(), if &**key == "Statement" { turned.clone() } else { value.clone() }));
    let policy = Value::map(policy);
    attributes.set(at::policy, policy);
}
