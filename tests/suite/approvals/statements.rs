//! The decision: which statements count, and what a permit needs. Everything wrong is said at once, in words.

use jiff::{SignedDuration, Timestamp};
use tokaido::govern::approval::{ApprovalInput, LIFETIME, Standing, standing};
use tokaido::govern::permit::{self, EmergencyOverride, Permit, Promotion, permit};
use tokaido::govern::refusal::{NextStep, Refusal, Why};
use tokaido::govern::statement::{Decision, Signed, Statement};
use tokaido::model::{AuthorizationBasis, Environment, Plan, Roles, Said};

use crate::support::lab::START;
use crate::support::people::{approvals, key, release, roles, signed, statement};
use crate::support::reasons::listed;
use crate::support::{Lab, project};

fn now() -> Timestamp {
    START.parse().expect("a time")
}

fn later(hours: i64) -> Timestamp {
    now().saturating_add(SignedDuration::from_hours(hours)).expect("a time")
}

/// By alice, of a release.
fn plan(environment: Environment) -> Plan {
    Lab::new(project::load(project::root(), environment)).plan().plan
}

fn judged(plan: &Plan, roles: &Roles, statements: &[Signed], now: Timestamp) -> Standing {
    standing(&ApprovalInput { plan, roles: Some(roles), floor: 2, statements, used: None, spent: &[], now })
}

fn of(plan: &Plan, person: &str, decision: Decision, at: Timestamp) -> Signed {
    let mut signed = signed(&statement(plan, &roles(), person, decision, at), &key(person));
    signed.file = format!("{person}-{at}.txt");
    signed
}

fn ask<'a>(
    plan: &'a Plan,
    roles: Option<&'a Roles>,
    statements: &'a [Signed],
    promotion: &'a Promotion,
) -> permit::PermitInput<'a> {
    permit::PermitInput {
        plan,
        roles,
        floor: 2,
        statements,
        used: None,
        spent: &[],
        promotion,
        emergency: None,
        caller: "arn:aws:sts::333333333333:assumed-role/tokaido/sandbox",
        now: now(),
    }
}

fn refusal(why: &str) -> Refusal {
    Refusal::new(Why::Over { gate: Said::new(why, why) }, NextStep::SameAgain)
}

fn why(result: Result<Permit, Vec<Refusal>>) -> String {
    let refusals = result.expect_err("refused");
    assert!(
        refusals.iter().all(|refusal| !refusal.next.to_string().is_empty() && !refusal.why.to_string().is_empty()),
        "{refusals:?}"
    );
    listed(&refusals)
}

#[test]
fn two_people_and_one_of_change_management() {
    let plan = plan(Environment::Production);
    let all = approvals(&plan, &roles(), now());
    let good = judged(&plan, &roles(), &all, now());
    assert!(good.missing.is_empty() && good.void.is_empty(), "{good:#?}");
    assert_eq!(good.approved.iter().map(|vote| vote.person.as_str()).collect::<Vec<_>>(), ["bob", "carol"]);
    let one = judged(&plan, &roles(), &all[1..], now());
    let said = listed(&one.missing);
    for words in ["1 of 2 approvals", "0 of 1 approvals from the group change-management", "by bob", "tokaido approve"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // The same person twice is one person, whatever the files are called.
    let twice = [all[0].clone(), Signed { file: "b.txt".to_owned(), ..all[0].clone() }];
    assert_eq!(judged(&plan, &roles(), &twice, now()).approved.len(), 1);
}

#[test]
fn the_author_never_approves() {
    let plan = plan(Environment::Production);
    let mut all = approvals(&plan, &roles(), now());
    all[1] = of(&plan, "alice", Decision::Approve, now());
    let found = judged(&plan, &roles(), &all, now());
    assert_eq!(found.approved.len(), 1);
    assert!(found.void.iter().any(|void| void.why.to_string().contains("alice made the plan")), "{:?}", found.void);
    // Another address on the plan does not help: AWS's caller is hers.
    let hidden = plan.authored("carol@example.com");
    let found = judged(&hidden, &roles(), &all, now());
    assert!(found.approved.is_empty(), "what was signed under another author is another question: {found:#?}");
    let all = approvals(&hidden, &roles(), now());
    let found = judged(&hidden, &roles(), &all, now());
    assert_eq!(found.authors.iter().map(String::as_str).collect::<Vec<_>>(), ["alice", "carol"]);
    assert_eq!(found.approved.len(), 1);
}

#[test]
fn an_author_whom_nobody_knows_closes_production() {
    let mut plan = plan(Environment::Production).authored("mallory@example.com");
    "arn:aws:sts::333333333333:assumed-role/ci/run".clone_into(&mut plan.caller);
    let all = approvals(&plan, &roles(), now());
    let said = listed(&judged(&plan, &roles(), &all, now()).missing);
    assert!(said.contains("the author of this plan is not in policies/roles.yaml: mallory@example.com"), "{said}");
    assert!(said.contains("also_known_as"), "{said}");
    // A shared role of continuous integration is fine when the address is somebody's.
    let plan = plan.authored("alice@example.com");
    assert!(judged(&plan, &roles(), &approvals(&plan, &roles(), now()), now()).missing.is_empty());
}

/// Each row is void for one reason, and the reason is said.
#[test]
fn void_statements_say_why() {
    let plan = plan(Environment::Production);
    let base = |change: fn(&mut Statement)| {
        let mut said = statement(&plan, &roles(), "bob", Decision::Approve, now());
        change(&mut said);
        signed(&said, &key("bob"))
    };
    let mut other_roles = roles();
    other_roles.people[2].groups.clear();
    let rows: [(&str, Signed); 10] = [
        ("was AWS's caller, and now it is", base(|said| said.caller.push('x'))),
        ("a plan that ends 2026-11-09", base(|said| "2026-11-09T00:00:00Z".clone_into(&mut said.expires))),
        ("another plan", base(|said| said.plan = "ef".repeat(32))),
        ("about staging", base(|said| said.environment = Environment::Staging)),
        ("in account 444444444444", base(|said| "444444444444".clone_into(&mut said.account))),
        ("another release", base(|said| said.release = None)),
        ("dated in the future", base(|said| said.at = later(1))),
        ("older than 7 days", base(|said| said.at = later(-7 * 24))),
        (
            "reviews an emergency",
            base(|said| {
                said.decision = Decision::Review;
                said.emergency = Some("0".repeat(12));
            }),
        ),
        ("the roles have changed", signed(&statement(&plan, &other_roles, "bob", Decision::Approve, now()), &key("bob"))),
    ];
    for (words, signed) in rows {
        let found = judged(&plan, &roles(), &[signed], now());
        assert!(found.approved.is_empty(), "{words}");
        assert!(found.void.iter().any(|void| void.why.to_string().contains(words)), "{words}: {:?}", found.void);
    }
    // A group that does not count.
    let mut narrow = roles();
    narrow.approvals.get_mut(&Environment::Production).expect("a rule").from = ["change-management".to_owned()].into();
    let carol = signed(&statement(&plan, &narrow, "carol", Decision::Approve, now()), &key("carol"));
    let found = judged(&plan, &narrow, &[carol], now());
    assert!(found.void[0].why.to_string().contains("carol is in no group"), "{:?}", found.void);
}

#[test]
fn an_approval_ends_after_seven_days_and_with_the_apply_it_was_given_for() {
    let plan = plan(Environment::Production);
    let all = approvals(&plan, &roles(), now());
    let end = now().saturating_add(LIFETIME).expect("a time");
    let before = end.saturating_sub(SignedDuration::from_secs(1)).expect("a time");
    assert!(judged(&plan, &roles(), &all, before).missing.is_empty());
    assert!(!judged(&plan, &roles(), &all, end).missing.is_empty());
    let people = roles();
    let base =
        ApprovalInput { plan: &plan, roles: Some(&people), floor: 2, statements: &all, used: None, spent: &[], now: later(1) };
    let question = ApprovalInput { used: Some(now()), ..base };
    let found = standing(&question);
    assert!(found.approved.is_empty() && found.void[0].why.to_string().contains("used by the apply of"), "{found:#?}");
}

/// Clocks may be some minutes apart: what an apply relied on is known by its bytes, whatever date it bears.
#[test]
fn what_an_apply_relied_on_is_used_whatever_its_own_date_says() {
    let plan = plan(Environment::Production);
    let minutes = |ahead| now().saturating_add(SignedDuration::from_mins(ahead)).expect("a time");
    let ahead = [of(&plan, "bob", Decision::Approve, minutes(4)), of(&plan, "carol", Decision::Approve, minutes(4))];
    let people = roles();
    let base =
        ApprovalInput { plan: &plan, roles: Some(&people), floor: 2, statements: &ahead, used: None, spent: &[], now: now() };
    let spent: Vec<_> = standing(&base).approved.into_iter().map(|vote| (vote.statement, now())).collect();
    assert_eq!(spent.len(), 2, "they count once");
    let after = ApprovalInput { used: Some(now()), spent: &spent, ..base };
    let found = standing(&after);
    assert!(found.approved.is_empty() && !found.missing.is_empty(), "{found:#?}");
    assert!(found.void.iter().all(|void| void.why.to_string().contains("used by the apply of")), "{:?}", found.void);
    // What the same person had said before that does not come back in its place, nor after it was taken back.
    let (older, back) = (of(&plan, "bob", Decision::Approve, minutes(2)), of(&plan, "bob", Decision::Withdraw, minutes(3)));
    for statements in [vec![older.clone(), ahead[0].clone()], vec![older, back, ahead[0].clone()]] {
        let found = standing(&ApprovalInput { statements: &statements, ..after });
        assert!(found.approved.is_empty(), "{found:#?}");
    }
    // A new word is a new word.
    let again = [of(&plan, "bob", Decision::Approve, minutes(5)), ahead[0].clone()];
    assert_eq!(standing(&ApprovalInput { statements: &again, ..after }).approved.len(), 1);
}

#[test]
fn the_newest_word_of_a_person_counts() {
    let plan = plan(Environment::Production);
    let (yes, no, again) = (
        of(&plan, "bob", Decision::Approve, now()),
        of(&plan, "bob", Decision::Withdraw, later(1)),
        of(&plan, "bob", Decision::Approve, later(2)),
    );
    let count = |statements: &[Signed]| {
        let found = judged(&plan, &roles(), statements, later(3));
        (found.approved.len(), found.withdrawn.len())
    };
    assert_eq!(count(std::slice::from_ref(&yes)), (1, 0));
    assert_eq!(count(&[no.clone(), yes.clone()]), (0, 1), "the order of the files does not matter");
    assert_eq!(count(&[yes.clone(), no.clone(), again]), (1, 0));
    // Taken back in the same second counts as taken back.
    assert_eq!(count(&[of(&plan, "bob", Decision::Withdraw, now()), yes.clone()]), (0, 1));
    // Nobody else can take it back.
    let forged = signed(&statement(&plan, &roles(), "bob", Decision::Withdraw, later(1)), &key("carol"));
    assert_eq!(count(&[yes, forged]), (1, 0));
}

#[test]
fn a_permit_says_everything_that_is_missing_at_once() {
    let plan = plan(Environment::Production);
    let none: Promotion = None;
    let said = why(permit(&ask(&plan, Some(&roles()), &[], &none)));
    for words in ["no release is pinned", "tokaido promote RELEASE --to production", "0 of 2 approvals", "change-management"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let not_yet: Promotion = Some(Err(vec![refusal("release 2026.11.0 was not proven in staging"), refusal("another")]));
    let said = why(permit(&ask(&plan, None, &[], &not_yet)));
    for words in ["was not proven in staging", "another", "names no people"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let all = approvals(&plan, &roles(), now());
    let said = why(permit(&ask(&plan, Some(&roles()), &all, &none)));
    assert!(!said.contains("approvals of plan"), "{said}");
    let promoted: Promotion = Some(Ok(()));
    let given = permit(&ask(&plan, Some(&roles()), &all, &promoted)).expect("a permit");
    assert!(matches!(given.basis(), AuthorizationBasis::Approved { by, statements } if by.len() == 2 && statements.len() == 2));
    assert!(given.covers(&plan));
    let mut other = plan.clone();
    "0000".clone_into(&mut other.nonce);
    assert!(!given.covers(&other), "a permit is for one plan, once");
    let mut altered = plan.clone();
    altered.body.account.push('4');
    assert!(!given.covers(&altered));
    // Standing there without a release is no promotion.
    let mut unpinned = plan;
    unpinned.body.release = None;
    unpinned.id = unpinned.body.digest();
    let all = approvals(&unpinned, &roles(), now());
    assert!(why(permit(&ask(&unpinned, Some(&roles()), &all, &promoted))).contains("no release is pinned"));
}

#[test]
fn each_environment_asks_for_what_it_asks_for() {
    let (none, promoted): (Promotion, Promotion) = (None, Some(Ok(())));
    let dev = plan(Environment::Dev);
    assert_eq!(permit(&ask(&dev, None, &[], &none)).expect("open").basis(), &AuthorizationBasis::Open);
    let staging = plan(Environment::Staging);
    assert!(why(permit(&ask(&staging, None, &[], &none))).contains("no release is pinned"));
    assert_eq!(permit(&ask(&staging, None, &[], &promoted)).expect("promoted").basis(), &AuthorizationBasis::Promoted);
    let mut strict = roles();
    strict.approvals.insert(Environment::Staging, strict.approvals[&Environment::Production].clone());
    assert!(why(permit(&ask(&staging, Some(&strict), &[], &promoted))).contains("0 of 2"));
    let all = approvals(&staging, &strict, now());
    assert!(matches!(
        permit(&ask(&staging, Some(&strict), &all, &promoted)).expect("a permit").basis(),
        AuthorizationBasis::Approved { .. }
    ));
    // What changes nothing needs nobody's word.
    let mut empty = plan(Environment::Production);
    (empty.body.changes, empty.body.steps) = (Vec::new(), Vec::new());
    empty.id = empty.body.digest();
    let same = roles();
    assert_eq!(permit(&ask(&empty, Some(&same), &[], &none)).expect("open").basis(), &AuthorizationBasis::Open);
    // Unless others may approve from then on.
    assert!(why(permit(&ask(&empty, Some(&strict), &[], &promoted))).contains("0 of 2"));
}

#[test]
fn an_emergency_names_what_it_skips_and_needs_a_reason() {
    let plan = plan(Environment::Production);
    let (none, people): (Promotion, _) = (None, roles());
    let plea = |reason: &str| EmergencyOverride { reason: reason.to_owned(), by: "alice@example.com".to_owned() };
    for reason in ["", "hurry", "         .", "two\nlines of it"] {
        let plea = plea(reason);
        let said = why(permit(&permit::PermitInput { emergency: Some(&plea), ..ask(&plan, Some(&people), &[], &none) }));
        assert!(said.contains("needs a reason") && said.contains("--emergency"), "{said}");
    }
    let plea = plea("the database is full");
    let question = permit::PermitInput { emergency: Some(&plea), ..ask(&plan, Some(&people), &[], &none) };
    let given = permit(&question).expect("a permit");
    let emergency = given.emergency().expect("an emergency");
    assert_eq!(given.basis(), &AuthorizationBasis::Emergency { id: emergency.id.clone() });
    assert_eq!((emergency.by.as_str(), emergency.reason.as_str()), ("alice@example.com", "the database is full"));
    assert!(emergency.missing.iter().any(|why| why.contains("no release")), "{emergency:?}");
    assert!(emergency.missing.iter().any(|why| why.contains("0 of 2 approvals")), "{emergency:?}");
    assert_eq!(permit(&question).expect("a permit"), given, "the same question has the same answer");
    // Nothing is skipped where nothing is missing.
    let (promoted, all): (Promotion, _) = (Some(Ok(())), approvals(&plan, &roles(), now()));
    let question = permit::PermitInput { emergency: Some(&plea), ..ask(&plan, Some(&people), &all, &promoted) };
    assert!(permit(&question).expect("a permit").emergency().is_none());
    assert_eq!(plan.body.release, Some(release()));
}
