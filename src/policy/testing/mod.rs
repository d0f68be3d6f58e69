//! The core of `tokaido policy test`.
//!
//! In: files of cases, and the policies. Out: a report, with what `rego_check::cases` found.
//! Must not import: anything but `model`, `kinds` and the rest of `policy`.

mod cases;
mod said;
mod skeleton;

use rego_check::Place;
use rego_check::cases::{self as run, Condition, Problem};
use serde::Serialize;
use serde_json::Value as Json;

use crate::model::{Finding, Sentence, Source};

use self::said::{Behind, CaseReason};
use super::checker::nearest;
use super::input::population;
use super::judge::unread;
use super::policies::{Policies, Policy, source};
use super::said::{Fault, Right};

pub use self::cases::{Case, SCHEMA, Suite, read};
pub(super) use self::skeleton::skeleton;
pub use rego_check::cases::{Expected, Outcome};

/// Version of the JSON document. Raised when a field changes its meaning or disappears.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub passed: bool,
    pub policies: Vec<Tested>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    pub policy: String,
    pub file: String,
    pub passed: bool,
    pub cases: Vec<CaseReport>,
    /// Lines that a case can pass, and those that no case passes.
    pub lines: usize,
    pub uncovered: Vec<u32>,
    /// Conditions without which every case ends the same.
    pub unneeded: Vec<ConditionReport>,
    /// Conditions that could not be removed, a bug of this program: nothing is known about them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub internal: Vec<Sentence>,
    /// What is missing, in words: a case that breaks the policy, a case that keeps it.
    pub missing: Vec<Sentence>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    pub name: String,
    pub source: Source,
    pub passed: bool,
    /// Why the case failed; one line each.
    pub problems: Vec<Sentence>,
    /// The input of the policy, for another engine.
    pub input: Json,
    /// Both sets of the policy; absent when it was not evaluated or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Sets>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sets {
    pub checked: Vec<Json>,
    pub broken: Vec<Json>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ConditionReport {
    pub source: Source,
    pub text: String,
}

/// Cases whose policy does not exist.
#[must_use]
pub fn strays(policies: &Policies, suites: &[Suite]) -> Vec<Finding> {
    let stray = |suite: &&Suite| policies.get(&suite.policy).is_none();
    let finding = |suite: &Suite| {
        let known = policies.iter().map(|policy| policy.code.as_str());
        Finding::error("policy-test", Some(&suite.source), Fault::NoPolicy { code: suite.policy.clone() })
            .expected(Right::said(nearest(&suite.policy, known)))
    };
    suites.iter().filter(stray).map(finding).collect()
}

/// Every policy with its cases. A policy without cases fails.
#[must_use]
pub fn run(policies: &Policies, suites: &[Suite]) -> Report {
    let tested: Vec<Tested> = policies
        .iter()
        .map(|policy| {
            let cases: Vec<&Case> =
                suites.iter().filter(|suite| suite.policy == policy.code).flat_map(|suite| &suite.cases).collect();
            test(policy, &cases)
        })
        .collect();
    Report { schema_version: VERSION, passed: tested.iter().all(|tested| tested.passed), policies: tested }
}

fn test(policy: &Policy, cases: &[&Case]) -> Tested {
    let about = policy.about.to_string();
    let subject = run::Policy { file: &policy.source.file, text: &policy.text, about: &about };
    let values: Vec<run::Case<'_>> = cases
        .iter()
        .map(|case| run::Case {
            input: &case.input,
            members: population(&policy.about, &case.input),
            unread: unread(policy, &case.input["unknown"]),
            off: !policy.effects.contains_key(&case.environment),
            expected: case.expected.clone(),
        })
        .collect();
    let tested = run::run(&subject, &values);
    let place = |place: Place| source(&policy.source.file, place);
    let reports = cases.iter().zip(tested.cases).map(|(case, ran)| CaseReport {
        name: case.name.clone(),
        source: case.source.clone(),
        passed: ran.problems.is_empty(),
        problems: ran.problems.iter().map(|problem| said(policy, case, problem).into()).collect(),
        input: case.input.clone(),
        answer: ran.answer.map(|answer| Sets { checked: answer.checked, broken: answer.broken }),
    });
    let condition = |condition: Condition| ConditionReport { source: place(condition.place), text: condition.text };
    let internal = |untested: run::Untested| match untested.condition {
        Some(condition) => {
            let place = place(condition.place).to_string();
            CaseReason::NotTakenOut { place, condition: condition.text, why: untested.why }.into()
        }
        None => CaseReason::Unread { why: untested.why }.into(),
    };
    let missing = |outcome: Outcome| match outcome {
        Outcome::Broken => CaseReason::NoneBreaks { policy: policy.code.clone() }.into(),
        Outcome::Kept | Outcome::Unjudged => CaseReason::NoneKeeps { policy: policy.code.clone() }.into(),
    };
    Tested {
        policy: policy.code.clone(),
        file: policy.source.file.to_string(),
        passed: tested.passed,
        cases: reports.collect(),
        lines: tested.lines,
        uncovered: tested.uncovered,
        unneeded: tested.unneeded.into_iter().map(condition).collect(),
        internal: tested.untested.into_iter().map(internal).collect(),
        missing: tested.missing.into_iter().map(missing).collect(),
    }
}

/// Why a case failed, in one line.
fn said(policy: &Policy, case: &Case, problem: &Problem) -> CaseReason {
    let word = |outcome: Outcome| outcome.as_str().to_owned();
    match problem {
        Problem::Fails(complaint) => {
            let place = source(&policy.source.file, complaint.place).to_string();
            CaseReason::Fails { place, reason: complaint.reason.clone() }
        }
        Problem::Off => CaseReason::Off { environment: case.environment },
        Problem::Asked => CaseReason::Asked,
        Problem::NotAsked(unread) => CaseReason::NotAsked { unread: unread.join("; ") },
        Problem::Differs { id, expected, got, said } => {
            CaseReason::Differs { id: id.clone(), expected: word(*expected), got: word(*got), said: Behind(said.clone()) }
        }
        Problem::Unexpected { id, got, said } => {
            CaseReason::Unexpected { id: id.clone(), got: word(*got), said: Behind(said.clone()) }
        }
        Problem::Absent(id) => CaseReason::Absent { id: id.clone() },
    }
}
