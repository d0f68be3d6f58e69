//! Watching: what is decided, what two watchers do to one history, and the binary that looks at a simulated world.

#[cfg(feature = "watch")]
mod command;
mod decide;
#[cfg(feature = "watch")]
mod metrics;
#[cfg(feature = "watch")]
mod running;
mod stores;
#[cfg(feature = "watch")]
mod webhook;
