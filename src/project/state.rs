//! Puts one environment's desired state together.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::Resources;
use crate::desired::spec::{EnvironmentSpec, TenantDatabase};
use crate::kinds::db_instance;
use crate::model::{
    DesiredState, Divergence, Environment, Exception, PolicyFiles, Reader, Region, ResourceId, SharedForwarder, Tombstone,
};

/// The default soak: a release is proven for a day before the next environment takes it.
const SOAK_HOURS: i64 = 24;

pub(super) fn state(environment: Environment, spec: EnvironmentSpec, resources: Resources) -> DesiredState {
    let mut database_users: BTreeMap<ResourceId, BTreeSet<String>> = BTreeMap::new();
    for tenant in spec.tenants.iter().flatten() {
        if let TenantDatabase::Shared(database) = &*tenant.database {
            let id = ResourceId::new(db_instance::NAME, database.as_str(), Region::Tokyo);
            database_users.entry(id).or_default().insert(tenant.id.as_str().to_owned());
        }
    }
    let retire = spec.retire.into_iter().flatten().map(|entry| {
        let tombstone = Tombstone { reason: entry.reason.as_str().to_owned(), source: entry.source };
        (entry.value.id.value.0, tombstone)
    });
    let divergences = spec.divergences.into_iter().flatten().map(|entry| Divergence {
        promise: entry.promise.as_str().to_owned(),
        value: entry.value.value.value.to_string(),
        reason: entry.reason.as_str().to_owned(),
        owner: entry.owner.as_str().to_owned(),
        until: entry.until.0.to_string(),
        source: entry.source.clone(),
    });
    let exceptions = spec.exceptions.into_iter().flatten().map(|entry| Exception {
        what: entry.what.as_str().to_owned(),
        reason: entry.reason.as_str().to_owned(),
        owner: entry.owner.as_str().to_owned(),
        until: entry.until.0,
        source: entry.source.clone(),
    });
    let forwarders = spec.shared_forwarders.into_iter().flatten().map(|entry| SharedForwarder {
        id: entry.id.as_str().to_owned(),
        reason: entry.reason.as_str().to_owned(),
        source: entry.source.clone(),
    });
    let readers = spec.readers.into_iter().flatten().map(|entry| Reader {
        account: entry.role.account().to_owned(),
        role: entry.role.as_str().to_owned(),
        reason: entry.reason.as_str().to_owned(),
        source: entry.source.clone(),
    });
    let approvals = spec.change.as_ref().map_or(0, |change| usize::try_from(change.approvals.0).unwrap_or(usize::MAX));
    DesiredState {
        environment,
        account: spec.account.as_str().to_owned(),
        assume_role: spec.assume_role.map(|role| role.as_str().to_owned()),
        primary: Region::Tokyo,
        recovery: Region::Osaka,
        resources,
        retire: retire.collect(),
        divergences: divergences.collect(),
        exceptions: exceptions.collect(),
        shared_forwarders: forwarders.collect(),
        readers: readers.collect(),
        database_users,
        release: None,
        release_tool: None,
        soak_hours: spec.change.and_then(|change| change.value.soak).map_or(SOAK_HOURS, |soak| soak.0),
        bucket: spec.store.map(|store| store.bucket.as_str().to_owned()),
        roles: None,
        approvals,
        digest: String::new(),
        promises_digest: String::new(),
        promised_days: BTreeMap::new(),
        policies: PolicyFiles::default(),
    }
}
