//! The bucket of the records, and the roles of readers and appliers.

use std::collections::BTreeSet;

use crate::desired::decode::Spanned;
use crate::desired::scalars::Principal;
use crate::kinds::{bucket, documents, iam_role};
use crate::model::tags::SHARED;
use crate::model::{DesiredState, Environment, Region, ResourceId, Source};

use super::{Asked, Compiler, tokyo};

const STORE: &str = "store";
const READER: &str = "reader";
const APPLIER: &str = "applier";

/// Days for which a record is locked: as long as the white paper keeps logs (clause 25).
const RETENTION_DAYS: i64 = 400;

/// The resources that `tokaido bootstrap` makes. They refer to no others. Empty without `store:`.
#[must_use]
pub fn bootstrap_set(desired: &DesiredState) -> BTreeSet<ResourceId> {
    let role = |name| ResourceId::new(iam_role::NAME, name, Region::Global);
    let all = [tokyo(bucket::NAME, STORE), role(READER), role(APPLIER)];
    all.into_iter().filter(|id| desired.resources.contains_key(id)).collect()
}

impl Compiler<'_> {
    pub(super) fn store(&mut self) {
        let Some(store) = &self.spec.store else { return };
        let (name, account) = (store.bucket.as_str(), self.spec.account.as_str());
        let source = &store.source;
        let authored =
            vec![(bucket::at::name.name(), &store.bucket.source), (bucket::at::policy.name(), &self.spec.account.source)];
        let asked = Asked { id: tokyo(bucket::NAME, STORE), tenant: SHARED, source, authored };
        self.add(asked, records(name, account, self.environment));
        let access = store.access.as_ref();
        let trusted = |list: Option<&Vec<Spanned<Principal>>>| -> Vec<String> {
            list.into_iter().flatten().map(|principal| principal.as_str().to_owned()).collect()
        };
        let reader = trusted(access.and_then(|access| access.reader.as_ref()));
        let applier = trusted(access.and_then(|access| access.applier.as_ref()));
        let roles = [
            (READER, "for plan, drift and doctor", reader, documents::reader(name)),
            (APPLIER, "for apply", applier, documents::applier(name)),
        ];
        let decided: &Source = access.map_or(source, |access| &access.source);
        for (role, what_for, trusted, document) in roles {
            let spec = iam_role::Spec {
                name: self.physical(&format!("tokaido-{role}")),
                path: iam_role::PATH.to_owned(),
                description: format!("tokaido {}: {what_for}", self.environment),
                trust: documents::trusted(account, &trusted),
                managed_policies: Vec::new(),
                inline_policies: [(documents::INLINE.to_owned(), document)].into(),
                permissions_boundary: Vec::new(),
            };
            let id = ResourceId::new(iam_role::NAME, role, Region::Global);
            let authored =
                vec![(iam_role::at::trust.name(), decided), (iam_role::at::inline_policies.name(), &store.bucket.source)];
            self.add(Asked { id, tenant: SHARED, source, authored }, spec);
        }
    }
}

/// The bucket in which one environment keeps its records. `account` has twelve digits.
#[must_use]
pub fn records(name: &str, account: &str, environment: Environment) -> bucket::Spec {
    bucket::Spec {
        name: name.to_owned(),
        versioning: true,
        object_lock: true,
        default_retention: bucket::retention("GOVERNANCE", RETENTION_DAYS),
        encryption: bucket::ENCRYPTION.to_owned(),
        public_access_block: bucket::SWITCHES.map(|switch| (switch.to_owned(), true)).into(),
        object_ownership: "BucketOwnerEnforced".to_owned(),
        policy: documents::bucket_policy(name, account),
        lifecycle: vec![
            bucket::Rule {
                id: "replaced-leases".to_owned(),
                enabled: true,
                prefix: format!("{environment}/{}", bucket::LEASE),
                noncurrent_days: Some(1),
                abort_uploads_days: None,
                more: Vec::new(),
            },
            bucket::Rule {
                id: "unfinished-uploads".to_owned(),
                enabled: true,
                prefix: String::new(),
                noncurrent_days: None,
                abort_uploads_days: Some(1),
                more: Vec::new(),
            },
        ],
    }
}
