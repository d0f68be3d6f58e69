//! What an exception accepts.

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

scalar!(Accepted);
