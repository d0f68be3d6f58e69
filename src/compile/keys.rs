//! One customer-managed key per owner and region, never multi-Region; the role of AWS Backup.

use std::collections::BTreeMap;

use crate::kinds::{documents, iam_role, kms_key};
use crate::model::tags::SHARED;
use crate::model::{Region, ResourceId, Source};

use super::{Asked, Compiler, osaka, tokyo};

/// The name of the environment's own key.
pub(super) const MAIN: &str = "main";

/// The name of the role that AWS Backup assumes.
pub(super) const BACKUP: &str = "backup";

impl Compiler<'_> {
    pub(super) fn keys(&mut self) {
        let protection = &self.spec.protection;
        let environment = self.environment;
        let about = format!("tokaido {environment}: databases and backups of the environment");
        for id in [tokyo(kms_key::NAME, MAIN), osaka(kms_key::NAME, MAIN)] {
            self.key(id, SHARED, about.clone(), &protection.encryption.source);
        }
        for tenant in self.dedicated() {
            let name = tenant.id.as_str();
            self.key(tokyo(kms_key::NAME, name), name, format!("tokaido {environment}: data of {name}"), &tenant.source);
        }
        let account = self.spec.account.as_str();
        let role = iam_role::Spec {
            // AWS asks for `AWSBackup` in the names of such roles (field notes 4.7).
            name: self.physical("AWSBackup"),
            path: iam_role::PATH.to_owned(),
            description: format!("tokaido {environment}: assumed by AWS Backup"),
            trust: documents::service_trust(iam_role::BACKUP, account),
            managed_policies: iam_role::BACKUP_POLICIES.iter().map(|arn| (*arn).to_owned()).collect(),
            inline_policies: BTreeMap::new(),
            permissions_boundary: Vec::new(),
        };
        let id = ResourceId::new(iam_role::NAME, BACKUP, Region::Global);
        self.add(Asked { id, tenant: SHARED, source: &protection.primary_copies.source, authored: vec![] }, role);
    }

    fn key(&mut self, id: ResourceId, tenant: &str, description: String, source: &Source) {
        let rotation = &self.spec.protection.encryption.key_rotation;
        let key = kms_key::Spec {
            alias: Some(format!("alias/{}", self.physical(&id.name))),
            more_aliases: None,
            description,
            enabled: true,
            policy: self.key_policy.clone(),
            rotation_days: Some(rotation.0),
            origin: None,
            regions: None,
        };
        let authored =
            vec![(kms_key::at::rotation_days.name(), &rotation.source), (kms_key::at::policy.name(), &self.spec.account.source)];
        self.add(Asked { id, tenant, source, authored }, key);
    }
}
