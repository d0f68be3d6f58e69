//! Policies, and whom each of them lets use the key. The account is 111111111111.

#![expect(clippy::needless_pass_by_value, reason = "a case is written where it is used")]

use serde_json::{Value as Json, json};

use super::super::parts::Unclear;
use super::{Admitted, Grantee, Whom, admitted, grantee};
use crate::kinds::documents;
use crate::model::Value;

const OWN: &str = "111111111111";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const OTHER: &str = "arn:aws:iam::222222222222:root";

fn of(statements: Json) -> Vec<Admitted> {
    let policy: Value = serde_json::from_value(json!({ "Version": "2012-10-17", "Statement": statements })).expect("plain data");
    admitted(&policy, OWN)
}

/// What one statement that allows `kms:Decrypt` on everything admits, with these fields instead of its own.
fn one(fields: Json) -> Vec<Whom> {
    let mut statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*" });
    for (name, value) in fields.as_object().expect("fields") {
        if value.is_null() {
            statement.as_object_mut().expect("a map").remove(name);
        } else {
            statement[name] = value.clone();
        }
    }
    of(json!([statement])).into_iter().map(|admitted| admitted.whom).collect()
}

fn when(condition: Json) -> Vec<Whom> {
    one(json!({ "Condition": condition }))
}

fn service(condition: Json) -> Vec<Whom> {
    one(json!({ "Principal": { "Service": "logs.ap-northeast-1.amazonaws.com" }, "Condition": condition }))
}

fn accounts(names: &[&str]) -> Vec<Whom> {
    vec![Whom::Accounts(names.iter().map(|name| (*name).to_owned()).collect())]
}

const NOBODY: [Whom; 0] = [];
const EVERYBODY: [Whom; 1] = [Whom::Everybody];

/// Whether every outcome is a doubt of this sort.
fn doubt(found: &[Whom], is: fn(&Unclear) -> bool) -> bool {
    !found.is_empty() && found.iter().all(|whom| matches!(whom, Whom::Unclear(why) if is(why)))
}

#[test]
fn the_policies_of_tokaido_and_of_the_console_admit_the_account_alone() {
    assert_eq!(admitted(&documents::key_policy(OWN), OWN), []);
    let console = json!([
        { "Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": { "AWS": ROOT }, "Action": "kms:*", "Resource": "*" },
        { "Sid": "Admins", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:role/admins" },
          "Action": ["kms:Create*", "kms:Put*", "kms:ScheduleKeyDeletion"], "Resource": "*" },
        { "Sid": "Resources", "Effect": "Allow", "Principal": { "AWS": "111111111111" }, "Action": "kms:CreateGrant", "Resource": "*",
          "Condition": { "Bool": { "kms:GrantIsForAWSResource": "true" } } },
        { "Sid": "Gone", "Effect": "Allow", "Principal": { "AWS": "AROAEXAMPLEEXAMPLE123" }, "Action": "kms:Decrypt", "Resource": "*" }
    ]);
    assert_eq!(of(console), []);
    assert_eq!(of(json!([])), [], "no statement");
}

#[test]
fn principals_are_told_apart() {
    for (principal, admits) in [
        (json!("*"), EVERYBODY.to_vec()),
        (json!({ "AWS": "*" }), EVERYBODY.to_vec()),
        (json!({ "AWS": ["arn:aws:iam::111111111111:role/app", "*"] }), EVERYBODY.to_vec()),
        (json!({ "AWS": OTHER }), accounts(&["222222222222"])),
        (json!({ "AWS": "222222222222" }), accounts(&["222222222222"])),
        (
            json!({ "AWS": [ROOT, "arn:aws:iam::222222222222:role/a", "arn:aws:sts::333333333333:assumed-role/b/c"] }),
            accounts(&["222222222222", "333333333333"]),
        ),
        (json!({ "AWS": "arn:aws:sts::111111111111:assumed-role/app/session" }), NOBODY.to_vec()),
        (json!({ "Federated": "arn:aws:iam::222222222222:saml-provider/idp" }), accounts(&["222222222222"])),
    ] {
        assert_eq!(one(json!({ "Principal": principal.clone() })), admits, "{principal}");
    }
    assert_eq!(one(json!({ "Principal": null, "NotPrincipal": { "AWS": ROOT } })), EVERYBODY, "everybody but one");
    for principal in [
        json!({ "Federated": "cognito-identity.amazonaws.com" }),
        json!({ "AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" }),
        json!({ "AWS": "arn:aws:iam::*:role/app" }),
        json!({ "Service": "example.com" }),
    ] {
        let found = one(json!({ "Principal": principal.clone() }));
        assert!(doubt(&found, |why| matches!(why, Unclear::Principal { .. })), "{principal}: {found:?}");
    }
}

#[test]
fn actions_that_use_the_key_or_hand_it_on_are_told_from_others() {
    for action in [
        "kms:*",
        "*",
        "KMS:decrypt",
        "kms:ReEncrypt*",
        "kms:ReEncryptFrom",
        "kms:GenerateDataKey*",
        "kms:Gen*",
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "kms:Decryp?",
        "kms:D*t",
        "kms:Encrypt",
    ] {
        assert_eq!(one(json!({ "Action": action })), EVERYBODY, "{action}");
    }
    for action in [
        "kms:Describe*",
        "kms:GetKeyPolicy",
        "kms:List*",
        "kms:ScheduleKeyDeletion",
        "kms:Tag*",
        "s3:GetObject",
        "kms:RetireGrant",
    ] {
        assert_eq!(one(json!({ "Action": action })), NOBODY, "{action}");
    }
    assert_eq!(one(json!({ "Action": null, "NotAction": "kms:Decrypt" })), EVERYBODY, "everything but one");
    assert_eq!(one(json!({ "Action": null, "NotAction": ["kms:*"] })), NOBODY);
    assert!(doubt(&one(json!({ "Action": "kms:BorrowKey" })), |why| matches!(why, Unclear::Action { .. })));
    assert!(doubt(&one(json!({ "Action": null })), |why| matches!(why, Unclear::Action { .. })));
    assert!(
        doubt(&one(json!({ "Resource": "arn:aws:kms:ap-northeast-1:111111111111:key/other" })), |why| *why == Unclear::Resource)
    );
    assert!(doubt(&one(json!({ "Effect": "allow" })), |why| *why == Unclear::Statement), "AWS minds the case");
}

#[test]
fn a_condition_on_the_account_of_the_caller_closes_a_statement() {
    for condition in [
        json!({ "StringEquals": { "kms:CallerAccount": OWN } }),
        json!({ "StringEquals": { "KMS:calleraccount": [OWN] } }),
        json!({ "StringEquals": { "aws:PrincipalAccount": OWN, "kms:ViaService": "rds.ap-northeast-1.amazonaws.com" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/app-*" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": ["arn:aws:iam::111111111111:role/*", "arn:aws:iam::111111111111:user/x"] } }),
        json!({ "StringEquals": { "aws:SourceAccount": OWN } }),
        json!({ "StringEquals": { "kms:CallerAccount": OWN }, "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }),
        json!({ "StringEquals": { "kms:CallerAccount": [OWN, "222222222222"] }, "StringLike": { "aws:PrincipalAccount": OWN } }),
    ] {
        assert_eq!(when(condition.clone()), NOBODY, "{condition}");
    }
    for (condition, names) in [
        (json!({ "StringEquals": { "kms:CallerAccount": [OWN, "222222222222"] } }), &["222222222222"][..]),
        (json!({ "StringEquals": { "aws:PrincipalAccount": "222222222222" } }), &["222222222222"]),
        (json!({ "ArnEquals": { "aws:PrincipalArn": "arn:aws:iam::333333333333:role/x" } }), &["333333333333"]),
    ] {
        assert_eq!(when(condition.clone()), accounts(names), "{condition}");
    }
    // Another account, and a condition that its principals never meet.
    let named = one(json!({ "Principal": { "AWS": OTHER }, "Condition": { "StringEquals": { "kms:CallerAccount": OWN } } }));
    assert_eq!(named, NOBODY);
}

#[test]
fn a_condition_that_others_meet_closes_nothing() {
    for condition in [
        json!({ "StringEquals": { "kms:ViaService": "rds.ap-northeast-1.amazonaws.com" } }),
        json!({ "Bool": { "kms:GrantIsForAWSResource": true } }),
        json!({ "Bool": { "aws:SecureTransport": "true" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/app" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "*" } }),
    ] {
        assert_eq!(when(condition.clone()), EVERYBODY, "{condition}");
    }
}

#[test]
fn what_is_not_judged_is_a_doubt() {
    for condition in [
        json!({ "StringEquals": { "aws:PrincipalOrgID": "o-example" } }),
        json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-example/*" } }),
    ] {
        assert!(doubt(&when(condition.clone()), |why| *why == Unclear::Organisation), "{condition}");
        let named = one(json!({ "Principal": { "AWS": OTHER }, "Condition": condition }));
        assert!(doubt(&named, |why| *why == Unclear::Organisation), "the account may be no member");
    }
    for condition in [
        json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }),
        json!({ "StringNotEquals": { "kms:CallerAccount": "222222222222" } }),
        json!({ "StringEqualsIfExists": { "kms:CallerAccount": OWN } }),
        json!({ "ForAllValues:StringEquals": { "aws:PrincipalAccount": OWN } }),
        json!({ "stringequals": { "kms:CallerAccount": OWN } }),
        json!({ "StringLike": { "kms:CallerAccount": "1111*" } }),
        json!({ "StringEquals": { "aws:PrincipalTag/team": "data" } }),
        json!({ "StringLike": { "aws:PrincipalArn": "arn:*:111111111111:role/app" } }),
        json!({ "StringEquals": { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:111111111111:log-group:x" } }),
    ] {
        let found = when(condition.clone());
        assert!(doubt(&found, |why| matches!(why, Unclear::Condition { .. })), "{condition}: {found:?}");
    }
}

#[test]
fn a_service_of_aws_is_bound_to_the_account_or_to_a_resource_of_it() {
    for condition in [
        json!({ "StringEquals": { "aws:SourceAccount": OWN } }),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*" } }),
        json!({ "ArnLike": { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:111111111111:log-group:*" } }),
        json!({ "StringEquals": { "aws:SourceAccount": OWN, "aws:SourceOrgID": "o-example" } }),
    ] {
        assert_eq!(service(condition.clone()), NOBODY, "{condition}");
    }
    let others = json!({ "StringEquals": { "aws:SourceAccount": ["222222222222", OWN] } });
    assert_eq!(service(others), accounts(&["222222222222"]));
    for condition in [
        json!({}),
        json!({ "StringEquals": { "kms:CallerAccount": OWN } }),
        json!({ "StringLike": { "aws:SourceArn": "arn:aws:logs:*:111111111111:*" } }),
        json!({ "StringEquals": { "aws:SourceOrgID": "o-example" } }),
    ] {
        let found = service(condition.clone());
        assert!(
            doubt(&found, |why| matches!(why, Unclear::Service { service } if service.starts_with("logs."))),
            "{condition}: {found:?}"
        );
    }
}

#[test]
fn a_denial_closes_a_policy_or_makes_it_unsure() {
    let open = json!({ "Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" });
    let partner =
        json!({ "Sid": "Partner", "Effect": "Allow", "Principal": { "AWS": OTHER }, "Action": "kms:Decrypt", "Resource": "*" });
    let wall = |operator: &str, key: &str| json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": { operator: { key: OWN } } });
    for (operator, key) in [("StringNotEquals", "kms:CallerAccount"), ("StringNotEqualsIfExists", "aws:PrincipalAccount")] {
        assert_eq!(of(json!([open, partner, wall(operator, key)])), [], "{operator} {key}");
    }
    let denied = |denial: Json| of(json!([partner, denial])).into_iter().map(|admitted| admitted.whom).collect::<Vec<_>>();
    for denial in [
        json!({ "Effect": "Deny", "Principal": { "AWS": OTHER }, "Action": "kms:*", "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": { "StringEquals": { "aws:PrincipalTag/x": "y" } } }),
    ] {
        assert!(doubt(&denied(denial.clone()), |why| *why == Unclear::Denied), "{denial}");
    }
    for denial in [
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": { "AWS": ROOT }, "Action": "kms:*", "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } } }),
    ] {
        assert_eq!(denied(denial.clone()), accounts(&["222222222222"]), "{denial}");
    }
    let [named] = &of(json!([partner]))[..] else { panic!("one statement") };
    assert_eq!(named.statement, "Partner");
}

#[test]
fn the_grantee_of_a_grant_is_told_by_its_principal() {
    for (name, is) in [
        ("arn:aws:iam::111111111111:role/app", Grantee::Account),
        ("arn:aws:sts::111111111111:assumed-role/aws:ec2-infrastructure/i-1", Grantee::Account),
        ("arn:aws:iam::222222222222:root", Grantee::Other),
        ("rds.ap-northeast-1.amazonaws.com", Grantee::Service),
        ("AROAEXAMPLEEXAMPLE123", Grantee::Nobody),
        ("(none)", Grantee::Unclear),
    ] {
        assert_eq!(grantee(name, OWN), is, "{name}");
    }
}
