//! The rates that AWS publishes, for each account and region.
//!
//! Sources: "Request throttling for the Amazon EC2 API" (EC2 Developer Guide) and "Request quotas" (AWS KMS Developer Guide). An
//! account may have lower quotas than these, which its throttles tell. "Best practices design patterns: optimizing Amazon S3
//! performance" names the rates of a prefix, which are more than a command of tokaido needs. RDS, AWS Backup and IAM publish none.

use super::Rate;

const fn rate(burst: f64, per_second: f64) -> Option<Rate> {
    Some(Rate { burst, per_second })
}

/// The rate of an operation, as IAM spells it; `None` where AWS publishes none.
#[must_use]
pub fn published(operation: &str) -> Option<Rate> {
    match operation.split_once(':')? {
        ("ec2", name) => ec2(name),
        ("kms", name) => kms(name),
        ("s3", name) => s3(name),
        _ => None,
    }
}

/// The lists that have a smaller bucket where a call names neither filter nor page size. Every listing of tokaido names a size.
fn ec2(name: &str) -> Option<Rate> {
    match name {
        "CreateVpcEndpoint" | "ModifyVpcEndpoint" | "DeleteVpcEndpoints" => rate(4.0, 0.3),
        "CreateNatGateway" => rate(10.0, 1.0),
        "CreateTags" | "DeleteTags" => rate(100.0, 10.0),
        _ if ["Describe", "Get", "Search", "List"].iter().any(|verb| name.starts_with(verb)) => rate(100.0, 20.0),
        _ => rate(50.0, 5.0),
    }
}

fn s3(name: &str) -> Option<Rate> {
    let reads = ["Get", "List"].iter().any(|verb| name.starts_with(verb));
    if reads { rate(5500.0, 5500.0) } else { rate(3500.0, 3500.0) }
}

fn kms(name: &str) -> Option<Rate> {
    let even = |per_second| rate(per_second, per_second);
    match name {
        "DescribeKey" | "ListResourceTags" => even(2000.0),
        "GetKeyRotationStatus" | "GetKeyPolicy" => even(1000.0),
        "ListAliases" | "ListKeys" => even(500.0),
        "EnableKeyRotation" | "PutKeyPolicy" => even(15.0),
        "TagResource" => even(10.0),
        "CreateKey" | "CreateAlias" | "ReplicateKey" => even(5.0),
        _ => None,
    }
}
