//! The permit: the only way into execution. Its fields are private and nothing else makes one, so that a plan cannot be
//! executed without the decision below.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::compile::bootstrap_set;
use crate::model::digest::hex;
use crate::model::{
    Action, AuthorizationBasis, Change, Class, DesiredState, Diff, Emergency, Environment, ObservedState, Operation, Plan, Roles,
    Step, Value, is_invisible,
};

use super::approval::{self, standing};
use super::policies;
use super::refusal::{NextStep, Refusal, Why};
use super::statement::Signed;

/// A reason that somebody else can understand.
pub const REASON_AT_LEAST: usize = 10;

/// What promotion says of the plan's release: allowed, or why not. `None` is no release at all.
pub type Promotion = Option<Result<(), Vec<Refusal>>>;

/// Somebody wants to go past promotion, policies and approvals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyOverride {
    pub reason: String,
    /// Who runs the apply, as that machine says.
    pub by: String,
}

#[derive(Debug, Clone, Copy)]
pub struct PermitInput<'a> {
    pub plan: &'a Plan,
    /// Those in force (`roles::roles_in_force`).
    pub roles: Option<&'a Roles>,
    /// `change.approvals` of the environment.
    pub floor: usize,
    pub statements: &'a [Signed],
    /// When an apply of this body last began.
    pub used: Option<Timestamp>,
    /// Statements that an apply relied on.
    pub spent: &'a [(String, Timestamp)],
    pub promotion: &'a Promotion,
    pub emergency: Option<&'a EmergencyOverride>,
    /// Who AWS says we are; not asked yet when empty.
    pub caller: &'a str,
    pub now: Timestamp,
}

/// Lets one plan pass, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    plan: String,
    nonce: String,
    basis: AuthorizationBasis,
    emergency: Option<Emergency>,
    promoted: bool,
}

impl Permit {
    /// Whether the release came by promotion: only then does what is seen afterwards count for the next environment.
    #[must_use]
    pub const fn promoted(&self) -> bool {
        self.promoted
    }

    #[must_use]
    pub fn covers(&self, plan: &Plan) -> bool {
        self.plan == plan.id && self.plan == plan.digest() && self.nonce == plan.nonce
    }

    #[must_use]
    pub const fn basis(&self) -> &AuthorizationBasis {
        &self.basis
    }

    /// To be recorded before anything runs.
    #[must_use]
    pub const fn emergency(&self) -> Option<&Emergency> {
        self.emergency.as_ref()
    }
}

/// Every reason why the plan may not pass, at once; or the permit, and on what ground.
pub fn permit(question: &PermitInput<'_>) -> Result<Permit, Vec<Refusal>> {
    let plan = question.plan;
    let environment = plan.body.environment;
    let dev = environment == Environment::Dev;
    let mut refusals = match question.promotion {
        // In dev nothing is asked of the tree; a pin is decided about like any other.
        Some(Err(reasons)) if dev && plan.body.release.is_some() => reasons.clone(),
        _ if dev => Vec::new(),
        _ => promotion(question, environment),
    };
    let unchanged = plan.body.is_empty() && plan.body.steps.is_empty();
    // Who goes past a policy proves nothing for the next environment; a look at what is there says itself what is unkept.
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
    // What changes nothing needs nobody's word, unless others may approve from then on.
    let same_people = question.roles.map(Roles::digest).unwrap_or_default() == plan.body.digests.roles;
    if unchanged && (dev || same_people || standing.asks_nobody()) {
        return Ok(pass(AuthorizationBasis::Open, None));
    }
    refusals.extend(policies::refusals(&plan.body));
    if dev && refusals.is_empty() {
        return Ok(pass(AuthorizationBasis::Open, None));
    }
    // Nobody approves in dev, not even where a policy refuses.
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
    // Signs that nobody sees are no reason.
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
        missing: refusals.into_iter().map(|refusal| refusal.why.to_string()).collect(),
        roles: question.roles.map(Roles::digest).unwrap_or_default(),
    };
    Ok(pass(AuthorizationBasis::Emergency { id: emergency.id.clone() }, Some(emergency)))
}

/// What a plan would do beyond making what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    pub id: String,
    /// The attributes in which it differs.
    pub what: String,
}

/// The permit of a bootstrap, which no release and nobody's word precedes: it covers a plan that makes the bucket of the
/// records and the roles where they are missing, or whole attributes of one that was never finished and has nothing of
/// them. Whatever would change a value, take one away, or is about anything else, gets none.
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
    // What is executed are the steps: each must be the doing of one of these changes.
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
    let live = observed.owned.get(&change.id).and_then(|live| live.attributes.values().get(diff.name()));
    let nothing = match live {
        None | Some(Value::Null) => true,
        Some(Value::List(items)) => items.is_empty(),
        Some(Value::Map(map)) => map.is_empty(),
        Some(_) => false,
    };
    // Tags are no attribute of the live resource, and what a record says was there did not fail to be made.
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

/// The same emergency override at the same moment is the same emergency.
fn id(plan: &Plan, now: Timestamp, reason: &str) -> String {
    hex(&Sha256::digest(format!("{}\n{}\n{now}\n{reason}", plan.id, plan.nonce)))[..12].to_owned()
}
