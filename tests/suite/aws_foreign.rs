//! What is asked of plans, vaults and parameter groups of others, and what an answer that fails leaves.

use serde_json::{Value as Json, json};
use tokaido::kinds::backup_plan;
use tokaido::model::{Reading, Readings, Region};

use super::aws_drivers::{live, update};
use super::aws_replay::{Answer, Replay, Seen, ok, status};

fn values(readings: &Readings) -> Json {
    serde_json::to_value(readings.bare()).expect("plain data")
}

fn path(seen: &Seen) -> String {
    format!("/{}", seen.uri.splitn(4, '/').nth(3).unwrap_or_default())
}

const DENIED: &str = r#"{"__type":"AccessDeniedException","Message":"not authorized"}"#;

/// A plan of another team with every list that a selection can have; `wrong` is answered with a refusal.
fn theirs(wrong: &'static str) -> impl Fn(&Seen) -> Answer + Send + Sync {
    move |seen| {
        let path = path(seen);
        if !wrong.is_empty() && path.starts_with(wrong) {
            return status(403, DENIED);
        }
        let body = match path.split('?').next().unwrap_or_default() {
            "/backup/plans" => json!({ "BackupPlansList": [{ "BackupPlanId": "p-1", "BackupPlanName": "nightly",
                "BackupPlanArn": "arn:aws:backup:ap-northeast-1:111111111111:backup-plan:p-1" }] }),
            "/backup/plans/p-1" => json!({ "BackupPlan": { "BackupPlanName": "nightly", "Rules": [
                { "RuleName": "r", "TargetBackupVaultName": "Default", "Lifecycle": { "DeleteAfterDays": 35 }, "CopyActions": [
                    { "DestinationBackupVaultArn": "arn:aws:backup:us-east-1:444444444444:backup-vault:far" }] }] } }),
            "/backup/plans/p-1/selections" => {
                json!({ "BackupSelectionsList": [{ "SelectionId": "s-1", "SelectionName": "all", "CreationDate": 1.0 }] })
            }
            "/backup/plans/p-1/selections/s-1" => json!({ "BackupSelection": {
                "SelectionName": "all", "IamRoleArn": "arn:role", "Resources": ["arn:b", "*"], "NotResources": ["arn:c"],
                "ListOfTags": [{ "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily" }],
                "Conditions": {
                    "StringEquals": [{ "ConditionKey": "aws:ResourceTag/a", "ConditionValue": "1" }],
                    "StringNotEquals": [{ "ConditionKey": "aws:ResourceTag/b", "ConditionValue": "2" }],
                    "StringLike": [{ "ConditionKey": "aws:ResourceTag/c", "ConditionValue": "3*" }],
                    "StringNotLike": [{ "ConditionKey": "aws:ResourceTag/d", "ConditionValue": "4*" }] } } }),
            _ => json!({ "Tags": { "owner": "others" } }),
        };
        ok(body.to_string())
    }
}

#[tokio::test]
async fn a_foreign_plan_is_read_whole() {
    let replay = Replay::answering(theirs(""));
    let listing = replay.driver("backup-plan", Region::Tokyo).list().await.expect("a listing");
    let test = |test: &str, key: &str, value: &str| json!({ "test": test, "key": key, "value": value });
    assert_eq!(
        values(&listing.live[0].attributes),
        json!({
            "name": "nightly",
            // What the rule does not say is AWS's default.
            "rules": [{ "name": "r", "vault": "Default", "schedule": "cron(0 5 ? * * *)", "timezone": "Etc/UTC",
                "start_window_minutes": 480, "completion_window_minutes": 10080, "delete_after_days": 35, "continuous": false }],
            "copies": [{ "rule": "r", "vault": "arn:aws:backup:us-east-1:444444444444:backup-vault:far", "delete_after_days": null }],
            "selections": [{ "name": "all", "role": "arn:role", "resources": ["*", "arn:b"], "not_resources": ["arn:c"],
                "tags": [test("StringEquals", "backup", "daily")],
                "conditions": [test("StringEquals", "aws:ResourceTag/a", "1"), test("StringLike", "aws:ResourceTag/c", "3*"),
                    test("StringNotEquals", "aws:ResourceTag/b", "2"), test("StringNotLike", "aws:ResourceTag/d", "4*")] }],
        })
    );
    let mut paths: Vec<String> = replay.seen().iter().map(path).collect();
    paths.sort();
    let tags = "/tags/arn%3Aaws%3Abackup%3Aap-northeast-1%3A111111111111%3Abackup-plan%3Ap-1";
    assert_eq!(
        paths,
        [
            "/backup/plans/p-1",
            "/backup/plans/p-1/selections/s-1",
            "/backup/plans/p-1/selections?maxResults=1000",
            "/backup/plans?maxResults=1000",
            tags,
        ]
    );
}

/// The plan stays in the population, and what was not read of it is a failed reading: no plan and no drift stumble over it.
#[tokio::test]
async fn a_foreign_plan_of_which_a_call_fails_is_there() {
    for (wrong, operation) in [
        ("/backup/plans/p-1/selections/s-1", "backup:GetBackupSelection"),
        ("/backup/plans/p-1/selections", "backup:ListBackupSelections"),
        ("/backup/plans/p-1", "backup:GetBackupPlan"),
    ] {
        let replay = Replay::answering(theirs(wrong));
        let listing = replay.driver("backup-plan", Region::Tokyo).list().await.expect("a listing");
        assert!(listing.unreadable.is_empty() && listing.locked.is_empty(), "{wrong}: {listing:?}");
        let found = &listing.live[0].attributes;
        assert_eq!(found.get(backup_plan::at::name), Reading::Value("nightly".to_owned()));
        for name in [backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()] {
            let Reading::Failed(why) = found.reading(name) else { panic!("{wrong}: {name} {:?}", found.reading(name)) };
            assert!(why.starts_with(&format!("{operation}: access-denied")), "{why}");
        }
    }
    // A plan that was deleted since it was listed is not there.
    let gone = |seen: &Seen| {
        let missing = r#"{"__type":"ResourceNotFoundException","Message":"Failed reading Backup plan with provided version"}"#;
        if path(seen) == "/backup/plans/p-1" { status(400, missing) } else { theirs("")(seen) }
    };
    let listing = Replay::answering(gone).driver("backup-plan", Region::Tokyo).list().await.expect("a listing");
    assert!(listing.live.is_empty() && listing.unreadable.is_empty(), "{listing:?}");
}

fn vaults(policy: Answer) -> Replay {
    Replay::answering(move |seen| match &*path(seen) {
        "/backup-vaults?maxResults=1000" => {
            let vault = |name: &str, more: Json| {
                let mut vault = json!({ "BackupVaultName": name, "EncryptionKeyArn": "arn:key",
                    "BackupVaultArn": format!("arn:aws:backup:ap-northeast-3:111111111111:backup-vault:{name}") });
                let own = more.as_object().expect("members").clone();
                vault.as_object_mut().expect("a map").extend(own);
                vault
            };
            let locked = json!({ "Locked": true, "LockDate": 1.9e9, "MinRetentionDays": 30, "MaxRetentionDays": 365 });
            ok(json!({ "BackupVaultList": [vault("dev-main", locked), vault("theirs", json!({ "Locked": false }))] }).to_string())
        }
        "/backup-vaults/dev-main/access-policy" | "/backup-vaults/theirs/access-policy" => policy.clone(),
        tags if tags.contains("dev-main") => {
            ok(json!({ "Tags": { "tokaido:environment": "dev", "tokaido:id": "backup-vault.main@osaka" } }).to_string())
        }
        _ => ok(json!({ "Tags": {} }).to_string()),
    })
}

#[tokio::test]
async fn the_lock_and_the_policy_of_every_vault_are_read() {
    let policy = json!({ "Policy": json!({ "Statement": [{ "Effect": "Deny" }] }).to_string() }).to_string();
    let listing = vaults(ok(policy)).driver("backup-vault", Region::Osaka).list().await.expect("a listing");
    let found: Vec<Json> = listing.live.iter().map(|live| values(&live.attributes)).collect();
    let policy = json!({ "Statement": [{ "Effect": "Deny" }] });
    assert_eq!(
        found,
        [
            json!({ "name": "dev-main", "kms_key": "arn:key", "lock": { "min_days": 30, "max_days": 365 }, "policy": policy }),
            json!({ "name": "theirs", "kms_key": "arn:key", "policy": policy }),
        ]
    );
    // Whom a vault of another type is shared with is told elsewhere.
    let odd = json!({ "BackupVaultList": [{ "BackupVaultName": "gap", "BackupVaultArn": "arn:gap", "EncryptionKeyArn": "arn:key",
        "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }] });
    let replay = Replay::answering(move |seen| {
        ok(if path(seen).starts_with("/tags") { json!({ "Tags": {} }) } else { odd.clone() }.to_string())
    });
    let gap = replay.driver("backup-vault", Region::Osaka).list().await.expect("a listing");
    assert_eq!(gap.live[0].attributes.get(tokaido::kinds::backup_vault::at::policy), Reading::NotAsked);
    let lock = tokaido::kinds::backup_vault::at::lock.name();
    assert_eq!(listing.live[1].attributes.reading(lock), Reading::Absent, "it was asked, and there is none");
}

/// No policy is no error; a call that fails leaves the vault there, and leaves plan and drift alone. What is no document is no
/// policy that says nothing.
#[tokio::test]
async fn a_policy_that_is_not_there_and_one_that_was_not_read_differ() {
    let absent = r#"{"__type":"ResourceNotFoundException","Message":"Backup Vault dev-main has no associated policy"}"#;
    for (answer, failed) in [
        (status(400, absent), None),
        (status(404, absent), None),
        (status(403, DENIED), Some("backup:GetBackupVaultAccessPolicy: access-denied")),
        (ok("{}"), Some("backup:GetBackupVaultAccessPolicy: unreachable")),
        (ok(r#"{"Policy":"{"}"#), Some("the policy document is not JSON")),
    ] {
        let listing = vaults(answer).once().driver("backup-vault", Region::Osaka).list().await.expect("a listing");
        assert_eq!((listing.live.len(), listing.unreadable.len()), (2, 0), "{failed:?}");
        for live in &listing.live {
            let reading = live.attributes.reading(tokaido::kinds::backup_vault::at::policy.name());
            match (&reading, failed) {
                (Reading::Absent, None) => {}
                (Reading::Failed(why), Some(wanted)) => assert!(why.starts_with(wanted), "{why}"),
                _ => panic!("{failed:?}: {reading:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_foreign_parameter_group_is_read_by_the_same_two_calls() {
    let replay = Replay::answering(|seen| {
        let form = seen.form();
        let action = form["Action"].clone();
        let body = match action.as_str() {
            "DescribeDBParameterGroups" => {
                "<DBParameterGroups><DBParameterGroup><DBParameterGroupName>grown</DBParameterGroupName>\
                <DBParameterGroupFamily>postgres16</DBParameterGroupFamily><Description>by hand</Description>\
                <DBParameterGroupArn>arn:aws:rds:r:1:pg:grown</DBParameterGroupArn></DBParameterGroup></DBParameterGroups>"
                    .to_owned()
            }
            "DescribeDBParameters" => {
                let set = form.get("Source").map(String::as_str) == Some("user");
                let parameter = |name: &str, value: &str| {
                    format!(
                        "<Parameter><ParameterName>{name}</ParameterName><ParameterValue>{value}</ParameterValue></Parameter>"
                    )
                };
                let found = if set { parameter("timezone", "Asia/Tokyo") } else { parameter("rds.force_ssl", "1") };
                format!("<Parameters>{found}</Parameters>")
            }
            _ => "<TagList/>".to_owned(),
        };
        ok(format!("<{action}Response><{action}Result>{body}</{action}Result></{action}Response>"))
    });
    let listing = replay.driver("db-parameter-group", Region::Tokyo).list().await.expect("a listing");
    assert_eq!(
        values(&listing.live[0].attributes)["parameters"],
        json!({ "rds.force_ssl": "1", "timezone": "Asia/Tokyo" }),
        "set by hand, and by default"
    );
    assert_eq!(replay.actions().iter().filter(|action| *action == "DescribeDBParameters").count(), 2);
}

/// What a role may do is in the listing; nothing more is asked of a role of others, tags that the listing is silent about included.
#[tokio::test]
async fn roles_that_aws_backup_may_assume_are_listed_with_what_they_may_do() {
    let trust = |service: &str| {
        format!(
            "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22{service}%22%7D%2C\
             %22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"
        )
    };
    let role = |name: &str, path: &str, service: &str| {
        format!(
            "<member><RoleName>{name}</RoleName><Path>{path}</Path><Arn>arn:aws:iam::111111111111:role{path}{name}</Arn><RoleId>I</RoleId>\
             <CreateDate>2026-11-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument>\
             <AttachedManagedPolicies><member><PolicyName>p</PolicyName><PolicyArn>arn:p</PolicyArn></member></AttachedManagedPolicies>\
             <InstanceProfileList/><RolePolicyList/></member>",
            trust(service)
        )
    };
    let roles = [
        role("AWSBackupDefaultServiceRole", "/service-role/", "backup.amazonaws.com"),
        role("AWSServiceRoleForBackup", "/aws-service-role/backup.amazonaws.com/", "backup.amazonaws.com"),
        role("web", "/", "ec2.amazonaws.com"),
    ];
    let list = format!("<RoleDetailList>{}</RoleDetailList><IsTruncated>false</IsTruncated>", roles.concat());
    let action = "GetAccountAuthorizationDetails";
    let replay = Replay::new([ok(format!("<{action}Response><{action}Result>{list}</{action}Result></{action}Response>"))]);
    let listing = replay.driver("iam-role", Region::Global).list().await.expect("a listing");
    let names: Vec<&str> = listing.live.iter().map(|live| live.physical.as_str()).collect();
    assert_eq!((names, replay.actions()), (vec!["AWSBackupDefaultServiceRole"], vec![action.to_owned()]));
    assert_eq!(
        values(&listing.live[0].attributes),
        json!({
            "name": "AWSBackupDefaultServiceRole", "path": "/service-role/", "managed_policies": ["arn:p"], "inline_policies": {},
            "permissions_boundary": [], "trust": { "Statement": [{ "Effect": "Allow",
                "Principal": { "Service": "backup.amazonaws.com" }, "Action": "sts:AssumeRole" }] },
        })
    );
}

/// A5: somebody replaced our selection by one of the same name that leaves a database out. AWS takes no second one of that name.
#[tokio::test]
async fn an_exclusion_is_removed_with_its_selection() {
    let wanted = |resources: &[&str]| {
        json!({ "name": "dev-main", "rules": [], "copies": [],
            "selections": [{ "name": "databases-1", "role": "arn:role", "resources": resources }] })
    };
    let held = |name: &str| {
        let selection =
            json!({ "SelectionName": name, "IamRoleArn": "arn:role", "Resources": ["arn:a"], "NotResources": ["arn:a"] });
        [
            ok(json!({ "BackupSelectionsList": [{ "SelectionId": "s-1", "SelectionName": name, "CreationDate": 1.0 }] })
                .to_string()),
            ok(json!({ "BackupSelection": selection }).to_string()),
        ]
    };
    let read = json!({ "selections": [{ "name": "databases-1", "role": "arn:role", "resources": ["arn:a"], "not_resources": ["arn:a"] }] });
    let name = {
        // The name that the declared content has.
        let answers = held("databases-1-00000000").into_iter().chain([ok(r#"{"SelectionId":"s-2"}"#), ok("")]);
        let replay = Replay::new(answers);
        let request = update(live("p-1", read.clone()), wanted(&["arn:a"]), &["selections"]);
        replay.driver("backup-plan", Region::Tokyo).update(&request).await.expect("answered");
        assert_eq!(replay.actions()[2..], ["PUT /backup/plans/p-1/selections", "DELETE /backup/plans/p-1/selections/s-1"]);
        let sent = replay.seen()[2].json()["BackupSelection"].clone();
        assert_eq!(sent.get("NotResources"), None, "{sent}");
        sent["SelectionName"].as_str().expect("a name").to_owned()
    };
    let answers = held(&name).into_iter().chain([ok(""), ok(r#"{"SelectionId":"s-2"}"#)]);
    let replay = Replay::new(answers);
    let request = update(live("p-1", read), wanted(&["arn:a"]), &["selections"]);
    replay.driver("backup-plan", Region::Tokyo).update(&request).await.expect("answered");
    assert_eq!(
        replay.actions()[2..],
        ["DELETE /backup/plans/p-1/selections/s-1", "PUT /backup/plans/p-1/selections"],
        "the name is free first"
    );
}

/// A selection that is sent again keeps what it says: a plan that changes one selection leaves no other poorer.
#[tokio::test]
async fn every_list_of_a_selection_is_sent() {
    let test = |test: &str, key: &str, value: &str| json!({ "test": test, "key": key, "value": value });
    let target = json!({ "name": "dev-main", "rules": [], "copies": [], "selections": [{
        "name": "all", "role": "arn:role", "resources": ["arn:b"], "not_resources": ["arn:c"],
        "tags": [test("StringEquals", "backup", "daily")],
        "conditions": [test("StringEquals", "aws:ResourceTag/a", "1"), test("StringNotLike", "aws:ResourceTag/d", "4*")] }] });
    let replay = Replay::new([ok(r#"{"BackupSelectionsList":[]}"#), ok(r#"{"SelectionId":"s-2"}"#)]);
    let request = update(live("p-1", json!({ "selections": [] })), target, &["selections"]);
    replay.driver("backup-plan", Region::Tokyo).update(&request).await.expect("answered");
    let mut sent = replay.seen()[1].json()["BackupSelection"].clone();
    sent.as_object_mut().expect("a map").remove("SelectionName");
    let tag = |key: &str, value: &str| json!({ "ConditionKey": key, "ConditionValue": value });
    assert_eq!(
        sent,
        json!({
            "IamRoleArn": "arn:role", "Resources": ["arn:b"], "NotResources": ["arn:c"],
            "ListOfTags": [{ "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily" }],
            "Conditions": { "StringEquals": [tag("aws:ResourceTag/a", "1")], "StringNotLike": [tag("aws:ResourceTag/d", "4*")] },
        })
    );
}
