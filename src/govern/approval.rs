//! Whether a plan is approved: which statements count, which are void and why, and what is missing. docs/approvals.md has the
//! rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::{Environment, Plan, Roles};

use super::flaw::Flaw;
use super::refusal::{NextStep, Refusal, Why, sentence};
use super::roles::{authors, counts, requirement};
use super::statement::{Decision, Signed, Verified, verify};

/// For how long an approval counts after it was signed. The same plan can come back months later, when the approver has forgotten
/// it.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// By how much the clocks of two machines may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Everything that the approval of a plan depends on.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalInput<'a> {
    /// The plan that people approve.
    pub plan: &'a Plan,
    /// The roles in force (`roles::roles_in_force`). Absent where there are none.
    pub roles: Option<&'a Roles>,
    /// `change.approvals` of the environment.
    pub floor: usize,
    /// The signed statements that were found beside the plan.
    pub statements: &'a [Signed],
    /// When an apply of this plan, or of another plan with the same body, last began.
    pub used: Option<Timestamp>,
    /// The digests of the statements that any apply relied on, hex, and when that apply began. The date in a statement comes from
    /// the clock of the signer, so the date alone does not say what was used.
    pub spent: &'a [(String, Timestamp)],
    /// The time at which the decision is made, on the world's clock.
    pub now: Timestamp,
}

/// A statement that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vote {
    /// The id of the person in `policies/roles.yaml`.
    pub person: String,
    /// When the person signed, as the statement says.
    pub at: Timestamp,
    /// The file of the statement.
    pub file: String,
    /// SHA-256 of the signed text, hex.
    pub statement: String,
}

/// A statement that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Void {
    /// The file of the statement.
    pub file: String,
    /// Why. In documents this is the English sentence.
    #[serde(serialize_with = "sentence")]
    pub why: Flaw,
}

/// Whether a plan is approved, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The id of the plan, 64 hex digits.
    pub plan: String,
    /// The environment of the plan.
    pub environment: Environment,
    /// Where the plan was made, as it says.
    pub world: String,
    /// How many approvals it needs.
    pub required: usize,
    /// How many approvals it needs from each group.
    pub groups: BTreeMap<String, usize>,
    /// The approvals that count, by person.
    pub approved: Vec<Vote>,
    /// The approvals that were taken back, by person.
    pub withdrawn: Vec<Vote>,
    /// The statements that do not count.
    pub void: Vec<Void>,
    /// The ids of the people who made the plan.
    pub authors: BTreeSet<String>,
    /// The ids of the people who may still approve.
    pub able: BTreeSet<String>,
    /// What is missing. Empty when the plan is approved.
    pub missing: Vec<Refusal>,
}

impl Standing {
    /// Whether the plan needs no approval.
    #[must_use]
    pub fn asks_nobody(&self) -> bool {
        self.required == 0 && self.groups.is_empty()
    }
}

/// Verifies and judges every statement. Of each person only the newest statement counts.
#[must_use]
pub fn standing(question: &ApprovalInput<'_>) -> Standing {
    let plan = question.plan;
    let nobody = Roles::default();
    let roles = question.roles.unwrap_or(&nobody);
    let requirement = requirement(question.roles, plan.body.environment, question.floor);
    let authors = authors(roles, plan);
    let used = used_by_person(question, roles);
    let mut void = Vec::new();
    let mut newest: BTreeMap<String, (Verified, String)> = BTreeMap::new();
    for signed in question.statements {
        let judged = verify(signed, roles).and_then(|verified| judge(question, &verified, &used).map(|()| verified));
        let verified = match judged {
            Ok(verified) => verified,
            Err(why) => {
                void.push(Void { file: signed.file.clone(), why });
                continue;
            }
        };
        let person = verified.statement.person.clone();
        let order = |verified: &Verified| (verified.statement.at, verified.statement.decision == Decision::Withdraw);
        let superseded = match newest.remove(&person) {
            Some((old, file)) if order(&old) > order(&verified) => {
                newest.insert(person, (old, file));
                signed.file.clone()
            }
            Some((_, file)) => {
                newest.insert(person, (verified, signed.file.clone()));
                file
            }
            None => {
                newest.insert(person, (verified, signed.file.clone()));
                continue;
            }
        };
        void.push(Void { file: superseded, why: Flaw::Superseded });
    }
    let (mut approved, mut withdrawn) = (Vec::new(), Vec::new());
    for (person, (verified, file)) in newest {
        let role = roles.person(&person).is_some_and(|person| counts(person, &requirement));
        let vote = Vote { person: person.clone(), at: verified.statement.at, file, statement: verified.digest };
        match verified.statement.decision {
            Decision::Withdraw => withdrawn.push(vote),
            _ if authors.contains(&person) => {
                void.push(Void { file: vote.file, why: Flaw::OwnPlan { person } });
            }
            _ if !role => void.push(Void { file: vote.file, why: Flaw::NoRole { person } }),
            _ => approved.push(vote),
        }
    }
    let able = roles
        .people
        .iter()
        .filter(|person| counts(person, &requirement) && !authors.contains(&person.id))
        .filter(|person| approved.iter().all(|vote| vote.person != person.id))
        .map(|person| person.id.clone())
        .collect();
    let mut standing = Standing {
        plan: plan.id.clone(),
        environment: plan.body.environment,
        world: plan.world.clone(),
        required: requirement.required,
        groups: requirement.groups,
        approved,
        withdrawn,
        void,
        authors,
        able,
        missing: Vec::new(),
    };
    standing.missing = missing(question, &standing, roles);
    standing
}

/// The refusal of a plan whose author no person in the roles is known as. An author may not approve the plan, so the roles must
/// know who it is.
#[must_use]
pub fn unknown_author(roles: &Roles, plan: &Plan) -> Option<Refusal> {
    let author = &plan.author;
    super::roles::known_as(roles, author)
        .next()
        .is_none()
        .then(|| Refusal::new(Why::UnknownAuthor { author: author.clone() }, NextStep::AddAlias { author: author.clone() }))
}

/// For each person the newest date on a statement that an apply relied on, and when that apply began.
fn used_by_person(question: &ApprovalInput<'_>, roles: &Roles) -> BTreeMap<String, (Timestamp, Timestamp)> {
    let mut used: BTreeMap<String, (Timestamp, Timestamp)> = BTreeMap::new();
    for Verified { statement, digest } in question.statements.iter().filter_map(|signed| verify(signed, roles).ok()) {
        if let Some((_, begun)) = question.spent.iter().find(|(spent, _)| *spent == digest) {
            let newest = used.entry(statement.person).or_insert((statement.at, *begun));
            *newest = (*newest).max((statement.at, *begun));
        }
    }
    used
}

/// Whether a statement is about this plan, at this time and in this place.
fn judge(question: &ApprovalInput<'_>, verified: &Verified, used: &BTreeMap<String, (Timestamp, Timestamp)>) -> Result<(), Flaw> {
    let (said, plan) = (&verified.statement, question.plan);
    if said.decision == Decision::Review {
        return Err(Flaw::Review);
    }
    if said.plan != plan.id {
        return Err(Flaw::OtherPlan { plan: short(&said.plan).to_owned() });
    }
    // A person who takes back an approval of this plan means it, whatever has changed since.
    if said.decision == Decision::Withdraw {
        return Ok(());
    }
    if said.environment != plan.body.environment || said.account != plan.body.account {
        return Err(Flaw::OtherTarget { environment: said.environment, account: short(&said.account).to_owned() });
    }
    if said.release != plan.body.release {
        return Err(Flaw::OtherRelease);
    }
    if said.author != plan.author {
        let (before, now) = (said.author.clone(), plan.author.clone());
        return Err(if before.is_empty() { Flaw::NoAuthorThen { now } } else { Flaw::OtherAuthor { before, now } });
    }
    if said.roles != question.roles.map(Roles::digest).unwrap_or_default() {
        return Err(Flaw::OtherRoles);
    }
    if said.at > question.now.saturating_add(SKEW).unwrap_or(question.now) {
        return Err(Flaw::Future { at: said.at });
    }
    if said.at.saturating_add(LIFETIME).is_ok_and(|end| end <= question.now) {
        return Err(Flaw::Old { days: LIFETIME.as_hours() / 24 });
    }
    // When an apply uses a statement, the older statements of the same person are used as well. An approval that the person
    // had repeated does not count again.
    let with_it = used.get(&said.person).filter(|(newest, _)| said.at <= *newest).map(|(_, begun)| *begun);
    if let Some(used) = question.used.filter(|used| said.at <= *used).or(with_it) {
        return Err(Flaw::Used { at: used });
    }
    // Neither caller nor end is part of the plan's id. An editor of the file can compute its seal, but the signer has not signed
    // that.
    if said.caller != plan.caller {
        return Err(Flaw::OtherCaller { before: said.caller.clone(), now: plan.caller.clone() });
    }
    if said.expires != plan.expires_at {
        return Err(Flaw::OtherEnd { before: said.expires.clone(), now: plan.expires_at.clone() });
    }
    Ok(())
}

fn missing(question: &ApprovalInput<'_>, standing: &Standing, roles: &Roles) -> Vec<Refusal> {
    let mut missing = Vec::new();
    if standing.asks_nobody() {
        return missing;
    }
    let plan = short(&standing.plan).to_owned();
    let environment = standing.environment;
    if roles.people.is_empty() {
        missing.push(Refusal::new(Why::NobodyNamed { environment }, NextStep::NamePeople));
        return missing;
    }
    missing.extend(unknown_author(roles, question.plan));
    let next = |wanted: &BTreeSet<&String>| {
        if wanted.is_empty() {
            NextStep::AddPeople
        } else {
            NextStep::Approve { plan: plan.clone(), people: wanted.iter().map(|name| (*name).clone()).collect() }
        }
    };
    let (have, required) = (standing.approved.len(), standing.required);
    if have < required {
        let plan = plan.clone();
        let why = if standing.void.is_empty() {
            Why::TooFewApprovals { have, required, plan }
        } else {
            Why::TooFewApprovalsSomeVoid { have, required, plan }
        };
        missing.push(Refusal::new(why, next(&standing.able.iter().collect())));
    }
    let of = |group: &str, person: &str| roles.person(person).is_some_and(|person| person.groups.contains(group));
    for (group, wanted) in &standing.groups {
        let have = standing.approved.iter().filter(|vote| of(group, &vote.person)).count();
        if have < *wanted {
            let able = standing.able.iter().filter(|person| of(group, person)).collect();
            missing.push(Refusal::new(Why::TooFewOfGroup { have, wanted: *wanted, group: group.clone() }, next(&able)));
        }
    }
    missing
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
