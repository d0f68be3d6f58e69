//! A neighbour that is lost is no difference of what refers to it, and a refused part does not freeze the independent rest
//! (ADR 0025).

use std::collections::BTreeSet;

use tokaido::kinds;
use tokaido::model::{Action, Blocked, Change, Environment, Explanation, PlanBody, ResourceId, Value};
use tokaido::sim::{Key, LogEntry, State};
use tokaido::world::behaviour::SimObject;
use tokaido::world::{ErrorClass, Moment};

use crate::support::attr;
use crate::support::binary::Product;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

const PLAN: &str = "backup-plan.main@tokyo";
const OF_THE_COPY: &str = "copies[daily backup-vault.main@osaka].delete_after_days";

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

fn object(lab: &Lab, of: &str) -> SimObject {
    let row = lab.row(&id(of));
    let this = |object: &&SimObject| (&object.kind, object.region, &object.physical) == (&row.kind, row.region, &row.physical);
    let found = lab.world().log().read(|state| state.objects.values().find(this).cloned());
    found.expect("in memory").expect("an object")
}

/// A resource is gone, whatever AWS says to a person who deletes it.
fn lose(lab: &Lab, what: &str) {
    let key = Key::of(&object(lab, what));
    let gone = |state: &State| (vec![LogEntry::Remove { at: state.now, by: "hand".to_owned(), key: key.clone() }], ());
    lab.world().log().commit(gone).expect("in memory");
}

fn put_back(lab: &Lab, object: &SimObject) {
    let put = |state: &State| (vec![LogEntry::put(state.now, "hand", "restore", object.clone())], ());
    lab.world().log().commit(put).expect("in memory");
}

fn shorten(lab: &Lab) {
    lab.set(&id(PLAN), OF_THE_COPY, &Value::from(1)).expect("a hand");
}

fn drop_selected(lab: &Lab, database: &str) {
    let selections = lab.row(&id(PLAN)).attributes[attr("selections")].clone();
    let name = selections.as_list().and_then(|all| all[0].as_map()?.get("name")?.as_text().map(str::to_owned)).expect("a name");
    lab.set(&id(PLAN), &format!("selections[{name}].resources[{database}]"), &Value::Null).expect("a hand");
}

fn ids<'a>(of: impl IntoIterator<Item = &'a ResourceId>) -> BTreeSet<String> {
    of.into_iter().map(ToString::to_string).collect()
}

fn changed(body: &PlanBody) -> BTreeSet<String> {
    ids(body.changes.iter().map(|change| &change.id))
}

fn refused(body: &PlanBody) -> BTreeSet<String> {
    ids(body.blocked.iter().map(|blocked| &blocked.id))
}

fn change<'a>(body: &'a PlanBody, of: &str) -> &'a Change {
    body.changes.iter().find(|change| change.id == id(of)).unwrap_or_else(|| panic!("{of} stays: {body:#?}"))
}

fn refusal<'a>(body: &'a PlanBody, of: &str) -> &'a Blocked {
    body.blocked.iter().find(|blocked| blocked.id == id(of)).unwrap_or_else(|| panic!("{of} is not refused: {body:#?}"))
}

fn paths(change: &Change) -> Vec<&str> {
    change.diffs.iter().map(|diff| diff.path.as_str()).collect()
}

fn set<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.map(str::to_owned).into()
}

/// What of ours holds data is lost and stays refused; the shortened copy of a healthy database is repaired, and afterwards
/// nothing is left but the loss.
fn loss_alone(what: &str) {
    let lab = production();
    shorten(&lab);
    lose(&lab, what);
    let drift = lab.drift();
    assert_eq!(ids(drift.missing.iter().map(|gone| &gone.id)), set([what]), "{drift:#?}");
    let moved: Vec<_> =
        drift.drifted.iter().flat_map(|note| note.diffs.iter().map(|diff| (note.id.to_string(), diff.path.as_str()))).collect();
    assert_eq!(moved, [(PLAN.to_owned(), OF_THE_COPY)], "{drift:#?}");
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([PLAN]), set([what])), "{body:#?}");
    assert_eq!(paths(change(&body, PLAN)), [OF_THE_COPY]);
    assert_eq!(change(&body, PLAN).depends_on, [], "it needs nothing that is gone");
    let before = lab.row(&id(PLAN)).attributes;
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    let after = lab.row(&id(PLAN)).attributes;
    assert_eq!(before[attr("selections")], after[attr("selections")], "sent back as they were");
    assert_ne!(before[attr("copies")], after[attr("copies")]);
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([]), set([what])), "{body:#?}");
    let drift = lab.drift();
    assert!(drift.drifted.is_empty() && drift.missing.len() == 1, "{drift:#?}");
}

#[test]
fn a_lost_database_does_not_freeze_the_copies_of_the_others() {
    loss_alone("db-instance.catalog@tokyo");
}

#[test]
fn a_lost_vault_of_the_copies_does_not_freeze_their_lifetime() {
    loss_alone("backup-vault.main@osaka");
}

/// AWS refuses rules whose vault is not there, and one call sends rules and copies. The plan says so before AWS does. The
/// selections are calls of their own.
#[test]
fn a_lost_vault_of_the_rules_holds_back_what_is_sent_with_them() {
    let lab = production();
    shorten(&lab);
    drop_selected(&lab, "db-instance.catalog@tokyo");
    lose(&lab, "backup-vault.main@tokyo");
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([PLAN]), set([PLAN, "backup-vault.main@tokyo"])), "{body:#?}");
    let selected = paths(change(&body, PLAN));
    assert!(selected.len() == 1 && selected[0].ends_with(".resources[db-instance.catalog@tokyo]"), "{selected:?}");
    let waits = refusal(&body, PLAN);
    assert_eq!(waits.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), [OF_THE_COPY]);
    assert_eq!(waits.reason.to_string(), "it needs backup-vault.main@tokyo, which is blocked");
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([]), set([PLAN, "backup-vault.main@tokyo"])), "{body:#?}");
}

/// A selection is made anew with its role, and AWS Backup refuses a role that is not there.
#[test]
fn a_selection_waits_for_its_lost_role_and_is_no_difference_for_it() {
    let lab = production();
    let selections = lab.row(&id(PLAN)).attributes[attr("selections")].clone();
    let mut role = None;
    selections.visit_references(&mut |reference| {
        role = role.take().or((reference.to.kind == "iam-role").then(|| reference.to.to_string()));
    });
    let role = role.expect("a role");
    lose(&lab, &role);
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([&role]), set([])), "{body:#?}");
    drop_selected(&lab, "db-instance.catalog@tokyo");
    shorten(&lab);
    let body = lab.plan().plan.body;
    assert_eq!(changed(&body), set([&role, PLAN]), "{body:#?}");
    let steps: Vec<_> = body.steps.iter().map(|step| (step.id.to_string(), step.after.clone())).collect();
    assert_eq!(steps, [(role.clone(), vec![]), (PLAN.to_owned(), vec![1])]);
    lab.converge();
}

/// Databases name their groups. RDS refuses to delete a group in use; an account that was restored in part has none.
#[test]
fn what_a_database_names_is_made_again_and_the_database_stays() {
    let lab = production();
    let database = lab.row(&id("db-instance.catalog@tokyo")).attributes;
    for attribute in ["subnet_group", "parameter_group"] {
        let mut group = None;
        database[attr(attribute)].visit_references(&mut |reference| group = Some(reference.to.to_string()));
        let group = group.expect("a group");
        lose(&lab, &group);
        let drift = lab.drift();
        assert!(drift.drifted.is_empty() && drift.missing.len() == 1, "{group}: {drift:#?}");
        let body = lab.plan().plan.body;
        assert_eq!((changed(&body), refused(&body)), (set([&group]), set([])), "{body:#?}");
        lab.converge();
    }
}

/// A new link to what is lost waits: a careful operator restores the database before it is protected again. The others go on.
#[test]
fn a_new_link_to_what_is_lost_waits_alone() {
    let lab = production();
    drop_selected(&lab, "db-instance.catalog@tokyo");
    drop_selected(&lab, "db-instance.acme-db@tokyo");
    lose(&lab, "db-instance.catalog@tokyo");
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([PLAN]), set([PLAN, "db-instance.catalog@tokyo"])), "{body:#?}");
    let goes = paths(change(&body, PLAN));
    assert!(goes.len() == 1 && goes[0].ends_with("[db-instance.acme-db@tokyo]"), "{goes:?}");
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([]), set([PLAN, "db-instance.catalog@tokyo"])), "{body:#?}");
}

/// What was lost is restored under its name: nothing else has to change, and meanwhile the promise of the copies says that it is
/// gone, and of the others that they are selected.
#[test]
fn what_comes_back_is_already_selected() {
    let lab = production();
    let of = "db-instance.catalog@tokyo";
    let object = object(&lab, of);
    lose(&lab, of);
    let lost = lab.audit();
    let copies = lost.verdicts.iter().find(|verdict| verdict.promise == "recovery-copies").expect("a verdict");
    let gone = |reason: &Explanation| reason.en.contains("gone");
    let named: Vec<&str> = copies
        .population
        .iter()
        .filter(|member| member.reason.as_ref().is_some_and(gone))
        .map(|member| member.subject.as_str())
        .collect();
    assert_eq!(named, [of], "{copies:#?}");
    let others = copies.population.iter().filter(|member| member.subject != of);
    assert!(others.filter_map(|member| member.reason.as_ref()).all(|reason| !reason.en.contains("selects")), "{copies:#?}");
    put_back(&lab, &object);
    lab.assert_settled();
}

/// Whatever AWS names as it is declared: its loss is one loss, in drift and in the plan, and no verdict of another resource says
/// that a link leads somewhere else.
#[test]
fn a_loss_is_named_once() {
    let lab = production();
    let mut wrong = Vec::new();
    let declared = |of: &&ResourceId| kinds::find(&of.kind).is_some_and(|kind| kind.schema.identity.is_declared());
    let all: Vec<String> = lab.desired.resources.keys().filter(declared).map(ToString::to_string).collect();
    assert!(all.len() >= 12, "{all:?}");
    for of in &all {
        let object = object(&lab, of);
        lose(&lab, of);
        let drift = lab.drift();
        if !drift.drifted.is_empty() || ids(drift.missing.iter().map(|gone| &gone.id)) != set([of]) {
            wrong.push(format!("{of}: drift names {:?} {:?}", drift.missing, drift.drifted));
        }
        let body = lab.plan().plan.body;
        let named: BTreeSet<String> = changed(&body).into_iter().chain(refused(&body)).collect();
        if named != set([of]) {
            wrong.push(format!("{of}: the plan names {named:?}"));
        }
        put_back(&lab, &object);
    }
    lab.assert_settled();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A vault whose listing is refused is unknown. Where the plan copies is not: the name is as declared.
#[test]
fn what_cannot_be_read_does_not_freeze_its_neighbours() {
    let lab = production();
    shorten(&lab);
    lab.fail("list backup-vault@osaka", ErrorClass::AccessDenied, Moment::Before, 1_000);
    let body = lab.plan().plan.body;
    assert_eq!((changed(&body), refused(&body)), (set([PLAN]), set(["backup-vault.main@osaka"])), "{body:#?}");
    lab.fail("list backup-vault@tokyo", ErrorClass::AccessDenied, Moment::Before, 1_000);
    let body = lab.plan().plan.body;
    let vaults = set(["backup-vault.main@osaka", "backup-vault.main@tokyo"]);
    assert_eq!((changed(&body), refused(&body)), (set([PLAN]), vaults), "{body:#?}");
    lab.heal();
    lab.converge();
}

/// A database that lost its tags is still there: whether the plan selects it is not judged by its name. The other database is.
#[test]
fn what_lost_its_tags_freezes_only_the_links_to_itself() {
    let lab = production();
    lab.set(&id("db-instance.catalog@tokyo"), "tags[tokaido:id]", &Value::Null).expect("a hand");
    drop_selected(&lab, "db-instance.acme-db@tokyo");
    shorten(&lab);
    let body = lab.plan().plan.body;
    assert_eq!(refused(&body), set([PLAN, "db-instance.catalog@tokyo"]), "{body:#?}");
    let goes = paths(change(&body, PLAN));
    assert!(goes.len() == 2 && goes[1].ends_with("[db-instance.acme-db@tokyo]"), "{goes:?}");
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    assert_eq!(changed(&lab.plan().plan.body), set([]));
}

/// A resource that is made waits for everything that it names, as ever.
#[test]
fn nothing_is_made_with_a_link_to_what_is_refused() {
    let lab = production();
    let key = "kms-key.main@tokyo";
    lose(&lab, key);
    lose(&lab, "db-instance.catalog@tokyo");
    let body = lab.plan().plan.body;
    assert!(body.changes.iter().all(|change| change.action != Action::Create), "{body:#?}");
    assert!(refused(&body).is_superset(&set([key, "db-instance.catalog@tokyo"])), "{body:#?}");
}

/// The whole way with the binary: a hand, drift, plan, apply, and what is left.
#[test]
fn from_the_hand_to_what_is_left() {
    let unprotected = |product: &Product| {
        product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "deletion_protection", "false"]);
    };
    for (what, before) in [("db-instance.catalog@tokyo", Some(unprotected)), ("backup-vault.main@osaka", None)] {
        let product = Product::applied("dev");
        product.expect(0, &["sandbox", "--env", "dev", "set", PLAN, OF_THE_COPY, "1"]);
        if let Some(before) = before {
            before(&product);
        }
        product.expect(0, &["sandbox", "--env", "dev", "remove", what]);
        let drift = product.reads_only(3, &["drift", "dev", "--format", "json"]).json();
        let named = |list: &str| -> Vec<String> {
            drift[list].as_array().expect("a list").iter().map(|one| one["id"].to_string().trim_matches('"').to_owned()).collect()
        };
        assert_eq!((named("missing"), named("drifted")), (vec![what.to_owned()], vec![PLAN.to_owned()]), "{drift:#}");
        assert_eq!(drift["drifted"][0]["diffs"].as_array().map(Vec::len), Some(1), "{drift:#}");
        let applied = product.run(&["apply", "dev", "--yes"]);
        assert!(applied.out.contains("done               1") && applied.out.contains("blocked            1"), "{applied:#?}");
        let left = product.reads_only(3, &["drift", "dev"]);
        assert!(left.out.contains("0 changed · 1 missing"), "{left:#?}");
    }
}
