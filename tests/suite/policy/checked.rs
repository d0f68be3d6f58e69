//! What was found without mistakes is not checked again, and nothing that is remembered makes a mistake pass.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use jiff::civil::date;
use tokaido::model::Environment;
use tokaido::policy::Memory;
use tokaido::project::{self, Loaded, Reading};

use crate::support::binary::Product;

const RULE: &str = "policies/steady-classes.rego";

/// Remembers, and says how often it was told something.
#[derive(Debug, Default)]
struct Book {
    keys: Mutex<BTreeSet<String>>,
    added: Mutex<usize>,
}

impl Memory for Book {
    fn known(&self) -> BTreeSet<String> {
        self.keys.lock().unwrap().clone()
    }

    fn add(&self, keys: &[String]) {
        *self.added.lock().unwrap() += keys.len();
        self.keys.lock().unwrap().extend(keys.iter().cloned());
    }
}

fn project() -> Product {
    let product = Product::new();
    let rule = fs::read_to_string(crate::support::project::root().join(RULE)).unwrap();
    fs::write(product.path().join(RULE), rule).unwrap();
    product
}

fn load(product: &Product, book: &Arc<Book>) -> (Loaded, usize) {
    let reading = Reading { memory: Some(Arc::clone(book) as Arc<dyn Memory>), ..Reading::default() };
    let loaded = project::load_as(product.path(), &[Environment::Dev], date(2026, 11, 1), &reading);
    let added = std::mem::take(&mut *book.added.lock().unwrap());
    (loaded, added)
}

#[test]
fn a_text_is_checked_once() {
    let (product, book) = (project(), Arc::new(Book::default()));
    let (first, added) = load(&product, &book);
    let rules = first.rules.files.len();
    assert!(rules > 0 && added == rules && first.rules.checked, "{added} of {rules}: {:?}", first.findings);
    let (second, added) = load(&product, &book);
    assert_eq!((&second, added), (&first, 0));
    // Another text under the same name is another one.
    let text = fs::read_to_string(product.path().join(RULE)).unwrap();
    fs::write(product.path().join(RULE), format!("{text}\n")).unwrap();
    assert_eq!(load(&product, &book).1, 1);
    // The same text under another name is not what was checked: its package does not fit.
    fs::rename(product.path().join(RULE), product.path().join("policies/other-name.rego")).unwrap();
    let (renamed, added) = load(&product, &book);
    assert!(added == 0 && renamed.findings.iter().any(|finding| finding.code == "policy-name"), "{:?}", renamed.findings);
}

#[test]
fn a_mistake_is_never_remembered() {
    let (product, book) = (project(), Arc::new(Book::default()));
    load(&product, &book);
    let text = fs::read_to_string(product.path().join(RULE)).unwrap();
    fs::write(product.path().join(RULE), text.replace("attributes.class", "attributes.clas")).unwrap();
    for _ in 0..2 {
        let (loaded, added) = load(&product, &book);
        assert!(added == 0 && !loaded.rules.checked && loaded.states.is_empty());
        assert!(loaded.findings.iter().any(|finding| finding.code == "unknown-input-field"), "{:?}", loaded.findings);
    }
}

/// Through the binary: what is in the file costs a check at most.
#[test]
fn whatever_the_file_holds() {
    let product = project();
    let file = product.path().join(".tokaido/cache/checked-policies");
    let plan = || {
        let mut plan = product.run(&["plan", "dev", "--format", "json"]).json();
        plan["envelope"].take();
        plan["policies"].clone()
    };
    let first = plan();
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written.lines().filter(|line| line.len() == 64).count(), written.lines().count());
    for damaged in ["", "\u{0}\u{1}", &written[..written.len() / 2], "not a key\n", &"0".repeat(64), &"x\n".repeat(1 << 20)] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(plan(), first);
        let own = written.lines().all(|key| fs::read_to_string(&file).unwrap().lines().any(|line| line == key));
        assert!(own, "checked again and remembered");
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(plan(), first, "a folder stands where the file belongs");
    fs::remove_dir(&file).unwrap();
    plan();
    // A rule with a mistake is not asked, whatever is remembered of its neighbours and of its own past.
    let text = fs::read_to_string(product.path().join(RULE)).unwrap();
    fs::write(product.path().join(RULE), text.replace("attributes.class", "attributes.clas")).unwrap();
    for _ in 0..2 {
        let said = product.run(&["plan", "dev"]);
        assert!(said.code == 1 && said.err.contains("unknown-input-field"), "{}", said.err);
    }
}
