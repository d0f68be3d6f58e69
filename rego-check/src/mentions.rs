//! Which parts of the input the text of a policy names. Read from the tree alone, and more than it needs rather than less:
//! whoever makes an input may leave out what no policy names.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Module};

use crate::check;

/// The parts of the input that a policy can see, as far as they are written out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Somewhere the input stands as a whole, or under a name that is not written out.
    everything: bool,
    parts: BTreeSet<(String, Option<String>)>,
}

impl Mentions {
    pub(crate) fn of(module: &Module) -> Self {
        let (mut found, mut seen) = (Self::default(), BTreeSet::new());
        for rule in &module.policy {
            // A reference comes before what it begins with.
            check::visit_rule(rule, &mut |expr, _| found.look(expr, &mut seen));
        }
        found
    }

    /// `seen` are the beginnings of references that were looked at, by their addresses in the tree.
    fn look(&mut self, expr: &Expr, seen: &mut BTreeSet<*const Expr>) {
        if let Some((first, begin)) = step(expr) {
            if let Some((name, input)) = step(begin).filter(|(_, input)| is_input(input)) {
                seen.extend([std::ptr::from_ref(begin), std::ptr::from_ref(input)]);
                self.parts.insert((name, Some(first)));
            } else if is_input(begin) && !seen.contains(&std::ptr::from_ref(expr)) {
                seen.insert(std::ptr::from_ref(begin));
                self.parts.insert((first, None));
            }
        } else if is_input(expr) && !seen.contains(&std::ptr::from_ref(expr)) {
            self.everything = true;
        }
    }

    /// Whether the policy can see this field of the input, or all of it.
    #[must_use]
    pub fn field(&self, name: &str) -> bool {
        self.everything || self.parts.iter().any(|(first, _)| first == name)
    }

    /// Whether the policy can see this field of a field of the input.
    #[must_use]
    pub fn inside(&self, name: &str, inner: &str) -> bool {
        let wanted =
            |(first, second): &(String, Option<String>)| first == name && second.as_ref().is_none_or(|second| second == inner);
        self.everything || self.parts.iter().any(wanted)
    }
}

fn is_input(expr: &Expr) -> bool {
    matches!(expr, Expr::Var { span, .. } if span.text() == "input")
}

/// A name that is written out, and what it is taken of.
fn step(expr: &Expr) -> Option<(String, &Expr)> {
    match expr {
        Expr::RefDot { refr, field, .. } => Some((field.0.text().to_owned(), refr)),
        Expr::RefBrack { refr, index, .. } => Some((check::text(index)?, refr)),
        _ => None,
    }
}
