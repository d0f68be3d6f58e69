//! Which databases a selection means: every combination of lists that AWS documents, and those that it does not.

use tokaido::kinds::backup_plan::{Candidate, Choice, Chosen, Selection};
use tokaido::model::tags::Tags;
use tokaido::model::value::Link;
use tokaido::model::{Reference, Typed as _, Value};

use crate::support::{id, yaml};

const ARN: &str = "arn:aws:rds:ap-northeast-1:333333333333:db:production-catalog";

fn means(says: &str, tags: &[(&str, &str)]) -> Chosen {
    let value = yaml::read(&format!("{{ name: s, role: r, {says} }}"));
    let selection = Selection::from_value(&value).unwrap_or_else(|error| panic!("{says}: {error}"));
    let tags: Tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let links = [Link::Ref(Reference::new(&id("db-instance.catalog@tokyo"), "arn")), Link::Physical(ARN.to_owned())];
    Choice::of(&selection).means(&Candidate { links: &links, arn: ARN, tags: &tags })
}

/// A condition on the tag `k`.
fn if_tag(test: &str, value: &str) -> String {
    format!("conditions: [{{ test: {test}, key: 'aws:ResourceTag/k', value: '{value}' }}]")
}

/// The tags of the database.
type Tagged = &'static [(&'static str, &'static str)];

const OURS: &str = "resources: [{ $ref: db-instance.catalog@tokyo, output: arn }]";
const TAGGED: &str = "resources: [], tags: [{ test: StringEquals, key: k, value: yes }]";

#[test]
fn a_selection_means_what_the_pages_say() {
    use Chosen::{Excluded, No, OptedIn, Unclear, Yes};
    let arn = format!("resources: ['{ARN}']");
    let (yes, no): (Tagged, Tagged) = (&[("k", "yes")], &[("k", "no")]);
    let rows: Vec<(String, Tagged, Chosen)> = vec![
        // Resources: any of them. An ARN and the type in an ARN need no opt-in.
        (OURS.to_owned(), &[], Yes),
        (arn.clone(), &[], Yes),
        ("resources: ['arn:aws:rds:ap-northeast-1:333333333333:db:production-catalog-2']".to_owned(), &[], No),
        ("resources: ['arn:aws:rds:*:*:db:*']".to_owned(), &[], Yes),
        ("resources: ['arn:aws:rds:*:*:db:production-*']".to_owned(), &[], Yes),
        ("resources: ['arn:aws:rds:*:*:db:*-catalog']".to_owned(), &[], Yes),
        ("resources: ['arn:aws:rds:*:*:db:staging-*']".to_owned(), &[], No),
        ("resources: ['arn:aws:rds:*:*:cluster:*']".to_owned(), &[], No),
        ("resources: ['arn:aws:rds:ap-northeast-3:*:db:*']".to_owned(), &[], No),
        ("resources: ['arn:aws:rds:*']".to_owned(), &[], OptedIn),
        ("resources: ['*']".to_owned(), &[], OptedIn),
        ("resources: ['arn:aws:rds:*', 'arn:aws:rds:*:*:db:*']".to_owned(), &[], Yes),
        ("resources: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:dynamodb:*']".to_owned(), &[], No),
        // NotResources takes away from Resources.
        (format!("{OURS}, not_resources: ['{ARN}']"), &[], Excluded),
        (format!("{OURS}, not_resources: [{{ $ref: db-instance.catalog@tokyo, output: arn }}]"), &[], Excluded),
        (format!("{OURS}, not_resources: ['arn:aws:rds:*:*:db:*']"), &[], Excluded),
        (format!("{OURS}, not_resources: ['*']"), &[], Excluded),
        (format!("{OURS}, not_resources: ['arn:aws:rds:*:*:db:staging-*']"), &[], Yes),
        ("resources: ['*'], not_resources: ['arn:aws:ec2:*:*:volume/*']".to_owned(), &[], OptedIn),
        (format!("resources: ['arn:aws:ec2:*:*:volume/*'], not_resources: ['{ARN}']"), &[], No),
        // Conditions: every one, beside Resources.
        (format!("{OURS}, {}", if_tag("StringEquals", "yes")), yes, Yes),
        (format!("{OURS}, {}", if_tag("StringEquals", "yes")), no, Excluded),
        (format!("{OURS}, {}", if_tag("StringEquals", "yes")), &[], Excluded),
        (format!("{OURS}, {}", if_tag("StringEquals", "Yes")), yes, Excluded),
        (format!("{OURS}, {}", if_tag("StringNotEquals", "yes")), yes, Excluded),
        (format!("{OURS}, {}", if_tag("StringNotEquals", "yes")), no, Yes),
        (format!("{OURS}, {}", if_tag("StringNotEquals", "yes")), &[], Unclear),
        (format!("{OURS}, {}", if_tag("StringLike", "y*")), yes, Yes),
        (format!("{OURS}, {}", if_tag("StringLike", "*e*")), yes, Yes),
        (format!("{OURS}, {}", if_tag("StringLike", "n*")), yes, Excluded),
        (format!("{OURS}, {}", if_tag("StringLike", "ye?")), yes, Unclear),
        (format!("{OURS}, {}", if_tag("StringLike", "y*")), &[("k", "yes please")], Unclear),
        (format!("{OURS}, {}", if_tag("StringLike", "yes please")), &[("k", "yes please")], Yes),
        (format!("{OURS}, {}", if_tag("StringNotLike", "y*")), yes, Excluded),
        (format!("{OURS}, {}", if_tag("StringNotLike", "y*")), no, Yes),
        (format!("{OURS}, {}", if_tag("StringNotLike", "y*")), &[], Unclear),
        (format!("{OURS}, {}", if_tag("NumericEquals", "1")), yes, Unclear),
        (format!("{OURS}, conditions: [{{ test: StringEquals, key: k, value: yes }}]"), yes, Unclear),
        (
            format!(
                "{OURS}, conditions: [{{ test: StringEquals, key: 'aws:ResourceTag/k', value: yes }}, {{ test: StringEquals, key: 'aws:ResourceTag/team', value: data }}]"
            ),
            yes,
            Excluded,
        ),
        // What is not understood beside what fails does not matter.
        (
            format!(
                "{OURS}, conditions: [{{ test: StringEquals, key: other, value: x }}, {{ test: StringEquals, key: 'aws:ResourceTag/k', value: no }}]"
            ),
            yes,
            Excluded,
        ),
        (format!("resources: ['*'], {}", if_tag("StringEquals", "yes")), yes, OptedIn),
        (format!("resources: ['*'], {}", if_tag("StringEquals", "yes")), no, No),
        (format!("resources: ['arn:aws:ec2:*:*:volume/*'], {}", if_tag("StringEquals", "yes")), yes, No),
        // ListOfTags: any of them, or Resources.
        (TAGGED.to_owned(), yes, OptedIn),
        (TAGGED.to_owned(), no, No),
        (TAGGED.to_owned(), &[], No),
        (TAGGED.to_owned(), &[("K", "yes")], No),
        (
            "resources: [], tags: [{ test: StringEquals, key: a, value: b }, { test: StringEquals, key: k, value: yes }]"
                .to_owned(),
            yes,
            OptedIn,
        ),
        (format!("{arn}, tags: [{{ test: StringEquals, key: k, value: yes }}]"), no, Yes),
        (format!("{arn}, tags: [{{ test: StringEquals, key: k, value: yes }}]"), yes, Yes),
        ("resources: ['arn:aws:ec2:*:*:volume/*'], tags: [{ test: StringEquals, key: k, value: yes }]".to_owned(), yes, OptedIn),
        ("resources: [], tags: [{ test: StringEquals, key: 'aws:ResourceTag/k', value: yes }]".to_owned(), yes, Unclear),
        ("resources: [], tags: [{ test: StringEquals, key: 'aws:ResourceTag/k', value: yes }]".to_owned(), no, No),
        ("resources: [], tags: [{ test: STRINGLIKE, key: k, value: 'y*' }]".to_owned(), yes, Unclear),
        // No page says how ListOfTags goes together with the others.
        (format!("{TAGGED}, {}", if_tag("StringEquals", "yes")), yes, OptedIn),
        (format!("{TAGGED}, {}", if_tag("StringNotLike", "y*")), yes, Unclear),
        (format!("{TAGGED}, {}", if_tag("StringEquals", "yes")), no, No),
        (format!("{TAGGED}, not_resources: ['{ARN}']"), yes, Unclear),
        (format!("{TAGGED}, not_resources: ['{ARN}']"), no, No),
        // Nothing at all is everything to which the account has opted in.
        ("resources: []".to_owned(), &[], OptedIn),
        (format!("resources: [], not_resources: ['{ARN}']"), &[], Excluded),
        ("resources: [], not_resources: ['arn:aws:ec2:*:*:volume/*']".to_owned(), &[], OptedIn),
        (format!("resources: [], {}", if_tag("StringEquals", "yes")), yes, OptedIn),
        (format!("resources: [], {}", if_tag("StringEquals", "yes")), no, No),
        (format!("resources: [], {}", if_tag("StringNotEquals", "x")), &[], Unclear),
    ];
    for (says, tags, chosen) in rows {
        assert_eq!(means(&says, tags), chosen, "{says} {tags:?}");
    }
}

/// A declared selection is written as before the other lists were read: plans and their ids stay as they are.
#[test]
fn empty_lists_are_not_written() {
    let value = yaml::read("{ name: s, role: r, resources: [] }");
    let selection = Selection::from_value(&value).expect("a selection");
    assert_eq!(selection.into_value(), value);
    assert_eq!(value, Value::map([("name", Value::from("s")), ("role", Value::from("r")), ("resources", Value::list([""; 0]))]));
}
