//! How RDS behaves: dangerous defaults, minutes to create, values that wait for the window, refusals.

use std::collections::BTreeMap;

use crate::model::{Attributes, Status, Value};
use crate::world::behaviour::{Behaviour, Mint, Neighbours, Refusal, SimObject};

pub struct DbInstance;

const WINDOW: &str = "in the next maintenance window";

/// RDS puts the instance into the VPC of its subnet group and takes security groups of no other.
fn one_network(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
    let all = neighbours.all();
    let of = |kind: &str, physical: &str| {
        let object = all.iter().find(|object| object.kind == kind && object.physical == physical)?;
        object.attributes.text("vpc")
    };
    let texts = |list: Option<&Value>| -> Vec<String> {
        list.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text).map(str::to_owned).collect()
    };
    let group = attributes.text("subnet_group").and_then(|name| {
        all.iter().find(|object| object.kind == "db-subnet-group" && object.outputs.get("name").is_some_and(|own| own == name))
    });
    let subnets = group.map(|group| texts(group.attributes.get("subnets"))).unwrap_or_default();
    let Some(home) = subnets.first().and_then(|subnet| of("subnet", subnet)) else { return Ok(()) };
    let asked = attributes.text("vpc").unwrap_or(home);
    let groups = texts(attributes.get("security_groups"));
    let elsewhere = groups.iter().filter_map(|group| of("security-group", group)).find(|vpc| *vpc != home);
    if elsewhere.is_some() || asked != home {
        return Err(Refusal::invalid(
            "InvalidParameterCombination",
            "The DB instance and EC2 security group are in different VPCs.",
        ));
    }
    Ok(())
}

impl Behaviour for DbInstance {
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>) {
        let name = attributes.text("name").unwrap_or_default().to_ascii_lowercase();
        let arn = mint.arn("rds", &format!("db:{name}"));
        (name.clone(), [("name".to_owned(), name), ("arn".to_owned(), arn)].into())
    }

    /// The defaults of CreateDBInstance that tokaido never relies on.
    fn add_defaults(&self, attributes: &mut Attributes) {
        let defaults: [(&str, Value); 15] = [
            ("backup_retention_days", Value::Int(1)),
            ("storage_encrypted", Value::Bool(false)),
            ("deletion_protection", Value::Bool(false)),
            ("auto_minor_version_upgrade", Value::Bool(true)),
            ("publicly_accessible", Value::Bool(true)),
            ("copy_tags_to_snapshot", Value::Bool(false)),
            ("multi_az", Value::Bool(false)),
            ("backup_window", Value::from("13:14-13:44")),
            ("maintenance_window", Value::from("wed:18:02-wed:18:32")),
            ("storage_type", Value::from("gp3")),
            ("port", Value::Int(5432)),
            ("log_exports", Value::from(Vec::<Value>::new())),
            ("security_groups", Value::from(Vec::<Value>::new())),
            ("managed_master_password", Value::Bool(false)),
            ("ca_certificate", Value::from("rds-ca-rsa2048-g1")),
        ];
        for (name, value) in defaults {
            attributes.set_default(name, value);
        }
        if let Some(storage) = attributes.get("allocated_storage").cloned() {
            attributes.set_default("max_allocated_storage", storage);
        }
    }

    /// `16` becomes the newest minor version; names and windows come back in lower case.
    fn normalise(&self, attributes: &mut Attributes) {
        for name in ["name", "maintenance_window", "engine"] {
            if let Some(folded) = attributes.text(name).map(str::to_ascii_lowercase) {
                attributes.set(name, folded);
            }
        }
        let whole = attributes.text("engine_version").filter(|version| !version.contains('.')).map(str::to_owned);
        if let Some(major) = whole {
            attributes.set("engine_version", format!("{major}.6"));
        }
        attributes.remove("engine_lifecycle_support");
    }

    fn check(&self, attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        let days = attributes.int("backup_retention_days").unwrap_or(1);
        if !(0..=35).contains(&days) {
            return Err(Refusal::invalid(
                "InvalidParameterValue",
                format!("Invalid backup retention period: {days}. Valid values are 0 - 35."),
            ));
        }
        let (at_least, up_to) =
            (attributes.int("allocated_storage").unwrap_or(0), attributes.int("max_allocated_storage").unwrap_or(0));
        if up_to < at_least {
            return Err(Refusal::invalid("InvalidParameterCombination", "Max storage size must be greater than storage size"));
        }
        let links = [
            ("kms-key", "arn", "kms_key"),
            ("db-subnet-group", "name", "subnet_group"),
            ("db-parameter-group", "name", "parameter_group"),
        ];
        for (kind, output, attribute) in links {
            if let Some(target) = attributes.text(attribute)
                && !neighbours.exists(kind, output, target)
            {
                return Err(Refusal::invalid("InvalidParameterValue", format!("{attribute} {target} does not exist")));
            }
        }
        one_network(attributes, neighbours)
    }

    fn creating(&self) -> Option<(&'static str, u64)> {
        Some(("creating", 9 * 60))
    }

    fn modifying(&self) -> Option<(&'static str, u64)> {
        Some(("modifying", 60))
    }

    fn queued(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("class", WINDOW),
            ("engine_version", WINDOW),
            ("multi_az", WINDOW),
            ("ca_certificate", WINDOW),
            ("storage_type", WINDOW),
            ("allocated_storage", WINDOW),
        ]
    }

    /// Switching backups on or off is an outage, so RDS keeps it for the window.
    fn waits(&self, attribute: &str, before: Option<&Value>, after: &Value) -> Option<&'static str> {
        let none = |value: Option<&Value>| value.and_then(Value::as_int) == Some(0);
        if attribute == "backup_retention_days" {
            return (none(before) != none(Some(after))).then_some(WINDOW);
        }
        self.queued().iter().find(|(queued, _)| *queued == attribute).map(|(_, when)| *when)
    }

    fn changeable(&self, before: &Attributes, after: &Attributes) -> Result<(), Refusal> {
        match (before.int("allocated_storage"), after.int("allocated_storage")) {
            (Some(now), Some(wanted)) if wanted < now => Err(Refusal::invalid(
                "InvalidParameterCombination",
                format!("Requested storage size ({wanted}) cannot be less than the current storage size ({now})."),
            )),
            _ => Ok(()),
        }
    }

    fn deletable(&self, object: &SimObject, _: &dyn Neighbours) -> Result<(), Refusal> {
        if object.attributes.get("deletion_protection") == Some(&Value::Bool(true)) {
            return Err(Refusal::invalid(
                "InvalidParameterCombination",
                "Cannot delete protected DB Instance, please disable deletion protection and try again.",
            ));
        }
        Ok(())
    }

    fn readiness(&self, state: &str) -> Status {
        super::readiness(state)
    }
}
