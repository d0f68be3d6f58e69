//! Arguments of `tokaido watch`.

use std::net::SocketAddr;

use clap::Args;
use jiff::SignedDuration;

use crate::govern::watch::HEARTBEAT;
use crate::model::Environment;

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// dev, staging, production; all when none is named
    #[arg(value_name = "ENV")]
    pub environments: Vec<Environment>,
    /// How often to look: 1m to 24h, in the sandbox from 1s. Without it: 15m
    #[arg(long, value_name = "DURATION", value_parser = interval)]
    pub every: Option<SignedDuration>,
    /// Look once, and exit as `drift` and `audit` do. From a timer, --every says how often the timer runs; by hand, omit it
    #[arg(long)]
    pub once: bool,
    /// Send transitions and gaps to this address: https, or http on this machine. TOKAIDO_WEBHOOK keeps the address out of
    /// the process list; with TOKAIDO_WEBHOOK_SECRET every event is signed
    #[arg(long, value_name = "URL", env = "TOKAIDO_WEBHOOK", hide_env_values = true)]
    pub webhook: Option<String>,
    /// Answer Prometheus on this loopback address, such as 127.0.0.1:9464; port 0 takes a free port
    #[arg(long, value_name = "ADDRESS", value_parser = loopback)]
    pub metrics: Option<SocketAddr>,
}

impl WatchArgs {
    pub fn every(&self) -> SignedDuration {
        self.every.unwrap_or(HEARTBEAT)
    }
}

/// A whole number and a unit, from 1s to 24h.
fn interval(text: &str) -> Result<SignedDuration, String> {
    let parsed = text.parse::<SignedDuration>().ok();
    let within = SignedDuration::from_secs(1)..=SignedDuration::from_hours(24);
    parsed.filter(|duration| within.contains(duration) && duration.subsec_nanos() == 0).ok_or_else(|| {
        "an interval is a whole number and a unit from 1m to 24h, such as 5m, 15m or 1h (in the sandbox from 1s)".to_owned()
    })
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "an address is numbers and a port, such as 127.0.0.1:9464 or [::1]:9464".to_owned())?;
    if address.ip().is_loopback() {
        return Ok(address);
    }
    let other = format!("{} is not of this machine alone", address.ip());
    Err(format!("{other}; take 127.0.0.1, and put a proxy with TLS and a password before it for readers on other machines"))
}

#[cfg(test)]
mod tests {
    use super::{interval, loopback};

    #[test]
    fn intervals_have_bounds() {
        for good in ["1s", "1m", "15m", "1h", "24h", "90m"] {
            assert!(interval(good).is_ok(), "{good}");
        }
        for bad in ["", "0s", "15", "25h", "-5m", "500ms", "1.5s", "soon"] {
            assert!(interval(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn metrics_stay_on_this_machine() {
        for good in ["127.0.0.1:9464", "127.9.9.9:1", "[::1]:9464", "127.0.0.1:0"] {
            assert!(loopback(good).is_ok(), "{good}");
        }
        for bad in ["0.0.0.0:9464", "[::]:9464", "10.0.0.1:9464", "localhost:9464", ":9464", "9464", "192.0.2.1:80"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }
}
