//! The table of what AWS accepts (`src/kinds/requests`): a legal request of every operation is taken, and each of its faults is refused
//! by name.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use tokaido::kinds::requests::{Call, Limits, Refusal, Scalar, Service, Shape, Why, services};

/// Texts of which one fits every expression of AWS's that the table has.
const TEXTS: [&str; 10] = [
    "123456",
    "aaaa",
    "/",
    "111111111111",
    "fs-12345678",
    "arn:aws:iam::111111111111:role/backup",
    "arn:aws:backup:ap-northeast-1:111111111111:backup-vault:main",
    "backup.amazonaws.com",
    "0",
    "a.b.c",
];

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).expect("short")
}

fn fits(size: Limits, found: i64) -> bool {
    size.least.is_none_or(|least| found >= least) && size.most.is_none_or(|most| found <= most)
}

/// A value that AWS takes: every member that it demands, and of a list as many items as it must have.
fn legal(service: &Service, name: &str, whole: bool) -> Json {
    let least = |size: &Limits| usize::try_from(size.least.unwrap_or(0)).expect("few").max(usize::from(whole));
    match service.shape(name).unwrap_or_else(|| panic!("no shape {name}")) {
        Shape::Structure { members, .. } => {
            let wanted = members.iter().filter(|member| member.required || whole);
            Json::Object(wanted.map(|member| (member.name.to_owned(), legal(service, member.shape, false))).collect())
        }
        Shape::List { size, of, .. } => Json::Array(vec![legal(service, of, false); least(size)]),
        Shape::Map { size, key, of } => {
            let entry = || (legal(service, key, false).as_str().expect("a text").to_owned(), legal(service, of, false));
            Json::Object((0..least(size)).map(|_| entry()).collect())
        }
        Shape::Scalar(scalar) => match scalar {
            Scalar::Text { words, .. } if !words.is_empty() => words[0].into(),
            Scalar::Text { length: size, pattern, .. } => {
                let long = "a".repeat(usize::try_from(size.least.unwrap_or(0)).expect("short"));
                let all = TEXTS.iter().copied().chain([long.as_str()]);
                let taken = |text: &&str| fits(*size, length(text)) && Scalar::refusal(scalar, &(*text).into()).is_none();
                all.clone().find(taken).unwrap_or_else(|| panic!("{name}: no text for {pattern:?} and {size:?}")).into()
            }
            Scalar::Integer(size) => size.least.unwrap_or(1).max(size.most.map_or(1, |most| most.min(1))).into(),
            Scalar::Float => 1.5.into(),
            Scalar::Boolean => true.into(),
            Scalar::Timestamp => "2026-11-30T00:00:00Z".into(),
            Scalar::Blob => "YQ==".into(),
        },
    }
}

/// Wrong values in place of a right one, each with what AWS says of it.
pub fn wrong(service: &Service, name: &str) -> Vec<Json> {
    match service.shape(name).expect("a shape") {
        Shape::Structure { .. } => vec![json!("a text"), json!({ "NoSuchMember": "x" })],
        Shape::List { size, of, .. } => {
            let many = size.most.map(|most| vec![legal(service, of, false); usize::try_from(most).expect("few") + 1]);
            let few = size.least.filter(|least| *least > 0).map(|_| Vec::new());
            many.into_iter().chain(few).map(Json::Array).chain([json!("a text")]).collect()
        }
        Shape::Map { .. } => vec![json!(["a list"])],
        Shape::Scalar(scalar) => match scalar {
            Scalar::Text { words, .. } if !words.is_empty() => vec![json!("no-such-word"), json!(7)],
            Scalar::Text { length, pattern, .. } => {
                // RDS says 2,147,483,647 characters of most texts, which is no limit.
                let long = length
                    .most
                    .filter(|most| *most < 1_000_000)
                    .map(|most| "a".repeat(usize::try_from(most).expect("short") + 1));
                let short = length.least.filter(|least| *least > 0).map(|_| String::new());
                let odd = pattern.map(|_| "\u{1}\u{1}".to_owned());
                let odd = odd.filter(|odd| scalar.refusal(&odd.as_str().into()).is_some());
                long.into_iter().chain(short).chain(odd).map(Json::from).chain([json!(true)]).collect()
            }
            Scalar::Integer(size) => {
                let beyond = size.most.map(|most| most + 1).into_iter().chain(size.least.map(|least| least - 1));
                beyond.map(Json::from).chain([json!("seven"), json!(1.5)]).collect()
            }
            Scalar::Float | Scalar::Boolean | Scalar::Timestamp | Scalar::Blob => vec![json!({})],
        },
    }
}

fn calls() -> impl Iterator<Item = (String, Call)> {
    services().iter().flat_map(|(service, of)| {
        of.calls
            .keys()
            .map(move |operation| (format!("{service}:{operation}"), Call::of(service, operation).expect("it is in the table")))
    })
}

fn of_input(call: Call) -> Option<Vec<tokaido::kinds::requests::Member>> {
    match call.service.shape(call.input?)? {
        Shape::Structure { members, .. } => Some(members.clone()),
        _ => None,
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how many there are")]
fn every_operation_takes_a_legal_request_and_refuses_each_fault_of_it() {
    let (mut taken, mut refused) = (0, BTreeMap::<&str, usize>::new());
    for (name, call) in calls() {
        let Some((input, members)) = call.input.zip(of_input(call)) else {
            assert!(call.refusals(&json!({})).is_empty(), "{name}");
            continue;
        };
        for whole in [false, true] {
            let request = legal(call.service, input, whole);
            assert_eq!(call.refusals(&request), [], "{name} {request}");
            taken += 1;
        }
        let request = legal(call.service, input, true);
        let with = |name: &str, value: Option<Json>| {
            let mut all: Map<String, Json> = request.as_object().expect("members").clone();
            match value {
                Some(value) => all.insert(name.to_owned(), value),
                None => all.remove(name),
            };
            Json::Object(all)
        };
        let unknown = call.refusals(&with("NoSuchMember", Some(json!("x"))));
        assert_eq!(unknown, [Refusal { member: "NoSuchMember".to_owned(), why: Why::Unknown }], "{name}");
        for member in members {
            if member.required {
                let found = call.refusals(&with(member.name, None));
                assert_eq!(found, [Refusal { member: member.name.to_owned(), why: Why::Missing }], "{name}");
                *refused.entry("missing").or_default() += 1;
            }
            for value in wrong(call.service, member.shape) {
                let found = call.refusals(&with(member.name, Some(value.clone())));
                assert!(!found.is_empty(), "{name}: {} takes {value}", member.name);
                assert!(found.iter().all(|one| one.member.starts_with(member.name)), "{name} {value}: {found:?}");
                *refused.entry("wrong").or_default() += 1;
            }
        }
    }
    let all: usize = refused.values().sum();
    println!("{taken} legal requests taken, {all} faults refused: {refused:?}");
    assert!(taken >= 150 && all >= 1_000, "{taken} {refused:?}");
}

/// Every expression of AWS's is one that this program understands; one that it does not would refuse nothing.
#[test]
fn every_expression_is_understood() {
    let texts = include_str!("../../src/kinds/requests/shapes.txt").lines().filter_map(|line| line.split_once(" matches "));
    let expressions: Vec<&str> = texts.map(|(_, expression)| expression).collect();
    assert!(expressions.len() > 20, "{expressions:?}");
    for expression in expressions {
        assert!(regex::Regex::new(expression).is_ok(), "{expression}");
    }
}
