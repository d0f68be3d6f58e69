//! What was seen: what checks are made from.

use crate::model::{Listing, Region};
use crate::world::{CallCount, Caller, ClockReading, ProviderError};

/// SigV4 refuses a request whose time differs more than this from AWS's.
pub const TOLERANCE_SECONDS: u64 = 300;

/// How far we got on the way to an account.
#[derive(Debug, Clone)]
pub enum Connection {
    Answered(Caller),
    /// Refused before anything was sent: an endpoint that is neither AWS nor this machine.
    Refused(String),
    Failed(ProviderError),
    /// There is no such world in this binary, or its file cannot be used.
    Absent(String),
}

/// One listing: what `plan` begins with.
#[derive(Debug, Clone)]
pub struct Read {
    pub kind: &'static str,
    pub region: Region,
    pub answer: Result<Listing, ProviderError>,
}

/// What was seen of one environment.
#[derive(Debug, Clone)]
pub struct Facts {
    pub connection: Connection,
    /// Empty when there was no right to ask: no connection, or another account.
    pub reads: Vec<Read>,
    /// Calls that were made, as IAM spells them.
    pub calls: Vec<CallCount>,
    pub clock: Option<ClockReading>,
    /// The simulated world has no IAM.
    pub simulated: bool,
}
