//! Whose word counts for a release: never that of people whom nobody has agreed to.

use std::fs;

use tokaido::model::Plan;

use crate::promotion_path::{FIRST, SECOND, bring, cut, refused, rehearsed, second, status};
use crate::support::binary::Product;
use crate::support::office::{Keys, pass};

/// A plan of production by alice; the beginning of its id.
fn saved(product: &Product) -> String {
    let saved = product.expect(0, &["plan", "production", "--save", "--author", "alice@example.com", "--format", "json"]).json();
    saved["id"].as_str().expect("an id")[..12].to_owned()
}

/// A project that has its first release in production, and mallory's key.
fn mallory_waits() -> (Product, Keys, String) {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    bring(&product, &keys, FIRST, "production");
    keys.generate("mallory", &["-t", "ed25519"]);
    let mallory =
        format!("people:\n  - id: mallory\n    groups: [change-management]\n    keys: [\"{}\"]\n", keys.public("mallory"));
    (product, keys, mallory)
}

/// The roles in force are those of the release that is applied, not those of the one that is to be approved.
#[test]
fn nobody_adds_himself_in_the_release_that_he_approves() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    second(&product);
    rehearsed(&product, &keys, SECOND);
    product.expect(0, &["promote", SECOND, "--to", "production"]);
    let id = saved(&product);
    let approve = |person: &str| product.run(&["approve", &id, "--key", &keys.file(person), "--yes"]);
    let refused = approve("mallory");
    assert!(refused.code == 5 && refused.err.contains("policies/roles.yaml does not have this key"), "{refused:#?}");
    assert_eq!((approve("bob").code, approve("carol").code), (0, 0));

    // Without the release whose roles decide nobody's word counts, and status says so and shows the rest.
    let folder = product.path().join("releases").join(FIRST);
    let away = product.path().join("releases-away");
    fs::rename(&folder, &away).expect("moved");
    let lost = product.expect(5, &["apply", &id, "--yes"]);
    assert!(lost.err.contains("its roles decide who may approve"), "{lost:#?}");
    let board = product.expect(5, &["status", "production"]);
    assert!(board.err.contains("who is waited for is unknown") && board.out.contains("last apply"), "{board:#?}");
    fs::rename(&away, &folder).expect("moved back");
    let board = product.expect(0, &["status", "production"]);
    assert!(board.out.contains("2 of 2 approvals"), "{board:#?}");

    product.expect(0, &["apply", &id, "--yes"]);
    // From now on the new roles hold.
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
    let id = saved(&product);
    product.expect(0, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
}

/// A release that changes nothing else still changes who may approve: that needs the word of those who may now.
#[test]
fn other_people_may_approve_only_after_those_of_before_have_agreed() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    product.expect(0, &["release", "cut"]);
    rehearsed(&product, &keys, SECOND);
    product.expect(0, &["promote", SECOND, "--to", "production"]);
    assert_eq!(product.expect(0, &["plan", "production", "--detailed-exitcode"]).code, 0, "nothing is changed");
    refused(&product, &["apply", "production", "--yes", "--author", "alice@example.com"], &["0 of 2 approvals"]);
    pass(&product, &keys);
    assert_eq!(status(&product, "production")["applied"]["id"], SECOND);
    // Agreed to once; from now on they may.
    product.expect(0, &["apply", "production", "--yes", "--author", "alice@example.com"]);
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
    let id = saved(&product);
    product.expect(0, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
}

/// What did not come by promotion stands there, and changes nothing of whose word counts.
#[test]
fn a_pin_written_by_hand_does_not_make_approvers() {
    let (product, keys, mallory) = mallory_waits();
    product.edit("environments/base.yaml", "# Customers hear", "# Our customers hear");
    product.expect(0, &["release", "cut"]);
    product.edit("environments/production.yaml", FIRST, SECOND);
    product.expect(0, &["apply", "production", "--yes"]);
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    product.edit("environments/base.yaml", "keep: 8d }", "keep: 9d }");
    product.expect(0, &["release", "cut"]);
    rehearsed(&product, &keys, "2026.11.2");
    product.expect(0, &["promote", "2026.11.2", "--to", "production"]);
    let id = saved(&product);
    let refused = product.expect(5, &["approve", &id, "--key", &keys.file("mallory"), "--yes"]);
    assert!(refused.err.contains("policies/roles.yaml does not have this key"), "{refused:#?}");
}

/// Without the line breaks of a narrow terminal.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const REASON: &str = "customers cannot sign in";

/// The id of the emergency that was just forced through, and what review says to this person.
fn forced(product: &Product) -> String {
    let ran = product.expect(0, &["apply", "production", "--yes", "--author", "alice@example.com", "--emergency", REASON]);
    assert!(ran.err.contains("this emergency skips:"), "{ran:#?}");
    let board = status(product, "production");
    let open = board["emergencies"].as_array().expect("emergencies").last().expect("one that is open").clone();
    open["id"].as_str().expect("an id").to_owned()
}

/// Neither an emergency of a release that came by promotion nor one of a pin written by hand names who may say it was right.
#[test]
fn nobody_reviews_his_own_emergency_with_a_key_that_it_brought() {
    for promoted in [true, false] {
        let (product, keys, mallory) = mallory_waits();
        product.edit("policies/roles.yaml", "people:\n", &mallory);
        second(&product);
        if promoted {
            rehearsed(&product, &keys, SECOND);
            product.expect(0, &["promote", SECOND, "--to", "production"]);
        } else {
            product.edit("environments/production.yaml", FIRST, SECOND);
        }
        let id = forced(&product);
        let review = |person: &str| product.run(&["review", &id, "--key", &keys.file(person), "--yes"]);
        let own = review("mallory");
        assert!(own.code == 5 && own.err.contains("policies/roles.yaml does not have this key"), "promoted {promoted}: {own:#?}");
        // Nor may she approve what comes next.
        product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "7"]);
        let next = saved(&product);
        product.expect(5, &["approve", &next, "--key", &keys.file("mallory"), "--yes"]);
        assert_eq!(review("bob").code, 0);
        let text = words(&product.run(&["status", "production"]).out);
        assert_eq!(text.contains("what was applied last came another way"), !promoted, "{text}");
    }
}

/// A look at what did not come by promotion proves nothing, and takes nothing back.
#[test]
fn an_empty_apply_of_an_unpromoted_pin_makes_nothing_forgotten() {
    let (product, _, mallory) = mallory_waits();
    let before = status(&product, "production");
    for edit in ["another release", "no release"] {
        let whole = fs::read_to_string(product.path().join("environments/production.yaml")).expect("a file");
        if edit == "no release" {
            product.edit("environments/production.yaml", &format!("release: {FIRST}\n"), "");
        } else {
            product.edit("environments/base.yaml", "# Customers hear", "# Our customers hear");
            product.expect(0, &["release", "cut"]);
            product.edit("environments/production.yaml", FIRST, SECOND);
        }
        let ran = product.expect(0, &["apply", "production", "--yes", "--author", "alice@example.com"]);
        assert!(ran.err.contains("not recorded as proven"), "{edit}: {ran:#?}");
        let now = status(&product, "production");
        assert_eq!((&now["applied"], &now["last_proven"]), (&before["applied"], &before["last_proven"]), "{edit}");
        fs::write(product.path().join("environments/production.yaml"), whole).expect("put back");
    }
    // With other people in it, it is no longer nothing.
    product.edit("policies/roles.yaml", "people:\n", &mallory);
    product.expect(0, &["release", "cut"]);
    product.edit("environments/production.yaml", FIRST, "2026.11.2");
    refused(&product, &["apply", "production", "--yes", "--author", "alice@example.com"], &["0 of 2 approvals", "never applied"]);
}

/// Who went past the lane has not left the release behind: an older one is still going back, and this one is still here.
#[test]
fn an_emergency_does_not_open_the_way_back() {
    let (product, keys, _) = mallory_waits();
    second(&product);
    rehearsed(&product, &keys, SECOND);
    bring(&product, &keys, SECOND, "production");
    product.edit("environments/production.yaml", &format!("release: {SECOND}\n"), "");
    product.edit("environments/base.yaml", "keep: 9d }", "keep: 10d }");
    forced(&product);
    product.edit(
        "environments/production.yaml",
        "environment: production\n",
        &format!("environment: production\nrelease: {FIRST}\n"),
    );
    refused(&product, &["apply", "production", "--yes", "--author", "alice@example.com"], &["going back"]);
    product.edit("environments/production.yaml", FIRST, SECOND);
    let id = saved(&product);
    let ran = product.expect(5, &["apply", &id, "--yes"]);
    assert!(ran.err.contains("0 of 2 approvals") && !ran.err.contains("going back"), "{ran:#?}");
}

/// Bob signed a plan that alice made: under another author it is another question, and may be alice's own.
#[test]
fn an_approval_is_of_a_plan_and_its_author() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["promote", FIRST, "--to", "production"]);
    let id = saved(&product);
    let approve = |person: &str| product.run(&["approve", &id, "--key", &keys.file(person), "--yes"]);
    assert_eq!(approve("bob").code, 0);
    assert_eq!(approve("alice").code, 5);
    let again = ["plan", "production", "--save", "--author", "erin@example.com"];
    let kept = product.expect(0, &again);
    assert!(kept.err.contains("by alice@example.com, and signed"), "what bob signed is not taken from under him: {kept:#?}");
    std::fs::remove_file(product.path().join(format!("plans/production/{id}.json"))).expect("a plan");
    product.expect(0, &again);
    assert_eq!(approve("alice").code, 0, "erin made it now");
    let ran = product.expect(5, &["apply", &id, "--yes"]);
    assert!(ran.err.contains("1 of 2 approvals"), "bob's was for alice's plan: {ran:#?}");
    let list = words(&product.expect(5, &["approve", &id, "--list"]).out);
    assert!(list.contains("when alice@example.com was the author"), "{list}");
    assert_eq!(approve("bob").code, 0);
    product.expect(0, &["apply", &id, "--yes"]);
}

type Edit = fn(&mut Plan);

/// Bob saw whom AWS named and when the plan ends. A file that says otherwise now is another question, whoever computed its seal.
#[test]
fn an_approval_is_of_a_plan_its_caller_and_its_end() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["promote", FIRST, "--to", "production"]);
    let id = saved(&product);
    let approve = |person: &str| product.run(&["approve", &id, "--key", &keys.file(person), "--yes"]);
    let signs = approve("bob").err;
    for line in ["\ncaller: arn:aws:sts::333333333333:assumed-role/tokaido/sandbox\n", "\nexpires: 2026-11-"] {
        assert!(signs.contains(line), "{line}: {signs}");
    }
    let file = product.path().join(format!("plans/production/{id}.json"));
    let whole = fs::read_to_string(&file).expect("a plan");
    let edits: [(&str, Edit); 2] = [
        ("tokaido/sandbox was AWS's caller", |plan| {
            "arn:aws:sts::333333333333:assumed-role/tokaido/carol".clone_into(&mut plan.caller);
        }),
        ("it was signed for a plan that ends", |plan| "2027-11-01T00:00:00Z".clone_into(&mut plan.expires_at)),
    ];
    for (said, edit) in edits {
        let mut plan = Plan::read(&whole).expect("a plan");
        edit(&mut plan);
        plan.seal = plan.sealed();
        fs::write(&file, serde_json::to_string_pretty(&plan).expect("data")).expect("a plan");
        let list = words(&product.expect(5, &["approve", &id, "--list"]).out);
        assert!(list.contains("0 of 2 approvals") && list.contains(said), "{said}: {list}");
        assert_eq!(approve("carol").code, 0);
        let ran = product.expect(5, &["apply", &id, "--yes"]);
        assert!(ran.err.contains("1 of 2 approvals"), "{said}: {ran:#?}");
    }
    fs::write(&file, whole).expect("a plan");
    assert_eq!(approve("carol").code, 0);
    product.expect(0, &["apply", &id, "--yes"]);
}

/// A clock that was ahead when they signed does not let what they signed be executed twice.
#[test]
fn an_approval_is_used_once_whatever_the_clocks_say() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["promote", FIRST, "--to", "production"]);
    let id = saved(&product);
    let clock = fs::read(product.world()).expect("a world");
    product.expect(0, &["sandbox", "advance", "4m"]);
    for person in ["bob", "carol"] {
        product.expect(0, &["approve", &id, "--key", &keys.file(person), "--yes"]);
    }
    fs::write(product.world(), clock).expect("the clock is right again");
    for kind in ["vpc", "kms-key", "dhcp-options", "iam-role", "bucket", "db-parameter-group"] {
        product.expect(0, &["sandbox", "fail", &format!("create {kind}"), "access-denied"]);
    }
    assert_ne!(product.run(&["apply", &id, "--yes"]).code, 5, "it began, and made nothing");
    product.expect(0, &["sandbox", "heal"]);
    assert_eq!(saved(&product), id, "what is left to do is the same");
    let list = words(&product.expect(5, &["approve", &id, "--list"]).out);
    assert!(list.contains("0 of 2 approvals") && list.contains("used by the apply of"), "{list}");
    let ran = product.expect(5, &["apply", &id, "--yes"]);
    assert!(ran.err.contains("0 of 2 approvals"), "{ran:#?}");
    // Their next word is a new one.
    for person in ["bob", "carol"] {
        product.expect(0, &["approve", &id, "--key", &keys.file(person), "--yes"]);
    }
    product.expect(0, &["apply", &id, "--yes"]);
}

/// A clock that was ahead when somebody approved is no reason to ignore that he took it back.
#[test]
fn what_is_taken_back_is_taken_back_whatever_the_clocks_say() {
    let (product, keys) = cut();
    rehearsed(&product, &keys, FIRST);
    product.expect(0, &["promote", FIRST, "--to", "production"]);
    let id = saved(&product);
    for ahead in ["4m", "30m"] {
        let clock = fs::read(product.world()).expect("a world");
        product.expect(0, &["sandbox", "advance", ahead]);
        for person in ["bob", "carol"] {
            product.run(&["approve", &id, "--key", &keys.file(person), "--yes"]);
        }
        fs::write(product.world(), clock).expect("the clock is right again");
        let back = product.expect(0, &["approve", &id, "--key", &keys.file("bob"), "--withdraw", "--yes"]);
        assert!(back.out.contains("withdrawn by bob"), "{back:#?}");
        for later in ["0m", "40m"] {
            product.expect(0, &["sandbox", "advance", later]);
            let list = product.run(&["approve", &id, "--list", "--format", "json"]).json();
            let approved = list["approved"].as_array().expect("votes");
            assert!(approved.iter().all(|vote| vote["person"] != "bob"), "{ahead} {later}: {list}");
        }
        product.expect(5, &["apply", &id, "--yes"]);
        product.expect(5, &["approve", &id, "--key", &keys.file("bob"), "--withdraw", "--yes"]);
    }
}
