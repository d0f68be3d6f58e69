//! A change of the engine that no plan makes is only declared: verdicts judge what runs, and what it uses is no orphan to delete.

use tokaido::model::{Action, BlockedCode, DesiredState, Environment, Tombstone};
use tokaido::promises::slug;

use crate::support::lab::{Lab, id};
use crate::support::project;

const DATABASE: &str = "db-instance.catalog@tokyo";

const GROUPS: [&str; 2] = ["db-parameter-group.postgres16@tokyo", "db-parameter-group.postgres16@osaka"];

fn wanted(environment: Environment, engine: &str, version: &str) -> DesiredState {
    let folder = project::copy();
    for file in ["base", "dev", "staging", "production"].map(|name| folder.path().join(format!("environments/{name}.yaml"))) {
        let text = std::fs::read_to_string(&file).expect("the file");
        let text =
            text.replace("engine: postgres\n    version: \"16\"", &format!("engine: {engine}\n    version: \"{version}\""));
        std::fs::write(&file, text).expect("written");
    }
    project::load(folder.path(), environment)
}

const REFUSED: [(&str, &str); 3] = [("mysql", "8.4"), ("mariadb", "11.4"), ("postgres", "17")];

fn live() -> Lab {
    let lab = Lab::new(wanted(Environment::Dev, "postgres", "16"));
    lab.converge();
    lab
}

#[test]
fn a_verdict_judges_the_logs_of_the_engine_that_runs() {
    for (engine, version) in REFUSED {
        let lab = live().with(wanted(Environment::Dev, engine, version));
        let state = |lab: &Lab| {
            let audit = lab.audit();
            audit.verdicts.iter().find(|verdict| verdict.promise == slug::EVENT_LOGS).expect("a verdict").state
        };
        let before = state(&live());
        assert_eq!(state(&lab), before, "{engine} {version}");
        // A log that is missing of the engine that runs is still missing.
        lab.set(&id(DATABASE), "log_exports", &tokaido::model::Value::list(["upgrade"])).expect("by hand");
        assert_ne!(state(&lab), before, "{engine} {version}");
    }
}

#[test]
fn what_a_live_database_uses_is_no_orphan_to_delete() {
    for (engine, version) in REFUSED {
        let mut desired = wanted(Environment::Dev, engine, version);
        let lab = live().with(desired.clone());
        let body = lab.plan().plan.body;
        let of = |name: &str| body.orphans.iter().find(|orphan| orphan.id == id(name));
        for group in GROUPS {
            let orphan = of(group).expect("an orphan");
            assert_eq!((&orphan.tombstone, &orphan.used_by[..]), (&None, &[id(DATABASE)][..]), "{engine} {group}");
        }
        // With the lines all the same: the deletes wait, and nothing else does.
        let source = desired.resources.values().next().expect("a resource").source.clone();
        for group in GROUPS {
            desired.retire.insert(id(group), Tombstone { reason: "not used".to_owned(), source: source.clone() });
        }
        let lab = lab.with(desired);
        let body = lab.plan().plan.body;
        for group in GROUPS {
            let held = body.blocked.iter().find(|blocked| blocked.id == id(group)).expect("a refusal");
            assert_eq!(
                (held.code, &*held.reason.to_string()),
                (BlockedCode::DependsOnBlocked, "db-instance.catalog@tokyo still needs it")
            );
        }
        assert!(body.changes.iter().all(|change| change.action != Action::Delete), "{:#?}", body.changes);
        lab.apply();
        assert!(GROUPS.iter().all(|group| lab.rows().iter().any(|row| row.id == Some(id(group)))), "they are still there");
    }
}
