//! `tokaido approve`, as people use it: real keys, real ssh-keygen.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{Keys, PEOPLE, governed, planned, verifies};
use crate::support::binary::{Product, Ran, changed};

fn approve(product: &Product, plan: &str, keys: &Keys, person: &str) -> Ran {
    product.run(&["approve", plan, "--key", &keys.file(person), "--yes"])
}

/// Refused with these words, and not one byte changes.
fn refused(product: &Product, code: i32, words: &[&str], said: &[&str]) {
    let before = product.bytes();
    let ran = product.expect(code, words);
    for fragment in said {
        assert!(ran.err.contains(fragment), "{fragment}: {ran:#?}");
    }
    assert_eq!(changed(&before, &product.bytes()), Vec::<PathBuf>::new(), "{words:?}");
}

/// Before two people have read it for nothing.
#[test]
fn a_plan_that_nobody_can_approve_says_so_when_it_is_saved() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let save = |environment: &str, author: &str| product.expect(0, &["plan", environment, "--save", "--author", author]).err;
    let said = save("production", "mallory@example.com");
    assert!(said.contains("the plan has no possible approver") && said.contains("mallory@example.com"), "{said}");
    assert!(said.contains("also_known_as") && said.contains("--author ADDRESS"), "{said}");
    for (environment, author) in [("production", "alice@example.com"), ("dev", "mallory@example.com")] {
        let said = save(environment, author);
        assert!(!said.contains("no possible approver"), "{environment}, {author}: {said}");
    }
}

#[test]
fn two_people_approve_and_one_takes_it_back() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    let id = &PathBuf::from(&plan).file_stem().expect("a name").to_string_lossy().into_owned();
    let empty = product.reads_only(5, &["approve", &plan, "--list"]);
    assert!(empty.out.contains("0 of 2 approvals") && empty.out.contains("change-management"), "{empty:#?}");
    let first = approve(&product, &plan, &keys, "bob");
    assert_eq!(first.code, 0, "{first:#?}");
    assert!(first.err.contains("bob signs:") && first.err.contains("decision: approve"), "{first:#?}");
    assert!(first.err.contains(&format!("plans/production/{id}.approvals/bob-1.txt")), "{first:#?}");
    assert!(first.out.contains("1 of 2 approvals"), "{first:#?}");
    let again = approve(&product, &plan, &keys, "bob");
    assert!(again.code == 0 && again.out.contains("approved this plan already"), "{again:#?}");
    assert_eq!(approve(&product, id, &keys, "carol").code, 0, "by the beginning of its id");
    let listed = product.reads_only(0, &["approve", id, "--list", "--format", "json"]).json();
    assert_eq!(listed["approved"].as_array().map(Vec::len), Some(2), "{listed}");
    assert_eq!(listed["missing"].as_array().map(Vec::len), Some(0), "{listed}");
    assert_eq!(listed["authors"][0], "alice");
    // An auditor needs nothing of ours.
    let folder = product.path().join(format!("plans/production/{id}.approvals"));
    let signers = keys.path("signers");
    fs::write(&signers, product.reads_only(0, &["approve", "--allowed-signers"]).out).expect("a file");
    let (text, signature) = (folder.join("bob-1.txt"), folder.join("bob-1.txt.sig"));
    assert!(verifies(&signers, "bob", "tokaido-approval@v1", &text, &signature));
    assert!(!verifies(&signers, "carol", "tokaido-approval@v1", &text, &signature));
    // Production still asks for the release; nothing else is missing.
    refused(&product, 5, &["apply", &plan, "--yes"], &["no release is pinned", "tokaido promote RELEASE --to production"]);
    let said = product.run(&["apply", &plan, "--yes"]).err;
    assert!(!said.contains("approvals of plan"), "{said}");
    let back = product.expect(0, &["approve", id, "--key", &keys.file("bob"), "--withdraw", "--yes"]);
    assert!(back.out.contains("withdrawn by bob") && back.out.contains("1 of 2 approvals"), "{back:#?}");
    refused(&product, 5, &["apply", &plan, "--yes"], &["1 of 2 approvals", "change-management"]);
    refused(&product, 5, &["approve", id, "--key", &keys.file("bob"), "--withdraw", "--yes"], &["no approval of bob"]);
}

#[test]
fn who_may_not_is_refused_and_nothing_is_written() {
    let keys = Keys::new(&[&PEOPLE[..], &["mallory"]].concat());
    let product = governed(&keys);
    let plan = planned(&product);
    let by = |person: &str| vec!["approve".to_owned(), plan.clone(), "--key".to_owned(), keys.file(person), "--yes".to_owned()];
    let words = |list: Vec<String>, said: &[&str], code: i32| {
        refused(&product, code, &list.iter().map(String::as_str).collect::<Vec<_>>(), said);
    };
    words(by("alice"), &["alice made this plan", "an author may not approve their own plan", "bob, carol"], 5);
    words(by("erin"), &["erin is in none of the groups", "change-management, platform"], 5);
    words(by("mallory"), &["policies/roles.yaml does not have this key"], 5);
    words([by("bob"), vec!["--as".to_owned(), "carol".to_owned()]].concat(), &["a key of bob, not of carol"], 5);
    words([by("bob"), vec!["--as".to_owned(), "zoe".to_owned()]].concat(), &["does not know"], 5);
    words(by("nobody"), &["there is no key"], 1);
    let mut silent = by("bob");
    silent.pop();
    words(silent, &["there is no terminal to ask on"], 5);
    words(vec!["approve".to_owned(), plan.clone()], &["--key FILE"], 1);
    // A file that is no key at all, and its words are not repeated.
    fs::write(keys.path("noise"), "very secret noise").expect("a file");
    words(by("noise"), &["ssh-keygen could not use"], 1);
    let said = product.run(&["approve", &plan, "--key", &keys.file("noise"), "--yes"]);
    assert!(!said.err.contains("very secret"), "{said:#?}");
}

/// What is no statement counts for nothing, and keeps nobody from going on.
#[test]
fn odd_things_among_the_approvals_are_void_and_no_more() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    let folder = product.path().join(plan.replace(".json", ".approvals"));
    fs::create_dir_all(folder.join("y.txt")).expect("a folder");
    fs::write(folder.join("x.txt"), "x".repeat(20_000)).expect("a file");
    assert!(Command::new("mkfifo").arg(folder.join("z.txt")).status().expect("mkfifo").success());
    let page = product.run(&["plan", "production", "--format", "html"]).out;
    assert!(page.contains("1 of them of change-management"), "the page names the rule of groups: {page}");
    assert_eq!(approve(&product, &plan, &keys, "bob").code, 0);
    let list = product.run(&["approve", &plan, "--list"]);
    for odd in ["x.txt", "20000 bytes", "y.txt", "z.txt", "not a file"] {
        assert!(list.out.contains(odd), "{odd}: {list:#?}");
    }
    product.expect(0, &["apply", &plan, "--yes", "--emergency", "the catalog database is full"]);
    // In dev nobody has to approve, and the same things lie there.
    let saved = product.expect(0, &["plan", "dev", "--save"]);
    let path = saved.err.split("saved ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a path").to_owned();
    fs::create_dir_all(product.path().join(path.replace(".json", ".approvals")).join("y.txt")).expect("a folder");
    product.expect(0, &["apply", &product.path().join(path).display().to_string(), "--yes"]);
}

/// A passphrase cannot be asked for here; nothing of the key is said.
#[test]
fn an_encrypted_key_without_a_terminal_is_an_error() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    super::ssh_keygen(&["-q", "-p", "-P", "", "-N", "a passphrase", "-f", &keys.file("bob")]);
    let ran = approve(&product, &plan, &keys, "bob");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.err.contains("nothing was signed") && !ran.err.contains("PRIVATE KEY"), "{ran:#?}");
    let key = fs::read_to_string(keys.path("bob")).expect("a key");
    assert!(key.lines().skip(1).take(3).all(|line| !ran.err.contains(line) && !ran.out.contains(line)));
}

#[test]
fn a_plan_that_cannot_be_applied_cannot_be_approved() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    let text = fs::read_to_string(&plan).expect("a plan");
    let tries = |words: &str| {
        refused(&product, 5, &["approve", &plan, "--key", &keys.file("bob"), "--yes"], &[words, "plan again"]);
    };
    fs::write(&plan, text.replacen("db.m7g.large", "db.m7g.48xlarge", 1)).expect("a plan");
    tries("altered");
    refused(&product, 5, &["approve", &plan, "--list"], &["altered"]);
    fs::write(&plan, text.replacen("alice@example.com", "carol@example.com", 1)).expect("a plan");
    tries("altered");
    fs::write(&plan, text.replacen("\"expires_at\": \"2026-11-02", "\"expires_at\": \"2026-10-31", 1)).expect("a plan");
    tries("altered");
    fs::write(&plan, &text).expect("a plan");
    let file = product.path().join("environments/production.yaml");
    let files = fs::read_to_string(&file).expect("a file");
    fs::write(&file, files.replace("333333333333", "444444444444")).expect("a file");
    tries("the project's production is 444444444444");
    fs::write(&file, files).expect("a file");
    // Roles that were tampered with after the plan: another plan id, and the old approvals are void.
    assert_eq!(approve(&product, &plan, &keys, "carol").code, 0);
    product.edit("policies/roles.yaml", "groups: [support]", "groups: [change-management]");
    tries("policies/roles.yaml changed since the plan was made");
    refused(&product, 5, &["apply", &plan, "--yes"], &["policies/roles.yaml changed"]);
    let listed = product.reads_only(5, &["approve", &plan, "--list"]);
    assert!(listed.out.contains("the roles have changed since it was signed"), "{listed:#?}");
    product.edit(
        "policies/roles.yaml",
        "groups: [change-management]\n    keys: [\"ssh",
        "groups: [change-management]\n    keys: [\"ssh",
    );
    product.edit("policies/roles.yaml", "  - id: erin\n    groups: [change-management]", "  - id: erin\n    groups: [support]");
    product.reads_only(5, &["approve", &plan, "--list"]);
    // Used.
    product.expect(0, &crate::support::binary::apply(&plan));
    tries("the plan was used at");
}

#[test]
fn an_expired_plan_is_not_approved() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    // A world a day older: the plan was sealed on the first of November.
    let text = fs::read_to_string(product.world()).expect("a world");
    fs::write(product.world(), text.replace("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")).expect("a world");
    refused(&product, 5, &["approve", &plan, "--key", &keys.file("bob"), "--yes"], &["expired at", "plan again"]);
}

/// What cannot be applied any more is not approved, whoever signed it.
#[test]
fn a_list_of_a_plan_that_is_over_says_so() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    for person in ["bob", "carol"] {
        assert_eq!(approve(&product, &plan, &keys, person).code, 0);
    }
    let list = ["approve", &plan, "--list"];
    assert!(product.reads_only(0, &list).out.contains("approved: 2 of 2"));
    let world = fs::read(product.world()).expect("a world");
    product.expect(0, &["sandbox", "advance", "25h"]);
    let over = |said: &str| {
        let text = product.reads_only(5, &list).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("not approved:") && text.contains(said) && text.contains("plan production --save"), "{text}");
        assert!(!text.contains("tokaido apply") && !text.contains("--key FILE"), "it leads nowhere: {text}");
        let json = product.reads_only(5, &[&list[..], &["--format", "json"]].concat()).json();
        assert!(json["missing"][0]["why"].as_str().is_some_and(|why| why.contains(said)), "{json}");
    };
    over("the plan expired at 2026-11-02");
    fs::write(product.world(), world).expect("a world");
    product.expect(0, &crate::support::binary::apply(&plan));
    over("the plan was used at 2026-11-01");
    // Where nobody has to approve as well.
    let dev = product.saved("dev").display().to_string();
    product.reads_only(0, &["approve", &dev, "--list"]);
    product.expect(0, &["sandbox", "advance", "25h"]);
    let ran = product.reads_only(5, &["approve", &dev, "--list"]);
    assert!(ran.out.contains("expired at"), "{ran:#?}");
}

/// Statements of another plan, copied beside this one, are found and void.
#[test]
fn an_approval_of_another_plan_does_not_count_here() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let plan = planned(&product);
    for person in ["bob", "carol"] {
        assert_eq!(approve(&product, &plan, &keys, person).code, 0);
    }
    let old = PathBuf::from(&plan).with_extension("approvals");
    product.edit("environments/production.yaml", "100 GiB", "200 GiB");
    fs::remove_file(&plan).expect("a plan");
    let plan = planned(&product);
    fs::rename(old, PathBuf::from(&plan).with_extension("approvals")).expect("renamed");
    let listed = product.reads_only(5, &["approve", &plan, "--list"]);
    assert!(listed.out.contains("it is about another plan") && listed.out.contains("0 of 2"), "{listed:#?}");
    refused(&product, 5, &["apply", &plan, "--yes"], &["0 of 2 approvals"]);
}

#[test]
fn applying_an_environment_says_that_approvals_bind_a_saved_plan() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let said = ["approvals bind a saved plan", "tokaido plan production --save", "0 of 2 approvals", "no release is pinned"];
    let ran = product.expect(5, &["apply", "production", "--yes", "--author", "alice@example.com"]);
    for words in said {
        assert!(ran.err.contains(words), "{words}: {ran:#?}");
    }
    // The same plan made anew keeps its approvals: they bind the body, not the file.
    let plan = planned(&product);
    for person in ["bob", "carol"] {
        assert_eq!(approve(&product, &plan, &keys, person).code, 0);
    }
    let ran = product.expect(5, &["apply", "production", "--yes", "--author", "alice@example.com"]);
    assert!(!ran.err.contains("approvals of plan") && ran.err.contains("no release is pinned"), "{ran:#?}");
}

#[test]
fn without_roles_production_says_who_is_missing() {
    let product = Product::new();
    let keys = Keys::new(&["bob"]);
    let plan = planned(&product);
    refused(&product, 5, &["approve", &plan, "--key", &keys.file("bob"), "--yes"], &["names no approvers"]);
    refused(&product, 5, &["apply", &plan, "--yes"], &["names no people", "tokaido schema roles"]);
    refused(&product, 1, &["approve", "--allowed-signers"], &["policies/roles.yaml"]);
    product.expect(64, &["approve"]);
}
