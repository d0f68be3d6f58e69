//! What holds for every environment within the rules, in a world that has other things in it too.

mod bodies;
mod fixpoint;
mod promotion_path;
mod gate_input;
mod lost_replies;
mod patches;
mod pins;
mod way_back;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokaido::model::tags::Tags;
use tokaido::model::{Attributes, Environment, ObservedState, Region, Value, tags};
use tokaido::world::CreateRequest;
use tokaido::world::behaviour::SimObject;

use crate::support::{Lab, attr, soak, yaml};

/// As `proptest!` does, from a seed: the same cases in every run, and no files beside the sources. Of so many cases, a tenth
/// runs in `make test`.
pub fn for_all<S: Strategy>(cases: u32, seed: u8, strategy: &S, test: impl Fn(S::Value)) {
    for_each(soak::cases(cases), seed, strategy, test);
}

/// The same for what is cheap, and for what a tenth would not find: every case in every run.
pub fn for_each<S: Strategy>(cases: u32, seed: u8, strategy: &S, test: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
        .run(strategy, |value| {
            test(value);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

fn by_hand(lab: &Lab, region: Region, kind: &str, attributes: &str, tags: Tags) -> String {
    let attributes = Attributes::from(yaml::read(attributes).as_map().cloned().unwrap_or_default());
    let made = lab.world().log().create_by_hand(&lab.desired.account, region, kind, &CreateRequest { attributes, tags });
    made.unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// Objects of somebody else, and of another environment in the same account.
fn strangers(lab: &Lab) {
    let other = if lab.desired.environment == Environment::Dev { Environment::Staging } else { Environment::Dev };
    let named = |name: &str| Tags::from([("Name".to_owned(), name.to_owned()), ("team".to_owned(), "data".to_owned())]);
    let of_other =
        |id: &str| Tags::from([(tags::ENVIRONMENT.to_owned(), other.to_string()), (tags::ID.to_owned(), id.to_owned())]);
    let vpc = by_hand(lab, Region::Tokyo, "vpc", "{ cidr: 172.16.0.0/16 }", named("legacy"));
    by_hand(lab, Region::Tokyo, "subnet", &format!("{{ vpc: {vpc}, cidr: 172.16.0.0/20, zone: apne1-az1 }}"), Tags::new());
    by_hand(lab, Region::Tokyo, "security-group", &format!("{{ name: legacy, description: old, vpc: {vpc} }}"), Tags::new());
    by_hand(lab, Region::Osaka, "kms-key", "{ alias: alias/legacy, policy: { Statement: [] } }", Tags::new());
    by_hand(lab, Region::Tokyo, "db-parameter-group", "{ name: legacy, family: postgres16, description: old }", named("legacy"));
    by_hand(lab, Region::Tokyo, "vpc", "{ cidr: 172.17.0.0/16 }", of_other("vpc.main@tokyo"));
    by_hand(
        lab,
        Region::Global,
        "iam-role",
        "{ name: other-AWSBackup, path: /, description: theirs, trust: {} }",
        of_other("iam-role.backup@global"),
    );
}

/// A database restored by hand: AWS copies our tags to it.
fn restored(lab: &Lab, observed: &ObservedState) {
    let Some((id, live)) = observed.owned.iter().find(|(id, _)| id.kind == "db-instance") else { return };
    let outputs = observed.owned.iter().map(|(id, live)| (id.clone(), live.outputs.clone())).collect();
    let mut attributes = tokaido::plan::links::lower(live.attributes.bare(), &outputs).expect("live links");
    attributes.set(attr("name"), format!("{}-restored", live.physical));
    attributes.set(attr("deletion_protection"), Value::Bool(false));
    let request = CreateRequest { attributes, tags: live.tags.clone() };
    lab.world().log().create_by_hand(&lab.desired.account, id.region, &id.kind, &request).expect("a restored database");
}

fn objects(lab: &Lab) -> Vec<SimObject> {
    lab.world().log().read(|state| state.objects.values().cloned().collect()).expect("a world in memory")
}
