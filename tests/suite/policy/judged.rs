//! How a policy is answered: its population, silence, failed reads, what is no answer, and the end of time.

use tokaido::policy::Policies;
use tokaido::policy::testing::{self, Report, Suite};

use super::{BROKEN, CHECKED, HEAD, compile, good, rendered};

/// Cases below `cases:`, for the policy `sample`.
fn suite(cases: &str) -> Suite {
    let text = format!("schema: tokaido/policy-test/v1\npolicy: sample\ncases:\n{cases}");
    let (suite, findings) = testing::read("policies/tests/sample.yaml", &text);
    suite.unwrap_or_else(|| panic!("{}", rendered(&findings)))
}

fn run(policies: &Policies, cases: &str) -> Report {
    testing::run(policies, &[suite(cases)])
}

/// What the only case complains about.
/// The sentences in English, as documents have them.
fn words(sentences: &[tokaido::model::Sentence]) -> Vec<String> {
    sentences.iter().map(ToString::to_string).collect()
}

fn problems(rules: &str, case: &str) -> Vec<String> {
    words(&run(&good(&format!("{HEAD}{rules}")), case).policies[0].cases[0].problems)
}

const TWO: &str = "  - name: two databases\n    given:\n      planned:\n        db-instance:\n          - { id: db-instance.a@tokyo, attributes: { port: 1 } }\n          - { id: db-instance.b@tokyo, attributes: { port: 2 } }\n";

fn two(expected: &str) -> String {
    format!("{TWO}    expect: {expected}\n")
}

#[test]
fn broken_and_kept() {
    let rules = format!("{CHECKED}{BROKEN}");
    assert_eq!(problems(&rules, &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }")), Vec::<String>::new());
    assert_eq!(
        problems(&rules, &two("{ db-instance.a@tokyo: kept, db-instance.c@tokyo: kept }")),
        [
            "db-instance.a@tokyo should be kept and is broken: no",
            "db-instance.b@tokyo is kept; `expect` says nothing of it",
            "db-instance.c@tokyo is not among what the policy is about",
        ]
    );
}

/// A rule that is undefined says nothing, and nothing is not good.
#[test]
fn silence_is_unjudged() {
    let rules =
        format!("checked contains r.id if {{\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.multi_az\n}}\n{BROKEN}");
    assert_eq!(problems(&rules, &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: unjudged }")), Vec::<String>::new());
}

#[test]
fn a_failed_read_that_it_needs() {
    let rules = format!("{CHECKED}{BROKEN}");
    let case = |unknown: &str, expected: &str| {
        format!(
            "  - name: a read failed\n    given: {{ unknown: {{ {unknown}: \"ListThings: throttled\" }}, planned: {{ db-instance: [{{ id: db-instance.b@tokyo }}] }} }}\n    expect: {expected}\n"
        )
    };
    assert_eq!(problems(&rules, &case("db-instance@osaka", "{ \"*\": unread }")), Vec::<String>::new());
    assert_eq!(problems(&rules, &case("vpc@tokyo", "{ db-instance.b@tokyo: kept }")), Vec::<String>::new());
    assert!(problems(&rules, &case("vpc@tokyo", "{ \"*\": unread }"))[0].contains("`unknown` names no read that it needs"));
    assert!(
        problems(&rules, &case("db-instance@osaka", "{ db-instance.b@tokyo: kept }"))[0]
            .contains("db-instance@osaka: ListThings: throttled")
    );
}

/// Each is a mistake in the file, found with this input.
#[test]
fn what_is_no_answer() {
    let broken = |head: &str, body: &str| {
        format!("{CHECKED}broken contains {head} if {{\n\tsome r in input.planned[\"db-instance\"]\n\t{body}\n}}\n")
    };
    for (rules, said) in [
        (
            broken("r.id", "r.id"),
            "`broken` has \"db-instance.a@tokyo\", which is not an object with exactly the texts id, en and ja",
        ),
        (broken("{\"id\": r.id, \"en\": \"no\"}", "r.id"), "exactly the texts id, en and ja"),
        (broken("{\"id\": r.id, \"en\": \"no\", \"ja\": \" \"}", "r.id"), "exactly the texts id, en and ja"),
        (broken("{\"id\": r.id, \"en\": \"no\", \"ja\": \"a\", \"fix\": \"b\"}", "r.id"), "exactly the texts id, en and ja"),
        (
            broken("{\"id\": r.name, \"en\": \"no\", \"ja\": \"a\"}", "r.id"),
            "`broken` has \"a\", which is not the `id` of anything that the policy is about (db-instance)",
        ),
        (format!("checked contains r.name if some r in input.planned[\"db-instance\"]\n{BROKEN}"), "`checked` has \"a\""),
        (
            format!(
                "{CHECKED}{BROKEN}\nmost := port if {{\n\tsome r in input.planned[\"db-instance\"]\n\tport := r.attributes.port\n}}\n\nchecked contains r.id if {{\n\tsome r in input.planned[\"db-instance\"]\n\tmost == 1\n}}\n"
            ),
            "rules must not produce multiple outputs",
        ),
        (
            broken("{\"id\": r.id, \"en\": \"no\", \"ja\": \"a\"}", "to_number(r.name) == 1"),
            "policies/sample.rego:13:13: could not parse string as number",
        ),
    ] {
        let problems = problems(&rules, &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"));
        assert!(problems[0].contains(said), "{said}: {problems:?}");
        assert!(problems[0].starts_with("policies/sample.rego:"), "{problems:?}");
    }
}

/// The engine makes an empty set of one whose last element is undefined: of a refusal without words nothing would be left.
#[test]
fn an_element_that_is_undefined_for_one() {
    let broken = |field: &str| {
        format!(
            "{CHECKED}broken contains {{\"id\": r.id, \"en\": {field}, \"ja\": \"否\"}} if some r in input.planned[\"db-instance\"]\n"
        )
    };
    let case = two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: broken }").replacen(
        "attributes: { port: 1 }",
        "tags: { why: no }",
        1,
    );
    assert_eq!(problems(&broken("object.get(r.tags, \"why\", \"none\")"), &case), Vec::<String>::new());
    // Whether this is let through is for the checks before; whatever they say, it is never kept.
    let (policies, findings) = compile(&format!("{HEAD}{}", broken("r.tags.why")));
    if findings.is_empty() {
        let got = words(&run(&policies, &case).policies[0].cases[0].problems);
        assert!(got[0].starts_with("policies/sample.rego:11:1: `broken` has an element that is undefined"), "{got:?}");
    }
}

fn endless(first: &str) -> String {
    let loops: String = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| format!("\tsome {name} in many\n")).concat();
    format!(
        "{CHECKED}{BROKEN}\nmany := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]\n\nchecked contains \"x\" if {{\n\t{first}\n{loops}\ta + b + c + d + e + f + g + h > 1000\n}}\n"
    )
}

#[test]
fn a_policy_that_does_not_end() {
    let (policies, findings) = compile(&format!("{HEAD}{}", endless("input.environment")));
    let said = rendered(&findings);
    assert!(policies.is_empty() && said.contains("has not ended after 2 seconds"), "{said}");
    assert!(said.starts_with("policies/sample.rego:10:1: error[policy-fails]"), "{said}");
    // Only where there is something to judge.
    let got = problems(
        &endless("count(input.planned[\"db-instance\"]) > 0"),
        &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"),
    );
    assert!(got[0].starts_with("policies/sample.rego:10:1: it has not ended after 2 seconds"), "{got:?}");
}

/// Two reasons for one resource are one refusal that says both, in the same order every time.
#[test]
fn the_same_question_has_the_same_answer() {
    let rules = format!(
        "{CHECKED}broken contains {{\"id\": r.id, \"en\": text, \"ja\": text}} if {{\n\tsome r in input.planned[\"db-instance\"]\n\tsome text in {{\"b\", \"a\"}}\n}}\n"
    );
    let once = problems(&rules, &two("{ db-instance.a@tokyo: kept, db-instance.b@tokyo: broken }"));
    assert_eq!(once, ["db-instance.a@tokyo should be kept and is broken: a; b"]);
    assert_eq!(once, problems(&rules, &two("{ db-instance.a@tokyo: kept, db-instance.b@tokyo: broken }")));
}

#[test]
fn what_no_case_needs() {
    let rules = format!(
        "{CHECKED}{}",
        BROKEN.replace("\tr.attributes.port == 1\n", "\tr.attributes.port == 1\n\tis_number(r.attributes.port)\n")
    );
    let report = run(&good(&format!("{HEAD}{rules}")), &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"));
    let tested = &report.policies[0];
    assert!(!report.passed && tested.cases[0].passed && tested.uncovered.is_empty(), "{tested:#?}");
    assert_eq!(tested.unneeded.len(), 1, "{tested:#?}");
    assert_eq!((tested.unneeded[0].source.line, tested.unneeded[0].text.as_str()), (14, "is_number(r.attributes.port)"));
}

/// Whatever the condition ends or begins with, it is taken out whole.
#[test]
fn every_kind_of_condition_is_taken_out() {
    for condition in [
        "r.name != \"c\"",
        "\"c\" != r.name",
        "r.name != `c`",
        "`c` != r.name",
        "r.name != \"\"",
        "r.standing = \"ours\"",
        "r.tags = r.tags",
        "some \"a\" in [\"a\", r.name]",
        "not r.name == \"c\"",
        "startswith(r.id, \"db\")",
        "every tag in r.tags { tag != \"x\" }",
        "r.name in {\"a\", \"b\"}",
    ] {
        let rules = format!(
            "{CHECKED}{}",
            BROKEN.replace("\tr.attributes.port == 1\n", &format!("\tr.attributes.port == 1\n\t{condition}\n"))
        );
        let report = run(&good(&format!("{HEAD}{rules}")), &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"));
        let tested = &report.policies[0];
        assert!(!report.passed && tested.internal.is_empty(), "{condition}: {tested:#?}");
        let found = tested.unneeded.iter().find(|found| found.text == condition);
        let found = found.unwrap_or_else(|| panic!("{condition}: {tested:#?}"));
        assert_eq!((found.source.line, found.source.column), (14, 2), "{condition}");
    }
}

/// What binds is needed by whoever uses it.
#[test]
fn what_binds_a_variable_is_needed() {
    let rules = format!(
        "{CHECKED}{}",
        BROKEN.replace("\tr.attributes.port == 1\n", "\tport = r.attributes.port\n\tsome wrong in {1, 3}\n\tport == wrong\n")
    );
    let report = run(&good(&format!("{HEAD}{rules}")), &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"));
    assert!(report.passed, "{report:#?}");
}

#[test]
fn lines_and_outcomes_that_no_case_has() {
    let rules = format!("{CHECKED}{BROKEN}");
    let nothing = testing::run(&good(&format!("{HEAD}{rules}")), &[]);
    assert!(!nothing.passed && nothing.policies[0].missing.len() == 2, "{nothing:#?}");
    let kept = run(
        &good(&format!("{HEAD}{rules}")),
        "  - name: one\n    given: { planned: { db-instance: [{ id: db-instance.b@tokyo }] } }\n    expect: { db-instance.b@tokyo: kept }\n",
    );
    assert!(!kept.passed && kept.policies[0].missing[0].contains("a case that breaks sample"), "{kept:#?}");
    let helper = rules.replace("r.attributes.port == 1", "bad(r)")
        + "\nbad(r) if r.attributes.port == 1\n\nbad(r) if {\n\tr.attributes.port == 3\n\tr.attributes.multi_az\n}\n";
    let half = run(&good(&format!("{HEAD}{helper}")), &two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }"));
    assert_eq!(half.policies[0].uncovered, [20], "{half:#?}");
}

/// Where a policy is off there is nothing to test.
#[test]
fn a_case_where_it_is_off() {
    let head = HEAD.replace("effect: deny", "effect: { production: deny, staging: deny, dev: off }");
    let case =
        two("{ db-instance.a@tokyo: broken, db-instance.b@tokyo: kept }").replace("    given", "    environment: dev\n    given");
    let report = run(&good(&format!("{head}{CHECKED}{BROKEN}")), &case);
    assert_eq!(words(&report.policies[0].cases[0].problems), ["the policy is off in dev, so it is not asked there"]);
}

#[test]
fn mistakes_in_cases() {
    let case = |given: &str, expect: &str| {
        format!("schema: tokaido/policy-test/v1\npolicy: sample\ncases:\n  - name: a\n    given: {given}\n    expect: {expect}\n")
    };
    let good = "{ a: kept }";
    for (text, place, said) in [
        (case("{ planed: {} }", good), "5:14", "unknown field `planed` of the input"),
        (case("{ planned: { db-instanse: [] } }", good), "5:25", "`db-instance`"),
        (
            case("{ planned: { vpc: [{ id: vpc.a@tokyo, attributes: { cdir: a } }] } }", good),
            "5:64",
            "unknown field `cdir` of vpc attributes",
        ),
        (case("{ planned: { vpc: [{ id: vpc.a@tokyo, standing: mine }] } }", good), "5:60", "`standing` is never \"mine\""),
        (case("{ planned: { db-instance: [{ id: a, attributes: { port: \"5432\" } }] } }", good), "5:68", "is never \"5432\""),
        (case("{ planned: { vpc: [{ name: a }] } }", good), "5:31", "`id` is missing"),
        (case("{ environment: dev }", good), "5:14", "said twice"),
        (case("{ account: 111111111111 }", good), "5:23", "text: \"111111111111\""),
        (case("{}", "{ a: fine }"), "6:15", "`fine` is nothing that a policy says"),
        (case("{}", "{}"), "4:5", "nothing is expected"),
        (case("{}", good).replace("v1", "v2"), "1:9", "`tokaido/policy-test/v2` is not a schema"),
        (case("{}", good).replace("name:", "nme:"), "4:5", "unknown key `nme` of a case"),
        (case("{}", good).replace("policy: sample\n", ""), "1:1", "`policy` is missing"),
        ("schema: tokaido/policy-test/v1\npolicy: sample\ncases: []\n".to_owned(), "1:1", "no case is written"),
        (case("&x {}", good).replace("{ a: kept }", "*x"), "6:13", "this is a reference"),
    ] {
        let (suite, findings) = testing::read("policies/tests/sample.yaml", &text);
        let all = rendered(&findings);
        assert!(suite.is_none(), "{text}");
        let found = findings
            .iter()
            .any(|finding| rendered(std::slice::from_ref(finding)).starts_with(&format!("policies/tests/sample.yaml:{place}: ")));
        assert!(found && all.contains(said), "{place} {said}: {all}");
    }
}
