//! What policies are checked against: the closed input, the words of this product, and an empty input. Imports `model`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rego_check::{Checker, Looked, Product, Schema};

use super::About;
use super::schema::input_schema;
use super::testing::skeleton;
use crate::kinds;

const PRODUCT: Product = Product {
    name: "tokaido",
    schema: "`tokaido schema policy-input`",
    input: "`tokaido policy input ENV`",
    cases: "policies/tests/",
};

static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(PRODUCT, Schema::new(input_schema()), &skeleton()));

pub(super) fn checker() -> &'static Checker {
    &CHECKER
}

/// The nearest name, for a message.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> rego_check::Text {
    rego_check::nearest(word, known, &PRODUCT)
}

/// The part of the plan that depends on no read.
const WITHOUT_READS: &[&str] = &["schema_version", "environment", "account", "regions", "release", "digests", "divergences"];
const PLAN: &str = "/$defs/PlanBody";
const STATES: [&str; 2] = ["/properties/live", "/properties/planned"];

/// Kinds whose failed read leaves a policy without an answer: the kinds that it refers to, and those of its population.
pub(super) fn reads(looked: &Looked, about: &About) -> BTreeSet<String> {
    let whole = ["", PLAN].into_iter().chain(STATES).any(|place| looked.is_whole(place));
    let planned = looked.names(PLAN).any(|name| !WITHOUT_READS.contains(&name));
    let mut kinds: BTreeSet<String> = STATES.iter().flat_map(|state| looked.names(state)).map(str::to_owned).collect();
    match about {
        About::Kinds(about) if !whole && !planned => {
            kinds.extend(about.iter().cloned());
            kinds
        }
        // A change that a failed read hides is a member too.
        About::Kinds(_) | About::Changes => all(),
    }
}

/// Every kind.
pub(super) fn all() -> BTreeSet<String> {
    kinds::planned().map(|kind| kind.schema.kind.to_owned()).collect()
}
