//! What an exception accepts, and what tenants may share.

use schemars::{Schema, json_schema};

use super::{BadScalar, Scalar, scalar};
use crate::desired::said::ValueFault;
use crate::model::{CLOSED_REGIONS, Explained, Region};
use crate::yaml::shown;

/// Every closed region, or one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted(String);

impl Accepted {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `us-east-1`, `ap-southeast-7`, `us-gov-west-1`.
fn is_code(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().is_some_and(|last| last.len() == 1 && last.bytes().all(|b| b.is_ascii_digit()));
    let words: Vec<&str> = parts.collect();
    let lower = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    number && (2..=3).contains(&words.len()) && words.iter().all(lower) && words.last().is_some_and(|first| first.len() == 2)
}

impl Scalar for Accepted {
    const EXPECTED: Explained = Explained::new(
        "`closed-regions`, or the code of one region other than Tokyo and Osaka: `us-east-1`",
        "`closed-regions`、または東京と大阪以外の一つのリージョンのコード: `us-east-1`",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        if text == CLOSED_REGIONS || (is_code(text) && Region::from_code(text).is_none()) {
            return Ok(Self(text.to_owned()));
        }
        let fault = ValueFault::is_not(shown(text), "something that an exception can accept", "例外として受け入れられるもの");
        Err(BadScalar::new("bad-exception", fault))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^(closed-regions|[a-z]{2}(-[a-z]+){1,2}-[0-9])$" })
    }
}

/// What AWS calls a load balancer, a proxy or an endpoint that tenants share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwarderId(String);

impl ForwarderId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for ForwarderId {
    const EXPECTED: Explained = Explained::new(
        "the id of an endpoint, an endpoint service or an interface (`vpce-…`, `vpce-svc-…`, `eni-…`), or of a load balancer the end \
         of its ARN: `app/NAME/ID`, `net/NAME/ID`",
        "エンドポイント、エンドポイントサービス、インターフェイスの ID（`vpce-…`、`vpce-svc-…`、`eni-…`）、またはロードバランサーの ARN の\
         末尾（`app/名前/ID`、`net/名前/ID`）",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let hex = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let of_ec2 = ["vpce-svc-", "vpce-", "eni-"].iter().any(|prefix| text.strip_prefix(prefix).is_some_and(hex));
        let name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let balancer = match text.split('/').collect::<Vec<_>>().as_slice() {
            [kind, own, id] => ["app", "net", "gwy"].contains(kind) && name(own) && hex(id),
            _ => false,
        };
        if of_ec2 || balancer {
            return Ok(Self(text.to_owned()));
        }
        let fault = ValueFault::is_not(shown(text), "the id of a forwarder", "中継するものの ID ");
        Err(BadScalar::new("bad-forwarder", fault))
    }

    fn schema() -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^((vpce-svc|vpce|eni)-[0-9a-f]+|(app|net|gwy)/[A-Za-z0-9-]+/[0-9a-f]+)$"
        })
    }
}

scalar!(Accepted, ForwarderId);
