//! The example of the README, run; and that the README shows this one.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use rego_check::{Checker, Code, Document, Judged, Place, Prepared, Product, Schema};
use serde_json::json;

#[rustfmt::skip]
#[test]
fn the_example() -> Result<(), Box<dyn std::error::Error>> {
    // Begin.
const POLICY: &str = "\
package shop.no_free_lunch

checked contains lunch.id if some lunch in input.lunches

broken contains {\"id\": lunch.id, \"en\": \"it costs nothing\", \"ja\": \"無料です\"} if {
\tsome lunch in input.lunches
\tlunch.price == 0
}
";

let lunch = json!({
    "type": "object", "additionalProperties": false, "required": ["id", "price"],
    "properties": { "id": { "type": "string" }, "price": { "type": "integer" } },
});
let schema = json!({
    "title": "the input", "type": "object", "additionalProperties": false, "required": ["lunches"],
    "properties": { "lunches": { "type": "array", "items": lunch } },
});
let product = Product { name: "shop", schema: "`shop schema`", input: "`shop input`", cases: "cases/" };
let checker = Checker::new(product, Schema::new(schema), &json!({ "lunches": [] }));

assert!(checker.check("no-free-lunch.rego", POLICY).is_ok());
let findings = checker.check("no-free-lunch.rego", &POLICY.replace(".price", ".prize")).unwrap_err();
assert_eq!((findings[0].code, findings[0].place), (Code::UnknownInputField, Place { line: 7, column: 8 }));
assert_eq!(findings[0].expected.en, "`price`");

let policy = Prepared::new("no-free-lunch.rego", POLICY)?;
let input = json!({ "lunches": [{ "id": "a", "price": 0 }, { "id": "b", "price": 9 }] });
let answer = policy.ask(&Document::from(&input), false)?;
let judged = Judged::of(&answer, &["a".to_owned(), "b".to_owned()], "lunches")?;
assert_eq!((judged.checked, judged.broken[0].id.as_str()), (2, "a"));
    // End.
    Ok(())
}

#[test]
fn the_readme_shows_it() {
    let own = include_str!("readme.rs");
    let example = own.split("// Begin.\n").nth(1).and_then(|rest| rest.split("    // End.").next()).unwrap();
    assert!(include_str!("../README.md").contains(example));
}

#[test]
fn every_code_has_its_own_word() {
    let mut words = Code::ALL.map(Code::as_str);
    words.sort_unstable();
    assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
}

/// What an input may leave out.
#[test]
fn what_a_text_names() {
    let mentions = |rule: &str| Prepared::new("a.rego", &format!("package shop.a\n\n{rule}\n")).unwrap().mentions().clone();
    let one = mentions("checked contains x.id if some x in input.planned[\"vpc\"]");
    assert!(one.field("planned") && one.inside("planned", "vpc"));
    assert!(!one.inside("planned", "subnet") && !one.inside("live", "vpc") && !one.field("live"));
    let dotted = mentions("checked contains input.live.vpc[0].id if input.plan.changes");
    assert!(dotted.inside("live", "vpc") && !dotted.inside("live", "subnet") && dotted.inside("plan", "changes"));
    for field in
        ["checked contains x if some x, _ in input.live", "checked contains x if {\n\tsome x in [\"vpc\"]\n\tinput.live[x]\n}"]
    {
        let all = mentions(field);
        assert!(all.inside("live", "subnet") && !all.field("planned"), "{field}");
    }
    for whole in [
        "checked contains count(input)",
        "checked contains 1 if {\n\tx := input\n\tx.live\n}",
        "checked contains f(input)\n\nf(x) := 1 if x.live",
    ] {
        assert!(mentions(whole).inside("live", "subnet"), "{whole}");
    }
}
