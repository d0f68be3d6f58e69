//! The facts from which checks are made.

use crate::model::{Listing, Region, Said};
use crate::world::{CallCount, Caller, ClockReading, ProviderError};

/// How far the connection to an account got.
#[derive(Debug, Clone)]
pub enum Connection {
    Answered(Caller),
    /// Refused before any call was sent: an endpoint that is neither AWS nor this machine.
    Refused(Said),
    /// A setting of this machine cannot be followed, so no call was sent.
    Misconfigured(Said),
    Failed(ProviderError),
    /// This binary has no such world, or its file cannot be used.
    Absent(Said),
}

/// One of the listings with which `plan` begins.
#[derive(Debug, Clone)]
pub struct Read {
    pub kind: &'static str,
    pub region: Region,
    pub answer: Result<Listing, ProviderError>,
}

/// The facts of one environment.
#[derive(Debug, Clone)]
pub struct Facts {
    pub connection: Connection,
    /// Empty when nothing was listed: no connection, or another account.
    pub reads: Vec<Read>,
    /// Calls that were made, as IAM spells them.
    pub calls: Vec<CallCount>,
    pub clock: Option<ClockReading>,
    /// The simulated world has no IAM.
    pub simulated: bool,
}
