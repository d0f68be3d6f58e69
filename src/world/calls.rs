//! Counts every call of a session, so that commands can print the calls and tests can assert that none changed anything.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

/// How often one operation was called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallCount {
    /// The operation as AWS names it: `ec2:DescribeVpcs`; in the simulated world `sim:list vpc`.
    pub operation: String,
    /// Whether the operation can change something.
    pub mutating: bool,
    /// The number of calls.
    pub count: u64,
}

/// The calls of a session. Threads share it.
#[derive(Debug, Default)]
pub struct CallLog {
    counts: Mutex<BTreeMap<(String, bool), u64>>,
}

impl CallLog {
    /// Counts one call of this operation.
    pub fn record(&self, operation: &str, mutating: bool) {
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *counts.entry((operation.to_owned(), mutating)).or_default() += 1;
    }

    /// The counts, sorted by operation.
    #[must_use]
    pub fn counts(&self) -> Vec<CallCount> {
        let counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts
            .iter()
            .map(|((operation, mutating), count)| CallCount { operation: operation.clone(), mutating: *mutating, count: *count })
            .collect()
    }

    /// The number of all calls.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sum(|_| true)
    }

    /// The number of calls that can change something.
    #[must_use]
    pub fn mutating(&self) -> u64 {
        self.sum(|mutating| mutating)
    }

    fn sum(&self, counted: impl Fn(bool) -> bool) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.iter().filter(|((_, mutating), _)| counted(*mutating)).map(|(_, count)| count).sum()
    }
}
