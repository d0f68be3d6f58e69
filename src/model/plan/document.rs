//! The file of a plan: an envelope, and the body as one JSON value on one line.
//!
//! ```text
//! {
//!   "id": "…",            SHA-256 of the bytes after `"body": `, to the end of the line
//!   "created_at": "…",
//!   …
//!   "body": {"schema_version":2,…}
//! }
//! ```
//!
//! The body stands in the file byte for byte as it was hashed, so any program can check an id: docs/json.md has a line of shell.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::model::digest::hex;
use crate::model::{is_invisible, visible_json};

use super::{Foreign, PLAN_VERSION, Plan, PlanBody, v1};

/// The fields of the file; `B` stands for the body.
#[derive(Serialize, Deserialize, JsonSchema)]
struct File<'a, B> {
    /// SHA-256 of the bytes of `body` in the file, hex.
    id: Cow<'a, str>,
    /// When the plan was made, RFC 3339 in UTC.
    created_at: Cow<'a, str>,
    /// Until when the plan may be applied, RFC 3339 in UTC: 24 hours after `created_at`.
    expires_at: Cow<'a, str>,
    /// When the last live read ended, RFC 3339 in UTC.
    observed_at: Cow<'a, str>,
    /// A text that tells two plans of the same body apart, because a plan is used once.
    nonce: Cow<'a, str>,
    /// The ARN that asked AWS, as STS answered.
    caller: Cow<'a, str>,
    /// Who made the plan, as the machine says where it was made: an e-mail address, or the caller again.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    author: Cow<'a, str>,
    /// The world that was read: a plan that was made in a sandbox is no plan for AWS.
    world: Cow<'a, str>,
    /// SHA-256 of the id and the other fields of the envelope, hex.
    seal: Cow<'a, str>,
    /// What the plan does and what it found.
    body: B,
}

/// Whether a file has the layout of version 1, which has its version beside the envelope. A file with this field has that layout
/// and can have no other version.
#[derive(Deserialize)]
struct Layout {
    #[serde(default, deserialize_with = "there")]
    schema_version: Option<serde_json::Value>,
}

/// A field that is `null` is present.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// Why a file holds no plan, and where the mistake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPlan {
    /// The line of the mistake, from 1.
    pub line: usize,
    /// The column of the mistake, from 1; 0 where the end of the file is meant.
    pub column: usize,
    /// What the reader of JSON reports, in English, without its place.
    pub problem: String,
}

impl fmt::Display for NotAPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl NotAPlan {
    /// The place of `error` in a whole file, when `before` is the text in front of the part that was read.
    fn new(before: &str, error: &serde_json::Error) -> Self {
        let lines = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().len();
        Self {
            line: lines + error.line(),
            column: if error.line() == 1 { column + error.column() } else { error.column() },
            problem: said(error),
        }
    }
}

/// The longest part of a file that a message repeats, in characters.
const MOST: usize = 200;

/// What the reader of JSON reports. Its place is cut off, because it counts from the start of the part. Invisible characters are
/// replaced.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    text.chars().take(MOST).map(|c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

impl Plan {
    /// Reads the bytes of a plan file.
    ///
    /// # Errors
    /// [`NotAPlan`] when the bytes are not UTF-8, or when [`Plan::read`] refuses the text.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAPlan> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            NotAPlan {
                line: good.matches('\n').count() + 1,
                column: good.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
                problem: "this is not UTF-8 text".to_owned(),
            }
        })?;
        Self::read(text)
    }

    /// Reads a plan file of this version or of version 1. It does not check that the id fits: see [`Plan::digest`]. A file whose
    /// bytes differ from those that this version writes becomes [`Foreign`]; differences in line ends alone do not count.
    ///
    /// # Errors
    /// [`NotAPlan`] with line and column when the text is not JSON, when a field is missing or has the wrong type, or when a file
    /// in the layout of version 1 names another version.
    pub fn read(text: &str) -> Result<Self, NotAPlan> {
        let layout: Layout = serde_json::from_str(text).map_err(|error| NotAPlan::new("", &error))?;
        if let Some(version) = layout.schema_version {
            if version != v1::VERSION {
                let problem = format!("a plan of this layout is of version {}", v1::VERSION);
                return Err(NotAPlan { line: 1, column: 1, problem });
            }
            return v1::read(text).map_err(|error| NotAPlan::new("", &error));
        }
        let file: File<'_, &RawValue> = serde_json::from_str(text).map_err(|error| NotAPlan::new("", &error))?;
        let raw = file.body.get();
        let start = raw.as_ptr().addr() - text.as_ptr().addr();
        let body: PlanBody = serde_json::from_str(raw).map_err(|error| NotAPlan::new(&text[..start], &error))?;
        let found = hex(&Sha256::digest(raw));
        let mut plan = Self {
            id: file.id.into_owned(),
            created_at: file.created_at.into_owned(),
            expires_at: file.expires_at.into_owned(),
            observed_at: file.observed_at.into_owned(),
            nonce: file.nonce.into_owned(),
            caller: file.caller.into_owned(),
            author: file.author.into_owned(),
            world: file.world.into_owned(),
            seal: file.seal.into_owned(),
            foreign: None,
            body,
        };
        let ours =
            serde_json::to_string_pretty(&plan).map(visible_json).is_ok_and(|ours| ours == text.trim_end().replace("\r\n", "\n"));
        if !ours {
            plan.foreign = Some(Box::new(Foreign { digest: found, file: text.to_owned() }));
        }
        Ok(plan)
    }
}

/// The form that [`Plan::read`] reads. A plan that another version wrote keeps its text.
impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(foreign) = &self.foreign {
            return RawValue::from_string(foreign.file.trim().to_owned()).map_err(S::Error::custom)?.serialize(serializer);
        }
        let body = self.body.written().and_then(RawValue::from_string).map_err(S::Error::custom)?;
        File {
            id: (&self.id).into(),
            created_at: (&self.created_at).into(),
            expires_at: (&self.expires_at).into(),
            observed_at: (&self.observed_at).into(),
            nonce: (&self.nonce).into(),
            caller: (&self.caller).into(),
            author: (&self.author).into(),
            world: (&self.world).into(),
            seal: (&self.seal).into(),
            body,
        }
        .serialize(serializer)
    }
}

impl JsonSchema for Plan {
    fn schema_name() -> Cow<'static, str> {
        "Plan".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        File::<'static, PlanBody>::json_schema(generator)
    }
}

impl Plan {
    /// Whether the plan has the current version. A plan of an older version is shown and never approved or applied.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.body.schema_version == PLAN_VERSION
    }
}
