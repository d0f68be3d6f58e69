//! A plan is a function of its input, and the linter is a second opinion that sees what the planner must never do.

use proptest::prelude::*;
use proptest::sample::Index;
use tokaido::kinds::{self, Kind};
use tokaido::model::change::Precondition;
use tokaido::model::observed::Listing;
use tokaido::model::{Action, CallRecord, Class, Diff, Operation, PlanBody, Tombstone, Value};
use tokaido::plan::{self, Listed, PlanningInput};

use super::{for_all, strangers};
use crate::support::Lab;
use crate::support::generate::{Wish, wish};
use crate::support::hand::touches;
use crate::support::lab::block_on;

/// A world that has something of everything: strangers, drift, a changed wish.
fn moved(wish: &Wish, other: &Wish, changes: &[Index]) -> Lab {
    let lab = Lab::new(wish.load());
    strangers(&lab);
    lab.apply();
    let possible = touches(&lab, &lab.plan().observed);
    for change in changes {
        let touch = change.get(&possible);
        let _ = lab.set(&touch.id, &touch.path, &touch.value);
    }
    let mut other = Wish { environment: wish.environment, ..other.clone() }.load();
    other.account.clone_from(&lab.desired.account);
    lab.with(other)
}

/// What every driver answers, as `observe` asks.
fn answers(lab: &Lab) -> Vec<(&'static Kind, CallRecord, Listing)> {
    let session = lab.session();
    let mut found = Vec::new();
    for kind in kinds::ALL {
        for region in kind.regions {
            let driver = session.world.driver(kind.schema.kind, *region).expect("a driver");
            let listing = block_on(driver.list()).expect("a listing");
            found.push((kind, CallRecord { kind: kind.schema.kind.to_owned(), region: *region, at: String::new() }, listing));
        }
    }
    found
}

fn body(lab: &Lab, answers: Vec<(&'static Kind, CallRecord, Listing)>) -> PlanBody {
    let schemas = kinds::schemas();
    let recorded = tokaido::store::recorded_state(&lab.records());
    let listed = answers.into_iter().map(|(kind, read, listing)| (read, Ok(Listed::of(&lab.desired, kind.schema, listing))));
    let observed = plan::classify(&lab.desired, recorded.as_ref(), &schemas, listed.collect());
    let input = PlanningInput {
        desired: &lab.desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        tool_version: "0.1.0",
    };
    plan::plan(&input)
}

#[test]
fn the_same_input_gives_the_same_bytes_in_any_order() {
    let input = (wish(), wish(), prop::collection::vec(any::<Index>(), 3), any::<u64>());
    for_all(60, 3, &input, |(wish, other, changes, seed)| {
        let lab = moved(&wish, &other, &changes);
        let first = body(&lab, answers(&lab));
        assert_eq!(first.digest(), body(&lab, answers(&lab)).digest(), "on repeat");
        assert_eq!(first.digest(), lab.plan().plan.id, "and through the pipeline");
        let mut shuffled = answers(&lab);
        let turn = |length: usize| usize::try_from(seed).unwrap_or(7) % length.max(1);
        for (_, _, listing) in &mut shuffled {
            let by = turn(listing.live.len());
            listing.live.rotate_left(by);
            listing.live.reverse();
        }
        let by = turn(shuffled.len());
        shuffled.rotate_left(by);
        shuffled.reverse();
        let again = body(&lab, shuffled);
        assert_eq!(serde_json::to_string(&first).ok(), serde_json::to_string(&again).ok(), "in another order");
    });
}

type Mutation = (&'static str, fn(&mut PlanBody));

/// Each makes a plan that nobody may trust. A mutation that does not fit a plan leaves it as it is.
const MUTATIONS: &[Mutation] = &[
    ("a step is gone", |body| drop(body.steps.pop())),
    ("a step is there twice", |body| {
        let mut extra = body.steps[0].clone();
        extra.number = body.steps.len() + 1;
        body.steps.push(extra);
    }),
    ("a step does something else", |body| body.steps[0].operation = Operation::Delete),
    ("a step is of nothing", |body| body.steps[0].id.name = format!("{}x", body.steps[0].id.name).into()),
    ("the numbers jump", |body| body.steps[0].number += 1),
    ("a step waits for a later one", |body| {
        let last = body.steps.len();
        body.steps[0].after = vec![last];
    }),
    ("a dependency is forgotten", |body| {
        // Only what a create makes must come first; the first one that others need is enough.
        let made: Vec<_> =
            body.changes.iter().filter(|change| change.action == Action::Create).map(|change| change.id.clone()).collect();
        let needy = body
            .changes
            .iter()
            .find(|change| change.depends_on.iter().any(|id| made.contains(id)))
            .map(|change| change.id.clone());
        body.steps.iter_mut().filter(|step| Some(&step.id) == needy.as_ref()).for_each(|step| step.after.clear());
    }),
    ("the summary counts wrong", |body| body.summary.create += 1),
    ("the summary hides a delete", |body| body.summary.delete += 1),
    ("a change is there twice", |body| body.changes.push(body.changes[0].clone())),
    ("a change has no time", |body| body.changes[0].when.clear()),
    ("a change has no precondition", |body| body.changes[0].preconditions.clear()),
    ("a create of what exists", |body| flip(body, Action::Update, Action::Create)),
    ("an update of what does not exist", |body| flip(body, Action::Create, Action::Update)),
    ("an adoption nobody asked for", |body| flip(body, Action::Create, Action::Adopt)),
    ("a replacement", |body| flip(body, Action::Update, Action::Replace)),
    ("a delete of what is declared", |body| flip(body, Action::Update, Action::Delete)),
    ("an update that changes nothing", |body| {
        if let Some(change) = body.changes.iter_mut().find(|change| change.action == Action::Update) {
            change.diffs.clear();
        }
    }),
    ("a difference without one", |body| {
        let diff = Diff { path: "enabled".to_owned(), before: Value::Bool(true), after: Value::Bool(true), class: Class::Change };
        body.changes[0].diffs.push(diff);
    }),
    ("another live resource than ours", |body| {
        if let Some(change) = body.changes.iter_mut().find(|change| change.action == Action::Update) {
            change.preconditions[0] = Precondition::Exists { physical: "of-somebody".to_owned() };
        }
    }),
    ("a change that AWS cannot make", |body| {
        if let Some(change) = body.changes.iter_mut().find(|change| change.action == Action::Update && change.kind == "subnet") {
            change.diffs.push(Diff {
                path: "cidr".to_owned(),
                before: "10.0.0.0/8".into(),
                after: "10.0.0.0/9".into(),
                class: Class::Change,
            });
        }
    }),
    ("an unknown kind", |body| {
        body.changes[0].id.kind = format!("{}x", body.changes[0].id.kind).into();
    }),
];

fn flip(body: &mut PlanBody, from: Action, to: Action) {
    if let Some(change) = body.changes.iter_mut().find(|change| change.action == from) {
        change.action = to;
    }
}

#[test]
fn the_linter_accepts_every_plan_and_no_mutation_of_it() {
    let schemas = kinds::schemas();
    let seen = std::cell::RefCell::new(std::collections::BTreeSet::new());
    for_all(60, 4, &(wish(), wish(), prop::collection::vec(any::<Index>(), 6)), |(wish, other, changes)| {
        let lab = moved(&wish, &other, &changes);
        let planned = lab.plan();
        let (body, observed) = (&planned.plan.body, &planned.observed);
        assert_eq!(plan::lint(body, &lab.desired, observed, &schemas), Vec::<String>::new());
        if body.changes.is_empty() {
            return;
        }
        for (name, mutate) in MUTATIONS {
            let mut broken = body.clone();
            mutate(&mut broken);
            if broken != *body {
                seen.borrow_mut().insert(*name);
                assert!(!plan::lint(&broken, &lab.desired, observed, &schemas).is_empty(), "not seen: {name}");
            }
        }
    });
    let never: Vec<_> = MUTATIONS.iter().map(|(name, _)| *name).filter(|name| !seen.borrow().contains(name)).collect();
    assert!(never.is_empty(), "never tried: {never:?}");
}

/// The deletes that the invariants forbid, each added to a plan that is otherwise right.
#[test]
fn the_linter_refuses_every_forbidden_delete() {
    let schemas = kinds::schemas();
    let lab = Lab::new(crate::support::project::load(crate::support::project::root(), tokaido::model::Environment::Production));
    lab.converge();
    let mut wish = (*lab.desired).clone();
    // Nothing uses it; the role of the backups is used by an orphan, and waits.
    let retired = crate::support::id("iam-role.reader@global");
    let gone = wish.resources.remove(&retired).expect("declared");
    wish.resources.remove(&crate::support::id("backup-plan.main@tokyo"));
    wish.retire.insert(retired.clone(), Tombstone { reason: "not needed".to_owned(), source: gone.source.clone() });
    let lab = lab.with(wish);
    let planned = lab.plan();
    let good = &planned.plan.body;
    assert_eq!((good.summary.delete, plan::lint(good, &lab.desired, &planned.observed, &schemas)), (1, vec![]));
    // Ours and declared; ours and an orphan; ours and stateful; nobody's.
    for other in ["subnet.shared-a@tokyo", "backup-plan.main@tokyo", "db-instance.catalog@tokyo", "security-group.nobody@tokyo"] {
        let mut broken = good.clone();
        let (mut change, mut step) = (broken.changes[0].clone(), broken.steps[0].clone());
        change.id = crate::support::id(other);
        change.kind = change.id.kind.to_string();
        step.id = change.id.clone();
        step.number = 2;
        broken.changes.push(change);
        broken.steps.push(step);
        broken.summary.delete = 2;
        assert!(!plan::lint(&broken, &lab.desired, &planned.observed, &schemas).is_empty(), "{other}");
    }
    let mut stateful = (*lab.desired).clone();
    let database = crate::support::id("db-instance.catalog@tokyo");
    stateful.resources.remove(&database);
    stateful.retire.insert(database.clone(), Tombstone { reason: "too expensive".to_owned(), source: gone.source });
    let mut broken = good.clone();
    broken.changes[0].id = database.clone();
    broken.steps[0].id = database;
    assert!(!plan::lint(&broken, &stateful, &planned.observed, &schemas).is_empty(), "a stateful delete, even with both keys");
}
