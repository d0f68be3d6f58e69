//! The head of a rule always has a value: the engine forgets what a rule has found when its head is undefined once.

use std::fmt::Write as _;

use tokaido::policy::testing;

use super::{ASKED, BROKEN, CHECKED, HEAD, good, refused, rendered};

const CODE: &str = "may-be-undefined";

/// A helper rule (or the whole of `broken`) with a mark at what may be undefined, and what is said.
const ROWS: &[(&str, &str, &[&str])] = &[
    (
        "an element of a list",
        "x contains ‸change.risks[0] if some change in input.plan.changes",
        &["`change.risks[0]` may be undefined", "`risk := change.risks[0]`"],
    ),
    (
        "a field that may be absent",
        "x contains ‸change.risks if some change in input.plan.changes",
        &["`risks` is not always there"],
    ),
    (
        "an attribute",
        "x contains ‸r.attributes.port if some r in input.planned[\"db-instance\"]",
        &["`port` is not always there", "`port := r.attributes.port`"],
    ),
    (
        "in the text of a refusal",
        "x contains {\"en\": sprintf(\"%d\", [‸r.attributes.port])} if some r in input.planned[\"db-instance\"]",
        &["`port := r.attributes.port`"],
    ),
    ("a tag", "x contains ‸r.tags.owner if some r in input.planned.vpc", &["`owner` is not always there"]),
    ("a tag in brackets", "x contains ‸r.tags[\"a:b\"] if some r in input.planned.vpc", &["`value := r.tags[\"a:b\"]`"]),
    (
        "a field of what may be null",
        "x contains ‸d.source.line if some d in input.plan.changes",
        &["`source` is not always there"],
    ),
    ("the key of an object", "x[‸r.attributes.cidr] := r.id if some r in input.planned.vpc", &["`cidr := r.attributes.cidr`"]),
    ("the value of an object", "x[r.id] := ‸r.attributes.cidr if some r in input.planned.vpc", &["`cidr`"]),
    ("the key of a set of sets", "x[‸r.tags.owner] contains r.id if some r in input.planned.vpc", &["`owner := r.tags.owner`"]),
    ("a key written out", "y[\"a\"] := 1 if input.plan.release\n\nx := count(‸y)", &["the condition of this rule may not hold"]),
    (
        "a set under a key written out",
        "y[\"a\"] contains 1 if input.plan.release\n\nx := ‸y",
        &["the condition of this rule may not hold"],
    ),
    ("a rule with one value", "x := ‸input.plan.release", &["`release` is not always there"]),
    ("an alternative", "x := 1 if input.plan.changes\n\nelse := ‸input.plan.release", &["`release`"]),
    ("a function's value", "f(r) := ‸r.attributes.cidr\n\nx if f(input.planned.vpc[_])", &["`cidr := r.attributes.cidr`"]),
    (
        "a function of one's own",
        "f(r) := 1 if r.id\n\nx contains ‸f(r) if some r in input.planned.vpc",
        &["no definition of this function may hold", "`value := f(r)`"],
    ),
    ("a rule that may not hold", "y := 1 if input.plan.changes\n\nx := ‸y + 1", &["the condition of this rule may not hold"]),
    ("the largest of nothing", "x := ‸max([c.unchanged | some c in input.plan.changes])", &["of nothing `max` gives nothing"]),
    ("an object's unknown field", "x := ‸{k: v | some k, v in input.plan}.changes", &["may be undefined"]),
];

#[test]
fn heads_that_may_be_undefined() {
    for (name, rule, fragments) in ROWS {
        refused(name, &format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n"), CODE, fragments);
    }
}

#[test]
fn heads_that_always_have_a_value() {
    for rule in [
        "x contains change.id if some change in input.plan.changes",
        "x contains {\"a\": [r.standing, r.tags, input.plan.summary.delete], \"b\": {r.tenant}} if some r in input.planned.vpc",
        "x contains sprintf(\"%s\", [risk]) if {\n\tsome change in input.plan.changes\n\trisk := change.risks[0]\n}",
        "x[r.id] := cidr if {\n\tsome r in input.planned.vpc\n\tcidr := r.attributes.cidr\n}",
        "y[r.region] contains r.id if some r in input.planned.vpc\n\nx if some id in y.tokyo",
        "most := 10\n\nx := most * 2 + count(input.plan.changes)",
        "default y := 1\n\ny := 2 if input.plan.release\n\nx := y",
        "y := 1 if input.plan.release\n\nelse := 2\n\nx := y",
        "y contains c.id if some c in input.plan.changes\n\nx := {\"many\": count(y), \"is\": \"a\" in y}",
        "x := [c.risks[0] | some c in input.plan.changes]",
        "f(r) := [r.id, object.get(r.attributes, \"cidr\", \"\")]\n\nx if f(input.planned.vpc[_])",
        "y := {\"a\": 1}\n\nx := y.a",
    ] {
        good(&format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n{ASKED}"));
    }
}

/// A member without the field, first, in the middle and last: the others stay refused.
#[test]
fn a_member_without_the_field_takes_nothing_back() {
    let rules = "checked contains r.id if some r in input.planned[\"db-instance\"]\n\
                 broken contains {\"id\": r.id, \"en\": sprintf(\"%s%s%d\", [of, class, count(none) + count(nothing)]), \"ja\": \"否\"} if {\n\
                 \tsome r in input.planned[\"db-instance\"]\n\tclass := r.attributes.class\n\tr.id in ids\n\tof := found[r.id]\n}\n\
                 ids contains id if some id, _ in found\n\
                 found[r.id] := class if {\n\tsome r in input.planned[\"db-instance\"]\n\tclass := r.attributes.class\n}\n\
                 nothing[r.id] := 1 if some r in input.planned[\"vpc\"]\n\
                 none contains r.id if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.port == 1\n}\n";
    let policies = good(&format!("{HEAD}{rules}"));
    for absent in ["a", "b", "c"] {
        let (mut given, mut expected) = (String::new(), String::new());
        for name in ["a", "b", "c"] {
            let attributes = if name == absent { "" } else { ", attributes: { class: db.t4g.medium }" };
            writeln!(given, "          - {{ id: db-instance.{name}@tokyo{attributes} }}").unwrap();
            let answer = if name == absent { "kept" } else { "broken" };
            writeln!(expected, "      db-instance.{name}@tokyo: {answer}").unwrap();
        }
        let text = format!(
            "schema: tokaido/policy-test/v1\npolicy: sample\ncases:\n  - name: {absent} has no class\n    given:\n      planned:\n        db-instance:\n{given}    expect:\n{expected}"
        );
        let (suite, findings) = testing::read("policies/tests/sample.yaml", &text);
        let report = testing::run(&policies, &[suite.unwrap_or_else(|| panic!("{}", rendered(&findings)))]);
        assert_eq!(report.policies[0].cases[0].problems, Vec::new(), "{absent}");
    }
}
