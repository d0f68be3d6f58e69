//! A plan is the same plan whatever policies say of it, and a bootstrap asks none.

use std::collections::BTreeMap;

use tokaido::model::{DesiredState, Environment, PlanBody, PolicyFiles};
use tokaido::pipeline::PipelineError;
use tokaido::policy;

use super::rego::{ENDLESS, small_networks};
use crate::properties::for_all;
use crate::support::generate::wish;
use crate::support::lab::block_on;
use crate::support::{Lab, project};

fn files(text: &str) -> PolicyFiles {
    let files = BTreeMap::from([("policies/small-networks.rego".to_owned(), text.to_owned())]);
    PolicyFiles { digest: policy::digest(&files), files, checked: false }
}

fn without(mut body: PlanBody) -> PlanBody {
    body.policies.clear();
    body.digests.policies.clear();
    body
}

/// Changes, steps, everything but the answers; and the answers are the same each time.
#[test]
fn policies_change_nothing_in_a_plan() {
    for_all(12, 19, &(wish(), wish()), |(wish, other)| {
        let desired = wish.load();
        let lab = Lab::new(DesiredState { policies: PolicyFiles::default(), ..desired.clone() });
        for effect in ["deny", "warn"] {
            let asked = lab.with(DesiredState { policies: files(&small_networks(effect)), ..desired.clone() });
            let (with, bare) = (asked.plan().plan, lab.plan().plan);
            assert_eq!(with.id, asked.plan().plan.id, "the same question has the same answer");
            let networks = desired.resources.keys().filter(|id| id.kind == "vpc").count();
            assert_eq!(with.body.policies.len(), 1);
            assert_eq!((with.body.policies[0].checked, bare.body.policies.len()), (networks, 0), "every network is looked at");
            assert_ne!(with.id, bare.id, "what a policy says is approved with the plan");
            assert_eq!(without(with.body), without(bare.body));
        }
        // In a world that has something already.
        lab.apply();
        let mut later = crate::support::generate::Wish { environment: wish.environment, ..other }.load();
        later.account.clone_from(&desired.account);
        let asked = lab.with(DesiredState { policies: files(&small_networks("deny")), ..later.clone() });
        let bare = lab.with(DesiredState { policies: PolicyFiles::default(), ..later });
        assert_eq!(without(asked.plan().plan.body), without(bare.plan().plan.body));
    });
}

#[test]
fn a_bootstrap_and_whoever_only_looks_ask_no_policy() {
    let desired = project::load(project::root(), Environment::Dev);
    let lab = Lab::new(DesiredState { policies: files(ENDLESS), ..desired });
    let error = lab.try_plan().expect_err("it never ends");
    assert!(matches!(error, PipelineError::Policy(_)), "{error}");
    let said = error.to_string();
    assert!(said.contains("policies/small-networks.rego:") && said.contains("has not ended"), "{said}");
    let part = block_on(lab.session().plan_bootstrap()).expect("no policy is asked").plan;
    assert!(part.body.policies.is_empty());
    lab.drift();
    lab.audit();
    assert!(lab.records().is_empty());
}
