//! Our alias leads to another key (B9): KMS refuses a second one, so a plan must not promise it. Blocked with what to do, until
//! the alias is free.

use tokaido::model::tags::Tags;
use tokaido::model::{Attributes, BlockedCode, Environment, Region, Value};
use tokaido::sim::{Key, LogEntry};
use tokaido::world::CreateRequest;

use crate::support::lab::{Lab, all_done, id};
use crate::support::{attr, project, yaml};

const MAIN: &str = "kms-key.main@tokyo";
const ALIAS: &str = "alias/production-main";

fn production() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    lab
}

/// A key of others with this alias, or with it beside its own.
fn key_of_others(lab: &Lab, values: &str) -> String {
    let attributes = Attributes::from(yaml::read(values).as_map().cloned().expect("attributes"));
    let request = CreateRequest { attributes, tags: Tags::new() };
    lab.world().log().create_by_hand(&lab.desired.account, Region::Tokyo, "kms-key", &request).expect("a key")
}

/// Its owner takes the alias away with the key.
fn gone(lab: &Lab, physical: &str) {
    let remove = |state: &tokaido::sim::State| {
        let object = state.objects.values().find(|object| object.physical == physical).expect("a key");
        (vec![LogEntry::Remove { at: state.now, by: "hand".to_owned(), key: Key::of(object) }], ())
    };
    lab.world().log().commit(remove).expect("a world in memory");
}

fn policy() -> &'static str {
    "policy: { Version: '2012-10-17', Statement: [] }, description: x, enabled: true"
}

#[test]
fn an_alias_at_a_foreign_key_is_refused_with_what_to_do_and_comes_back() {
    for held in [format!("alias: {ALIAS}"), format!("alias: alias/payroll, more_aliases: [{ALIAS}]")] {
        let lab = production();
        lab.set(&id(MAIN), "alias", &Value::Null).expect("by hand");
        let foreign = key_of_others(&lab, &format!("{{ {held}, {} }}", policy()));
        lab.set(&id(MAIN), "description", &"by hand".into()).expect("by hand");
        let planned = lab.plan();
        let body = &planned.plan.body;
        let [blocked] = &body.blocked[..] else { panic!("{held}: {:#?}", body.blocked) };
        assert_eq!((blocked.code, &blocked.id), (BlockedCode::NameTaken, &id(MAIN)), "{held}");
        assert_eq!(blocked.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), ["alias"]);
        let next = blocked.next.to_string();
        assert!(next.contains(&format!("take alias {ALIAS} away from {foreign}")), "{next}");
        // What can be repaired is repaired.
        assert_eq!(body.changes[0].diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), ["description"]);
        let report = lab.apply_planned(&planned);
        assert!(all_done(&report), "{held}: {report:#?}");
        assert!(lab.plan().plan.body.changes.is_empty(), "nothing is promised that AWS refuses");
        assert!(lab.drift().has_drift());

        gone(&lab, &foreign);
        lab.converge();
        assert_eq!(lab.row(&id(MAIN)).attributes.text(attr("alias")), Some(ALIAS));
    }
}

/// Beside the alias of its own, another key of ours has it.
#[test]
fn an_alias_at_another_key_of_ours_is_refused_too() {
    let lab = production();
    lab.set(&id(MAIN), "alias", &Value::Null).expect("by hand");
    lab.set(&id("kms-key.acme@tokyo"), "more_aliases", &Value::from(vec![ALIAS])).expect("by hand");
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
    assert_eq!(body.blocked[0].code, BlockedCode::StillHeld);
    assert!(body.blocked[0].reason.to_string().contains("kms-key.acme@tokyo still holds alias"), "{}", body.blocked[0].reason);
    assert!(body.blocked[0].next.to_string().contains("take alias"), "{}", body.blocked[0].next);
}

/// The other key of ours gets its own alias back by the same plan, and only then is this one free.
#[test]
fn an_alias_that_this_plan_frees_follows_with_the_next() {
    let lab = production();
    lab.set(&id(MAIN), "alias", &Value::Null).expect("by hand");
    lab.set(&id("kms-key.acme@tokyo"), "alias", &ALIAS.into()).expect("by hand");
    let planned = lab.plan();
    let body = &planned.plan.body;
    assert_eq!(body.changes.iter().map(|change| change.id.to_string()).collect::<Vec<_>>(), ["kms-key.acme@tokyo"]);
    assert!(body.blocked[0].next.to_string().contains("apply this plan, then plan again"), "{}", body.blocked[0].next);
    assert!(all_done(&lab.apply_planned(&planned)));
    lab.converge();
}

/// KMS itself accepts no alias twice, whatever a plan says.
#[test]
fn the_simulated_kms_refuses_a_held_alias() {
    let lab = production();
    lab.set(&id(MAIN), "alias", &Value::Null).expect("by hand");
    let planned = lab.plan();
    key_of_others(&lab, &format!("{{ alias: {ALIAS}, {} }}", policy()));
    // Made before the alias was given away.
    assert!(lab.apply_saved(&planned.plan).is_err());
}
