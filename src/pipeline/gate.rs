//! Gates: pure decisions that refuse (exit 5), each with the reason and what to do next.

use jiff::Timestamp;

use crate::govern::approval::Refusal;
use crate::govern::permit::{Beyond, listed};
use crate::govern::policies;
use crate::kinds;
use crate::model::plan::PLAN_VERSION;
use crate::model::{DesiredState, Environment, ObservedState, Plan, PlanBody, ReleaseRef, Roles, Unreadable};
use crate::plan::{self, Unexplained};
use crate::store::{LeaseRecord, Record, spent};
use crate::world::Caller;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Gate {
    #[error(
        "wrong account: {environment} is {expected} and the credentials belong to {found} ({arn}); nothing else was called. Use credentials of {expected}, or correct `account:`"
    )]
    WrongAccount { environment: String, expected: String, found: String, arn: String },
    #[error("this plan is for {planned} and the project's {environment} is {expected}; plan again")]
    OtherTarget { planned: String, environment: String, expected: String },
    #[error("the plan expired at {expires_at}; plan again (a plan is good for 24 hours)")]
    Expired { expires_at: String },
    #[error("the plan was used at {at}; plan again (a plan is used once)")]
    Used { at: String },
    #[error("the configuration changed since the plan was made ({planned} then, {now} now); plan again")]
    OtherConfiguration { planned: String, now: String },
    #[error("the plan was made for {planned} and {environment} is on {now}; plan again")]
    OtherRelease { environment: String, planned: String, now: String },
    #[error("policies/roles.yaml changed since the plan was made; plan again, and have it approved under the roles of today")]
    OtherRoles,
    #[error(
        "policies/*.rego are not those that judged the plan ({planned} then, {now} now); plan again, and have it judged by those of today"
    )]
    OtherPolicies { planned: String, now: String },
    #[error("a policy does not let plan {plan} pass, so an approval would be worth nothing; nothing was signed{}", listed(.refusals))]
    Denied { plan: String, refusals: Vec<Refusal> },
    #[error(
        "{place}: policy {policy} refuses what the plan would leave now, and the plan does not say so; nothing was changed; plan again"
    )]
    PolicyRefuses { policy: String, place: String },
    #[error("{environment} does not let plan {plan} pass; nothing was changed{}{}", listed(.refusals), if *.saved { String::new() } else { how_to_save(.environment) })]
    NotPermitted { environment: String, plan: String, refusals: Vec<Refusal>, saved: bool },
    #[error("the approvals cannot be read: {0}")]
    Papers(String),
    #[error("the plan was made by tokaido {planned} and this is {now}; plan again")]
    OtherTool { planned: String, now: String },
    #[error(
        "release {release} was cut with tokaido {cut_with} and this is {now}, which may compile it otherwise; use tokaido {cut_with}, or cut a new release and promote that"
    )]
    ReleaseOfOtherTool { release: String, cut_with: String, now: String },
    #[error("the plan file was altered: its body has the id {found} and it says {claimed}; plan again")]
    Altered { claimed: String, found: String },
    #[error("the plan file was altered: its times, nonce, caller or world are not what was sealed; plan again")]
    Resealed,
    #[error("the plan file was altered: {}; plan again", .0.join("; "))]
    Contradicts(Vec<String>),
    #[error("the plan is not what the files and AWS ask for: {what}; nothing was changed; plan again")]
    Unexplained { what: String },
    #[error("this plan was made in another world ({planned}) and this is {now}; plan again here")]
    OtherWorld { planned: String, now: String },
    #[error(
        "another apply of {environment} is running: {holder}. One at a time: its lease ends at {until} if nobody renews it, and is then taken over without anybody's help. Wait for it with `--wait 10m`, or run the same command again"
    )]
    Held { environment: String, holder: String, until: String },
    #[error("{reason}; nothing was changed; plan again")]
    Fenced { reason: String },
    #[error("the plan is of version {found} and this tokaido executes version {expected}; plan again")]
    OtherFormat { found: u32, expected: u32 },
    #[error("the world moved since the plan was made: {reason}; nothing was changed; plan again")]
    Stale { reason: String },
    #[error(
        "bootstrap asks for no release and no approval, so it only makes what is missing; {id} exists and differs in {what}: this is drift, and the ordinary road repairs it: tokaido apply {environment}"
    )]
    NotMissing { environment: String, id: String, what: String },
    #[error("{0}")]
    Unconfirmed(String),
}

fn how_to_save(environment: &str) -> String {
    format!(
        "\n  - approvals bind a saved plan, and this one was made just now\n    next: tokaido plan {environment} --save, have it approved, apply the saved plan"
    )
}

impl Gate {
    pub(super) fn beyond(environment: Environment, beyond: Beyond) -> Self {
        Self::NotMissing { environment: environment.to_string(), id: beyond.id, what: beyond.what }
    }

    pub(super) fn held(environment: Environment, lease: &LeaseRecord) -> Self {
        Self::Held { environment: environment.to_string(), holder: lease.to_string(), until: format!("{:.0}", lease.expires_at) }
    }
}

pub(super) fn account(desired: &DesiredState, caller: &Caller) -> Result<(), Gate> {
    if caller.account == desired.account {
        return Ok(());
    }
    Err(Gate::WrongAccount {
        environment: desired.environment.to_string(),
        expected: desired.account.clone(),
        found: caller.account.clone(),
        arn: caller.arn.clone(),
    })
}

/// The version of the tool is part of what was frozen and tried in the environment before.
pub(super) fn release_tool(desired: &DesiredState, tool_version: &str) -> Result<(), Gate> {
    match (&desired.release, &desired.release_tool) {
        (Some(release), Some(cut_with)) if cut_with != tool_version => Err(Gate::ReleaseOfOtherTool {
            release: release.id.clone(),
            cut_with: cut_with.clone(),
            now: tool_version.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether a plan is for the account that the files name.
pub(super) fn target(plan: &Plan, desired: &DesiredState) -> Result<(), Gate> {
    let body = &plan.body;
    if body.environment == desired.environment && body.account == desired.account {
        return Ok(());
    }
    Err(Gate::OtherTarget {
        planned: format!("{} ({})", body.environment, body.account),
        environment: desired.environment.to_string(),
        expected: desired.account.clone(),
    })
}

/// A plan of another version is shown, and neither approved nor applied.
pub fn current(plan: &Plan) -> Result<(), Gate> {
    if plan.is_current() {
        return Ok(());
    }
    Err(Gate::OtherFormat { found: plan.body.schema_version, expected: PLAN_VERSION })
}

/// Whether a saved plan may be executed here and now.
pub(super) fn saved_plan(
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    tool_version: &str,
    now: Timestamp,
    world: Option<&str>,
) -> Result<(), Gate> {
    let body = &plan.body;
    current(plan)?;
    let found = plan.digest();
    if found != plan.id {
        return Err(Gate::Altered { claimed: short(&plan.id), found: short(&found) });
    }
    target(plan, desired)?;
    if plan.seal != plan.sealed() {
        return Err(Gate::Resealed);
    }
    // Whoever can compute an id and a seal can write any body: what follows from the rest is not believed.
    consistent(body)?;
    if let Some(world) = world.filter(|world| *world != plan.world) {
        return Err(Gate::OtherWorld { planned: plan.world.clone(), now: world.to_owned() });
    }
    live(plan, records, now)?;
    if body.digests.tool_version != tool_version {
        return Err(Gate::OtherTool { planned: body.digests.tool_version.clone(), now: tool_version.to_owned() });
    }
    release_tool(desired, tool_version)?;
    let (planned, current) = (
        format!("{}{}", body.digests.configuration, body.digests.promises),
        format!("{}{}", desired.digest, desired.promises_digest),
    );
    if planned != current {
        return Err(Gate::OtherConfiguration { planned: short(&body.digests.configuration), now: short(&desired.digest) });
    }
    if body.digests.roles != desired.roles.as_ref().map(Roles::digest).unwrap_or_default() {
        return Err(Gate::OtherRoles);
    }
    // Two releases may have the same files for this environment; what was approved is one of them.
    if body.release != desired.release {
        let named = |release: &Option<ReleaseRef>| {
            release
                .as_ref()
                .map_or_else(|| "the tree".to_owned(), |release| format!("{} ({})", release.id, short(&release.digest)))
        };
        return Err(Gate::OtherRelease {
            environment: desired.environment.to_string(),
            planned: named(&body.release),
            now: named(&desired.release),
        });
    }
    if body.digests.policies != desired.policies.digest {
        return Err(Gate::OtherPolicies { planned: digest(&body.digests.policies), now: digest(&desired.policies.digest) });
    }
    Ok(())
}

/// Whether a plan's time has neither been used nor run out.
pub fn live(plan: &Plan, records: &[Record], now: Timestamp) -> Result<(), Gate> {
    if let Some(at) = spent(records, &plan.nonce) {
        return Err(Gate::Used { at: at.to_string() });
    }
    // A time that cannot be read counts as past: the plan is not trusted.
    if plan.expires_at.parse::<Timestamp>().is_ok_and(|expires| now < expires) {
        Ok(())
    } else {
        Err(Gate::Expired { expires_at: plan.expires_at.clone() })
    }
}

/// Whether it makes sense to approve a saved plan: everything that `apply` would demand of it, policies included, except
/// the world, which is not asked. What only an emergency can apply needs no signature.
pub fn approvable(
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    tool_version: &str,
    now: Timestamp,
) -> Result<(), Gate> {
    saved_plan(plan, desired, records, tool_version, now, None)?;
    demand(plan::undeclared(&plan.body, desired, &kinds::schemas(), None))?;
    let refusals = policies::refusals(&plan.body);
    if refusals.is_empty() { Ok(()) } else { Err(Gate::Denied { plan: short(&plan.id), refusals }) }
}

fn digest(of: &str) -> String {
    if of.is_empty() { "none".to_owned() } else { short(of) }
}

/// Whether everything in a plan that follows from the rest is told right. Needs nothing but the plan.
pub fn consistent(body: &PlanBody) -> Result<(), Gate> {
    demand(plan::contradictions(body, &kinds::schemas()))
}

pub(super) fn demand(wrong: Vec<String>) -> Result<(), Gate> {
    if wrong.is_empty() { Ok(()) } else { Err(Gate::Contradicts(wrong)) }
}

impl From<Unexplained> for Gate {
    fn from(unexplained: Unexplained) -> Self {
        match unexplained {
            Unexplained::Moved(reason) => Self::Stale { reason },
            Unexplained::Altered(what) => Self::Unexplained { what },
        }
    }
}

fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

/// What a step is about must be readable now: a create could otherwise make a second one.
pub(super) fn readable(plan: &Plan, observed: &ObservedState) -> Result<(), Gate> {
    let concerns = |failed: &&Unreadable| plan.body.steps.iter().any(|step| failed.hides(&step.id));
    let Some(first) = observed.unreadable.iter().find(concerns) else { return Ok(()) };
    if let (Some(id), true) = (&first.id, first.unanswered.is_some()) {
        return Err(Gate::Stale { reason: format!("whether {id} was made by an earlier apply is unknown: {}", first.error) });
    }
    Err(Gate::Stale { reason: format!("{} in {} cannot be read now: {}", first.kind, first.region, first.in_full()) })
}
