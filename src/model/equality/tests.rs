//! What holds for every spelling: its form is its own form, and sameness is an equivalence.

use proptest::prelude::*;

use super::{Spelling, is_time_sync, parameter, policy, same_part};
use crate::model::Value;
use crate::model::value::Map;

const ALL: [Spelling; 7] =
    [Spelling::Case, Spelling::Window, Spelling::Schedule, Spelling::Zone, Spelling::Block, Spelling::Protocol, Spelling::Clock];

/// Texts that are near what the rules are about.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[aA]{1,2}[-_.]?[bB]{0,2}",
        "(?i)(sat|sun|)(:?)[0-2]?[0-9]:[0-5][0-9] ?- ?(sat:|)[0-2]?[0-9]:[0-5][0-9]",
        "cron\\([0-9]{1,2} (\\*|[0-9]{1,2}|0/6) (\\*|\\?|1/1) (\\*|JAN-DEC|feb) (\\*|\\?|MON-FRI|2-6|L) \\*\\)",
        "(Etc/|)(UTC|UCT|Zulu|GMT)|Japan|Asia/(Tokyo|Seoul)",
        "10\\.[0-9]\\.[0-3]\\.0/(8|16|22|24)|fd00:(0:)?[0-9]::/[36]4",
        "-1|[0-9]{1,2}|tcp|TCP|udp|all|icmpv6",
        "169\\.254\\.169\\.12[34]|fd00:ec2:(0:0:0:)?:12[34]|fd00:0ec2::0?123",
    ]
}

proptest! {
    #[test]
    fn a_form_is_its_own_form(text in texts()) {
        for spelling in ALL {
            let form = spelling.form(&text).into_owned();
            prop_assert_eq!(&*spelling.form(&form), form.as_str(), "{:?} of {}", spelling, text);
        }
    }

    #[test]
    fn sameness_is_an_equivalence(one in texts(), two in texts(), three in texts()) {
        for spelling in ALL {
            prop_assert!(spelling.same(&one, &one));
            prop_assert_eq!(spelling.same(&one, &two), spelling.same(&two, &one));
            if spelling.same(&one, &two) && spelling.same(&two, &three) {
                prop_assert!(spelling.same(&one, &three), "{:?}: {} {} {}", spelling, one, two, three);
            }
        }
    }

    #[test]
    fn the_form_of_a_parameter_is_its_own_form(
        family in "postgres1[0-9]|mysql8\\.4|mariadb10\\.11|oracle",
        name in "rds\\.force_ssl|TimeZone|time_zone|log_connections|log_statement|require_secure_transport|work_mem",
        value in "(?i)on|off|yes|true|0|1|utc|etc/utc|japan|ddl|[a-z]{1,4}",
    ) {
        let form = parameter::canonical(&family, &name, &value);
        prop_assert_eq!(parameter::canonical(&family, &name, &form), form);
    }

    /// A statement means the same in any case of its actions and any order, and never after one of its parts was changed.
    #[test]
    fn a_changed_statement_is_another_one(statement in statements(), shout in any::<bool>(), part in 0..7_usize) {
        let document = document(&statement);
        let respelled = document.clone();
        let respelled = edited(&respelled, |map| {
            let action = map["Action"].as_list().expect("a list").to_vec();
            let action = action.iter().rev().chain(&action).map(|item| {
                let text = item.as_text().expect("text");
                Value::from(if shout { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() })
            });
            set(map, "Action", Value::list(action));
        });
        prop_assert!(policy::same(&document, &respelled));
        let mutated = edited(&respelled, |map| mutate(map, part));
        prop_assert!(!policy::same(&document, &mutated), "part {}: {}", part, mutated);
        prop_assert!(!policy::same(&mutated, &document), "part {}: {}", part, mutated);
    }
}

fn statements() -> impl Strategy<Value = Value> {
    let actions = prop::collection::vec("(s3|kms|sts):[A-Z][a-z]{1,3}(\\*|)", 1..4);
    let resources = prop::collection::vec("arn:aws:s3:::[a-c]{1,2}", 1..3);
    (actions, resources, any::<bool>()).prop_map(|(actions, resources, allow)| {
        let condition = Value::map([("aws:SourceAccount", Value::from("111111111111"))]);
        Value::map([
            ("Sid", Value::from("One")),
            ("Effect", Value::from(if allow { "Allow" } else { "Deny" })),
            ("Principal", Value::map([("AWS", Value::from("111111111111"))])),
            ("Action", Value::list(actions)),
            ("Resource", Value::list(resources)),
            ("Condition", Value::map([("StringEquals", condition)])),
        ])
    })
}

fn document(statement: &Value) -> Value {
    Value::map([("Version", Value::from("2012-10-17")), ("Statement", Value::list([statement.clone()]))])
}

fn edited(document: &Value, edit: impl FnOnce(&mut Map)) -> Value {
    let map = document.as_map().expect("a map");
    let mut statement = map["Statement"].as_list().expect("a list")[0].as_map().expect("a map").clone();
    edit(&mut statement);
    self::document(&Value::from(statement))
}

fn set(map: &mut Map, key: &str, value: Value) {
    map.insert(key.into(), value);
}

fn mutate(map: &mut Map, part: usize) {
    match part {
        0 => {
            let other = if map["Effect"].as_text() == Some("Allow") { "Deny" } else { "Allow" };
            set(map, "Effect", Value::from(other));
        }
        1 => set(map, "Action", Value::list(["ec2:RunInstances"])),
        2 => {
            let resource = map["Resource"].as_list().expect("a list")[0].to_string().to_ascii_uppercase();
            set(map, "Resource", Value::list([resource]));
        }
        3 => set(map, "Principal", Value::from("*")),
        4 => {
            map.remove("Condition");
        }
        5 => {
            let test = Value::map([("aws:SourceAccount", Value::from("222222222222"))]);
            set(map, "Condition", Value::map([("StringEquals", test)]));
        }
        _ => {
            let actions = map.remove("Action").expect("actions");
            set(map, "NotAction", actions);
        }
    }
}

#[test]
fn documents_that_mean_the_same() {
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let trust =
        read(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#);
    for same in [
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":["STS:assumerole","sts:AssumeRole"]}}"#,
        r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"","Effect":"Allow","Principal":"*","Action":"STS:AssumeRole"}]}"#,
    ] {
        assert!(policy::same(&trust, &read(same)), "{same}");
    }
    for other in [
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"allow","Principal":"*","Action":"sts:AssumeRole"}}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole*"}}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"*"},"Action":"sts:AssumeRole"}}"#,
        r#"{"Version":"2012-10-17","Statement":[]}"#,
        "null",
    ] {
        assert!(!policy::same(&trust, &read(other)), "{other}");
    }
    let old = r#"{"Version":"2008-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let unnamed = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    assert!(policy::same(&read(old), &read(unnamed)), "a document without a version has the first one");
    assert!(!policy::same(&read(&old.replace("2008", "2012")), &read(unnamed)));
    let named = |text: &str| Value::map([("a", read(text))]);
    assert!(policy::same_named(&named(old), &named(unnamed)));
    assert!(!policy::same_named(&named(old), &Value::map([("b", read(old))])), "another document");
    assert!(!policy::same_named(&named(old), &Value::map([("a", read(old)), ("b", read(old))])), "one more document");
}

#[test]
fn two_tests_of_one_key_do_not_hide_each_other() {
    let with = |tests: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringEquals":{tests}}}}}]}}"#
        );
        serde_json::from_str::<Value>(&text).expect("JSON")
    };
    let two = with(r#"{"aws:SourceAccount":"1","AWS:SourceAccount":"2"}"#);
    assert!(!policy::same(&two, &with(r#"{"aws:SourceAccount":"1"}"#)));
    assert!(!policy::same(&two, &with(r#"{"aws:SourceAccount":"2"}"#)));
    assert!(policy::same(&with(r#"{"aws:sourceaccount":["1"]}"#), &with(r#"{"aws:SourceAccount":"1"}"#)));
}

#[test]
fn time_sync_is_one_service_with_two_addresses() {
    let is = |servers: &[&str]| is_time_sync(&servers.iter().map(|server| Value::from(*server)).collect::<Vec<_>>());
    assert!(is(&["169.254.169.123"]));
    assert!(is(&["fd00:ec2::123", "169.254.169.123"]));
    assert!(is(&["FD00:0EC2:0:0:0:0:0:123"]));
    assert!(!is(&[]), "no clock at all");
    assert!(!is(&["169.254.169.123", "203.0.113.9"]), "and another");
    assert!(!is(&["169.254.169.124"]) && !is(&["fd00:ec2::1230"]));
}

#[test]
fn a_window_in_any_writing() {
    let same = |one, other| Spelling::Window.same(one, other);
    assert!(same("sat:20:00-sat:20:30", "Sat:20:00 - SAT:20:30"));
    assert!(same("07:00-07:30", "7:00-7:30"));
    assert!(!same("sat:20:00-sat:20:30", "sun:20:00-sat:20:30"));
    assert!(!same("sat:20:00-sat:20:30", "sat:20:00-sat:20:31"));
}

#[test]
fn blocks_and_protocols() {
    let rule = |protocol: &str, peer: &str| Value::map([("protocol", Value::from(protocol)), ("peer", Value::from(peer))]);
    let spelled = &[("protocol", Spelling::Protocol), ("peer", Spelling::Block)];
    let same = |one: &Value, other: &Value| same_part(spelled, one, other);
    assert!(same(&rule("tcp", "10.0.0.5/16"), &rule("6", "10.0.0.0/16")));
    assert!(same(&rule("all", "fd00:0:0::/64"), &rule("-1", "fd00::/64")));
    assert!(!same(&rule("tcp", "10.0.0.0/16"), &rule("17", "10.0.0.0/16")));
    assert!(!same(&rule("tcp", "10.0.0.0/16"), &rule("tcp", "10.0.0.0/17")));
    assert!(!same(&rule("tcp", "sg-1"), &rule("tcp", "sg-2")));
}
