//! Standard output, for a reader that may hang: the loop puts lines into a queue and never waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::metrics::Metrics;
use crate::cli::exit::Failure;
use crate::cli::terminal::Terminal;

/// Lines that wait, beside what a pipe holds.
const QUEUE: usize = 256;

#[derive(Debug)]
pub(super) struct Lines {
    queue: SyncSender<String>,
    worker: JoinHandle<()>,
    /// In the queue, or being written.
    waiting: Arc<AtomicUsize>,
    /// Since somebody was told last.
    left_out: Arc<AtomicUsize>,
    metrics: Arc<Metrics>,
    terminal: Terminal,
}

impl Lines {
    pub(super) fn started(metrics: &Arc<Metrics>, terminal: Terminal) -> Result<Self, Failure> {
        let (queue, lines) = sync_channel(QUEUE);
        let (waiting, left_out) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let worker = {
            let (waiting, left_out) = (Arc::clone(&waiting), Arc::clone(&left_out));
            thread::Builder::new().name("lines".to_owned()).spawn(move || write(&lines, &waiting, &left_out, terminal))
        };
        let worker = worker.map_err(|error| Failure::error(format!("standard output cannot be written: {error}")))?;
        Ok(Self { queue, worker, waiting, left_out, metrics: Arc::clone(metrics), terminal })
    }

    /// Never waits.
    pub(super) fn say(&self, line: String) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        if self.queue.try_send(line).is_err() {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            // Who writes says it, when somebody reads again: the reader may be the same.
            self.left_out.fetch_add(1, Ordering::SeqCst);
            self.metrics.left_out();
        }
    }

    /// Waits for what is in the queue, but not longer than this.
    pub(super) async fn drain(self, patience: Duration) {
        drop(self.queue);
        let step = Duration::from_millis(5);
        let mut waited = Duration::ZERO;
        while !self.worker.is_finished() && waited < patience {
            tokio::time::sleep(step).await;
            waited += step;
        }
        let left = self.waiting.load(Ordering::SeqCst) + self.left_out.load(Ordering::SeqCst);
        if left > 0 {
            self.terminal.problem(&format!("nobody read standard output: {left} lines were not written; they are recorded"));
        }
    }
}

fn write(lines: &Receiver<String>, waiting: &AtomicUsize, left_out: &AtomicUsize, terminal: Terminal) {
    for line in lines {
        terminal.print(&line);
        waiting.fetch_sub(1, Ordering::SeqCst);
        let missed = left_out.swap(0, Ordering::SeqCst);
        if missed > 0 {
            terminal.problem(&format!("nobody read standard output for a time: {missed} lines were left out; they are recorded"));
        }
    }
}
