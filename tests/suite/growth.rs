//! Load, compile and plan cost in proportion to what is declared, and so do the steps of an apply: the checks of addresses, the
//! records that are written, the objects that the simulated AWS makes. Ratios of processor time within one run: a quadratic
//! step fails here, a slow machine does not. `make bench` has the figures (docs/performance.md).

use std::fs;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tempfile::TempDir;
use tokaido::kinds;
use tokaido::model::{Live, RecordedState, Region, ResourceId, Value};
use tokaido::plan::{self, Listed};
use tokaido::promises::judge::{self, JudgeInput};

mod parts;

#[path = "../../benches/engine/converged.rs"]
mod converged;
#[path = "../../benches/engine/estate.rs"]
mod estate;
#[path = "../../benches/engine/pure.rs"]
mod pure;

const SMALL: usize = 400;
const LARGE: usize = 1_600;

/// In proportion it would be 4, and 16 if everything looked at everything. Some steps look up by name in sorted maps, and a
/// larger world fits into a cache less well.
const MOST: f64 = 8.0;

/// Of each size the quickest of so many runs counts: what else runs here only ever adds. The sizes take turns.
const RUNS: usize = 3;

/// One size: its files, and the live world that is exactly what they ask for.
struct World {
    project: TempDir,
    live: Vec<(String, Region, Live)>,
    recorded: RecordedState,
    database: Option<ResourceId>,
}

impl World {
    fn of(resources: usize) -> Self {
        let project = TempDir::new().expect("a folder");
        let tenants = estate::tenants(resources);
        estate::write(project.path(), tenants).expect("an estate");
        without_rules(&project);
        let desired = pure::load(project.path());
        assert_eq!(desired.resources.len(), estate::SHARED + tenants * estate::OF_A_TENANT, "what the estate says of itself");
        let database = tenants.checked_sub(1).map(|last| pure::database_of(&desired, &estate::name(last)));
        Self { live: converged::world(&desired), recorded: converged::recorded(&desired), project, database }
    }

    /// Processor seconds of a load and of a plan, once. The answers are checked outside of the time.
    fn once(&self) -> [f64; 2] {
        let (desired, load) = timed(|| pure::load(self.project.path()));
        let (live, schemas) = (self.live.clone(), kinds::schemas());
        let ((observed, body, distrust), planning) = timed(|| {
            let answers = converged::answers(live, |kind, listing| Listed::of(&desired, kind.schema, listing));
            let observed = pure::observe(&desired, &schemas, answers);
            let input = pure::input(&desired, &observed, Some(&self.recorded), &schemas);
            let body = plan::plan(&input);
            let distrust = pure::distrust(&input, &body);
            (observed, body, distrust)
        });
        pure::assert_converged(&desired, &body, &distrust);
        // With something unread each tenant may be a case of its own, and a proof compares them all.
        let input = JudgeInput {
            desired: &desired,
            observed: &observed,
            recorded: Some(&self.recorded),
            schemas: &schemas,
            accounts: None,
            now: None,
        };
        assert_eq!(judge::proved(&input).facts.unread, [], "listings hold all that a proof reads");
        if let Some(database) = &self.database {
            pure::assert_sees(&desired, observed, Some(&self.recorded), database);
        }
        [load, planning]
    }
}

/// The rules of an organisation are read and checked whatever the size is, and would hide what grows.
fn without_rules(project: &TempDir) {
    for entry in fs::read_dir(project.path().join("policies")).expect("policies") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            fs::remove_dir_all(path).expect("a folder of cases");
        } else if path.extension().is_some_and(|extension| extension == "rego") {
            fs::remove_file(path).expect("a rule");
        }
    }
}

/// Processor seconds of this thread alone: other tests run beside it.
fn spent() -> f64 {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("time is not negative").as_secs_f64()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = spent();
    let result = work();
    (result, spent() - before)
}

#[test]
fn four_times_the_resources_cost_about_four_times_as_much() {
    let worlds = [0, SMALL, LARGE].map(World::of);
    let mut quickest = [[f64::INFINITY; 2]; 3];
    for _ in 0..RUNS {
        for (least, world) in quickest.iter_mut().zip(&worlds) {
            let run = world.once();
            *least = [least[0].min(run[0]), least[1].min(run[1])];
        }
    }
    let [fixed, small, large] = quickest;
    for (index, step) in ["load and compile", "plan"].into_iter().enumerate() {
        // Promises and roles are read for the smallest environment as for the largest.
        let ratio = (large[index] - fixed[index]) / (small[index] - fixed[index]);
        assert!(
            ratio <= MOST,
            "{step}: {LARGE} resources cost {ratio:.1} times what {SMALL} cost; {fixed:?} {small:?} {large:?}"
        );
        assert!(ratio > 1.0, "{step}: nothing grew, so nothing was measured; {fixed:?} {small:?} {large:?}");
    }
}

/// The entries of every network's default ACL are one list in memory, made by a driver or read from a file.
#[test]
fn what_repeats_is_held_once() {
    let entry = |number: i64| Value::map([("block", Value::from("0.0.0.0/0")), ("number", Value::from(number))]);
    let entries = || Value::list([entry(100), entry(32_767)]);
    let place = |value: &Value| value.as_list().expect("a list").as_ptr();
    let (one, two) = (entries(), entries());
    let read: Value = serde_json::from_str(&serde_json::to_string(&one).expect("plain data")).expect("a list");
    assert!(place(&one) == place(&two) && place(&one) == place(&read));
    let swapped = Value::list([entry(32_767), entry(100)]);
    assert!(swapped != one && place(&swapped) != place(&one));
}
