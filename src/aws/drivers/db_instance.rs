//! How an RDS database is called. A create sends every value that AWS would otherwise choose dangerously; a change sends
//! only what changes and never asks to apply at once, because that would flush what others have queued (field notes 3.1).

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDBInstanceFluentBuilder;
use aws_sdk_rds::types::{CloudwatchLogsExportConfiguration, DbInstance, PendingModifiedValues};
use aws_smithy_types::DateTime;

use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, date, label};
use crate::kinds::db_instance::{NAME, Spec, calls, readiness};
use crate::kinds::facts;
use crate::model::value::Link;
use crate::model::{Attributes, Listing, Live, PendingValue, Region, Value};
use crate::world::{CreateRequest, Driver, ProviderError, Told, UpdateRequest};

const WINDOW: &str = "in the next maintenance window";
const REBOOT: &str = "after a manual reboot";

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn link(value: Option<&str>) -> Link {
    Link::Physical(text(value))
}

fn sorted<'a>(items: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    items.into_iter().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

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
        // Absent means that storage does not grow by itself.
        max_allocated_storage: i64::from(database.max_allocated_storage().unwrap_or(allocated)),
        storage_encrypted: database.storage_encrypted().unwrap_or_default(),
        kms_key: link(database.kms_key_id()),
        multi_az: database.multi_az().unwrap_or_default(),
        // The endpoint is missing until the database is up; the instance's own port is 0 outside clusters.
        port: database
            .endpoint()
            .and_then(|endpoint| endpoint.port())
            .or_else(|| database.db_instance_port())
            .map_or(0, i64::from),
        vpc: link(database.db_subnet_group().and_then(|group| group.vpc_id())),
        subnet_group: link(database.db_subnet_group().and_then(|group| group.db_subnet_group_name())),
        security_groups: sorted(groups.filter_map(|group| group.vpc_security_group_id()))
            .into_iter()
            .map(Link::Physical)
            .collect(),
        parameter_group: link(database.db_parameter_groups().first().and_then(|group| group.db_parameter_group_name())),
        publicly_accessible: database.publicly_accessible().unwrap_or_default(),
        deletion_protection: database.deletion_protection().unwrap_or_default(),
        backup_retention_days: i64::from(database.backup_retention_period().unwrap_or_default()),
        backup_window: text(database.preferred_backup_window()),
        maintenance_window: text(database.preferred_maintenance_window()).to_ascii_lowercase(),
        auto_minor_version_upgrade: database.auto_minor_version_upgrade().unwrap_or_default(),
        copy_tags_to_snapshot: database.copy_tags_to_snapshot().unwrap_or_default(),
        log_exports: sorted(database.enabled_cloudwatch_logs_exports().iter().map(String::as_str)),
        master_username: text(database.master_username()),
        managed_master_password: database.master_user_secret().is_some(),
        ca_certificate: text(database.ca_certificate_identifier()),
        engine_lifecycle_support: text(database.engine_lifecycle_support()),
    }
}

/// What AWS has accepted and not applied yet, under the names of our spec.
fn pending(database: &DbInstance, spec: &Spec) -> Vec<PendingValue> {
    let mut found = Vec::new();
    let mut push = |attribute: &str, value: Option<Value>, when: &str| {
        if let Some(value) = value {
            found.push(PendingValue { attribute: attribute.into(), value, when: when.to_owned() });
        }
    };
    if let Some(queued) = database.pending_modified_values() {
        let number = |value: Option<i32>| value.map(|value| Value::Int(i64::from(value)));
        push("class", queued.db_instance_class().map(Value::from), WINDOW);
        push("allocated_storage", number(queued.allocated_storage()), WINDOW);
        push("port", number(queued.port()), WINDOW);
        push("backup_retention_days", number(queued.backup_retention_period()), WINDOW);
        push("multi_az", queued.multi_az().map(Value::Bool), WINDOW);
        push("engine_version", queued.engine_version().map(Value::from), WINDOW);
        push("storage_type", queued.storage_type().map(Value::from), WINDOW);
        push("ca_certificate", queued.ca_certificate_identifier().map(Value::from), WINDOW);
        push("subnet_group", queued.db_subnet_group_name().map(Value::from), WINDOW);
        push("log_exports", log_exports(queued, spec), WINDOW);
    }
    // The association is immediate, the values are not, and AWS does not list this as maintenance.
    let rebooting =
        database.db_parameter_groups().first().filter(|group| group.parameter_apply_status() == Some("pending-reboot"));
    push("parameter_group", rebooting.and_then(|group| group.db_parameter_group_name()).map(Value::from), REBOOT);
    found
}

fn log_exports(queued: &PendingModifiedValues, spec: &Spec) -> Option<Value> {
    let exports = queued.pending_cloudwatch_logs_exports()?;
    let mut after: BTreeSet<String> = spec.log_exports.iter().cloned().collect();
    after.extend(exports.log_types_to_enable().iter().cloned());
    after.retain(|name| !exports.log_types_to_disable().contains(name));
    Some(Value::from(after.into_iter().collect::<Vec<_>>()))
}

fn live(database: &DbInstance) -> Live {
    let spec = spec(database);
    let mut attributes = Attributes::lower(&spec);
    // Text that AWS left out is unknown, not empty: an absent attribute is never compared.
    attributes.retain(|_, value| value.as_text() != Some(""));
    if spec.port == 0 {
        attributes.remove("port");
    }
    let outputs = [("name".to_owned(), spec.name.clone()), ("arn".to_owned(), text(database.db_instance_arn()))];
    Live {
        pending: pending(database, &spec),
        physical: spec.name,
        outputs: outputs.into(),
        attributes: attributes.into(),
        tags: tags::from_rds(database.tag_list()),
        status: readiness(database.db_instance_status().unwrap_or("creating")),
    }
}

/// AWS refuses to grow storage by less than a tenth.
fn grown(live: i64, target: i64) -> i64 {
    if target > live { target.max(live + (live + 9) / 10) } else { target }
}

fn narrow(value: i64) -> Result<i32, String> {
    i32::try_from(value).map_err(|_| format!("{value} is too large for AWS"))
}

/// The change of `request` as one call; `None` when only tags change. Only what changes is looked at: the target of an
/// update holds nothing that AWS does not return, such as the lifecycle support.
fn modification(
    call: ModifyDBInstanceFluentBuilder,
    request: &UpdateRequest,
) -> Result<Option<ModifyDBInstanceFluentBuilder>, String> {
    let (live, target) = (&request.live, &request.attributes);
    let text = |name: &str| target.text(name).map(str::to_owned).ok_or_else(|| format!("{name} is not a text"));
    let number = |name: &str| target.int(name).ok_or_else(|| format!("{name} is not a number"));
    let flag = |name: &str| match target.get(name) {
        Some(Value::Bool(flag)) => Ok(*flag),
        _ => Err(format!("{name} is neither true nor false")),
    };
    let mut call = call.db_instance_identifier(&live.physical).apply_immediately(false);
    let mut anything = false;
    for name in request.changed.iter().map(|name| name.as_str()).filter(|name| *name != "tags") {
        anything = true;
        call = match name {
            "engine_version" => call.engine_version(text(name)?),
            "class" => call.db_instance_class(text(name)?),
            "storage_type" => call.storage_type(text(name)?),
            "allocated_storage" => {
                call.allocated_storage(narrow(grown(live.attributes.values().int(name).unwrap_or_default(), number(name)?))?)
            }
            "max_allocated_storage" => call.max_allocated_storage(narrow(number(name)?)?),
            "multi_az" => call.multi_az(flag(name)?),
            "security_groups" => call.set_vpc_security_group_ids(Some(texts(target.get(name)).map(str::to_owned).collect())),
            "parameter_group" => call.db_parameter_group_name(text(name)?),
            "publicly_accessible" => call.publicly_accessible(flag(name)?),
            "deletion_protection" => call.deletion_protection(flag(name)?),
            "backup_retention_days" => call.backup_retention_period(narrow(number(name)?)?),
            "backup_window" => call.preferred_backup_window(text(name)?),
            "maintenance_window" => call.preferred_maintenance_window(text(name)?),
            "auto_minor_version_upgrade" => call.auto_minor_version_upgrade(flag(name)?),
            "copy_tags_to_snapshot" => call.copy_tags_to_snapshot(flag(name)?),
            "log_exports" => {
                call.cloudwatch_logs_export_configuration(exports(live.attributes.values().get(name), target.get(name)))
            }
            "managed_master_password" if flag(name)? => {
                call.manage_master_user_password(true).master_user_secret_kms_key_id(text("kms_key")?)
            }
            "ca_certificate" => call.ca_certificate_identifier(text(name)?),
            fixed => return Err(format!("a database keeps its {fixed}")),
        };
    }
    Ok(anything.then_some(call))
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text)
}

/// AWS takes what to enable and what to disable, not the list.
fn exports(live: Option<&Value>, target: Option<&Value>) -> CloudwatchLogsExportConfiguration {
    let (now, target): (BTreeSet<&str>, BTreeSet<&str>) = (texts(live).collect(), texts(target).collect());
    let list = |names: Vec<&str>| (!names.is_empty()).then(|| names.into_iter().map(str::to_owned).collect());
    CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types(list(target.difference(&now).copied().collect()))
        .set_disable_log_types(list(now.difference(&target).copied().collect()))
        .build()
}

impl Aws {
    async fn describe(&self, name: &str) -> Result<Option<DbInstance>, ProviderError> {
        let call = self.at.reader().rds.describe_db_instances().db_instance_identifier(name).send();
        let answer = self.at.find(calls::DESCRIBE, name, call).await?;
        Ok(answer.and_then(|answer| answer.db_instances.unwrap_or_default().into_iter().next()))
    }

    async fn send_create(&self, spec: &Spec, request: &CreateRequest) -> Result<DbInstance, ProviderError> {
        let refuse = |error: String| self.at.invalid(calls::CREATE, &spec.name, error);
        if !spec.managed_master_password {
            return Err(refuse("only a master password that AWS manages can be written".to_owned()));
        }
        let groups: Vec<String> = spec
            .security_groups
            .iter()
            .map(|group| group.physical().map(str::to_owned))
            .collect::<Result<_, _>>()
            .map_err(refuse)?;
        let key = spec.kms_key.physical().map_err(refuse)?;
        let call = self
            .at
            .writer()
            .rds
            .create_db_instance()
            .db_instance_identifier(&spec.name)
            .engine(&spec.engine)
            .engine_version(&spec.engine_version)
            .db_instance_class(&spec.class)
            .storage_type(&spec.storage_type)
            .allocated_storage(narrow(spec.allocated_storage).map_err(refuse)?)
            .max_allocated_storage(narrow(spec.max_allocated_storage).map_err(refuse)?)
            .storage_encrypted(spec.storage_encrypted)
            .kms_key_id(key)
            .multi_az(spec.multi_az)
            .port(narrow(spec.port).map_err(refuse)?)
            .db_subnet_group_name(spec.subnet_group.physical().map_err(refuse)?)
            .set_vpc_security_group_ids(Some(groups))
            .db_parameter_group_name(spec.parameter_group.physical().map_err(refuse)?)
            .publicly_accessible(spec.publicly_accessible)
            .deletion_protection(spec.deletion_protection)
            .backup_retention_period(narrow(spec.backup_retention_days).map_err(refuse)?)
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
            .set_tags(Some(tags::to_rds(&request.tags)));
        let answer = self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        answer.db_instance.ok_or_else(|| self.at.nameless(calls::CREATE, &spec.name))
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().rds.describe_db_instances().max_records(100).into_paginator().items().send();
        let databases = self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(Listing { live: databases.iter().map(live).collect(), unreadable: Vec::new() })
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        Ok(self.describe(physical).await?.as_ref().map(live))
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(calls::CREATE, NAME, error))?;
        let made = self.send_create(&spec, request).await?;
        let physical = made.db_instance_identifier().map_or_else(|| spec.name.clone(), str::to_owned);
        let finish = async {
            let seen = self.at.until_visible(calls::DESCRIBE, &physical, || self.describe(&physical)).await?;
            let arn = seen.db_instance_arn().unwrap_or_default();
            label::rds(&self.at, arn, &Delta::missing(&tags::from_rds(seen.tag_list()), &request.tags)).await
        };
        finish.await.map_err(|error| partly(&physical, error))?;
        Ok(physical)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let name = &request.live.physical;
        let call = modification(self.at.writer().rds.modify_db_instance(), request)
            .map_err(|error| self.at.invalid(calls::MODIFY, name, error))?;
        let mut progress = Progress::default();
        if let Some(call) = call {
            progress.step(self.at.write(calls::MODIFY, name, || call.clone().send()).await)?;
        }
        if request.changed.contains("tags") {
            let arn = request.live.outputs.get("arn").map_or("", String::as_str);
            progress.step(label::rds(&self.at, arn, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted(calls::DELETE, &live.physical))
    }

    /// When each was made and how far it can be restored: from the list of databases, and of their automated backups.
    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        let rds = &self.at.reader().rds;
        let pages = rds.describe_db_instances().max_records(100).into_paginator().items().send();
        let databases = self.at.read(calls::DESCRIBE, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let pages = rds.describe_db_instance_automated_backups().max_records(100).into_paginator().items().send();
        let backups = self.at.read(calls::BACKUPS, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
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
            tell(id, facts::CREATED, database.instance_create_time(), calls::DESCRIBE);
            tell(id, facts::LATEST_RESTORABLE, database.latest_restorable_time(), calls::DESCRIBE);
        }
        // What a deleted database of the same name left behind is another's.
        for backup in backups.iter().filter(|backup| backup.status() == Some("active")) {
            let earliest = backup.restore_window().and_then(|window| window.earliest_time());
            tell(backup.db_instance_identifier(), facts::EARLIEST_RESTORABLE, earliest, calls::BACKUPS);
        }
        Ok(told)
    }
}
