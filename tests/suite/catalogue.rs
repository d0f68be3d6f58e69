//! What the table of classes, versions and zones says at `validate` (C4): sure things are errors, what AWS may have added since is a
//! warning with the day of the table.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use tokaido::kinds::catalogue::{self, Major};
use tokaido::model::{Environment, Region, Severity};
use tokaido::project::load;

use crate::project::{Project, all_rendered, today};

const DEV: &str = "environments/dev.yaml";

/// The findings of dev with this class and this version, each as its code and its severity, and their text.
fn said(class: &str, engine: &str, version: &str) -> (Vec<(&'static str, Severity)>, String) {
    let mut project = Project::new();
    project.edit(DEV, "class: db.t4g.micro", &format!("class: {class}"));
    project.edit(DEV, "engine: postgres\n    version: \"16\"", &format!("engine: {engine}\n    version: \"{version}\""));
    let loaded = load(project.root(), &[Environment::Dev], today());
    let codes = loaded.findings.iter().map(|finding| (finding.code, finding.severity)).collect();
    assert_eq!(loaded.states.len(), usize::from(loaded.findings.iter().all(|finding| finding.severity == Severity::Warning)));
    (codes, all_rendered(&loaded))
}

#[test]
fn a_class_is_doubted_where_the_table_does_not_have_it() {
    for (class, engine, code, words) in [
        ("db.m9z.large", "postgres", Some("class-not-listed"), "expected: `db.m7g.large`"),
        (
            "db.t4g.nano",
            "postgres",
            Some("class-not-listed"),
            "in the list of 2026-10-20; if AWS has added it since, this is no fault",
        ),
        // RDS has it for MySQL, not for MariaDB.
        ("db.m1.large", "mariadb", Some("class-not-listed"), "`db.m1.large` for mariadb in Tokyo"),
        ("db.m7i.large", "postgres", Some("class-not-in-osaka"), "expected: `db.m7g.large`"),
        ("db.r8a.48xlarge", "mysql", Some("class-not-in-osaka"), "expected: `db.r8g.48xlarge`"),
        ("db.m8i.96xlarge", "postgres", Some("class-not-listed"), "expected: a class of both regions"),
        ("db.t4g.micro", "postgres", None, ""),
        ("db.r8g.48xlarge", "postgres", None, ""),
    ] {
        let (found, text) = said(
            class,
            engine,
            if engine == "postgres" {
                "16"
            } else if engine == "mysql" {
                "8.4"
            } else {
                "11.4"
            },
        );
        assert_eq!(found, code.map(|code| (code, Severity::Warning)).into_iter().collect::<Vec<_>>(), "{class}: {text}");
        assert!(text.contains(words), "{class}: {text}");
    }
}

#[test]
fn a_version_is_refused_only_where_no_newer_aws_can_have_it() {
    for (engine, version, wanted) in [
        ("postgres", "18", Major::Listed),
        ("postgres", "16.4", Major::Listed),
        ("postgres", "9.6", Major::Listed),
        ("postgres", "19", Major::Later),
        ("postgres", "20.1", Major::Later),
        ("postgres", "21", Major::None),
        ("postgres", "8.4", Major::None),
        ("mysql", "8.4.3", Major::Listed),
        ("mysql", "8.0", Major::Listed),
        ("mysql", "8.3", Major::None),
        ("mysql", "9.7", Major::Later),
        ("mysql", "6.0", Major::None),
        ("mariadb", "10.11", Major::Listed),
        ("mariadb", "10.7", Major::None),
        ("mariadb", "12.3", Major::Listed),
        ("mariadb", "13.1", Major::Later),
    ] {
        assert_eq!(catalogue::major(engine, version), wanted, "{engine} {version}");
        let (found, text) = said("db.t4g.micro", engine, version);
        let code = match wanted {
            Major::Listed => None,
            Major::Later => Some(("version-not-listed", Severity::Warning)),
            Major::None => Some(("bad-version", Severity::Error)),
        };
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{engine} {version}: {text}");
    }
}

/// Every line is read: a table that a change of its form had emptied would doubt everything.
#[test]
fn the_table_is_read_in_full() {
    assert!(catalogue::as_of().parse::<jiff::civil::Date>().is_ok(), "{}", catalogue::as_of());
    let table = include_str!("../../src/kinds/catalogue.txt");
    let mut all = std::collections::BTreeSet::new();
    for line in table.lines().filter(|line| line.starts_with("class ")) {
        let words: Vec<&str> = line.split(' ').collect();
        for engine in words[2].split(',') {
            for size in &words[4..] {
                let class = format!("db.{}.{size}", words[1]);
                for region in [Region::Tokyo, Region::Osaka] {
                    let there = words[3].split(',').any(|one| one == region.as_str());
                    assert_eq!(catalogue::has_class(engine, &class, region), there, "{engine} {class} {region}");
                }
                all.insert(class);
            }
        }
    }
    assert!(all.len() > 200, "{}", all.len());
    // The form of a class accepts whatever RDS has.
    let mut project = Project::new();
    let rest = "engine: postgres, version: \"16\", storage: { at_least: 20 GiB, up_to: 40 GiB }, multi_az: false, \
                backup_window: \"10:00-10:30 UTC\", maintenance_window: \"Tue 12:00-12:30 UTC\"";
    let databases: Vec<String> =
        all.iter().enumerate().map(|(index, class)| format!("  - {{ name: d{index}, class: {class}, {rest} }}\n")).collect();
    project.edit(DEV, "databases:\n", &format!("databases:\n{}", databases.concat()));
    let loaded = load(project.root(), &[Environment::Dev], today());
    assert!(loaded.findings.iter().all(|finding| finding.severity == Severity::Warning), "{}", all_rendered(&loaded));
    for engine in ["mariadb", "mysql", "postgres"] {
        let majors = catalogue::majors(engine);
        assert!(majors.len() >= 5 && majors.iter().all(|major| catalogue::major(engine, major) == Major::Listed), "{majors:?}");
    }
}
