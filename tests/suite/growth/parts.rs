//! One part at a time: records that are written, objects that the simulated AWS makes, steps that are executed.

use std::fs;
use std::sync::Mutex;

use jiff::Timestamp;
use tempfile::TempDir;
use tokaido::model::tags::Tags;
use tokaido::model::{ApplyEvent, Attributes, Environment, Name, Region};
use tokaido::sim::SimWorld;
use tokaido::store::{DirectoryStore, Record, Store as _, record_name};
use tokaido::world::{CreateRequest, Scope, World as _};
use tokio::sync::watch;

use super::{MOST, RUNS, estate, pure, spent, timed, without_rules};
use crate::support::lab::{Lab, START, all_done, block_on};

fn quickest(of: impl Fn() -> f64) -> f64 {
    (0..RUNS).map(|_| of()).fold(f64::INFINITY, f64::min)
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
        let attributes: Attributes = attributes.into_iter().map(|(name, text)| (Name::row(name), text.into())).collect();
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
    assert_eq!(there, 2 * objects + 1);
    cost
}

#[test]
fn an_object_of_the_simulated_world_costs_the_same_however_many_there_are() {
    let (small, large) = (quickest(|| created(400)), quickest(|| created(1_600)));
    let ratio = large / small;
    assert!(ratio <= MOST, "1,600 of each kind cost {ratio:.1} times what 400 cost; {small} {large}");
    assert!(ratio > 1.0, "nothing grew, so nothing was measured; {small} {large}");
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
    let (small, large) = (executed(200), executed(800));
    let ratio = large / small;
    assert!(ratio <= MOST, "the steps for 800 resources cost {ratio:.1} times those for 200; {small} {large}");
    assert!(ratio > 1.0, "nothing grew, so nothing was measured; {small} {large}");
}
