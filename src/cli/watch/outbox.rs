//! A queue in front of a thread that writes to a slow receiver: the sender never waits. Imports nothing.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The longest queue. More than a day of transitions of three environments.
const QUEUE: usize = 256;
/// Between two looks at whether the thread has ended.
const STEP: Duration = Duration::from_millis(5);

#[derive(Debug)]
pub(super) struct Outbox<T> {
    queue: SyncSender<T>,
    worker: JoinHandle<()>,
    /// In the queue, or being written.
    waiting: Arc<AtomicUsize>,
}

impl<T: Send + 'static> Outbox<T> {
    /// A thread of this name runs `work` on one item after the other.
    pub(super) fn started(name: &str, mut work: impl FnMut(T) + Send + 'static) -> io::Result<Self> {
        let (queue, items) = sync_channel(QUEUE);
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&waiting);
        let worker = thread::Builder::new().name(name.to_owned()).spawn(move || {
            for item in items {
                work(item);
                left.fetch_sub(1, Ordering::SeqCst);
            }
        })?;
        Ok(Self { queue, worker, waiting })
    }

    /// Never waits: an item that finds no room is dropped.
    pub(super) fn put(&self, item: T) -> Result<(), TrySendError<T>> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.queue.try_send(item).inspect_err(|_| {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
        })
    }

    /// Waits until the queue is empty, but not longer than this. Returns how many items are left.
    pub(super) async fn drain(self, patience: Duration) -> usize {
        drop(self.queue);
        let mut waited = Duration::ZERO;
        while !self.worker.is_finished() && waited < patience {
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
        self.waiting.load(Ordering::SeqCst)
    }
}
