//! Collections that a resource owns, element by element: what is added, what is removed, and what stays because no plan
//! showed it.

use serde_json::json;
use tokaido::model::Region;

use super::aws_drivers::{form, live, update};
use super::aws_errors::request;
use super::aws_replay::{Replay, ok, status};

const THERE: &str = "<Response><Errors><Error><Code>InvalidPermission.Duplicate</Code></Error></Errors></Response>";
const GONE: &str = "<Response><Errors><Error><Code>InvalidPermission.NotFound</Code></Error></Errors></Response>";

const OPEN: &str = "<item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item>";

#[tokio::test]
async fn a_new_group_loses_the_egress_that_aws_gave_it() {
    let described = format!(
        "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-9</groupId><ipPermissionsEgress>{OPEN}</ipPermissionsEgress>\
         <tagSet><item><key>tokaido:environment</key><value>dev</value></item><item><key>tokaido:id</key>\
         <value>a-kind.main@tokyo</value></item></tagSet></item></securityGroupInfo></DescribeSecurityGroupsResponse>"
    );
    let replay = Replay::new([
        ok("<CreateSecurityGroupResponse><groupId>sg-9</groupId></CreateSecurityGroupResponse>"),
        ok(described),
        ok("<CreateTagsResponse><return>true</return></CreateTagsResponse>"),
        ok("<RevokeSecurityGroupEgressResponse><return>true</return></RevokeSecurityGroupEgressResponse>"),
        ok("<AuthorizeSecurityGroupIngressResponse><return>true</return></AuthorizeSecurityGroupIngressResponse>"),
        status(400, THERE),
        status(400, THERE),
    ]);
    let made = replay.driver("security-group", Region::Tokyo).create(&request("security-group")).await;
    assert_eq!(made.as_deref().ok(), Some("sg-9"), "{made:?}");
    assert_eq!(
        replay.actions(),
        [
            "CreateSecurityGroup",
            "DescribeSecurityGroups",
            "CreateTags",
            "RevokeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupEgress",
        ]
    );
    let seen = replay.seen();
    assert_eq!(
        form(&seen[2]),
        ["ResourceId.1=sg-9", "Tag.1.Key=tokaido:intent", "Tag.1.Value=intent-1"],
        "only the tag that did not arrive"
    );
    assert_eq!(form(&seen[3]), ["GroupId=sg-9", "IpPermissions.1.IpProtocol=-1", "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"]);
    assert_eq!(
        form(&seen[4]),
        [
            "GroupId=sg-9",
            "IpPermissions.1.FromPort=5432",
            "IpPermissions.1.Groups.1.GroupId=sg-clients",
            "IpPermissions.1.IpProtocol=tcp",
            "IpPermissions.1.ToPort=5432",
            "IpPermissions.2.FromPort=443",
            "IpPermissions.2.IpProtocol=tcp",
            "IpPermissions.2.Ipv6Ranges.1.CidrIpv6=2001:db8::/32",
            "IpPermissions.2.ToPort=443",
        ]
    );
}

#[tokio::test]
async fn rules_are_authorised_before_others_are_revoked_by_id() {
    let rule = |id: &str, egress: bool, protocol: &str, ports: &str, peer: &str| {
        format!(
            "<item><securityGroupRuleId>{id}</securityGroupRuleId><groupId>sg-9</groupId><isEgress>{egress}</isEgress>\
             <ipProtocol>{protocol}</ipProtocol>{ports}{peer}</item>"
        )
    };
    let https = "<fromPort>443</fromPort><toPort>443</toPort>";
    let rules = [
        rule("sgr-kept", true, "6", https, "<cidrIpv4>10.10.1.5/20</cidrIpv4>"),
        rule("sgr-by-hand", false, "-1", "<fromPort>-1</fromPort><toPort>-1</toPort>", "<cidrIpv4>0.0.0.0/0</cidrIpv4>"),
        // Added after the executor read the group: in no plan, so it stays.
        rule("sgr-added-since", false, "6", https, "<cidrIpv4>198.51.100.0/24</cidrIpv4>"),
    ];
    let described = format!(
        "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet>{}</securityGroupRuleSet></DescribeSecurityGroupRulesResponse>",
        rules.concat()
    );
    let replay = Replay::new([
        ok(described),
        ok("<AuthorizeSecurityGroupIngressResponse><return>true</return></AuthorizeSecurityGroupIngressResponse>"),
        status(400, GONE),
        status(400, GONE),
    ]);
    let target = serde_json::to_value(&request("security-group").attributes).expect("plain data");
    let before = json!({ "rules": [
        { "direction": "egress", "protocol": "tcp", "from": 443, "to": 443, "peer": "10.10.0.0/20" },
        { "direction": "ingress", "protocol": "all", "peer": "0.0.0.0/0" },
    ] });
    let request = update(live("sg-9", before), target, &["rules"]);
    replay.driver("security-group", Region::Tokyo).update(&request).await.expect("a rule that is already gone is a success");
    assert_eq!(
        replay.actions(),
        [
            "DescribeSecurityGroupRules",
            "AuthorizeSecurityGroupIngress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupIngress"
        ]
    );
    assert_eq!(form(&replay.seen()[2]), ["GroupId=sg-9", "SecurityGroupRuleId.1=sgr-by-hand"]);
}

/// AWS refuses the whole call for one rule that somebody added meanwhile; the others must not be lost with it.
#[tokio::test]
async fn one_rule_that_is_already_there_does_not_keep_the_others_out() {
    let done = |direction: &str| {
        let name = format!("AuthorizeSecurityGroup{direction}Response");
        ok(format!("<{name}><return>true</return></{name}>"))
    };
    let replay = Replay::new([status(400, THERE), status(400, THERE), done("Ingress"), done("Egress")]);
    let target = serde_json::to_value(&request("security-group").attributes).expect("plain data");
    let request = update(live("sg-9", json!({})), target, &["rules"]);
    replay.driver("security-group", Region::Tokyo).update(&request).await.expect("every rule is there");
    let ports: Vec<Option<String>> = replay.seen().iter().map(|seen| seen.form().remove("IpPermissions.1.FromPort")).collect();
    let port = |number: &str| Some(number.to_owned());
    assert_eq!(ports, [port("5432"), port("5432"), port("443"), port("443")], "both, each ingress alone, egress");
}

pub fn plan(resources: &[&str]) -> serde_json::Value {
    json!({
        "name": "dev-main", "rules": [], "copies": [],
        "selections": [{ "name": "databases-1", "role": "arn:role", "resources": resources }],
    })
}

/// What appeared after the executor's read is in no plan.
#[tokio::test]
async fn what_somebody_added_since_the_read_stays() {
    let replay = Replay::new([ok("{}"), ok("{}")]);
    let mut target = serde_json::to_value(&request("kms-key").attributes).expect("plain data");
    target["alias"] = json!("alias/dev-new");
    let before = live("k-1", json!({ "alias": "alias/dev-main" }));
    replay.driver("kms-key", Region::Tokyo).update(&update(before, target, &["alias"])).await.expect("answered");
    assert_eq!(replay.actions(), ["TrentService.CreateAlias", "TrentService.DeleteAlias"]);
    assert_eq!(replay.seen()[1].json()["AliasName"], "alias/dev-main", "the one that was read, and no other");

    let replay = Replay::new([ok("<AttachRolePolicyResponse/>"), ok("<DetachRolePolicyResponse/>")]);
    let mut target = serde_json::to_value(&request("iam-role").attributes).expect("plain data");
    target["managed_policies"] = json!(["arn:aws:iam::aws:policy/wanted"]);
    let before = live("dev-backup", json!({ "managed_policies": ["arn:aws:iam::aws:policy/unwanted"] }));
    replay.driver("iam-role", Region::Global).update(&update(before, target, &["managed_policies"])).await.expect("answered");
    assert_eq!(replay.actions(), ["AttachRolePolicy", "DetachRolePolicy"]);
    assert_eq!(replay.seen()[1].form()["PolicyArn"], "arn:aws:iam::aws:policy/unwanted");

    let listed = json!({ "BackupSelectionsList": [
        { "SelectionId": "s-1", "SelectionName": "databases-1-00000000", "CreationDate": 1.0 },
        { "SelectionId": "s-2", "SelectionName": "by-hand", "CreationDate": 2.0 },
    ] });
    let held = |name: &str, resource: &str| {
        ok(json!({ "BackupSelection": { "SelectionName": name, "IamRoleArn": "arn:role", "Resources": [resource] } }).to_string())
    };
    let answers = [
        ok(listed.to_string()),
        held("databases-1-00000000", "arn:a"),
        held("by-hand", "arn:theirs"),
        ok(r#"{"SelectionId":"s-3"}"#),
        ok(""),
    ];
    let replay = Replay::new(answers);
    let read = json!({ "selections": [{ "name": "databases-1", "role": "arn:role", "resources": ["arn:a"] }] });
    let request = update(live("p-1", read), plan(&["arn:b"]), &["selections"]);
    replay.driver("backup-plan", Region::Tokyo).update(&request).await.expect("answered");
    assert_eq!(replay.actions()[3..], ["PUT /backup/plans/p-1/selections", "DELETE /backup/plans/p-1/selections/s-1"]);
}

/// The new selection exists before the old one goes, and its name tells its content.
#[tokio::test]
async fn a_selection_is_replaced_without_a_gap() {
    let listed = json!({ "BackupSelectionsList": [{ "SelectionId": "s-1", "SelectionName": "databases-1-00000000", "CreationDate": 1.0 }] });
    let held = json!({ "BackupSelection": { "SelectionName": "databases-1-00000000", "IamRoleArn": "arn:role", "Resources": ["arn:a"] } });
    let replay = Replay::new([ok(listed.to_string()), ok(held.to_string()), ok(r#"{"SelectionId":"s-2"}"#), ok("")]);
    let read = json!({ "selections": [{ "name": "databases-1", "role": "arn:role", "resources": ["arn:a"] }] });
    let request = update(live("p-1", read), plan(&["arn:b", "arn:a"]), &["selections"]);
    replay.driver("backup-plan", Region::Tokyo).update(&request).await.expect("answered");
    assert_eq!(
        replay.actions(),
        [
            "GET /backup/plans/p-1/selections?maxResults=1000",
            "GET /backup/plans/p-1/selections/s-1",
            "PUT /backup/plans/p-1/selections",
            "DELETE /backup/plans/p-1/selections/s-1",
        ]
    );
    let sent = replay.seen()[2].json();
    let name = sent["BackupSelection"]["SelectionName"].as_str().unwrap_or_default().to_owned();
    assert!(name.starts_with("databases-1-") && name.len() == "databases-1-".len() + 8, "{name}");
    assert_eq!(sent["BackupSelection"]["Resources"], json!(["arn:a", "arn:b"]));
    assert!(sent["CreatorRequestId"].as_str().is_some_and(|token| token.starts_with("tokaido-") && token.len() <= 50));
}
