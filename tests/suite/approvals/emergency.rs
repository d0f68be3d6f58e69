//! Past promotion and approvals, with a reason: recorded before anything runs, shown until a second person has looked.

use tokaido::model::AuthorizationBasis;
use tokaido::store::{Record, emergencies, open_emergencies};

use super::{Keys, PEOPLE, governed};
use crate::promotion_path::{FIRST, bring, rehearsed};
use crate::support::binary::Product;
use crate::support::lab::block_on;

const REASON: &str = "the catalog database is full";

fn records(product: &Product) -> Vec<Record> {
    let mut folder = product.world().into_os_string();
    folder.push(".store");
    let store = tokaido::store::DirectoryStore::new(folder);
    block_on(tokaido::store::Store::records(&store, tokaido::model::Environment::Production)).expect("records")
}

fn done(product: &Product, author: &str) -> String {
    let ran = product.expect(0, &["apply", "production", "--yes", "--author", author, "--emergency", REASON]);
    assert!(ran.err.contains("this emergency skips:") && ran.err.contains("no release is pinned"), "{ran:#?}");
    assert!(ran.err.contains("is not reviewed yet"), "{ran:#?}");
    let records = records(product);
    let open = open_emergencies(&records);
    assert_eq!(open.len(), 1);
    open[0].id.clone()
}

#[test]
fn it_is_recorded_before_anything_runs_and_shown_until_reviewed() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let id = done(&product, "alice@example.com");
    let found = records(&product);
    let place = |is: fn(&Record) -> bool| found.iter().position(is);
    let emergency = place(|record| matches!(record, Record::Emergency(_)));
    let begun = place(|record| matches!(record, Record::Begun { .. }));
    let intent = place(|record| matches!(record, Record::Intent { .. }));
    assert!(emergency.is_some() && emergency < begun && begun < intent, "{emergency:?} {begun:?} {intent:?}");
    let Some(Record::Begun { basis, .. }) = begun.map(|at| &found[at]) else { panic!("{begun:?}") };
    assert_eq!(basis, &Some(AuthorizationBasis::Emergency { id: id.clone() }));
    let (kept, review) = emergencies(&found)[0];
    assert_eq!((kept.reason.as_str(), kept.by.as_str(), review), (REASON, "alice@example.com", None));
    assert!(kept.missing.iter().any(|why| why.contains("0 of 2 approvals")), "{kept:?}");
    for words in [&["plan", "production"][..], &["drift", "production"]] {
        let ran = product.reads_only(0, words);
        assert!(
            ran.err.contains(&id) && ran.err.contains(REASON) && ran.err.contains(&format!(" review {id} --key FILE")),
            "{ran:#?}"
        );
    }
    let review = |person: &str| product.run(&["review", &id, "--key", &keys.file(person), "--yes"]);
    let own = review("alice");
    assert!(own.code == 5 && own.err.contains("alice took part in this emergency"), "{own:#?}");
    let outside = review("erin");
    assert!(outside.code == 5 && outside.err.contains("erin is in no group"), "{outside:#?}");
    product.expect(64, &["review", &id]);
    assert_eq!(product.run(&["review", "ffffffffffff", "--key", &keys.file("bob"), "--yes"]).code, 1);
    assert_eq!(open_emergencies(&records(&product)).len(), 1);
    let good = review("bob");
    assert_eq!(good.code, 0, "{good:#?}");
    assert!(good.out.contains(REASON) && good.err.contains("decision: review"), "{good:#?}");
    let found = records(&product);
    assert!(open_emergencies(&found).is_empty());
    let kept = emergencies(&found)[0].1.expect("a review").clone();
    assert_eq!(kept.person, "bob");
    assert!(kept.statement.contains(&format!("emergency: {id}")) && kept.signature.contains("SSH SIGNATURE"), "{kept:?}");
    assert!(!product.reads_only(0, &["plan", "production"]).err.contains("not reviewed"));
    let twice = review("carol");
    assert!(twice.code == 5 && twice.err.contains("bob reviewed"), "{twice:#?}");
}

/// Nobody can tell who is a second person when nobody knows who the first one was.
#[test]
fn an_unknown_doer_cannot_be_reviewed_away() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let id = done(&product, "mallory@example.com");
    let ran = product.expect(5, &["review", &id[..6], "--key", &keys.file("bob"), "--yes"]);
    assert!(ran.err.contains("knows no person as mallory@example.com") && ran.err.contains("also_known_as"), "{ran:#?}");
    // Where no release was ever agreed to, an edited file cannot say who that was: anybody could have edited it.
    product.edit("policies/roles.yaml", "[alice@example.com]", "[alice@example.com, mallory@example.com]");
    let ran = product.expect(5, &["review", &id, "--key", &keys.file("bob"), "--yes"]);
    assert!(ran.err.contains("is not what it was when emergency"), "{ran:#?}");
    // A release that two people have agreed to can.
    product.expect(0, &["release", "cut"]);
    rehearsed(&product, &keys, FIRST);
    bring(&product, &keys, FIRST, "production");
    product.expect(5, &["review", &id, "--key", &keys.file("alice"), "--yes"]);
    product.expect(0, &["review", &id, "--key", &keys.file("bob"), "--yes"]);
}

#[test]
fn a_reason_is_needed_and_dev_has_nothing_to_skip() {
    let product = Product::new();
    for reason in ["", "hurry up"] {
        let ran = product.expect(5, &["apply", "production", "--yes", "--emergency", reason]);
        assert!(ran.err.contains("needs a reason") && ran.err.contains("10 letters or more"), "{ran:#?}");
    }
    assert!(records(&product).is_empty());
    // Without a terminal somebody has to say yes.
    product.expect(5, &["apply", "production", "--emergency", REASON]);
    assert!(records(&product).is_empty());
    let ran = product.expect(0, &["apply", "dev", "--yes", "--emergency", REASON]);
    assert!(ran.err.contains("nothing had to be skipped"), "{ran:#?}");
    assert!(!product.run(&["plan", "dev"]).err.contains("emergency"));
}

/// Other gates do not care about reasons.
#[test]
fn an_emergency_goes_past_nothing_else() {
    let product = Product::new();
    product.expect(0, &["sandbox", "account", "999999999999"]);
    let ran = product.expect(5, &["apply", "production", "--yes", "--emergency", REASON]);
    assert!(ran.err.contains("wrong account"), "{ran:#?}");
    assert!(records(&product).is_empty());
}
