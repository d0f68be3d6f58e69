//! Values of database parameters, by the family of the group: `postgres16`, `mysql8.4`.
//!
//! Only parameters of these lists are folded. Of any other one nothing is known, so it has one spelling.
//!
//! Sources: PostgreSQL's manual, 20.1.1 (booleans as `on`, `off`, `true`, `false`, `yes`, `no`, `1`, `0`, enumerations without
//! regard to case); MySQL's manual, 5.1.8 (a boolean variable takes `ON`, `TRUE`, `1` and `OFF`, `FALSE`, `0`); field notes 3.6
//! (RDS's value of `require_secure_transport` is `1`, its names are case-insensitive).

use super::zone;
use crate::model::value::{Map, Value};

/// Booleans of PostgreSQL.
const POSTGRES_SWITCHES: [&str; 6] =
    ["rds.force_ssl", "log_disconnections", "log_checkpoints", "log_lock_waits", "log_duration", "autovacuum"];
/// Since PostgreSQL 18 it is a list of words (field notes 3.6), so it is a boolean of older families alone.
const LOG_CONNECTIONS: (&str, u32) = ("log_connections", 18);
/// Enumerations of PostgreSQL.
const POSTGRES_WORDS: [&str; 4] = ["log_statement", "log_min_messages", "log_error_verbosity", "client_min_messages"];
/// Booleans of MySQL and MariaDB.
const MYSQL_SWITCHES: [&str; 4] = ["require_secure_transport", "general_log", "slow_query_log", "log_queries_not_using_indexes"];

/// The name in one spelling.
#[must_use]
pub fn name(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// The value of the parameter in a group, however its name is written.
#[must_use]
pub fn of<'a>(values: &'a Map, parameter: &str) -> Option<&'a Value> {
    values.get(parameter).or_else(|| values.iter().find(|(known, _)| name(known) == parameter).map(|(_, value)| value))
}

/// The value in one spelling. `family`: of the group, or the name of the engine.
#[must_use]
pub fn canonical(family: &str, parameter: &str, value: &str) -> String {
    let (parameter, folded) = (name(parameter), value.trim().to_ascii_lowercase());
    let known = |list: &[&str]| list.contains(&parameter.as_str());
    let family = family.to_ascii_lowercase();
    if let Some(version) = family.strip_prefix("postgres") {
        let version: Option<u32> = version.split('.').next().and_then(|major| major.parse().ok());
        let older = parameter == LOG_CONNECTIONS.0 && version.is_some_and(|version| version < LOG_CONNECTIONS.1);
        match parameter.as_str() {
            "timezone" | "log_timezone" => return zone::folded(value.trim()),
            _ if known(&POSTGRES_SWITCHES) || older => {
                return switch(&folded, &["on", "true", "yes", "1"], &["off", "false", "no", "0"], value);
            }
            _ if known(&POSTGRES_WORDS) => return folded,
            _ => {}
        }
    } else if family.starts_with("mysql") || family.starts_with("mariadb") {
        match parameter.as_str() {
            "time_zone" => return zone::folded(value.trim()),
            _ if known(&MYSQL_SWITCHES) => return switch(&folded, &["on", "true", "1"], &["off", "false", "0"], value),
            _ => {}
        }
    }
    value.to_owned()
}

/// Whether two values of a parameter mean the same.
#[must_use]
pub fn same(family: &str, parameter: &str, one: &str, other: &str) -> bool {
    one == other || canonical(family, parameter, one) == canonical(family, parameter, other)
}

/// Whether the value at this path of a group's parameters makes clients use TLS: those of the engine that has such a switch.
#[must_use]
pub fn demands_tls(path: &str, value: &Value) -> bool {
    let switch = [("postgres", "rds.force_ssl"), ("mysql", "require_secure_transport")];
    let of = |(engine, name): (&str, &str)| {
        path.strip_prefix("parameters[").and_then(|rest| rest.strip_suffix(']')) == Some(name)
            && value.as_text().is_some_and(|text| same(engine, name, text, "1"))
    };
    switch.into_iter().any(of)
}

fn switch(folded: &str, on: &[&str], off: &[&str], value: &str) -> String {
    match folded {
        word if on.contains(&word) => "1".to_owned(),
        word if off.contains(&word) => "0".to_owned(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_switch_is_a_switch_in_its_engine_alone() {
        for spelled in ["on", "ON", "true", "Yes", "1"] {
            assert!(same("postgres16", "rds.force_ssl", "1", spelled), "{spelled}");
            assert!(!same("postgres16", "rds.force_ssl", "0", spelled), "{spelled}");
        }
        assert!(same("mysql8.4", "require_secure_transport", "ON", "1"));
        assert!(!same("mysql8.4", "require_secure_transport", "yes", "1"), "MySQL takes no `yes`");
        assert!(!same("postgres16", "require_secure_transport", "ON", "1"), "PostgreSQL has no such parameter");
        assert!(!same("postgres16", "work_mem", "on", "1"), "a number");
        assert!(same("postgres17", "log_connections", "on", "1"));
        assert!(!same("postgres18", "log_connections", "on", "1"), "a list of words");
    }

    #[test]
    fn zones_and_words() {
        assert!(same("postgres16", "timezone", "UTC", "etc/utc"));
        assert!(same("mariadb10.11", "time_zone", "Asia/Tokyo", "japan"));
        assert!(!same("postgres16", "log_timezone", "UTC", "GMT"));
        assert!(!same("mysql8.4", "time_zone", "UTC", "+00:00"));
        assert!(same("postgres16", "log_statement", "DDL", "ddl"));
        assert!(!same("postgres16", "log_statement", "ddl", "mod"));
        assert!(!same("postgres16", "search_path", "A", "a"));
    }
}
