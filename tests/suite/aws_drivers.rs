//! What the drivers send, to the letter, and what they make of recorded answers.

use serde_json::json;
use tokaido::aws::drivers;
use tokaido::kinds::{ALL, db_instance, kms_key, security_group, subnet};
use tokaido::model::{Live, Name, Reading, Region, Status, Value};
use tokaido::world::{Changed, ErrorClass, UpdateRequest};

use super::aws_elements::plan;
use super::aws_errors::{attributes, request, tags};
use super::aws_replay::{Answer, Replay, Seen, ok, status};

pub fn form(seen: &Seen) -> Vec<String> {
    seen.form()
        .into_iter()
        .filter(|(key, _)| key != "Action" && key != "Version")
        .map(|(key, value)| format!("{key}={value}"))
        .collect()
}

pub fn live(physical: &str, attributes_json: serde_json::Value) -> Live {
    Live {
        physical: physical.into(),
        outputs: [("arn".to_owned(), format!("arn:{physical}"))].into(),
        attributes: attributes(attributes_json).into(),
        tags: tags(),
        status: Status::Ready,
        pending: Vec::new(),
    }
}

pub fn update(live: Live, target: serde_json::Value, changed: &[&str]) -> UpdateRequest {
    let mut tags = tags();
    tags.remove("tokaido:intent");
    UpdateRequest {
        live,
        attributes: attributes(target),
        tags,
        changed: changed.iter().map(|name| Name::interned(name)).collect(),
    }
}

fn subnets(ids: &[&str], next: &str) -> String {
    let items: String = ids.iter().map(|id| format!("<item><subnetId>{id}</subnetId><state>available</state></item>")).collect();
    format!("<DescribeSubnetsResponse><subnetSet>{items}</subnetSet>{next}</DescribeSubnetsResponse>")
}

#[tokio::test]
async fn ec2_pages_follow_their_token() {
    let replay =
        Replay::new([ok(subnets(&["subnet-1", "subnet-2"], "<nextToken>t-1</nextToken>")), ok(subnets(&["subnet-3"], ""))]);
    let listing = replay.driver("subnet", Region::Tokyo).list().await.expect("two pages");
    assert_eq!(listing.live.iter().map(|live| live.physical.as_str()).collect::<Vec<_>>(), ["subnet-1", "subnet-2", "subnet-3"]);
    let seen = replay.seen();
    assert_eq!(form(&seen[0]), ["MaxResults=1000"]);
    assert_eq!(form(&seen[1]), ["MaxResults=1000", "NextToken=t-1"]);
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let denied = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let replay = Replay::new([ok(subnets(&["subnet-1"], "<nextToken>t-1</nextToken>")), status(403, denied)]);
    let error = replay.driver("subnet", Region::Tokyo).list().await.expect_err("half a list is no list");
    assert_eq!(error.class, ErrorClass::AccessDenied);
}

#[tokio::test]
async fn rds_pages_follow_their_marker() {
    let page = |name: &str, marker: &str| {
        ok(format!(
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult>{marker}<DBInstances><DBInstance>\
             <DBInstanceIdentifier>{name}</DBInstanceIdentifier></DBInstance></DBInstances></DescribeDBInstancesResult>\
             </DescribeDBInstancesResponse>"
        ))
    };
    let replay = Replay::new([page("a", "<Marker>m-1</Marker>"), page("b", "")]);
    let listing = replay.driver("db-instance", Region::Osaka).list().await.expect("two pages");
    assert_eq!(listing.live.len(), 2);
    assert_eq!(form(&replay.seen()[1]), ["Marker=m-1", "MaxRecords=100"]);
    assert!(replay.seen()[1].uri.contains("rds.ap-northeast-3.amazonaws.com"));
}

/// A vault that AWS made is listed as well: anybody may send copies there.
#[tokio::test]
async fn backup_pages_follow_their_token() {
    let vault = |name: &str| {
        format!(
            r#"{{"BackupVaultName":"{name}","BackupVaultArn":"arn:aws:backup:x:1:backup-vault:{name}","NumberOfRecoveryPoints":0}}"#
        )
    };
    let replay = Replay::answering(move |seen| {
        if seen.uri.contains("/tags/") {
            ok(r#"{"Tags":{}}"#)
        } else if seen.uri.contains("/access-policy") {
            status(400, r#"{"__type":"ResourceNotFoundException","Message":"no policy"}"#)
        } else if seen.uri.contains("nextToken") {
            ok(format!(r#"{{"BackupVaultList":[{}]}}"#, vault("Default")))
        } else {
            ok(format!(r#"{{"BackupVaultList":[{}],"NextToken":"t/1"}}"#, vault("theirs")))
        }
    });
    let listing = replay.driver("backup-vault", Region::Tokyo).list().await.expect("two pages");
    assert_eq!(listing.live.iter().map(|live| live.physical.as_str()).collect::<Vec<_>>(), ["theirs", "Default"]);
    let actions = replay.actions();
    assert_eq!(actions[..2], ["GET /backup-vaults?maxResults=1000", "GET /backup-vaults?nextToken=t%2F1&maxResults=1000"]);
    let each = |part: &str| actions[2..].iter().filter(|action| action.contains(part)).count();
    assert_eq!((each("GET /tags/"), each("/access-policy"), actions.len()), (2, 2, 6), "{actions:?}");
}

fn kms(seen: &Seen) -> Answer {
    let (target, body) = (seen.target.clone().unwrap_or_default(), seen.json());
    let ours = json!({ "Tags": [{ "TagKey": "tokaido:environment", "TagValue": "dev" }], "Truncated": false });
    let answer = match (target.trim_start_matches("TrentService."), body["KeyId"].as_str(), body["Marker"].as_str()) {
        ("ListKeys", _, None) => json!({
            "Keys": [{ "KeyId": "ours", "KeyArn": "arn:ours" }, { "KeyId": "aws", "KeyArn": "arn:aws" }],
            "Truncated": true, "NextMarker": "m",
        }),
        ("ListKeys", _, Some("m")) => json!({
            "Keys": [{ "KeyId": "theirs", "KeyArn": "arn:theirs" }, { "KeyId": "bare", "KeyArn": "arn:bare" }], "Truncated": false,
        }),
        ("ListAliases", None, _) => json!({ "Aliases": [
            { "AliasName": "alias/dev-main", "TargetKeyId": "ours" },
            { "AliasName": "alias/aws/rds", "TargetKeyId": "aws" },
            { "AliasName": "alias/payroll", "TargetKeyId": "theirs" },
            { "AliasName": "alias/renamed", "TargetKeyId": "bare" },
        ], "Truncated": false }),
        ("ListResourceTags", Some("ours" | "bare"), _) => ours,
        ("ListResourceTags", Some("theirs"), _) => return status(400, r#"{"__type":"AccessDeniedException","message":"no"}"#),
        ("DescribeKey", Some(key @ ("ours" | "bare")), _) => {
            json!({ "KeyMetadata": { "KeyId": key, "Arn": format!("arn:{key}"), "Enabled": true, "KeyState": "Enabled" } })
        }
        ("GetKeyPolicy", Some("ours" | "bare"), _) => json!({ "Policy": "{\"Version\":\"2012-10-17\"}" }),
        ("GetKeyRotationStatus", Some(key @ ("ours" | "bare")), _) => json!({ "KeyRotationEnabled": key == "ours" }),
        other => panic!("nobody has to ask {other:?}"),
    };
    ok(answer.to_string())
}

/// Keys by page, aliases once; four reads for a key of ours, whatever its alias is now, one for other people's keys.
#[tokio::test]
async fn kms_keys_are_known_by_their_tags() {
    let replay = Replay::answering(kms);
    let listing = replay.driver("kms-key", Region::Tokyo).list().await.expect("complete answers");
    assert_eq!(listing.live.iter().map(|live| live.physical.as_str()).collect::<Vec<_>>(), ["ours", "bare"]);
    let locked = &listing.locked[0].live;
    assert_eq!((listing.locked.len(), locked.physical.as_str()), (1, "theirs"), "its tags may be kept from us");
    let of = |index: usize| &listing.live[index].attributes;
    assert_eq!(of(0).get(kms_key::at::rotation_days), Reading::Value(365), "an absent period is AWS's year");
    assert_eq!(locked.attributes.text(kms_key::at::alias), Some("alias/payroll"));
    assert_eq!(locked.attributes.get(kms_key::at::policy), Reading::NotAsked, "somebody else's");
    assert_eq!(of(1).text(kms_key::at::alias), Some("alias/renamed"), "ours, under a name somebody gave it");
    assert_eq!(of(1).get(kms_key::at::rotation_days), Reading::Absent, "asked, and off");
    assert!(listing.unreadable.is_empty());
    assert_eq!(replay.seen().len(), 12);
}

#[tokio::test]
async fn one_vpc_that_cannot_be_read_does_not_hide_the_others() {
    let vpc = |id: &str, tag: &str| {
        format!(
            "<item><vpcId>{id}</vpcId><state>available</state><cidrBlock>10.10.0.0/16</cidrBlock><tagSet>{tag}</tagSet></item>"
        )
    };
    let ours = "<item><key>tokaido:environment</key><value>dev</value></item><item><key>tokaido:id</key><value>vpc.main@tokyo</value></item>";
    let denied = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let body =
        format!("<DescribeVpcsResponse><vpcSet>{}{}</vpcSet></DescribeVpcsResponse>", vpc("vpc-1", ours), vpc("vpc-2", ""));
    let listing =
        Replay::new([ok(body), status(403, denied)]).driver("vpc", Region::Tokyo).list().await.expect("the list was answered");
    assert_eq!(listing.live.len(), 1);
    let unreadable = &listing.unreadable[0];
    assert_eq!(unreadable.id.as_ref().map(ToString::to_string).as_deref(), Some("vpc.main@tokyo"));
    assert_eq!((unreadable.physical.as_deref(), unreadable.operation.as_str()), (Some("vpc-1"), "ec2:DescribeVpcAttribute"));
}

#[tokio::test]
async fn a_database_is_created_with_everything_said() {
    let replay = Replay::new([]);
    let _ = replay.driver("db-instance", Region::Tokyo).create(&request("db-instance")).await;
    assert_eq!(
        form(&replay.seen()[0]),
        [
            "AllocatedStorage=100",
            "AutoMinorVersionUpgrade=false",
            "BackupRetentionPeriod=35",
            "CACertificateIdentifier=rds-ca-rsa2048-g1",
            "CopyTagsToSnapshot=true",
            "DBInstanceClass=db.m7g.large",
            "DBInstanceIdentifier=dev-catalog",
            "DBParameterGroupName=dev-postgres16",
            "DBSubnetGroupName=dev-shared",
            "DeletionProtection=true",
            "EnableCloudwatchLogsExports.member.1=postgresql",
            "EnableCloudwatchLogsExports.member.2=upgrade",
            "Engine=postgres",
            "EngineLifecycleSupport=open-source-rds-extended-support-disabled",
            "EngineVersion=16",
            "KmsKeyId=arn:aws:kms:ap-northeast-1:111111111111:key/k",
            "ManageMasterUserPassword=true",
            "MasterUserSecretKmsKeyId=arn:aws:kms:ap-northeast-1:111111111111:key/k",
            "MasterUsername=tokaido",
            "MaxAllocatedStorage=1024",
            "MultiAZ=true",
            "Port=5432",
            "PreferredBackupWindow=17:00-17:30",
            "PreferredMaintenanceWindow=sat:20:00-sat:20:30",
            "PubliclyAccessible=false",
            "StorageEncrypted=true",
            "StorageType=gp3",
            "Tags.Tag.1.Key=tokaido:environment",
            "Tags.Tag.1.Value=dev",
            "Tags.Tag.2.Key=tokaido:id",
            "Tags.Tag.2.Value=a-kind.main@tokyo",
            "Tags.Tag.3.Key=tokaido:intent",
            "Tags.Tag.3.Value=intent-1",
            "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-1",
        ]
    );
}

/// Only what changes, never at once, storage by at least a tenth, log exports as what to switch on and off.
#[tokio::test]
async fn a_database_is_modified_by_what_changes() {
    let replay = Replay::new([]);
    let before = live("dev-catalog", json!({ "allocated_storage": 100, "log_exports": ["postgresql", "audit"] }));
    let mut target = serde_json::to_value(&request("db-instance").attributes).expect("plain data");
    target["allocated_storage"] = json!(104);
    // The executor's target is made of what was read, and AWS does not return this.
    target.as_object_mut().expect("a map").remove("engine_lifecycle_support");
    let request = update(before, target, &["allocated_storage", "log_exports", "backup_retention_days"]);
    let _ = replay.driver("db-instance", Region::Tokyo).update(&request).await;
    assert_eq!(
        form(&replay.seen()[0]),
        [
            "AllocatedStorage=110",
            "ApplyImmediately=false",
            "BackupRetentionPeriod=35",
            "CloudwatchLogsExportConfiguration.DisableLogTypes.member.1=audit",
            "CloudwatchLogsExportConfiguration.EnableLogTypes.member.1=upgrade",
            "DBInstanceIdentifier=dev-catalog",
        ]
    );
}

#[tokio::test]
async fn a_database_that_cannot_change_is_not_called() {
    let replay = Replay::new([]);
    let target = serde_json::to_value(&request("db-instance").attributes).expect("plain data");
    let request = update(live("dev-catalog", json!({})), target, &["storage_encrypted"]);
    let error = replay.driver("db-instance", Region::Tokyo).update(&request).await.expect_err("refused here");
    assert_eq!((error.class, replay.seen().len()), (ErrorClass::Invalid, 0), "{error}");
    let error =
        replay.driver("db-instance", Region::Tokyo).delete(&live("dev-catalog", json!({}))).await.expect_err("refused here");
    assert_eq!((error.class, replay.seen().len()), (ErrorClass::Invalid, 0), "{error}");
}

#[tokio::test]
async fn what_rds_has_queued_is_pending() {
    let body = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>\
        <DBInstanceIdentifier>dev-catalog</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus>\
        <DBInstanceClass>db.m7g.large</DBInstanceClass><AllocatedStorage>100</AllocatedStorage>\
        <PreferredMaintenanceWindow>Sat:20:00-Sat:20:30</PreferredMaintenanceWindow>\
        <DBParameterGroups><DBParameterGroup><DBParameterGroupName>dev-postgres16</DBParameterGroupName>\
        <ParameterApplyStatus>pending-reboot</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>\
        <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-2</VpcSecurityGroupId><Status>removing</Status>\
        </VpcSecurityGroupMembership><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status>\
        </VpcSecurityGroupMembership></VpcSecurityGroups><DBSubnetGroup><VpcId>vpc-1</VpcId></DBSubnetGroup>\
        <PendingModifiedValues><DBInstanceClass>db.m7g.xlarge</DBInstanceClass><MultiAZ>true</MultiAZ>\
        <PendingCloudwatchLogsExports><LogTypesToEnable><member>upgrade</member></LogTypesToEnable></PendingCloudwatchLogsExports>\
        </PendingModifiedValues></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    let live =
        Replay::new([ok(body)]).driver("db-instance", Region::Tokyo).read("dev-catalog").await.expect("answered").expect("there");
    let pending: Vec<String> =
        live.pending.iter().map(|value| format!("{} {} {}", value.attribute, value.value, value.when)).collect();
    assert_eq!(
        pending,
        [
            "class db.m7g.xlarge in the next maintenance window",
            "multi_az true in the next maintenance window",
            "log_exports [upgrade] in the next maintenance window",
            "parameter_group dev-postgres16 after a manual reboot",
        ]
    );
    assert_eq!(live.attributes.bare().text(db_instance::at::maintenance_window), Some("sat:20:00-sat:20:30"));
    assert_eq!(live.attributes.bare().get(db_instance::at::security_groups), Some(&Value::from(vec!["sg-1"])));
    assert_eq!(live.attributes.bare().int(db_instance::at::max_allocated_storage), Some(100), "no limit means no growth");
    assert_eq!(live.attributes.bare().text(db_instance::at::vpc), Some("vpc-1"), "it is where its subnet group is");
    assert!(!live.attributes.bare().contains(db_instance::at::backup_window), "what AWS did not say is not compared");
    // Nor is it `false`: the reply has no word on who may reach the database, or on what protects it.
    for untold in [
        db_instance::at::publicly_accessible.name(),
        db_instance::at::storage_encrypted.name(),
        db_instance::at::deletion_protection.name(),
        db_instance::at::backup_retention_days.name(),
        db_instance::at::copy_tags_to_snapshot.name(),
    ] {
        assert_eq!(live.attributes.reading(untold), Reading::NotAsked, "{untold}");
    }
}

/// RDS leaves the key out of an unencrypted database: it has none, and nothing about it is unread.
#[tokio::test]
async fn an_unencrypted_database_has_no_key() {
    let of = |inner: &str| {
        format!(
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>\
             <DBInstanceIdentifier>dev-catalog</DBInstanceIdentifier>{inner}</DBInstance></DBInstances></DescribeDBInstancesResult>\
             </DescribeDBInstancesResponse>"
        )
    };
    for (inner, wanted) in [
        ("<StorageEncrypted>false</StorageEncrypted>", Reading::Absent),
        ("<StorageEncrypted>true</StorageEncrypted>", Reading::NotAsked),
        ("", Reading::NotAsked),
    ] {
        let listing = Replay::new([ok(of(inner))]).driver("db-instance", Region::Tokyo).list().await.expect("a complete list");
        assert_eq!(listing.live[0].attributes.reading(db_instance::at::kms_key), wanted, "{inner}");
    }
}

/// Whether hosts get public addresses is unread where AWS does not say it.
#[tokio::test]
async fn a_subnet_without_a_word_on_public_addresses_is_not_private() {
    let of = |switch: &str| {
        format!(
            "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId>{switch}</item></subnetSet></DescribeSubnetsResponse>"
        )
    };
    let told = of("<mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>");
    for (body, wanted) in [(of(""), Reading::NotAsked), (told, Reading::Value(false))] {
        let listing = Replay::new([ok(&*body)]).driver("subnet", Region::Tokyo).list().await.expect("a complete list");
        assert_eq!(listing.live[0].attributes.get(subnet::at::public_addresses), wanted);
    }
}

/// The whole list of subnets, because AWS replaces it.
#[tokio::test]
async fn a_subnet_group_is_modified_as_a_whole() {
    let replay = Replay::new([]);
    let target = json!({ "name": "dev-shared", "description": "d", "subnets": ["subnet-2", "subnet-1"] });
    let request = update(live("dev-shared", json!({})), target, &["description"]);
    let _ = replay.driver("db-subnet-group", Region::Tokyo).update(&request).await;
    assert_eq!(replay.actions(), ["ModifyDBSubnetGroup"]);
    assert_eq!(
        form(&replay.seen()[0]),
        [
            "DBSubnetGroupDescription=d",
            "DBSubnetGroupName=dev-shared",
            "SubnetIds.SubnetIdentifier.1=subnet-2",
            "SubnetIds.SubnetIdentifier.2=subnet-1",
        ]
    );
}

#[tokio::test]
async fn live_rules_have_one_form() {
    let body = "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-9</groupId><groupName>dev-catalog</groupName>\
        <ipPermissions><item><ipProtocol>6</ipProtocol><fromPort>443</fromPort><toPort>443</toPort>\
        <ipRanges><item><cidrIp>10.10.1.5/16</cidrIp></item></ipRanges>\
        <ipv6Ranges><item><cidrIpv6>2001:DB8:0::1/32</cidrIpv6></item></ipv6Ranges>\
        <groups><item><userId>111111111111</userId><groupId>sg-1</groupId></item></groups>\
        <prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions>\
        <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><fromPort>-1</fromPort><toPort>-1</toPort>\
        <ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress></item>\
        <item><groupId>sg-0</groupId><groupName>default</groupName></item></securityGroupInfo></DescribeSecurityGroupsResponse>";
    let listing = Replay::new([ok(body)]).driver("security-group", Region::Tokyo).list().await.expect("answered");
    assert_eq!(listing.live.len(), 1, "the group that AWS makes is left out");
    let rules: Vec<String> = listing.live[0].attributes.bare()[security_group::at::rules]
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        rules,
        [
            "direction ingress, from 443, peer 10.10.0.0/16, protocol tcp, to 443",
            "direction ingress, from 443, peer 2001:db8::/32, protocol tcp, to 443",
            "direction ingress, from 443, peer pl-1, protocol tcp, to 443",
            "direction ingress, from 443, peer sg-1, protocol tcp, to 443",
            "direction egress, peer 0.0.0.0/0, protocol all",
        ]
    );
}

/// A rule by hand is replaced with the rest: AWS takes the whole plan.
#[tokio::test]
async fn a_plan_is_sent_as_a_whole() {
    let replay = Replay::new([ok("{}")]);
    let mut target = plan(&[]);
    target["rules"] = json!([{
        "name": "daily", "vault": "dev-main", "schedule": "cron(0 3 ? * * *)", "timezone": "Asia/Tokyo", "start_window_minutes": 60,
        "completion_window_minutes": 720, "delete_after_days": 8, "continuous": false,
    }]);
    target["copies"] = json!([{ "rule": "daily", "vault": "arn:osaka", "delete_after_days": 8 }]);
    replay
        .driver("backup-plan", Region::Tokyo)
        .update(&update(live("p-1", json!({})), target, &["copies"]))
        .await
        .expect("answered");
    assert_eq!(
        replay.seen()[0].json(),
        json!({ "BackupPlan": { "BackupPlanName": "dev-main", "Rules": [{
            "RuleName": "daily", "TargetBackupVaultName": "dev-main", "ScheduleExpression": "cron(0 3 ? * * *)",
            "ScheduleExpressionTimezone": "Asia/Tokyo", "StartWindowMinutes": 60, "CompletionWindowMinutes": 720,
            "Lifecycle": { "DeleteAfterDays": 8 }, "EnableContinuousBackup": false,
            "CopyActions": [{ "DestinationBackupVaultArn": "arn:osaka", "Lifecycle": { "DeleteAfterDays": 8 } }],
        }] } })
    );
}

/// Other people's tags and the intent stay; only our namespace is replaced and cleared.
#[tokio::test]
async fn only_our_tags_change() {
    let done = |name: &str| ok(format!("<{name}Response><return>true</return></{name}Response>"));
    let replay = Replay::new([done("CreateTags"), done("DeleteTags")]);
    let mut before = live("subnet-1", json!({}));
    before.tags =
        [("Name", "theirs"), ("tokaido:environment", "staging"), ("tokaido:tenant", "gone"), ("tokaido:intent", "intent-1")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    let target = json!({ "vpc": "vpc-1", "cidr": "10.10.0.0/22", "zone": "apne1-az1", "public_addresses": false });
    replay.driver("subnet", Region::Tokyo).update(&update(before, target, &["tags"])).await.expect("answered");
    assert_eq!(replay.actions(), ["CreateTags", "DeleteTags"]);
    assert_eq!(
        form(&replay.seen()[0]),
        [
            "ResourceId.1=subnet-1",
            "Tag.1.Key=tokaido:environment",
            "Tag.1.Value=dev",
            "Tag.2.Key=tokaido:id",
            "Tag.2.Value=a-kind.main@tokyo",
        ]
    );
    assert_eq!(form(&replay.seen()[1]), ["ResourceId.1=subnet-1", "Tag.1.Key=tokaido:tenant"]);
}

/// Two calls make one change of tags: the first was heard.
#[tokio::test]
async fn tags_that_were_put_are_told_when_others_stay() {
    let denied = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let replay = Replay::new([ok("<CreateTagsResponse><return>true</return></CreateTagsResponse>"), status(403, denied)]);
    let mut before = live("subnet-1", json!({}));
    before.tags = [("tokaido:tenant".to_owned(), "gone".to_owned())].into();
    let target = json!({ "vpc": "vpc-1", "cidr": "10.10.0.0/22", "zone": "apne1-az1", "public_addresses": false });
    let error = replay.driver("subnet", Region::Tokyo).update(&update(before, target, &["tags"])).await.expect_err("denied");
    assert_eq!((error.class, error.changed), (ErrorClass::AccessDenied, Changed::Partly), "{error}");
}

/// A kind without a driver would be simulated for ever and never be called; one with two would be called by the first.
#[test]
fn every_kind_has_one_driver() {
    let session = Replay::new([]).session();
    let named: Vec<&str> = drivers::TABLE.iter().map(|(kind, _)| kind.schema.kind).collect();
    let kinds: Vec<&str> = ALL.iter().map(|kind| kind.schema.kind).collect();
    assert_eq!(named, kinds, "in the order of `kinds::ALL`");
    for kind in ALL {
        for region in [Region::Tokyo, Region::Osaka, Region::Global] {
            let found = drivers::find(kind.schema.kind, &session, region).is_some();
            assert_eq!(found, kind.regions.contains(&region), "{} in {region:?}", kind.schema.kind);
        }
    }
    assert!(drivers::find("no-kind", &session, Region::Tokyo).is_none());
}
