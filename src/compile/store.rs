//! The bucket of the records, and the roles of readers and appliers.

use std::collections::BTreeSet;

use crate::desired::decode::Spanned;
use crate::desired::scalars::Principal;
use crate::kinds::bucket;
use crate::kinds::iam_role::{self, permissions};
use crate::model::{DesiredState, Region, ResourceId, Source};

use super::{Asked, Compiler, SHARED, tokyo};

const STORE: &str = "store";
const READER: &str = "reader";
const APPLIER: &str = "applier";

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
        self.add(asked, bucket::store(name, account, self.environment));
        let access = store.access.as_ref();
        let trusted = |list: Option<&Vec<Spanned<Principal>>>| -> Vec<String> {
            list.into_iter().flatten().map(|principal| principal.as_str().to_owned()).collect()
        };
        let reader = trusted(access.and_then(|access| access.reader.as_ref()));
        let applier = trusted(access.and_then(|access| access.applier.as_ref()));
        let roles = [
            (READER, "for plan, drift and doctor", reader, permissions::reader(name)),
            (APPLIER, "for apply", applier, permissions::applier(name)),
        ];
        let decided: &Source = access.map_or(source, |access| &access.source);
        for (role, what_for, trusted, document) in roles {
            let spec = iam_role::Spec {
                name: self.physical(&format!("tokaido-{role}")),
                path: iam_role::PATH.to_owned(),
                description: format!("tokaido {}: {what_for}", self.environment),
                trust: permissions::trusted(account, &trusted),
                managed_policies: Vec::new(),
                inline_policies: [(permissions::INLINE.to_owned(), document)].into(),
                permissions_boundary: Vec::new(),
            };
            let id = ResourceId::new(iam_role::NAME, role, Region::Global);
            let authored =
                vec![(iam_role::at::trust.name(), decided), (iam_role::at::inline_policies.name(), &store.bucket.source)];
            self.add(Asked { id, tenant: SHARED, source, authored }, spec);
        }
    }
}
