//! Cases of a policy: what it answers about inputs whose answers are known, the lines that no case passes, and the conditions
//! that no case needs. A policy that was never seen to break is a sentence, not a gate.

mod mutants;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::ask::{Answer, Prepared};
use crate::document::Document;
use crate::engine::on_a_wide_stack;
use crate::finding::{Complaint, Place};
use crate::judged::Judged;

/// The policy whose cases are run.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Names it in messages of the engine.
    pub file: &'a str,
    /// Rego.
    pub text: &'a str,
    /// Whom it is about, in words.
    pub about: &'a str,
}

/// One input with a known answer.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The whole document.
    pub input: &'a Json,
    /// Everyone that the policy is about in this input; sorted.
    pub members: Vec<String>,
    /// Why the product would not ask about this input, such as reads that failed; empty when it would.
    pub unread: Vec<String>,
    /// The product does not use the policy where this case says to be, so that it cannot pass.
    pub off: bool,
    /// What is expected.
    pub expected: Expected,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A read that the policy needs failed, so it is not asked.
    Unread,
    /// What it says of each member.
    Each(BTreeMap<String, Outcome>),
}

/// What a policy says of one member of its population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is in `broken`.
    Broken,
    /// It is in `checked` and not in `broken`.
    Kept,
    /// It is in neither.
    Unjudged,
}

impl Outcome {
    /// The word for it in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Kept => "kept",
            Self::Unjudged => "unjudged",
        }
    }
}

/// By member.
pub type Outcomes = BTreeMap<String, Outcome>;

/// Why a case did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no answer, or none that is allowed.
    Fails(Complaint),
    /// The policy is off where the case says to be.
    Off,
    /// It is asked, and the case expects that it is not.
    Asked,
    /// It is not asked, because of these failed reads.
    NotAsked(Vec<String>),
    /// It says something else of this member than expected.
    Differs {
        /// The member.
        id: String,
        /// What the case expects.
        expected: Outcome,
        /// What the policy says.
        got: Outcome,
        /// The policy's own words, when the member is broken.
        said: Option<String>,
    },
    /// The case expects nothing of this member.
    Unexpected {
        /// The member.
        id: String,
        /// What the policy says.
        got: Outcome,
        /// The policy's own words, when the member is broken.
        said: Option<String>,
    },
    /// The case expects something of what the policy is not about.
    Absent(String),
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Empty when it passed.
    pub problems: Vec<Problem>,
    /// Both sets as the policy gave them; `None` where it was not asked or failed.
    pub answer: Option<Answer>,
}

/// A condition of the policy, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// Where it begins.
    pub place: Place,
    /// What is written there.
    pub text: String,
}

/// A condition that could not be taken out: a mistake of this crate, and nothing is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untested {
    /// Which one; `None` when the policy could not be read again, and nothing is known of any.
    pub condition: Option<Condition>,
    /// Why.
    pub why: String,
}

/// What the cases of one policy show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Every case passed, every line is passed by one, each condition is needed, and none of `missing` is.
    pub passed: bool,
    /// One for each case, in their order.
    pub cases: Vec<Ran>,
    /// How many lines can be passed.
    pub lines: usize,
    /// Lines that no case passes.
    pub uncovered: Vec<u32>,
    /// Conditions without which every case ends the same. Looked for only when nothing else is wrong: before that, every
    /// condition is one that no case needs.
    pub unneeded: Vec<Condition>,
    /// Conditions of which nothing is known.
    pub untested: Vec<Untested>,
    /// [`Outcome::Broken`] or [`Outcome::Kept`] when no case of these ends so.
    pub missing: Vec<Outcome>,
}

/// Runs all cases of a policy, and takes each of its conditions out once.
#[must_use]
pub fn run(policy: &Policy<'_>, cases: &[Case<'_>]) -> Tested {
    // Where no thread can be started every case fails by itself, and says so.
    on_a_wide_stack(|| test(policy, cases)).unwrap_or_else(|_| test(policy, cases))
}

fn test(policy: &Policy<'_>, cases: &[Case<'_>]) -> Tested {
    let prepared = Prepared::here(policy.file, policy.text);
    let inputs: Vec<Document> = cases.iter().map(|case| Document::from(case.input)).collect();
    let (mut covered, mut uncovered, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut ran, mut before) = (Vec::new(), Vec::new());
    for (case, input) in cases.iter().zip(&inputs) {
        let got = prepared.clone().and_then(|prepared| ask(policy, &prepared, case, input));
        let problems = problems(case, got.as_ref());
        let mut own = Outcomes::new();
        let mut answer = None;
        if let Ok(Some((given, judged))) = got {
            covered.extend(given.covered.iter().copied());
            uncovered.extend(given.uncovered.iter().copied());
            if case.unread.is_empty() {
                own = outcomes(&case.members, &judged);
                answer = Some(given);
            }
        }
        seen.extend(own.values().copied());
        before.push(own);
        ran.push(Ran { problems, answer });
    }
    let lines = covered.union(&uncovered).count();
    let uncovered: Vec<u32> = uncovered.difference(&covered).copied().collect();
    let missing: Vec<Outcome> = [Outcome::Broken, Outcome::Kept].into_iter().filter(|wanted| !seen.contains(wanted)).collect();
    let good = missing.is_empty() && uncovered.is_empty() && ran.iter().all(|ran| ran.problems.is_empty());
    let (unneeded, untested) = if good {
        // A case that passed and is not about failed reads was asked.
        let asked = cases.iter().zip(inputs).zip(before).filter(|((case, _), _)| case.unread.is_empty());
        let (cases, before): (Vec<_>, Vec<_>) = asked.unzip();
        mutants::unneeded(policy, &cases, &before)
    } else {
        (Vec::new(), Vec::new())
    };
    let passed = good && unneeded.is_empty() && untested.is_empty();
    Tested { passed, cases: ran, lines, uncovered, unneeded, untested, missing }
}

/// A case is about what the policy says when it is asked; `None` when it expects not to be asked, and is not.
type Got = Result<Option<(Answer, Judged)>, Complaint>;

fn ask(policy: &Policy<'_>, prepared: &Prepared, case: &Case<'_>, input: &Document) -> Got {
    let unread = case.expected == Expected::Unread;
    if unread && !case.unread.is_empty() {
        return Ok(None);
    }
    let mut answer = prepared.ask(input, !unread)?;
    let judged = Judged::of(&answer, &case.members, policy.about);
    let judged = judged.map_err(|reason| Complaint { place: prepared.broken(), reason })?;
    if unread {
        // Its answer is nothing that the case speaks of.
        answer = Answer::default();
    }
    Ok(Some((answer, judged)))
}

fn outcomes(members: &[String], judged: &Judged) -> Outcomes {
    let broken: BTreeSet<&str> = judged.broken.iter().map(|broken| broken.id.as_str()).collect();
    let unjudged: BTreeSet<&str> = judged.unjudged.iter().map(String::as_str).collect();
    let each = |id: &String| {
        let outcome = if broken.contains(id.as_str()) {
            Outcome::Broken
        } else if unjudged.contains(id.as_str()) {
            Outcome::Unjudged
        } else {
            Outcome::Kept
        };
        (id.clone(), outcome)
    };
    members.iter().map(each).collect()
}

fn problems(case: &Case<'_>, got: Result<&Option<(Answer, Judged)>, &Complaint>) -> Vec<Problem> {
    let got = match got {
        Ok(got) => got,
        Err(complaint) => return vec![Problem::Fails(complaint.clone())],
    };
    if case.off {
        return vec![Problem::Off];
    }
    let Expected::Each(expected) = &case.expected else {
        return if case.unread.is_empty() { vec![Problem::Asked] } else { Vec::new() };
    };
    let Some((_, judged)) = got.as_ref().filter(|_| case.unread.is_empty()) else {
        return vec![Problem::NotAsked(case.unread.clone())];
    };
    let said = |id: &str| {
        let own: Vec<&str> = judged.broken.iter().filter(|broken| broken.id == id).map(|broken| broken.en.as_str()).collect();
        (!own.is_empty()).then(|| own.join("; "))
    };
    let got = outcomes(&case.members, judged);
    let mut problems = Vec::new();
    for (id, got) in &got {
        let (id, got, said) = (id.clone(), *got, said(id));
        match expected.get(&id) {
            Some(expected) if *expected == got => {}
            Some(expected) => problems.push(Problem::Differs { id, expected: *expected, got, said }),
            None => problems.push(Problem::Unexpected { id, got, said }),
        }
    }
    let absent = expected.keys().filter(|id| !got.contains_key(*id));
    problems.extend(absent.map(|id| Problem::Absent(id.clone())));
    problems
}
