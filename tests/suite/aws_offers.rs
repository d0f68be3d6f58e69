//! How RDS is asked what it offers, to the letter, and what its answers mean.

use serde_json::{Value as Json, json};
use tokaido::model::{Attributes, Region};
use tokaido::world::ErrorClass;

use super::aws_drivers::form;
use super::aws_replay::{Answer, Replay, ok, status};

fn option(version: &str, storage: &str, zones: bool) -> String {
    format!(
        "<OrderableDBInstanceOption><Engine>postgres</Engine><EngineVersion>{version}</EngineVersion><DBInstanceClass>db.m7g.large\
         </DBInstanceClass><StorageType>{storage}</StorageType><SupportsStorageEncryption>true</SupportsStorageEncryption>\
         <MultiAZCapable>{zones}</MultiAZCapable></OrderableDBInstanceOption>"
    )
}

fn page(options: &[String], marker: Option<&str>) -> Answer {
    let marker = marker.map(|marker| format!("<Marker>{marker}</Marker>")).unwrap_or_default();
    ok(format!(
        "<DescribeOrderableDBInstanceOptionsResponse><DescribeOrderableDBInstanceOptionsResult><OrderableDBInstanceOptions>{}\
         </OrderableDBInstanceOptions>{marker}</DescribeOrderableDBInstanceOptionsResult></DescribeOrderableDBInstanceOptionsResponse>",
        options.concat()
    ))
}

fn asked() -> Attributes {
    serde_json::from_value(json!({ "engine": "postgres", "class": "db.m7g.large" })).expect("attributes")
}

async fn offered(replay: &Replay) -> Result<Option<Json>, ErrorClass> {
    let answer = replay.driver("db-instance", Region::Osaka).offers(&asked()).await.map_err(|error| error.class)?;
    Ok(answer.map(|offers| serde_json::to_value(offers).expect("plain data")))
}

#[tokio::test]
async fn every_page_is_read_and_each_combination_counts_once() {
    let pages = [
        page(&[option("16.6", "gp3", true), option("16.6", "gp3", true), option("16.6", "io1", false)], Some("m")),
        page(&[option("15.4", "gp3", true)], None),
    ];
    let replay = Replay::new(pages);
    let row = |version: &str, storage: &str, zones: bool| json!({ "engine_version": version, "storage_type": storage, "storage_encrypted": true, "multi_az": zones });
    let mut found = offered(&replay).await.expect("an answer").expect("offers").as_array().expect("a list").clone();
    found.sort_by_key(Json::to_string);
    let mut wanted = vec![row("16.6", "gp3", true), row("16.6", "io1", false), row("15.4", "gp3", true)];
    wanted.sort_by_key(Json::to_string);
    assert_eq!(found, wanted);
    let sent: Vec<Vec<String>> = replay.seen().iter().map(form).collect();
    let first = ["DBInstanceClass=db.m7g.large", "Engine=postgres", "MaxRecords=1000", "Vpc=true"].map(str::to_owned).to_vec();
    let mut second = first.clone();
    second.insert(2, "Marker=m".to_owned());
    assert_eq!(sent, [first, second]);
    assert!(replay.seen().iter().all(|seen| seen.uri.contains("ap-northeast-3")), "{:?}", replay.seen());
}

/// An empty list says that the class is not there, where RDS names others.
#[tokio::test]
async fn an_empty_answer_is_believed_where_rds_has_anything_to_offer() {
    let replay = Replay::new([page(&[], None), page(&[option("16.6", "gp3", true)], Some("more"))]);
    assert_eq!(offered(&replay).await, Ok(Some(json!([]))));
    let last = form(&replay.seen()[1]);
    assert_eq!(last, ["Engine=postgres", "MaxRecords=20", "Vpc=true"], "one page of anything");
    assert_eq!(replay.seen().len(), 2, "the other pages say nothing more");
    assert_eq!(offered(&Replay::new([page(&[], None), page(&[], None)])).await, Ok(None), "an emulator");
}

/// RDS refuses a class that it cannot read, which is an answer about the class, and an engine that it does not have, which is none.
#[tokio::test]
async fn a_refused_value_is_an_answer_and_a_failed_call_is_none() {
    let refused = || {
        status(
            400,
            "<ErrorResponse><Error><Code>InvalidParameterValue</Code><Message>Invalid DB Instance class</Message></Error></ErrorResponse>",
        )
    };
    let denied = || status(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>");
    let any = || page(&[option("16.6", "gp3", true)], None);
    assert_eq!(offered(&Replay::new([refused(), any()])).await, Ok(Some(json!([]))));
    assert_eq!(offered(&Replay::new([refused(), refused()])).await, Err(ErrorClass::Invalid));
    assert_eq!(offered(&Replay::new([denied()])).await, Err(ErrorClass::AccessDenied));
    assert_eq!(offered(&Replay::new([page(&[], None), denied()])).await, Err(ErrorClass::AccessDenied));
    assert_eq!(offered(&Replay::new([ok("<html></html>")]).once()).await, Err(ErrorClass::Unreachable));
    let half = "<DescribeOrderableDBInstanceOptionsResponse><DescribeOrderableDBInstanceOptionsResult><OrderableDB";
    assert_eq!(offered(&Replay::new([ok(half)]).once()).await, Err(ErrorClass::Unreachable));
}
