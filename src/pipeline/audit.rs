//! Audit: every promise, with what AWS said and when. Reads only.

use crate::kinds::{self, Kind};
use crate::model::verdict::ReadRecord;
use crate::model::{CallRecord, EnvironmentAudit, ObservedState, Region};
use crate::promises::Accounts;

use super::{PipelineError, Session};

impl Session {
    /// Reads the live world and the facts that promises need, and judges every promise. Never mutates.
    pub async fn audit(&self, accounts: &Accounts) -> Result<EnvironmentAudit, PipelineError> {
        let sight = self.sight(true).await?;
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
            reads: reads(&sight.observed),
            worded: Vec::new(),
        })
    }
}

/// Every list, and every call that gave a fact.
fn reads(observed: &ObservedState) -> Vec<ReadRecord> {
    let failed = |kind: &str, region: Region| {
        let whole = observed.unreadable.iter().find(|failed| failed.kind == kind && failed.region == region);
        whole.map(|failed| failed.in_full().to_owned())
    };
    let listing = |call: &&str| !kinds::facts::CALLS.contains(call);
    let listed = |read: &CallRecord| ReadRecord {
        source: format!("list {}@{}", read.kind, read.region),
        at: read.at.clone(),
        calls: kinds::find(&read.kind)
            .map(Kind::reads)
            .unwrap_or_default()
            .into_iter()
            .filter(listing)
            .map(str::to_owned)
            .collect(),
        error: failed(&read.kind, read.region),
    };
    let mut found: Vec<ReadRecord> = observed.reads.iter().map(listed).collect();
    if let Some(evidence) = &observed.evidence {
        for fact in &evidence.facts {
            let source = format!("facts {}@{}", fact.kind, fact.region);
            match found.iter_mut().find(|read| read.source == source) {
                Some(known) if known.calls.contains(&fact.source) => {}
                Some(known) => known.calls.push(fact.source.clone()),
                None => found.push(ReadRecord { source, at: fact.at.clone(), calls: vec![fact.source.clone()], error: None }),
            }
        }
        found.extend(evidence.unreadable.iter().map(|failed| ReadRecord {
            source: format!("facts {}@{}", failed.kind, failed.region),
            at: String::new(),
            calls: vec![failed.operation.clone()],
            error: Some(failed.in_full().to_owned()),
        }));
    }
    found
}
