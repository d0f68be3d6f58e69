//! The only place that matches AWS's codes. Every failed call becomes a [`ProviderError`] here.
//!
//! Codes are compared as they are on the wire, not as the SDK names its types: RDS drops "Fault" from most of its codes
//! and keeps it in some (field notes 3.0).

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::date;
use super::endpoint::Refused;
use super::fence::Fenced;
use super::http::Unreached;
use super::operation::mutating;
use super::replies::Incomplete;
use crate::kinds::backup_plan;
use crate::world::{Changed, ClockReading, ErrorClass, ProviderError, TOLERANCE_SECONDS, log};

/// Makes a [`ProviderError`] of a failed call. `operation` is spelled as IAM spells it: `rds:CreateDBInstance`.
#[must_use]
pub fn classify<E>(operation: &str, resource: &str, principal: Option<&str>, error: &SdkError<E, HttpResponse>) -> ProviderError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let writes = operation.split_once(':').is_some_and(|(_, name)| mutating(name));
    let mut found = ProviderError::new(ErrorClass::Internal, operation, resource, "");
    found.principal = principal.map(str::to_owned);
    found.request_id = error.request_id().or_else(|| error.meta().request_id()).map(str::to_owned);
    found.code = error.code().map(str::to_owned);
    found.status = error.raw_response().map(|response| response.status().as_u16());
    found.clock = error.raw_response().and_then(date::of_answer).map(Box::new);
    let unsent = unsent(error);
    found.class = match (&unsent, error) {
        (Some(class), _) => *class,
        (None, SdkError::TimeoutError(_) | SdkError::DispatchFailure(_)) => ErrorClass::Unreachable,
        (None, SdkError::ResponseError(_)) if cause::<Incomplete>(error).is_some() => ErrorClass::Unreachable,
        (None, SdkError::ServiceError(_)) => {
            let status = found.status.unwrap_or_default();
            let (code, message) = (error.code().unwrap_or_default(), error.message().unwrap_or_default());
            found.clock = found.clock.or_else(|| date::of_words(message).map(Box::new));
            class_of(operation, code, message, status, found.clock.as_deref().copied())
        }
        (None, _) => ErrorClass::Internal,
    };
    let uncertain = matches!(found.class, ErrorClass::Unreachable | ErrorClass::Internal);
    found.changed = if writes && unsent.is_none() && uncertain { Changed::Maybe } else { Changed::No };
    found.message = error.message().map_or_else(|| words(error), str::to_owned);
    if let Some(Fenced(reason)) = cause(error) {
        found.message.clone_from(reason);
    }
    if let Some(unreached) = cause::<Unreached>(error) {
        found.message = unreached.to_string();
    }
    if let Some(incomplete) = cause::<Incomplete>(error) {
        found.message = incomplete.to_string();
    }
    if found.class == ErrorClass::ClockSkew && unsent.is_some() {
        let renewal = cause::<ProviderError>(error).and_then(|renewal| renewal.clock.clone());
        found.clock = renewal.or_else(|| date::of_words(&found.message).map(Box::new));
    }
    if matches!(found.class, ErrorClass::ExpiredCredentials | ErrorClass::ClockSkew) && unsent.is_some() {
        found.message = format!("no usable AWS credentials: {}", found.message);
    }
    log::refused(&found);
    found
}

/// The first cause of the error that is of this type.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = error.source();
    while let Some(inner) = next {
        if let Some(found) = inner.downcast_ref() {
            return Some(found);
        }
        next = inner.source();
    }
    None
}

/// The class of a failure that happened before the request left this machine.
fn unsent<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> Option<ErrorClass> {
    if matches!(error, SdkError::ServiceError(_) | SdkError::ResponseError(_)) {
        return None;
    }
    if cause::<Fenced>(error).is_some() {
        return Some(ErrorClass::Fenced);
    }
    if cause::<Refused>(error).is_some() {
        return Some(ErrorClass::Invalid);
    }
    // Before the credentials: they may have been asked for in vain.
    if let Some(unreached) = cause::<Unreached>(error) {
        return Some(if unreached.untrusted { ErrorClass::Untrusted } else { ErrorClass::Unreachable });
    }
    if cause::<CredentialsError>(error).is_some() {
        // A role is assumed with a signature too.
        let words = words(error);
        let renewal = cause::<ProviderError>(error).is_some_and(|renewal| renewal.class == ErrorClass::ClockSkew);
        let skewed = renewal || says_skew(&words);
        return Some(if skewed { ErrorClass::ClockSkew } else { ErrorClass::ExpiredCredentials });
    }
    matches!(error, SdkError::ConstructionFailure(_)).then_some(ErrorClass::Invalid)
}

/// Whether AWS sent nothing for as long as a call waits for a byte, and not a byte more where an answer had begun.
#[must_use]
pub fn without_a_byte<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_timeout(),
        _ => matches!(cause(error), Some(Incomplete::Silent { .. })),
    }
}

/// The chain of causes on one line, because the outermost SDK error alone says only "dispatch failure".
fn words(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(inner) = cause {
        // The SDK spreads some of its messages over several lines.
        let text = inner.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if parts.last().is_none_or(|last| !last.contains(&text)) {
            parts.push(text);
        }
        cause = inner.source();
    }
    parts.join(": ")
}

const THROTTLED: [&str; 12] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

const CREDENTIALS: [&str; 14] = [
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// The time in the signature and nothing else: S3, and the services of Smithy's list.
const SKEWED: [&str; 2] = ["RequestInTheFuture", "RequestTimeTooSkewed"];

/// The time in the signature, or something else: EC2 says `AuthFailure` of an unknown key and `RequestExpired` of expired
/// credentials as well, and the others of a wrong secret key. AWS's clock decides.
const PERHAPS_SKEWED: [&str; 4] = ["AuthFailure", "InvalidSignatureException", "RequestExpired", "SignatureDoesNotMatch"];

/// S3 accepts a difference of fifteen minutes.
const TOLERATED_BY_S3: u64 = 900;

fn says_skew(message: &str) -> bool {
    message.contains(date::EXPIRED) || message.contains(date::NOT_YET)
}

/// Whether AWS refused the time in the signature.
fn skewed(service: &str, code: &str, message: &str, status: u16, clock: Option<ClockReading>) -> bool {
    if SKEWED.contains(&code) {
        return true;
    }
    // A HEAD has no body, and its refusal no code.
    let perhaps = PERHAPS_SKEWED.contains(&code) || (code.is_empty() && status == 403);
    let tolerated = if service == "s3" { TOLERATED_BY_S3 } else { TOLERANCE_SECONDS };
    perhaps && (says_skew(message) || clock.is_some_and(|clock| !clock.agrees_within(tolerated)))
}

const DENIED: [&str; 7] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

const BUSY: [&str; 13] = [
    "ConcurrentModification",
    "ConcurrentModificationException",
    "ConditionalRequestConflict",
    "ConflictException",
    "DependencyTimeoutException",
    "IncorrectState",
    "InvalidDBClusterStateFault",
    "InvalidDBInstanceState",
    "InvalidDBSnapshotState",
    "InvalidResourceStateFault",
    "OperationAborted",
    "OperationAbortedException",
    "ResourceBusy",
];

const IN_USE: [&str; 8] = [
    "DeleteConflict",
    "DependencyViolation",
    "InvalidDBParameterGroupState",
    "InvalidDBSubnetGroupStateFault",
    "InvalidDBSubnetStateFault",
    "InvalidGroup.InUse",
    "ResourceInUseException",
    "SubnetAlreadyInUse",
];

/// The class of a refusal. `message` and `clock`, the clocks when the refusal came, decide only where AWS gives one code to
/// different refusals.
#[must_use]
pub fn class_of(operation: &str, code: &str, message: &str, status: u16, clock: Option<ClockReading>) -> ErrorClass {
    let code = code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server.")).unwrap_or(code);
    let service = operation.split(':').next().unwrap_or_default();
    // In these services the code means that a quota is full, which waiting does not heal; elsewhere it is a throttle.
    if code == "LimitExceededException" || code == "LimitExceeded" {
        return if matches!(service, "kms" | "backup" | "iam") { ErrorClass::Quota } else { ErrorClass::Throttled };
    }
    if THROTTLED.contains(&code) || status == 429 {
        return ErrorClass::Throttled;
    }
    if skewed(service, code, message, status, clock) {
        return ErrorClass::ClockSkew;
    }
    if CREDENTIALS.contains(&code) {
        return ErrorClass::ExpiredCredentials;
    }
    if DENIED.contains(&code) {
        return ErrorClass::AccessDenied;
    }
    if let Some(class) = by_message(code, message) {
        return class;
    }
    if BUSY.contains(&code) {
        return ErrorClass::Busy;
    }
    if IN_USE.contains(&code) {
        return ErrorClass::InUse;
    }
    // A reply without a body has no code.
    if code.is_empty() && matches!(status, 403 | 404) {
        return if status == 403 { ErrorClass::AccessDenied } else { ErrorClass::NotFound };
    }
    if code == "BucketAlreadyOwnedByYou"
        || code.contains("AlreadyExists")
        || code.ends_with(".Duplicate")
        || code == "InvalidSubnet.Conflict"
    {
        return ErrorClass::AlreadyExists;
    }
    if code.starts_with("NoSuch")
        || code.ends_with("NotFound")
        || code.ends_with("NotFoundError")
        || code.ends_with("NotFoundFault")
        || code.ends_with("NotFoundException")
    {
        return ErrorClass::NotFound;
    }
    if code.contains("LimitExceeded") || code.contains("QuotaExceeded") {
        return ErrorClass::Quota;
    }
    if status >= 500
        || code.is_empty()
        || code.starts_with("Internal")
        || code.ends_with("InternalException")
        || code.contains("Unavailable")
    {
        return ErrorClass::Internal;
    }
    ErrorClass::Invalid
}

fn by_message(code: &str, message: &str) -> Option<ErrorClass> {
    let says = |fragment: &str| message.to_ascii_lowercase().contains(fragment);
    match code {
        "InvalidParameterValueException" if says("cannot find backup plan") => Some(ErrorClass::NotFound),
        "InvalidRequestException" if says("must be deleted prior") => Some(ErrorClass::InUse),
        "InvalidParameterCombination" if says("previous storage change is being optimized") => Some(ErrorClass::Busy),
        // A key that waits for its deletion never becomes usable by waiting; a key that is being created does.
        "KMSInvalidStateException" => Some(if says("pending deletion") { ErrorClass::Invalid } else { ErrorClass::Busy }),
        _ => None,
    }
}

/// Whether the refusal ends by itself, because AWS has not spread an IAM change everywhere yet (field notes 17).
#[must_use]
pub fn propagating(error: &ProviderError) -> bool {
    let says = |fragment: &str| error.message.to_ascii_lowercase().contains(fragment);
    match error.code.as_deref().unwrap_or_default() {
        "MalformedPolicyDocumentException" => error.operation.starts_with("kms:"),
        "InvalidParameterValueException" => {
            error.operation.starts_with("backup:") && (says("cannot be assumed") || says("is not authorized to call"))
        }
        // S3 takes one change of a bucket's configuration at a time.
        "OperationAborted" => error.operation.starts_with("s3:"),
        "InvalidRequestException" => {
            error.operation == backup_plan::KIND.calls.named(|writes| writes.delete) && says("must be deleted prior")
        }
        "InvalidParameterValue" => error.operation.starts_with("rds:") && says("iam role arn value is invalid"),
        _ => false,
    }
}

/// Whether a conditional write found another object than the expected one, or met another write: S3's 412 and 409, and its 404
/// for an expected object that is not there.
#[must_use]
pub fn condition_failed(error: &ProviderError) -> bool {
    matches!(error.code.as_deref(), Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchKey"))
}

#[must_use]
pub fn bucket_missing(error: &ProviderError) -> bool {
    error.code.as_deref() == Some("NoSuchBucket")
}

/// Whether a new object is not visible everywhere yet (field notes 1.3).
#[must_use]
pub fn not_visible_yet(error: &ProviderError) -> bool {
    error.class == ErrorClass::NotFound
}
