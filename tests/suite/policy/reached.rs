//! Rules that count, and calls of functions of one's own.

use super::{ASKED, BROKEN, CHECKED, HEAD, compile, good, refused, rendered};

#[test]
fn rules_that_nobody_asks() {
    for (name, rule) in [
        ("a habit from elsewhere", "‸deny contains r.id if some r in input.planned.vpc"),
        ("a word of mercy", "‸allow := true"),
        ("with a default", "default ‸allow := false\n\nallow if input.plan.changes"),
    ] {
        refused(
            name,
            &format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n"),
            "policy-rules",
            &["no rule asks", "only `checked` and `broken` count"],
        );
    }
    let two = format!("{HEAD}{CHECKED}{BROKEN}\nf(n) := n\n\nx := 1\n\ny if f(x) == 1\n");
    let said = rendered(&compile(&two).1);
    for name in ["f", "x", "y"] {
        assert!(said.contains(&format!("no rule asks for `{name}`")), "{said}");
    }
}

#[test]
fn as_many_arguments_as_a_function_takes() {
    let rules = |rule: &str| format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n");
    let code = "unknown-function";
    refused("one too many", &rules("f(n) := n\n\nx if ‸f(1, 2)"), code, &["`f` is given 2 values and takes 1"]);
    refused("one too few", &rules("f(n, m) := n + m\n\nx if ‸f(1)"), code, &["`f` is given 1 values and takes 2"]);
    refused("no function", &rules("y := 1\n\nx if ‸y(1)"), code, &["`y` is no function"]);
    good(&format!("{}{ASKED}", rules("f(n, m) := n + m\n\nx if f(1, 2) == 3")));
}

#[test]
fn objects_as_patterns() {
    let rules = |rule: &str| format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n");
    for (name, rule) in [
        ("of an element", "x if some ‸{\"id\": id} in input.plan.changes"),
        ("of a value", "x if {\n\tsome r in input.planned.vpc\n\t‸{\"cidr\": cidr} := r.attributes\n\tcidr\n}"),
        ("the other way round", "x if {\n\tsome r in input.planned.vpc\n\tr.tags = ‸{\"a\": tag}\n\ttag\n}"),
        ("without a variable", "x if {\n\tsome r in input.planned.vpc\n\tr.tags = ‸{\"a\": \"b\"}\n}"),
        ("of an argument", "f(‸{\"id\": id}) := id\n\nx if f(input.planned.vpc[_])"),
    ] {
        refused(name, &rules(rule), "untraceable-input", &["an object is no pattern here"]);
    }
    good(&format!("{}{ASKED}", rules("x if {\n\tsome r in input.planned.vpc\n\tr.tags == {\"a\": \"b\"}\n}")));
    good(&format!("{}{ASKED}", rules("x if {\n\to := {\"a\": 1}\n\tp = {\"a\": 2}\n\to != p\n}")));
}
