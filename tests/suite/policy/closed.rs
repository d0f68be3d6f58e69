//! The closed input: whatever a policy asks that is not there, or that nobody can follow, is a mistake with its place.

use super::{ASKED, BROKEN, CHECKED, HEAD, good, refused};

/// A helper rule (or a whole `checked`) with a mark at the mistake, its code, and what is said.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

const FIELD: &str = "unknown-input-field";
const VALUE: &str = "unknown-input-value";
const TRACE: &str = "untraceable-input";
const IMPURE: &str = "impure-builtin";

const ROWS: &[Row] = &[
    (
        "a field of the input",
        "x := input.‸enviroment",
        FIELD,
        &["unknown field `enviroment` of the input", "expected: `environment`"],
    ),
    ("in brackets", "x := input[\"‸enviroment\"]", FIELD, &["expected: `environment`"]),
    ("a kind", "x if some r in input.planned[\"‸db-instanse\"]", FIELD, &["of planned resources", "expected: `db-instance`"]),
    ("a field of the plan", "x := input.plan.‸change", FIELD, &["of the plan", "expected: `changes`"]),
    ("what policies say is not there", "x := input.plan.‸policies", FIELD, &["unknown field `policies`"]),
    ("no time", "x := input.‸now", FIELD, &["unknown field `now`"]),
    ("a summary", "x if input.plan.summary.‸deletes > 1", FIELD, &["expected: `delete`"]),
    (
        "tags are not among the attributes",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tnot r.attributes.‸tags\n}",
        FIELD,
        &["unknown field `tags` of db-instance attributes"],
    ),
    (
        "an attribute behind `some in`",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.‸retention_dais < 35\n}",
        FIELD,
        &["unknown field `retention_dais` of db-instance attributes"],
    ),
    (
        "an attribute that was meant by a part of its name",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.‸backup_retentoin_days < 35\n}",
        FIELD,
        &["expected: `backup_retention_days`"],
    ),
    (
        "an attribute where the resource is meant",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.‸multi_az\n}",
        FIELD,
        &["unknown field `multi_az` of db-instance"],
    ),
    (
        "behind `some k, v in`",
        "x if {\n\tsome i, c in input.plan.changes\n\tc.‸actoin == \"delete\"\n\ti > 0\n}",
        FIELD,
        &["expected: `action`"],
    ),
    (
        "behind `:=`",
        "x if {\n\tr := input.live.bucket[0]\n\tr.attributes.‸versionning\n}",
        FIELD,
        &["bucket attributes", "`versioning`"],
    ),
    ("behind `=`", "x if {\n\tr = input.live.bucket[0]\n\tr.attributes.‸versionning\n}", FIELD, &["`versioning`"]),
    ("behind `=`, the other way round", "x if {\n\tinput.live.bucket[0] = r\n\tr.‸nam\n}", FIELD, &["`name`"]),
    ("statements in any order", "x if {\n\tn == r.‸nam\n\tn := \"a\"\n\tsome r in input.live.bucket\n}", FIELD, &["`name`"]),
    ("behind `[_]`", "x if input.plan.changes[_].‸knid == \"vpc\"", FIELD, &["`kind`"]),
    ("behind `[i]`", "x if {\n\tsome i\n\tinput.plan.changes[i].‸knid == \"vpc\"\n}", FIELD, &["`kind`"]),
    ("in `every`", "x if {\n\tevery c in input.plan.changes { c.‸imapct == \"create\" }\n}", FIELD, &["`impact`"]),
    ("in a comprehension", "x := [c.‸idd | some c in input.plan.changes]", FIELD, &["`id`"]),
    ("in an object's comprehension", "x := {c.id: c.‸risk | some c in input.plan.changes}", FIELD, &["`risks`"]),
    ("through a comprehension", "x if {\n\tsome y in {c | some c in input.plan.changes}\n\ty.‸idd\n}", FIELD, &["`id`"]),
    (
        "through a helper rule",
        "groups := input.planned[\"security-group\"]\n\nx if groups[_].attributes.‸rule",
        FIELD,
        &["`rules`"],
    ),
    (
        "through a set of helpers",
        "ours contains r if some r in input.planned.vpc\n\nx if {\n\tsome r in ours\n\tr.attributes.‸cdir\n}",
        FIELD,
        &["vpc attributes", "`cidr`"],
    ),
    (
        "a set of helpers as if it were one of them",
        "ours contains r if some r in input.planned.vpc\n\nx if ours.‸attributes",
        FIELD,
        &["unknown field `attributes` of a set", "`some … in`"],
    ),
    (
        "through an object of helpers",
        "by_id[r.id] := r if some r in input.planned.vpc\n\nx if by_id[\"vpc.a@tokyo\"].‸atributes",
        FIELD,
        &["`attributes`"],
    ),
    (
        "in a function, as it is called",
        "wide(rule) if rule.‸form > 1\n\nx if wide(input.planned[\"security-group\"][_].attributes.rules[_])",
        FIELD,
        &["unknown field `form` of `rule`", "`from`"],
    ),
    (
        "what a function gives back",
        "first(list) := one if one := list[0]\n\nx if first(input.plan.changes).‸idd",
        FIELD,
        &["`id`"],
    ),
    ("in `object.get`", "x := object.get(input.live.bucket[0].attributes, \"‸versionning\", false)", FIELD, &["`versioning`"]),
    ("in the path of `object.get`", "x := object.get(input, [\"plan\", \"‸sumary\"], 0)", FIELD, &["`summary`"]),
    ("after a function", "x if sort(input.plan.changes)[0].‸idd", FIELD, &["`id`"]),
    ("in a negation", "x if {\n\tsome r in input.live.bucket\n\tnot r.attributes.‸versionning\n}", FIELD, &["`versioning`"]),
    ("in an alternative", "x := 1 if input.plan.‸sumary\n\nelse := 2", FIELD, &["`summary`"]),
    ("in a pattern", "x if {\n\t[‸{\"name\": name}] = input.live.bucket\n\tname\n}", TRACE, &["an object is no pattern here"]),
    ("a promise", "x := input.promises[\"‸point-in-time-recovry\"].at_least_days", FIELD, &["`point-in-time-recovery`"]),
    ("inside of a number", "x := input.schema_version.‸major", FIELD, &["expected: the value itself"]),
    (
        "a word that is never there",
        "x if ‸input.environment == \"prod\"",
        VALUE,
        &["`environment` is never the text `prod`", "`production`"],
    ),
    (
        "a word of an action",
        "x if {\n\tsome c in input.plan.changes\n\t‸c.action == \"destroy\"\n}",
        VALUE,
        &["`action`", "never the text `destroy`", "`delete`"],
    ),
    (
        "a word in a set",
        "x if {\n\tsome c in input.plan.changes\n\t‸c.impact in {\"interruption\", \"irreversable\"}\n}",
        VALUE,
        &["`irreversible`"],
    ),
    (
        "text where a number is",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\t‸r.attributes.port == \"5432\"\n}",
        VALUE,
        &["never the text `5432`", "without quotes"],
    ),
    (
        "a kind as a name",
        "x if {\n\tsome kind, list in input.planned\n\t‸kind == \"database\"\n\tcount(list) > 1\n}",
        VALUE,
        &["never the text `database`"],
    ),
    (
        "a field by a computed name",
        "x := input.live[‸concat(\"\", [\"buck\", \"et\"])]",
        TRACE,
        &["which field of live resources this is cannot be said before", "a set of names"],
    ),
    (
        "a field by a name from the plan",
        "x if {\n\tsome c in input.plan.changes\n\tinput.planned[‸c.kind]\n}",
        TRACE,
        &["cannot be said before"],
    ),
    (
        "a name in a set, one of them wrong",
        "x if {\n\tsome kind in {\"vpc\", \"subnett\"}\n\tinput.planned[‸kind]\n}",
        FIELD,
        &["`subnet`"],
    ),
    ("nothing to go through", "x if some y in ‸input.environment", TRACE, &["`environment` is a single value"]),
    ("a function that nobody calls", "‸wide(rule) if rule.from", TRACE, &["`wide` is never called"]),
    (
        "a function without its brackets",
        "wide(rule) if rule.id\n\nx if wide(input.plan.changes[0])\n\ny := ‸wide",
        TRACE,
        &["is a function"],
    ),
    (
        "a variable called like a rule",
        "x := 1\n\ny if {\n\t‸x := input.plan\n\tx\n}",
        TRACE,
        &["the variable `x` has the name of something else"],
    ),
    (
        "a name from nowhere",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.port > ‸minimun\n}\n\nminimum := 1",
        "unknown-name",
        &["nothing here is called `minimun`", "`minimum`"],
    ),
    ("the clock", "x := ‸time.now_ns()", IMPURE, &["`time.now_ns` cannot be used: it depends on the clock"]),
    ("the calendar", "x := ‸time.weekday(1)", IMPURE, &["hours and calendars are gates of their own"]),
    ("the network", "x := ‸http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})", IMPURE, &["it asks the network"]),
    ("names of the network", "x := ‸net.lookup_ip_addr(\"localhost\")", IMPURE, &["it asks the network"]),
    ("randomness", "x := ‸rand.intn(\"a\", 2)", IMPURE, &["differently every time"]),
    ("another randomness", "x := ‸uuid.rfc4122(\"a\")", IMPURE, &["differently every time"]),
    ("the machine", "x := ‸opa.runtime()", IMPURE, &["the machine's environment"]),
    ("beside the answer", "x if ‸trace(\"a\")", IMPURE, &["it writes beside the answer"]),
    ("printing", "x if ‸print(\"a\")", IMPURE, &["it writes beside the answer"]),
    ("as much as it is told", "x := ‸numbers.range(1, 100000000)", IMPURE, &["no limit of time stops it"]),
    ("more addresses than there is room for", "x := ‸net.cidr_expand(\"10.0.0.0/8\")", IMPURE, &["`net.cidr_contains`"]),
    ("a text as wide as it is told", "x := sprintf(\"‸%100000000d\", [1])", IMPURE, &["at most three digits"]),
    (
        "numbers that grow",
        "n0 := 99999999999999999\n\nn1 := ‸n0 * n0\n\nx if n1 < 1",
        IMPURE,
        &["two numbers that are not written here", "grow without end", "`size * 1024`"],
    ),
    ("numbers that grow as a list", "x := ‸product([count(input.live.vpc), 2])", IMPURE, &["`product` cannot be used"]),
    (
        "brackets inside of brackets",
        "x := [{\"a\": [[[[[[[[[[‸[1]]]]]]]]]]]}]",
        "policy-syntax",
        &["this bracket is inside of too many others", "at most 12"],
    ),
    ("a format from elsewhere", "f := \"%d\"\n\nx := sprintf(‸f, [1])", IMPURE, &["the format as text in the call itself"]),
    ("a function that is not there", "x := ‸lenght([1])", "unknown-function", &["a policy cannot call `lenght`"]),
    ("a function nearly there", "x := ‸starts_with(\"a\", \"b\")", "unknown-function", &["`startswith`"]),
    (
        "something that changes its structure",
        "x := ‸json.patch(input, [])",
        "unknown-function",
        &["a policy cannot call `json.patch`"],
    ),
    ("another input", "x if checked ‸with input as {}", "policy-alone", &["`with` puts something else"]),
    ("data", "x := ‸data.tokaido.other.x", "policy-alone", &["`data` is what is not in this file"]),
    ("a rule that leads to itself", "‸a if b\n\nb if a", "endless-policy", &["`a` → `b` → `a`"]),
    ("a function that calls itself", "‸f(n) := f(n)\n\nx := f(1)", "endless-policy", &["leads back to itself"]),
];

#[test]
fn what_is_not_in_the_input() {
    for (name, rule, code, fragments) in ROWS {
        refused(name, &format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n"), code, fragments);
    }
    assert!(ROWS.len() > 60);
}

/// What the rows refuse is one letter away from what is right.
/// A place without a shape would be one where everything is allowed.
#[test]
fn every_place_of_the_schema_has_a_shape() {
    fn walk(place: &str, node: &serde_json::Value, places: &mut usize) {
        let Some(fields) = node.as_object() else {
            for item in node.as_array().into_iter().flatten() {
                walk(place, item, places);
            }
            return;
        };
        for (name, field) in fields {
            if let (true, Some(shapes)) = (name == "properties" || name == "$defs", field.as_object()) {
                for (name, shape) in shapes {
                    *places += 1;
                    assert!(shape.is_object() || shape.is_boolean(), "{place}.{name} is {shape}");
                }
            }
            walk(&format!("{place}.{name}"), field, places);
        }
    }
    let mut places = 0;
    walk("input", &tokaido::policy::input_schema(), &mut places);
    assert!(places > 500, "{places}");
}

#[test]
fn what_is_in_the_input() {
    for rule in [
        "x := input.environment",
        "x := input[\"plan\"][\"summary\"].delete",
        "x := input.plan.summary.delete * 1024",
        "x := -2 * input.plan.summary.delete",
        "# [[[[[[[[[[[[[[[[ \"\nx := [[[[[[[[[[[[\"\\\"[[\", `\\[[`]]]]]]]]]]]]",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.tags[\"anything:at all\"] == r.tenant\n}",
        "x if {\n\tsome kind in {\"vpc\", \"subnet\"}\n\tsome r in input.planned[kind]\n\tr.standing == \"ours\"\n}",
        "x if {\n\tsome kind, list in input.planned\n\tkind == \"vpc\"\n\tlist[_].tags.owner\n}",
        "x if {\n\tsome kind in object.keys(input.live)\n\tinput.planned[kind][_].id\n}",
        "x if {\n\tsome k in input.planned[\"kms-key\"]\n\tsome s in k.attributes.policy.Statement\n\ts.Principal.AWS[_] == \"*\"\n}",
        "x if {\n\tsome d in input.plan.changes[_].diffs\n\td.path == \"rules\"\n\td.after.anything\n}",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.kms_key[\"$ref\"] == \"kms-key.a@tokyo\"\n}",
        "x if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.kms_key == \"a text where it is no link\"\n}",
        "names := {\"a\", \"b\"} - {\"a\"}\n\nx if \"b\" in names",
        "x := count({r.name | some r in input.live.subnet; startswith(r.name, \"a\")})",
        "x if input.promises[\"point-in-time-recovery\"].at_least_days > 30",
        "f(r) := v if v := object.get(r.attributes, \"multi_az\", false)\n\nx if f(input.planned[\"db-instance\"][_])",
        "x if {\n\tsome i, j\n\ta := input.live.vpc[i]\n\tb := input.live.vpc[j]\n\ti < j\n\tnet.cidr_contains(a.attributes.cidr, b.attributes.cidr)\n}",
        "default x := false\n\nx if [\"a\", y] = [\"a\", input.environment]",
        "pairs[kind][id] := r if {\n\tsome kind, list in input.live\n\tsome r in list\n\tid := r.id\n}\n\nx if pairs.vpc[\"a\"].physical",
    ] {
        good(&format!("{HEAD}{CHECKED}{BROKEN}\n{rule}\n{ASKED}"));
    }
}
