//! What takes more steps to follow than any policy needs is refused, and not followed to its end.

use std::fmt::Write as _;

use super::{ASKED, BROKEN, CHECKED, HEAD, compile, good, rendered};

fn said(rule: &str) -> String {
    let (policies, findings) = compile(&format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n{ASKED}"));
    assert!(policies.is_empty());
    assert_eq!(findings.len(), 1, "{}", rendered(&findings));
    rendered(&findings)
}

fn doubling(rules: usize) -> String {
    let mut text = "x0 := 1\n".to_owned();
    for n in 1..=rules {
        let before = n - 1;
        writeln!(text, "x{n} := {{\"a\": x{before}, \"b\": x{before}}}").unwrap();
    }
    writeln!(text, "x := x{rules}").unwrap();
    text
}

fn nested(comprehensions: usize) -> String {
    let mut inner = "[y | y := 1]".to_owned();
    for n in 1..comprehensions {
        inner = format!("[y{n} | y{n} := {inner}]");
    }
    format!("x := {inner}\n")
}

/// The number is of steps, whatever the machine.
#[test]
fn doubling_rules() {
    good(&format!("{HEAD}{CHECKED}{BROKEN}\n{}{ASKED}", doubling(8)));
    let said = said(&doubling(24));
    assert!(said.contains("error[untraceable-input]: too intricate to follow: its value has more than 4096 parts"), "{said}");
}

#[test]
fn comprehensions_inside_of_each_other() {
    good(&format!("{HEAD}{CHECKED}{BROKEN}\n{}{ASKED}", nested(4)));
    let said = said(&nested(12));
    assert!(
        said.contains("error[untraceable-input]: too intricate to follow: following it takes more than 1000000 steps"),
        "{said}"
    );
}

/// One value over the limit is found before it is copied a thousand times.
#[test]
fn one_object_of_many_large_parts() {
    let fields: Vec<String> = (0..2000).map(|n| format!("\"f{n}\": x9")).collect();
    let said = said(&format!("{}\nbig := {{{}}}\n", doubling(9), fields.join(",\n")).replace("x := x9", "x := big"));
    assert!(said.contains("too intricate to follow"), "{said}");
}
