//! What carries a tag of ours is found, whatever its name is: each kind's listing with one object that somebody renamed or copied,
//! one of somebody else, and one that AWS made.

use serde_json::json;
use tokaido::model::{Reading, Region, tags};

use super::aws_replay::{Answer, Replay, Seen, ok, status};

fn xml(operation: &str, inner: &str) -> Answer {
    ok(format!("<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"))
}

fn pairs(element: &str, key: &str, value: &str) -> String {
    let pair = |name: &str, text: &str| format!("<{element}><{key}>{name}</{key}><{value}>{text}</{value}></{element}>");
    pair(tags::TENANT, "acme") + &pair("team", "data")
}

/// The tag of the tenant is left on `odd`; `theirs` and what AWS made carry none.
fn answers(seen: &Seen) -> Answer {
    let (form, odd) = (seen.form(), seen.body.contains("odd") || seen.uri.contains("odd"));
    let rds = |name: &str| {
        format!("<DB{name}GroupName>odd</DB{name}GroupName><DB{name}GroupArn>arn:aws:rds:r:1:x:odd</DB{name}GroupArn>")
    };
    let foreign = |name: &str, called: &str| {
        format!("<DB{name}GroupName>{called}</DB{name}GroupName><DB{name}GroupArn>arn:aws:rds:r:1:x:{called}</DB{name}GroupArn>")
    };
    if let Some(action) = form.get("Action") {
        let ec2 = format!("<tagSet>{}</tagSet>", pairs("item", "key", "value"));
        return match action.as_str() {
            "DescribeDBSubnetGroups" | "DescribeDBParameterGroups" => {
                let name = if action.contains("Subnet") { "Subnet" } else { "Parameter" };
                let made = if name == "Subnet" { "default" } else { "default.postgres16" };
                let each = [rds(name), foreign(name, "theirs"), foreign(name, made)]
                    .map(|one| format!("<DB{name}Group>{one}</DB{name}Group>"));
                xml(action, &format!("<DB{name}Groups>{}</DB{name}Groups>", each.concat()))
            }
            "DescribeDBParameters" => xml(action, "<Parameters/>"),
            "ListTagsForResource" => {
                xml(action, &format!("<TagList>{}</TagList>", if odd { pairs("Tag", "Key", "Value") } else { String::new() }))
            }
            "DescribeVpcs" => ok(format!(
                "<DescribeVpcsResponse><vpcSet><item><vpcId>odd</vpcId><isDefault>true</isDefault>{ec2}</item><item><vpcId>theirs</vpcId></item>\
                 <item><vpcId>aws</vpcId><isDefault>true</isDefault></item></vpcSet></DescribeVpcsResponse>"
            )),
            "DescribeVpcAttribute" => {
                let name = if form["Attribute"].contains("Support") { "enableDnsSupport" } else { "enableDnsHostnames" };
                ok(format!("<DescribeVpcAttributeResponse><{name}><value>true</value></{name}></DescribeVpcAttributeResponse>"))
            }
            "DescribeSubnets" => ok(format!(
                "<DescribeSubnetsResponse><subnetSet><item><subnetId>odd</subnetId><defaultForAz>true</defaultForAz>{ec2}</item>\
                 <item><subnetId>theirs</subnetId></item><item><subnetId>aws</subnetId><defaultForAz>true</defaultForAz></item>\
                 </subnetSet></DescribeSubnetsResponse>"
            )),
            "DescribeSecurityGroups" => ok(format!(
                "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>odd</groupId><groupName>default</groupName>{ec2}</item>\
                 <item><groupId>theirs</groupId><groupName>web</groupName></item><item><groupId>aws</groupId><groupName>default</groupName>\
                 </item></securityGroupInfo></DescribeSecurityGroupsResponse>"
            )),
            other => panic!("nobody has to ask {other}"),
        };
    }
    let path = seen.uri.splitn(4, '/').nth(3).unwrap_or_default();
    let plan = |id: &str, name: &str| json!({ "BackupPlanId": id, "BackupPlanName": name, "BackupPlanArn": format!("arn:aws:backup:r:1:backup-plan:{id}") });
    let vault = |name: &str| json!({ "BackupVaultName": name, "BackupVaultArn": format!("arn:aws:backup:r:1:backup-vault:{name}"), "NumberOfRecoveryPoints": 0 });
    let left = if odd { json!({ tags::TENANT: "acme", "team": "data" }) } else { json!({}) };
    let body = match path.split(['?', '/']).next().unwrap_or_default() {
        "backup-vaults" if path.contains("access-policy") => json!({ "Policy": "{\"Statement\":[]}" }),
        "backup-vaults" => json!({ "BackupVaultList": [vault("odd"), vault("theirs")] }),
        "tags" => json!({ "Tags": left }),
        "backup" if path.contains("/selections") => json!({ "BackupSelectionsList": [] }),
        "backup" if path.contains("plans/") => json!({ "BackupPlan": { "BackupPlanName": "nightly", "Rules": [] } }),
        "backup" => {
            json!({ "BackupPlansList": [plan("odd", "nightly"), plan("theirs", "weekly"), plan("aws", "aws/efs/automatic-backup-plan")] })
        }
        // The host names the bucket.
        _ if path.starts_with("?max-buckets") || !seen.uri.contains("odd") && !seen.uri.contains("theirs") => {
            let here = "<BucketRegion>ap-northeast-1</BucketRegion>";
            return ok(format!(
                "<ListAllMyBucketsResult><Buckets><Bucket><Name>odd</Name>{here}</Bucket><Bucket><Name>tokaido-theirs</Name>{here}</Bucket>\
                 <Bucket><Name>abroad</Name><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>"
            ));
        }
        _ if path.contains("tagging") && odd => {
            return ok(format!("<Tagging><TagSet>{}</TagSet></Tagging>", pairs("Tag", "Key", "Value")));
        }
        _ if path.contains("versioning") => return ok("<VersioningConfiguration/>"),
        _ => return status(404, "<Error><Code>NoSuchTagSet</Code><Message>never made</Message></Error>"),
    };
    ok(body.to_string())
}

/// One object was renamed, or is one of AWS's with a tag of ours: it is read in full. The foreign one costs no more than its tags,
/// or what a promise needs of it.
#[tokio::test]
async fn no_name_hides_what_carries_our_tag() {
    for (kind, whole, made_by_aws, calls) in [
        ("backup-plan", "selections", 0, 3),
        ("backup-vault", "policy", 0, 2),
        ("bucket", "versioning", 0, 1),
        ("db-parameter-group", "parameters", 0, 3),
        ("db-subnet-group", "subnets", 0, 1),
        ("security-group", "rules", 1, 0),
        ("subnet", "cidr", 1, 0),
        ("vpc", "dns_support", 0, 0),
    ] {
        let replay = Replay::answering(answers);
        let listing = replay.driver(kind, Region::Tokyo).list().await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(listing.unreadable.is_empty() && listing.locked.is_empty(), "{kind}: {listing:?}");
        let names: Vec<&str> = listing.live.iter().map(|live| live.physical.as_str()).collect();
        let theirs = if kind == "bucket" { "tokaido-theirs" } else { "theirs" };
        // A plan that AWS makes may copy data elsewhere, as any other.
        let of_aws = if kind == "backup-plan" { &["aws"][..] } else { &[] };
        assert_eq!(names, [&["odd", theirs], of_aws].concat(), "{kind}");
        assert_eq!(listing.made_by_aws.len(), made_by_aws, "{kind}: {listing:?}");
        let found = &listing.live[0];
        assert_eq!((&*found.tags[tags::TENANT], &*found.tags["team"]), ("acme", "data"), "{kind}");
        let whole = found.attributes.reading(tokaido::model::Name::interned(whole));
        assert!(!matches!(whole, Reading::NotAsked | Reading::Failed(_)), "{kind}: {whole:?}");
        assert!(listing.live[1].tags.is_empty(), "{kind}");
        let of_theirs = replay.seen().iter().filter(|seen| (seen.uri.clone() + &seen.body).contains("theirs")).count();
        assert_eq!(of_theirs, calls, "{kind}: {:?}", replay.actions());
    }
}
