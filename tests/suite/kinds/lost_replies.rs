//! Every kind, every call that changes something, and a reply that is lost at any moment: the same run converges, nothing is
//! made twice, and the report says what is known (ADR 0033).

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds;
use tokaido::model::{ApplyReport, Operation, Outcome, ResourceId, StepReport, Tombstone, Value, tags};
use tokaido::world::{ErrorClass, Moment};

use super::{ACCOUNT, Example, built, estate, examples, without_what_no_data_needs};
use crate::support::lab::all_done;
use crate::support::{Lab, desired};

const LOST: [ErrorClass; 2] = [ErrorClass::Unreachable, ErrorClass::Internal];
const MOMENTS: [Moment; 3] = [Moment::Before, Moment::Midway, Moment::After];

/// Every loss that a call can meet.
fn losses() -> impl Iterator<Item = (ErrorClass, Moment)> {
    LOST.into_iter().flat_map(|class| MOMENTS.map(|moment| (class, moment)))
}

fn answered(class: ErrorClass, operation: &str) -> String {
    match class {
        ErrorClass::Internal => format!("AWS answered 500 to sim:{operation}"),
        _ => format!("no whole answer to sim:{operation} came"),
    }
}

/// The one step that tells of a lost reply, and its words.
fn healed(report: &ApplyReport) -> (&StepReport, &str) {
    let told: Vec<&StepReport> = report.steps.iter().filter(|step| step.read_back.is_some()).collect();
    let [step] = told[..] else { panic!("{told:#?}") };
    assert_eq!(step.outcome, Outcome::Done, "{step:#?}");
    (step, step.read_back.as_deref().expect("words"))
}

fn assert_whole(lab: &Lab, report: &ApplyReport, what: &str) {
    assert!(all_done(report), "{what}: {report:#?}");
    assert_eq!(report.remaining.as_deref(), Some(&[][..]), "{what}: {report:#?}");
    lab.assert_settled();
}

fn assert_each_once(lab: &Lab, what: &str) {
    let rows: Vec<_> = lab.rows().into_iter().filter(|row| row.made_with.is_none()).collect();
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.id.clone()).collect();
    assert_eq!((ids.len(), rows.len()), (lab.desired.resources.len(), lab.desired.resources.len()), "{what}");
}

#[test]
fn a_create_is_found_and_never_sent_again() {
    let mut finished = BTreeSet::new();
    for Example { kind, .. } in examples() {
        let name = kind.schema.kind;
        for (class, moment) in losses() {
            let what = format!("create {name} {class:?} {moment:?}");
            let lab = Lab::new(desired(tokaido::model::Environment::Dev, ACCOUNT, estate()));
            lab.fail(&format!("create {name}"), class, moment, 1);
            let planned = lab.plan();
            let report = lab.apply_planned(&planned);
            if moment == Moment::Before {
                // Nothing was made, and nobody can know it: after the search the step says what is known.
                let lost: Vec<_> = report.steps.iter().filter(|step| matches!(step.outcome, Outcome::Unknown { .. })).collect();
                let [step] = lost[..] else { panic!("{what}: {lost:#?}") };
                let Outcome::Unknown { error } = &step.outcome else { unreachable!() };
                let lost = format!("{}; looked for by its tag for ", answered(class, &format!("create {name}")));
                let searched = error.strip_prefix(&lost).unwrap_or_else(|| panic!("{what}: {error}"));
                let (minutes, rest) = searched.split_once("m, and AWS does not show it; ").expect("minutes");
                assert!(minutes.parse::<u32>().is_ok_and(|minutes| minutes >= 5), "{what}: {error}");
                assert!(rest.starts_with("it was not sent again; the next plan finds it, or makes it ("), "{what}: {error}");
                let begun = report.steps.iter().filter(|step| !matches!(step.outcome, Outcome::Skipped { .. })).count();
                assert_eq!(report.mutating_calls, begun as u64, "{what}: one call a step");
                assert_whole(&lab, &lab.apply(), &what);
            } else {
                let (step, words) = healed(&report);
                assert_eq!((&*step.id.kind, step.operation), (name, Operation::Create), "{what}");
                let begins = format!("{}; found by its tag: ", answered(class, &format!("create {name}")));
                assert!(words.starts_with(&begins), "{what}: {words}");
                // Of a create that was cut off in the middle, one update sets what is left. A default may be what is declared.
                let later =
                    kind.schema.attributes.iter().any(|row| row.later && estate()[&step.id].attributes.contains(row.name));
                match report.mutating_calls - planned.plan.body.steps.len() as u64 {
                    0 => {}
                    1 if moment == Moment::Midway && later => _ = finished.insert(name),
                    more => panic!("{what}: {more} calls more than steps"),
                }
                assert_whole(&lab, &report, &what);
            }
            assert_each_once(&lab, &what);
        }
    }
    let several = ["backup-plan", "bucket", "db-parameter-group", "iam-role", "kms-key", "security-group", "vpc"];
    assert_eq!(finished, several.into(), "kinds of which one create is several calls");
}

/// Every value of an example that a person may set, and two tags: each kind has a change of several parts.
fn changed(lab: &Lab, example: &Example) {
    for (name, value) in &example.breaks {
        lab.set(&example.id, name, value).unwrap_or_else(|error| panic!("{} {name}: {error}", example.id));
    }
    lab.set(&example.id, &format!("tags[{}]", tags::TENANT), &Value::from("globex")).expect("a tag");
    lab.set(&example.id, &format!("tags[{}]", tags::CLASSIFICATION), &Value::Null).expect("a tag");
}

#[test]
fn an_update_is_read_back_and_only_what_is_open_is_sent_again() {
    let lab = built();
    for example in examples() {
        let name = example.kind.schema.kind;
        for (class, moment) in losses() {
            let what = format!("update {name} {class:?} {moment:?}");
            changed(&lab, &example);
            lab.fail(&format!("update {name}"), class, moment, 1);
            let report = lab.apply();
            let (step, words) = healed(&report);
            assert_eq!((&step.id, report.steps.len()), (&example.id, 1), "{what}");
            let lost = answered(class, &format!("update {name}"));
            let (sent, end) = match moment {
                // A value that is there is not sent again.
                Moment::After => (1, "; read back: the value is there"),
                Moment::Before | Moment::Midway => (2, "; read back, sent again, and answered (sent 2 times)"),
            };
            assert_eq!((words, report.mutating_calls), (format!("{lost}{end}").as_str(), sent), "{what}");
            assert_whole(&lab, &report, &what);
        }
    }
}

/// Labs with a tombstone for everything that goes: of what no data needs, and of an estate without data.
fn retired() -> Vec<Lab> {
    let light: BTreeMap<_, _> = {
        let all = estate();
        let mut holds: BTreeSet<ResourceId> =
            all.keys().filter(|id| kinds::find(&id.kind).is_some_and(|kind| kind.schema.stateful)).cloned().collect();
        while let Some(more) = all
            .iter()
            .find(|(id, resource)| !holds.contains(id) && resource.dependencies().iter().any(|needed| holds.contains(needed)))
        {
            holds.insert(more.0.clone());
        }
        all.into_iter().filter(|(id, _)| !holds.contains(id)).collect()
    };
    [estate(), light]
        .map(|resources| {
            let lab = Lab::new(desired(tokaido::model::Environment::Dev, ACCOUNT, resources));
            lab.converge();
            let (mut wish, gone) = without_what_no_data_needs(&lab);
            for (id, resource) in gone {
                wish.retire.insert(id, Tombstone { reason: "not needed".to_owned(), source: resource.source });
            }
            lab.with(wish)
        })
        .into()
}

#[test]
fn a_delete_is_read_back_and_sent_again_while_it_is_there() {
    let mut seen = BTreeSet::new();
    for (class, moment) in losses().filter(|(_, moment)| *moment != Moment::Midway) {
        for (index, kind) in kinds::declared().filter(|kind| !kind.schema.stateful).enumerate() {
            let name = kind.schema.kind;
            let goes = |lab: &&Lab| lab.desired.retire.keys().any(|id| id.kind == name);
            let Some(lab) = retired().into_iter().find(|lab| goes(&lab)) else { continue };
            let what = format!("delete {name} {class:?} {moment:?} {index}");
            seen.insert(name);
            lab.fail(&format!("delete {name}"), class, moment, 1);
            let planned = lab.plan();
            let report = lab.apply_planned(&planned);
            let (step, words) = healed(&report);
            assert_eq!((&*step.id.kind, step.operation), (name, Operation::Delete), "{what}");
            let (more, end) = match moment {
                Moment::After => (0, "; read back: it is gone"),
                _ => (1, "; read back, sent again, and answered (sent 2 times)"),
            };
            assert_eq!(words, format!("{}{end}", answered(class, &format!("delete {name}"))), "{what}");
            assert_eq!(report.mutating_calls, planned.plan.body.steps.len() as u64 + more, "{what}");
            assert_whole(&lab, &report, &what);
        }
    }
    let all: BTreeSet<_> = kinds::declared().filter(|kind| !kind.schema.stateful).map(|kind| kind.schema.kind).collect();
    assert_eq!(seen, all, "every kind that may be deleted");
}
