//! A plan file is only paper. Somebody rewrites its body and computes id and seal again: what no file asks for is not done,
//! and what people read is what the tool derives.

use tokaido::kinds;
use tokaido::model::reason::Stated;
use tokaido::model::reason::plan::{ChangeReason, Timing};
use tokaido::model::{
    Action, ApplyEvent, Change, Class, Diff, Impact, Operation, Plan, PlanBody, Precondition, Risk, Value, VerdictState,
};
use tokaido::pipeline::PipelineError;
use tokaido::plan::{risk, way_back};
use tokaido::world::CreateRequest;

use super::production;
use crate::support::{Lab, attr, id};

const GROUP: &str = "security-group.acme@tokyo";

/// As a forger does it who knows how ids and seals are made.
fn forged(plan: &Plan, edit: impl FnOnce(&mut PlanBody)) -> Plan {
    let mut forged = plan.clone();
    edit(&mut forged.body);
    forged.id = forged.body.digest();
    forged.seal = forged.sealed();
    forged
}

/// Refused before anything begins: not one record, not one resource, and the words name it.
fn refused(lab: &Lab, plan: &Plan, says: &str) {
    let (rows, records) = (lab.rows(), lab.records());
    match lab.apply_saved(plan) {
        Err(PipelineError::Gate(gate)) => {
            let text = gate.to_string();
            assert!(text.contains(says) && text.contains("plan again"), "{says}: {text}");
            assert_eq!(text.matches("plan again").count(), 1, "{text}");
        }
        other => panic!("{says}: {other:#?}"),
    }
    assert_eq!(lab.rows(), rows, "{says}: a refused plan changed something");
    assert_eq!(lab.records(), records, "{says}: a refused plan left a record");
}

fn rule(port: i64, peer: &str) -> Value {
    let text = format!(r#"{{"direction":"ingress","protocol":"tcp","from":{port},"to":{port},"peer":"{peer}"}}"#);
    serde_json::from_str(&text).expect("a rule")
}

/// A network that drifted, a group that drifted.
fn drifted() -> (Lab, Plan) {
    let lab = production();
    lab.converge();
    lab.set(&id(GROUP), "rules[+]", &rule(22, "192.0.2.0/24")).expect("by hand");
    lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    let plan = lab.plan().plan;
    assert_eq!(plan.body.changes.len(), 2, "{:#?}", plan.body.changes);
    (lab, plan)
}

fn of<'a>(body: &'a mut PlanBody, id: &str) -> &'a mut Change {
    body.changes.iter_mut().find(|change| change.id.to_string() == id).expect("a change")
}

/// One more element, and everything that follows from it told right, as the tool would tell it.
fn add(body: &mut PlanBody, to: &str, diff: Diff, impact: Impact) {
    let schemas = kinds::schemas();
    let change = of(body, to);
    change.preconditions.push(Precondition::Equals { path: diff.path.clone(), value: diff.before.clone() });
    change.diffs.push(diff);
    change.impact = impact;
    change.risks = risk::of(schemas[change.kind.as_str()], change);
    body.way_back = way_back::of(&schemas, &body.changes);
    body.changes.sort_by(|a, b| (a.impact, &a.id).cmp(&(b.impact, &b.id)));
}

fn open(class: Class) -> Diff {
    let path = "rules[ingress tcp 443 0.0.0.0/0]".to_owned();
    Diff { path, before: Value::Null, after: rule(443, "0.0.0.0/0"), class }
}

#[test]
fn an_exposure_that_is_called_harmless_is_refused() {
    let (lab, plan) = drifted();
    let hidden = forged(&plan, |body| {
        let change = of(body, GROUP);
        change.diffs = vec![open(Class::Drift)];
        change.preconditions.truncate(1);
        change.preconditions.push(Precondition::Equals { path: open(Class::Drift).path, value: Value::Null });
        change.impact = Impact::TagsOnly;
        change.risks.clear();
    });
    refused(&lab, &hidden, GROUP);
}

#[test]
fn what_no_file_declares_is_refused_however_well_it_is_told() {
    let (lab, plan) = drifted();
    let told = forged(&plan, |body| add(body, GROUP, open(Class::Drift), Impact::Exposure));
    refused(&lab, &told, "rules[ingress tcp 443 0.0.0.0/0]");
    // A value that the file declares, where the world has it already, is no change; another value is.
    let other = forged(&plan, |body| {
        let diff = &mut of(body, "vpc.main@tokyo").diffs[0];
        diff.before = true.into();
        diff.after = false.into();
        of(body, "vpc.main@tokyo").preconditions[1] =
            Precondition::Equals { path: "dns_hostnames".to_owned(), value: true.into() };
    });
    refused(&lab, &other, "vpc.main@tokyo dns_hostnames");
}

/// Everything that people read follows from the rest, and is derived again.
#[test]
fn a_plan_that_is_told_otherwise_is_refused() {
    type Edit = fn(&mut PlanBody);
    let edits: [(&str, Edit); 14] = [
        ("impact", |body| of(body, GROUP).impact = Impact::TagsOnly),
        ("risks", |body| of(body, GROUP).risks = vec![Risk::Repairs]),
        ("reason", |body| of(body, GROUP).reason = Stated::sentence("a tidy-up")),
        ("when", |body| of(body, GROUP).when = vec![Timing::Reboot.into()]),
        ("unchanged", |body| of(body, GROUP).unchanged += 1),
        ("source", |body| of(body, GROUP).source = None),
        ("class", |body| {
            let schemas = kinds::schemas();
            let change = of(body, GROUP);
            change.diffs[0].class = Class::Change;
            change.reason = ChangeReason::Declared.into();
            change.risks = risk::of(schemas[change.kind.as_str()], change);
        }),
        ("physical", |body| of(body, GROUP).preconditions[0] = Precondition::Exists { physical: "sg-of-somebody".to_owned() }),
        ("summary", |body| body.summary.update = 1),
        ("unchanged count", |body| body.summary.unchanged += 1),
        ("way back", |body| body.way_back.as_mut().expect("a way back").update = 7),
        ("steps", |body| body.steps[0].after = vec![2]),
        ("operation", |body| body.steps[0].operation = Operation::Delete),
        ("promises", |body| {
            let moved = body.promises.iter_mut().find(|moved| moved.before == VerdictState::Broken).expect("a broken promise");
            moved.before = VerdictState::Kept;
            moved.resources.clear();
        }),
    ];
    let (lab, plan) = drifted();
    for (what, edit) in edits {
        let told = forged(&plan, edit);
        assert_ne!(told.id, plan.id, "{what}");
        let (rows, records) = (lab.rows(), lab.records());
        let answer = lab.apply_saved(&told);
        assert!(matches!(answer, Err(PipelineError::Gate(_))), "{what}: {answer:#?}");
        assert_eq!((lab.rows(), lab.records()), (rows, records), "{what}");
    }
    lab.apply_saved(&plan).expect("the plan itself");
    lab.assert_settled();
}

#[test]
fn a_delete_and_a_create_that_nobody_asked_for_are_refused() {
    let (lab, plan) = drifted();
    let deleted = forged(&plan, |body| {
        let change = of(body, GROUP);
        change.action = Action::Delete;
        change.impact = Impact::Destructive;
        change.diffs.clear();
        change.preconditions.truncate(1);
        body.summary.update = 1;
        body.summary.delete = 1;
        body.steps.iter_mut().filter(|step| step.id == id(GROUP)).for_each(|step| step.operation = Operation::Delete);
    });
    refused(&lab, &deleted, GROUP);

    let empty = production();
    let plan = empty.plan().plan;
    let larger = forged(&plan, |body| {
        let class = of(body, "db-instance.catalog@tokyo").diffs.iter_mut().find(|diff| diff.path == "class").expect("a class");
        class.after = "db.m7g.48xlarge".into();
    });
    refused(&empty, &larger, "db-instance.catalog@tokyo");
}

/// The world may move on: what is done already is done, and what else there is to do is another plan's.
#[test]
fn what_is_left_of_an_honest_plan_is_done() {
    let (lab, plan) = drifted();
    lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &true.into()).expect("by hand");
    lab.set(&id("db-instance.catalog@tokyo"), "backup_retention_days", &1.into()).expect("by hand");
    let stranger = CreateRequest {
        attributes: tokaido::model::Attributes::from_iter([(attr("cidr"), Value::from("172.16.0.0/16"))]),
        tags: tokaido::model::tags::Tags::new(),
    };
    let region = tokaido::model::Region::Tokyo;
    lab.world().log().create_by_hand(&lab.desired.account, region, "vpc", &stranger).expect("by hand");
    let report = lab.apply_saved(&plan).expect("the part that is left");
    assert_eq!(report.mutating_calls, 1, "{report:#?}");
    let left = report.remaining.expect("a look");
    assert_eq!(left.iter().map(|left| left.id.to_string()).collect::<Vec<_>>(), ["db-instance.catalog@tokyo"]);
}

/// What the plan says of promises is compared whatever else differs: a forger only needs the world to move a little.
#[test]
fn how_promises_stand_is_compared_although_the_world_moved() {
    type Move = fn(&Lab);
    type Edit = fn(&mut PlanBody);
    let moves: [(&str, Move); 5] = [
        ("nothing", |_| {}),
        ("other drift", |lab| {
            lab.set(&id("security-group.globex@tokyo"), "rules[+]", &rule(22, "192.0.2.0/24")).expect("by hand");
        }),
        ("drift that breaks a promise", |lab| {
            lab.set(&id("db-instance.catalog@tokyo"), "backup_retention_days", &1.into()).expect("by hand");
        }),
        ("something that no plan repairs", |lab| {
            let environment = tokaido::model::Environment::Production;
            lab.world().log().remove_by_hand(environment, &id("kms-key.acme@tokyo")).expect("scheduled for deletion");
        }),
        ("a stranger", |lab| {
            let attributes = tokaido::model::Attributes::from_iter([(attr("cidr"), Value::from("172.16.0.0/16"))]);
            let stranger = CreateRequest { attributes, tags: tokaido::model::tags::Tags::new() };
            let region = tokaido::model::Region::Tokyo;
            lab.world().log().create_by_hand(&lab.desired.account, region, "vpc", &stranger).expect("by hand");
        }),
    ];
    let edits: [(&str, Edit); 4] = [
        ("kept before", |body| {
            let moved = body.promises.iter_mut().find(|moved| moved.before == VerdictState::Broken).expect("a broken promise");
            moved.before = VerdictState::Kept;
            moved.resources.clear();
        }),
        ("not kept after", |body| body.promises.last_mut().expect("a promise").after = VerdictState::Pending),
        ("nothing told", |body| body.promises.clear()),
        ("one not told", |body| _ = body.promises.remove(0)),
    ];
    for (happens, moves) in moves {
        for (what, edit) in edits {
            let (lab, plan) = drifted();
            moves(&lab);
            let told = forged(&plan, edit);
            let (rows, records) = (lab.rows(), lab.records());
            let answer = lab.apply_saved(&told);
            // A state that is told as worse may have become better by itself where others' things changed.
            if what != "not kept after" || !["a stranger", "something that no plan repairs"].contains(&happens) {
                assert!(matches!(answer, Err(PipelineError::Gate(_))), "{happens}, {what}: {answer:#?}");
                assert_eq!((lab.rows(), lab.records()), (rows, records), "{happens}, {what}");
            }
            // The plan as it was made is done, whatever else came up.
            let (lab, plan) = drifted();
            moves(&lab);
            lab.apply_saved(&plan).unwrap_or_else(|error| panic!("{happens}: {error}"));
        }
    }
}

/// Between the last look and the step there is a moment. The refusal says that the plan is used, and says it once.
#[test]
fn a_world_that_moves_in_the_last_moment_is_refused_in_plain_words() {
    let lab = production();
    lab.converge();
    let database = id("db-instance.catalog@tokyo");
    lab.set(&database, "backup_retention_days", &1.into()).expect("by hand");
    let plan = lab.plan().plan;
    let (_go, stop) = tokio::sync::watch::channel(false);
    let mut at_the_start = |event: ApplyEvent| {
        if matches!(event, ApplyEvent::Started { .. }) {
            lab.set(&database, "backup_retention_days", &2.into()).expect("by hand");
        }
    };
    match lab.let_pass(&lab.session(), &plan, stop, &mut at_the_start) {
        Err(PipelineError::Gate(gate)) => {
            let text = gate.to_string();
            for (words, times) in
                [("is 2 now and was 1", 1), ("its approvals are used", 1), ("nothing was changed", 1), ("plan again", 1)]
            {
                assert_eq!(text.matches(words).count(), times, "{words}: {text}");
            }
        }
        other => panic!("{other:#?}"),
    }
}
