//! `plan --save` again: what people have signed stays as they signed it.

use std::fs;

use crate::support::binary::{Product, Ran, apply};
use crate::support::office::{Keys, PEOPLE, governed};

fn save(product: &Product, author: &str) -> (Ran, String) {
    let ran = product.expect(0, &["plan", "dev", "--save", "--author", author]);
    let said = |word: &str| ran.err.lines().find_map(|line| line.strip_prefix(word).map(str::to_owned));
    let path = said("saved ").or_else(|| said("kept ").map(|line| line.split(':').next().unwrap_or_default().to_owned()));
    let path = path.unwrap_or_else(|| panic!("{ran:#?}"));
    (ran, path)
}

#[test]
fn the_same_plan_is_kept_as_it_was_signed() {
    let product = Product::new();
    let (first, path) = save(&product, "alice@example.com");
    assert!(first.err.contains("saved plans/dev/"), "{first:#?}");
    let file = product.path().join(&path);
    let bytes = fs::read(&file).expect("a plan");
    product.expect(0, &["sandbox", "advance", "1h"]);
    // Nobody has signed it: it is whose it is now.
    let (second, same) = save(&product, "alice@example.com");
    assert!(second.err.contains("saved plans/dev/") && same == path && fs::read(&file).expect("a plan") != bytes, "{second:#?}");
    let signatures = file.with_extension("approvals");
    fs::create_dir(&signatures).expect("a folder");
    fs::write(signatures.join("bob-1.txt.sig"), "whatever it says").expect("written");
    let bytes = fs::read(&file).expect("a plan");
    product.expect(0, &["sandbox", "advance", "2h"]);
    let (again, same) = save(&product, "bob@example.com");
    assert_eq!((same, fs::read(&file).expect("a plan")), (path.clone(), bytes.clone()));
    assert!(again.err.contains("made 2026-11-01 10:00 JST by alice@example.com, and signed"), "{again:#?}");
    assert!(again.out.contains("expires 2026-11-02 10:00 JST"), "what is shown is what is kept: {again:#?}");
    // At its end it is made anew.
    product.expect(0, &["sandbox", "advance", "22h"]);
    let (later, _) = save(&product, "bob@example.com");
    assert!(later.err.contains("saved plans/dev/") && fs::read(&file).expect("a plan") != bytes, "{later:#?}");
    // Altered, it is nobody's.
    let text = fs::read_to_string(&file).expect("a plan");
    fs::write(&file, text.replace("bob@example.com", "eve@example.com")).expect("written");
    let (healed, _) = save(&product, "bob@example.com");
    assert!(healed.err.contains("saved plans/dev/"), "{healed:#?}");
}

#[test]
fn a_used_plan_is_made_anew() {
    let product = Product::applied("dev");
    let drift = ["sandbox", "--env", "dev", "set", "vpc.main@tokyo", "dns_hostnames", "false"];
    product.expect(0, &drift);
    let (_, path) = save(&product, "alice@example.com");
    product.expect(0, &apply(&path));
    product.expect(0, &drift);
    let (again, same) = save(&product, "alice@example.com");
    assert_eq!(same, path, "the same body has the same id");
    assert!(again.err.contains("saved plans/dev/"), "{again:#?}");
    product.expect(0, &apply(&path));
}

/// Drift comes back, and the plan against it is the same body again: it waits for people as it did the first time.
#[test]
fn a_plan_that_is_wanted_again_waits_again() {
    let keys = Keys::new(&PEOPLE);
    let product = governed(&keys);
    let alice = ["--author", "alice@example.com"];
    product.expect(0, &[&apply("production")[..], &alice].concat());
    let waiting = || {
        let status = product.run(&["status", "production", "--format", "json"]).json();
        let plans = status["environments"][0]["waiting"].as_array().expect("a list").clone();
        plans.iter().map(|plan| plan["plan"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let drift = ["sandbox", "set", "vpc.main@tokyo", "dns_hostnames", "false"];
    let save = || product.expect(0, &[&["plan", "production", "--save"][..], &alice].concat());
    product.expect(0, &drift);
    save();
    let first = waiting();
    assert_eq!(first.len(), 1, "{first:?}");
    product.expect(0, &[&apply(&first[0][..12])[..], &alice].concat());
    assert!(waiting().is_empty());
    product.expect(0, &["sandbox", "advance", "1h"]);
    product.expect(0, &drift);
    save();
    assert_eq!(waiting(), first);
}
