//! Rules that no other rule asks for: in Rego a rule is as good as any other, here two sets are the whole answer.

use std::collections::BTreeSet;

use regorus::unstable::Expr;

use crate::check::{self, Rules};
use crate::finding::{Code, Finding, Place};

const ASKED: [&str; 2] = ["checked", "broken"];

/// Every rule that neither of the two sets leads to.
pub(super) fn unasked(rules: &Rules, findings: &mut Vec<Finding>) {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut next: Vec<&str> = ASKED.to_vec();
    while let Some(name) = next.pop() {
        if !reached.insert(name) {
            continue;
        }
        for rule in rules.get(name).into_iter().flatten() {
            check::visit_rule(rule, &mut |expr, within| {
                if let Expr::Var { span, .. } = expr
                    && within != check::Within::Head
                    && let Some((known, _)) = rules.get_key_value(span.text())
                {
                    next.push(known);
                }
            });
        }
    }
    for (name, definitions) in rules.iter().filter(|(name, _)| !reached.contains(name.as_str())) {
        let place = definitions.first().map_or(Place::START, |rule| check::place_of(check::head(check::refr(rule))));
        let message = (
            format!("no rule asks for `{name}`; only `checked` and `broken` count"),
            format!("`{name}` を使う規則がありません。結果になるのは `checked` と `broken` だけです"),
        );
        let expected = (
            "a rule that `checked` or `broken` leads to, or no such rule",
            "`checked` か `broken` から使われるようにするか、この規則を除く",
        );
        findings.push(Finding::new(Code::Rules, place, message).expected(expected));
    }
}
