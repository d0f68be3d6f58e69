//! The reads of `doctor`: the caller, then each listing with which `plan` begins. Never mutates.

use crate::doctor::{Connection, Facts, Read};
use crate::model::DesiredState;
use crate::observe::listings;
use crate::world::World;

/// In another account than the environment's it asks only for the caller.
pub async fn examine(world: &dyn World, desired: &DesiredState, simulated: bool) -> Facts {
    let (connection, reads) = match world.caller().await {
        Err(error) => (Connection::Failed(error), Vec::new()),
        Ok(caller) if caller.account != desired.account => (Connection::Answered(caller), Vec::new()),
        Ok(caller) => {
            let reads = listings(world).await;
            let reads = reads.into_iter().map(|(kind, region, answer)| Read { kind, region, answer });
            (Connection::Answered(caller), reads.collect())
        }
    };
    Facts { connection, reads, calls: world.calls().counts(), clock: world.clock_reading(), simulated }
}
