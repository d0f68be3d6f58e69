//! The executor behind the decision: what a policy refuses changes nothing, and what went past one is no proof.

use tokaido::govern::permit::EmergencyOverride;
use tokaido::model::{ApplyReport, AuthorizationBasis, DesiredState, Effect, Environment, Plan, PolicyFiles};
use tokaido::pipeline::{ApprovalEvidence, Gate, GateInput, PipelineError, approvable};
use tokaido::store::{Record, history};
use tokaido::world::Clock as _;
use tokio::sync::watch;

use super::{broken, judged};
use crate::support::lab::{all_done, block_on};
use crate::support::{Lab, people, project};

/// Two resources of dev are enough, and a release, so that there is something to prove.
fn small() -> DesiredState {
    let mut desired = project::load(project::root(), Environment::Dev);
    desired.resources.retain(|id, _| ["vpc", "dhcp-options"].contains(&id.kind.as_str()) && id.to_string().ends_with("@tokyo"));
    desired.release = Some(people::release());
    desired.policies = PolicyFiles::default();
    desired
}

fn apply(lab: &Lab, plan: &Plan, reason: Option<&str>) -> Result<ApplyReport, PipelineError> {
    let evidence = |_: &Plan| Ok(ApprovalEvidence { promotion: Some(Ok(())), ..ApprovalEvidence::default() });
    let plea = reason.map(|reason| EmergencyOverride { reason: reason.to_owned(), by: "alice@example.com".to_owned() });
    let (_go, stop) = watch::channel(false);
    let session = lab.session();
    let ended = block_on(session.apply(
        plan,
        &GateInput { evidence: &evidence, emergency: plea.as_ref(), saved: false },
        stop,
        &mut |_| {},
    ));
    assert!(ended.is_ok() || session.world.calls().mutating() == 0, "refused, and changed something");
    ended
}

#[test]
fn what_a_policy_refuses_changes_nothing_even_in_dev() {
    let lab = Lab::new(small());
    let plan = judged(lab.plan().plan, vec![broken(Effect::Deny)]);
    let refused = apply(&lab, &plan, None).expect_err("refused").to_string();
    for words in ["dev does not let plan", "nothing was changed", "policies/bounded-logs.rego:14", "bucket.logs@tokyo"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    assert!(!refused.contains("approvals bind a saved plan"), "to save it would not help: {refused}");
    assert!(lab.records().is_empty() && lab.rows().is_empty());
    let warned = judged(lab.plan().plan, vec![broken(Effect::Warn)]);
    assert!(all_done(&apply(&lab, &warned, None).expect("a warning lets pass")));
}

/// Recorded before anything runs; the release is not seen as promoted, and no later look makes up for it.
#[test]
fn an_emergency_goes_past_a_policy_and_proves_nothing() {
    let lab = Lab::new(small());
    let plan = judged(lab.plan().plan, vec![broken(Effect::Deny)]);
    assert!(all_done(&apply(&lab, &plan, Some("the catalog database is full")).expect("an emergency")));
    let records = lab.records();
    let Some(Record::Emergency(emergency)) = records.first() else { panic!("{records:?}") };
    assert!(emergency.missing[0].contains("policy bounded-logs") && emergency.missing[0].contains("expiry"), "{emergency:?}");
    let Record::Begun { basis, release, .. } = &records[1] else { panic!("{records:?}") };
    assert_eq!((basis, release), (&Some(AuthorizationBasis::Emergency { id: emergency.id.clone() }), &None));
    let proven = history(&records);
    let (_, release, violations) = proven.last_proven().expect("a clean look");
    assert_eq!((release, violations.last().map(String::as_str)), (None, Some("policy bounded-logs")));
    // Nothing is left to do, and the policy still refuses what is there.
    let again = judged(lab.plan().plan, vec![broken(Effect::Deny)]);
    assert!(again.body.is_empty() && apply(&lab, &again, None).is_ok());
    let looked = history(&lab.records());
    let (_, release, violations) = looked.last_proven().expect("a clean look");
    assert_eq!((release, violations.last().map(String::as_str)), (Some(&people::release()), Some("policy bounded-logs")));
    let kept = judged(lab.plan().plan, Vec::new());
    apply(&lab, &kept, None).expect("nothing to do");
    let looked = history(&lab.records());
    assert!(looked.last_proven().is_some_and(|(_, _, violations)| !violations.iter().any(|one| one.starts_with("policy "))));
}

#[test]
fn a_plan_of_other_policies_is_refused() {
    let lab = Lab::new(small());
    let plan = lab.plan().plan;
    let policies = PolicyFiles { digest: "77".repeat(32), ..PolicyFiles::default() };
    let other = lab.with(DesiredState { policies, ..small() });
    let refused = apply(&other, &plan, Some("the catalog database is full")).expect_err("refused");
    assert!(matches!(&refused, PipelineError::Gate(Gate::OtherPolicies { .. })), "{refused}");
    let words = refused.to_string();
    assert!(words.contains("none then, 777777777777 now") && words.contains("plan again"), "{words}");
}

#[test]
fn what_a_policy_refuses_is_not_signed() {
    let lab = Lab::new(small());
    let now = lab.world().now();
    let ask = |plan: &Plan| approvable(plan, &lab.desired, &lab.records(), "0.1.0", now);
    let plan = lab.plan().plan;
    assert_eq!(ask(&judged(plan.clone(), vec![broken(Effect::Warn)])), Ok(()));
    let refused = ask(&judged(plan, vec![broken(Effect::Deny)])).expect_err("refused").to_string();
    for words in ["nothing was signed", "bucket.logs@tokyo", "--emergency"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
}
