//! The command of the AWS CLI that puts tags on a live resource, for a person who has to do it.

use serde_json::{Map, Value as Json, json};

use super::id::Region;
use super::observed::Live;
use super::tags::Tags;

/// The command that puts these tags on the resource, for a POSIX shell. `arn` of its outputs says which service it belongs to;
/// resources of EC2 have none.
#[must_use]
pub fn command(region: Region, live: &Live, put: &Tags) -> String {
    let arn = live.outputs.get("arn").map_or("", |arn| arn.as_str());
    let (id, place) = (quoted(&live.physical), format!("--region {}", region.code()));
    let list = |key: &str, value: &str, tags: &Tags| -> Json {
        tags.iter().map(|(name, found)| json!({ key: name.as_str(), value: found.as_str() })).collect()
    };
    let plain = || quoted(&list("Key", "Value", put).to_string());
    match arn.split(':').nth(2).unwrap_or_default() {
        "backup" => {
            let map: Map<String, Json> = put.iter().map(|(key, value)| (key.to_string(), json!(value.as_str()))).collect();
            format!(
                "aws backup tag-resource {place} --resource-arn {} --tags {}",
                quoted(arn),
                quoted(&Json::from(map).to_string())
            )
        }
        "iam" => format!("aws iam tag-role --role-name {id} --tags {}", plain()),
        "kms" => {
            let tags = list("TagKey", "TagValue", put).to_string();
            format!("aws kms tag-resource {place} --key-id {id} --tags {}", quoted(&tags))
        }
        "rds" => format!("aws rds add-tags-to-resource {place} --resource-name {} --tags {}", quoted(arn), plain()),
        // S3 replaces all tags, and accepts none of AWS's own.
        "s3" => {
            let mut all = live.tags.clone();
            all.retain(|key, _| !key.starts_with("aws:"));
            all.extend(put.clone());
            let tagging = quoted(&json!({ "TagSet": list("Key", "Value", &all) }).to_string());
            format!("aws s3api put-bucket-tagging {place} --bucket {id} --tagging {tagging}")
        }
        _ => format!("aws ec2 create-tags {place} --resources {id} --tags {}", plain()),
    }
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Readings, Status, tags};

    fn live(physical: &str, arn: Option<&str>) -> Live {
        let outputs = arn.map(|arn| ("arn".to_owned(), arn.to_owned())).into_iter().collect();
        let tags = [("aws:cloudformation:stack-name", "x"), ("team", "o'brien"), (tags::ENVIRONMENT, "dev")];
        let tags = tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Live { physical: physical.into(), outputs, attributes: Readings::default(), tags, status: Status::Ready, pending: vec![] }
    }

    fn put() -> Tags {
        [(tags::ID.to_owned(), "vpc.main@tokyo".to_owned())].into_iter().collect()
    }

    /// Each command is split by a shell and its JSON is read back.
    #[test]
    fn a_shell_and_a_json_parser_read_the_commands_as_they_are_meant() {
        let arn = |service: &str| format!("arn:aws:{service}:ap-northeast-1:111111111111:x");
        let cases = [
            (live("vpc-1", None), "ec2 create-tags --region ap-northeast-1 --resources vpc-1 --tags"),
            (
                live("a", Some(&arn("rds"))),
                "rds add-tags-to-resource --region ap-northeast-1 --resource-name arn:aws:rds:ap-northeast-1:111111111111:x --tags",
            ),
            (live("k", Some(&arn("kms"))), "kms tag-resource --region ap-northeast-1 --key-id k --tags"),
            (live("r", Some("arn:aws:iam::111111111111:role/r")), "iam tag-role --role-name r --tags"),
            (
                live("v", Some(&arn("backup"))),
                "backup tag-resource --region ap-northeast-1 --resource-arn arn:aws:backup:ap-northeast-1:111111111111:x --tags",
            ),
            (live("b", Some("arn:aws:s3:::b")), "s3api put-bucket-tagging --region ap-northeast-1 --bucket b --tagging"),
        ];
        for (live, expected) in cases {
            let command = command(Region::Tokyo, &live, &put());
            let words =
                std::process::Command::new("sh").arg("-c").arg(format!("printf '%s\\n' {command}")).output().expect("a shell");
            let words = String::from_utf8(words.stdout).expect("text");
            let mut words: Vec<&str> = words.lines().collect();
            let tags: Json = serde_json::from_str(words.pop().expect("a word")).expect("JSON");
            assert_eq!(words.join(" "), format!("aws {expected}"));
            let text = tags.to_string();
            assert!(text.contains("vpc.main@tokyo") && !text.contains("cloudformation"), "{text}");
            assert_eq!(text.contains("o'brien"), expected.starts_with("s3api"), "S3 loses what is not sent: {text}");
        }
    }
}
