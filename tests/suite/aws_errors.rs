//! Every class of error, as each protocol writes it; and what is sent again and what is not.

use serde_json::json;
use tokaido::model::tags::Tags;
use tokaido::model::{Attributes, Region};
use tokaido::world::{Changed, CreateRequest, ErrorClass, ProviderError};

use super::aws_replay::{Answer, Replay, ok, status};

fn ec2(code: &str, message: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
    )
}

/// RDS, IAM and STS.
fn query(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    )
}

fn kms(code: &str, message: &str) -> String {
    json!({ "__type": code, "message": message }).to_string()
}

fn backup(http: u16, code: &str, message: &str) -> Answer {
    let headers =
        vec![("x-amzn-errortype", format!("{code}:http://internal.amazon.com/")), ("x-amzn-requestid", "r-1".to_owned())];
    Answer::Reply { status: http, headers, body: json!({ "Code": "ERROR_3001", "Message": message }).to_string() }
}

pub fn attributes(value: serde_json::Value) -> Attributes {
    serde_json::from_value(value).expect("attributes")
}

pub fn tags() -> Tags {
    [("tokaido:environment", "dev"), ("tokaido:id", "a-kind.main@tokyo"), ("tokaido:intent", "intent-1")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

/// The smallest complete attributes of each kind that these tests create.
pub fn request(kind: &str) -> CreateRequest {
    let attributes = attributes(match kind {
        "vpc" => json!({ "cidr": "10.10.0.0/16", "blocks": ["10.10.0.0/16"], "dns_support": true, "dns_hostnames": true,
            "dhcp_options": "dopt-1" }),
        "dhcp-options" => json!({ "domain_name_servers": ["AmazonProvidedDNS"], "ntp_servers": ["169.254.169.123"] }),
        "kms-key" => {
            json!({ "alias": "alias/dev-main", "description": "d", "enabled": true, "policy": {}, "rotation_days": 365 })
        }
        "subnet" => json!({ "vpc": "vpc-1", "cidr": "10.10.0.0/22", "zone": "apne1-az1", "public_addresses": false,
            "ipv6_blocks": [], "ipv6_addresses": false }),
        "security-group" => json!({ "name": "dev-catalog", "description": "d", "vpc": "vpc-1", "rules": [
            { "direction": "ingress", "protocol": "tcp", "from": 5432, "to": 5432, "peer": "sg-clients" },
            { "direction": "ingress", "protocol": "tcp", "from": 443, "to": 443, "peer": "2001:db8::/32" },
            { "direction": "egress", "protocol": "tcp", "from": 443, "to": 443, "peer": "10.10.0.0/20" },
        ] }),
        "backup-vault" => json!({ "name": "dev-main", "kms_key": "arn:aws:kms:ap-northeast-1:111111111111:key/k" }),
        "iam-role" => {
            json!({ "name": "dev-AWSBackup", "path": "/tokaido/", "description": "d", "trust": {}, "managed_policies": [] })
        }
        "db-instance" => json!({
            "name": "dev-catalog", "engine": "postgres", "engine_version": "16", "class": "db.m7g.large", "storage_type": "gp3",
            "allocated_storage": 100, "max_allocated_storage": 1024, "storage_encrypted": true,
            "kms_key": "arn:aws:kms:ap-northeast-1:111111111111:key/k", "multi_az": true, "port": 5432,
            "vpc": "vpc-1", "subnet_group": "dev-shared", "security_groups": ["sg-1"], "parameter_group": "dev-postgres16",
            "publicly_accessible": false, "deletion_protection": true, "backup_retention_days": 35,
            "backup_window": "17:00-17:30", "maintenance_window": "sat:20:00-sat:20:30", "auto_minor_version_upgrade": false,
            "copy_tags_to_snapshot": true, "log_exports": ["postgresql", "upgrade"], "master_username": "tokaido",
            "managed_master_password": true, "ca_certificate": "rds-ca-rsa2048-g1",
            "engine_lifecycle_support": "open-source-rds-extended-support-disabled",
        }),
        other => panic!("no request for {other}"),
    });
    CreateRequest { attributes, tags: tags() }
}

async fn create(kind: &str, answers: Vec<Answer>) -> (ProviderError, Replay) {
    let replay = Replay::new(answers);
    let region = if kind == "iam-role" { Region::Global } else { Region::Tokyo };
    let error = replay.driver(kind, region).create(&request(kind)).await.expect_err("the recorded answers refuse");
    (error, replay)
}

#[tokio::test]
async fn every_code_has_its_class() {
    use ErrorClass as C;
    let rows: Vec<(&str, Answer, C, Changed)> = vec![
        ("vpc", status(400, ec2("VpcLimitExceeded", "The maximum number of VPCs has been reached.")), C::Quota, Changed::No),
        (
            "vpc",
            status(403, ec2("UnauthorizedOperation", "Encoded authorization failure message: aBc")),
            C::AccessDenied,
            Changed::No,
        ),
        ("vpc", status(400, ec2("InvalidVpc.Range", "The CIDR is invalid.")), C::Invalid, Changed::No),
        ("vpc", status(400, ec2("RequestExpired", "Request has expired.")), C::ExpiredCredentials, Changed::No),
        (
            "vpc",
            status(401, ec2("AuthFailure", "AWS was not able to validate the provided access credentials")),
            C::ExpiredCredentials,
            Changed::No,
        ),
        ("vpc", status(503, ec2("Unavailable", "The service is unavailable.")), C::Internal, Changed::Maybe),
        ("vpc", status(500, ec2("InternalError", "An internal error has occurred")), C::Internal, Changed::Maybe),
        ("vpc", status(200, "<not xml"), C::Unreachable, Changed::Maybe),
        ("vpc", Answer::Lost, C::Unreachable, Changed::Maybe),
        (
            "subnet",
            status(400, ec2("InvalidSubnet.Conflict", "The CIDR conflicts with another subnet")),
            C::AlreadyExists,
            Changed::No,
        ),
        ("subnet", status(400, ec2("InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist")), C::NotFound, Changed::No),
        (
            "security-group",
            status(400, ec2("InvalidGroup.Duplicate", "The security group already exists")),
            C::AlreadyExists,
            Changed::No,
        ),
        (
            "db-instance",
            status(400, query("DBInstanceAlreadyExists", "DB instance already exists")),
            C::AlreadyExists,
            Changed::No,
        ),
        (
            "db-instance",
            status(404, query("DBSubnetGroupNotFoundFault", "DB subnet group doesn't exist.")),
            C::NotFound,
            Changed::No,
        ),
        ("db-instance", status(404, query("DBParameterGroupNotFound", "DBParameterGroup not found")), C::NotFound, Changed::No),
        ("db-instance", status(400, query("InstanceQuotaExceeded", "You have exceeded the quota")), C::Quota, Changed::No),
        ("db-instance", status(400, query("KMSKeyNotAccessibleFault", "The key is not accessible")), C::Invalid, Changed::No),
        (
            "db-instance",
            status(400, query("InvalidDBInstanceState", "not currently in the available state")),
            C::Busy,
            Changed::No,
        ),
        (
            "db-instance",
            status(400, query("InvalidParameterCombination", "The previous storage change is being optimized.")),
            C::Busy,
            Changed::No,
        ),
        (
            "db-instance",
            status(403, query("ExpiredToken", "The security token included in the request is expired")),
            C::ExpiredCredentials,
            Changed::No,
        ),
        (
            "db-instance",
            status(403, query("AccessDenied", "not authorized to perform: rds:CreateDBInstance")),
            C::AccessDenied,
            Changed::No,
        ),
        (
            "iam-role",
            status(409, query("EntityAlreadyExists", "Role with name dev-AWSBackup already exists.")),
            C::AlreadyExists,
            Changed::No,
        ),
        ("iam-role", status(409, query("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000")), C::Quota, Changed::No),
        ("iam-role", status(500, query("ServiceFailure", "The request processing has failed")), C::Internal, Changed::Maybe),
        ("kms-key", status(400, kms("LimitExceededException", "quota of keys")), C::Quota, Changed::No),
        (
            "kms-key",
            status(400, kms("AccessDeniedException", "not authorized to perform: kms:CreateKey")),
            C::AccessDenied,
            Changed::No,
        ),
        (
            "kms-key",
            status(400, kms("UnrecognizedClientException", "The security token included is invalid")),
            C::ExpiredCredentials,
            Changed::No,
        ),
        ("kms-key", status(500, kms("KMSInternalException", "internal")), C::Internal, Changed::Maybe),
        ("kms-key", status(400, kms("TagException", "tags are not valid")), C::Invalid, Changed::No),
        (
            "backup-vault",
            backup(400, "AlreadyExistsException", "Backup vault with the same name already exists"),
            C::AlreadyExists,
            Changed::No,
        ),
        ("backup-vault", backup(400, "LimitExceededException", "too many vaults"), C::Quota, Changed::No),
        (
            "backup-vault",
            backup(403, "AccessDeniedException", "Insufficient privileges to perform this action."),
            C::AccessDenied,
            Changed::No,
        ),
        ("backup-vault", backup(400, "InvalidParameterValueException", "the key is not valid"), C::Invalid, Changed::No),
        ("backup-vault", backup(500, "ServiceUnavailableException", "try later"), C::Internal, Changed::Maybe),
    ];
    for (kind, answer, class, changed) in rows {
        let (error, replay) = create(kind, vec![answer.clone()]).await;
        assert_eq!((error.class, error.changed), (class, changed), "{kind}: {answer:?} became {error}");
        let status = if let Answer::Reply { status, .. } = answer { Some(status) } else { None };
        assert_eq!(error.status, status, "{kind}: {error}");
        assert_eq!(replay.seen().len(), 1, "{kind}: sent again after {status:?}");
        assert_eq!(error.principal.as_deref(), Some("arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev"));
    }
}

#[tokio::test]
async fn an_error_names_the_call_the_code_and_the_request() {
    let headers = vec![("x-amzn-requestid", "r-1".to_owned())];
    let body = ec2("UnauthorizedOperation", "Encoded authorization failure message: aBc");
    let (error, _) = create("vpc", vec![Answer::Reply { status: 403, headers, body }]).await;
    assert_eq!(
        error.to_string(),
        "ec2:CreateVpc on 10.10.0.0/16: access-denied (UnauthorizedOperation): Encoded authorization failure message: aBc; \
         called as arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev; request id r-1; nothing was changed"
    );
}

/// The SDK alone would send each of these again, and four of the five would then exist twice.
#[tokio::test]
async fn a_create_whose_reply_was_lost_is_sent_once() {
    for kind in ["vpc", "dhcp-options", "kms-key", "subnet", "db-instance"] {
        let (error, replay) = create(kind, vec![Answer::Lost, Answer::Lost]).await;
        assert_eq!((error.class, error.changed), (ErrorClass::Unreachable, Changed::Maybe), "{kind}");
        assert_eq!(replay.seen().len(), 1, "{kind} was sent {} times", replay.seen().len());
    }
}

#[tokio::test]
async fn a_throttled_create_is_sent_again_until_it_is_heard() {
    let slow = || status(503, ec2("RequestLimitExceeded", "Request limit exceeded."));
    let made = "<CreateVpcResponse><vpc><vpcId>vpc-9</vpcId></vpc></CreateVpcResponse>";
    let (error, replay) = create("vpc", vec![slow(), slow(), ok(made), status(403, ec2("UnauthorizedOperation", "no"))]).await;
    assert_eq!(replay.actions(), ["CreateVpc", "CreateVpc", "CreateVpc", "DescribeVpcs"]);
    assert_eq!(error.changed, Changed::Partly, "{error}");
    assert!(error.message.contains("vpc-9 exists now"), "{error}");
}

#[tokio::test]
async fn a_throttle_without_end_gives_up() {
    let (error, replay) = create("vpc", vec![status(503, ec2("RequestLimitExceeded", "Request limit exceeded.")); 40]).await;
    assert_eq!((error.class, error.changed), (ErrorClass::Throttled, Changed::No));
    assert!((5..20).contains(&replay.seen().len()), "{} attempts", replay.seen().len());
}

/// A key policy may name a role that IAM has not spread yet.
#[tokio::test]
async fn a_policy_with_a_new_role_is_sent_again() {
    let answers =
        vec![status(400, kms("MalformedPolicyDocumentException", "invalid principals")), status(400, kms("TagException", "no"))];
    let (_, replay) = create("kms-key", answers).await;
    assert_eq!(replay.actions(), ["TrentService.CreateKey", "TrentService.CreateKey"]);
}

#[tokio::test]
async fn only_an_explicit_answer_means_absent() {
    let rows = [
        ("vpc", "vpc-1", status(400, ec2("InvalidVpcID.NotFound", "does not exist"))),
        ("security-group", "sg-1", status(400, ec2("InvalidGroup.NotFound", "does not exist"))),
        ("subnet", "subnet-1", status(400, ec2("InvalidSubnetID.NotFound", "does not exist"))),
        ("dhcp-options", "dopt-1", status(400, ec2("InvalidDhcpOptionID.NotFound", "does not exist"))),
        ("db-instance", "dev-catalog", status(404, query("DBInstanceNotFound", "not found"))),
        ("db-subnet-group", "dev-shared", status(404, query("DBSubnetGroupNotFoundFault", "not found"))),
        ("db-parameter-group", "dev-postgres16", status(404, query("DBParameterGroupNotFound", "not found"))),
        ("kms-key", "k", status(400, kms("NotFoundException", "does not exist"))),
        ("backup-plan", "p", backup(400, "ResourceNotFoundException", "does not exist")),
        ("backup-plan", "p", backup(400, "InvalidParameterValueException", "Cannot find Backup plan with ID p")),
    ];
    for (kind, physical, answer) in rows {
        let read = Replay::new([answer]).driver(kind, Region::Tokyo).read(physical).await;
        assert!(matches!(read, Ok(None)), "{kind}: {read:?}");
    }
    let denied =
        Replay::new([status(403, query("AccessDenied", "no"))]).driver("db-instance", Region::Tokyo).read("dev-catalog").await;
    assert!(matches!(denied, Err(ref error) if error.class == ErrorClass::AccessDenied), "{denied:?}");
}

/// Asked about one missing vault, AWS Backup says "access denied"; the list is the honest answer.
#[tokio::test]
async fn a_missing_vault_is_absent_from_the_list() {
    let replay = Replay::new([ok(r#"{"BackupVaultList":[]}"#)]);
    assert!(matches!(replay.driver("backup-vault", Region::Osaka).read("dev-main").await, Ok(None)));
    assert!(replay.seen()[0].uri.starts_with("https://backup.ap-northeast-3.amazonaws.com/"), "{}", replay.seen()[0].uri);
}

#[tokio::test]
async fn nothing_is_sent_to_an_unknown_host() {
    let replay = Replay::new([]);
    let session = replay.session_at(Some("http://collector.example.com:8080"));
    let driver = tokaido::aws::drivers::find("vpc", &session, Region::Tokyo).expect("a kind that lives there");
    let error = driver.create(&request("vpc")).await.expect_err("the guard refuses");
    assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{error}");
    assert!(error.message.contains("collector.example.com is neither AWS nor this machine"), "{error}");
    assert!(replay.seen().is_empty());
}

#[test]
fn hosts_are_read_from_urls() {
    use tokaido::aws::endpoint::{Hosts, host};
    let hosts = Hosts::new(&["emulator.internal".to_owned()]);
    let rows = [
        ("https://rds.ap-northeast-1.amazonaws.com/", "rds.ap-northeast-1.amazonaws.com", true),
        ("https://iam.amazonaws.com", "iam.amazonaws.com", true),
        ("http://127.0.0.1:4566", "127.0.0.1", true),
        ("http://127.8.9.10/x", "127.8.9.10", true),
        ("http://[::1]:4566/", "::1", true),
        ("http://localhost:4566", "localhost", true),
        ("http://Emulator.internal:80", "emulator.internal", true),
        ("http://10.0.0.1", "10.0.0.1", false),
        ("https://amazonaws.com.example.net", "amazonaws.com.example.net", false),
        ("https://xamazonaws.com", "xamazonaws.com", false),
        ("https://rds.amazonaws.com@example.net/", "example.net", false),
        ("http://localhost.example.net", "localhost.example.net", false),
        ("http://127.0.0.1.example.net", "127.0.0.1.example.net", false),
    ];
    for (url, expected, accepted) in rows {
        assert_eq!((host(url).as_deref(), hosts.accept(url)), (Some(expected), accepted), "{url}");
    }
}
