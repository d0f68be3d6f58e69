//! One look: reads the live world once, and derives drift and verdicts from it. Never mutates.

use crate::model::{DriftReport, ObservedState, RecordedState, Verdict};
use crate::observe::{Depth, evidence};
use crate::plan;
use crate::promises::{Accounts, JudgeInput, judge};
use crate::world::Caller;

use super::{PipelineError, Session};

/// Drift and every verdict, from one observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub drift: DriftReport,
    /// In the order of the paper.
    pub verdicts: Vec<Verdict>,
}

/// What was read, and what was recorded.
pub(super) struct Sight {
    pub(super) caller: Caller,
    pub(super) observed: ObservedState,
    recorded: Option<RecordedState>,
}

impl Session {
    /// Reads the live world once; returns the drift and all verdicts. Never mutates.
    pub async fn look(&self, accounts: &Accounts) -> Result<Look, PipelineError> {
        let sight = self.sight(Depth::Audit).await?;
        Ok(Look { drift: self.drifted(&sight), verdicts: self.judged(&sight, accounts) })
    }

    /// Reads the live world and returns the drift. Never mutates.
    pub async fn drift(&self) -> Result<DriftReport, PipelineError> {
        Ok(self.drifted(&self.sight(Depth::Plan).await?))
    }

    /// Checks the account, reads the records and the settings, and for an audit also what promises need besides.
    pub(super) async fn sight(&self, depth: Depth) -> Result<Sight, PipelineError> {
        let caller = self.guard().await?;
        let (recorded, indeterminate) = self.remembered().await?;
        let mut observed = self.observed(recorded.as_ref(), &indeterminate, depth).await;
        if depth == Depth::Audit {
            observed.evidence = Some(evidence(&*self.world, &observed).await);
        }
        Ok(Sight { caller, observed, recorded })
    }

    /// Reads the live world once; returns which tenants are isolated, and when the reads began. Never mutates.
    pub async fn prove(&self) -> Result<(judge::Proved, String), PipelineError> {
        let began = self.world.clock().now().to_string();
        let sight = self.sight(Depth::Plan).await?;
        let proved = judge::proved(&JudgeInput {
            desired: &self.desired,
            observed: &sight.observed,
            recorded: sight.recorded.as_ref(),
            schemas: &self.schemas,
            accounts: None,
            now: None,
        });
        Ok((proved, began))
    }

    fn drifted(&self, sight: &Sight) -> DriftReport {
        let input = self.input(&sight.observed, sight.recorded.as_ref());
        let report = plan::drift(&input, &self.world.clock().now().to_string(), &self.bootstrap_set());
        DriftReport { world: Some(self.world.identity()), ..report }
    }

    pub(super) fn judged(&self, sight: &Sight, accounts: &Accounts) -> Vec<Verdict> {
        let accounts = Accounts { caller: sight.caller.account.clone(), ..accounts.clone() };
        judge(&JudgeInput {
            desired: &self.desired,
            observed: &sight.observed,
            recorded: sight.recorded.as_ref(),
            schemas: &self.schemas,
            accounts: Some(&accounts),
            now: Some(self.world.clock().now()),
        })
    }
}
