//! Literals of a type that never stands where they are compared.

use super::{ASKED, BROKEN, CHECKED, HEAD, good, refused};

fn rule(condition: &str) -> String {
    format!(
        "{HEAD}{CHECKED}{BROKEN}\nx if {{\n\tsome r in input.planned[\"db-instance\"]\n\tsome c in input.plan.changes\n\t{condition}\n}}\n"
    )
}

#[test]
fn values_of_another_type() {
    for (condition, fragments) in [
        ("‸input.account == 333333333333", &["`account` is never a number", "text in quotes"][..]),
        ("‸333333333333 == input.account", &["`account` is never a number"]),
        ("‸r.tags.critical == true", &["`tags` is never true or false", "text in quotes"]),
        ("‸r.attributes.class == 5", &["`class` is never a number"]),
        ("‸r.attributes.class == null", &["`class` is never null"]),
        ("‸r.attributes.multi_az == 1", &["`multi_az` is never a number", "true or false"]),
        ("‸r.attributes.port == true", &["`port` is never true or false", "a number"]),
        ("‸r.attributes.port == [5432]", &["`port` is never a list"]),
        ("‸r.attributes == {\"claas\": \"db.t4g.medium\"}", &["never an object with the field `claas`", "`class`"]),
        ("‸r.attributes == {\"class\": 5}", &["one of its fields never has this value"]),
        ("‸r.attributes == \"a\"", &["never the text `a`"]),
        ("‸c.depends_on == {\"vpc.a@tokyo\"}", &["never a set", "a list"]),
        ("‸c.depends_on == [1]", &["never a list of these"]),
        ("‸c.depends_on[0] == 1", &["never a number"]),
        ("‸r.attributes.port in {\"5432\"}", &["`port` is never the text `5432`"]),
        ("‸r.attributes.port in {null}", &["`port` is never null"]),
        ("‸r.attributes.port != false", &["`port` is never true or false"]),
        ("‸r.attributes.port < \"5\"", &["`port` is never text", "the order of different types"]),
        ("‸r.attributes.class >= 5", &["`class` is never a number"]),
        ("‸input.plan.summary.delete > {1}", &["never a set"]),
    ] {
        refused(condition, &rule(condition), "unknown-input-value", fragments);
    }
}

#[test]
fn values_of_the_same_type() {
    for condition in [
        "input.account == \"333333333333\"",
        "r.tags.critical == \"true\"",
        "r.tenant == null",
        "r.tenant == \"acme\"",
        "r.attributes.port == 5432",
        "r.attributes.port < -1",
        "r.attributes.multi_az == false",
        "r.attributes == {\"class\": \"db.t4g.medium\"}",
        "r.attributes == {}",
        "r.tags == {\"a\": \"b\"}",
        "c.depends_on == []",
        "c.depends_on == [\"vpc.a@tokyo\", r.id]",
        "c.diffs[_].after == 5",
        "c.diffs[_].after == {\"a\": [1]}",
        "c.kind < \"b\"",
        "c.source == null",
        "r.attributes.port in {1, 2}",
        "1 == \"a\"",
        "r.attributes.kms_key == \"a\"",
        "r.attributes.kms_key == {\"$ref\": \"a\", \"output\": \"arn\"}",
    ] {
        good(&format!("{}{ASKED}", rule(condition)));
    }
}
