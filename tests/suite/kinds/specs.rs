//! Typed at the edges, uniform in the middle: an example raised to its kind's spec and lowered again is the same.

use super::examples;

#[test]
fn lowering_and_raising_loses_nothing() {
    for example in examples() {
        let kind = example.kind.schema.kind;
        let back = (example.kind.typed)(&example.attributes).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(back, example.attributes, "{kind}");
    }
}
