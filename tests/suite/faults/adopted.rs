//! What is taken over is what the file names, and nobody else's. The executor asks this itself, whatever let the plan pass.

use std::sync::Arc;

use tokaido::apply::{Execution, execute};
use tokaido::govern::permit;
use tokaido::model::tags::{self, Tags};
use tokaido::model::{Action, Attributes, Change, Class, Diff, Environment, Impact, Outcome, Plan, Precondition, Region, Value};
use tokaido::store::Store;
use tokaido::store::lease::{self, Ask, Terms};
use tokaido::world::CreateRequest;
use tokio::sync::watch;

use crate::support::lab::block_on;
use crate::support::{Lab, attr, id, project};

const VPC: &str = "vpc.main@tokyo";

/// A network somebody made, with these tags.
fn network(lab: &Lab, cidr: &str, tags: &[(&str, &str)]) -> String {
    let request = CreateRequest {
        attributes: Attributes::from_iter([(attr("cidr"), Value::from(cidr))]),
        tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Tags>(),
    };
    lab.world().log().create_by_hand(&lab.desired.account, Region::Tokyo, "vpc", &request).expect("by hand")
}

/// A plan that takes this network over and switches host names on.
fn adopting(physical: &str) -> Plan {
    let mut plan = lab(false).plan().plan;
    let diff = Diff { path: "dns_hostnames".to_owned(), before: false.into(), after: true.into(), class: Class::Unknown };
    let change: Change = Change {
        action: Action::Adopt,
        impact: Impact::Adopt,
        preconditions: vec![Precondition::Exists { physical: physical.to_owned() }],
        depends_on: Vec::new(),
        diffs: vec![diff],
        ..plan.body.changes.iter().find(|change| change.id == id(VPC)).expect("a network").clone()
    };
    let mut step = plan.body.steps.iter().find(|step| step.id == id(VPC)).expect("a step").clone();
    step.number = 1;
    step.after.clear();
    step.operation = tokaido::model::Operation::Update;
    plan.body.changes = vec![change];
    plan.body.steps = vec![step];
    plan.id = plan.body.digest();
    plan.seal = plan.sealed();
    plan
}

/// Past every gate: the executor alone.
fn executed(lab: &Lab, plan: &Plan) -> Outcome {
    let session = lab.session();
    let question = permit::PermitInput {
        plan,
        roles: None,
        floor: 0,
        statements: &[],
        used: None,
        spent: &[],
        promotion: &None,
        emergency: None,
        caller: "",
        now: session.world.clock().now(),
    };
    let permit = permit::permit(&question).expect("dev is open");
    let (_go, stop) = watch::channel(false);
    let observed = lab.plan().observed;
    let store: Arc<dyn Store> = Arc::clone(lab.store()) as Arc<dyn Store>;
    let terms = Terms::default();
    let ask = Ask {
        store: &store,
        environment: lab.desired.environment,
        caller: "a test",
        plan: &plan.id,
        floor: 0,
        terms: &terms,
        write_fence: session.world.write_fence(),
        stop: stop.clone(),
    };
    let lease = block_on(lease::acquire(&ask, &mut |_| {})).expect("a lease");
    let execution = Execution {
        world: &*session.world,
        store: &*store,
        lease: &lease,
        schemas: &session.schemas,
        desired: &lab.desired,
        observed: &observed,
        plan,
        permit: &permit,
        stop,
    };
    let executed = block_on(execute(&execution, &mut |_| {}));
    block_on(lease.release());
    executed.steps[0].outcome.clone()
}

fn lab(adopt: bool) -> Lab {
    let mut desired = project::load(project::root(), Environment::Dev);
    desired.resources.get_mut(&id(VPC)).expect("a network").adopt = adopt;
    Lab::new(desired)
}

#[test]
fn only_what_the_file_names_and_nobody_owns_is_taken_over() {
    let cidr = |lab: &Lab| lab.desired.resources[&id(VPC)].attributes.text(attr("cidr")).expect("a block").to_owned();
    let theirs: [&[(&str, &str)]; 4] = [
        &[(tags::ENVIRONMENT, "production"), (tags::ID, "vpc.main@tokyo")],
        &[(tags::ENVIRONMENT, "dev"), (tags::ID, "vpc.other@tokyo")],
        &[(tags::ENVIRONMENT, "production")],
        &[(tags::ID, "vpc.other@tokyo")],
    ];
    for tags in theirs {
        let lab = lab(true);
        let physical = network(&lab, &cidr(&lab), tags);
        refuses(&lab, &adopting(&physical), "its tags name another owner");
    }
    let lab_not_asked = lab(false);
    let physical = network(&lab_not_asked, &cidr(&lab_not_asked), &[]);
    refuses(&lab_not_asked, &adopting(&physical), "no file asks");
    let lab_elsewhere = lab(true);
    let physical = network(&lab_elsewhere, "172.31.0.0/16", &[]);
    refuses(&lab_elsewhere, &adopting(&physical), "is not what the file names");
    // And what the file does name is taken over.
    let lab_right = lab(true);
    let physical = network(&lab_right, &cidr(&lab_right), &[]);
    assert_eq!(executed(&lab_right, &adopting(&physical)), Outcome::Done);
}

fn refuses(lab: &Lab, plan: &Plan, words: &str) {
    let before = lab.rows();
    match executed(lab, plan) {
        Outcome::Failed { error, .. } => assert!(error.contains(words), "{words}: {error}"),
        other => panic!("{words}: {other:?}"),
    }
    assert_eq!(lab.rows(), before, "{words}");
}
