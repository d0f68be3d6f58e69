//! One part at a time: records that are written, objects that the simulated AWS makes, steps that are executed.

use std::fs;
use std::sync::Mutex;

use jiff::Timestamp;
use tempfile::TempDir;
use tokaido::kinds::{self, backup_plan, db_instance, dhcp_options, vpc};
use tokaido::model::observed::CallRecord;
use tokaido::model::tags::Tags;
use tokaido::model::value::Map;
use tokaido::model::{
    ApplyEvent, Attributes, DesiredState, Environment, Live, Name, ObservedState, Pairs, Reference, Region, ResourceId, Source,
    Status, Tombstone, Unreadable, Value, VerdictState, tags,
};
use tokaido::plan::{self, Listed};
use tokaido::promises::{self, JudgeInput};
use tokaido::sim::SimWorld;
use tokaido::store::{DirectoryStore, Record, Store as _, record_name};
use tokaido::world::{CreateRequest, Scope, World as _};
use tokio::sync::watch;

use super::{MOST, RUNS, converged, estate, pure, spent, timed, without_rules};
use crate::support::lab::{Lab, START, all_done, block_on};

/// Something four times as large costs about four times as much. Runs of both sizes take turns, so that what else runs here slows
/// both alike, and the quickest of each counts.
fn assert_grows_in_proportion(what: &str, small: impl Fn() -> f64, large: impl Fn() -> f64) {
    let turn = |least: (f64, f64), _| (least.0.min(small()), least.1.min(large()));
    let (small, large) = (0..RUNS).fold((f64::INFINITY, f64::INFINITY), turn);
    let ratio = large / small;
    assert!(ratio <= MOST, "{what}: four times as many cost {ratio:.1} times as much; {small} {large}");
    assert!(ratio > 1.0, "{what}: nothing grew, so nothing was measured; {small} {large}");
}

fn start() -> Timestamp {
    START.parse().expect("a time")
}

/// Fifty records for a folder that holds so many already.
fn appended(already: u64) -> f64 {
    let folder = TempDir::new().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    let record = Record::Proven { at: start(), plan: "p".to_owned(), release: None, violations: Vec::new() };
    let text = serde_json::to_vec(&record).expect("plain data");
    let environment = folder.path().join(Environment::Dev.as_str());
    fs::create_dir_all(&environment).expect("a folder");
    for number in 1..=already {
        fs::write(environment.join(record_name(number)), &text).expect("a record");
    }
    let append = async || {
        for _ in 0..50 {
            store.append(Environment::Dev, &record).await.expect("appended");
        }
    };
    let ((), cost) = timed(|| block_on(append()));
    assert!(environment.join(record_name(already + 50)).exists(), "none is missing");
    cost
}

#[test]
fn a_record_costs_the_same_however_many_there_are() {
    let (few, many) = (appended(100), appended(10_000));
    // The folder is listed once; in proportion to what lies in it this would be a hundred.
    assert!(many <= few * MOST, "50 records for 10,000 cost {:.1} times what they cost for 100; {few} {many}", many / few);
}

/// So many networks, each with a key, in an account that holds nothing else.
fn created(objects: usize) -> f64 {
    let scope = Scope { environment: Environment::Dev, account: "111111111111".to_owned() };
    let world = SimWorld::in_memory(scope, start());
    let make = |kind: &str, attributes: Vec<(&'static str, String)>| {
        let attributes: Attributes = attributes.into_iter().map(|(name, text)| (Name::interned(name), text.into())).collect();
        let driver = world.driver(kind, Region::Tokyo).expect("a driver");
        let request = CreateRequest { attributes, tags: Tags::new() };
        block_on(async move { driver.create(&request).await }).unwrap_or_else(|error| panic!("{error}"))
    };
    let options = make("dhcp-options", Vec::new());
    let all = || {
        for index in 0..objects {
            let block = format!("10.{}.{}.0/24", index / 256, index % 256);
            make("vpc", vec![("cidr", block), ("dhcp_options", options.clone())]);
            make("kms-key", vec![("alias", format!("alias/acme-{index}"))]);
        }
    };
    let ((), cost) = timed(all);
    let there = world.log().read(|state| state.objects.values().count()).expect("a world in memory");
    // With each network its main route table, its default network ACL and its default security group.
    assert_eq!(there, 5 * objects + 1);
    cost
}

#[test]
fn an_object_of_the_simulated_world_costs_the_same_however_many_there_are() {
    assert_grows_in_proportion("objects", || created(400), || created(1_600));
}

/// From the first step of an apply to its last one; planning is outside of it.
fn executed(resources: usize) -> f64 {
    let project = TempDir::new().expect("a folder");
    estate::write(project.path(), estate::tenants(resources)).expect("an estate");
    without_rules(&project);
    let lab = Lab::new(pure::load(project.path()));
    let plan = lab.plan().plan;
    let (_go, stop) = watch::channel(false);
    let times = Mutex::new((0.0, 0.0));
    let mut on = |event: ApplyEvent| match event {
        ApplyEvent::Started { .. } => times.lock().expect("no panic").0 = spent(),
        ApplyEvent::Replanning => times.lock().expect("no panic").1 = spent(),
        _ => {}
    };
    let report = lab.let_pass(&lab.session(), &plan, stop, &mut on).unwrap_or_else(|error| panic!("{error}"));
    assert!(all_done(&report) && report.steps.len() == lab.desired.resources.len(), "{} steps", report.steps.len());
    let (begun, ended) = times.into_inner().expect("no panic");
    ended - begun
}

#[test]
fn a_step_costs_the_same_however_many_there_are() {
    assert_grows_in_proportion("steps", || executed(200), || executed(800));
}

fn desired(resources: usize) -> DesiredState {
    let project = TempDir::new().expect("a folder");
    estate::write(project.path(), estate::tenants(resources)).expect("an estate");
    without_rules(&project);
    pure::load(project.path())
}

/// A plan and its checks: everything is to be made, or whatever hides behind one failed read is refused with all that needs it.
fn planned(resources: usize, hidden: bool) -> impl Fn() -> f64 {
    let (desired, schemas) = (desired(resources), kinds::schemas());
    let denied = Unreadable {
        kind: vpc::NAME.to_owned(),
        region: Region::Tokyo,
        physical: None,
        id: None,
        operation: "DescribeVpcs".to_owned(),
        error: "denied".to_owned(),
        unanswered: None,
        told: String::new(),
    };
    let observed = ObservedState { unreadable: hidden.then_some(denied).into_iter().collect(), ..ObservedState::default() };
    move || {
        let input = pure::input(&desired, &observed, None, &schemas);
        let ((body, distrust), cost) = timed(|| {
            let body = plan::plan(&input);
            let distrust = pure::distrust(&input, &body);
            (body, distrust)
        });
        assert_eq!(distrust, [] as [String; 0]);
        assert_eq!(body.changes.len() + body.blocked.len(), desired.resources.len(), "each is made or refused");
        assert_eq!(body.changes.len() == desired.resources.len(), !hidden);
        cost
    }
}

#[test]
fn a_change_costs_the_same_however_many_there_are() {
    for hidden in [false, true] {
        let what = if hidden { "changes that are refused" } else { "changes" };
        assert_grows_in_proportion(what, planned(400, hidden), planned(1_600, hidden));
    }
}

/// So many option sets that nobody uses any more, each with its line under `retire:`.
fn retired(objects: usize) -> impl Fn() -> f64 {
    let (mut desired, schemas) = (desired(0), kinds::schemas());
    let mut live = converged::world(&desired);
    let source = Source { file: "environments/dev.yaml".into(), line: 1, column: 1 };
    let first = live.iter().position(|(kind, region, _)| (kind.as_str(), *region) == (dhcp_options::NAME, Region::Tokyo));
    let first = first.expect("an option set");
    for number in 0..objects {
        let id = ResourceId::new(dhcp_options::NAME, &format!("old-{number:05}"), Region::Tokyo);
        let mut old = live[first].clone();
        old.2.physical = format!("dopt-{number:08}").into();
        old.2.outputs = Pairs::from([("id", old.2.physical.as_str())]);
        old.2.tags.insert(tags::ID, id.to_string());
        live.push(old);
        desired.retire.insert(id, Tombstone { reason: "not used".to_owned(), source: source.clone() });
    }
    live[first..].rotate_right(objects);
    let answers = converged::answers(live, |kind, listing| Listed::of(&desired, kind.schema, listing));
    move || {
        let answers = answers.clone();
        let ((body, distrust), cost) = timed(|| {
            let observed = pure::observe(&desired, &schemas, answers);
            let input = pure::input(&desired, &observed, None, &schemas);
            let body = plan::plan(&input);
            let distrust = pure::distrust(&input, &body);
            (body, distrust)
        });
        assert_eq!(distrust, [] as [String; 0]);
        assert_eq!(body.summary.delete, objects, "{:?}", body.summary);
        cost
    }
}

#[test]
fn a_delete_costs_the_same_however_many_there_are() {
    assert_grows_in_proportion("deletes", retired(400), retired(1_600));
}

/// A live world in which one backup plan covers so many databases, each under the settings of the shared one.
fn databases(count: usize) -> (DesiredState, ObservedState) {
    let (mut desired, schemas) = (desired(0), kinds::schemas());
    let answers = converged::answers(converged::world(&desired), |kind, listing| Listed::of(&desired, kind.schema, listing));
    let mut observed = pure::observe(&desired, &schemas, answers);
    let first = |id: &ResourceId| id.kind == db_instance::NAME;
    let (of, live) = observed.owned.iter().find(|(id, _)| first(id)).map(|(id, live)| (id.clone(), live.clone())).expect("one");
    let resource = desired.resources[&of].clone();
    let mut links = vec![Value::from(Reference::new(&of, "arn"))];
    for number in 0..count {
        let id = ResourceId::new(db_instance::NAME, &format!("more-{number:05}"), of.region);
        let live = Live { physical: format!("dev-{}", id.name).into(), status: Status::Ready, ..live.clone() };
        observed.owned.insert(id.clone(), live);
        desired.resources.insert(id.clone(), resource.clone());
        links.push(Value::from(Reference::new(&id, "arn")));
    }
    let plan = observed.owned.iter_mut().find(|(id, _)| id.kind == backup_plan::NAME).map(|(_, live)| live).expect("a plan");
    let attributes = plan.attributes.values_mut();
    let selections = attributes[backup_plan::at::selections].as_list().expect("a list").iter().map(|selection| {
        let mut selection: Map = selection.as_map().expect("a map").clone();
        selection.insert("resources".into(), Value::list(links.clone()));
        Value::from(selection)
    });
    let selections = Value::list(selections.collect::<Vec<_>>());
    attributes.set(backup_plan::at::selections, selections);
    observed.reads.push(CallRecord { kind: backup_plan::NAME.to_owned(), region: of.region, at: START.to_owned() });
    (desired, observed)
}

/// Every promise judged, with all facts.
fn judged(count: usize) -> impl Fn() -> f64 {
    let ((desired, observed), schemas) = (databases(count), kinds::schemas());
    move || {
        let input =
            JudgeInput { desired: &desired, observed: &observed, recorded: None, schemas: &schemas, accounts: None, now: None };
        let (verdicts, cost) = timed(|| promises::judge(&input));
        let copies = verdicts.iter().find(|verdict| verdict.promise == promises::slug::RECOVERY_COPIES).expect("a verdict");
        let covered = copies.in_state(VerdictState::Kept).filter(|examined| examined.kind == db_instance::NAME).count();
        assert_eq!(covered, count + 1, "every database is selected and copied");
        cost
    }
}

#[test]
fn a_database_of_a_backup_plan_costs_the_same_however_many_it_covers() {
    assert_grows_in_proportion("databases of a backup plan", judged(800), judged(3_200));
}
