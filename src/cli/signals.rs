//! Stop signals of an apply: Ctrl-C, termination by a service manager, a closed terminal.

use tokio::sync::watch;

use super::terminal::Terminal;
use super::words::applying::Applying;

/// The first request lets the calls in flight end; the second ends the process at once (exit 128 and the signal's number).
pub fn stop(terminal: Terminal) -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    let mut requests = Requests::listen();
    tokio::spawn(async move {
        requests.next().await;
        terminal.note(Applying::Stopping);
        let _ = sender.send(true);
        let signal = requests.next().await;
        std::process::exit(128 + signal);
    });
    receiver
}

#[cfg(unix)]
struct Requests(Vec<(i32, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Requests {
    /// Listens from now on, so that a signal before the first wait is not lost.
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        // Under `nohup` a hangup is ignored on purpose, and stays so.
        let kinds = kinds.into_iter().filter(|kind| !ignored(kind.as_raw_value()));
        Self(kinds.filter_map(|kind| Some((kind.as_raw_value(), signal(kind).ok()?))).collect())
    }

    async fn next(&mut self) -> i32 {
        if self.0.is_empty() {
            // Signals cannot be received: the apply runs to its end.
            std::future::pending::<()>().await;
        }
        let waiting = self.0.iter_mut().map(|(number, signal)| {
            let number = *number;
            Box::pin(async move {
                if signal.recv().await.is_none() {
                    std::future::pending::<()>().await;
                }
                number
            })
        });
        futures::future::select_all(waiting).await.0
    }
}

/// Whether the parent process had this one ignore the signal. Linux says so; elsewhere it counts as not ignored.
#[cfg(unix)]
fn ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (signal - 1)) != 0
}

#[cfg(not(unix))]
struct Requests;

#[cfg(not(unix))]
impl Requests {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) -> i32 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        2
    }
}
