//! How a database cluster is read. Everything is in the listing, which has every engine that RDS knows.

use aws_sdk_rds::types::DbCluster;
use std::collections::BTreeSet;

use crate::aws::prelude::*;
use crate::kinds::db_cluster::{Spec, at};
use crate::kinds::facts;
use crate::model::PendingValue;
use crate::model::reason::plan::Wait;

/// RDS applies in the window what it lists here.
fn pending(cluster: &DbCluster) -> Vec<PendingValue> {
    let days = cluster.pending_modified_values().and_then(|queued| queued.backup_retention_period());
    let queued = |days| PendingValue {
        attribute: at::backup_retention_days.name(),
        value: Value::Int(i64::from(days)),
        when: Wait::Window.into(),
    };
    days.map(queued).into_iter().collect()
}

fn readings(cluster: &DbCluster) -> Readings {
    let mut readings = Readings::default();
    let said = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    readings.told(at::engine, said(cluster.engine()));
    readings.told(at::storage_encrypted, cluster.storage_encrypted());
    readings.put_or_absent(at::kms_key, cluster.kms_key_id().map(|key| link(Some(key))));
    readings.told(at::backup_retention_days, cluster.backup_retention_period().map(i64::from));
    readings.told(at::deletion_protection, cluster.deletion_protection());
    let members = cluster.db_cluster_members().iter().map(|member| text(member.db_instance_identifier()));
    readings.put(at::members, sorted(members));
    readings.told(at::parameter_group, said(cluster.db_cluster_parameter_group()));
    readings.put_or_absent(at::replica_of, said(cluster.replication_source_identifier()));
    readings.put(at::replicas, sorted(cluster.read_replica_identifiers().iter().cloned()));
    readings.put_or_absent(at::global_cluster, said(cluster.global_cluster_identifier()));
    readings.put_or_absent(at::publicly_accessible, cluster.publicly_accessible());
    readings.put_or_absent(at::vpc_networking, cluster.vpc_networking_enabled());
    readings.put_or_absent(at::internet_gateway, cluster.internet_access_gateway_enabled());
    readings
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = DbCluster;

    async fn list(place: &Place, only: Option<&str>) -> Answer<Vec<DbCluster>> {
        let call = place.reader().rds.describe_db_clusters().set_max_records(page(only, 100));
        let call = call.set_db_cluster_identifier(only.map(str::to_owned));
        place.look(only, |token| call.clone().set_marker(token).send(), |page| (page.db_clusters, page.marker)).await
    }

    fn shown(cluster: &DbCluster) -> Live {
        Live {
            pending: pending(cluster),
            tags: tags::from_rds(cluster.tag_list()),
            status: Self::status(cluster.status().unwrap_or("creating")),
            ..Self::live(cluster.db_cluster_identifier(), cluster.db_cluster_arn(), readings(cluster))
        }
    }

    /// When each cluster was made, and to which moments it can be restored: all three are in the listing.
    async fn facts(place: &Place, live: &[Live]) -> Answer<Vec<Told>> {
        let asked: BTreeSet<&str> = live.iter().map(|live| live.physical.as_str()).collect();
        let clusters = Self::list(place, None).await?;
        let known = clusters.iter().filter_map(|cluster| Some((cluster.db_cluster_identifier()?, cluster)));
        let told = known.filter(|(id, _)| asked.contains(id)).flat_map(|(id, cluster)| {
            let times = [
                (facts::CREATED, cluster.cluster_create_time()),
                (facts::EARLIEST_RESTORABLE, cluster.earliest_restorable_time()),
                (facts::LATEST_RESTORABLE, cluster.latest_restorable_time()),
            ];
            times.into_iter().filter_map(move |(name, at)| {
                let (physical, value) = (id.to_owned(), date::rfc3339(at?)?);
                Some(Told { physical, name: name.to_owned(), value, operation: Self::KIND.calls.look.to_owned() })
            })
        });
        Ok(told.collect())
    }
}
