//! Rules that count.

use super::{BROKEN, CHECKED, HEAD, compile, refused, rendered};

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
            &["nobody asks", "only `checked` and `broken` count"],
        );
    }
    let two = format!("{HEAD}{CHECKED}{BROKEN}\nf(n) := n\n\nx := 1\n\ny if f(x) == 1\n");
    let said = rendered(&compile(&two).1);
    for name in ["f", "x", "y"] {
        assert!(said.contains(&format!("nobody asks `{name}`")), "{said}");
    }
}
