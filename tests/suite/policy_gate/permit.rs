//! The decision alone: a policy only ever adds a reason against.

use jiff::Timestamp;
use proptest::prelude::*;
use tokaido::govern::permit::{self, EmergencyOverride, Permit, Promotion};
use tokaido::govern::policies::refusals;
use tokaido::model::{AuthorizationBasis, Effect, Environment, Plan, PolicyBreak, PolicyVerdict, Said};

use super::{broken, judged, verdict};
use crate::properties::for_all;
use crate::support::lab::START;
use crate::support::people::{approvals, roles};
use crate::support::reasons::listed;
use crate::support::{Lab, project};

fn emptied(mut plan: Plan) -> Plan {
    (plan.body.changes, plan.body.steps) = (Vec::new(), Vec::new());
    plan
}

fn planned(environment: Environment) -> Plan {
    Lab::new(project::load(project::root(), environment)).plan().plan
}

fn asked(plan: &Plan, signed: bool, promotion: &Promotion, emergency: Option<&EmergencyOverride>) -> Result<Permit, String> {
    let (roles, now): (_, Timestamp) = (roles(), START.parse().expect("a time"));
    let statements = if signed { approvals(plan, &roles, now) } else { Vec::new() };
    let question = permit::PermitInput {
        plan,
        roles: Some(&roles),
        floor: 2,
        statements: &statements,
        used: None,
        spent: &[],
        promotion,
        emergency,
        caller: "arn:aws:sts::333333333333:assumed-role/tokaido/sandbox",
        now,
    };
    permit::permit(&question).map_err(|refusals| listed(&refusals))
}

fn plea() -> EmergencyOverride {
    EmergencyOverride { reason: "the catalog database is full".to_owned(), by: "alice@example.com".to_owned() }
}

/// dev asks for no release and no approval, and is refused all the same.
#[test]
fn a_deny_refuses_in_every_environment_and_a_warning_in_none() {
    for environment in Environment::ALL {
        let (plan, promoted): (_, Promotion) = (planned(environment), Some(Ok(())));
        let denied = judged(plan.clone(), vec![broken(Effect::Deny)]);
        let said = asked(&denied, true, &promoted, None).expect_err("refused");
        for words in [
            "policy bounded-logs (policies/bounded-logs.rego:14)",
            "bucket.logs@tokyo: it has no expiry",
            "next: ",
            "--emergency",
        ] {
            assert!(said.contains(words), "{environment}: {words}: {said}");
        }
        let warned = judged(plan.clone(), vec![broken(Effect::Warn)]);
        let given = asked(&warned, true, &promoted, None).expect("a warning lets pass");
        assert!(given.promoted() && given.emergency().is_none());
        // Silence and what could not be read refuse as well.
        let silent = PolicyVerdict { unjudged: vec!["bucket.new@tokyo".to_owned()], ..verdict("bounded-logs", Effect::Deny) };
        let said = asked(&judged(plan.clone(), vec![silent]), true, &promoted, None).expect_err("refused");
        assert!(said.contains("neither checked nor refused bucket.new@tokyo") && said.contains("`checked`"), "{said}");
        let blind = PolicyVerdict { unread: vec!["s3:ListBuckets: denied".to_owned()], ..verdict("bounded-logs", Effect::Deny) };
        let said = asked(&judged(plan.clone(), vec![blind]), true, &promoted, None).expect_err("refused");
        assert!(said.contains("was not asked") && said.contains("s3:ListBuckets: denied") && said.contains("doctor"), "{said}");
        // Nothing is done, so nothing is refused.
        let given = asked(&judged(emptied(plan), vec![broken(Effect::Deny)]), false, &promoted, None).expect("nothing to refuse");
        assert_eq!(given.basis(), &AuthorizationBasis::Open);
    }
}

#[test]
fn an_emergency_says_which_policy_it_went_past_and_is_no_proof() {
    for environment in Environment::ALL {
        let (denied, promoted): (_, Promotion) = (judged(planned(environment), vec![broken(Effect::Deny)]), Some(Ok(())));
        let given = asked(&denied, true, &promoted, Some(&plea())).expect("an emergency");
        let emergency = given.emergency().expect("recorded");
        assert_eq!(given.basis(), &AuthorizationBasis::Emergency { id: emergency.id.clone() });
        assert!(
            emergency.missing.len() == 1 && emergency.missing[0].contains("bucket.logs@tokyo: it has no expiry"),
            "{emergency:?}"
        );
        assert!(!given.promoted(), "{environment}: what went past a policy proves nothing");
        let hurried = EmergencyOverride { reason: "hurry".to_owned(), ..plea() };
        assert!(asked(&denied, true, &promoted, Some(&hurried)).expect_err("refused").contains("needs a reason"));
    }
}

#[test]
fn long_lists_are_counted() {
    let mut verdict = broken(Effect::Deny);
    verdict.broken =
        (0..40).map(|index| PolicyBreak { id: format!("bucket.b{index}@tokyo"), ..verdict.broken[0].clone() }).collect();
    let found = refusals(&judged(planned(Environment::Dev), vec![verdict]).body);
    let why: Vec<String> = found.iter().map(|refusal| refusal.why.to_string()).collect();
    assert!(why.len() == 1 && why[0].contains("bucket.b4@tokyo") && why[0].ends_with("and 35 more"), "{why:?}");
}

fn any_verdict() -> impl Strategy<Value = PolicyVerdict> {
    let names = || prop::collection::vec("[a-z]{1,6}", 0..2);
    let effect = prop_oneof![Just(Effect::Deny), Just(Effect::Warn)];
    (effect, names(), names(), names()).prop_map(|(effect, broken, unjudged, unread)| PolicyVerdict {
        broken: broken.into_iter().map(|id| PolicyBreak { id, said: Said::default() }).collect(),
        unjudged,
        unread,
        ..verdict("any", effect)
    })
}

/// Whatever policies say: what passes with them passes without them, and what they refuse passes only as an emergency.
#[test]
fn policies_only_add_strictness() {
    let plans = Environment::ALL.map(planned);
    let environment = 0..plans.len();
    let verdicts = prop::collection::vec(any_verdict(), 0..4);
    let promotion = prop_oneof![Just(None::<Result<(), Vec<_>>>), Just(Some(Ok(())))];
    let input = (environment, verdicts, promotion, any::<bool>(), any::<bool>(), any::<bool>());
    for_all(400, 17, &input, |(environment, verdicts, promotion, signed, pleads, empty)| {
        let plan = if empty { emptied(plans[environment].clone()) } else { plans[environment].clone() };
        let (with, without) = (judged(plan.clone(), verdicts), judged(plan, Vec::new()));
        let plea = plea();
        let emergency = pleads.then_some(&plea);
        let (asked_with, asked_without) =
            (asked(&with, signed, &promotion, emergency), asked(&without, signed, &promotion, emergency));
        let denied = !empty && with.body.policies.iter().any(|one| one.effect == Effect::Deny && !one.is_kept());
        match (&asked_with, &asked_without) {
            (Ok(with), Ok(without)) if denied => {
                assert!(with.emergency().is_some() && !with.promoted(), "a refusal was passed over: {without:?}");
            }
            // Statements name the plan they are about, so grounds are compared by their form.
            (Ok(with), Ok(without)) => {
                let form = |permit: &Permit| std::mem::discriminant(permit.basis());
                assert_eq!((form(with), with.promoted()), (form(without), without.promoted()));
            }
            (Ok(with), Err(_)) => panic!("policies let something pass: {with:?}"),
            (Err(_), Ok(_)) => assert!(denied && !pleads, "refused without a refusal"),
            (Err(with), Err(without)) => assert!(denied || with.lines().count() == without.lines().count()),
        }
    });
}
