//! The recipe of `docs/ci/`: its shell steps are run as they stand, in a project and a simulated world of their own.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use tokaido::model::Value;

use super::{Keys, PEOPLE, governed, planned};
use crate::support::binary::{Product, Ran, ran};
use crate::support::{project, yaml};

/// What GitHub would fill in.
const GIVEN: [(&str, &str); 6] = [
    ("matrix.environment", "ENVIRONMENT"),
    ("github.event.pull_request.user.login", "alice@example.com"),
    ("github.event.pull_request.number", "7"),
    ("github.token", "no token at all"),
    ("github.ref", "main"),
    ("github.run_id", "1"),
];

struct Step {
    name: String,
    id: String,
    env: BTreeMap<String, String>,
    run: String,
}

struct Workflow {
    env: BTreeMap<String, String>,
    steps: Vec<Step>,
}

fn text_of(value: &Value) -> Option<String> {
    value.as_text().map(str::to_owned)
}

fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let map = value.and_then(Value::as_map).cloned().unwrap_or_default();
    map.into_iter().map(|(key, value)| (key.to_string(), text_of(&value).expect("a text"))).collect()
}

fn workflow(file: &str, job: &str) -> Workflow {
    let text = fs::read_to_string(project::root().join("docs/ci").join(file)).expect("a recipe");
    let tree = yaml::read(&text);
    let get = |value: &Value, key: &str| value.as_map().and_then(|map| map.get(key)).cloned();
    let job = get(&get(&tree, "jobs").expect("jobs"), job).expect("the job");
    let steps = get(&job, "steps").expect("steps");
    let steps = steps.as_list().expect("a list").iter().filter(|step| get(step, "run").is_some()).map(|step| {
        let text = |key: &str| get(step, key).as_ref().and_then(text_of).unwrap_or_default();
        Step { name: text("name"), id: text("id"), env: texts(get(step, "env").as_ref()), run: text("run") }
    });
    Workflow { env: texts(get(&job, "env").as_ref()), steps: steps.collect() }
}

/// Runs the steps until one fails, as GitHub does: each in a bash of its own that stops at the first error.
fn run(workflow: &Workflow, product: &Product, environment: &str) -> Vec<(String, Ran)> {
    let tools = product.path().join("tools");
    fs::create_dir_all(&tools).expect("a folder");
    let tool = |name: &str, text: &str| {
        let path = tools.join(name);
        fs::write(&path, text).expect("a tool");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a tool");
    };
    tool("tokaido", &format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_tokaido")));
    tool("gh", "#!/bin/sh\necho \"$@\" >>gh.txt\n");
    let mut outputs: BTreeMap<String, String> =
        GIVEN.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    outputs.insert("matrix.environment".to_owned(), environment.to_owned());
    let mut done = Vec::new();
    for step in &workflow.steps {
        let output = product.path().join("outputs.txt");
        fs::write(&output, "").expect("a file");
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step.run]).current_dir(product.path()).env_clear();
        bash.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display()));
        bash.env("TOKAIDO_WORLD", format!("sandbox:{}", product.world().display())).env("GITHUB_OUTPUT", &output);
        for (name, value) in workflow.env.iter().chain(&step.env) {
            bash.env(name, filled(value, &outputs));
        }
        let ended = ran(bash);
        for line in fs::read_to_string(&output).expect("a file").lines() {
            let (name, value) = line.split_once('=').expect("name=value");
            outputs.insert(format!("steps.{}.outputs.{name}", step.id), value.to_owned());
        }
        let code = ended.code;
        done.push((step.name.clone(), ended));
        if code != 0 {
            break;
        }
    }
    done
}

/// `${{ name }}`, and nothing else of GitHub's language.
fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    match text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) {
        Some(name) => known.get(name).unwrap_or_else(|| panic!("the recipe asks for {name}, which nobody gives")).clone(),
        None => text.to_owned(),
    }
}

fn git(folder: &Path, words: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false"]);
    let output = git.args(words).output().expect("git");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn codes(done: &[(String, Ran)]) -> Vec<(&str, i32)> {
    done.iter().map(|(name, ran)| (name.as_str(), ran.code)).collect()
}

/// The project as a repository whose last commit brings the plan.
fn merged(product: &Product, plan: impl FnOnce()) {
    git(product.path(), &["init", "-q", "-b", "main"]);
    git(product.path(), &["add", "environments", "policies"]);
    git(product.path(), &["commit", "-qm", "the project"]);
    plan();
    git(product.path(), &["add", "plans"]);
    git(product.path(), &["commit", "-qm", "the plan"]);
}

#[test]
fn a_pull_request_is_planned_and_gets_a_comment() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let recipe = workflow("tokaido-plan.yml", "plan");
    for environment in ["dev", "staging", "production"] {
        let done = run(&recipe, &product, environment);
        assert_eq!(codes(&done), [("Check the files", 0), ("Plan", 0), ("Comment", 0)], "{done:#?}");
        let comment = fs::read_to_string(product.path().join("comment.md")).expect("a comment");
        assert!(comment.starts_with(&format!("<!-- tokaido: plan {environment} ")), "{comment}");
        assert!(comment.contains("alice"), "who made it: {comment}");
    }
    let asked = fs::read_to_string(product.path().join("gh.txt")).expect("calls");
    assert_eq!(asked.lines().count(), 3);
    assert!(asked.lines().all(|line| line == "pr comment 7 --body-file comment.md"), "{asked}");
    // A mistake in the files ends the job before anything is planned.
    product.edit("environments/dev.yaml", "environment: dev", "environment: test");
    assert_eq!(codes(&run(&recipe, &product, "dev")), [("Check the files", 1)]);
}

/// In dev no gate is closed, and the whole recipe runs to its end, once.
#[test]
fn a_merged_plan_is_applied_once() {
    let product = Product::new();
    merged(&product, || _ = product.expect(0, &["plan", "dev", "--save"]));
    let mut recipe = workflow("tokaido-apply.yml", "apply");
    recipe.env.insert("ENVIRONMENT".to_owned(), "dev".to_owned());
    let steps = ["Find the plan that was merged", "Who approved it", "Apply exactly that"];
    let done = run(&recipe, &product, "dev");
    assert_eq!(codes(&done), steps.map(|step| (step, 0)), "{done:#?}");
    product.expect(0, &["drift", "dev"]);
    let again = run(&recipe, &product, "dev");
    assert_eq!(again.last().map(|(name, ran)| (name.as_str(), ran.code)), Some((steps[1], 5)), "{again:#?}");
    assert!(again[1].1.out.contains("used at"), "{again:#?}");
    let merged = fs::read_dir(product.path().join("plans/dev")).expect("plans").map(|entry| entry.expect("an entry").path());
    let plan = merged.into_iter().find(|path| path.is_file()).expect("a plan");
    let ran = product.expect(5, &["apply", &plan.display().to_string(), "--yes"]);
    assert!(ran.err.contains("used at"), "whoever applies it all the same: {ran:#?}");
}

#[test]
fn production_is_not_applied_without_its_papers() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let recipe = workflow("tokaido-apply.yml", "apply");
    merged(&product, || _ = planned(&product));
    let done = run(&recipe, &product, "production");
    assert_eq!(codes(&done)[1], ("Who approved it", 5), "{done:#?}");
    assert!(done[1].1.out.contains("0 of 2 approvals"), "{done:#?}");
    // With approvals in the repository the last gate is the release.
    let plan = planned(&product);
    for person in ["bob", "carol"] {
        product.expect(0, &["approve", &plan, "--key", &keys.file(person), "--yes"]);
    }
    git(product.path(), &["add", "plans"]);
    git(product.path(), &["commit", "-qm", "approved"]);
    let done = run(&recipe, &product, "production");
    assert_eq!(codes(&done).last(), Some(&("Apply exactly that", 5)), "{done:#?}");
    let said = &done[2].1.err;
    assert!(said.contains("no release is pinned") && !said.contains("approvals of plan"), "{said}");
    // A merge that brings no plan applies none.
    git(product.path(), &["commit", "-qm", "nothing", "--allow-empty"]);
    assert_eq!(codes(&run(&recipe, &product, "production")), [("Find the plan that was merged", 1)]);
}
