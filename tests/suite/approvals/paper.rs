//! What a plan file says of itself, before anybody signs it: it is the plan of its name, and all in it follows from the rest.

use std::fs;
use std::path::{Path, PathBuf};

use tokaido::model::{Change, Impact, Plan, PlanBody, Value};

use super::{Keys, PEOPLE, governed, planned};
use crate::support::binary::{Product, changed};

fn read(path: &Path) -> Plan {
    Plan::read(&fs::read_to_string(path).expect("a plan")).expect("a plan")
}

/// Written under its own name, with id and seal computed again.
fn forge(product: &Product, plan: &str, edit: impl FnOnce(&mut PlanBody)) -> String {
    let mut plan = read(Path::new(plan));
    edit(&mut plan.body);
    plan.id = plan.body.digest();
    plan.seal = plan.sealed();
    let path = product.path().join(format!("plans/production/{}.json", &plan.id[..12]));
    fs::write(&path, serde_json::to_vec_pretty(&plan).expect("JSON")).expect("a plan");
    plan.id[..12].to_owned()
}

fn database(body: &mut PlanBody) -> &mut Change {
    body.changes.iter_mut().find(|change| change.kind == "db-instance").expect("a database")
}

fn refused(product: &Product, code: i32, words: &[&str], says: &[&str]) {
    let before = product.bytes();
    let ran = product.expect(code, words);
    for fragment in says {
        assert!(ran.err.contains(fragment), "{fragment}: {}", ran.err);
    }
    assert_eq!(changed(&before, &product.bytes()), Vec::<PathBuf>::new(), "{words:?}");
}

/// Offline: `show` says so and `approve` refuses, before anybody is asked to sign.
#[test]
fn a_plan_that_does_not_follow_from_itself_is_not_signed() {
    type Edit = fn(&mut PlanBody);
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    let edits: [(Edit, &str); 5] = [
        (|body| database(body).impact = Impact::TagsOnly, "impact"),
        (|body| database(body).risks.clear(), "risks"),
        (|body| body.summary.create -= 1, "summary"),
        (|body| body.way_back = None, "way back"),
        (|body| body.steps.last_mut().expect("a step").after.clear(), "steps"),
    ];
    for (edit, word) in edits {
        let id = forge(&product, &plan, edit);
        refused(&product, 1, &["show", &id], &["this file was altered", word]);
        refused(&product, 5, &["approve", &id, "--key", &keys.file("bob"), "--yes"], &["altered", word, "plan again"]);
        refused(&product, 5, &["approve", &id, "--list"], &["altered", word]);
        refused(&product, 5, &["apply", &id, "--yes"], &["altered", word, "plan again"]);
    }
    product.expect(0, &["show", &plan]);
    product.expect(0, &["approve", &plan, "--key", &keys.file("bob"), "--yes"]);
}

/// Well told, and not what the files say.
#[test]
fn a_value_that_no_file_declares_is_not_signed() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    let larger = forge(&product, &plan, |body| {
        let class = database(body).diffs.iter_mut().find(|diff| diff.path == "class").expect("a class");
        class.after = Value::from("db.m7g.48xlarge");
    });
    product.expect(0, &["show", &larger]);
    refused(
        &product,
        5,
        &["approve", &larger, "--key", &keys.file("bob"), "--yes"],
        &["db-instance.", "class", "not what the files", "plan again"],
    );
}

/// The name is what is approved, so the file holds the plan of its name.
#[test]
fn a_file_that_holds_another_plan_is_refused() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = PathBuf::from(planned(&product));
    let name = plan.file_stem().expect("a name").to_string_lossy().into_owned();
    product.edit("environments/production.yaml", "db.m7g.large", "db.m7g.xlarge");
    product.expect(0, &["plan", "production", "--save", "--author", "alice@example.com"]);
    let folder = plan.parent().expect("a folder");
    let others = fs::read_dir(folder).expect("plans").map(|entry| entry.expect("an entry").path());
    let other = others.filter(|path| path.is_file()).find(|path| path != &plan).expect("another plan");
    let id = read(&other).id;
    fs::copy(&other, &plan).expect("a copy");
    let path = plan.display().to_string();
    for target in [&name[..8], &name, path.as_str()] {
        let says = [name.as_str(), &id[..12], "another plan"];
        refused(&product, 5, &["approve", target, "--key", &keys.file("bob"), "--yes"], &says);
        refused(&product, 5, &["approve", target, "--list"], &says);
        refused(&product, 5, &["apply", target, "--yes"], &says);
        refused(&product, 1, &["show", target], &says);
    }
    // A copy under a name that is no id claims nothing.
    let copy = product.path().join("the-plan.json");
    fs::copy(&other, &copy).expect("a copy");
    product.expect(0, &["show", &copy.display().to_string()]);
}
