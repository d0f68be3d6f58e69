//! Blocks of addresses and availability zones. Imports `model`.

use ipnet::Ipv4Net;
use schemars::{Schema, json_schema};

use crate::desired::said::{Right, ValueFault};
use crate::kinds::catalogue;
use crate::model::{Explained, Region};
use crate::yaml::shown;

use super::{BadScalar, Scalar, scalar};

/// An IPv4 block in canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr(pub Ipv4Net);

impl Cidr {
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }

    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// RFC 1918, or the shared space of RFC 6598: addresses that a network may use without hiding public addresses of others.
    #[must_use]
    pub fn is_private(self) -> bool {
        const SPACES: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
        SPACES.iter().filter_map(|space| space.parse::<Ipv4Net>().ok()).any(|space| space.contains(&self.0))
    }
}

/// Four equal parts: the first three belong to the zones as listed, the fourth is reserved (design 4.1).
#[must_use]
pub fn quarters(block: Cidr) -> Vec<Ipv4Net> {
    block.0.subnets(block.0.prefix_len().saturating_add(2).min(32)).map(Iterator::collect).unwrap_or_default()
}

impl Scalar for Cidr {
    const EXPECTED: Explained = Explained::new("an IPv4 block: `10.30.16.0/20`", "IPv4 のアドレス範囲: `10.30.16.0/20`");

    fn read(text: &str) -> Result<Self, BadScalar> {
        let Ok(block) = text.parse::<Ipv4Net>() else {
            return Err(BadScalar::new("bad-cidr", ValueFault::is_not(shown(text), "an IPv4 block", " IPv4 のアドレス範囲")));
        };
        let right = block.trunc();
        if right != block {
            let refusal =
                BadScalar::new("host-bits", ValueFault::HostBits { block: block.to_string(), prefix: block.prefix_len().into() });
            return Err(refusal.expected(Right::Containing { block: right.to_string() }));
        }
        Ok(Self(right))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$" })
    }
}

macro_rules! zone {
    ($(#[$meta:meta])* $name:ident, $region:expr, $prefix:literal, $pattern:literal, $expected:literal, $japanese:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Scalar for $name {
            const EXPECTED: Explained = Explained::new($expected, $japanese);

            fn read(text: &str) -> Result<Self, BadScalar> {
                let (known, date) = catalogue::zones($region);
                let number = text.strip_prefix($prefix);
                if number.is_some_and(|number| number.len() == 1 && known.contains(number)) {
                    return Ok(Self(text.to_owned()));
                }
                // `ap-northeast-1a` is another zone in every account, so a zone name does not say where data is.
                let message = if text.starts_with($region.code()) {
                    ValueFault::ZoneByName { text: shown(text) }
                } else if number.is_some() {
                    ValueFault::ZoneUnlisted { text: shown(text), region: $region, date }
                } else {
                    ValueFault::ZoneElsewhere { text: shown(text), region: $region, code: $region.code().to_owned() }
                };
                Err(BadScalar::new("zone-not-in-region", message))
            }

            fn schema() -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }

        scalar!($name);
    };
}

zone!(
    /// A zone of Tokyo.
    TokyoZone,
    Region::Tokyo,
    "apne1-az",
    "^apne1-az[1-4]$",
    "the id of a zone in Tokyo: `apne1-az1`, `apne1-az2` or `apne1-az4`",
    "東京のゾーンの ID: `apne1-az1`、`apne1-az2`、`apne1-az4` のいずれか"
);

zone!(
    /// A zone of Osaka.
    OsakaZone,
    Region::Osaka,
    "apne3-az",
    "^apne3-az[1-3]$",
    "the id of a zone in Osaka: `apne3-az1`, `apne3-az2` or `apne3-az3`",
    "大阪のゾーンの ID: `apne3-az1`、`apne3-az2`、`apne3-az3` のいずれか"
);

scalar!(Cidr);
