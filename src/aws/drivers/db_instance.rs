//! How an RDS database is called. A create sends every value whose default is dangerous. A change sends only what changes. It asks
//! to apply at once only where a full database takes nothing else, because RDS then applies everything that is queued (field
//! notes 3.1).

use std::collections::BTreeSet;

use aws_sdk_rds::types::{
    CloudwatchLogsExportConfiguration, DbInstance, Endpoint, OrderableDbInstanceOption, PendingModifiedValues,
};
use aws_smithy_types::DateTime;

use crate::aws::prelude::*;
use crate::kinds::db_instance::{NAME, Spec, at, calls, gp3};
use crate::kinds::facts;
use crate::model::PendingValue;
use crate::model::reason::plan::Wait;

const UNMANAGED: &str = "only a master password that AWS manages can be written";

fn spec(database: &DbInstance) -> Spec {
    let groups = database.vpc_security_groups().iter().filter(|group| group.status() != Some("removing"));
    let allocated = database.allocated_storage().unwrap_or_default();
    Spec {
        name: text(database.db_instance_identifier()).to_ascii_lowercase(),
        engine: text(database.engine()),
        engine_version: text(database.engine_version()),
        class: text(database.db_instance_class()),
        storage_type: text(database.storage_type()),
        allocated_storage: i64::from(allocated),
        iops: database.iops().map(i64::from),
        storage_throughput: database.storage_throughput().map(i64::from),
        // Without a limit the storage does not grow by itself.
        max_allocated_storage: i64::from(database.max_allocated_storage().unwrap_or(allocated)),
        storage_encrypted: database.storage_encrypted().unwrap_or_default(),
        kms_key: link(database.kms_key_id()),
        multi_az: database.multi_az().unwrap_or_default(),
        // RDS returns no endpoint until the database is up, and 0 as the instance's own port outside clusters.
        port: database.endpoint().and_then(Endpoint::port).or_else(|| database.db_instance_port()).map_or(0, i64::from),
        vpc: link(database.db_subnet_group().and_then(|group| group.vpc_id())),
        subnet_group: link(database.db_subnet_group().and_then(|group| group.db_subnet_group_name())),
        security_groups: sorted(groups.map(|group| link(group.vpc_security_group_id()))),
        parameter_group: link(database.db_parameter_groups().first().and_then(|group| group.db_parameter_group_name())),
        publicly_accessible: database.publicly_accessible().unwrap_or_default(),
        deletion_protection: database.deletion_protection().unwrap_or_default(),
        backup_retention_days: i64::from(database.backup_retention_period().unwrap_or_default()),
        backup_window: text(database.preferred_backup_window()),
        maintenance_window: text(database.preferred_maintenance_window()).to_ascii_lowercase(),
        auto_minor_version_upgrade: database.auto_minor_version_upgrade().unwrap_or_default(),
        copy_tags_to_snapshot: database.copy_tags_to_snapshot().unwrap_or_default(),
        log_exports: sorted(database.enabled_cloudwatch_logs_exports().iter().cloned()),
        master_username: text(database.master_username()),
        managed_master_password: database.master_user_secret().is_some(),
        ca_certificate: text(database.ca_certificate_identifier()),
        engine_lifecycle_support: text(database.engine_lifecycle_support()),
        cluster: said(database.db_cluster_identifier()),
        replica_of: said(source(database)),
        replicas: Some(sorted(replicas(database).cloned())),
    }
}

fn said(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn source(database: &DbInstance) -> Option<&str> {
    database.read_replica_source_db_instance_identifier().or_else(|| database.read_replica_source_db_cluster_identifier())
}

fn replicas(database: &DbInstance) -> impl Iterator<Item = &String> {
    let instances = database.read_replica_db_instance_identifiers().iter();
    instances.chain(database.read_replica_db_cluster_identifiers())
}

/// What AWS has accepted and not applied yet, under the names of the spec. RDS applies in the window everything that it lists
/// here, whatever the row of the attribute says.
fn pending(database: &DbInstance, spec: &Spec) -> Vec<PendingValue> {
    let mut found = Vec::new();
    let mut push = |attribute: Name, value: Option<Value>, when: Wait| {
        if let Some(value) = value {
            found.push(PendingValue { attribute, value, when: when.into() });
        }
    };
    if let Some(queued) = database.pending_modified_values() {
        let number = |value: Option<i32>| value.map(|value| Value::Int(i64::from(value)));
        push(at::class.name(), queued.db_instance_class().map(Value::from), Wait::Window);
        push(at::allocated_storage.name(), number(queued.allocated_storage()), Wait::Window);
        push(at::iops.name(), number(queued.iops()), Wait::Window);
        push(at::storage_throughput.name(), number(queued.storage_throughput()), Wait::Window);
        push(at::port.name(), number(queued.port()), Wait::Window);
        push(at::backup_retention_days.name(), number(queued.backup_retention_period()), Wait::Window);
        push(at::multi_az.name(), queued.multi_az().map(Value::Bool), Wait::Window);
        push(at::engine_version.name(), queued.engine_version().map(Value::from), Wait::Window);
        push(at::storage_type.name(), queued.storage_type().map(Value::from), Wait::Window);
        push(at::ca_certificate.name(), queued.ca_certificate_identifier().map(Value::from), Wait::Window);
        push(at::subnet_group.name(), queued.db_subnet_group_name().map(Value::from), Wait::Window);
        push(at::log_exports.name(), log_exports(queued, spec), Wait::Window);
    }
    // RDS associates the group at once, but its values wait for a reboot, and RDS does not list this as pending.
    let rebooting =
        database.db_parameter_groups().first().filter(|group| group.parameter_apply_status() == Some("pending-reboot"));
    push(at::parameter_group.name(), rebooting.and_then(|group| group.db_parameter_group_name()).map(Value::from), Wait::Reboot);
    found
}

fn log_exports(queued: &PendingModifiedValues, spec: &Spec) -> Option<Value> {
    let exports = queued.pending_cloudwatch_logs_exports()?;
    let mut after: BTreeSet<String> = spec.log_exports.iter().cloned().collect();
    after.extend(exports.log_types_to_enable().iter().cloned());
    after.retain(|name| !exports.log_types_to_disable().contains(name));
    Some(Value::from(after.into_iter().collect::<Vec<_>>()))
}

/// Text that AWS left out is unknown, not empty, and so is the port of a database that is not up yet. Unknown values are not
/// compared.
fn readings(database: &DbInstance, spec: Spec) -> Readings {
    let alone = [(at::cluster, spec.cluster.is_none()), (at::replica_of, spec.replica_of.is_none())];
    // Other storage than gp3 and io1 has no such number.
    let unnumbered = !["gp3", "io1", "io2"].contains(&spec.storage_type.as_str());
    let bare = [(at::iops, spec.iops.is_none()), (at::storage_throughput, spec.storage_throughput.is_none())];
    let mut readings = Readings::from(spec.lower());
    // A database of its own has neither.
    alone.into_iter().filter(|(_, alone)| *alone).for_each(|(attr, _)| readings.absent(attr));
    bare.into_iter().filter(|(_, bare)| *bare && unnumbered).for_each(|(attr, _)| readings.absent(attr));
    // RDS names a key only where one encrypts.
    if database.storage_encrypted() == Some(false) && said(database.kms_key_id()).is_none() {
        readings.absent(at::kms_key);
    }
    // What AWS does not say is not `false` or 0.
    let told = [
        (at::allocated_storage.name(), database.allocated_storage().is_some()),
        (at::storage_encrypted.name(), database.storage_encrypted().is_some()),
        (at::multi_az.name(), database.multi_az().is_some()),
        (at::publicly_accessible.name(), database.publicly_accessible().is_some()),
        (at::deletion_protection.name(), database.deletion_protection().is_some()),
        (at::backup_retention_days.name(), database.backup_retention_period().is_some()),
        (at::auto_minor_version_upgrade.name(), database.auto_minor_version_upgrade().is_some()),
        (at::copy_tags_to_snapshot.name(), database.copy_tags_to_snapshot().is_some()),
    ];
    told.into_iter().filter(|(_, told)| !told).for_each(|(name, _)| readings.not_asked(name));
    let unknown =
        |name: Name, value: &Value| value.as_text() == Some("") || (name == at::port.name() && value.as_int() == Some(0));
    let missing: Vec<Name> = readings.bare().iter().filter(|(name, value)| unknown(*name, value)).map(|(name, _)| name).collect();
    for name in missing {
        readings.not_asked(name);
    }
    readings
}

/// The size to send: AWS refuses to grow storage by less than a tenth.
fn grown(live: i64, target: i64) -> i64 {
    if target > live { target.max(live + (live + 9) / 10) } else { target }
}

/// What a change of the storage sends.
struct Storage {
    storage_type: Option<String>,
    size: Option<i32>,
    iops: Option<i32>,
    throughput: Option<i32>,
}

/// From a size on, RDS refuses a change of the storage that does not name the size, the IOPS and the throughput; below it, RDS
/// refuses one that names them (field notes 3.1 and 20). What was provisioned by hand stays.
fn storage(change: &Change<'_>) -> Answer<Option<Storage>> {
    let now = change.before(at::allocated_storage)?;
    let (storage_type, size) = (change.to(at::storage_type)?, change.to(at::allocated_storage)?.map(|size| grown(now, size)));
    let performance = (change.to(at::iops)?, change.to(at::storage_throughput)?);
    if storage_type.is_none() && size.is_none() && performance == (None, None) {
        return Ok(None);
    }
    let whole = size.map_or_else(|| change.target(at::allocated_storage), Ok)?;
    let engine = change.target(at::engine)?;
    let number = |number: i64| change.valid(narrow(number));
    let Some(least) = gp3::told(&engine, &change.target(at::storage_type)?, whole) else {
        if performance != (None, None) {
            return Err(change.invalid(format!("RDS takes no IOPS and no throughput for {whole} GiB")));
        }
        return Ok(Some(Storage { storage_type, size: size.map(number).transpose()?, iops: None, throughput: None }));
    };
    // Storage that RDS begins to spread has the least of its new size. Of other storage the numbers must be known, for a smaller one
    // would make it slower.
    let spread = gp3::told(&engine, &change.before(at::storage_type)?, now).is_some();
    let kept = |attribute, least: i64| match change.target_or_none(attribute)? {
        Some(told) => number(least.max(told)),
        None if spread => Err(change.invalid("AWS does not say how fast the storage is")),
        None => number(least),
    };
    Ok(Some(Storage {
        storage_type,
        size: Some(number(whole)?),
        iops: Some(kept(at::iops, least.iops)?),
        throughput: Some(kept(at::storage_throughput, least.throughput)?),
    }))
}

/// AWS accepts the logs to enable and to disable, not the whole list.
fn exports(now: &[String], target: &[String]) -> CloudwatchLogsExportConfiguration {
    let (now, target): (BTreeSet<&String>, BTreeSet<&String>) = (now.iter().collect(), target.iter().collect());
    let list = |names: Vec<&&String>| (!names.is_empty()).then(|| names.into_iter().map(|name| (*name).clone()).collect());
    CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types(list(target.difference(&now).collect()))
        .set_disable_log_types(list(now.difference(&target).collect()))
        .build()
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = DbInstance;

    /// The listing has tags and queued values.
    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<DbInstance>> {
        let call = place.reader().rds.describe_db_instances().set_max_records(page(only, 100));
        let call = call.set_db_instance_identifier(only.map(str::to_owned));
        place.look(only, |token| call.clone().set_marker(token).send(), |page| (page.db_instances, page.marker)).await
    }

    fn shown(database: &DbInstance) -> Live {
        let spec = spec(database);
        Live {
            pending: pending(database, &spec),
            tags: tags::from_rds(database.tag_list()),
            status: Self::status(database.db_instance_status().unwrap_or("creating")),
            ..Self::live(Some(&spec.name.clone()), database.db_instance_arn(), readings(database, spec))
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        if !spec.managed_master_password {
            return Err(new.invalid(UNMANAGED));
        }
        let key = new.link(&spec.kms_key)?;
        let call = new
            .writer()
            .rds
            .create_db_instance()
            .db_instance_identifier(&spec.name)
            .engine(&spec.engine)
            .engine_version(&spec.engine_version)
            .db_instance_class(&spec.class)
            .storage_type(&spec.storage_type)
            .allocated_storage(new.valid(narrow(spec.allocated_storage))?)
            .set_iops(spec.iops.map(|iops| new.valid(narrow(iops))).transpose()?)
            .set_storage_throughput(spec.storage_throughput.map(|rate| new.valid(narrow(rate))).transpose()?)
            .max_allocated_storage(new.valid(narrow(spec.max_allocated_storage))?)
            .storage_encrypted(spec.storage_encrypted)
            .kms_key_id(key)
            .multi_az(spec.multi_az)
            .port(new.valid(narrow(spec.port))?)
            .db_subnet_group_name(new.link(&spec.subnet_group)?)
            .set_vpc_security_group_ids(Some(new.valid(links(&spec.security_groups))?))
            .db_parameter_group_name(new.link(&spec.parameter_group)?)
            .publicly_accessible(spec.publicly_accessible)
            .deletion_protection(spec.deletion_protection)
            .backup_retention_period(new.valid(narrow(spec.backup_retention_days))?)
            .preferred_backup_window(&spec.backup_window)
            .preferred_maintenance_window(&spec.maintenance_window)
            .auto_minor_version_upgrade(spec.auto_minor_version_upgrade)
            .copy_tags_to_snapshot(spec.copy_tags_to_snapshot)
            .set_enable_cloudwatch_logs_exports(Some(spec.log_exports.clone()))
            .master_username(&spec.master_username)
            .manage_master_user_password(true)
            .master_user_secret_kms_key_id(key)
            .ca_certificate_identifier(&spec.ca_certificate)
            .engine_lifecycle_support(&spec.engine_lifecycle_support)
            .set_tags(Some(tags::to_rds(new.tags())));
        let made = new.send(|| call.clone().send()).await?.db_instance;
        new.id(made.map(|made| made.db_instance_identifier.unwrap_or_else(|| spec.name.clone())).as_deref())
    }

    /// One call with all that changes. The target has no attribute that AWS does not return, such as the lifecycle support.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let mut call = change.writer().rds.modify_db_instance().db_instance_identifier(change.id());
        call = call.apply_immediately(change.is_remedy());
        call = call
            .set_engine_version(change.to(at::engine_version)?)
            .set_db_instance_class(change.to(at::class)?)
            .set_multi_az(change.to(at::multi_az)?)
            .set_publicly_accessible(change.to(at::publicly_accessible)?)
            .set_deletion_protection(change.to(at::deletion_protection)?)
            .set_preferred_backup_window(change.to(at::backup_window)?)
            .set_preferred_maintenance_window(change.to(at::maintenance_window)?)
            .set_auto_minor_version_upgrade(change.to(at::auto_minor_version_upgrade)?)
            .set_copy_tags_to_snapshot(change.to(at::copy_tags_to_snapshot)?)
            .set_ca_certificate_identifier(change.to(at::ca_certificate)?);
        if let Some(storage) = storage(change)? {
            call = call.set_storage_type(storage.storage_type).set_allocated_storage(storage.size);
            call = call.set_iops(storage.iops).set_storage_throughput(storage.throughput);
        }
        if let Some(limit) = change.to(at::max_allocated_storage)? {
            call = call.max_allocated_storage(change.valid(narrow(limit))?);
        }
        if let Some(days) = change.to(at::backup_retention_days)? {
            call = call.backup_retention_period(change.valid(narrow(days))?);
        }
        if let Some(groups) = change.to(at::security_groups)? {
            call = call.set_vpc_security_group_ids(Some(change.valid(links(&groups))?));
        }
        if let Some(group) = change.to(at::parameter_group)? {
            call = call.db_parameter_group_name(change.valid(group.physical())?);
        }
        if let Some(target) = change.to(at::log_exports)? {
            let now = change.before(at::log_exports)?;
            call = call.cloudwatch_logs_export_configuration(exports(&now, &target));
        }
        match change.to(at::managed_master_password)? {
            Some(true) => {
                let key = change.target(at::kms_key)?;
                call = call.manage_master_user_password(true).master_user_secret_kms_key_id(change.valid(key.physical())?);
            }
            Some(false) => return Err(change.invalid(UNMANAGED)),
            None => {}
        }
        change.all_handled()?;
        change.send(|| call.clone().send()).await.map(drop)
    }

    /// When each database was made, and to which moments it can be restored, from the lists of databases and automated backups.
    async fn facts(place: &Place, live: &[Live]) -> Answer<Vec<Told>> {
        let databases = Self::list(place, None).await?;
        let call = place.reader().rds.describe_db_instance_automated_backups().max_records(100);
        let send = |token| call.clone().set_marker(token).send();
        let backups = place.pages(calls::BACKUPS, NAME, send, |page| (page.db_instance_automated_backups, page.marker)).await?;
        let asked: BTreeSet<&str> = live.iter().map(|live| live.physical.as_str()).collect();
        let mut told = Vec::new();
        let mut tell = |physical: Option<&str>, name: &str, at: Option<&DateTime>, operation: &str| {
            let physical = physical.filter(|physical| asked.contains(physical));
            told.extend(physical.zip(at.and_then(date::rfc3339)).map(|(physical, value)| Told {
                physical: physical.to_owned(),
                name: name.to_owned(),
                value,
                operation: operation.to_owned(),
            }));
        };
        for database in &databases {
            let id = database.db_instance_identifier();
            tell(id, facts::CREATED, database.instance_create_time(), Self::KIND.calls.look);
            tell(id, facts::LATEST_RESTORABLE, database.latest_restorable_time(), Self::KIND.calls.look);
        }
        // A backup that a deleted database of the same name left behind belongs to that database.
        for backup in backups.iter().filter(|backup| backup.status() == Some("active")) {
            let earliest = backup.restore_window().and_then(|window| window.earliest_time());
            tell(backup.db_instance_identifier(), facts::EARLIEST_RESTORABLE, earliest, calls::BACKUPS);
        }
        Ok(told)
    }

    /// RDS answers an unknown class with an empty list, as one that the region does not have. Whether it has anything to offer at
    /// all then says a page about the engine alone. It refuses values that it cannot read, such as a class without a size.
    async fn offers(place: &Place, asked: &Attributes) -> Answer<Option<Vec<Attributes>>> {
        let (engine, class) = (asked.typed(at::engine).unwrap_or_default(), asked.typed(at::class).unwrap_or_default());
        let call = place.reader().rds.describe_orderable_db_instance_options().engine(engine).vpc(true);
        let of_class = call.clone().db_instance_class(&class).max_records(1000);
        let send = |token| of_class.clone().set_marker(token).send();
        let found = place.pages(calls::OFFERS, &class, send, |page| (page.orderable_db_instance_options, page.marker)).await;
        let offers = match found {
            Err(error) if error.class == ErrorClass::Invalid => Vec::new(),
            found => found?,
        };
        if !offers.is_empty() {
            return Ok(Some(sorted(offers.iter().map(offer))));
        }
        let of_engine = call.max_records(20);
        let any =
            place.pages(calls::OFFERS, NAME, |_| of_engine.clone().send(), |page| (page.orderable_db_instance_options, None));
        Ok((!any.await?.is_empty()).then(Vec::new))
    }
}

/// One combination that RDS makes databases with.
fn offer(option: &OrderableDbInstanceOption) -> Attributes {
    let texts = [(at::engine_version.name(), option.engine_version()), (at::storage_type.name(), option.storage_type())];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, Value::from(text?))));
    let abilities =
        [(at::storage_encrypted.name(), option.supports_storage_encryption()), (at::multi_az.name(), option.multi_az_capable())];
    texts.chain(abilities.into_iter().filter_map(|(name, can)| Some((name, Value::Bool(can?))))).collect()
}
