//! Parameter groups and databases.

use std::collections::BTreeMap;

use crate::desired::scalars::Engine;
use crate::kinds::db_instance::gp3;
use crate::kinds::{db_instance, db_parameter_group, db_subnet_group, kms_key, security_group, vpc};
use crate::model::tags::SHARED;
use crate::model::value::Link;
use crate::model::{Environment, Region, ResourceId, Source, engine_version};

use super::keys::MAIN;
use super::{Asked, Compiler, WantedDatabase, port, tokyo};

impl Compiler<'_> {
    pub(super) fn databases(&mut self) {
        let wanted = self.wanted_databases();
        // The first database of a family declares its parameter group; later ones only refer to it.
        let mut families: BTreeMap<String, (Engine, &Source)> = BTreeMap::new();
        for database in &wanted {
            families.entry(family(database)).or_insert((*database.form.engine, &database.form.version.source));
        }
        for (family, (engine, source)) in &families {
            for region in [Region::Tokyo, Region::Osaka] {
                self.parameter_group(family, *engine, region, source);
            }
        }
        for database in &wanted {
            self.database(database);
        }
    }

    fn parameter_group(&mut self, family: &str, engine: Engine, region: Region, source: &Source) {
        let name = family_name(family);
        let parameters: &[(&str, &str)] = match engine {
            Engine::Postgres => &[("rds.force_ssl", "1"), ("timezone", "UTC"), ("log_timezone", "UTC")],
            Engine::Mysql | Engine::Mariadb => &[("require_secure_transport", "1"), ("time_zone", "UTC")],
        };
        let spec = db_parameter_group::Spec {
            name: self.physical(&name),
            family: family.to_owned(),
            description: format!("tokaido {}: TLS required, UTC", self.environment),
            parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            unmodifiable: None,
        };
        let authored = vec![
            (db_parameter_group::at::family.name(), source),
            (db_parameter_group::at::parameters.name(), &self.spec.protection.encryption.in_transit.source),
        ];
        let id = ResourceId::new(db_parameter_group::NAME, &name, region);
        self.add(Asked { id, tenant: SHARED, source, authored }, spec);
    }

    fn database(&mut self, database: &WantedDatabase<'_>) {
        let form = database.form;
        let tenant = database.tenant.map(|tenant| tenant.id.as_str());
        let home = tenant.unwrap_or(SHARED);
        let key = tokyo(kms_key::NAME, tenant.unwrap_or(MAIN));
        let id = tokyo(db_instance::NAME, &database.name);
        let vpc = database.tenant.map_or_else(|| tokyo(vpc::NAME, MAIN), super::network::home);
        let production = self.environment == Environment::Production;
        let (engine, size) = (form.engine.as_str(), form.storage.at_least.0);
        let told = gp3::told(engine, gp3::GP3, size);
        let spec = db_instance::Spec {
            name: database.physical_name.map_or_else(|| self.physical(&database.name), |name| name.as_str().to_owned()),
            engine: engine.to_owned(),
            engine_version: form.version.as_str().to_owned(),
            class: form.class.as_str().to_owned(),
            storage_type: gp3::GP3.to_owned(),
            allocated_storage: size,
            iops: told.map(|told| told.iops),
            storage_throughput: told.map(|told| told.throughput),
            max_allocated_storage: form.storage.up_to.0,
            storage_encrypted: true,
            kms_key: Link::to(&key, "arn"),
            multi_az: *form.multi_az,
            port: port(*form.engine),
            vpc: Link::to(&vpc, "id"),
            subnet_group: Link::to(&tokyo(db_subnet_group::NAME, home), "name"),
            security_groups: vec![Link::to(&tokyo(security_group::NAME, &database.name), "id")],
            parameter_group: Link::to(&tokyo(db_parameter_group::NAME, &family_name(&family(database))), "name"),
            publicly_accessible: false,
            deletion_protection: true,
            backup_retention_days: self.effective.point_in_time_recovery.days,
            backup_window: form.backup_window.utc(),
            maintenance_window: form.maintenance_window.utc(),
            // In production an automatic upgrade would break the week's notice (clause 10).
            auto_minor_version_upgrade: !production,
            copy_tags_to_snapshot: true,
            log_exports: db_instance::log_exports(form.engine.as_str()).iter().map(|log| (*log).to_owned()).collect(),
            master_username: "tokaido".to_owned(),
            managed_master_password: true,
            ca_certificate: "rds-ca-rsa2048-g1".to_owned(),
            engine_lifecycle_support: "open-source-rds-extended-support-disabled".to_owned(),
            cluster: None,
            replica_of: None,
            replicas: None,
        };
        let recovery = self.effective.point_in_time_recovery.source.clone();
        let encryption = &self.spec.protection.encryption;
        let named = database.physical_name.map_or(database.source, |name| &name.source);
        let authored = vec![
            (db_instance::at::name.name(), named),
            (db_instance::at::engine.name(), &form.engine.source),
            (db_instance::at::port.name(), &form.engine.source),
            (db_instance::at::engine_version.name(), &form.version.source),
            (db_instance::at::parameter_group.name(), &form.version.source),
            (db_instance::at::class.name(), &form.class.source),
            (db_instance::at::allocated_storage.name(), &form.storage.at_least.source),
            (db_instance::at::iops.name(), &form.storage.at_least.source),
            (db_instance::at::storage_throughput.name(), &form.storage.at_least.source),
            (db_instance::at::max_allocated_storage.name(), &form.storage.up_to.source),
            (db_instance::at::storage_encrypted.name(), &encryption.at_rest.source),
            (db_instance::at::multi_az.name(), &form.multi_az.source),
            (db_instance::at::backup_retention_days.name(), &recovery),
            (db_instance::at::backup_window.name(), &form.backup_window.source),
            (db_instance::at::maintenance_window.name(), &form.maintenance_window.source),
        ];
        self.add(Asked { id: id.clone(), tenant: home, source: database.source, authored }, spec);
        if let Some(resource) = self.resources.get_mut(&id) {
            resource.adopt = database.physical_name.is_some();
            resource.window = Some(form.maintenance_window.to_string());
        }
    }
}

fn family(database: &WantedDatabase<'_>) -> String {
    engine_version::family(database.form.engine.as_str(), database.form.version.as_str())
}

/// `mysql8.4` → `mysql8-4`: names of RDS have no dots.
fn family_name(family: &str) -> String {
    family.replace('.', "-")
}
