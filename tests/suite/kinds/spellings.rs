//! Every attribute of every declared kind: what means the same is no difference for the plan, for drift and for the judges, and a
//! change right beside it is still seen.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds;
use tokaido::model::reason::plan::BlockedReason;
use tokaido::model::schema::Comparison;
use tokaido::model::{Environment, ObservedState, RecordedState, ResourceId, Value, VerdictState, path};
use tokaido::plan::{self, PlanningInput};
use tokaido::promises::judge::{JudgeInput, judge};
use tokaido::store::recorded_state;

use crate::support::{Lab, attr, id, project};

/// A text of the attribute's value as JSON, and what AWS has there instead.
type Edit = (&'static str, &'static str);

/// How an attribute may be written.
enum Ways {
    /// In one way; lists without order may come in any order. Every change of the value is a difference.
    One,
    /// AWS does not return it.
    Unread,
    /// Edits after which it means the same; edits after which it does not. The promises of which each of those breaks one or makes
    /// it unknown.
    Many { same: &'static [Edit], other: &'static [Edit], judged: Option<&'static str> },
}

use Ways::{Many, One, Unread};

/// The resource on which the attributes of a kind are tried, and another one for one of them.
const OF: [(&str, &str); 13] = [
    ("backup-plan", "backup-plan.main@tokyo"),
    ("backup-vault", "backup-vault.main@tokyo"),
    ("bucket", "bucket.store@tokyo"),
    ("db-instance", "db-instance.catalog@tokyo"),
    ("db-parameter-group", "db-parameter-group.postgres16@tokyo"),
    ("db-subnet-group", "db-subnet-group.shared@tokyo"),
    ("dhcp-options", "dhcp-options.main@tokyo"),
    ("iam-role", "iam-role.backup@global"),
    ("iam-role inline_policies", "iam-role.applier@global"),
    ("kms-key", "kms-key.main@osaka"),
    ("security-group", "security-group.acme@tokyo"),
    ("subnet", "subnet.shared-a@tokyo"),
    ("vpc", "vpc.main@tokyo"),
];

const TABLE: &[(&str, &[(&str, Ways)])] = &[
    (
        "backup-plan",
        &[
            ("name", One),
            (
                "rules",
                Many {
                    same: &[
                        ("cron(0 3 ? * * *)", "cron(00 3 * * ? *)"),
                        ("cron(0 3 ? * * *)", "cron(0 3 ? JAN-DEC sun-SAT *)"),
                        ("cron(0 3 ? * * *)", "cron(0 3-3 1/1 1-12 ? *)"),
                        ("Asia/Tokyo", "Japan"),
                    ],
                    other: &[("cron(0 3 ? * * *)", "cron(0 3 ? * MON-SAT *)"), ("cron(0 3 ? * * *)", "cron(0 3 1-30 * ? *)")],
                    judged: Some("recovery-copies"),
                },
            ),
            ("copies", One),
            ("selections", One),
        ],
    ),
    ("backup-vault", &[("name", One), ("kms_key", One), ("lock", Unread), ("policy", Unread)]),
    (
        "bucket",
        &[
            ("name", One),
            ("versioning", One),
            ("object_lock", One),
            ("default_retention", One),
            ("encryption", One),
            ("public_access_block", One),
            ("object_ownership", One),
            (
                "policy",
                Many {
                    same: &[
                        (r#""s3:*""#, r#""S3:*""#),
                        (r#""s3:*""#, r#"["S3:*","s3:*"]"#),
                        (r#""Principal":"*""#, r#""Principal":{"AWS":["*"]}"#),
                        ("aws:SecureTransport", "AWS:securetransport"),
                        (r#""false""#, "[false]"),
                    ],
                    other: &[
                        (r#""s3:*""#, r#""s3:Get*""#),
                        (r#""Effect":"Deny""#, r#""Effect":"Allow""#),
                        (r#""false""#, r#""true""#),
                        ("arn:aws:s3:::tokaido", "arn:aws:s3:::Tokaido"),
                    ],
                    judged: Some("evidence-protection"),
                },
            ),
            ("lifecycle", One),
        ],
    ),
    (
        "db-instance",
        &[
            (
                "name",
                Many {
                    same: &[("production-catalog", "Production-CATALOG")],
                    other: &[("production-catalog", "production-catalogue")],
                    judged: None,
                },
            ),
            ("engine", Many { same: &[("postgres", "Postgres")], other: &[("postgres", "mysql")], judged: Some("clock") }),
            (
                "engine_version",
                Many {
                    same: &[("16.6", "16.13-rds.20270115"), ("16.6", "16.10")],
                    other: &[("16.6", "17.1-rds.20270115"), ("16.6", "15.13-rds.20270115"), ("16.6", "160.6")],
                    judged: None,
                },
            ),
            ("class", One),
            ("storage_type", One),
            ("allocated_storage", One),
            ("iops", One),
            ("storage_throughput", One),
            ("max_allocated_storage", One),
            ("storage_encrypted", One),
            ("kms_key", One),
            ("multi_az", One),
            ("port", One),
            ("vpc", One),
            ("subnet_group", One),
            ("security_groups", One),
            ("parameter_group", One),
            ("publicly_accessible", One),
            ("deletion_protection", One),
            ("backup_retention_days", One),
            ("backup_window", Many { same: &[("-", " - "), ("17:00", " 17:0")], other: &[("17:00", "16:00")], judged: None }),
            ("maintenance_window", Many { same: &[("sat:", "Sat:"), ("-", " - ")], other: &[("sat:", "sun:")], judged: None }),
            ("auto_minor_version_upgrade", One),
            ("copy_tags_to_snapshot", One),
            ("log_exports", One),
            ("master_username", One),
            ("managed_master_password", One),
            ("ca_certificate", One),
            ("engine_lifecycle_support", Unread),
            ("cluster", Unread),
            ("replica_of", Unread),
            ("replicas", Unread),
        ],
    ),
    (
        "db-parameter-group",
        &[
            ("name", Many { same: &[("production-", "Production-")], other: &[("production-", "production2-")], judged: None }),
            ("family", One),
            ("description", One),
            (
                "parameters",
                Many {
                    same: &[
                        (r#""1""#, r#""on""#),
                        (r#""1""#, r#""TRUE""#),
                        (r#""timezone":"UTC""#, r#""TimeZone":"utc""#),
                        (r#""timezone":"UTC""#, r#""timezone":"Etc/UTC""#),
                        (r#""log_timezone":"UTC""#, r#""log_timezone":"zulu""#),
                    ],
                    other: &[(r#""1""#, r#""0""#), (r#""1""#, r#""11""#), (r#""timezone":"UTC""#, r#""timezone":"GMT""#)],
                    judged: Some("cryptographic-controls or clock"),
                },
            ),
            ("unmodifiable", Unread),
        ],
    ),
    (
        "db-subnet-group",
        &[
            ("name", Many { same: &[("production-", "PRODUCTION-")], other: &[("production-", "production2-")], judged: None }),
            ("description", One),
            ("subnets", One),
        ],
    ),
    (
        "dhcp-options",
        &[
            ("domain_name_servers", One),
            (
                "ntp_servers",
                Many {
                    same: &[
                        (r#""169.254.169.123""#, r#""169.254.169.123","fd00:ec2::123""#),
                        (r#""169.254.169.123""#, r#""FD00:0ec2:0::0123","169.254.169.123""#),
                        (r#""169.254.169.123""#, r#""fd00:ec2::123""#),
                    ],
                    other: &[
                        (r#""169.254.169.123""#, r#""169.254.169.123","203.0.113.9""#),
                        (r#""169.254.169.123""#, r#""fd00:ec2::124""#),
                        (r#""169.254.169.123""#, ""),
                    ],
                    judged: Some("clock"),
                },
            ),
        ],
    ),
    (
        "iam-role",
        &[
            ("name", One),
            ("path", One),
            ("description", One),
            (
                "trust",
                Many {
                    same: &[
                        ("sts:AssumeRole", "STS:AssumeRole"),
                        (r#""sts:AssumeRole""#, r#"["STS:assumerole"]"#),
                        (r#""backup.amazonaws.com""#, r#"["backup.amazonaws.com"]"#),
                        ("aws:SourceAccount", "aws:sourceaccount"),
                    ],
                    other: &[
                        ("sts:AssumeRole", "sts:TagSession"),
                        ("backup.amazonaws.com", "ec2.amazonaws.com"),
                        ("StringEquals", "StringNotEquals"),
                        (r#""333333333333""#, r#""333333333334""#),
                        ("2012-10-17", "2008-10-17"),
                    ],
                    judged: Some("recovery-copies"),
                },
            ),
            ("managed_policies", One),
            (
                "inline_policies",
                Many {
                    same: &[
                        ("sts:GetCallerIdentity", "STS:getcalleridentity"),
                        (r#""Effect":"Allow""#, r#""Effect":"Allow","Sid":"""#),
                    ],
                    other: &[("sts:GetCallerIdentity", "sts:*"), (r#""tokaido":"#, r#""other":"#)],
                    judged: None,
                },
            ),
            ("permissions_boundary", One),
        ],
    ),
    (
        "kms-key",
        &[
            ("alias", One),
            ("description", One),
            ("enabled", One),
            (
                "policy",
                Many {
                    same: &[
                        ("kms:*", "KMS:*"),
                        ("arn:aws:iam::333333333333:root", "333333333333"),
                        (r#""Resource":"*""#, r#""Resource":["*","*"]"#),
                    ],
                    other: &[
                        ("kms:*", "kms:D*"),
                        ("arn:aws:iam::333333333333:root", "333333333334"),
                        (r#""Resource":"*""#, r#""Resource":["*","arn"]"#),
                    ],
                    judged: Some("recovery-copies"),
                },
            ),
            ("rotation_days", One),
            ("origin", Unread),
            ("more_aliases", Unread),
            ("regions", Unread),
        ],
    ),
    (
        "security-group",
        &[
            ("name", One),
            ("description", One),
            ("vpc", One),
            (
                "rules",
                Many {
                    same: &[(r#""tcp""#, r#""6""#), (r#""tcp""#, r#""TCP""#), ("203.0.113.0/24", "203.0.113.77/24")],
                    other: &[("203.0.113.0/24", "203.0.112.0/23"), (r#""tcp""#, r#""17""#)],
                    judged: Some("tenant-ingress"),
                },
            ),
        ],
    ),
    (
        "subnet",
        &[
            ("vpc", One),
            ("cidr", Many { same: &[(".0/", ".9/")], other: &[("/2", "/1")], judged: None }),
            ("zone", One),
            ("public_addresses", One),
            ("ipv6_blocks", One),
            ("ipv6_addresses", One),
        ],
    ),
    (
        "vpc",
        &[
            ("cidr", Many { same: &[(".0.0/16", ".7.9/16")], other: &[("/16", "/17")], judged: None }),
            ("blocks", One),
            ("dns_support", One),
            ("dns_hostnames", One),
            ("dhcp_options", One),
        ],
    ),
];

/// Production as it is after an apply.
struct World {
    lab: Lab,
    observed: ObservedState,
    recorded: RecordedState,
    states: BTreeMap<String, (VerdictState, BTreeMap<String, VerdictState>)>,
}

impl World {
    fn new() -> Self {
        // So large that every attribute of a database is declared.
        let folder = project::copy();
        let file = folder.path().join("environments/production.yaml");
        let text = std::fs::read_to_string(&file).expect("the file").replacen("at_least: 100 GiB", "at_least: 500 GiB", 1);
        std::fs::write(&file, text).expect("written");
        let lab = Lab::new(project::load(folder.path(), Environment::Production));
        lab.converge();
        let planned = lab.plan();
        let recorded = recorded_state(&lab.records()).expect("an apply was recorded");
        let mut world = Self { observed: planned.observed, recorded, states: BTreeMap::new(), lab };
        world.states = world.judged(&world.observed);
        world
    }

    /// The world in which AWS has this value there.
    fn with(&self, of: &ResourceId, attribute: &str, value: Value) -> ObservedState {
        let mut observed = self.observed.clone();
        let live = observed.owned.get_mut(of).expect("an owned resource");
        live.attributes.values_mut().set(attr(attribute), value);
        observed
    }

    /// The attributes that the plan changes or refuses to change, and those that drift names.
    fn differing(&self, observed: &ObservedState) -> [BTreeSet<(ResourceId, String)>; 2] {
        let schemas = kinds::schemas();
        let (desired, recorded) = (&*self.lab.desired, Some(&self.recorded));
        let input = PlanningInput { desired, observed, recorded, schemas: &schemas, tool_version: "0.1.0" };
        let name = |path: &str| path::attribute(path).to_owned();
        let body = plan::plan(&input);
        let changed = body.changes.iter().map(|change| (&change.id, &change.diffs));
        let blocked = body.blocked.iter().map(|blocked| (&blocked.id, &blocked.diffs));
        let planned = changed.chain(blocked).flat_map(|(id, diffs)| diffs.iter().map(|diff| (id.clone(), name(&diff.path))));
        // What AWS never changes says whose resource it is: a plan names the attribute and changes nothing.
        let others = body.blocked.iter().filter_map(|blocked| match blocked.reason.ours()? {
            BlockedReason::NotItsOwn { attributes, .. } => Some((&blocked.id, attributes)),
            _ => None,
        });
        let others = others.flat_map(|(id, names)| names.iter().map(|name| (id.clone(), name.to_string())));
        let planned = planned.chain(others);
        let drift = plan::drift(&input, "2026-11-30T00:00:00Z", &BTreeSet::new());
        assert!(drift.missing.is_empty(), "nothing is missing: {:?}", drift.missing);
        let drifted = drift.drifted.iter().flat_map(|note| note.diffs.iter().map(|diff| (note.id.clone(), name(&diff.path))));
        [planned.collect(), drifted.collect()]
    }

    fn judged(&self, observed: &ObservedState) -> BTreeMap<String, (VerdictState, BTreeMap<String, VerdictState>)> {
        let schemas = kinds::schemas();
        let (desired, recorded) = (&*self.lab.desired, Some(&self.recorded));
        let verdicts = judge(&JudgeInput { desired, observed, recorded, schemas: &schemas, accounts: None, now: None });
        let of = |verdict: tokaido::model::Verdict| {
            let members = verdict.population.iter().map(|member| (member.subject.clone(), member.state)).collect();
            (verdict.promise.clone(), (verdict.state, members))
        };
        verdicts.into_iter().map(of).collect()
    }

    fn value(&self, of: &ResourceId, attribute: &str) -> Value {
        self.observed.owned[of].attributes.bare().get(attr(attribute)).cloned().unwrap_or(Value::Null)
    }

    /// What is wrong where AWS holds a value that means the same.
    fn unlike(&self, of: &ResourceId, attribute: &str, value: &Value) -> Option<String> {
        let observed = self.with(of, attribute, value.clone());
        let [planned, drifted] = self.differing(&observed);
        let states = self.judged(&observed);
        let moved: Vec<_> = states.iter().filter(|(slug, state)| self.states.get(*slug) != Some(state)).collect();
        let same = planned.is_empty() && drifted.is_empty() && moved.is_empty();
        (!same).then(|| format!("{of} {attribute} means the same: {value}: {planned:?} {drifted:?} {moved:?}"))
    }

    /// What is wrong where AWS holds a value that means something else: plan and drift name it, and a verdict of the promise, if
    /// one is judged by it, is another one.
    fn unseen(&self, of: &ResourceId, attribute: &str, value: &Value, judged: Option<&str>) -> Option<String> {
        let observed = self.with(of, attribute, value.clone());
        let [planned, drifted] = self.differing(&observed);
        let wanted = (of.clone(), attribute.to_owned());
        let states = self.judged(&observed);
        let moved: Vec<_> = states.iter().filter(|(slug, state)| self.states.get(*slug) != Some(state)).collect();
        let told =
            judged.is_none_or(|promise| moved.iter().any(|(slug, _)| promise.split(" or ").any(|named| named == slug.as_str())));
        let seen = planned.contains(&wanted) && drifted.contains(&wanted) && told;
        let moved: Vec<_> = moved.into_iter().map(|(slug, (state, _))| (slug, state)).collect();
        (!seen).then(|| format!("{of} {attribute} is another value: {value}: {planned:?} {drifted:?} {moved:?}"))
    }
}

/// A value that means something else, whatever the attribute is about.
fn changed(value: &Value) -> Value {
    match value {
        Value::Null => Value::from("x"),
        Value::Bool(on) => Value::Bool(!on),
        // A size that grew is accepted; one that is less is not.
        Value::Int(number) => Value::Int(number - 1),
        Value::Text(text) => Value::from(format!("{text}x")),
        Value::Ref(_) => Value::from("of-another"),
        Value::List(items) if items.is_empty() => Value::list(["more"]),
        Value::List(items) => Value::list(items.iter().skip(1).cloned()),
        Value::Map(map) => Value::map(map.iter().skip(1).map(|(key, value)| (key.clone(), value.clone()))),
    }
}

/// Every edit of the value. An edit of what is not there is a fault of the table.
fn edited(value: &Value, edits: &[Edit]) -> Vec<Value> {
    let text = serde_json::to_string(value).expect("plain data");
    let edit = |(from, to): &Edit| {
        assert!(text.contains(from), "`{from}` is not in {text}");
        let text = text.replace(from, to);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    };
    edits.iter().map(edit).collect()
}

#[test]
fn every_attribute_says_in_which_ways_it_may_be_written() {
    for kind in kinds::declared() {
        // A kind needs lines when one of its rows has a rule. A new kind without rules has one spelling for each value.
        let Some((_, rows)) = TABLE.iter().find(|(name, _)| *name == kind.schema.kind) else {
            let ruled: Vec<_> = kind.schema.attributes.iter().filter(|row| !row.spelled.is_empty()).map(|row| row.name).collect();
            assert!(ruled.is_empty(), "{} has rules and no lines: {ruled:?}", kind.schema.kind);
            continue;
        };
        for row in kind.schema.attributes.iter().filter(|row| row.comparison != Comparison::Tags) {
            let name = row.name.as_str();
            let ways = rows.iter().find(|(known, _)| *known == name);
            let (_, ways) = ways.unwrap_or_else(|| panic!("{}.{name} has no line: its spellings, or `One`", kind.schema.kind));
            let alone = matches!(row.comparison, Comparison::Exact | Comparison::Set | Comparison::Keyed(_) | Comparison::Map);
            let fields: BTreeSet<_> = row.spelled.iter().map(|(field, _)| field).collect();
            assert_eq!(fields.len(), row.spelled.len(), "{}.{name}: one rule for each field", kind.schema.kind);
            match ways {
                Unread => assert!(!row.comparison.compares(), "{}.{name}", kind.schema.kind),
                Many { same, other, .. } => assert!(!same.is_empty() && !other.is_empty(), "{}.{name}", kind.schema.kind),
                One => assert!(!alone || row.spelled.is_empty(), "{}.{name} has spellings", kind.schema.kind),
            }
        }
        assert_eq!(rows.len() + 1, kind.schema.attributes.len(), "{}: the table has what the kind has", kind.schema.kind);
    }
    // A path names the element of AWS's spelling: the fields of its key are all that may be spelled in several ways.
    for kind in kinds::ALL {
        for row in kind.schema.attributes {
            let Comparison::Keyed(fields) = row.comparison else { continue };
            let keys: Vec<_> = row.spelled.iter().filter(|(field, _)| fields.contains(field)).collect();
            let whole = row.spelled.len() == keys.len() || keys.is_empty();
            assert!(whole, "{}.{}: key fields or other fields, not both", kind.schema.kind, row.name);
        }
    }
}

#[test]
fn what_means_the_same_is_no_difference_and_a_change_beside_it_is() {
    let world = World::new();
    assert_eq!(world.differing(&world.observed), [BTreeSet::new(), BTreeSet::new()], "production is as applied");
    let mut wrong: Vec<String> = Vec::new();
    for (kind, rows) in TABLE {
        let of = |what: &str| OF.iter().find(|(known, _)| *known == what).map(|(_, of)| id(of));
        let schema = kinds::schemas()[kind];
        for (name, ways) in *rows {
            let of = of(&format!("{kind} {name}")).or_else(|| of(kind)).expect("a resource of every kind");
            let value = world.value(&of, name);
            let row = schema.attribute(name).expect("an attribute");
            let unordered = matches!(row.comparison, Comparison::Set | Comparison::Keyed(_));
            if let Some(items) = value.as_list().filter(|_| unordered) {
                let back: Vec<Value> = items.iter().rev().cloned().collect();
                wrong.extend(world.unlike(&of, name, &Value::from(back)));
            }
            match ways {
                Unread => {}
                One => wrong.extend(world.unseen(&of, name, &changed(&value), None)),
                Many { same, other, judged } => {
                    wrong.extend(edited(&value, same).iter().filter_map(|value| world.unlike(&of, name, value)));
                    wrong.extend(edited(&value, other).iter().filter_map(|value| world.unseen(&of, name, value, *judged)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
