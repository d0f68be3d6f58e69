//! What AWS refuses in a request before it looks at anything of the account, by its own models.

use crate::kinds::Kind;
use crate::kinds::requests::{Refusal, Why};
use crate::model::{Attributes, Name};
use crate::world::behaviour::ApiRefusal;

/// The words of a service for a request that it does not take: for a value, and for one that is missing.
fn codes(service: &str) -> (&'static str, &'static str) {
    match service {
        "backup" => ("InvalidParameterValueException", "MissingParameterValueException"),
        "kms" => ("ValidationException", "ValidationException"),
        "iam" => ("ValidationError", "ValidationError"),
        "s3" => ("InvalidArgument", "MissingRequestBodyError"),
        _ => ("InvalidParameterValue", "MissingParameter"),
    }
}

/// A request that makes an object with these attributes.
pub(super) fn create(kind: &Kind, attributes: &Attributes) -> Result<(), ApiRefusal> {
    told(kind, &kind.missing(attributes))?;
    update(kind, attributes, |_| true)
}

/// A request that sends these attributes. `asked`: which of them.
pub(super) fn update(kind: &Kind, attributes: &Attributes, asked: impl Fn(Name) -> bool) -> Result<(), ApiRefusal> {
    told(kind, &kind.refusals(attributes, asked))
}

fn told(kind: &Kind, refusals: &[Refusal]) -> Result<(), ApiRefusal> {
    let Some(first) = refusals.first() else { return Ok(()) };
    let (service, _) = kind.calls.look.split_once(':').unwrap_or_default();
    let (value, missing) = codes(service);
    let code = if first.why == Why::Missing { missing } else { value };
    let words: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    Err(ApiRefusal::invalid(code, words.join("; ")))
}
