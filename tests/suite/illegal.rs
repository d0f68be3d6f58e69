//! Illegal requests, written by hand from AWS's references and not from the table: `src/kinds/requests` names each fault.

use serde_json::{Value as Json, json};
use tokaido::kinds::requests::Call;

/// A legal request of this operation.
fn legal(operation: &str) -> Json {
    let tags = json!([{ "Key": "tokaido:environment", "Value": "dev" }]);
    match operation {
        "ec2:CreateVpc" => json!({ "CidrBlock": "10.10.0.0/16", "TagSpecifications": [{ "ResourceType": "vpc", "Tags": tags }] }),
        "ec2:CreateSubnet" => json!({ "VpcId": "vpc-1", "CidrBlock": "10.10.0.0/22", "AvailabilityZoneId": "apne1-az1" }),
        "ec2:CreateSecurityGroup" => json!({ "GroupName": "dev-catalog", "Description": "d", "VpcId": "vpc-1" }),
        "ec2:AuthorizeSecurityGroupIngress" => json!({ "GroupId": "sg-1", "IpPermissions": [
            { "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{ "CidrIp": "10.10.0.0/20" }] } ] }),
        "rds:CreateDBInstance" => json!({ "DBInstanceIdentifier": "dev-catalog", "DBInstanceClass": "db.m7g.large",
            "Engine": "postgres", "AllocatedStorage": 100, "MultiAZ": true, "VpcSecurityGroupIds": ["sg-1"], "Tags": tags }),
        "rds:CreateDBSubnetGroup" => json!({ "DBSubnetGroupName": "dev-shared", "DBSubnetGroupDescription": "d",
            "SubnetIds": ["subnet-1", "subnet-2"] }),
        "rds:ModifyDBParameterGroup" => json!({ "DBParameterGroupName": "dev-postgres16", "Parameters": [
            { "ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate" } ] }),
        "iam:CreateRole" => json!({ "Path": "/tokaido/", "RoleName": "dev-AWSBackup", "AssumeRolePolicyDocument": "{}",
            "Description": "d", "Tags": tags }),
        "iam:PutRolePolicy" => json!({ "RoleName": "tokaido-dev", "PolicyName": "records", "PolicyDocument": "{}" }),
        "iam:AttachRolePolicy" => {
            json!({ "RoleName": "dev-AWSBackup", "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSBackup" })
        }
        "kms:CreateKey" => json!({ "Description": "d", "Policy": "{}", "Tags": [{ "TagKey": "a", "TagValue": "b" }] }),
        "kms:CreateAlias" => json!({ "AliasName": "alias/dev-main", "TargetKeyId": "k" }),
        "kms:EnableKeyRotation" => json!({ "KeyId": "k", "RotationPeriodInDays": 365 }),
        "backup:CreateBackupVault" => json!({ "BackupVaultName": "dev-main", "EncryptionKeyArn": "arn" }),
        "backup:CreateBackupPlan" => json!({ "BackupPlan": { "BackupPlanName": "dev-daily", "Rules": [
            { "RuleName": "daily", "TargetBackupVaultName": "dev-main", "StartWindowMinutes": 60, "EnableContinuousBackup": true,
              "Lifecycle": { "DeleteAfterDays": 35 }, "CopyActions": [{ "DestinationBackupVaultArn": "arn" }] } ] } }),
        "backup:CreateBackupSelection" => json!({ "BackupPlanId": "p", "BackupSelection": { "SelectionName": "dev-daily",
            "IamRoleArn": "arn", "ListOfTags": [
            { "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily" } ] } }),
        "s3:PutBucketVersioning" => json!({ "Bucket": "b", "VersioningConfiguration": { "Status": "Enabled" } }),
        "s3:PutBucketEncryption" => json!({ "Bucket": "b", "ServerSideEncryptionConfiguration": { "Rules": [
            { "ApplyServerSideEncryptionByDefault": { "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k" } } ] } }),
        "s3:PutObjectLockConfiguration" => json!({ "Bucket": "b", "ObjectLockConfiguration": { "ObjectLockEnabled": "Enabled",
            "Rule": { "DefaultRetention": { "Mode": "GOVERNANCE", "Days": 400 } } } }),
        "s3:PutPublicAccessBlock" => {
            json!({ "Bucket": "b", "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "BlockPublicPolicy": true } })
        }
        "sts:AssumeRole" => {
            json!({ "RoleArn": "arn:aws:iam::111111111111:role/tokaido", "RoleSessionName": "tokaido-dev", "DurationSeconds": 3600 })
        }
        other => panic!("no request of {other}"),
    }
}

/// An operation, where in its request the fault is, the wrong value (null: it is taken away), and what is said of it.
fn planted() -> Vec<(&'static str, &'static str, Json, &'static str)> {
    let long = |length: usize| Json::from("a".repeat(length));
    vec![
        ("ec2:CreateVpc", "/CidrBlock", json!(10), "CidrBlock must be a text"),
        ("ec2:CreateVpc", "/InstanceTenancy", json!("shared"), "InstanceTenancy is \"shared\" and must be one of default"),
        ("ec2:CreateVpc", "/Cidr", json!("10.0.0.0/8"), "Cidr is no member"),
        ("ec2:CreateVpc", "/TagSpecifications", json!("vpc"), "TagSpecifications must be a list"),
        ("ec2:CreateVpc", "/TagSpecifications/0/ResourceType", json!("network"), "TagSpecifications[0].ResourceType is"),
        ("ec2:CreateVpc", "/TagSpecifications/0/Tags/0/Name", json!("x"), "TagSpecifications[0].Tags[0].Name is no member"),
        ("ec2:CreateSubnet", "/VpcId", Json::Null, "VpcId is required"),
        ("ec2:CreateSubnet", "/Ipv6Native", json!("no"), "Ipv6Native must be true or false"),
        ("ec2:CreateSecurityGroup", "/Description", Json::Null, "Description is required"),
        ("ec2:CreateSecurityGroup", "/GroupName", Json::Null, "GroupName is required"),
        ("ec2:CreateSecurityGroup", "/GroupDescription", json!("d"), "GroupDescription is no member"),
        (
            "ec2:AuthorizeSecurityGroupIngress",
            "/IpPermissions/0/FromPort",
            json!("https"),
            "IpPermissions[0].FromPort must be a whole",
        ),
        ("ec2:AuthorizeSecurityGroupIngress", "/IpPermissions/0/ToPort", json!(1.5), "IpPermissions[0].ToPort must be a whole"),
        (
            "ec2:AuthorizeSecurityGroupIngress",
            "/IpPermissions/0/IpRanges/0/Cidr",
            json!("x"),
            "IpPermissions[0].IpRanges[0].Cidr is no",
        ),
        ("rds:CreateDBInstance", "/DBInstanceIdentifier", Json::Null, "DBInstanceIdentifier is required"),
        ("rds:CreateDBInstance", "/DBInstanceClass", Json::Null, "DBInstanceClass is required"),
        ("rds:CreateDBInstance", "/Engine", Json::Null, "Engine is required"),
        ("rds:CreateDBInstance", "/AllocatedStorage", json!("100"), "AllocatedStorage must be a whole number"),
        ("rds:CreateDBInstance", "/MultiAZ", json!("true"), "MultiAZ must be true or false"),
        ("rds:CreateDBInstance", "/VpcSecurityGroupIds", json!({ "a": 1 }), "VpcSecurityGroupIds must be a list"),
        ("rds:CreateDBInstance", "/VpcSecurityGroupIds/0", json!(7), "VpcSecurityGroupIds[0] must be a text"),
        ("rds:CreateDBInstance", "/SecurityGroups", json!(["sg-1"]), "SecurityGroups is no member"),
        ("rds:CreateDBSubnetGroup", "/DBSubnetGroupDescription", Json::Null, "DBSubnetGroupDescription is required"),
        ("rds:CreateDBSubnetGroup", "/SubnetIds", Json::Null, "SubnetIds is required"),
        ("rds:ModifyDBParameterGroup", "/Parameters", Json::Null, "Parameters is required"),
        ("rds:ModifyDBParameterGroup", "/Parameters/0/ApplyMethod", json!("later"), "Parameters[0].ApplyMethod is \"later\""),
        ("iam:CreateRole", "/RoleName", Json::Null, "RoleName is required"),
        ("iam:CreateRole", "/RoleName", long(65), "RoleName has length 65; 64 is the most"),
        ("iam:CreateRole", "/RoleName", json!("our role"), "RoleName is \"our role\" and must match"),
        ("iam:CreateRole", "/RoleName", json!(""), "RoleName has length 0; 1 is the least"),
        ("iam:CreateRole", "/Path", json!("/tokaido"), "Path is \"/tokaido\" and must match"),
        ("iam:CreateRole", "/AssumeRolePolicyDocument", Json::Null, "AssumeRolePolicyDocument is required"),
        ("iam:CreateRole", "/AssumeRolePolicyDocument", json!("\u{3042}"), "AssumeRolePolicyDocument is"),
        ("iam:CreateRole", "/Description", long(1001), "Description has length 1001; 1000 is the most"),
        ("iam:CreateRole", "/MaxSessionDuration", json!(900), "MaxSessionDuration is 900; 3600 is the least"),
        ("iam:CreateRole", "/MaxSessionDuration", json!(86_400), "MaxSessionDuration is 86400; 43200 is the most"),
        ("iam:CreateRole", "/PermissionsBoundary", json!("arn"), "PermissionsBoundary has length 3; 20 is the least"),
        ("iam:CreateRole", "/Tags/0/Value", Json::Null, "Tags[0].Value is required"),
        ("iam:CreateRole", "/Tags/0/Value", json!("a;b"), "Tags[0].Value is \"a;b\" and must match"),
        ("iam:CreateRole", "/Tags/0/Value", long(257), "Tags[0].Value has length 257; 256 is the most"),
        ("iam:PutRolePolicy", "/PolicyName", json!("all of it"), "PolicyName is \"all of it\" and must match"),
        ("iam:PutRolePolicy", "/PolicyDocument", long(131_073), "PolicyDocument has length 131073; 131072 is the most"),
        ("iam:AttachRolePolicy", "/PolicyArn", json!("AWSBackup"), "PolicyArn has length 9; 20 is the least"),
        ("kms:CreateKey", "/KeyUsage", json!("READ"), "KeyUsage is \"READ\" and must be one of"),
        ("kms:CreateKey", "/Description", long(8193), "Description has length 8193; 8192 is the most"),
        ("kms:CreateKey", "/Tags/0/TagKey", Json::Null, "Tags[0].TagKey is required"),
        ("kms:CreateKey", "/Tags/0/TagKey", long(129), "Tags[0].TagKey has length 129; 128 is the most"),
        ("kms:CreateKey", "/MultiRegion", json!("no"), "MultiRegion must be true or false"),
        ("kms:CreateAlias", "/AliasName", json!("alias/dev.main"), "AliasName is \"alias/dev.main\" and must match"),
        ("kms:CreateAlias", "/TargetKeyId", Json::Null, "TargetKeyId is required"),
        ("kms:EnableKeyRotation", "/RotationPeriodInDays", json!(30), "RotationPeriodInDays is 30; 90 is the least"),
        ("kms:EnableKeyRotation", "/RotationPeriodInDays", json!(2561), "RotationPeriodInDays is 2561; 2560 is the most"),
        ("backup:CreateBackupVault", "/BackupVaultName", json!("v"), "BackupVaultName is \"v\" and must match"),
        ("backup:CreateBackupVault", "/BackupVaultName", json!("dev.main"), "BackupVaultName is \"dev.main\" and must match"),
        ("backup:CreateBackupPlan", "/BackupPlan/Rules", Json::Null, "BackupPlan.Rules is required"),
        ("backup:CreateBackupPlan", "/BackupPlan/Rules/0/RuleName", Json::Null, "BackupPlan.Rules[0].RuleName is required"),
        ("backup:CreateBackupPlan", "/BackupPlan/Rules/0/RuleName", json!("every day"), "BackupPlan.Rules[0].RuleName is"),
        (
            "backup:CreateBackupPlan",
            "/BackupPlan/Rules/0/StartWindowMinutes",
            json!("1h"),
            "BackupPlan.Rules[0].StartWindowMinutes must",
        ),
        ("backup:CreateBackupPlan", "/BackupPlan/Rules/0/Lifecycle", json!(35), "BackupPlan.Rules[0].Lifecycle must be a map"),
        (
            "backup:CreateBackupPlan",
            "/BackupPlan/Rules/0/CopyActions/0/DestinationBackupVaultArn",
            Json::Null,
            "BackupPlan.Rules[0].CopyActions[0].DestinationBackupVaultArn is required",
        ),
        ("backup:CreateBackupSelection", "/BackupSelection/IamRoleArn", Json::Null, "BackupSelection.IamRoleArn is required"),
        ("backup:CreateBackupSelection", "/BackupSelection/SelectionName", long(51), "BackupSelection.SelectionName is"),
        (
            "backup:CreateBackupSelection",
            "/BackupSelection/ListOfTags/0/ConditionType",
            json!("STRINGLIKE"),
            "BackupSelection.ListOfTags[0].ConditionType is \"STRINGLIKE\" and must be one of STRINGEQUALS",
        ),
        ("s3:PutBucketVersioning", "/VersioningConfiguration/Status", json!("On"), "VersioningConfiguration.Status is \"On\""),
        ("s3:PutBucketVersioning", "/VersioningConfiguration", Json::Null, "VersioningConfiguration is required"),
        (
            "s3:PutBucketEncryption",
            "/ServerSideEncryptionConfiguration/Rules/0/ApplyServerSideEncryptionByDefault/SSEAlgorithm",
            json!("aws:KMS"),
            "ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm is \"aws:KMS\"",
        ),
        (
            "s3:PutObjectLockConfiguration",
            "/ObjectLockConfiguration/Rule/DefaultRetention/Mode",
            json!("STRICT"),
            "ObjectLockConfiguration.Rule.DefaultRetention.Mode is \"STRICT\" and must be one of GOVERNANCE, COMPLIANCE",
        ),
        (
            "s3:PutPublicAccessBlock",
            "/PublicAccessBlockConfiguration/BlockPublicAcls",
            json!("yes"),
            "PublicAccessBlockConfiguration.BlockPublicAcls must be true or false",
        ),
        ("sts:AssumeRole", "/RoleSessionName", json!("a b"), "RoleSessionName is \"a b\" and must match"),
        ("sts:AssumeRole", "/RoleSessionName", json!("a"), "RoleSessionName has length 1; 2 is the least"),
        ("sts:AssumeRole", "/DurationSeconds", json!(60), "DurationSeconds is 60; 900 is the least"),
        ("sts:AssumeRole", "/RoleArn", json!("tokaido"), "RoleArn has length 7; 20 is the least"),
    ]
}

fn call(operation: &str) -> Call {
    let (service, name) = operation.split_once(':').expect("service and name");
    Call::of(service, name).unwrap_or_else(|| panic!("{operation} is not in the table"))
}

#[test]
#[expect(clippy::print_stdout, reason = "how many there are")]
fn each_planted_fault_is_refused_by_name_and_nothing_else() {
    let all = planted();
    for (operation, at, value, told) in &all {
        let mut request = legal(operation);
        assert_eq!(call(operation).refusals(&request), [], "{operation} {request}");
        let (inside, name) = at.rsplit_once('/').expect("a pointer");
        let place = request.pointer_mut(inside).unwrap_or_else(|| panic!("{operation}: nothing at {inside}"));
        match (place, value) {
            (Json::Object(members), Json::Null) => assert!(members.remove(name).is_some(), "{operation}: no {at}"),
            (Json::Object(members), value) => _ = members.insert((*name).to_owned(), value.clone()),
            (place, value) => place[name.parse::<usize>().expect("a number")] = value.clone(),
        }
        let found: Vec<String> = call(operation).refusals(&request).iter().map(ToString::to_string).collect();
        assert!(found.len() == 1 && found[0].starts_with(told), "{operation} {at}: {found:?}, not `{told}`");
    }
    println!("{} planted faults refused", all.len());
    assert!(all.len() >= 50, "{}", all.len());
}
