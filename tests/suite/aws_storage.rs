//! What the driver of databases sends for a change of the storage, to the letter.

use serde_json::json;
use tokaido::model::{Live, Region, Status};
use tokaido::world::ErrorClass;

use super::aws_drivers::{form, live, update};
use super::aws_errors::request;
use super::aws_replay::Replay;

/// What one change of the storage sends, from these live values to these.
async fn storage_sent(
    status: Status,
    live_values: serde_json::Value,
    changes: serde_json::Value,
) -> Result<Vec<String>, ErrorClass> {
    let replay = Replay::new([]);
    let mut target = serde_json::to_value(&request("db-instance").attributes).expect("plain data");
    target.as_object_mut().expect("a map").remove("engine_lifecycle_support");
    let before = Live { status, ..live("dev-catalog", live_values.clone()) };
    for (name, value) in live_values.as_object().into_iter().chain(changes.as_object()).flatten() {
        target[name] = value.clone();
    }
    let names: Vec<&str> = changes.as_object().expect("a map").keys().map(String::as_str).collect();
    let ended = replay.driver("db-instance", Region::Tokyo).update(&update(before, target, &names)).await;
    match replay.seen().first() {
        Some(sent) => Ok(form(sent).into_iter().filter(|part| !part.starts_with("DBInstanceIdentifier")).collect()),
        None => Err(ended.expect_err("nothing was sent").class),
    }
}

/// From 400 GiB on, RDS refuses a change of the storage without its IOPS; below, it refuses one with them.
#[tokio::test]
async fn a_large_storage_is_changed_with_its_iops_and_throughput() {
    let large = json!({ "storage_type": "gp3", "allocated_storage": 500, "iops": 20000, "storage_throughput": 900 });
    let small = json!({ "storage_type": "gp3", "allocated_storage": 370, "iops": 3000, "storage_throughput": 125 });
    let untold = json!({ "storage_type": "gp3", "allocated_storage": 500 });
    let gp2 = json!({ "storage_type": "gp2", "allocated_storage": 500 });
    let sent = |live: &serde_json::Value, changes| storage_sent(Status::Ready, live.clone(), changes);
    assert_eq!(
        sent(&large, json!({ "allocated_storage": 600 })).await,
        Ok(["AllocatedStorage=600", "ApplyImmediately=false", "Iops=20000", "StorageThroughput=900"].map(str::to_owned).to_vec())
    );
    // Rounded up to a tenth, which is over the size.
    assert_eq!(
        sent(&small, json!({ "allocated_storage": 380 })).await,
        Ok(["AllocatedStorage=407", "ApplyImmediately=false", "Iops=12000", "StorageThroughput=500"].map(str::to_owned).to_vec())
    );
    let smaller = json!({ "storage_type": "gp3", "allocated_storage": 100, "iops": 3000, "storage_throughput": 125 });
    assert_eq!(
        sent(&smaller, json!({ "allocated_storage": 200 })).await,
        Ok(["AllocatedStorage=200", "ApplyImmediately=false"].map(str::to_owned).to_vec())
    );
    assert_eq!(
        sent(&untold, json!({ "allocated_storage": 600 })).await,
        Err(ErrorClass::Invalid),
        "12,000 may be less than it has"
    );
    assert_eq!(
        sent(&gp2, json!({ "storage_type": "gp3" })).await,
        Ok(["AllocatedStorage=500", "ApplyImmediately=false", "Iops=12000", "StorageThroughput=500", "StorageType=gp3"]
            .map(str::to_owned)
            .to_vec())
    );
    assert_eq!(sent(&smaller, json!({ "iops": 12000 })).await, Err(ErrorClass::Invalid));
}

/// A full database takes nothing else, and no other state is a reason to apply what waits for the window.
#[tokio::test]
async fn only_a_full_database_is_changed_at_once() {
    let before = json!({ "storage_type": "gp3", "allocated_storage": 100, "iops": 3000, "storage_throughput": 125 });
    for (status, at_once) in [
        (Status::Failed("storage-full".to_owned()), true),
        (Status::Failed("incompatible-network".to_owned()), false),
        (Status::Working("storage-optimization".to_owned()), false),
        (Status::Ready, false),
    ] {
        let sent = storage_sent(status, before.clone(), json!({ "allocated_storage": 200 })).await.expect("sent");
        assert_eq!(sent, ["AllocatedStorage=200".to_owned(), format!("ApplyImmediately={at_once}")]);
    }
}
