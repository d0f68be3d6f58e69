//! Failures on purpose: the simulated world asks here before and after each call.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::ErrorClass;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// The call is refused; nothing happens.
    Before,
    /// The call takes effect and the answer is lost.
    After,
}

/// `operation` is a verb and a kind, such as `create db-instance`, or `caller`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub operation: String,
    pub class: ErrorClass,
    pub moment: Moment,
    /// How many calls it hits; 0 means every one.
    pub times: u32,
}

#[derive(Debug, Clone, Default)]
pub struct Faults {
    planned: Arc<Mutex<Vec<(Fault, u32)>>>,
}

impl Faults {
    #[must_use]
    pub fn new(faults: Vec<Fault>) -> Self {
        Self { planned: Arc::new(Mutex::new(faults.into_iter().map(|fault| (fault, 0)).collect())) }
    }

    /// The failure that this call meets, if any. Counts it.
    #[must_use]
    pub fn strike(&self, operation: &str, moment: Moment) -> Option<ErrorClass> {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        let (fault, hits) = planned.iter_mut().find(|(fault, hits)| {
            fault.operation == operation && fault.moment == moment && (fault.times == 0 || *hits < fault.times)
        })?;
        *hits += 1;
        Some(fault.class)
    }
}
