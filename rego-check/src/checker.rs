//! Every mistake of a policy that can be found without an input.

use serde_json::Value as Json;

use crate::ask::Prepared;
use crate::check;
use crate::document::Document;
use crate::engine::{on_a_wide_stack, parse};
use crate::finding::{Code, Finding, Place, Text};
use crate::product::{Origin, Product};
use crate::schema::Schema;
use crate::trace::{Looked, trace};

/// What policies are held against.
#[derive(Debug, Clone)]
pub struct Checker {
    product: Product,
    schema: Schema,
    empty: Document,
}

/// A policy without mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Where `broken` is defined.
    pub broken: Place,
    /// What it looks at, whatever the input.
    pub looked: Looked,
}

impl Checker {
    /// `empty` is an input about nothing: every policy is asked about it once, which finds what is wrong whatever the input.
    #[must_use]
    pub fn new(product: Product, schema: Schema, empty: &Json) -> Self {
        Self { product, schema, empty: Document::from(empty) }
    }

    /// The product whose words are in the messages.
    #[must_use]
    pub const fn product(&self) -> &Product {
        &self.product
    }

    /// The schema of the input.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Parses the policy, looks at its form, follows every reference into the input, and asks it about nothing.
    ///
    /// # Errors
    /// Every mistake, by place.
    pub fn check(&self, file: &str, text: &str) -> Result<Checked, Vec<Finding>> {
        // Deep trees are walked by calls; the parser's own limit on depth keeps that far from this stack's end.
        let checked = on_a_wide_stack(|| self.checked(file, text));
        let checked = checked.unwrap_or_else(|reason| Err(vec![Finding::new(Code::Fails, Place::START, Text::same(reason))]));
        checked.map_err(|mut found| {
            found.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.message.cmp(&b.message)));
            found
        })
    }

    fn checked(&self, file: &str, text: &str) -> Result<Checked, Vec<Finding>> {
        let module = parse(file, text).map_err(|finding| vec![*finding])?;
        let mut found = Vec::new();
        let broken = check::check(Origin { file, product: &self.product }, &module, &mut found);
        let looked = match broken {
            Some(_) => trace(&self.product, &self.schema, &module, &mut found),
            None => Looked::default(),
        };
        // What only the engine sees: a variable that nothing binds, a sum of texts.
        if found.is_empty() {
            let asked = Prepared::here(file, text).and_then(|policy| policy.ask(&self.empty, false));
            found.extend(asked.err().map(|complaint| {
                Finding::new(Code::Fails, complaint.place, Text::same(complaint.reason)).expected((
                    "a policy that can be evaluated even where there is nothing to judge",
                    "判定の対象がなくても評価できるポリシー",
                ))
            }));
        }
        match broken {
            Some(broken) if found.is_empty() => Ok(Checked { broken, looked }),
            _ => Err(found),
        }
    }
}
