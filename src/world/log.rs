//! What the log of a command says about calls and refusals (`--log`, `TOKAIDO_LOG`, `-v`).
//!
//! Both worlds report here, so that a line of the simulated AWS and one of AWS have the same fields. A line names the
//! operation, the place, the request id and how the call ended. It holds nothing of what was sent or answered: no attribute,
//! no header, no message of AWS. Nothing is written unless the command line asks for it.

use std::time::Duration;

use tracing::info;

use super::ProviderError;

/// The target of every line about a call: one for each attempt that left this process.
pub const CALL: &str = "tokaido::call";

/// The target of every line about an error that a driver was given.
pub const REFUSED: &str = "tokaido::refused";

/// The target of every line about the lease of an environment.
pub const LEASE: &str = "tokaido::lease";

/// Writes a line about the lease: `taken`, `renewed`, `renewal failed`, `given back` or `lost`.
pub fn lease(event: &'static str, fence: u64) {
    info!(target: LEASE, event, fence, "lease");
}

/// One attempt of one call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// As IAM spells it, `ec2:DescribeVpcs`; `sim:list vpc` in the simulated world.
    pub operation: &'a str,
    /// `ap-northeast-1`; empty where the call belongs to no region.
    pub region: &'a str,
    /// From 1: which attempt of the same call this is.
    pub attempt: u32,
    /// AWS's id of the request; empty where no answer came, and in the simulated world.
    pub request_id: &'a str,
    /// The HTTP status, or `ok` or `error` in the simulated world; `no answer` where none came.
    pub answer: &'a str,
    /// From sending to the answer.
    pub took: Duration,
}

impl Call<'_> {
    /// Writes the line.
    pub fn log(&self) {
        let took_ms = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        info!(
            target: CALL,
            operation = self.operation,
            region = self.region,
            attempt = self.attempt,
            request_id = self.request_id,
            answer = self.answer,
            took_ms,
            "call"
        );
    }
}

/// Writes the line of an error that a driver was given: its class and code, and whether anything was changed.
pub fn refused(error: &ProviderError) {
    info!(
        target: REFUSED,
        operation = error.operation,
        resource = error.resource,
        class = error.class.as_str(),
        code = error.code.as_deref().unwrap_or_default(),
        request_id = error.request_id.as_deref().unwrap_or_default(),
        changed = ?error.changed,
        "refused"
    );
}
