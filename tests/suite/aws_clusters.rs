//! Clusters and replicas on the wire: what is asked, to the letter, and what is made of recorded answers.

use serde_json::json;
use tokaido::kinds::{db_cluster, db_instance, facts};
use tokaido::model::{Reading, Region, Status, Value};

use super::aws_drivers::{form, live};
use super::aws_replay::{Answer, Replay, ok};

fn clusters(inner: &str, marker: &str) -> Answer {
    ok(format!(
        "<DescribeDBClustersResponse><DescribeDBClustersResult>{marker}<DBClusters>{inner}</DBClusters></DescribeDBClustersResult>\
         </DescribeDBClustersResponse>"
    ))
}

const AURORA: &str = "<DBCluster><DBClusterIdentifier>ledger</DBClusterIdentifier>\
    <DBClusterArn>arn:aws:rds:ap-northeast-1:111111111111:cluster:ledger</DBClusterArn><Engine>aurora-postgresql</Engine>\
    <Status>available</Status><StorageEncrypted>true</StorageEncrypted><KmsKeyId>arn:aws:kms:ap-northeast-1:111111111111:key/k</KmsKeyId>\
    <BackupRetentionPeriod>35</BackupRetentionPeriod><DeletionProtection>true</DeletionProtection>\
    <DBClusterParameterGroup>aurora16</DBClusterParameterGroup><GlobalClusterIdentifier>world</GlobalClusterIdentifier>\
    <DBClusterMembers><DBClusterMember><DBInstanceIdentifier>ledger-2</DBInstanceIdentifier></DBClusterMember>\
    <DBClusterMember><DBInstanceIdentifier>ledger-1</DBInstanceIdentifier></DBClusterMember></DBClusterMembers>\
    <ReadReplicaIdentifiers><ReadReplicaIdentifier>arn:aws:rds:us-east-1:111111111111:cluster:far</ReadReplicaIdentifier>\
    </ReadReplicaIdentifiers><VPCNetworkingEnabled>true</VPCNetworkingEnabled>\
    <InternetAccessGatewayEnabled>false</InternetAccessGatewayEnabled>\
    <PendingModifiedValues><BackupRetentionPeriod>7</BackupRetentionPeriod></PendingModifiedValues>\
    <ClusterCreateTime>2026-11-01T00:00:00Z</ClusterCreateTime><EarliestRestorableTime>2026-11-02T00:00:00Z</EarliestRestorableTime>\
    <LatestRestorableTime>2026-11-29T00:00:00Z</LatestRestorableTime>\
    <TagList><Tag><Key>team</Key><Value>ledger</Value></Tag></TagList></DBCluster>";

#[tokio::test]
async fn a_cluster_of_any_engine_is_read_whole() {
    let graph = "<DBCluster><DBClusterIdentifier>graph</DBClusterIdentifier><Engine>neptune</Engine><Status>stopped</Status>\
        <StorageEncrypted>false</StorageEncrypted><PubliclyAccessible>true</PubliclyAccessible>\
        <ReplicationSourceIdentifier>arn:aws:rds:us-east-1:111111111111:cluster:first</ReplicationSourceIdentifier></DBCluster>";
    let replay = Replay::new([clusters(AURORA, "<Marker>m-1</Marker>"), clusters(graph, "")]);
    let listing = replay.driver("db-cluster", Region::Tokyo).list().await.expect("two pages");
    assert_eq!(replay.actions(), ["DescribeDBClusters", "DescribeDBClusters"]);
    let seen = replay.seen();
    assert_eq!(
        (form(&seen[0]), form(&seen[1])),
        (vec!["MaxRecords=100".into()], vec!["Marker=m-1".into(), "MaxRecords=100".into()])
    );
    let [aurora, graph] = &listing.live[..] else { panic!("{listing:?}") };
    assert_eq!(
        serde_json::to_value(aurora.attributes.bare()).expect("plain data"),
        json!({
            "engine": "aurora-postgresql", "storage_encrypted": true, "kms_key": "arn:aws:kms:ap-northeast-1:111111111111:key/k",
            "backup_retention_days": 35, "deletion_protection": true, "members": ["ledger-1", "ledger-2"],
            "parameter_group": "aurora16", "replicas": ["arn:aws:rds:us-east-1:111111111111:cluster:far"],
            "global_cluster": "world", "vpc_networking": true, "internet_gateway": false,
        })
    );
    (db_cluster::KIND.typed)(aurora.attributes.bare()).expect("of its types");
    assert_eq!(aurora.outputs.get("id").map(|id| id.as_str()), Some("ledger"));
    assert_eq!(aurora.tags.get("team").map(|tag| tag.as_str()), Some("ledger"));
    let pending: Vec<String> = aurora.pending.iter().map(|value| format!("{} {}", value.attribute, value.value)).collect();
    assert_eq!(pending, ["backup_retention_days 7"]);
    assert!(matches!(&graph.status, Status::Failed(word) if word == "stopped"));
    let of = &graph.attributes;
    assert_eq!(of.get(db_cluster::at::publicly_accessible), Reading::Value(true));
    assert_eq!(of.get(db_cluster::at::kms_key), Reading::Absent, "asked, and none");
    assert_eq!(of.get(db_cluster::at::backup_retention_days), Reading::NotAsked, "what AWS does not say is not zero");
    assert_eq!(of.get(db_cluster::at::deletion_protection), Reading::NotAsked);
    assert_eq!(of.text(db_cluster::at::replica_of), Some("arn:aws:rds:us-east-1:111111111111:cluster:first"));
}

#[tokio::test]
async fn the_moments_to_which_a_cluster_can_be_restored_are_in_its_listing() {
    let replay = Replay::new([clusters(AURORA, "")]);
    let told = replay.driver("db-cluster", Region::Tokyo).facts(&[live("ledger", json!({}))]).await.expect("told");
    let found: Vec<(&str, &str)> = told.iter().map(|fact| (fact.name.as_str(), fact.value.as_str())).collect();
    assert_eq!(
        found,
        [
            (facts::CREATED, "2026-11-01T00:00:00Z"),
            (facts::EARLIEST_RESTORABLE, "2026-11-02T00:00:00Z"),
            (facts::LATEST_RESTORABLE, "2026-11-29T00:00:00Z"),
        ]
    );
    assert!(told.iter().all(|fact| fact.physical == "ledger" && fact.operation == "rds:DescribeDBClusters"));
}

#[tokio::test]
async fn a_database_says_whose_member_and_whose_replica_it_is() {
    let one =
        |name: &str, inner: &str| format!("<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier>{inner}</DBInstance>");
    let all = [
        one("alone", ""),
        one("member", "<DBClusterIdentifier>ledger</DBClusterIdentifier>"),
        one("reader", "<ReadReplicaSourceDBInstanceIdentifier>catalog</ReadReplicaSourceDBInstanceIdentifier>"),
        one("of-cluster", "<ReadReplicaSourceDBClusterIdentifier>ledger</ReadReplicaSourceDBClusterIdentifier>"),
        one(
            "source",
            "<ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>z</ReadReplicaDBInstanceIdentifier>\
             </ReadReplicaDBInstanceIdentifiers><ReadReplicaDBClusterIdentifiers><ReadReplicaDBClusterIdentifier>a\
             </ReadReplicaDBClusterIdentifier></ReadReplicaDBClusterIdentifiers>",
        ),
    ];
    let body = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{}</DBInstances></DescribeDBInstancesResult>\
         </DescribeDBInstancesResponse>",
        all.concat()
    );
    let listing = Replay::new([ok(body)]).driver("db-instance", Region::Tokyo).list().await.expect("one page");
    let of = |index: usize| {
        let readings = &listing.live[index].attributes;
        let text = |name| match readings.reading(name) {
            Reading::Value(Value::Text(text)) => text.to_string(),
            Reading::Absent => "none".to_owned(),
            other => format!("{other:?}"),
        };
        let replicas = match readings.get(db_instance::at::replicas) {
            Reading::Value(replicas) => replicas.join(","),
            other => format!("{other:?}"),
        };
        [text(db_instance::at::cluster.name()), text(db_instance::at::replica_of.name()), replicas]
    };
    assert_eq!(of(0), ["none", "none", ""]);
    assert_eq!(of(1), ["ledger", "none", ""]);
    assert_eq!(of(2), ["none", "catalog", ""]);
    assert_eq!(of(3), ["none", "ledger", ""]);
    assert_eq!(of(4), ["none", "none", "a,z"]);
}
