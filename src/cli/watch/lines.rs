//! Standard output for a reader that may hang.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::metrics::Metrics;
use super::outbox::Outbox;
use crate::cli::exit::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::words::watching::Watching;

#[derive(Debug)]
pub(super) struct Lines {
    outbox: Outbox<String>,
    /// Lines dropped since the last report.
    left_out: Arc<AtomicUsize>,
    metrics: Arc<Metrics>,
    terminal: Terminal,
}

impl Lines {
    pub(super) fn started(metrics: &Arc<Metrics>, terminal: Terminal) -> Result<Self, Failure> {
        let left_out = Arc::new(AtomicUsize::new(0));
        let missed = Arc::clone(&left_out);
        let outbox = Outbox::started("lines", move |line: String| {
            terminal.print(&line);
            let missed = missed.swap(0, Ordering::SeqCst);
            if missed > 0 {
                terminal.problem(Watching::LeftOut { missed });
            }
        });
        let outbox = outbox.map_err(|error| Failure::error(Watching::NoOutput { error: error.into() }))?;
        Ok(Self { outbox, left_out, metrics: Arc::clone(metrics), terminal })
    }

    /// Never waits.
    pub(super) fn say(&self, line: String) {
        if self.outbox.put(line).is_err() {
            // The writing thread reports it when the reader reads again: the reader may be the same.
            self.left_out.fetch_add(1, Ordering::SeqCst);
            self.metrics.left_out();
        }
    }

    pub(super) async fn drain(self, patience: Duration) {
        let left = self.outbox.drain(patience).await + self.left_out.load(Ordering::SeqCst);
        if left > 0 {
            self.terminal.problem(Watching::NotRead { left });
        }
    }
}
