//! The state that the drivers of one session share: the log, the scope, the call log, the write fence.

use std::sync::Arc;

use crate::model::Region;
use crate::world::{CallLog, Changed, ErrorClass, Moment, ProviderError, Scope, WriteFence};

use super::entry::LogEntry;
use super::log::Log;
use super::state::State;

/// The state that the drivers of one session share.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) log: Arc<Log>,
    pub(super) scope: Scope,
    pub(super) calls: CallLog,
    pub(super) write_fence: WriteFence,
}

impl Core {
    pub(super) fn principal(&self) -> String {
        format!("arn:aws:sts::{}:assumed-role/tokaido/sandbox", self.scope.account)
    }

    pub(super) fn error(&self, class: ErrorClass, operation: &str, resource: &str, code: &str, message: String) -> ProviderError {
        ProviderError {
            principal: Some(self.principal()),
            code: Some(code.to_owned()),
            ..ProviderError::new(class, operation, resource, message)
        }
    }

    /// The planned failure of this call, counted.
    pub(super) fn struck(
        &self,
        operation: &str,
        region: Option<Region>,
        resource: &str,
        moment: Moment,
    ) -> Result<(), ProviderError> {
        let struck = self.core_commit(operation, |state| match state.strike(operation, region, moment) {
            // Only failures with a limited number are counted: a denied read leaves no trace in AWS either.
            Some((index, class)) if state.faults[index].0.times > 0 => {
                (vec![LogEntry::Strike { at: state.now, index }], Some(class))
            }
            Some((_, class)) => (Vec::new(), Some(class)),
            None => (Vec::new(), None),
        })?;
        let Some(class) = struck else { return Ok(()) };
        let when = match moment {
            Moment::Before => "before",
            Moment::Midway => "in the middle of",
            Moment::After => "after",
        };
        let message = format!("planned failure {when} the call");
        let mut error = self.error(class, &format!("sim:{operation}"), resource, class.as_str(), message);
        error.status = (class == ErrorClass::Internal).then_some(500);
        error.changed = match moment {
            Moment::Before if class.is_inconclusive() && writes(operation) => Changed::Maybe,
            Moment::Before => Changed::No,
            Moment::Midway => Changed::Partly,
            Moment::After => Changed::Maybe,
        };
        Err(error)
    }

    pub(super) fn core_commit<T>(
        &self,
        operation: &str,
        decide: impl FnOnce(&State) -> (Vec<LogEntry>, T),
    ) -> Result<T, ProviderError> {
        self.log.commit(decide).map_err(|error| {
            ProviderError::new(ErrorClass::Internal, &format!("sim:{operation}"), "the sandbox file", error.to_string())
        })
    }
}

/// Whether a call of this name changes something when it is answered.
fn writes(operation: &str) -> bool {
    ["create ", "update ", "delete "].iter().any(|verb| operation.starts_with(verb))
}
