//! Counts every call of a session, so that a budget can be printed and "no mutating call" can be asserted.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallCount {
    /// `ec2:DescribeVpcs`; in the simulated world `sim:list vpc`.
    pub operation: String,
    pub mutating: bool,
    pub count: u64,
}

#[derive(Debug, Default)]
pub struct CallLog {
    counts: Mutex<BTreeMap<(String, bool), u64>>,
}

impl CallLog {
    pub fn record(&self, operation: &str, mutating: bool) {
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *counts.entry((operation.to_owned(), mutating)).or_default() += 1;
    }

    /// Sorted by operation.
    #[must_use]
    pub fn counts(&self) -> Vec<CallCount> {
        let counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts
            .iter()
            .map(|((operation, mutating), count)| CallCount { operation: operation.clone(), mutating: *mutating, count: *count })
            .collect()
    }

    #[must_use]
    pub fn total(&self) -> u64 {
        self.sum(|_| true)
    }

    #[must_use]
    pub fn mutating(&self) -> u64 {
        self.sum(|mutating| mutating)
    }

    fn sum(&self, counted: impl Fn(bool) -> bool) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.iter().filter(|((_, mutating), _)| counted(*mutating)).map(|(_, count)| count).sum()
    }
}
