//! Identity of a resource: environment, kind, name and region. An id is printed `db-instance.catalog@tokyo`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shared::Shared;

/// One of the three environments of a project. There are exactly three (white paper clause 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Where a release is tried first, `dev` in files and ids.
    Dev,
    /// Where a release is tried after dev, `staging`.
    Staging,
    /// Where the tenants of the product are, `production`.
    Production,
}

impl Environment {
    /// All three, in the order of promotion.
    pub const ALL: [Self; 3] = [Self::Dev, Self::Staging, Self::Production];

    /// The word in files, records, tags and JSON: `dev`, `staging` or `production`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// `<environment>-<name>`: the name under which AWS knows a resource, unless `physical_name:` gives another one.
    #[must_use]
    pub fn derived(self, name: &str) -> String {
        format!("{self}-{name}")
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Environment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|environment| environment.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not an environment; there are dev, staging and production"))
    }
}

/// Where a resource lives. Data is kept in two regions only (white paper clause 2), so tokaido knows no other. In JSON a region
/// is AWS's code (`Region::code`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// `ap-northeast-1`, the primary region.
    Tokyo,
    /// `ap-northeast-3`, the region that holds the copies of backups.
    Osaka,
    /// No region: IAM and other services that AWS runs once for the whole account.
    Global,
}

impl Region {
    /// All three, in the order in which ids sort.
    pub const ALL: [Self; 3] = [Self::Tokyo, Self::Osaka, Self::Global];

    /// The short form in ids: `tokyo`, `osaka` or `global`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tokyo => "tokyo",
            Self::Osaka => "osaka",
            Self::Global => "global",
        }
    }

    /// AWS's own code, as ARNs and JSON have it: `ap-northeast-1`. `global` for [`Self::Global`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tokyo => "ap-northeast-1",
            Self::Osaka => "ap-northeast-3",
            Self::Global => "global",
        }
    }

    /// The region of AWS's code; `None` for a code that tokaido does not know.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.code() == code)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Region {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("`{code}` is not a region of tokaido")))
    }
}

impl JsonSchema for Region {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Region".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "enum": ["ap-northeast-1", "ap-northeast-3", "global"] })
    }
}

/// One resource of one environment: `kind.name@region`. An id does not name the environment; the state that holds the id does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// The kind, in kebab-case: `db-instance`.
    pub kind: Shared,
    /// The name of the resource in the environment file: `catalog`. It contains no environment and is not AWS's name.
    pub name: Shared,
    /// Where the resource lives.
    pub region: Region,
}

impl ResourceId {
    /// The id of these three parts. They are not checked.
    #[must_use]
    pub fn new(kind: &str, name: &str, region: Region) -> Self {
        Self { kind: Shared::common(kind), name: name.into(), region }
    }

    /// Whether this text is the id. It is compared part by part: nothing is written.
    #[must_use]
    pub fn is_written(&self, text: &str) -> bool {
        let name = text.strip_prefix(self.kind.as_str()).and_then(|rest| rest.strip_prefix('.'));
        let rest = name.and_then(|name| name.strip_prefix(self.name.as_str()));
        rest.and_then(|rest| rest.strip_prefix('@')) == Some(self.region.as_str())
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}@{}", self.kind, self.name, self.region)
    }
}

impl FromStr for ResourceId {
    type Err = String;

    /// Reads `kind.name@region`. The kind ends at the first dot and the region begins after the last `@`.
    ///
    /// # Errors
    /// A sentence that quotes `text` and shows the form, when a part is missing or the region is unknown.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem =
            || format!("`{text}` is not a resource id; write it as kind.name@region, for example db-instance.catalog@tokyo");
        let (kind, rest) = text.split_once('.').ok_or_else(problem)?;
        let (name, region) = rest.rsplit_once('@').ok_or_else(problem)?;
        let region = Region::ALL.into_iter().find(|known| known.as_str() == region).ok_or_else(problem)?;
        if kind.is_empty() || name.is_empty() {
            return Err(problem());
        }
        Ok(Self::new(kind, name, region))
    }
}

impl Serialize for ResourceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for ResourceId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ResourceId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "kind.name@region, for example db-instance.catalog@tokyo",
            "pattern": "^[a-z-]+\\.[^@]+@(tokyo|osaka|global)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_its_own_text_alone() {
        let id = ResourceId::new("subnet", "shop-a", Region::Tokyo);
        assert!(id.is_written(&id.to_string()));
        for other in ["subnet.shop-a@osaka", "subnet.shop-a@tokyo ", "subnet.shop-@tokyo", "subnets.shop-a@tokyo", "shop-a", ""] {
            assert!(!id.is_written(other), "{other:?}");
        }
    }
}
