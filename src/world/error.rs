//! A failed call, classified once where it happened.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{Region, ResourceId, Unreadable};

/// Whoever asks.
const SOMEBODY: &str = "the calling role";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    NotFound,
    AlreadyExists,
    AccessDenied,
    ExpiredCredentials,
    Throttled,
    /// No connection, or no answer in time.
    Unreachable,
    /// AWS refused the values.
    Invalid,
    /// The object or one it depends on is busy; the same call may succeed later.
    Busy,
    /// Something still uses the object.
    InUse,
    Quota,
    /// Not sent: this apply does not hold the environment's lease any more.
    Fenced,
    /// AWS's own failure (5xx), or an answer that could not be understood.
    Internal,
}

impl ErrorClass {
    /// Every class that an answer can have: `Fenced` is never an answer.
    pub const ALL: [Self; 11] = [
        Self::NotFound,
        Self::AlreadyExists,
        Self::AccessDenied,
        Self::ExpiredCredentials,
        Self::Throttled,
        Self::Unreachable,
        Self::Invalid,
        Self::Busy,
        Self::InUse,
        Self::Quota,
        Self::Internal,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::AccessDenied => "access-denied",
            Self::ExpiredCredentials => "expired-credentials",
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::Invalid => "invalid",
            Self::Busy => "busy",
            Self::InUse => "in-use",
            Self::Quota => "quota",
            Self::Fenced => "fenced",
            Self::Internal => "internal",
        }
    }
}

/// Whether the failed call may have changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Changed {
    No,
    /// The request left and no answer says what came of it.
    Maybe,
    /// A part of a driver's work was done before this call failed.
    Partly,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ProviderError {
    pub class: ErrorClass,
    /// As AWS names it: `rds:CreateDBInstance`.
    pub operation: String,
    /// What the call was about.
    pub resource: String,
    /// The ARN that called, when it is known.
    pub principal: Option<String>,
    pub request_id: Option<String>,
    /// AWS's code on the wire.
    pub code: Option<String>,
    /// AWS's words.
    pub message: String,
    pub changed: Changed,
}

impl ProviderError {
    #[must_use]
    pub fn new(class: ErrorClass, operation: &str, resource: &str, message: impl Into<String>) -> Self {
        Self {
            class,
            operation: operation.to_owned(),
            resource: resource.to_owned(),
            principal: None,
            request_id: None,
            code: None,
            message: message.into(),
            changed: Changed::No,
        }
    }

    /// What a person should do next.
    #[must_use]
    pub fn next(&self) -> String {
        self.next_for(self.principal.as_deref().unwrap_or(SOMEBODY))
    }

    /// A read that failed, in two forms: for a plan, whose bytes are the same whoever asks, and for people. AWS's own words
    /// name the caller and the request, so a plan has only class and code.
    #[must_use]
    pub fn unreadable(&self, kind: &str, region: Region, physical: Option<&str>, id: Option<ResourceId>) -> Unreadable {
        let code = self.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
        Unreadable {
            kind: kind.to_owned(),
            region,
            physical: physical.map(str::to_owned),
            id,
            operation: self.operation.clone(),
            error: format!("{}{code}; next: {}", self.class.as_str(), self.next_for(SOMEBODY)),
            unanswered: None,
            told: format!("{self}; next: {}", self.next()),
        }
    }

    fn next_for(&self, principal: &str) -> String {
        let operation = &self.operation;
        match self.class {
            ErrorClass::AccessDenied => {
                format!("allow {operation} for {principal} (docs/permissions.md), or use a role that has it")
            }
            ErrorClass::ExpiredCredentials => {
                "renew the credentials (for example `aws sso login`) and run the same command again".to_owned()
            }
            ErrorClass::Throttled => {
                "wait a minute and run the same command again; AWS limits calls per account and region".to_owned()
            }
            ErrorClass::Unreachable => "check the network and the endpoint, then run the same command again".to_owned(),
            ErrorClass::Quota => "ask AWS for a higher quota, then plan again".to_owned(),
            ErrorClass::AlreadyExists => "find out who made it; tokaido takes over only what `physical_name:` names".to_owned(),
            ErrorClass::Busy => "wait until AWS has finished with it, then plan again".to_owned(),
            ErrorClass::InUse => "remove what uses it first; `tokaido plan` shows the order".to_owned(),
            ErrorClass::NotFound => "plan again: the world changed since it was read".to_owned(),
            ErrorClass::Invalid => "correct the value in the environment file, then plan again".to_owned(),
            ErrorClass::Fenced => "plan again when the other apply has ended".to_owned(),
            ErrorClass::Internal => "plan again; if it repeats, ask AWS with the request id".to_owned(),
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.operation, self.resource, self.class.as_str())?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(principal) = &self.principal {
            write!(f, "; called as {principal}")?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, "; request id {request_id}")?;
        }
        f.write_str(match self.changed {
            Changed::No => "; nothing was changed",
            Changed::Maybe => "; whether anything was changed is not known",
            Changed::Partly => "; a part of it was done",
        })
    }
}
