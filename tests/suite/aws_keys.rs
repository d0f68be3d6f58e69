//! Keys that are not ours: what is asked of them, to the letter, and what is made of the answers. Grants of a key.

use serde_json::{Value as Json, json};
use tokaido::kinds::{facts, kms_key};
use tokaido::model::{Listing, Live, Reading, Readings, Region, Status};

use super::aws_replay::{Answer, Replay, Seen, ok, status};

fn denied() -> Answer {
    status(400, r#"{"__type":"AccessDeniedException","message":"the policy of the key does not let you"}"#)
}

/// One key without a tag of ours, of which `describe` says this beside what every description has.
fn one(describe: Json, refused: &'static [&'static str]) -> impl Fn(&Seen) -> Answer {
    move |seen| {
        let target = seen.target.clone().unwrap_or_default();
        let name = target.trim_start_matches("TrentService.");
        if refused.contains(&name) {
            return denied();
        }
        let mut metadata = json!({
            "KeyId": "k-1", "Arn": "arn:aws:kms:ap-northeast-1:111111111111:key/k-1", "Enabled": true, "KeyState": "Enabled",
            "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false,
        });
        for (field, value) in describe.as_object().expect("fields") {
            metadata[field] = value.clone();
        }
        let answer = match name {
            "ListKeys" => json!({ "Keys": [{ "KeyId": "k-1", "KeyArn": metadata["Arn"] }], "Truncated": false }),
            "ListAliases" => json!({ "Truncated": false, "Aliases": [
                { "AliasName": "alias/wages", "TargetKeyId": "k-1" }, { "AliasName": "alias/payroll", "TargetKeyId": "k-1" },
            ] }),
            "ListResourceTags" => json!({ "Tags": [{ "TagKey": "team", "TagValue": "payroll" }], "Truncated": false }),
            "DescribeKey" => json!({ "KeyMetadata": metadata }),
            "GetKeyPolicy" => json!({ "Policy": r#"{"Version":"2012-10-17","Statement":[]}"# }),
            "GetKeyRotationStatus" => json!({ "KeyRotationEnabled": true, "RotationPeriodInDays": 180 }),
            other => panic!("no reason to ask {other}"),
        };
        ok(answer.to_string())
    }
}

async fn listed(describe: Json, refused: &'static [&'static str]) -> (Listing, Vec<String>) {
    let replay = Replay::answering(one(describe, refused)).once();
    let listing = replay.driver("kms-key", Region::Tokyo).list().await.expect("the list was answered");
    let mut calls: Vec<String> =
        replay.seen().iter().map(|seen| format!("{} {}", seen.target.as_deref().unwrap_or_default(), seen.body)).collect();
    calls.sort();
    (listing, calls)
}

async fn key(describe: Json, refused: &'static [&'static str]) -> Readings {
    let (listing, _) = listed(describe, refused).await;
    assert!(listing.unreadable.is_empty() && listing.locked.is_empty(), "{listing:?}");
    listing.live.into_iter().next().expect("the key").attributes
}

#[tokio::test]
async fn a_foreign_key_is_read_whole() {
    let (listing, calls) = listed(json!({}), &[]).await;
    assert_eq!(
        calls,
        [
            r#"TrentService.DescribeKey {"KeyId":"k-1"}"#,
            r#"TrentService.GetKeyPolicy {"KeyId":"k-1","PolicyName":"default"}"#,
            r#"TrentService.GetKeyRotationStatus {"KeyId":"k-1"}"#,
            r#"TrentService.ListAliases {"Limit":100}"#,
            r#"TrentService.ListKeys {"Limit":1000}"#,
            r#"TrentService.ListResourceTags {"KeyId":"k-1","Limit":50}"#,
        ]
    );
    let live = &listing.live[0];
    assert_eq!(live.tags.get("team").map(|tag| tag.as_str()), Some("payroll"));
    assert_eq!(
        serde_json::to_value(live.attributes.bare()).expect("plain data"),
        json!({
            "alias": "alias/payroll", "more_aliases": ["alias/wages"], "description": "", "enabled": true, "origin": "AWS_KMS", "regions": [], "rotation_days": 180,
            "policy": { "Version": "2012-10-17", "Statement": [] },
        })
    );
    (kms_key::KIND.typed)(live.attributes.bare()).expect("of its types");
}

/// One refusal takes away what that call tells, and nothing else.
#[tokio::test]
async fn what_a_key_keeps_from_us_is_a_failed_reading_of_that_key() {
    use kms_key::at::{enabled, policy, regions, rotation_days};
    let failed = |key: &Readings, name: tokaido::model::Name, call: &str| matches!(key.reading(name), Reading::Failed(why) if why.starts_with(&format!("{call}: access-denied")));
    let key1 = key(json!({}), &["GetKeyPolicy"]).await;
    assert!(failed(&key1, policy.name(), "kms:GetKeyPolicy"), "{key1:?}");
    assert_eq!((key1.get(enabled), key1.get(rotation_days)), (Reading::Value(true), Reading::Value(180)));
    let key2 = key(json!({}), &["GetKeyRotationStatus"]).await;
    assert!(matches!(key2.get(rotation_days), Reading::Failed(_)) && matches!(key2.get(policy), Reading::Value(_)), "{key2:?}");
    let key3 = key(json!({}), &["DescribeKey"]).await;
    for name in [policy.name(), enabled.name(), regions.name()] {
        assert!(failed(&key3, name, "kms:DescribeKey"), "{key3:?}");
    }
    assert_eq!(key3.text(kms_key::at::alias), Some("alias/payroll"), "the listing says it");
    // Its tags are locked: it is as it was, and no further call is made.
    let (listing, calls) = listed(json!({}), &["ListResourceTags"]).await;
    assert_eq!((listing.live.len(), listing.locked.len(), calls.len()), (0, 1, 3));
}

/// KMS refuses the question about rotation for a key that it cannot rotate, and both questions for one that is to be deleted.
#[tokio::test]
async fn what_kms_cannot_say_is_not_asked() {
    for (describe, skipped) in [
        (json!({ "Origin": "EXTERNAL" }), &["GetKeyRotationStatus"][..]),
        (json!({ "KeySpec": "RSA_2048" }), &["GetKeyRotationStatus"]),
        (json!({ "KeyState": "PendingDeletion", "Enabled": false }), &["GetKeyRotationStatus", "GetKeyPolicy"]),
    ] {
        let (listing, calls) = listed(describe.clone(), &[]).await;
        for name in ["GetKeyRotationStatus", "GetKeyPolicy"] {
            assert_eq!(!calls.iter().any(|call| call.contains(name)), skipped.contains(&name), "{describe}: {calls:?}");
        }
        assert_eq!(matches!(listing.live[0].status, Status::Failed(_)), skipped.len() == 2, "{describe}");
    }
    assert_eq!(key(json!({ "Origin": "EXTERNAL" }), &[]).await.get(kms_key::at::rotation_days), Reading::Absent);
    // A key of AWS's whose alias the listing does not show.
    let (listing, _) = listed(json!({ "KeyManager": "AWS" }), &[]).await;
    assert_eq!((listing.live.len(), listing.made_by_aws.len()), (0, 0));
}

#[tokio::test]
async fn the_regions_of_a_multi_region_key_are_those_of_its_primary_and_its_replicas() {
    use kms_key::at::regions;
    let of = |region: &str| json!({ "Arn": format!("arn:aws:kms:{region}:111111111111:key/mrk-1"), "Region": region });
    let many = json!({
        "MultiRegion": true,
        "MultiRegionConfiguration": {
            "MultiRegionKeyType": "PRIMARY", "PrimaryKey": of("ap-northeast-1"), "ReplicaKeys": [of("us-east-1"), of("ap-northeast-3")],
        },
    });
    let expected = ["ap-northeast-1", "ap-northeast-3", "us-east-1"].map(str::to_owned).to_vec();
    assert_eq!(key(many, &[]).await.get(regions), Reading::Value(expected));
    assert_eq!(key(json!({ "MultiRegion": true }), &[]).await.get(regions), Reading::NotAsked, "AWS did not say where");
    // Only the id of a multi-Region key begins with `mrk-`.
    assert_eq!(key(json!({ "MultiRegion": null }), &[]).await.get(regions), Reading::Value(Vec::new()));
    assert_eq!(key(json!({ "MultiRegion": null, "KeyId": "mrk-1" }), &[]).await.get(regions), Reading::NotAsked);
}

fn live(physical: &str) -> Live {
    super::aws_drivers::live(physical, json!({}))
}

#[tokio::test]
async fn grants_are_told_by_grantee() {
    let grant = |principal: &str, operations: &[&str], constraints: Json| json!({ "GrantId": "g", "GranteePrincipal": principal, "Operations": operations, "Constraints": constraints });
    let context = json!({ "EncryptionContextSubset": { "aws:rds:db-id": "db-1" } });
    let first = json!({
        "Grants": [
            grant("rds.ap-northeast-1.amazonaws.com", &["Decrypt", "CreateGrant"], context.clone()),
            grant("arn:aws:iam::222222222222:root", &["Decrypt"], json!({})),
        ],
        "Truncated": true, "NextMarker": "m-1",
    });
    let mut service = grant("ignored", &["Decrypt"], json!({ "SourceArn": "arn:aws:logs:ap-northeast-1:111111111111:x" }));
    service["GranteeServicePrincipal"] = json!("logs.amazonaws.com");
    let second = json!({
        "Grants": [grant("rds.ap-northeast-1.amazonaws.com", &["Encrypt", "Decrypt"], context), service, grant("arn:aws:iam::222222222222:root", &["DescribeKey"], json!({ "EncryptionContextEquals": {} }))],
        "Truncated": false,
    });
    let replay = Replay::answering(move |seen| match (seen.json()["KeyId"].as_str(), seen.json()["Marker"].as_str()) {
        (Some("locked"), _) => denied(),
        (Some("k-1"), None) => ok(first.to_string()),
        (Some("k-1"), Some("m-1")) => ok(second.to_string()),
        other => panic!("{other:?}"),
    })
    .once();
    let told = replay.driver("kms-key", Region::Tokyo).facts(&[live("k-1"), live("locked")]).await.expect("told");
    let mut calls: Vec<String> = replay.seen().iter().map(|seen| seen.body.clone()).collect();
    calls.sort();
    assert_eq!(
        calls,
        [r#"{"Limit":100,"KeyId":"k-1"}"#, r#"{"Limit":100,"KeyId":"locked"}"#, r#"{"Limit":100,"Marker":"m-1","KeyId":"k-1"}"#,]
    );
    assert!(replay.actions().iter().all(|action| action == "TrentService.ListGrants"));
    assert!(told.iter().all(|fact| fact.operation == "kms:ListGrants"));
    let of = |key: &str| {
        let facts = told.iter().filter(|fact| fact.physical == key);
        facts.map(|fact| (fact.name.as_str(), fact.value.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(
        of("k-1"),
        [
            (facts::GRANTS, "5"),
            ("grant to logs.amazonaws.com", "Decrypt"),
            ("grant to rds.ap-northeast-1.amazonaws.com", "CreateGrant, Decrypt, Encrypt"),
            ("unconstrained grant to arn:aws:iam::222222222222:root", "Decrypt, DescribeKey"),
        ]
    );
    let [(name, why)] = of("locked")[..] else { panic!("{told:?}") };
    assert!(name == facts::GRANTS_UNREAD && why.starts_with("kms:ListGrants: access-denied"), "{why}");
}

/// The advice about a key names the policy that decides: AWS says which one denied, or else both are asked.
#[test]
fn advice_about_a_closed_key_names_its_policy() {
    use tokaido::world::{ErrorClass, ProviderError};
    let says =
        |operation: &str, why: &str| ProviderError::new(ErrorClass::AccessDenied, operation, "k-1", why).next().to_string();
    let denied =
        |operation: &str, policy: &str| says(operation, &format!("not authorized because no {policy} allows the action"));
    for (operation, holder) in [
        ("kms:ListResourceTags", "the key's policy"),
        ("s3:GetBucketTagging", "the bucket's policy"),
        ("backup:ListTags", "the vault's access policy"),
    ] {
        let next = denied(operation, "resource-based policy");
        assert!(
            next.starts_with(&format!("allow {operation} for the calling role in {holder}, which its owner writes")),
            "{next}"
        );
        let next = denied(operation, "identity-based policy");
        assert!(next.contains("docs/permissions.md") && !next.contains(holder), "{next}");
    }
    for operation in ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListResourceTags"] {
        let next = says(operation, "The ciphertext refers to a key that does not exist, or you are not allowed");
        assert!(next.contains("in the key's policy and in IAM"), "{next}");
    }
    let next = says("kms:ListKeys", "no");
    assert!(!next.contains("the key's policy"), "{next}");
    // What a plan holds says the same for every caller.
    let error = ProviderError::new(ErrorClass::AccessDenied, "kms:DescribeKey", "k-1", "no resource-based policy allows it");
    let failed = error.unreadable("kms-key", Region::Tokyo, Some("k-1"), None);
    assert!(failed.error.contains("in the key's policy and in IAM"), "{}", failed.error);
    let japanese = tokaido::world::unread(&failed.operation, &failed.error, tokaido::model::Language::Ja);
    assert!(japanese.contains("キーポリシーと IAM の両方"), "{japanese}");
}
