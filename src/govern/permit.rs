//! The permit, without which the executor runs nothing. Its fields are private and only this module makes one, so no plan runs
//! without the decisions below.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::compile::bootstrap_set;
use crate::model::digest::hex;
use crate::model::{
    Action, AuthorizationBasis, Change, Class, DesiredState, Diff, Emergency, Environment, Language, ObservedState, Operation,
    Plan, Reading, Reason as _, Roles, Step, Value, is_invisible,
};

use super::approval::{self, standing};
use super::policies;
use super::refusal::{NextStep, Refusal, Why};
use super::statement::Signed;

/// The least number of readable letters in the reason of an emergency override, so that a second person can understand it.
pub const REASON_AT_LEAST: usize = 10;

/// Whether the release of the plan may be applied: yes, or every reason why not. `None` where the plan has no release.
pub type Promotion = Option<Result<(), Vec<Refusal>>>;

/// An emergency override: the operator asks to apply a plan that promotion, policies or approvals do not permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyOverride {
    /// Why the apply cannot wait, as the operator wrote it.
    pub reason: String,
    /// Who runs the apply, as that machine says.
    pub by: String,
}

/// Everything that the gate decides by.
#[derive(Debug, Clone, Copy)]
pub struct PermitInput<'a> {
    /// The plan that is to be applied.
    pub plan: &'a Plan,
    /// The roles in force (`roles::roles_in_force`).
    pub roles: Option<&'a Roles>,
    /// `change.approvals` of the environment.
    pub floor: usize,
    /// The approval evidence: the signed statements that were found.
    pub statements: &'a [Signed],
    /// When an apply of a plan with this body last began.
    pub used: Option<Timestamp>,
    /// The digests of the statements that an apply relied on, hex, and when that apply began.
    pub spent: &'a [(String, Timestamp)],
    /// Whether the release of the plan may be applied.
    pub promotion: &'a Promotion,
    /// The emergency override, when the operator asks for one.
    pub emergency: Option<&'a EmergencyOverride>,
    /// The ARN of the caller, as STS answered. Empty when STS was not asked yet.
    pub caller: &'a str,
    /// The time at which the decision is made, on the world's clock.
    pub now: Timestamp,
}

/// Permits one plan to run, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    plan: String,
    nonce: String,
    basis: AuthorizationBasis,
    emergency: Option<Emergency>,
    promoted: bool,
}

impl Permit {
    /// Whether the release came by promotion. Only then do later looks count for the next environment.
    #[must_use]
    pub const fn promoted(&self) -> bool {
        self.promoted
    }

    /// Whether this is the permit of exactly this plan: its id, its bytes and its nonce.
    #[must_use]
    pub fn covers(&self, plan: &Plan) -> bool {
        self.plan == plan.id && self.plan == plan.digest() && self.nonce == plan.nonce
    }

    /// Why the plan may run, for the record of the apply.
    #[must_use]
    pub const fn basis(&self) -> &AuthorizationBasis {
        &self.basis
    }

    /// The emergency override, which is recorded before anything runs.
    #[must_use]
    pub const fn emergency(&self) -> Option<&Emergency> {
        self.emergency.as_ref()
    }
}

/// Decides whether the plan may run, and on which authorization basis.
///
/// # Errors
/// Every reason why the plan may not run, at once.
pub fn permit(question: &PermitInput<'_>) -> Result<Permit, Vec<Refusal>> {
    let plan = question.plan;
    let environment = plan.body.environment;
    let dev = environment == Environment::Dev;
    let mut refusals = match question.promotion {
        // Dev asks for no release of a plan from the working tree. A pinned release is judged in dev as elsewhere.
        Some(Err(reasons)) if dev && plan.body.release.is_some() => reasons.clone(),
        _ if dev => Vec::new(),
        _ => promotion(question, environment),
    };
    let unchanged = plan.body.is_empty() && plan.body.steps.is_empty();
    // A plan that a policy refuses proves nothing for the next environment, even with an emergency override. A plan that changes
    // nothing does prove, because the look at the environment itself says what is broken.
    let promoted = refusals.is_empty() && (unchanged || !plan.body.is_denied());
    let pass = |basis, emergency| Permit { plan: plan.id.clone(), nonce: plan.nonce.clone(), basis, emergency, promoted };
    let standing = standing(&approval::ApprovalInput {
        plan,
        roles: question.roles,
        floor: question.floor,
        statements: question.statements,
        used: question.used,
        spent: question.spent,
        now: question.now,
    });
    // A plan that changes nothing needs no approval, unless other people may approve after it.
    let same_people = question.roles.map(Roles::digest).unwrap_or_default() == plan.body.digests.roles;
    if unchanged && (dev || same_people || standing.asks_nobody()) {
        return Ok(pass(AuthorizationBasis::Open, None));
    }
    refusals.extend(policies::refusals(&plan.body));
    if dev && refusals.is_empty() {
        return Ok(pass(AuthorizationBasis::Open, None));
    }
    // Dev needs no approvals, not even where a policy refuses.
    refusals.extend(standing.missing.into_iter().filter(|_| !dev));
    if refusals.is_empty() {
        let basis = if standing.approved.is_empty() {
            AuthorizationBasis::Promoted
        } else {
            let by = standing.approved.iter().map(|vote| vote.person.clone()).collect();
            AuthorizationBasis::Approved { by, statements: standing.approved.into_iter().map(|vote| vote.statement).collect() }
        };
        return Ok(pass(basis, None));
    }
    let Some(emergency) = question.emergency else { return Err(refusals) };
    let reason = emergency.reason.trim();
    // Invisible characters are no reason.
    let length = reason.chars().filter(|c| c.is_alphanumeric()).count();
    if length < REASON_AT_LEAST || reason.chars().any(is_invisible) {
        let next = NextStep::SayWhy { letters: REASON_AT_LEAST };
        return Err(vec![Refusal::new(Why::NoReason { letters: length }, next)]);
    }
    let emergency = Emergency {
        id: id(plan, question.now, reason),
        at: question.now,
        environment,
        plan: plan.id.clone(),
        by: emergency.by.clone(),
        caller: question.caller.to_owned(),
        author: plan.author.clone(),
        reason: reason.to_owned(),
        missing: refusals.iter().map(|refusal| refusal.why.to_string()).collect(),
        missing_ja: refusals.iter().map(|refusal| refusal.why.say(Language::Ja)).collect(),
        roles: question.roles.map(Roles::digest).unwrap_or_default(),
    };
    Ok(pass(AuthorizationBasis::Emergency { id: emergency.id.clone() }, Some(emergency)))
}

/// What a plan would do that a bootstrap may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The id of the resource.
    pub id: String,
    /// The attributes in which the plan changes the resource, with commas between them, or `its step`.
    pub what: String,
}

/// The permit of a bootstrap, before which there is no release and no approval. It covers a plan that makes the bucket of the
/// records and the roles where they are missing, or that sets whole attributes of one of them that was never finished and has no
/// value for them.
///
/// # Errors
/// [`Beyond`] when the plan would change a value, remove one, or touch any other resource.
pub fn founding(plan: &Plan, desired: &DesiredState, observed: &ObservedState) -> Result<Permit, Beyond> {
    let set = bootstrap_set(desired);
    let makes = |change: &Change| {
        set.contains(&change.id)
            && match change.action {
                Action::Create => true,
                Action::Update => change.diffs.iter().all(|diff| missing(change, diff, observed)),
                Action::Replace | Action::Delete | Action::Adopt => false,
            }
    };
    let beyond = |id: String, what: BTreeSet<&str>| Beyond { id, what: what.into_iter().collect::<Vec<_>>().join(", ") };
    if let Some(change) = plan.body.changes.iter().find(|change| !makes(change)) {
        return Err(beyond(change.id.to_string(), change.diffs.iter().map(Diff::attribute).collect()));
    }
    // The executor runs the steps, so each step must belong to one of these changes.
    let expected = |step: &Step| {
        let change = plan.body.changes.iter().find(|change| change.id == step.id);
        change.is_some_and(|change| {
            let operation = if change.action == Action::Create { Operation::Create } else { Operation::Update };
            step.operation == operation
        })
    };
    if let Some(step) = plan.body.steps.iter().find(|step| !expected(step)) {
        return Err(beyond(step.id.to_string(), BTreeSet::from(["its step"])));
    }
    Ok(Permit {
        plan: plan.id.clone(),
        nonce: plan.nonce.clone(),
        basis: AuthorizationBasis::Bootstrap,
        emergency: None,
        promoted: false,
    })
}

fn missing(change: &Change, diff: &Diff, observed: &ObservedState) -> bool {
    let live = observed.owned.get(&change.id).map(|live| live.attributes.reading(diff.name()));
    let nothing = match live {
        None | Some(Reading::Absent) => true,
        Some(Reading::Value(Value::List(items))) => items.is_empty(),
        Some(Reading::Value(Value::Map(map))) => map.is_empty(),
        Some(Reading::Value(_) | Reading::NotAsked | Reading::Failed(_)) => false,
    };
    // Tags are no attribute of the live resource. And a value that a record knows was not left out by an unfinished create.
    nothing && diff.attribute() != "tags" && diff.class != Class::Drift
}

fn promotion(question: &PermitInput<'_>, environment: Environment) -> Vec<Refusal> {
    match (question.promotion, &question.plan.body.release) {
        (Some(Ok(())), Some(_)) => Vec::new(),
        (Some(Err(reasons)), _) => reasons.clone(),
        (None, _) | (Some(Ok(())), None) => {
            vec![Refusal::new(Why::NoRelease { environment }, NextStep::PromoteSome { environment })]
        }
    }
}

/// The id of an emergency override, twelve hex digits. The same override at the same moment has the same id.
fn id(plan: &Plan, now: Timestamp, reason: &str) -> String {
    hex(&Sha256::digest(format!("{}\n{}\n{now}\n{reason}", plan.id, plan.nonce)))[..12].to_owned()
}
