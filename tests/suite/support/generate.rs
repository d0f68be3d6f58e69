//! Environments within the rules, as YAML, and mutations that a person could make to what came of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;
use tokaido::model::{DesiredState, Environment};

use super::project;

#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its number names it and chooses its block.
    pub dedicated: bool,
    /// In a VPC of its own, where the database is always its own too.
    pub apart: bool,
    pub database: usize,
    pub sources: usize,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub engine: usize,
    pub class: usize,
    pub gib: i64,
    pub growth: i64,
    pub multi_az: bool,
    /// Hours in Tokyo.
    pub backup_at: i64,
    pub maintained_at: i64,
    pub day: usize,
}

#[derive(Debug, Clone)]
pub struct Wish {
    pub environment: Environment,
    pub zones: usize,
    pub recovery_zones: usize,
    pub databases: Vec<Form>,
    pub dedicated: Form,
    pub tenants: Vec<Tenant>,
    pub rotation: i64,
    pub copies_keep: i64,
    pub diverges: bool,
}

const ENGINES: [(&str, &str); 6] =
    [("postgres", "16"), ("postgres", "16.4"), ("postgres", "17"), ("mysql", "8.4"), ("mysql", "8.0.39"), ("mariadb", "10.11")];
const CLASSES: [&str; 3] = ["db.t4g.micro", "db.m7g.large", "db.r7g.2xlarge"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const NAMES: [&str; 3] = ["catalog", "order-history", "x9"];
const TENANTS: [&str; 3] = ["acme", "globex", "in-i-tech"];

fn form() -> impl Strategy<Value = Form> {
    (0..ENGINES.len(), 0..CLASSES.len(), 20..4000_i64, 2..9_i64, any::<bool>(), 6..12_i64, 13..23_i64, 0..DAYS.len()).prop_map(
        |(engine, class, gib, growth, multi_az, backup_at, maintained_at, day)| Form {
            engine,
            class,
            gib,
            growth,
            multi_az,
            backup_at,
            maintained_at,
            day,
        },
    )
}

pub fn wish() -> impl Strategy<Value = Wish> {
    let tenant = (any::<bool>(), any::<bool>(), 0..3_usize, 0..3_usize)
        .prop_map(|(dedicated, apart, database, sources)| Tenant { dedicated, apart, database, sources });
    let environment = prop_oneof![Just(Environment::Dev), Just(Environment::Staging), Just(Environment::Production)];
    let lists = (prop::collection::vec(form(), 0..3), prop::collection::vec(tenant, 1..4));
    (environment, 2..4_usize, 2..4_usize, lists, form(), 90..366_i64, 7..30_i64, any::<bool>()).prop_map(
        |(environment, zones, recovery_zones, (databases, tenants), dedicated, rotation, copies_keep, diverges)| Wish {
            environment,
            zones,
            recovery_zones,
            databases,
            dedicated,
            tenants,
            rotation,
            copies_keep,
            diverges,
        },
    )
}

fn write_form(text: &mut String, indent: &str, form: &Form) {
    let (engine, version) = ENGINES[form.engine];
    let lines = [
        format!("engine: {engine}"),
        format!("version: \"{version}\""),
        format!("class: {}", CLASSES[form.class]),
        format!("storage: {{ at_least: {} GiB, up_to: {} GiB }}", form.gib, form.gib * form.growth),
        format!("multi_az: {}", form.multi_az),
        format!("backup_window: \"{0:02}:00-{0:02}:30 Asia/Tokyo\"", form.backup_at),
        format!("maintenance_window: \"{1} {0:02}:00-{0:02}:30 Asia/Tokyo\"", form.maintained_at, DAYS[form.day]),
    ];
    for line in lines {
        let _ = writeln!(text, "{indent}{line}");
    }
}

impl Wish {
    pub fn account(&self) -> String {
        (1 + self.environment as usize).to_string().repeat(12)
    }

    pub fn yaml(&self) -> String {
        let zones = |region: &str, count: usize| {
            ["az1", "az2", if region == "apne1" { "az4" } else { "az3" }][..count]
                .iter()
                .map(|zone| format!("{region}-{zone}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut text = format!(
            "schema: tokaido/v1\nenvironment: {}\nextends: base.yaml\naccount: \"{}\"\n\
             network:\n  cidr: 10.30.0.0/16\n  zones: [{}]\n  shared: 10.30.0.0/20\n  recovery: {{ cidr: 10.31.0.0/16, zones: [{}] }}\n\
             protection:\n  recovery_copies: {{ keep: {}d, arrival_margin: 1d }}\n  encryption: {{ key_rotation: {}d }}\n",
            self.environment,
            self.account(),
            zones("apne1", self.zones),
            zones("apne3", self.recovery_zones),
            self.copies_keep,
            self.rotation,
        );
        if !self.databases.is_empty() {
            text.push_str("databases:\n");
        }
        for (form, name) in self.databases.iter().zip(NAMES) {
            let _ = writeln!(text, "  - name: {name}");
            write_form(&mut text, "    ", form);
        }
        text.push_str("dedicated_database:\n");
        write_form(&mut text, "  ", &self.dedicated);
        text.push_str("tenants:\n");
        for (number, (tenant, name)) in self.tenants.iter().zip(TENANTS).enumerate() {
            let (isolation, cidr) = if tenant.apart {
                ("vpc", format!("10.{}.0.0/{}", 40 + number, 16 + 4 * number))
            } else {
                ("subnets", format!("10.30.{}.0/20", 16 * (number + 1)))
            };
            let database = if tenant.dedicated || tenant.apart || self.databases.is_empty() {
                "dedicated".to_owned()
            } else {
                format!("{{ shared: {} }}", NAMES[tenant.database % self.databases.len()])
            };
            let _ = writeln!(text, "  - id: {name}\n    isolation: {isolation}\n    cidr: {cidr}\n    database: {database}");
            if tenant.sources > 0 {
                text.push_str("    ingress_allow:\n");
            }
            for source in 0..tenant.sources {
                let _ = writeln!(text, "      - {{ cidr: 203.0.{source}.{}/28, port: {} }}", 16 * number, 443 + source);
            }
        }
        if self.diverges && self.environment != Environment::Production {
            text.push_str(
                "divergences:\n  - { promise: point-in-time-recovery, value: 7d, reason: cost, owner: platform, until: 2027-03-31 }\n",
            );
        }
        text
    }

    pub fn write(&self, folder: &Path) {
        fs::write(folder.join("environments").join(format!("{}.yaml", self.environment)), self.yaml()).expect("a file");
    }

    pub fn load(&self) -> DesiredState {
        thread_local! {
            static FOLDER: TempDir = project::empty();
        }
        FOLDER.with(|folder| {
            self.write(folder.path());
            project::load(folder.path(), self.environment)
        })
    }
}
