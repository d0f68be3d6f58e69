//! How RDS behaves: dangerous defaults, minutes to create, refusals. The rows say which values wait for the window.

use super::{at, gp3};
use crate::kinds::prelude::*;
use crate::kinds::{catalogue, db_subnet_group, security_group, subnet};
use crate::model::{Attr, Status};

const COMBINATION: &str = "InvalidParameterCombination";
const VALUE: &str = "InvalidParameterValue";

pub static SIM: Behaviour = Behaviour {
    // The defaults of CreateDBInstance that tokaido never relies on.
    defaults: &[
        (at::backup_retention_days.name(), Given::Int(1)),
        (at::storage_encrypted.name(), Given::Bool(false)),
        (at::deletion_protection.name(), Given::Bool(false)),
        (at::auto_minor_version_upgrade.name(), Given::Bool(true)),
        (at::publicly_accessible.name(), Given::Bool(true)),
        (at::copy_tags_to_snapshot.name(), Given::Bool(false)),
        (at::multi_az.name(), Given::Bool(false)),
        (at::backup_window.name(), Given::Text("13:14-13:44")),
        (at::maintenance_window.name(), Given::Text("wed:18:02-wed:18:32")),
        (at::storage_type.name(), Given::Text("gp3")),
        (at::port.name(), Given::Int(5432)),
        (at::log_exports.name(), Given::EmptyList),
        (at::security_groups.name(), Given::EmptyList),
        (at::managed_master_password.name(), Given::Bool(false)),
        (at::ca_certificate.name(), Given::Text("rds-ca-rsa2048-g1")),
        (at::max_allocated_storage.name(), Given::SameAs(at::allocated_storage.name())),
    ],
    complete,
    folded: &[at::name.name(), at::maintenance_window.name(), at::engine.name()],
    normalise,
    demands: &[Demand::new(
        at::backup_retention_days.name(),
        Measure::Number(0, 35),
        VALUE,
        "Invalid backup retention period: {}. Valid values are 0 - 35.",
    )],
    links: &[
        LinkCheck::new(at::kms_key.name(), VALUE, "kms_key {} does not exist").optional(),
        LinkCheck::new(at::subnet_group.name(), VALUE, "subnet_group {} does not exist").optional(),
        LinkCheck::new(at::parameter_group.name(), VALUE, "parameter_group {} does not exist").optional(),
    ],
    check,
    linked: one_network,
    creating: Some(("creating", 9 * 60)),
    modifying: Some(("modifying", 60)),
    changeable,
    takes,
    offers,
    unoffered,
    deletable: |object, _| {
        if object.attributes.typed(at::deletion_protection) == Some(true) {
            let message = "Cannot delete protected DB Instance, please disable deletion protection and try again.";
            return Err(ApiRefusal::invalid(COMBINATION, message));
        }
        Ok(())
    },
    // RDS's words (field notes 3.2). An unknown word is work in progress, never ready.
    states: States::Working(
        &["available", "storage-optimization"],
        &[
            "failed",
            "deleting",
            "stopped",
            "storage-full",
            "insufficient-capacity",
            "incompatible-network",
            "incompatible-restore",
            "incompatible-parameters",
            "incompatible-option-group",
            "incompatible-create",
            "restore-error",
            "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable",
        ],
    ),
    ..Behaviour::PLAIN
};

/// RDS returns the newest minor version for `16`.
fn normalise(attributes: &mut Attributes) {
    if let Some(major) = attributes.typed(at::engine_version).filter(|version| !version.contains('.')) {
        attributes.put(at::engine_version, format!("{major}.6"));
    }
    attributes.remove(at::engine_lifecycle_support);
}

/// What the catalogue has: each major version of the engine, for a class of the region.
fn offers(asked: &Attributes, region: Region) -> Option<Vec<Attributes>> {
    let (engine, class) = (asked.typed(at::engine)?, asked.typed(at::class)?);
    let majors = catalogue::majors(&engine);
    if majors.is_empty() {
        return None;
    }
    let has = catalogue::has_class(&engine, &class, region);
    let offer = |major: &str| {
        let mut offer = Attributes::default();
        offer.put(at::engine_version, major.to_owned());
        offer
    };
    Some(majors.into_iter().filter(|_| has).map(offer).collect())
}

/// RDS refuses what its offers do not have, with messages as users of its API report them. A class that it has nowhere is another
/// mistake than one that does not go with the engine.
fn unoffered(wanted: &Attributes, region: Region) -> Option<ApiRefusal> {
    let offers = offers(wanted, region)?;
    let text = |attr| wanted.typed(attr).unwrap_or_default();
    let (engine, class, version) = (text(at::engine), text(at::class), text(at::engine_version));
    if offers.is_empty() {
        return Some(ApiRefusal::invalid(VALUE, format!("Invalid DB Instance class: {class}")));
    }
    let major = engine_version::major(&engine, &version);
    if version.is_empty() || offers.iter().any(|offer| offer.typed(at::engine_version).is_some_and(|has| has == major)) {
        return None;
    }
    let message = format!(
        "RDS does not support creating a DB instance with the following combination: DBInstanceClass={class}, Engine={engine}, \
        EngineVersion={version}. For supported combinations of instance class and database engine version, see the documentation."
    );
    Some(ApiRefusal::invalid(COMBINATION, message))
}

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let number = |name| attributes.typed(name).unwrap_or(0);
    if number(at::max_allocated_storage) < number(at::allocated_storage) {
        return Err(ApiRefusal::invalid(COMBINATION, "Max storage size must be greater than storage size"));
    }
    Ok(())
}

/// RDS puts the instance into the VPC of its subnet group and refuses security groups of another VPC.
fn one_network(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let find = |kind: &str, physical: &str| neighbours.called(kind, physical).into_iter().next();
    let group = attributes.typed(at::subnet_group);
    let group = group.as_ref().and_then(|link| find(db_subnet_group::NAME, link.physical().ok()?));
    let subnets = group.and_then(|group| group.attributes.typed(db_subnet_group::at::subnets)).unwrap_or_default();
    let first = subnets.first().and_then(|link| find(subnet::NAME, link.physical().ok()?));
    let Some(home) = first.and_then(|subnet| subnet.attributes.typed(subnet::at::vpc)) else { return Ok(()) };
    let groups: Vec<Link> = attributes.typed(at::security_groups).unwrap_or_default();
    let groups = groups.iter().filter_map(|link| find(security_group::NAME, link.physical().ok()?));
    let mut homes = groups.filter_map(|group| group.attributes.typed(security_group::at::vpc));
    if homes.any(|vpc| vpc != home) || attributes.typed(at::vpc).is_some_and(|asked| asked != home) {
        return Err(ApiRefusal::invalid(COMBINATION, "The DB instance and EC2 security group are in different VPCs."));
    }
    Ok(())
}

/// A database in a failed state takes no change. A full one takes a growth of its storage, and nothing else in the same call
/// (field notes 20).
fn takes(asked: &Modification<'_>) -> Result<Taken, ApiRefusal> {
    let also = storage(asked)?;
    let word = asked.state;
    if !matches!(SIM.states.status(word), Status::Failed(_)) {
        return Ok(Taken { at_once: false, also });
    }
    let more = |name: Attr<i64>| asked.before.typed(name).zip(asked.after.typed(name)).is_some_and(|(now, wanted)| wanted > now);
    let of_storage =
        [at::allocated_storage.name(), at::max_allocated_storage.name(), at::iops.name(), at::storage_throughput.name()];
    if word == "storage-full" && asked.changed.iter().all(|name| of_storage.contains(name)) && more(at::allocated_storage) {
        return Ok(Taken { at_once: true, also });
    }
    let message = format!("Database instance is not in available state: {word}.");
    Err(ApiRefusal { class: ErrorClass::Busy, code: "InvalidDBInstanceState", message })
}

/// Small gp3 storage refuses IOPS and throughput, large storage refuses a change without them, with AWS's messages as reported
/// (terraform-provider-aws 28160, 28382, 28589). Storage that grows to be large gets the least of a large one by itself.
fn storage(asked: &Modification<'_>) -> Result<Attributes, ApiRefusal> {
    let (iops, throughput) = (at::iops.name(), at::storage_throughput.name());
    let changes = |name: Name| asked.changed.contains(&name);
    let told = |attributes: &Attributes| {
        let text = |attr| attributes.typed(attr).unwrap_or_default();
        gp3::told(&text(at::engine), &text(at::storage_type), attributes.typed(at::allocated_storage).unwrap_or(0))
    };
    let engine = asked.before.typed(at::engine).unwrap_or_default();
    let refuse = |message: String| Err(ApiRefusal::invalid(COMBINATION, message));
    if ![at::allocated_storage.name(), at::storage_type.name(), iops, throughput].into_iter().any(changes) {
        return Ok(Attributes::default());
    }
    let Some(least) = told(asked.after) else {
        return if changes(iops) || changes(throughput) {
            refuse(format!("You can't specify IOPS or storage throughput for engine {engine} and a storage size less than 400."))
        } else {
            Ok(Attributes::default())
        };
    };
    let grows_large = told(asked.before).is_none();
    if grows_large && !changes(iops) && !changes(throughput) {
        return Ok(Attributes::from_iter([(iops, Value::Int(least.iops)), (throughput, Value::Int(least.throughput))]));
    }
    // With another type of storage the driver names all of it, as with another size.
    let named = |attr: Attr<i64>| asked.sent.contains(&attr.name()) || changes(at::storage_type.name());
    let value = |attr: Attr<i64>| asked.after.typed(attr).filter(|_| named(attr));
    let (Some(operations), Some(rate)) = (value(at::iops), value(at::storage_throughput)) else {
        return refuse(
            "You must specify both the storage size and iops when modifying the storage size or iops on a DB instance that has iops."
                .to_owned(),
        );
    };
    if !(least.iops..=gp3::MOST.iops).contains(&operations) {
        return refuse(format!("Invalid iops value for engine name {engine} and storage type gp3: {operations}"));
    }
    if !(least.throughput..=gp3::MOST.throughput).contains(&rate) {
        return refuse(format!("Invalid storage throughput value for engine name {engine} and storage type gp3: {rate}"));
    }
    Ok(Attributes::default())
}

/// How fast gp3 storage is that was made without a word on it.
fn complete(attributes: &mut Attributes) {
    if attributes.typed(at::storage_type).as_deref() != Some(gp3::GP3) {
        return;
    }
    let size = attributes.typed(at::allocated_storage).unwrap_or(0);
    let engine = attributes.typed(at::engine).unwrap_or_default();
    let least = gp3::told(&engine, gp3::GP3, size).unwrap_or(gp3::SINGLE);
    for (name, least) in [(at::iops.name(), least.iops), (at::storage_throughput.name(), least.throughput)] {
        if !attributes.contains(name) {
            attributes.set(name, least);
        }
    }
}

fn changeable(before: &Attributes, after: &Attributes) -> Result<(), ApiRefusal> {
    if let (Some(now), Some(wanted)) = (before.typed(at::allocated_storage), after.typed(at::allocated_storage))
        && wanted < now
    {
        let message = format!("Requested storage size ({wanted}) cannot be less than the current storage size ({now}).");
        return Err(ApiRefusal::invalid(COMBINATION, message));
    }
    let (Some(now), Some(wanted)) = (before.typed(at::engine_version), after.typed(at::engine_version)) else { return Ok(()) };
    let engine = before.typed(at::engine).unwrap_or_default();
    // Our requests never carry the flag.
    if engine_version::major_step(&engine, &now, &wanted).is_gt() {
        let message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.";
        return Err(ApiRefusal::invalid(COMBINATION, message));
    }
    if engine_version::is_older(&now, &wanted) {
        return Err(ApiRefusal::invalid(COMBINATION, format!("Cannot upgrade {engine} from {now} to {wanted}")));
    }
    Ok(())
}
