//! Audit: every promise, with what AWS said and when. Reads only.

use crate::model::EnvironmentAudit;
use crate::model::observed::ForeignEntry;
use crate::observe::{Depth, read_records};
use crate::promises::Accounts;
use crate::world::PolicyOf;

use super::{PipelineError, Session};

impl Session {
    /// Reads the live world and the facts that promises need, and judges every promise. Never mutates.
    pub async fn audit(&self, accounts: &Accounts) -> Result<EnvironmentAudit, PipelineError> {
        let sight = self.sight(Depth::Audit).await?;
        let verdicts = self.judged(&sight, accounts);
        Ok(EnvironmentAudit {
            environment: self.desired.environment,
            account: self.desired.account.clone(),
            regions: vec![self.desired.primary, self.desired.recovery],
            caller: sight.caller.arn,
            world: self.world.identity(),
            observed_at: self.world.clock().now().to_string(),
            configuration: self.desired.digest.clone(),
            promises: self.desired.promises_digest.clone(),
            verdicts,
            reads: read_records(&sight.observed),
            worded: Vec::new(),
            closed: sight.observed.foreign.iter().filter(|entry| closed(entry)).cloned().collect(),
        })
    }
}

/// Whether a policy of the object itself denied a call about it.
fn closed(entry: &ForeignEntry) -> bool {
    entry.denied.as_deref().and_then(PolicyOf::resource).is_some()
}
