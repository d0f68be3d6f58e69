//! A tag tokaido:id that somebody changed: what carries it is still there, so nothing is made in its place, and no verdict
//! passes it over.

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::{Action, Environment, Examined, ObservedState, PlanBody, Region, ResourceId, Value, VerdictState, tags};
use tokaido::promises::{JudgeInput, judge};
use tokaido::sim::{LogEntry, SandboxRow};
use tokaido::store::recorded_state;
use tokaido::world::behaviour::SimObject;

use crate::support::lab::{Lab, id};
use crate::support::project;

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

/// A hand in a console: the tag of this very object, whatever else carries the same.
fn label(lab: &Lab, row: &SandboxRow, value: &str) {
    by_hand(lab, row, |object| _ = object.tags.insert(tags::ID.to_owned(), value.to_owned()));
}

fn by_hand(lab: &Lab, row: &SandboxRow, change: impl FnOnce(&mut SimObject)) {
    let put = |state: &tokaido::sim::State| {
        let this =
            |object: &&SimObject| (&object.kind, object.region, &object.physical) == (&row.kind, row.region, &row.physical);
        let mut object = state.objects.values().find(this).expect("an object").clone();
        change(&mut object);
        (vec![LogEntry::put(state.now, "hand", "set", object)], ())
    };
    lab.world().log().commit(put).expect("in memory");
}

fn relabel(lab: &Lab, what: &str, as_what: &str) {
    label(lab, &lab.row(&id(what)), as_what);
}

/// What a slip of the hand writes: the same thing elsewhere, a neighbour, something of another kind, nothing known.
fn slips(lab: &Lab, of: &ResourceId) -> Vec<String> {
    let elsewhere = |region: &Region| *region != of.region;
    let mut slips: Vec<String> = [Region::Tokyo, Region::Osaka]
        .into_iter()
        .filter(|region| elsewhere(region) && of.region != Region::Global)
        .map(|region| format!("{}.{}@{region}", of.kind, of.name))
        .collect();
    let neighbour = lab.desired.resources.keys().find(|id| id.kind == of.kind && id.region == of.region && *id != of);
    slips.extend(neighbour.map(ToString::to_string));
    slips.push(if of.kind == "vpc" { "subnet.shared-a@tokyo" } else { "vpc.main@tokyo" }.to_owned());
    slips.push(format!("{}.nobody@{}", of.kind, of.region));
    slips.push(String::new());
    slips
}

/// One of every kind in every region under every wrong label, put right again afterwards.
fn under_every_label(judge: &mut dyn FnMut(&Lab, &ResourceId, &str)) {
    let lab = production();
    let mut seen = BTreeSet::new();
    for of in lab.desired.resources.keys().filter(|of| seen.insert((of.kind.clone(), of.region))) {
        let row = lab.row(of);
        for slip in slips(&lab, of) {
            label(&lab, &row, &slip);
            judge(&lab, of, &slip);
        }
        label(&lab, &row, &of.to_string());
    }
    lab.assert_settled();
}

fn refusal<'a>(body: &'a PlanBody, of: &str) -> &'a tokaido::model::Blocked {
    let found = body.blocked.iter().find(|blocked| blocked.id == id(of));
    found.unwrap_or_else(|| panic!("{of} is not refused: {:#?}", body.blocked))
}

/// Verdicts that pass over what is there, or are content with its label.
fn hidden(lab: &Lab, observed: &ObservedState, of: &ResourceId, slip: &str) -> Vec<String> {
    let (records, schemas) = (lab.records(), kinds::schemas());
    let recorded = recorded_state(&records);
    let recorded = recorded.as_ref();
    let input = JudgeInput { desired: &lab.desired, observed, recorded, schemas: &schemas, accounts: None, now: None };
    let mut wrong = Vec::new();
    for verdict in judge(&input) {
        let promise = verdict.promise.as_str();
        for member in verdict.population.iter().filter(|member| member.subject == of.to_string()) {
            if member.state == VerdictState::NotApplicable {
                wrong.push(format!("{of} as `{slip}`: {promise} passes it over: {:?}", member.reason));
            }
            if member.reason.as_ref().is_some_and(|said| said.en.contains("gone")) {
                wrong.push(format!("{of} as `{slip}`: {promise} calls it gone: {:?}", member.reason));
            }
        }
        let bad = |member: &&Examined| matches!(member.state, VerdictState::Broken | VerdictState::Unknown);
        let named: Vec<&str> = verdict.population.iter().filter(bad).map(|member| member.subject.as_str()).collect();
        if promise == "labelling" && named != [of.to_string()] {
            wrong.push(format!("{of} as `{slip}`: labelling names {named:?}"));
        }
    }
    wrong
}

#[test]
fn a_changed_id_makes_nothing_a_second_time_and_hides_nothing() {
    let mut wrong = Vec::new();
    under_every_label(&mut |lab, of, slip| {
        let planned = lab.plan();
        wrong.extend(hidden(lab, &planned.observed, of, slip));
        let body = planned.plan.body;
        let made: Vec<_> =
            body.changes.iter().filter(|change| change.action == Action::Create).map(|change| &change.id).collect();
        let refused = body.blocked.iter().find(|blocked| &blocked.id == of);
        if !made.is_empty() || refused.is_none() {
            wrong.push(format!("{of} as `{slip}`: makes {made:?}, refuses it: {refused:?}"));
        }
    });
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_refusal_names_the_object_and_the_tag() {
    for (of, slip, code, says) in [
        ("vpc.main@tokyo", "vpc.main@osaka", "still-held", "holds cidr"),
        ("vpc.main@tokyo", "vpc.acme@tokyo", "still-held", "holds cidr"),
        ("security-group.globex@tokyo", "security-group.initech@tokyo", "still-held", "holds name"),
        ("db-instance.catalog@tokyo", "db-instance.catalog@osaka", "still-held", "holds name"),
        ("security-group.globex@tokyo", "security-group.nobody@tokyo", "still-held", "still holds name"),
        ("dhcp-options.main@tokyo", "dhcp-options.main@osaka", "lost", "it was there and is gone"),
        ("dhcp-options.main@tokyo", "dhcp-options.nobody@tokyo", "lost", "it was there and is gone"),
        ("dhcp-options.main@tokyo", "mine", "lost", "it was there and is gone"),
        ("backup-plan.main@tokyo", "backup-plan.main@osaka", "lost", "it was there and is gone"),
    ] {
        let lab = production();
        let physical = lab.row(&id(of)).physical;
        relabel(&lab, of, slip);
        let body = lab.plan().plan.body;
        let blocked = refusal(&body, of);
        assert_eq!(blocked.code.as_str(), code, "{of} as {slip}: {blocked:#?}");
        let text = format!("{} · {}", blocked.reason, blocked.next);
        for part in [says, slip, &physical, "put", "tokaido:id"] {
            assert!(text.contains(part), "{of} as {slip}: `{part}` is not said in {text}");
        }
    }
}

/// One tag of four is lost. Plan and drift say which are left and print the command that puts it back; nothing is made.
#[test]
fn what_lost_one_tag_is_named_with_those_that_are_left() {
    let lab = production();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for of in lab.desired.resources.keys().filter(|of| seen.insert((of.kind.clone(), of.region))) {
        let row = lab.row(of);
        for lost in [tags::ENVIRONMENT, tags::ID] {
            let was = row.tags[lost].clone();
            by_hand(&lab, &row, |object| _ = object.tags.remove(lost));
            let (body, drift) = (lab.plan().plan.body, lab.drift());
            let says = |text: &str| {
                let lacks = format!("{lost}={was}");
                let aws = text.contains("aws ") && text.contains("Key") | text.contains("backup tag-resource");
                [lacks.as_str(), "tokaido:tenant=", &row.physical, lost].iter().all(|part| text.contains(part)) && aws
            };
            let blocked = body.blocked.iter().find(|blocked| blocked.id == *of);
            let told = blocked.map(|blocked| format!("{} · {}", blocked.reason, blocked.next)).unwrap_or_default();
            let made = body.changes.iter().any(|change| change.action == Action::Create);
            let missing = drift.missing.iter().find(|missing| missing.id == *of).and_then(|missing| missing.mislabelled.as_ref());
            let found =
                missing.map(|found| format!("{} {:?} {}", found.physical, found.label, found.command)).unwrap_or_default();
            if made || !says(&told) || !says(&found) {
                wrong.push(format!("{of} without {lost}: made {made}; plan: {told}; drift: {found}"));
            }
            by_hand(&lab, &row, |object| _ = object.tags.insert(lost.to_owned(), was.to_string()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    lab.assert_settled();
}

/// AWS lets two plans share a name, so a second plan once ran beside the renamed one.
#[test]
fn a_plan_that_was_renamed_gets_its_name_back() {
    let (lab, plan) = (production(), id("backup-plan.main@tokyo"));
    let row = lab.row(&plan);
    lab.set(&plan, "name", &Value::from("nightly")).expect("a hand");
    let drift = lab.drift();
    let found: Vec<_> = drift.drifted.iter().map(|note| (&note.id, note.diffs[0].path.as_str())).collect();
    assert_eq!((found, drift.missing.len(), drift.foreign.len()), (vec![(&plan, "name")], 0, 0));
    lab.converge();
    assert_eq!(lab.row(&plan).physical, row.physical);
    assert_eq!(lab.rows().iter().filter(|row| row.kind == "backup-plan").count(), 1);
}

/// Tags that were swapped: nothing is missing, and each id stands on what is another. What has no name is told apart by its
/// address block; links to it are not turned, and nothing is made to look right.
#[test]
fn swapped_ids_turn_nothing_and_hide_nothing() {
    let pairs = [
        ("subnet.shared-a@tokyo", "subnet.globex-a@tokyo"),
        ("subnet.globex-a@tokyo", "subnet.globex-b@tokyo"),
        ("subnet.acme-b@tokyo", "subnet.initech-c@tokyo"),
        ("vpc.main@tokyo", "vpc.acme@tokyo"),
        ("security-group.globex@tokyo", "security-group.initech@tokyo"),
        ("kms-key.main@tokyo", "kms-key.acme@tokyo"),
    ];
    for recorded in [true, false] {
        let mut lab = production();
        if !recorded {
            lab.forget();
        }
        for (one, other) in pairs {
            let (first, second) = (lab.row(&id(one)), lab.row(&id(other)));
            label(&lab, &first, other);
            label(&lab, &second, one);
            let planned = lab.plan();
            let body = planned.plan.body;
            assert!(body.changes.is_empty(), "{one} and {other}, {recorded}: {:#?}", body.changes);
            for (of, row) in [(one, &first), (other, &second)] {
                let blocked = refusal(&body, of).next.to_string();
                assert!(blocked.contains(&row.physical) && blocked.contains(of), "{of}, {recorded}: {blocked}");
                let audit = lab.audit();
                let labelling = audit.verdicts.iter().find(|verdict| verdict.promise == "labelling").expect("a verdict");
                let broken: BTreeSet<_> = labelling
                    .population
                    .iter()
                    .filter(|member| member.state == VerdictState::Broken)
                    .map(|member| member.subject.clone())
                    .collect();
                assert_eq!(broken, [one, other].map(str::to_owned).into(), "{recorded}");
            }
            label(&lab, &first, one);
            label(&lab, &second, other);
        }
        lab.converge();
    }
}

/// An apply that refuses it writes records of everything else. After that, too, the tags that are left say what it may be.
#[test]
fn what_lost_one_tag_is_not_made_after_the_first_record_either() {
    let slips = [(tags::ENVIRONMENT, None), (tags::ID, None), (tags::ID, Some("vpc.main@tokyo"))];
    for of in ["dhcp-options.main@osaka", "backup-plan.main@tokyo"] {
        for (lost, now) in slips {
            let mut lab = production();
            by_hand(&lab, &lab.row(&id(of)), |object| {
                object.tags.remove(lost);
                object.tags.extend(now.map(|now| (lost.to_owned(), now.to_owned())));
            });
            lab.forget();
            let before = lab.rows().len();
            for _ in 0..3 {
                refusal(&lab.plan().plan.body, of);
                lab.apply();
            }
            assert_eq!(lab.rows().len(), before, "{of} without {lost}");
        }
    }
}

/// A backup plan without any tag of ours, or with the tag of an id that nobody knows, has its name left.
#[test]
fn a_plan_with_the_declared_name_is_not_made_a_second_time() {
    let plan = "backup-plan.main@tokyo";
    for recorded in [true, false] {
        for stranger in [true, false] {
            let mut lab = production();
            let row = lab.row(&id(plan));
            if stranger {
                by_hand(&lab, &row, |object| object.tags.retain(|key, _| !key.starts_with(tags::NAMESPACE)));
            } else {
                label(&lab, &row, "backup-plan.nobody@tokyo");
            }
            if !recorded {
                lab.forget();
            }
            let body = lab.plan().plan.body;
            assert!(body.changes.is_empty(), "{recorded} {stranger}: {:#?}", body.changes);
            let reason = refusal(&body, plan).reason.to_string();
            assert!(reason.contains(&row.physical), "{recorded} {stranger}: {reason}");
            let found = lab.drift().missing.into_iter().find(|missing| missing.id == id(plan)).and_then(|gone| gone.mislabelled);
            assert_eq!(found.map(|found| found.physical), Some(row.physical), "{recorded} {stranger}");
        }
    }
}

/// Only what somebody may have taken for it stands in the way of what is gone.
#[test]
fn what_is_really_gone_is_made_again() {
    let lab = production();
    let (network, set) = (id("vpc.main@osaka"), id("dhcp-options.main@osaka"));
    lab.set(&network, "dhcp_options", &Value::from("default")).expect("a hand");
    lab.world().log().remove_by_hand(Environment::Production, &set).expect("a hand");
    let body = lab.plan().plan.body;
    assert!(body.changes.iter().any(|change| change.id == set && change.action == Action::Create), "{:#?}", body.blocked);
    lab.converge();
}
