//! Parameters of which RDS accepts no change in a family (C8): blocked by name at plan, and no reason to leave the others.

use tokaido::model::{BlockedCode, Environment, Value};
use tokaido::sim::ManualError;

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

const GROUP: &str = "db-parameter-group.postgres16@tokyo";

fn parameter(lab: &Lab, name: &str) -> Option<String> {
    let row = lab.row(&id(GROUP));
    row.attributes.get(attr("parameters"))?.as_map()?.get(name)?.as_text().map(str::to_owned)
}

/// The group with other values of all three parameters, and RDS then accepts no change of these.
fn locked(names: &[&str]) -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    for (name, value) in [("rds.force_ssl", "0"), ("timezone", "Asia/Tokyo"), ("log_timezone", "Asia/Tokyo")] {
        lab.set(&id(GROUP), &format!("parameters[{name}]"), &value.into()).expect("by hand");
    }
    lab.set(&id(GROUP), "unmodifiable", &Value::from(names.to_vec())).expect("as RDS says");
    lab
}

#[test]
fn the_others_are_changed_and_it_is_refused_by_name() {
    for (fixed, open) in [
        (&["log_timezone"][..], &["rds.force_ssl", "timezone"][..]),
        (&["rds.force_ssl"], &["log_timezone", "timezone"]),
        (&["log_timezone", "timezone"], &["rds.force_ssl"]),
    ] {
        let lab = locked(fixed);
        let planned = lab.plan();
        let body = &planned.plan.body;
        let paths = |names: &[&str]| names.iter().map(|name| format!("parameters[{name}]")).collect::<Vec<_>>();
        let [blocked] = &body.blocked[..] else { panic!("{:#?}", body.blocked) };
        assert_eq!((blocked.code, &blocked.id), (BlockedCode::Forbidden, &id(GROUP)));
        assert_eq!(blocked.diffs.iter().map(|diff| diff.path.clone()).collect::<Vec<_>>(), paths(fixed));
        assert!(blocked.next.to_string().contains(&format!("AWS accepts no change of {}", fixed[0])), "{}", blocked.next);
        assert_eq!(body.changes[0].diffs.iter().map(|diff| diff.path.clone()).collect::<Vec<_>>(), paths(open));

        let report = lab.apply_planned(&planned);
        assert!(all_done(&report), "{report:#?}");
        assert!(fixed.iter().all(|name| parameter(&lab, name).is_some_and(|value| value == "0" || value == "Asia/Tokyo")));
        let declared = |name: &str| if name == "rds.force_ssl" { "1" } else { "UTC" };
        assert!(open.iter().all(|name| parameter(&lab, name).as_deref() == Some(declared(name))), "{fixed:?}");
        // It stays drift, and nothing more is tried.
        let drift = lab.drift();
        assert!(drift.has_drift());
        assert!(lab.plan().plan.body.changes.is_empty());
    }
}

/// RDS refuses the whole call: with a plan that asked for everything, the demand for TLS would be lost with it.
#[test]
fn rds_refuses_the_whole_call_for_one_of_them() {
    let lab = locked(&["log_timezone"]);
    let all = Value::map([("rds.force_ssl", "1"), ("timezone", "UTC"), ("log_timezone", "UTC")]);
    let refused = lab.set(&id(GROUP), "parameters", &all);
    assert!(matches!(refused, Err(ManualError::Refused { code: "InvalidParameterValue", .. })), "{refused:?}");
    assert_eq!(parameter(&lab, "rds.force_ssl").as_deref(), Some("0"));
}

/// What RDS accepts no change of and is as declared is nothing to refuse.
#[test]
fn a_locked_parameter_that_is_right_is_no_matter() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    lab.set(&id(GROUP), "unmodifiable", &Value::from(vec!["log_timezone", "timezone"])).expect("as RDS says");
    lab.assert_settled();
}
