//! The promises as data: complete, in two languages, and named by every kind that keeps one.

use tokaido::kinds;
use tokaido::promises::{FLOORS, SLUGS, below_floor, slug};

use crate::project::Project;

#[test]
fn the_file_of_this_repository_is_complete() {
    let loaded = Project::new().load();
    let ids: Vec<_> = loaded.promises.iter().map(|promise| promise.id.as_str()).collect();
    assert_eq!(ids, SLUGS, "in the order of the paper");
    for promise in loaded.promises.iter() {
        assert!(below_floor(promise).is_empty(), "{}", promise.id);
        assert!(
            !promise.controls.iso27017_2015.is_empty() && !promise.controls.iso27002_2022.is_empty(),
            "{} answers no control",
            promise.id
        );
        for text in [&promise.title, &promise.sentence] {
            assert!(!text.ja.is_ascii() && text.en.is_ascii(), "{}: the languages are mixed up", promise.id);
        }
    }
}

#[test]
fn every_promise_a_kind_names_exists() {
    let promises = Project::new().load().promises;
    for kind in kinds::ALL {
        for attribute in kind.schema.attributes {
            if let Some(named) = attribute.promise {
                assert!(promises.get(named).is_some(), "{}.{} names `{named}`", kind.schema.kind, attribute.name);
            }
        }
    }
}

#[test]
fn look_ups() {
    let promises = Project::new().load().promises;
    assert_eq!(promises.at_least_days(slug::POINT_IN_TIME_RECOVERY), 35);
    assert_eq!(promises.at_least_days(slug::RECOVERY_COPIES), 7);
    assert_eq!(promises.days(slug::CLOCK, "zone"), None);
    assert_eq!(promises.clause(slug::TENANT_ISOLATION), Some("16"));
    assert_eq!(
        promises.of_clause("12").map(|promise| promise.id.as_str()).collect::<Vec<_>>(),
        ["point-in-time-recovery", "recovery-copies", "restore-on-request"]
    );
    assert!(promises.get("nothing").is_none());
    assert!(FLOORS.iter().all(|floor| promises.clause(floor.slug) == Some(floor.clause)));
}

/// The digest follows what is promised, not how the file looks.
#[test]
fn the_digest_covers_values_only() {
    let mut project = Project::new();
    let before = project.load().promises.digest().to_owned();
    project.edit("policies/promises.yaml", "promises:\n", "# a comment\npromises:\n");
    assert_eq!(project.load().promises.digest(), before);
    project.edit("policies/promises.yaml", "at_least: 7d", "at_least: 8d");
    assert_ne!(project.load().promises.digest(), before);
}
